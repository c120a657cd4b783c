"""Whether one English sentence repeats what another one says, as far as their words can show it.

Cautious: "no" means only that it could not be shown. Nothing telling may be left out of a clause
of the evidence that a claim takes from, and all of it keeps its order: a claim is a near-quotation
or is not shown. In a language that it does not know it takes quotations alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from northloop.core.facts import FactKind, in_figures, located
from northloop.core.full_stops import goes_on
from northloop.core.patterns import lazy
from northloop.core.remembered import remembered

_KEPT_SENTENCES = 4_096
"""The same sentences are held against one another again and again."""


def listed(words: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(words.split())


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """A number, or a range from one to another."""

    values: tuple[str, ...]
    units: tuple[frozenset[str], ...]
    """What each may be counted in: one unit if it is named, else the words beside it."""


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a sentence that ends at a comma, a colon, a dash or the like."""

    items: tuple[str, ...]
    """Its words and quantities in order, all but articles and the like, in one spelling."""
    content: frozenset[str]
    """Those of them that are more than the little words of the language."""
    names: frozenset[str]
    """Those that are a quantity, or have a capital and do not begin the sentence."""
    opening: tuple[str, ...]
    """Its first two words as they are written, case folded."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What a sentence says, taken apart."""

    spelling: tuple[str, ...]
    """All its words and numbers as they are written, case folded."""
    clauses: tuple[Clause, ...]
    quantities: tuple[Quantity, ...]
    asks: bool

    @property
    def size(self) -> int:
        """How much it says; numbers count double."""
        words = frozenset[str]().union(*(clause.content for clause in self.clauses))
        return len(words) + len(self.quantities)


def says(evidence: Statement, claim: Statement, *, english: bool) -> bool:
    """Tell whether the evidence shows all that is claimed.

    The claim is a run of whole clauses of the evidence, word by word but for articles, politeness
    and the spelling of quantities; only a leading adverbial may stand at the end instead, and "we
    delete it" for "it is deleted". What is left out must be a statement of its own. Where the
    evidence is not `english`, the claim must be found in it word for word.
    """
    if evidence.asks or claim.asks or not claim.size:
        return False
    if evidence.spelling == claim.spelling:
        return True
    taken = _taken(evidence, claim) if english else ()
    if not taken:
        return False
    said, read = _items(claim.clauses), _items(taken)
    return (
        said == read
        or _moves_adverbial(claim.clauses, read, evidence)
        or _moves_adverbial(taken, said, evidence)
        or _is_active(said, read)
    )


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, white space included: joined they are the text."""
    found: list[str] = []
    for match in _SENTENCE.finditer(text):
        short = _ABBREVIATED.search(f"\n{found[-1]}"[-_LONGEST_ABBREVIATION:]) if found else None
        is_short = short and (short["title"] or short["item"] or not match[0][0].isupper())
        if is_short or (found and _goes_on(found[-1], match[0])):
            found[-1] += match[0]
        else:
            found.append(match[0])
    return found if "".join(found) == text else [text]


def _goes_on(before: str, after: str) -> bool:
    """Whether a sentence goes on behind a full stop; the next item of a list begins another."""
    said = before.rstrip()
    is_item = "\n" in before[len(said) :] and _CITATION.match(after) is not None
    return not is_item and goes_on(said, after)


def is_english(text: str) -> bool:
    """Tell whether a text of a sentence or more has the little words of English, and no others."""
    words = [match.group().lower() for match in _WORD.finditer(text)]
    english = sum(word in _ENGLISH or word.endswith(("n't", "n’t")) for word in words)
    return english >= _LEAST_ENGLISH * len(words) and english > sum(w in _FOREIGN for w in words)


def measures(text: str) -> frozenset[tuple[str, str]]:
    """Return the numbers of a text that have a unit, each with it: ("45", "day"), ("30", "%")."""
    return frozenset(
        (value, unit)
        for quantity in statement(text).quantities
        for value, units in zip(quantity.values, quantity.units, strict=True)
        for unit in units
        if unit.removeprefix("working ") in _UNITS.values()
    )


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """A number or a range as a claim can be held to it."""

    values: tuple[str, ...]
    """Times of the day by 24 hours, "14:00" as "14"."""
    units: tuple[frozenset[str], ...]
    """As in `Quantity`, times of the day in "time"."""
    named: bool
    """Whether a unit is named; else `units` are the words beside."""
    limit: str
    """">" for at least and more than, "≤" and "<" for at most and less than, "" for neither."""


class SentencePart(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a sentence that ends at a break or a conjunction."""

    words: tuple[str, ...]
    """As they are written, case folded, without numbers and their units."""
    capitals: frozenset[str]
    """Those of them with a capital that do not begin the sentence."""
    amounts: tuple[Amount, ...]


