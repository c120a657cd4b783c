"""What people decide on a treatment's answers overrules what it promised."""

from __future__ import annotations

import msgspec
import pytest

from northloop.core.artefacts import AskedTreatment, Release
from northloop.core.interaction import HandoffReason, VerdictKind
from northloop.core.treatment import Treatment
from northloop.stages.monitoring.decided import Decided
from northloop.stages.monitoring.favour import as_decided, favours
from northloop.stages.monitoring.review import Judgement, submit
from northloop.stages.monitoring.sampling import review_id_of
from northloop.testing.records import MemoryRecords
from stages.monitoring.test_certificates import RELEASE, decided, draft
from stages.serving.shop import RELEASE as SEALED

QUOTE, MEMORY, MODEL = Treatment.QUOTE, Treatment.MEMORY, Treatment.GENERATED


def release(sent: bool = True, least: float = 0.5) -> Release:
    first = AskedTreatment(treatment=QUOTE, learnt="q" * 64, least=least, sent=sent)
    return msgspec.structs.replace(SEALED, first=(first,))


@pytest.fixture
def records() -> MemoryRecords:
    return MemoryRecords()


def test_nothing_decided_leaves_what_was_sealed(records: MemoryRecords) -> None:
    for sent in (True, False):
        found = favours(records, RELEASE, release(sent))
        assert (found[QUOTE].sent, found[QUOTE].decided) == (sent, False)
        assert as_decided(release(sent), found) == release(sent)


def test_wrong_answers_are_held_back_until_people_find_them_right(records: MemoryRecords) -> None:
    for n in range(12):
        decided(records, draft(n), right=False)
    found = favours(records, RELEASE, release())
    assert (found[QUOTE].sent, found[QUOTE].decided) == (False, True)
    assert found[QUOTE].words == "for drafts, by people's decisions; 0 of 12 decisions were right"
    [choice] = as_decided(release(), found).first
    assert (choice.sent, choice.decided) == (False, True)
    for n in range(12, 24):
        decided(records, draft(n), right=True)
    found = favours(records, RELEASE, release())
    assert (found[QUOTE].sent, found[QUOTE].decided) == (True, False)
    assert as_decided(release(), found) == release()


def test_right_drafts_of_what_did_not_win_may_be_sent(records: MemoryRecords) -> None:
    for n in range(12):
        decided(records, draft(n), right=True)
    lost = release(sent=False)
    found = favours(records, RELEASE, lost)
    words = "sent where it is certified, by people's decisions; 12 of 12 decisions were right"
    assert found[QUOTE].words == words
    assert as_decided(lost, found) == lost, "a comparison knows of no certificate"


def test_only_what_is_sure_enough_to_be_sent_counts(records: MemoryRecords) -> None:
    for n in range(20):
        decided(records, draft(n, sure=0.3), right=False)
    assert favours(records, RELEASE, release())[QUOTE].decisions == 0
    assert not favours(records, RELEASE, release(least=0.2))[QUOTE].sent


def test_a_question_counts_once_and_another_release_not_at_all(records: MemoryRecords) -> None:
    for n in range(20):
        decided(records, draft(n, asked="the same"), right=False)
        decided(records, draft(100 + n, release="another"), right=False)
    found = favours(records, RELEASE, release())[QUOTE]
    assert (found.sent, found.decisions) == (True, 1)


def test_what_was_drawn_and_acted_on_counts_once(records: MemoryRecords) -> None:
    for n in range(6):
        decided(records, draft(n), right=False)
        kept = records.get(Decided, f"i{n}")
        again = msgspec.structs.replace(kept, interaction_id=f"desk {n}", uniform=False)
        records.add(again)
    assert favours(records, RELEASE, release())[QUOTE].decisions == 6


def test_what_the_check_refused_speaks_neither_for_nor_against(records: MemoryRecords) -> None:
    refused = HandoffReason.NOT_GROUNDED
    for n in range(12):
        decided(records, draft(n), right=False)
        kept = records.get(Decided, f"i{n}")
        records.replace(msgspec.structs.replace(kept, refused=True))
    assert favours(records, RELEASE, release())[QUOTE].sent
    kept = draft(99, handoff=refused)
    records.add(kept)
    said = Judgement(
        review_id=review_id_of(kept),
        kind=VerdictKind.INCORRECT,
        interaction_id=kept.interaction_id,
    )
    submit(records, said, "2026-11-02T00:01:00Z")
    assert records.find(Decided, kept.interaction_id) is None, "at the desk it decides nothing"


def test_wrong_decisions_on_documents_that_went_count_no_more_either(
    records: MemoryRecords,
) -> None:
    for n in range(12):
        decided(records, draft(n, evidence=("gone",)), right=False)
    assert not favours(records, RELEASE, release())[QUOTE].sent
    assert favours(records, RELEASE, release(), {"stands"})[QUOTE].sent


def test_right_decisions_on_documents_that_went_count_no_more(records: MemoryRecords) -> None:
    for n in range(12):
        decided(records, draft(n, evidence=("gone",)), right=True)
    assert favours(records, RELEASE, release(sent=False))[QUOTE].sent
    assert not favours(records, RELEASE, release(sent=False), {"stands"})[QUOTE].sent


def test_the_desk_counts(records: MemoryRecords) -> None:
    failed = HandoffReason.NOT_CONFIDENT
    for n in range(12):
        kept = draft(n, handoff=failed)
        records.add(kept)
        judgement = Judgement(
            review_id=review_id_of(kept),
            kind=VerdictKind.CORRECT,
            interaction_id=kept.interaction_id,
        )
        submit(records, judgement, f"2026-11-02T00:00:{n:02}Z")
    assert {one.uniform for one in records.query(Decided).rows} == {False}
    assert favours(records, RELEASE, release(sent=False))[QUOTE].sent


def test_the_model_is_held_back_like_any_other(records: MemoryRecords) -> None:
    for n in range(12):
        decided(records, draft(n, treatment="generated", sure=0.99), right=False)
    found = favours(records, RELEASE, release())
    assert not found[MODEL].sent
    assert found[QUOTE].sent
    assert not as_decided(release(), found).generates


def test_after_an_edit_the_first_decision_on_what_is_said_now_counts(
    records: MemoryRecords,
) -> None:
    for n in range(12):
        decided(records, draft(n, asked=f"q{n}", evidence=("gone",)), right=True)
        decided(records, draft(100 + n, asked=f"q{n}", evidence=("stands",)), right=False)
    assert favours(records, RELEASE, release())[QUOTE].sent
    found = favours(records, RELEASE, release(), {"stands"})[QUOTE]
    assert (found.sent, found.decisions, found.right) == (False, 12, 0)
