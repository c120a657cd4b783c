from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

import msgspec
import pytest

from northloop.core.artefacts import AskedTreatment
from northloop.core.conversation import Message
from northloop.core.interaction import ApprovedAnswer, HandoffReason, Source
from northloop.core.treatment import Candidate, Mode, Treatment
from northloop.stages.serving.answer import AnswerPath
from northloop.stages.serving.handed_over import told
from northloop.testing.models import ScriptedEngine
from stages.serving.shop import PASSAGES, RELEASE, ask, question

MakePath = Callable[..., AnswerPath]
SAID = "You can return it within 45 days."
QUOTED = "You can return any tent within 45 days of delivery."
FIRST = msgspec.structs.replace(
    RELEASE,
    first=(AskedTreatment(treatment=Treatment.QUOTE, learnt="l" * 64, least=0.5),),
    generates=False,
)


class Quotes:
    """A treatment that quotes the same passage whatever is asked."""

    def __init__(self, sure: float) -> None:
        self._sure = sure

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        return Candidate(
            treatment=Treatment.QUOTE,
            text=QUOTED,
            confidence=self._sure,
            citations=("returns#1",),
            evidence=(PASSAGES[0].hash,),
            vouching=(PASSAGES[0].text,),
        )


def parts(sure: float, mode: Mode, certified: float = inf, **changes: object) -> dict[str, object]:
    return {
        "release": FIRST,
        "treatments": lambda *_: {Treatment.QUOTE: Quotes(sure)},
        "mode": mode,
        "certified": lambda _: certified,
        **changes,
    }


def test_what_is_quoted_comes_with_its_passage(make_path: MakePath) -> None:
    text, kept = ask(make_path(**parts(0.6, Mode.OPEN)), question("May I return a tent?"))
    assert text == kept.answer == QUOTED
    assert (kept.source, kept.treatment, kept.sure) == (Source.QUOTE, "quote", 0.6)
    assert kept.evidence == (PASSAGES[0].hash,) and kept.citations == ("returns#1",)
    assert [s.name for s in kept.trace][-1] == "treatments"


@pytest.mark.parametrize(
    ("sure", "mode", "certified", "reason"),
    [
        (0.6, Mode.OPEN, inf, None),
        (0.4, Mode.OPEN, 0.0, HandoffReason.NOT_CONFIDENT),
        (0.6, Mode.CERTIFIED, inf, HandoffReason.NOT_CERTIFIED),
        (0.6, Mode.CERTIFIED, 0.7, HandoffReason.NOT_CERTIFIED),
        (0.4, Mode.CERTIFIED, 0.3, None),
        (1.0, Mode.DRAFT, 0.0, HandoffReason.NOT_CERTIFIED),
    ],
)
def test_what_goes_out_without_a_person(
    make_path: MakePath,
    sure: float,
    mode: Mode,
    certified: float,
    reason: HandoffReason | None,
) -> None:
    text, kept = ask(make_path(**parts(sure, mode, certified)), question("May I return a tent?"))
    assert kept.handoff is reason
    if reason is None:
        assert text == QUOTED
        return
    assert text == told(reason)
    assert (kept.draft, kept.treatment, kept.sure) == (QUOTED, "quote", sure)
    assert kept.evidence == (PASSAGES[0].hash,)
    assert kept.confidence == 0.0


@pytest.mark.parametrize(
    ("favoured", "certified", "sent"),
    [
        (None, inf, False),
        (True, inf, False),
        (True, 0.7, False),
        (True, 0.5, True),
        (None, 0.5, True),
    ],
)
def test_what_did_not_win_is_sent_from_where_on_it_is_certified(
    make_path: MakePath, favoured: bool | None, certified: float, sent: bool
) -> None:
    """Most of its drafts may be right, and hardly one of which it is hardly sure."""
    choice = msgspec.structs.replace(FIRST.first[0], sent=False, least=0.0)
    lost = msgspec.structs.replace(FIRST, first=(choice,))
    by_people = {"release": lost, "favoured": lambda _: favoured}
    path = make_path(**parts(0.6, Mode.OPEN, certified, **by_people))
    _, kept = ask(path, question("May I return a tent?"))
    assert kept.answer == QUOTED if sent else kept.draft == QUOTED


def test_what_earlier_versions_sealed_as_favoured_is_sent_where_it_is_certified(
    make_path: MakePath,
) -> None:
    choice = msgspec.structs.replace(FIRST.first[0], decided=True, least=0.0)
    sealed = msgspec.structs.replace(FIRST, first=(choice,))
    _, kept = ask(make_path(**parts(0.6, Mode.OPEN, release=sealed)), question("A tent?"))
    assert kept.draft == QUOTED


@pytest.mark.parametrize("mode", [Mode.CERTIFIED, Mode.DRAFT])
def test_what_the_model_says_is_a_draft_too(make_path: MakePath, mode: Mode) -> None:
    path = make_path(mode=mode)
    text, kept = ask(path, question("Can I return a tent?"))
    assert kept.handoff is HandoffReason.NOT_CERTIFIED
    assert text == told(HandoffReason.NOT_CERTIFIED)
    assert kept.draft == "You can return it within 45 days."
    assert kept.treatment == "generated" and kept.sure > 0.3


def test_a_draft_is_not_kept_for_the_next_customer(make_path: MakePath) -> None:
    path = make_path(mode=Mode.DRAFT)
    ask(path, question("Can I return a tent?"))
    _, again = ask(path, question("Can I return a tent?", interaction_id="i2"))
    assert again.source is Source.HANDOFF


