"""From exports to a dataset: read → clean → redact → deduplicate → label → split → card.

Every row is accounted for: rows in = kept + merged + quarantined. A row is *kept* as a ticket of
the history; it is an example too where it has a reply worth learning. What reviewers taught comes
in as one more source, `verdicts`, and is counted like any other: kept (a new training row), merged
(its reply replaced that of a training row with the same question) or quarantined (it resembles a
row that the model is measured on, so learning it would be cheating).

The same inputs give the same result, byte for byte. Nothing here reads the clock or writes a file.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from northloop.core.artefacts import DataCard, Nearest, RowCount, Talks
from northloop.core.conversation import (
    Example,
    Message,
    Quarantined,
    RawTicket,
    Split,
    Ticket,
)
from northloop.core.errors import ConfigurationError, InputError
from northloop.core.ids import Hash, content_hash, derived_id, file_hash, uniform
from northloop.core.question import asked_before
from northloop.core.scripts import word_count
from northloop.ports.models import Embedder
from northloop.ports.progress import Progress, silent
from northloop.stages.data import card as cards
from northloop.stages.data import follow_ups, labels, split
from northloop.stages.data.clean import Cleaner, CleanSpec, line, person, quarantined, survey
from northloop.stages.data.duplicates import Duplicates, Matcher, normalised
from northloop.stages.data.languages import is_understood, language_of
from northloop.stages.data.paraphrases import Pair, Questions
from northloop.stages.data.sensitive import Mode, Redacted, Redactor, Sensitive
from northloop.stages.data.sensitive.names import introductions, is_listed
from northloop.stages.data.sources import SourceFile, read
from northloop.stages.data.split import Assigned, Item, SplitBy, SplitSpec

VERDICTS = "verdicts"
"""How the card names what reviewers taught, as a source."""
MAX_SAMPLES = 12
MAX_SAMPLE_CHARS = 1_200
MAX_MASKED_CHARS = 4_000
"""Of each cell of a quarantined row; twice what is kept, so that no number is cut before it is
found."""
_IDS = ("customer_id", "conversation_id")
_NAMES = ("customer_name", "agent")
OF_THE_CASE = ("created_at", "closed_at", "handling_minutes", "csat", "reopened")
"""Told of a whole case: the first of its exchanges that can be used carries it."""
PROGRESS_EVERY = 200
MAX_PEOPLE = 100
"""So many people of one conversation are looked for in each of its turns."""
MAX_NAME_WORDS = 3
_NO_NAME = re.compile(r"[@\d]")
"""In what somebody writes under: then it is a mailbox or a number, and is found without that."""

_CELL_OF_NAME = re.compile(r"[^\W\d_a-z][\w'’-]{0,30}(?: [^\W\d_a-z][\w'’-]{0,30}){1,2}")

T = TypeVar("T")


class PrepareSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a dataset is made; together with the sources it determines every byte of it."""

    sensitive: Mode = "redact"
    """What becomes of names, addresses, numbers and the like. "redact": a placeholder for their
    kind; "pseudonymise": one that is the same wherever the same text stands."""
    key: bytes = b""
    """The workspace's secret in base64: pseudonyms, ids of people and the draw of reviews follow
    from it. `northloop init` makes one."""
    public_names: tuple[str, ...] = ()
    """The company's own names (brand, products), which are not sensitive."""
    near_duplicate_threshold: float = 0.8
    """Two rows that are at least so alike (0.5 to 1) are one."""
    validation_share: float = 0.1
    """Share of the rows that thresholds and training curves are measured on."""
    test_share: float = 0.1
    """Share of the rows that releases are compared on; 0 where an export is pinned to the test."""
    split_by: SplitBy = "random"
    """"random", or "time": the newest rows test, whatever they resemble."""
    seed: int = 1
    """Not read: the seed of the workspace counts."""
    rules: dict[str, tuple[str, ...]] = {}
    """Intent → patterns that vote for it."""
    missing: dict[str, str] = {}
    """Field → "keep", "quarantine" or "fill:<value>"."""
    canonical: dict[str, str] = {}
    """Pattern → replacement: one form for product ids and the like."""
    zone: str = "UTC"
    """Time zone of dates without one, as Europe/Berlin."""
    min_question_words: int = 1
    """A question with fewer words is quarantined. A Chinese character is a word."""
    max_question_words: int = 600
    """A question with more words is quarantined."""
    min_reply_words: int = 3
    """A reply with fewer words teaches nothing."""
    max_reply_words: int = 400
    """A reply with more words teaches nothing."""
    languages: Literal["understood", "all"] = "understood"
    """What is learnt: "understood" leaves out rows in a language whose greetings, signatures and
    names are not recognised; "all" learns them too."""

    def __post_init__(self) -> None:
        if not 0.5 <= self.near_duplicate_threshold <= 1:
            raise ConfigurationError(
                f"{self.near_duplicate_threshold} is no threshold for near duplicates",
                where="data.near_duplicate_threshold",
                action="choose a similarity from 0.5 to 1",
            )
        self.splitting()

    def splitting(self) -> SplitSpec:
        """Return how rows are divided; ConfigurationError if the shares are impossible."""
        return SplitSpec(
            validation_share=self.validation_share,
            test_share=self.test_share,
            seed=self.seed,
            by=self.split_by,
        )

    def cleaning(self) -> CleanSpec:
        """Return how rows are cleaned."""
        return CleanSpec(
            zone=self.zone,
            missing=self.missing,
            canonical=self.canonical,
            min_question_words=self.min_question_words,
            max_question_words=self.max_question_words,
        )


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A dataset version before it is stored."""

    examples: tuple[Example, ...]
    """In order of id; what reviewers taught included."""
    tickets: tuple[Ticket, ...]
    """Every kept row of the exports, clean, redacted and labelled, in the order they came."""
    merged: tuple[Ticket, ...]
    """Rows merged into a kept one. They are cases of their own where time or volume is measured."""
    card: DataCard
    quarantine: tuple[Quarantined, ...]
    """With sensitive text replaced; the row itself is in its file."""
    nearest: tuple[Nearest, ...] = ()
    """The nearest training row of each test row."""
    asked: dict[str, int] = {}
    """Source → how many different questions its rows ask, duplicates counted as one."""
    talks: dict[str, Talks] = {}
    """Source → the conversations it holds, where it holds some."""

    @property
    def history(self) -> tuple[Ticket, ...]:
        """All usable rows, the merged ones too: what baselines are computed from."""
        return self.tickets + self.merged


class _Row(msgspec.Struct, frozen=True):
    """A redacted ticket with what was found in it and the raw row it came from."""

    ticket: Ticket
    raw: RawTicket
    found: tuple[Redacted, Redacted]
    """In the question and in the reply."""


class _Lessons(msgspec.Struct, frozen=True):
    """What became of the taught rows."""

    examples: list[Example]
    """All examples, with what was taught."""
    merged: int
    refused: list[Quarantined]


def prepare(
    spec: PrepareSpec,
    sources: Sequence[SourceFile],
    taught: Sequence[Example] = (),
    frozen: Mapping[str, Split] = {},
    progress: Progress = silent,
    embedder: Embedder | None = None,
) -> Prepared:
    """Return the dataset that the sources and the reviewers' lessons make.

    A taught row's group is its customer or conversation, its origin the verdict. `frozen` maps the
    example ids of an earlier version to their splits, and the places of its rows (`Ticket.where`)
    where their exports have not changed: what was there stays where it was, however it is cleaned
    now, or retires where a new row asks the same. `embedder` tells paraphrases better than words
    alone. InputError names a source that cannot be read, or all if none has a row;
    ConfigurationError a wrong setting. A bad row is never an error: it is in `quarantine`, with
    the reason.
    """
    sources = named(sources)
    redactor = Redactor(spec.sensitive, spec.key, spec.public_names)

    raws, unreadable = _read(sources, progress)
    if not raws and not unreadable:
        raise InputError(
            "no export has a row",
            where=", ".join(source.label for source in sources),
            action="export them again with their rows",
        )
    orders = survey(raws)
    cleaned, unclean = _cleaned(raws, Cleaner(spec.cleaning(), orders), redactor, progress)
    rows = _redacted(cleaned, redactor, progress)
    frozen = _as_cleaned_now(frozen, [row.ticket for row in rows])
    rows.sort(key=lambda row: _precedence(row.ticket, spec, frozen))
    asked = [follow_ups.Asked(r.ticket.asked, r.ticket.conversation_id) for r in rows]
    found = follow_ups.find(asked, spec.near_duplicate_threshold)
    tickets = _labelled([row.ticket for row in rows], found, spec)
    alike = _paraphrases([tickets[g.canonical] for g in found.groups], spec, embedder)
    fixed = _Fixed(frozen, {s.label: s.pin for s in sources}, alike)
    assigned = _assigned(tickets, found, spec, fixed)
    examples = _examples(tickets, found, assigned, spec)
    barred = _known_in_test(tickets, found, assigned)
    lessons = _taught(taught, _School(examples, barred, redactor, spec))

    quarantine = [*_masked(unreadable, raws, redactor), *unclean, *lessons.refused]
    in_order = sorted(found.groups, key=lambda g: _position(tickets[g.canonical], sources))
    kept = tuple(tickets[group.canonical] for group in in_order)
    merged = tuple(tickets[i] for group in in_order for i in (*group.exact, *group.near))
    near = cards.Neighbours(lessons.examples, embedder)
    talks = cards.talks(raws)
    shared, largest = cards.group_sizes(lessons.examples)
    card = DataCard(
        rows=RowCount(
            rows_in=len(raws) + len(unreadable) + len(taught),
            kept=len(kept) + len(taught) - lessons.merged - len(lessons.refused),
            merged=len(merged) + lessons.merged,
            quarantined=len(quarantine),
        ),
        quarantine_reasons=cards.reasons(quarantine),
        sensitive_spans=_span_counts(rows),
        exact_duplicates=sum(len(group.exact) for group in found.groups),
        near_duplicates=sum(len(group.near) for group in found.groups),
        splits=cards.split_sizes(lessons.examples),
        intents=cards.intent_counts(lessons.examples),
        labelled_share=sum(bool(t.intent) for t in kept) / len(kept) if kept else 0.0,
        missing=cards.missing_shares([row.ticket for row in rows]),
        date_order={field: order.value for field, order in orders.items()},
        sources=_source_hashes(sources, taught),
        licences={source.label: source.licence for source in sources if source.licence},
        samples=_samples(rows, spec),
        scripts=cards.language_counts(row.ticket for row in rows),
        paraphrased=shared,
        largest_group=largest,
        newly_retired=cards.newly_retired(lessons.examples, frozen),
        nearness=near.summary(),
        talks=cards.together(talks.values()),
    )
    return Prepared(
        examples=tuple(sorted(lessons.examples, key=lambda example: example.example_id)),
        tickets=kept,
        merged=merged,
        card=card,
        quarantine=tuple(quarantine),
        nearest=near.rows(),
        asked=dict(
            Counter(s for g in found.groups for s in {tickets[i].source for i in g.members})
        ),
        talks=talks,
    )


def example_id(question: str, context: Sequence[Message] = ()) -> str:
    """Return the id of the example that asks this (redacted) question after what was said."""
    return derived_id("example", *map(follow_ups.words_of, context), normalised(question))


# --- read and clean ----------------------------------------------------------------------------


def named(sources: Sequence[SourceFile]) -> list[SourceFile]:
    """Return the sources under names of their own: with as many folders as tell them apart.

    InputError if there is none, or one of them twice.
    """
    if not sources:
        raise InputError(
            "there is nothing to prepare",
            where="data.sources",
            action="name at least one export file in the configuration",
        )
    told = list(sources)
    for depth in range(1, 1 + max(len(s.full.parts) for s in sources)):
        counts = Counter(source.label for source in told)
        told = [
            s if counts[s.label] == 1 else msgspec.structs.replace(s, name=_tail(s.full, depth))
            for s in told
        ]
    twice = [label for label, n in Counter(s.label for s in told).items() if n > 1]
    if twice:
        raise InputError(
            "the source is named twice",
            where=twice[0],
            action="take one of the two out of data.sources in northloop.toml",
        )
    return told


def _tail(path: Path, depth: int) -> str:
    return Path(*path.parts[-depth:]).as_posix()


def _read(
    sources: Iterable[SourceFile], progress: Progress
) -> tuple[list[RawTicket], list[Quarantined]]:
    raws: list[RawTicket] = []
    bad: list[Quarantined] = []
    for source in sources:
        for count, row in enumerate(read(source), 1):
            if isinstance(row, RawTicket):
                raws.append(row)
            else:
                bad.append(row)
            if count % PROGRESS_EVERY == 0:
                progress("read", len(raws) + len(bad), 0, source.label)
    progress("read", len(raws) + len(bad), len(raws) + len(bad))
    return raws, bad


def _cleaned(
    raws: Sequence[RawTicket], cleaner: Cleaner, redactor: Redactor, progress: Progress
) -> tuple[list[tuple[RawTicket, Ticket]], list[Quarantined]]:
    clean: list[tuple[RawTicket, Ticket]] = []
    bad: list[Quarantined] = []
    lost: RawTicket | None = None
    for raw in _watched(raws, "clean", progress):
        carrying = _carrying(raw, lost)
        ticket = cleaner.clean(carrying)
        if not isinstance(ticket, Ticket) and carrying is not raw:
            ticket = cleaner.clean(raw)
        if isinstance(ticket, Ticket):
            clean.append((raw, ticket))
            lost = None
        else:
            bad.append(quarantined(_anonymous(raw, redactor), ticket.reason))
            lost = carrying if raw.turn == 1 or carrying is not raw else None
    return clean, bad


def _carrying(raw: RawTicket, lost: RawTicket | None) -> RawTicket:
    """Return an exchange with what is told of its whole case, where those before it, which carried
    that, cannot be used.
    """
    if lost is None or (lost.source, lost.row) != (raw.source, raw.row):
        return raw
    return msgspec.structs.replace(raw, **{f: getattr(lost, f) for f in OF_THE_CASE})


def _watched(items: Sequence[T], task: str, progress: Progress) -> Iterator[T]:
    for count, item in enumerate(items):
        if count % PROGRESS_EVERY == 0:
            progress(task, count, len(items))
        yield item
    progress(task, len(items), len(items))


# --- redact ------------------------------------------------------------------------------------


def _redacted(
    cleaned: Sequence[tuple[RawTicket, Ticket]], redactor: Redactor, progress: Progress
) -> list[_Row]:
    rows: list[_Row] = []
    watched = _watched(cleaned, "redact", progress)
    for _, talk in groupby(watched, key=lambda row: (row[0].source, row[0].row)):
        exchanged = list(talk)
        hearing = _Hearing(exchanged, redactor)
        rows += [_row(raw, ticket, hearing, redactor) for raw, ticket in exchanged]
    return rows


def _row(raw: RawTicket, ticket: Ticket, hearing: _Hearing, redactor: Redactor) -> _Row:
    *context, question, reply = hearing.told(_turns(ticket))
    safe = msgspec.structs.replace(
        ticket,
        ticket_id=_without_mailbox(ticket.ticket_id, redactor),
        question=question.text,
        reply=reply.text,
        channel=_without_mailbox(ticket.channel, redactor),
        customer_id=_customer(raw, ticket, redactor),
        conversation_id=redactor.opaque(ticket.conversation_id),
        context=tuple(
            Message(turn.role, found.text)
            for turn, found in zip(ticket.context, context, strict=True)
        ),
    )
    return _Row(safe, raw, (question, reply))


class _Said(msgspec.Struct, frozen=True):
    """One turn, and what the agent had asked just before where it is the customer's."""

    text: str
    asked: str = ""


