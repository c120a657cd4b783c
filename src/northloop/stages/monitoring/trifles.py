"""Whether two texts say the same word for word, but for what says nothing.

That is case, commas, emphasis, smileys, how a full stop is written, contractions; in English the
articles and "please"; a slip of the keyboard in a long word; and sentences that only thank, wish or
offer help, of which there is a closed list in the eleven languages (`courtesies.toml`). Whatever
else differs is something else, as far as this can tell: of a change that alters nothing it is no
loss to doubt it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

import msgspec

from northloop.core.facts import facts
from northloop.core.packaged import filled, packaged
from northloop.core.statements import is_english, listed, sentences

_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "–": "-", "—": "-", "−": "-", "‑": "-"})
_PAIRED = re.compile(r"(?<![\w*_])(\*\*|__|\*|_|`)(?=[^\s*_`])([^\n*_`]*[^\s*_`])\1(?![\w*_])")
_MOST_NESTED = 3
_HEADING = re.compile(r"^[ \t]*(?:#{1,6}|[-*•])[ \t]+(?=[^\W\d])", re.MULTILINE)
_SMILEY = re.compile(
    "(?<!\\S)[:;]-?[)D](?!\\S)"
    "|[\u263a\u2728\u2764\u26fa\U0001f389\U0001f3d5\U0001f44b\U0001f600-\U0001f60f\U0001f642"
    "\U0001f64f\U0001f917\U0001f929\U0001f970][\ufe0f\U0001f3fb-\U0001f3ff]?"
)
"""Those that say nothing: a cross, a tick or a thumb would."""
_SMILEY_BEHIND_A_MARK = re.compile(
    rf"(^|[.!?…])[^\S\n]*(?:(?:{_SMILEY.pattern})[^\S\n]*)+(?=\n|\Z)"
)
_TOKEN = re.compile(
    r"(?P<exact>\[[^\]\s]*\]|https?://\S*[\w/]|\S+@\S*\w"
    r"|(?<![^\W_])-?[.,]?\d(?:[\w.,:/-]*[^\W_])?)"
    r"|(?P<word>[^\W_]+(?:['’][^\W_]+)*)"
    r"|(?P<stop>[.!:;。！：；…])|(?P<line>\n)|(?P<dash>[^\S\n]-+[^\S\n]"
    r"|(?<=[^\W_])-(?=[^\W_]))|(?P<comma>[,，、\-()\"“”„«»'¡]|\s)|(?P<mark>\S)"
)
_ARTICLES = frozenset(("a", "an", "the", "please", "kindly"))
_COUNTED = listed("""
    second minute hour day week month quarter year half third fourth fifth tenth hundred
    thousand million dozen couple pair number few little lot bit kilo kilogram gram pound
    single ounce ton metre meter mile foot inch litre liter gallon percent cent euro dollar
    franc fraction part
    piece box pack maximum minimum limit working business calendar full whole""")
"""Behind these an article counts: "a week", "a few"."""
_TOLD_BY_CAPITALS = frozenset(("us", "it", "who", "aid"))
_POLITE = frozenset(("sie", "ihr", "ihre", "ihnen", "ihrer", "ihren", "ihrem", "ihres", "lei"))
"""Another person is meant with a capital."""
_CONTRACTED = {
    "can't": ("can", "not"), "cannot": ("can", "not"), "won't": ("will", "not"),
    "shan't": ("shall", "not"), "it's": ("it", "is"), "that's": ("that", "is"),
    "here's": ("here", "is"), "there's": ("there", "is"), "email": ("e", "mail"),
}  # fmt: skip
_ENDINGS = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "n't": "not"}
DELICATE = listed("""
    no not never none nothing nobody neither nor without non unable impossible prohibited forbidden
    excluded excluding excludes except only but unless however though although must may might can
    cannot could should shall will would if until till from up yes instead sorry unfortunately
    limited final void expired ineligible refused declined
    nein nicht kein keine keinen keinem keiner nie niemals ohne nur außer ausgenommen aber sondern
    jedoch muss müssen darf dürfen kann können soll sollen wenn falls bis ab ja leider
    non pas jamais aucun aucune rien sans sauf excepté seulement uniquement mais si oui peut pouvez
    doit devez jusqu jusqu'à dès malheureusement
    nunca ninguno ninguna nada sin salvo excepto sólo solo solamente pero sí puede debe hasta desde
    niente nessuno nessuna mai senza tranne soltanto ma sì può deve fino
    não nem sem exceto só somente mas sim pode até
    nee niet geen nooit zonder behalve alleen maar mits tenzij als tot vanaf mag moet kan helaas
    nie nigdy bez oprócz tylko ale tak może musi jeśli
    nej inte ingen inget inga aldrig utan endast bara men om får måste
    """)
"""Words that turn, limit or make conditional what stands by them."""
_SHORTEST_SLIP = 6
_UNHURT = 5
"""Letters at the end of a word that a doubled one is not looked for in: "restituiremmo"."""

_ANY_Q = r"(?:(?:any|some) )?(?:(?:other|further|more|additional) )?(?:questions?|help|queries)"
_HELP_EN = rf"(?:{_ANY_Q}|anything else|something else|any concerns)"
_TELL_EN = (
    r"(?:please |just )?(?:let (?:me|us) know|write(?: to us| to me)?|ask|contact (?:us|me)"
    r"|get in touch|reach out(?: to us| to me)?|feel free to (?:ask|contact us|reach out|write)"
    r"|(?:do not|don't) hesitate to (?:ask|contact us|contact me|reach out|write(?: to us)?"
    r"|get in touch))(?: again)?(?: (?:any ?time|at any time))?"
)
_WHY_EN = (
    r"(?: for (?:your (?:kind )?(?:message|question|mail|email|e mail|enquiry|inquiry"
    r"|patience|reply"
    r"|interest)|writing(?: to us| in)?|contacting us|reaching out(?: to us)?|asking"
    r"|getting in touch(?: with us)?|getting back to (?:us|me)))?"
)
_NAMED = {"why": _WHY_EN, "tell": _TELL_EN, "help": _HELP_EN}


def _courtesies() -> Iterator[str]:
    """Yield a pattern of each sentence that only thanks, wishes or offers help."""
    for of_language in packaged(__package__, "courtesies.toml", dict[str, list[str]]).values():
        for pattern in of_language:
            yield filled(pattern, _NAMED)


_COURTESY = re.compile("|".join(f"(?:{courtesy})" for courtesy in _courtesies()))


class _Word(msgspec.Struct, frozen=True):
    """A word or value, and what stands behind it."""

    text: str
    """As it is compared."""
    written: str
    """As it is written; "" of part of a contraction."""
    comma: bool
    stop: str
    """"." ends a sentence, "\\n" a line, "" neither."""


def without_marks(text: str) -> str:
    """Return a text without emphasis, and with a mark that ends a sentence for each smiley."""
    text = _SMILEY.sub("!", _SMILEY_BEHIND_A_MARK.sub(r"\1", text))
    for _ in range(_MOST_NESTED):
        text = _PAIRED.sub(r"\2", text)
    return text


def without_courtesies(text: str) -> str:
    """Return a text without the sentences that only thank, wish or offer to help again.

    It comes back whole if nothing else is in it.
    """
    pieces = [piece for line in text.splitlines(keepends=True) for piece in sentences(line)]
    kept = "".join(
        piece if not is_courtesy(piece) else "\n" * piece.endswith("\n") for piece in pieces
    ).strip()
    return kept if any(map(str.isalnum, kept)) else text.strip()


def is_courtesy(sentence: str) -> bool:
    """Whether a sentence only thanks, wishes or offers to help again."""
    if "?" in sentence and not sentence.rstrip().endswith("?"):
        return False
    said = " ".join(word.text for word in _words(sentence, expand=False)).removesuffix(" ?")
    return _COURTESY.fullmatch(said) is not None


def same_but_for_trifles(one: str, other: str, is_everyday: Callable[[str], bool]) -> bool:
    """Whether two texts say the same, word for word, but for what says nothing.

    `is_everyday` tells a word that is met every day: one is no slip of another.
    """
    english = is_english(one) and is_english(other)
    mine, theirs = _telling(one, english=english), _telling(other, english=english)
    if len(mine) != len(theirs) or not mine or facts(_plain(one)) != facts(_plain(other)):
        return False
    pairs = list(zip(mine, theirs, strict=True))
    return (
        all(_same_word(a, b) for a, b in pairs)
        and not any(
            a.text != b.text and is_everyday(a.text) and is_everyday(b.text) for a, b in pairs
        )
        and all(_ends_alike(a, b) for a, b in pairs[:-1])
        and all(_pauses_alike(pairs, i) for i in range(len(pairs) - 1))
        and sum(a.comma != b.comma for a, b in pairs[:-1]) <= _COMMAS
    )


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return without_marks(_HEADING.sub("", text)).strip()


def _words(text: str, *, expand: bool) -> list[_Word]:
    found: list[_Word] = []
    comma, stop = False, ""

    def close() -> None:
        if found:
            found[-1] = msgspec.structs.replace(found[-1], comma=comma, stop=stop)

    for match in _TOKEN.finditer(_plain(text)):
        kind, said = match.lastgroup, match[0]
        if kind == "stop":
            stop = "."
        elif kind == "line":
            stop = stop or "\n"
        elif kind == "comma":
            comma = comma or said in ",，、"
        else:
            close()
            comma, stop = False, ""
            parts = _expanded(said) if expand and kind == "word" else (said.strip().casefold(),)
            found += [_Word(part, said if not n else "", False, "") for n, part in enumerate(parts)]
    close()
    return found


def _expanded(word: str) -> tuple[str, ...]:
    """Return the words of a contraction."""
    low = word.casefold()
    if low in _CONTRACTED:
        return _CONTRACTED[low]
    for ending, whole in _ENDINGS.items():
        if low.endswith(ending) and len(low) > len(ending):
            return (low.removesuffix(ending), whole)
    return (low,)


def _telling(text: str, *, english: bool) -> list[_Word]:
    """Return the words without the little ones; what stands behind one stands behind the last."""
    words, kept, begins = _words(text, expand=True), list[_Word](), True
    for word, after in zip(words, [*words[1:], None][: len(words)], strict=True):
        named = word.written == "A" and not begins
        begins = bool(word.stop)
        if not english or word.text not in _ARTICLES or named or _counts(word, after):
            kept.append(word)
        elif kept and (word.comma or word.stop):
            comma, stop = kept[-1].comma or word.comma, kept[-1].stop or word.stop
            kept[-1] = msgspec.structs.replace(kept[-1], comma=comma, stop=stop)
    return kept


def _counts(article: _Word, after: _Word | None) -> bool:
    """Whether a little word may say something where it stands."""
    if article.text in ("please", "kindly"):
        return False
    if after is None or article.stop or article.comma:
        return True
    told = after.text.removesuffix("s")
    return told in _COUNTED or after.text in _COUNTED or not told.isalpha()


def _same_word(one: _Word, other: _Word) -> bool:
    a, b = one.text, other.text
    if a != b:
        return _is_slip(one, other)
    if a in _TOLD_BY_CAPITALS:
        return one.written.isupper() == other.written.isupper()
    return a not in _POLITE or one.written[:1] == other.written[:1]


def _ends_alike(one: _Word, other: _Word) -> bool:
    return one.stop == other.stop or "\n" in (one.stop, other.stop)


def _pauses_alike(pairs: Sequence[tuple[_Word, _Word]], at: int) -> bool:
    """Whether a comma that only one text has says nothing: by no word that turns what is said, and
    in no list."""
    one, other = pairs[at]
    if one.comma == other.comma or "." in (one.stop, other.stop):
        return True
    before, after = one.text, pairs[at + 1][0].text
    if after in _JOINS:
        return True
    if before in _TURNS or after in _TURNS:
        return False
    return _JOINS.isdisjoint(a.text for a, _ in pairs[at + 1 : at + 5])


_COMMAS = 1
"""So many may differ: two take a clause out or bind it, and one that moves binds another word."""
_JOINS = listed("and or und oder et ou y o e ed en of i lub och eller")
_TURNS = listed("""
    no not never only yes except but nein nicht nie nur ja kein keine non pas jamais seulement
    oui nunca sólo solo sí mai sì não só sim nee niet nooit alleen geen nie tylko tak nej inte bara
    """)
"""Beside these a comma decides what they turn: "No, refunds are possible"."""


def _is_slip(one: _Word, other: _Word) -> bool:
    """Whether one word is the other as a finger slips: two letters swapped, one doubled or not, in
    long ones another vowel; not within the endings, which carry tenses."""
    a, b = sorted((one.text, other.text), key=len)
    written = (one.written, other.written)
    if len(a) < _SHORTEST_SLIP or not all(w.isalpha() and w.islower() for w in written):
        return False
    if len(b) == len(a) + 1:
        return any(
            b[:i] + b[i + 1 :] == a and b[i] == b[i - 1] for i in range(1, len(b) - _UNHURT + 1)
        )
    if len(a) != len(b):
        return False
    apart = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(apart) == 1:
        at = apart[0]
        return {a[at], b[at]} <= set("aeiou") and 0 < at <= len(a) - _UNHURT - 1
    if len(apart) != 2 or apart[1] != apart[0] + 1 or apart[0] == 0:
        return False
    i = apart[0]
    swapped = a[i : i + 2] == b[i : i + 2][::-1]
    return swapped and (set(a[i : i + 2]) != {"e", "i"} or a[i - 1] == "c")
