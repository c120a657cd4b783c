"""How customers ask for a person, beside what `handoff` hears in English: one grammar, and a table
of words for each language (`asking_for_people.toml`).

A word for a person alone says nothing: it must be asked *for*. Texts are compared as `plain` leaves
them, so accents in the table are for reading; a space in it stands for any.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from northloop.core.packaged import filled, packaged
from northloop.core.patterns import lazy

_GAP = r"[^.?!。？！;\n]{0,25}?"
"""Some words in between, within a sentence."""
_LONG = r"[^.?!;\n]{0,50}?"
"""More of them."""
_CLAUSE = r"[^.?!,;\n]{0,50}?"
"""And within a clause."""
_ALONE, _LINE = r"(?:\A\W*|[.!?][ \t]+[^\w\n]*)", r"(?:^|[.!?][ \t])[^\w\n]*"
"""Where a message begins, or a sentence of it; and where a line does."""
_ARRIVES = (
    r"(?:[^.?!\n]*\b(?:liefer|fertig|ankunft|ankomm|ankam|komm|zustell|paket|fahrer|kurier|tür|livr|arriv"
    r"|colis|entreg|lleg|paquete|repartidor|mensajer|consegn|corriere|pacco|cheg|encomenda|estafeta"
    r"|verfügbar|vorrätig|wieder\s+(?:da|auf\s+lager|zu\s+haben)\b|lever|bezorg|pakket|koerier|aankom|komt\b|dostaw|dostarcz|paczk|przy|bud|pakk)"
    r"|(?:vorher|vooraf|van\s+tevoren|antes|avant|prima|innan|før)(?:\s+an)?\s*(?:[.?!]|$))"
)
"""What a call comes before, or when, that is a notice of it."""
_SHOWN = (
    r"(?:(?:f|ph)oto\w*|pictures?|images?|imágenes|bild(?:er\w*|en)?|videos?|vidéos?|reviews?|reseñas"
    r"|avis|bewertung\w*|beoordeling\w*|publicité?s?|publicidad|anuncios?|werbung|adverts?|ads"
    r"|reclames?|factory|factories|fabrik\w*|fabriek\w*|fábricas?|usines?|zdjęci\w+|recension\w+)\b"
)
"""Where people are seen who answer nobody."""
_NOT_SHOWN = (
    rf"(?!\s+(?:(?:to\s+be\s+seen|te\s+zien|zu\s+sehen)\s+)?(?:in|on|behind|auf|hinter|sur|dans|derrière"
    rf"|en|detrás\s+de|op|achter|su|nelle|em|nas|na|på|i)\s+(?:\w+\s+){{0,2}}?{_SHOWN})"
)
"""Behind people: not those in the pictures."""
_BOT = r"(?:(?:chat|tjatt|czat)-?)?bot(?:s|te[nr]?|em|ów|y|a|i|ar|arna|en|ach|om)?"
_ROBOTS = rf"(?:robo(?:t(?:s|er|ern|y|ow|ami|ach|ar|arna|en|em|a)?|s)|{_BOT})"
_WITH = "with|by|mit|von|avec|par|con|com|por|met|door|z|przez|med|av|da|di"
_ABOUT = (
    r"(?!\s+(?:(?:about|of|for|zu[mr]?|über|wegen|fürs?|sur|pour|sobre|su|over|voor|o|om|na\s+temat)\b"
    r"|(?:d[ei]|van|von)\s+(?:promo|publi|pub\b|market|news|reclam|aanbied|werb|factur|fattur|rechn"
    r"|ofert|offert)))"
)
"""Messages that nobody wrote, but no notices of something."""
_POSSIBLE = (
    r"(?:es\s+)?(?:poss?i[bv]\w+|möglich|mogelijk|możliwe|möjligt|you\s+can|puede[ns]?|geht"
    r"|kan|kann)\b"
)
"""If it can be."""
_NEXT = r"(?:and|to|und|et|pour|y|para|per|e|en|i|żeby|och|för|att)"
"""What begins another thought: call me and tell me when."""
_NETS = (
    r"(?!\s+(?:\S+\s+)?(?:wi-?fi|w-?lan|inter\w+|netz\w*|net|nätet|bluetooth|sieci\w*|rete|red|rede"
    r"|réseau|vpn|server\w*)\b)"
)
"""Not to a network."""
_TITLE = (
    r"(?:(?:mrs?|ms|miss|mister|herrn?|hr|frau|fr|madame|mme|monsieur|m|senora?|sra?|signora?|sig"
    r"|senhora?|dhr|meneer|mevrouw|mevr|mw|panem|pania|fru)\b\.?\s*)"
)
_THE = r"(?:(?:the|dem|der|den|la|le|el|il|o|a|de)\s+)?"
"""What may stand before it."""
_NAMED = r"\[name\b[^\]]*\]"
"""A name, as it is redacted."""
_ARTICLE = r"eine?[nmr]?|une?|una|uno|uma?|een|ett|en"
_GIVEN = {"gap": _GAP, "clause": _CLAUSE, "nets": _NETS}
"""What the table may name in braces, beside its own `named`."""
_ACCENT = re.compile("[\u0300-\u036f]")
_OTHER_LETTERS = {"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "œ": "oe"}
_PLAIN = str.maketrans({**_OTHER_LETTERS, "’": "'", "‘": "'", "´": "'"})
_SPELT_OUT = str.maketrans(
    {"ä": "(?:ae?)", "æ": "(?:ae?)", "ö": "(?:oe?)", "ø": "(?:oe?)", "ü": "(?:ue?)", "å": "(?:aa?)"}
)
_TRADITIONAL = dict(
    zip(
        "转个们经机说谈讲与给电话员务联络处该谁让请专责负顾问对动脑没换来里类财这职导领领职总级级报馈术组门",
        "轉個們經機說談講與給電話員務聯絡處該誰讓請專責負顧問對動腦沒換來裡類財這職導領領職總級級報饋術組門",
        strict=True,
    )
)
Alternatives = tuple[str, ...]
"""Of one thing, in the words of one language."""


def plain(text: str) -> str:
    """Return a text in small letters without accents ("Möchte" → "mochte", "weiß" → "weiss")."""
    return _bare(text.lower())


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.translate(_PLAIN))
    return unicodedata.normalize("NFC", _ACCENT.sub("", decomposed))


def _pattern(way: str) -> re.Pattern[str]:
    """Return a pattern for texts as `plain` leaves them; umlauts may be spelt out there."""
    return lazy(_bare(way.translate(_SPELT_OUT)), re.MULTILINE)


class _Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A language's row of the table: of each thing the ways to say it. What is left out is not
    heard in that language."""

    people: Alternatives = ()
    """A person, whom one may ask for."""
    my: Alternatives = ()
    """Plain words before people who are not theirs, or that begin another thought."""
    reach: Alternatives = ()
    """What comes before people: to speak with, put me through to."""
    after: Alternatives = ()
    """What comes behind people, where the verb does."""
    wish: Alternatives = ()
    """To want, need, get: counts where people are all that is wanted."""
    one: Alternatives = ()
    """What may stand before people then."""
    there: Alternatives = ()
    """Is anybody there? With nothing else said."""
    please: Alternatives = ()
    """What may follow where nothing else is said."""
    live: Alternatives = ()
    """A person who is none but a person: asked for wherever it is said."""
    no_robot: Alternatives = ()
    back: Alternatives = ()
    """To be called."""
    notice: Alternatives = ()
    """What makes a call a notice: before, when."""
    someone: Alternatives = ()
    """Anybody."""
    staff: Alternatives = ()
    """Who works there, and nobody else."""
    yours: Alternatives = ()
    """One of your people."""
    mine: Alternatives = ()
    """Behind staff: of mine, of another firm."""
    thought: Alternatives = ()
    """Between a verb and people: not theirs, or another thought."""
    speak: Alternatives = ()
    """To speak with, where staff or anybody comes behind it."""
    closing: Alternatives = ()
    """The same, where they come before it."""
    have: Alternatives = ()
    """Are there, do you have, do there work:"""
    real: Alternatives = ()
    """people who are real."""
    stop: Alternatives = ()
    """Stop sending me:"""
    machines: Alternatives = ()
    """what answers; things that a company sells are among them."""
    tired: Alternatives = ()
    """Enough of, no more:"""
    automatic: Alternatives = ()
    """answers that nobody wrote, or"""
    talking: Alternatives = ()
    """talk with machines."""
    out: Alternatives = ()
    """Get me out of, away from a bot."""
    is_no: Alternatives = ()
    """Who is no machine."""
    number: Alternatives = ()
    """A telephone number, where somebody"""
    answers: Alternatives = ()
    """picks up."""
    whom: Alternatives = ()
    """Whom may I call, speak to, complain to"""
    this: Alternatives = ()
    """about this: with no more of the matter, which a document may answer."""
    may: Alternatives = ()
    """Could, I want that: before staff who are"""
    care: Alternatives = ()
    """to look at it, to take care of it."""
    things: Alternatives = ()
    """What stands before wares, which staff might look at: the, my, a."""
    matter: Alternatives = ()
    """And the customer's own case, which is no ware."""
    contact: Alternatives = ()
    """Somebody is to get in touch with me."""
    forward: Alternatives = ()
    """To pass this on to, to send it up to."""
    connect: Alternatives = ()
    """To put me through, to whomever."""
    alone: Alternatives = ()
    """What stands before staff who are asked for alone: an article, to."""
    your: Alternatives = ()
    """The same, where a word of asking has to follow: letters are signed "your team"."""
    event: Alternatives = ()
    """When, if: who is told then wants a notice, not a person now."""
    patterns: Alternatives = ()
    """Whole patterns, of languages that put no words in a row."""
    simplified: Alternatives = ()
    """Such as are in simplified characters, and hold for traditional ones too."""
    named: Mapping[str, str] = {}
    """What both of these name in braces."""

    def __getitem__(self, name: str) -> str:
        """Return a pattern of what is said for a thing, one that matches nothing where nothing
        is."""
        ways: Alternatives = getattr(self, name)
        return f"(?:{'|'.join(map(self.expanded, ways))})" if ways else "(?!)"

    def expanded(self, way: str) -> str:
        """Return what an entry of the table stands for."""
        return filled(way, {**_GIVEN, **self.named}).replace(" ", r"\s+")


