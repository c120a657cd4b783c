"""Where the signature of a mail begins: the likeliest of all cuts near its end.

A cut is judged by what every line behind it shows (`lines`), in general and below an opening of its
kind (a closing, a name, a row of dashes), by its first line and by the line above. What each of
these counts for was learnt from marked mails (`weights.json`, by `benchmarks/train_signatures.py`,
which says from which); what may never be cut off is said here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from operator import add

import msgspec

from northloop.core.decoding import decoded
from northloop.core.patterns import lazy
from northloop.stages.data.correspondence import lines as shows
from northloop.stages.data.correspondence.lexicon import PROSE
from northloop.stages.data.correspondence.people import (
    is_ambiguous,
    is_answer,
    is_eastern_name,
    is_given_name,
    is_name,
    is_small_name,
)

MOST_LINES = 40
MOST_NAMES = 3
"""More names than so many, with nothing that closes or tells a number, are a list of people."""
MOST_SENTENCES = 3
"""So many sentences that are not legal may stand in a signature."""
LINES_ABOVE = 4
"""So many lines above those tell whether something is listed below."""
MAX_LINE_CHARS = 120
KEPT_LINES = 256
"""What so many lines show is kept: a reply is looked at twice, and many close alike."""
MOST_WORDS_OF_NAMES = 5
_INITIALS = lazy(r"^\W*(?:[A-Z]\.?\s?){2,3}\W*$|^\W*[a-z]{2}\W*$|^\W*[A-ZÀ-Ž]\.\W*$")
_INITIAL_LAST = lazy(r"^\W*[^\W\d_][^\d.!?]{1,24}\s[A-ZÀ-Ž]\.$")
"""`Anna K.`"""
_NUMBER = lazy(r"\d(?:[\s./()-]{0,3}\d){4,}")
_MAILBOX = lazy(r"[\w.+-]+@[\w-]+\.\w")
_LINK = lazy(r"https?://|\bwww\.|\[cid:|\[image")
_LABELLED = lazy(r"^\W*[^\W\d]{1,12}\.?\s?[:：]\s*\S")
_DASHED = lazy(r"^\s*[-–—/~*]{1,2}\s?[^\W\d_]")
_NUMBERED_NAME = lazy(
    rf"^[^\w\s]*{shows.NAME_PART}(?:\s{shows.NAME_PART}){{0,3}}"
    r"(?:(?:\s?[,|/:(（]\s?|\s[-–—]\s)(?:[^\W\d]{1,12}[.:\s]{1,2}){0,2}(?:n\W{0,2}|#)?\+?\(?\d"
    r"|\s\+?\(?\d(?=(?:\W?\d){6}))[\d\s()./-]{3,18}\W*$",
    re.I,
)
_NAMED_FIRST = lazy(
    r"^\W*(?:mr|mrs|ms|dr|herr|frau|m|mme|sr|sra|sig|dhr|mevr|mw|pan|pani|hr|fru)?\.?\s?"
    r"[^\W\d_][\w'’-]+(?:\s[A-ZÀ-Ž][\w'’.-]*){0,2}(?:\s?[,(（|/:–—]|\s[-&+@]\s)",
    re.I,
)
_TITLED = lazy(
    r"^\W*(?:mr|mrs|ms|miss|herr|frau|fam|familie|mm?e|mlle|m|sra?|sig(?:\.ra)?|dhr|mevr|mw|fru|hr)"
    r"\.?(?:\s[^\W\d][\w.'’-]*){1,3}\W*$",
    re.I,
)
_DATED = lazy(
    r"^\W*(?:[A-ZÀ-Ž][^\d,.;!?]{1,24},?\s)?\d{1,4}[^\W\d]{0,2}[\s./년年-]{1,2}(?:de\s)?"
    r"(?:[^\W\d]{3,12}\.?\s(?:de\s)?|\d{1,2}[\s./월月-]{1,2})\d{1,4}\s?(?:[일日]|[гr]\.)?\W*$"
)
_SYMBOLS = lazy(
    "^(?:[\u2190-\u24ff\u2580-\u2bff\U0001f000-\U0001faff\ufe0f\u200d]\\s*)+"
    "|(?:\\s*[\u2190-\u24ff\u2580-\u2bff\U0001f000-\U0001faff\ufe0f\u200d])+$"
)
"""Pictures around names and numbers."""
_CODE = lazy(r"[{}\\;=]|\(\)|::|</|</?\w+>$|^\W*//(?!\s?[^\W\d_]+$)|\|\|")
_PARTS = lazy(r"\s[|·•–—*/]\s")
_GOES_ON = lazy(
    r"(?:^|\s)(?:sind|sont|son|sono|são|zijn|są|to|for|is|are|was|with|from|named|called|name|and|or|of|by|an|für|von|mit|auf|ist"
    r"|heißt|und|oder|à|au|de|pour|est|avec|et|para|es|con|y|per|è|e|di|da|por|é|com|voor|met|van"
    r"|naar|op|na|dla|do|jest|till|för|med|är|och)$",
    re.I,
)
"""Words that no sentence ends with."""
_BARE_LINK = lazy(r"\W*(?:https?://|www\.)\S+$")
"""Links stand in signatures, and as often under a heading of references."""
_FILE = lazy(r"\.\w{2,4}\W*$")
_WORDS = lazy(r"[^\W_]+")
_STOPS = (".", "!", "。", "！", "…")
_ASKS = ("?", "？")
_COLONS = (":", "：")
_COMMAS = (",", "，", "、")
_TESTS = (
    ("name", is_name),
    ("said", shows.closes_if_signed),
    ("contact", shows.is_contact),
    ("office", shows.is_office),
    ("device", shows.is_device),
    ("disclaimer", shows.disclaims),
    ("prose", shows.is_prose),
    ("delimiter", shows.DELIMITER.match),
    ("dashes", shows.DASHES.match),
    ("item", shows.ITEM.match),
    ("initials", _INITIALS.match),
    ("number", _NUMBER.search),
    ("mailbox", _MAILBOX.search),
    ("link", _LINK.search),
    ("labelled", _LABELLED.match),
    ("dashed", _DASHED.match),
    ("parts", _PARTS.search),
    ("numbered_name", _NUMBERED_NAME.match),
    ("code", _CODE.search),
    ("advert", shows.advertises),
    ("house", shows.HOUSE.match),
    ("warm", shows.is_warm),
    ("machine", shows.names_device),
    ("dated", _DATED.match),
    ("titled", _TITLED.match),
)
_ENDS = (("stops", _STOPS), ("asks", _ASKS), ("colon", _COLONS), ("comma", _COMMAS))

Traits = frozenset[str]


class Line(msgspec.Struct, frozen=True):
    """A line that is not empty: where it stands, whether a space is above it, what it shows."""

    index: int
    text: str
    apart: bool
    traits: Traits


class Cut(msgspec.Struct, frozen=True):
    """A way to end a message: before the line at `first`, with what speaks for and against it."""

    first: int
    opening: int
    """The kind of its first line, as its place in `OPENINGS`."""
    evidence: tuple[str, ...]
    """What it shows but for what its lines show one by one."""


def signature_start(text: Sequence[str]) -> int:
    """Return the index of the first line of the signature, len(text) if there is none.

    `text` is the lines of a mail without quotations and footers.
    """
    if sum(map(_says_something, text)) < 2:
        return len(text)  # a signature stands below something
    found = _last_lines(text, "")
    weights = _weights()
    below = _sums_below(found)
    best, score = len(text), 0.0
    for cut in _cuts(text, found):
        sum_ = sum(weights.get(name, 0.0) for name in cut.evidence)
        sum_ += below[cut.first][-1] + below[cut.first + 1][cut.opening]
        if sum_ > score:
            best, score = found[cut.first].index, sum_
    return best


def _says_something(line: str) -> bool:
    return bool(line) and not line.isspace()


def cuts(text: Sequence[str], writer: str = "") -> list[tuple[int, tuple[str, ...]]]:
    """Return each line that a signature may begin with, and what speaks for and against it."""
    found = _last_lines(text, writer)
    return [
        (found[cut.first].index, (*cut.evidence, *_one_by_one(found, cut)))
        for cut in _cuts(text, found)
    ]


def _one_by_one(found: Sequence[Line], cut: Cut) -> Iterator[str]:
    """Yield what the lines of a cut show, each by itself."""
    for line in found[cut.first :]:
        yield from (f"any.{trait}" for trait in line.traits)
    for line in found[cut.first + 1 :]:
        yield from (f"{OPENINGS[cut.opening]}.{trait}" for trait in line.traits)


def _sums_below(found: Sequence[Line]) -> list[tuple[float, ...]]:
    """Return what the lines from each on count for, below each opening and (last) in general."""
    sums = [(0.0,) * (len(OPENINGS) + 1)]
    for line in reversed(found):
        sums.append(tuple(map(add, sums[-1], _weights_of(line.traits))))
    return sums[::-1]


@lru_cache(maxsize=4096)
def _weights_of(traits: Traits) -> tuple[float, ...]:
    """Return what traits of a line count for, below each opening and (last) in general."""
    weights = _weights()
    return tuple(
        sum(weights.get(f"{opening}.{trait}", 0.0) for trait in traits)
        for opening in (*OPENINGS, "any")
    )


@cache
def _weights() -> Mapping[str, float]:
    packed = files("northloop.stages.data.correspondence").joinpath("weights.json").read_bytes()
    return decoded(packed, dict[str, float])


# --- what a line shows -------------------------------------------------------------------------


def _last_lines(text: Sequence[str], writer: str) -> list[Line]:
    """Return the last lines of a mail that are not empty, the first of them last of all judged.

    They are read from the last one up to what no signature reaches over. A few lines above that
    are read too, for their ends and for what they are about.
    """
    names = frozenset(w for w in _WORDS.findall(writer.casefold()) if len(w) > 1)
    found: list[Line] = []
    sentences = above = 0
    for index in range(len(text) - 1, -1, -1):
        if not text[index].strip():
            continue
        beyond = sentences > MOST_SENTENCES
        line = _line(text, index, names, beyond)
        found.append(line)
        above += beyond
        if len(found) > MOST_LINES or above >= LINES_ABOVE:
            break
        sentences += _sentences(line)
    found.reverse()
    return [
        msgspec.structs.replace(line, traits=line.traits | {"like_closing"})
        if _is_like_closing(found, number)
        else line
        for number, line in enumerate(found)
    ]


def _line(text: Sequence[str], index: int, writer: frozenset[str], beyond: bool) -> Line:
    """Return a line and what it shows: `beyond` what may be cut off, only how it goes on."""
    line = text[index].strip()
    bare = _SYMBOLS.sub("", line)
    pictured = any(map(str.isalnum, bare)) and len(bare) < len(line)
    line = bare if pictured else line
    apart = index > 0 and not text[index - 1].strip()
    traits = frozenset(_ending(line)) if beyond else _traits(line, writer)
    if text[index] == "-- ":
        traits |= {"delimits"}
    if pictured:
        traits |= {"pictured"}
    return Line(index, line, apart, traits)


def _sentences(line: Line) -> int:
    """Return how many of the sentences that a signature may have a line takes."""
    if not _is_said_in_text(line, False) or "legal" in line.traits:
        return 0
    ends = "asks" in line.traits or _is_code(line.traits)
    ends = ends and "advert" not in line.traits
    return MOST_SENTENCES + 1 if ends else 1


def _is_code(traits: Traits) -> bool:
    """Whether a line is code: `;)` behind a name and rows of `=` are none."""
    return "code" in traits and traits.isdisjoint(_NO_CODE)


def _ending(line: str) -> Iterator[str]:
    """Yield how a line ends, and whether it speaks of what may be told below it."""
    if not shows.is_company(line) and not _INITIAL_LAST.search(line):
        yield from (name for name, ends in _ENDS if line.endswith(ends))
    if len(line) <= MAX_LINE_CHARS and shows.is_of_matters(line):
        yield "matter"


def _is_like_closing(found: Sequence[Line], number: int) -> bool:
    """Whether a line stands where closings stand: apart, in few words, somebody's name below it."""
    line = found[number]
    if not line.apart or number + 1 == len(found) or line.traits & _NO_CLOSING:
        return False
    below = found[number + 1].traits
    spoken = line.traits & _SPOKEN and line.traits & _SENTENCES - {"words99"}
    few = (line.traits & _FEW or spoken) and (
        "eastern" not in line.traits or len(line.text) <= MOST_EASTERN_CLOSING_CHARS
    )
    named = (
        below & {"small_name", "writer", "titled"}
        or {"name", "given"} <= below
        or ("name" in below and below & {"words1", "words2"})
        or ("eastern_like" in below and _is_eastern_signer(found, number + 1))
    )
    if "warm" in line.traits and below & {"name", "given"} and below & _FEW:
        named = named or not below & {"asks", "stops", "prose"}
    if "comma" in line.traits and line.traits & {"words1", "words2", "warm"}:
        named = named or not below & (_NO_NAME - {"prose"} if "given" in below else _NO_NAME)
    return bool(few and named)


