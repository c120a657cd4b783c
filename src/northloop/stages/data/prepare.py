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
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.artefacts import DataCard, Nearest, RowCount, Talks
from northloop.core.conversation import Example, Quarantined, Split, Ticket
from northloop.core.decoding import unpacked
from northloop.core.errors import ConfigurationError, InputError
from northloop.core.ids import canonical, content_hash
from northloop.ports.workers import Done
from northloop.stages.data import card as cards
from northloop.stages.data import follow_ups, split
from northloop.stages.data.clean import CleanSpec
from northloop.stages.data.columns import Rows
from northloop.stages.data.duplicates import Duplicates
from northloop.stages.data.groups import (
    Examples,
    First,
    FirstQuestions,
    Groups,
    Own,
    asked_by_source,
    history_order,
    own_lines,
)
from northloop.stages.data.languages import is_understood
from northloop.stages.data.lessons import NO_LESSONS, History, Lessons, learn
from northloop.stages.data.paraphrases import Cut, Pairs, Questions
from northloop.stages.data.reading import Reading, Resources
from northloop.stages.data.rows import Maker, RowSpec
from northloop.stages.data.sensitive import Mode, Redactor
from northloop.stages.data.sources import SourceFile
from northloop.stages.data.split import NONE, SPLITS, Items, Places, SplitBy, SplitSpec
from northloop.stages.data.temporary_files import (
    Blobs,
    JsonLines,
    TemporaryFolder,
    write_json_lines,
)

VERDICTS = "verdicts"
"""How the card names what reviewers taught, as a source."""
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
    """A dataset version before it is stored: files in a folder of its own, which ends with them."""

    examples: JsonLines[Example]
    """In order of id; what reviewers taught included."""
    tickets: JsonLines[Ticket]
    """Every kept row of the exports, clean, redacted and labelled, in the order they came; what was
    said before stands in its example."""
    merged: JsonLines[Ticket]
    """Rows merged into a kept one. They are cases of their own where time or volume is measured."""
    history: JsonLines[Ticket]
    """All usable rows, these and those: what baselines are computed from."""
    card: DataCard
    quarantine: JsonLines[Quarantined]
    """With sensitive text replaced; the row itself is in its file."""
    nearest: tuple[Nearest, ...] = ()
    """The nearest training row of each test row."""
    ids: NDArray[np.bytes_]
    """Of the examples, in their order."""
    own: Mapping[str, Own] = {}
    """Source → what stands behind it."""
    asked: dict[str, int] = {}
    """Source → how many different questions its rows ask, duplicates counted as one."""
    talks: dict[str, Talks] = {}
    """Source → the conversations it holds, where it holds some."""


def prepare(
    spec: PrepareSpec,
    sources: Sequence[SourceFile],
    taught: Sequence[Example] = (),
    frozen: Mapping[str, Split] = {},
    resources: Resources = Resources(),  # noqa: B008
) -> Prepared:
    """Return the dataset that the sources and the reviewers' lessons make.

    A taught row's group is its customer or conversation, its origin the verdict, and its split what
    it is for: training, or the test (`lessons.learn`). `frozen` maps the example ids of an earlier
    version to their splits, and the places of its rows (`Ticket.where`) where their exports have
    not changed: what was there stays where it was, however it is cleaned now, or retires where a
    new row asks the same. InputError names a source that cannot be read, or all if none has a row;
    ConfigurationError a wrong setting. A bad row is never an error: it is in `quarantine`, with the
    reason.
    """
    sources = named(sources)
    maker = Maker(spec.making())
    reading = Reading(sources, spec.making(), resources)
    if not reading.count:
        raise InputError(
            "no export has a row",
            where=", ".join(source.label for source in sources),
            action="export them again with their rows",
        )
    rows, unclean = _made(reading, maker, spec)
    divided = _divided(reading, rows, spec, frozen)
    groups, found, asked = divided.groups, divided.groups.found, divided.asked
    examples = Examples(groups, divided.places)
    lessons = NO_LESSONS
    if taught:
        lessons = learn(taught, _history(divided, maker.redactor, spec, frozen))
    folder = TemporaryFolder(resources.scratch)
    resources.progress("write", 0, len(rows))
    kept = write_json_lines(folder, "examples", Example, examples.with_lessons(lessons.examples))
    history = write_json_lines(
        folder, "tickets", Ticket, rows.history(history_order(groups, sources))
    )
    unfit_rows = (unpacked(body, Quarantined) for body in unclean)
    set_aside = chain(_masked(reading, maker.redactor), unfit_rows, lessons.refused)
    quarantine = write_json_lines(
        folder, "quarantine", Quarantined, (canonical(row) + b"\n" for row in set_aside)
    )
    resources.progress("hold against", 0, len(kept))
    columns = examples.columns(lessons.examples, asked)
    near = cards.Neighbours(columns, asked)
    card = _card(_Counted(reading, divided, examples, taught, lessons, quarantine, columns, near))
    return Prepared(
        examples=kept,
        tickets=history[: len(groups)],
        merged=history[len(groups) :],
        history=history,
        card=card,
        quarantine=quarantine,
        nearest=near.rows(),
        ids=columns.ids,
        own=own_lines(groups, sources, columns.ids),
        asked=asked_by_source(rows, found),
        talks=reading.talks,
    )


