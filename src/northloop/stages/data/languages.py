"""Which language a text is written in, and whether its mails are understood.

Told by the script and, in Latin letters, by a small model of letter sequences (py3langid, BSD).
docs/decisions/0014-languages.md says why, and how well. A text too short to tell by (an order
number, a name, a word or two) has no language and counts as understood.
"""

from __future__ import annotations

import re
from itertools import islice

from northloop.core.packaged import packaged
from northloop.core.scripts import script_of
from northloop.stages.data.letters import rank
from northloop.stages.data.wording import typed_words, words

READ_CHARS = 1_000
"""A language shows within so many characters."""
LEAST_LETTERS = 20
"""Shorter texts look like any language."""
LEAST_LEAD = 10.0
"""How much likelier (natural logarithm) a language has to be than each of those that are
understood, for a text to be called one of it: neighbours of Spanish, say."""

NAMES = packaged(__package__, "languages.toml", dict[str, str])
"""Code of a language → what people call it."""
_NO_LANGUAGE = frozenset(("zxx", "pcm", "an"))
"""Labels of the model that are no language of mails: numbers, hurried English, and Aragonese, which
Spanish without its accents is taken for."""
UNKNOWN = "another language"
UNDERSTOOD = (
    "English", "German", "French", "Spanish", "Italian", "Portuguese", "Dutch", "Polish", "Swedish",
    "Chinese", "Japanese",
)  # fmt: skip
"""Languages that `correspondence.lexicon` knows greetings, sign-offs and quotations of."""
_UNDERSTOOD = frozenset(code for code, name in NAMES.items() if name in UNDERSTOOD)
_ENGLISH = words(
    """
    the and you your yours with this that these those have has had would could should what which
    there their they them because from been about please thank thanks how when where why its are
    were not my our but does did can any get need want if be help know i'm i've i'd don't can't
    it's you're we're
    """
)
"""Small words that hardly any other language has."""
LEAST_WORDS, LEAST_ENGLISH = 8, 0.2
"""A text of so many words is English if so large a share of them are such: the model, which takes
a hundred times as long, says the same."""
_PLACEHOLDER = re.compile(r"\[[A-Z]+(?::[0-9a-f]{6})?\]")
_NO_WORDS = re.compile(r"https?://\S+|\S+@\S+|\w*\d\w*")
_NUMBERED = re.compile(r"\b[^\W\d]*+\d\w*")
"""The last of these, which begins with a word where neither of the others is."""


_LABEL_WORD = re.compile(r"[^\W_]+")
_WORDS_FOR_LANGUAGES = typed_words(
    "lang language locale idioma lengua lingua língua langue sprache taal język språk 言語 语言"
)
_CALLED = {name.lower() for name in NAMES.values()} | typed_words(
    """
    inglés español castellano alemán francés italiano portugués catalán inglês espanhol alemão
    francês português inglese spagnolo tedesco francese portoghese anglais espagnol allemand
    français italien portugais englisch deutsch spanisch französisch italienisch portugiesisch
    engels duits spaans frans italiaans nederlands angielski niemiecki polski engelska tyska
    svenska spanska 英語 日本語 英语 中文
    """
)
"""What languages are called, in them and by their neighbours."""
_CODE_CHARS, _CODE_PARTS = 2, 2
"""`pt`, `BR`."""


def language_of(text: str) -> str:
    """Return the language of a text in English words (`German`), or its script (`Cyrillic`).

    "" where nothing shows it. Placeholders of replaced text, numbers and addresses do not count.
    """
    if script := script_of(text):
        return script
    text = _PLACEHOLDER.sub(" ", text[:READ_CHARS])
    text = (_NO_WORDS if "@" in text or "://" in text else _NUMBERED).sub(" ", text)
    if len(list(islice(filter(str.isalpha, text), LEAST_LETTERS))) < LEAST_LETTERS:
        return ""
    if _is_plainly_english(text):
        return "English"
    ranked = [x for x in rank(text) if x[0] not in _NO_LANGUAGE]
    best, likelihood = ranked[0]
    understood, nearest = next((x for x in ranked if x[0] in _UNDERSTOOD), ranked[-1])
    known = likelihood - nearest < LEAST_LEAD
    return NAMES[understood] if known else NAMES.get(best, UNKNOWN)


def _is_plainly_english(text: str) -> bool:
    said = text.lower().split()
    known = sum(map(_ENGLISH.__contains__, said))
    return len(said) >= LEAST_WORDS and known >= LEAST_ENGLISH * len(said)


def is_called_a_language(label: str) -> bool:
    """Whether a label says in which language somebody writes, and nothing else: `lang_es`, `pt-BR`,
    `Idioma: italiano`; two letters alone in small ones, as `IT` and `HR` are departments too.
    """
    said = _LABEL_WORD.findall(label)
    rest = [word for word in said if word.lower() not in _WORDS_FOR_LANGUAGES]
    if not 0 < len(rest) <= _CODE_PARTS:
        return False
    first = rest[0].lower()
    region = len(rest) == _CODE_PARTS and len(rest[1]) == _CODE_CHARS
    if len(rest) == 1 and first in _CALLED:
        return True
    plain = region or len(rest) < len(said) or rest[0].islower()
    return first in NAMES and plain and (region or len(rest) == 1)


def is_understood(language: str) -> bool:
    """Whether greetings, signatures and quotations of a language are known; so with "".

    Nobody's text is kept out for being too short to tell its language by.
    """
    return not language or language in UNDERSTOOD
