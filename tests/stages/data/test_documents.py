"""Articles and the passages cut from them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bounded import bounded
from northloop.core.check import check, passes
from northloop.core.conversation import Document
from northloop.core.errors import InputError
from northloop.core.tables import table
from northloop.stages.data.documents import (
    MAX_PASSAGE_WORDS,
    Unread,
    passages,
    read_folder,
)
from northloop.stages.serving.quote.sentences import sentences

ARTICLE = """# Returns

You have **45 days** to [send it back](https://shop.example/returns).

## How to

1. Print the `label`.
2. Drop the parcel off.

```
# not a heading
```
"""


def test_a_folder_is_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "returns.md").write_text(ARTICLE)
    (tmp_path / "more" / "shop-hours.txt").write_text("Open from 9 to 5.")
    page = "<html><title>Gift cards</title><h2>Use</h2><p>At the till.</p></html>"
    (tmp_path / "page.html").write_text(page)
    (tmp_path / "front.md").write_text("---\ntitle: Delivery\n---\nFive days.")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    found = read_folder(tmp_path).documents
    assert [(d.document_id, d.title) for d in found] == [
        ("front", "Delivery"),
        ("more/shop-hours", "Shop hours"),
        ("page", "Gift cards"),
        ("returns", "Returns"),
    ]
    assert [p.title for p in passages(found) if p.document_id == "page"] == ["Gift cards › Use"]


def test_passages_follow_the_headings_without_marks() -> None:
    found = passages([Document("returns", "Returns", ARTICLE)])
    assert [(p.passage_id, p.title) for p in found] == [
        ("returns#1", "Returns"),
        ("returns#2", "Returns › How to"),
    ]
    assert found[0].text == "You have 45 days to send it back."
    assert "Print the label." in found[1].text
    assert "# not a heading" in found[1].text


def test_long_sections_are_cut_and_nothing_is_lost() -> None:
    sentences = [f"Sentence number {n} says something about tents." for n in range(60)]
    text = "# T\n\n" + " ".join(sentences) + "\n\n" + "word " * 200
    found = passages([Document("d", "T", text)])
    assert all(len(p.text.split()) <= MAX_PASSAGE_WORDS for p in found)
    together = " ".join(p.text for p in found).split()
    assert len(together) == 60 * 7 + 200


def test_missing_and_empty_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_folder(tmp_path / "nowhere")
    with pytest.raises(InputError, match="holds no document"):
        read_folder(tmp_path)


def test_links_that_lead_outside_the_folder_are_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("The code of the safe is 4711.")
    kept = tmp_path / "kept"
    (kept / "data").mkdir(parents=True)
    (kept / "data" / "returns.md").write_text(ARTICLE)
    (kept / "inside.md").symlink_to(Path("data") / "returns.md")
    (kept / "secret.md").symlink_to(tmp_path / "secret.md")
    (kept / "round.md").symlink_to(kept / "round.md")
    (tmp_path / "folder").symlink_to(kept)
    found = read_folder(tmp_path / "folder")
    assert [d.document_id for d in found.documents] == ["data/returns", "inside"]
    assert [one.path for one in found.unread] == ["secret.md"]
    assert "outside the folder" in found.problems[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("marks.md", "**a " * 40_000),
        ("links.md", "[a](" * 40_000),
        ("brackets.md", "[" * 200_000),
        ("heading.md", "# a" + " " * 3_000 + "b"),
        ("front.md", "---\ntitle: a" + " " * 100_000 + "b\n---\nText."),
        ("headings.html", "<h1>" * 40_000),
        ("open.html", "<h1 " * 40_000),
    ],
)
def test_marks_without_an_end_take_no_time(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(f"{text}\n\nLast.")
    with bounded():
        assert passages(read_folder(tmp_path).documents)


def test_marks_links_and_headings_are_read_as_they_are_meant() -> None:
    text = "**a b** __c__ `d` ** e** f** [g](h) ![i](j) [k] (l) [m [n](o) **p\nq** **`r`** 2**3"
    [found] = passages([Document("d", "D", text)])
    assert found.text == "a b c d ** e** f** g i [k] (l) m [n **p q** `r` 2**3"
    headings = "## One ##\na\n\n###### Two # 2\nb\n\n####### No\n\n#No\n\n# #\nc"
    assert [p.title for p in passages([Document("d", "D", headings)])] == [
        "D › One",
        "D › Two # 2",
        "D › #",
    ]


def test_the_headings_of_a_page_end_where_they_end(tmp_path: Path) -> None:
    page = "<TITLE>A</Title><h1 class='x'>B</H1>\nb<h2>C <b>D</b></h2>d<h3>E</h4>e"
    (tmp_path / "page.html").write_text(f"<html>{page}</html>")
    [document] = read_folder(tmp_path).documents
    assert document.title == "B"
    assert [(p.title, p.text) for p in passages([document])] == [
        ("B", "b"),
        ("B › C D", "d"),
        ("B › E", "e"),
    ]


@pytest.mark.parametrize("content", ["", " \n\t\n", "<html><p> </p></html>"])
def test_an_emptied_file_says_nothing_and_is_no_file_that_cannot_be_read(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / "returns.md").write_text(ARTICLE)
    emptied = "page.html" if content.startswith("<") else "page.md"
    (tmp_path / emptied).write_text(content)
    reading = read_folder(tmp_path)
    assert [d.document_id for d in reading.documents] == ["returns"]
    assert reading.unread == ()
    assert reading.problems == (f"{emptied}: it is empty: what it said before is gone",)


def test_a_table_that_is_too_long_is_cut_between_rows_each_part_with_its_heading(
    tmp_path: Path,
) -> None:
    rows = "\n".join(f"| Thing {n} | £{n} | {n} days |" for n in range(1, 31))
    (tmp_path / "a.md").write_text(
        f"# Hire\n\nBy thing:\n| What | Rent | Term |\n|---|---|---|\n{rows}\n"
    )
    found = [passage.text for passage in passages(read_folder(tmp_path).documents)]
    tables = [table(text) for text in found]
    assert len(found) > 2 and found[0].startswith("By thing: | What")
    assert {t.head for t in tables if t} == {"| What | Rent | Term |"}
    assert [row for t in tables if t for row in t.rows] == rows.splitlines()
    assert all(len(text.split()) <= MAX_PASSAGE_WORDS for text in found)


def test_nothing_of_a_long_table_with_an_uneven_row_is_lost(tmp_path: Path) -> None:
    rows = [f"| Thing {n} | £{n} | {n} days |" for n in range(1, 31)]
    rows[3] = "| Thing 4 | £4 |"
    table_ = "\n".join(["| What | Rent | Term |", "|---|---|---|", *rows])
    (tmp_path / "a.md").write_text(f"# Hire\n\n{table_}\n")
    found = [passage.text for passage in passages(read_folder(tmp_path).documents)]
    assert " ".join(found).split() == table_.split()


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("plans.md", "Plan | Price\n--- | ---\n**Basic** | £5\n[Plus](/plus) | `£7`"),
        ("plans.md", "| Plan | Price |\n|:-:|-|\n| Basic | £5 |\n| Plus | £7 |"),
        ("plans.txt", "Plan\tPrice\nBasic\t£5\nPlus\t£7"),
        (
            "plans.html",
            "<table><tr><th>Plan<th>Price<tr><td><b>Basic</b><td>£5<tr><td>Plus<td>£7</table>",
        ),
    ],
)
def test_rows_of_a_table_can_be_quoted_however_it_is_written(
    tmp_path: Path, name: str, table: str
) -> None:
    heading = "<h1>Plans</h1>" if name.endswith("html") else "# Plans"
    (tmp_path / name).write_text(f"{heading}\n\nBy the month:\n{table}\n\nPlus VAT.\n")
    found = passages(read_folder(tmp_path).documents)
    written = [f"{one.title}\n{one.text}" for one in found]
    said = [one for one in sentences(found) if one.row]
    assert [(one.head, one.text) for one in said] == [
        ("| Plan | Price |", "| Basic | £5 |"),
        ("| Plan | Price |", "| Plus | £7 |"),
    ]
    assert all(passes(check(one.text, written)) for one in said)
    assert not passes(check("| Plus | £5 |", written))


def test_documents_of_other_forms_are_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Text.")
    (tmp_path / "old.doc").write_bytes(b"x")
    (tmp_path / "style.css").write_text("x")
    assert read_folder(tmp_path).problems == ("old.doc: .doc is not read: save it as .docx",)


def test_another_version_of_a_document_is_named(tmp_path: Path) -> None:
    for year, price in (("2023", "60"), ("2025", "35")):
        (tmp_path / f"moving-{year}.md").write_text(
            f"# Moving\n\nMoving the line costs {price} pounds."
        )
    (tmp_path / "other.md").write_text("# Moving\n\nBoxes are in the cellar.")
    [doubt] = read_folder(tmp_path).doubts
    assert doubt.path == "moving-2025"
    assert 'called "Moving" as moving-2023 is' in doubt.why


def test_a_heading_that_comes_again_is_told_with_the_one_above(tmp_path: Path) -> None:
    (tmp_path / "manual.md").write_text(
        "# Manual\n\n## Desk\n\n### Steps\n\nLift it.\n\n## Bed\n\n### Steps\n\nPush it."
        "\n\n### Oil\n\nOnce."
    )
    assert [p.title for p in passages(read_folder(tmp_path).documents)] == [
        "Manual › Desk › Steps",
        "Manual › Bed › Steps",
        "Manual › Oil",
    ]


def test_a_folder_that_cannot_be_read_is_named_and_holds_what_it_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("hours.md", "rules/returns.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# One\n\nFrom 9.", "utf-8")
    shut = tmp_path / "rules"

    def scanned(path: str, plain: Callable[[str], object] = os.scandir) -> object:
        if Path(path) == shut:
            raise PermissionError(errno.EACCES, "Permission denied", str(shut))
        return plain(path)

    monkeypatch.setattr(os, "scandir", scanned)
    read = read_folder(tmp_path)
    assert [d.document_id for d in read.documents] == ["hours"]
    [one] = read.unread
    assert (one.path, one.why) == ("rules/", "the folder cannot be read: Permission denied")
    assert one.held("rules/returns") and not one.held("rules") and not one.held("hours")
    shut = tmp_path
    with pytest.raises(InputError, match=r"cannot be read.*let this user read"):
        read_folder(tmp_path)


def test_what_a_file_may_have_held() -> None:
    assert Unread("faq.csv", "").held("faq/one") and Unread("a/faq.xlsx", "").held("a/faq/one")
    assert Unread("faq.md", "").held("faq") and not Unread("faq.md", "").held("faq/one")


CODE = """# Connect

Two lines:

```bash
ssh -p 2222 \\
  you@shop.example
```

1. Open *Access*.
   - No key yet? Make one:

     ~~~
     ssh-keygen

     cat key.pub
     ~~~

   - It is in `key.pub`.
2. Wait.

The prompt ```$``` is not typed.

## After it

Done.
"""


def test_code_keeps_its_lines_and_items_within_items_their_place() -> None:
    found = passages([Document("ssh", "Connect", CODE)])
    assert [passage.title for passage in found] == ["Connect", "Connect › After it"]
    assert found[0].text.split("\n") == [
        "Two lines:",
        "```",
        "ssh -p 2222 \\",
        "  you@shop.example",
        "```",
        "1. Open Access.",
        "  - No key yet? Make one:",
        "```",
        "ssh-keygen",
        "",
        "cat key.pub",
        "```",
        "  - It is in key.pub.",
        "2. Wait.",
        "The prompt `$` is not typed.",
    ]


def test_a_fence_that_nothing_closes_hides_nothing() -> None:
    found = passages([Document("a", "A", "Say:\n\n```\nopen\n\nThe rest.")])
    assert [passage.text for passage in found] == ["Say:\nopen\nThe rest."]


def test_long_code_is_cut_between_lines() -> None:
    lines = [f"set value_{n} = {n}" for n in range(60)]
    found = passages([Document("a", "A", "\n".join(["```", *lines, "```"]))])
    code = [passage.text.split("\n") for passage in found]
    assert len(code) > 1 and all(one[0] == one[-1] == "```" for one in code)
    assert [line for one in code for line in one[1:-1]] == lines


@pytest.mark.parametrize("lead", ["Error codes:", "- MX", "As follows:\n\n- MX"])
def test_what_leads_to_something_is_not_cut_from_it(lead: str) -> None:
    text = f"{'word ' * 80}\n\n{lead}\n\n  - {'more ' * 20}"
    found = passages([Document("a", "A", text)])
    assert [passage.text.split()[0] for passage in found] == ["word", lead.split()[0]]
