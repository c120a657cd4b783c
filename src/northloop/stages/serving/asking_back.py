"""One question back to the customer: which of two or three documents is meant.

    Which of these do you mean?
    1. Refunds
    2. Returns policy
    Could you answer with its number, or in your own words if it is none of these?

What is named are the documents' own headings; the words around them are fixed, in each language of
`LANGUAGES`. A conversation carries no state but its messages, so a question back is known again by
these words, and what the customer replies to it by a number, "the second", words of one heading
alone, or "neither". Whoever writes such words into a request themselves has picked a document: no
more than they could have asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from northloop.core.check import denies
from northloop.core.conversation import Message
from northloop.core.facts import content_stems
from northloop.core.question import normalised
from northloop.core.scripts import is_unspaced


class _Words(NamedTuple):
    """One language's."""

    asks: str
    closes: str
    places: tuple[str, str, str, str]
    """Patterns of "the first", "the second", "the third" and "the last"."""
    neither: str


class Back(NamedTuple):
    """What a customer replied to a question back."""

    before: tuple[Message, ...]
    """The conversation up to what was asked first."""
    named: tuple[str, ...]
    """The heading they picked; () where they said something else."""
    others: tuple[str, ...]
    """The headings that they did not pick; () where they said something else."""
    words: str
    """What to look up besides what was asked first: the heading, or their own words."""
    neither: bool
    """They mean none of them, and say no more."""


LANGUAGES: Mapping[str, _Words] = MappingProxyType(
    {
        "English": _Words(
            "Which of these do you mean?",
            "Could you answer with its number, or in your own words if it is none of these?",
            (r"first|former|one|1st", r"second|two|2nd", r"third|three|3rd", r"last|latter"),
            r"neither|none|nothing|no|nope|something (?:else|different)|not (?:any|one)",
        ),
        "German": _Words(
            "Was davon meinen Sie?",
            "Antworten Sie bitte mit der Nummer oder, wenn es nichts davon ist, in eigenen Worten?",
            (r"erste[nrs]?|eins", r"zweite[nrs]?|zwei", r"dritte[nrs]?|drei", r"letzte[nrs]?"),
            r"keine?[nrs]?|weder noch|nichts|nein|(?:et)?was anderes",
        ),
        "French": _Words(
            "Lequel de ces sujets voulez-vous dire ?",
            "Répondez par le numéro ou, si ce n'est aucun d'eux, avec vos propres mots.",
            (
                r"premi(?:er|ère)|une?",
                r"deuxième|seconde?|deux",
                r"troisième|trois",
                r"derni(?:er|ère)",
            ),
            r"aucune?(?: des (?:deux|trois))?|ni l'une? ni l'autre|rien|non|autre chose",
        ),
        "Spanish": _Words(
            "¿A cuál de estos temas se refiere?",
            "Responda con el número o, si no es ninguno, con sus propias palabras.",
            (r"primer[oa]?|un[oa]", r"segund[oa]|dos", r"tercer[oa]?|tres", r"últim[oa]|ultim[oa]"),
            r"ningun[oa](?: de (?:l[oa]s|ell[oa]s|est[oa]s)(?: dos| tres)?)?|nada|no|otra cosa",
        ),
        "Italian": _Words(
            "Quale di questi argomenti intende?",
            "Risponda con il numero o, se non è nessuno di questi, con parole Sue.",
            (r"prim[oa]|un[oa]", r"second[oa]|due", r"terz[oa]|tre", r"ultim[oa]"),
            r"nessun[oa]?(?: de(?:i|lle) (?:due|tre))?|né l'un[oa] né l'altr[oa]|niente|no|"
            r"altro|un'altra cosa",
        ),
        "Portuguese": _Words(
            "A qual destes temas se refere?",
            "Responda com o número ou, se não for nenhum, por palavras suas.",
            (r"primeir[oa]|uma?", r"segund[oa]|dois|duas", r"terceir[oa]|três", r"últim[oa]"),
            r"nenhuma?(?: d(?:os|as|eles|elas) ?(?:dois|duas|três)?)?|nada|não|outra coisa",
        ),
        "Dutch": _Words(
            "Welk van deze onderwerpen bedoelt u?",
            "Antwoord met het nummer of, als het geen van deze is, in uw eigen woorden.",
            (r"eerste|één", r"tweede|twee", r"derde|drie", r"laatste"),
            r"geen(?: van (?:beide|deze))?|niets|nee|iets anders",
        ),
        "Polish": _Words(
            "O który z tych tematów chodzi?",
            "Czy można prosić o numer lub, jeśli to żaden z nich, o odpowiedź własnymi słowami?",
            (
                r"pierwsz[aeyą]\w*|jeden",
                r"drug[iaą]\w*|dwa",
                r"trzeci\w*|trzy",
                r"ostatni\w*",
            ),
            r"żad(?:en|na|ne|nym|nego)|ani jedno|nic|nie|coś innego",
        ),
        "Swedish": _Words(
            "Vilket av dessa menar du?",
            "Svara med numret eller, om det inte är något av dem, med egna ord.",
            (r"första|ett", r"andra|två", r"tredje|tre", r"sista"),
            r"ing(?:en|et|a)(?: av dem)?|varken eller|nej|något annat",
        ),
        "Japanese": _Words(
            "次のどれについてのご質問でしょうか?",
            "番号で、どれでもない場合はご自身の言葉でお答えいただけますか?",
            (
                r"(?:[一1]番?目?|最初)(?:です)?",
                r"[二2]番?目?(?:です)?",
                r"[三3]番?目?(?:です)?",
                r"最後(?:です)?",
            ),
            r"どれでも(?:ない|ありません)|どちらでも(?:ない|ありません)|いいえ|違います|ちがいます|他のこと",
        ),
        "Chinese": _Words(
            "请问您指的是以下哪一项?",
            "可以回复序号,如果都不是,可以用您自己的话说明吗?",
            (r"第?[一1]个?|首个", r"第?[二2]个?", r"第?[三3]个?", r"最后一?个?"),
            r"都不是|没有|不是|别的",
        ),
    }
)
"""The languages in which it is asked; in others it is not. They are those in which an import knows
how mails begin and end."""

