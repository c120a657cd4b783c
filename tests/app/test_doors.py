"""Every door of the house with the use case behind it.

A verb or a route that is not in the table fails here, and so does one that does not call the use
case that the table names; the console's pages and forms stand in `console/test_doors.py`. That no
shell imports past the use cases, import-linter checks.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import typer
from starlette.routing import BaseRoute, Mount, Route

from console.test_doors import DOORS as DOORS_OF_THE_CONSOLE
from northloop.app import (
    alerts,
    answers,
    benches,
    canaries,
    comparisons,
    configuration,
    contrasts,
    desk,
    doctor,
    drift,
    intake,
    keys,
    knowledge,
    lazy_workspace,
    ledger,
    quality,
    releases,
    reviews,
    scorecards,
    spent,
    storage,
    telemetry,
    turns,
)
from northloop.cli import serving, shown
from northloop.cli.main import app
from northloop.http.app import create_app

UseCase = Callable[..., object] | None
"""None: the door concerns the process or the visitor's browser alone."""

VERBS: Mapping[str, UseCase] = {
    "demo": shown.demo,
    "init": intake.start,
    "import": intake.commit,
    "plan": intake.plan,
    "compare": releases.contest,
    "scorecard": scorecards.scorecard,
    "outcomes": ledger.take_in,
    "reports list": ledger.imports,
    "reports undo": ledger.take_back,
    "drift": drift.drift,
    "alerts list": alerts.alerts,
    "alerts acknowledge": alerts.acknowledge,
    "alerts test": alerts.test,
    "progress": contrasts.contrast_of,
    "costs": spent.costs,
    "ask": answers.ask,
    "serve": serving.serve,
    "trace": answers.trace,
    "forget": answers.forget,
    "doctor": doctor.examine,
    "settings": configuration.settings,
    "key create": keys.create,
    "key list": keys.list_keys,
    "key revoke": keys.revoke,
    "knowledge update": knowledge.update,
    "knowledge preview": knowledge.preview,
    "knowledge status": knowledge.status,
    "knowledge confirm": knowledge.confirm,
    "knowledge reword": knowledge.reword,
    "loop run": turns.carry_out,
    "loop status": turns.proposals,
    "loop approve": turns.carry_out,
    "loop reject": turns.reject,
    "pairs next": comparisons.waiting,
    "pairs judge": comparisons.choose,
    "pairs skip": comparisons.skip,
    "pairs undo": comparisons.undo,
    "release begin": releases.begin_at_once,
    "release list": releases.releases,
    "release promote": releases.promote,
    "release rollback": releases.roll_back,
    "canary start": canaries.start,
    "canary status": canaries.status,
    "canary stop": canaries.stop,
    "canary promote": canaries.promote,
    "desk list": desk.queue,
    "desk alternatives": desk.alternatives,
    "desk mode": desk.answer_in,
    "desk send": desk.send,
    "desk edit": desk.edit,
    "desk reword": desk.reword,
    "desk discard": desk.discard,
    "review list": reviews.queue,
    "review next": reviews.take,
    "review alternatives": reviews.alternatives,
    "review give": reviews.judge,
    "review skip": reviews.skip,
    "review undo": reviews.undo,
    "review history": reviews.history,
    "review disputes": quality.disagreements,
    "review rule": quality.rule,
    "review agreement": quality.agreement,
    "review gold list": quality.known,
    "review gold mark": quality.mark,
    "review gold unmark": quality.unmark,
    "storage move": storage.move,
    "bench cache": benches.replay_cache,
    "approved list": reviews.approvals,
    "approved withdraw": reviews.withdraw,
    "approved restore": reviews.restore,
}
ROUTES: Mapping[str, UseCase] = {
    "POST /v1/chat/completions": answers.ask,
    "GET /v1/models": answers.models,
    "GET /v1/models/{model_id:path}": answers.models,
    "POST /v1/feedback": answers.add_feedback,
    "POST /v1/conversations/{conversation_id}/outcome": answers.add_outcome,
    "GET /v1/conversations/{conversation_id}": desk.conversation,
    "GET /v1/interactions/{interaction_id}": answers.interaction,
    "GET /v1/canary": canaries.status,
    "GET /v1/scorecard": scorecards.scorecard,
    "GET /v1/alerts": alerts.alerts,
    "GET /v1/progress": contrasts.latest_contrast,
    "GET /v1/drift": drift.drift,
    "GET /v1/pairs/next": comparisons.waiting,
    "POST /v1/pairs/{pair_id}/choose": comparisons.choose,
    "POST /v1/pairs/{pair_id}/skip": comparisons.skip,
    "POST /v1/pairs/{pair_id}/undo": comparisons.undo,
    "POST /v1/conversations/{conversation_id}/mode": desk.answer_in,
    "GET /v1/desk": desk.queue,
    "GET /v1/desk/{interaction_id}": desk.look,
    "GET /v1/desk/{interaction_id}/alternatives": desk.alternatives,
    "POST /v1/desk/{interaction_id}/send": desk.send,
    "POST /v1/desk/{interaction_id}/edit": desk.edit,
    "POST /v1/desk/{interaction_id}/reword": desk.reword,
    "POST /v1/desk/{interaction_id}/discard": desk.discard,
    "GET /healthz": None,
    "GET /readyz": answers.health,
    "GET /metrics": telemetry.counts,
    "GET /openapi.json": answers.models,
}
ACTS: Mapping[str, tuple[str, str]] = {
    "ask": ("ask", "POST /playground/ask"),
    "look at the keys": ("key list", "GET /keys"),
    "make a key": ("key create", "POST /keys/new"),
    "revoke a key": ("key revoke", "POST /keys/{key}/revoke"),
    "look at who waits": ("desk list", "GET /desk"),
    "look at what might be sent instead": ("desk alternatives", "GET /desk/{answer}"),
    "answer a conversation oneself": ("desk mode", "POST /desk/{answer}/mode"),
    "send a draft": ("desk send", "POST /desk/{answer}/send"),
    "edit a draft and send it": ("desk edit", "POST /desk/{answer}/edit"),
    "discard a draft": ("desk discard", "POST /desk/{answer}/discard"),
    "take the next answer": ("review next", "GET /review"),
    "look what a correction might say": (
        "review alternatives",
        "GET /review/{review}/alternatives",
    ),
    "give a verdict": ("review give", "POST /review/{review}/verdict"),
    "pass an answer over": ("review skip", "POST /review/{review}/verdict"),
    "take a verdict back": ("review undo", "POST /review/undo/{verdict}"),
    "look what a verdict became": ("review history", "GET /answers/{interaction}"),
    "look where reviewers differ": ("review disputes", "GET /review/quality"),
    "rule": ("review rule", "POST /review/{review}/rule"),
    "look how far they agree": ("review agreement", "GET /review/quality"),
    "look at the gold answers": ("review gold list", "GET /review/quality"),
    "mark an answer as gold": ("review gold mark", "POST /answers/{interaction}/gold"),
    "take that back": ("review gold unmark", "POST /answers/{interaction}/gold/unmark"),
    "look at the scorecard": ("scorecard", "GET /releases/{release}"),
    "withdraw an approved answer": (
        "approved withdraw",
        "POST /answers/approved/{approved}/withdraw",
    ),
    "serve it again": ("approved restore", "POST /answers/approved/{approved}/restore"),
    "look at the releases": ("release list", "GET /releases"),
    "promote": ("release promote", "POST /releases/{release}/promote"),
    "roll back": ("release rollback", "POST /releases/{release}/roll-back"),
    "try a release": ("canary start", "POST /releases/{release}/canary"),
    "look how it stands": ("canary status", "GET /canary"),
    "end the trial": ("canary stop", "POST /canary/stop"),
    "let it go live": ("canary promote", "POST /canary/promote"),
    "look at the turns": ("loop status", "GET /loop"),
    "reject a turn": ("loop reject", "POST /loop/{proposal}/reject"),
    "look at two answers": ("pairs next", "GET /loop/pairs"),
    "say which is right": ("pairs judge", "POST /loop/pairs/{pair}"),
    "pass two answers over": ("pairs skip", "POST /loop/pairs/{pair}"),
    "judge them again": ("pairs undo", "POST /loop/pairs/{pair}/undo"),
    "look at the alerts": ("alerts list", "GET /alerts"),
    "take an alert on": ("alerts acknowledge", "POST /alerts/{alert}/acknowledge"),
    "send a trial message": ("alerts test", "POST /alerts/trial"),
    "look at drift": ("drift", "GET /alerts"),
    "look at the settings": ("settings", "GET /settings"),
    "put the documents in force": ("knowledge update", "POST /documents/update"),
    "look at what changed": ("knowledge status", "GET /documents"),
    "confirm an answer": ("knowledge confirm", "POST /documents/answers/{approved}/confirm"),
    "forget a customer": ("forget", "POST /answers/forget"),
    "take in how conversations ended": ("outcomes", "POST /objective/outcomes/{report}/take"),
    "take an import of that back": ("reports undo", "POST /objective/imports/{taken}/undo"),
    "reword an answer": ("knowledge reword", "POST /documents/answers/{approved}/reword"),
}
"""What people do by a verb of the command line and by a page or form of the console."""


