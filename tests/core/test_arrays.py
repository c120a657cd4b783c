from __future__ import annotations

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from northloop.core.arrays import array_of


def npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def test_an_array_comes_back_as_it_was() -> None:
    array = np.arange(12, dtype="<f4").reshape(3, 4)
    found = array_of(npy(array))
    assert found.dtype == array.dtype
    assert (found == array).all()


@pytest.mark.parametrize(
    "content",
    [b"", b"nothing of the kind", npy(np.arange(9))[:-8], npy(np.array([{}], dtype=object))],
)
def test_what_is_no_array_is_refused(content: bytes) -> None:
    with pytest.raises((ValueError, EOFError)):
        array_of(content)


def test_one_thread_reads_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at once make the parser of CPython 3.11 fail now and then."""
    reading = threading.Lock()
    began = threading.Barrier(4)
    load = np.load

    def alone(*given: object, **more: object) -> np.ndarray:
        assert reading.acquire(blocking=False), "another thread reads"
        time.sleep(0.01)
        reading.release()
        return load(*given, **more)

    def read(content: bytes) -> np.ndarray:
        began.wait()
        return array_of(content)

    monkeypatch.setattr(np, "load", alone)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(read, [npy(np.array([number])) for number in range(4)]))
    assert [array.item() for array in found] == [0, 1, 2, 3]
