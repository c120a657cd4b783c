"""The desk from the command line: the same acts as in the console."""

from __future__ import annotations

from pathlib import Path

from cli.conftest import Cli
from northloop.app import answers
from northloop.core.desk import ActKind, DeskAct, OwnMode
from northloop.core.interaction import Verdict, VerdictKind
from northloop.core.keys import caller
from northloop.core.treatment import Mode
from northloop.workspace import Workspace
from scripted_workspace import SAID, with_release


def test_an_agent_works_from_the_command_line(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    workspace = with_release(folder, {"serving.mode": "draft"})
    names = []
    for number in range(4):
        question = answers.question(f"May I return {number} [red] tents?")
        names.append(answers.answer(workspace, caller(), question).interaction_id)
    workspace.close()

    listed = cli("desk", "list", "-C", folder)
    assert "4 conversations wait" in listed.out and "[red] tents" in listed.out
    assert [w["draft"] for w in cli("desk", "list", "-C", folder, "--json").json(list)] == [
        SAID
    ] * 4
    few = cli("desk", "list", "--limit", "3", "-C", folder, "--json")
    assert len(few.json(list)) == 3 and "4 conversations wait" in few.err
    assert "--limit 4 shows all" in few.err and listed.err == ""
    sent = cli("desk", "send", names[0], "--agent", "ana", "-C", folder, "--json").json(DeskAct)
    assert (sent.kind, sent.text, sent.agent) == (ActKind.SENT, SAID, "ana")
    late = cli("desk", "send", names[0], "-C", folder)
    assert late.code == 1 and "ana has sent the draft already" in late.err
    edited = cli("desk", "edit", names[1], "Yes, two.", "--no-for-others", "-C", folder)
    assert "Sent as you edited it" in edited.out
    worded = cli("desk", "reword", names[3], f"Well, {SAID}", "-C", folder)
    assert "Sent as you edited it" in worded.out
    assert "Nothing was sent" in cli("desk", "discard", names[2], "-C", folder).out
    assert cli("desk", "list", "-C", folder, "--json").json(list) == []

    said = cli("scorecard", "-C", folder).out
    assert "Agents dealt with 4; to 0 of them other answers" in said
    assert all(what in said for what in ("edited draft", "own words", "nothing"))

    workspace = Workspace.open(folder)
    given = [(v.kind, v.correction) for v in workspace.records.query(Verdict).rows]
    workspace.close()
    wrong = (VerdictKind.INCORRECT, "")
    assert given == [(VerdictKind.CORRECT, ""), wrong, (VerdictKind.CORRECT, ""), wrong]


def test_a_conversation_is_answered_by_a_person_until_it_is_given_back(
    cli: Cli, tmp_path: Path
) -> None:
    folder = tmp_path / "shop"
    workspace = with_release(folder)
    answers.answer(
        workspace, caller(), answers.question("May I return tents?", conversation_id="talk")
    )
    workspace.close()
    assert "A person answers it" in cli("desk", "mode", "talk", "draft", "-C", folder).out
    (kept,) = cli("desk", "mode", "talk", "certified", "-C", folder, "--json").json(list[OwnMode])
    assert kept.mode is Mode.CERTIFIED
    assert "holds there again" in cli("desk", "mode", "talk", "none", "-C", folder).out
    for wrong in (("talk", "open"), ("talk", "shut"), ("no talk", "draft")):
        refused = cli("desk", "mode", *wrong, "-C", folder)
        assert refused.code != 0 and "→" in refused.err, wrong
