from __future__ import annotations

import msgspec
import numpy as np
import pytest

from northloop.core.ids import Hash
from northloop.core.treatment import Treatment
from northloop.stages.monitoring.certificates import LATELY, reach, standings
from northloop.stages.monitoring.decided import (
    Asked,
    Carried,
    Decided,
    carried_id_of,
    carried_to,
)
from northloop.statistics.thresholds import Labelled, RiskSpec, certify
from northloop.testing.records import MemoryRecords

BEFORE, RELEASE, NEXT = Hash("a" * 64), Hash("b" * 64), Hash("c" * 64)
SAID, WRITTEN, OTHER = Hash("s" * 64), Hash("w" * 64), Hash("o" * 64)
RISK = RiskSpec()


@pytest.fixture
def records() -> MemoryRecords:
    return MemoryRecords()


def decided(
    records: MemoryRecords,
    number: int,
    right: bool,
    release: Hash = BEFORE,
    sure: float = 0.9,
    **changes: object,
) -> None:
    one = Decided(
        interaction_id=f"i{number}",
        release=release,
        at=at(number),
        treatment="quote",
        sure=sure,
        right=right,
        distinct=f"q{number}",
        said=SAID,
        written="" if right else WRITTEN,
    )
    records.replace(msgspec.structs.replace(one, **changes))


def carried(
    records: MemoryRecords,
    number: int,
    text: Hash = SAID,
    sure: float = 0.9,
    release: Hash = RELEASE,
    asked: Asked = Asked.ANEW,
    judged: bool | None = None,
    distinct: str = "",
) -> None:
    records.add(
        Carried(
            carried_id=carried_id_of(f"i{number}", release),
            interaction_id=f"i{number}",
            release=release,
            at=at(number),
            asked=asked,
            text=text,
            treatment="quote" if text else "",
            sure=sure,
            distinct=distinct or f"q{number}",
            judged=judged,
        )
    )


def at(number: int) -> str:
    return f"2026-11-01T00:{number // 60:02}:{number % 60:02}Z"


@pytest.mark.parametrize(
    ("text", "asked", "was_right", "counts"),
    [
        (SAID, Asked.ANEW, True, [True]),
        (SAID, Asked.ANEW, False, [False]),
        (WRITTEN, Asked.ANEW, False, [True]),
        (WRITTEN, Asked.ANEW, True, [False]),
        (OTHER, Asked.ANEW, True, [False]),
        (OTHER, Asked.ANEW, False, [False]),
        ("", Asked.ANEW, True, []),
        ("", Asked.NEVER, True, []),
        ("", Asked.NEVER, False, [False]),
    ],
)
def test_what_a_release_says_is_right_if_people_said_so(
    records: MemoryRecords, text: Hash, asked: Asked, was_right: bool, counts: list[bool]
) -> None:
    decided(records, 1, was_right)
    carried(records, 1, text, asked=asked)
    assert [one.right for one in carried_to(records, RELEASE)] == counts


@pytest.mark.parametrize(("text", "counts"), [(OTHER, [False]), ("", [])])
def test_what_it_says_where_nothing_was_said_before_counts_as_wrong(
    records: MemoryRecords, text: Hash, counts: list[bool]
) -> None:
    carried(records, 1, text, asked=Asked.FIRST)
    assert [one.right for one in carried_to(records, RELEASE)] == counts


def test_what_people_wrote_counts_as_it_stands_now(records: MemoryRecords) -> None:
    decided(records, 1, right=False)
    carried(records, 1, WRITTEN)
    assert [one.right for one in carried_to(records, RELEASE)] == [True]
    decided(records, 1, right=False, written=OTHER)
    assert [one.right for one in carried_to(records, RELEASE)] == [False]


def test_what_people_found_right_side_by_side_is_right(records: MemoryRecords) -> None:
    for number, (text, judged) in enumerate(
        [(OTHER, True), (OTHER, False), (OTHER, None), (SAID, True)]
    ):
        decided(records, number, right=False)
        carried(records, number, text, judged=judged)
    assert [one.right for one in carried_to(records, RELEASE)] == [True, False, False, False]