def _turns(ticket: Ticket) -> list[_Said]:
    """Return what was said up to the reply, and it."""
    before = asked_before(ticket.asked)
    said = (_Said(turn.content, asked) for turn, asked in zip(ticket.asked, before, strict=True))
    return [*said, _Said(ticket.reply)]


class _Hearing:
    """Redacts what is said in one conversation: whom one turn names, in all of its turns.

    A row of a table is one exchange, and whom it names is told by its columns alone.
    """

    def __init__(self, rows: Sequence[tuple[RawTicket, Ticket]], redactor: Redactor) -> None:
        self._redactor = redactor
        known = dict.fromkeys(name for raw, _ in rows for name in _people(raw))
        self._people = [*known][:MAX_PEOPLE]
        self._known: dict[_Said, Redacted] = {}
        self._named: list[str] = []
        if len(rows) > 1 or rows[0][1].context:
            self._listen(dict.fromkeys(turn for _, ticket in rows for turn in _turns(ticket)))

    def told(self, turns: Sequence[_Said]) -> list[Redacted]:
        """Return turns redacted."""
        return [self._redact(turn) for turn in turns]

    def _listen(self, turns: Collection[_Said]) -> None:
        """Learn whom the turns name, and look for them in all turns once more."""
        found = [s.text for turn in turns for s in introductions(turn.text, turn.text.lower())]
        spans = [span for turn in turns for span in self._redact(turn).spans]
        found += [s.text for s in spans if s.type is Sensitive.NAME and _is_surely_one(s.text)]
        # The whole name first, for a pseudonym is that of the whole name.
        named = sorted(dict.fromkeys(found), key=len, reverse=True)
        self._named = [name for name in named if name not in self._people][:MAX_PEOPLE]
        if self._named:
            self._known = {turn: self._again(self._known[turn]) for turn in turns}

    def _redact(self, turn: _Said) -> Redacted:
        if turn not in self._known:
            self._known[turn] = self._redactor.redact(turn.text, self._people, turn.asked)
        return self._known[turn]

    def _again(self, once: Redacted) -> Redacted:
        twice = self._redactor.redact(once.text, self._named)
        return Redacted(twice.text, once.spans + twice.spans)