@remembered(_KEPT_SENTENCES)
def parts(sentence: str) -> tuple[SentencePart, ...]:
    """Return a sentence cut at commas, dashes and the like and before "and", "but" and "or"."""
    tokens = _tokens(sentence)
    found: list[SentencePart] = []
    words: list[str] = []
    capitals: set[str] = set()
    amounts: list[Amount] = []

    def close() -> None:
        if words or amounts:
            found.append(
                SentencePart(
                    words=tuple(words), capitals=frozenset(capitals), amounts=tuple(amounts)
                )
            )
        for held in (words, capitals, amounts):
            held.clear()

    at = {group.start: group for group in _groups(tokens)}
    i = 0
    while i < len(tokens):
        token, group = tokens[i], at.get(i)
        if group is not None and _is_of_a_name(tokens, group):
            name = words.pop()
            capitals.discard(name)
            words.append(f"{name} {token.text}")
            capitals.add(words[-1])
            i = group.end
            continue
        if group is not None:
            amounts.append(_amount(tokens, group))
            i = group.end
            continue
        if token.kind == "break" or token.text in _CONJUNCTIONS:
            close()
        if token.kind in ("word", "name") or token.text in TIMES:
            words.append(token.text)
            if token.capital and i:
                capitals.add(token.text)
        i += 1
    close()
    return tuple(found)


def _is_of_a_name(tokens: Sequence[_Token], group: _Group) -> bool:
    """Tell whether a number is a part of a name: "Nook 300"."""
    before = tokens[group.start - 1] if group.start else None
    return (
        before is not None
        and before.kind == "word"
        and before.capital
        and before.text not in _COMMON
        and before.text not in _NO_NAMES
        and group.end == group.start + 1
        and ":" not in tokens[group.start].text
    )


def _amount(tokens: Sequence[_Token], group: _Group) -> Amount:
    units = [_TIME if unit & _HALVES else unit for unit in group.units]
    return Amount(
        values=tuple(map(_of_the_day, group.values, group.units)),
        units=tuple(units),
        named=any(t.kind == "unit" for t in tokens[group.start : group.end]) or _TIME in units,
        limit=_limit(tokens, group) or _within(tokens, group),
    )


def _within(tokens: Sequence[_Token], group: _Group) -> str:
    before = tokens[group.start - 1].text if group.start else ""
    return "≤" if before == "within" else ""


def _of_the_day(value: str, units: frozenset[str]) -> str:
    hour, _, minutes = value.partition(":")
    if "pm" in units and hour.isdigit() and int(hour) < 12:
        hour = str(int(hour) + 12)
    elif "am" in units and hour == "12":
        hour = "0"
    return f"{hour}:{minutes}" if minutes.strip("0") else hour


def _items(clauses: Sequence[Clause]) -> tuple[str, ...]:
    return tuple(item for clause in clauses for item in clause.items)


def _taken(evidence: Statement, claim: Statement) -> tuple[Clause, ...]:
    """Return the clauses that a claim takes from; none if it may not leave out the others."""
    said = frozenset(_items(claim.clauses))
    used = [i for i, clause in enumerate(evidence.clauses) if clause.content & said]
    if not used:
        return ()
    first, end = used[0], used[-1] + 1
    left = evidence.clauses[:first] + evidence.clauses[end:]
    return evidence.clauses[first:end] if all(map(_stands_alone, left)) else ()


def _stands_alone(clause: Clause) -> bool:
    """Tell whether a clause may be left out without changing what its neighbours say.

    "Then they go back", "the second costs more" and "not to a bank account" may; "in the EU",
    "subject to availability" and "unless it was worn" may not.
    """
    if clause.opening[:1] == ("not",):
        return clause.opening[1:] in (("to",), ("by",), ("from",))
    return clause.opening[0] in _OPENS_STATEMENT and not _LIMITS & frozenset(clause.items)


