"""Word lists for names: first names, surnames, and words that look like names and are none.

Written in small letters in `lexicon.toml`, those of English without accents. The row's own customer
name and the contexts in `names` carry most of the load; the lists find the rest.
"""

from __future__ import annotations

from northloop.core.packaged import packaged
from northloop.stages.data.wording import without_marks, words

_LISTS = packaged(__package__, "lexicon.toml", dict[str, str])
FIRST_NAMES = words(_LISTS["first_names"])
AMBIGUOUS = words(_LISTS["ambiguous"])
"""First names that are words, places or things too: they need a capital and a surname."""
SURNAMES = words(_LISTS["surnames"])
COMMON_WORDS = words(_LISTS["common_words"])
"""Words that begin sentences, follow greetings or fill support messages, and are no names."""
TECHNICAL_WORDS = words(_LISTS["technical_words"])
"""Words of computing that are written with capitals, too, and are no names."""
WORDY_SURNAMES = words(_LISTS["wordy_surnames"])
"""Surnames that are everyday words, which belong to the name only behind another part of it."""
PLACES = words(_LISTS["places"])
"""Countries and large towns: alone they say little of a person."""
BRANDS = words(_LISTS["brands"])
"""Makers, makes and programs that people write of, some of them named after people."""
NAMED_AFTER_PEOPLE = _LISTS["named_after_people"]
"""Makers, shops and towns that are called as people are."""
_TYPED = words(_LISTS["foreign"])
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
FOREIGN_WORDS = (
    _TYPED
    | set(map(without_marks, _TYPED))
    | {word.translate(_SPELLED) for word in _TYPED if len(word) > 2}
)
"""Everyday words of nine languages, which follow greetings and cues and are nobody's name.

With and without their accents (`für`, `fur`, `fuer`), as people type them.
"""
NO_NAMES = FOREIGN_WORDS | words(_LISTS["calendar"])
"""Words of these languages and the days and months of their calendars."""
