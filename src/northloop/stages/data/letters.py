"""The model of letter sequences that tells languages apart (py3langid, BSD), unpacked once.

Unpacking takes most of a second and 68 MB of each process. So the model lies unpacked in this
user's cache, where all processes look at the same pages.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import py3langid
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

from northloop.ports.scratch import cache_folder, own_folder

_PARTS = ("likelihoods", "shares", "names", "next", "rows", "told")
"""Of the model, in the order in which py3langid reads them."""


def rank(text: str) -> list[tuple[str, float]]:
    """Return the codes of all languages that the model knows and their likelihood, likest first."""
    ranked: list[tuple[str, float]] = _model().rank(text)
    return ranked


@cache
def _model() -> Any:
    try:
        return kept(cache_folder() / "languages" / version(py3langid.__name__))
    except (OSError, EOFError, RuntimeError, ValueError):  # nowhere to keep it, or broken
        return LanguageIdentifier.from_model_file(MODEL_FILE)


def kept(folder: Path) -> Any:
    """Return the model as it lies in a folder, where it is unpacked if there is none.

    OSError where nothing can be written, ValueError where something else lies there.
    """
    if not folder.exists():
        _unpack(folder)
    likelihoods, shares, names, next_, rows, told = (
        np.asarray(np.load(folder / f"{part}.npy", mmap_mode="r")) for part in _PARTS
    )
    return LanguageIdentifier(
        likelihoods, shares, names.tolist(), next_.data, told.tolist(), tk_row=rows.tolist()
    )


def _unpack(folder: Path) -> None:
    draft = own_folder(folder.parent, folder.name)
    try:
        for part, values in zip(_PARTS, load_model(MODEL_DIR / MODEL_FILE), strict=True):
            np.save(draft / f"{part}.npy", np.asarray(values))
        with suppress(OSError):  # another process was sooner
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
