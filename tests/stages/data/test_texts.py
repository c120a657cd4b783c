"""Text and Markdown as people write them."""

from __future__ import annotations

import pytest

from northloop.stages.data.texts import from_text


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "windows-1252"])
def test_a_text_is_read_in_its_encoding(charset: str) -> None:
    assert from_text("Rücksendung für 5 €".encode(charset)).text == "Rücksendung für 5 €"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "FAQ\n===\n\nQ: Open on Sunday?\nA: No.\n\n**Q: Cash?**\n**A:** Up to\n  150.\n",
            "# FAQ\n\n## Open on Sunday?\n\nNo.\n\n## Cash?\n\nUp to\n  150.",
        ),
        ("Oil\n---\n\nOnce.", "## Oil\n\nOnce."),
        ("One.\n\n---\n\nTwo.", "One.\n\n---\n\nTwo."),
        ("![A sofa](sofa.jpg)\n\nText.", "Text."),
        ('<div class="note">\n\n**Mind** it.\n\n</div>', "**Mind** it."),
        ('<div class="note">Cats <b>scratch</b>.</div>', "Cats **scratch**."),
        ("<details><summary>Why?</summary>\n\nSo.\n\n</details>", "### Why?\n\nSo."),
        ("Press <kbd>F5</kbd> or `<b>`.", "Press F5 or `<b>`."),
        ("<!-- internal -->Text.", "Text."),
        ("Free.[^1]\n\nMore.\n\n[^1]: On weekdays.", "Free.\n\nOn weekdays.\n\nMore."),
        ("<table><tr><th>A</th><th>B</th></tr>\n<tr><td>1</td><td>2</td></tr></table>",
         "| A | B |\n| --- | --- |\n| 1 | 2 |"),
        ("```\n<div>\n===\n```", "```\n<div>\n===\n```"),
    ],
)  # fmt: skip
def test_a_text_is_read_as_it_is_shown(text: str, read: str) -> None:
    told = from_text(text.encode()).text
    assert [line for line in told.split("\n") if line] == [x for x in read.split("\n") if x]
