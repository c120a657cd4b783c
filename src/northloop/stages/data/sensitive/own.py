"""What a company calls its own things: `Clay Club`, `Hearth` (a clay) are nobody's names.

Its articles tell. A title or a heading is a thing's name if its words have capitals, none of them
is a common name of people and one is an everyday word. A word with a capital is one if it stands
several times before a noun (`Hearth earthenware`) and is no common name. Who is named in an example
or as an author (`Jane Miller`, `by Vostrikova`) is neither.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from northloop.core.conversation import Document
from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.everyday import is_everyday
from northloop.stages.data.sensitive.fields import is_labelled
from northloop.stages.data.sensitive.lexicon import AMBIGUOUS, COMMON_WORDS, FOREIGN_WORDS
from northloop.stages.data.sensitive.names import DOES, is_cued, is_introduced, is_listed, plain
from northloop.stages.data.sensitive.spans import Sensitive, Span

MAX_TITLE_WORDS = 4
LEAST_OFTEN = 2
"""So many times a word has to stand before a noun."""
_HEADING = lazy(r"^#{1,6}\s+(.{3,60}?)\s*#*$", re.M)
_WORD = lazy(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BEFORE_A_NOUN = lazy(r"(?<![\w'’])([^\W\d_]{3,24}) (?=([^\W\d_]{4,24})(?![\w'’]))")


def own_names(documents: Iterable[Document]) -> frozenset[str]:
    """Return what things of the articles are called, in small letters."""
    titles: set[str] = set()
    often: Counter[str] = Counter()
    for document in documents:
        headings = (document.title, *(found[1] for found in _HEADING.finditer(document.text)))
        titles.update(title.casefold() for title in headings if _is_title_of_a_thing(title))
        often.update(_before_nouns(document.text))
    return frozenset(titles | {word for word, times in often.items() if times >= LEAST_OFTEN})


def _is_title_of_a_thing(title: str) -> bool:
    named = _WORD.findall(title)
    if not 2 <= len(named) <= MAX_TITLE_WORDS or " ".join(named) != title:
        return False
    titled = all(word[0].isupper() for word in named)
    plainly = any(is_everyday(word.lower()) and not is_listed(word) for word in named[1:])
    return titled and plainly and not any(_is_a_persons(word) for word in named)


def _is_a_persons(word: str) -> bool:
    return is_listed(word) and plain(word) not in AMBIGUOUS


def _before_nouns(text: str) -> Iterator[str]:
    """Yield the words with a capital that a noun in small letters follows, in small letters."""
    for found in _BEFORE_A_NOUN.finditer(text):
        word, noun = found[1], found[2]
        if word[0].isupper() and not word.isupper() and noun.islower() and not is_listed(word):
            small = noun in COMMON_WORDS or noun in FOREIGN_WORDS
            if not (small or is_everyday(word.lower()) or DOES.match(text, found.end(1))):
                yield word.casefold()


def is_own(text: str, span: Span, own: frozenset[str], known_names: Sequence[str]) -> bool:
    """Whether a name that was found is what a thing is called, and is not given as somebody's.

    The stretch lies within such a name, or is one with everyday words beside it. It is somebody's
    where a greeting, a title or a label for people stands before it, where it is a line by itself,
    or where the row names somebody so.
    """
    if span.type is not Sensitive.NAME or not own or is_introduced(text, span.start):
        return False
    known = {word.casefold() for name in known_names for word in name.split()}
    said = [word.group().casefold() for word in _WORD.finditer(span.text)]
    if not known.isdisjoint(said) or _is_cued(text, span):
        return False
    if span.text.casefold() in own:
        return True
    found = [word.casefold() for word in _WORD.findall(span.text)]
    return _lies_within(text, span, own) or any(
        _holds(found, name.split()) for name in own if " " in name
    )


def _is_cued(text: str, span: Span) -> bool:
    """Whether a greeting or a title stands before a name, or is the first word of it, or it is all
    that its line says, as below a letter."""
    behind_first = span.start + span.text.find(" ") + 1
    line = text[text.rfind("\n", 0, span.start) + 1 :].partition("\n")[0]
    alone = "\n" in text and line.strip(" .,-–—") == span.text.strip(" .,-–—")
    labelled = is_labelled(text, span.start)
    return alone or labelled or any(is_cued(text, at) for at in {span.start, behind_first})


def _lies_within(text: str, span: Span, own: frozenset[str]) -> bool:
    """Whether words beside the stretch make a name of several words of it: `[Clay] Club`."""
    words = list(_WORD.finditer(text))
    first = next((i for i, word in enumerate(words) if word.end() > span.start), 0)
    last = next((i for i, word in enumerate(words) if word.end() >= span.end), len(words) - 1)
    spread = range(MAX_TITLE_WORDS)
    return any(
        text[words[first - before].start() : words[last + behind].end()].casefold() in own
        for before in spread
        for behind in spread
        if first - before >= 0 and last + behind < len(words) and before + behind
    )


def _holds(words: Sequence[str], name: Sequence[str]) -> bool:
    """Whether a name stands among words that are everyday ones but for it."""
    for at in range(len(words) - len(name) + 1):
        if list(words[at : at + len(name)]) == list(name):
            return all(is_everyday(word) for word in (*words[:at], *words[at + len(name) :]))
    return False
