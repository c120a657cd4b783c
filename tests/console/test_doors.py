"""Every page and form of the console, and the use cases behind it.

DOORS is the console's part of the table of verbs, forms and routes: what the same use case is
called through the other doors stands in theirs.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path

from starlette.routing import Route

import northloop.console as console_package
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.console import create_console

DOORS: Mapping[str, tuple[str, ...]] = {
    # pages
    "GET /": (
        "waiting.waiting",
        "canaries.going_on",
        "comparisons.undecided",
        "alerts.alerts",
        "first_day.way",
        "releases.ever_live",
        "intake.objective",
        "intake.periods",
        "datasets.versions",
        "datasets.card",
        "turns.runs",
        "turns.trigger",
        "turns.proposals",
        "releases.going_out",
        "releases.releases",
        "releases.promotions",
        "scorecards.scorecard",
        "reviews.progress",
        "contrasts.latest_contrast",
    ),
    "GET /palette": (
        "releases.releases",
        "datasets.versions",
        "knowledge.documents",
        "lessons.lessons",
        "answers.search",
    ),
    "GET /objective": (
        "intake.objective",
        "intake.periods",
        "releases.promotions",
        "releases.numbers",
        "contrasts.latest_contrast",
        "spent.latest_costs",
        "reports.waiting",
        "ledger.imports",
    ),
    "GET /objective/outcomes/{report}": ("reports.look",),
    "GET /data": ("datasets.versions", "datasets.card"),
    "GET /data/{dataset}": ("datasets.versions", "datasets.card"),
    "GET /data/{dataset}/quarantine": ("datasets.quarantined", "datasets.card"),
    "GET /data/{dataset}/{split}": (
        "datasets.examples",
        "datasets.card",
        "datasets.nearest",
        "knowledge.rows_at_stake",
    ),
    "GET /documents": (
        "knowledge.status",
        "knowledge.in_force",
        "knowledge.outdated",
        "knowledge.last_change",
        "knowledge.in_doubt",
        "articles.articles",
        "articles.removed",
        "answers.interaction",
    ),
    "GET /documents/{document:path}": (
        "articles.articles",
        "articles.written",
        "previews.going_on",
        "knowledge.status",
        "knowledge.in_force",
        "knowledge.since",
    ),
    "GET /preview": ("previews.going_on",),
    "GET /training": ("turns.runs",),
    "GET /training/{run}": ("turns.run", "releases.report"),
    "GET /training/{run}/live": ("turns.run",),
    "GET /releases": (
        "releases.releases",
        "releases.promotions",
        "releases.numbers",
        "scorecards.scorecards",
    ),
    "GET /canary": ("canaries.status", "releases.numbers"),
    "GET /releases/{release}": (
        "waiting.waiting",
        "releases.releases",
        "releases.report_of",
        "releases.favour",
        "releases.promotions",
        "releases.compared",
        "releases.numbers",
        "releases.standings",
        "scorecards.scorecard",
        "scorecards.breakdown",
        "scorecards.reused",
        "scorecards.reviewer_error",
        "turns.proposals",
    ),
    "GET /playground": ("releases.releases", "knowledge.documents", "languages.house"),
    "GET /answers": ("answers.search", "releases.numbers"),
    "GET /answers/approved": (
        "reviews.approvals",
        "quality.disagreements",
        "knowledge.in_doubt",
    ),
    "GET /answers/forget": ("answers.to_forget",),
    "GET /answers/{interaction}": (
        "answers.interaction",
        "answers.said_before",
        "answers.cited",
        "reviews.history",
        "quality.marked",
        "releases.numbers",
    ),
    "GET /review": (
        "reviews.take",
        "quality.agreement",
        "reviews.intents",
        "reviews.context",
        "reviews.progress",
    ),
    "GET /review/{review}": (
        "reviews.take",
        "quality.agreement",
        "reviews.claim",
        "reviews.intents",
        "reviews.context",
        "reviews.progress",
    ),
    "GET /review/{review}/alternatives": ("reviews.alternatives",),
    "GET /review/quality": (
        "quality.agreement",
        "quality.disagreements",
        "quality.known",
        "scorecards.reviewer_error",
    ),
    "GET /desk": ("desk.queue", "desk.undelivered"),
    "GET /desk/{answer}": (
        "desk.look",
        "desk.alternatives",
        "desk.waiting",
        "reviews.intents",
    ),
    "GET /loop": (
        "turns.proposals",
        "turns.trigger",
        "turns.step_status",
        "turns.is_training",
        "comparisons.undecided",
        "waiting.waiting",
        "releases.numbers",
    ),
    "GET /loop/live": (
        "turns.proposals",
        "turns.trigger",
        "turns.step_status",
        "turns.is_training",
        "comparisons.undecided",
        "waiting.waiting",
        "releases.numbers",
    ),
    "GET /loop/pairs": (
        "comparisons.waiting",
        "comparisons.undecided",
        "waiting.waiting",
        "retrieval.find",
        "releases.numbers",
    ),
    "GET /lessons": ("lessons.lessons",),
    "GET /lessons/{lesson}": ("lessons.lessons",),
    "GET /alerts": ("alerts.alerts", "drift.drift"),
    "GET /alerts/window/{window:int}": ("drift.drift", "drift.explain"),
    "GET /settings": ("configuration.settings", "configuration.sections"),
    "GET /settings/{setting}": ("configuration.setting",),
    "GET /keys": ("keys.list_keys",),
    # the first day
    "GET /start": ("first_day.way",),
    "GET /start/objective": ("first_day.way", "intake.contract"),
    "GET /start/history": ("first_day.way", "uploads.uploads", "intake.periods"),
    "GET /start/history/{upload}": (
        "first_day.way",
        "first_day.exports",
        "uploads.upload",
        "uploads.look",
        "uploads.imported",
        "uploads.columns_of",
    ),
    "GET /start/history/{upload}/live": (
        "first_day.exports",
        "uploads.upload",
        "uploads.look",
        "uploads.imported",
        "uploads.columns_of",
    ),
    "GET /start/documents": (
        "first_day.way",
        "articles.articles",
        "articles.removed",
        "knowledge.in_force",
        "knowledge.status",
    ),
    "GET /start/turn": (
        "first_day.way",
        "first_day.first_turn",
        "first_day.beginning",
        "first_day.base_file",
        "first_day.forecast",
        "turns.runs",
        "releases.numbers",
    ),
    "GET /start/turn/live": (
        "first_day.way",
        "first_day.first_turn",
        "first_day.beginning",
        "first_day.base_file",
        "first_day.forecast",
        "turns.runs",
        "releases.numbers",
    ),
    "POST /start/objective": ("intake.agree",),
    "POST /start/history": ("uploads.receive",),
    "POST /start/history/{upload}/columns": ("uploads.upload", "uploads.correct"),
    "POST /start/history/{upload}/import": ("uploads.take_in",),
    "POST /start/history/{upload}/cancel": ("uploads.cancel",),
    "POST /start/turn": ("first_day.begin",),
    "POST /start/promote": ("releases.promote",),
    "POST /start/at-once": ("first_day.begin_at_once",),
    "POST /objective/outcomes": ("reports.receive",),
    "POST /objective/outcomes/{report}/take": ("reports.held", "ledger.take_in"),
    "POST /objective/outcomes/{report}/drop": ("reports.drop",),
    "POST /objective/imports/{taken}/undo": ("ledger.take_back",),
    # documents
    "POST /documents": ("articles.add",),
    "POST /documents/write": ("articles.write",),
    "POST /documents/save": ("articles.rewrite", "articles.written", "articles.articles"),
    "POST /documents/remove": ("articles.articles", "articles.remove"),
    "POST /documents/put-back": ("articles.put_back",),
    "POST /documents/update": ("knowledge.update", "knowledge.status"),
    "POST /preview": ("previews.begin",),
    "POST /documents/answers/{approved}/confirm": ("knowledge.confirm",),
    "POST /documents/answers/{approved}/reword": ("knowledge.reword",),
    # forms
    "POST /keys/new": ("keys.create", "keys.list_keys"),
    "POST /keys/{key}/revoke": ("keys.revoke",),
    "POST /playground/ask": ("releases.releases", "answers.ask"),
    "POST /answers/forget": ("answers.forget",),
    "POST /answers/{interaction}/feedback": ("answers.add_feedback",),
    "POST /answers/approved/{approved}/withdraw": ("reviews.withdraw",),
    "POST /answers/approved/{approved}/restore": ("reviews.restore",),
    "POST /review/{review}/verdict": (
        "reviews.judge",
        "reviews.skip",
        "reviews.take",
        "reviews.claim",
    ),
    "POST /review/undo/{verdict}": ("reviews.undo", "reviews.claim"),
    "POST /review/{review}/rule": ("quality.rule",),
    "POST /answers/{interaction}/gold": ("quality.mark",),
    "POST /answers/{interaction}/gold/unmark": ("quality.unmark",),
    "POST /desk/{answer}/mode": ("desk.look", "desk.answer_in"),
    "POST /desk/{answer}/send": ("desk.send", "desk.queue"),
    "POST /desk/{answer}/edit": ("desk.edit", "desk.queue"),
    "POST /desk/{answer}/reword": ("desk.reword", "desk.queue"),
    "POST /desk/{answer}/discard": ("desk.discard", "desk.queue"),
    "POST /alerts/trial": ("alerts.test", "alerts.alerts", "drift.drift"),
    "POST /alerts/{alert}/acknowledge": ("alerts.acknowledge",),
    "POST /loop/pairs/{pair}": (
        "comparisons.choose",
        "comparisons.skip",
        "comparisons.waiting",
    ),
    "POST /loop/pairs/{pair}/undo": ("comparisons.undo",),
    "POST /loop/propose": ("turns.propose",),
    "POST /loop/{proposal}/approve": ("turns.begin",),
    "POST /loop/{proposal}/reject": ("turns.reject",),
    "POST /releases/{release}/promote": ("releases.promote",),
    "POST /releases/{release}/canary": ("canaries.start",),
    "POST /canary/stop": ("canaries.stop",),
    "POST /canary/promote": ("canaries.promote",),
    "POST /releases/{release}/roll-back": ("releases.roll_back",),
    "POST /lessons/{lesson}/exercise": (
        "lessons.lesson",
        "lessons.check_exercise",
        "answers.ask",
        "answers.interaction",
        "answers.cited",
    ),
    "POST /lessons/{lesson}/quiz": ("lessons.lesson", "lessons.grade_quiz"),
    "POST /settings/{setting}/change": ("configuration.change",),
    "POST /settings/{setting}/reset": ("configuration.reset",),
    # what the browser alone keeps
    "POST /settings/name": (),
    "POST /settings/theme": (),
}


def routes(folder: Path) -> Iterator[str]:
    for route in create_console(LazyWorkspace(folder)).routes:
        if isinstance(route, Route):
            yield from (f"{m} {route.path}" for m in route.methods or () if m != "HEAD")


def test_every_page_and_form_is_named_with_its_use_cases(tmp_path: Path) -> None:
    assert set(routes(tmp_path)) == set(DOORS)


def test_the_use_cases_exist_and_take_who_acts() -> None:
    for name in {name for names in DOORS.values() for name in names}:
        module, function = name.split(".")
        found = getattr(importlib.import_module(f"northloop.app.{module}"), function)
        assert "actor" in inspect.signature(found).parameters, name


def test_pages_call_exactly_the_use_cases_that_are_named() -> None:
    pages = Path(console_package.__file__ or "").parent / "pages"
    called = {name for file in pages.rglob("*.py") for name in _calls(file)}
    pure = {"card_notices", "goal", "progress_of", "next_why", "terms_hash", "unplanned"}
    assert called - {f"intake.{name}" for name in pure} - {
        "lessons.summary",
        "drift.sentences",
        "articles.is_past",
        "languages.before_others",
    } == {name for names in DOORS.values() for name in names}


def _calls(file: Path) -> Iterator[str]:
    """Yield what a page calls of the application storey, as module.function."""
    tree = ast.parse(file.read_text("utf-8"))
    storey: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "northloop.app":
            storey |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("northloop.app."):
            module = (node.module or "").rpartition(".")[2]
            yield from (f"{module}.{a.name}" for a in node.names if a.name.islower())
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in storey
        ):
            yield f"{node.func.value.id}.{node.func.attr}"
