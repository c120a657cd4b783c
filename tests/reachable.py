"""What can be reached in this process's memory from an object."""

from __future__ import annotations

import gc
from types import FunctionType, ModuleType

from northloop.testing.models import ScriptedEngine


def holds(roots: list[object], text: str) -> bool:
    """Whether a text can be reached in memory from these objects.

    Neither code is gone into nor the scripted engine, which keeps its prompts for tests.
    """
    seen, todo = dict[int, object](), roots
    while todo:
        one = todo.pop()
        if id(one) in seen or isinstance(one, (type, ModuleType, ScriptedEngine)):
            continue
        seen[id(one)] = one
        if text in (one if isinstance(one, str) else ""):
            return True
        into = one.__closure__ or () if isinstance(one, FunctionType) else gc.get_referents(one)
        todo.extend(into)
    return False
