"""Threads that meet a type together: msgspec alone ends the process (see `core.decoding`)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import northloop

SOURCE = Path(northloop.__file__).parent
_MEETING = """
import sys
import threading
import types

from northloop.core.decoding import decoded

CODE = '''
from __future__ import annotations
import msgspec

class Inner(msgspec.Struct):
    number: int | None = None
    words: tuple[str, ...] = ()

class Outer(msgspec.Struct):
    inner: Inner
    more: dict[str, Inner] = {}
    either: float | str | None = None
'''
BODY = b'{"inner": {"number": 1}, "more": {"x": {}}}'

sys.setswitchinterval(1e-6)
for number in range(100):
    module = types.ModuleType(f"family_{number}")
    sys.modules[module.__name__] = module
    exec(CODE, module.__dict__)
    together = threading.Barrier(8)

    def meet():
        together.wait()
        assert decoded(BODY, module.Outer).inner.number == 1

    threads = [threading.Thread(target=meet) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print("all met")
"""


def test_threads_may_meet_a_type_together() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _MEETING], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "all met\n"), done.stderr


def test_nothing_in_the_source_reads_structs_past_it() -> None:
    past = re.compile(r"msgspec\.(json\.)?(decode\([^)]*type=|convert\(|Decoder\()")
    found = {
        file.relative_to(SOURCE).as_posix()
        for file in SOURCE.rglob("*.py")
        if past.search(file.read_text("utf-8"))
    }
    # Of text alone there is nothing to find out.
    assert found == {"core/decoding.py", "app/configuration.py"}