@pytest.mark.parametrize("changes", [{"treatment": "generated"}, {"refused": True}])
def test_what_would_not_go_out_is_no_mistake_of_what_is_not_asked(
    records: MemoryRecords, changes: dict[str, object]
) -> None:
    decided(records, 1, right=False, **changes)
    carried(records, 1, "", asked=Asked.NEVER)
    assert not carried_to(records, RELEASE)


def test_a_verdict_that_was_undone_counts_for_no_release(records: MemoryRecords) -> None:
    decided(records, 1, right=True)
    carried(records, 1)
    records.remove(Decided, "i1")
    assert not carried_to(records, RELEASE)


def test_certificates_begin_with_it_and_say_so(records: MemoryRecords) -> None:
    for number in range(60):
        decided(records, number, right=True)
        carried(records, number)
    standing = standings(records, RELEASE, RISK)[Treatment.QUOTE]
    assert standing.certificate is not None
    assert (standing.decisions, standing.carried) == (60, 60)
    assert "60 of 60 decisions were right, 60 of them from before this release" in standing.words
    decided(records, 60, right=True, release=RELEASE)
    standing = standings(records, RELEASE, RISK)[Treatment.QUOTE]
    assert (standing.decisions, standing.carried) == (61, 60)
    assert not standings(records, NEXT, RISK)


def test_what_nobody_decided_on_certifies_nothing(records: MemoryRecords) -> None:
    for number in range(60):
        decided(records, number, right=True)
        carried(records, number, SAID if number % 10 else OTHER)
    assert standings(records, RELEASE, RISK)[Treatment.QUOTE].certificate is None


def test_both_are_held_against_the_same_questions(records: MemoryRecords) -> None:
    for number in range(240):
        decided(records, number, right=True, sure=0.9 if number % 4 else 0.2)
        if number % 2:  # the other half it may have learnt
            carried(records, number, SAID if number % 8 else "", sure=0.8)
    found = reach(records, BEFORE, RELEASE, RISK)
    assert (found.asked, found.live, found.candidate, found.sends) == (120, 120, 120, True)
    for number in range(1, 240, 4):
        records.remove(Carried, carried_id_of(f"i{number}", RELEASE))
        carried(records, number, "")
    found = reach(records, BEFORE, RELEASE, RISK)
    assert (found.asked, found.live, found.candidate) == (120, 120, 60)
    assert reach(records, NEXT, RELEASE, RISK).live == 0


def test_what_a_canary_had_people_decide_on_counts_too(records: MemoryRecords) -> None:
    """Of twenty questions that were asked anew nothing is certified; of its own drafts it is."""
    for number in range(100):
        decided(records, number, right=True)
        if number % 5 == 0:
            carried(records, number, SAID)
    assert reach(records, BEFORE, RELEASE, RISK).waits
    for number in range(200, 270):
        decided(records, number, right=number < 215, release=RELEASE, sure=0.5)
    assert reach(records, BEFORE, RELEASE, RISK).waits, "most of them were wrong"
    for number in range(200, 270):
        decided(records, number, right=True, release=RELEASE, sure=0.9)
    found = reach(records, BEFORE, RELEASE, RISK)
    assert (found.live, found.candidate, found.waits) == (20, 20, "")


def test_a_canarys_decisions_let_nothing_live_that_sends_less(records: MemoryRecords) -> None:
    """Of twenty questions the live release sends all by its own hundred decisions, the candidate
    four by its seventy."""
    for number in range(100):
        decided(records, number, right=True)
        if number % 5 == 0:
            carried(records, number, SAID if number < 20 else "")
    for number in range(200, 270):
        decided(records, number, right=True, release=RELEASE, sure=0.9)
    found = reach(records, BEFORE, RELEASE, RISK)
    assert (found.asked, found.live, found.candidate) == (20, 20, 4)
    assert found.waits


