"""The live service: answers as what is live says, keeps every answer, draws some for review.

What is live is a release with a knowledge. Each answer ends with the pair that it began with; where
only the knowledge changed, the engine that is loaded goes on.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from math import inf
from typing import NamedTuple
from weakref import WeakSet

import msgspec

from northloop.core.artefacts import Release
from northloop.core.canary import NOT_DRAWN
from northloop.core.contact import Lot
from northloop.core.conversation import Cited
from northloop.core.deployment import Arm, Deployment, Pair
from northloop.core.desk import OwnMode
from northloop.core.errors import CorruptArtefact, NorthloopError, NotFound
from northloop.core.grounds import Grounds, Vouched
from northloop.core.ids import Hash, uniform
from northloop.core.interaction import (
    OPENING,
    WORKING,
    ApprovedAnswer,
    Asking,
    CachedAnswer,
    Feedback,
    Interaction,
    Origin,
    Outcome,
    Promotion,
    Question,
    Source,
    Verdict,
    VerdictKind,
    Withdrawal,
)
from northloop.core.treatment import Candidate, Mode, Treatment
from northloop.loop.engine_on_demand import EngineOnDemand
from northloop.loop.heads import naming, open_head
from northloop.loop.house import house_language
from northloop.loop.journal import InteractionJournal
from northloop.loop.knowledge import all_grounds, grounds_given, vouch
from northloop.loop.pairs import dataset_of, open_pair
from northloop.loop.parts import Parts
from northloop.loop.promote import (
    first_knowledge,
    live_pair,
    newest_deployment,
    nothing_live,
    pair_in_force,
    pair_of,
)
from northloop.loop.put_again import conversation
from northloop.loop.recalled import Recalled
from northloop.loop.rollout import chosen
from northloop.loop.shadow import Shadows, shadowing
from northloop.loop.sources import Sources
from northloop.loop.treatments import learnt_of, opened
from northloop.loop.up_to_date import UpToDate
from northloop.ports.cache import AnswerCache
from northloop.ports.models import SERVING, Embedder
from northloop.ports.semantic_cache import SemanticCache, Vector
from northloop.ports.stores import Records
from northloop.stages.monitoring import audits, gold, rulings, tally
from northloop.stages.monitoring.approvals import Rejections, in_force
from northloop.stages.monitoring.certificates import keep_fuses, standings
from northloop.stages.monitoring.decided import Carried, Decided
from northloop.stages.monitoring.favour import favours
from northloop.stages.monitoring.forget import Forgetting, forget
from northloop.stages.monitoring.holdout import chance, is_held_out
from northloop.stages.monitoring.ledger import begun
from northloop.stages.monitoring.review import (
    Judgement,
    check,
    origin_of,
    said_of_it,
    submit,
    verdict_of,
)
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.stages.serving.answer import AnswerPath
from northloop.stages.serving.approved import ApprovedAnswers
from northloop.stages.serving.cache_policy import cache_key
from northloop.stages.serving.deliver import deliver
from northloop.stages.serving.path_parts import Holdout, PathParts
from northloop.stages.serving.redaction import Redact
from northloop.stages.serving.semantic import Semantic
from northloop.statistics.audited import AuditSpec
from northloop.statistics.thresholds import RiskSpec

_log = logging.getLogger("northloop.live")
RECALLS_S = 60.0
"""So long at most is waited until heads know what reviewers named, where nobody waits for it."""
OPEN_PAIRS = 2
"""Pairs that stay open: the live one, and the one before it for what still runs; while a candidate
is tried, those two and what still runs."""


class Reuse(NamedTuple):
    """What it takes to say an answer again to other words that mean the same."""

    cache: SemanticCache
    embedder: Embedder
    promise: AuditSpec
    seed: str
    """What audits are drawn from besides an interaction's id; nobody outside knows it."""


