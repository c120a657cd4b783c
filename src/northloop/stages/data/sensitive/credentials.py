"""Secrets: passwords, PINs, keys and tokens, known by what stands before them or by how they look."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from northloop.stages.data.sensitive.spans import Sensitive, Span

_WORDS = ("pas", "pss", "pwd", "pin", "cvv", "cvc", "otp", "token", "key",
          "secret", "code", "kennwort", "contraseña", "passphrase")  # fmt: skip
_AFTER = re.compile(
    r"\b(?:(?P<strong>pa?s{1,3}a? ?w?[wor]{2,4}d|passwd|pass ?phrase|pass ?code|passwort|kennwort|contraseña|pwd|pw)"
    r"|(?P<number>pin(?: code| number)?|cvv2?|cvc2?|otp|(?:security|verification|one[- ]time|access|login|2fa|auth"
    r"|confirmation|card security|door|gate|alarm|entry) (?:code|pin|passcode))"
    r"|(?P<key>(?:api|access|secret|private|auth|client|license|licence)[-_ ]?(?:key|token|secret)|token|secret|bearer))s?\b"
    r"(?P<link>(?:\s+(?:is|was|of|for (?:my|the|this) \w+(?: is)?|to (?:my|the) \w+ is|i (?:use|used|set|have) is|:)|\s*[:=]|'s)?\s*[:=]?\s*[\"'“‘`(]?)"
    r"(?P<value>[^\s\"'”’`)]{3,200})",
    re.I,
)
_TOKENS = re.compile(
    r"(?<![\w-])(?:(?:sk|pk|rk|whsec|xox[abprs]|ghp|gho|ghs|glpat|hf|npm|pypi|shpat|key|tok|api)[-_][A-Za-z0-9_\-]{12,}"
    r"|AKIA[0-9A-Z]{12,20}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z))"
)
_LONG = re.compile(r"(?<![\w/.@-])[A-Za-z0-9_\-+/=]{20,}(?![\w/.@])")
_ORDINARY = frozenset(
    (
        "not no wrong incorrect expired the still being a an is was and or to my it its reset resets resetting"
        " link email mail again change changed changing forgotten forgot invalid working work works doesn"
        " doesn't isn't same correct because but so please which that this for in on at when since after"
        " manager field page prompt screen protected recovery hint request requests lost box form secure"
        " strong weak too very really never always now then here with without by from has have had will would"
        " can could cannot can't won't required needed set entered accepted rejected safe good bad right new old"
        " what where how why if i we you they and, or, is, was, not, reset, required, issue issues problem"
        " problems error requirements length every each option button rules policy security sent does did"
        " needs must should may might keeps again, reset. expired. wrong. incorrect. anymore either there"
        " stopped denied refused only just also all any been gets got getting fails failed failing won't don't didn't"
    ).split()
)
_MIN_ENTROPY_BITS = 3.4


_AFTER_MAILBOX = re.compile(r"[\w.+-]+@[\w.-]+\w\s*[/|]\s*(?P<value>[^\s,;]{6,60})")


def secrets(text: str, lowered: str) -> Iterator[Span]:
    """Yield passwords, PINs, keys and tokens."""
    if any(word in lowered for word in _WORDS):
        for found in _AFTER.finditer(text):
            value = found["value"].rstrip(".,;!?")
            if _is_secret(value, found):
                start = found.start("value")
                yield Span(start, start + len(value), Sensitive.SECRET, value)
    for found in _AFTER_MAILBOX.finditer(text) if "@" in text else ():
        value = found["value"].rstrip(".")
        yield Span(found.start("value"), found.start("value") + len(value), Sensitive.SECRET, value)
    for found in _TOKENS.finditer(text):
        yield Span(found.start(), found.end(), Sensitive.SECRET, found[0])
    for found in _LONG.finditer(text):
        if _looks_random(found[0]):
            yield Span(found.start(), found.end(), Sensitive.SECRET, found[0])


def _is_secret(value: str, found: re.Match[str]) -> bool:
    """Whether what follows the word is a secret rather than the rest of a sentence."""
    if len(value) < 3 or value.lower() in _ORDINARY:
        return False
    linked = found["link"].strip() != ""
    digits = sum(c.isdigit() for c in value)
    if found["number"]:
        return digits >= 3 and digits >= len(value) - 2
    mixed = digits > 0 or any(
        not c.isalnum() for c in value[1:-1].replace("-", "").replace("'", "")
    )
    if found["key"]:
        return len(value) >= 8 and digits > 0
    if mixed:
        return len(value) >= 4 and (linked or digits > 0) and not value.startswith("[")
    inner_capital = any(c.isupper() for c in value[1:]) and any(c.islower() for c in value)
    return linked and (inner_capital or _ends_sentence(found, value))


def _ends_sentence(found: re.Match[str], value: str) -> bool:
    after = found.string[found.start("value") + len(value) :].lstrip("\"'”’`)")
    return len(value) >= 6 and (not after.strip() or after[0] in ".,;!\n")


def _looks_random(value: str) -> bool:
    """Whether a long run has letters of both cases and digits, mixed as no word is."""
    kinds = (
        any(c.islower() for c in value),
        any(c.isupper() for c in value),
        any(c.isdigit() for c in value),
    )
    return (
        sum(kinds) >= 2
        and kinds[2]
        and _entropy_bits(value) >= _MIN_ENTROPY_BITS
        and _switches(value) >= 6
    )


def _switches(value: str) -> int:
    return sum(a.isdigit() != b.isdigit() for a, b in zip(value, value[1:], strict=False))


def _entropy_bits(value: str) -> float:
    """Return the Shannon entropy of the characters, bits a character."""
    counts = Counter(value).values()
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts)
