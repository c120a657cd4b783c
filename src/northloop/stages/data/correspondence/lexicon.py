"""How people greet, sign and quote: `lexicon.toml`, a table for each language.

Each entry is a list of patterns apart by `|`, matched without regard to case. What holds in every
language (a mailbox, a date, a row of dashes) is not here but in the modules that use the tables.
"""

from __future__ import annotations

import re

import msgspec

from northloop.core.packaged import packaged
from northloop.core.patterns import lazy
from northloop.stages.data.wording import either, phrases, phrases_of, words


class Lexicon(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The set phrases of mails in one language."""

    greetings: str
    """What opens a mail and may have a name behind it."""
    dears: str = ""
    """Adjectives that greet only with a name behind them, and mean something else elsewhere."""
    addressed: str = ""
    """Words that greetings go to and that are no names: `team`, `alle zusammen`."""
    closings: str
    """What closes a mail and can only be that."""
    cores: str = ""
    """The last words of longer closings: `with my very best regards`."""
    partings: str = ""
    """What closes a mail where nothing but a name follows: `best`, `love`, `bis bald`."""
    thanks: str
    """Thanks of a line of their own. They close a mail where a name or a closing follows."""
    wrote: str
    """The verb of `On Monday, Anna wrote:`."""
    senders: str
    """Labels of the headers that quoted messages begin with."""
    dates: str
    recipients: str
    subjects: str
    originals: str
    """The words between dashes over a quoted message, or before a colon over a forwarded one."""
    reply_above: str
    """What help desks write over the line that one has to answer above."""
    notices: str
    """What help desks write over a comment that they send: `Your request (17) has been updated`."""
    devices: str
    """Footers of programs and telephones."""
    disclaimers: str
    """How legal footers begin."""
    offices: str = ""
    """Words of positions, departments and kinds of company in signatures."""
    contacts: str = ""
    """Labels before numbers and addresses in signatures."""


class _Tables(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `lexicon.toml` holds."""

    languages: dict[str, Lexicon]
    elsewhere: dict[str, str]
    legal: dict[str, str]
    lists: dict[str, str]


_TABLES = packaged(__package__, "lexicon.toml", _Tables)
_LISTS = _TABLES.lists
LEXICONS = _TABLES.languages
"""Language → its set phrases: the languages whose mails are understood."""
DEVICES = words(_LISTS["devices"])
"""Every footer of a program or a telephone has one of these words in it, in small letters."""
PROGRAMS = phrases_of(_LISTS["programs"])
"""Names of devices and programs, each of which says by what a mail was sent."""
TELEPHONES = phrases_of(_LISTS["telephones"])
"""What else it may be sent from, in words that other sentences have too."""
BREVITY = phrases_of(_LISTS["brevity"])
"""What footers of telephones ask to be excused."""
FETCHES = phrases_of(_LISTS["fetches"])
"""How footers begin that advertise a program."""
_DEVICE = rf"(?:[^.!?\n]{{0,40}}?{either('|'.join(map(re.escape, sorted(DEVICES))))}[^\n]{{0,60}})"
PROSE = words(_LISTS["prose"])
"""Words of sentences, in the languages that are written with spaces: hardly a name, an address or a
position has one."""
MATTERS = phrases_of(_LISTS["matters"])
"""How words begin by which people say that an address, a name or a number is what they write of."""
LEGAL = _TABLES.legal
"""What legal footers speak of, by kind: a sentence that speaks of two is hardly a customer's."""
BILLED = phrases_of(_LISTS["billed"])
"""By which people say whom a bill is to be made out to, who is then told below."""
INVITES = phrases_of(_LISTS["invites"])
"""How the lines begin by which desks ask to be rated, under an answer."""
URGENT = phrases_of(_LISTS["urgent"])
"""What notices of absence say of those who cannot wait."""
GUARDED = phrases_of(_LISTS["guarded"])
"""How the lines begin that say by what a mail was scanned or sealed."""
GUARDS = phrases_of(_LISTS["guards"])
OF_DESKS = phrases_of(_LISTS["of_desks"])
"""Of what help desks speak below the signatures of their agents."""
WARM = phrases_of(_LISTS["warm"])
"""How words begin that closings are made of, and other sentences too."""
WISHED = phrases_of(_LISTS["wished"])
"""What people wish each other to have, where they part."""
ADVERTS = phrases_of(_LISTS["adverts"])
"""What signatures advertise: pages, rooms to meet in, hours, awards."""
ANSWERS = words(_LISTS["answers"])
"""Words by which people answer what they were asked, in lines as short as names."""
ELSEWHERE = _TABLES.elsewhere
"""Of other languages, what is said most often around messages: how people greet, thank and close,
and what programs write over quoted messages and below one's own."""


def patterns(field: str) -> str:
    """Return one group of what all languages have in a field of `Lexicon`."""
    texts = [*(getattr(x, field) for x in LEXICONS.values()), ELSEWHERE.get(field, "")]
    return either("|".join(phrase for text in texts if text for phrase in phrases(text)))


def device_patterns() -> str:
    """Return one group of what all languages have in `devices`.

    What names a device is long: it stands there once for all that may come before it.
    """
    before: dict[str, list[str]] = {}
    for devices in (*(x.devices for x in LEXICONS.values()), ELSEWHERE["devices"]):
        for phrase in phrases(devices):
            start, device, end = phrase.partition("{device}")
            before.setdefault(device + end, []).append(start)
    ways = [f"{either('|'.join(starts))}{end}" for end, starts in before.items()]
    return f"(?:{'|'.join(ways)})".replace("{device}", _DEVICE)


MARKS = r"[^\w\n【]*"
"""What may stand in a line before its first word."""


def line_of(pattern: str) -> re.Pattern[str]:
    """Return a pattern compiled to match from the beginning of a line, marks before it skipped."""
    return lazy(MARKS + pattern, re.I)