def _is_surely_one(name: str) -> bool:
    """Whether one looks for a name elsewhere: a greeting may have been taken for one, too."""
    words = name.split()
    return len(words) <= MAX_NAME_WORDS and any(map(is_listed, words))


def _customer(raw: RawTicket, ticket: Ticket, redactor: Redactor) -> str:
    """Return the customer's id: the export's if it says nothing of the person, else a keyed one."""
    if ticket.customer_id:
        return redactor.opaque(ticket.customer_id)
    name = person(raw.customer_name)
    return redactor.identity(name) if name else ""


def _without_mailbox(text: str, redactor: Redactor) -> str:
    """Return a short field as it is, unless somebody's address came in its place."""
    return redactor.redact(text).text if "@" in text else text


def _people(raw: RawTicket) -> list[str]:
    """Return whom a row itself names, and who writes in its conversation."""
    writers = (name for name in raw.people if not _NO_NAME.search(name))
    return [name for name in map(person, (raw.customer_name, raw.agent, *writers)) if name]


def _anonymous(raw: RawTicket, redactor: Redactor) -> RawTicket:
    """Return a row as exported with its sensitive text replaced, as much as a quarantine keeps."""
    people = _people(raw)

    def masked(field: str, text: str) -> str:
        if field in _IDS:
            return redactor.opaque(line(text))
        if field in _NAMES:
            return f"[{Sensitive.NAME}]"
        return redactor.redact(text[:MAX_MASKED_CHARS], people).text

    cells = msgspec.structs.asdict(raw).items()
    changes = {f: masked(f, text) for f, text in cells if text and isinstance(text, str)}
    return msgspec.structs.replace(raw, **(changes | {"source": raw.source}))


