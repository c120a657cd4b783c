"""The answer path, top to bottom: from a customer's question to an answer or a hand-off.

    redact → held out? → asked for a person? → approved answer? → cached answer?
           → treatments that generate nothing, in the release's order: the first that is sure enough
           → retrieve (→ nothing found: hand off) → what was said to a question that means the same?
           → generate → check → answer
           → is it open which of two or three documents is meant? ask back, once a conversation
           → hand off

Every step leaves its mark in the trace. Nothing that was generated goes out before the check has
passed: a hand-off is one sentence, and what was held back is kept as a draft for the team. What a
reviewer has judged wrong is not said again, whoever says it: cache, approved answer or model. Nor
is what rests on passages that have changed since: from the cache, approved, or asked for again.
A cached answer of a customer who was forgotten since, in whichever process, is none any more.
Before the model is asked, and only then, the semantic cache is (`serving.semantic`).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from math import inf

import msgspec

from northloop.core.artefacts import AskedTreatment
from northloop.core.check import check, passes
from northloop.core.conversation import Message
from northloop.core.errors import InputError, RemoteUnavailable, TooLong
from northloop.core.grounds import Grounds, stands
from northloop.core.ids import Hash
from northloop.core.interaction import (
    FOLLOW_UP,
    SEARCHING,
    WORKING,
    Asking,
    CachedAnswer,
    HandoffReason,
    Interaction,
    Near,
    Origin,
    Question,
    Source,
)
from northloop.core.treatment import Candidate, Mode, Treatment
from northloop.ports.retrieval import Hit
from northloop.ports.semantic_cache import Entry
from northloop.stages.serving import semantic
from northloop.stages.serving.asked_question import Asked, asked_of
from northloop.stages.serving.asking_back import answered, asked_back, offered, was_asked_back
from northloop.stages.serving.cache_policy import NoCache, cache_key
from northloop.stages.serving.generate import Answerer, Generated, best_score, generate, retrieve
from northloop.stages.serving.handed_over import told
from northloop.stages.serving.handoff import asked_for_human
from northloop.stages.serving.path_parts import Holdout, PathParts
from northloop.stages.serving.policy import Chosen, alternatives, choose, prefers_models
from northloop.stages.serving.redaction import restored
from northloop.stages.serving.reply import (
    Reply,
    handed_off,
    held_back,
    lacking,
    left_to_who_answers,
    reply_of,
)
from northloop.stages.serving.semantic import CachePlace, Looked
from northloop.stages.serving.trace import (
    Trace,
    of_candidate,
    of_check,
    of_generated,
    of_hits,
    of_refused,
)

_log = logging.getLogger("northloop.serving")


class AnswerPath:
    """Answers questions under one release; safe for threads if its parts are."""

    def __init__(self, parts: PathParts) -> None:
        self._parts = parts
        self._answerer = Answerer(release=parts.release, engine=parts.engine, index=parts.index)

    def without_cache(self) -> AnswerPath:
        """Return a path that answers the same way, and neither asks the cache nor keeps there."""
        return AnswerPath(msgspec.structs.replace(self._parts, cache=NoCache(), semantic=None))

    def recall(self, tenants: Iterable[str]) -> None:
        """Have the treatments hear what was said for the customers of tenants until now."""
        for tenant in tenants:
            self._parts.treatments(tenant, ())

    def answer(self, question: Question) -> Iterator[str | Interaction]:
        """Yield the answer's text piece by piece, at last the Interaction with the whole trace.

        The text is the customer's, with real names; the Interaction holds redacted text only. It
        is text that passed the check; SEARCHING comes where neither a person's word nor the cache
        answers, WORKING before the model is asked, where whoever serves many can wait for a turn,
        and while it answers.
        Closing the iterator stops the generation. InputError for a question that is empty or
        longer than MAX_QUESTION_CHARS. Where the engine does not answer a person takes over.
        """
        trace = Trace()
        asked = asked_of(question, self._parts, trace)
        drawn = self._parts.holdout(question)
        reply = (
            self._held_out(drawn, trace)
            or self._for_a_person(asked, trace)
            or self._approved(asked, trace)
            or self._cached(question.circle, asked, trace)
        )
        if reply is None:
            yield SEARCHING
            reply = yield from self._made_now(question, asked, trace)
        # A model takes seconds: somebody may have taken the conversation over meanwhile.
        was_long = reply.source is Source.GENERATED
        if asked.taken_over or (was_long and self._parts.own_mode(question) is Mode.DRAFT):
            reply = left_to_who_answers(reply, trace)
        language = self._parts.language(asked.text)
        if reply.handoff is not None:
            said = self._told(reply.handoff, language, asked)
            reply = msgspec.structs.replace(reply, text=said)
        yield restored(reply.text, asked.originals)
        yield Interaction(
            interaction_id=question.interaction_id,
            conversation_id=question.conversation_id,
            customer_id=question.customer_id,
            tenant=question.tenant,
            release=self._parts.release_hash,
            at=trace.began_at,
            question=asked.text,
            answer=reply.text,
            source=reply.source,
            citations=reply.citations,
            confidence=reply.confidence,
            handoff=reply.handoff,
            intent=asked.intent,
            latency_ms=trace.elapsed_ms(),
            trace=trace.steps(),
            draft=reply.draft,
            asked=asked.asking.asked,
            origin=question.origin,
            turn=asked.turn,
            knowledge=self._parts.knowledge,
            evidence=reply.evidence,
            score=reply.score,
            treatment=reply.treatment,
            sure=reply.sure,
            held_out=drawn.chance,
            canary=question.canary,
            channel=question.channel,
            language=language,
            near=reply.near,
            trace_id=question.trace.trace_id,
            before=asked.messages[:-1],
        )

    def alternatives(
        self,
        asking: Asking,
        messages: Sequence[Message],
        draft: str,
        unsaid: Collection[str] = (),
    ) -> list[Candidate]:
        """Return what a person may be offered beside the draft ("" for none) for a conversation
        that is kept, as if some verdicts (their ids) were not known; see `policy.alternatives`."""
        return alternatives(
            self._parts.release.first,
            self._parts.treatments(asking.tenant, unsaid),
            messages,
            draft,
            lambda text: self._parts.rejected(asking, text, ""),
        )

    def replay(self, kept: Interaction, question: Question) -> Iterator[str | Interaction]:
        """Yield the text of an answer given before to the same question, then the Interaction.

        Names come back from the question that is asked again: they were never kept. Of a hand-off
        only its sentence is said again (older records hold what should not have been sent), and so
        of what a reviewer has judged wrong since, or what rests on passages that have changed.
        InputError, which tells nothing of what is kept, if it was another question: of another
        tenant, of its team and not its customers or the other way round, or in other words.
        """
        asked = asked_of(question, self._parts, Trace())
        if kept.circle != question.circle or not _asks_the_same(kept, asked):
            raise InputError(
                "this id is taken by another question",
                where=question.interaction_id,
                action="ask under another id",
            )
        reason = None if kept.handoff else self._fault(kept, asked)
        if reason is not None:
            kept = msgspec.structs.replace(
                kept,
                source=Source.HANDOFF,
                handoff=reason,
                answer=self._told(reason, kept.language, asked),
                draft=kept.answer,
            )
        text = kept.answer
        if kept.handoff is not None:
            text = self._told(kept.handoff, kept.language, asked)
        yield restored(text, asked.originals)
        yield kept

    def _told(self, reason: HandoffReason, language: str, asked: Asked) -> str:
        """Return what a customer is told: in the language of the conversation where their message
        shows none, in that of the house where that does not either ("order 4711?")."""
        language = language or self._language_before(asked) or self._parts.house
        return told(reason, language, self._parts.own_words())

    def _language_before(self, asked: Asked) -> str:
        """Return the language of a conversation whose last message shows none ("ok?")."""
        return self._parts.language(" ".join(m.content for m in asked.messages if m.role == "user"))

    def _fault(self, kept: Interaction, asked: Asked) -> HandoffReason | None:
        """Why an answer of before is not to be given again."""
        if self._is_wrong(asked.asking, kept.answer, kept.at):
            return HandoffReason.REJECTED
        if not self._stands(self._parts.given(kept), asked):
            return HandoffReason.OUTDATED
        if kept.source is Source.APPROVED:
            now = self._parts.approved(asked.asking)
            if now is None or now.answer != kept.answer:
                return HandoffReason.OUTDATED
        return None

    def evidence_of(self, question: str) -> list[Hash]:
        """Return what names the passages that a redacted first question finds, best first."""
        return [hit.passage.hash for hit in self._found((Message("user", question),))]

    def _stands(self, grounds: Grounds, asked: Asked) -> bool:
        """Whether an answer to what is asked still rests on what the documents say."""

        def found() -> list[Hash]:
            return [hit.passage.hash for hit in self._found(asked.messages)]

        return stands(grounds, self._parts.knowledge, found, self._parts.passages_of)

    def _found(self, messages: Sequence[Message]) -> tuple[Hit, ...]:
        return retrieve(self._answerer, self._heard(messages))

    def _heard(self, messages: Sequence[Message]) -> list[Message]:
        hear = self._parts.heard
        return [Message(m.role, hear(m.content)) if m.role == "user" else m for m in messages]

    # --- the steps -----------------------------------------------------------------------------

    def _held_out(self, drawn: Holdout, trace: Trace) -> Reply | None:
        """Hand over what a held-out customer asks: no draft is made, for people would see it."""
        if not drawn.is_held_out:
            return None
        trace.add("held_out", "yes", {"chance": drawn.chance})
        return handed_off(HandoffReason.HELD_OUT, trace)

    def _for_a_person(self, asked: Asked, trace: Trace) -> Reply | None:
        wanted = asked_for_human(asked.text)
        trace.add("asked_for_human", "yes" if wanted else "no")
        if not wanted:
            return None
        return handed_off(HandoffReason.ASKED_FOR_HUMAN, trace)

    def _approved(self, asked: Asked, trace: Trace) -> Reply | None:
        # A question that follows others may mean something else than the same words alone.
        alone = len(asked.messages) == 1
        found = self._parts.approved(asked.asking) if alone else None
        if found is None:
            trace.add("approved", "none" if alone else FOLLOW_UP)
            return None
        if self._is_wrong(asked.asking, found.answer, found.at):
            trace.add("approved", "judged wrong since", {"approved_id": found.approved_id})
            return None
        grounds = self._parts.grounds(found)
        if not self._stands(grounds, asked):
            trace.add("approved", "documents changed", {"approved_id": found.approved_id})
            return None
        trace.add("approved", "found", {"approved_id": found.approved_id})
        return Reply(
            text=found.answer,
            source=Source.APPROVED,
            evidence=grounds.evidence,
            confidence=1.0,
        )

    def _cached(
        self, circle: str, asked: Asked, trace: Trace, *, again: bool = False
    ) -> Reply | None:
        """Return the cached answer; `again`, after waiting: others may have asked the same."""
        cache = self._parts.cache
        key = cache_key(circle, self._parts.release_hash, asked.asking.asked, asked.background)
        found = cache.get(key)
        if found is None:
            if not again:
                trace.add("cache", "miss", {"key": key})
            return None
        if self._is_wrong(asked.asking, found.answer, ""):
            cache.remove(key)
            trace.add("cache", "judged wrong since", {"key": key})
            return None
        if found.confidence < self._least(asked):
            if not again:
                trace.add("cache", "not certified", {"key": key})
            return None
        kept = self._still_kept(found)
        if kept is None:
            cache.remove(key)
            trace.add("cache", "forgotten", {"key": key})
            return None
        if not self._stands(found.grounds, asked):
            # It stays: who still answers by older documents may need it, and what is made now
            # takes its place.
            if not again:
                trace.add("cache", "documents changed", {"key": key})
            return None
        seen = Grounds(self._parts.knowledge, found.grounds.evidence)
        looked_at = msgspec.structs.replace(kept, grounds=seen)
        if looked_at != found:
            cache.refresh(key, looked_at)
        trace.add("cache", "hit", {"key": key, "answered_first": found.interaction_id})
        return Reply(
            text=found.answer,
            source=Source.CACHE,
            citations=found.citations,
            evidence=found.grounds.evidence,
            confidence=found.confidence,
        )

    def _still_kept(self, found: CachedAnswer) -> CachedAnswer | None:
        """Return a cached answer as of now, None if it was a forgotten customer's."""
        forgettings = self._parts.forgettings()
        if found.forgettings == forgettings:
            return found
        if not self._parts.is_kept(found):
            return None
        return msgspec.structs.replace(found, forgettings=forgettings)

    def _made_now(
        self, question: Question, asked: Asked, trace: Trace
    ) -> Generator[str, None, Reply]:
        """Return what the release says: by a treatment, else by its model, if it may be asked."""
        replied = answered(asked.messages)
        if replied is not None and replied.neither:
            trace.add("asked_back", "neither was meant")
            return handed_off(HandoffReason.NOT_CONFIDENT, trace)
        chosen = self._chosen(asked, trace)
        if chosen.sent is not None:
            return reply_of(chosen.sent)
        near: Near | None = None
        if self._parts.release.generates and not self._is_decided_by(chosen, asked):
            reply = yield from self._generated(question, asked, trace)
            if not reply.handoff or prefers_models(chosen, reply.handoff, reply.draft):
                return reply
            near = reply.near  # An audit counts whatever becomes of the fresh answer.
        back = self._asked_back(question, asked, chosen, trace)
        if back is not None:
            return msgspec.structs.replace(back, near=near)
        reason = chosen.reason or HandoffReason.NOTHING_RETRIEVED
        if chosen.held is None:
            return handed_off(reason, trace)
        reason = lacking(reason, asked.mode)
        return held_back(msgspec.structs.replace(reply_of(chosen.held), near=near), reason, trace)

    def _chosen(self, asked: Asked, trace: Trace) -> Chosen:
        """What the treatments say that the release asks before its model."""
        choices = [self._in_force(choice, asked) for choice in self._parts.release.first]
        if not choices:
            return Chosen()
        chosen = choose(
            choices,
            self._parts.treatments(asked.asking.tenant, ()),
            self._heard(asked.messages),
            lambda text: self._parts.rejected(asked.asking, text, ""),
            certified=asked.mode is not Mode.OPEN,
        )
        decision = lacking(chosen.reason, asked.mode).value if chosen.reason else "sent"
        told = of_candidate(chosen.sent or chosen.held) | of_refused(chosen.refused)
        trace.add("treatments", decision, told)
        return chosen

    def _is_decided_by(self, chosen: Chosen, asked: Asked) -> bool:
        """Whether the draft of a treatment goes to the team whatever the model says: then people
        never decide on the model's here, and its certificate is of other questions."""
        is_draft = chosen.held is not None and not chosen.lost
        return is_draft and asked.mode is not Mode.OPEN

    def _in_force(self, choice: AskedTreatment, asked: Asked) -> AskedTreatment:
        """Return what a release says of a treatment as it is now: by the mode, and by people."""
        said = asked.favoured(choice.treatment)
        if said is not None:
            choice = msgspec.structs.replace(choice, sent=said, decided=True)
        if asked.mode is Mode.OPEN and choice.sent and not choice.decided:
            return choice
        least = self._certified(choice.treatment, asked)
        return msgspec.structs.replace(choice, least=least, sent=choice.sent or least < inf)

    def _asked_back(
        self, question: Question, asked: Asked, chosen: Chosen, trace: Trace
    ) -> Reply | None:
        """Return the question which document is meant; None where it is not open, cannot be asked,
        or was asked in this conversation before.

        It passes the check as an answer does, and is not asked where a reviewer judged it wrong.
        """
        options, is_open = chosen.doubt, asked.mode is Mode.OPEN
        if not (self._parts.ask_back() and is_open and options) or question.origin is Origin.LESSON:
            return None
        if was_asked_back(question.messages) or self._parts.was_asked_back(question):
            trace.add("ask_back", "asked before")
            return None
        vouching = tuple(option.vouching for option in options)
        said = [message.content for message in asked.messages if message.role == "user"]
        language = self._parts.language(" ".join(said)) or self._parts.language(" ".join(vouching))
        headings = tuple(option.heading for option in options)
        text = asked_back(headings, language)
        # A heading that looks like somebody's address, or has a number like those of the list,
        # would not be known again in the reply.
        is_plain = self._parts.redact(text).text == text and offered(text) == headings
        if not text or not is_plain or not passes(check(text, vouching, said)):
            trace.add("ask_back", "not to be put", {"language": language})
            return None
        if self._parts.rejected(asked.asking, text, ""):
            trace.add("ask_back", "judged wrong before")
            return None
        shares = tuple(f"{option.share:.2f}" for option in options)
        trace.add("ask_back", "asked", {"language": language, "shares": shares})
        held = chosen.held
        return Reply(
            text=text,
            source=Source.ASKED_BACK,
            citations=tuple(option.citation for option in options),
            evidence=tuple(option.evidence for option in options),
            treatment=Treatment.QUOTE.value,
            sure=held.confidence if held and held.treatment is Treatment.QUOTE else 0.0,
        )

    def _least(self, asked: Asked) -> float:
        """Return from when on a model's answer goes out that its release holds to be sure
        enough."""
        if asked.mode is Mode.OPEN and asked.favoured(Treatment.GENERATED) is None:
            return 0.0
        return self._certified(Treatment.GENERATED, asked)

    def _certified(self, treatment: Treatment, asked: Asked) -> float:
        """Return from when on people's decisions certify an answer, inf for never.

        Nobody has decided on answers to what was asked back, so no certificate is of them.
        """
        if asked.mode is Mode.DRAFT or was_asked_back(asked.messages):
            return inf
        return self._parts.certified(treatment)

    def _is_enough(self, hits: Sequence[Hit]) -> bool:
        """Whether a release found what it needs; one that takes no passages needs none."""
        release = self._parts.release
        if not release.passages:
            return True
        return bool(hits) and best_score(hits) >= release.thresholds.retrieval

    def _generated(
        self, question: Question, asked: Asked, trace: Trace
    ) -> Generator[str, None, Reply]:
        parts = self._parts
        if parts.cache_trouble():
            trace.add("cache_down", "unavailable")
        hits = self._found(asked.messages)
        enough = self._is_enough(hits)
        trace.add("retrieve", "found" if enough else "too weak", of_hits(hits))
        if not enough:
            return handed_off(HandoffReason.NOTHING_RETRIEVED, trace, best_score(hits))
        looked = self._looked(question, asked, hits, trace)
        if looked is not None:
            said_before = self._said_before(looked, asked)
            trace.add("semantic", *semantic.told(looked, served=said_before is not None))
            if said_before is not None:
                return said_before
        yield WORKING
        trace.add("turn", "taken")
        meanwhile = self._cached(question.circle, asked, trace, again=True)
        if meanwhile:
            near = looked.compared(meanwhile.text) if looked is not None else None
            return msgspec.structs.replace(meanwhile, near=near)
        try:
            made = yield from self._made(asked, hits)
        except TooLong:
            return handed_off(HandoffReason.TOO_LONG, trace, best_score(hits))
        except RemoteUnavailable as error:
            _log.warning("a question is handed over, for the model was asked in vain: %s", error)
            trace.add("generate", "unavailable")
            return handed_off(HandoffReason.UNAVAILABLE, trace, best_score(hits))
        trace.add(
            "generate", "truncated" if made.signals.truncated else "complete", of_generated(made)
        )
        failed = made.handoff or self._rejected(asked, made) or self._uncertified(made, asked)
        trace.add("check", failed.value if failed else "passed", of_check(made))
        near = looked.compared(made.answer) if looked is not None else None
        if near is not None:
            trace.add("compared", "the same" if near.same else "another answer")
        reply = Reply(
            text=made.answer,
            source=Source.GENERATED,
            citations=tuple(hit.passage.passage_id for hit in hits),
            evidence=tuple(hit.passage.hash for hit in hits),
            score=best_score(hits),
            confidence=made.confidence,
            treatment=Treatment.GENERATED.value,
            sure=made.confidence,
            near=near,
        )
        if failed:
            return held_back(reply, failed, trace)
        kept = self._keep(question, asked, reply)
        if looked is not None and parts.semantic is not None:
            ttl_s = parts.release.cache_ttl_s
            semantic.keep(parts.semantic, looked, near, asked.asking, kept, ttl_s)
        return reply

    def _looked(
        self, question: Question, asked: Asked, hits: Sequence[Hit], trace: Trace
    ) -> Looked | None:
        """Return what was said to questions that mean much the same; None where nobody looks.

        Only to a customer's first question: what follows others may mean something else, and the
        team, which tries things, is to teach nothing.
        """
        parts = self._parts.semantic
        if parts is None or not self._parts.release.cache_ttl_s:
            return None
        if question.origin is not Origin.CUSTOMER or len(asked.messages) > 1:
            trace.add("semantic", FOLLOW_UP if len(asked.messages) > 1 else "not a customer")
            return None
        place = CachePlace(
            circle=question.circle,
            release=self._parts.release_hash,
            background=asked.background,
            language=self._parts.language(asked.text),
        )

        def is_usable(entry: Entry) -> bool:
            return self._is_usable(entry, asked, hits)

        heard = self._parts.heard(asked.text)
        return semantic.look(parts, question.interaction_id, heard, place, is_usable)

    def _is_usable(self, entry: Entry, asked: Asked, hits: Sequence[Hit]) -> bool:
        """Whether an answer to another question can be given to anybody, and to this one."""
        parts, found = self._parts, entry.answer
        assert parts.semantic is not None
        if found.confidence < self._least(asked) < inf:
            return False  # What is certified has to be what is served; where nothing is, all teach.
        kept = self._still_kept(found)
        if kept is None or parts.rejected(entry.asking, found.answer, ""):
            parts.semantic.cache.remove(entry.entry_id)
            return False
        if kept is not found:
            parts.semantic.cache.refresh(msgspec.structs.replace(entry, answer=kept))
        if self._is_wrong(asked.asking, found.answer, ""):
            return False
        passages = [hit.passage.hash for hit in hits]
        return stands(found.grounds, parts.knowledge, lambda: passages, parts.passages_of)

    def _said_before(self, looked: Looked, asked: Asked) -> Reply | None:
        """Return the answer to another question that is given to this one, None for a fresh one."""
        if looked.entry is None or looked.near is None or looked.audited or not looked.near.passed:
            return None
        found = looked.entry.answer
        if found.confidence < self._least(asked):
            return None
        return Reply(
            text=found.answer,
            source=Source.SEMANTIC_CACHE,
            citations=found.citations,
            evidence=found.grounds.evidence,
            confidence=found.confidence,
            near=looked.near,
        )

    def _made(self, asked: Asked, hits: tuple[Hit, ...]) -> Generator[str, None, Generated]:
        """Return the generated answer; after each piece of it, nobody may be waiting any more."""
        for piece in generate(self._answerer, self._heard(asked.messages), hits, asked.background):
            if isinstance(piece, Generated):
                made = piece
                break
            yield WORKING
        return made

    def _uncertified(self, made: Generated, asked: Asked) -> HandoffReason | None:
        if made.confidence >= self._least(asked):
            return None
        return lacking(HandoffReason.NOT_CONFIDENT, asked.mode)

    def _rejected(self, asked: Asked, made: Generated) -> HandoffReason | None:
        rejected = self._is_wrong(asked.asking, made.answer, "")
        return HandoffReason.REJECTED if rejected else None

    def _is_wrong(self, asking: Asking, answer: str, since: str) -> bool:
        """Whether people have said since that an answer is wrong here, or a sentence of it is."""
        parts = self._parts
        return parts.rejected(asking, answer, since) or parts.replaced(asking.tenant, answer, since)

    def _keep(self, question: Question, asked: Asked, reply: Reply) -> CachedAnswer:
        """Keep a generated answer for the same words, and return it as it is kept."""
        parts = self._parts
        key = cache_key(question.circle, parts.release_hash, asked.asking.asked, asked.background)
        kept = CachedAnswer(
            answer=reply.text,
            citations=reply.citations,
            confidence=reply.confidence,
            intent=asked.intent,
            interaction_id=question.interaction_id,
            grounds=Grounds(parts.knowledge, reply.evidence),
            forgettings=parts.forgettings(),
        )
        parts.cache.put(key, kept, parts.release.cache_ttl_s)
        return kept


def _asks_the_same(kept: Interaction, asked: Asked) -> bool:
    """Whether this is what was asked; older records do not name it."""
    return kept.asked == asked.asking.asked if kept.asked else kept.question == asked.text