def _moves_adverbial(
    clauses: Sequence[Clause], other: tuple[str, ...], evidence: Statement
) -> bool:
    """Tell whether clauses say the same as `other` does with their first one at its end.

    Not where order may tell what belongs to what: names or numbers in both parts, or a relative
    clause or condition to which the adverbial may belong.
    """
    if len(clauses) < 2 or clauses[0].opening[0] not in _OPENS_ADVERBIAL:
        return False
    moved, rest = clauses[0].items, _items(clauses[1:])
    names = frozenset[str]().union(*(clause.names for clause in evidence.clauses))
    return (
        other == rest + moved
        and not (names & frozenset(moved) and names & frozenset(rest))
        and not (_SUBORDINATES & frozenset(rest))
    )


def _is_active(said: tuple[str, ...], read: tuple[str, ...]) -> bool:
    """Tell whether "we delete your data" is said where "your data is deleted" is read."""
    if said[:1] != ("we",) or len(said) < 3 or "be" not in read or "by" in read:
        return False
    at = read.index("be")
    verb = said[1]
    return (
        0 < at < len(read) - 1
        and read[at + 1] in (f"{verb}ed", f"{verb}d")
        and said[2:] == read[:at] + read[at + 2 :]
    )


# --- taking a sentence apart -------------------------------------------------------------------


class _Token(msgspec.Struct, frozen=True):
    kind: str
    """"word", "unit", "number", "name" (code, address, placeholder) or "break"."""
    text: str
    capital: bool = False


def statement(sentence: str) -> Statement:
    """Return a sentence taken apart."""
    tokens = _tokens(sentence)
    groups = _groups(tokens)
    return Statement(
        spelling=tuple(t.text for t in tokens if t.kind != "break"),
        clauses=tuple(_clauses(tokens, groups)),
        quantities=tuple(Quantity(values=g.values, units=g.units) for g in groups),
        asks=sentence.rstrip(" \n\"'”’)").endswith("?"),
    )


def _tokens(sentence: str) -> list[_Token]:
    text = _CITATION.sub(" ", sentence)
    for pattern, plain in _PHRASES:
        text = pattern.sub(plain, text)
    text = in_figures(text)
    found: list[_Token] = []
    end = 0
    for fact in located(text):
        kind = "number" if fact.kind is FactKind.NUMBER else "name"
        between = text[end : fact.start]
        if kind == "number" and fact.value.startswith("-"):
            between = _SIGN.sub(r"\1", between)
        if found and found[-1].kind == kind == "number" and _RANGE.fullmatch(between):
            found.append(_Token("word", "to"))
            between = between.translate(_NO_DASH)
        found += _between(between)
        found.append(_Token(kind, fact.value))
        end = fact.end
    found += _between(text[end:])
    return found


def _between(text: str) -> Iterator[_Token]:
    """Yield the words, units and breaks between two facts."""
    for match in _PIECE.finditer(text):
        piece = re.sub(r"\s", "", match[0]).lower().replace("’", "'")
        if match.lastgroup == "break":
            yield _Token("break", piece)
        elif piece in _UNITS:
            yield _Token("unit", _UNITS[piece])
        else:
            yield _Token("word", piece, match[0][0].isupper())


def _clauses(tokens: Sequence[_Token], groups: Sequence[_Group]) -> Iterator[Clause]:
    start = 0
    inside = {i for group in groups for i in range(group.start, group.end)}
    starting = {_limit_words(tokens, group)[0]: group for group in groups}
    for end in range(len(tokens) + 1):
        if end == len(tokens) or (tokens[end].kind == "break" and end not in inside):
            clause = _clause(tokens, starting, range(start, end))
            if clause.items:
                yield clause
            start = end + 1


def _clause(tokens: Sequence[_Token], starting: Mapping[int, _Group], places: range) -> Clause:
    items: list[str] = []
    content: set[str] = set()
    names: set[str] = set()
    i = places.start
    while i < places.stop:
        token, group = tokens[i], starting.get(i)
        if group is not None:
            spelled, i = [_quantity(tokens, group)], group.end
            content.update(spelled)
            names.update(spelled)
        else:
            after = tokens[i + 1].text if i + 1 < places.stop else ""
            spelled, i = _words(token, after), i + (2 if _is_duty(token, after) else 1)
            if token.text not in _COMMON:
                content.update(spelled)
            if token.capital and i > 1:
                names.update(spelled)
        items += spelled
    opening = tuple(tokens[i].text for i in places)[:2]
    return Clause(
        items=tuple(items),
        content=frozenset(content) - _COMMON,
        names=frozenset(names),
        opening=opening,
    )


