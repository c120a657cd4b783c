"""Questions and answers, for one tenant and for the team."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.test_watching import until
from northloop.app import answers, background, reviews
from northloop.app.answers import Search
from northloop.app.reviews import Judgement
from northloop.core.actor import Actor, Role, team
from northloop.core.conversation import Message
from northloop.core.errors import InputError, NotAllowed, NotFound, NotReady
from northloop.core.interaction import (
    CachedAnswer,
    Feedback,
    Interaction,
    Origin,
    Outcome,
    Question,
    ReviewItem,
    Step,
    VerdictKind,
)
from northloop.core.keys import API_ROLES, caller
from northloop.core.tenants import DEFAULT_TENANT
from northloop.core.treatment import Treatment
from northloop.stages.monitoring import certificates
from northloop.stages.monitoring.decided import Decided
from northloop.stages.serving.cache_policy import cache_key
from northloop.workspace import Workspace
from reachable import holds
from scripted_service import ScriptedService
from scripted_workspace import ScriptedWorkspace, with_release

TEAM = team("ada")
NORTH, SOUTH, OWN, NOBODY = (
    Actor(name=name, roles=API_ROLES, tenant=name, declared=False)
    for name in ("north", "south", "key:12345678", DEFAULT_TENANT)
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    opened = with_release(tmp_path_factory.mktemp("answers") / "shop")
    yield opened
    opened.close()


def asked(workspace: Workspace, actor: Actor, name: str, tenant: str = "elsewhere") -> Interaction:
    question = Question(
        interaction_id=name,
        messages=(Message("user", "How long can I return a tent?"),),
        conversation_id=f"talk of {actor.name}",
        customer_id="ada@example.org",
        tenant=tenant,
    )
    *_, kept = answers.ask(workspace, actor, question)
    assert isinstance(kept, Interaction)
    return kept


def test_a_question_is_its_actors_whatever_it_says(workspace: Workspace) -> None:
    assert asked(workspace, NORTH, "n1", tenant="south").tenant == "north"
    kept = asked(workspace, TEAM, "t1", tenant="north")
    assert (kept.tenant, kept.origin) == (DEFAULT_TENANT, Origin.PLAYGROUND)
    assert kept.review_probability == 0, "what the team tries is not drawn"
    assert "ada" not in f"{kept.customer_id} {kept.conversation_id}"


def test_an_answer_can_be_had_whole(workspace: Workspace) -> None:
    earlier = [Message("user", "Hello"), Message("assistant", "Good morning")]
    question = answers.question("How long can I return a tent?", earlier, customer_id="C-1")
    assert question.messages == (*earlier, Message("user", "How long can I return a tent?"))
    assert answers.question("").interaction_id != question.interaction_id
    kept = answers.answer(workspace, caller("shop", "north"), question)
    assert kept == answers.interaction(workspace, TEAM, question.interaction_id)
    assert (kept.tenant, kept.origin) == ("north", Origin.CUSTOMER)
    assert [*answers.ask(workspace, NORTH, question)][-1] == kept


def test_one_tenant_sees_nothing_of_another(workspace: Workspace) -> None:
    kept = asked(workspace, NORTH, "n2")
    assert answers.interaction(workspace, NORTH, "n2") == kept
    assert answers.interaction(workspace, TEAM, "n2") == kept
    feedback = Feedback(feedback_id="f", interaction_id="n2", at="", rating=1)
    outcome = Outcome(outcome_id="o", conversation_id="talk of north", at="", resolved=True)
    for other in (SOUTH, OWN, NOBODY):
        told = []
        for name in ("n2", "there is no such thing"):
            with pytest.raises(NotFound) as error:
                answers.interaction(workspace, other, name)
            told.append(str(error.value).replace(name, ""))
        assert told[0] == told[1], "whether another tenant has it does not show"
        with pytest.raises(NotFound):
            answers.cited(workspace, other, kept)
        with pytest.raises(NotFound):
            answers.add_feedback(workspace, other, feedback)
        with pytest.raises(NotFound):
            answers.add_outcome(workspace, other, outcome)
        found = answers.search(workspace, other, Search(words="tent", tenant="north")).items
        assert [i for i in found if i.tenant == "north"] == []
    assert workspace.records.query(Feedback).rows == workspace.records.query(Outcome).rows == []
    answers.add_outcome(workspace, NORTH, outcome)
    (ended,) = workspace.records.query(Outcome).rows
    assert ended.tenant == "north"
    assert ended.conversation_id == workspace.opaque("talk of north")


def test_a_key_of_its_own_sees_what_was_asked_without_one(workspace: Workspace) -> None:
    asked(workspace, NOBODY, "d1")
    assert answers.interaction(workspace, OWN, "d1").tenant == DEFAULT_TENANT
    with pytest.raises(NotFound):
        answers.interaction(workspace, SOUTH, "d1")


def test_drafts_are_the_teams(workspace: Workspace) -> None:
    held = asked(workspace, NORTH, "n3")
    workspace.records.replace(
        type(held)(**{f: getattr(held, f) for f in held.__struct_fields__} | {"draft": "Held."})
    )
    assert answers.interaction(workspace, TEAM, "n3").draft == "Held."
    assert answers.interaction(workspace, NORTH, "n3").draft == ""


def test_what_the_check_refused_is_the_teams(workspace: Workspace) -> None:
    held = asked(workspace, NORTH, "n3")
    step = Step(name="check", ms=1.0, decision="refused", evidence={"refused": ("90 days.",)})
    workspace.records.replace(msgspec.structs.replace(held, trace=(step,)))
    assert answers.interaction(workspace, TEAM, "n3").trace == (step,)
    [shown] = answers.interaction(workspace, NORTH, "n3").trace
    assert shown == msgspec.structs.replace(step, evidence={})


def test_before_anything_is_live_nothing_is_answered() -> None:
    nothing_live = ScriptedService(is_live=False)
    with pytest.raises(NotReady, match="no release is live"):
        asked(nothing_live(), NORTH, "x")
    assert answers.models(nothing_live(), NORTH) == ()
    assert not answers.health(nothing_live()).ready
    nothing_live.close()


def test_models_follow_the_live_release(workspace: Workspace) -> None:
    live, short = answers.models(workspace, NORTH)
    assert (live.id, short.id) == ("northloop", answers.health(workspace).release[:8])
    assert live.max_answer_tokens == workspace.settings.serving.max_answer_tokens
    assert Role.TEAM not in NORTH.roles


def test_an_answer_is_followed_back_and_a_row_on(workspace: Workspace, tmp_path: Path) -> None:
    kept = asked(workspace, NORTH, "n4")
    traced = answers.trace(workspace, TEAM, "n4")
    assert (traced.interaction, traced.lineage.release) == (kept, kept.release)
    origin = traced.lineage.rows[0].origin[0] if traced.lineage.rows else "tickets.csv:3"
    assert answers.trace_row(workspace, TEAM, origin).artefacts
    with pytest.raises(NotFound, match="there is no such answer"):
        answers.trace(workspace, TEAM, "nobody")
    with pytest.raises(NotFound, match="no dataset has this row"):
        answers.trace_row(workspace, TEAM, "no.csv:1")


def test_an_id_that_is_kept_is_played_to_nobody_else(workspace: Workspace) -> None:
    kept = asked(workspace, NORTH, "n9")
    assert asked(workspace, NORTH, "n9") == kept
    asked(workspace, TEAM, "t9")
    for other, name in ((SOUTH, "n9"), (TEAM, "n9"), (NOBODY, "t9")):
        with pytest.raises(InputError, match="taken by another question"):
            asked(workspace, other, name)


# --- forgetting ----------------------------------------------------------------------------------


def asks(
    workspace: Workspace, name: str, customer: str, text: str = "How long can I return a stove?"
) -> Interaction:
    question = Question(
        interaction_id=name,
        messages=(Message("user", text),),
        customer_id=customer,
    )
    return answers.answer(workspace, NORTH, question)


def test_a_bare_answer_is_kept_as_what_was_asked_for(workspace: Workspace) -> None:
    question = Question(
        interaction_id="bare",
        messages=(
            Message("user", "I want my money back for the stove."),
            Message("assistant", "What is your address?"),
            Message("user", "baker"),
        ),
    )
    answers.answer(workspace, NORTH, question)
    kept = answers.interaction(workspace, TEAM, "bare")
    assert (kept.question, "baker" in repr(kept)) == ("[ADDRESS]", False)


def test_a_customer_is_forgotten_by_their_own_name(workspace: Workspace) -> None:
    gone = asks(workspace, "g1", "grace@example.org")
    asks(workspace, "g2", "alan@example.org")
    key = cache_key("north", gone.release, gone.asked)
    cached = workspace.cache.get(key)
    assert cached is not None
    assert cached.interaction_id == "g1"
    with pytest.raises(NotFound, match="nothing is kept"):
        answers.forget(workspace, TEAM, "south", "grace@example.org")
    assert workspace.cache.get(key) == cached
    found = answers.forget(workspace, TEAM, "north", "grace@example.org")
    assert found.removed["Interaction"] == 1
    assert found.customer == gone.customer_id
    assert workspace.cache.get(key) is None
    with pytest.raises(NotFound):
        answers.interaction(workspace, TEAM, "g1")
    assert answers.interaction(workspace, TEAM, "g2")
    with pytest.raises(NotFound, match="nothing is kept") as error:
        answers.forget(workspace, TEAM, "north", "grace@example.org")
    assert "grace" not in str(error.value)


def test_who_is_forgotten_mends_no_fuse(workspace: Workspace) -> None:
    kept = asks(workspace, "fuse", "hertha@example.org")
    for number in range(68):
        one = Decided(
            interaction_id=f"decided {number}",
            release=kept.release,
            at=f"2026-11-01T00:{number:02}:00Z",
            treatment=Treatment.QUOTE,
            sure=0.9,
            right=number < 60,
            distinct=f"question {number}",
        )
        workspace.records.add(one)
    answers.forget(workspace, TEAM, "north", "hertha@example.org")
    for number in range(60, 68):
        workspace.records.remove(Decided, f"decided {number}")
    assert not certificates.standings(workspace.records, kept.release, workspace.risk)
    for number in range(60):
        workspace.records.remove(Decided, f"decided {number}")


def test_what_would_go_is_what_goes(workspace: Workspace) -> None:
    for name in ("j1", "j2"):
        asks(workspace, name, "joan@example.org")
    rating = Feedback(feedback_id="jf", interaction_id="j1", at="2026-11-26", rating=-1)
    answers.add_feedback(workspace, NORTH, rating)
    found = answers.to_forget(workspace, TEAM, "north", "joan@example.org")
    goes = {
        kind: count for kind, count in found.goes.items() if kind != "ReviewItem"
    }  # drawn or not
    assert goes == {"Interaction": 2, "Contact": 2, "Feedback": 1}
    assert "joan" not in str(found)
    with pytest.raises(NotAllowed):
        answers.to_forget(workspace, NORTH, "north", "joan@example.org")
    gone = answers.forget(workspace, TEAM, "north", "joan@example.org")
    assert (gone.removed, gone.stays) == (found.goes, found.stays)


def test_a_customer_is_forgotten_by_the_id_that_is_kept(workspace: Workspace) -> None:
    kept = asks(workspace, "h1", "hedy@example.org")
    assert answers.forget(workspace, TEAM, "north", kept.customer_id).removed["Interaction"] == 1


def test_another_process_lets_go_of_who_is_forgotten_though_nobody_asks(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workspaces opened on one folder stand for two processes: each has its own memory."""
    monkeypatch.setattr(background, "LOOK_EVERY_S", 0.05)
    other = ScriptedWorkspace.open(workspace.folder)
    alans = asks(other, "a1", "alan@example.org", "How do I wax a rosewood tent?")
    emmys = asks(other, "e1", "emmy@example.org", "How do I wax a zebrawood stove?")
    corrected = asks(other, "e2", "emmy@example.org", "How do I mend a zebrawood stove?")
    item = ReviewItem(
        review_id="e", interaction_id="e2", at=corrected.at, probability=1.0, uniform=False
    )
    other.records.add(item)
    correction = "Glue the zebrawood."
    said = Judgement(review_id="e", kind=VerdictKind.INCORRECT, correction=correction)
    reviews.judge(other, TEAM, said)
    assert asks(other, "e3", "alan@example.org", corrected.question).answer == correction
    asks(other, "e4", "alan@example.org", emmys.question)  # by the cache: it is the other's too
    answers.forget(workspace, TEAM, "north", "alan@example.org")
    answers.forget(workspace, TEAM, "north", "emmy@example.org")
    assert holds([other, background.of(other)], "zebrawood")
    kept = asks(workspace, "a2", "ada@example.org", alans.question)
    other.cache.put("of ada", cached_of(kept), 60)
    with background.letting_go(lambda: other):
        until(lambda: not holds([other, background.of(other)], "zebrawood"))
    assert [*other.cache.held()] == ["of ada"], "what others asked stays"
    other.close()


def cached_of(kept: Interaction) -> CachedAnswer:
    return CachedAnswer(
        answer=kept.answer,
        citations=(),
        confidence=1.0,
        intent="",
        interaction_id=kept.interaction_id,
    )