def _is_eastern_signer(found: Sequence[Line], number: int) -> bool:
    """Whether a line in Chinese or Japanese is as short as names are, and says nothing."""
    line = found[number]
    if len(line.text) > MOST_EASTERN_NAME_CHARS:
        return False
    return "prose" not in line.traits or is_eastern_name(line.text, [x.text for x in found])


@lru_cache(maxsize=KEPT_LINES)
def _traits(line: str, writer: frozenset[str]) -> Traits:
    """Return what a line shows."""
    return frozenset(_shown(line, writer))


def _shown(line: str, writer: frozenset[str]) -> Iterator[str]:
    if kinds := shows.legal(line):
        yield "legal" if len(kinds) > 1 else "some_legal"
        if "register" in kinds and shows.has_number(line):
            yield "registered"
    if len(line) > MAX_LINE_CHARS:
        yield "delimiter" if shows.DELIMITER.match(line) else "long"
        return
    yield from (name for name, test in _TESTS if test(line))
    yield from _ending(line)
    if shows.is_final(line):
        yield "final"
        if shows.is_formula(line):
            yield "formula"
    yield from _sizes(line)
    yield from _named(line, writer)
    if shows.EASTERN.search(line):
        yield "eastern"
        if shows.is_eastern_line(line):
            yield "eastern_like"


