"""The library: a session in which somebody works with one workspace.

A session adds nothing to the use cases of `northloop.app`: each of its methods is one of them with
the workspace and the actor given, so what is done here has the effect that it has from the command
line, the console and the API. docs/library.md describes the public names: `northloop.__all__` lists
them, and what is imported here under its own name (`X as X`) is one of them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, TypeVar

from northloop import sample as sample
from northloop.app import (
    answers,
    configuration,
    contrasts,
    datasets,
    intake,
    knowledge,
    ledger,
    retrieval,
    reviews,
    scorecards,
    spent,
    turns,
)
from northloop.app import releases as sealed
from northloop.app.answers import question as question
from northloop.app.intake import ObjectiveInput as ObjectiveInput
from northloop.app.intake import Terms as Terms
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.app.reviews import Judgement as Judgement
from northloop.core import errors as errors
from northloop.core.actor import Actor
from northloop.core.actor import team as team
from northloop.core.conversation import Message as Message
from northloop.core.conversation import Split as Split
from northloop.core.interaction import Feedback as Feedback
from northloop.core.interaction import Interaction as Interaction
from northloop.core.interaction import Outcome as Outcome
from northloop.core.interaction import VerdictKind as VerdictKind
from northloop.core.keys import caller as caller
from northloop.ports.progress import Progress, silent
from northloop.workspace import Workspace

P = ParamSpec("P")
T = TypeVar("T")
Place = TypeVar("Place", Workspace, LazyWorkspace)


def _of(
    place: Callable[[Session], Place], use_case: Callable[Concatenate[Place, Actor, P], T]
) -> Callable[Concatenate[Session, P], T]:
    """Return a use case as a method: where it acts and who acts are the session's."""

    @wraps(use_case)
    def method(session: Session, /, *given: P.args, **named: P.kwargs) -> T:
        return use_case(place(session), session.actor, *given, **named)

    method.__signature__ = _as_method(inspect.signature(use_case))  # type: ignore[attr-defined]
    return method


def _as_method(of: inspect.Signature) -> inspect.Signature:
    """What `help` shows: the session in place of where and who."""
    itself = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    return of.replace(parameters=[itself, *[*of.parameters.values()][2:]])


def _use(
    use_case: Callable[Concatenate[Workspace, Actor, P], T],
) -> Callable[Concatenate[Session, P], T]:
    return _of(lambda session: session.lazy.workspace(), use_case)


class Session:
    """Somebody at work in one folder; every method but the last two is a use case.

    They raise NotReady as long as nobody has set an objective in the folder, NotAllowed if the
    actor may not do such a thing, and the errors that each says itself. Threads may share a
    session.
    """

    def __init__(self, lazy: LazyWorkspace, actor: Actor) -> None:
        self.lazy = lazy
        self.actor = actor

    set_objective = _of(lambda session: session.lazy, intake.agree)
    change = _use(configuration.change)
    preview = _use(intake.preview)
    commit = _use(intake.commit)
    examples = _use(datasets.examples)
    plan = _use(intake.plan)

    update_knowledge = _use(knowledge.update)
    preview_knowledge = _use(knowledge.preview)
    find = _use(retrieval.find)

    propose = _use(turns.propose)
    carry_out = _use(turns.carry_out)

    releases = _use(sealed.releases)
    compared = _use(sealed.compared)
    promote = _use(sealed.promote)
    roll_back = _use(sealed.roll_back)
    begin_at_once = _use(sealed.begin_at_once)

    ask = _use(answers.ask)
    answer = _use(answers.answer)
    trace = _use(answers.trace)
    add_feedback = _use(answers.add_feedback)
    add_outcome = _use(answers.add_outcome)
    to_forget = _use(answers.to_forget)
    forget = _use(answers.forget)

    queue = _use(reviews.queue)
    judge = _use(reviews.judge)
    scorecard = _use(scorecards.scorecard)
    take_reports = _use(ledger.take_reports)
    outcome_imports = _use(ledger.imports)
    take_back = _use(ledger.take_back)
    contrast = _use(contrasts.contrast_of)
    costs = _use(spent.costs)

    def acting(self, actor: Actor) -> Session:
        """Return a session of somebody else in the same workspace, which stays opened once."""
        return Session(self.lazy, actor)

    def close(self) -> None:
        """Free engines and connections, for every session in this workspace."""
        self.lazy.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open(  # noqa: A001
    folder: str | Path,
    actor: Actor,
    settings: Mapping[str, str] = {},
    progress: Progress = silent,
) -> Session:
    """Return a session in a folder, whether there is a workspace in it yet or not.

    `settings` (dotted name → value as a person writes it) stand above northloop.toml for as long as
    the session is open. Long work calls `progress(task, done, total, note)`. Nothing is read or
    written before a method needs it: that one raises ConfigurationError if it cannot be used.
    """
    return Session(LazyWorkspace(Path(folder), settings, progress), actor)
