"""Sentences that a person has replaced by one that says otherwise, and whom that binds.

Practice changes before documents do: an agent writes "14 days" where the draft said "10", a
reviewer where the answer did. What remembers the reply and what quotes the document would say the
old sentence on, as surely as before. So no answer with it goes out by itself, whatever question it
answers, until a person says it again or a document comes to: it is a draft, with what was written
in its place, and the operator is told which document still has it (`app.knowledge`).

Only what shows in the words is taken for a replacement: the same sentence with another number,
code or address that no document has of the matter, or denied, in the same words but for one. What
agents once replied says the same in words of their own, and is a draft sooner.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import NamedTuple

import msgspec

from northloop.core.actor import EVERY_TENANT
from northloop.core.check import denies
from northloop.core.conversation import Passage
from northloop.core.facts import content_stems, facts, in_figures, numbers
from northloop.core.grounds import Vouched
from northloop.core.ids import Hash
from northloop.core.interaction import ApprovedAnswer, Interaction, Verdict, VerdictKind, Withdrawal
from northloop.core.question import normalised
from northloop.core.remembered import remembered
from northloop.core.tenants import bound_by
from northloop.core.treatment import Treatment
from northloop.loop.parts import Parts
from northloop.loop.up_to_date import UpToDate
from northloop.ports.treatments import Treating
from northloop.stages.monitoring.approvals import in_force
from northloop.stages.monitoring.review import names_somebody, standing
from northloop.stages.serving.heeding import Heeding, Written
from northloop.stages.serving.quote.sentences import split

_SAYS = 3
"""So many words that carry meaning has a sentence that is known again."""
_MORE = 1
"""So many more may one have than the other, which has no others."""
_HALF = 0.5
"""Of the shorter one's words, for a sentence in other words to be of the same matter."""
_FEWEST = 2
"""So many words at least: "It takes 30 days." is of any matter."""
_KEPT = 16_384
_KNOWLEDGE = 4
"""So many states of the documents are kept at hand."""
FOLLOWED = (Verdict, ApprovedAnswer, Withdrawal, Vouched)
"""The records that it follows from."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_CANNOT, _SHORTENED = re.compile(r"\b(?:cannot|can't)\b"), re.compile(r"n't\b")
_WRONG = (VerdictKind.INCORRECT, VerdictKind.NEEDS_REPHRASING)


class Replaced(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence that was answered, and what a person wrote in its place."""

    sentence: str
    instead: str
    at: str
    by: str
    """Who, "" where nobody gave a name."""
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
    """Those that carry meaning, cut short."""
    form: tuple[str, ...]
    """All of its words but those of values, sorted."""
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
    said = [
        *((verdict.at, verdict.correction) for verdict, _ in corrections),
        *((verdict.at, kept.judged) for verdict, kept in right if _is_before(verdict.at, before)),
        *((at, answer) for at, answer in _approved(parts, tenant) if _is_before(at, before)),
    ]
    return _standing(sorted(found, key=lambda one: one.at), said)


def _standing(found: Sequence[Replaced], said: Iterable[tuple[str, str]]) -> list[Replaced]:
    """Return what nobody has said since, with what they said of it; `said` are times and texts."""
    lookup, back = Lookup(found), set[int]()
    confirmed = defaultdict[int, set[str]](set)
    for at, text in said:
        for own in _sentences(text) if lookup.may_concern(text) else ():
            for place in lookup.near(own):
                if at > found[place].at:
                    confirmed[place].add(own.plain)
                    if _repeats(own, lookup.known[place]):
                        back.add(place)
    return [
        msgspec.structs.replace(one, confirmed=frozenset(confirmed[place]))
        for place, one in enumerate(found)
        if place not in back
    ]


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


def _approved(parts: Parts, tenant: str) -> Iterator[tuple[str, str]]:
    """Yield the approved answers that bind a tenant, as of each time that somebody vouched."""
    known = {a.approved_id: a for a in in_force(parts.records) if bound_by(tenant, a.tenant)}
    yield from ((answer.at, answer.answer) for answer in known.values())
    for vouched in parts.records.query(Vouched).rows:
        if vouched.approved_id in known:
            yield vouched.at, known[vouched.approved_id].answer


def _is_before(at: str, before: str) -> bool:
    return not before or at < before


