"""Regular expressions that are compiled once they are asked for the first time.

Compiling is the most of what importing a module full of long patterns takes, and a command, or a
text in one language, needs few of them.
"""

from __future__ import annotations

import re
from typing import Any, cast


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves as `re.compile(pattern, flags)` does, and compiles when it is used."""
    return cast("re.Pattern[str]", _Lazy(pattern, flags))


_GLOBAL_FLAGS = re.compile(r"\(\?[a-zA-Z]+\)")
"""Flags that a pattern gives itself."""


class _Lazy:
    """A pattern in waiting. From its first use on it holds the compiled one's own methods."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._given = pattern, flags
        if not _GLOBAL_FLAGS.match(pattern):
            self.pattern, self.flags = pattern, flags | re.UNICODE

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(*self._given)
        self.__dict__.update(
            {name: getattr(compiled, name) for name in dir(compiled) if not name.startswith("_")}
        )
        return getattr(compiled, name)

    def __reduce__(self) -> tuple[Any, ...]:
        return _Lazy, self._given