class _Counted(NamedTuple):
    """What the data card counts: what came in, what became of it, what is in each split."""

    reading: Reading
    divided: _Divided
    examples: Examples
    taught: Sequence[Example]
    lessons: Lessons
    quarantine: Sequence[Quarantined]
    columns: cards.Kept
    near: cards.Neighbours


def _card(of: _Counted) -> DataCard:
    """Return the card of a dataset version."""
    reading, groups, lessons = of.reading, of.divided.groups, of.lessons
    counts = cards.counted(of.columns)
    rows, found, sources = groups.rows, groups.found, of.reading.sources
    named_now = rows.column("intent")[found.canonical] != rows.intent("")
    near_duplicates = int(found.is_near.sum())
    return DataCard(
        rows=RowCount(
            rows_in=reading.count + len(of.taught),
            kept=len(groups) + len(of.taught) - lessons.merged - len(lessons.refused),
            merged=len(rows) - len(groups) + lessons.merged,
            quarantined=len(of.quarantine),
        ),
        quarantine_reasons=cards.reasons(of.quarantine),
        sensitive_spans=dict(sorted(rows.found.items())),
        exact_duplicates=len(rows) - len(groups) - near_duplicates,
        near_duplicates=near_duplicates,
        splits=counts.splits,
        intents=counts.intents,
        labelled_share=int(named_now.sum()) / len(groups) if len(groups) else 0.0,
        missing=rows.missing_shares(),
        date_order=cards.date_orders(reading.orders),
        sources=reading.hashes | ({VERDICTS: content_hash(of.taught)} if of.taught else {}),
        licences={source.label: source.licence for source in sources if source.licence},
        samples=reading.samples,
        scripts=cards.language_counts(rows.language_counts()),
        paraphrased=counts.shared,
        largest_group=counts.largest,
        newly_retired=of.examples.newly_retired(of.divided.earlier, lessons.examples),
        nearness=of.near.summary(),
        talks=cards.together(reading.talks.values()),
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


def _made(reading: Reading, maker: Maker, spec: PrepareSpec) -> tuple[Rows, Blobs]:
    """Return the rows that can be used, and as `Quarantined` those that cannot."""
    scratch = reading.resources.scratch
    rows, unclean = Rows(scratch), Blobs(scratch)
    for stood in reading.made(
        str(spec.seed), lambda record: [*maker.shown(record, reading.orders[record.source])]
    ):
        rows.add(*stood)
        for record, unfit in stood.lot.unfit:
            placed = msgspec.structs.replace(
                unfit, source=stood.source, row=int(stood.rows[record])
            )
            unclean.add(msgspec.msgpack.encode(placed))
    return rows, unclean


def _masked(reading: Reading, redactor: Redactor) -> Iterator[Quarantined]:
    """Yield unreadable rows with sensitive text replaced, the agents of the other rows with it.

    Nobody knows which of their cells is a customer's name: all that look like one are replaced.
    """
    for row in reading.unreadable:
        named = sorted(reading.agents | _like_names(row.raw))
        yield msgspec.structs.replace(row, raw=redactor.redact(row.raw, named).text)


def _like_names(raw: str) -> set[str]:
    """Return the cells of a row that are two or three capitalised words and nothing else."""
    cells = (cell.strip() for cell in re.split(r"[,;\t|\"{}:\[\]]", raw))
    return {cell for cell in cells if _CELL_OF_NAME.fullmatch(cell)}


# --- deduplicate, label, split -----------------------------------------------------------------


class _Divided(NamedTuple):
    """The rows of the exports in groups of duplicates, and where each group goes."""

    groups: Groups
    places: Places
    asked: Questions
    """What their conversations begin with."""
    earlier: NDArray[np.int8]
    """Where rows stay since they were there in an earlier version; `NONE` for others."""


def _divided(
    reading: Reading, rows: Rows, spec: PrepareSpec, frozen: Mapping[str, Split]
) -> _Divided:
    """Return the rows divided; they are put in the order of precedence, and labelled."""
    resources = reading.resources
    earlier = _as_cleaned_now(frozen, rows)
    order = _precedence(rows, spec, earlier)
    rows.arrange(order)
    earlier = earlier[order]
    del order
    learnt = _worth_learning(rows, spec)
    resources.progress("compare", 0, len(rows))
    found = _duplicates(rows, spec.near_duplicate_threshold, reading.known, resources.scratch)
    _label(rows, found)
    groups = Groups(rows, found, learnt)
    asked = _asked_first(rows, reading)
    alike = _paraphrases(groups, asked, resources.scratch)
    resources.progress("divide", 0, len(rows))
    pins = {source.label: source.pin for source in reading.sources if source.pin}
    places = _assigned(groups, spec, _Fixed(earlier, pins, alike))
    return _Divided(groups, places, asked, earlier)


def _as_cleaned_now(frozen: Mapping[str, Split], rows: Rows) -> NDArray[np.int8]:
    """Return where rows of an earlier version stay, `NONE` for others.

    Of what has one id now, all names that it ever had decide.
    """
    bits = rows.kept_splits(frozen)
    if not bits.any():
        return np.full(len(rows), NONE, np.int8)
    _, which = np.unique(rows.ids, return_inverse=True)
    ever = np.zeros(which.max() + 1, np.int8)
    np.bitwise_or.at(ever, which, bits)
    stays = [split.kept({s for k, s in enumerate(SPLITS) if bits >> k & 1}) for bits in range(16)]
    codes = np.array([SPLITS.index(s) if s else NONE for s in stays], np.int8)
    return codes[ever][which]


def _precedence(rows: Rows, spec: PrepareSpec, earlier: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return the order of rows: of those that say the same, the first by it stands.

    With a reply, that of an earlier version, the earliest.
    """
    at = np.where(rows.at == b"", b"9999", rows.at)
    rank = np.argsort(np.argsort(np.array(rows.sources, dtype=object)))
    is_new = earlier == NONE if (earlier != NONE).any() else np.zeros(len(rows), bool)
    return np.lexsort((
        rows.column("turn"),
        rows.column("row"),
        rank[rows.column("source")] if len(rank) else rows.column("source"),
        at,
        is_new,
        ~_worth_learning(rows, spec),
    ))  # fmt: skip


def _worth_learning(rows: Rows, spec: PrepareSpec) -> NDArray[np.bool_]:
    understood = [spec.languages == "all" or is_understood(name) for name in rows.languages]
    words = rows.column("reply_words")
    known = np.array(understood, bool)[rows.column("language")]
    return known & (spec.min_reply_words <= words) & (words <= spec.max_reply_words)


class _Later(Sequence[follow_ups.Asked]):
    """What was asked later in conversations."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._at = np.flatnonzero(rows.column("later"))

    def __len__(self) -> int:
        return len(self._at)

    def __getitem__(self, at: Any) -> Any:
        ticket = self._rows[self._at[at]]
        return follow_ups.Asked(ticket.asked, ticket.conversation_id)


def _duplicates(rows: Rows, threshold: float, known: Done, scratch: Path | None) -> Duplicates:
    later = rows.column("later").astype(bool)
    return follow_ups.find(First(rows), _Later(rows), later, threshold, scratch, known)


def _label(rows: Rows, found: Duplicates) -> None:
    """Give the rows that stand for a group the intent that its rows agree on."""
    intents, none = rows.column("intent"), rows.intent("")
    open_ = (found.sizes > 1) & (intents[found.canonical] == none)
    for start, size in zip(found.starts[open_].tolist(), found.sizes[open_].tolist(), strict=True):
        members = found.members[start : start + size]
        named = Counter(rows.intents[i] for i in intents[members].tolist() if i != none)
        if named:
            chosen = min(named, key=lambda intent: (-named[intent], intent))
            intents[members[0]] = rows.intent(chosen)


def _asked_first(rows: Rows, reading: Reading) -> Questions:
    cuts = (Cut(part.name, part.end) for part in rows.parts)
    resources = reading.resources
    first = FirstQuestions(rows)
    return Questions(first, resources.embedder, reading.known, resources.scratch, cuts)


def _paraphrases(groups: Groups, asked: Questions, scratch: Path | None) -> Pairs:
    """Return which groups ask the same in other words, of those that teach anything.

    What is asked later in a conversation ("yes please") goes where the conversation goes.
    """
    first = groups.questions()
    compared = np.flatnonzero(groups.learnt & (first >= 0))
    found = asked.paraphrases(first[compared])
    group = np.full(int(first.max(initial=-1)) + 1, -1)
    group[first[compared]] = compared
    return found.at(group, scratch)


def _asked_of(groups: Groups, assigned: Places) -> tuple[NDArray[np.int64], dict[int, str]]:
    """Return the numbers of the first questions that are learnt or validated on, and of those that
    are measured on, with their groups."""
    numbers = groups.questions()
    is_first = groups.learnt & (numbers >= 0)
    known = [split.code(s) for s in (Split.TRAIN, Split.VALIDATION)]
    tested = np.flatnonzero(is_first & (assigned.splits == split.code(Split.TEST)))
    names = (name.decode() for name in assigned.groups[tested].tolist())
    learnt: NDArray[np.int64] = numbers[is_first & np.isin(assigned.splits, known)]
    return learnt, dict(zip(numbers[tested].tolist(), names, strict=True))


class _Fixed(msgspec.Struct, frozen=True):
    """What is known of where rows go: from an earlier version, the source's pin, paraphrases."""

    earlier: NDArray[np.int8]
    pins: Mapping[str, Split]
    paraphrases: Pairs


def _assigned(groups: Groups, spec: PrepareSpec, fixed: _Fixed) -> Places:
    """Return the place of each group of duplicates, in their order."""
    rows, number = groups.rows, np.arange(len(groups))
    bit = np.array([0, *(1 << k for k in range(len(SPLITS)))])  # none, then each split
    pinned = [split.code(fixed.pins.get(source)) for source in rows.sources]
    pins = groups.first_set(bit[np.array(pinned, np.int64)[rows.column("source")] + 1])
    earlier = groups.first_set(bit[fixed.earlier + 1])
    sets = [{s for k, s in enumerate(SPLITS) if bits >> k & 1} for bits in range(16)]
    cautious = np.array([split.code(split.most_cautious(s)) for s in sets], np.int8)
    kept = np.array([split.code(split.kept(s)) for s in sets], np.int8)
    alike = np.searchsorted(groups.found.canonical, groups.found.alike)
    tied = (groups.column(name) for name in ("customer", "conversation"))
    items = Items(
        ids=groups.ids,
        ties=[(number[own != 0], own[own != 0]) for own in tied],
        asks=[(alike.ravel(), np.repeat(alike[:, 0], 2))],
        strata=groups.column("intent"),
        names=rows.intents,
        at=rows.at[groups.found.canonical],
        pins=cautious[pins],
        frozen=kept[earlier],
        learnt=groups.learnt,
        told=groups.told,
    )
    return split.assign(items, spec.splitting(), fixed.paraphrases)


def _history(
    divided: _Divided, redactor: Redactor, spec: PrepareSpec, frozen: Mapping[str, Split]
) -> History:
    groups, places = divided.groups, divided.places
    learnt, tested = _asked_of(groups, places)
    return History(
        examples=Examples(groups, places).all,
        barred=_known_in_test(groups, places),
        redactor=redactor,
        threshold=spec.near_duplicate_threshold,
        asked=divided.asked,
        learnt=learnt,
        tested=tested,
        frozen=frozen,
    )


def _known_in_test(groups: Groups, assigned: Places) -> frozenset[str]:
    tested = np.flatnonzero(assigned.splits == split.code(Split.TEST)).tolist()
    return frozenset(
        name
        for group in tested
        for ticket in [groups.canonical(group)]
        for name in (ticket.customer_id, ticket.conversation_id)
        if name
    )
