"""Arrays in NumPy's own format; read by one thread at a time."""

from __future__ import annotations

import io
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

_alone = threading.Lock()


def array_of(content: bytes) -> NDArray[Any]:
    """Return the array that a .npy file holds; ValueError or EOFError if it holds none.

    NumPy has the parser of Python read the file's head, and in CPython 3.11 two threads that are in
    it at once make it fail now and then: "AST constructor recursion depth mismatch".
    """
    with _alone:
        found: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    return found


def npy(array: NDArray[Any]) -> bytes:
    """Return an array as a .npy file holds it; ValueError for one of Python objects."""
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()
