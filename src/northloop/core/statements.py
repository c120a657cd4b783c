"""Whether one English sentence says what another one says, as far as their words can show it.

Cautious: "no" means only that it could not be shown. It compares content words, what is denied,
and each number with its sign, its unit and the words of its part of the sentence. It knows neither
synonyms nor grammar, and in a language that it does not know it takes quotations alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

import msgspec

from northloop.core.facts import FactKind, in_figures, located


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """A number, or a range from one to another, with what it is bound to."""

    values: tuple[str, ...]
    units: tuple[frozenset[str], ...]
    """What each may be counted in: one unit if it is named, else the words beside it."""
    limit: str
    """">" for at least or after, "<" for under or before, "≤" for at most, "" for none."""
    denied: int
    segment: int


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """The telling words of the stretch of a sentence that belongs to one quantity, in order."""

    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.before + self.after)


_Order = Sequence[tuple[str, int]]


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What a sentence says, taken apart."""

    spelling: tuple[str, ...]
    """All its words and numbers as they are written, case folded."""
    words: frozenset[tuple[str, int]]
    """Telling words, each with how often its clause denies it."""
    order: tuple[tuple[str, int], ...]
    """The telling words as they follow each other, each with the number of its part."""
    quantities: tuple[Quantity, ...]
    segments: tuple[Segment, ...]
    joins: frozenset[str]
    """Whether it lists with "and", with "or", or with both."""
    conditions: tuple[frozenset[str], ...]
    """The words of each clause that limits the sentence: "unless …", "if …", "but …"."""
    hedged: bool
    permits: bool
    asks: bool
    denials: int
    """Clauses that deny without a telling word: "it does not"."""

    @property
    def size(self) -> int:
        """How much it says; numbers count double."""
        return len(self.words) + 2 * len(self.quantities)


def says(evidence: Statement, claim: Statement, *, english: bool) -> bool:
    """Tell whether the evidence shows all that is claimed.

    Every telling word of the claim stands in the evidence, in the same order, denied in both or in
    neither; so does every number, with its sign, unit and limit, bound to the same words; no
    condition, doubt or duty of the evidence is left out. Where the evidence is not `english`, the
    claim must be found in it word for word.
    """
    if evidence.asks or claim.asks or not claim.size:
        return False
    if evidence.spelling == claim.spelling:
        return True
    return (
        english
        and claim.words <= evidence.words
        and claim.denials == evidence.denials
        and claim.joins <= evidence.joins
        and (len(evidence.segments) > 1 or _in_order(claim.order, evidence.order))
        and all(_bound_alike(quantity, claim, evidence) for quantity in claim.quantities)
        and _keeps_conditions(evidence, claim)
        and (claim.hedged or not evidence.hedged)
        and not _softens_a_duty(evidence, claim)
    )


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


def _in_order(said: _Order, read: _Order) -> bool:
    """Tell whether words follow each other as in the evidence, which may begin anywhere.

    "Twice a season, wax the leather" is in order, "the seller pays the buyer" may not be. Nor may
    words be joined from two parts of which both lose some: "boots go to Leeds and tents to York"
    does not say "boots go to York". Where there are several numbers, what they are bound to
    decides instead.
    """
    twice, place = [*read, *read], -1
    for word, _ in said:
        found = next((i for i in range(place + 1, len(twice)) if twice[i][0] == word), None)
        if found is None:
            return False
        left_out = {part for _, part in twice[place + 1 : found]}
        one, other = twice[place][1], twice[found][1]
        if 0 <= place < len(read) > found and one != other and {one, other} <= left_out:
            return False
        place = found
    return True


def _keeps_conditions(evidence: Statement, claim: Statement) -> bool:
    said = {word for word, _ in claim.words} | {v for q in claim.quantities for v in q.values}
    only = {word for word, _ in evidence.words} & _ONLY
    return only <= said and all(2 * len(c & said) >= len(c) for c in evidence.conditions)


def _softens_a_duty(evidence: Statement, claim: Statement) -> bool:
    """Tell whether "you must" became "you can"."""
    duty = (_MUST, 0)
    return duty in evidence.words and duty not in claim.words and claim.permits


