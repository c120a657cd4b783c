"""What the codes of an export mean, where the same file says it beside its rows.

`{"kinds": {"1": "reply", "2": "internal note"}, "messages": [{"kind": 2, …}]}`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from northloop.stages.data.sources.headers import IDS
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.wording import words

Legends: TypeAlias = Mapping[str, Mapping[str, str]]
"""What fields are called that hold codes → code → what it means."""

MOST_CODES = 40
MOST_CHARS = 60
"""What a code means is not longer."""
_CODED = words(
    """
    kind type class category visibility scope audience access status state flag channel direction
    source role side event action art typ tipo soort rodzaj sichtbarkeit visibilité visibilidad
    """
)
_OF_LEGENDS = words("legend map mapping enum label labels name names definition definitions code "
                    "codes list lookup lookups table legende")  # fmt: skip
_CODES = ("id", "code", "key", "value", "number", "nr")
_MEANINGS = ("name", "label", "title", "description", "text", "meaning", "value", "bezeichnung")


def legends_in(parts: Iterable[tuple[str, Json]]) -> Legends:
    """Return what codes mean by (name, value) of what stands beside rows: an object of codes with
    their meanings, or a list of objects with both. Where two legends of one name differ, neither
    tells anything of fields that are called so alone.
    """
    found: dict[str, dict[str, str]] = {}
    doubtful: set[str] = set()
    for name, value in parts:
        codes = codes_of(value)
        said = [_singular(w) for w in words_of(name).split() if w not in _OF_LEGENDS]
        for called in {" ".join(said), *said[-1:]} if codes and _CODED & {*said[-1:]} else ():
            doubtful |= {called} if found.setdefault(called, codes) != codes else set()
    return {called: codes for called, codes in found.items() if called not in doubtful}


def spelled(value: Json, legends: Legends) -> Json:
    """Return a row with what its codes mean in their place, at any depth."""
    if isinstance(value, Mapping):
        return {key: _meaning(key, inner, legends) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [spelled(inner, legends) for inner in value]
    return value


def _meaning(name: str, value: Json, legends: Legends) -> Json:
    if isinstance(value, Mapping | list):
        return spelled(value, legends)
    said = [_singular(word) for word in words_of(name).split() if word not in IDS]
    known = legends.get(" ".join(said)) or legends.get(" ".join(said[-1:])) or {}
    return known.get(as_text(value).strip(), value)


def codes_of(value: Json) -> dict[str, str]:
    """Return what codes mean by an object or a list of objects, {} where these are no legend."""
    if isinstance(value, Mapping):
        pairs = [(key, inner) for key, inner in value.items() if isinstance(inner, str)]
        whole = len(pairs) == len(value) and all(key.isdigit() or len(key) < 3 for key in value)
        return _checked(pairs) if whole else {}
    listed = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    told = [_told(one) for one in listed if isinstance(one, Mapping)]
    return _checked([pair for pair in told if pair]) if len(told) == len(listed) else {}


def _told(one: Mapping[str, Json]) -> tuple[str, Json] | None:
    by_name = {words_of(key).rpartition(" ")[2]: key for key in one}
    code = next((by_name[n] for n in _CODES if n in by_name), "")
    meaning = next((by_name[n] for n in _MEANINGS if n in by_name and by_name[n] != code), "")
    return (as_text(one[code]), one[meaning]) if code and meaning else None


def _checked(pairs: Sequence[tuple[str, Json]]) -> dict[str, str]:
    found = {code: said for code, said in pairs if isinstance(said, str)}
    short = all(0 < len(said) <= MOST_CHARS for said in found.values())
    return found if 1 < len(found) == len(pairs) <= MOST_CODES and short else {}


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    plural = word.endswith("s") and not word.endswith(("ss", "us"))
    return word[:-2] if word.endswith("sses") or word.endswith("uses") else word[: -plural or None]
