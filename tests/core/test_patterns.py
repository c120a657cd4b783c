"""A pattern that waits is the compiled one to whoever uses it, in this process and in others."""

from __future__ import annotations

import copy
import pickle
import re
from importlib import import_module
from pathlib import Path

import pytest

import northloop
from northloop.core import patterns
from northloop.core.patterns import lazy

PACKAGE = Path(northloop.__file__).parent
TEXT = "Order A-12, then b-7"


def test_it_finds_what_the_compiled_pattern_finds() -> None:
    waiting, compiled = lazy(r"([a-z])-(\d+)", re.I), re.compile(r"([a-z])-(\d+)", re.I)
    assert waiting.findall(TEXT) == compiled.findall(TEXT)
    assert [found.span() for found in waiting.finditer(TEXT)] == [(6, 10), (17, 20)]
    assert waiting.sub(r"\2", TEXT) == compiled.sub(r"\2", TEXT)
    assert waiting.search(TEXT, 11) is not None and waiting.match(TEXT) is None
    assert (waiting.pattern, waiting.flags) == (compiled.pattern, compiled.flags)


def test_it_is_compiled_when_it_is_used_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    compile_ = re.compile
    monkeypatch.setattr(re, "compile", lambda *said: given.append(said[0]) or compile_(*said))
    waiting = lazy("a+")
    assert given == []
    assert waiting.match("aa") and waiting.fullmatch("aaa") and not waiting.search("b")
    assert given == ["a+"]


@pytest.mark.parametrize("used", [False, True])
def test_it_goes_to_other_processes_and_is_copied(used: bool) -> None:
    waiting = lazy("A+", re.I)
    if used:
        assert waiting.match("a")
    for other in (pickle.loads(pickle.dumps(waiting)), copy.deepcopy(waiting)):
        assert other.fullmatch("aAa")


def test_what_is_no_pattern_says_so_when_it_is_used() -> None:
    waiting = lazy("(")
    with pytest.raises(re.error):
        waiting.search("")
    with pytest.raises(AttributeError):
        lazy("a").nothing_of_the_kind  # type: ignore[attr-defined]  # noqa: B018


def test_every_pattern_that_waits_is_one() -> None:
    waiting = [
        value
        for file in PACKAGE.rglob("*.py")
        if "import lazy\n" in file.read_text("utf-8")
        for value in vars(import_module(_module(file))).values()
        if isinstance(value, patterns._Lazy)
    ]
    assert len(waiting) > 300
    for one in waiting:
        assert one.search("") is not Ellipsis


def _module(file: Path) -> str:
    return ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts)
