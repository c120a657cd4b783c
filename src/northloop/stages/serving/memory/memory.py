"""The memory as it is asked: what agents answered to the like of a question, and how surely."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.acting import reports_act
from northloop.core.arrays import array_of
from northloop.core.conversation import Message
from northloop.core.decoding import content_of, decoded
from northloop.core.errors import CorruptArtefact
from northloop.core.facts import facts
from northloop.core.question import TWO_WAYS, reads_two_ways
from northloop.core.treatment import Candidate, Treatment
from northloop.ports.heads import Head
from northloop.ports.models import (
    ENGLISH,
    Embedder,
    Language,
    Others,
    embedder_of,
    is_foreign,
    no_others,
    untold,
)
from northloop.stages.serving.asking_back import answered
from northloop.stages.serving.memory.case_index import CaseIndex, EncodedQuestion, Floats, likeliest
from northloop.stages.serving.memory.cases import Case, Refused, looked_up
from northloop.stages.serving.memory.replies import (
    NOTHING_STATED,
    Reply,
    Stated,
    WritingStyle,
    held,
    named,
    said,
    same,
)
from northloop.stages.serving.memory.unheard import Unheard, Vocabulary
from northloop.stages.serving.memory.vote import (
    EQUAL,
    Learnt,
    Question,
    Seen,
    Vote,
    agree,
    asked,
    features,
    meant_instead,
    parts,
    vote,
    vote_on,
)
from northloop.stages.serving.memory.words import counted, weighted
from northloop.stages.serving.quote import followed
from northloop.stages.serving.quote.unheard import FACTOR

NEIGHBOURS = 64
"""So many cases are looked at."""
STANDS = 0.9
"""From this probability of the same right answer on a person's verdict stands above the vote, and
above what the head knows. From .5 on it made the memory worse where many questions are alike
(docs/decisions/0038)."""
NOT_AGAIN = 0.05
"""From this probability of the same question on what was refused is not given again."""
ALMOST = 0.9
"""Of the nearness of the very same words: a refusal for what is asked so nearly alike ("in Trello"
for "with Trello") is one of what agents said to these words, too."""
MANY, MAYBE = 3, 0.2
"""What so many cases near a question say is right elsewhere: it is barred by a refusal to a
question that is nearer than theirs, from this probability of the same question on."""
ALIKE = 0.5
"""From this likeness on, by words and by meaning, what was judged wrong for one question is for the
other (docs/decisions/0073)."""
MATTERS = 3
"""Of so many that the head takes a question to be about there may be something to offer."""
NEARLY = 1e-3
"""Less is no difference in nearness."""
CASES, VECTORS, RARITY, LEARNT = "cases.jsonl", "vectors.npy", "rarity.npy", "learnt.json"
HEARD = "heard.npy"
"""The words of cases, as `unheard.Vocabulary` has them; not in memories of earlier versions."""
READ = 131_072
"""So many texts are remembered as they were read."""
SCALE = 127
"""Vectors are kept in whole numbers up to so much."""


class Reader:
    """Reads texts as a house writes them, and remembers what it has read."""

    def __init__(self, manner: WritingStyle, language: Language = untold) -> None:
        self.language = language
        self.language_of_case = lru_cache(maxsize=READ)(language)
        self.said = lru_cache(maxsize=READ)(lambda text: said(text, manner))
        self.reports_act = lru_cache(maxsize=READ)(reports_act)
        self.names = lru_cache(maxsize=READ)(lambda text: named(text, manner))


class TextModels(NamedTuple):
    """What tells how alike questions are: by words, by meaning, and by what they are about."""

    rarity: NDArray[np.float32]
    """Inverse document frequency of each piece of words, as `unknown` has it; (pieces,)."""
    cases: int
    """That it was counted in."""
    embedder: Embedder
    head: Head | None
    reader: Reader
    stated: Stated = NOTHING_STATED
    said: Vocabulary | None = None
    """All that was asked and answered in cases; None where that is not kept."""

    @property
    def english_alone(self) -> bool:
        """Whether what is made of texts in other languages says nothing; one's own embedder need
        not say."""
        return getattr(self.embedder, "english_alone", False)

    def unknown(self, having: int) -> float:
        """Return the weight of a piece that so many cases have, less what is lost in rounding."""
        rarest = math.log((1 + self.cases) / (0.5 + having))
        return rarest - 1e-4


class _No(NamedTuple):
    """What was refused, beside a question."""

    reply: Reply
    same: float
    """The probability that it was refused for the same question."""
    near: float
    """How near its question is."""
    at: str


class _Look(NamedTuple):
    """What is seen near a question."""

    question: Question
    near: list[Seen]
    barred: Callable[[Sequence[Seen]], bool]
    """Whether those who say the same say what may not be said here."""
    language: str
    """That the customer writes, as far as it shows."""
    is_spoken: bool
    """Whether any case near it is in that language."""


class _Alone(NamedTuple):
    """What becomes of an answer to words that may be read alone."""

    factor: float = 1.0
    """Of the confidence in it: below 1 where something else would be said to them alone, or where
    they hang on an answer."""
    said: Vote | None = None
    """That."""


class Named(NamedTuple):
    """Questions, and what they are about."""

    asked: list[str]
    intents: list[str]
    vectors: Floats
    """The questions as the embedder sees them, a row each."""


class Memory:
    """Answers from resolved cases. Never changes: `with_` and `without` return another one."""

    def __init__(
        self, cases: Sequence[Case], index: CaseIndex, learnt: Learnt, models: TextModels
    ) -> None:
        self._cases, self._index = cases, index
        self._removed = np.zeros(len(cases), bool)
        self._gone = self._removed
        """Those, and whose place was taken by what people said since."""
        self._recent: tuple[Case, ...] = ()
        self._recent_index = _indexed([], models)
        self._refused: tuple[Refused, ...] = ()
        self._refused_index = self._recent_index
        self._learnt, self._models = learnt, models
        self._unheard = None
        if models.said is not None:
            self._unheard = Unheard(models.said, models.rarity, models.embedder)
        self._since = Vocabulary.of(())
        self._place = {case.case_id: i for i, case in enumerate(cases)}
        self._called = _called(cases)
        self._confirmed = _confirmed(cases)

    def __len__(self) -> int:
        return len(self._cases) - int(self._gone.sum()) + len(self._recent)

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        """Return what the nearest cases agree on; None if there is none that may be said."""
        look = self._look(messages)
        found = self._found(look) if look is not None else None
        if look is None or found is None:
            return None
        return self._candidate(look, found, self._read_alone(messages, look, found).factor)

    def _read_alone(self, messages: Sequence[Message], look: _Look, found: Vote) -> _Alone:
        """Return what becomes of what was found, for words that may be read alone."""
        users = [place for place, message in enumerate(messages) if message.role == "user"]
        last = messages[users[-1]]
        if look.question.text == last.content or not reads_two_ways(messages[: users[-1] + 1]):
            return _Alone(self._followed(messages, found.text))
        alone = self.voted([last])
        if alone is not None and agree(
            found.chosen, alone.chosen, look.question.known, self._learnt.manner
        ):
            return _Alone()
        return _Alone(TWO_WAYS, alone)

    def _followed(self, messages: Sequence[Message], text: str) -> float:
        """Return the factor for words that hang on an answer, where hardly any case does."""
        is_known = self._learnt.follows_on or answered(messages) is not None
        return 1.0 if is_known else followed.sureness(messages, text)

    def candidates(self, messages: Sequence[Message]) -> Iterator[Candidate]:
        """Yield `answer`, what is said to the last words alone where that is something else, and
        what cases near the question say that do not agree with it, or with one another: what the
        head takes it to be about first, then what most of the rest say."""
        look = self._look(messages)
        first = self._found(look) if look is not None else None
        if look is None or first is None:
            return
        alone = self._read_alone(messages, look, first)
        yield self._candidate(look, first, alone.factor)
        said_ = [first.chosen]
        if alone.said is not None:
            yield self._candidate(look, alone.said, alone.factor)
            said_.append(alone.said.chosen)
        labels = self._models.head.labels if self._models.head is not None else ()
        matters = () if first.about is None else np.argsort(-first.about, kind="stable")[:MATTERS]
        for matter in (*(labels[int(n)] for n in matters), *[""] * MATTERS):
            left = [
                one
                for one in look.near
                if not any(
                    agree(one, other, look.question.known, self._learnt.manner) for other in said_
                )
            ]
            weigh = partial(vote_on, matter) if matter else vote
            found = weigh(look.question, left, self._learnt, look.barred)
            if found is not None:
                said_.append(found.chosen)
                yield self._candidate(look, found)

    def _candidate(self, look: _Look, found: Vote, factor: float = 1.0) -> Candidate:
        """Return what was found; a draft where the customer writes another language than it is in,
        and where it tells what an agent did for somebody."""
        most = FACTOR if self._is_unheard_of(look, found) else 1.0
        made = Candidate(
            treatment=Treatment.MEMORY,
            text=found.text,
            confidence=0.0 if self._meant_instead(found) else self._sure(found) * factor * most,
            most=most,
            vouching=(found.chosen.reply.text,),
            cases=found.cases,
            from_people=found.chosen.case.judged,
        )
        foreign = self._is_in_another(look, self._language_of(found.chosen.case))
        is_done = self._models.reader.reports_act(found.text)
        return made.as_a_draft() if foreign or is_done else made

    def _is_unheard_of(self, look: _Look, found: Vote) -> bool:
        """Whether much of what is asked hangs on what no case has named. Nobody knows where vectors
        are of English alone, and the customer writes another language."""
        is_read = not self._models.english_alone or look.language in ("", ENGLISH)
        if self._unheard is None or not is_read:
            return False
        case = f"{found.chosen.case.asked}\n{found.text}"
        names = self._models.reader.names(case)
        return self._unheard.is_asked_of(look.question.text, case, names, self._since)

    def _is_in_another(self, look: _Look, language: str) -> bool:
        """Whether a case is in another language than the customer's. Of two neither of which is
        English that is believed where cases near the question are in the customer's: Spanish may be
        taken for Portuguese in a house that speaks Spanish alone."""
        apart = language not in ("", look.language) and look.is_spoken
        return apart or is_foreign(look.language, language)

    def _language_of(self, case: Case) -> str:
        return self._models.reader.language_of_case(f"{case.asked}\n{case.reply}")

    def _sure(self, found: Vote) -> float:
        """How sure it is of what was chosen: the geometric mean of what the vote says and of how
        sure the head is that the question is about what the case is. Either alone tells right from
        wrong worse (docs/log.md, 29 November). What a person said to the same question stands,
        whatever the head knows; to another one, of which nobody said what it is about, it is as
        sure as it is likely that both are about the same.
        """
        sure, case, head = self._learnt.right(found.signs), found.chosen.case, self._models.head
        if not self._learnt.hears_head or head is None or found.about is None:
            return sure
        if case.judged and self._learnt.is_same(found.chosen.features) >= STANDS:
            return sure
        if case.intent in head.labels:
            return math.sqrt(sure * float(found.about[head.labels.index(case.intent)]))
        return math.sqrt(sure * math.exp(found.chosen.features[2])) if case.judged else sure

    def _meant_instead(self, found: Vote) -> str:
        head = self._models.head
        return meant_instead(found, head.labels) if head is not None else ""

    def corrects(self, text: str, messages: Sequence[Message]) -> bool:
        """Whether what it would answer to a conversation is what a person wrote in the place of
        this very text."""
        wrong = {one.asked for one in self._refused if one.reply == text}
        found = self.voted(messages) if wrong else None
        return found is not None and found.chosen.case.judged and found.chosen.case.asked in wrong

    def refuses(self, text: str, messages: Sequence[Message]) -> bool:
        """Whether people judged this very text wrong for nearly the same question, and right for
        none that is as near."""
        wrong = [place for place, one in enumerate(self._refused) if one.reply == text]
        looked = looked_up(messages)
        if not wrong or not looked.strip():
            return False
        _, encoded = self.seen_as(looked, looked)
        right = max(
            _nearest(encoded, index, [n for n in of.get(text, ()) if not gone[n]])
            for index, of, gone in (
                (self._index, self._confirmed, self._gone),
                (self._recent_index, _confirmed(self._recent), [False] * len(self._recent)),
            )
        )
        return _nearest(encoded, self._refused_index, wrong) >= max(ALIKE, right + NEARLY)

    def holding(self, text: str, reply: str, messages: Sequence[Message]) -> float:
        """Return how much of what a reply says to a conversation stands in a text, 0..1."""
        told = "\n".join(m.content for m in messages if m.role == "user")
        return held(self._models.reader.said(reply), said(text, self._learnt.manner), facts(told))

    def voted(self, messages: Sequence[Message]) -> Vote | None:
        """Return what the nearest cases agree on, with the signs of how sure that is.

        If the head takes the question to be about something else: what those of them agree on that
        are about that, if it may be said.
        """
        look = self._look(messages)
        return None if look is None else self._found(look)

    def _look(self, messages: Sequence[Message]) -> _Look | None:
        text = looked_up(messages)
        if not text.strip():
            return None
        told = "\n".join(m.content for m in messages if m.role == "user")
        question, encoded = self.seen_as(text, told)
        refused = self._refused_for(question, encoded)
        language = self._models.reader.language(told)
        near = self._understood(language, self.near(question, encoded))
        spoken = any(self._language_of(one.case) == language for one in near) if language else False
        near = self._settled(question, near, refused)

        def barred(saying: Sequence[Seen]) -> bool:
            return any(self._is_barred(saying, no) for no in refused)

        return _Look(question, near, barred, language, spoken)

    def _understood(self, language: str, near: list[Seen]) -> list[Seen]:
        """The cases that a customer's words may be held against where vectors are of English alone:
        English ones and others are near to one another by chance. Who writes English is answered
        by others where there is nothing else: word by word they may say the same."""
        if not self._models.english_alone:
            return near
        own = [one for one in near if not is_foreign(language, self._language_of(one.case))]
        return own or near if language == ENGLISH else own

    def _found(self, look: _Look) -> Vote | None:
        found = vote(look.question, look.near, self._learnt, look.barred)
        meant = ""
        if found is not None and self._learnt.follows_head:
            meant = self._meant_instead(found)
        if not meant:
            return found
        return vote_on(meant, look.question, look.near, self._learnt, look.barred) or found

    def saying(self, cases: Iterable[Case], refused: Iterable[Refused]) -> Memory:
        """Return the memory as it was learnt, with this and nothing else said since.

        A case of a known id takes its place. What was said before is not laid out again.
        """
        other = self._copy()
        now = {case.case_id: self._named(case) for case in cases}
        shadowed = [self._place[name] for name in now if name in self._place]
        other._gone = self._removed.copy()
        other._gone[shadowed] = True
        kept = [i for i, case in enumerate(self._recent) if now.get(case.case_id) == case]
        known = {self._recent[i].case_id for i in kept}
        new = tuple(case for name, case in now.items() if name not in known)
        other._recent = (*(self._recent[i] for i in kept), *new)
        other._recent_index = _reindexed(self._recent_index, kept, new, self._models)
        told = Vocabulary.of(f"{case.asked}\n{case.reply}" for case in new)
        if len(kept) < len(self._recent):  # nothing stays of what is gone
            told = Vocabulary.of(f"{case.asked}\n{case.reply}" for case in other._recent)
        other._since = told if len(kept) < len(self._recent) else self._since.joined(told)
        no = {one.refused_id: one for one in refused}
        kept = [i for i, one in enumerate(self._refused) if no.get(one.refused_id) == one]
        known = {self._refused[i].refused_id for i in kept}
        fresh = tuple(one for name, one in no.items() if name not in known)
        asked_ = [Case(case_id="", asked=one.asked, reply="") for one in fresh]
        other._refused = (*(self._refused[i] for i in kept), *fresh)
        other._refused_index = _reindexed(self._refused_index, kept, asked_, self._models)
        return other

    def with_(self, cases: Iterable[Case] = (), refused: Iterable[Refused] = ()) -> Memory:
        """Return the memory with what people said besides; see `saying`."""
        return self.saying((*self._recent, *cases), (*refused, *self._refused))

    def without(self, case_ids: Collection[str] = (), refused: Collection[str] = ()) -> Memory:
        """Return the memory without some cases and refusals; ids that it does not know are none."""
        other = self._copy()
        other._removed = self._removed.copy()
        other._removed[[self._place[name] for name in case_ids if name in self._place]] = True
        return other.saying(
            [case for case in self._recent if case.case_id not in case_ids],
            [one for one in self._refused if one.refused_id not in refused],
        )

    def with_head(self, head: Head | None) -> Memory:
        """Return the memory with another head, as one that was fitted again with a verdict."""
        other = self._copy()
        other._models = self._models._replace(head=head)
        other._index = _seen_by(head, self._index, self._cases)
        other._recent_index = _seen_by(head, self._recent_index, self._recent)
        asked_ = [Case(case_id="", asked=r.asked, reply="") for r in self._refused]
        other._refused_index = _seen_by(head, self._refused_index, asked_)
        return other

    @property
    def head(self) -> Head | None:
        """What tells it what questions are about."""
        return self._models.head

    def named(self) -> Named:
        """Return the cases it was learnt from of which somebody said what they are about, also
        those whose reply holds no more."""
        places = [i for i, case in enumerate(self._cases) if case.intent]
        return Named(
            [self._cases[i].asked for i in places],
            [self._cases[i].intent for i in places],
            self._index.vectors[places],
        )

    def named_since(self) -> tuple[tuple[str, str], ...]:
        """Return what was asked and what people said it is about since it was learnt, sorted."""
        return tuple(sorted({(case.asked, case.intent) for case in self._recent if case.intent}))

    def of_origin(self, places: Collection[str]) -> list[str]:
        """Return the ids of the cases that any of these rows (`Example.origin`) are part of."""
        wanted = frozenset(places)
        return [
            case.case_id
            for case in (*self._cases, *self._recent)
            if not wanted.isdisjoint(case.origin)
        ]

    def _named(self, case: Case) -> Case:
        """A case that a person confirmed is about what the cases are whose reply it repeats, if
        nobody said what it is about, and those are about one thing."""
        if case.intent or not case.judged:
            return case
        return msgspec.structs.replace(case, intent=self._called.get(case.reply, ""))

    # --- how it is looked up ---------------------------------------------------------------------

    def seen_as(self, text: str, told: str, own: int = 0) -> tuple[Question, EncodedQuestion]:
        """Return a question as it is looked up; `told` is all that the customer said.

        A piece of it that no more than `own` cases have is unknown.
        """
        question = asked(told, text, self._learnt.manner)
        counts = counted([text])
        weights = self._models.rarity[counts.indices]
        known = weights < self._models.unknown(own)
        whole = float((weights**2).sum()) or 1.0
        unknown = float((weights[~known] ** 2).sum()) / whole
        about = rows = None
        if self._models.head is not None:
            rows = self._models.head.probabilities([text, *parts(text)])
            about, rows = rows[0], rows[1:]
        row = weighted(counts, self._models.rarity)
        encoded = EncodedQuestion(
            row.indices, row.data, self._models.embedder.embed([text])[0], about
        )
        stated = self._models.stated
        return question._replace(about=about, parts=rows, unknown=unknown, stated=stated), encoded

    def near(
        self, question: Question, encoded: EncodedQuestion, top: int = NEIGHBOURS
    ) -> list[Seen]:
        """Return the `top` cases near a question, nearest first."""
        weights = self._learnt.nearness
        found: list[Seen] = []
        for cases, index, gone in (
            (self._recent, self._recent_index, np.zeros(len(self._recent), bool)),
            (self._cases, self._index, self._gone),
        ):
            if not len(cases):
                continue
            near = index.near(encoded, weights, gone, top)
            for place, *by in zip(*(column.tolist() for column in near), strict=True):
                case = cases[place]
                names = question.names, self._models.reader.names(case.asked)
                of = features((by[0], by[1], by[2]), case.support, names)
                found.append(Seen(case, self._models.reader.said(case.reply), of))
        if self._recent:
            theta = np.array(self._learnt.weights)
            found.sort(key=lambda one: -float(np.array(one.features) @ theta))
        return found[:top]

    def as_seen(self, case: Case) -> Seen:
        """Return a case as it is held against others, without features."""
        return Seen(case, self._models.reader.said(case.reply), ())

    def _settled(self, question: Question, near: list[Seen], refused: Sequence[_No]) -> list[Seen]:
        """The cases that may vote: where a person has judged the same question, and nothing that
        agents answered was asked more alike, those that agree with the newest such judgement; in
        the same words, that judgement alone."""
        of_agents = [self._nearness(one.features) for one in near if not one.case.judged]
        least = max(of_agents, default=-math.inf) - NEARLY
        told = [
            (chance, one.case.at, place)
            for place, one in enumerate(near)
            if one.case.judged
            and self._nearness(one.features) >= least
            and (chance := self._learnt.is_same(one.features)) >= STANDS
            and not any(self._is_barred([one], no) for no in refused)
        ]
        if not told:
            return near
        chance, _, place = max(told)
        best = near[place]
        if chance == 1.0:
            return [one for one in near if one.reply.text == best.reply.text]
        manner = self._learnt.manner
        return [one for one in near if agree(one, best, question.known, manner) > 0]

    def _is_barred(self, saying: Sequence[Seen], no: _No) -> bool:
        """Whether cases that say the same, nearest first, say what was refused: for the same
        question, or for one that is nearer than theirs. What a person wrote for a question, and
        what was answered to the very same words, stands there until it is refused there, or, for
        the latter, to what is asked almost alike; what is given to many is not wrong for all."""
        one = saying[0]
        own = self._nearness(one.features)
        if one.case.judged:
            again = no.near > own - NEARLY and no.at >= one.case.at
            is_meant = no.near > own + NEARLY or again
        elif one.features[0] >= EQUAL:
            is_meant = no.same == 1.0 or no.near >= ALMOST * own
        elif len(saying) < MANY:
            is_meant = no.same >= NOT_AGAIN or no.near >= own - NEARLY
        else:
            is_meant = no.same >= MAYBE and no.near >= own - NEARLY
        return is_meant and _repeats(one, no.reply)

    def _nearness(self, of: tuple[float, ...]) -> float:
        return sum(w * f for w, f in zip(self._learnt.nearness, of, strict=False))

    def _refused_for(self, question: Question, encoded: EncodedQuestion) -> list[_No]:
        if not self._refused:
            return []
        none = np.zeros(len(self._refused), bool)
        near = self._refused_index.near(encoded, self._learnt.nearness, none, NEIGHBOURS)
        found = []
        for place, words, meaning, about in zip(*near, strict=True):
            one = self._refused[int(place)]
            names = question.names, self._models.reader.names(one.asked)
            of = features((float(words), float(meaning), float(about)), 1, names)
            said_ = self._models.reader.said(one.reply)
            found.append(_No(said_, self._learnt.is_same(of), self._nearness(of), one.at))
        return found

    def _copy(self) -> Memory:
        other = Memory.__new__(Memory)
        other.__dict__.update(self.__dict__)
        return other


def _called(cases: Iterable[Case]) -> Mapping[str, str]:
    """Return the intent of each reply that was given about one thing alone."""
    found: dict[str, set[str]] = {}
    for case in cases:
        if case.intent:
            found.setdefault(case.reply, set()).add(case.intent)
    return {reply: next(iter(of)) for reply, of in found.items() if len(of) == 1}


def _confirmed(cases: Iterable[Case]) -> Mapping[str, list[int]]:
    """Return the places of the cases whose reply people judged right, by reply."""
    found: dict[str, list[int]] = {}
    for place, case in enumerate(cases):
        if case.judged:
            found.setdefault(case.reply, []).append(place)
    return found


def _nearest(encoded: EncodedQuestion, index: CaseIndex, places: Sequence[int]) -> float:
    """Return how alike a question is to the likest at some places, by words and by meaning."""
    if not places:
        return 0.0
    near = index.only(places).near(encoded, (0.5, 0.5, 0.0), np.zeros(len(places), bool), 1)
    return float((near.words[0] + near.meaning[0]) / 2)


def _repeats(one: Seen, refused: Reply) -> bool:
    """Whether a case says again what was refused; a person may have changed a single word of it."""
    if one.reply.plain == refused.plain:
        return True
    return not one.case.judged and same(one.reply, refused)


def _indexed(cases: Sequence[Case], models: TextModels) -> CaseIndex:
    texts = [case.asked for case in cases]
    words, vectors = weighted(counted(texts), models.rarity), models.embedder.embed(texts)
    return CaseIndex(words, vectors, abouts(cases, models.head, vectors))


def _seen_by(head: Head | None, index: CaseIndex, cases: Sequence[Case]) -> CaseIndex:
    return index.about(abouts(cases, head, index.vectors))


def _reindexed(
    index: CaseIndex, kept: Sequence[int], new: Sequence[Case], models: TextModels
) -> CaseIndex:
    """Return an index with the cases at some of its places, and new ones behind."""
    left = index if len(kept) == len(index) else index.only(kept)
    return left.with_(_indexed(new, models)) if new else left


def abouts(
    cases: Sequence[Case], head: Head | None, vectors: Floats
) -> tuple[NDArray[np.int32], Floats]:
    """Return what the cases are about, by their intents, else by the head (`likeliest`)."""
    labels = head.labels if head is not None else ()
    intents = [case.intent for case in cases]
    open_ = [i for i, intent in enumerate(intents) if intent not in labels]
    guessed = None
    if head is not None and open_:
        guessed = np.zeros((len(cases), len(labels)))
        guessed[open_] = head.probabilities([cases[i].asked for i in open_], vectors[open_])
    return likeliest(intents, labels, guessed)


def opened(
    cases: Sequence[Case], vectors: NDArray[np.int8], learnt: Learnt, models: TextModels
) -> Memory:
    """Return the memory of cases whose questions have these vectors."""
    for case in cases:
        models.reader.names(case.asked)
    words = weighted(counted([case.asked for case in cases]), models.rarity)
    units = _units(vectors)
    index = CaseIndex(words, units, abouts(cases, models.head, units))
    return Memory(cases, index, learnt, models)


def _units(vectors: NDArray[np.int8]) -> Floats:
    found: Floats = vectors.astype(np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    found /= np.where(lengths > 0, lengths, 1)
    return found


def load(
    files: Mapping[str, Path] | Mapping[str, bytes],
    embedder: Embedder,
    head: Head | None,
    documents: Sequence[str] = (),
    others: Others = no_others,
    language: Language = untold,
) -> Memory:
    """Return the memory of the files that `learn` made; CorruptArtefact if they are not.

    `documents` are the texts of the documents in force. `others` finds the embedder that it was
    learnt with, where that is another; ConfigurationError if it does not. `language` tells which
    texts an embedder of English alone understands.
    """
    try:
        cases = [decoded(line, Case) for line in content_of(files[CASES]).splitlines() if line]
        learnt = decoded(content_of(files[LEARNT]), Learnt)
        vectors = array_of(content_of(files[VECTORS]))
        rarity = array_of(content_of(files[RARITY]))
        heard = array_of(content_of(files[HEARD])) if HEARD in files else None
    except (KeyError, ValueError, msgspec.MsgspecError) as error:
        raise CorruptArtefact(
            f"the memory cannot be read: {error}",
            where="memory",
            action="learn it again from the dataset",
        ) from error
    if len(vectors) != len(cases):
        raise CorruptArtefact(
            f"the memory has {len(cases)} cases and {len(vectors)} vectors",
            where="memory",
            action="learn it again from the dataset",
        )
    name = learnt.embedder or (head.embedder if head else embedder.name)
    own = embedder_of("the memory", name, embedder, others)
    reader, stated = Reader(learnt.manner, language), Stated(documents)
    said = Vocabulary(heard) if heard is not None else None
    models = TextModels(rarity, len(cases), own, head, reader, stated, said)
    return opened(cases, vectors, learnt, models)
