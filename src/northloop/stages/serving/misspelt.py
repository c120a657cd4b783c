"""Words by which people ask for a person, written with one wrong key ("spek to a humen").

One letter too many, one missing, one wrong or two swapped (Damerau 1964). What is a word of its own
one key away is none of them: whoever speaks with staff again and again has asked for nobody.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from northloop.core.patterns import lazy

_WORDS = """
    human humans person people agent agents someone somebody speak speaking talking representative
    representatives operator manager supervisor employee colleague advisor connect transfer
    mensch menschen mitarbeiter jemand jemandem humano humain umano operatore medewerker
    czlowiekiem konsultantem manniska
"""
_OTHERS = """
    humane humana humanos humaine humains umana umani persons persona parson argent manage managed
    manages manger employed employer employe employees colleagues advisors advisory connects
    connected transfers peoples adviser gent gents arent tacking tanking tasking demand mano manos
    peak speaks spear speck steak sneak sneaking taking walking stalking
    balking operate operators operatori managers supervisors medewerkers mannisko manniskan
    manniskor mitarbeitern mitarbeiters niemand niemandem iemand hunan
"""
_WORD = lazy("[a-z]{4,}")


def respelt(text: str) -> str:
    """Return a text in small letters without accents with such words as they are written."""
    return _WORD.sub(lambda word: _slips().get(word[0], word[0]), text)


@cache
def _slips() -> Mapping[str, str]:
    """Return what each word may be written like → the word."""
    words = _WORDS.split()
    own = {*words, *_OTHERS.split()}
    return MappingProxyType(
        {slip: word for word in words for slip in _around(word) if slip not in own}
    )


def _around(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        before, behind = word[:at], word[at:]
        yield before + behind[1:]
        yield before + behind[1:2] + behind[:1] + behind[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + behind
            yield before + letter + behind[1:]
