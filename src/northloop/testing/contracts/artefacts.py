"""What every artefact store does."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from northloop.core.artefacts import Kind, Manifest
from northloop.core.errors import CorruptArtefact, InputError, NotFound
from northloop.core.ids import content_hash
from northloop.ports.stores import Artefacts

EMPTY_SHA256 = hashlib.sha256().hexdigest()


class ArtefactsContract:
    """Subclass it and give it a fixture `artefacts`: an empty store."""

    def test_what_was_put_comes_back(self, artefacts: Artefacts, tmp_path: Path) -> None:
        large = tmp_path / "large.bin"
        large.write_bytes(bytes(range(256)) * 20_000)
        put = artefacts.put(
            Kind.DATASET,
            {"rows.jsonl": b"{}\n", "large.bin": large, "empty": b""},
            parents=["f" * 64],
            meta={"rows": "1"},
        )
        assert artefacts.get(put.hash) == put
        assert put.manifest.parents == ("f" * 64,)
        assert put.manifest.meta == {"rows": "1"}
        assert artefacts.path(put.hash, "rows.jsonl").read_bytes() == b"{}\n"
        assert artefacts.path(put.hash, "large.bin").read_bytes() == large.read_bytes()
        assert put.manifest.files["empty"] == EMPTY_SHA256

    def test_the_hash_covers_content_and_not_the_time(self, artefacts: Artefacts) -> None:
        put = artefacts.put(Kind.REPORT, {"a": b""}, meta={"k": "v"})
        manifest = Manifest(
            kind=Kind.REPORT, parents=(), files={"a": EMPTY_SHA256}, meta={"k": "v"}
        )
        assert put.hash == content_hash(manifest)

    @pytest.mark.parametrize(
        "other",
        [
            {"files": {"a": b"2"}},
            {"files": {"b": b"1"}},
            {"kind": Kind.INDEX},
            {"parents": ["0" * 64]},
            {"meta": {"k": "w"}},
        ],
        ids=["bytes", "name", "kind", "parents", "meta"],
    )
    def test_any_difference_makes_another_hash(
        self, artefacts: Artefacts, other: dict[str, object]
    ) -> None:
        same: dict[str, object] = {
            "kind": Kind.REPORT,
            "files": {"a": b"1"},
            "parents": [],
            "meta": {"k": "v"},
        }
        put = artefacts.put
        assert put(**same).hash != put(**(same | other)).hash  # type: ignore[arg-type]

    def test_the_same_content_again_is_the_same_artefact(
        self, artefacts: Artefacts, tmp_path: Path
    ) -> None:
        first = artefacts.put(Kind.REPORT, {"a": b"1", "b": b"2"})
        (tmp_path / "any").write_bytes(b"1")
        again = artefacts.put(Kind.REPORT, {"b": b"2", "a": tmp_path / "any"})
        assert again == first
        assert artefacts.list(Kind.REPORT) == [first]

    def test_the_source_file_is_copied(self, artefacts: Artefacts, tmp_path: Path) -> None:
        source = tmp_path / "source"
        source.write_bytes(b"before")
        put = artefacts.put(Kind.INDEX, {"a": source})
        source.write_bytes(b"after!")
        assert artefacts.path(put.hash, "a").read_bytes() == b"before"

    def test_a_unique_prefix_is_enough(self, artefacts: Artefacts) -> None:
        put = artefacts.put(Kind.REPORT, {"a": b"1"})
        artefacts.put(Kind.DATASET, {"a": b"1"})
        assert artefacts.get(put.hash[:8]) == put
        assert artefacts.path(put.hash[:8], "a").read_bytes() == b"1"

    def test_an_ambiguous_prefix_is_refused(self, artefacts: Artefacts) -> None:
        seen: dict[str, str] = {}
        for number in range(5000):
            manifest = Manifest(kind=Kind.REPORT, parents=(), files={}, meta={"n": str(number)})
            prefix = content_hash(manifest)[:4]
            if prefix in seen:
                break
            seen[prefix] = str(number)
        artefacts.put(Kind.REPORT, {}, meta={"n": seen[prefix]})
        artefacts.put(Kind.REPORT, {}, meta={"n": str(number)})
        with pytest.raises(InputError, match="give more digits"):
            artefacts.get(prefix)

    @pytest.mark.parametrize("unknown", ["0" * 64, "abcd", "abc", "", "../..", "*", "abcd*"])
    def test_unknown_is_not_found(self, artefacts: Artefacts, unknown: str) -> None:
        artefacts.put(Kind.REPORT, {"a": b"1"})
        with pytest.raises(NotFound):
            artefacts.get(unknown)

    def test_an_unknown_file_is_not_found(self, artefacts: Artefacts) -> None:
        put = artefacts.put(Kind.REPORT, {"a": b"1"})
        with pytest.raises(NotFound, match="no file b"):
            artefacts.path(put.hash, "b")

    def test_listing_is_newest_first_and_by_kind(self, artefacts: Artefacts) -> None:
        reports = [artefacts.put(Kind.REPORT, {"a": bytes([n])}) for n in range(5)]
        release = artefacts.put(Kind.RELEASE, {"a": b"1"})
        assert artefacts.list(Kind.REPORT) == reports[::-1]
        assert artefacts.list(Kind.RELEASE) == [release]
        assert artefacts.list(Kind.ADAPTER) == []

    def test_changed_bytes_are_noticed(self, artefacts: Artefacts) -> None:
        put = artefacts.put(Kind.REPORT, {"a": b"good", "b": b"fine"})
        path = artefacts.path(put.hash, "a")
        path.write_bytes(b"evil")
        with pytest.raises(CorruptArtefact, match=r"a: its bytes.* → "):
            artefacts.path(put.hash, "a")
        assert artefacts.path(put.hash, "b").read_bytes() == b"fine"

    def test_putting_the_content_again_mends_it(self, artefacts: Artefacts) -> None:
        put = artefacts.put(Kind.REPORT, {"a": b"good"})
        artefacts.path(put.hash, "a").write_bytes(b"evil")
        assert artefacts.put(Kind.REPORT, {"a": b"good"}).hash == put.hash
        assert artefacts.path(put.hash, "a").read_bytes() == b"good"
        assert len(artefacts.list(Kind.REPORT)) == 1

    @pytest.mark.parametrize("name", ["../a", "/a", "a/../b", "", ".", "a//b"])
    def test_a_name_that_leaves_the_artefact_is_refused(
        self, artefacts: Artefacts, name: str
    ) -> None:
        with pytest.raises(InputError):
            artefacts.put(Kind.REPORT, {name: b"1"})

    def test_a_missing_source_keeps_nothing(self, artefacts: Artefacts, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="missing"):
            artefacts.put(Kind.REPORT, {"a": b"1", "b": tmp_path / "missing"})
        assert artefacts.list(Kind.REPORT) == []

    def test_many_threads_put_the_same(self, artefacts: Artefacts) -> None:
        with ThreadPoolExecutor(8) as pool:
            hashes = set(
                pool.map(lambda _: artefacts.put(Kind.REPORT, {"a": b"1"}).hash, range(24))
            )
        assert [a.hash for a in artefacts.list(Kind.REPORT)] == list(hashes)
