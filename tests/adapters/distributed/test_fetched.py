"""Copies of artefacts on this machine: bounded, and never taken from a process that runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from northloop.adapters.distributed.s3_artefacts import S3Address, S3Artefacts, read_address
from northloop.core.artefacts import Artefact, Kind
from northloop.core.errors import ConfigurationError
from northloop.testing.servers import S3Server

SIZE = 100_000
_READER = """
import random, sys
from pathlib import Path
from northloop.adapters.distributed.s3_artefacts import S3Artefacts, read_address
store = S3Artefacts(read_address(sys.argv[1]), Path(sys.argv[2]))
hashes = sys.argv[5:]
def read(name):
    path = store.path(name, "a")
    return path, len(path.read_bytes())
if sys.argv[3] == "hold":
    path, _ = read(hashes[0])
    print(path, flush=True)
    sys.stdin.read()
    assert path.read_bytes()
else:
    held = []
    for _ in range(60):
        path, size = read(random.choice(hashes))
        assert size == int(sys.argv[4])
        held.append(path)
        assert all(path.exists() for path in held)
    print("fine", flush=True)
"""


@pytest.fixture
def url(s3: S3Server, tmp_path: Path) -> str:
    """Of a prefix of its own, of which a machine keeps three artefacts."""
    return f"{s3.url(f'{tmp_path.parent.name}/{tmp_path.name}')}&keep_gb=0.00035"


@pytest.fixture
def put(url: str, tmp_path: Path) -> list[Artefact]:
    """Seven artefacts that another machine has put."""
    maker = S3Artefacts(msgspec.structs.replace(read_address(url), keep_gb=20), tmp_path / "maker")
    return [maker.put(Kind.ADAPTER, {"a": bytes([n]) * SIZE}) for n in range(7)]


def copies(folder: Path) -> set[str]:
    return {path.name for path in (folder / Kind.ADAPTER).glob("*")}


def age(folder: Path, put: list[Artefact]) -> None:
    """Let the copies have been used a day ago, the first one longest."""
    for place, artefact in enumerate(put):
        used = 1_700_000_000 + place
        if artefact.hash in copies(folder):
            os.utime(folder / Kind.ADAPTER / artefact.hash, (used, used))


@contextmanager
def reading(url: str, folder: Path, mode: str, *names: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _READER, url, str(folder), mode, str(SIZE), *names]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        yield process
        process.kill()


def test_what_is_longest_unused_goes_at_the_next_opening(
    url: str, put: list[Artefact], tmp_path: Path
) -> None:
    folder = tmp_path / "machine"
    store = S3Artefacts(read_address(url), folder)
    for artefact in put:
        store.path(artefact.hash, "a")
    assert len(copies(folder)) == 7, "nothing goes that this process was given"
    age(folder, put)
    del store
    again = S3Artefacts(read_address(url), folder)
    assert copies(folder) == {artefact.hash for artefact in put[-3:]}
    assert again.path(put[0].hash, "a").read_bytes() == bytes([0]) * SIZE, "it is fetched again"


def test_what_is_used_again_stays(url: str, put: list[Artefact], tmp_path: Path) -> None:
    folder = tmp_path / "machine"
    S3Artefacts(read_address(url), folder)
    for artefact in put[:3]:
        S3Artefacts(read_address(url), folder).path(artefact.hash, "a")
    age(folder, put)
    S3Artefacts(read_address(url), folder).path(put[0].hash, "a")
    S3Artefacts(read_address(url), folder).path(put[6].hash, "a")
    S3Artefacts(read_address(url), folder)
    assert copies(folder) == {put[0].hash, put[2].hash, put[6].hash}


def test_nothing_is_taken_from_a_process_that_runs(
    url: str, put: list[Artefact], tmp_path: Path
) -> None:
    folder = tmp_path / "machine"
    with reading(url, folder, "hold", put[0].hash) as process:
        assert process.stdout is not None
        path = Path(process.stdout.readline().strip())
        for artefact in put[1:5]:
            S3Artefacts(read_address(url), folder).path(artefact.hash, "a")
        age(folder, put)
        S3Artefacts(read_address(url), folder)
        assert path.exists() and len(copies(folder)) == 3
        process.kill()
        process.wait()
    S3Artefacts(read_address(url), folder).path(put[6].hash, "a")
    assert not path.exists(), "who was killed holds nothing"


def test_many_read_while_copies_come_and_go(
    url: str, put: list[Artefact], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, names = tmp_path / "machine", [artefact.hash for artefact in put]
    monkeypatch.setattr("northloop.adapters.distributed.fetched._FRESH_S", -1.0)
    with reading(url, folder, "read", *names) as one, reading(url, folder, "read", *names) as two:
        while one.poll() is None or two.poll() is None:
            S3Artefacts(read_address(url), folder)
        said = [process.communicate() for process in (one, two)]
    assert [out for out, _ in said] == ["fine\n", "fine\n"], said


@pytest.mark.parametrize("amount", ["", "-1", "x", "1e9", "nan"])
def test_an_amount_that_is_none_is_refused(amount: str) -> None:
    with pytest.raises(ConfigurationError):
        read_address(f"s3://tents?keep_gb={amount}")
    assert read_address("s3://tents?keep_gb=2.5") == S3Address(bucket="tents", keep_gb=2.5)
