"""A workspace whose releases held their index opens, serves, and takes changed documents."""

from __future__ import annotations

import lzma
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from loop.world import TOPICS, ask, question
from northloop.core.artefacts import Kind
from northloop.core.deployment import Action, Pair
from northloop.core.interaction import ApprovedAnswer, Interaction, Promotion, Source
from northloop.loop import knowledge, promote, propose
from northloop.loop.pairs import asked_of, index_of_earlier_version, open_pair
from northloop.stages.data.documents import read_folder
from northloop.stages.monitoring import approvals
from shop_workspace import ShopWorkspace

KEPT = Path(__file__).parents[1] / "fixtures" / "workspace-0.1.tar.xz"
REPAIRS = "Need quick information: jacket repairs."


@pytest.fixture
def earlier(tmp_path: Path) -> Iterator[ShopWorkspace]:
    with lzma.open(KEPT) as packed, tarfile.open(fileobj=packed) as archive:
        archive.extractall(tmp_path, filter="data")
    workspace = ShopWorkspace.open(tmp_path / "workspace")
    assert isinstance(workspace, ShopWorkspace)
    yield workspace
    workspace.close()


def update(workspace: ShopWorkspace) -> knowledge.Update:
    reading = read_folder(workspace.folder / "documents")
    return knowledge.update(workspace.parts, reading, "ada", ready=workspace.live.prepare)


def test_its_promotions_are_the_first_deployments(earlier: ShopWorkspace) -> None:
    promotions = earlier.records.query(Promotion).rows
    line = promote.deployments(earlier.records)
    assert [d.version for d in line] == [1, 2, 3, 4]
    assert [(d.release, d.at, d.decision) for d in line] == [
        (p.release, p.at, p.decision) for p in promotions
    ]
    assert [d.action for d in line] == [
        Action.PROMOTE,
        Action.PROMOTE,
        Action.ROLL_BACK,
        Action.PROMOTE,
    ]
    back = promote.roll_back(earlier.records)
    assert (back.version, back.release) == (5, promotions[0].release)
    index = index_of_earlier_version(earlier.artefacts, back.release)
    assert promote.live_pair(earlier.artefacts, earlier.records) == Pair(back.release, index)


def test_it_serves_with_the_index_of_its_release(earlier: ShopWorkspace) -> None:
    pair = earlier.live.pair()
    assert earlier.artefacts.get(pair.knowledge).manifest.kind is Kind.INDEX
    said, kept = ask(earlier.live, question(REPAIRS, "now"))
    assert said == TOPICS["repairs"][1]
    assert kept.knowledge == pair.knowledge
    [cited, *_] = earlier.live.cited(kept)
    assert (cited.passage.text, cited.stands, cited.since) == (TOPICS["repairs"][1], True, "")


def test_its_kept_answers_show_what_they_were_given(earlier: ShopWorkspace) -> None:
    kept = next(i for i in earlier.records.query(Interaction).rows if i.source is Source.GENERATED)
    assert [one.passage.passage_id for one in earlier.live.cited(kept)] == [*kept.citations]


def test_unchanged_documents_put_nothing_in_doubt(earlier: ShopWorkspace) -> None:
    ask(earlier.live, question(REPAIRS, "before"))
    made = update(earlier)
    assert made.deployment is not None
    assert (made.deployment.version, made.edit.passages_gone, made.edit.passages_new) == (5, 0, 0)
    assert not made.edit
    assert knowledge.in_doubt(earlier.parts, earlier.live.pair()) == []
    [approved, *_] = approvals.in_force(earlier.records)
    assert ask(earlier.live, question(approved.question, "asked"))[1].source is Source.APPROVED
    assert ask(earlier.live, question(REPAIRS, "after"))[1].source is Source.CACHE


def test_what_its_training_taught_goes_on_to_apply(earlier: ShopWorkspace) -> None:
    _, before = open_pair(earlier.parts, earlier.live.pair())
    update(earlier)
    pair = earlier.live.pair()
    assert asked_of(earlier.parts, pair) is not None
    _, after = open_pair(earlier.parts, pair)
    for about, _ in TOPICS.values():
        query = f"Nobody answered my earlier message concerning {about}, so here I am again."
        old, new = (index.search(query, 3) for index in (before, after))
        assert [hit.passage.hash for hit in new] == [hit.passage.hash for hit in old]
        assert [hit.score for hit in new] == pytest.approx([h.score for h in old], abs=1e-3)


def test_an_edit_puts_its_approved_answers_in_doubt(earlier: ShopWorkspace) -> None:
    update(earlier)
    for file in (earlier.folder / "documents").iterdir():
        file.write_text(file.read_text("utf-8") + " Since May with care.", "utf-8")
    made = update(earlier)
    assert made.edit.passages_gone == made.edit.passages_new == 6
    standing = approvals.in_force(earlier.records)
    assert set(made.dependants.approved) <= {a.approved_id for a in standing}
    assert made.dependants.approved
    answer = earlier.records.get(ApprovedAnswer, made.dependants.approved[0])
    assert ask(earlier.live, question(answer.question, "asked"))[1].source is not Source.APPROVED


def test_its_next_turn_goes_on(earlier: ShopWorkspace) -> None:
    before = earlier.live.pair()
    proposal = propose.ask_for_retraining(earlier.records)
    propose.approve(earlier.records, proposal.proposal_id)
    state = propose.carry_out(earlier.parts, earlier.turn_spec(), proposal.proposal_id)
    assert state["instead_of"] == before.knowledge
    assert state["current"] == before.release
    if state["outcome"] == "ready":
        promote.promote_release(earlier.artefacts, earlier.records, state["release"])
        assert earlier.live.pair() == Pair(state["release"], state["knowledge"])