def _sizes(line: str) -> Iterator[str]:
    words = line.split()
    small = sum(word[:1].islower() for word in words)
    yield next(f"words{n}" for n in (1, 2, 4, 8, 14, 99) if len(words) <= n)
    if words[0][:1].islower():
        yield "small"
    if small > 1 and 2 * small >= len(words):
        yield "mostly_small"
    if len(words) > 1 and not small:
        yield "capitals"


def _named(line: str, writer: frozenset[str]) -> Iterator[str]:
    first = line.strip(" ,.!-–—~*_/").split()[:1]
    if first and is_given_name(first[0].strip("(,:")):
        yield "given"
        if _NAMED_FIRST.match(line):
            yield "named_first"
    if is_small_name(line):
        yield "ambiguous" if is_ambiguous(line) else "small_name"
    words = _WORDS.findall(line.casefold())
    if not writer or not words or len(words) > MOST_WORDS_OF_NAMES:
        return
    if all(word in writer for word in words):
        yield "writer"
    elif any(word in writer for word in words):
        yield "with_writer"


# --- what a cut shows --------------------------------------------------------------------------


def _cuts(text: Sequence[str], found: Sequence[Line]) -> Iterator[Cut]:
    """Yield the cuts that are allowed, the last line first."""
    dashes = max((n for n, line in enumerate(found) if "dashes" in line.traits), default=len(found))
    anchor = next((n for n in range(len(found)) if _anchors(found, n)), len(found))
    sentences = 0
    for first in range(len(found) - 1, -1, -1):
        line = found[first]
        said = _is_said_in_text(line, first > dashes)
        sentences += said and "legal" not in line.traits
        if said and (sentences > MOST_SENTENCES or not _may_stand_below(line, first > anchor)):
            return
        if len(found) - first > MOST_LINES:
            return
        if not said and line.index and _may_begin(text, found, first):
            told = tuple(_of_block(found[first:]))
            introduced = _introduced(text, line) or _is_listed(found, first)
            evidence = (*told, *_of_first(line, introduced), *_of_above(found, first, told))
            yield Cut(first, _opening(line.traits), evidence)


