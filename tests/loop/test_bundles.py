"""Reading what earlier versions wrote."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from northloop.adapters.embedded.files import FileArtefacts
from northloop.core import formats
from northloop.core.artefacts import Kind
from northloop.core.errors import ConfigurationError, CorruptArtefact
from northloop.core.ids import canonical
from northloop.loop.bundles import lines, read_lines, read_one


class Before(msgspec.Struct):
    name: str
    counts: dict[str, int]


class Now(msgspec.Struct):
    """What it becomes: a field that has no default, and another name."""

    title: str
    policy: str
    counts: dict[str, int]


OLD = Before("first", {"1": 2})


def upgraded(value: formats.Plain) -> formats.Plain:
    return {"title": value["name"], "policy": "strict", "counts": value["counts"]}


@pytest.fixture
def artefacts(tmp_path: Path) -> FileArtefacts:
    return FileArtefacts(tmp_path / "store")


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("one.json", "rows.jsonl"):
        monkeypatch.setitem(formats.UPGRADERS, (Kind.REPORT, name, 1), upgraded)
    return monkeypatch


def test_a_new_required_field_opens_what_is_older(
    artefacts: FileArtefacts, request: pytest.FixtureRequest
) -> None:
    files = {"one.json": canonical(OLD), "rows.jsonl": lines([OLD, Before("second", {})])}
    old = artefacts.put(Kind.REPORT, files)
    with pytest.raises(CorruptArtefact, match=r"one\.json: not what its kind promises"):
        read_one(artefacts, old.hash, "one.json", Now)
    request.getfixturevalue("next_version")
    assert read_one(artefacts, old.hash, "one.json", Now) == Now("first", "strict", {"1": 2})
    rows = read_lines(artefacts, old.hash, "rows.jsonl", Now)
    assert [row.title for row in rows] == ["first", "second"]
    assert artefacts.path(old.hash, "one.json").read_bytes() == files["one.json"]
    assert artefacts.get(old.hash) == old


@pytest.mark.usefixtures("next_version")
def test_what_is_written_now_is_read_as_it_is(artefacts: FileArtefacts) -> None:
    now = Now("now", "lax", {"3": 4})
    put = artefacts.put(Kind.REPORT, {"one.json": canonical(now), "rows.jsonl": lines([now])})
    assert read_one(artefacts, put.hash, "one.json", Now) == now
    assert read_lines(artefacts, put.hash, "rows.jsonl", Now) == [now]


def test_a_format_of_the_future_is_refused(
    artefacts: FileArtefacts, next_version: pytest.MonkeyPatch
) -> None:
    put = artefacts.put(Kind.REPORT, {"one.json": canonical(Now("now", "lax", {}))})
    next_version.undo()
    with pytest.raises(ConfigurationError, match="a newer northloop made this report"):
        read_one(artefacts, put.hash, "one.json", Now)


@pytest.mark.usefixtures("next_version")
@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"name": 1, "counts": {}}', b"\xff"])
def test_what_cannot_be_upgraded_is_corrupt(
    artefacts: FileArtefacts, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(formats, "UPGRADERS", {})
        put = artefacts.put(Kind.REPORT, {"one.json": body})
    with pytest.raises(CorruptArtefact, match=r"one\.json: not what its kind promises"):
        read_one(artefacts, put.hash, "one.json", Now)
