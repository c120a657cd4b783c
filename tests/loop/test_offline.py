"""What test questions come to: what customers would receive, or what people decide on."""

from __future__ import annotations

import msgspec
import pytest

from northloop.core.artefacts import AskedTreatment
from northloop.core.conversation import Example, Split
from northloop.core.interaction import HandoffReason
from northloop.core.treatment import Treatment
from northloop.loop.offline import received
from northloop.stages.evaluation.suite import Answered
from northloop.stages.serving.confidence import Signals
from northloop.stages.serving.generate import Generated
from stages.serving.shop import RELEASE
from stages.serving.test_policy import QUOTE, Says, candidate

DOUBTED, REFUSED = HandoffReason.NOT_CONFIDENT, HandoffReason.NOT_GROUNDED
ROW = Example(
    example_id="e",
    question="How long may I return a tent?",
    reply="Within 45 days.",
    intent="",
    split=Split.TEST,
    group="",
    count=1,
    origin=(),
)
LOST = msgspec.structs.replace(QUOTE, sent=False)
OVERRULED = msgspec.structs.replace(LOST, decided=True)
SURE, UNSURE = candidate(0.6), candidate(0.4)
INVENTED = candidate(0.6, "Within 90 days.")


def generated(handoff: HandoffReason | None) -> Generated:
    return Generated(
        answer="By the model.",
        hits=(),
        signals=Signals(
            tokens=4, mean_logprob=-1.0, min_logprob=-2.0, retrieval=0.5, claims=0,
            claims_supported=0, truncated=False,
        ),
        confidence=0.5,
        handoff=handoff,
        first_text_ms=0.0,
        generation_ms=1.0,
    )  # fmt: skip


def came(
    choice: AskedTreatment, way: Says, handoff: HandoffReason | None = DOUBTED, *, drafts: bool
) -> tuple[str, bool]:
    release = msgspec.structs.replace(RELEASE, first=(choice,), generates=True)
    [found] = received(release, {Treatment.QUOTE: way}, [ROW], [generated(handoff)], drafts=drafts)
    assert isinstance(found, Answered)
    return found.text, found.handed_off


def test_who_is_not_sure_enough_hands_off_and_has_a_draft() -> None:
    assert came(QUOTE, Says(SURE), drafts=False) == ("Within 45 days.", False)
    assert came(QUOTE, Says(UNSURE), drafts=False) == ("Within 45 days.", True)
    for said in (SURE, UNSURE):
        assert came(QUOTE, Says(said), drafts=True) == ("Within 45 days.", False)


def test_a_draft_that_the_check_refuses_is_none() -> None:
    assert came(QUOTE, Says(INVENTED), drafts=True) == ("Within 90 days.", True)


@pytest.mark.parametrize("choice", [LOST, OVERRULED])
def test_a_model_is_heard_where_nothing_that_won_has_a_draft(choice: AskedTreatment) -> None:
    assert came(choice, Says(SURE), drafts=True) == ("By the model.", False)
    assert came(choice, Says(SURE), None, drafts=True) == ("By the model.", False)
    assert came(choice, Says(SURE), REFUSED, drafts=True) == ("Within 45 days.", False)
    assert came(QUOTE, Says(None), drafts=True) == ("By the model.", False)
    assert came(QUOTE, Says(None), REFUSED, drafts=True) == ("", True)


def test_a_conversation_that_is_too_long_for_the_model_has_the_draft_of_a_treatment() -> None:
    release = msgspec.structs.replace(RELEASE, first=(LOST,), generates=True)
    [found] = received(release, {Treatment.QUOTE: Says(UNSURE)}, [ROW], [None], drafts=True)
    assert (found.text, found.handed_off) == ("Within 45 days.", False)