def _opening(traits: Traits) -> int:
    """Return the kind of the first line of a signature, as its place in `OPENINGS`."""
    kinds = (
        traits & {"dashes", "delimiter"},
        traits & {"final"},
        traits & {"said"},
        traits & {"like_closing"},
        traits & _NAMED,
    )
    return next((n for n, kind in enumerate(kinds) if kind), len(kinds))


def _anchors(found: Sequence[Line], number: int) -> bool:
    """Whether a line is one that hardly anything but a signature follows."""
    traits = found[number].traits
    if traits & {"final", "dashes", "like_closing"}:
        return True
    if found[number].apart and "registered" in traits and traits & {"parts", "office"}:
        return True
    below = found[number + 1 : number + 1 + MOST_BEFORE_CONTACT]
    if not below:
        return False
    if "said" in traits:
        return bool(below[0].traits & _NAMED)
    named = found[number].apart and traits & _NAMED
    return bool(named) and any(x.traits & {"contact", "office"} for x in below)


def _may_stand_below(line: Line, anchored: bool) -> bool:
    """Whether a sentence may be part of a signature that begins further above."""
    if not anchored or line.traits & {"code"}:
        return False
    if line.traits & {"asks", "item"}:
        return bool(line.traits & {"legal", "advert"})
    return True


