"""Folders beside the workspaces: scratch and what is the same for all of them.

Scratch folders hold what people said: what a killed process left, the next removes.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import tempfile
from pathlib import Path

_OWN = re.compile(r"(\d{1,9})-\w+")
"""Behind the kind and the machine: the process that made a folder, and what makes it its own."""


def own_folder(parent: Path | None, kind: str) -> Path:
    """Make a folder of this process and return it; None for the system's own place.

    Folders of the kind that processes of this machine left there that were killed are removed.
    """
    place = Path(tempfile.gettempdir()) if parent is None else parent
    place.mkdir(parents=True, exist_ok=True)
    remove_left(place, kind)
    return Path(tempfile.mkdtemp(prefix=f"{_begins(kind)}{os.getpid()}-", dir=place))


def remove_left(parent: Path, kind: str) -> None:
    """Remove what processes of this machine that were killed left of a kind of folders.

    What others have in the same place, and what has another name, stays.
    """
    begins = _begins(kind)
    for folder in parent.glob(f"{begins}*"):
        made_by = _OWN.fullmatch(folder.name.removeprefix(begins))
        if made_by is None:
            continue
        try:
            os.kill(int(made_by[1]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except PermissionError:
            continue  # somebody else's, and alive


def _begins(kind: str) -> str:
    return f"{kind}-{socket.gethostname()}-"


def cache_folder() -> Path:
    """Return where this user's programs keep what can be fetched, or made, again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "northloop"
