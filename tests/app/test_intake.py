"""From an objective to a dataset: looked at first, then taken in as it was shown."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
import time_machine

from cli.conftest import Cli
from cli.test_main import OBJECTIVE, export
from console.client import Visitor
from northloop.app import datasets, intake
from northloop.app.intake import ObjectiveInput, Terms
from northloop.core.actor import team
from northloop.core.artefacts import HoldoutPlan, Kind
from northloop.core.conversation import Split
from northloop.core.errors import InputError, NotFound, VagueObjective
from northloop.settings import FILE_NAME
from northloop.stages.objective.cases import Record, cases_of
from northloop.stages.objective.metrics import METRICS
from northloop.workspace import STATE, Workspace

TEAM = team("ada")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace with an objective and an export beside it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nowhere"))
    intake.start(tmp_path / "shop", TEAM, "support", ObjectiveInput(statement=OBJECTIVE))
    export(tmp_path / "tickets.csv")
    opened = Workspace.open(tmp_path / "shop")
    yield opened
    opened.close()


def everything(folder: Path) -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def made_rows(folder: Path) -> set[str]:
    return {name for name in everything(folder) if "/.northloop/work/rows/" in name}


def test_an_objective_is_understood_before_anything_is_written(tmp_path: Path) -> None:
    agreed = intake.contract(TEAM, "support", ObjectiveInput(statement=OBJECTIVE))
    assert agreed.objective.metric == "resolution_time"
    assert agreed.use_case.needs
    with pytest.raises(VagueObjective):
        intake.start(tmp_path / "new", TEAM, "support", ObjectiveInput(statement="be better"))
    assert [*tmp_path.iterdir()] == []
    started = intake.start(tmp_path / "new", TEAM, "support", ObjectiveInput(statement=OBJECTIVE))
    assert started.file.is_file()
    with pytest.raises(InputError, match="there is a workspace here already"):
        intake.start(tmp_path / "new", TEAM, "support", ObjectiveInput(statement=OBJECTIVE))


def test_a_preview_tells_all_and_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    before = everything(tmp_path)
    shown = intake.preview(workspace, TEAM, [tmp_path / "tickets.csv"])
    # What was made of rows is remembered as scratch work: an import need not make it again.
    made = made_rows(tmp_path)
    assert made
    after = {name: body for name, body in everything(tmp_path).items() if name not in made}
    assert after == before
    (read,) = shown.sources
    assert (read.label, read.layout.kind) == ("tickets.csv", "one ticket a row")
    assert read.layout.mapping["question"] == "Customer Message"
    assert read.layout.mapping["reply"] == "Agent Reply"
    rows = shown.card.rows
    assert rows.rows_in == rows.kept + rows.merged + rows.quarantined == 32
    assert len(shown.pairs) == 3
    assert all(pair.question and pair.reply for pair in shown.pairs)
    assert shown.refusal is None
    again = intake.preview(workspace, TEAM, [tmp_path / "tickets.csv"])
    assert again.pairs == shown.pairs, "the same pairs every time"


def test_a_mapping_is_corrected_before_anything_is_committed(
    workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "tickets.csv"
    swapped = Terms(mapping={"question": "Agent Reply", "reply": "Customer Message"})
    doubted = intake.preview(workspace, TEAM, [file], swapped)
    assert doubted.refusal is not None
    assert "--map question=" in doubted.refusal.action
    with pytest.raises(InputError, match="column 'Agent Reply'"):
        intake.commit(workspace, TEAM, doubted)
    kept = [name for name in made_rows(workspace.folder) if ".sqlite" in name]
    assert not kept, "what was misunderstood may be a private note"
    assert workspace.artefacts.list(Kind.DATASET) == []
    corrected = intake.preview(workspace, TEAM, [file], Terms(pin=Split.TRAIN, licence="CC0"))
    made = intake.commit(workspace, TEAM, corrected)
    assert made.pairs == corrected.pairs
    assert made.card.licences["tickets.csv"] == "CC0"
    (written,) = workspace.settings.data.sources
    assert written == corrected.settings[0]
    assert 'reply = "Agent Reply"' in (workspace.folder / FILE_NAME).read_text("utf-8")


def test_what_is_committed_is_what_was_shown(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv"
    shown = intake.preview(workspace, TEAM, [file])
    with file.open("a") as opened:
        opened.write('999,c999,"Is it too late?","It is never too late for us.",,\n')
    with pytest.raises(InputError, match="has changed since"):
        intake.commit(workspace, TEAM, shown)
    shown = intake.preview(workspace, TEAM, [file])
    other = intake.preview(workspace, TEAM, [Path(shutil.copy(file, tmp_path / "other.csv"))])
    intake.commit(workspace, TEAM, other)
    with pytest.raises(InputError, match="in the meantime"):
        intake.commit(workspace, TEAM, shown)
    both = intake.preview(workspace, TEAM, [file])
    assert len(intake.commit(workspace, TEAM, both).card.sources) == 2


def test_an_import_in_another_process_is_seen(
    workspace: Workspace, tmp_path: Path, cli: Cli
) -> None:
    other = shutil.copy(tmp_path / "tickets.csv", tmp_path / "other.csv")
    assert cli("import", other, "-C", workspace.folder).code == 0
    shown = intake.preview(workspace, TEAM, [tmp_path / "tickets.csv"])
    made = intake.commit(workspace, TEAM, shown)
    assert len(made.card.sources) == 2
    assert len(workspace.settings.data.sources) == 2


def test_every_door_makes_the_same_dataset(workspace: Workspace, tmp_path: Path, cli: Cli) -> None:
    twin = tmp_path / "twin"
    shutil.copytree(workspace.folder, twin, ignore=shutil.ignore_patterns(STATE))
    file = tmp_path / "tickets.csv"
    made = intake.commit(workspace, TEAM, intake.preview(workspace, TEAM, [file]))
    said = cli("import", file, "-C", twin, "--json").json(dict)
    assert said["dataset"] == made.dataset
    assert (twin / FILE_NAME).read_bytes() == (workspace.folder / FILE_NAME).read_bytes()
    assert made.objective is not None and made.objective.baseline is not None
    assert said["objective"]["baseline"]["value"] == made.objective.baseline.value


def test_dataset_versions_are_read_by_a_prefix(workspace: Workspace, tmp_path: Path) -> None:
    shown = intake.preview(workspace, TEAM, [tmp_path / "tickets.csv"])
    made = intake.commit(workspace, TEAM, shown)
    assert [a.hash for a in datasets.versions(workspace, TEAM)] == [made.dataset]
    assert datasets.card(workspace, TEAM, made.dataset[:8]) == made.card
    (row,) = datasets.quarantined(workspace, TEAM, made.dataset[:8], 9)
    assert row.reason
    counted = {s: len(datasets.examples(workspace, TEAM, made.dataset, s, 99)) for s in Split}
    assert counted.pop(Split.RETIRED) == 0
    near = datasets.nearest(workspace, TEAM, made.dataset)
    rows = {s: datasets.examples(workspace, TEAM, made.dataset, s, 99) for s in Split}
    assert set(near) == {row.example_id for row in rows[Split.TEST]}
    assert {n.question for n in near.values()} <= {row.question for row in rows[Split.TRAIN]}
    assert counted == {Split(name): n for name, n in made.card.splits.items()}
    with pytest.raises(NotFound):
        datasets.card(workspace, TEAM, "0000")
    assert intake.periods(workspace, TEAM)


def test_a_share_of_nobody_holds_whatever_was_planned(workspace: Workspace) -> None:
    agreed = workspace.settings.objective
    assert agreed is not None
    plan = HoldoutPlan(
        since="2026-12-01", share=0.2, scale="mean", follow_days=3, customers=35, each=1.0,
        power=0.84,
    )  # fmt: skip
    for share, held_out in ((None, 0.2), (0.0, 0.0)):
        changed = msgspec.structs.replace(
            agreed, plan=plan, holdout_share=share, deadline="2126-12-01"
        )
        workspace.settings = msgspec.structs.replace(workspace.settings, objective=changed)
        assert workspace.holdout_share == held_out


def closed_in(month: int, count: int, hours: int) -> list[Record]:
    """Return tickets of a month of 2026, spread over its days, that took so many hours each."""
    days = (datetime(2026, month, 1 + at % 28, tzinfo=UTC) for at in range(count))
    return [
        Record(
            source="a.csv",
            row=1000 * month + at,
            ticket_id=f"{month}/{at}",
            customer_id=f"who {month}/{at}",
            conversation_id="",
            created_at=day.isoformat(),
            closed_at=(day + timedelta(hours=hours)).isoformat(),
        )
        for at, day in enumerate(days)
    ]


def test_what_is_newest_is_told_by_the_months_that_it_takes() -> None:
    spring = [*closed_in(4, 35, 30), *closed_in(5, 35, 70)]
    since = [row for month in range(6, 12) for row in closed_in(month, 20, 20)]
    found = intake.by_periods(METRICS["resolution_time"], cases_of([*spring, *since]))
    assert found[-1].end == "2026-11-20"
    assert found[-1].days == 2 * intake.PERIOD_DAYS
    assert found[-1].measure.value == pytest.approx(20)
    assert found[-1].measure.n >= 30
    assert all(one.end == next_.start for one, next_ in pairwise(found))
    assert found[-1].is_recent(date(2026, 12, 20))
    assert not found[-1].is_recent(date(2027, 1, 20))


def test_a_closing_date_of_the_future_takes_no_stretch_with_it() -> None:
    """Typed wrong, say: what was closed by now is told as if it were not there."""
    until_now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    rows = [row for month in range(4, 12) for row in closed_in(month, 40, 20)]
    later = msgspec.structs.replace(
        closed_in(11, 1, 20)[0], row=1, ticket_id="later", closed_at="2036-11-02T00:00:00+00:00"
    )
    with time_machine.travel(until_now, tick=False):
        found = intake.by_periods(METRICS["resolution_time"], cases_of([*rows, later]))
    assert found[-1].end <= "2026-12-01"
    assert {one.days for one in found} == {intake.PERIOD_DAYS}
    assert found[-1].is_recent(until_now.date())
    assert all(one.measure.value == pytest.approx(20) for one in found)


def test_a_history_of_two_months_is_measured_whole() -> None:
    few = [*closed_in(3, 16, 10), *closed_in(4, 16, 10)]
    (found,) = intake.by_periods(METRICS["resolution_time"], cases_of(few))
    assert found.measure.n == len(few)
    assert intake.by_periods(METRICS["resolution_time"], cases_of(few[:20])) == ()


def _answered_late(file: Path) -> None:
    """A help desk's table: of sixty tickets each eighth is closed without an answer."""
    began = datetime(2026, 9, 1, 8, tzinfo=UTC)
    rows = ["ticket_id,customer_id,question,reply,created_at,closed_at,first response at"]
    for number in range(60):
        opened = began + timedelta(hours=12 * number)
        answered = opened + timedelta(minutes=40 if number % 2 else 80)
        silent = number % 8 == 0
        rows.append(
            f"T{number},C{number},Where is my order number {number} of week {number}?,"
            f"{'' if silent else 'It left our warehouse today.'},{opened:%Y-%m-%dT%H:%M:%SZ},"
            f"{opened + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ},"
            f"{'' if silent else f'{answered:%Y-%m-%dT%H:%M:%SZ}'}"
        )
    file.write_text("\n".join(rows))


def test_a_first_response_time_comes_from_the_export_and_is_shown(tmp_path: Path) -> None:
    folder, file = tmp_path / "desk", tmp_path / "desk.csv"
    said = ObjectiveInput(statement="Cut response time by 30 % within six months")
    assert intake.start(folder, TEAM, "support", said).objective.metric == "first_response_time"
    _answered_late(file)
    opened = Workspace.open(folder)
    shown = intake.preview(opened, TEAM, [file])
    made = intake.commit(opened, TEAM, shown, anyway=True)
    assert made.objective is not None, made.no_baseline
    found = made.objective.baseline
    assert found is not None
    assert (found.unit, found.n, found.unanswered) == ("minutes", 52, 8)
    assert found.value == pytest.approx((30 * 40 + 22 * 80) / 52)
    with Visitor(opened) as visitor:
        page = visitor.get("/objective").text
    assert "First response time" in page
    assert "52 tickets (8 more were closed without an answer)" in page
    assert "An automatic acknowledgement is none" in page
    opened.close()