def _is_said_in_text(line: Line, below_dashes: bool) -> bool:
    """Whether a line is a sentence, a question, an item or code: none begins a signature.

    Below `-- ` a sentence may stand, as a motto.
    """
    traits = line.traits
    if traits & {"long", "asks"} or _is_code(traits):
        return True
    if below_dashes:
        return False
    if "item" in traits:
        return traits.isdisjoint(_NAMED | {"mailbox"})
    if not traits.isdisjoint(_CLOSING | {"disclaimer"}) or (
        "like_closing" in traits and traits & _SPOKEN
    ):
        return False
    if "prose" in traits and "stops" in traits:
        return True
    spoken = "mostly_small" in traits and not traits.isdisjoint(_SENTENCES)
    return spoken and traits.isdisjoint(("contact", "office", "device"))


def _may_begin(text: Sequence[str], found: Sequence[Line], first: int) -> bool:
    """Whether a signature may begin with a line, by what may never be one."""
    line, block = found[first], found[first:]
    if not any(c.isalnum() for above in text[: line.index] for c in above):
        return False
    if not line.traits & {"formula", "device"} and (_introduced(text, line) or _leads(line)):
        return False
    if line.traits.isdisjoint(_BEGINNING) and _tells(line) and not _names_owner(block):
        return False
    eastern = "eastern" in line.traits and line.traits.isdisjoint(_BEGINNING | _SHOWN_EASTERN)
    if eastern and not is_eastern_name(line.text, text):
        return False
    if _FILE.search(line.text) and not line.traits & {"mailbox", "link", "office", "final"}:
        return False
    if line.traits.isdisjoint(_SIGNING) and _is_billed(found, first):
        return False
    listed = line.traits.isdisjoint(_CLOSING) and _is_listed(found, first)
    return not listed and not _lists(block) and not _only_thanks(block)


def _tells(line: Line) -> bool:
    """Whether a line begins as what somebody tells: `Monday`, `Invoice 2025-17`, `My number: …`."""
    if "numbered_name" in line.traits and shows.is_of_matters(line.text):
        return True
    said = "prose" in line.traits and line.traits & {"number", "contact"}
    first = line.text.split(maxsplit=1)[0].strip(",.!:").casefold() if said else ""
    return first in PROSE or is_answer(line.text)


def _names_owner(block: Sequence[Line]) -> bool:
    """Whether a block begins with a firm, or with the one name over what reaches somebody: `April
    Jones`, though an answer may begin so."""
    line, *below = block
    if "office" in line.traits:
        return True
    reached = any(not one.traits.isdisjoint(("contact", "mailbox", "office")) for one in below)
    others = (one for one in below if "office" not in one.traits)
    named = any(not one.traits.isdisjoint(("name", "given")) for one in others)
    return " " in line.text.strip() and is_name(line.text) and reached and not named


