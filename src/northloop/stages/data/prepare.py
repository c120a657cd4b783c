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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Literal

import msgspec

from northloop.core.artefacts import DataCard, Nearest, RowCount, Talks
from northloop.core.conversation import (
    Example,
    Quarantined,
    Split,
    Ticket,
)
from northloop.core.errors import ConfigurationError, InputError
from northloop.core.ids import Hash, content_hash, file_hash
from northloop.ports.models import Embedder
from northloop.stages.data import card as cards
from northloop.stages.data import follow_ups, split
from northloop.stages.data.clean import CleanSpec
from northloop.stages.data.duplicates import Duplicates
from northloop.stages.data.languages import is_understood
from northloop.stages.data.lessons import School, learn
from northloop.stages.data.paraphrases import Pair, Questions
from northloop.stages.data.reading import Means, Reading
from northloop.stages.data.rows import Exchange, Maker, RowSpec
from northloop.stages.data.sensitive import Mode, Redactor
from northloop.stages.data.sources import SourceFile
from northloop.stages.data.split import Assigned, Item, SplitBy, SplitSpec

VERDICTS = "verdicts"
"""How the card names what reviewers taught, as a source."""
MAX_SAMPLES = 12
_CELL_OF_NAME = re.compile(r"[^\W\d_a-z][\w'’-]{0,30}(?: [^\W\d_a-z][\w'’-]{0,30}){1,2}")


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

    def making(self) -> RowSpec:
        """Return how rows are made."""
        return RowSpec(
            sensitive=self.sensitive,
            key=self.key,
            public_names=self.public_names,
            cleaning=CleanSpec(
                zone=self.zone,
                missing=self.missing,
                canonical=self.canonical,
                min_question_words=self.min_question_words,
                max_question_words=self.max_question_words,
            ),
            rules=self.rules,
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


def prepare(
    spec: PrepareSpec,
    sources: Sequence[SourceFile],
    taught: Sequence[Example] = (),
    frozen: Mapping[str, Split] = {},
    means: Means = Means(),  # noqa: B008
) -> Prepared:
    """Return the dataset that the sources and the reviewers' lessons make.

    A taught row's group is its customer or conversation, its origin the verdict. `frozen` maps the
    example ids of an earlier version to their splits, and the places of its rows (`Ticket.where`)
    where their exports have not changed: what was there stays where it was, however it is cleaned
    now, or retires where a new row asks the same. InputError names a source that cannot be read, or
    all if none has a row; ConfigurationError a wrong setting. A bad row is never an error: it is in
    `quarantine`, with the reason.
    """
    sources = named(sources)
    maker = Maker(spec.making())
    reading = Reading(sources, spec.making(), means)
    if not reading.count:
        raise InputError(
            "no export has a row",
            where=", ".join(source.label for source in sources),
            action="export them again with their rows",
        )
    rows: list[Exchange] = []
    unclean: list[Quarantined] = []
    for made in reading.made(str(spec.seed)):
        rows += made.exchanges
        unclean += made.unfit
    frozen = _as_cleaned_now(frozen, rows)
    rows.sort(key=lambda row: _precedence(row, spec, frozen))
    asked = [follow_ups.Asked(row.ticket.asked, row.ticket.conversation_id) for row in rows]
    found = follow_ups.find(asked, spec.near_duplicate_threshold)
    rows = _labelled(rows, found)
    alike = _paraphrases([rows[g.canonical] for g in found.groups], spec, means.embedder)
    fixed = _Fixed(frozen, {s.label: s.pin for s in sources}, alike)
    assigned = _assigned(rows, found, spec, fixed)
    tickets = [row.ticket for row in rows]
    barred = _known_in_test(tickets, found, assigned)
    threshold = spec.near_duplicate_threshold
    school = School(_examples(rows, found, assigned, spec), barred, maker.redactor, threshold)
    lessons = learn(taught, school)

    quarantine = [*_masked(reading, maker.redactor), *unclean, *lessons.refused]
    in_order = sorted(found.groups, key=lambda g: _position(tickets[g.canonical], sources))
    kept = tuple(tickets[group.canonical] for group in in_order)
    merged = tuple(tickets[i] for group in in_order for i in (*group.exact, *group.near))
    near = cards.Neighbours(lessons.examples, means.embedder)
    shared, largest = cards.group_sizes(lessons.examples)
    card = DataCard(
        rows=RowCount(
            rows_in=reading.count + len(taught),
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
        missing=cards.missing_shares(tickets),
        date_order={field: order.value for field, order in reading.orders.items()},
        sources=_source_hashes(sources, taught),
        licences={source.label: source.licence for source in sources if source.licence},
        samples=_samples(reading, maker),
        scripts=cards.language_counts(row.language for row in rows),
        paraphrased=shared,
        largest_group=largest,
        newly_retired=cards.newly_retired(lessons.examples, frozen),
        nearness=near.summary(),
        talks=cards.together(reading.talks.values()),
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
        talks=reading.talks,
    )


# --- read -------------------------------------------------------------------------------------


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


def _masked(reading: Reading, redactor: Redactor) -> list[Quarantined]:
    """Return unreadable rows with sensitive text replaced, the agents of the other rows with it.

    Nobody knows which of their cells is a customer's name: all that look like one are replaced.
    """
    return [
        msgspec.structs.replace(
            row, raw=redactor.redact(row.raw, sorted(reading.agents | _like_names(row.raw))).text
        )
        for row in reading.unreadable
    ]


def _like_names(raw: str) -> set[str]:
    """Return the cells of a row that are two or three capitalised words and nothing else."""
    cells = (cell.strip() for cell in re.split(r"[,;\t|\"{}:\[\]]", raw))
    return {cell for cell in cells if _CELL_OF_NAME.fullmatch(cell)}


# --- deduplicate, label, split -----------------------------------------------------------------


def _as_cleaned_now(frozen: Mapping[str, Split], rows: Iterable[Exchange]) -> dict[str, Split]:
    """Return where rows of an earlier version stay, by the ids that they have now."""
    earlier: dict[str, set[Split]] = defaultdict(set)
    for row in rows if frozen else ():
        names = (row.example_id, row.ticket.where)
        earlier[row.example_id].update(s for name in names if (s := frozen.get(name)))
    return {id_: stays for id_, splits in earlier.items() if (stays := split.kept(splits))}


def _precedence(
    row: Exchange, spec: PrepareSpec, frozen: Mapping[str, Split]
) -> tuple[bool, bool, str, str, int, int]:
    """Of rows that say the same, the first by this order stands: with a reply, that of an earlier
    version, the earliest."""
    ticket = row.ticket
    return (
        not _worth_learning(row, spec),
        bool(frozen) and row.example_id not in frozen,
        ticket.created_at or "9999",
        ticket.source,
        ticket.row,
        ticket.turn,
    )


def _worth_learning(row: Exchange, spec: PrepareSpec) -> bool:
    known = spec.languages == "all" or is_understood(row.language)
    return known and spec.min_reply_words <= row.reply_words <= spec.max_reply_words


def _labelled(rows: Sequence[Exchange], found: Duplicates) -> list[Exchange]:
    """Return the rows, those that stand for a group with the intent that its rows agree on."""
    agreed = list(rows)
    for group in found.groups:
        row = rows[group.canonical]
        counts = Counter(intent for i in group.members if (intent := rows[i].ticket.intent))
        if counts and not row.ticket.intent:
            intent = min(counts, key=lambda intent: (-counts[intent], intent))
            ticket = msgspec.structs.replace(row.ticket, intent=intent)
            agreed[group.canonical] = msgspec.structs.replace(row, ticket=ticket)
    return agreed


def _paraphrases(
    rows: Sequence[Exchange], spec: PrepareSpec, embedder: Embedder | None
) -> list[Pair]:
    """Return which of these ask the same in other words, of those that teach anything.

    What is asked later in a conversation ("yes please") goes where the conversation goes.
    """
    learnt = [i for i, row in enumerate(rows) if _is_compared(row, spec)]
    found = Questions([rows[i].ticket.question for i in learnt], embedder).paraphrases()
    return [Pair(learnt[pair.a], learnt[pair.b], pair.alike) for pair in found]


def _is_compared(row: Exchange, spec: PrepareSpec) -> bool:
    return not row.ticket.context and _worth_learning(row, spec)


class _Fixed(msgspec.Struct, frozen=True):
    """What is known of where rows go: from an earlier version, the source's pin, paraphrases."""

    frozen: Mapping[str, Split]
    pins: Mapping[str, Split | None]
    paraphrases: Sequence[Pair]


def _assigned(
    rows: Sequence[Exchange], found: Duplicates, spec: PrepareSpec, fixed: _Fixed
) -> list[Assigned]:
    """Return the place of each group of duplicates, in their order."""
    asks: dict[int, list[str]] = defaultdict(list)
    for a, b in found.alike:
        asks[a].append(f"alike {a}")
        asks[b].append(f"alike {a}")
    items = []
    for group in found.groups:
        row = rows[group.canonical]
        members = [rows[i] for i in group.members]
        pins = {pin for one in members if (pin := fixed.pins.get(one.ticket.source))}
        earlier = {s for one in members if (s := fixed.frozen.get(one.example_id))}
        items.append(
            Item(
                item_id=row.example_id,
                ties=tuple(_ties(row.ticket)),
                asks=tuple(asks[group.canonical]),
                stratum=row.ticket.intent,
                at=row.ticket.created_at or "",
                pin=split.most_cautious(pins),
                frozen=split.kept(earlier),
                learnt=_worth_learning(row, spec),
            )
        )
    return split.assign(items, spec.splitting(), fixed.paraphrases)


def _ties(ticket: Ticket) -> Iterator[str]:
    if ticket.customer_id:
        yield f"customer {ticket.customer_id}"
    if ticket.conversation_id:
        yield f"conversation {ticket.conversation_id}"


def _examples(
    rows: Sequence[Exchange],
    found: Duplicates,
    assigned: Sequence[Assigned],
    spec: PrepareSpec,
) -> list[Example]:
    examples: list[Example] = []
    for group, place in zip(found.groups, assigned, strict=True):
        row = rows[group.canonical]
        ticket = row.ticket
        if not _worth_learning(row, spec):
            continue
        examples.append(
            Example(
                example_id=row.example_id,
                question=ticket.question,
                reply=ticket.reply,
                intent=ticket.intent,
                split=place.split,
                group=place.group,
                count=len(group.members),
                origin=tuple(rows[i].ticket.where for i in group.members),
                context=ticket.context,
            )
        )
    return examples


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


# --- what the card says ------------------------------------------------------------------------


def _position(ticket: Ticket, sources: Sequence[SourceFile]) -> tuple[int, int, int]:
    names = [source.label for source in sources]
    return names.index(ticket.source), ticket.row, ticket.turn


def _span_counts(exchanges: Iterable[Exchange]) -> dict[str, int]:
    counts = Counter[str]()
    for exchange in exchanges:
        counts.update(exchange.found)
    return dict(sorted(counts.items()))


def _source_hashes(sources: Iterable[SourceFile], taught: Sequence[Example]) -> dict[str, Hash]:
    hashes = {source.label: file_hash(source.path) for source in sources}
    return hashes | ({VERDICTS: content_hash(taught)} if taught else {})


def _samples(reading: Reading, maker: Maker) -> tuple[tuple[str, str], ...]:
    """Return a seeded sample of questions that changed, sensitive text masked before and after."""
    shown = (pair for record in reading.drawn for pair in maker.shown(record, reading.orders))
    return tuple(islice(shown, MAX_SAMPLES))
