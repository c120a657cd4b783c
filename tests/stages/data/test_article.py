"""Whether an article is for customers, by what it says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from bounded import bounded
from northloop.stages.data.article import says_apart
from northloop.stages.data.documents import read_folder


@pytest.mark.parametrize(
    "front",
    [
        "draft: true",
        "published: false",
        "status: draft",
        "visibility: internal",
        "audience: [staff]",
    ],
)
def test_a_page_that_calls_itself_a_draft_is_left_out(tmp_path: Path, front: str) -> None:
    (tmp_path / "soon.md").write_text(f"---\ntitle: Soon\n{front}\n---\nPrices rise.")
    (tmp_path / "now.md").write_text("---\ndraft: false\nstatus: reviewed\n---\nText.")
    reading = read_folder(tmp_path)
    assert [one.document_id for one in reading.documents] == ["now"]
    [problem] = reading.problems
    assert problem.startswith('soon.md: "Soon" was left out')


@pytest.mark.parametrize(
    ("title", "text", "apart"),
    [
        ("Goodwill (agents only)", "Up to £50.", True),
        ("Goodwill", "# Goodwill\n\n**INTERNAL.** Up to £50.", True),
        ("Goodwill", "For internal use only\n\nUp to £50.", True),
        ("DRAFT - prices", "They rise.", True),
        ("Employees", "Add an employee under Team.", False),
        ("Internal doors", "We paint internal doors.", False),
        ("Parking", "The yard is for staff only.", False),
        ("Draft beer", "Five kinds.", False),
    ],
)
def test_a_title_or_a_first_line_says_so(title: str, text: str, apart: bool) -> None:
    assert says_apart(title, text) is apart


def test_a_title_of_blanks_takes_no_time() -> None:
    with bounded():
        assert not says_apart(" " * 100_000, "\n" * 100_000)
