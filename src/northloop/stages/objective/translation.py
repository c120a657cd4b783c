"""Puts an objective that is written in another language into the English terms that are read.

One way for all languages, over a table of words each (`words`): metrics, dates, numbers with their
units are marked first, in that language's way of writing them; what the phrases between say is then
told in English, the longest phrase first. What no entry knows is kept apart. A word left over may
turn the sentence round (a negation, a comparison, "for new customers alone"), so whoever reads the
sentence has to refuse it rather than to read on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import msgspec

from northloop.core.patterns import lazy
from northloop.stages.objective.metrics import METRICS
from northloop.stages.objective.words import ENGLISH, FRACTIONS, MONTHS, Words, languages

LEAST_KNOWN = 0.5
"""So large a share of a sentence's letters has to be a language's words."""


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence of another language in English terms."""

    language: str
    """Its name in English."""
    english: str
    """What is known of it, in the order of the sentence."""
    unknown: tuple[str, ...]
    """Words, numbers and dates that no entry of the table knows, as they are compared."""
    known_share: float
    """Share of the sentence's letters in what is known."""


def translation(sentence: str) -> Translation | None:
    """Return a sentence in English terms, None for an English one or a language without a table.

    The language is the one whose table knows most of the sentence: it has few words, of which the
    metric and the numbers tell a model of letters nothing.
    """
    best = max((_translated(sentence, name) for name in languages()), key=lambda t: t.known_share)
    is_known = best.known_share >= LEAST_KNOWN
    return best if is_known and best.known_share > _english_share(sentence) else None


def _english_share(sentence: str) -> float:
    """Return how large a share of a sentence's letters is English as objectives are written."""
    text = _spaced(sentence)
    rest = _ENGLISH_METRIC.sub(" ", text)
    unknown = " ".join(w for w in re.findall(r"[^\W\d_]+", rest) if w not in ENGLISH)
    return 1 - _letters(unknown) / max(_letters(text), 1)


_ENGLISH_METRIC = lazy(
    rf"\b(?:{'|'.join(spoken for metric in METRICS.values() for spoken in metric.spoken)})\b"
)


def metrics_named(text: str) -> tuple[str, ...]:
    """Return the names of the metrics that a text speaks of in other languages than English, in
    order; of the language that finds most of them."""
    found = (tuple(dict.fromkeys(_METRIC.findall(_metrics_marked(text, n)))) for n in languages())
    return max(found, key=len, default=())


def example(metric: str, language: str) -> str:
    """Return an objective for a metric that is accepted, in a language of the tables."""
    words = languages()[language]
    lower = METRICS[metric].better == "lower"
    title = words.metrics[metric].partition("|")[0].strip()
    sentence = words.example_down if lower else words.example_up
    made = sentence.format(metric=title)
    return made[:1].upper() + made[1:]


# --- letters -----------------------------------------------------------------------------------

_ACCENT = re.compile("[\u0300-\u036f]")
_OTHER_LETTERS = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i"})
_UMLAUTS = str.maketrans({"ä": "(?:ae?)", "ö": "(?:oe?)", "ü": "(?:ue?)"})
_APOSTROPHE = re.compile("['’‘´`]")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=[^\W_])|(?<=\d)-(?=[^\W\d_])")


