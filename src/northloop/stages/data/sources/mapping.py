"""Which column of an export means what, guessed from names and values.

The guess is a plain dictionary (field → column) that is written to the configuration, where the
user corrects it. Every column is used at most once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from statistics import mean
from typing import TypeAlias

from northloop.core.conversation import Role
from northloop.core.scripts import word_count
from northloop.stages.data.clean import asked, is_offer, rating
from northloop.stages.data.gone import gone
from northloop.stages.data.languages import is_called_a_language
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sensitive.lexicon import FIRST_NAMES
from northloop.stages.data.sources.composed import ENDED, composed
from northloop.stages.data.sources.headers import (
    CASES,
    HEADERS,
    QUALIFIERS,
    means_question,
    means_reply,
    names_a_case,
    sorts_cases,
    without_clock,
    without_small,
)
from northloop.stages.data.sources.json_rows import written_out
from northloop.stages.data.sources.messages import MESSAGE_FIELDS
from northloop.stages.data.sources.notes import flag_of, is_called_apart, names_labels
from northloop.stages.data.sources.paths import JOINED, columns_of, out_of
from northloop.stages.data.sources.plausible import are_dates
from northloop.stages.data.sources.roles import role_of, steps_of, words_of
from northloop.stages.data.sources.sides import side_columns
from northloop.stages.data.wording import typed_words, words

ColumnMapping: TypeAlias = dict[str, str]
"""Field of RawTicket, or of a message → column name (tables) or path (JSON). See FIELDS."""

CASE_FIELDS = (
    "ticket_id",
    "question",
    "reply",
    "subject",
    "customer_id",
    "customer_name",
    "conversation_id",
    "created_at",
    "closed_at",
    "channel",
    "agent",
    "intent",
    "handling_minutes",
    "handling_seconds",
    "handling_hours",
    "csat",
    "reopened",
    "first_touch_at",
    "first_touch_minutes",
    "first_touch_seconds",
    "first_touch_hours",
    "csat_asked",
    "status",
    "updated_at",
)
"""What a case is told by, a column each; handling time, and how long it was until a person
answered, may come in any of three units."""
FIELDS = (*CASE_FIELDS, *MESSAGE_FIELDS)
"""What a column can be mapped to.

