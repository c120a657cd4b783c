"""Texts that say of themselves that their customer is not to know."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from bounded import bounded
from northloop.stages.data.doubts import Doubt, doubts
from northloop.stages.data.prepare import PrepareSpec, prepare
from northloop.stages.data.sources import KEPT, SourceFile, layout, read
from northloop.stages.data.sources.withheld import is_kept_from_customer

NOTE = "It was our fault, do not tell him."
WORDS = ("tent", "stove", "rope", "boot", "map", "ski", "lamp", "bottle", "glove", "knife")


@pytest.mark.parametrize(
    "text",
    [NOTE, "We pay, but don't mention it to anybody.", "Never let the customer find out.",
     "Bitte dem Kunden nichts davon sagen.", "Sagt ihr nichts.", "Ne surtout pas lui dire.",
     "Ne le mentionnez à personne.", "No decirle que hay lista.", "Que no se entere nadie.",
     "Non dirgli della lista.", "Non ditelo in giro.", "Não lhe digam que há lista.",
     "Zeg hem niet dat het ligt.", "Zeg het tegen niemand.", "Proszę mu nie mówić.",
     "Nikomu o tym nie wspominać.", "本人に言わないこと。", "お客様には伝えないでください。"],
)  # fmt: skip
def test_it_is_said_in_nine_languages(text: str) -> None:
    assert is_kept_from_customer(text)


@pytest.mark.parametrize(
    "text",
    ["Please do not tell anyone your password.", "Don't mention it!", "Let him know that it comes.",
     "Bitte sagen Sie ihm Bescheid.", "Wir können ihr nicht helfen.", "Ne dites pas cela, merci !",
     "No se lo enviamos hoy.", "Non le dica di no.", "Zeg het ons als het niet komt.",
     "お客様に最適です。", "The customer does not pay."],
)  # fmt: skip
def test_other_wishes_are_of_public_messages(text: str) -> None:
    assert not is_kept_from_customer(text)


def test_it_is_looked_for_in_bounded_time() -> None:
    with bounded():
        assert not is_kept_from_customer("do not tell " * 20_000)
        assert not is_kept_from_customer("dem kunden das das davon " * 20_000)


def messages(folder: Path, notes: int, talks: int) -> SourceFile:
    rows: list[Sequence[object]] = [("case", "at", "side", "text")]
    for n in range(talks):
        a, b = WORDS[n % 10], WORDS[n // 10]
        said = [
            ("customer", f"Where is my {a} with the {b} now?"),
            ("agent", f"The {a} comes with the {b} tomorrow."),
            ("customer", f"When does the {a} with the {b} come?"),
            ("agent", f"The {a} and the {b} come at noon, we call you."),
        ]
        if n < notes:
            said.insert(2, ("agent", f"The {a} is lost, do not tell her about the {b}."))
        rows += [(n, f"2026-03-{n % 28 + 1:02} 10:{i:02}", *one) for i, one in enumerate(said)]
    path = folder / "export.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return SourceFile(path)


def doubted(source: SourceFile) -> list[Doubt]:
    made = prepare(PrepareSpec(), [source])
    assert "do not tell" not in str([*made.examples, *made.tickets, *made.quarantine])
    return doubts(made, {source.label: layout(source)}, PrepareSpec())


@pytest.mark.parametrize(("notes", "is_refused"), [(0, None), (1, False), (2, True)])
def test_notes_that_nothing_marks_are_left_out_with_their_case_and_several_refuse_the_export(
    tmp_path: Path, notes: int, is_refused: bool | None
) -> None:
    found = doubted(messages(tmp_path, notes, talks=40))
    assert [not doubt.is_notice for doubt in found] == ([] if is_refused is None else [is_refused])
    if found:
        assert KEPT in found[0].what
        assert f"{2 * notes} of 80 rows" in found[0].what
        assert "messages.private" in found[0].action


def test_a_row_whose_reply_says_so_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f'question,reply\nWhere is it?,It comes.\nWhat is it?,"{NOTE}"\n')
    one, two = read(SourceFile(path))
    assert getattr(one, "reply", "") == "It comes."
    assert getattr(two, "reason", "") == KEPT
