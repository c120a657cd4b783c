"""The live service: answers under the live release, keeps every answer, draws some for review."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec

from northloop.core.conversation import Passage
from northloop.core.errors import NotFound
from northloop.core.ids import Hash
from northloop.core.interaction import (
    ApprovedAnswer,
    Asking,
    Feedback,
    Interaction,
    Outcome,
    Question,
    Verdict,
    VerdictKind,
    Withdrawal,
)
from northloop.loop.journal import InteractionJournal
from northloop.loop.parts import Parts
from northloop.loop.promote import live, load_release
from northloop.ports.cache import AnswerCache
from northloop.ports.models import Engine, Token
from northloop.ports.retrieval import Index
from northloop.stages.monitoring.approvals import in_force, rejected
from northloop.stages.monitoring.review import Judgement, submit
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.stages.serving.answer import AnswerPath, PathParts
from northloop.stages.serving.approved import ApprovedAnswers
from northloop.stages.serving.cache_policy import cache_key
from northloop.stages.serving.deliver import deliver
from northloop.stages.serving.redaction import Redaction

OPEN_RELEASES = 2
"""Releases whose engines stay loaded: the live one, and the one before it for what still runs."""


@dataclass(frozen=True)
class House:
    """What answering takes besides the loop's parts."""

    cache: AnswerCache
    redact: Callable[[str], Redaction]
    intent: Callable[[str], str]
    budget: ReviewBudget
    cache_trouble: Callable[[], str] = str
    """Why the cache cannot be asked now, "" if it can."""