def test_what_a_reviewer_has_judged_wrong_is_not_quoted_again(make_path: MakePath) -> None:
    rejected = {"rejected": lambda _asking, answer, _since: answer == QUOTED}
    path = make_path(**parts(0.9, Mode.OPEN, **rejected))
    text, kept = ask(path, question("May I return a tent?"))
    assert kept.handoff is HandoffReason.REJECTED and QUOTED not in text
    assert not kept.draft


@pytest.mark.parametrize(
    ("mode", "source"), [(Mode.OPEN, Source.CACHE), (Mode.DRAFT, Source.HANDOFF)]
)
def test_what_was_cached_while_all_was_open_is_bound_by_the_mode_of_now(
    make_path: MakePath, mode: Mode, source: Source
) -> None:
    ask(make_path(), question("Can I return a tent?"))
    _, again = ask(make_path(mode=mode), question("Can I return a tent?", interaction_id="i2"))
    assert again.source is source


def test_a_value_that_nobody_vouches_for_is_no_decision_for_a_certificate(
    make_path: MakePath,
) -> None:
    class Invents(Quotes):
        def answer(self, messages: Sequence[Message]) -> Candidate | None:
            found = super().answer(messages)
            assert found is not None
            return msgspec.structs.replace(found, text="Within 99 days.")

    path = make_path(
        **parts(0.9, Mode.CERTIFIED, treatments=lambda *_: {Treatment.QUOTE: Invents(0.9)})
    )
    _, kept = ask(path, question("May I return a tent?"))
    assert kept.handoff is HandoffReason.NOT_GROUNDED


def test_where_a_treatment_is_unsure_the_model_is_asked_if_it_may(make_path: MakePath) -> None:
    release = msgspec.structs.replace(FIRST, generates=True)
    _, kept = ask(make_path(**parts(0.2, Mode.OPEN, release=release)), question("Return a tent?"))
    assert kept.source is Source.GENERATED


def test_the_draft_of_a_treatment_comes_before_what_the_model_was_held_back_for(
    make_path: MakePath,
) -> None:
    release = msgspec.structs.replace(FIRST, generates=True)
    path = make_path("Within 99 days.", **parts(0.2, Mode.OPEN, release=release))
    _, kept = ask(path, question("Return a tent?"))
    assert kept.source is Source.HANDOFF and kept.draft == QUOTED


TAKEN = {"own_mode": Mode.DRAFT}


@pytest.mark.parametrize("mode", list(Mode))
def test_where_a_person_answers_all_that_would_be_said_is_a_draft(
    make_path: MakePath, mode: Mode
) -> None:
    quoting = make_path(**parts(0.9, mode, 0.3), **TAKEN)
    for path, draft in ((quoting, QUOTED), (make_path(mode=mode, **TAKEN), SAID)):
        text, kept = ask(path, question("May I return a tent?"))
        assert kept.handoff is HandoffReason.TAKEN_OVER and kept.source is Source.HANDOFF
        assert text == kept.answer == told(HandoffReason.TAKEN_OVER)
        assert (kept.draft, kept.confidence) == (draft, 0.0)


def test_where_a_person_answers_neither_approved_nor_cached_answers_are_sent(
    make_path: MakePath,
) -> None:
    approved = ApprovedAnswer(
        approved_id="a1", question="May I?", answer="You may.", origin="", at=""
    )
    ask(make_path(), question("Can I return a tent?"))
    for said, draft in (("May I?", "You may."), ("Can I return a tent?", SAID)):
        path = make_path(approved=(approved,), **TAKEN)
        text, kept = ask(path, question(said, interaction_id=said))
        assert kept.handoff is HandoffReason.TAKEN_OVER and draft not in text
        assert kept.draft == draft


def test_what_could_not_be_sent_anywhere_is_no_draft_for_who_answers(make_path: MakePath) -> None:
    rejected = {"rejected": lambda _asking, answer, _since: answer == QUOTED}
    _, kept = ask(make_path(**parts(0.9, Mode.OPEN, **rejected), **TAKEN), question("May I?"))
    assert (kept.handoff, kept.draft) == (HandoffReason.TAKEN_OVER, "")


def test_who_takes_a_conversation_over_while_it_is_answered_has_it(make_path: MakePath) -> None:
    said: list[Mode] = []

    def meanwhile(_prompt: str, _adapter: str) -> str:
        said.append(Mode.DRAFT)
        return SAID

    path = make_path(engine=ScriptedEngine(meanwhile, -0.1))
    held = msgspec.structs.replace(path._parts, own_mode=lambda _: said[-1] if said else None)
    text, kept = ask(AnswerPath(held), question("May I return a tent?"))
    assert said and kept.handoff is HandoffReason.TAKEN_OVER
    assert text == told(HandoffReason.TAKEN_OVER) and kept.draft == SAID


def test_who_asks_for_a_person_has_asked_for_one_wherever(make_path: MakePath) -> None:
    path = make_path(**parts(0.9, Mode.OPEN), **TAKEN)
    _, kept = ask(path, question("Let me speak to a human, please."))
    assert kept.handoff is HandoffReason.ASKED_FOR_HUMAN


@pytest.mark.parametrize(
    ("house", "own", "sent"),
    [
        (Mode.OPEN, Mode.CERTIFIED, False),
        (Mode.OPEN, None, True),
        (Mode.DRAFT, Mode.CERTIFIED, False),
        (Mode.DRAFT, Mode.OPEN, False),
    ],
)
def test_a_conversation_is_never_laxer_than_the_house(
    make_path: MakePath, house: Mode, own: Mode | None, sent: bool
) -> None:
    _, kept = ask(make_path(**parts(0.9, house), own_mode=own), question("May I return a tent?"))
    assert (kept.handoff is None) is sent
    assert kept.handoff in (None, HandoffReason.NOT_CERTIFIED)