def _is_listed(found: Sequence[Line], first: int) -> bool:
    """Whether a line belongs to what a line above introduces, no sentence having ended since."""
    ended = (line for line in reversed(found[:first]) if line.traits & {"stops", "asks", "colon"})
    return "colon" in next(ended, found[first]).traits


def _is_billed(found: Sequence[Line], first: int) -> bool:
    """Whether lines tell who a bill is for, which the lines above speak of."""
    told = any("registered" in line.traits for line in found[first:])
    return told and any(shows.is_of_bills(line.text) for line in found[max(0, first - 2) : first])


def _leads(line: Line) -> bool:
    """Whether a line introduces those below it."""
    return line.text.rstrip("*_ ").endswith(_COLONS)


def _only_thanks(block: Sequence[Line]) -> bool:
    """Whether lines are thanks alone, which are said to somebody."""
    return all("said" in x.traits and not x.traits & {"final", "comma"} for x in block)


def _lists(block: Sequence[Line]) -> bool:
    """Whether lines are links, people or things that a message ends with."""
    shown = [x.traits for x in block if not _BARE_LINK.match(x.text)]
    if not any(traits & _SHOWING for traits in shown):
        return True
    if any(traits & _CLOSING for traits in shown):
        return False
    if not any(traits & _PEOPLE and not _is_eastern_number(traits) for traits in shown):
        return len(frozenset[str]().union(*shown) & _KINDS) < LEAST_UNNAMED
    known = any(traits & {"given", "small_name", "writer", "contact", "office"} for traits in shown)
    if len(shown) < len(block) and not known:
        return True
    vouched = any(traits & {"contact", "office"} for traits in shown)
    names = sum("name" in traits for traits in shown)
    people = sum({"name", "given"} <= traits for traits in shown)
    return not vouched and (names > MOST_NAMES or people > 1)


def _is_eastern_number(traits: Traits) -> bool:
    """Whether a line in Chinese or Japanese says a number or an address, and names nobody."""
    return traits & _PEOPLE == {"eastern_like"} and not traits.isdisjoint(("contact", "number"))


def _introduced(text: Sequence[str], line: Line) -> bool:
    """Whether the text above a line breaks off, so that the line belongs to it."""
    above = next((x for x in reversed(text[: line.index]) if x.strip()), "").rstrip()
    if shows.closes(above.strip()):
        return False
    above = above.rstrip("*_ ")
    return above.endswith(_COLONS) or _GOES_ON.search(above[-12:]) is not None


def _of_first(line: Line, introduced: bool) -> Iterator[str]:
    """Yield what the first line of a signature shows, with and without a space above it."""
    place = "apart" if line.apart else "joined"
    yield f"first.{place}"
    for trait in line.traits:
        yield f"first.{trait}"
        yield f"first.{place}.{trait}"
    if introduced:
        yield "first.introduced"


def _of_above(found: Sequence[Line], first: int, told: Sequence[str]) -> Iterator[str]:
    """Yield what the line above a signature shows, and whether something is listed there."""
    if not first:
        return
    yield from (f"above.{trait}" for trait in found[first - 1].traits - {"matter"})
    if not found[first - 1].traits & {"stops", "asks", "comma"}:
        yield "above.open"
    if found[first].traits & _CLOSING:
        return
    if any("matter" in line.traits for line in found[max(0, first - 2) : first]):
        yield "asked_for"
        yield from (f"asked_for.{name}" for name in told if name.startswith("kinds"))