def _ways(words: _Words) -> Iterator[str]:
    """Yield a pattern a way to ask, so that a text is put to those alone of which it has a word."""
    yield from map(words.expanded, words.patterns)
    yield from (_in_both_scripts(words.expanded(way)) for way in words.simplified)
    if words.live:
        yield rf"\b{words['live']}\b{_NOT_SHOWN}"
    if words.people:
        yield from _direct(words)
    if words.someone:
        yield from _roundabout(words)


def _direct(words: _Words) -> Iterator[str]:
    """A verb of reaching somebody, before or behind; a wish and nothing behind it; a person and
    nothing else; no robot; a call back, but for a notice ("call me before you deliver")."""
    not_my = "".join(rf"(?<!\b{word} )" for word in words.my)
    people = rf"{not_my}{words['people']}"
    one = rf"(?:{words['one']}(?:\s+|\b(?<=')))*"
    article, please = rf"(?:(?:{_ARTICLE})\s+)?", words["please"]
    nothing_else = rf"(?=\s*(?:[.!?,;:)]|$)|\s+{please}\b)"
    no_notice = rf"(?![^.?!\n]*\b(?={words['notice']}\b){_ARRIVES})" if words.notice else ""
    yield rf"\b{words['reach']}{_GAP}\b{people}\b"
    yield rf"{_ALONE}{article}{people}\W*$"
    yield rf"{_LINE}{article}{people}[ \t]*,?[ \t]*{please}\W*$"
    yield rf"\b{words['no_robot']}\b"
    yield rf"\b(?={words['back']}\b){no_notice}"
    if words.there:
        yield rf"^\W*{words['there']}\W*$"
    if words.after:
        yield rf"\b{people}\b{_GAP}\b{words['after']}"
    if words.wish:
        yield rf"\b{words['wish']}\s+{one}{people}\b{nothing_else}"