def _masked(
    rows: Iterable[Quarantined], readable: Iterable[RawTicket], redactor: Redactor
) -> list[Quarantined]:
    """Return unreadable rows with sensitive text replaced, the agents of the other rows with it.

    Nobody knows which of their cells is a customer's name: all that look like one are replaced.
    """
    agents = {name for raw in readable if (name := person(raw.agent))}
    return [
        msgspec.structs.replace(
            row, raw=redactor.redact(row.raw, sorted(agents | _like_names(row.raw))).text
        )
        for row in rows
    ]


def _like_names(raw: str) -> set[str]:
    """Return the cells of a row that are two or three capitalised words and nothing else."""
    cells = (cell.strip() for cell in re.split(r"[,;\t|\"{}:\[\]]", raw))
    return {cell for cell in cells if _CELL_OF_NAME.fullmatch(cell)}


# --- deduplicate, label, split -----------------------------------------------------------------


def _as_cleaned_now(frozen: Mapping[str, Split], tickets: Iterable[Ticket]) -> dict[str, Split]:
    """Return where rows of an earlier version stay, by the ids that they have now."""
    earlier: dict[str, set[Split]] = defaultdict(set)
    for ticket in tickets if frozen else ():
        id_ = _id(ticket)
        earlier[id_].update(s for name in (id_, ticket.where) if (s := frozen.get(name)))
    return {id_: stays for id_, splits in earlier.items() if (stays := split.kept(splits))}


