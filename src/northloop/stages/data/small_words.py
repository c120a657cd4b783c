"""Which language a customer's message is in, where it is short: by its small words.

A message has a handful of words, and a model of letter sequences tells nothing of so few ("Can I
talk to a person?"), or, where accents were left out, the wrong neighbour ("peut on payer en
especes" as Spanish). What is said of a history's texts stays `languages.language_of`'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from northloop.core.packaged import packaged
from northloop.core.scripts import script_of
from northloop.stages.data.languages import LEAST_LEAD, READ_CHARS, language_of
from northloop.stages.data.letters import rank
from northloop.stages.data.wording import typed_words

LEAST = 1.0
"""One word that no other of these languages has, or two that two have."""
LEAD = 0.5
"""So far the best has to be ahead of the next, where letters tell nothing."""
OVERRULE = 1.5
"""So far ahead of the language that the letters tell, it overrules them."""
SHARE = 0.3
"""So large a share of the words has to be the language's."""

SMALL_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        language: typed_words(listed)
        for language, listed in packaged(__package__, "small_words.toml", dict[str, str]).items()
    }
)
"""Language → words that a question is hardly put without, as they are typed too."""
_SHARED = Counter(word for known in SMALL_WORDS.values() for word in known)
_SHARED.update(typed_words("ja tak sim hat los min er at"))
"""Of these another language has a word, too: "sim only plan" is not Portuguese."""
_WORD = re.compile(r"(?<![^\W_])[^\W\d_]+(?![^\W_])")
"""Not the letters of `E01` and `12p`, which tables are full of."""
_PLACEHOLDER = re.compile(r"\[[A-Z]+(?::[0-9a-f]{6})?\]")


def language_said(text: str) -> str:
    """Return the language of a message, as `language_of` names it, short ones' too; "" where
    neither its letters nor its words show it. Letters alone, with no small word, do where English
    is far less likely by them: keywords in it look like French (`report payment problems`)."""
    told = language_of(text)
    said = _WORD.findall(_PLACEHOLDER.sub(" ", text[:READ_CHARS]).lower())
    found = {
        name: sum(1 / _SHARED[word] for word in of.intersection(said))
        for name, of in SMALL_WORDS.items()
    }
    if told not in ("", "English") and not found.get(told) and not _is_hardly_english(text):
        told = ""
    if told and told not in SMALL_WORDS:
        return told
    (best, most), (_, next_) = sorted(found.items(), key=lambda one: -one[1])[:2]
    if told:
        return best if most >= found[told] + OVERRULE else told
    is_plain = most >= LEAST and most >= next_ + LEAD
    hits = sum(word in SMALL_WORDS[best] for word in said)
    return best if is_plain and hits >= SHARE * len(said) else ""


def _is_hardly_english(text: str) -> bool:
    """Whether the letters of a text are far likelier in another language than in English."""
    if script_of(text):
        return True
    ranked = rank(_PLACEHOLDER.sub(" ", text[:READ_CHARS]))
    return ranked[0][1] - dict(ranked)["en"] >= LEAST_LEAD
