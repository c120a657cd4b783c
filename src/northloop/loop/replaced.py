"""Sentences that a person has replaced by one that says otherwise, and whom that binds.

Practice changes before documents do: an agent writes "14 days" where the draft said "10", a
reviewer where the answer did. What remembers the reply and what quotes the document would say the
old sentence on, as surely as before. So no answer with it goes out by itself, whatever question it
answers, until a person says it again or a document comes to: it is a draft, with what was written
in its place, which goes out once somebody has said that again, and the operator is told which
document still has it (`app.knowledge`).

Only what shows in the words is taken for a replacement: the same sentence with another number,
code or address that no document has of the matter, or denied, in the same words but for one. What
agents once replied says the same in words of their own, and is a draft sooner.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from northloop.core.actor import EVERY_TENANT
from northloop.core.check import denies
from northloop.core.conversation import Passage
from northloop.core.facts import content_stems, facts, numbers
from northloop.core.ids import Hash
from northloop.core.interaction import ApprovedAnswer, Interaction, Verdict, VerdictKind, Withdrawal
from northloop.core.question import normalised
from northloop.core.remembered import remembered
from northloop.core.tenants import bound_by
from northloop.core.treatment import Treatment
from northloop.loop.parts import Parts
from northloop.ports.treatments import Treating
from northloop.stages.monitoring.approvals import in_force
from northloop.stages.monitoring.review import standing
from northloop.stages.serving.heeding import Heeding, Written
from northloop.stages.serving.quote.sentences import split

_SAYS = 3
"""So many words that carry meaning has a sentence that is known again."""
_MORE = 1
"""So many more may one have than the other, which has no others."""
_HALF = 0.5
"""Of the shorter one's words, for a sentence in other words to be of the same matter."""
_KEPT = 4_096
_KNOWLEDGE = 4
"""So many states of the documents are kept at hand."""
FOLLOWED = (Verdict, ApprovedAnswer, Withdrawal)
"""The records that it follows from."""
_WRONG = (VerdictKind.INCORRECT, VerdictKind.NEEDS_REPHRASING)