class _EngineOnDemand:
    """Implements `ports.models.Engine`: loaded when first asked, for what is known needs none."""

    def __init__(self, load: Callable[[], Engine]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    def generate(
        self, prompt: str, *, adapter: Hash | None, max_tokens: int, grammar: str = ""
    ) -> Iterator[Token]:
        with self._lock:
            engine = self._engine = self._engine or self._load()
        return engine.generate(prompt, adapter=adapter, max_tokens=max_tokens, grammar=grammar)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()


@dataclass
class _Shelf:
    """An answer path with its engine, and how many answers are being made with it."""

    opened: Future[tuple[AnswerPath, Engine]] = field(default_factory=Future)
    lent: int = 0


class LiveService:
    """Answers questions; follows promotions and roll-backs without a restart."""

    def __init__(self, parts: Parts, house: House) -> None:
        self._parts = parts
        self._house = house
        self._lock = threading.Lock()
        self._shelves: dict[Hash, _Shelf] = {}
        """Opened releases, the one longest unused first."""
        self._indexes: dict[Hash, Index] = {}
        self._index_lock = threading.Lock()
        self._approved_as_of: tuple[tuple[object, ...], ApprovedAnswers] = ((), ApprovedAnswers(()))
        self.journal = InteractionJournal(parts.records, house.budget)
        self.journal.draw_missed()

    def answer(
        self, question: Question, release: Hash | None = None
    ) -> Iterator[str | Interaction]:
        """Yield the answer's text piece by piece, then the kept Interaction.

        `release` None is the live one. NotFound before the first promotion.
        """
        return self._answered(release or self.release(), question)

    def _answered(self, release: Hash, question: Question) -> Iterator[str | Interaction]:
        with self._lent(release) as path:
            yield from deliver(path, question, self.journal)

    def release(self) -> Hash:
        """Return the live release; NotFound before the first promotion."""
        current = live(self._parts.records)
        if current is None:
            raise NotFound(
                "no release is live",
                where="workspace",
                action="train one: northloop loop run",
            )
        return current

    def passages(self, interaction: Interaction) -> list[Passage]:
        """Return the passages an answer was given as evidence, best first, from its own index."""
        index = self._index(load_release(self._parts.artefacts, interaction.release).index)
        return index.passages(interaction.citations)

    def judge(self, judgement: Judgement, at: str) -> Verdict:
        """Keep a verdict, its texts redacted; NotFound, InputError (see `review.submit`).

        An answer that was not judged correct leaves the cache. Caches of other processes lose it
        when it is asked for: each looks for rejections before it answers.
        """
        safe = msgspec.structs.replace(
            judgement,
            correction=self._house.redact(judgement.correction).text,
            reason=self._house.redact(judgement.reason).text,
        )
        verdict = submit(self._parts.records, safe, at)
        if verdict.kind is not VerdictKind.CORRECT and not verdict.skipped:
            self._evict(self._parts.records.get(Interaction, verdict.interaction_id))
        return verdict

    def add_feedback(self, feedback: Feedback) -> None:
        """Keep what somebody thought of an answer, its comment redacted; NotFound."""
        self._parts.records.get(Interaction, feedback.interaction_id)
        comment = self._house.redact(feedback.comment).text
        kept = msgspec.structs.replace(feedback, comment=comment)
        self._parts.records.add(kept, subject=feedback.interaction_id)

    def add_outcome(self, outcome: Outcome) -> None:
        """Keep how a conversation ended."""
        self._parts.records.add(outcome, subject=outcome.conversation_id)

    def close(self) -> None:
        """Free the engines."""
        with self._lock:
            shelves = [*self._shelves.values()]
            self._shelves.clear()
        for shelf in shelves:
            shelf.opened.result()[1].close()

    @contextmanager
    def _lent(self, release_hash: Hash) -> Iterator[AnswerPath]:
        """Lend the answer path of a release; its engine stays open for as long as it is lent."""
        with self._lock:
            shelf = self._shelves.pop(release_hash, None)
            is_first = shelf is None
            if shelf is None:
                shelf = _Shelf()
            self._shelves[release_hash] = shelf
            shelf.lent += 1
        try:
            if is_first:
                self._fill(release_hash, shelf)
            yield shelf.opened.result()[0]
        finally:
            with self._lock:
                shelf.lent -= 1
            self._close_unused()

    def _fill(self, release_hash: Hash, shelf: _Shelf) -> None:
        """Open a release for all who wait for it; answers under other releases go on meanwhile."""
        try:
            shelf.opened.set_result(self._open(release_hash))
        except BaseException as error:
            with self._lock:
                if self._shelves.get(release_hash) is shelf:
                    del self._shelves[release_hash]
            shelf.opened.set_exception(error)
            raise

    def _close_unused(self) -> None:
        """Close what was longest unused, but for the live release and what somebody still needs."""
        if len(self._shelves) <= OPEN_RELEASES:
            return
        current = live(self._parts.records)
        with self._lock:
            needed = {current, *list(self._shelves)[-1:]}
            spare = [n for n, shelf in self._shelves.items() if not shelf.lent and n not in needed]
            closing = spare[: max(0, len(self._shelves) - OPEN_RELEASES)]
            shelves = [self._shelves.pop(name) for name in closing]
        for shelf in shelves:
            shelf.opened.result()[1].close()

    def _open(self, release_hash: Hash) -> tuple[AnswerPath, Engine]:
        release = load_release(self._parts.artefacts, release_hash)
        engine = _EngineOnDemand(lambda: self._parts.engine_for(release))
        parts = PathParts(
            release=release,
            release_hash=release_hash,
            engine=engine,
            index=self._index(release.index),
            cache=self._house.cache,
            cache_trouble=self._house.cache_trouble,
            approved=self._approved,
            redact=self._house.redact,
            intent=self._house.intent,
            rejected=self._rejected,
        )
        return AnswerPath(parts), engine

    def _index(self, hash_: Hash) -> Index:
        with self._index_lock:
            if hash_ not in self._indexes:
                self._indexes[hash_] = self._parts.index(hash_)
            return self._indexes[hash_]

    def _evict(self, interaction: Interaction) -> None:
        kept = interaction
        self._house.cache.remove(cache_key(kept.tenant, kept.release, kept.asked))

    def _approved(self, asking: Asking) -> ApprovedAnswer | None:
        records = self._parts.records
        kinds = (ApprovedAnswer, Withdrawal)
        version = tuple((records.count(kind), records.list(kind, limit=1)) for kind in kinds)
        known_version, answers = self._approved_as_of
        if version != known_version:
            # Read after the version: what comes in between is read again, never missed.
            answers = ApprovedAnswers(in_force(records))
            self._approved_as_of = version, answers
        return answers.find(asking)

    def _rejected(self, asking: Asking, answer: str, since: str) -> bool:
        return rejected(self._parts.records, asking, answer, since)