def _precedence(
    ticket: Ticket, spec: PrepareSpec, frozen: Mapping[str, Split]
) -> tuple[bool, bool, str, str, int, int]:
    """Of rows that say the same, the first by this order stands: with a reply, that of an earlier
    version, the earliest."""
    return (
        not _worth_learning(ticket, spec),
        bool(frozen) and _id(ticket) not in frozen,
        ticket.created_at or "9999",
        ticket.source,
        ticket.row,
        ticket.turn,
    )


def _worth_learning(ticket: Ticket, spec: PrepareSpec) -> bool:
    if not spec.min_reply_words <= word_count(ticket.reply) <= spec.max_reply_words:
        return False
    text = f"{ticket.question}\n{ticket.reply}"
    return spec.languages == "all" or is_understood(language_of(text))


def _labelled(tickets: Sequence[Ticket], found: Duplicates, spec: PrepareSpec) -> list[Ticket]:
    """Return the tickets with an intent where somebody can say: the export, else the rules.

    What a customer says later in a conversation names no intent by itself.
    """
    voted = labels.vote(["" if t.context else t.question for t in tickets], spec.rules).labels
    own = [ticket.intent or vote for ticket, vote in zip(tickets, voted, strict=True)]
    agreed = list(own)
    for group in found.groups:
        counts = Counter(own[i] for i in group.members if own[i])
        if not own[group.canonical] and counts:
            agreed[group.canonical] = min(counts, key=lambda intent: (-counts[intent], intent))
    return [
        msgspec.structs.replace(ticket, intent=intent)
        for ticket, intent in zip(tickets, agreed, strict=True)
    ]