# --- numbers and what they belong to -----------------------------------------------------------


def _bound_alike(quantity: Quantity, claim: Statement, evidence: Statement) -> bool:
    said = claim.segments[quantity.segment].words
    return any(
        _same(quantity, found) and _belongs(said, found.segment, evidence.segments)
        for found in evidence.quantities
    )


def _same(one: Quantity, other: Quantity) -> bool:
    return (one.values, one.limit, one.denied) == (other.values, other.limit, other.denied) and all(
        a & b or a == b for a, b in zip(one.units, other.units, strict=True)
    )


def _belongs(said: frozenset[str], place: int, segments: Sequence[Segment]) -> bool:
    """Tell whether a number may be said with these words, if the evidence has it at this place.

    They must name something that this place alone has, and nothing that belongs to the numbers
    elsewhere; but "and express 5" leaves words out that stood before the first number, all but
    those in whose place "express" stands.
    """
    own = segments[place].words
    others = frozenset[str]().union(*(s.words for i, s in enumerate(segments) if i != place))
    mine = own - others
    if others and mine and not mine & said:
        return False
    head = segments[0].before if place else ()
    replaced = len([word for word in dict.fromkeys(segments[place].before) if word in mine])
    return (said & others) - own <= frozenset(tuple(dict.fromkeys(head))[replaced:])


# --- taking a sentence apart -------------------------------------------------------------------


class _Token(msgspec.Struct, frozen=True):
    kind: str
    """"word", "unit", "number", "name" (code, address, placeholder) or "break"."""
    text: str
    capital: bool = False


def statement(sentence: str) -> Statement:
    """Return a sentence taken apart."""
    tokens = _tokens(sentence)
    clauses = _clauses(tokens)
    denied = _denied(tokens, clauses)
    parts = list(accumulate(_parts(token) for token in tokens))
    consumed, groups = _groups(tokens)
    telling = {i: word for i, word in _telling(tokens) if i not in consumed}
    segments, place = _segments(tokens, telling, groups)
    return Statement(
        spelling=tuple(t.text for t in tokens if t.kind != "break"),
        words=frozenset((word, denied[i]) for i, word in telling.items()),
        order=tuple((word, parts[i]) for i, word in telling.items()),
        joins=frozenset(token.text for token in tokens if token.text in ("and", "or")),
        quantities=tuple(
            Quantity(
                values=group.values,
                units=group.units,
                limit=_limit(tokens, group),
                denied=denied[group.start],
                segment=place[n],
            )
            for n, group in enumerate(groups)
        ),
        segments=segments,
        conditions=_conditions(tokens, clauses, telling),
        hedged=any(token.text in _HEDGES for token in tokens),
        permits=any(token.text in _PERMITS for token in tokens),
        denials=len(_wordless_denials(tokens, clauses, telling, groups)),
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


def _clauses(tokens: Sequence[_Token]) -> list[int]:
    """Return for each token the number of its clause."""
    clause, numbers = 0, list[int]()
    for i, token in enumerate(tokens):
        joins = token.text in ("and", "or") and any(
            _negates(tokens, j) for j in range(i + 1, min(i + 4, len(tokens)))
        )
        if token.kind == "break" or token.text in _OPENS_CLAUSE or joins:
            clause += 1
        numbers.append(clause)
    return numbers


def _parts(token: _Token) -> bool:
    return token.kind == "break" or token.text in ("and", "or") or token.text in _OPENS_CLAUSE


def _negates(tokens: Sequence[_Token], at: int) -> bool:
    token = tokens[at]
    if token.text == "no" and (at == 0 or tokens[at - 1].kind == "break"):
        # "No, they are not": an interjection, which denies what was asked.
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        return after is not None and after.kind != "break" and after.text not in _PRONOUNS
    return token.kind == "word" and (token.text in _NEGATORS or token.text.endswith("n't"))


def _denied(tokens: Sequence[_Token], clauses: Sequence[int]) -> list[int]:
    """Return for each token how often its clause denies."""
    times = Counter(clauses[i] for i in range(len(tokens)) if _negates(tokens, i))
    return [times[clause] for clause in clauses]


def _wordless_denials(
    tokens: Sequence[_Token],
    clauses: Sequence[int],
    telling: dict[int, str],
    groups: Sequence[_Group],
) -> set[int]:
    speaking = {clauses[i] for i in telling} | {clauses[g.start] for g in groups}
    return {clauses[i] for i in range(len(tokens)) if _negates(tokens, i)} - speaking


def _telling(tokens: Sequence[_Token]) -> Iterator[tuple[int, str]]:
    """Yield the words that carry meaning, folded, with their places."""
    for i, token in enumerate(tokens):
        after = tokens[i + 1].text if i + 1 < len(tokens) else ""
        if token.kind == "name" or (token.kind == "unit" and token.text not in _COMMON):
            yield i, token.text
        elif token.text in _DUTIES or (token.text in ("have", "has", "need") and after == "to"):
            yield i, _MUST
        elif token.kind == "word" and not _is_common(token) and not _negates(tokens, i):
            yield i, _stem(token.text)


def _is_common(token: _Token) -> bool:
    return (
        token.text in _COMMON
        or token.text in _HEDGES
        or token.text in _NEGATORS
        or "n't" in token.text
    )


def _conditions(
    tokens: Sequence[_Token], clauses: Sequence[int], telling: dict[int, str]
) -> tuple[frozenset[str], ...]:
    limiting = {c for t, c in zip(tokens, clauses, strict=True) if t.text in _LIMITS}
    found = []
    for clause in sorted(limiting):
        places = [i for i, c in enumerate(clauses) if c == clause]
        numbers = {tokens[i].text for i in places if tokens[i].kind == "number"}
        found.append(frozenset({telling[i] for i in places if i in telling} | numbers))
    return tuple(found)


def _stem(word: str) -> str:
    """Fold the commonest English endings, so that "refunds" meets "refunded"."""
    word = word.removesuffix("'s")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3]
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and not word.endswith("eed") and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            return word[:-1] if word[-1:] == word[-2:-1] and word[-1] not in "s" else word
    return word[:-1] if word[-1:] in "ey" and len(word) > 4 else word


