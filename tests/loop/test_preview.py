"""What an edit of the documents changes for customers, before it is in force."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from killing import killed_after
from northloop.adapters.embedded.hybrid_index import HybridIndex
from northloop.app import answers, knowledge, reviews
from northloop.app.knowledge import AskedFor, Changed, EditPreview, Effect
from northloop.app.watched_folder import Watch
from northloop.core.artefacts import Kind
from northloop.core.conversation import Message
from northloop.core.deployment import Pair
from northloop.core.errors import InputError, NotFound, NotReady, Overtaken
from northloop.core.interaction import HandoffReason, Interaction, Source, VerdictKind
from northloop.loop import preview as replayed
from northloop.loop.drafts import drafting
from northloop.workspace import Workspace
from scripted_workspace import ScriptedWorkspace, with_release
from sending_shop import EXPRESS, GAS, RETURNS, TEAM, ask, edit, judge, sending_shop

SIZE = 10
"""So many test questions are asked here beside the others: more is the same again."""


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replayed, "MOST", SIZE)
    monkeypatch.setattr(replayed, "LOOKED_UP", SIZE)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ScriptedWorkspace]:
    opened = sending_shop(tmp_path / "shop")
    yield opened
    opened.close()


def preview(workspace: Workspace) -> EditPreview:
    return knowledge.preview(workspace, TEAM)


def of(found: EditPreview, question: str) -> Changed:
    [one] = [one for one in found.changed if one.question == question]
    return one


def kept(workspace: Workspace) -> object:
    """Return all that a workspace keeps: records, artefacts, and what lies in its folders."""
    file = workspace.state / "records.sqlite"
    with sqlite3.connect(file) as records:
        rows = [*records.iterdump()]
    hashes = [made.hash for kind in Kind for made in workspace.artefacts.list(kind)]
    work = workspace.state / "work"
    return rows, hashes, sorted(str(path) for path in work.rglob("*") if path.is_file())


def test_one_number_is_told_with_both_answers_and_nothing_is_in_force(
    shop: ScriptedWorkspace,
) -> None:
    asked = ask(shop, RETURNS, "q1")
    assert asked.source is Source.QUOTE and "45 days" in asked.answer
    before, pair = kept(shop), shop.live.pair()
    edit(shop, "returns-policy", "45 days", "30 days")
    found = preview(shop)
    one = of(found, RETURNS)
    assert (one.effect, one.kind) == (Effect.OTHERWISE, AskedFor.TOUCHED)
    assert one.before.answer == asked.answer and one.after.answer != asked.answer
    assert "45 days" not in one.after.answer
    assert [p.title for p in one.gone] == ["Returns policy › How long you have"]
    assert "30 days" in one.came[0].text
    assert (one.interaction_id, one.loses_right) == ("q1", False), "nobody has judged it"
    assert (len(found.gone), len(found.came)) == (1, 1)
    assert found.stay == len(shop.parts.passages(pair.knowledge)) - 1
    assert found.before == pair.knowledge != found.after
    assert kept(shop) == before and shop.live.pair() == pair
    assert ask(shop, RETURNS, "q2").answer == asked.answer
    made = knowledge.update(shop, TEAM)
    assert made.knowledge == found.after, "it is named as it will be"
    assert ask(shop, RETURNS, "q3").answer == one.after.answer, "it said what was sent then"


def test_the_same_is_told_by_the_last_change(shop: ScriptedWorkspace) -> None:
    ask(shop, RETURNS, "q1")
    with pytest.raises(NotFound, match="never changed"):
        knowledge.preview_last(shop, TEAM)
    edit(shop, "returns-policy", "45 days", "30 days")
    before = preview(shop)
    knowledge.update(shop, TEAM)
    after = knowledge.preview_last(shop, TEAM)
    assert (after.before, after.after) == (before.before, before.after)
    assert (after.changed, after.became) == (before.changed, before.became)
    nothing = preview(shop)
    assert (nothing.asked, nothing.changed, bool(nothing.edit)) == (0, (), False)


def test_before_anything_is_live_there_is_nothing_to_ask(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    with_release(folder).close()
    (folder / ".northloop" / "records.sqlite").unlink()
    with pytest.raises(NotReady):
        preview(ScriptedWorkspace.open(folder))


def test_each_question_is_asked_once_and_the_same_ones_each_time(
    shop: ScriptedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        ask(shop, RETURNS, f"q{number}")
        ask(shop, f"Hello,\n\n{RETURNS}", f"greeted {number}")
    edit(shop, "returns-policy", "45 days", "30 days")
    put: list[list[tuple[str, str]]] = []
    whole = replayed._answered

    def noted(*given: object) -> object:
        put.append([one.meant for one in given[-1]])  # type: ignore[attr-defined]
        return whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(replayed, "_answered", noted)
    first, second = preview(shop), preview(shop)
    assert put[0] == put[1] and len({*put[0]}) == len(put[0]) == first.asked
    assert [one.asked for one in first.became][2] == SIZE
    assert (first.changed, first.became) == (second.changed, second.became)


# --- what people judged ------------------------------------------------------------------------


def test_what_was_judged_right_and_changes_comes_first_and_what_stays_is_told(
    shop: ScriptedWorkspace,
) -> None:
    express = ask(shop, EXPRESS, "express")
    judge(shop, express, VerdictKind.CORRECT)
    ask(shop, "Within how many days may I return a tent?", "unjudged")
    judge(shop, ask(shop, RETURNS, "judged"), VerdictKind.CORRECT)
    edit(shop, "returns-policy", "45 days", "30 days")
    found = preview(shop)
    first, *others = found.changed
    assert (first.question, first.loses_right) == (RETURNS, True)
    assert first.before.right and not first.after.right
    assert not any(one.loses_right for one in others)
    assert found.right == found.right_kept + 1
    assert found.right_kept, "express delivery costs what it did"
    assert EXPRESS not in [one.question for one in found.changed]


def test_a_corrected_answer_that_would_wait_is_told_with_what_is_said_meanwhile(
    shop: ScriptedWorkspace,
) -> None:
    wrong = ask(shop, RETURNS, "wrong")
    judge(shop, wrong, VerdictKind.INCORRECT, "You have 45 days, dear climber.")
    assert ask(shop, RETURNS, "again").source is Source.APPROVED
    edit(shop, "returns-policy", "45 days", "30 days")
    found = preview(shop)
    assert [doubt.answer.answer for doubt in found.approved] == ["You have 45 days, dear climber."]
    one = of(found, RETURNS)
    assert (one.waits, one.loses_right, one.before.source) == (True, True, Source.APPROVED)
    assert one.gone and one.came
    assert [*knowledge.in_doubt(shop, TEAM)] == [], "it is served as long as nothing is in force"


def test_a_correction_is_asked_though_the_edit_touches_it_nowhere(shop: ScriptedWorkspace) -> None:
    judge(shop, ask(shop, EXPRESS, "wrong"), VerdictKind.INCORRECT, "It costs €14.50.")
    edit(shop, "returns-policy", "45 days", "30 days")
    _, corrected, _ = preview(shop).became
    assert (corrected.asked, corrected.right, corrected.right_kept) == (1, 1, 1)


def test_a_correction_that_was_withdrawn_counts_as_nobodys_word(shop: ScriptedWorkspace) -> None:
    judge(shop, ask(shop, RETURNS, "wrong"), VerdictKind.INCORRECT, "You have 45 days.")
    [approval] = reviews.approvals(shop, TEAM).rows
    reviews.withdraw(shop, TEAM, approval.answer.approved_id)
    edit(shop, "returns-policy", "45 days", "30 days")
    found = preview(shop)
    assert not any(one.before.right for one in found.changed)
    assert found.became[1].asked == 0


# --- edits of every kind -----------------------------------------------------------------------


def test_a_document_that_goes_takes_its_answers_with_it(shop: ScriptedWorkspace) -> None:
    asked = ask(shop, EXPRESS, "q1")
    assert asked.source is Source.QUOTE
    (shop.documents_folder / "express-delivery.md").unlink()
    found = preview(shop)
    one = of(found, EXPRESS)
    assert one.after.answer != asked.answer and one.gone and not one.came
    assert found.edit.vanished == ("express-delivery",) and found.edit.passages_lost


def test_what_only_stands_elsewhere_changes_nothing(shop: ScriptedWorkspace) -> None:
    ask(shop, RETURNS, "q1")
    file = shop.documents_folder / "returns-policy.md"
    head, *sections = file.read_text("utf-8").split("\n## ")
    file.write_text("\n## ".join([head.rstrip() + "\n", *reversed(sections)]), "utf-8")
    found = preview(shop)
    assert found.edit.changed == ("returns-policy",)
    assert (found.gone, found.came) == ((), ())
    assert found.asked >= SIZE
    assert {one.effect for one in found.changed} <= {Effect.DRAFT}, "sentences of a draft, at most"


def test_a_document_that_contradicts_another_is_seen_where_it_is_found(
    shop: ScriptedWorkspace,
) -> None:
    ask(shop, RETURNS, "q1")
    (shop.documents_folder / "winter.md").write_text(
        "# Returns in winter\n\nYou can send back anything you bought from Larkfell within 20 "
        "days. How many days do you have to send something back? 20 days.\n",
        "utf-8",
    )
    found = preview(shop)
    assert found.edit.added == ("winter",) and not found.gone
    assert [passage.document_id for passage in found.came] == ["winter"]
    one = of(found, RETURNS)
    assert (one.kind, one.effect) == (AskedFor.TOUCHED, Effect.OTHERWISE)


def test_a_file_that_cannot_be_read_is_named_and_says_what_it_said(shop: ScriptedWorkspace) -> None:
    ask(shop, RETURNS, "q1")
    file = shop.documents_folder / "returns-policy.md"
    file.rename(file.with_suffix(".away"))
    file.with_suffix(".pdf").write_bytes(b"no")
    found = preview(shop)
    assert [p.partition(":")[0] for p in found.problems] == ["returns-policy.pdf"]
    assert (bool(found.edit), found.asked, found.changed) == (False, 0, ())


def test_a_folder_that_is_gone_is_named(shop: ScriptedWorkspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        knowledge.preview(shop, TEAM, tmp_path / "nowhere")


def test_another_folder_is_looked_at_and_left_alone(
    shop: ScriptedWorkspace, tmp_path: Path
) -> None:
    ask(shop, RETURNS, "q1")
    other = tmp_path / "branch"
    shop.documents_folder.rename(other)
    shop.documents_folder.mkdir()
    for file in other.iterdir():
        text = file.read_text("utf-8")
        (shop.documents_folder / file.name).write_text(text, "utf-8")
        file.write_text(text.replace("45 days", "30 days"), "utf-8")
    knowledge.status(shop, TEAM)
    noted = (shop.state / "read_documents.json").read_bytes()
    assert of(knowledge.preview(shop, TEAM, other), RETURNS).effect is Effect.OTHERWISE
    assert (shop.state / "read_documents.json").read_bytes() == noted
    assert not knowledge.status(shop, TEAM).edit


# --- conversations, tenants, models ------------------------------------------------------------


def test_a_question_is_asked_with_what_was_said_before_it(
    shop: ScriptedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(shop, EXPRESS, "q1", customer="eve")
    told = (Message("user", EXPRESS), Message("assistant", first.answer))
    second = ask(shop, RETURNS, "q2", customer="eve", earlier=told)
    lost = ask(shop, GAS, "q3", customer="ben", earlier=(Message("user", "What do you repair?"),))
    assert (second.turn, lost.turn) == (2, 2)
    assert lost.before and not second.before, "what the records do not show is kept"
    shop.records.replace(msgspec.structs.replace(lost, before=()))  # As an earlier version did.
    edit(shop, "returns-policy", "45 days", "30 days")
    found = preview(shop)
    one = of(found, RETURNS)
    assert one.earlier == 2
    assert one.before.words == second.judged
    assert found.untold == 1, "what was said before the third is not known as it was"
    assert GAS not in [one.question for one in found.changed]


def test_each_tenant_is_answered_by_what_was_approved_for_it(shop: ScriptedWorkspace) -> None:
    for tenant in ("north", "south"):
        ask(shop, RETURNS, f"of {tenant}", tenant=tenant)
    theirs = ask(shop, EXPRESS, "wrong", tenant="north")
    judge(shop, theirs, VerdictKind.INCORRECT, "Express is free for the north.")
    ask(shop, EXPRESS, "of the south", tenant="south")
    (shop.documents_folder / "express-delivery.md").unlink()
    edit(shop, "returns-policy", "45 days", "30 days")
    found = preview(shop)
    both = [one for one in found.changed if one.question == RETURNS]
    assert sorted(one.tenant for one in both) == ["north", "south"]
    express = {one.tenant: one for one in found.changed if one.question == EXPRESS}
    assert express["north"].before.answer == "Express is free for the north."
    assert "free for the north" not in express["south"].before.words
    assert not express["south"].before.right


def test_no_model_is_asked_and_what_it_would_answer_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = with_release(tmp_path / "shop", {"serving.mode": "open"})
    monkeypatch.setattr(shop, "engine", lambda *_: pytest.fail("the model was asked"))
    edit(shop, "returns-policy", "45 days", "30 days")
    found = preview(shop)
    assert found.by_model > 0 and not found.changed
    shop.close()


def test_who_is_held_out_is_asked_about_and_who_wanted_a_person_is_not(
    shop: ScriptedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(shop), "holdout_share", 1.0)
    shop.close()
    held = ask(shop, RETURNS, "q1", customer="eve")
    wanted = ask(shop, "I want to talk to a human about returns.", "q2")
    assert held.handoff is HandoffReason.HELD_OUT
    assert wanted.handoff is not None
    edit(shop, "returns-policy", "45 days", "30 days")
    questions = [one.question for one in preview(shop).changed]
    assert wanted.question not in questions


# --- others who are at work --------------------------------------------------------------------


def forget(workspace: Workspace, customer: str) -> None:
    answers.forget(workspace, TEAM, "default", customer)


def test_of_a_forgotten_customer_nothing_is_told(shop: ScriptedWorkspace) -> None:
    private = "My canoe is green: how many days do I have to send something back?"
    ask(shop, private, "q1", customer=shop.opaque("eve"))
    ask(shop, RETURNS, "q2", customer=shop.opaque("ben"))
    edit(shop, "returns-policy", "45 days", "30 days")
    assert private in [one.question for one in preview(shop).changed]
    forget(shop, "eve")
    assert private not in [one.question for one in preview(shop).changed]


def test_who_is_forgotten_meanwhile_is_not_told_of(shop: ScriptedWorkspace) -> None:
    private = "My canoe is green: how many days do I have to send something back?"
    ask(shop, private, "q1", customer=shop.opaque("eve"))
    ask(shop, RETURNS, "q2", customer=shop.opaque("ben"))
    edit(shop, "returns-policy", "45 days", "30 days")
    tried: list[int] = []

    def meanwhile(task: str, done: int, _: int, note: str = "") -> None:
        if task == "preview" and done == 5:
            tried.append(len(tried))
            if len(tried) == 1:
                forget(shop, "eve")

    shop.progress = meanwhile
    questions = [one.question for one in preview(shop).changed]
    assert private not in questions and RETURNS in questions
    assert len(tried) == 2, "it was begun anew"


def test_where_customers_are_forgotten_all_the_while_it_says_so(shop: ScriptedWorkspace) -> None:
    for number in range(4):
        ask(shop, RETURNS, f"q{number}", customer=shop.opaque(f"c{number}"))
    edit(shop, "returns-policy", "45 days", "30 days")
    going = iter(range(4))

    def meanwhile(task: str, done: int, _: int, note: str = "") -> None:
        if task == "preview" and done == 5:
            forget(shop, f"c{next(going)}")

    shop.progress = meanwhile
    with pytest.raises(Overtaken, match="forgotten meanwhile"):
        preview(shop)
    assert not [*(shop.state / "work" / "drafts").iterdir()]


def test_two_at_once_tell_the_same(shop: ScriptedWorkspace) -> None:
    ask(shop, RETURNS, "q1")
    edit(shop, "returns-policy", "45 days", "30 days")
    found: list[EditPreview] = []
    threads = [threading.Thread(target=lambda: found.append(preview(shop))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    one, other = found
    assert one.changed and (one.changed, one.became) == (other.changed, other.became)
    assert not [*(shop.state / "work" / "drafts").iterdir()]


def test_the_watched_folder_may_put_it_in_force_meanwhile(shop: ScriptedWorkspace) -> None:
    ask(shop, RETURNS, "q1")
    pair = shop.live.pair()
    edit(shop, "returns-policy", "45 days", "30 days")
    watch = Watch(lambda: shop)
    made: list[object] = []

    def meanwhile(task: str, done: int, _: int, note: str = "") -> None:
        if task == "preview" and done == 3:
            made.extend(watch.look() for _ in range(2))

    shop.progress = meanwhile
    found = preview(shop)
    assert made[1] is not None and shop.live.pair() == Pair(pair.release, found.after)
    assert found.before == pair.knowledge
    assert of(found, RETURNS).before.answer != of(found, RETURNS).after.answer
    assert ask(shop, RETURNS, "q2").answer == of(found, RETURNS).after.answer


PREVIEWING = """
import sys
from pathlib import Path
from northloop.app import knowledge
from northloop.core.actor import team
from scripted_workspace import ScriptedWorkspace
from sending_shop import SENDING
said = lambda *what: print(*what, flush=True)
workspace = ScriptedWorkspace.open(Path(sys.argv[1]), SENDING, said)
knowledge.preview(workspace, team())
sys.stdin.read()
"""


@pytest.mark.parametrize("cleared_by", ["preview", "update"])
def test_one_that_is_killed_leaves_nothing(
    shop: ScriptedWorkspace, monkeypatch: pytest.MonkeyPatch, cleared_by: str
) -> None:
    ask(shop, RETURNS, "q1")
    edit(shop, "returns-policy", "45 days", "30 days")
    shop.close()
    pair = shop.live.pair()  # whoever opens the records counts what was answered
    before = kept(shop)
    root = Path(__file__).parents[2]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(root / "src"), str(root / "tests"))))
    killed_after(18, PREVIEWING, str(shop.folder))
    drafts = shop.state / "work" / "drafts"
    assert [*drafts.iterdir()], "it was killed in the middle"
    rows, hashes, _ = kept(shop)  # type: ignore[misc]
    assert (rows, hashes) == before[:2]  # type: ignore[index]
    assert shop.live.pair() == pair
    getattr(knowledge, cleared_by)(shop, TEAM)
    assert not [*drafts.iterdir()]


# --- drafts ------------------------------------------------------------------------------------


def test_a_draft_lies_beside_what_is_kept_until_the_end(shop: ScriptedWorkspace) -> None:
    parts = shop.parts
    pair = shop.live.pair()
    with drafting(parts) as drafted:
        made = drafted.artefacts.put(Kind.REPORT, {"a/b": b"c"}, parents=[pair.release])
        assert drafted.artefacts.path(made.hash, "a/b").read_bytes() == b"c"
        assert drafted.artefacts.list(Kind.REPORT)[0] == made
        assert drafted.artefacts.get(pair.release) == parts.artefacts.get(pair.release)
        assert drafted.passages(pair.knowledge) == parts.passages(pair.knowledge)
        with pytest.raises(NotFound):
            parts.artefacts.get(made.hash)
        place = drafted.artefacts.path(made.hash, "a/b")
    assert not place.exists()
    kept_too = parts.artefacts.put(Kind.REPORT, {"a/b": b"c"}, parents=[pair.release])
    assert kept_too.hash == made.hash


def test_interactions_are_as_they_were(shop: ScriptedWorkspace) -> None:
    """Asked again, nobody's answer counts twice."""
    ask(shop, RETURNS, "q1")
    edit(shop, "returns-policy", "45 days", "30 days")
    preview(shop)
    assert [one.interaction_id for one in shop.records.query(Interaction).rows] == ["q1"]


def test_an_approved_answer_is_looked_up_in_the_words_in_which_it_is_served(
    shop: ScriptedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it is served no more, and waits for nobody: what greets finds other passages."""
    greeted = f"Good day,\n\n{RETURNS}"
    judge(shop, ask(shop, greeted, "q1"), VerdictKind.INCORRECT, "You have 45 days.")
    (shop.documents_folder / "winter.md").write_text("# Winter\n\nSnow is cold.\n", "utf-8")
    looked_up: set[str] = set()
    search = HybridIndex.search

    def noted(index: HybridIndex, query: str, k: int) -> object:
        looked_up.add(query)
        return search(index, query, k)

    monkeypatch.setattr(HybridIndex, "search", noted)
    made = knowledge.update(shop, TEAM)
    assert made.deployment is not None and looked_up
    served = ask(shop, greeted, "q2").source is Source.APPROVED
    assert served is not bool(knowledge.in_doubt(shop, TEAM))
    assert {query for query in looked_up if RETURNS in query} == {RETURNS}