def _bare(text: str) -> str:
    """Return a text in small letters without accents and in one form of digits."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_OTHER_LETTERS)
    decomposed = unicodedata.normalize("NFD", folded)
    return unicodedata.normalize("NFC", _ACCENT.sub("", decomposed))


def _pattern(written: str) -> str:
    """Return a pattern of the tables for texts as `_bare` leaves them."""
    plain = _bare(unicodedata.normalize("NFC", written).translate(_UMLAUTS))
    return re.sub(r"\s*\n\s*", "", plain)


def _spaced(sentence: str) -> str:
    text = re.sub("[\u2010-\u2015\u2212]", "-", _bare(sentence))
    text = _HYPHEN.sub(" ", _APOSTROPHE.sub(" ", text))
    return re.sub(r"\s+", " ", re.sub(r"[\"“”„«»「」『』()*]", " ", text)).strip()


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


# --- marks -------------------------------------------------------------------------------------

_METRIC = re.compile(r"«=(\w+)»")
_MARK = re.compile(r"«([^»]*)»")
_OF_A_HUNDRED = "percentage points"
_NO_YEAR = rf"(?:\d+ )?(?:{'|'.join(MONTHS)})|q[1-4]"
_A_YEAR = "(?:next|this) year"
_STOPS = re.compile("[.,;:!?/]")
_NUMBER = r"(?:(?<![\w»])(?<![\w»] )[-+] ?)?\d+(?:\.\d+)?(?!\d)"
_SPANS = ("days", "weeks", "months", "quarters", "years")
_WITHIN = re.compile(r"to at most \d[\d.]* (?:hours|minutes)")
_OF_VERBS = {"resolve": "resolution_time", "respond": "first_response_time"}
_PLACES: Mapping[str, str] = {
    "<q>": r"«([-+]?\d[\d.]*(?: (?:%|hours|minutes|days|(?:percentage )?points))?)»",
    "<h>": r"«(\d[\d.]* (?:hours|minutes))»",
    "<t>": rf"«(\d[\d.]* (?:{'|'.join(_SPANS)}))»",
    "<f>": r"«((?:a|\d+) (?:half|third|quarter|fifth|tenth)s?)»",
    "<d>": r"«@([^»]+)»",
}
"""What phrases have places for: a quantity, hours or minutes, a span, a fraction, a date."""


class _Table(msgspec.Struct, frozen=True):
    """A language's patterns, ready for use."""

    words: Words
    metrics: tuple[tuple[re.Pattern[str], str], ...]
    dates: tuple[tuple[re.Pattern[str], str], ...]
    """Dates, named spans of time and named periods, in the order in which they are looked for."""
    numbers: tuple[tuple[re.Pattern[str], str], ...]
    quantities: tuple[tuple[re.Pattern[str], str], ...]
    phrases: tuple[tuple[re.Pattern[str], str], ...]


@cache
def _table(name: str) -> _Table:
    words = languages()[name]
    return _Table(
        words,
        metrics=tuple((_compiled(p, words), f"«={m}»") for m, p in words.metrics.items()),
        dates=(
            *_dates(words),
            *((_compiled(p, words), f"«{span}»") for span, p in words.spans.items()),
            *((_compiled(p, words), f"«@{period}»") for period, p in words.periods.items()),
        ),
        numbers=tuple(
            (_compiled(words.numbers[n], words), n)
            for n in sorted(words.numbers, key=int, reverse=True)
        ),
        quantities=tuple(_quantities(words)),
        phrases=(
            *((_compiled(p, words), english) for english, p in words.phrases.items()),
            (_compiled(_little(words), words), ""),
        ),
    )


def _compiled(pattern: str, words: Words) -> re.Pattern[str]:
    """Return a pattern that matches whole words, with its places filled in."""
    text = _pattern(pattern)
    gap = "" if words.is_unspaced else " "
    little = f"(?:(?:{_little(words)}){gap})*"
    text = text.replace("<a>", little)
    and_ = rf"(?:{gap}(?:{_pattern(words.and_)}){gap}{little}«=\w+»)*"
    text = text.replace("<m>", rf"(«=\w+»{and_})")
    for place, inner in _PLACES.items():
        text = text.replace(place, inner)
    return re.compile(f"(?:{text})" if words.is_unspaced else rf"(?<!\w)(?:{text})(?!\w)")


def _little(words: Words) -> str:
    """Return the pattern of a language's little words; without spaces the longest comes first."""
    pattern = _pattern(words.little)
    if not words.is_unspaced:
        return pattern
    return "|".join(sorted(pattern.split("|"), key=len, reverse=True))


