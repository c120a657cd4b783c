"""How artefacts that earlier versions wrote are read.

Whoever changes what the JSON of an artefact must hold (a required field, another name, another
shape) adds an upgrader from the form before; that alone makes the next artefacts of the kind carry
the next format number. What lies on the disk is never rewritten, and its hash stays its name.

    UPGRADERS[Kind.RELEASE, "release.json", 1] = lambda release: release | {"policy": "strict"}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import UNSET

from northloop.core.artefacts import Kind, Manifest
from northloop.core.errors import ConfigurationError
from northloop.core.ids import Hash

Plain: TypeAlias = dict[str, Any]
"""One JSON object of a file: the file itself, or one of its lines."""

UPGRADERS: dict[tuple[Kind, str, int], Callable[[Plain], Plain]] = {}
"""(kind, name of the file, format it is in) → from such an object to the one of the next format."""


def current(kind: Kind) -> int:
    """Return the format in which artefacts of a kind are written now."""
    return 1 + max((old for of, _, old in UPGRADERS if of is kind), default=0)


def manifest(
    kind: Kind, parents: Sequence[Hash], files: Mapping[str, Hash], meta: Mapping[str, str]
) -> Manifest:
    """Return the identity card of an artefact that is written now."""
    number = current(kind)
    return Manifest(
        kind=kind,
        parents=tuple(parents),
        files=dict(files),
        meta=dict(meta),
        numbered=UNSET if number == 1 else number,
    )


def upgrade(card: Manifest, file: str) -> Callable[[Plain], Plain] | None:
    """Return what makes an object of a file one of the present format; None if it is one."""
    steps = [
        UPGRADERS[step]
        for number in range(card.format, current(card.kind))
        if (step := (card.kind, file, number)) in UPGRADERS
    ]

    def through_all(value: Plain) -> Plain:
        for step in steps:
            value = step(value)
        return value

    return through_all if steps else None


def refuse_newer(card: Manifest, where: str) -> None:
    """Raise ConfigurationError for an artefact of a format that this version does not know."""
    known = current(card.kind)
    if card.format > known:
        raise ConfigurationError(
            f"a newer northloop made this {card.kind.value} (format {card.format}, not {known})",
            where=where,
            action="update this northloop to the version of those who made it",
        )