# --- quantities ----------------------------------------------------------------------------------


class _Group(msgspec.Struct, frozen=True):
    """A quantity among tokens: those from `start` up to `end` are part of it."""

    values: tuple[str, ...]
    units: tuple[frozenset[str], ...]
    start: int
    end: int


def _groups(tokens: Sequence[_Token]) -> tuple[set[int], list[_Group]]:
    """Return the places of all tokens that are part of a quantity, and the quantities."""
    groups: list[_Group] = []
    i = 0
    while i < len(tokens):
        if tokens[i].kind == "number":
            groups.append(_group(tokens, i, groups[-1].units[-1] if groups else frozenset()))
            i = groups[-1].end
        else:
            i += 1
    consumed = {i for group in groups for i in range(group.start, group.end)}
    limits = {i for group in groups for i in range(*_limit_words(tokens, group))}
    return consumed | limits, groups


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
    named = before is not None and before.kind == "word" and not _is_common(before)
    counted = after is not None and after.kind == "word" and not _is_common(after)
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


def _segments(
    tokens: Sequence[_Token], telling: dict[int, str], groups: Sequence[_Group]
) -> tuple[tuple[Segment, ...], list[int]]:
    """Return the stretches of a sentence, one for each quantity, and which is whose.

    "Nook 300" is a name: its number has the stretch of the quantity that follows or goes before.
    """
    if not groups:
        return (Segment(before=tuple(telling.values()), after=()),), []
    main = [g for g in groups if not _is_name(tokens, g)] or list(groups)
    cuts = [_cut(tokens, one, two) for one, two in pairwise(main)]
    starts, ends = [0, *cuts], [*cuts, len(tokens)]
    segments = tuple(
        Segment(
            before=tuple(_words_of(tokens, telling, groups, start, group.start)),
            after=tuple(_words_of(tokens, telling, groups, group.end, end)),
        )
        for group, start, end in zip(main, starts, ends, strict=True)
    )
    place = [sum(cut <= group.start for cut in cuts) for group in groups]
    return segments, place