def _quantity(tokens: Sequence[_Token], group: _Group) -> str:
    """Return a number with its limit, its units and what else is said of them, in one spelling."""
    own = tokens[group.start : group.end]
    named = any(token.kind == "unit" for token in own)
    units = ["+".join(sorted(unit)) for unit in group.units] if named else []
    kinds = [token.text for token in own if _UNIT_KINDS.get(token.text) == ""]
    return " ".join([_limit(tokens, group), *group.values, *units, *kinds]).strip()


def _is_duty(token: _Token, after: str) -> bool:
    return token.text in ("have", "has", "need") and after == "to"


def _words(token: _Token, after: str) -> list[str]:
    """Return what a word tells, in one spelling; nothing for an article and the like."""
    if _is_duty(token, after):
        return ["must"]
    if token.kind != "word":
        return [token.text]
    if token.text in _CONTRACTED:
        return [*_CONTRACTED[token.text]]
    if token.text.endswith("n't"):
        return [*_words(_Token("word", token.text[:-3]), ""), "not"]
    if token.text in _UNTELLING:
        return []
    return ["be"] if token.text in _BE else [_stem(token.text)]


def _stem(word: str) -> str:
    """Fold the plural and the third person, so that "refunds" meets "refund"; tenses differ."""
    if word in _COMMON or word.endswith(("ss", "us", "is")) or len(word) < 4:
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word.removesuffix("s")


# --- quantities ----------------------------------------------------------------------------------


class _Group(msgspec.Struct, frozen=True):
    """A quantity among tokens: those from `start` up to `end` are part of it."""

    values: tuple[str, ...]
    units: tuple[frozenset[str], ...]
    start: int
    end: int


def _groups(tokens: Sequence[_Token]) -> list[_Group]:
    """Return the quantities among tokens."""
    groups: list[_Group] = []
    i = 0
    while i < len(tokens):
        if tokens[i].kind == "number":
            groups.append(_group(tokens, i, groups[-1].units[-1] if groups else frozenset()))
            i = groups[-1].end
        else:
            i += 1
    return groups


def _group(tokens: Sequence[_Token], at: int, last: frozenset[str]) -> _Group:
    money = at > 0 and tokens[at - 1].text in _MONEY
    start = at - 1 if money else at
    unit, end = _unit_after(tokens, at + 1)
    lower = unit | ({tokens[at - 1].text} if money else set())
    place = _range_end(tokens, end, at)
    if not place:
        counted = frozenset(lower) or _beside(tokens, start, end, last)
        return _Group((tokens[at].text,), (counted,), start, end)
    ahead = {token.text for token in tokens[end:place] if token.kind == "unit"}
    unit, end = _unit_after(tokens, place + 1)
    upper = ahead | unit or lower
    lower = lower or upper
    units = (frozenset(lower), frozenset(upper))
    if not lower:
        units = (_beside(tokens, start, end, last),) * 2
    return _Group((tokens[at].text, tokens[place].text), units, start, end)


def _range_end(tokens: Sequence[_Token], at: int, first: int) -> int:
    """Return the place of the second number of a range, 0 if there is none."""
    if at >= len(tokens):
        return 0
    between = any(token.text == "between" for token in tokens[max(0, first - 3) : first])
    if tokens[at].text not in ("to", "or", "-", "–") and not (between and tokens[at].text == "and"):
        return 0
    for place in (at + 1, at + 2):
        if place < len(tokens) and tokens[place].kind == "number":
            return place
        if place < len(tokens) and tokens[place].kind != "unit":
            return 0
    return 0


def _unit_after(tokens: Sequence[_Token], at: int) -> tuple[set[str], int]:
    """Return the unit named from a place on, if one is, and the place behind it."""
    kind, end = "", at
    while end < len(tokens) and tokens[end].text in _UNIT_KINDS:
        kind = _UNIT_KINDS[tokens[end].text] or kind
        end += 1
    if end == len(tokens) or tokens[end].kind != "unit":
        return set(), at
    unit = tokens[end].text
    if unit == "°" and end + 1 < len(tokens) and tokens[end + 1].text in ("°c", "°f"):
        end += 1
        unit = tokens[end].text
    return {kind + unit}, end + 1