class Replaced(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence that was answered, and what a person wrote in its place."""

    sentence: str
    instead: str
    at: str
    by: str
    """Who, "" where nobody gave a name."""
    agreed: bool = False
    """Somebody has said what was written instead again, or found it right."""
    confirmed: frozenset[str] = frozenset()
    """The sentences with a value that went that people said or found right since (`normalised`)."""


class Outdated(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence of a document in force that people write otherwise."""

    document_id: str
    title: str
    sentence: str
    instead: str
    """What was written in its place last."""
    at: str
    by: str
    """Who wrote that, "" where nobody gave a name."""
    times: int
    """So many of people's corrections replace it."""


class _Said(NamedTuple):
    """A sentence as it is held against others."""

    text: str
    plain: str
    words: frozenset[str]
    values: frozenset[str]
    denials: int


def replaced(
    parts: Parts,
    tenant: str,
    knowledge: Hash,
    *,
    before: str = "",
    unsaid: Collection[str] = (),
    documents: Documents | None = None,
) -> list[Replaced]:
    """Return what is replaced for a tenant's customers, oldest first: nobody has said it since.

    `knowledge` is what is in force; what its documents came to say since stands. With `before` as
    of that time, and as if the verdicts of the ids `unsaid` had not been given. `documents` may
    remember what it read.
    """
    documents = documents or Documents(parts)
    wrong = _judged(parts, tenant, _WRONG, unsaid)
    corrections = [(v, kept) for v, kept in wrong if v.correction and _is_before(v.at, before)]
    found = [
        Replaced(sentence=sentence, instead=instead, at=verdict.at, by=verdict.reviewer)
        for verdict, kept in corrections
        for sentence, instead in replacements(kept.judged, verdict.correction)
        if not documents.have(kept.knowledge, instead)
        and not documents.came_to_say(sentence, kept.knowledge, knowledge)
    ]
    if not found:
        return []
    right = _judged(parts, tenant, (VerdictKind.CORRECT,), unsaid)
    approved = [a for a in in_force(parts.records) if bound_by(tenant, a.tenant)]
    said = [
        *((verdict.at, verdict.correction) for verdict, _ in corrections),
        *((verdict.at, kept.judged) for verdict, kept in right if _is_before(verdict.at, before)),
        *((answer.at, answer.answer) for answer in approved if _is_before(answer.at, before)),
    ]
    return [
        msgspec.structs.replace(
            one,
            agreed=any(_says(text, one.instead) for text in later),
            confirmed=_confirmed(one, later),
        )
        for one in sorted(found, key=lambda one: one.at)
        for later in [[text for at, text in said if at > one.at]]
        if not any(repeats(text, one) for text in later)
    ]


def _says(text: str, sentence: str) -> bool:
    return any(said.plain == normalised(sentence) for said in _sentences(text))


def _confirmed(one: Replaced, later: Iterable[str]) -> frozenset[str]:
    gone = _gone(one)
    return frozenset(
        said.plain
        for text in later
        for said in _sentences(text)
        if not gone.isdisjoint(said.values)
    )


def _judged(
    parts: Parts, tenant: str, kinds: Sequence[VerdictKind], unsaid: Collection[str]
) -> list[tuple[Verdict, Interaction]]:
    """Return the verdicts that bind a tenant, each with what was judged."""
    found = parts.records.query(Verdict, {"kind": [*kinds], "skipped": False}).rows
    given = [verdict for verdict in standing(found) if verdict.verdict_id not in unsaid]
    judged = parts.records.get_all(Interaction, (verdict.interaction_id for verdict in given))
    return [
        (verdict, kept)
        for verdict in given
        if (kept := judged.get(verdict.interaction_id)) and bound_by(tenant, kept.tenant)
    ]


def _is_before(at: str, before: str) -> bool:
    return not before or at < before


def outdated(parts: Parts, knowledge: Hash) -> list[Outdated]:
    """Return the sentences of the documents that people replaced, the newest first."""
    documents = Documents(parts)
    those = replaced(parts, EVERY_TENANT, knowledge, documents=documents)
    of_each: dict[tuple[str, str], list[Replaced]] = {}
    titles: dict[str, str] = {}
    for one in those:
        for passage in documents.near(knowledge, one.sentence):
            titles[passage.document_id] = passage.title
            for said in _sentences(passage.text):
                if repeats(said.text, one):
                    of_each.setdefault((passage.document_id, said.text), []).append(one)
    found = [
        Outdated(
            document_id=document,
            title=titles[document],
            sentence=sentence,
            instead=of_it[-1].instead,
            at=of_it[-1].at,
            by=of_it[-1].by,
            times=len(of_it),
        )
        for (document, sentence), of_it in of_each.items()
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def is_replaced(text: str, those: Iterable[Replaced], since: str = "") -> bool:
    """Return whether a text says one of the sentences that were replaced after `since`."""
    return any(one.at > since and repeats(text, one) for one in those)


def repeats(text: str, one: Replaced) -> bool:
    """Return whether a text says a sentence that was replaced: word for word, or one of the same
    matter with a value that went."""
    said, values = _read(one.sentence), _gone(one)
    return any(
        own.plain == said.plain or (not values.isdisjoint(own.values) and _alike(own, said))
        for own in _sentences(text)
        if own.plain != normalised(one.instead)
    )


def recalls(text: str, one: Replaced) -> bool:
    """Return whether a text that was remembered may say what was replaced, in other words: half of
    the words and a value that went, in a sentence that nobody has said or found right since."""
    said, values = _read(one.sentence), _gone(one)
    return any(
        not values.isdisjoint(own.values)
        and own.plain not in (normalised(one.instead), *one.confirmed)
        and len(own.words & said.words) >= _HALF * max(1, min(len(own.words), len(said.words)))
        for own in _sentences(text)
    )


def _gone(one: Replaced) -> frozenset[str]:
    """The values that went with a sentence."""
    return _read(one.sentence).values - _read(one.instead).values


def heeding(
    ways: Mapping[Treatment, Treating], those: Sequence[Replaced]
) -> dict[Treatment, Treating]:
    """Return treatments that are unsure of what was replaced."""
    if not those:
        return dict(ways)

    last = _newest(those)

    def now(text: str) -> Written | None:
        return written(text, last)

    def recalled(text: str) -> Written | None:
        is_gone = any(recalls(text, one) for one in those)
        return now(text) or (Written(text, (), agreed=False) if is_gone else None)

    return {
        treatment: Heeding(way, recalled if treatment is Treatment.MEMORY else now)
        for treatment, way in ways.items()
    }


def _newest(those: Iterable[Replaced]) -> list[Replaced]:
    """Return the last word on each sentence, oldest first."""
    last = [*{_read(one.sentence).plain: one for one in those}.values()]
    last.sort(key=lambda one: one.at)
    return [
        one
        for place, one in enumerate(last)
        if not any(repeats(one.sentence, later) for later in last[place + 1 :])
    ]


def written(text: str, those: Iterable[Replaced]) -> Written | None:
    """Return a text with what people wrote in the place of what was replaced, oldest first; None
    if nothing of it was."""
    before, instead, agreed = text, list[str](), True
    for one in those:
        for said in _sentences(text):
            if repeats(said.text, one):
                text = text.replace(said.text, one.instead)
                instead.append(one.instead)
                agreed = agreed and one.agreed
    if text == before:
        return None
    return Written(text, tuple(dict.fromkeys(instead)), agreed=agreed)


@remembered(_KEPT)
def replacements(text: str, correction: str) -> tuple[tuple[str, str], ...]:
    """Return the sentences of a text that a correction has otherwise, each with what it has."""
    now = _sentences(correction)
    kept = {one.plain for one in now}
    return tuple(
        (said.text, other.text)
        for said in _sentences(text)
        if said.plain not in kept
        for other in now
        if _alike(said, other) and (_has_other_values(said, other) or _is_denied(said, other))
    )


def _alike(one: _Said, other: _Said) -> bool:
    """Whether two sentences are of the same matter: one has all the words that the other has, and
    hardly more."""
    fewer, more = sorted((one.words, other.words), key=len)
    return len(fewer) >= _SAYS and fewer <= more and len(more) <= len(fewer) + _MORE


def _has_other_values(one: _Said, other: _Said) -> bool:
    return bool(one.values - other.values and other.values - one.values)


def _is_denied(one: _Said, other: _Said) -> bool:
    return one.words == other.words and one.values == other.values and one.denials != other.denials


@remembered(_KEPT)
def _sentences(text: str) -> tuple[_Said, ...]:
    return tuple(_read(one) for line in text.split("\n") for one in split(line))


@remembered(_KEPT)
def _read(sentence: str) -> _Said:
    words = [word for word in content_stems(sentence) if not denies(word)]
    return _Said(
        text=sentence.strip(),
        plain=normalised(sentence),
        words=frozenset(words),
        values=frozenset(fact for fact in facts(sentence) if fact[:1] != "["),
        denials=sum(denies(word) for word in sentence.lower().replace("’", "'").split()),
    )


class Documents:
    """What documents have of sentences, as of any knowledge; remembers what it was asked."""

    def __init__(self, parts: Parts) -> None:
        self._passages = lru_cache(_KNOWLEDGE)(parts.readable_passages)
        self._known: dict[tuple[Hash, str, bool], bool] = {}

    def have(self, knowledge: Hash, sentence: str) -> bool:
        """Whether a document says it, as far as matter and values go: who chose the wrong one of
        two rules that stand there has replaced none."""
        return self._asked(knowledge, sentence, word_for_word=False)

    def came_to_say(self, sentence: str, then: Hash, now: Hash) -> bool:
        """Whether a document of now has a sentence that none had then."""
        if not (then and now) or then == now:
            return False
        has = self._asked(now, sentence, word_for_word=True)
        return has and not self._asked(then, sentence, word_for_word=True)

    def near(self, knowledge: Hash, sentence: str) -> Iterator[Passage]:
        """Yield the passages that may have a sentence: they share a value, or have its words."""
        read = _read(sentence)
        for passage in self._passages(knowledge) if knowledge else ():
            if not read.values.isdisjoint(numbers(passage.text)) or any(
                text in passage.text.casefold() for text in (read.plain, *read.values)
            ):
                yield passage

    def _asked(self, knowledge: Hash, sentence: str, *, word_for_word: bool) -> bool:
        asked = knowledge, sentence, word_for_word
        if asked not in self._known:
            read = _read(sentence)
            self._known[asked] = any(
                said.plain == read.plain
                or (not word_for_word and read.values <= said.values and _alike(read, said))
                for passage in self.near(knowledge, sentence)
                for said in _sentences(passage.text)
            )
        return self._known[asked]


class Replacements:
    """What is replaced for the customers of each tenant now; safe for threads, follows every
    verdict."""

    def __init__(self, parts: Parts, knowledge: Hash) -> None:
        self._parts, self._knowledge = parts, knowledge
        self._documents = Documents(parts)
        self._known: tuple[int, dict[str, list[Replaced]]] = -1, {}

    def __call__(self, tenant: str, unsaid: Collection[str] = ()) -> Sequence[Replaced]:
        """Return it, as if the verdicts of these ids had not been given."""
        version = self._parts.records.changes(*FOLLOWED)
        as_of, known = self._known
        if version != as_of:
            # Read after the version: what comes in between is read again, never missed.
            known = {}
            self._known = version, known
        if tenant not in known:
            known[tenant] = self._replaced(tenant, ())
        return self._replaced(tenant, unsaid) if unsaid and known[tenant] else known[tenant]

    def _replaced(self, tenant: str, unsaid: Collection[str]) -> list[Replaced]:
        own = self._documents
        return replaced(self._parts, tenant, self._knowledge, unsaid=unsaid, documents=own)

    def let_go(self) -> None:
        """Drop what it remembers."""
        self._documents = Documents(self._parts)
        self._known = -1, {}
