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
from northloop.stages.data.sensitive.lexicon import (
    BRANDS,
    COMMON_WORDS,
    FOREIGN_WORDS,
    NO_NAMES,
    PLACES,
    TECHNICAL_WORDS,
    WORDY_SURNAMES,
)
from northloop.stages.data.sensitive.names import begins_a_name, is_listed, plain
from northloop.stages.data.sensitive.spans import Sensitive, Span
from northloop.stages.data.wording import any_of, words

MAX_LABEL_CHARS = 32
_OF_TICKETS = words(
    """
    lieferung bestellung rückgabe zahlung paket rechnung artikel konto reklamation gewerbe livraison
    commande retour paiement colis facture compte pedido entrega factura pago devolución paquete
    cuenta empresa ordine consegna reso fattura pagamento pacco conto azienda encomenda fatura
    devolução conta levering bestelling pakket factuur betaling rekening paczka zamówienie faktura
    zwrot reklamacja płatność leverans retur betalning beställning produkt företag
    """
)
"""What a line of a ticket is about, and no name."""
_PERSON = frozenset(
    part.strip()
    for part in """
    customer | client | contact | contact person | passenger | guest | patient | caller | recipient
    | consignee | ordered by | booked by | signed | signed by | addressee | attn | kunde | kundin
    | ansprechpartner | ansprechpartnerin | fahrgast | gast | empfänger | empfängerin | besteller
    | bestellt von | patientin | cliente | passager | passagère | destinataire | commandé par
    | contacto | pasajero | pasajera | destinatario | destinataria | huésped | contatto | passeggero
    | passeggera | ospite | contato | passageiro | passageira | hóspede | klant | contactpersoon
    | passagier | ontvanger | t.n.v | tnv | klient | klientka | pasażer | pasażerka | odbiorca
    | gość | kund | kontakt | kontaktperson | mottagare | passagerare | gäst
    """.replace("\n", " ").split("|")
)
"""The labels of people's fields, in small letters."""
_THING = any_of(
    r"""
    (?:product|article|item|model|plan|brand|title|venue|book|film|movie|song|game)(?:[ ]name)?
    | produkt(?:name|bezeichnung)? | artikel(?:name|bezeichnung)? | (?:nom[ ]du[ ])?produit
    | (?:nom[ ]de[ ]l['’])?article | (?:nombre[ ]del[ ])?producto | (?:nome[ ]d(?:el|o)[ ])?prodotto
    | (?:nome[ ]d(?:el|o)[ ])?produto | product(?:naam)? | artikel(?:naam)?
    | (?:nazwa[ ])?produktu? | produktnamn | artikelnamn
    """
)
_LABEL = lazy(r"(?:^|[\n;,|.]| -)[ ]?(?P<label>[^\W\d_][\w.]{1,16}(?: \w{2,9})?)[ ]?$")
_DONE_BY = lazy(
    r"\b(?:(?:ordered|booked|reserved|placed|paid|signed) by|signed,|bestellt von|commandé par"
    r"|pedido por|ordinato da|besteld door|zamówione przez|beställt av) $",
    re.I,
)
_BEHIND_A_LABEL = lazy(r":[ \t]*|(?<=t\.n\.v)\.:?[ \t]+")
_OF_A_THING = lazy(rf"(?<!\w){_THING}[ ]?:[ \t]*[\"'“„«‘]?$", re.I)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_PARTICLE = (
    r"(?:van|von|vom|zu|zur|af|av|de|der|den|del|della|di|da|do|dos|das|du|la|le|ten|ter|e|y|i)"
)
_PART = rf"(?:(?:al|el|ad|ben|d|l|t|n)[-'’])?{_CAPITAL}[^\W\d_]*(?:['’-][^\W\d_]+)*\.?"
_VALUE = lazy(
    rf"(?:{_PARTICLE}[ ]|['’][a-z][ ]){{0,3}}{_PART}(?:(?:[ ]{_PARTICLE}){{0,3}}[ ]{_PART}){{0,4}}"
    r"(?=[ \t]*(?:[\n,;|(.]|$))"
)
_SMALL = lazy(
    rf"[a-zß-öø-ÿ\u0101-\u017e][\w'’-]+(?:(?:[ ]{_PARTICLE}){{0,3}}[ ][^\W\d_][\w'’-]+){{1,3}}"
    r"(?=[ \t]*(?:[\n,;|(.]|$))"
)
_ONLY_PARTICLE = lazy(_PARTICLE)
_WORD = lazy(r"[^\W\d_]+")


def fields(text: str) -> Iterator[Span]:
    """Yield the names that fill a field for a person."""
    for mark in _BEHIND_A_LABEL.finditer(text) if ":" in text or "t.n.v" in text else ():
        if not _is_a_persons(text, mark.start()):
            continue
        value = _VALUE.match(text, mark.end())
        small = _SMALL.match(text, mark.end())
        if small and _is_small_name(small[0]):
            yield Span(small.start(), small.end(), Sensitive.NAME, small[0])
        elif value and _is_name(value[0]):
            name = value[0].rstrip(".")
            yield Span(value.start(), value.start() + len(name), Sensitive.NAME, name)


def is_labelled(text: str, start: int) -> bool:
    """Whether the words just before are a label for a person."""
    if _DONE_BY.search(text, max(0, start - MAX_LABEL_CHARS), start):
        return True
    colon = len(text[:start].rstrip(" \t")) - 1
    return text[colon : colon + 1] == ":" and _is_a_persons(text, colon)


def _is_a_persons(text: str, end: int) -> bool:
    """Whether a label for a person ends there."""
    label = _LABEL.search(text[max(0, end - MAX_LABEL_CHARS) : end])
    return label is not None and label["label"].lower() in _PERSON


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


def _is_small_name(value: str) -> bool:
    """Whether words in small letters that fill a field are a name: a listed first name, which is no
    everyday word, and others that are none either."""
    first, *others = _WORD.findall(value)
    if not begins_a_name(first.capitalize()) or is_everyday(first):
        return False
    return not any(_is_word(word) for word in others if not _ONLY_PARTICLE.fullmatch(word))


def _is_word(word: str) -> bool:
    low = word.lower()
    if low in WORDY_SURNAMES or is_listed(word):
        return False
    lists = (COMMON_WORDS, NO_NAMES, FOREIGN_WORDS, TECHNICAL_WORDS, _OF_TICKETS)
    return is_everyday(low) or any(low in of for of in lists) or {plain(word)} <= PLACES | BRANDS
