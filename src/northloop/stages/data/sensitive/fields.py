"""Fields of a form within a text: `Customer: Jane Miller`, `Produktname: Clay Club`.

The label decides: whose it is a person's, the words behind it that fill the line are a name, unless
they are everyday ones, as where a role is told (`Customer: Business`) or where somebody speaks
(`Customer: Still waiting`). Whose it is a thing's, they are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.everyday import is_everyday
from northloop.stages.data.sensitive.foreign import FOREIGN_WORDS, NO_NAMES
from northloop.stages.data.sensitive.lexicon import (
    BRANDS,
    COMMON_WORDS,
    PLACES,
    TECHNICAL_WORDS,
    WORDY_SURNAMES,
)
from northloop.stages.data.sensitive.names import begins_a_name, is_listed, plain
from northloop.stages.data.sensitive.spans import Sensitive, Span
from northloop.stages.data.wording import any_of

MAX_LABEL_CHARS = 48
_PERSON = any_of(
    r"""
    customer | client | contact(?:[ ]person)? | passenger | guest | patient | caller | recipient
    | consignee | ordered[ ]by | booked[ ]by | signed(?:[ ]by)? | addressee | attn\.?
    | kund(?:e|in|en) | ansprechpartner(?:in)? | fahrgast | gast | empfänger(?:in)?
    | besteller(?:in)? | bestellt[ ]von | patient(?:in)? | client[e]? | cliente | passager
    | destinataire | commandé[ ]par | contacto | pasajer[oa] | destinatari[oa] | huésped
    | contatto | passegger[oa] | ospite | contato | passageir[oa] | hóspede | klant
    | contactpersoon | passagier | ontvanger | klient(?:ka)? | pasażer(?:ka)?
    | odbiorca | gość | kund | kontakt(?:person)? | mottagare | passagerare | gäst
    """
)
_THING = any_of(
    r"""
    (?:product|article|item|model|plan|brand|title|venue|book|film|movie|song|game)(?:[ ]name)?
    | produkt(?:name|bezeichnung)? | artikel(?:name|bezeichnung)? | (?:nom[ ]du[ ])?produit
    | (?:nom[ ]de[ ]l['’])?article | (?:nombre[ ]del[ ])?producto | (?:nome[ ]d(?:el|o)[ ])?prodotto
    | (?:nome[ ]d(?:el|o)[ ])?produto | product(?:naam)? | artikel(?:naam)?
    | (?:nazwa[ ])?produktu? | produktnamn | artikelnamn
    """
)
_LABEL = lazy(
    rf"(?:^|(?<=[\n;,.|])[ ]?|(?<=\s-)[ ])(?:{_PERSON}[ ]?:|t\.?n\.?v\b\.?:?)[ \t]*",
    re.I,
)
_OF_A_THING = lazy(rf"(?<!\w){_THING}[ ]?:[ \t]*[\"'“„«‘]?$", re.I)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_PARTICLE = r"(?:van|von|vom|zu|zur|af|av|de|der|den|del|della|di|da|do|dos|das|du|la|le|ten|ter|e|y|i)"
_PART = rf"(?:(?:al|el|ad|ben|d|l|t|n)[-'’])?{_CAPITAL}[^\W\d_]*(?:['’-][^\W\d_]+)*\.?"
_VALUE = lazy(
    rf"(?:{_PARTICLE}[ ]|['’][a-z][ ]){{0,3}}{_PART}(?:(?:[ ]{_PARTICLE}){{0,3}}[ ]{_PART}){{0,4}}"
    r"(?=[ \t]*(?:[\n,;|(.]|$))"
)
_WORD = lazy(r"[^\W\d_]+")


def fields(text: str) -> Iterator[Span]:
    """Yield the names that fill a field for a person."""
    for label in _LABEL.finditer(text) if ":" in text or "t.n.v" in text else ():
        value = _VALUE.match(text, label.end())
        if value and _is_name(value[0]):
            yield Span(*value.span(), Sensitive.NAME, value[0])


def is_labelled(text: str, start: int) -> bool:
    """Whether the words just before are a label for a person."""
    before = text[max(0, start - MAX_LABEL_CHARS) : start]
    return any(label.end() == len(before) for label in _LABEL.finditer(before))


def is_a_things(text: str, start: int) -> bool:
    """Whether the words just before are a label for a thing."""
    if ":" not in text[max(0, start - 4) : start]:
        return False
    return _OF_A_THING.search(text[max(0, start - MAX_LABEL_CHARS) : start]) is not None


def _is_name(value: str) -> bool:
    """Whether what fills a field is a name: two words that are no everyday ones, or a listed one.

    Behind a first name any surname may be a word: `Grace Field`.
    """
    said = [word for word in _WORD.findall(value) if not word.islower()]
    known = [word for word in said if is_listed(word)]
    if begins_a_name(said[0]):
        return len(said) > 1 or not is_everyday(said[0].lower())
    if any(_is_word(word) for word in said):
        return bool(known) and not _is_word(said[0])
    return bool(known) or (len(said) > 1 and any(len(word) > 1 for word in said))


def _is_word(word: str) -> bool:
    low = word.lower()
    if low in WORDY_SURNAMES or is_listed(word):
        return False
    lists = (COMMON_WORDS, NO_NAMES, FOREIGN_WORDS, TECHNICAL_WORDS)
    return is_everyday(low) or any(low in of for of in lists) or {plain(word)} <= PLACES | BRANDS