def _beside(tokens: Sequence[_Token], start: int, end: int, last: frozenset[str]) -> frozenset[str]:
    """Return what a number without a unit may be counted in: "3 boxes", "Nook 300", "express 5"."""
    if ":" in tokens[start].text:
        return frozenset({"time"})
    before = tokens[start - 1] if start else None
    after = tokens[end] if end < len(tokens) else None
    named = before is not None and before.kind == "word" and before.text not in _COMMON
    counted = after is not None and after.kind == "word" and after.text not in _COMMON
    ahead = frozenset({_stem(before.text)} if before is not None and named else ())
    behind = frozenset({_stem(after.text)} if after is not None and counted else ())
    if before is not None and before.capital and ahead:
        return ahead | behind if start == 1 else ahead
    return behind or ahead | last


def _limit(tokens: Sequence[_Token], group: _Group) -> str:
    first, end = _limit_words(tokens, group)
    words = " ".join(token.text for token in tokens[first:end])
    behind = " ".join(token.text for token in tokens[group.end : group.end + 2])
    if behind in _OR_MORE or words in _LOWER:
        return ">"
    if words in _AT_MOST:
        return "≤"
    return "<" if behind in _OR_LESS or words in _UPPER else ""


def _limit_words(tokens: Sequence[_Token], group: _Group) -> tuple[int, int]:
    """Return where the words stand that make a number a limit; an empty stretch if none do."""
    for count in (2, 1):
        first = group.start - count
        words = " ".join(token.text for token in tokens[max(0, first) : group.start])
        if first >= 0 and words in _LIMITING:
            is_range = len(group.values) > 1
            return (
                (group.start, group.start) if is_range and words == "from" else (first, group.start)
            )
    return group.start, group.start


# --- words ---------------------------------------------------------------------------------------

