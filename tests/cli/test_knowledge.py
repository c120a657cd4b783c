"""What an edit changes, on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.conftest import Cli
from northloop.core.interaction import VerdictKind
from scripted_workspace import ScriptedWorkspace
from sending_shop import FLAGS, RETURNS, TEAM, ask, edit, judge, sending_shop


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A workspace in which an answer was judged right, and then the document was edited."""
    opened = sending_shop(tmp_path / "shop")
    judge(opened, ask(opened, RETURNS, "q1"), VerdictKind.CORRECT)
    edit(opened, "returns-policy", "45 days", "30 days")
    opened.close()
    monkeypatch.setattr("northloop.workspace.Workspace", ScriptedWorkspace)
    for name, value in {**FLAGS, "serving.mode": "open"}.items():
        monkeypatch.setenv(f"NORTHLOOP_{name.upper().replace('.', '__')}", value)
    yield opened.folder


def test_an_edit_is_shown_and_not_in_force(cli: Cli, shop: Path) -> None:
    found = cli("knowledge", "preview", "-C", shop)
    said = " ".join(found.out.split())
    assert found.code == 0
    assert "Nothing was put in force. An update would change: 1 document changed" in said
    assert "1 passage new, 1 gone), " in said
    assert "was right: answered otherwise" in said and RETURNS in said
    assert "gone: Returns policy › How long you have" in said
    assert "do not: whether what they say now is right, nobody has judged" in said
    assert "1 document changed" in cli("knowledge", "status", "-C", shop).out


def test_what_people_write_otherwise_is_named(cli: Cli, shop: Path) -> None:
    assert "people write otherwise" not in cli("knowledge", "status", "-C", shop).out
    opened = ScriptedWorkspace.open(shop, {})
    asked = ask(opened, "How long do I have to send something back?", "q2")
    judge(opened, asked, VerdictKind.INCORRECT, asked.answer.replace("45 days", "40 days", 1))
    opened.close()
    said = " ".join(cli("knowledge", "status", "-C", shop).out.split())
    assert "people write otherwise: mend the document" in said
    assert "45 days" in said and "40 days" in said
    found = cli("knowledge", "status", "--json", "-C", shop).json(dict)
    assert [one["document_id"] for one in found["outdated"]] == ["returns-policy"]


def test_it_comes_as_one_document(cli: Cli, shop: Path) -> None:
    found = cli("knowledge", "preview", "--json", "-C", shop).json(dict)
    first = found["changed"][0]
    assert (first["question"], first["effect"], first["kind"]) == (RETURNS, "otherwise", "touched")
    assert first["before"]["right"] and not first["after"]["right"]
    assert [one["kind"] for one in found["became"]] == ["touched", "corrected", "other"]


def test_after_an_update_the_last_change_is_shown(cli: Cli, shop: Path) -> None:
    refused = cli("knowledge", "preview", "--last", "-C", shop)
    assert refused.code == 1 and "never changed" in refused.err
    assert cli("knowledge", "update", "--by", TEAM.name, "-C", shop).code == 0
    assert "nothing would change" in cli("knowledge", "preview", "-C", shop).out
    said = " ".join(cli("knowledge", "preview", "--last", "-C", shop).out.split())
    assert "The last change: 1 document changed" in said and "was right" in said


def test_wrong_usage_is_told(cli: Cli, shop: Path) -> None:
    both = cli("knowledge", "preview", "--last", "--folder", shop, "-C", shop)
    assert both.code == 2 and "give one of the two" in both.err
    nowhere = cli("knowledge", "preview", "--folder", shop / "nowhere", "-C", shop)
    assert nowhere.code == 1 and "no such folder" in nowhere.err
