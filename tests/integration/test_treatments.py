"""Memory and quotes as a workspace has them: learnt, sealed, put live, asked, decided on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import pytest
from starlette.testclient import TestClient

from northloop.app import answers, desk, reviews
from northloop.app.reviews import Judgement
from northloop.core.actor import Actor, Role, team
from northloop.core.artefacts import AskedTreatment, Kind, Report
from northloop.core.conversation import Message, Split
from northloop.core.deployment import Pair
from northloop.core.ids import canonical
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    Question,
    ReviewItem,
    Source,
    VerdictKind,
)
from northloop.core.tenants import DEFAULT_TENANT
from northloop.core.treatment import Treatment
from northloop.demo.company import make_workspace
from northloop.http.app import create_app
from northloop.loop import evaluation, promote, steps
from northloop.loop.bundles import read_one
from northloop.loop.knowledge import make_material
from northloop.loop.pairs import load_release
from northloop.loop.treatments import make_learnt
from northloop.sample import documents
from northloop.stages.monitoring.tally import group_of
from northloop.stages.serving import policy
from northloop.stages.serving.asking_back import offered
from northloop.stages.serving.quote import confidence
from scripted_workspace import ScriptedWorkspace

pytestmark = pytest.mark.xdist_group("treatments")
CUSTOMER = Actor(name="", roles=(Role.ANSWER,), tenant=DEFAULT_TENANT)
UNCLEAR = "What order value is duty free to Norway?"
ASKED = "Until when can I return a tent that does not fit?"
"""The quote takes its own answer for wrong, the memory for wrong, too, and less so."""
QUOTED = "How many days do I have to send a jacket back?"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptedWorkspace]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in ("MEMORY", "QUOTES", "MODE"):
            monkeypatch.delenv(f"NORTHLOOP_SERVING__{name}")
        folder = tmp_path_factory.mktemp("treatments") / "shop"
        make_workspace(folder, 200, 1)
        opened = ScriptedWorkspace.open(folder)
        assert isinstance(opened, ScriptedWorkspace)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def learnt(workspace: ScriptedWorkspace) -> dict[Treatment, str]:
    """What a release has learnt that is live, asks quotes and memory alone, and is never sure."""
    parts, spec = workspace.parts, workspace.turn_spec()
    dataset = steps.make_dataset(parts, spec.prepare, spec.sources, [], None).hash
    material = make_material(parts, spec.documents, dataset)
    train = steps.split_of(parts, dataset, Split.TRAIN)
    made = make_learnt(parts, train, dataset, material.knowledge)
    base = steps.make_release(parts, spec.recipe, material, None, spec.measure)
    first = tuple(
        AskedTreatment(treatment=t, learnt=made[t].hash, least=1.0)
        for t in (Treatment.QUOTE, Treatment.MEMORY)
    )
    release = msgspec.structs.replace(
        load_release(parts.artefacts, base.hash), first=first, generates=False
    )
    sealed = parts.artefacts.put(
        Kind.RELEASE,
        {"release.json": canonical(release)},
        parents=[*base.manifest.parents, *(choice.learnt for choice in first)],
        meta=base.manifest.meta,
    )
    promote.promote_release(parts.artefacts, parts.records, sealed.hash)
    return {treatment: artefact.hash for treatment, artefact in made.items()}


def ask(workspace: ScriptedWorkspace, text: str, name: str) -> Interaction:
    question = Question(interaction_id=name, messages=(Message("user", text),))
    *_, kept = answers.ask(workspace, CUSTOMER, question)
    assert isinstance(kept, Interaction)
    return kept


def test_a_draft_is_quoted_decided_on_and_then_given(
    workspace: ScriptedWorkspace, learnt: dict[Treatment, str]
) -> None:
    assert set(learnt) == {Treatment.MEMORY, Treatment.QUOTE}
    kept = ask(workspace, QUOTED, "i1")
    assert kept.handoff is HandoffReason.NOT_CERTIFIED
    assert kept.treatment == Treatment.QUOTE
    written = " ".join(document.text for document in documents())
    assert all(sentence.strip() in written for sentence in re.split(r"(?<=[.!?])\s", kept.draft))
    [item] = workspace.records.query(ReviewItem).rows
    judgement = Judgement(review_id=item.review_id, kind=VerdictKind.CORRECT)
    reviews.judge(workspace, team("ada"), judgement)
    again = ask(workspace, QUOTED, "i2")
    assert (again.source, again.answer) == (Source.APPROVED, kept.draft)


def test_the_draft_of_an_unsure_quote_gives_way_to_a_surer_memory(
    workspace: ScriptedWorkspace, learnt: dict[Treatment, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Surer by far: of what an agent once replied a tenth is believed. The quote is of a page that
    no ticket has used, which would be taken at its own word."""
    monkeypatch.setattr(confidence, "as_draft", lambda _: 0.0)
    for believed, treatment, other in (
        (1.0, Treatment.MEMORY, Treatment.QUOTE),
        (policy.REMEMBERED, Treatment.QUOTE, Treatment.MEMORY),
    ):
        monkeypatch.setattr(policy, "REMEMBERED", believed)
        name = f"i3 {believed}"
        kept = ask(workspace, ASKED, name)
        assert (kept.handoff, kept.treatment) == (HandoffReason.NOT_CERTIFIED, treatment)
        assert ("45 days" in kept.draft) is (treatment is Treatment.MEMORY)
        offered = desk.alternatives(workspace, team("ada"), name)
        assert offered and offered[0].treatment is other


