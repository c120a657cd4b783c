import re

import pytest

from northloop.core import errors
from northloop.core.errors import InputError, NorthloopError, Overloaded

CLASSES = [c for c in vars(errors).values() if isinstance(c, type)]
ROW = re.compile(r"    ([│├└─ ]*)(\w+) +(\w+) +(\d+) +(\d+)")


def drawn() -> dict[str, tuple[str, str, int, int]]:
    """Return name → (parent, code, exit code, HTTP status) as the module's docstring draws them."""
    found: dict[str, tuple[str, str, int, int]] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        row = ROW.fullmatch(line)
        if row:
            depth = len(row[1]) // 4
            path[depth - 1 :] = [row[2]]
            parent = path[depth - 2] if depth > 1 else "NorthloopError"
            found[row[2]] = (parent, row[3], int(row[4]), int(row[5]))
    return found


def test_the_drawing_is_the_tree() -> None:
    actual = {
        c.__name__: (c.__mro__[1].__name__, c.code, c.exit_code, c.http_status)
        for c in CLASSES
        if c is not NorthloopError
    }
    assert drawn() == actual


def test_every_class_has_a_code_of_its_own() -> None:
    codes = [c.code for c in CLASSES]
    assert len(set(codes)) == len(codes)
    assert all("code" in vars(c) for c in CLASSES)


def test_every_error_is_northloops() -> None:
    assert all(issubclass(c, NorthloopError) for c in CLASSES)


@pytest.mark.parametrize(
    ("where", "action", "sentence"),
    [
        ("a.csv:3", "give a date", "a.csv:3: no date → give a date"),
        ("", "", "no date"),
        ("a.csv:3", "", "a.csv:3: no date"),
        ("", "give a date", "no date → give a date"),
    ],
)
def test_an_error_reads_as_place_what_and_action(where: str, action: str, sentence: str) -> None:
    error = InputError("no date", where=where, action=action)
    assert str(error) == sentence
    assert (error.what, error.where, error.action) == ("no date", where, action)


def test_overloaded_says_when_to_come_back() -> None:
    error = Overloaded("the queue is full", retry_after_s=7)
    assert error.retry_after_s == 7
    assert str(error) == "the queue is full → try again in 7 s"
