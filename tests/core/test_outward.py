from __future__ import annotations

import pytest

from northloop.core.errors import ConfigurationError, InputError, MissingComponent
from northloop.core.outward import outward, without_passwords, without_places


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("open /srv/shop/a.db now", "open … now"),
        ("at C:\\Users\\ada\\x.db.", "at …"),
        ("postgresql://u:p@h:5432/d failed", "… failed"),
        ("connecting to 10.0.0.7:6379.", "connecting to …."),
        ("and/or, 1/2, 50 %/day", "and/or, 1/2, 50 %/day"),
        ("use one of: northloop, gpt/4", "use one of: northloop, gpt/4"),
        ("in the clone: pip install -c constraints.txt '.[train]'",) * 2,
    ],
)
def test_places_are_left_out(text: str, shown: str) -> None:
    assert without_places(text) == shown


def test_passwords_are_left_out() -> None:
    shown = without_passwords("postgresql://ada:s3cret@db:5432/x and redis://:pw@h/0 and a@b.c")
    assert shown == "postgresql://ada:•••@db:5432/x and redis://:•••@h/0 and a@b.c"


def test_the_team_reads_what_to_do_but_no_place() -> None:
    broken = outward(ConfigurationError("SELECT x", where="/srv/x", action="mend /srv/x"))
    assert (broken.where, broken.action) == ("", "mend …")
    assert "SELECT" not in broken.what
    missing = outward(MissingComponent("training needs peft", where="train", action="pip install"))
    assert (missing.what, missing.where, missing.action) == (
        "training needs peft",
        "train",
        "pip install",
    )
    own = outward(InputError("too long", where="field question", action="shorten it"))
    assert (own.what, own.where, own.action) == ("too long", "field question", "shorten it")
