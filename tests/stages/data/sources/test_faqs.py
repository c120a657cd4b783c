"""FAQs in Markdown become pairs, articles do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.core.conversation import RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.sources import SourceFile, detect, layout, read
from northloop.stages.data.sources.faqs import is_faq, rows

SHIP, SHIPPED = "Do you ship to Norway?", "Yes, within five working days."
COST, COSTS = "What does shipping cost?", "19 euros."
PAIRS = [(SHIP, SHIPPED), (COST, COSTS)]
TABLE = f"""\
# FAQ

| Question | Answer |
|:---|---:|
| {SHIP} | {SHIPPED} |
| {COST} | {COSTS} |
"""
WAYS = {
    "a table": TABLE,
    "a table without bars around": f"Frage | Antwort\n--- | ---\n{SHIP} | {SHIPPED}\n"
    f"{COST} | {COSTS}\n",
    "a table in French": f"| Question | Réponse |\n|---|---|\n| {SHIP} | {SHIPPED} |\n"
    f"| {COST} | {COSTS} |\n",
    "a table in Japanese": f"| 質問 | 回答 |\n|---|---|\n| {SHIP} | {SHIPPED} |\n"
    f"| {COST} | {COSTS} |\n",
    "headings": f"# FAQ\n\nWhat people ask.\n\n## {SHIP}\n\n{SHIPPED}\n\n## {COST}\n{COSTS}\n",
    "numbers": f"## 1. {SHIP}\n{SHIPPED}\n## 2. {COST} ##\n{COSTS}\n",
    "bold": f"**{SHIP}**\n\n{SHIPPED}\n\n---\n\n1. __{COST}__\n\n{COSTS}\n",
    "summaries": f"<details>\n<summary>{SHIP}</summary>\n\n{SHIPPED}\n</details>\n"
    f"<details><summary><b>{COST}</b></summary>\n{COSTS}\n</details>",
    "labels": f"**Q:** {SHIP}\n**A:** {SHIPPED}\n\nQ2. {COST}\nA: {COSTS}\n",
    "labelled headings": f"## Q: {SHIP}\nA: {SHIPPED}\n## Q: {COST}\n> {COSTS}\n",
}


def learnt(folder: Path, text: str, name: str = "faq.md") -> list[RawTicket]:
    path = folder / name
    path.write_text(text, "utf-8")
    assert not layout(SourceFile(path)).unsure
    return [row for row in read(SourceFile(path)) if isinstance(row, RawTicket)]


@pytest.mark.parametrize("way", [*WAYS])
@pytest.mark.parametrize("name", ["faq.md", "faq.markdown", "faq.txt"])
def test_questions_and_answers_are_pairs(way: str, name: str, tmp_path: Path) -> None:
    found = learnt(tmp_path, WAYS[way], name)
    assert [(row.question, row.reply) for row in found] == PAIRS


def test_what_questions_stand_under_is_their_topic(tmp_path: Path) -> None:
    shipping = f"## Shipping\n### {SHIP}\n{SHIPPED}\n### {COST}\n{COSTS}\n#### Abroad\n29.\n"
    text = f"# FAQ\n{shipping}## Returns\n### How long?\n30 days.\n"
    found = learnt(tmp_path, text)
    assert [row.intent for row in found] == ["Shipping", "Shipping", "Returns"]
    assert found[1].reply == f"{COSTS}\n\nAbroad\n29."


def test_tables_under_headings_and_with_more_columns(tmp_path: Path) -> None:
    head = "| No | Question | Answer |\n|---|---|---|\n"
    text = f"## Shipping\n{head}| 1 | {SHIP} | Yes \\| no<br>maybe |\n| 2 | {COST} | {COSTS} |\n"
    found = learnt(tmp_path, f"# FAQ\n{text}## Returns\n{head}| 3 | How long? | 30 days. |\n")
    assert [row.intent for row in found] == ["Shipping", "Shipping", "Returns"]
    assert found[0].reply == "Yes | no\nmaybe"
    own = TABLE.replace("Answer |", "Answer | Topic |").replace("--: |", "--: |---|")
    assert dict(next(rows(own.replace(". |", ". | Abroad |").splitlines())))["Topic"] == "Abroad"


def test_what_is_headed_as_a_note_is_left_out(tmp_path: Path) -> None:
    noted = (
        f"## Internal\n### What may we refund?\nSECRET 50 euros.\n## All\n### {SHIP}\n{SHIPPED}\n"
    )
    found = learnt(tmp_path, f"{noted}#### Internal note\nSECRET\n### {COST}\n{COSTS}\n")
    assert [(row.question, row.reply) for row in found] == PAIRS
    found = learnt(tmp_path, f"{TABLE}\n## Intern\n\n{TABLE[6:].replace(SHIPPED, 'SECRET')}")
    assert [(row.question, row.reply) for row in found] == PAIRS


def test_a_heading_that_asks_and_says_more(tmp_path: Path) -> None:
    said = f"{SHIP} I live there."
    found = learnt(tmp_path, f"## {said}\n{SHIPPED}\n## {COST} (Europe)\n{COSTS}\n")
    assert [row.question for row in found] == [said, f"{COST} (Europe)"]


@pytest.mark.parametrize(
    "text",
    [
        "# Returns\n## What can I return?\nAll.\n## How long\n30 days.\n## Costs\nNone.\n",
        f"# Shipping\n\n{SHIPPED}\n\n| Weight | Price |\n|---|---|\n| 1 kg | 19 |\n",
        f"# {SHIP}\n\n{SHIPPED}\n",
        f"```\n## {SHIP}\n{SHIPPED}\n## {COST}\n{COSTS}\n```\n",
        f"## {SHIP}\n## {COST}\n",
        "P. S. We ship to Norway.\nD. Smith asks: why?\n",
    ],
)
def test_an_article_is_no_faq(text: str, tmp_path: Path) -> None:
    assert not is_faq(text.splitlines())
    (path := tmp_path / "article.md").write_text(text)
    with pytest.raises(InputError, match="by its name this is an article"):
        detect(SourceFile(path))
