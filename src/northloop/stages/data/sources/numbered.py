"""Columns of a table that are the fields of a list: `comments.0.body`, `comments.1.body` …

So converters write JSON as tables, `comments/0/body`, `comments_0_body` and `comments[0].body` too.
People who write tables go on to the right: `question`, `answer`, `question2`, `answer2`, and so do
help desks: `Comment 1`, `Comment 1 author`, or `Comment` again and again, each cell behind when and
by whom it was written. What this module does not know is what such a list means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from northloop.stages.data.sources.headers import HEADERS, means_question, means_reply
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.notes import flag_of
from northloop.stages.data.sources.plausible import are_signed, signed
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.sources.sides import names_somebody
from northloop.stages.data.wording import typed_words, words

FEWEST_ITEMS, FEWEST_FIELDS = 2, 2
"""A list has so many items in its columns at least, and its items so many fields in common."""
_COLUMN = re.compile(
    r"(?P<list>.+?)(?:(?P<sep>[./]|__?)(?P<at>\d{1,3})(?P=sep)|\[(?P<inside>\d{1,3})\]\.)"
    r"(?P<field>.+)"
)

_AGAIN = re.compile(r"(?P<field>.*?[^\W\d])[ _-]?(?P<at>\d{1,2})")
_FOLLOWING = typed_words(
    """
    followup following further additional second next
    seguimiento adicional siguiente segunda nueva suivi complémentaire suivante deuxième seconde
    nouvelle seguito successiva seconda ulteriore nuova seguimento nova
    weitere folgende nächste zweite neue vervolg volgende tweede nieuwe kolejne kolejna dodatkowe
    dodatkowa drugie druga nowe nowa följd andra ny ytterligare 追加
    """
)
"""What says of a question, or of its answer, that it follows another."""
_JOINED_TO = re.compile(
    "(?:nach|folge|anschluss)(?:frage|antwort)|vervolg(?:vraag|antwoord)|följd(?:fråga|svar)"
    "|dopytani|(?:追加|再次|再|追)(?=[提问問质質回答返咨])"
)
"""How a word begins that says so too: `Nachfrage`, `vervolgvraag`, `追加質問`."""
_ASKED_AGAIN = typed_words("followup relance repregunta dopytanie 追问 追問")
TURNS = "turns"
"""What the list is called that questions and answers in a row's columns make."""
COMMENTS = "comments"
"""What one of comments is called."""
_BESIDE = re.compile(
    r"(?P<said>(?:.*[^\W\d_])?)[ _-]{0,3}(?P<at>\d{1,2})(?:[ _:.-]{0,3}(?P<field>[^\W\d_].*))?"
)
"""`Comment 1`, `Comment 1 author`, `Comment1_Text`."""
_COMMENT = re.compile("com+ent|kom+entar|opmerking|reactie|コメント|评论|評論")
_AGAIN_AS = re.compile(r"(?P<said>.+?)(?:#\d{1,3}|[ ._]\d{1,3})?")
"""A name that stands in a header several times, as it is told apart."""
_TEXTS = frozenset(("text", "body", "content", "inhalt", "texte", "texto", "testo", "tekst"))
_BY = words("von de du da van od från av")
WHEN, WHO, SAID = "date", "author", "text"
"""The fields of a comment that stands in one cell."""
_SIGNED = ""
"""The field of a cell that holds all of them."""

Places = Mapping[str, tuple[str, int, str]]
"""Column → its list, the number of the item, the item's field."""


def is_comment(name: str) -> bool:
    """Whether a column is called after comments."""
    return bool(_COMMENT.search(words_of(name)))


def places_of(header: Sequence[str], rows: Iterable[Sequence[str]] = ()) -> Places:
    """Return the columns of a table that are fields of lists, which count from 0 or 1, by its
    header and its first rows.
    """
    found: dict[str, tuple[str, int, str]] = {}
    fields: dict[str, dict[int, set[str]]] = {}
    for name in header:
        if told := _COLUMN.fullmatch(name):
            number, field = int(told["at"] or told["inside"]), told["field"].replace("/", ".")
            found[name] = told["list"].replace("/", "."), number, field
            fields.setdefault(found[name][0], {}).setdefault(number, set()).add(field)
    lists = {name for name, items in fields.items() if _is_list(items) and name not in header}
    listed = {name: place for name, place in found.items() if place[0] in lists}
    beside = _beside(header)
    if listed and len(listed) >= len(beside):
        return listed
    return _turns(header) or beside or _numbered_messages(header) or _signed_comments(header, rows)


def _turns(header: Sequence[str]) -> dict[str, tuple[str, int, str]]:
    """Return the columns of the first, second, … question and answer of a row; none where these are
    not numbered alike, or called as those that follow up.
    """
    found: dict[tuple[int, bool], tuple[str, str]] = {}
    for name in header:
        told = _AGAIN.fullmatch(name)
        said = words_of(name).replace("follow up", "followup").split()
        field, number = (words_of(told["field"]), int(told["at"])) if told else (words_of(name), 1)
        if not told and any(w in _FOLLOWING | _ASKED_AGAIN or _JOINED_TO.match(w) for w in said):
            field, number = " ".join("question" if w in _ASKED_AGAIN else w for w in said), 2
        asks = means_question(field)
        if number and (asks or means_reply(field)):
            if (number, asks) in found:
                return {}
            found[number, asks] = name, field if told or number == 1 else ""
    numbers = sorted({number for number, _ in found})
    fields = {side: {f for (_, asks), (_, f) in found.items() if f and asks is side}
              for side in (False, True)}  # fmt: skip
    alike = len(found) == 2 * len(numbers) and all(len(names) == 1 for names in fields.values())
    if len(numbers) < FEWEST_ITEMS or not alike or TURNS in header:
        return {}
    called = {side: min(names) for side, names in fields.items()}
    return {name: (TURNS, number, called[asks]) for (number, asks), (name, _) in found.items()}


