"""What another knowledge changes for customers: the same questions, asked with both.

Asked is, each question once and as its conversation had it: what rests on a passage that goes or
finds one that comes; what people judged wrong lately and corrected, and what the last promotion
lost; and others, test questions and the newest of customers. They are answered as customers are,
by approved answers, by what people have said until now and under the certificates of now, but
nothing is kept, cached or counted, and no model is asked. What people judged right is known by its
words: of other words nobody has said whether they are right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, zip_longest
from typing import NamedTuple

import msgspec

from northloop.core.clock import stamp
from northloop.core.conversation import BY_VERDICT, Example, Message, Passage, Split
from northloop.core.deployment import Pair
from northloop.core.errors import Overtaken
from northloop.core.ids import Hash, uniform
from northloop.core.interaction import (
    ApprovedAnswer,
    HandoffReason,
    Interaction,
    Origin,
    Question,
    Source,
    Verdict,
    VerdictKind,
    Withdrawal,
)
from northloop.core.question import name_of, normalised, words_of
from northloop.core.tenants import DEFAULT_TENANT
from northloop.loop.knowledge import (
    RECENT,
    Edit,
    InDoubt,
    all_grounds,
    documents_of,
    edit_of,
    in_doubt,
    rests_on,
)
from northloop.loop.live import LiveService, ServingParts
from northloop.loop.pairs import dataset_of, open_pair
from northloop.loop.parts import Parts
from northloop.loop.put_again import spoken
from northloop.loop.replay import lost
from northloop.loop.steps import split_of
from northloop.ports.stores import Records
from northloop.stages.data.clean import heard
from northloop.stages.monitoring.approvals import in_force
from northloop.stages.monitoring.forget import Forgetting
from northloop.stages.monitoring.review import origin_of
from northloop.stages.monitoring.sampling import reviewable
from northloop.stages.monitoring.tally import counting
from northloop.stages.serving.cache_policy import NoCache
from northloop.stages.serving.generate import lookup_text
from northloop.stages.serving.redaction import Redacted

MOST = 200
"""So many questions are asked of each kind."""
LOOKED_UP = 250
"""So many test questions, and so many of customers, are looked up to see which find what comes."""
_BEST = 3
"""Among so many passages at least."""
_TRIES = 3
"""So often is it begun anew where a customer is forgotten meanwhile."""


class Kind(StrEnum):
    """Why a question is asked."""

    TOUCHED = "touched"
    """Its answer rests on a passage that goes, or it finds one that comes."""
    CORRECTED = "corrected"
    """Its answer was judged wrong and corrected, or the last promotion lost it."""
    OTHER = "other"
    """It was drawn: what was tested, and what customers asked last."""


class Effect(StrEnum):
    """What becomes of an answer, the most worrying first."""

    OTHERWISE = "otherwise"
    """It is answered both times, in other words."""
    HANDED_OVER = "handed_over"
    """It was answered, and is handed over or asked back now."""
    ANSWERED = "answered"
    """It was handed over or asked back, and is answered now."""
    MODEL = "model"
    """One of both takes the model, which was not asked."""
    DRAFT = "draft"
    """It is answered neither time: another draft, or another question back."""
    SAME = "same"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a question comes to."""

    answer: str = ""
    """What the customer reads; "" where it is handed over, and where the model would be asked."""
    draft: str = ""
    """What a hand-off lays before the team."""
    source: Source
    handoff: HandoffReason | None = None
    right: bool = False
    """People have judged these words right as an answer to this question, or wrote them."""

    @property
    def words(self) -> str:
        """What it says, to whomever."""
        return self.answer or self.draft


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A question that comes to something else."""

    question: str
    """The last that was said, redacted."""
    earlier: int
    """So many turns went before it."""
    tenant: str
    interaction_id: str = ""
    """The customer's question; "" for a test question and that of an approved answer."""
    kind: Kind
    effect: Effect
    before: Said
    after: Said
    gone: tuple[Passage, ...] = ()
    """Passages that go, of those that it rested on."""
    came: tuple[Passage, ...] = ()
    """Passages that come, of those that it rests on now, or finds."""
    waits: bool = False
    """It is an approved answer that would wait for a person."""

    @property
    def loses_right(self) -> bool:
        """Whether it said what people judged right, and does not any more."""
        return self.before.right and not self.after.right


