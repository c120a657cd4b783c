"""Every use case looks at the actor's rights before anything else."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module

import pytest

import northloop.app
from northloop.core.actor import Actor, Role
from northloop.core.errors import NotAllowed

OF_A_TENANT = {
    "alerts.alerts": Role.METRICS,
    "canaries.going_on": Role.METRICS,
    "canaries.status": Role.METRICS,
    "scorecards.breakdown": Role.METRICS,
    "scorecards.reviewer_error": Role.METRICS,
    "scorecards.scorecard": Role.METRICS,
    "answers.add_feedback": Role.FEEDBACK,
    "answers.add_outcome": Role.FEEDBACK,
    "answers.answer": Role.ANSWER,
    "answers.ask": Role.ANSWER,
    "answers.interaction": Role.READ,
    "answers.models": Role.ANSWER,
    "answers.cited": Role.READ,
    "answers.said_before": Role.READ,
    "answers.evidence": Role.ANSWER,
    "comparisons.choose": Role.REVIEW,
    "comparisons.skip": Role.REVIEW,
    "comparisons.undo": Role.REVIEW,
    "comparisons.waiting": Role.REVIEW,
    "drift.drift": Role.METRICS,
    "contrasts.contrast_of": Role.METRICS,
    "contrasts.latest_contrast": Role.METRICS,
    "desk.alternatives": Role.DESK,
    "desk.answer_in": Role.DESK,
    "desk.conversation": Role.READ,
    "desk.discard": Role.DESK,
    "desk.edit": Role.DESK,
    "desk.look": Role.DESK,
    "desk.queue": Role.DESK,
    "desk.reword": Role.DESK,
    "desk.send": Role.DESK,
    "search.search": Role.READ,
    "telemetry.counts": Role.METRICS,
}
"""What a key may be allowed; everything else is the team's."""


def use_cases() -> dict[str, Callable[..., object]]:
    found = {}
    for info in pkgutil.iter_modules(northloop.app.__path__):
        module = import_module(f"northloop.app.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and info.name != "rights" and "actor" in inspect.signature(function).parameters:
                found[f"{info.name}.{name}"] = function
    return found


USE_CASES = use_cases()


class Untouched:
    """Raises whatever is asked of it."""

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(f"{name} was looked at before the rights")


def call(function: Callable[..., object], actor: Actor) -> None:
    required = [
        p.name
        for p in inspect.signature(function).parameters.values()
        if p.default is inspect.Parameter.empty
    ]
    function(**{name: actor if name == "actor" else Untouched() for name in required})


def test_there_are_use_cases() -> None:
    assert len(USE_CASES) > 45
    assert OF_A_TENANT.keys() <= USE_CASES.keys()


@pytest.mark.parametrize("name", sorted(USE_CASES))
def test_nobody_does_anything_without_the_right(name: str) -> None:
    allowed = OF_A_TENANT.get(name, Role.TEAM)
    others = tuple(role for role in Role if role is not allowed)
    with pytest.raises(NotAllowed):
        call(USE_CASES[name], Actor(name="k", roles=others))


@pytest.mark.parametrize("name", sorted(USE_CASES.keys() - OF_A_TENANT.keys()))
def test_what_concerns_every_tenant_is_for_nobody_of_one(name: str) -> None:
    with pytest.raises(NotAllowed, match="every tenant"):
        call(USE_CASES[name], Actor(name="k", roles=tuple(Role), tenant="north"))
