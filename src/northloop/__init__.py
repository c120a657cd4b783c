"""Northloop: a self-hosted improvement loop for customer-support language models.

    import northloop as nl

    with nl.open("shop", nl.team("Ana")) as shop:
        print(shop.answer(nl.question("How long can I return a tent?")).answer)

The names in `__all__` are the library; docs/library.md says what each is for. They are imported
when they are first used, so `import northloop` costs nothing. All else in the package may change
from one version to the next, but for what third parties' adapters build on: `northloop.registry`,
`northloop.ports` and `northloop.testing.contracts`.
"""

# ruff: noqa: F405 (the names below come by the star)

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from northloop.library import *  # noqa: F403

__all__ = [
    "Feedback",
    "Interaction",
    "Judgement",
    "Message",
    "ObjectiveInput",
    "Outcome",
    "Session",
    "Split",
    "Terms",
    "VerdictKind",
    "caller",
    "errors",
    "open",
    "question",
    "sample",
    "team",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("northloop.library"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
