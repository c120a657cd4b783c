from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import pytest

from northloop.core.errors import InputError
from northloop.core.interaction import (
    KEEPING,
    WORKING,
    HandoffReason,
    Interaction,
    Origin,
    Question,
)
from northloop.stages.serving.answer import AnswerPath
from northloop.stages.serving.deliver import deliver
from stages.serving.shop import question


class Journal:
    def __init__(self) -> None:
        self.kept: dict[str, Interaction] = {}
        self.handed: list[str] = []

    def find(self, interaction_id: str) -> Interaction | None:
        return self.kept.get(interaction_id)

    @contextmanager
    def entering(self, interaction: Interaction) -> Iterator[Callable[[], Interaction]]:
        yield lambda: self.keep(interaction)

    def keep(self, interaction: Interaction) -> Interaction:
        self.kept[interaction.interaction_id] = interaction
        return interaction

    def hand_over(self, interaction: Interaction) -> None:
        self.handed.append(interaction.interaction_id)


def test_the_answer_is_kept_before_its_last_piece_goes_out(
    make_path: Callable[..., AnswerPath],
) -> None:
    journal = Journal()
    said = ""
    for piece in deliver(make_path(), question("Can I return a tent?"), journal):
        if isinstance(piece, str):
            said += piece
            whole = said == "You can return it within 45 days."
            assert whole == ("i1" in journal.kept)
    assert journal.kept["i1"].answer == said


def test_a_hand_off_is_kept_before_it_goes_out(make_path: Callable[..., AnswerPath]) -> None:
    journal = Journal()
    pieces = deliver(make_path(), question("human please"), journal)
    assert next(pieces) is KEEPING
    assert journal.kept == {}
    assert next(pieces)
    assert journal.kept["i1"].handoff


def test_a_question_is_not_answered_twice(make_path: Callable[..., AnswerPath]) -> None:
    journal = Journal()
    first = list(deliver(make_path("Yes, you can."), question("Can I return a tent?"), journal))
    again = list(deliver(make_path("No."), question("Can I return a tent?"), journal))
    assert "".join(str(p) for p in first[:-1]) == "".join(str(p) for p in again[:-1])
    assert first[-1] is again[-1]


def test_what_is_asked_under_a_new_id_is_not_looked_up(
    make_path: Callable[..., AnswerPath], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []
    monkeypatch.setattr(Journal, "find", lambda _, name: looked_up.append(name))
    for is_new in (True, False):
        asked = msgspec.structs.replace(question("human please"), is_new=is_new)
        assert isinstance([*deliver(make_path(), asked, Journal())][-1], Interaction)
    assert looked_up == ["i1"]


def test_an_answer_nobody_waited_for_is_not_kept(make_path: Callable[..., AnswerPath]) -> None:
    journal = Journal()
    pieces = deliver(make_path(), question("Can I return a tent?"), journal)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert journal.kept == {}


def test_what_another_process_answered_first_is_what_goes_out(
    make_path: Callable[..., AnswerPath],
) -> None:
    class Shared(Journal):
        def find(self, interaction_id: str) -> Interaction | None:
            return None

        def keep(self, interaction: Interaction) -> Interaction:
            return self.kept.setdefault(interaction.interaction_id, interaction)

    journal, asked = Shared(), question("Can I return a tent?")
    first = list(deliver(make_path("Yes, you can."), asked, journal))
    second = list(
        deliver(make_path("No.", logprob=-3.0), question("Can I return a  tent?"), journal)
    )
    assert [p for p in second if p != WORKING] == [p for p in first if p != WORKING]


@pytest.mark.parametrize(
    "other",
    [
        msgspec.structs.replace(question("Can I return a tent?"), tenant="other"),
        msgspec.structs.replace(question("Can I return a tent?"), origin=Origin.PLAYGROUND),
        question("Can I return a stove?"),
    ],
    ids=["tenant", "circle", "words"],
)
@pytest.mark.parametrize("at_once", [False, True])
def test_an_id_of_another_question_gives_nothing_of_it(
    make_path: Callable[..., AnswerPath], other: Question, at_once: bool
) -> None:
    class Racing(Journal):
        def find(self, interaction_id: str) -> Interaction | None:
            return None if at_once else super().find(interaction_id)

        def keep(self, interaction: Interaction) -> Interaction:
            return self.kept.setdefault(interaction.interaction_id, interaction)

    journal = Racing()
    list(deliver(make_path(), question("Can I return a tent?"), journal))
    pieces: list[str | Interaction] = []
    with pytest.raises(InputError, match="taken by another question") as refused:
        pieces.extend(p for p in deliver(make_path(), other, journal) if p != WORKING)
    assert pieces == []
    assert "tent" not in str(refused.value)
    assert "45 days" not in str(refused.value)


def test_a_record_that_does_not_name_what_was_asked_is_known_by_its_words(
    make_path: Callable[..., AnswerPath],
) -> None:
    journal = Journal()
    list(deliver(make_path(), question("Can I return a tent?"), journal))
    journal.kept["i1"] = msgspec.structs.replace(journal.kept["i1"], asked="")
    *_, again = deliver(make_path("No."), question("Can I return a tent?"), journal)
    assert again is journal.kept["i1"]
    with pytest.raises(InputError, match="taken"):
        list(deliver(make_path(), question("Can I return a stove?"), journal))


def test_where_it_is_not_given_again_a_colleague_is_told_before_the_customer(
    make_path: Callable[..., AnswerPath],
) -> None:
    journal = Journal()
    asked = question("Can I return a tent?")
    [*_, first] = deliver(make_path(), asked, journal)
    assert isinstance(first, Interaction) and first.answers
    pieces = deliver(make_path(rejected=lambda *_: True), asked, journal)
    assert "colleague" in str(next(pieces)) and journal.handed == ["i1"]
    [again] = pieces
    assert isinstance(again, Interaction) and again.handoff is HandoffReason.REJECTED
    assert journal.kept["i1"] is first
    list(deliver(make_path(), asked, journal))
    assert journal.handed == ["i1"]