def test_what_was_decided_when_it_was_live_before_does_not_bring_it_back(
    records: MemoryRecords,
) -> None:
    for number in range(100):
        decided(records, number, right=True)
        if number % 5 == 0:
            carried(records, number, SAID)
    for number in range(200, 270):
        decided(records, number, right=True, release=RELEASE, sure=0.9)
    after = max(one.at for one in records.query(Decided).rows)
    assert reach(records, BEFORE, RELEASE, RISK, None, "").waits == ""
    assert reach(records, BEFORE, RELEASE, RISK, None, f"{after}~").waits


def test_what_a_model_said_is_held_against_nobody(records: MemoryRecords) -> None:
    for number in range(200):
        by_model = {"treatment": "generated"} if number % 2 else {}
        decided(records, number, right=True, **by_model)
        carried(records, number, "" if number % 2 else SAID)
    found = reach(records, BEFORE, RELEASE, RISK)
    assert (found.live, found.candidate) == (100, 100)


def test_what_is_presumed_gives_way_to_what_is_decided(records: MemoryRecords) -> None:
    for number in range(60):
        decided(records, number, right=True)
        carried(records, number, SAID if number % 10 else OTHER)
    [standing] = standings(records, RELEASE, RISK).values()
    assert (standing.right, standing.certificate) == (54, None)
    for number in range(60):
        later = {"distinct": f"q{number}", "interaction_id": f"later{number}"}
        decided(records, 100 + number, right=True, release=RELEASE, **later)
    [standing] = standings(records, RELEASE, RISK).values()
    assert standing.right == standing.decisions == 60 and standing.certificate is not None


def test_a_later_copy_of_the_question_vouches_for_nothing(records: MemoryRecords) -> None:
    """What it says otherwise to the first copy stays presumed wrong, whatever it says to another
    one, so that who asks twice certifies nothing."""
    for number in range(60):
        for copy in (number, 100 + number):
            decided(records, copy, right=True, distinct=f"q{number}")
            carried(records, copy, OTHER if copy < 100 else SAID, distinct=f"q{number}")
    [standing] = standings(records, RELEASE, RISK).values()
    assert (standing.decisions, standing.right, standing.certificate) == (60, 0, None)


def test_what_rests_on_passages_that_went_is_held_against_nobody(records: MemoryRecords) -> None:
    gone = Hash("gone")
    for number in range(80):
        decided(records, number, right=True, evidence=(gone,))
        carried(records, number, OTHER)
    assert reach(records, BEFORE, RELEASE, RISK).waits
    found = reach(records, BEFORE, RELEASE, RISK, {Hash("now")})
    assert (found.live, found.sends, found.waits) == (0, False, "")


@pytest.mark.parametrize("asked", [60, 120])
def test_picked_by_the_same_questions_it_is_certified_wrongly_no_oftener(asked: int) -> None:
    """Of releases that are 7 % wrong whatever they are sure of, those that are right more often
    than the live one are certified in at most a tenth of the worlds."""
    rng, found = np.random.default_rng(3), []
    while len(found) < 150:
        live, ours = (rng.random(asked) < 0.07 for _ in range(2))
        if ours.sum() < live.sum():
            sure = rng.random(asked)
            found.append(certify(Labelled(sure, ours, 1 - sure), RISK) is not None)
    assert np.mean(found) <= RISK.delta


def test_a_certificate_that_is_gone_is_waited_for_a_while(records: MemoryRecords) -> None:
    """At the limit of what is promised certificates come and go: a release of which nothing is sent
    takes no place in such a moment."""
    for number in range(80):
        decided(records, number, right=number not in (66, 74))
        carried(records, number, OTHER)
    [standing] = standings(records, BEFORE, RISK).values()
    assert (standing.certificate, standing.gone, standing.blown) == (None, True, False)
    assert "was lately" in reach(records, BEFORE, RELEASE, RISK).waits
    for number in range(80, 80 + LATELY):
        decided(records, number, right=number % 2 == 0, sure=0.1)
    [standing] = standings(records, BEFORE, RISK).values()
    assert (standing.certificate, standing.gone, standing.lately) == (None, True, False)
    assert reach(records, BEFORE, RELEASE, RISK).waits == ""