def _paraphrases(
    questions: Sequence[Ticket], spec: PrepareSpec, embedder: Embedder | None
) -> list[Pair]:
    """Return which of these ask the same in other words, of those that teach anything.

    What is asked later in a conversation ("yes please") goes where the conversation goes.
    """
    learnt = [i for i, t in enumerate(questions) if not t.context and _worth_learning(t, spec)]
    found = Questions([questions[i].question for i in learnt], embedder).paraphrases()
    return [Pair(learnt[pair.a], learnt[pair.b], pair.alike) for pair in found]


class _Fixed(msgspec.Struct, frozen=True):
    """What is known of where rows go: from an earlier version, the source's pin, paraphrases."""

    frozen: Mapping[str, Split]
    pins: Mapping[str, Split | None]
    paraphrases: Sequence[Pair]


def _assigned(
    tickets: Sequence[Ticket], found: Duplicates, spec: PrepareSpec, fixed: _Fixed
) -> list[Assigned]:
    """Return the place of each group of duplicates, in their order."""
    asks: dict[int, list[str]] = defaultdict(list)
    for a, b in found.alike:
        asks[a].append(f"alike {a}")
        asks[b].append(f"alike {a}")
    items = []
    for group in found.groups:
        ticket = tickets[group.canonical]
        members = [tickets[i] for i in group.members]
        pins = {pin for t in members if (pin := fixed.pins.get(t.source))}
        earlier = {s for t in members if (s := fixed.frozen.get(_id(t)))}
        items.append(
            Item(
                item_id=_id(ticket),
                ties=tuple(_ties(ticket)),
                asks=tuple(asks[group.canonical]),
                stratum=ticket.intent,
                at=ticket.created_at or "",
                pin=split.most_cautious(pins),
                frozen=split.kept(earlier),
                learnt=_worth_learning(ticket, spec),
            )
        )
    return split.assign(items, spec.splitting(), fixed.paraphrases)


def _id(ticket: Ticket) -> str:
    return example_id(ticket.question, ticket.context)


def _ties(ticket: Ticket) -> Iterator[str]:
    if ticket.customer_id:
        yield f"customer {ticket.customer_id}"
    if ticket.conversation_id:
        yield f"conversation {ticket.conversation_id}"


def _examples(
    tickets: Sequence[Ticket],
    found: Duplicates,
    assigned: Sequence[Assigned],
    spec: PrepareSpec,
) -> list[Example]:
    examples: list[Example] = []
    for group, place in zip(found.groups, assigned, strict=True):
        ticket = tickets[group.canonical]
        if not _worth_learning(ticket, spec):
            continue
        examples.append(
            Example(
                example_id=_id(ticket),
                question=ticket.question,
                reply=ticket.reply,
                intent=ticket.intent,
                split=place.split,
                group=place.group,
                count=len(group.members),
                origin=tuple(tickets[i].where for i in group.members),
                context=ticket.context,
            )
        )
    return examples


# --- what reviewers taught ---------------------------------------------------------------------


class _School(msgspec.Struct, frozen=True):
    """What taught rows are let into."""

    examples: Sequence[Example]
    barred: frozenset[str]
    """Customers and conversations of the test split."""
    redactor: Redactor
    spec: PrepareSpec


