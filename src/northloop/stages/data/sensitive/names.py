"""People's names: those the row names itself, those people introduce or sign with, common ones.

Knows contexts ("my name is", "Dear", a sign-off) and a short list of first names; does not know
grammar, so an unusual name without any context is missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from northloop.core.packaged import packaged
from northloop.core.pattern_set import has_any
from northloop.core.patterns import lazy
from northloop.stages.data.languages import UNDERSTOOD, language_of
from northloop.stages.data.sensitive.everyday import is_everyday
from northloop.stages.data.sensitive.lexicon import (
    AMBIGUOUS,
    BRANDS,
    COMMON_WORDS,
    FIRST_NAMES,
    FOREIGN_WORDS,
    NAMED_AFTER_PEOPLE,
    NO_NAMES,
    PLACES,
    SURNAMES,
    TECHNICAL_WORDS,
    WORDY_SURNAMES,
)
from northloop.stages.data.sensitive.spans import Sensitive, Span
from northloop.stages.data.sensitive.technical import in_identifier, is_glued
from northloop.stages.data.wording import any_of, without_marks, words

MAX_NAME_WORDS = 4
KEPT_WORDS = 1 << 14
"""Whether so many words may be names is kept."""
KEPT_NAMES = 256
"""The words of so many people are kept: they are looked for in each of a conversation's turns."""
_LISTS = packaged(__package__, "names.toml", dict[str, str])
_INTRODUCED = lazy(
    r"(?:\b"
    + any_of(_LISTS["introduced"])
    .replace("[#]", r"(?: on (?:the|my) \w+)?(?: is| was|:)?")
    .replace("[$]", r" (?:says?|reads?|asys|shows?)")
    + r"|^(?:full ?)?name\b|^myself)\s*[:\-]?\s*(?:is )?",
)
"""After these a name follows, in small letters too."""
INTRODUCING = words(
    """
    name anme nmae naem nom nombre naam namn navn naz nimi imię chia chamo chamam llam yamo iamo
    apel appel myself holder kall call door label letter heiß heis heet heter hedder apellido
    intestat kontoinhaber nennt noem titula moi
    """
)
"""One of these stands in each of them: most texts have none, and that is known sooner."""
_RELATION = lazy(
    r"\b" + any_of(_LISTS["relation"]).replace("[#]", " (?:to|with)") + r"\b:?,? ",
)
"""After these a word with a capital is a name."""
_BEARER = lazy(r"([^\W\d_]+)(?:['’]s?)?[ \t._-]{1,2}$")
_BEARERS = words(_LISTS["bearers"])
"""Whose name is a person's: of what else has a name (classes, files, hosts) there is no end."""
_MACHINE_AGENT = lazy(
    r"\b(?:user|mail|transfer|transport|build|node|backup|monitoring|ssh|gpg|proxy|update|software)"
    r"[ _-]?agent\b",
    re.I,
)
_BRAND = lazy(any_of(NAMED_AFTER_PEOPLE) + r"\b", re.I)
_TITLE = lazy(
    r"\b"
    + any_of(
        """
        mr | mrs | ms | miss | mx | dr | prof | herrn? | frau | señora? | señorita | sra? | dña
        | monsieur
        | madame | mademoiselle | mme | signora? | sig | sig\\.ra | senhora? | dona | meneer
        | mevrouw
        | mevr | dhr | heer | pani? | panem | pani[ea] | panią | panu | fru
        """
    )
    + r"\b\.? ",
)
"""A name follows, and the title is part of it."""
_SURE_TITLES = words("mr mr. mrs mrs. ms. dr. prof.")
"""After these a name follows in small letters, too."""
_GREETING = lazy(
    r"\b"
    + any_of(_LISTS["greeting"])
    + r"(?: (?:again|so much|very much|a lot|in advance))?[.,!:;]?(?:\s*[-–—]\s*|\s+)",
)
"""After these a name follows that ends where the clause ends."""
_BEING = lazy(
    r"\b" + any_of(_LISTS["being"]) + r":?\s+",
)
"""After these two words with capitals are a name; one is if it is known for one."""
_SPEAKING = words("fala habla parla qui met tu ici") | {"fala o", "fala a", "hier ist"}
"""After these, where a sentence begins, one word with a capital and a comma are enough."""
_FAMILIES = words("familie famille familia famiglia família familjen rodzina")
_SURE_BEING = _FAMILIES | frozenset(
    """
    habla | aqui fala o | aqui fala a | aqui é o | aqui é a | u spreekt met | z tej strony
    """.strip().split(" | ")
)
"""After these one word with a capital is enough, if nothing else follows."""
_HOLDERS = (
    "auf den namen", "au nom de", "a nombre de", "a nome di", "intestat", "em nome de",
    "op naam van", "na nazwisko", "i namnet", "kontoinhaber", "karteninhaber", "titula",
    "rekeninghouder", "kontohavare", "z tej strony",
)  # fmt: skip
"""After these two words are a name in small letters, too, if they are all that the clause says."""
_FROM_A_PLACE = lazy(r"\s+(?:aus|von|du|de|del|da|uit|från|z)\s")
"""Behind a family's name, too: `Familie Wölfle aus dem Höllental`."""
_OWNED = lazy(
    r"\b([^\W\d_][\w\-]{1,40})['’]s (?:\w+ )?"
    r"(?:address|account|order|phone|e-?mail|number|card|parcel|birthday)\b"
)
"""What people own tells that they are people: the word is a name if it has a capital."""
_BARE = lazy(r"\W*((?:[^\W\d_][\w'’\-]*)(?: [^\W\d_][\w'’\-]*){0,2})(?:(?:,| and| -)? \d{4,})?\W*")
"""A message that is nothing but a name, or a name and a number."""
_BEFORE_MAILBOX = lazy(
    r"(?<![\w.'’-])([^\W\d_][\w.'’-]{0,30},?(?: [^\W\d_][\w.'’-]{0,30}){0,3})[\"']? "
    r"(?:<|\[mailto:)(?=[\w.+%-]{1,64}@)"
)
"""Who writes, in the heads of mails and of commits: `Jane Doe <jane@mail.example>`."""
_SIGNED = lazy(r"(?:^|[.!?\n][ \t]*)[-–—~]+ ?(?=[^\W\d_])")
_CAPITALS = lazy(r"([A-Z])(?<![^\W\d_][A-Z])(?=([^\W\d_]{0,30}(?:['’\-][^\W\d_]{1,30}){0,10}))")
"""Words with a capital, and their parts that begin with one; no name is longer."""
_CLAUSE_END = lazy(r"\s*(?:[,.!?:;\n)\]]|[-–—]\s|$|[^\w\s'’])")
_QUOTED = lazy(r"[ ]?\\{0,2}[\"'“„«‘]")
"""Behind a colon: somebody speaks."""
DOES = lazy(
    r"[ ](?:said|says|told|tells|gave|gives|sent|wants|wanted|lives|lived|works|worked|called|calls"
    r"|had|has|came|left|went|never|knows|knew|thinks|thought|paid|wrote|asked|asks|and I)\b"
)
"""What is said of people."""
_PREDICATE = lazy(
    r"\s+(?:is|are|was|were|does|do|has|have|can|should|will|offers?|allows?|supports?|uses|depends"
    r"|provides?|accepts?|serves?|requires?|ist|sind|hat|kann|est|sont|es|está|é)\b"
)
"""What is said of things."""
_AFTER_PARTICLES = lazy(
    r"(?:(?:van|von|de|der|den|del|della|di|da|la|le|al|el|ten|ter|dos|du|ben|bin)[ ]){0,3}+"
    r"(?P<word>[^\W\d_]+)",
    re.I,
)
_PARTICLES_BEFORE = lazy(
    r"(?:(?:van|von|vom|zu|zur|de|der|den|del|della|di|da|las?|los|les?|al|el|ten|ter|dos|du|af|ben"
    r"|bin)[ ]){1,3}+(?=[^\W\d_])",
    re.I,
)
_GIVEN_END = lazy(
    rf"{_CLAUSE_END.pattern}|\s+(?:\d|(?:with|and|here|speaking|is my name|und|et|y|e|en|i|och)\b)"
)
_WORD = lazy(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_NEXT = lazy(r"(?:(?<![^\W\d_]{2})\.)?[ \u00a0](?=[^\W\d_])|-(?=[^\W\d_])|\.(?=[A-Z]\.)")
"""What may stand between two words of a name; a full stop only behind an initial."""
_OF_MAKES = words("my your our one two old new this these damaged broken")
_SMALL_WORD = lazy(r" (?:[a-z]{3,}|Light|Pro|Plus|Mini)\b")
_OF_A_NAME = lazy(r"(?:first|last|sur|full|middle)[ -]?name (?:is|would be) $")
_SPACE = lazy(r"[ \u00a0]?(?=[^\W\d_])")
_PARTICLES = words(
    "van von de der den del della di da la le bin al el ten ter dos du ben ibn st mac o af vom zu"
    " zur"
)
_PREFIXES = words("al el ad an ar as ash at az bin ibn ben abd de d l")
"""Before a hyphen in names: `al-Masri`."""
_SAID_BESIDE = words(
    """
    ja oui sí si sì sim tak nee nein non nie nej hola hallo bonjour bonsoir ciao olá hej cześć merci
    gracias grazie danke bedankt tack obrigado obrigada y e et und en och i el la señor señora
    monsieur madame soy sono sou suis bin ben jestem är con avec mit met med com heiße llamo chiamo
    """
)
_METALS = words("gold silver steel")
_NAMES_BUT_FOR_ACCENTS = words("kära käre março")
"""Words that are first names without their accents alone."""
_MET_ELSEWHERE = words("elle ella inga elke anders rosa julio")
"""First names that are everyday words of other languages."""
_OTHER_SMALL_WORDS = FOREIGN_WORDS - COMMON_WORDS - _PARTICLES - _SAID_BESIDE
_FOREIGN_ALONE = FOREIGN_WORDS - COMMON_WORDS
_LAST_WORD = lazy(r"([^\W\d_]+) $")
_TITLES = words("mr mrs ms miss mx dr prof herr frau sir madam señor señora monsieur madame mme")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae"})
_POSSESSIVE = ("'s", "’s")
_OF_A_THING = lazy(
    r"(?<![^\W_])(?:a|an|the|san|santa|santo|saint|st\.?|los|las|el)[ ]$", re.IGNORECASE
)
"""Before one word: `near a Park`, `the Tamarind`, `San Francisco`."""
_OF_A_PERSON = lazy(
    r"[ ](?:family|account|order|booking|reservation|invoice|file|case|claim|policy|ticket"
    r"|contract|wedding|party|children|kids|boys|girls|twins|brothers|sisters|couple|household"
    r"|estate|residence|novel|book|album|film|movie|song|biography|version|interview)s?\b"
)
"""Behind it: `the Nielsen account`."""
_OF_A_FIRM = lazy(
    r"(?:['’]s)?,?[ ](?:(?:&|and)[ ](?:sons?|co|partners|associates|company)\b|ltd\b|limited\b"
    r"|inc\b|llc\b"
    r"|llp\b|plc\b|corp\b|corporation\b|gmbh\b|ag\b|kg\b|s\.?a\.?r\.?l\b|s\.?r\.?l\b|b\.?v\b|n\.?v\b|oy\b"
    r"|a/s\b|sp\.? z o)",
    re.IGNORECASE,
)
"""Behind a name, the form of a company that is called so."""
_CAPITAL = r"(?-i:[A-ZÀ-ÖØ-ÞŁŚŻĆŠČŽĐÓ])[^\W\d_]{1,30}+(?:['’-][^\W\d_]{1,30}+)?"
_IN_ROW = lazy(rf"{_CAPITAL}(?:[ ]{_CAPITAL})?")
_AND = r",?[ ](?:and|&|or|und|oder|et|ou|y|e|i|en|och|oraz)[ ]"
_BESIDE = lazy(rf"(?:,[ ]{_IN_ROW.pattern}){{0,5}}{_AND}{_IN_ROW.pattern}")
_BEFORE = lazy(rf"(?<![\w'’])(?:{_IN_ROW.pattern},[ ]){{0,5}}{_IN_ROW.pattern}{_AND}$")
_AT_THE_PHONE = lazy(
    rf"(?<![\w'’])(?P<name>{_CAPITAL}(?:[ ]{_CAPITAL}){{0,2}})[ ](?:speaking|am Apparat"
    r"|à l['’]appareil|al aparato|al telefono|ao telefone|aan de lijn|przy telefonie|i telefonen)"
    r"(?=[ ]?[,.!\n]|$)"
)
"""`Guten Tag, Leopoldine Hufnagl am Apparat.`"""
MAX_ROW_CHARS = 120
MAX_CUE_CHARS = 32
CHARS_OF_AN_ARTICLE = 8
MAX_NAME_CHARS = 45
MAX_BARE_CHARS = 60


def names(text: str, lowered: str, known_names: Sequence[str]) -> Iterator[Span]:
    """Yield the people a text names; the words of identifiers are none, the row's own aside."""
    yield from _known(text, lowered, known_names)
    yield from introductions(text, lowered)
    for span in _named(text, lowered):
        if not (in_identifier(text, span.start, span.end) or is_a_thing(text, span)):
            yield span


def is_a_thing(text: str, span: Span) -> bool:
    """Whether a brand, a place or a house is named, and not the person it is called after."""
    brand = _BRAND.match(text, span.start)
    if brand is not None and (brand.end() >= span.end or not is_cued(text, span.start)):
        return True
    if _OF_A_FIRM.match(text, span.end) or _begins_a_title(text, span):
        return True
    before = text[max(0, span.start - CHARS_OF_AN_ARTICLE) : span.start]
    of_a_thing = " " not in span.text and _OF_A_THING.search(before) is not None
    of_a_person = _OF_A_PERSON.match(text, span.end)
    person = of_a_person is not None and (
        not of_a_person[0].startswith(" order") or is_listed(span.text)
    )
    return of_a_thing and not (person or is_introduced(text, span.start))


def _begins_a_title(text: str, span: Span) -> bool:
    """Whether a word that may be a first name stands before an everyday one with a capital."""
    single = " " not in span.text and plain(span.text) in AMBIGUOUS
    follows = single and text[span.end : span.end + 1] == " " and _capital_follows(text, span.end)
    return follows and not _surname_follows(text, span.end)


def introductions(text: str, lowered: str) -> Iterator[Span]:
    """Yield the names after "my name is" and the like."""
    for anchor in _INTRODUCED.finditer(lowered) if has_any(lowered, INTRODUCING) else ():
        yield from _introduced(text, anchor)


def _introduced(text: str, anchor: re.Match[str]) -> Iterator[Span]:
    """Yield the name after "my name is" or the like, in whatever letters."""
    if not _is_of_a_person(text, anchor):
        return
    of_a_key = anchor.start() > 0 and text[anchor.start() - 1] in "._"
    end = _name_end(text, anchor.end(), lower_too=not of_a_key)
    wordy = _with_wordy(text, end)
    if _OF_A_NAME.search(anchor[0]) or (end > anchor.end() and _GIVEN_END.match(text, wordy)):
        end = wordy
    unsure = anchor[0].lower().startswith("name")
    none = in_identifier if unsure else is_glued
    if not none(text, anchor.end(), end):
        yield from _spans(text, anchor.end(), end)


def _named(text: str, lowered: str) -> Iterator[Span]:
    begins = _has_capital_of_a_name(text)
    for anchor in _RELATION.finditer(lowered) if begins else ():
        if not _MACHINE_AGENT.search(text, max(0, anchor.start() - 12), anchor.end()):
            yield from _spans(text, anchor.end(), _name_end(text, anchor.end()))
    for owned in _OWNED.finditer(text) if "'s " in text or "’s " in text else ():
        if is_listed(owned[1]) or (owned[1][0].isupper() and not _is_common(owned[1])):
            yield from _spans(text, *owned.span(1))
    bare = _BARE.fullmatch(text) if len(text) <= MAX_BARE_CHARS else None
    if bare and _is_bare_name(bare[1].split()):
        yield from _spans(text, *bare.span(1))
    titled = begins or has_any(lowered, _SURE_TITLES)
    for title in _TITLE.finditer(lowered) if titled else ():
        sure = title[0].strip() in _SURE_TITLES
        end = _name_end(text, title.end(), lower_too=sure)
        if end > title.end():
            yield from _spans(text, title.start(), end)
        elif linked := _PARTICLES_BEFORE.match(text, title.end()):
            article = title[0].startswith(("herr", "frau")) and linked[0].startswith(("der", "den"))
            end = linked.end() if article else _name_end(text, linked.end())
            yield from _spans(text, title.start(), end if end > linked.end() else title.start())
    for pattern in (_GREETING, _SIGNED) if begins else ():
        for anchor in pattern.finditer(lowered):
            end = _name_end(text, anchor.end())
            expensive = anchor[0].startswith("dear.")
            if not expensive and _CLAUSE_END.match(text, end):
                yield from _spans(text, anchor.end(), end)
    for speaking in _AT_THE_PHONE.finditer(text) if begins else ():
        if not any(map(_is_no_name, speaking["name"].split())):
            yield from _spans(text, *speaking.span("name"))
    for sender in _BEFORE_MAILBOX.finditer(text) if "@" in text else ():
        yield from _spans(text, *_without_label(sender))
    for anchor in _BEING.finditer(lowered) if begins else ():
        cue, end = anchor[0].strip(), _name_end(text, anchor.end())
        if end == anchor.end() and cue.startswith(_HOLDERS):
            given = given_name(text, end)
            end = given if " " in text[end:given] else end
        said = text[anchor.end() : end]
        alone = _is_first_name(said) or (cue in _SURE_BEING and _ends_there(text, end, cue))
        alone = alone or (cue in _SPEAKING and _speaks(text, anchor, end))
        if (" " in said or alone) and not (cue == "im" and _is_elsewhere(text)):
            yield from _spans(text, anchor.end(), end)
    yield from _common(text)


def _ends_there(text: str, end: int, cue: str) -> bool:
    of_a_family = cue in _FAMILIES and _FROM_A_PLACE.match(text, end) is not None
    return of_a_family or _CLAUSE_END.match(text, end) is not None


def _speaks(text: str, cue: re.Match[str], end: int) -> bool:
    """Whether a sentence begins with a cue, and a comma follows the name: `Met Sanne, ik …`."""
    before, said = text[: cue.start()].rstrip(" "), text[cue.end() : end]
    begins = not before or before[-1] in "\n.!?,"
    none = not said or plain(said) in PLACES
    return begins and not none and text.startswith(",", end)


def _has_capital_of_a_name(text: str) -> bool:
    """Whether a word with a capital may be a name, as it has to be behind most cues.

    Beyond ASCII that is not asked.
    """
    return not text.isascii() or any(
        _can_be_capital_name(capital + rest) for capital, rest in _CAPITALS.findall(text)
    )


@lru_cache(maxsize=KEPT_WORDS)
def _can_be_capital_name(word: str) -> bool:
    return _can_be_name(word, lower_too=False)


def _is_of_a_person(text: str, anchor: re.Match[str]) -> bool:
    """Whether it is a person that "name:" gives the name of, and not a file or a class."""
    if not anchor[0].lower().startswith("name"):
        return True
    bearer = _BEARER.search(text, max(0, anchor.start() - 24), anchor.start())
    return bearer is None or len(bearer[1]) <= 2 or bearer[1].lower() in _BEARERS


def _without_label(sender: re.Match[str]) -> tuple[int, int]:
    """Return where the name before a mailbox stands, from its first word with a capital on."""
    start, end = sender.span(1)
    for word in _WORD.finditer(sender.string, start, end):
        if word[0][0].isupper() and not _is_common(word[0]):
            return word.start(), end
    return end, end


def _spans(text: str, start: int, end: int) -> Iterator[Span]:
    if end - start >= 2:
        yield Span(start, end, Sensitive.NAME, text[start:end])


def _known(text: str, lowered: str, known_names: Sequence[str]) -> Iterator[Span]:
    """Yield mentions of the row's own people, whole or by one of their names.

    A name that is a word too (`Will`, `Can`, `Li`) counts only next to another of the names, and
    the `de la` of `Ana de la Fuente` with such a name behind it.
    """
    for name in known_names:
        parts = _parts_of(name)
        if not any(part in lowered for part in parts):
            continue
        for word in _WORD.finditer(text):
            mention = _without_possessive(word[0])
            if mention.lower() not in parts:
                continue
            linked = mention.lower() in _PARTICLES
            end = _grown(text, word.start() + len(mention), parts)
            if end > word.start() + len(mention) or not (linked or _is_wordy(mention)):
                yield Span(word.start(), end, Sensitive.NAME, text[word.start() : end])


@lru_cache(maxsize=KEPT_NAMES)
def _parts_of(name: str) -> frozenset[str]:
    """Return the words of a name that it may be mentioned by, in small letters."""
    return frozenset(w.lower() for w in _WORD.findall(name) if len(w) >= 2) - _TITLES


def _grown(text: str, at: int, parts: frozenset[str]) -> int:
    """Return where a mention ends: after the name's other words that follow it, the last of which
    is no `de`."""
    end = reached = at
    while reached - at < MAX_NAME_CHARS and (gap := _NEXT.match(text, reached)):
        word = _WORD.match(text, gap.end())
        if word is None:
            break
        part = _without_possessive(word[0])
        initial = len(part) == 1 and part.isupper()
        if part.lower() not in parts and not initial:
            break
        reached = word.start() + len(part)
        end = end if part.lower() in _PARTICLES else reached
    return end


def _is_wordy(part: str) -> bool:
    return len(part) < 3 or _is_common(part) or plain(part) in AMBIGUOUS


def _without_possessive(word: str) -> str:
    return word[:-2] if word.endswith(_POSSESSIVE) else word


def _name_end(text: str, start: int, *, lower_too: bool = False) -> int:
    """Return where the name that begins at `start` ends; `start` if there is none."""
    end = at = start
    for taken in range(MAX_NAME_WORDS):
        word = _WORD.match(text, at)
        if word is None:
            break
        linked = (taken or lower_too) and _is_particle(text, word, lower_too)
        linked = linked or (not taken and lower_too and word[0][0].isupper())
        if not (linked or _can_be_name(word[0], lower_too=lower_too)):
            break
        label = taken and text.startswith(":", word.end())
        if label or (not taken and word[0].lower() in TECHNICAL_WORDS):
            break
        if word[0].lower() not in _TITLES:
            end = word.end()
        if word[0].endswith(_POSSESSIVE):
            return end - 2
        gap = _NEXT.match(text, word.end())
        if gap is None:
            break
        at = gap.end()
    return end


def _is_particle(text: str, word: re.Match[str], lower_too: bool = False) -> bool:
    """Whether a word is a `van` or `de` with a name after it."""
    if word[0].lower() not in _PARTICLES:
        return False
    follows = _capital_follows(text, word.end())
    return follows or (lower_too and _name_follows(text, word.end()))


def _name_follows(text: str, at: int) -> bool:
    """Whether a word follows, behind other particles, that is no everyday one."""
    for _ in range(MAX_NAME_WORDS):
        gap = _NEXT.match(text, at)
        word = _WORD.match(text, gap.end()) if gap else None
        if word is None or word[0].lower() not in _PARTICLES:
            return word is not None and not is_everyday(word[0].lower()) and len(word[0]) > 2
        at = word.end()
    return False


def _capital_follows(text: str, at: int) -> bool:
    for _ in range(MAX_NAME_WORDS):
        gap = _NEXT.match(text, at)
        word = _WORD.match(text, gap.end()) if gap else None
        if word is None or word[0].lower() in TECHNICAL_WORDS:
            return False
        if word[0] not in _PARTICLES:
            return word[0][0].isupper() and not _is_common(word[0])
        at = word.end()
    return False


def _surname_follows(text: str, at: int) -> bool:
    """Whether a word with a capital follows that is no everyday one: `Rose Gold` is a colour."""
    if not _capital_follows(text, at):
        return False
    gap = _NEXT.match(text, at)
    word = _WORD.match(text, gap.end()) if gap else None
    low = word[0].lower() if word else ""
    if low in _PARTICLES or (word is not None and is_listed(word[0])):
        return True
    return not is_everyday(low) or low in WORDY_SURNAMES - _METALS


def _can_be_name(word: str, *, lower_too: bool) -> bool:
    if "-" in word and word[0].islower():
        prefix, _, rest = word.partition("-")
        word = rest if prefix in _PREFIXES and rest[0].isupper() else word
    capital = word[0].isupper()
    if is_listed(word):
        return capital or lower_too
    if _is_common(word) or len(word) > 20 or (not capital and is_everyday(word)):
        return False
    if len(word) > 3 and word.isupper():
        return lower_too
    return capital or (lower_too and len(word) >= 2)


def _is_bare_name(parts: Sequence[str]) -> bool:
    """Whether a whole message of one to three words is a name: it begins with a listed one."""
    first = plain(parts[0])
    listed = first in FIRST_NAMES and (first not in AMBIGUOUS or len(parts) > 1)
    return listed and not any(_is_common(part) for part in parts)


def _is_first_name(word: str) -> bool:
    return plain(word) in FIRST_NAMES


def is_introduced(text: str, start: int) -> bool:
    """Whether the words just before say who somebody is: `ik ben`, `sou a`."""
    before = text[max(0, start - MAX_CUE_CHARS) : start].lower()
    found = (m for cue in (_BEING, _INTRODUCED) for m in cue.finditer(before))
    return any(
        m.end() == len(before)
        and not (m[0].strip() == "im" and _is_elsewhere(text))
        and _is_of_a_person(before, m)
        for m in found
    )


def is_cued(text: str, start: int) -> bool:
    """Whether the words just before go with people: an introduction, a title, a greeting."""
    before = text[max(0, start - MAX_CUE_CHARS) : start].lower()
    patterns = (_RELATION, _TITLE, _GREETING)
    return is_introduced(text, start) or any(
        m.end() == len(before) for cue in patterns for m in cue.finditer(before)
    )


def has_listed(text: str) -> bool:
    """Whether one of the words is a common first name or surname."""
    return any(is_listed(word[0]) for word in _WORD.finditer(text))


def begins_a_name(word: str) -> bool:
    """Whether a word with a capital is a common first name, be it a word too."""
    return word[0].isupper() and plain(word) in FIRST_NAMES


def is_listed(word: str) -> bool:
    """Whether a word is a common first name or surname."""
    name = plain(word)
    return name in FIRST_NAMES or name in SURNAMES


def _is_common(word: str) -> bool:
    low = word.lower().replace("’", "'")
    return low in COMMON_WORDS or (low in NO_NAMES and not is_listed(word))


def given_name(text: str, start: int) -> int:
    """Return where the name ends that somebody gives who was asked for it; `start` if none does.

    In small letters it has to be all that the clause says.
    """
    first = _AFTER_PARTICLES.match(text, start)
    if first is None or _is_everyday(first["word"]) or _begins(first["word"]):
        return start
    end = _name_end(text, first.start("word"), lower_too=True)
    end = _with_wordy(text, end) if end > start else end
    capital = text[start : start + 1].isupper()
    return end if capital or _GIVEN_END.match(text, end) else start


def _with_wordy(text: str, at: int) -> int:
    """Return where the surnames that are words, too, end behind `at`."""
    while gap := _SPACE.match(text, at):
        word = _WORD.match(text, gap.end())
        if word is None or word[0].lower() not in WORDY_SURNAMES:
            break
        at = word.end()
    return at


def without_everyday_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without everyday words at either end; an empty one if no name is left.

    Places and brands alone are none either.
    """
    found = list(_WORD.finditer(text, start, end))
    while found and (_is_everyday(found[0][0]) or _begins(found[0][0])):
        if _is_particle(text, found[0]):
            break
        found.pop(0)
    while found and _is_everyday(found[-1][0]) and not _may_be_surname(found):
        found.pop()
    whole = {plain(word[0]) for word in found}
    if not any(len(word) > 1 for word in whole) or whole <= PLACES | BRANDS:
        return end, end
    start, end = found[0].start(), found[-1].end()
    end -= 2 if found[-1][0].endswith(_POSSESSIVE) else 0
    return (end, end) if _may_be_a_thing(text, start, end) else (start, end)


def _may_be_surname(found: Sequence[re.Match[str]]) -> bool:
    """Whether the last word, an everyday one, is a surname: `Tami Want`, `mark green`."""
    last = found[-1][0]
    if last.lower() in WORDY_SURNAMES:
        return True
    first = found[-2][0] if len(found) > 1 else ""
    return _is_titled(last) and _is_titled(first) and _is_first_name(first)


def _is_titled(word: str) -> bool:
    return word[:1].isupper() and word[1:].islower()


def _may_be_a_thing(text: str, start: int, end: int) -> bool:
    """Whether a single word has its capital for another reason than being a name.

    It begins a sentence that goes on (`Mark this as done`, `Gradio is a tool`), is a label
    (`Narrative: …`) or an abbreviation (`KMS`).
    """
    word = text[start:end]
    if not _WORD.fullmatch(word) or not word[0].isupper():
        return False
    if is_listed(word) and plain(word) not in AMBIGUOUS:
        return False
    if _is_place_or_kind(text, start, end):
        return True
    if word.isupper() and (any(c.islower() for c in text) or text[end : end + 2].strip().isdigit()):
        return True
    begins = not text[:start].strip() or text[:start].rstrip()[-1] in ".!?:"
    if plain(word) in AMBIGUOUS:
        doer = DOES.match(text, end) is not None
        told = _GIVEN_END.match(text, end) is not None and word.lower() not in COMMON_WORDS
        return begins and not (doer or told)
    labels = text[end : end + 1] == ":" and not _QUOTED.match(text, end + 1)
    return labels or (begins and _PREDICATE.match(text, end) is not None)


def _is_place_or_kind(text: str, start: int, end: int) -> bool:
    """Whether an unlisted word is a place or a make: `in Ghent`, `my Cairn tent`."""
    before = _LAST_WORD.search(text, max(0, start - MAX_CUE_CHARS), start)
    low = before[1].lower() if before else ""
    if low == "in":
        return not text.startswith(_POSSESSIVE, end)
    after = _SMALL_WORD.match(text, end)
    return low in _OF_MAKES and after is not None and DOES.match(text, end) is None


def _begins(word: str) -> bool:
    """Whether a surname is a small word of some language, which begins a sentence more often."""
    low = plain(word)
    return low in NO_NAMES and low not in FIRST_NAMES


def _is_everyday(word: str) -> bool:
    low = word.lower().replace("’", "'")
    return low in TECHNICAL_WORDS or (not is_listed(word) and is_everyday(low))


def plain(word: str) -> str:
    """Return a word as the lexicon has it: in small letters, without accents."""
    if word.isascii():
        return word.lower()
    return without_marks(word.lower().translate(_LETTERS))


def _common(text: str) -> Iterator[Span]:
    """Yield names that begin with a common first name."""
    foreign: bool | None = None
    if not any(map(_may_begin_a_name, _WORD.findall(text))):
        return
    for word in _WORD.finditer(text):
        if not _may_begin_a_name(word[0]):
            continue
        capital = word[0][0].isupper()
        if _is_ambiguous(text, word) and not _surname_follows(text, word.end()):
            continue
        if not capital:
            foreign = _is_foreign(text) if foreign is None else foreign
            if len(word[0]) < 4 or foreign or _is_in_foreign(text, word.start()):
                continue
        end = _surname_end(text, word.end())
        yield Span(word.start(), end, Sensitive.NAME, text[word.start() : end])


def _is_ambiguous(text: str, word: re.Match[str]) -> bool:
    """Whether a first name may be another word, in the language of its text at least."""
    name = plain(word[0])
    may_be = name in _MET_ELSEWHERE and (word[0].islower() or name == "elle")
    return name in AMBIGUOUS or (may_be and _is_elsewhere(text))


def _is_elsewhere(text: str) -> bool:
    """Whether a text is written in another language than English."""
    told = language_of(text)
    return (told in UNDERSTOOD and told != "English") if told else _is_foreign(text)


@lru_cache(maxsize=KEPT_WORDS)
def _may_begin_a_name(word: str) -> bool:
    """Whether a word is a first name, with a capital if it may be something else."""
    name = plain(word)
    if word.lower() in _NAMES_BUT_FOR_ACCENTS:
        return False
    return name in FIRST_NAMES and (word[0].isupper() or name not in AMBIGUOUS)


def _is_in_foreign(text: str, start: int) -> bool:
    """Whether a small word of another language stands just before: `ci mandi`, `es rosa`."""
    before = _LAST_WORD.search(text, max(0, start - MAX_CUE_CHARS), start)
    return before is not None and before[1].lower() in _OTHER_SMALL_WORDS


def _is_foreign(text: str) -> bool:
    """Whether a text has several small words of other languages, and more than English ones."""
    said = {word.lower() for word in _WORD.findall(text)}
    elsewhere = len(said & _FOREIGN_ALONE)
    return elsewhere > 1 and elsewhere > len(said & COMMON_WORDS)


def companions(text: str, found: Sequence[Span]) -> Iterator[Span]:
    """Yield who is named in a row with somebody that was found: `Perkins, Hill and Copeland`."""
    for span in found:
        if span.type is Sensitive.NAME and span.text[0].isupper():
            row = _BESIDE.match(text, span.end)
            yield from _in_a_row(text, *row.span()) if row else ()
            before = max(0, span.start - MAX_ROW_CHARS)
            row = _BEFORE.search(text[before : span.start])
            yield from _in_a_row(text, before + row.start(), span.start) if row else ()


def _in_a_row(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the names of a stretch that is a row of words with capitals; none if one is no name."""
    named = list(_IN_ROW.finditer(text, start, end))
    if not any(_is_no_name(word) for found in named for word in found[0].split()):
        for found in named:
            yield Span(*found.span(), Sensitive.NAME, found[0])


def _is_no_name(word: str) -> bool:
    low = word.lower()
    if low in WORDY_SURNAMES:
        return False
    known = (
        low in _TITLES
        or plain(word) in PLACES
        or plain(word) in BRANDS
        or (is_everyday(low) and not is_listed(word))
    )
    return known or word.isupper() or low in TECHNICAL_WORDS or low in COMMON_WORDS


def _surname_end(text: str, at: int) -> int:
    """Return where the surname after a first name ends; `at` if none follows."""
    end = at
    while end - at < MAX_NAME_CHARS and (gap := _NEXT.match(text, end)):
        if text.endswith(_POSSESSIVE, 0, end):
            return end - 2
        word = _WORD.match(text, gap.end())
        if word is None:
            break
        capital = word[0][0].isupper() and not _is_common(word[0])
        if not (plain(word[0]) in SURNAMES or capital or _is_particle(text, word)):
            break
        end = word.end()
    return end