def _is_name(tokens: Sequence[_Token], group: _Group) -> bool:
    before = tokens[group.start - 1] if group.start else None
    return (
        before is not None
        and before.capital
        and not _is_common(before)
        and group.units == (frozenset({_stem(before.text)}),)
    )


def _words_of(
    tokens: Sequence[_Token],
    telling: dict[int, str],
    groups: Sequence[_Group],
    start: int,
    end: int,
) -> Iterator[str]:
    names = {g.start: "#".join(g.values) for g in groups if _is_name(tokens, g)}
    for i in range(start, end):
        if i in telling:
            yield telling[i] + (f"#{names[i + 1]}" if i + 1 in names else "")


def _cut(tokens: Sequence[_Token], one: _Group, two: _Group) -> int:
    """Return where the words of one quantity end and those of the next begin.

    At the strongest mark between them: a comma before an "and". Without any, right behind the unit.
    """
    for marks in (";.!?", _OPENS_CLAUSE, ",():–—", ("and", "or")):
        for i in range(one.end, two.start):
            if tokens[i].text in marks:
                return i
    return one.end


# --- words ---------------------------------------------------------------------------------------

_CITATION = re.compile(r"\[\d+\]|^\s*\d+[.)]\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_RANGE = re.compile(r"\s*[€£$¥%]?\s*[-−–‐‑]\s*[€£$¥]?\s*")
_NO_DASH = str.maketrans("", "", "-−–‐‑")
_SIGN = re.compile(r"(?:[-−–‐‑﹣－]|\b(?:minus|negative)\b)\s*([€£$¥]?)\s*\Z", re.IGNORECASE)
_PIECE = re.compile(
    r"(?P<unit>[€£$¥%]|°\s?[CFcf]\b|[°º℃℉]|\bkm/h\b)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*|[<>≤≥=~±+])"
    r"|(?P<break>[,;:()–—|•\n]|[.!?](?=\s)|(?<=\s)-(?=\s))"
)
_PHRASES = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\bno(?:t)? (?:more|longer) than\b", "at most"),
        (r"\bno(?:t)? (?:less|fewer|earlier) than\b", "at least"),
        (r"\bno(?:t)? later than\b", "by"),
        (r"\bnot only\b(?=.*\bbut\b)", ""),
        (r"\bper cent\b", "percent"),
        (r"\be-mail", "email"),
        (r"\b(?:as|so) long as\b|\bprovid(?:ed|ing)(?: that)?\b", "if"),
        (r"\brather than\b|\binstead of\b|\bother than\b", "except"),
    )
)
_MUST = "must"
_DUTIES = frozenset(["must", "required", "obliged", "mandatory", "compulsory"])
_PERMITS = frozenset(["can", "may", "could", "allowed", "able"])
_NEGATORS = _listed("""
not no never none nobody nothing nowhere neither nor cannot without unless except excluding unable
rarely seldom hardly barely
""")
_LIMITS = frozenset(["unless", "except", "excluding", "without", "if", "when", "but", "however"])
_ONLY = frozenset(["only", "solely", "exclusively"])
_OPENS_CLAUSE = _listed("""
but while whereas although though unless except excluding without if when because so however nor
""")
_HEDGES = _listed("""
usually often sometimes normally typically generally mostly occasionally probably perhaps maybe
might possibly approximately roughly
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

_COMMON = _listed("""
a an the this that these those it its they them their there here he she him her his i we us our ours
you your yours me my mine who whom whose which what where how as and or of to in on at for from with
into onto per via is am are was were be been being do does did done has have had having will would
shall should can could may able get gets got come comes coming take takes taking happen happens
please yes sure certainly course thanks thank glad happy hello hi dear sorry indeed simply just also
too then than now still very such so some within between about through during upon
""")
_PRONOUNS = _listed("i it they there we you he she this that these those")
_ENGLISH = _listed("""
the and you your with are that this from to our not they by within it if when will have has please
after before should which their is of for at there does do any can
""")
_FOREIGN = _listed("""
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