def _known_in_test(
    tickets: Sequence[Ticket], found: Duplicates, assigned: Sequence[Assigned]
) -> frozenset[str]:
    return frozenset(
        name
        for group, place in zip(found.groups, assigned, strict=True)
        if place.split is Split.TEST
        for ticket in [tickets[group.canonical]]
        for name in (ticket.customer_id, ticket.conversation_id)
        if name
    )


def _taught(taught: Sequence[Example], school: _School) -> _Lessons:
    """Let in what may be learnt: training rows only, nothing that resembles the held-out rows.

    What is taught was asked first in a conversation, so the same words later in one are another
    question.
    """
    threshold = school.spec.near_duplicate_threshold
    first = [e for e in school.examples if not e.context]
    held_out = [e for e in first if e.split in (Split.VALIDATION, Split.TEST)]
    training = [e for e in first if e.split is Split.TRAIN]
    measured = Matcher([e.question for e in held_out], threshold)
    learnt = Matcher([e.question for e in training], threshold)
    by_id = {e.example_id: e for e in school.examples}
    refused: list[Quarantined] = []
    merged = 0
    for number, lesson in enumerate(taught, 1):
        row = _lesson(lesson, school.redactor)
        match = measured.alike(row.question)
        reason = ""
        if match is not None:
            reason = f"taught row resembles a {held_out[match].split} row"
        elif school.redactor.opaque(lesson.group) in school.barred:
            reason = "taught row is by a customer of the test split"
        if reason:
            refused.append(Quarantined(row.origin[0], number, reason, row.question))
            continue
        same = learnt.same(row.question)
        known = training[same].example_id if same is not None else row.example_id
        if known in by_id:
            merged += 1
            row = _corrected(by_id[known], row)
        by_id[row.example_id] = row
    return _Lessons(list(by_id.values()), merged, refused)


def _lesson(taught: Example, redactor: Redactor) -> Example:
    """Return a taught row as it may be kept, in the training split."""
    question = redactor.redact(taught.question).text
    id_ = example_id(question)
    return msgspec.structs.replace(
        taught,
        example_id=id_,
        question=question,
        reply=redactor.redact(taught.reply).text,
        split=Split.TRAIN,
        group=derived_id("group", id_),
    )


def _corrected(old: Example, lesson: Example) -> Example:
    """Return a known row with the reply that the reviewer gave; what retired is learnt from now."""
    return msgspec.structs.replace(
        old,
        split=Split.TRAIN,
        reply=lesson.reply,
        intent=lesson.intent or old.intent,
        count=old.count + 1,
        origin=old.origin + lesson.origin,
    )


# --- what the card says ------------------------------------------------------------------------


def _position(ticket: Ticket, sources: Sequence[SourceFile]) -> tuple[int, int, int]:
    names = [source.label for source in sources]
    return names.index(ticket.source), ticket.row, ticket.turn


def _span_counts(rows: Iterable[_Row]) -> dict[str, int]:
    counts = Counter(span.type.value for row in rows for found in row.found for span in found.spans)
    return dict(sorted(counts.items()))


def _source_hashes(sources: Iterable[SourceFile], taught: Sequence[Example]) -> dict[str, Hash]:
    hashes = {source.label: file_hash(source.path) for source in sources}
    return hashes | ({VERDICTS: content_hash(taught)} if taught else {})


def _samples(rows: Sequence[_Row], spec: PrepareSpec) -> tuple[tuple[str, str], ...]:
    """Return a seeded sample of rows that changed, sensitive text masked before and after."""
    changed = [row for row in rows if row.raw.question.strip() != row.ticket.question]
    changed.sort(key=lambda row: uniform(str(spec.seed), "sample", row.ticket.where))
    mask = Redactor("redact", b"", spec.public_names)
    return tuple((_before(row, mask), row.ticket.question) for row in changed[:MAX_SAMPLES])


def _before(row: _Row, mask: Redactor) -> str:
    """Return the raw question, masked by what was found in the clean one and in itself."""
    text = row.raw.question[:MAX_SAMPLE_CHARS]
    for span in sorted(row.found[0].spans, key=lambda span: -len(span.text)):
        text = text.replace(span.text, f"[{span.type}]")
    return mask.redact(text, _people(row.raw)).text
