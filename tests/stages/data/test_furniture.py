"""Lines of an article that are no part of it."""

from __future__ import annotations

import pytest

from northloop.stages.data.furniture import from_heading_on, without_furniture


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Home > Help > Bills\n\nText.", "Text."),
        ("[Home](/) / [Care](/care) / Oak\n\nText.", "Text."),
        ("Text.\n## See also\n- [Oak](oak.md)\n- Ash\n## Oil\nOnce.", "Text.\n## Oil\nOnce."),
        ("Text.\n\n*Was this page useful?* Yes No", "Text."),
        ("Updated 3 weeks ago · Written by Carol\n\nText.", "Text."),
        ("Open Settings > Network.", "Open Settings > Network."),
        ("1. Settings > Network > Bills", "1. Settings > Network > Bills"),
        ("```\nSkip to content\n```", "```\nSkip to content\n```"),
        ("## Newsletter\n\nTwice a month.", "## Newsletter\n\nTwice a month."),
    ],
)  # fmt: skip
def test_lines_that_are_no_part_of_an_article_go(text: str, kept: str) -> None:
    told = " ".join(without_furniture(text, "Bills").split())
    assert told == " ".join(kept.split())


def test_what_stands_above_the_main_heading_is_no_text_unless_it_is_a_sentence() -> None:
    blocks = ["Home Internet", "### Related", "Closed on Monday.", "# Bills", "Text."]
    assert from_heading_on(blocks) == ["Closed on Monday.", "# Bills", "Text."]
    assert from_heading_on(["Home", "Text."]) == ["Home", "Text."]
