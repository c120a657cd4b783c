"""Mailboxes: as they are, spelt out, and with their marks gone as some chats leave them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from northloop.core.pattern_set import has_any
from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.lexicon import COMMON_WORDS, TECHNICAL_WORDS
from northloop.stages.data.sensitive.spans import PART, Sensitive, Span
from northloop.stages.data.wording import any_of, words

_EMAIL = lazy(
    any_of(
        r"""
        (?<![\w.+%'-])[\w.+%'-]++@[\w-]++(?:\.[\w-]++)+
        | (?<![\w.+%'-])[\w.+%'-]++
          (?:[ ]?[(\[]at[)\]][ ]?|[ ]at[ ](?=[\w-]++[ ](?:dot|\.)[ ]))[\w-]++
          (?:(?:\.|[ ]dot[ ]|[ ]?[(\[]dot[)\]][ ]?)[\w-]++)+
        | (?<![\w.+-])[\w.+-]++[ ]?@[ ]?[\w-]++[ ]?\.[ ]?
          (?:com|net|org|de|co\.uk|uk|fr|es|it|nl|edu|io|eu|in)\b
        | (?<![\w.+-])[\w.+-]*\w@?(?:[ ]\d{1,4}[ ])?
          (?:gmail|yahoo|hotmail|outlook|icloud|rediffmail|gmx)[ ]?\.?[ ]?(?:com|net|de|co\.uk|fr)\b
        """
    ),
    re.I,
)
"""As they are, spelt out (`jane at mail dot com`), and without their marks.

Each begins where a run of mailbox characters begins, so that a long run is read once."""
_MARKS = ("@", "(at)", "[at]", " at ", "gmail", "yahoo", "hotmail", "outlook", "icloud")
_TOP_DOMAIN = lazy(r"[^\W\d_]{2}")
_REPOSITORY = lazy(r"(?:git|hg|svn)@[^@]*", re.I)
_GLUED = lazy(
    r"(?<![\w.@+/:-])(?P<own>[a-z]{2,20} )?(?P<number>\d{1,6} )?"
    r"(?P<host>[a-z]{0,30}?(?:com|con|net|org|edu))(?![\w.@])",
    re.I,
)
"""`jane 17 gmailcom`, `janedoemailcom`: what is left where a chat drops marks."""
_ENDS = lazy(r"(?:com|con|net|org|edu)(?![\w.@])")
"""What it ends in, in small letters."""
_MAIL = lazy(r"g?ma+i+l+(?:com|con|net|org|edu)|(?:aol|yahoo|rediff\w*|gmi?a?i?l)com", re.I)
_CUE = lazy(r"(?:e-?mail|mail|correo|courriel)(?: \w+){0,4}\s*$", re.I)
_ORDINARY = words(
    """
    telecom intercom sitcom romcom dotcom internet ethernet cabinet subnet magnet planet bonnet
    garnet hornet intranet extranet clarinet cyborg falcon icon beacon silicon bacon lexicon second
    com net org con edu infocom webcom dotnet vbnet aspnet fortinet telnet botnet con
    """
)
MIN_HOST_CHARS = 9


def mailboxes(text: str, lowered: str) -> Iterator[Span]:
    """Yield the mailboxes of a text."""
    if has_any(lowered, _MARKS):
        for found in filter(_is_mailbox, _EMAIL.finditer(text)):
            yield Span(found.start(), found.end(), Sensitive.EMAIL, found[0])
    if _ENDS.search(lowered) and PART not in text:
        for found in _GLUED.finditer(text):
            if span := _glued(found):
                yield span


def _glued(found: re.Match[str]) -> Span | None:
    """Return the mailbox without marks: its host tells, a cue before it, or that it is alone."""
    text, host = found.string, found["host"].lower()
    start = found.start("number") if found["number"] else found.start("host")
    own = (found["own"] or "").strip().lower()
    if own and found["number"] and own not in COMMON_WORDS:
        start = found.start("own")
    if host in _ORDINARY and not found["number"]:
        return None
    alone = not text[:start].strip() and not text[found.end() :].strip(" .")
    cue = _CUE.search(text, max(0, start - 60), start) is not None
    told = _MAIL.search(host) is not None
    long = len(host) >= MIN_HOST_CHARS or found["number"] is not None
    if not (told or (long and host not in TECHNICAL_WORDS and (cue or alone) and host != own)):
        return None
    return Span(start, found.end(), Sensitive.EMAIL, text[start : found.end()])


def _is_mailbox(found: re.Match[str]) -> bool:
    """Whether it is a mailbox: neither a package with its version nor where a repository is."""
    _, at, domain = found[0].partition("@")
    if at and "." in domain and not _TOP_DOMAIN.match(domain.rpartition(".")[2].lstrip()):
        return False
    follows = found.string[found.end() : found.end() + 2]
    of_code = follows[:1] in (":", "/") and follows[1:].strip() != ""
    return not (of_code and _REPOSITORY.fullmatch(found[0]))
