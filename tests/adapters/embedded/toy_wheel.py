"""A wheel that pip downloads, with what lies in it and a dependency that nobody has."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path


def write_wheel(folder: Path, name: str, version: str, members: Mapping[str, bytes]) -> Path:
    """Write a wheel of pure Python into a folder and return its path."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    told = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Dist: not-there\n"
    about = {"METADATA": told, "WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n", "RECORD": ""}
    with zipfile.ZipFile(path, "w") as wheel:
        for member, content in members.items():
            wheel.writestr(member, content)
        for file, text in about.items():
            wheel.writestr(f"{name}-{version}.dist-info/{file}", text)
    return path
