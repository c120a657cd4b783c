from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from northloop import sample
from northloop.core.conversation import RawTicket, Split
from northloop.core.errors import InputError
from northloop.demo import company
from northloop.demo.company import RECENT, TICKETS, make_workspace
from northloop.settings import FILE_NAME
from northloop.stages.data.sources import read
from northloop.workspace import Workspace


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "larkfell"
    make_workspace(folder, 200, 1)
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".northloop" not in path.parts
    }


def test_the_workspace_can_be_opened_and_says_what_a_turn_takes(folder: Path) -> None:
    workspace = Workspace.open(folder)
    spec = workspace.turn_spec()
    assert [source.path.name for source in spec.sources] == [TICKETS, RECENT]
    assert [source.pin for source in spec.sources] == [None, Split.TEST]
    assert len(spec.documents) == len([*sample.documents()])
    assert {*spec.prepare.rules} == {*sample.labelling_rules()}
    assert spec.prepare.public_names == company.PUBLIC_NAMES
    objective = workspace.settings.objective
    assert objective is not None
    assert objective.change == pytest.approx(-0.3)
    assert date.fromisoformat(objective.deadline) > date.today()
    assert objective.whys == company.WHYS


def test_the_newest_tickets_carry_the_labels_of_people(folder: Path) -> None:
    recent = Workspace.open(folder).sources()[1]
    rows = [row for row in read(recent) if isinstance(row, RawTicket)]
    assert rows
    assert {row.intent for row in rows} <= {*sample.intents()}
    gold = {row.ticket_id: row.intent for row in sample.generate_export(200, 1).gold}
    assert all(gold[row.ticket_id] == row.intent for row in rows)


def test_the_same_seed_makes_the_same_workspace(folder: Path, tmp_path: Path) -> None:
    make_workspace(tmp_path / "larkfell", 200, 1)
    assert everything(tmp_path / "larkfell") == everything(folder)
    make_workspace(tmp_path / "other", 200, 2)
    assert everything(tmp_path / "other")[TICKETS] != everything(folder)[TICKETS]


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / FILE_NAME).write_text("seed = 3\n")
    make_workspace(folder, 200, 1)
    assert everything(folder) == {FILE_NAME: b"seed = 3\n"}


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ada")
    with pytest.raises(InputError, match="the folder is not empty"):
        make_workspace(tmp_path, 200, 1)
    assert everything(tmp_path) == {"letter.txt": b"Dear Ada"}


def test_it_is_made_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped before the last write, there is no workspace; started again, there is a whole one."""

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "larkfell"
    with monkeypatch.context() as patched:
        patched.setattr(company.setup, "write_settings", stopped)
        with pytest.raises(KeyboardInterrupt):
            make_workspace(folder, 200, 1)
    assert not folder.exists()
    make_workspace(folder, 200, 1)
    assert Workspace.open(folder).settings.review.share == pytest.approx(0.1)
    assert [path.name for path in tmp_path.iterdir()] == ["larkfell"]
