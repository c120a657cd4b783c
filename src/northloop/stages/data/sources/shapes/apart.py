"""Cases and messages that stand apart in a file, or beside each other on a page of it.

What many interfaces answer is not a case with its messages in it: there is a list of cases and one
of messages, or messages alone, each naming its case. Both are brought together here, by the id that
a message names; of messages that name none, those of one record are a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from northloop.core.conversation import RawConversation
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.paths import MAX_CROSSED, lists
from northloop.stages.data.sources.shapes.cases import Case, are_mostly, cases, held
from northloop.stages.data.sources.shapes.fields import Fields, inner, text
from northloop.stages.data.sources.shapes.shape import Part, Record, Refused, Values

_NAMELESS = "\0"
"""Begins the key of messages that name no case."""

Known = Callable[[Fields], bool]
ReadTogether = Callable[[int, Fields, list[Fields]], Case | Refused]
"""Number in the file, case, its messages that stand apart → the conversation."""


def _id(case: Fields) -> str:
    return text(case, "id")


class Kinds(msgspec.Struct, frozen=True, kw_only=True):
    """How the objects of one vendor are known."""

    is_case: Known
    is_message: Known
    """Whatever belongs to a case: messages, comments, notes."""
    case_of: Callable[[Fields], str]
    """Message → the id of its case, "" if it names none."""
    wrappers: tuple[str, ...] = ()
    """Under these a record may hold one case."""
    id_of: Callable[[Fields], str] = _id
    """Case → what its messages call it."""
    is_other: Known
    """Records that stand beside cases and hold none: people, empty pages."""

    def cases(self, record: Fields) -> Sequence[Fields] | None:
        """Return the cases of a record, [] for what belongs to some, None for neither."""
        found = self._cases(record)
        known = bool(found or self.messages(record)) or self.is_other(record)
        return found if known else None

    def messages(self, record: Fields) -> list[Fields]:
        """Return the messages of a record that are not in its cases."""
        if self._single(record) is record:
            return []
        alone = (record, *(inner(record, key) for key in self.wrappers))
        if single := next((one for one in alone if one and self.is_message(one)), None):
            return [single]
        return list(filter(self.is_message, _listed(self._beside_its_case(record))))

    def part(self, record: Record) -> Part | None:
        """Return what a file of an archive with such a record holds."""
        if self._cases(record.value):
            return Part.CASES
        return Part.BESIDE if self.cases(record.value) is not None else None

    def fitting(self, records: Values, why: str) -> str:
        """Return `why` if the first records of a file are of this vendor, but for a few."""
        fits = are_mostly(records, lambda record: self.cases(record) is not None)
        told = fits and any(self.cases(r) or self.messages(r) for r in records)
        return why if told else ""

    def apart(self, records: Iterable[Record]) -> dict[str, Apart]:
        """Return what stands apart in a file by the id of its case, in the order of the file."""
        found: dict[str, Apart] = {}
        for record in records:
            listed = self._cases(record.value)
            named = text(listed[0], "id") if len(listed) == 1 else ""
            only = named or f"{_NAMELESS}{record.row}"
            messages = self.messages(record.value)
            keys = [self.case_of(message) or only for message in messages]
            for key, message in zip(keys, messages, strict=True):
                one = found.setdefault(key, Apart(record.row, []))
                one.messages.append(message)
                if message is not record.value and len({*keys}) == 1:
                    one.told.update(_marks(record.value))
        return found

    def _cases(self, record: Fields) -> Sequence[Fields]:
        """Return the cases of a record: itself, one in a wrapper, the first list of them."""
        single = self._single(record)
        return held(record, self.is_case)[1] if single is None else [single]

    def _single(self, record: Fields) -> Fields | None:
        """Return the one case that a record is or wraps, None for none.

        One that has no id of its own is but a page where it holds others, whatever else it holds.
        """
        inside = self._wrapped(record)
        if not self.is_case(record):
            return inside
        holds_others = inside is not None or held(record, self.is_case)[1]
        return inside if holds_others and not text(record, "id") else record

    def _wrapped(self, record: Fields) -> Fields | None:
        """Return the case that a record wraps: known by itself, or by the messages beside it."""
        wrapped = [one for key in self.wrappers if (one := inner(record, key))]
        known = next((one for one in wrapped if self.is_case(one)), None)
        if known is not None or not any(text(one, "id") for one in wrapped):
            return known
        told = any(map(self.is_message, _listed(record)))
        return next((one for one in wrapped if text(one, "id")), None) if told else None

    def _beside_its_case(self, record: Fields) -> Fields:
        """Return a record without the one case in it, whose messages do not stand apart."""
        return {
            key: value
            for key, value in record.items()
            if not (key in self.wrappers and isinstance(value, dict) and self.is_case(value))
        }


def _listed(page: Fields) -> Iterator[Fields]:
    """Yield the objects of a page's lists, but not those in lists inside them."""
    for _, found in lists(page, crossed=MAX_CROSSED):
        yield from found


class Apart(msgspec.Struct, frozen=True):
    """Messages of one case that stand apart from it."""

    row: int
    """Of the record of the first."""
    messages: list[Fields]
    told: dict[str, Json] = {}
    """What the record that holds them, and no others, says beside them."""


def left(apart: dict[str, Apart], key: str = "messages") -> Iterator[Record]:
    """Yield a record of each case that only its messages tell of: its id, them at a key, and what
    stands beside them.

    Cases that were read before have taken theirs out of `apart`.
    """
    for case_id in list(apart):
        found = apart.pop(case_id)
        named = "" if case_id.startswith(_NAMELESS) else case_id
        yield Record(found.row, {**found.told, "id": named, key: found.messages})


def _marks(record: Fields) -> dict[str, Json]:
    """Return what stands in a record itself, in no object or list."""
    return {name: value for name, value in record.items() if not isinstance(value, dict | list)}


def taken(apart: dict[str, Apart], case_id: str) -> list[Fields]:
    """Return what stands apart of a case, and take it out."""
    found = apart.pop(case_id, None)
    return found.messages if found else []


def together(
    records: Iterable[Record], kinds: Kinds, read: ReadTogether, key: str = "messages"
) -> Iterator[RawConversation | Refused]:
    """Yield the cases of a file, `read` with what stands apart of each; then those that only their
    messages tell of, which lie at `key` of a case of their own. One that comes again without
    messages of its own, as each event of a log names it, counts once.
    """
    apart = kinds.apart(records)
    known: set[str] = set()

    def inside(record: Fields) -> Sequence[Fields] | None:
        listed = kinds.cases(record)
        return None if listed is None else [case for case in listed if not comes_again(case)]

    def comes_again(case: Fields) -> bool:
        is_empty = not any(map(kinds.is_message, _listed(case)))
        return is_empty and bool(kinds.id_of(case)) and kinds.id_of(case) in known

    def read_one(row: int, case: Fields) -> Case | Refused:
        known.add(kinds.id_of(case))
        return read(row, case, taken(apart, kinds.id_of(case)))

    def with_the_left() -> Iterator[Record]:
        yield from records
        yield from left(apart, key)

    return cases(with_the_left(), inside, read_one)