def _of_block(block: Sequence[Line]) -> Iterator[str]:
    """Yield what the lines of a signature show together."""
    yield "cut"
    shown = frozenset[str]().union(*(line.traits for line in block))
    yield from (f"has.{trait}" for trait in sorted(shown & _TOGETHER))
    if len(block) <= 2:
        yield f"lines{len(block)}"
    if shown.isdisjoint(("contact", "office", "final", "writer")):
        yield "unproven"
    if _is_said_in_text(block[-1], False) and block[-1].traits.isdisjoint(("legal", "advert")):
        yield "ends_said"
    kinds = min(MOST_KINDS, len(shown & _KINDS) + bool(shown & _NAMED))
    yield f"kinds{kinds}"
    if block[0].traits & _NAMED:
        yield f"named.kinds{kinds}"
    spaces = (
        "spaces.rich" if kinds >= LEAST_RICH else f"spaces.{OPENINGS[_opening(block[0].traits)]}"
    )
    yield from [spaces] * min(MOST_SPACES, sum(line.apart for line in block[1:]))
    unlike = sum(not line.traits & _OF_CARDS for line in block[1:])
    yield f"unlike{min(unlike, MOST_SPACES)}"
    if block[0].apart and unlike <= 1 and "office" in shown and block[0].traits & _CARD:
        yield f"card{kinds}"
    if len(block) > 1 and all(line.traits & _LIKE for line in block[1:]):
        yield "likely"
        yield from (f"likely.{trait}" for trait in sorted(block[0].traits & _OPENING))
    elif len(block) > 1 and block[1].traits & _NAMED:
        yield from (f"then_name.{trait}" for trait in sorted(block[0].traits & _OPENING))


OPENINGS = ("rule", "final", "said", "like", "name", "other")
"""What a signature may begin with."""
MOST_BEFORE_CONTACT = 3
MOST_SPACES = 4
MOST_KINDS = 5
LEAST_RICH = 4
LEAST_UNNAMED = 3
"""Where nobody is named, so many kinds of things make lines a signature."""
_KINDS = frozenset(
    ("office", "contact", "mailbox", "link", "advert", "legal", "parts", "registered")
)
"""Of what signatures of companies are made."""
_CARD = frozenset(("name", "small_name", "writer", "capitals", "office", "parts"))
"""What the first line of a business card shows."""
MOST_EASTERN_CLOSING_CHARS = 24
MOST_EASTERN_NAME_CHARS = 8
_SPOKEN = frozenset(("warm", "comma"))
"""What a longer closing shows that no list has."""
_NO_CODE = frozenset(("final", "delimiter"))
_FEW = frozenset(("words1", "words2", "words4"))
_NO_CLOSING = frozenset(
    ("asks", "number", "contact", "office", "code", "item", "colon", "long", "labelled", "small",
     "delimiter", "dashes", "link", "mailbox", "house", "numbered_name")
)  # fmt: skip
_NO_NAME = frozenset(
    ("asks", "stops", "long", "code", "item", "small", "colon", "prose", "words14")
)
_NAMED = frozenset(("name", "small_name", "writer", "numbered_name", "titled"))
_LIKE = _NAMED | {
    "contact",
    "office",
    "device",
    "delimiter",
    "eastern_like",
    "final",
    "legal",
    "advert",
    "registered",
}
"""What a line of a signature shows, at least one of it."""
_OF_CARDS = _LIKE | {"parts", "mailbox", "link", "house", "some_legal", "dashed"}
_CLOSING = frozenset(("said", "final", "formula"))
_SIGNING = _CLOSING | {"given", "writer", "device", "delimiter", "dashes", "like_closing"}
"""What a signature begins with that is no firm's address."""
_SHOWING = _LIKE - {"delimiter"} | {"said", "initials", "with_writer", "named_first"}
"""…of which a signature has to have something."""
_PEOPLE = _NAMED | {"given", "with_writer", "initials", "device", "eastern_like", "delimits"}
_SENTENCES = frozenset(("words8", "words14", "words99"))
_BEGINNING = _CLOSING | {"delimiter", "dashes", "device", "like_closing", "writer", "legal"}
"""What begins a signature, whatever word it begins with."""
_SHOWN_EASTERN = frozenset(
    ("office", "contact", "mailbox", "link", "numbered_name", "titled", "parts", "initials")
)
"""What a line in Chinese or Japanese shows that begins a signature and is no name."""
_OPENING = frozenset(("said", "final", "like_closing", "name", "small_name", "delimiter", "prose"))
_TOGETHER = frozenset(
    ("name", "given", "small_name", "contact", "office", "final", "said", "device", "writer",
     "with_writer", "prose", "number", "item", "like_closing", "legal", "advert", "registered")
)  # fmt: skip