def test_every_way_to_answer_is_in_the_report_but_a_model_that_is_not_asked(
    workspace: ScriptedWorkspace, learnt: dict[Treatment, str]
) -> None:
    [dataset] = workspace.artefacts.list(Kind.DATASET)
    parts = workspace.parts
    release = promote.live(parts.records) or ""
    knowledge = workspace.live.pair().knowledge
    spec = msgspec.structs.replace(workspace.turn_spec().measure, test_items=10, loss_items=1)
    made = evaluation.make_report(parts, Pair(release, knowledge), dataset.hash, spec, learnt)
    report = read_one(parts.artefacts, made.hash, "report.json", Report)
    served = {way.name: way.served for way in report.contestants}
    assert served["memory"] and served["quote"]
    assert {"constant", "nearest reply"} <= set(served) and "generated" not in served


def test_all_test_questions_are_asked_where_no_model_is_and_as_many_as_beside_it_where_one_is(
    workspace: ScriptedWorkspace, learnt: dict[Treatment, str]
) -> None:
    [dataset] = workspace.artefacts.list(Kind.DATASET)
    parts = workspace.parts
    pair = Pair(promote.live(parts.records) or "", workspace.live.pair().knowledge)
    all_of_them = len(steps.split_of(parts, dataset.hash, Split.TEST))
    spec = msgspec.structs.replace(workspace.turn_spec().measure, test_items=10)
    found = {}
    for most in (10_000, 12, 1):
        measure = msgspec.structs.replace(spec, quick_items=most)
        made = evaluation.make_report(parts, pair, dataset.hash, measure, learnt)
        report = read_one(parts.artefacts, made.hash, "report.json", Report)
        found[most] = len(report.results), evaluation.QUICK in made.manifest.meta
        assert {way.right.n for way in report.contestants} == {len(report.results)}
    assert found == {10_000: (all_of_them, True), 12: (12, True), 1: (10, False)}
    assert all_of_them > 12


def test_a_customer_is_asked_back_once_in_a_conversation(
    workspace: ScriptedWorkspace, learnt: dict[Treatment, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NORTHLOOP_SERVING__MODE", "open")
    monkeypatch.setenv("NORTHLOOP_SERVING__ASK_BACK", "true")
    opened = ScriptedWorkspace.open(workspace.folder)

    def said(name: str, *texts: str) -> Interaction:
        roles = ("user", "assistant")
        messages = tuple(Message(roles[n % 2], text) for n, text in enumerate(texts))
        asked = Question(interaction_id=name, conversation_id="c1", messages=messages)
        *_, kept = answers.ask(opened, CUSTOMER, asked)
        assert isinstance(kept, Interaction)
        return kept

    first = said("back 1", UNCLEAR)
    assert first.source is Source.ASKED_BACK and group_of(first) is None
    titles = {document.text.partition("\n")[0].lstrip("# ") for document in documents()}
    named = offered(first.answer)
    assert len(named) in (2, 3) and titles.issuperset(named)
    then = said("back 2", UNCLEAR, first.answer, named[1])
    assert then.handoff is not None and then.sure > first.sure
    assert documents_of(then) == {first.citations[1].partition("#")[0]}
    # Who sends the last message alone is not asked a second time either.
    assert said("back 3", UNCLEAR).source is Source.HANDOFF
    reader = Actor(name="", roles=(Role.READ,), tenant=DEFAULT_TENANT)
    told = desk.conversation(opened, reader, "c1").messages
    assert [m.asked_back for m in told if m.by == "northloop"] == [True, False, False]
    with TestClient(create_app(lambda: opened), base_url="http://127.0.0.1") as client:
        asked = {"model": "northloop", "conversation_id": "c2"}
        said_first = [{"role": "user", "content": UNCLEAR}]
        given = client.post("/v1/chat/completions", json={**asked, "messages": said_first}).json()
        [choice] = given["choices"]
        assert choice["message"] == {
            "role": "assistant", "content": first.answer, "refusal": None
        } and choice["finish_reason"] == "stop"  # fmt: skip
        assert (given["northloop"]["source"], given["northloop"]["handoff"]) == ("asked_back", None)
        kept = client.get("/v1/conversations/c2").json()["messages"]
        assert [message.get("asked_back") for message in kept] == [None, True]
    opened.close()


def documents_of(kept: Interaction) -> set[str]:
    return {citation.partition("#")[0] for citation in kept.citations}