`messages` is the list that holds the messages of a conversation, and `messages.text`,
`messages.role`, `messages.author`, `messages.at` and `messages.private` are paths into one of them:
`messages = "comments"`, `messages.role = "author.role"`. With `messages.text` and without
`messages` each row is one message, and rows with the same `conversation_id` are one conversation. A
column may be two, one after the other: `question = "subject + body"`.
"""

HANDLING = {"handling_seconds": " s", "handling_hours": " h", "handling_minutes": ""}
"""Field of a handling time → its unit behind the number; "" where minutes are meant anyway."""
FIRST_TOUCH = {
    "first_touch_seconds": " s",
    "first_touch_hours": " h",
    "first_touch_minutes": "",
}
"""The same of how long it was until a person answered."""
UNITS = {**HANDLING, **FIRST_TOUCH}

_NAMED = {field: frozenset(names) for field, names in HEADERS.items()}
_PAIRS = (
    ("q", "a"), ("f", "a"), ("customer", "agent"), ("user", "agent"), ("client", "agent"),
    ("customer", "support"), ("user", "assistant"), ("user", "bot"), ("human", "assistant"),
    ("human", "gpt"), ("kunde", "agent"), ("customer says", "agent says"),
    ("user says", "agent says"), ("user says", "bot says"), ("customer said", "agent said"),
)  # fmt: skip
"""Headers that mean question and reply only where both stand there, with sentences below."""
_WRAPPERS = re.compile(r"(?:(?:fields|properties|attributes|customfield_\d+)\.)+", re.I)
"""Objects that only hold a record's fields, or have but a number for a name: `properties.subject`
is called as `subject` is, `fields.customfield_10031.rating` as `rating`.
"""
_SHOWN = re.compile(r"\.(?:display_)?value$")
"""What a field says that stands in two ways: `completed_time.display_value`."""
_CALLED = re.compile(r"\.(?:name|title|label)$", re.I)
"""How an object is called that a topic or a channel is: `category.name`."""
_OF_A_CASE = ("created_at", "closed_at", "intent", "csat", "reopened", "status", "updated_at")
"""Fields that may be called after the case too: `ticket closed at`, `conv_csat`."""
_FIRST = typed_words("first initial original erste erster première primera prima primeira eerste "
                     "pierwsza första første 初回 首次")  # fmt: skip
"""Of several replies the one that is called so answers the question."""
_IN_BRACKETS = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]\s*$")
_WEAK_REPLIES = ("assistant", "resolution", "agent text", "agent message", "public comment")
COMPOSED = ("created_at", "closed_at", "intent", "csat")
"""Fields whose names of several words are read word by word, where no synonym is among them."""
_BETWEEN_LABELS = re.compile(r"\s*[,;|]\s*")
_TAGS = ("tag", "tags", "ticket tags")
"""Intents only where they repeat and hardly a row has none: tags are noted for many purposes."""
_RECORD_KINDS = words(
    """
    ticket comment question incident problem task request change feedback note message email e-mail
    mail phone call chat web form api social portal open closed new pending hold on-hold solved
    resolved active waiting done low normal medium high urgent critical blocker major minor trivial
    p1 p2 p3 p4 p5 customer agent user admin inbound outbound incoming outgoing yes no true false
    """
)
"""What a record is, how it came, where it stands and how urgent it is: no intent of a customer."""
_STATES = ENDED | typed_words(
    """
    open opened closed new pending hold waiting active progress solved resolved
    offen neu wartend bearbeitung ouvert ouverte nouveau attente cours abierto abierta nuevo
    pendiente aperto aperta nuovo attesa aberto aberta novo pendente andamento geopend nieuw wachten
    otwarte otwarty nowe zamknięte zamknięty rozwiązane öppen öppet pågår åben lukket åpen
    açık kapalı kapandı 完了 完了済み 解決 解決済み クローズ 対応中 未対応 対応済み 受付 オープン
    已关闭 已解决 处理中 待处理 已完成 打开 未解决 已關閉 已解決 處理中
    """
)
"""Where a case stands; a column in which none of these words is may hold states of a country."""
_WORSE = words("rejected dispreferred")
_SAYS_LITTLE = ("score", "nota", "note")
"""What is rated beside satisfaction too: `client score`."""
_SCORE = re.compile(r"\d{1,3}(?:\.\d+)?|\.\d+")
_SCALE = re.compile(
    r"\s*[(\[]?(?:/|\b(?:sur|out of|of|von|van|su|sobre|de|em|av|z|na)\b)\s*"
    r"(5|10|20|100)[)\]]?\s*$",
    re.IGNORECASE,
)
"""What a column called after ratings is of: `Note /5`, `Note (sur 10)`."""
_SCORED = frozenset(("note", "nota", "notation", "score", "grade", "points"))
"""What a rating is called only beside what it is of: a note may be one among agents."""
MOST_STARS, MANY_ABOVE = 5, 0.05
"""Ratings are of five at most, unless more of them than this are above."""
_YES_NO = frozenset(("yes", "no", "true", "false", "y", "n", "0", "1", "t", "f"))
TELLING_VALUES = 10
"""From so many values on, how often they repeat tells what a column is."""
MOST_REPEATED = 0.05
"""A question column with a smaller share of distinct values holds no questions."""
MOST_DISTINCT = 0.5
"""An intent column with a larger share of distinct values holds no intents."""
MOST_NAME_WORDS = 4
_IN_NAMES = words(
    """
    de del der den des di da dal dalla della do dos das du d la le el los van von vom zu zum zur af
    av ter ten te y e i und and et bin ibn al ben abu o san st of the at aus
    """
)
"""Words of names that are written small: `Ursula von der Leyen`."""
MOST_CHANNEL_WORDS = 4
MOST_STATE_WORDS = 5
MOST_TAGGED = 0.8
MIN_QUESTION_WORDS = 3.0
"""A column without a telling header is taken for the question from this mean length on."""


def from_columns(values: Mapping[str, Sequence[str]]) -> ColumnMapping:
    """Return the mapping of columns to fields, given sampled values of each column.

    Headers decide first, the earlier synonym winning, what says something before what is always
    empty, of question and reply one that is not the same in every row before one that is; a header
    that fits is refused where the values cannot be what it says, unless it is the field's own name.
    Then a header that means a question or a reply though it is no synonym. The question falls back
    on the wordiest column left, where a reply was found or there is only one: two of them could be
    swapped. A column of notes among agents is neither, nor is one of objects, which hold more than
    what was said, or of dates, as `First reply` may be.
    """
    mapping: ColumnMapping = {}
    objects = {".".join(steps[:n]) for steps in map(steps_of, values) for n in range(1, len(steps))}
    texts = {
        name: said
        for name, said in values.items()
        if name not in objects and not _holds_objects(said) and not _tells_when(name, said)
    }
    for field in CASE_FIELDS:
        among = texts if field in ("question", "reply") else values
        if found := _by_header(field, among, set(mapping.values())):
            mapping[field] = found
        if field == "reply" and not {"question", "reply"} & set(mapping):
            mapping |= _pair(texts)
    for field, means in (("reply", means_reply), ("question", means_question)):
        if field not in mapping and (found := _meant(means, texts, set(mapping.values()))):
            mapping[field] = found
    mapping |= _instructed(texts, mapping)
    if "question" not in mapping:
        mapping |= _wordiest(texts, set(mapping.values()), alone="reply" not in mapping)
    for field in COMPOSED:
        if all(map(is_missing, values.get(mapping.get(field, ""), ()))):
            mapping |= _by_its_words(field, values, set(mapping.values()))
    subject = mapping.get("subject", "")
    repeats = len({*values.get(subject, ())}) <= MOST_DISTINCT * len(values.get(subject, ()))
    is_topic = repeats and composed("intent", subject) and _plausible("intent", values[subject])
    if is_topic and "intent" not in mapping:
        mapping["intent"] = mapping.pop("subject")  # as `Temat` is called, which means both
    if "csat" in mapping:
        rated = mapping["csat"]
        scale = _SCALE.search(rated)
        best = int(scale[1]) if scale else _best(values[rated])
        mapping["csat"] = out_of(rated, best) if best else rated
    return _in_field_order(mapping)


def _holds_objects(column: Sequence[str]) -> bool:
    """Whether the cells of a column that say anything are JSON objects."""
    said = [cell for cell in column if not is_missing(cell)]
    return bool(said) and all(
        cell.startswith("{") and isinstance(written_out(cell), Mapping) for cell in said
    )


def _tells_when(name: str, column: Sequence[str]) -> bool:
    """Whether a column that may be called after the first answer holds the times of it."""
    said = [cell for cell in column if not is_missing(cell)]
    return bool(said and _synonym("first_touch_at", name)) and are_dates(said)


GUESSED = "it has the most words of the columns left"
"""Why a column was taken for a field whose name says nothing."""


def reasons(mapping: ColumnMapping) -> dict[str, str]:
    """Return why each column was taken for its field, in words."""
    return {field: _reason(field, column) for field, column in mapping.items()}


def _reason(field: str, column: str) -> str:
    column = columns_of(column)[0] if field == "csat" else column
    if JOINED in column:
        return "instruction and input make the question together"
    if _synonym(field, column) or (field in COMPOSED and composed(field, column)):
        return "its name says so"
    if field in ("question", "reply"):
        if (means_reply if field == "reply" else means_question)(column):
            return "its name says so"
        ends = _ends_with_one_of(HEADERS[field], column)
        paired = any(header_words(column) in pair for pair in _PAIRS)
        if ends or paired:
            return "its name says so beside that of the other"
    return GUESSED


def topic_in(column: str, text: str) -> str:
    """Return what a case is about: of several labels in one text, `late, vip`, the first that is
    no language."""
    if not names_labels(column):
        return text
    labels = _BETWEEN_LABELS.split(text.strip())
    return next((label for label in labels if not is_called_a_language(label)), "")


def spans(case: Mapping[str, str]) -> dict[str, str]:
    """Return how long a case took, and how long it was until a person answered, each with its unit
    from whichever of three fields says it.
    """
    return {
        "handling_minutes": _span(case, HANDLING),
        "first_touch_minutes": _span(case, FIRST_TOUCH),
    }


def _span(case: Mapping[str, str], units: Mapping[str, str]) -> str:
    field = next((f for f in units if case.get(f, "").strip()), "")
    told = case.get(field, "")
    return told if ":" in told else told + units.get(field, "")


def named_as(field: str, names: Iterable[str]) -> list[str]:
    """Return the columns that are called what a field is called, the likeliest first."""
    ranked = [(HEADERS[field].index(h), n) for n in names if (h := _synonym(field, n))]
    return [name for _, name in sorted(ranked)]


def names_talks(name: str) -> bool:
    """Whether a column is called as one that names conversations, or the cases that they are."""
    return names_a_case(name) or any(named_as(f, [name]) for f in ("ticket_id", "conversation_id"))


@lru_cache(maxsize=4_096)
def _synonym(field: str, name: str) -> str:
    """Return as which synonym of a field a column is called, `Rating (1-5)` and `Chat rating` as
    `rating` too; "" if as none. Of a time the unit stands in brackets, and belongs to it.
    """
    bare = name if field in UNITS else _IN_BRACKETS.sub("", name)
    name = _SHOWN.sub("", name)
    if field in ("intent", "channel"):
        bare, name = _CALLED.sub("", bare), _CALLED.sub("", name)
    wrapped = _WRAPPERS.match(name)
    inside = header_words(name[wrapped.end() :]) if wrapped else ""
    timed = without_clock(header_words(name)) if field in ("created_at", "closed_at") else ""
    of_case = _without_case(timed or header_words(bare)) if field in _OF_A_CASE else ""
    scaled = field == "csat" and _SCALE.search(name)
    scored = header_words(name[: scaled.start()]) if scaled else ""
    if scored in _SCORED:
        return "rating"
    tried = (header_words(name), header_words(bare), inside, timed, of_case, scored)
    found = next((words for words in tried if words in _NAMED[field]), "")
    return found or (_told_more(field, header_words(bare)) if field in ("intent", "csat") else "")


def _told_more(field: str, name: str) -> str:
    """Return as which synonym a rating or a topic is called by a name that says more of it:
    `Kunden-Bewertung final` as `bewertung`, `Ärendetyp` as a type of cases; "" as none.
    """
    said = without_small(name).split()
    if field == "intent":
        first, last = (said[0], said[-1]) if len(said) == 2 else ("", "")
        two = sorts_cases(first, last) or sorts_cases(last, first)
        return "issue type" if two or (len(said) == 1 and sorts_cases(name)) else ""
    rated = [word for word in said if word in HEADERS[field] and word not in _SAYS_LITTLE]
    return rated[0] if rated and QUALIFIERS.issuperset({*said} - {rated[0]}) else ""


def _without_case(name: str) -> str:
    """Return what a name says of a case: `closed at` of `ticket closed at`."""
    said = name.split()
    if len(said) > 1 and (said[0] in CASES or said[-1] in CASES):
        return " ".join(said[1:] if said[0] in CASES else said[:-1])
    case = next((case for case in CASES if not case.isascii() and name.startswith(case)), "")
    return name.removeprefix(case) if case and len(said) == 1 else ""


def is_weak_reply(name: str) -> bool:
    """Whether a column was taken for the reply by a name that has other meanings too."""
    return header_words(name) in _WEAK_REPLIES


def _by_header(field: str, values: Mapping[str, Sequence[str]], taken: set[str]) -> str:
    synonyms = HEADERS[field]
    fitting = [
        (
            names_apart(name),
            _is_constant(field, values[name]),
            all(map(is_missing, values[name])),
            synonyms.index(header),
            position,
            name,
        )
        for position, (name, header) in enumerate((n, _synonym(field, n)) for n in values)
        if header
        and name not in taken
        and not (field in ("question", "reply") and _is_in_note(name))
        if header == header_words(field) or _plausible(field, values[name])
        if header not in _TAGS or _sort_the_rows(values[name])
    ]
    return min(fitting)[-1] if fitting else ""


def _by_its_words(
    field: str, values: Mapping[str, Sequence[str]], taken: set[str]
) -> ColumnMapping:
    """Return the column of a field that no synonym is of, by the words of its name, {} for none."""
    fitting = [
        (synonym in _TAGS, position, name)
        for position, name in enumerate(values)
        if name not in taken and not _is_in_note(name)
        if (synonym := composed(field, name))
        if not all(map(is_missing, values[name])) and _plausible(field, values[name])
        if synonym not in _TAGS or _sort_the_rows(values[name])
    ]
    return {field: min(fitting)[-1]} if fitting else {}


def _meant(
    means: Callable[[str], bool],
    values: Mapping[str, Sequence[str]],
    taken: set[str],
) -> str:
    """Return the one column whose name means a question (or reply) and that holds sentences."""
    named = [
        name
        for name, column in values.items()
        if name not in taken and means(name) and _is_spoken(column) and not _is_note(name)
        if not _is_constant("question", column)
    ]
    named = [name for name in named if not names_apart(name)] or named
    called = all(means(steps_of(name)[-1]) for name in named)  # and not what they lie in
    if len(named) > 1 and called and means is means_reply:
        told = [n for n in named if any(role_of(w) is Role.CUSTOMER for w in words_of(n).split())]
        first = [n for n in named if not _FIRST.isdisjoint(words_of(n).split())]
        named = next((found for found in (told, first) if len(found) == 1), named)
    return named[0] if len(named) == 1 else ""


def names_apart(name: str) -> bool:
    """Whether a column says behind its name that nobody was sent it: `Response (not sent)`."""
    behind = _IN_BRACKETS.search(name)
    return behind is not None and is_called_apart(behind[0].strip(" ()[]（）【】"))


def _is_spoken(column: Sequence[str]) -> bool:
    present = [v for v in column if not is_missing(v)]
    return bool(present) and _mean_words(present) >= MIN_QUESTION_WORDS and not are_dates(present)


def _is_note(name: str) -> bool:
    return flag_of(name) in ("private", "note") or _is_in_note(name)


def _is_in_note(name: str) -> bool:
    """Whether a column stands in an object that is called a note: `internal.body`."""
    return any(flag_of(step) in ("private", "note") for step in steps_of(name)[:-1])


def _instructed(values: Mapping[str, Sequence[str]], mapping: ColumnMapping) -> ColumnMapping:
    """Return the question of Alpaca files: the input, behind the instruction where that varies."""
    names = {header_words(name): name for name in values}
    if not {"instruction", "input", "output"} <= set(names):
        return {}
    instruction, given = names["instruction"], names["input"]
    if mapping.get("question") not in (instruction, given):
        return {}
    inputs = [v for v in values[given] if not is_missing(v)]
    told = {v.strip() for v in values[instruction]}
    if len(inputs) > 1 and (len(told) == 1 or _is_constant("question", values[instruction])):
        return {"question": given}
    return {"question": f"{instruction}{JOINED}{given}" if inputs else instruction}


def _pair(values: Mapping[str, Sequence[str]]) -> ColumnMapping:
    """Return question and reply where two headers, or the ends of two paths, mean them together."""
    speaking = {
        name: column
        for name, column in values.items()
        if (present := [v for v in column if not is_missing(v)])
        and not _is_in_note(name)
        and _mean_words(present) >= MIN_QUESTION_WORDS
    }
    headers = {header_words(name): name for name in speaking}
    for asking, answering in _PAIRS:
        if asking in headers and answering in headers:
            return {"question": headers[asking], "reply": headers[answering]}
    if all(sided := side_columns(speaking)):
        return {"question": sided[0], "reply": sided[1]}
    ends = {
        field: [name for name in speaking if _ends_with_one_of(HEADERS[field], name)]
        for field in ("question", "reply")
    }
    both = set(ends["question"]).intersection(ends["reply"])
    alone = {field: [n for n in names if n not in both] for field, names in ends.items()}
    if all(len(names) == 1 for names in alone.values()):
        return {field: names[0] for field, names in alone.items()}
    return {}


def _ends_with_one_of(synonyms: Sequence[str], path: str) -> bool:
    parts = path.split(".")
    return any(header_words(".".join(parts[-n:])) in synonyms for n in (2, 1) if len(parts) > n)


def names_a_reply(name: str) -> bool:
    """Whether a column is called what replies are called, and questions never are."""
    words = header_words(name)
    asks = words in HEADERS["question"] or means_question(name)
    return (words in HEADERS["reply"] or means_reply(name)) and not asks


def names_the_worse(name: str) -> bool:
    """Whether a column is called as the worse of two answers is, in sets of preferences: nobody
    asked it, and nobody is to learn it.
    """
    return not _WORSE.isdisjoint(header_words(name).split())


NAME_THE_COLUMNS = "its first line looks like a row: write the names of the columns above it"
"""What mends a file whose header `looks_like_a_row`."""


def looks_like_a_row(header: Sequence[str]) -> bool:
    """Whether a header is rather the first row of a file without one: a cell is a sentence."""
    asks = (cell.rstrip().endswith(("?", "？")) and word_count(cell) > 3 for cell in header)
    return any(asks) or any(word_count(cell) > 8 for cell in header)


def header_words(name: str) -> str:
    """Return a header as lower-case words: `createdAt`, `Created_At` and `CREATED-AT` are one."""
    return words_of(name if " " in name else name.replace(".", " "))


def _plausible(field: str, values: Sequence[str]) -> bool:
    """Whether most of the sampled values can be what the field wants."""
    present = [v.strip() for v in values if not is_missing(v)]
    if not present:
        return True
    if field in ("created_at", "closed_at"):
        return are_dates([v for v in present if v.lower() != "false"])
    if field == "csat":
        given = [v for v in present if not is_offer(v)]
        rated = [any(c.isdigit() for c in v) or rating(v) is not None for v in given]
        return bool(rated) and mean(rated) > 0.5
    if field in ("first_touch_at", "updated_at"):
        return are_dates(present)
    if field == "status":
        return mean(word_count(v) for v in present) < MOST_STATE_WORDS and any(
            map(_is_state, present)
        )
    if field == "csat_asked":
        return mean(asked(v) is not None for v in present) > 0.5 or are_dates(present)
    if field in UNITS:
        return mean(any(c.isdigit() for c in v) for v in present) > 0.5
    if field == "customer_name":
        named = (v for v in present if any(c.isalpha() for c in v) and "@" not in v)
        return sum(map(_may_be_a_name, named)) > 0.5 * len(present)
    if field == "customer_id":
        if len(present) >= TELLING_VALUES and len({*present}) == 1:
            return False  # of the house: an account, a shop
        return mean(any(c.isdigit() for c in v) or "@" in v for v in present) > 0.5
    if field == "reopened":
        return mean(v.lower() in _YES_NO or v.isdigit() for v in present) > 0.5
    if field == "channel":
        return mean(word_count(v) for v in present) < MOST_CHANNEL_WORDS
    if field == "question":
        return _mean_words(present) >= 1.5 and not _is_constant(field, present)
    if field == "reply":
        return _mean_words(present) >= 1.5
    return field != "intent" or _are_intents(present)


def _may_be_a_name(value: str) -> bool:
    """Whether a value may be what somebody is called: few words, and none of them small behind a
    great one, as in `Gift card`, but for what stands in names, and given names."""
    said = value.split()
    known = _IN_NAMES | FIRST_NAMES
    small = [word for word in said[1:] if word[0].islower() and known.isdisjoint(word.split("-"))]
    return word_count(value) <= MOST_NAME_WORDS and not (said[0][0].isupper() and small)


def _is_state(value: str) -> bool:
    """Whether a value says where a case stands."""
    said = header_words(value).split()
    return not _STATES.isdisjoint(said) or gone(value) is not None


def _best(ratings: Sequence[str]) -> int:
    """Return the best that ratings may be, where all are numbers and it is not five: 1 of shares,
    10 or 100 where some are above five; 0 for any others.
    """
    present = [v.strip() for v in ratings if not is_missing(v)]
    numbers = [float(v) for v in present if _SCORE.fullmatch(v)]
    if len(numbers) < len(present) or not numbers:
        return 0
    if max(numbers) <= 1:
        return 1 if any(0 < n < 1 for n in numbers) else 0
    above = sum(n > MOST_STARS for n in numbers)
    if above < MANY_ABOVE * len(numbers) or not above or max(numbers) > 100:
        return 0
    return 10 if max(numbers) <= 10 else 100


def _mean_words(values: Sequence[str]) -> float:
    return mean(word_count(v) for v in values)


def _are_intents(present: Sequence[str]) -> bool:
    """Whether values are short, repeat, and are not what every record has: kind, state, urgency,
    language. Numbers name nothing.
    """
    distinct = {v.lower() for v in present}
    if all(value.isdigit() for value in distinct):
        return False
    many = len(present) >= TELLING_VALUES
    if many and len(distinct) == 1:
        return False
    if _mean_words(present) >= 6 or (many and len(distinct) > MOST_DISTINCT * len(present)):
        return False
    return mean(v.lower() in _RECORD_KINDS or is_called_a_language(v) for v in present) < 0.5


def _sort_the_rows(tags: Sequence[str]) -> bool:
    """Whether tags repeat and most rows have one."""
    present = [v for v in tags if not is_missing(v)]
    return len(set(present)) < len(present) and len(present) >= MOST_TAGGED * len(tags)


def _is_constant(field: str, values: Sequence[str]) -> bool:
    """Whether what is to be a question (or a reply) is nearly always (always) the same text."""
    present = [v.strip() for v in values if not is_missing(v)]
    if field not in ("question", "reply") or len(present) < TELLING_VALUES:
        return False
    share = MOST_REPEATED if field == "question" else 0
    return len(set(present)) <= max(1, share * len(present))


def _wordiest(
    values: Mapping[str, Sequence[str]], taken: set[str], *, alone: bool
) -> ColumnMapping:
    """Return the wordiest column as the question; `alone`: only if no other is wordy."""
    lengths = {
        name: _mean_words(column) if column else 0.0
        for name, column in values.items()
        if name not in taken and not _is_note(name) and not means_reply(name)
        if not names_the_worse(name)
    }
    wordy = [name for name, length in lengths.items() if length >= MIN_QUESTION_WORDS]
    varied = [name for name in wordy if not _is_constant("question", values[name])] or wordy
    if not varied or (alone and len(varied) > 1):
        return {}
    return {"question": max(varied, key=lambda name: lengths[name])}


def _in_field_order(mapping: ColumnMapping) -> ColumnMapping:
    return {field: mapping[field] for field in FIELDS if field in mapping}
