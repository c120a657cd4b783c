"""Which treatment answers: the first one that is sure enough, as the release was sealed.

The one place where candidates are chosen, in serving and in evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice, zip_longest
from typing import TypeAlias

import msgspec

from northloop.core.artefacts import AskedTreatment
from northloop.core.check import Verdict, check, passes
from northloop.core.conversation import Message
from northloop.core.facts import facts
from northloop.core.interaction import HandoffReason
from northloop.core.question import normalised
from northloop.core.treatment import Candidate, Option, Treatment
from northloop.ports.treatments import Treating


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the treatments that were asked."""

    sent: Candidate | None = None
    """The answer of the first that was sure enough."""
    held: Candidate | None = None
    """Else a draft for the team, of the first that has one that passes the check: treatments are
    not equally sure of what is equally right. One that takes its own for wrong rather than right
    gives way to one that is surer. What was judged wrong is none, and what people decided against
    comes last."""
    lost: bool = False
    """The draft is of a treatment that did not win: one of the model that passes is preferred."""
    reason: HandoffReason | None = None
    """Why nothing is sent."""
    refused: tuple[Verdict, ...] = ()
    """The sentences of the draft that do not pass the check."""
    doubt: tuple[Option, ...] = ()
    """The documents that the customer may mean, where an answer from the likeliest could be
    sent."""


OFFERED = 3
"""So many answers are laid before an agent at most, the draft among them."""
LOOKED_AT = 8
"""So many of each treatment are looked at for them."""


EVEN = 0.5
"""What is no surer of a draft than that takes it for wrong rather than right."""
REMEMBERED = 10.0
"""So many times too sure the memory is, in odds, of what an agent once replied: its sureness was
learnt from questions like those that it remembers, and customers ask of other things, too. A quote
is as sure as it is right, or less."""
_Draft: TypeAlias = tuple[tuple[Verdict, ...], Candidate, AskedTreatment]


def _never(_: str) -> bool:
    return False


def choose(
    choices: Sequence[AskedTreatment],
    treatments: Mapping[Treatment, Treating],
    messages: Sequence[Message],
    is_rejected: Callable[[str], bool] = _never,
    *,
    certified: bool = False,
) -> Chosen:
    """Ask treatments in order, until one is sure enough of an answer that passes the check.

    What did not win, or is not sure at all, is a draft alone; so is what would go out but for a
    sentence that people write otherwise, or was said last to another question, and nothing else
    goes out instead. `is_rejected` says of a text whether a reviewer has judged it wrong as an
    answer to this. With `certified` a treatment is sent only where its draft would be the team's:
    people have decided on no others of it, so its certificate is of no others.
    """
    drafts: list[_Draft] = []
    doubt: tuple[Option, ...] = ()
    reason = HandoffReason.NOTHING_RETRIEVED
    for choice in choices:
        candidate = treatments[choice.treatment].answer(messages)
        if candidate is None:
            continue
        if is_rejected(candidate.text):
            reason = HandoffReason.REJECTED
            continue
        if _is_repeated(candidate.text, messages):
            candidate = candidate.as_a_draft()
        draft = checked(candidate, messages), candidate, choice
        if not certified and _goes_out(draft):
            return Chosen(sent=candidate)
        drafts.append(draft)
        if certified and _rank(draft) == (True, True, EVEN):
            break
        is_held = not candidate.confidence and candidate.as_draft >= choice.least > 0
        if not certified and choice.sent and is_held:
            break
        if choice.sent and any(option.most >= choice.least for option in candidate.options[:1]):
            doubt = doubt or candidate.options
    if not drafts:
        return Chosen(reason=reason)
    verdicts, best, choice = draft = max(drafts, key=_rank)
    if certified and _goes_out(draft):
        return Chosen(sent=best)
    reason = HandoffReason.NOT_CONFIDENT if passes(verdicts) else HandoffReason.NOT_GROUNDED
    refused = tuple(verdict for verdict in verdicts if not verdict.passes)
    return Chosen(held=best, lost=not choice.sent, reason=reason, refused=refused, doubt=doubt)


def _is_repeated(text: str, messages: Sequence[Message]) -> bool:
    """Whether a text is what was said last, to another question: it has not helped who goes on
    asking."""
    told = [normalised(message.content) for message in messages if message.role == "assistant"]
    asked = [normalised(message.content) for message in messages if message.role == "user"]
    return told[-1:] == [normalised(text)] and asked[-1:] != asked[-2:-1]


def _goes_out(draft: _Draft) -> bool:
    """Whether a release sends a draft by itself."""
    verdicts, candidate, choice = draft
    return choice.sent and 0 < candidate.confidence >= choice.least and passes(verdicts)


def _rank(draft: _Draft) -> tuple[bool, bool, float]:
    """How much a draft is preferred; of equal ones the first."""
    verdicts, candidate, choice = draft
    return passes(verdicts), _is_for_the_team(choice), min(_believed(candidate), EVEN)


def _believed(candidate: Candidate) -> float:
    """Return how sure a candidate is, beside those of other treatments."""
    sure = max(candidate.confidence, candidate.as_draft)
    if candidate.treatment is not Treatment.MEMORY or candidate.from_people:
        return sure
    return sure / (sure + REMEMBERED * (1 - sure))


def alternatives(
    choices: Sequence[AskedTreatment],
    treatments: Mapping[Treatment, Treating],
    messages: Sequence[Message],
    draft: str = "",
    is_rejected: Callable[[str], bool] = _never,
) -> list[Candidate]:
    """Return what an agent may be offered beside a draft, "" for none: with it at most `OFFERED`
    answers that each say something else, pass the check and were not judged wrong here.

    Treatments are asked by turns, for they err in different ways; last those that people decided
    against.
    """
    asked = sorted(choices, key=lambda choice: not _is_for_the_team(choice))
    ways = [islice(treatments[c.treatment].candidates(messages), LOOKED_AT) for c in asked]
    said, found = [draft] if draft else [], list[Candidate]()
    for turn in zip_longest(*ways):
        for candidate in filter(None, turn):
            if len(said) == OFFERED:
                return found
            if (
                not any(_says_the_same(candidate.text, text) for text in said)
                and not is_rejected(candidate.text)
                and passes(checked(candidate, messages))
            ):
                said.append(candidate.text)
                found.append(candidate)
    return found


def _says_the_same(text: str, other: str) -> bool:
    """Whether two texts are the same or state the same facts."""
    stated = facts(text)
    return normalised(text) == normalised(other) or bool(stated and stated == facts(other))


def _is_for_the_team(choice: AskedTreatment) -> bool:
    """Whether people have not decided against what a treatment says."""
    return choice.sent or not choice.decided


def prefers_models(chosen: Chosen, reason: HandoffReason | None, draft: str) -> bool:
    """Whether a model's draft goes to the team, and not what treatments have: they have none, or
    none that won, and the model's passed the check and was held back for doubt alone."""
    doubted = reason in (HandoffReason.NOT_CONFIDENT, HandoffReason.NOT_CERTIFIED)
    return chosen.held is None or (chosen.lost and doubted and bool(draft))


def checked(candidate: Candidate, messages: Sequence[Message]) -> tuple[Verdict, ...]:
    """Return what the check finds of each sentence of a candidate."""
    asked = [message.content for message in messages if message.role == "user"]
    return check(candidate.text, candidate.vouching, asked)
