"""Documents change beside whatever release is live, and nothing stale goes out."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from loop.test_bakeoff import remembering
from loop.world import (
    DOCUMENTS,
    TOPICS,
    Interleaved,
    World,
    ask,
    question,
)
from northloop.adapters.embedded.files import FileArtefacts
from northloop.adapters.embedded.memory_cache import MemoryCache
from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.core.artefacts import Kind
from northloop.core.conversation import Document, Example, FirstSeen, Passage
from northloop.core.deployment import Action, Pair
from northloop.core.errors import InputError
from northloop.core.interaction import (
    ApprovedAnswer,
    HandoffReason,
    Interaction,
    ReviewItem,
    Source,
    VerdictKind,
)
from northloop.core.treatment import Treatment
from northloop.loop import knowledge, promote, propose
from northloop.loop.live import LiveService
from northloop.loop.pairs import open_pair
from northloop.stages.data.documents import Reading, Unread
from northloop.stages.monitoring.review import Judgement
from northloop.testing.models import HashEmbedder
from remembering import Remembering

REPAIRS = "Need quick information: jacket repairs."
LATER = TOPICS["repairs"][1] + " In May it takes longer."
"""What the article on repairs says after an edit; the answers of the models are still right."""
SIZES = "Need quick information: boot sizes."


def article(name: str, text: str) -> Document:
    about, _ = TOPICS[name]
    return Document(name, about.capitalize(), f"# {about.capitalize()}\n\n{text}")


def edited(name: str, text: str, documents: Sequence[Document] = DOCUMENTS) -> list[Document]:
    return [article(name, text) if d.document_id == name else d for d in documents]


def update(
    world: World, documents: Sequence[Document], lose: bool = False, unread: tuple[Unread, ...] = ()
) -> knowledge.Update:
    reading = Reading(documents=tuple(documents), unread=unread)
    return knowledge.update(world.parts, reading, "ada", lose=lose)


def pair(world: World) -> Pair:
    found = promote.live_pair(world.parts.artefacts, world.records)
    assert found is not None
    return found


def decision(kept: Interaction, step: str) -> str:
    return next(s.decision for s in kept.trace if s.name == step)


def corrected(world: World, live: LiveService, text: str, name: str, correction: str) -> str:
    """Ask, have it corrected, and return the id of the approved answer."""
    ask(live, question(text, name))
    item = ReviewItem(
        review_id=f"r {name}", interaction_id=name, at="2026-05-01", probability=0.1, uniform=True
    )
    world.records.add(item)
    verdict = live.judge(
        Judgement(
            review_id=item.review_id,
            kind=VerdictKind.INCORRECT,
            correction=correction,
            reviewer="ada",
        ),
        "2026-05-01",
    )
    [made] = world.records.query(ApprovedAnswer, {"origin": f"verdict:{verdict.verdict_id}"}).rows
    return made.approved_id


# --- making and putting in force ---------------------------------------------------------------


def test_the_same_documents_are_the_same_knowledge_whatever_was_before(world: World) -> None:
    first = knowledge.make_knowledge(world.parts, DOCUMENTS)
    other = knowledge.make_knowledge(world.parts, edited("sizes", "One size up."), first.hash)
    back = knowledge.make_knowledge(world.parts, DOCUMENTS, other.hash)
    assert back.hash == first.hash != other.hash
    assert first.manifest.parents == ()
    afresh = World(world.folder.parent / "afresh")
    assert knowledge.make_knowledge(afresh.parts, edited("sizes", "One size up.")).hash == (
        other.hash
    )


def test_only_what_changed_is_embedded(turned: World, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded: list[str] = []
    embed = HashEmbedder.embed
    monkeypatch.setattr(
        HashEmbedder, "embed", lambda self, texts: embedded.extend(texts) or embed(self, texts)
    )
    made = update(turned, edited("repairs", "We repair no jackets any more."))
    passages = [text for text in embedded if "\n" in text]
    assert passages == ["Jacket repairs\nWe repair no jackets any more."], "the rest is looked up"
    embedded.clear()
    assert update(turned, edited("repairs", "We repair no jackets any more.")).deployment is None
    assert update(turned, DOCUMENTS).knowledge == made.before
    assert not [text for text in embedded if "\n" in text], "it was known"


def test_an_update_changes_the_knowledge_and_not_the_release(turned: World) -> None:
    before = pair(turned)
    made = update(turned, edited("repairs", "We repair no jackets any more."))
    after = pair(turned)
    assert (after.release, after.knowledge) == (before.release, made.knowledge)
    assert made.deployment is not None
    assert (made.deployment.version, made.deployment.action) == (2, Action.UPDATE)
    assert (made.deployment.actor, made.before) == ("ada", before.knowledge)
    assert made.edit == knowledge.Edit(
        changed=("repairs",), passages_before=6, passages_gone=1, passages_new=1
    )
    assert "Waiting for" in propose.explain(turned.parts, 3), "a turn is judged by releases"


def test_an_update_that_is_killed_leaves_nothing_half_and_is_not_done_twice(
    turned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pair(turned)
    with monkeypatch.context() as broken:
        broken.setattr(knowledge, "put_in_force", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            update(turned, edited("repairs", LATER))
    assert pair(turned) == before
    made = {a.hash for a in turned.parts.artefacts.list(Kind.KNOWLEDGE)}
    monkeypatch.setattr(turned.parts.indexer, "build", None)
    assert update(turned, edited("repairs", LATER)).knowledge in made


def test_before_anything_is_live_the_knowledge_is_only_made(world: World) -> None:
    made = update(world, DOCUMENTS)
    assert made.deployment is None
    assert world.parts.artefacts.get(made.knowledge).manifest.kind is Kind.KNOWLEDGE
    assert world.first_turn()["knowledge"] == made.knowledge


def test_a_turn_takes_changed_documents_in_and_they_go_live_with_its_release(
    turned: World,
) -> None:
    before = pair(turned)
    turned.spec = msgspec.structs.replace(
        turned.spec,
        documents=edited("sizes", "Choose boots two sizes above your usual street shoe."),
        tune=msgspec.structs.replace(turned.spec.tune, seed=2),
    )
    state = turned.turn(propose.ask_for_retraining(turned.records))
    assert state["instead_of"] == before.knowledge != state["knowledge"]
    assert pair(turned) == Pair(state["release"], state["knowledge"])


def test_what_was_put_in_force_during_a_turn_stays_in_force(turned: World) -> None:
    turned.spec = msgspec.structs.replace(
        turned.spec, tune=msgspec.structs.replace(turned.spec.tune, seed=2)
    )
    state = turned.judged(propose.ask_for_retraining(turned.records))
    newer = update(turned, edited("sizes", "One size up.")).knowledge
    promote.promote_release(turned.parts.artefacts, turned.records, state["release"], "ada")
    assert pair(turned) == Pair(state["release"], newer)
    promote.roll_back(turned.records)
    assert pair(turned).knowledge == newer, "a roll-back brings no old documents back"


def test_an_edit_that_was_taken_back_during_a_turn_stays_taken_back(turned: World) -> None:
    first = pair(turned)
    turned.spec = msgspec.structs.replace(
        turned.spec,
        documents=edited("sizes", "Two sizes up."),
        tune=msgspec.structs.replace(turned.spec.tune, seed=2),
    )
    state = turned.judged(propose.ask_for_retraining(turned.records))
    assert state["knowledge"] != first.knowledge
    update(turned, turned.spec.documents)
    assert pair(turned).knowledge == state["knowledge"]
    update(turned, DOCUMENTS)
    promote.promote_release(turned.parts.artefacts, turned.records, state["release"], "ada")
    assert pair(turned) == Pair(state["release"], first.knowledge)


def test_what_training_taught_applies_where_the_passage_still_stands(turned: World) -> None:
    state = pair(turned)
    asked = "My brother told me something strange regarding a returned tent. Is it true?"
    _, index = open_pair(turned.parts, state)
    plain = turned.parts.index(state.knowledge)
    taught, own = (found.search(asked, 1)[0].score for found in (index, plain))
    assert taught > own
    update(turned, edited("repairs", "We repair no jackets any more."))
    _, after = open_pair(turned.parts, pair(turned))
    bare = turned.parts.index(pair(turned).knowledge)
    assert after.search(asked, 1)[0].score > bare.search(asked, 1)[0].score
    update(turned, edited("returns", "Tents are never taken back.", edited("repairs", "No.")))
    _, gone = open_pair(turned.parts, pair(turned))
    assert gone.search(asked, 1)[0].score < taught


# --- what is refused, and what is told ---------------------------------------------------------


def test_treatments_are_opened_with_what_they_were_learnt_with(tmp_path: Path) -> None:
    world = remembering(tmp_path / "workspace")
    world.first_turn()
    given: list[list[Passage]] = []

    class Opened(Remembering):
        def load(self, *what: Any) -> Any:
            given.append([*what[3]])
            return super().load(*what)

    world.parts = replace(world.parts, learners=lambda: {Treatment.MEMORY: Opened()})
    before = pair(world)
    world.live().prepare(before)
    assert given == [[]], "what it was learnt with is in force"
    for text in (LATER, LATER + " And longer still."):
        update(world, edited("repairs", text))
        world.live().prepare(pair(world))
        assert given[-1] == world.parts.passages(before.knowledge)


def test_more_than_half_is_not_taken_away_unless_it_is_meant(turned: World) -> None:
    before = pair(turned)
    with pytest.raises(InputError, match="4 documents are gone, and 4 of 6 passages") as raised:
        update(turned, DOCUMENTS[:2])
    assert "--lose" in raised.value.action
    assert pair(turned) == before
    assert update(turned, DOCUMENTS[:2], lose=True).edit.passages_lost == 4
    assert update(turned, DOCUMENTS[:1]).edit.vanished == ("delivery",), "half may go"


def test_a_file_that_cannot_be_read_keeps_what_it_said(turned: World) -> None:
    others = [d for d in DOCUMENTS if d.document_id != "repairs"]
    broken = (Unread("repairs.md", "it is broken"),)
    made = update(turned, edited("sizes", "One size up.", others), unread=broken)
    assert made.problems == ("repairs.md: it is broken",)
    assert made.edit.vanished == ()
    said, _ = ask(turned.live(), question(REPAIRS))
    assert said == TOPICS["repairs"][1]


def test_what_depends_on_an_edit_is_named(turned: World) -> None:
    live = turned.live()
    about, reply = TOPICS["repairs"]
    approved = corrected(turned, live, "Do you mend jacket repairs?", "first", f"{reply} Yes.")
    corrected(turned, live, "Are boot sizes right?", "second", TOPICS["sizes"][1] + " Yes.")
    ask(live, question(REPAIRS, "third"))
    made = update(turned, edited("repairs", LATER))
    found = made.dependants
    assert found.approved == (approved,)
    assert set(found.interactions) >= {"first", "third"}
    tests = {row.example_id: row for row in _rows(turned) if row.split == "test"}
    assert {tests[name].question for name in found.test_questions} >= {
        row.question for row in tests.values() if about in row.question
    }
    rows = {row.example_id: row.reply for row in _rows(turned)}
    assert found.training_rows
    assert {rows[name] for name in found.training_rows} == {reply}
    nothing = update(turned, [*edited("repairs", LATER)])
    assert nothing.dependants == knowledge.Dependants()


def _rows(world: World) -> list[Example]:
    dataset = world.parts.artefacts.list(Kind.DATASET)[0].hash
    return knowledge.read_lines(world.parts.artefacts, dataset, "examples.jsonl", Example)


# --- nothing stale -----------------------------------------------------------------------------


def test_an_edit_expires_what_rests_on_it_and_nothing_else(turned: World) -> None:
    live = turned.live()
    questions = [f"Need quick information: {about}." for about, _ in TOPICS.values()]
    for number, text in enumerate(questions):
        ask(live, question(text, f"before {number}"))
    update(turned, edited("repairs", LATER))
    new = pair(turned).knowledge
    for number, text in enumerate(questions):
        _, kept = ask(live, question(text, f"after {number}"))
        stale = "jacket repairs" in text or _cites(turned, f"before {number}", "repairs")
        assert decision(kept, "cache") == ("documents changed" if stale else "hit"), text
        assert kept.source is (Source.GENERATED if stale else Source.CACHE)
        assert kept.knowledge == new
    _, again = ask(live, question(REPAIRS, "again"))
    assert again.source is Source.CACHE, "what was made anew is kept"


def _cites(world: World, name: str, document: str) -> bool:
    kept = world.records.get(Interaction, name)
    return any(citation.startswith(f"{document}#") for citation in kept.citations)


def test_a_new_passage_expires_the_entries_whose_question_finds_it(turned: World) -> None:
    live = turned.live()
    for name, text in (("one", REPAIRS), ("two", SIZES)):
        ask(live, question(text, name))
    added = Document("news", "Jacket repairs", "# Jacket repairs\n\nQuick jacket repairs: Kiel.")
    update(turned, [*DOCUMENTS, added])
    assert decision(ask(live, question(REPAIRS, "three"))[1], "cache") == "documents changed"
    assert decision(ask(live, question(SIZES, "four"))[1], "cache") == "hit"


def test_an_edit_that_is_taken_back_brings_the_entries_back(turned: World) -> None:
    live = turned.live()
    ask(live, question(REPAIRS, "one"))
    update(turned, edited("repairs", LATER))
    update(turned, DOCUMENTS)
    assert ask(live, question(REPAIRS, "two"))[1].source is Source.CACHE


def test_a_server_that_was_down_finds_nothing_stale_in_a_shared_cache(turned: World) -> None:
    shared = MemoryCache()
    ask(turned.live(shared), question(REPAIRS, "one"))
    update(turned, edited("repairs", LATER))
    update(turned, edited("sizes", "One up.", edited("repairs", "Jackets: within three days.")))
    kept = ask(turned.live(shared), question(REPAIRS, "two"))[1]
    assert decision(kept, "cache") == "documents changed"


def test_an_answer_that_was_begun_before_ends_so_and_is_not_served_after(turned: World) -> None:
    live = turned.live()
    before = pair(turned)
    begun = live.answer(question(REPAIRS, "begun before"))
    next(begun)  # it has found its passages
    update(turned, edited("repairs", LATER))
    *_, kept = begun
    assert isinstance(kept, Interaction)
    assert (kept.source, kept.knowledge) == (Source.GENERATED, before.knowledge)
    _, after = ask(live, question(REPAIRS, "after"))
    assert decision(after, "cache") == "documents changed", "it was put there after the switch"
    assert after.source is Source.GENERATED
    assert set(after.evidence).isdisjoint(set(kept.evidence) - set(after.evidence))


def test_an_old_answer_is_not_given_again_to_the_same_request(turned: World) -> None:
    live = turned.live()
    said, _ = ask(live, question(REPAIRS, "same"))
    other, _ = ask(live, question(SIZES, "other"))
    update(turned, edited("repairs", LATER))
    _, again = ask(live, question(REPAIRS, "same"))
    assert (again.handoff, again.draft) == (HandoffReason.OUTDATED, said)
    assert turned.records.get(Interaction, "same").answer == said, "what was sent stays on record"
    assert ask(live, question(SIZES, "other"))[0] == other


def test_an_approved_answer_waits_for_a_person_when_its_passage_changes(turned: World) -> None:
    live = turned.live()
    first = corrected(turned, live, "Do you mend jacket repairs?", "a", "Jackets: ten days.")
    second = corrected(turned, live, "Are boot sizes right?", "b", "Boots: one size up.")
    update(turned, edited("repairs", LATER))
    _, kept = ask(live, question("Do you mend jacket repairs?", "c"))
    assert kept.source is not Source.APPROVED
    assert decision(kept, "approved") == "documents changed"
    assert ask(live, question("Are boot sizes right?", "d"))[0] == "Boots: one size up."
    [doubt] = knowledge.in_doubt(turned.parts, pair(turned))
    assert doubt.answer.approved_id == first != second
    assert [p.text for p in doubt.gone] == [TOPICS["repairs"][1]]
    assert [p.text for p in doubt.new] == [LATER]


def test_a_person_confirms_rewords_or_withdraws_it(turned: World) -> None:
    live = turned.live()
    texts = ("Do you mend jacket repairs?", "How long take jacket repairs?")
    names = [
        corrected(turned, live, text, text, f"Jackets: ten days {n}.")
        for n, text in enumerate(texts)
    ]
    update(turned, edited("repairs", LATER))
    assert len(knowledge.in_doubt(turned.parts, pair(turned))) == 2
    knowledge.vouch(turned.parts, names[0], pair(turned), "ben")
    knowledge.reword(turned.parts, names[1], "Three days.", pair(turned), "ben")
    assert knowledge.in_doubt(turned.parts, pair(turned)) == []
    assert ask(live, question(texts[0], "x"))[0] == "Jackets: ten days 0."
    assert ask(live, question(texts[1], "y"))[0] == "Three days."
    update(turned, edited("repairs", "Jackets are repaired within two days."))
    assert len(knowledge.in_doubt(turned.parts, pair(turned))) == 2, "once more"


def test_what_was_approved_by_an_older_reading_is_in_doubt_at_once(turned: World) -> None:
    live = turned.live()
    ask(live, question("Do you mend jacket repairs?", "a"))
    update(turned, edited("repairs", LATER))
    item = ReviewItem(review_id="r", interaction_id="a", at="", probability=0.1, uniform=True)
    turned.records.add(item)
    said = Judgement(review_id="r", kind=VerdictKind.INCORRECT, correction="Ten days.")
    live.judge(said, "2026-05-01")
    assert len(knowledge.in_doubt(turned.parts, pair(turned))) == 1
    assert ask(live, question("Do you mend jacket repairs?", "b"))[0] != "Ten days."


# --- age ---------------------------------------------------------------------------------------


def test_each_citation_has_the_age_of_its_source(turned: World) -> None:
    live = turned.live()
    _, kept = ask(live, question(REPAIRS, "a"))
    [first, *_] = live.cited(kept)
    assert first.stands
    assert first.since == turned.records.get(FirstSeen, DOCUMENTS[-1].hash).at
    update(turned, edited("repairs", LATER))
    [then, *others] = live.cited(kept)
    assert (then.passage, then.since, then.stands) == (first.passage, first.since, False)
    assert all(one.stands for one in others)
    _, after = ask(live, question(REPAIRS, "b"))
    assert live.cited(after)[0].since > first.since


def test_a_passage_is_known_by_what_it_says_and_not_by_its_number(turned: World) -> None:
    live = turned.live()
    _, kept = ask(live, question(REPAIRS, "a"))
    first = live.cited(kept)
    about, reply = TOPICS["repairs"]
    moved = f"Since 1990.\n\n# {about.capitalize()}\n\n{reply}"
    made = update(turned, edited("repairs", moved))
    again = live.cited(msgspec.structs.replace(kept, knowledge=made.knowledge))
    assert [one.passage.text for one in again] == [one.passage.text for one in first]
    assert again[0].passage.passage_id != first[0].passage.passage_id
    assert again[0].stands and live.cited(kept)[0].stands


def test_an_approved_answer_shows_what_it_rests_on(turned: World) -> None:
    live = turned.live()
    corrected(turned, live, "Do you mend jacket repairs?", "first", "Ten days. Yes.")
    _, kept = ask(live, question("Do you mend jacket repairs?", "b"))
    assert kept.source is Source.APPROVED
    found = live.cited(kept)
    assert found and all(one.since and one.stands for one in found)


def test_an_answer_counts_also_where_its_sources_cannot_be_read(turned: World) -> None:
    live = turned.live()
    _, kept = ask(live, question(REPAIRS, "a"))
    assert live.cited(msgspec.structs.replace(kept, knowledge="0" * 64)) == []


# --- two at once -------------------------------------------------------------------------------


def _update_in_a_process(folder: Path, text: str, barrier: object, said: object) -> None:
    world = World(folder, records=SqliteRecords(folder / "records.sqlite"))
    world.parts = world.parts
    barrier.wait()
    try:
        update(world, edited("repairs", text))
        said.put("in force")
    except InputError as error:
        said.put("told" if "another update" in error.what else str(error))


def test_two_processes_that_update_at_once_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    world = World(folder, records=SqliteRecords(folder / "records.sqlite"))
    world.first_turn()
    context = multiprocessing.get_context("spawn")
    barrier, said = context.Barrier(2), context.Queue()
    racing = [
        context.Process(
            target=_update_in_a_process, args=(folder, f"Jackets: {n} days.", barrier, said)
        )
        for n in (2, 3)
    ]
    for process in racing:
        process.start()
    for process in racing:
        process.join(60)
    assert sorted(said.get(timeout=5) for _ in racing)[0] == "in force"
    line = promote.deployments(world.records)
    assert [d.version for d in line] == [*range(1, len(line) + 1)]
    artefacts = FileArtefacts(folder / "artefacts")
    assert artefacts.get(line[-1].knowledge).manifest.kind is Kind.KNOWLEDGE


def test_of_two_updates_one_is_told(turned: World) -> None:
    first = pair(turned)
    two, three = (
        knowledge.make_knowledge(turned.parts, edited("repairs", f"{n} days.")).hash for n in (2, 3)
    )
    records = Interleaved(
        turned.records, lambda: promote.put_in_force(turned.records, first, two, "ben")
    )
    with pytest.raises(InputError, match="another update of the documents"):
        promote.put_in_force(records, first, three, "ada")
    assert pair(turned).knowledge == two
    records = Interleaved(
        turned.records, lambda: promote.put_in_force(turned.records, pair(turned), three, "ben")
    )
    assert promote.put_in_force(records, pair(turned), three, "ada").actor == "ben", "the same"


def test_a_promotion_and_an_update_at_once_both_apply(turned: World) -> None:
    before = pair(turned)
    turned.spec = msgspec.structs.replace(
        turned.spec, tune=msgspec.structs.replace(turned.spec.tune, seed=2)
    )
    release = turned.judged(propose.ask_for_retraining(turned.records))["release"]
    newer = knowledge.make_knowledge(turned.parts, edited("repairs", "Two days.")).hash
    records = Interleaved(
        turned.records, lambda: promote.put_in_force(turned.records, before, newer, "ben")
    )
    promote.promote_release(turned.parts.artefacts, records, release, "ada")
    assert pair(turned) == Pair(release, newer)


def test_answers_go_on_while_documents_change(turned: World) -> None:
    live = turned.live()
    failed: list[Exception] = []
    stop = threading.Event()

    def customers(number: int) -> None:
        count = 0
        while not stop.is_set():
            count += 1
            try:
                ask(live, question(f"{REPAIRS} {count % 7}", f"{number} {count}"))
            except Exception as error:  # noqa: BLE001
                failed.append(error)
                return

    threads = [threading.Thread(target=customers, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    engines = len(turned.engines)
    for days in range(2, 8):
        reading = Reading(documents=tuple(edited("repairs", f"Jackets: {days} days.")))
        knowledge.update(turned.parts, reading, "ada", ready=live.prepare)
    stop.set()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(turned.engines) <= engines + 1, "the engine goes on"