_SENTENCE = lazy(
    r"[^.!?。！？\n]+(?:[.!?](?!\s|$)[^.!?。！？\n]*)*[.!?。！？]*[)\"'”’」』）]*\s*|\n+"
)
_ABBREVIATED = lazy(
    r"(?:\b(?:[ap]\.m|e\.g|i\.e|approx|incl|max|min|ca|vs|etc"
    r"|(?P<title>nos?|st|mrs?|ms|dr))|(?P<item>(?:\A|\n)[ \t]*\d{1,3}))\.[ \t]+\Z",
    re.IGNORECASE,
)
_LONGEST_ABBREVIATION = 12
_CITATION = lazy(r"\[\d+\]|^\s*\d+[.)]\s+")
_WORD = lazy(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_RANGE = lazy(r"\s*[€£$¥%]?\s*[-−–‐‑‒]\s*[€£$¥]?\s*")
_NO_DASH = str.maketrans("", "", "-−–‐‑‒")
_SIGN = lazy(r"(?:[-−–‐‑‒⁻﹣－]|\b(?:minus|negative)\b)\s*([€£$¥]?)\s*\Z", re.IGNORECASE)
_PIECE = lazy(
    r"(?P<unit>\b[A-Za-z]{1,3}[$£€¥]|[€£$¥%]|°\s?[CFcf]\b|[°º℃℉]|\bkm/h\b)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*|[^\s\w,;:()–—|•.!?\"“”'‘’*`#\[\]-])"
    r"|(?P<break>[,;:()–—|•\n]|[.!?](?=\s)|(?<=\s)-(?=\s))"
)
_PHRASES = tuple(
    (lazy(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\bno(?:t)? (?:more|longer) than\b", "at most"),
        (r"\bno(?:t)? (?:less|fewer|earlier) than\b", "at least"),
        (r"\bno(?:t)? later than\b", "by"),
        (r"\bper cent\b", "percent"),
        (r"\be-mail", "email"),
        (r"\b(?:as|so) long as\b|\bprovid(?:ed|ing)(?: that)?\b", "if"),
        (r"\A\W*(?:yes|no|sure|certainly|of course)\s*[,!]", ""),
        (r"\A\W*(?:please )?note that\b", ""),
        (r"\A\W*you should\b", ""),
        (r"\bone\b", "1"),
    )
)
_BE = frozenset(["is", "are", "am", "be"])
_CONTRACTED = {
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "won't": ("will", "not"),
    "shan't": ("shall", "not"),
}
_UNTELLING = listed("a an the your our do does please thanks")
_TIME = frozenset(["time"])
_HALVES = frozenset(["am", "pm"])
TIMES = listed("second minute hour day night week month year")
"""Units that say something without a number, too: "each month"."""
_CONJUNCTIONS = listed("and but or nor while whereas yet")
_NO_NAMES = listed("""
about up over under above below around approximately roughly nearly almost maximum minimum least
most more less until till between before after every each only open closed
""")
_LIMITS = listed("""
not no never none nobody nothing nowhere neither nor without unless except excluding excluded
excepted if when where provided only solely exclusively but however apart barring
""")
_OPENS_STATEMENT = listed("a an the your our we you they it then")
_OPENS_ADVERBIAL = listed("""
on in at for from after before until with without within during if when once twice under by
""")
_SUBORDINATES = listed("""
who whom whose which that if when where while because although unless before after until once then
only first and or but
""")
_LOWER = frozenset(
    [
        *("after", "above", "over", "beyond", "since", "exceeding", "from", "minimum", "at least"),
        *("more than", "later than", "longer than", "older than", "greater than", "higher than"),
    ]
)
_UPPER = frozenset(
    [
        *("before", "under", "below", "until", "till", "by", "less than", "fewer than"),
        *("earlier than", "shorter than", "younger than", "smaller than", "lower than"),
    ]
)
_AT_MOST = frozenset(["up to", "at most", "maximum"])
_LIMITING = _LOWER | _UPPER | _AT_MOST | {"within"}
_OR_MORE = frozenset(["or more", "and more", "or above", "and above", "or over", "and over"])
_OR_LESS = frozenset(["or less", "or fewer", "or below", "and below", "or under", "and under"])
_UNIT_KINDS = {
    **dict.fromkeys(("working", "business"), "working "),
    **dict.fromkeys(
        ("calendar", "full", "whole", "consecutive", "more", "additional", "extra"), ""
    ),
}
_UNITS = {
    spelling: unit
    for unit, spellings in {
        "day": "day days",
        "night": "night nights",
        "week": "week weeks",
        "month": "month months",
        "year": "year years yr yrs",
        "hour": "hour hours hr hrs h",
        "minute": "minute minutes min mins",
        "second": "second seconds sec secs",
        "€": "€ eur euro euros",
        "£": "£ gbp pound pounds",
        "$": "$ usd dollar dollars",
        "¥": "¥ jpy yen",
        "chf": "chf franc francs",
        "cent": "cent cents",
        "%": "% percent",
        "°": "° º degree degrees",
        "°c": "°c ℃ ºc celsius",
        "°f": "°f ℉ ºf fahrenheit",
        "kg": "kg kilo kilos kilogram kilograms",
        "g": "g gram grams",
        "lb": "lb lbs",
        "oz": "oz ounce ounces",
        "km": "km kilometre kilometres kilometer kilometers",
        "m": "m metre metres meter meters",
        "cm": "cm centimetre centimetres centimeter centimeters",
        "mm": "mm millimetre millimetres millimeter millimeters",
        "mile": "mile miles",
        "inch": "inch inches",
        "foot": "foot feet ft",
        "km/h": "km/h kph kmh",
        "mph": "mph",
        "l": "l litre litres liter liters",
        "ml": "ml",
        "kb": "kb",
        "mb": "mb",
        "gb": "gb",
        "tb": "tb",
        "am": "am",
        "pm": "pm",
    }.items()
    for spelling in spellings.split()
}
_MONEY = frozenset("€£$¥") | {"chf"}

_COMMON = listed("""
a an the this that these those it its they them their there here he she him her his i we us our ours
you your yours me my mine who whom whose which what where how as and or of to in on at for from with
into onto per via is am are was were be been being do does did done has have had having will would
shall should can could may able get gets got come comes coming take takes taking happen happens
please yes sure certainly course thanks thank glad happy hello hi dear sorry indeed simply just also
too then than now still very such so some within between about through during upon
""")
_ENGLISH = listed("""
the and you your with are that this from to our not they by within it if when will have has please
after before should which their is of for at there does do any can
day days week weeks month months year years hour hours costs
""")
_FOREIGN = listed("""
der das und ist nicht kein keine nie sie wir ein eine mit auf für
le les des est pas vous ne et une pour ou
el los las que para con por una nunca usted
il che non è di per mai
het een en niet geen nooit dat van je kunt
og det er ikke du kan som inte och att aldrig
não uma os em você nem
nie jest się na
""")
"""The little words of the languages nearest to English; some are names' parts in English."""
_LEAST_ENGLISH = 0.08