class Became(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the questions of one kind."""

    kind: Kind
    asked: int
    effects: dict[Effect, int]
    """How many there are of each, SAME included; what there is none of is left out."""
    right: int
    """Those that said what people judged right."""
    right_kept: int
    """Those of them that say it still."""


class EditPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What one knowledge in the place of another changes."""

    at: str
    release: Hash
    before: Hash
    after: Hash
    edit: Edit
    gone: tuple[Passage, ...]
    came: tuple[Passage, ...]
    stay: int
    """Passages that stay as they are."""
    became: tuple[Became, ...]
    changed: tuple[Changed, ...]
    """The most worrying first: what was judged right and changes."""
    approved: tuple[InDoubt, ...]
    """Approved answers that would wait for a person and do not yet."""
    untold: int
    """Questions that are left out, for what was said before them is not known as it was."""
    by_model: int
    """Questions that are left out, for only the model answers them, and it was not asked."""
    more: int
    """Questions that rest on what goes or find what comes, and are too many to ask."""
    problems: tuple[str, ...] = ()
    """Files that could not be used, or only in part: name and reason."""

    @property
    def asked(self) -> int:
        """How many questions were asked with both."""
        return sum(one.asked for one in self.became)

    @property
    def touches(self) -> bool:
        """Whether any of them is about what goes or comes."""
        return any(one.asked for one in self.became if one.kind is Kind.TOUCHED)

    def count(self, *effects: Effect) -> int:
        """Return how many questions came to any of these."""
        return sum(one.effects.get(effect, 0) for one in self.became for effect in effects)

    @property
    def right(self) -> int:
        """How many said what people judged right."""
        return sum(one.right for one in self.became)

    @property
    def right_kept(self) -> int:
        """How many of these say it still."""
        return sum(one.right_kept for one in self.became)


def preview(parts: Parts, serving: ServingParts, before: Pair, after: Pair) -> EditPreview:
    """Return what a pair changes for customers that are answered by another one now.

    Both are of one release; what is approved and judged counts as it does now. Overtaken if
    customers were forgotten all the while.
    """
    for _ in range(_TRIES):
        forgotten = parts.records.changes(Forgetting)
        found = _preview(parts, serving, before, after)
        if parts.records.changes(Forgetting) == forgotten:
            return found
    raise Overtaken(
        "customers were forgotten meanwhile, and it may tell of them",
        where="knowledge preview",
        action="ask for it again",
    )


def _preview(parts: Parts, serving: ServingParts, before: Pair, after: Pair) -> EditPreview:
    edit = _Passages.of(parts, before, after)
    differs = before != after
    doubts = _new_doubts(parts, before, after) if differs else {}
    questions = _Questions(parts, before, after, edit)
    put = [*questions] if differs else []
    answered = [*_answered(parts, serving, (before, after), put)] if put else []
    told = [(one, *both) for one, both in zip(put, answered, strict=True) if any(both)]
    changed = [found for one in told if (found := _changed(*one, edit, doubts))]
    return EditPreview(
        at=stamp(),
        release=after.release,
        before=before.knowledge,
        after=after.knowledge,
        edit=edit_of(parts, before.knowledge, documents_of(parts, after.knowledge)),
        gone=tuple(edit.gone.values()),
        came=tuple(edit.came.values()),
        stay=edit.stay,
        became=tuple(_became(kind, told) for kind in Kind),
        changed=tuple(sorted(changed, key=_worry)),
        approved=tuple(doubts.values()),
        untold=questions.untold,
        by_model=len(put) - len(told),
        more=questions.more,
    )


# --- what is asked -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Passages:
    """What differs between two knowledges, by content hash."""

    gone: Mapping[Hash, Passage]
    came: Mapping[Hash, Passage]
    stay: int

    @classmethod
    def of(cls, parts: Parts, before: Pair, after: Pair) -> _Passages:
        then = {p.hash: p for p in parts.passages(before.knowledge)}
        now = {p.hash: p for p in parts.passages(after.knowledge)}
        return cls(
            gone={name: p for name, p in then.items() if name not in now},
            came={name: p for name, p in now.items() if name not in then},
            stay=len(then.keys() & now.keys()),
        )


class _Put(NamedTuple):
    """A question that is asked."""

    messages: tuple[Message, ...]
    tenant: str
    kind: Kind
    right: Set[str] = frozenset()
    """What people judged right as an answer to it, normalised."""
    interaction_id: str = ""

    @property
    def text(self) -> str:
        return self.messages[-1].content

    @property
    def meant(self) -> tuple[str, str]:
        """What it counts as once, however it is greeted with or written."""
        if len(self.messages) == 1:
            return self.tenant, normalised(heard(self.text))
        return self.tenant, name_of(self.messages)


class _Questions:
    """The questions that show what an edit changes, each once."""

    def __init__(self, parts: Parts, before: Pair, after: Pair, edit: _Passages) -> None:
        self._parts = parts
        self._records = parts.records
        self._pair = before
        self._edit = edit
        self._after = after
        self._judged = _Judged(parts.records)
        self._spoken: dict[str, tuple[Message, ...]] = {}
        self.more = 0

    def __iter__(self) -> Iterator[_Put]:
        customers, tests = self._customers(), self._tests()
        seen: set[tuple[str, str]] = set()
        touched = self._fresh(self._touched(customers, tests), seen)
        yield from touched[:MOST]
        self.more = len(touched[MOST:])
        yield from self._fresh(self._corrected(tests), seen)[:MOST]
        drawn = [self._of_test(row, Kind.OTHER) for row in tests]
        newest = (self._of_customer(one, Kind.OTHER) for one in customers)
        by_turns = chain.from_iterable(zip_longest(drawn, newest))
        yield from self._fresh(by_turns, seen, MOST)

    @property
    def untold(self) -> int:
        """So many were left out, for what was said before them is not known as it was."""
        return sum(not messages for messages in self._spoken.values())

    def _fresh(
        self, found: Iterable[_Put | None], seen: set[tuple[str, str]], most: int | None = None
    ) -> list[_Put]:
        """Return what was not asked yet; at most so many."""
        fresh: list[_Put] = []
        for one in found:
            if one is not None and one.meant[1] and one.meant not in seen:
                seen.add(one.meant)
                fresh.append(one)
            if len(fresh) == most:
                break
        return fresh

    def _customers(self) -> list[Interaction]:
        """The newest questions of customers, that a person was asked for left out."""
        asked = {"origin": Origin.CUSTOMER}
        rows = self._records.query(Interaction, asked, newest=True, limit=RECENT).rows
        return [one for one in rows if reviewable(one)]

    def _tests(self) -> list[Example]:
        """The frozen test questions in the order of their draw; of forgotten customers none."""
        dataset = dataset_of(self._parts.artefacts, self._pair.release)
        rows = split_of(self._parts, dataset, Split.TEST) if dataset else []
        rows = [row for row in rows if not row.judged or self._judged.knows(row)]
        return sorted(rows, key=lambda row: uniform("preview", row.example_id))

    def _touched(
        self, customers: Sequence[Interaction], tests: Sequence[Example]
    ) -> Iterator[_Put | None]:
        gone = self._edit.gone.keys()
        grounds = all_grounds(self._parts)
        for answer in reversed(in_force(self._records)):
            if not gone.isdisjoint(grounds(answer).evidence):
                yield self._of_approved(answer)
        resting = {
            row.example_id
            for row in rests_on(self._parts, self._pair)
            if not gone.isdisjoint(row.passages)
        }
        for one in customers:
            if not gone.isdisjoint(one.evidence):
                yield self._of_customer(one, Kind.TOUCHED)
        for row in tests:
            if row.example_id in resting:
                yield self._of_test(row, Kind.TOUCHED)
        yield from self._finding(customers, tests)

    def _finding(
        self, customers: Sequence[Interaction], tests: Sequence[Example]
    ) -> Iterator[_Put | None]:
        """What finds a passage that comes."""
        came = self._edit.came.keys()
        if not came:
            return
        release, index = open_pair(self._parts, self._after)
        best = max(release.passages, _BEST)
        asked = [self._of_customer(one, Kind.TOUCHED) for one in customers[:LOOKED_UP]]
        asked += [self._of_test(row, Kind.TOUCHED) for row in tests[:LOOKED_UP]]
        for done, one in enumerate(asked, 1):
            self._parts.progress("look up", done, len(asked), "what finds the new passages")
            if one is None:
                continue
            hits = index.search(lookup_text(_heard(one.messages)), best)
            if not came.isdisjoint(hit.passage.hash for hit in hits):
                yield one

    def _corrected(self, tests: Sequence[Example]) -> Iterator[_Put | None]:
        for one in self._judged.corrected():
            yield self._of_customer(one, Kind.CORRECTED)
        names = {*lost(self._parts, self._pair.release)}
        for row in tests:
            if row.example_id in names:
                yield self._of_test(row, Kind.CORRECTED)

    def _of_customer(self, one: Interaction, kind: Kind) -> _Put | None:
        name = one.interaction_id
        if name not in self._spoken:
            self._spoken[name] = spoken(self._records, one)
        messages = self._spoken[name]
        if not messages:
            return None
        right = self._judged.right(one.tenant, one.asked or words_of(one.question))
        return _Put(messages, one.tenant, kind, right, name)

    def _of_test(self, row: Example, kind: Kind) -> _Put:
        right = self._judged.right(DEFAULT_TENANT, name_of(row.asked))
        if row.judged:
            right = right | {normalised(row.reply)}
        return _Put(row.asked, DEFAULT_TENANT, kind, right)

    def _of_approved(self, answer: ApprovedAnswer) -> _Put:
        tenant = answer.tenant or DEFAULT_TENANT
        right = self._judged.right(tenant, words_of(answer.question))
        asked = (Message("user", answer.question),)
        return _Put(asked, tenant, Kind.TOUCHED, right | {normalised(answer.answer)})


def _heard(messages: Sequence[Message]) -> list[Message]:
    return [Message(m.role, heard(m.content)) if m.role == "user" else m for m in messages]


class _Judged:
    """What people have judged right, or written, as an answer to what."""

    def __init__(self, records: Records) -> None:
        given = counting(records.query(Verdict, {"skipped": False}).rows)
        self._asked = records.get_all(Interaction, given)
        withdrawn = [one.approved_id for one in records.query(Withdrawal).rows]
        taken_back = {one.origin for one in records.get_all(ApprovedAnswer, withdrawn).values()}
        self._given = {
            name: verdict
            for name, verdict in given.items()
            if name in self._asked and origin_of(verdict.verdict_id) not in taken_back
        }
        self._names = {verdict.verdict_id for verdict in self._given.values()}
        self._right: defaultdict[tuple[str, Hash], set[str]] = defaultdict(set)
        for name, verdict in self._given.items():
            one = self._asked[name]
            found = verdict.correction
            if verdict.kind is VerdictKind.CORRECT:
                found = found or one.judged
            if found:
                asked = one.asked or words_of(one.question)
                self._right[one.tenant, asked].add(normalised(found))
        for answer in in_force(records):
            asked = words_of(answer.question)
            self._right[answer.tenant or DEFAULT_TENANT, asked].add(normalised(answer.answer))

    def right(self, tenant: str, asked: Hash) -> Set[str]:
        """Return what is right as an answer to what a tenant's customer asked."""
        return self._right.get((tenant, asked), frozenset())

    def knows(self, row: Example) -> bool:
        """Whether the verdict behind a row is still there and stands."""
        origins = (place.partition(":")[2] for place in row.origin if place.startswith(BY_VERDICT))
        return self._names.issuperset(origins)

    def corrected(self) -> list[Interaction]:
        """Return what was judged wrong and is corrected, the newest verdict first."""
        wrong = [
            verdict
            for verdict in self._given.values()
            if verdict.kind is VerdictKind.INCORRECT and verdict.correction
        ]
        newest = sorted(wrong, key=lambda verdict: (verdict.at, verdict.verdict_id), reverse=True)
        found = (self._asked[verdict.interaction_id] for verdict in newest)
        return [one for one in found if one.origin is Origin.CUSTOMER][:MOST]


# --- what they come to -------------------------------------------------------------------------


def _answered(
    parts: Parts, serving: ServingParts, pairs: tuple[Pair, Pair], put: Sequence[_Put]
) -> Iterator[tuple[Interaction | None, Interaction | None]]:
    """Yield what both pairs say to each question, None where that takes the model."""
    asked = [
        Question(interaction_id=f"preview-{number}", messages=one.messages, tenant=one.tenant)
        for number, one in enumerate(put)
    ]
    with closing(LiveService(parts, _quiet(serving))) as service:
        both = (service.would_say(pair, asked) for pair in pairs)
        for done, said in enumerate(zip(*both, strict=True), 1):
            parts.progress("preview", done, len(asked), "asked with both")
            yield said


def _quiet(serving: ServingParts) -> ServingParts:
    """The same without what is kept for customers or drawn for them."""
    return replace(
        serving,
        cache=NoCache(),
        cache_trouble=str,
        redact=_as_it_is,
        holdout_share=_no_share,
        reuse=None,
    )


def _as_it_is(text: str, asked: str = "") -> Redacted:  # noqa: ARG001 (as `Redact`)
    """What is kept is redacted already."""
    return Redacted(text)


def _no_share() -> None:
    return None


def _new_doubts(parts: Parts, before: Pair, after: Pair) -> dict[str, InDoubt]:
    """Return the approved answers that wait only with the second pair, by what they answer."""
    waiting = {one.answer.approved_id for one in in_doubt(parts, before)}
    return {
        normalised(one.answer.question): one
        for one in in_doubt(parts, after)
        if one.answer.approved_id not in waiting
    }


def _changed(
    put: _Put,
    before: Interaction | None,
    after: Interaction | None,
    edit: _Passages,
    doubts: Mapping[str, InDoubt],
) -> Changed | None:
    """Return how a question comes to something else, None where it does not."""
    effect = _effect(before, after)
    if effect is Effect.SAME:
        return None
    gone = [edit.gone[name] for name in _evidence(before) if name in edit.gone]
    came = [edit.came[name] for name in _evidence(after) if name in edit.came]
    doubt = None
    if before is not None and before.source is Source.APPROVED:
        doubt = doubts.get(normalised(put.text))
    if doubt is not None:
        gone = [*dict.fromkeys((*gone, *doubt.gone))]
        came = [*dict.fromkeys((*came, *(p for p in doubt.new if p.hash in edit.came)))]
    return Changed(
        question=put.text,
        earlier=len(put.messages) - 1,
        tenant=put.tenant,
        interaction_id=put.interaction_id,
        kind=put.kind,
        effect=effect,
        before=_said(before, put.right),
        after=_said(after, put.right),
        gone=tuple(gone),
        came=tuple(came),
        waits=doubt is not None,
    )


def _evidence(said: Interaction | None) -> tuple[Hash, ...]:
    return said.evidence if said is not None else ()


def _said(one: Interaction | None, right: Set[str]) -> Said:
    if one is None:
        return Said(source=Source.GENERATED)
    answer = "" if one.handoff else one.answer
    return Said(
        answer=answer,
        draft=one.draft,
        source=one.source,
        handoff=one.handoff,
        right=normalised(answer or one.draft) in right,
    )


def _effect(before: Interaction | None, after: Interaction | None) -> Effect:
    if before is None or after is None:
        return Effect.MODEL
    if before.answers and after.answers:
        is_same = normalised(before.answer) == normalised(after.answer)
        return Effect.SAME if is_same else Effect.OTHERWISE
    if before.answers:
        return Effect.HANDED_OVER
    if after.answers:
        return Effect.ANSWERED
    return Effect.SAME if _unsent(before) == _unsent(after) else Effect.DRAFT


def _unsent(one: Interaction) -> str:
    """What a customer is asked back, or the team is given as a draft."""
    return normalised(one.draft if one.handoff else one.answer)


def _became(
    kind: Kind, told: Sequence[tuple[_Put, Interaction | None, Interaction | None]]
) -> Became:
    own = [one for one in told if one[0].kind is kind]
    effects = [_effect(before, after) for _, before, after in own]
    right = [one for one in own if _said(one[1], one[0].right).right]
    return Became(
        kind=kind,
        asked=len(own),
        effects={effect: effects.count(effect) for effect in Effect if effect in effects},
        right=len(right),
        right_kept=sum(_said(after, put.right).right for put, _, after in right),
    )


_ORDER = [*Effect]


def _worry(one: Changed) -> tuple[bool, int, int]:
    """Where a change stands in the list: first what was judged right."""
    return not one.loses_right, not one.before.right, _ORDER.index(one.effect)