def _dates(words: Words) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield the ways to write a date; what it becomes has $1 … for what was written."""
    year = words.year
    of = words.of
    yield re.compile(r"(?<![\d/.-])(20\d\d)[-/](\d{1,2})[-/](\d{1,2})(?![\d/-])"), "«@$1-$2-$3»"
    yield (
        re.compile(r"(?<![\d/.-])(\d{1,2})[./-](\d{1,2})(?:[./-] ?| )(20\d\d)(?![\d/-])"),
        "«@$3-$2-$1»",
    )
    if words.is_unspaced:
        yield re.compile(r"(20\d\d)年(\d{1,2})月(\d{1,2})[日号]"), "«@$1-$2-$3»"
        yield re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]"), "«@$2 #$1»"
        yield re.compile(r"(20\d\d)年(\d{1,2})月(?!間)"), "«@#$2 $1»"
        yield re.compile(r"(?<!\d)(\d{1,2})月(?!間)(?:份)?"), "«@#$1»"
    for number, names in enumerate(words.months.split(), 1):
        month = _pattern(names)
        day = rf"(?<![\w.,/])(\d{{1,2}})(?:\.|er|o|a|e|:e|°)? ?(?:{of})?"
        yield (
            re.compile(rf"{day}(?:{month})(?!\w)\.? ?(?:{of})?(20\d\d)(?!\d){year}"),
            f"«@$1 #{number} $2»",
        )
        yield re.compile(rf"{day}(?:{month})(?!\w)"), f"«@$1 #{number}»"
        yield (
            re.compile(rf"(?<!\w)(?:{month})\.? ?(?:{of})?(20\d\d)(?!\d){year}"),
            f"«@#{number} $1»",
        )
        yield re.compile(rf"(?<!\w)(?:{month})(?!\w)"), f"«@#{number}»"
    yield from _periods(words)


def _periods(words: Words) -> Iterator[tuple[re.Pattern[str], str]]:
    year = words.year
    edge, end = ("", "") if words.is_unspaced else (r"(?<!\w)", r"(?!\w)")
    for number, ordinal in enumerate(words.ordinals.split(), 1):
        ways = rf"(?:{_pattern(ordinal)}|{number}(?:\.|o|er|e|a|:a|:e)?) ?"
        quarter = rf"(?:[qtk] ?{number}|{ways}(?:{_pattern(words.quarter)}))"
        yield from _by_year(f"{edge}{quarter}{end}", words, f"q{number}")
        if number < 3:
            own = words.first_half if number == 1 else words.second_half
            half = rf"(?:h ?{number}|{own}|{ways}(?:{_pattern(words.half_year)}))"
            yield from _by_year(f"{edge}{half}{end}", words, f"#{6 * number}")
    before = _pattern(words.year_before)
    not_before = r"(?<![\d.,/-])" if words.is_unspaced else r"(?<![\w.,/-])"
    yield re.compile(rf"{not_before}(?:{before})?(20\d\d)(?![\d.,%]\d|\d| ?%){year}"), "«@$1»"


def _by_year(period: str, words: Words, name: str) -> Iterator[tuple[re.Pattern[str], str]]:
    """Yield the ways to write a part of a year, with its year behind or before it or without."""
    of = words.of
    yield re.compile(rf"{period} ?(?:{of})?(20\d\d)(?!\d){words.year}"), f"«@{name} $1»"
    yield re.compile(rf"(?<!\d)(20\d\d){words.year} ?(?:{of})?{period}"), f"«@{name} $1»"
    yield re.compile(period), f"«@{name}»"


def _quantities(words: Words) -> Iterator[tuple[re.Pattern[str], str]]:
    for fraction in FRACTIONS:
        if names := words.fractions.get(fraction, ""):
            yield _compiled(rf"(\d+) ?(?:{names})|(?:{names})", words), f"«$a {fraction}»"
    between = "" if words.is_unspaced else rf"(?:(?:{_pattern(words.next_)}) )?"
    start, end = (
        (r"(?<![\d.])(?<!\d,)", "") if words.is_unspaced else (r"(?<![\w.])(?<!\d,)", r"(?!\w)")
    )
    for unit, names in sorted(words.units.items(), key=lambda unit: unit[0] != _OF_A_HUNDRED):
        ends = "" if unit == "%" else end
        one = rf"{start}({_NUMBER}) ?{between}(?:{_pattern(names)}){ends}"
        yield re.compile(one), f"«$1 {unit}»" if unit else "«$1»"
    yield re.compile(f"{start}({_NUMBER})"), "«$1»"


# --- from marks to English ---------------------------------------------------------------------


def _metrics_marked(text: str, name: str) -> str:
    table = _table(name)
    spaced = _spaced(text)
    return _marked(re.sub(" ", "", spaced) if table.words.is_unspaced else spaced, table.metrics)


def _translated(sentence: str, name: str) -> Translation:
    table = _table(name)
    text = _metrics_marked(sentence, name)
    text = _numbers(text, table)
    for pattern, mark in table.dates:
        text = _outside(text, pattern, mark)
    text = re.sub(r"@([^»]*)", lambda found: f"@{_month_named(found.group(1))}", text)
    of = rf" ?(?:{_pattern(table.words.of)})?"
    text = re.sub(rf"«@({_NO_YEAR})»{of}«@({_A_YEAR})»", r"«@\1 \2»", text)
    text = re.sub(rf"«@({_A_YEAR})»{of}«@({_NO_YEAR})»", r"«@\2 \1»", text)
    for pattern, mark in table.quantities:
        text = _outside(text, pattern, mark)
    text = re.sub(r"(?<=«)[-+] (?=\d)", lambda sign: sign.group()[0], text)
    if not table.words.is_unspaced:
        text = _outside(text, _STOPS, " ").replace("«", " «").replace("»", "» ")
        text = re.sub(r"\s+", " ", text).strip()
    return _told(text, table, sentence, name)


def _marked(text: str, patterns: Iterable[tuple[re.Pattern[str], str]]) -> str:
    """Return the text with what the patterns match replaced; of two at a place the longer wins."""
    found = [(m.start(), -m.end(), to) for pattern, to in patterns for m in pattern.finditer(text)]
    pieces: list[str] = []
    taken_to = 0
    for start, end, to in sorted(found):
        if start >= taken_to:
            pieces += [text[taken_to:start], to]
            taken_to = -end
    return "".join(pieces) + text[taken_to:]


def _outside(text: str, pattern: re.Pattern[str], mark: str) -> str:
    """Replace what a pattern matches where nothing is marked yet."""

    def filled(match: re.Match[str]) -> str:
        made = mark
        for place, group in enumerate(match.groups(), 1):
            made = made.replace(f"${place}", group or "")
        return made.replace("$a", (match.group(1) if match.groups() else "") or "a")

    parts = re.split("(«[^»]*»)", text)
    return "".join(p if p.startswith("«") else pattern.sub(filled, p) for p in parts)


def _month_named(date: str) -> str:
    """Return a date with its month's English name, and with two digits where it is an ISO one."""
    if iso := re.fullmatch(r"(\d{4})-(\d+)-(\d+)", date):
        return f"{iso[1]}-{int(iso[2]):02}-{int(iso[3]):02}"
    return re.sub(r"#(\d+)", lambda m: MONTHS[int(m[1]) - 1] if 0 < int(m[1]) < 13 else m[0], date)