@dataclass(frozen=True)
class ServingParts:
    """What answering takes besides the loop's parts."""

    cache: AnswerCache
    redact: Redact
    intent: Callable[[str], str]
    budget: ReviewBudget
    cache_trouble: Callable[[], str] = str
    """Why the cache cannot be asked now, "" if it can."""
    heard: Callable[[str], str] = str
    """What a customer says → as much of it as the model hears, see `PathParts`."""
    language: Callable[[str], str] = lambda _: ""
    """Text → its language, see `PathParts`."""
    own_words: Callable[[], Mapping[str, str]] = dict
    """What the team tells whom a person takes over from, by language, see `PathParts`."""
    ask_back: Callable[[], bool] = bool
    """Whether a customer is asked which document is meant, where that is open."""
    holdout_share: Callable[[], float | None] = lambda: None
    """The share of customers that people alone answer now; None where no holdout is planned, so
    that nothing has to be looked up."""
    mode: Callable[[], Mode] = lambda: Mode.OPEN
    """What goes out without a person, looked up for each answer: who turns it off means now."""
    risk: Callable[[], RiskSpec] = RiskSpec
    """What certificates promise."""
    reuse: Reuse | None = None
    """None: what was said to other words is never said again."""


class _Approved(NamedTuple):
    answers: ApprovedAnswers
    grounds: Callable[[ApprovedAnswer], Grounds]


@dataclass
class _OpenPair:
    """An answer path, and how many answers are being made with it."""

    opened: Future[AnswerPath] = field(default_factory=Future)
    lent: int = 0


