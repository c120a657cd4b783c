"""Articles and the passages cut from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.core.conversation import Document
from northloop.core.errors import InputError
from northloop.stages.data.documents import (
    MAX_PASSAGE_WORDS,
    passages,
    read_documents,
    read_folder,
)

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
    found = read_documents(tmp_path)
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
        read_documents(tmp_path / "nowhere")
    with pytest.raises(InputError, match="holds no document"):
        read_documents(tmp_path)


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
