"""A release of another server's model, by settings alone: sealed, evaluated, promoted, served."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chat_server import ChatServer
from northloop.app import doctor
from northloop.core.actor import team
from northloop.core.artefacts import Decision, Report, Unmeasured
from northloop.core.base_model import remote_identity
from northloop.core.conversation import Message
from northloop.core.errors import ConfigurationError
from northloop.core.interaction import HandoffReason, Interaction, Question, Source
from northloop.demo.company import make_workspace
from northloop.loop import promote, propose
from northloop.loop.bundles import read_one
from northloop.loop.pairs import load_release
from northloop.ports.models import Options
from northloop.settings import FILE_NAME
from northloop.workspace import Workspace
from own_base import write_own_base

SECRETS = ("marta.novak@example.org", "DE89370400440532013000", "Marta Novak")


@pytest.fixture
def server() -> Iterator[ChatServer]:
    made = ChatServer(lambda asked: "Please look at our page.", frozenset({"logprobs", "schema"}))
    with made.running():
        yield made


def opened(folder: Path, server: ChatServer, **more: str) -> Workspace:
    flags = {
        "serving.engine.url": server.url,
        "serving.engine.model": "small",
        "evaluation.test_items": "6",
        "evaluation.validation_items": "4",
        **{name.replace("__", "."): value for name, value in more.items()},
    }
    return Workspace.open(folder, flags)


def turned(folder: Path, server: ChatServer, **more: str) -> tuple[Workspace, dict[str, str]]:
    make_workspace(folder, 60, 1)
    workspace = opened(folder, server, **more)
    proposal = propose.propose_first(workspace.records)
    propose.approve(workspace.records, proposal.proposal_id)
    state = propose.carry_out(workspace.parts, workspace.turn_spec(), proposal.proposal_id)
    return workspace, state


def with_release(folder: Path, server: ChatServer, **more: str) -> tuple[Workspace, dict[str, str]]:
    workspace, state = turned(folder, server, **more)
    promote.promote_release(workspace.artefacts, workspace.records, state["release"])
    return workspace, state


def ask(workspace: Workspace, text: str, name: str = "i1") -> Interaction:
    question = Question(
        interaction_id=name, messages=(Message("user", text),), conversation_id="c1"
    )
    return next(p for p in workspace.live.answer(question) if isinstance(p, Interaction))


def test_a_remote_model_is_sealed_evaluated_and_served(tmp_path: Path, server: ChatServer) -> None:
    workspace, state = with_release(tmp_path / "shop", server)
    try:
        release = load_release(workspace.artefacts, state["release"])
        assert (release.base, release.base_file) == ("remote:small", remote_identity("small"))
        assert release.adapter is None
        assert state["outcome"] == "ready"
        report = read_one(workspace.artefacts, state["report"], "report.json", Report)
        assert {r.answer for r in report.results} == {"Please look at our page."}
        kept = ask(workspace, "How long can I return a tent after I got it?")
        assert kept.source is Source.GENERATED
    finally:
        workspace.close()
    without = Workspace.open(tmp_path / "shop")
    try:
        with pytest.raises(ConfigurationError, match="another server"):
            ask(without, "How long can I return two tents after I got them?", "i2")
    finally:
        without.close()


def test_what_arrives_at_the_server_is_redacted(tmp_path: Path, server: ChatServer) -> None:
    workspace, _ = with_release(tmp_path / "shop", server)
    try:
        asked = "I am {2}, {0}, IBAN {1}. How long can I return my tent?".format(*SECRETS)
        before = len(server.bodies)
        ask(workspace, asked)
        assert len(server.bodies) > before
        sent = "".join(server.bodies)
        assert [secret for secret in SECRETS if secret in sent] == []
        assert "How long can I return my tent?" in sent
    finally:
        workspace.close()


@pytest.mark.parametrize(
    ("unmeasured", "handoff"),
    [(Unmeasured.DRAFT, HandoffReason.NOT_CONFIDENT), (Unmeasured.RETRIEVAL, None)],
)
def test_without_probabilities_answers_are_drafts_unless_told_otherwise(
    tmp_path: Path, server: ChatServer, unmeasured: Unmeasured, handoff: HandoffReason | None
) -> None:
    server.able = frozenset()
    workspace, _ = with_release(
        tmp_path / "shop", server, serving__engine__unmeasured=unmeasured.value
    )
    try:
        kept = ask(workspace, "How long can I return a tent after I got it?")
        assert kept.handoff is handoff
        said = kept.draft if handoff else kept.answer
        assert said == "Please look at our page."
    finally:
        workspace.close()


def test_a_server_with_the_base_model_serves_the_adapters_of_releases(
    tmp_path: Path, server: ChatServer
) -> None:
    server.able |= {"adapters"}
    own = str(write_own_base(tmp_path / "own.gguf"))
    quick = {  # to its tokenizer a character is a token
        "training__base": own,
        "training__first_layer": "0",
        "training__max_tokens": "2048",
        "training__max_examples": "8",
        "training__epochs": "1",
    }
    workspace, state = turned(tmp_path / "shop", server, serving__engine__adapters="true", **quick)
    try:
        release = load_release(workspace.artefacts, state["release"])
        assert (release.base, release.adapter) == (own, state["adapter"])
        named = f"northloop-{release.adapter}"
        assert {name: path.name for name, path in server.adapters.items()} == {named: "files"}
        with closing(workspace.parts.engine_for(release)) as engine:
            asked = (Message("user", "How long can I return a tent?"),)
            list(engine.generate(asked, Options(max_tokens=8), adapter=release.adapter))
        assert f'"model":"{named}"' in server.bodies[-1]
        decision = read_one(workspace.artefacts, state["decision"], "decision.json", Decision)
        assert not decision.parity.passed, "what the script says is not what was trained"
    finally:
        workspace.close()


def test_the_doctor_asks_the_server(tmp_path: Path, server: ChatServer) -> None:
    make_workspace(tmp_path / "shop", 20, 1)
    with (tmp_path / "shop" / FILE_NAME).open("a") as file:
        file.write(f'[serving.engine]\nurl = "{server.url}"\nmodel = "small"\n')

    def found() -> doctor.Check:
        checks = doctor.examine(tmp_path / "shop", team("ada"))
        return next(check for check in checks if check.name == "model server")

    assert (found().ok, found().found) == (True, "small answers, 4096 tokens")
    server.able = frozenset()
    assert (found().ok, found().needed) == (False, False)
    assert "draft" in found().found
    server.key = "sk-other"
    assert (found().ok, found().needed) == (False, True)
    assert "NORTHLOOP_SERVING__ENGINE__KEY" in found().mend
