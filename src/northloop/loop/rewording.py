"""Whether what an agent sent is the draft: in the same words, but for what says nothing.

A greeting and a sign-off are taken away on both sides where all of what goes is one: what stands
below a sign-off and is no name, company, number or address is said to the customer as the rest is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from northloop.core.facts import facts
from northloop.core.patterns import lazy
from northloop.stages.data.correspondence import (
    without_greeting,
    without_sign_off,
    without_signature,
)
from northloop.stages.data.correspondence.lexicon import line_of, patterns
from northloop.stages.data.correspondence.lines import (
    DELIMITER,
    is_address,
    is_device,
    is_formula,
    is_said,
)
from northloop.stages.data.correspondence.people import PARTICLES, is_given_name, with_names
from northloop.stages.data.sensitive.everyday import is_everyday
from northloop.stages.monitoring import filled_in
from northloop.stages.monitoring.trifles import (
    DELICATE,
    is_courtesy,
    same_but_for_trifles,
    without_courtesies,
    without_marks,
)

MOST_LEFT = 3
"""Words of a name or a company that no list knows."""
MOST_CLOSING_WORDS = 9
_GREETS = line_of(rf"(?:{patterns('greetings')}|{patterns('dears')})(?!\w)")
_TITLE = lazy(
    r"mrs?|ms|mx|dr|prof|miss|frau|herrn?|madame|mme|monsieur|señora?|sra?|mevrouw|meneer|heer"
    r"|signora?|senhora?|pani?",
    re.I,
)
_ADDRESSED = lazy(patterns("addressed"), re.I)
_OFFICE = lazy(
    rf"(?<![^\W_])(?:{patterns('offices')}|gmbh|ag|bv|sarl|srl|ltd|inc|customer)(?![^\W_])", re.I
)
_CONTACT = lazy(rf"(?<![^\W_]){patterns('contacts')}(?![^\W_])", re.I)
_REACHED = lazy(r"https?://\S+|www\.\S+|\S+@\S+|(?:\+|\(?0)[\d\s()./-]{6,}\d")
_WORD = lazy(r"[^\W_]+(?:['’.-][^\W_]+)*")
_OF = frozenset(("from", "of", "at", "your", "aus", "vom", "ihr", "ihre", "dein", "votre", "su"))


def says_the_same(text: str, draft: str) -> bool:
    """Return whether an agent's text says what a draft does, so that it was right as it stood.

    It does with real values in the place of placeholders, with another greeting, sign-off or
    courtesy round it, and with trifles changed; in doubt, not.
    """
    if filled_in.says_the_same(text, draft):
        return True
    mine, theirs = bare(text), bare(draft)
    if any(fact[:1] != "[" and fact not in facts(text) for fact in facts(draft)):
        return False
    return filled_in.says_the_same(mine, theirs) or same_but_for_trifles(mine, theirs, is_everyday)


def bare(text: str) -> str:
    """Return a text without the greeting, the sign-off and the courtesies round what it says.

    It comes back whole if it would be nothing without them.
    """
    return without_courtesies(_unsigned(_ungreeted(without_marks(text).strip())))


def _ungreeted(text: str) -> str:
    rest = without_greeting(text).strip()
    head = text.removesuffix(rest)
    return rest if head + rest == text and all(map(_greets, head.splitlines())) else text


def _greets(line: str) -> bool:
    """Whether a line only greets, whoever it names."""
    rest = with_names(line)
    while found := _GREETS.match(rest):
        rest = rest[found.end() :]
    words = _WORD.findall(rest)
    greeted = rest != with_names(line)
    return not words or _names_people(words, known=greeted and len(words) <= 1)


def _unsigned(text: str) -> str:
    rest = without_sign_off(without_signature(text)).strip()
    tail = text.removeprefix(rest)
    return rest if rest + tail == text and all(map(_signs, tail.splitlines())) else text


def _signs(line: str) -> bool:
    """Whether a line only closes a letter, or says who wrote it and where they are."""
    line = with_names(line.strip())
    if not line or DELIMITER.match(line) or is_courtesy(line):
        return True
    if is_device(line) and not _turns(line):
        return True
    head, _, tail = line.partition(",")
    if _closes(line) or (tail.strip() and _closes(head) and _is_sender(tail)):
        return True
    return _is_sender(line) or _is_contact(line)


def _closes(line: str) -> bool:
    short = len(line.split()) <= MOST_CLOSING_WORDS
    return short and not _turns(line) and (is_formula(line) or is_said(line))


def _turns(line: str) -> bool:
    """Whether a line has a figure, or a word that turns or limits what is said."""
    words = {word.casefold() for word in _WORD.findall(line)}
    return any(map(str.isdigit, line)) or not words.isdisjoint(DELICATE)


def _is_sender(line: str) -> bool:
    """Whether a line names a person, a position, a department or a company."""
    rest = _OFFICE.sub(" ", line)
    words = [word for word in _WORD.findall(rest) if word.casefold() not in _OF]
    if _turns(line) or not line.strip() or line.rstrip()[-1] in "?!:":
        return False
    of_many = rest != line
    if of_many and all(word[0].isupper() for word in _WORD.findall(line) if word in words):
        left = [word for word in words if word not in PARTICLES]
        known = [is_everyday(word.casefold()) for word in left]
        return len(left) <= MOST_LEFT and (not left or not all(known))
    return bool(words) and _names_people(words, known=len(words) == 1)


def _names_people(words: Sequence[str], *, known: bool) -> bool:
    """Whether words are somebody's name; `known` where one that no list has may be one."""
    if any(word.casefold() in DELICATE or any(map(str.isdigit, word)) for word in words):
        return False
    vouched = [
        _TITLE.fullmatch(word) is not None
        or (is_given_name(word) and not is_everyday(word.casefold()))
        for word in words
    ]
    left = [
        word
        for word, is_known in zip(words, vouched, strict=True)
        if not is_known and word not in PARTICLES and not _ADDRESSED.fullmatch(word)
    ]
    if not all(word[0].isupper() for word in left):
        return False
    strange = [word for word in left if not is_everyday(word.casefold())]
    if any(vouched):
        return len(left) <= 1 or (len(left) <= MOST_LEFT and len(strange) == len(left))
    return not left or (known and len(left) == len(strange) == 1)


def _is_contact(line: str) -> bool:
    """Whether a line only says a number, a mailbox, a page or an address."""
    rest = _CONTACT.sub(" ", _REACHED.sub(" ", line))
    words = _WORD.findall(rest)
    if not words:
        return _REACHED.search(line) is not None
    told = [word for word in words if not word.isdigit()]
    strange = [w for w in told if w[0].isupper() and not is_everyday(w.casefold())]
    return is_address(line) and len(strange) == len(told) and 0 < len(told) <= MOST_LEFT
