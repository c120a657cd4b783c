import pytest

from northloop.core import formats
from northloop.core.artefacts import Kind, Manifest
from northloop.core.ids import canonical, content_hash


def release() -> Manifest:
    return formats.manifest(Kind.RELEASE, ["f" * 64], {"release.json": "0" * 64}, {"kind": "base"})


def test_the_first_format_is_no_part_of_the_identity() -> None:
    # The hash that versions without formats gave it.
    assert canonical(release()) == (
        b'{"files":{"release.json":"' + b"0" * 64 + b'"},"kind":"release","meta":{"kind":"base"},'
        b'"parents":["' + b"f" * 64 + b'"]}'
    )
    assert release().format == 1


def test_an_upgrader_makes_the_next_format(monkeypatch: pytest.MonkeyPatch) -> None:
    first = release()
    monkeypatch.setitem(formats.UPGRADERS, (Kind.RELEASE, "release.json", 1), dict)
    assert formats.current(Kind.RELEASE) == 2
    assert formats.current(Kind.INDEX) == 1
    assert release().format == 2
    assert content_hash(release()) != content_hash(first)
    assert b'"format":2' in canonical(release())


def test_upgraders_act_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 3):
        monkeypatch.setitem(
            formats.UPGRADERS,
            (Kind.RELEASE, "release.json", number),
            lambda value, number=number: value | {"seen": [*value["seen"], number]},
        )
    old = Manifest(kind=Kind.RELEASE, parents=(), files={}, meta={})
    upgrade = formats.upgrade(old, "release.json")
    assert upgrade is not None
    assert upgrade({"seen": []}) == {"seen": [1, 3]}
    newer = Manifest(kind=Kind.RELEASE, parents=(), files={}, meta={}, numbered=2)
    upgrade = formats.upgrade(newer, "release.json")
    assert upgrade is not None
    assert upgrade({"seen": []}) == {"seen": [3]}
    assert formats.upgrade(old, "another.json") is None
    assert formats.upgrade(release(), "release.json") is None