# --- what there is -----------------------------------------------------------------------------


def verbs() -> dict[str, Callable[..., object]]:
    """Return every verb as it is typed, with the function that it runs."""
    found: dict[str, Callable[..., object]] = {}
    groups = [("", app)]
    for path, group in groups:
        for command in group.registered_commands:
            assert command.callback is not None
            name = command.name or typer.main.get_command_name(command.callback.__name__)
            found[f"{path} {name}".strip()] = command.callback
        groups += [
            (f"{path} {inner.name}".strip(), inner.typer_instance)
            for inner in group.registered_groups
            if inner.typer_instance
        ]
    return found


def routes(found: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, Route]]:
    for route in found:
        if isinstance(route, Mount):
            yield from routes(list(route.routes), prefix + route.path)
        elif isinstance(route, Route):
            yield prefix + route.path, route


def api() -> dict[str, Callable[..., object]]:
    def nowhere() -> None:
        raise AssertionError("the routes are looked at only")

    return {
        f"{method} {path}": route.endpoint
        for path, route in routes(create_app(nowhere).routes)
        for method in (route.methods or set()) - {"HEAD"}
    }


# --- what it calls -----------------------------------------------------------------------------


@cache
def _bodies(module: ModuleType) -> dict[str, ast.AST]:
    """Return every function and method of a module by its name."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(module)))
    return {node.name: node for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}  # fmt: skip


def called(function: Callable[..., object]) -> set[str]:
    """Return the names that a door uses, itself or through others of its module."""
    module = inspect.getmodule(function)
    assert module is not None
    bodies, found, waiting = _bodies(module), set(), [function.__name__]
    while waiting:
        name = waiting.pop()
        for node in ast.walk(bodies[name]):
            used = _name(node)
            if used and used not in found:
                found.add(used)
                own = used.removeprefix("self.")
                waiting += [own] if own in bodies else []
    return found


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


def calls(door: Callable[..., object], use_case: Callable[..., object]) -> bool:
    module = use_case.__module__.rpartition(".")[2]
    name = use_case.__name__
    # `answers` hands on what `search` holds.
    ways = {name, f"{module}.{name}", f"answers.{name}"}
    return bool(ways & called(door))


DOORS = {
    **{f"northloop {name}": (door, VERBS.get(name)) for name, door in verbs().items()},
    **{name: (door, ROUTES.get(name)) for name, door in api().items()},
}


def test_every_door_is_in_the_table() -> None:
    assert verbs().keys() == VERBS.keys()
    assert api().keys() == ROUTES.keys()


@pytest.mark.parametrize("name", [name for name, (_, use_case) in DOORS.items() if use_case])
def test_a_door_calls_its_use_case(name: str) -> None:
    door, use_case = DOORS[name]
    assert use_case is not None
    assert calls(door, use_case), f"{name} does not call {use_case.__qualname__}"


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_the_same_use_case_through_every_door(act: str) -> None:
    verb, page = ACTS[act]
    use_case = VERBS[verb]
    assert use_case is not None
    name = f"{use_case.__module__.rpartition('.')[2]}.{use_case.__name__}"
    assert name in {*DOORS_OF_THE_CONSOLE[page]}


def test_a_door_that_calls_something_else_is_noticed() -> None:
    door, _ = DOORS["northloop release list"]
    assert calls(door, releases.releases)
    assert not calls(door, releases.promote)


def test_no_shell_may_import_past_the_use_cases() -> None:
    """The contract is import-linter's; that it names every shell and every room below, is ours."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (contract,) = [c for c in contracts if c["name"] == "Shells reach nothing past the use cases"]
    shells = {f"northloop.{name}" for name in ("cli", "console", "http", "library")}
    assert set(contract["source_modules"]) == shells
    allowed = {"app", "core", "settings", "workspace", "demo"}
    package = Path(lazy_workspace.__file__).parents[1]
    rooms = {path.stem for path in package.iterdir() if not path.name.startswith(("_", "py."))}
    below = {f"northloop.{room}" for room in rooms - allowed} - shells
    assert set(contract["forbidden_modules"]) == below