def _roundabout(words: _Words) -> Iterator[str]:
    """Have a word with one of yours, or with somebody by name; whom may I call; a number where
    somebody answers; let a colleague look at it; send it up to a superior; no robots; out of this
    chatbot."""
    someone, may = words["someone"], words["may"]
    staff = rf"(?:{words['staff']}|{words['yours']})\b(?!\s+{words['mine']}\b)"
    people = rf"(?:{someone}\b(?!\s+{words['mine']}\b)|{staff})"
    few = rf"\s+(?:(?!{words['thought']}\b)[^\s.?!;,]+\s+){{0,4}}?"
    machines, automatic = rf"(?:{words['machines']}|{_BOT})", rf"{words['automatic']}\b{_ABOUT}"
    asking = rf"(?:\s*,?\s*{words['please']})"
    ends = rf"(?=\s*(?:[.?!,;)]|$)|{asking})"
    ware = rf"\b{words['things']}\s+(?!(?:\w+\s+)?{words['matter']}\b)\w"
    cared = rf"\b(?:(?!{ware})[^.?!;\n]){{0,50}}?\b{words['care']}\b(?!\s+{ware})"
    then = rf"(?:[\s,]+(?!{_NEXT}\b)[^\s.?!,;]+){{0,6}}?[\s,]+"
    notice = rf"(?!{then}{words['event']}\b(?!\s+{_POSSIBLE}))"
    yield rf"\b{words['speak']}{few}{people}\b"
    yield rf"\b{people}{few}{words['closing']}\b"
    yield rf"\b{words['speak']}\s+{_THE}{_TITLE}?{_NAMED}"
    yield rf"\bm[ie]t\s+{_THE}{_TITLE}?{_NAMED}{few}{words['closing']}\b"
    yield rf"\b{_TITLE}{_NAMED}(?:\s+\w+)?\s+{words['closing']}\b"  # and no "Hallo Anna, …"
    yield (rf"\b{words['have']}(?!{_LONG}\b{_SHOWN}){few}{words['real']}(?![\w-]){_NOT_SHOWN}")
    yield (
        rf"\b{words['stop']}\b{_GAP}\b(?:{_ROBOTS}(?![\w-])|{automatic}"
        rf"|(?:{_WITH})\s+(?:\w+\s+)?{machines}{ends})"
    )
    yield rf"\b{words['tired']}\b{_GAP}\b(?:{automatic}|{_BOT}\b)"
    yield rf"\b{words['tired']}\b{_GAP}\b{words['talking']}\b{_GAP}\b{machines}\b"
    yield rf"\b{words['out']}\b{_GAP}\b{_BOT}\b"
    yield rf"\b{someone}\b{_GAP}\b{words['is_no']}\s+(?:\w+\s+)?{machines}{ends}"
    yield rf"\b{words['number']}\b{_LONG}\b{someone}{few}{words['answers']}\b"
    yield rf"\b{words['number']}\b{_LONG}\b{words['answers']}{few}{someone}\b"
    yield rf"\b{words['whom']}(?:\s+{words['this']})*(?=\s*(?:[.?!)]|$)|{asking})"
    yield rf"\b{may}{few}{staff}{cared}{notice}"
    yield rf"\b{may}{few}{words['care']}{few}{staff}\b"
    yield rf"\b{staff}{few}{may}{cared}{notice}"
    yield (rf"\b{may}{few}{someone}{few}{words['contact']}\b(?!\s+{words['things']}\b){notice}")
    yield rf"\b{words['forward']}{few}{staff}\b"
    yield rf"\b{words['connect']}\b"
    yield rf"{_ALONE}(?:{words['alone']}\s+)*{words['staff']}\W*$"
    yield (
        rf"{_LINE}(?:(?:{words['alone']}|{words['your']})\s+)*{words['staff']}"
        rf"[ \t]*,?[ \t]*{words['please']}\W*$"
    )


def _in_both_scripts(pattern: str) -> str:
    """Return a pattern in simplified characters for traditional ones too."""
    return "".join(f"[{c}{_TRADITIONAL[c]}]" if c in _TRADITIONAL else c for c in pattern)


def _read() -> dict[str, tuple[re.Pattern[str], ...]]:
    known = packaged(__package__, "asking_for_people.toml", dict[str, _Words])
    return {language: tuple(map(_pattern, _ways(words))) for language, words in known.items()}


LANGUAGES: Mapping[str, tuple[re.Pattern[str], ...]] = MappingProxyType(_read())
"""Language → what asks for a person in it, a pattern a way."""
