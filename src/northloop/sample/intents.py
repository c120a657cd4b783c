"""The intents of the shop and the rules by which a support lead would label them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from northloop.sample.library import countries, intent_specs


def intents() -> tuple[str, ...]:
    """The names of all intents; the last two are `out_of_scope` and `talk_to_human`."""
    return tuple(intent_specs())


def labelling_rules() -> Mapping[str, tuple[str, ...]]:
    """Intent → regular expressions, to be searched without regard to case.

    Written while looking at the train pool only. `out_of_scope` has no rule.
    """
    named = "(" + "|".join(sorted(countries())) + ")"
    return MappingProxyType(
        {
            name: tuple(pattern.replace("{country}", named) for pattern in spec.patterns)
            for name, spec in intent_specs().items()
            if spec.patterns
        }
    )
