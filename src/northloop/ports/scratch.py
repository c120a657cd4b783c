"""Folders beside the workspaces: scratch and what is the same for all of them.

Scratch folders hold what people said: what a killed process left, the next removes.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path


def own_folder(parent: Path | None, kind: str) -> Path:
    """Make a folder of this process and return it; None for the system's own place.

    Folders of the kind that processes of this machine left there that were killed are removed.
    """
    if parent is not None:
        parent.mkdir(parents=True, exist_ok=True)
        remove_left(parent, kind)
    return Path(tempfile.mkdtemp(prefix=f"{_begins(kind)}{os.getpid()}-", dir=parent))


def remove_left(parent: Path, kind: str) -> None:
    """Remove what processes of this machine that were killed left of a kind of folders."""
    begins = _begins(kind)
    for folder in parent.glob(f"{begins}*"):
        process = int(folder.name.removeprefix(begins).partition("-")[0])
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue  # somebody else's, and alive


def _begins(kind: str) -> str:
    return f"{kind}-{socket.gethostname()}-"


def cache_folder() -> Path:
    """Return where this user's programs keep what can be fetched, or made, again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "northloop"