def _numbers(text: str, table: _Table) -> str:
    """Return the text with numbers as English writes them: 1.250,5 → 1250.5."""
    if table.words.is_unspaced:
        text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    else:
        text = re.sub(r"(?<![\d.,])(\d{1,3})(?:[. ](\d{3}))(?![\d./]|,\d{3})", r"\1\2", text)
        text = re.sub(r"(?<=\d),(?=\d{1,2}(?!\d))", ".", text)
    for pattern, number in table.numbers:
        text = _outside(text, pattern, number)
    return text


def _told(text: str, table: _Table, sentence: str, name: str) -> Translation:
    inside = {at for mark in _MARK.finditer(text) for at in range(mark.start() + 1, mark.end())}
    found = sorted(
        (
            (match.start(), -match.end(), to, match)
            for pattern, to in table.phrases
            for match in pattern.finditer(text)
            if match.group() and not {match.start(), match.end()} & inside
        ),
        key=lambda one: one[:2],
    )
    terms: list[str] = []
    unknown: list[str] = []
    taken_to = 0
    for start, end, to, match in found:
        if start >= taken_to:
            _left_over(text[taken_to:start], terms, unknown)
            terms.append(_filled(to, match))
            taken_to = -end
    _left_over(text[taken_to:], terms, unknown)
    known = 1 - _letters("".join(_MARK.sub("", u) for u in unknown)) / max(
        _letters(_bare(sentence)), 1
    )
    english = re.sub(r"\s+", " ", " | ".join(filter(None, _quick(terms)))).strip()
    return Translation(
        language=name, english=english, unknown=tuple(unknown), known_share=max(known, 0.0)
    )


def _filled(english: str, match: re.Match[str]) -> str:
    """Return an English phrase with what was found at its places."""
    groups = [group for group in match.groups() if group is not None]
    for group in groups:
        said = _METRIC.sub(lambda m: f"‹{METRICS[m[1]].title}›", group)
        if "‹" in said:
            said = " and ".join(re.findall("‹([^›]*)›", said))
        english = re.sub("<[qhtfdm]>", said, english, count=1)
    return english


def _left_over(text: str, terms: list[str], unknown: list[str]) -> None:
    """Sort what no phrase has taken into terms that speak for themselves and into the rest."""
    for piece in re.findall(r"«[^»]*»|[^\s«»]+", text):
        mark = _MARK.fullmatch(piece)
        if mark is None:
            if word := re.sub(r"[^\w%]", "", piece):
                unknown.append(word)
        elif mark[1].startswith("="):
            terms.append(METRICS[mark[1][1:]].title)
        elif re.fullmatch(r"[-+]?\d[\d.]* (?:%|hours|minutes|points|percentage points)", mark[1]):
            terms.append(mark[1])
        else:
            unknown.append(mark[1].lstrip("@"))


def _quick(terms: list[str]) -> Iterator[str]:
    """To resolve faster is a shorter resolution time, to respond faster, or within an hour, a
    shorter first response time; the verbs alone say nothing."""
    faster = "faster" in terms
    told = {"resolve": faster, "respond": faster or any(map(_WITHIN.fullmatch, terms))}
    for term in terms:
        if term not in told:
            yield term
        elif told[term]:
            yield METRICS[_OF_VERBS[term]].title