_LONGEST = 800
"""Characters of a question back, and more than one ever has."""
_WORD = re.compile(r"\w+(?:'\w+)*")
_FILLER = frozenset(
    _WORD.findall("""
    no nope number option point topic i it it's is that the a an to one please of them these those
    about mean meant would be answer nein nr nummer punkt thema das die der den ist es ich meine
    bitte davon non numéro le la les c'est svp número el lo por favor numero il è per favore o é
    nee de het graag nie numer ten ta proszę nej det tack
    """)
)
"""What may stand around it where nothing else is said."""
_LAST = 3
"""Place of "the last" among `_Words.places`."""
_DENYING = frozenset(
    _WORD.findall("""
    but except other nicht kein keine keinen keiner pas aucun aucune sauf ningun ninguna ningún
    sino salvo non nessun nessuna tranne não nenhum nenhuma exceto niet geen behalve nie żaden
    żadna oprócz inte ingen inga utom
    """)
)
"""Besides the check's English ones: what follows such a word is what is *not* meant."""
_DENYING_SIGNS = ("不", "没", "ない", "ません", "以外")
_MOST_WORDS = 12
"""A longer reply says what it wants in words of its own."""


def asked_back(headings: Sequence[str], language: str) -> str:
    """Return the question that names two or three headings; "" in a language without words."""
    words = LANGUAGES.get(language)
    if words is None:
        return ""
    named = (f"{number}. {heading}" for number, heading in enumerate(headings, 1))
    return "\n".join([words.asks, *named, words.closes])


def was_asked_back(messages: Sequence[Message]) -> bool:
    """Whether the customer was asked back in this conversation."""
    return any(offered(m.content) for m in messages if m.role == "assistant")


def offered(text: str) -> tuple[str, ...]:
    """Return the headings that a question back names; () if the text is none."""
    found = _read(text)
    return found[1] if found else ()


def _read(text: str) -> tuple[_Words, tuple[str, ...]] | None:
    """Return the words of a question back and the headings it names; None for another text."""
    if len(text) > _LONGEST:
        return None
    plain = " ".join(text.split())
    for words in LANGUAGES.values():
        start, end = f"{words.asks} 1. ", f" {words.closes}"
        if plain.startswith(start) and plain.endswith(end):
            first, _, rest = plain[len(start) : -len(end)].partition(" 2. ")
            second, third, last = rest.partition(" 3. ")
            named = (first, second, last) if third else (first, second)
            return (words, named) if all(named) else None
    return None


def answered(messages: Sequence[Message]) -> Back | None:
    """Return what the last message replies to a question back; None if it follows none."""
    if len(messages) < 3 or messages[-1].role != "user" or messages[-2].role != "assistant":
        return None
    found = _read(messages[-2].content)
    before = tuple(messages[:-2])
    if found is None or not any(message.role == "user" for message in before):
        return None
    words, headings = found
    reply = messages[-1].content
    if any(_is_only(reply, known.neither) for known in (words, LANGUAGES["English"])):
        return Back(before, (), headings, reply, True)
    place = _place(reply, headings, words)
    if place is None:
        return Back(before, (), (), reply, False)
    named = headings[place]
    others = tuple(heading for heading in headings if heading != named)
    says_more = _by_words(reply, headings) is not None and not _meant(reply) <= _meant(named)
    return Back(before, (named,), others, f"{reply} {named}" if says_more else named, False)


def _place(reply: str, headings: Sequence[str], words: _Words) -> int | None:
    """Return which of the headings a reply picks; None if that is not clear."""
    for known in (words, LANGUAGES["English"]):
        for which, pattern in enumerate(known.places):
            if _is_only(reply, f"{pattern}|{which + 1}" if which < _LAST else pattern):
                place = len(headings) - 1 if which == _LAST else which
                return place if place < len(headings) else None
    return _by_words(reply, headings)


def _is_only(reply: str, pattern: str) -> bool:
    """Whether a reply says this and nothing else."""
    said = _WORD.findall(normalised(reply))
    rest = [word for word in said if word not in _FILLER]
    return any(re.fullmatch(pattern, " ".join(words)) for words in (said, rest))


def _by_words(reply: str, headings: Sequence[str]) -> int | None:
    """Return the heading that alone has most words of a short reply that denies nothing."""
    plain = normalised(reply)
    for place, heading in enumerate(headings):
        if normalised(heading) == plain:
            return place
    if len(plain.split()) > _MOST_WORDS or _denies(plain):
        return None
    said = _meant(reply)
    common = [len(said & _meant(heading)) for heading in headings]
    most = max(common)
    return common.index(most) if most and common.count(most) == 1 else None


def _denies(reply: str) -> bool:
    said = _WORD.findall(reply.replace("\u2019", "'"))
    return any(denies(word) or word in _DENYING for word in said) or any(
        signs in reply for signs in _DENYING_SIGNS
    )


def _meant(text: str) -> frozenset[str]:
    """Return the words of a text that carry meaning; of unspaced scripts pairs of signs."""
    if is_unspaced(text):
        signs = [c for c in text if c.isalnum()]
        return frozenset(a + b for a, b in pairwise(signs))
    return frozenset(word.removesuffix("s") for word in content_stems(text))
