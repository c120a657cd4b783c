"""What machines write: paths, identifiers, versions, digests. No people's names stand in them.

A name in a sentence stands on its own. A word that is glued to others by dots, slashes, underscores
or inner capitals is part of an identifier, and what a machine counts (threads, requests, builds)
says nothing of a person. A folder of a user's own (`/home/jane`) is the exception: it names them.
"""

from __future__ import annotations

import re
from itertools import pairwise

from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.lexicon import AMBIGUOUS, COMMON_WORDS, FIRST_NAMES, SURNAMES
from northloop.stages.data.wording import words

MAX_TOKEN_CHARS = 120
"""This far on either side of a word its token is read."""
_GLUE_BEFORE = lazy(r"(?:[\w$]_|[$#%&]|::|->|(?<!\S)--?)$")
_GLUE_AFTER = lazy(r"::|->|[/]v?\d|\$|\(\)|=[\w\"]")
_JOINED_ON = lazy(r"_\w")
_OWN_FOLDER = lazy(r"(?:home|users|documents and settings|profiles)[/\\]+$", re.I)
_FOLDERS = lazy(r"(?:[/\\][^/\\]*|^[\w.~-]*)[/\\]$")
_CODE_FILE = lazy(
    r"\.(?:java|class|jar|py|js|ts|c|cc|cpp|cs|h|hpp|go|rs|rb|php|kt|scala|so|dll|exe|sh|bat|ps1"
    r"|xml|json|ya?ml|toml|conf|cfg|ini|log|sql|properties)\b"
)
_DOTTED = lazy(r"(?:[\w$<>-]+\.){2,}[\w$<>-]+")
_GLUED_BEFORE = lazy(r"[^ \t\n\"'“”‘’`()\[\]{}<>,;|=]*")
"""Read from a word backwards."""
_GLUED_AFTER = lazy(rf"\S{{0,{MAX_TOKEN_CHARS}}}")
_SHORT_PARTS = 3
"""Letters at most before the inner capital of a name: `McKay`, `DeShawn`."""
_CODE_IN_TEXT = lazy(
    r"[a-z]Exception\b|\{(?:code|noformat)|```|\bat [\w$]+\.[\w$]+\.|[\w\]]\(\)|\w::\w|</\w"
    r"|\b[A-Z]{2,}-\d{3,}\b|\b[a-z]\w*\.(?:java|py|js|xml|json|yaml|sh|conf|log)\b|\b(?:JDK|JVM|NPE)\b"
)
_COUNTED = words(
    """
    thread request process trace span correlation event job task block build bug issue commit
    container node cluster native instance extended pull pr patch line revision changeset version
    bugs issues commits patches lines requests
    """
)
"""Whose numbers machines give out."""
_COUNTED_BY = rf"(?:{'|'.join(sorted(_COUNTED))})"
_ITS_NUMBER = lazy(
    rf"(?<![^\W_]){_COUNTED_BY}(?:[ _-]?(?:id|number|no\.?))?[\"']?\s*[:=#(]*\s*[\"'(#]?$", re.I
)
_WEB = lazy(r"https?://|www\.", re.I)
"""Pages are named after people: `https://people.example/in/jane-doe`."""
_AUTHORITY = lazy(r"\w://\S*$")
_COLOUR = lazy(r"(?:colou?r|background|fill|stroke)\s*[:=]\s*[\"']?$", re.I)
LIMITS = frozenset(str(2**bits - low) for bits in (31, 32, 53, 63, 64) for low in (0, 1))
"""The largest numbers that machines count to."""
_MEASURED = lazy(
    r"(?<![^\W_])(?:(?:unix|epoch)[ -]?time|time ?stamp|epoch|bytes?|sectors?)[\"']?\s*[:=(]?\s*$"
    r"|(?<![^\W_])(?:offset|status|length|size|inode|rss|pid)[\"']?\s*[:=]\s*$",
    re.I,
)
"""What stands before a count."""
_CLOCK = lazy(r"(?<!\d)\d{1,2}:\d{2}:$")
_TIME = lazy(r"(?<![^\W_])time[\"']?\s*[:=(]?\s*$", re.I)
_EPOCH = lazy(r"1\d{9}(?:\d{3})?")
"""Seconds or milliseconds since 1970. No phone number of ten digits begins with a one."""
_LISTED = lazy(r"(?<!\w)in\s*\(\s*[\"']?$|boundary=\S*$", re.I)
_GOODS = lazy(r"(?<![^\W_])(?:ean|gtin|upc|isbn|issn)(?:-?1[034])?[:\s#]*$", re.I)
UUID = lazy(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
DIGEST = lazy(r"(?:[0-9a-f]{6,}|[0-9A-F]{6,}|0x[0-9a-f]+)")
"""Digests, commits and ids that machines draw: they open no door and name nobody."""
_CATALOGUES = (
    r"(?:CVE|CWE|CAPEC|GHSA|RHSA|DSA|USN|RFC|ISO|IEC|IEEE|DIN|EN|JSR|PEP|JDK|KB|MS|PRISMA)"
)
PUBLIC_NUMBER = lazy(rf"(?:#\s?)?{_CATALOGUES}[- ]?\d", re.I)
IN_CATALOGUE = lazy(rf"\b{_CATALOGUES}[- ]$", re.I)
"""Numbers of public catalogues: everybody's, so nobody's."""


def in_identifier(text: str, start: int, end: int) -> bool:
    """Whether the word or words from `start` to `end` are part of what a machine writes."""
    is_camel_case = any(_is_camel_case(word) for word in text[start:end].split())
    return is_camel_case or is_glued(text, start, end)


def is_glued(text: str, start: int, end: int) -> bool:
    """Whether other parts of an identifier stand directly at the words, whatever they look like."""
    before, after = _token_around(text, start, end)
    if before.endswith(("~", "@")):  # somebody is mentioned
        return False
    if _JOINED_ON.match(after) and not _is_first_name(text[start:end]):
        return True
    if _GLUE_AFTER.match(after) or _CODE_FILE.match(after) or _GLUE_BEFORE.search(before):
        return True
    if before.endswith(("/", "\\")) and not _WEB.search(before):
        return _OWN_FOLDER.search(before) is None and _FOLDERS.search(before) is not None
    return _is_dotted(before + text[start:end] + after, len(before))


def numbered_by_a_machine(text: str, start: int) -> bool:
    """Whether the words before `start` say that a thread, a request or the like has this number."""
    return _ITS_NUMBER.search(text, max(0, start - 32), start) is not None


def is_measured(text: str, start: int, number: str) -> bool:
    """Whether a number without groups is a machine's: a count, a time, a limit, one of goods."""
    if not number.isdecimal() or number in LIMITS:
        return number in LIMITS
    before = text[max(0, start - 32) : start]
    if _TIME.search(before) and _EPOCH.fullmatch(number):
        return True
    return any(cue.search(before) for cue in (_MEASURED, _GOODS)) and not number.startswith("0")


def is_technical(text: str) -> bool:
    """Whether a text has code, a trace or the numbers of tickets in it."""
    return _CODE_IN_TEXT.search(text) is not None


def in_clock(text: str, start: int) -> bool:
    """Whether what begins at `start` are the seconds of a time of day."""
    return _CLOCK.search(text, max(0, start - 8), start) is not None


def is_listed(text: str, start: int) -> bool:
    """Whether `start` lies in a query's list of values or in what parts a message."""
    return _LISTED.search(text, max(0, start - 80), start) is not None


def in_authority(text: str, start: int) -> bool:
    """Whether `start` lies in a web address or the like, behind its `://`."""
    return _AUTHORITY.search(text, max(0, start - MAX_TOKEN_CHARS), start) is not None


def is_colour(text: str, start: int) -> bool:
    """Whether what begins at `start` is given as a colour."""
    return _COLOUR.search(text, max(0, start - 16), start) is not None


def _token_around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what is glued to a stretch, before it and after it."""
    before = text[max(0, start - MAX_TOKEN_CHARS) : start]
    backwards, after = _GLUED_BEFORE.match(before[::-1]), _GLUED_AFTER.match(text, end)
    return backwards[0][::-1] if backwards else "", after[0] if after else ""


def _is_dotted(token: str, at: int) -> bool:
    """Whether a place lies in a name of three or more parts, as packages and hosts have.

    Sentences without a space after the full stop look like it, but begin with an everyday word.
    """
    if token.count(".") < 2:
        return False
    return any(
        found.start() <= at < found.end() and not _begins_sentence(found[0].split(".")[0])
        for found in _DOTTED.finditer(token)
    )


def _begins_sentence(word: str) -> bool:
    return word.lower() in COMMON_WORDS or _is_first_name(word)


def _is_first_name(word: str) -> bool:
    """Whether a word is a first name and nothing else: `jane_doe` is a person, `max_retry` none."""
    return word.lower() in FIRST_NAMES and word.lower() not in AMBIGUOUS


def _is_camel_case(word: str) -> bool:
    humps = [i for i, (a, b) in enumerate(pairwise(word), 1) if a.islower() and b.isupper()]
    if not humps or len(humps) > 1:
        return len(humps) > 1
    first = word[: humps[0]].lower()
    return len(first) > _SHORT_PARTS and first not in FIRST_NAMES and first not in SURNAMES
