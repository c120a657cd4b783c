"""What every artefact store does."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from northloop.adapters.embedded.files import FileArtefacts
from northloop.core import formats
from northloop.core.artefacts import Artefact, Kind, Manifest
from northloop.core.errors import ConfigurationError, CorruptArtefact, InputError, NotFound
from northloop.core.ids import content_hash
from northloop.ports.stores import Artefacts

EMPTY_SHA256 = hashlib.sha256().hexdigest()


Damage = Callable[[Artefact, str, bytes], None]
"""Writes other bytes where a store keeps a file of an artefact."""

_PUTTING = """
import sys
from northloop.core.artefacts import Kind
sys.stdin.readline()
for number in range({count}):
    files = {{f"{{n}}.bin": bytes([n]) * {size} + str(number).encode() for n in range(4)}}
    put = artefacts.put(Kind.DATASET, files)
    print(put.hash, put.created_at, flush=True)
"""


class ArtefactsContract:
    """Subclass it and give it the fixtures

    `artefacts`, an empty store; `program`, Python that makes a variable `artefacts` of the same
    store in another process; `elsewhere`, which opens the store anew, as another machine would; and
    `damage`.
    """

    @pytest.fixture
    def putting(self, program: str) -> Callable[[int, int], subprocess.Popen[str]]:
        """Starts a process that puts so many artefacts of such files once it is given a line."""

        def start(count: int, size_bytes: int) -> subprocess.Popen[str]:
            code = program + _PUTTING.format(count=count, size=size_bytes)
            return subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )

        return start

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

    @pytest.mark.parametrize("now", [b"evil", b"goo", b"", b"good, and more"])
    def test_changed_bytes_are_noticed(
        self,
        artefacts: Artefacts,
        elsewhere: Callable[[], Artefacts],
        damage: Damage,
        now: bytes,
    ) -> None:
        put = artefacts.put(Kind.REPORT, {"a": b"good"})
        damage(put, "a", now)
        with pytest.raises(CorruptArtefact, match=r": its bytes are not.* → "):
            elsewhere().path(put.hash, "a")

    def test_a_check_finds_what_was_damaged(
        self, artefacts: Artefacts, elsewhere: Callable[[], Artefacts], damage: Damage
    ) -> None:
        put = artefacts.put(Kind.REPORT, {"a": b"good"})
        other = artefacts.put(Kind.DATASET, {"b": b"fine"})
        for deep in (False, True):
            found = elsewhere().check(deep)
            assert (found.artefacts, found.damaged) == (2, ())
        assert found.every_byte
        damage(put, "a", b"evil")
        found = elsewhere().check(deep=True)
        assert [one.artefact for one in found.damaged] == [put]
        assert put.manifest.files["a"] in found.damaged[0].where or "a" in found.damaged[0].where
        assert elsewhere().path(other.hash, "b").read_bytes() == b"fine"

    def test_an_artefact_of_another_store_is_kept_as_it_is_there(
        self, artefacts: Artefacts, elsewhere: Callable[[], Artefacts], tmp_path: Path
    ) -> None:
        origin = FileArtefacts(tmp_path / "origin")
        parent = origin.put(Kind.DATASET, {"a": b"1"})
        made = origin.put(Kind.REPORT, {"a": b"1", "deep/b": b"2"}, [parent.hash], {"n": "1"})
        for artefact in (parent, made, made):
            files = {name: origin.path(artefact.hash, name) for name in artefact.manifest.files}
            artefacts.restore(artefact, files)
        other = elsewhere()
        assert other.list(Kind.REPORT) == [made] and other.get(parent.hash) == parent
        assert other.path(made.hash, "deep/b").read_bytes() == b"2"

    def test_other_files_than_its_own_are_refused(
        self, artefacts: Artefacts, tmp_path: Path
    ) -> None:
        made = FileArtefacts(tmp_path / "origin").put(Kind.REPORT, {"a": b"good"})
        (tmp_path / "a").write_bytes(b"evil")
        with pytest.raises(CorruptArtefact):
            artefacts.restore(made, {"a": tmp_path / "a"})
        assert artefacts.list(Kind.REPORT) == []

    def test_restoring_mends_what_was_damaged(
        self,
        artefacts: Artefacts,
        elsewhere: Callable[[], Artefacts],
        damage: Damage,
        tmp_path: Path,
    ) -> None:
        (tmp_path / "a").write_bytes(b"good")
        put = artefacts.put(Kind.REPORT, {"a": b"good"})
        damage(put, "a", b"evil")
        other = elsewhere()
        other.restore(put, {"a": tmp_path / "a"})
        assert elsewhere().check(deep=True).damaged == ()

    def test_putting_the_content_again_mends_it(
        self, artefacts: Artefacts, elsewhere: Callable[[], Artefacts], damage: Damage
    ) -> None:
        put = artefacts.put(Kind.REPORT, {"a": b"good", "b": b"fine"})
        damage(put, "a", b"evil")
        again = elsewhere().put(Kind.REPORT, {"a": b"good", "b": b"fine"})
        assert again.hash == put.hash
        assert elsewhere().path(put.hash, "a").read_bytes() == b"good"
        assert len(artefacts.list(Kind.REPORT)) == 1

    @pytest.mark.parametrize(
        "name",
        ["../a", "/a", "a/../b", "", ".", "a//b", "a/", "./a", "a\0b", "x" * 256, "\ud800"],
        ids=ascii,
    )
    def test_a_name_that_leaves_the_artefact_is_refused(
        self, artefacts: Artefacts, name: str
    ) -> None:
        with pytest.raises(InputError, match="name of an artefact's file"):
            artefacts.put(Kind.REPORT, {"fine": b"1", name: b"1"})
        assert artefacts.list(Kind.REPORT) == []

    def test_a_file_cannot_be_a_folder_too(self, artefacts: Artefacts) -> None:
        with pytest.raises(InputError):
            artefacts.put(Kind.REPORT, {"a": b"1", "a/b": b"1"})

    def test_odd_names_are_kept(
        self, artefacts: Artefacts, elsewhere: Callable[[], Artefacts]
    ) -> None:
        odd = ["é/ü.json", "a b?#%&+=.txt", "%2e%2e", "a\nb", "-rf", ".x", "artefact.json", "c\\d"]
        put = artefacts.put(Kind.REPORT, {name: name.encode() for name in odd})
        other = elsewhere()
        assert {name: other.path(put.hash, name).read_bytes().decode() for name in odd} == {
            name: name for name in odd
        }

    def test_files_lie_in_one_folder(
        self, artefacts: Artefacts, elsewhere: Callable[[], Artefacts]
    ) -> None:
        put = artefacts.put(Kind.INDEX, {"a": b"1", "b": b"1", "deep/c": b"2"})
        other = elsewhere()
        paths = {name: other.path(put.hash, name) for name in put.manifest.files}
        folder = paths["a"].parent
        assert paths == {name: folder / name for name in paths}

    def test_another_sees_what_was_put_and_when(
        self, artefacts: Artefacts, elsewhere: Callable[[], Artefacts]
    ) -> None:
        other = elsewhere()
        put = [artefacts.put(Kind.REPORT, {"a": bytes([n])}) for n in range(3)]
        assert other.list(Kind.REPORT) == put[::-1]
        assert other.get(put[1].hash) == put[1]
        assert other.get(put[1].hash[:12]) == put[1]
        assert other.put(Kind.REPORT, {"a": b"\0"}) == put[0]

    def test_what_a_newer_version_made_is_refused(
        self, artefacts: Artefacts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as newer:
            newer.setitem(formats.UPGRADERS, (Kind.REPORT, "a.json", 1), dict)
            put = artefacts.put(Kind.REPORT, {"a.json": b"{}"})
            assert artefacts.path(put.hash, "a.json").read_bytes() == b"{}"
        assert put.manifest.format == 2
        assert artefacts.list(Kind.REPORT) == [put]
        with pytest.raises(ConfigurationError, match=r"format 2, not 1.* → update this northloop"):
            artefacts.path(put.hash, "a.json")
        assert artefacts.put(Kind.REPORT, {"a.json": b"{}"}).hash != put.hash

    def test_two_processes_that_put_the_same_agree(
        self, artefacts: Artefacts, putting: Callable[[int, int], subprocess.Popen[str]]
    ) -> None:
        both = [putting(20, 10_000), putting(20, 10_000)]
        for process in both:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        said = [process.communicate(timeout=60)[0].splitlines() for process in both]
        assert [process.returncode for process in both] == [0, 0]
        assert said[0] == said[1]
        assert len(said[0]) == 20
        listed = [f"{a.hash} {a.created_at}" for a in artefacts.list(Kind.DATASET)]
        assert sorted(listed) == sorted(said[0])

    def test_a_killed_process_leaves_whole_artefacts(
        self,
        artefacts: Artefacts,
        elsewhere: Callable[[], Artefacts],
        putting: Callable[[int, int], subprocess.Popen[str]],
    ) -> None:
        process = putting(1000, 300_000)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        acknowledged = [process.stdout.readline() for _ in range(8)]
        process.kill()
        rest = process.communicate()[0].splitlines(keepends=True)
        acknowledged += [line for line in rest if line.endswith("\n")]
        other = elsewhere()
        listed = other.list(Kind.DATASET)
        assert {line.split()[0] for line in acknowledged} <= {a.hash for a in listed}
        assert len(listed) <= len(acknowledged) + 1
        for artefact in listed:
            for name in artefact.manifest.files:
                assert other.path(artefact.hash, name).stat().st_size
        assert artefacts.put(Kind.DATASET, {"a": b"after"}) in other.list(Kind.DATASET)

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