def _numbered_messages(header: Sequence[str]) -> dict[str, tuple[str, int, str]]:
    """Return the columns of messages that stand side by side, `From 1`, `Message 1`, `From 2`, …:
    two fields or more by the same numbers, one of them called as a text.
    """
    found: dict[str, tuple[str, int, str]] = {}
    fields: dict[int, set[str]] = {}
    for name in header:
        if told := _AGAIN.fullmatch(name):
            found[name] = TURNS, int(told["at"]), words_of(told["field"])
            fields.setdefault(int(told["at"]), set()).add(found[name][2])
    common = set.intersection(*fields.values()) if fields else set()
    is_said = bool(common.intersection(HEADERS["question"])) and len(common) >= FEWEST_FIELDS
    counted = sorted(fields) == [*range(1, len(fields) + 1)] and len(fields) >= FEWEST_ITEMS
    return found if is_said and counted and TURNS not in header else {}


def _beside(header: Sequence[str]) -> dict[str, tuple[str, int, str]]:
    """Return the columns of what was said, side by side, each beside who said it: `Comment 1`,
    `Comment 1 author`, `Comment 2`, …; none where several things are numbered so.
    """
    found: dict[str, dict[str, tuple[int, str]]] = {}
    for name in header:
        if told := _BESIDE.fullmatch(name):
            field = words_of(told["field"] or "")
            place = int(told["at"]), SAID if not field or field in _TEXTS else field
            found.setdefault(told["said"], {})[name] = place
    kept = {said: places for said, places in found.items() if _are_said(said, places.values())}
    if len(kept) != 1:
        return {}
    ((said, places),) = kept.items()
    called = COMMENTS if _is_of_comments(said) else words_of(said)
    return {} if called in header else {name: (called, *place) for name, place in places.items()}


def _are_said(called: str, places: Iterable[tuple[int, str]]) -> bool:
    """Whether what is numbered is called as messages are, and says of each who wrote it."""
    fields: dict[int, list[str]] = {}
    for number, field in places:
        fields.setdefault(number, []).append(field)
    is_named = words_of(called) in (*HEADERS["question"], *HEADERS["reply"])
    common = set[str].intersection(*map(set, fields.values()))
    is_signed = any(names_somebody(field) or field in _BY for field in common)
    counted = [*range(min(fields), min(fields) + len(fields))] == sorted(fields)
    several = min(fields) in (0, 1) and len(fields) >= FEWEST_ITEMS
    apart = all(len({*one}) == len(one) for one in fields.values())
    return (
        (is_named or _is_of_comments(called))
        and SAID in common
        and is_signed
        and counted
        and several
        and apart
    )


def _signed_comments(
    header: Sequence[str], rows: Iterable[Sequence[str]]
) -> dict[str, tuple[str, int, str]]:
    """Return the columns of comments that are called alike and hold when and by whom each was
    written too, as Jira writes them into tables: `date;author;text`.
    """
    held = dict(zip(header, zip(*rows, strict=True), strict=False))
    alike: dict[str, list[str]] = {}
    for name in held:
        if (told := _AGAIN_AS.fullmatch(name)) and _is_of_comments(told["said"]):
            alike.setdefault(told["said"], []).append(name)
    found = [names for names in alike.values() if _hold_signed(held[n] for n in names)]
    if len(found) != 1 or COMMENTS in header:
        return {}
    return {name: (COMMENTS, number, _SIGNED) for number, name in enumerate(found[0])}


def _hold_signed(columns: Iterable[Sequence[str]]) -> bool:
    cells = [cell for column in columns for cell in column]
    return any(map(signed, cells)) and are_signed(cells)


def _is_of_comments(name: str) -> bool:
    """Whether a column is called after comments that customers may have read."""
    return is_comment(name) and flag_of(name) not in ("private", "note")


def _is_list(items: Mapping[int, set[str]]) -> bool:
    common = set.intersection(*items.values())
    return min(items) in (0, 1) and len(items) >= FEWEST_ITEMS and len(common) >= FEWEST_FIELDS


def folded(row: Mapping[str, Json], places: Places) -> dict[str, Json]:
    """Return a row with its lists in the place of their columns; empty items are left out."""
    rest = {name: value for name, value in row.items() if name not in places}
    items: dict[str, dict[int, dict[str, Json]]] = {name: {} for name, _, _ in places.values()}
    for column, (name, number, field) in places.items():
        value = row.get(column)
        told = {field: value} if field else _signed_item(as_text(value))
        items[name].setdefault(number, {}).update(told)
    listed = {name: [numbered[n] for n in sorted(numbered)] for name, numbered in items.items()}
    return rest | {
        name: [one for one in found if any(as_text(v).strip() for v in one.values())]
        for name, found in listed.items()
    }


def are_signed_items(items: Sequence[Mapping[str, Json]]) -> bool:
    """Whether the items of a list are comments that stood in one cell each."""
    return bool(items) and all(tuple(item) == (WHEN, WHO, SAID) for item in items)


def _signed_item(cell: str) -> dict[str, Json]:
    when, who, said = signed(cell) or ("", "", cell)
    return {WHEN: when, WHO: who, SAID: said}
