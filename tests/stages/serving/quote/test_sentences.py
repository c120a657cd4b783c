from __future__ import annotations

from northloop.core.conversation import Document, Passage
from northloop.stages.data.documents import passages
from northloop.stages.serving.quote.sentences import MOST_CHARS, sentences, split


def quotable(text: str) -> list[tuple[str, bool]]:
    found = sentences([Passage("d#1", "d", "Title", text)])
    return [(sentence.text, sentence.row) for sentence in found]


def test_sentences_are_parted_word_for_word() -> None:
    text = 'It says "Announced". Orders over approx. 20 kg take longer, e.g. tents. Ask us!'
    assert split(text) == [
        'It says "Announced".',
        "Orders over approx. 20 kg take longer, e.g. tents.",
        "Ask us!",
    ]
    assert all(piece in text for piece in split(text))


def test_items_of_a_list_stay_whole() -> None:
    assert quotable("Bring this:\n- a passport. Or a card.\n2. a letter") == [
        ("Bring this:", False),
        ("- a passport. Or a card.", True),
        ("2. a letter", True),
    ]


def test_a_table_that_was_put_on_one_line_has_its_rows_again() -> None:
    document = Document(
        "d", "T", "# T\n\n| To | Days |\n|---|---|\n| Spain | 4 |\n| Norway | 9 |\n"
    )
    found = sentences(passages([document]))
    assert [s.text for s in found] == ["| Spain | 4 |", "| Norway | 9 |"]
    assert {s.head for s in found} == {"| To | Days |"}


def test_what_is_no_sentence_is_not_quoted() -> None:
    assert quotable("x" * (MOST_CHARS + 1)) == []
    assert quotable("") == []
    assert quotable("|---|") == []


def test_other_scripts_are_parted_too() -> None:
    assert split("退货期限为45天。请联系我们。") == ["退货期限为45天。", "请联系我们。"]


def test_brackets_are_not_parted() -> None:
    text = "Measure it by cable (any will do. Six is best), without Wi-Fi. Then call us (at 9)."
    assert split(text) == [text[:62], text[63:]]
    assert split("It is (as ever) late. Wait.") == ["It is (as ever) late.", "Wait."]
    assert split("Either way (see below. Or call us.") == ["Either way (see below.", "Or call us."]
