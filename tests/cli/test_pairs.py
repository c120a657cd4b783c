"""Two releases' answers side by side, from the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.conftest import Cli
from first_day import SCRIPTED
from northloop.app import comparisons
from northloop.core.actor import team
from northloop.workspace import Workspace
from seeded import SeededWorkspace, opened
from undecided import told_apart, undecided


@pytest.fixture
def folder(seeded_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A seeded folder with an undecided release, which the command line opens as it is."""
    copy = tmp_path / "larkfell"
    shutil.copytree(seeded_folder, copy)
    text = (copy / "northloop.toml").read_text("utf-8")
    (copy / "northloop.toml").write_text(text.replace("\npairs = 0", "\npairs = 40"), "utf-8")
    for name in SCRIPTED:
        found = next(c.__dict__[name] for c in SeededWorkspace.__mro__ if name in c.__dict__)
        monkeypatch.setattr(Workspace, name, found, raising=False)
    workspace = opened(copy)
    undecided(workspace)
    told_apart(workspace, 60)
    workspace.close()
    return copy


def test_pairs_are_judged_from_the_command_line(cli: Cli, folder: Path) -> None:
    shown = cli("pairs", "next", "-C", folder)
    assert "first" in shown.out and "second" in shown.out
    waiting = cli("pairs", "next", "-C", folder, "--json").json(dict)
    (pair,) = waiting["next"]
    assert pair.keys() == {"pair", "question", "first", "second"}, "whose is whose is not told"
    assert pair["pair"] in shown.out
    wrong = cli("pairs", "judge", pair["pair"], "mine", "-C", folder)
    assert wrong.code == 2 and "first, second, both, neither" in wrong.err
    given = ("pairs", "judge", pair["pair"], "both", "--reviewer", "ana", "-C", folder)
    judged = cli(*given, "--json").json(dict)
    assert judged.keys() == {"pair", "choice", "release", "state"}, "nor afterwards"
    assert (judged["choice"], judged["state"]) == ("both", "undecided")
    assert cli(*given).code == 0, "said twice, kept once"
    ben = cli("pairs", "judge", pair["pair"], "first", "--reviewer", "ben", "-C", folder)
    assert ben.code == 1 and "ana has judged this pair already" in ben.err
    after = cli("pairs", "next", "-C", folder, "--json").json(dict)
    assert after["next"][0]["pair"] != pair["pair"]
    assert after["undecided"][0]["judged"] == 1
    assert "is undecided: judge its answers" in cli("loop", "status", "-C", folder).out


def test_a_pair_is_passed_over_and_taken_back_from_the_command_line(cli: Cli, folder: Path) -> None:
    (pair,) = cli("pairs", "next", "-C", folder, "--json").json(dict)["next"]
    wrong = cli("pairs", "skip", pair["pair"], "mood", "-C", folder)
    assert wrong.code == 2 and "cannot_tell" in wrong.err
    left = cli("pairs", "skip", pair["pair"], "needs_colleague", "-C", folder, "--json").json(dict)
    assert left == {
        **{"pair": pair["pair"], "skip": "needs_colleague"},
        **{"waits": True, "state": "undecided"},
    }
    ana = ("--reviewer", "ana", "-C", folder)
    gone = cli("pairs", "skip", pair["pair"], "cannot_tell", *ana)
    assert "counts as the worst" in gone.out
    assert cli("pairs", "next", "-C", folder, "--json").json(dict)["undecided"][0]["skipped"] == 1
    ben = cli("pairs", "undo", pair["pair"], "--reviewer", "ben", "-C", folder)
    assert ben.code == 1 and "ana has judged this pair already" in ben.err
    back = cli("pairs", "undo", pair["pair"], *ana)
    assert f"pairs judge {pair['pair']}" in back.out
    assert cli("pairs", "undo", pair["pair"], *ana).code == 1


def test_where_nothing_is_undecided_it_says_so(cli: Cli, folder: Path) -> None:
    workspace = opened(folder)
    (found,) = comparisons.undecided(workspace, team())
    workspace.close()
    assert cli("loop", "reject", found.proposal.proposal_id, "-C", folder).code == 0
    nothing = cli("pairs", "next", "-C", folder)
    assert nothing.code == 1 and "no release is undecided" in nothing.err
