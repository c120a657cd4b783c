import hashlib
import json
import os
from pathlib import Path

import msgspec
import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from northloop.core import ids
from northloop.core.ids import (
    FileHashes,
    canonical,
    content_hash,
    derived_id,
    file_hash,
    short,
    uniform,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class Noun(msgspec.Struct, frozen=True, kw_only=True):
    b: int
    a: str


@given(JSON)
def test_canonical_is_json_of_the_value(value: object) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(st.text(), st.integers(0, 9)))
def test_canonical_does_not_depend_on_the_order_of_keys(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_canonical_of_a_noun_has_sorted_keys_and_no_spaces() -> None:
    assert canonical(Noun(b=1, a="é")) == '{"a":"é","b":1}'.encode()
    assert canonical({"a": "é", "b": 1}) == canonical(Noun(b=1, a="é"))


def test_hashes_are_sha256(tmp_path: Path) -> None:
    data = bytes(range(256)) * 9000
    (tmp_path / "file").write_bytes(data)
    expected = hashlib.sha256(data).hexdigest()
    assert file_hash(tmp_path / "file") == expected
    assert short(expected) == expected[:8]
    assert content_hash([]) == hashlib.sha256(b"[]").hexdigest()


def test_a_derived_id_depends_on_every_part_and_where_it_ends() -> None:
    ids = {derived_id("ab", "c"), derived_id("a", "bc"), derived_id("abc"), derived_id("c", "ab")}
    assert len(ids) == 4
    assert derived_id("ab", "c") == derived_id("ab", "c")
    assert {len(i) for i in ids} == {24}


def test_uniform_is_fixed_for_ever() -> None:
    """Records hold decisions that were drawn with it: this value must never change."""
    assert uniform("interaction", "i1") == 0.5842123203167929


def test_uniform_is_uniform() -> None:
    draws = np.array([uniform("sample", f"interaction-{n}") for n in range(20_000)])
    assert 0.0 <= draws.min() < draws.max() < 1.0
    assert scipy.stats.kstest(draws, "uniform").pvalue > 0.01


def test_draws_for_one_key_and_different_purposes_are_independent() -> None:
    keys = [f"i{n}" for n in range(20_000)]
    review = np.array([uniform("review", key) for key in keys])
    split = np.array([uniform("split", key) for key in keys])
    assert abs(np.corrcoef(review, split)[0, 1]) < 0.03
    neighbours = scipy.stats.kstest((review[1:] - review[:-1]) % 1.0, "uniform")
    assert neighbours.pvalue > 0.01


def test_a_file_is_read_once_for_as_long_as_it_stays_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, read = tmp_path / "base.gguf", []
    file.write_bytes(b"weights")
    monkeypatch.setattr(FileHashes, "SETTLED_NS", 0)
    monkeypatch.setattr(ids, "file_hash", lambda path: read.append(path) or file_hash(path))
    hashes = FileHashes()
    assert hashes.hash(file) == hashes.hash(file) == file_hash(file)
    assert len(read) == 1
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    file.write_bytes(b"WEIGHTS")
    os.utime(file, ns=times)
    assert hashes.hash(file) == file_hash(file), "its times were put back, its contents were not"
    replaced = tmp_path / "other"
    replaced.write_bytes(b"another")
    replaced.replace(file)
    assert hashes.hash(file) == file_hash(file)
    assert len(read) == 3


def test_a_file_that_was_just_written_is_not_remembered(tmp_path: Path) -> None:
    file, hashes = tmp_path / "base.gguf", FileHashes()
    for content in (b"one", b"two", b"six"):
        file.write_bytes(content)
        assert hashes.hash(file) == file_hash(file)
    assert not hashes._known