class LiveService:
    """Answers questions; follows every change of what is live without a restart."""

    def __init__(self, parts: Parts, serving: ServingParts) -> None:
        self._parts = parts
        self._serving = serving
        self._lock = threading.Lock()
        self._open_pairs: dict[Pair, _OpenPair] = {}
        """Opened pairs, the one longest unused first."""
        self._engines: dict[Hash, EngineOnDemand] = {}
        """Of the releases of these."""
        changes = parts.records.changes
        self._approvals = UpToDate(
            partial(changes, ApprovedAnswer, Withdrawal, Vouched),
            lambda: _Approved(ApprovedAnswers(in_force(parts.records)), all_grounds(parts)),
        )
        self._passages_of = lru_cache(maxsize=8)(parts.known_passages)
        self._sources = Sources(parts)
        self._rejections = Rejections(parts.records)
        self._newest = UpToDate(
            partial(changes, Deployment, Promotion), partial(newest_deployment, parts.records)
        )
        self._modes = UpToDate(partial(changes, OwnMode), partial(_modes, parts.records))
        self._last: Pair | None = None
        """What answered when somebody asked last."""
        self._recalled: WeakSet[Recalled] = WeakSet()
        """Of the pairs that are open."""
        self._let_go_as_of = parts.records.changes(Forgetting)
        self._shadows = Shadows(parts.records, self._in_the_shadow)
        self._journal: InteractionJournal | None = None
        self._known_of: dict[Hash, Hash] = {}
        """Release → the knowledge that it was opened with last."""

    def answer(
        self, question: Question, release: Hash | None = None
    ) -> Iterator[str | Interaction]:
        """Yield the answer's text piece by piece, then the kept Interaction.

        `release` None is the live one; another one answers from the knowledge in force, too.
        NotReady before the first promotion, where nothing can be answered from.
        """
        if release is not None:
            pair = self._last = self._pair_of(release)
            return self._answered(pair, msgspec.structs.replace(question, canary=NOT_DRAWN))
        newest = self.newest()
        if newest is None:
            raise nothing_live()
        arm, drawn = chosen(self._parts.records, newest, question, self._is_held_out)
        pair = self._last = pair_of(self._parts.artefacts, arm)
        question = msgspec.structs.replace(question, canary=drawn)
        return self._answered(pair, question, shadowing(newest, question))

    @property
    def journal(self) -> InteractionJournal:
        """Where answers are kept; made when the first one is to be, for it may begin the line that
        reviews are drawn from."""
        with self._lock:
            if self._journal is None:
                promise = self._serving.reuse.promise if self._serving.reuse else None
                self._journal = InteractionJournal(
                    self._parts.records, self._serving.budget, promise
                )
            return self._journal

    def newest(self) -> Deployment | None:
        """Return what says what is live, None before the first promotion; outside a transaction."""
        return self._newest()

    def open_ahead(self, tenant: str) -> None:
        """Open what is live, and hear what was said for a tenant's customers until now, so that
        none of them waits for it; nothing before the first promotion."""
        newest = self.newest()
        for arm in newest.arms if newest else ():
            with self._lent(pair_of(self._parts.artefacts, arm)) as path:
                path.recall([tenant])

    def is_ready(self) -> bool:
        """Whether what is live is open, so that an answer need not wait for it."""
        newest = self.newest()
        pairs = [pair_of(self._parts.artefacts, arm) for arm in newest.arms] if newest else []
        return bool(pairs) and all(map(self._is_open, pairs))

    def _pair_of(self, release: Hash) -> Pair:
        """A release with the knowledge in force, or with the newest before anything is live."""
        live = live_pair(self._parts.artefacts, self._parts.records)
        if live is not None:
            return Pair(release, live.knowledge)
        return Pair(release, first_knowledge(self._parts.artefacts, release))

    def _answered(
        self, pair: Pair, question: Question, shadow: Arm | None = None
    ) -> Iterator[str | Interaction]:
        if not self._is_open(pair):
            yield OPENING
        with self._lent(pair) as path, self._shadows.answering():
            for piece in deliver(path, question, self.journal):
                if shadow is not None and isinstance(piece, Interaction):
                    self._shadows.offer(shadow, question, piece)
                yield piece

    def _in_the_shadow(
        self, arm: Arm, question: Question
    ) -> Generator[str | Interaction, None, None]:
        with self._lent(pair_of(self._parts.artefacts, arm)) as path:
            yield from path.without_cache().answer(question)

    def would_say(self, pair: Pair, asked: Sequence[Question]) -> Iterator[Interaction | None]:
        """Yield what a pair says to each question, None where its model would have to be asked.

        Nothing is kept or cached. All that people have said until now is heard before the first.
        """
        with self._lent(pair) as path:
            path.recall({question.bound_as for question in asked})
            for recalled in [*self._recalled]:
                recalled.settle(RECALLS_S)
            quiet = path.without_cache()
            for question in asked:
                yield _without_model(quiet.answer(question))

    def settle(self) -> None:
        """Return when every question that a candidate was to answer, too, is answered."""
        self._shadows.settle()

    def release(self) -> Hash:
        """Return the live release; NotReady before the first promotion."""
        return self.pair().release

    def pair(self) -> Pair:
        """Return the live release and the knowledge in force; NotReady before any promotion."""
        return pair_in_force(self._parts.artefacts, self._parts.records)

    def prepare(self, pair: Pair) -> None:
        """Open a pair before it goes live, so that nobody has to wait for it."""
        with self._lent(pair):
            pass

    def cited(self, interaction: Interaction) -> list[Cited]:
        """Return the passages an answer rests on, best first, as they were then, with their age."""
        return self._sources.cited(interaction)

    def just_cited(self, interaction: Interaction) -> list[Cited]:
        """Return the same of an answer that was given this moment: nothing is looked up again."""
        return self._sources.cited(interaction, self._last.knowledge if self._last else None)

    def alternatives(self, handed: Interaction, draft: str) -> list[tuple[Candidate, list[Cited]]]:
        """Return what an agent may be offered beside the draft ("" for none) of what was handed
        over, by what is live now, each with what it rests on; [] where nothing is live, or what was
        said before is not known any more."""
        pair = live_pair(self._parts.artefacts, self._parts.records)
        if pair is None:
            return []
        found = self._instead(pair, handed, draft)
        return [(one, self._sources.cited(_as_if_given(handed, pair, one))) for one in found]

    def corrections(self, judged: Interaction) -> list[str]:
        """Return what a reviewer may be offered in the place of an answer, or of what a hand-off
        held back, by what is live now, as if nobody had said anything of it.

        In an order that tells nothing of who says it, or how surely.
        """
        pair = live_pair(self._parts.artefacts, self._parts.records)
        if pair is None:
            return []
        said = judged.draft if judged.handoff else judged.answer
        found = self._instead(pair, judged, said, said_of_it(self._parts.records, judged))
        texts = [one.text for one in found]
        return sorted(texts, key=lambda text: uniform(judged.interaction_id, text))

    def _instead(
        self, pair: Pair, asked: Interaction, said: str, unsaid: Collection[str] = ()
    ) -> list[Candidate]:
        messages = conversation(self._parts.records, asked)
        if not messages:
            return []
        asking = Asking(asked.asked, asked.question, asked.tenant)
        with self._lent(pair) as path:
            return path.alternatives(asking, messages, said, unsaid)

    def judge(self, judgement: Judgement, at: str) -> Verdict:
        """Keep a verdict, its texts redacted; NotFound, InputError (see `review.submit`).

        An answer that was not judged correct leaves the cache. Caches of other processes lose it
        when it is asked for: each looks for rejections before it answers. What is said of a gold
        answer (`monitoring.gold`) is kept apart, and nothing follows from it.
        """
        records = self._parts.records
        given = self._safe(judgement)
        mixed_in = gold.item(records, given.review_id)
        if mixed_in is not None:
            answer = records.get(Interaction, mixed_in.interaction_id)
            check(given, answer)
            return gold.keep(records, verdict_of(given, answer, at))
        tally.catch_up(records)
        verdict = submit(records, given, at)
        self.follow(verdict)
        return verdict

    def rule(self, judgement: Judgement, at: str) -> Verdict:
        """Keep a ruling, its texts redacted, as `judge` keeps a verdict (see `rulings.rule`)."""
        tally.catch_up(self._parts.records)
        verdict = rulings.rule(self._parts.records, self._safe(judgement), at)
        self.follow(verdict)
        return verdict

    def _safe(self, judgement: Judgement) -> Judgement:
        return msgspec.structs.replace(
            judgement,
            correction=self._serving.redact(judgement.correction).text,
            reason=self._serving.redact(judgement.reason).text,
        )

    def follow(self, verdict: Verdict) -> None:
        """Do what a verdict that is kept asks for besides: caches, what its answer rests on."""
        interaction = self._parts.records.get(Interaction, verdict.interaction_id)
        if verdict.kind is not VerdictKind.CORRECT and not verdict.skipped:
            self._evict(interaction)
        self._vouch(verdict, interaction)

    def _vouch(self, verdict: Verdict, interaction: Interaction) -> None:
        """Note what an approved answer rests on, if it was judged by what the documents say now."""
        pair = live_pair(self._parts.artefacts, self._parts.records)
        if pair is None or interaction.knowledge != pair.knowledge:
            return
        of_it = {"origin": origin_of(verdict.verdict_id)}
        for answer in self._parts.records.query(ApprovedAnswer, of_it).rows:
            try:
                with self._lent(pair) as path:
                    found = path.evidence_of(answer.question)
            except NorthloopError as error:
                # Then it rests on what the judged answer was given.
                _log.warning("what an approved answer rests on was not looked up: %s", error)
                return
            vouch(self._parts, answer.approved_id, pair, verdict.reviewer, found)

    def add_feedback(self, feedback: Feedback) -> None:
        """Keep what somebody thought of an answer, its comment redacted; NotFound."""
        self._parts.records.get(Interaction, feedback.interaction_id)
        comment = self._serving.redact(feedback.comment).text
        kept = msgspec.structs.replace(feedback, comment=comment)
        self._parts.records.add(kept)

    def add_outcome(self, outcome: Outcome) -> None:
        """Keep how a conversation ended."""
        self._parts.records.add(outcome)

    def forget(self, tenant: str, *names: str) -> dict[str, int]:
        """Remove all that is kept of a customer, its cached answers too; see `forget.forget`.

        The cache that this process uses loses them at once. What others hold in memories of their
        own is not served from then on, for an entry of before is looked up once (`is_kept`), and
        gone with the next `let_go`.
        """
        tally.catch_up(self._parts.records)
        keep_fuses(self._parts.records, self._serving.risk())
        return forget(self._parts.records, tenant, *names, evict=self._evict)

    def let_go(self) -> bool:
        """Drop from this process's memory what customers left there who were forgotten since.

        False if nobody was, in whichever process.
        """
        records = self._parts.records
        forgettings = records.changes(Forgetting)
        if forgettings == self._let_go_as_of:
            return False
        for key in self._gone(self._serving.cache.held()):
            self._serving.cache.remove(key)
        if self._serving.reuse is not None:
            entries = self._serving.reuse.cache.held()
            for name in self._gone({name: entry.answer for name, entry in entries.items()}):
                self._serving.reuse.cache.remove(name)
        self._approvals()
        self._rejections.let_go()
        for recalled in [*self._recalled]:
            recalled.let_go()
        self._let_go_as_of = forgettings
        return True

    def _gone(self, held: Mapping[str, CachedAnswer]) -> list[str]:
        """Return the keys of cached answers that nobody keeps any more."""
        kept = self._parts.records.get_all(Interaction, (c.interaction_id for c in held.values()))
        return [key for key, c in held.items() if not _is_of(c, kept.get(c.interaction_id))]

    def close(self) -> None:
        """Free the engines."""
        self._shadows.close()
        with self._lock:
            open_pairs = [*self._open_pairs.values()]
            self._open_pairs.clear()
            engines = [*self._engines.values()]
            self._engines.clear()
        for recalled in [*self._recalled]:
            recalled.close()
        for entry in open_pairs:
            entry.opened.result()
        for engine in engines:
            engine.close()

    def _is_open(self, pair: Pair) -> bool:
        with self._lock:
            entry = self._open_pairs.get(pair)
        return entry is not None and entry.opened.done()

    @contextmanager
    def _lent(self, pair: Pair) -> Iterator[AnswerPath]:
        """Lend the answer path of a pair; its engine stays open for as long as it is lent."""
        with self._lock:
            entry = self._open_pairs.pop(pair, None)
            is_first = entry is None
            if entry is None:
                entry = _OpenPair()
            self._open_pairs[pair] = entry
            entry.lent += 1
        try:
            if is_first:
                self._fill(pair, entry)
            yield entry.opened.result()
        finally:
            with self._lock:
                entry.lent -= 1
            self._close_unused()

    def _fill(self, pair: Pair, entry: _OpenPair) -> None:
        """Open a pair for all who wait for it; answers under other pairs go on meanwhile."""
        try:
            entry.opened.set_result(self._open(pair))
        except BaseException as error:
            with self._lock:
                if self._open_pairs.get(pair) is entry:
                    del self._open_pairs[pair]
            entry.opened.set_exception(error)
            raise

    def _close_unused(self) -> None:
        """Close what was longest unused, but for the live pair and what somebody still needs."""
        if len(self._open_pairs) <= OPEN_PAIRS:
            return
        newest = newest_deployment(self._parts.records)
        arms = newest.arms if newest else ()
        in_force = {pair_of(self._parts.artefacts, arm) for arm in arms}
        with self._lock:
            needed = {*in_force, *list(self._open_pairs)[-1:]}
            spare = [
                n for n, entry in self._open_pairs.items() if not entry.lent and n not in needed
            ]
            for pair in spare[: max(0, len(self._open_pairs) - OPEN_PAIRS)]:
                del self._open_pairs[pair]
            used = {pair.release for pair in self._open_pairs}
            closing = [self._engines.pop(n) for n in [*self._engines] if n not in used]
        for engine in closing:
            engine.close()

    def _open(self, pair: Pair) -> AnswerPath:
        release, index = open_pair(self._parts, pair)
        self._sources.book(pair.knowledge)  # so that no answer has to read it
        self._let_go_of(pair)
        with self._lock:
            engine = self._engines.setdefault(
                pair.release, EngineOnDemand(lambda: self._parts.engine_for(release, SERVING))
            )
        treatments = self._treatments(pair, release)
        return AnswerPath(
            PathParts(
                release=release,
                release_hash=pair.release,
                engine=engine,
                index=index,
                treatments=treatments,
                mode=self._serving.mode,
                own_mode=self._own_mode,
                certified=self._certified(pair),
                favoured=self._favoured(pair, release),
                knowledge=pair.knowledge,
                passages_of=self._passages_of,
                cache=self._serving.cache,
                cache_trouble=self._serving.cache_trouble,
                semantic=self._semantic(),
                approved=self._approved,
                # As of the look that found the answer.
                grounds=lambda answer: self._approvals.last.grounds(answer),
                given=lambda kept: grounds_given(self._parts, kept),
                redact=self._serving.redact,
                intent=naming(
                    self._serving.intent, open_head(self._parts, release.head), treatments.head
                ),
                heard=self._serving.heard,
                holdout=self._drawn,
                rejected=self._rejections,
                replaced=treatments.is_replaced,
                ask_back=self._serving.ask_back,
                was_asked_back=self._was_asked_back,
                language=self._serving.language,
                house=self._house(pair),
                own_words=self._serving.own_words,
                forgettings=partial(self._parts.records.changes, Forgetting),
                is_kept=self._is_kept,
            )
        )

    def _house(self, pair: Pair) -> str:
        """The language of what the release has learnt; of the documents where that is not here, as
        a backup without datasets leaves it: nobody waits for it to be answered."""
        artefacts = self._parts.artefacts
        passages = [passage.text for passage in self._parts.passages(pair.knowledge)]
        try:
            return house_language(artefacts, dataset_of(artefacts, pair.release), passages)
        except (NotFound, CorruptArtefact):
            return house_language(artefacts, None, passages)

    def _certified(self, pair: Pair) -> Callable[[Treatment], float]:
        records, passages = self._parts.records, self._passages_of(pair.knowledge)

        def read() -> Mapping[Treatment, float]:
            found = standings(records, pair.release, self._serving.risk(), passages).values()
            return {s.treatment: s.certificate.threshold for s in found if s.certificate}

        known = UpToDate(lambda: (records.changes(Decided, Carried), self._serving.risk()), read)
        return lambda treatment: known().get(treatment, inf)

    def _favoured(self, pair: Pair, release: Release) -> Callable[[Treatment], bool | None]:
        records, passages = self._parts.records, self._passages_of(pair.knowledge)

        def read() -> Mapping[Treatment, bool | None]:
            found = favours(records, pair.release, release, passages)
            return {t: one.sent for t, one in found.items() if one.decided}

        known = UpToDate(partial(records.changes, Decided, Carried), read)
        return lambda treatment: known().get(treatment)

    def _treatments(self, pair: Pair, release: Release) -> Recalled:
        learnt = learnt_of(release.first)
        ways = partial(opened, self._parts, learnt, pair.knowledge, release.asked)
        passages = self._passages_of(pair.knowledge) or ()
        recalled = Recalled(self._parts, ways, passages, pair.knowledge)
        self._recalled.add(recalled)
        return recalled

    def _evict(self, interaction: Interaction) -> None:
        kept = interaction
        self._serving.cache.remove(cache_key(kept.circle, kept.release, kept.asked))
        if self._serving.reuse is not None:
            self._serving.reuse.cache.remove(kept.interaction_id)
            if kept.near is not None and kept.source is Source.SEMANTIC_CACHE:
                self._serving.reuse.cache.remove(kept.near.entry_id)

    def _semantic(self) -> Semantic | None:
        reuse, records = self._serving.reuse, self._parts.records
        if reuse is None:
            return None

        def embed(text: str) -> Vector:
            vector: Vector = reuse.embedder.embed([text])[0]
            return vector

        return Semantic(
            cache=reuse.cache,
            embed=embed,
            embedder=reuse.embedder.name,
            spec=reuse.promise,
            standing=partial(audits.standing, records),
            past=partial(audits.past, records),
            draw=partial(uniform, "semantic cache", reuse.seed),
            barred=lambda entry: audits.barred(records, entry.entry_id),
        )

    def _let_go_of(self, pair: Pair) -> None:
        """Drop what rests on passages that the release's last knowledge had, and this one has not.

        Who still answers by that knowledge makes it anew.
        """
        before = self._known_of.get(pair.release)
        self._known_of[pair.release] = pair.knowledge
        if self._serving.reuse is None or before in (None, pair.knowledge):
            return
        gone = {*(self._passages_of(before) or ())} - {*(self._passages_of(pair.knowledge) or ())}
        if gone:
            self._serving.reuse.cache.drop(gone)

    def _approved(self, asking: Asking) -> ApprovedAnswer | None:
        return self._approvals().answers.find(asking)

    def _is_kept(self, cached: CachedAnswer) -> bool:
        return _is_of(cached, self._parts.records.find(Interaction, cached.interaction_id))

    def _own_mode(self, question: Question) -> Mode | None:
        """What a person said of the conversation, None for nothing."""
        return self._modes().get((question.tenant, question.conversation_id))

    def _drawn(self, question: Question) -> Holdout:
        """What is drawn for who asks; in a conversation that has begun, what was drawn then."""
        share = self._serving.holdout_share()
        if share is None or question.origin is not Origin.CUSTOMER:
            return Holdout()
        contact = begun(self._parts.records, question)
        if contact is not None:
            return Holdout(contact.held_out, contact.lot is Lot.HELD_OUT)
        if question.goes_on:  # It began before anything was drawn.
            return Holdout()
        return Holdout(chance(question, share), is_held_out(question, share))

    def _is_held_out(self, question: Question) -> bool:
        return self._drawn(question).is_held_out

    def _was_asked_back(self, question: Question) -> bool:
        if not question.conversation_id:
            return False
        of_it = {
            "tenant": question.tenant,
            "conversation_id": question.conversation_id,
            "source": Source.ASKED_BACK,
        }
        return self._parts.records.count(Interaction, of_it) > 0


def _modes(records: Records) -> Mapping[tuple[str, str], Mode]:
    kept = records.query(OwnMode).rows
    return {(one.tenant, one.conversation_id): one.mode for one in kept}


def _without_model(pieces: Iterator[str | Interaction]) -> Interaction | None:
    """Return an answer as far as it takes no model; None where it does."""
    for piece in pieces:
        if piece is WORKING:
            return None
        if isinstance(piece, Interaction):
            return piece
    return None


def _as_if_given(handed: Interaction, pair: Pair, said: Candidate) -> Interaction:
    """What was handed over, had a candidate been its answer under a pair."""
    return msgspec.structs.replace(
        handed,
        release=pair.release,
        knowledge=pair.knowledge,
        citations=said.citations,
        evidence=said.evidence,
    )


def _is_of(cached: CachedAnswer, kept: Interaction | None) -> bool:
    # What is asked again under its old id is another answer.
    return kept is not None and kept.answer == cached.answer
