"""The process of an engine: it ends with its parent, and its end hurts nobody else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from northloop.adapters.embedded.llamacpp_engine import EngineSettings, LlamaCppEngine
from northloop.core.errors import RemoteUnavailable, TooLong
from northloop.ports.models import Options

MANY = Options(max_tokens=200)


@pytest.fixture
def engine(tiny_gguf: Path) -> Iterator[LlamaCppEngine]:
    made = LlamaCppEngine(tiny_gguf, {}, EngineSettings(context=512, threads=1, parallel=4))
    yield made
    made.close()


def pid(engine: LlamaCppEngine) -> int:
    process = engine._models[None]._process
    assert process is not None
    return process.pid


def is_there(pid: int) -> bool:
    try:
        return f"{pid}" == Path(f"/proc/{pid}/stat").read_text().split()[0] and (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        )
    except FileNotFoundError:
        return False


def gone(pid: int) -> bool:
    deadline_s = time.monotonic() + 5
    while is_there(pid) and time.monotonic() < deadline_s:
        time.sleep(0.02)
    return not is_there(pid)


def test_a_killed_parent_takes_its_engine_along(tiny_gguf: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from northloop.adapters.embedded.llamacpp_engine import LlamaCppEngine\n"
        "engine = LlamaCppEngine(Path(sys.argv[1]), {})\n"
        "print(engine._models[None]._process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tiny_gguf)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert parent.stdout is not None
    with parent.stdout:
        child = int(parent.stdout.readline())
        assert is_there(child)
        parent.kill()
        parent.wait()
    assert gone(child)


def test_an_engine_that_died_is_started_again(engine: LlamaCppEngine) -> None:
    before = list(engine.continued("the", Options(max_tokens=4)))
    os.kill(pid(engine), signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(lambda: list(engine.continued("the", MANY)))
        time.sleep(0.2)
        os.kill(pid(engine), signal.SIGKILL)
        with pytest.raises(RemoteUnavailable):
            asked.result()
    assert list(engine.continued("the", Options(max_tokens=4))) == before


def test_closing_waits_for_answers_and_frees(tiny_gguf: Path) -> None:
    engine = LlamaCppEngine(tiny_gguf, {}, EngineSettings(context=512, threads=1))
    number = pid(engine)
    tokens = engine.continued("the", Options(max_tokens=8))
    said = [next(tokens)]
    closing = threading.Thread(target=engine.close)
    closing.start()
    said += tokens
    closing.join(5)
    assert len(said) == 8
    assert gone(number)


def test_what_is_too_long_or_given_up_leaves_the_others_alone(engine: LlamaCppEngine) -> None:
    def ask(n: int) -> int:
        if n % 3 == 1:
            with pytest.raises(TooLong):
                list(engine.continued("x" * 2000, MANY))
            return 0
        tokens = engine.continued(f"the {n}", MANY)
        if n % 3 == 2:
            next(tokens)
            tokens.close()  # type: ignore[attr-defined]
            return 0
        return len(list(tokens))

    alone = {n: ask(n) for n in range(0, 12, 3)}
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(ask, range(12)))
    assert {n: found[n] for n in alone} == alone
    assert sum(alone.values()) > 0


def test_engines_of_one_base_map_its_file_and_keep_no_copy(tiny_gguf: Path) -> None:
    engines = [LlamaCppEngine(tiny_gguf, {}, EngineSettings(context=128)) for _ in range(2)]
    for engine in engines:
        mapped = Path(f"/proc/{pid(engine)}/maps").read_text()
        assert str(tiny_gguf.resolve()) in mapped
    for engine in engines:
        engine.close()


def test_who_does_not_know_the_key_gets_nothing(engine: LlamaCppEngine) -> None:
    process = engine._models[None]._process
    assert process is not None
    asked = httpx2.post(f"{process.url}/v1/completions", json={"prompt": "the", "max_tokens": 1})
    assert asked.status_code == 401
    assert process.key.encode() not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    assert process.key.encode() not in Path(f"/proc/{process.pid}/environ").read_bytes()


def test_threads_of_the_parent_go_on_while_a_model_is_loaded(base_gguf: Path) -> None:
    pauses: list[float] = []
    loaded = threading.Event()

    def tick() -> None:
        last_s = time.perf_counter()
        while not loaded.is_set():
            time.sleep(0.002)
            now_s = time.perf_counter()
            pauses.append(now_s - last_s)
            last_s = now_s

    thread = threading.Thread(target=tick)
    thread.start()
    began_s = time.perf_counter()
    engine = LlamaCppEngine(base_gguf, {}, EngineSettings(context=256, threads=1))
    took_s = time.perf_counter() - began_s
    loaded.set()
    thread.join()
    engine.close()
    # Loaded in this process, one pause was nearly as long as the loading.
    assert max(pauses) < took_s / 3
