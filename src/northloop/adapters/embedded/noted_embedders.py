"""Under which setting an embedder of your own was opened, for what was made with it."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

_FILE = "embedders.json"


def note_embedder(folder: Path, name: str, url: str) -> None:
    """Note, in a workspace's own folder, how an embedder is opened."""
    known = _known(folder)
    if known.get(name) != url:
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f"{_FILE}.{os.getpid()}"
        beside.write_bytes(msgspec.json.encode({**known, name: url}))
        beside.replace(folder / _FILE)


def noted_embedder(folder: Path, name: str) -> str | None:
    """Return how the embedder of that name was opened last, None if that is not known."""
    return _known(folder).get(name)


def _known(folder: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode((folder / _FILE).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError):
        return {}