def outdated(parts: Parts, knowledge: Hash, documents: Documents | None = None) -> list[Outdated]:
    """Return the sentences of the documents that people replaced for some tenant's customers, the
    newest first; `documents` may remember what it read."""
    own = documents or Documents(parts)
    wrong = _judged(parts, EVERY_TENANT, _WRONG, ())
    tenants = sorted({kept.tenant for verdict, kept in wrong if verdict.correction})
    each = (replaced(parts, tenant, knowledge, documents=own) for tenant in tenants)
    those = sorted(dict.fromkeys(chain.from_iterable(each)), key=lambda one: one.at)
    of_each: dict[tuple[str, str], tuple[str, list[Replaced]]] = {}
    for one in those:
        known = _known(one)
        sign = max(known.said.form, key=len, default="")
        for passage in own.near(knowledge, one.sentence):
            for said in _sentences(passage.text) if sign in passage.text.casefold() else ():
                if _repeats(said, known):
                    place = passage.document_id, said.text
                    of_each.setdefault(place, (passage.title, []))[1].append(one)
    found = [
        Outdated(
            document_id=document,
            title=title,
            sentence=sentence,
            instead=of_it[-1].instead,
            at=of_it[-1].at,
            by=of_it[-1].by,
            times=len(of_it),
        )
        for (document, sentence), (title, of_it) in of_each.items()
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


class _Known(NamedTuple):
    """What was replaced, as sentences are held against it."""

    said: _Said
    instead: str
    """`normalised`."""
    gone: frozenset[str]
    """The values that went with it."""
    one: Replaced


def _known(one: Replaced) -> _Known:
    said, instead = _read(one.sentence), _read(one.instead)
    return _Known(said, instead.plain, said.values - instead.values, one)


def _repeats(own: _Said, known: _Known) -> bool:
    """Whether a sentence says what was replaced: word for word, or with all of its words and values
    in another order."""
    if own.plain == known.instead:
        return False
    if own.plain == known.said.plain:
        return True
    has_it = own.form == known.said.form and own.denials == known.said.denials
    return has_it and bool(known.gone) and own.values == known.said.values


def _recalls(own: _Said, known: _Known) -> bool:
    """Whether a sentence that was remembered may say it in words of its own: half of the words, two
    at least, and a value that went, where nobody has said this or found it right since."""
    if known.gone.isdisjoint(own.values) or own.plain == known.instead:
        return False
    words, mine = known.said.words, own.words
    shared = len(mine & words) >= max(_FEWEST, _HALF * min(len(mine), len(words)))
    return shared and own.plain not in known.one.confirmed


class Lookup:
    """Finds what of a text was replaced, however much was; those replaced stand oldest first."""

    def __init__(self, those: Sequence[Replaced]) -> None:
        self.known = [_known(one) for one in those]
        self._by_words = defaultdict[str, list[int]](list)
        self._by_value = defaultdict[str, list[int]](list)
        for place, known in enumerate(self.known):
            self._by_words[known.said.plain].append(place)
            for value in known.gone:
                self._by_value[value].append(place)
        self._is_denied = any(not known.gone for known in self.known)

    def __len__(self) -> int:
        return len(self.known)

    def may_concern(self, text: str) -> bool:
        """Whether a text has a value that went with some sentence; as quick as can be."""
        if self._is_denied:
            return True
        lower = text.casefold()
        return any(value in lower for value in self._by_value)

    def near(self, said: _Said) -> list[int]:
        """Return the places of those that a sentence may say, oldest first."""
        found = {*self._by_words.get(said.plain, ())}
        for value in said.values:
            found.update(self._by_value.get(value, ()))
        return sorted(found)

    def has(self, text: str, since: str = "") -> bool:
        """Return whether a text says one of the sentences that were replaced after `since`."""
        return any(
            self.known[place].one.at > since and _repeats(own, self.known[place])
            for own in _sentences(text)
            for place in self.near(own)
        )

    def may_have(self, text: str) -> bool:
        """Return whether it does, or may in words of its own."""
        return any(
            _repeats(own, self.known[place]) or _recalls(own, self.known[place])
            for own in _sentences(text)
            for place in self.near(own)
        )

    def written(self, text: str) -> Written | None:
        """Return a text with what people wrote last in the place of what was replaced; None if
        nothing of it was."""
        instead = list[str]()
        for said in _sentences(text):
            now, passed = said, set[str]()
            while (last := self._last(now)) is not None and now.plain not in passed:
                passed.add(now.plain)
                now = _read(last.instead)
            if now is not said:
                text = text.replace(said.text, now.text)
                instead.append(now.text)
        return Written(text, tuple(dict.fromkeys(instead))) if instead else None

    def _last(self, said: _Said) -> Replaced | None:
        """The last word on a sentence."""
        near = reversed(self.near(said))
        known = (self.known[place] for place in near)
        return next((one.one for one in known if _repeats(said, one)), None)


def heeding(ways: Mapping[Treatment, Treating], those: Lookup) -> dict[Treatment, Treating]:
    """Return treatments that heed what was replaced."""
    if not those:
        return dict(ways)

    def recalled(text: str) -> Written | None:
        now = those.written(text)
        return now or (Written(text, ()) if those.may_have(text) else None)

    return {
        treatment: Heeding(way, recalled if treatment is Treatment.MEMORY else those.written)
        for treatment, way in ways.items()
    }


@remembered(_KEPT)
def replacements(text: str, correction: str) -> tuple[tuple[str, str], ...]:
    """Return the sentences of a text that a correction has otherwise, each with what it has.

    What speaks of somebody in particular (`names_somebody`) is no rule, and what stands in both is
    in no other's place.
    """
    before, now = _sentences(text), _sentences(correction)
    stood, kept = {one.plain for one in before}, {one.plain for one in now}
    new = [one for one in now if one.plain not in stood and not names_somebody(one.text)]
    firsts = (
        (said, next((other for other in new if _is_otherwise(said, other)), None))
        for said in before
        if said.plain not in kept
    )
    return tuple((said.text, other.text) for said, other in firsts if other is not None)


def _is_otherwise(said: _Said, now: _Said) -> bool:
    """Whether a sentence says otherwise what another said: one value went and one came, or it is
    denied, in the same words but for one at most."""
    if len(said.words) < _SAYS:
        return False
    fewer, more = sorted((Counter(said.form), Counter(now.form)), key=Counter.total)
    if fewer - more:
        return False
    gone, came = said.values - now.values, now.values - said.values
    if said.denials != now.denials:
        return not gone and not came and _undenied(said) == _undenied(now)
    return len(gone) == len(came) == 1 and more.total() - fewer.total() <= _MORE


def _undenied(said: _Said) -> list[str]:
    return [word for word in said.form if not denies(word)]


@remembered(_KEPT)
def _sentences(text: str) -> tuple[_Said, ...]:
    return tuple(_read(one) for line in text.split("\n") for one in split(line))


@remembered(_KEPT)
def _read(sentence: str) -> _Said:
    words = [word for word in content_stems(sentence) if not denies(word)]
    bare = _ADDRESS.sub(" ", in_figures(sentence).casefold().replace("’", "'"))
    bare = _SHORTENED.sub(" not", _CANNOT.sub("can not", bare))
    return _Said(
        text=sentence.strip(),
        plain=normalised(sentence),
        words=frozenset(words),
        form=tuple(sorted(_WORD.findall(bare))),
        values=frozenset(fact for fact in facts(sentence) if fact[:1] != "["),
        denials=sum(denies(word) for word in _WORD.findall(bare)),
    )


def _has(said: _Said, asked: _Said) -> bool:
    """Whether a document's sentence has what another says: its values, and nearly its words."""
    fewer, more = sorted((said.words, asked.words), key=len)
    near = len(fewer) >= _SAYS and fewer <= more and len(more) <= len(fewer) + _MORE
    return near and asked.values <= said.values and said.denials == asked.denials


class Documents:
    """What documents have of sentences, as of any knowledge; remembers what it was asked."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._read = lru_cache(_KNOWLEDGE)(self._read_once)
        self._known: dict[tuple[Hash, str, bool], bool] = {}

    def have(self, knowledge: Hash, sentence: str) -> bool:
        """Whether a document says it, as far as matter and values go: who chose the wrong one of
        two rules that stand there has replaced none."""
        return self._asked(knowledge, sentence, word_for_word=False)

    def came_to_say(self, sentence: str, then: Hash, now: Hash) -> bool:
        """Whether a document of now has a sentence that none had then."""
        if not (then and now) or then == now:
            return False
        if not self._read(then)[0]:
            return False  # It cannot be read any more, or had none.
        has = self._asked(now, sentence, word_for_word=True)
        return has and not self._asked(then, sentence, word_for_word=True)

    def near(self, knowledge: Hash, sentence: str) -> Iterator[Passage]:
        """Yield the passages that may have a sentence: they share a value, or have its words."""
        if not knowledge:
            return
        passages, by_number = self._read(knowledge)
        said = _read(sentence)
        found = {place for value in said.values for place in by_number.get(value, ())}
        texts = [value for value in said.values if not value.replace(".", "").isdigit()]
        if texts or not said.values:
            texts.append(said.plain)
            found.update(
                place
                for place, passage in enumerate(passages)
                if any(text in passage.text.casefold() for text in texts)
            )
        yield from (passages[place] for place in sorted(found))

    def _read_once(self, knowledge: Hash) -> tuple[Sequence[Passage], Mapping[str, Sequence[int]]]:
        """Return the passages of a knowledge, and where each number stands."""
        passages = self._parts.readable_passages(knowledge)
        by_number = defaultdict[str, list[int]](list)
        for place, passage in enumerate(passages):
            for number in {*numbers(passage.text)}:
                by_number[number].append(place)
        return passages, by_number

    def _asked(self, knowledge: Hash, sentence: str, *, word_for_word: bool) -> bool:
        asked = knowledge, sentence, word_for_word
        if asked not in self._known:
            read = _read(sentence)
            self._known[asked] = any(
                said.plain == read.plain or (not word_for_word and _has(said, read))
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
        self._known = self._nothing_yet()

    def __call__(self, tenant: str, unsaid: Collection[str] = ()) -> Lookup:
        """Return it, as if the verdicts of these ids had not been given."""
        known = self._known()
        if tenant not in known:
            known[tenant] = self._replaced(tenant, ())
        return self._replaced(tenant, unsaid) if unsaid and known[tenant] else known[tenant]

    def _replaced(self, tenant: str, unsaid: Collection[str]) -> Lookup:
        own = self._documents
        found = replaced(self._parts, tenant, self._knowledge, unsaid=unsaid, documents=own)
        return Lookup(found)

    def let_go(self) -> None:
        """Drop what it remembers."""
        self._documents = Documents(self._parts)
        self._known = self._nothing_yet()

    def _nothing_yet(self) -> UpToDate[dict[str, Lookup]]:
        return UpToDate(partial(self._parts.records.changes, *FOLLOWED), dict[str, Lookup])
