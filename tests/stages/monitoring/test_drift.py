"""Windows of what customers ask, compared as they get full, and harm from kept verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest

from northloop.core.clock import stamp
from northloop.core.ids import Hash
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    Origin,
    ReviewItem,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.ports.stores import Records
from northloop.stages.monitoring import drift
from northloop.stages.monitoring.drift import ALARM, Era, HalfHours, Looking, Window
from northloop.stages.monitoring.forget import forget
from northloop.testing.records import MemoryRecords
from usual import usual_interaction

RELEASE, KNOWLEDGE = Hash("r" * 64), Hash("k" * 64)
ERA = Era(era_id="e1", release=RELEASE, knowledge=KNOWLEDGE, since="2026-11-01T00:00:00")
SIZE = 240
LOOKING = Looking(size=SIZE, language=lambda text: "German" if " ist " in text else "English")
SUBJECTS = {
    "returns": "how long can i return a tent that i bought {}",
    "delivery": "when does my parcel arrive in {} please",
    "sizes": "which size of jacket fits {} best",
}
PLACES = ("york", "leeds", "bath", "hull", "derby", "ripon", "wells", "truro")
NEW = "can i pay my {} order with crypto coins or vouchers"


MONDAY = datetime(2026, 11, 2, tzinfo=UTC)


def asked(number: int, **changes: object) -> Interaction:
    """A window's questions a week, all within the first half hour of it."""
    rng = np.random.default_rng(number)
    intent = ("returns", "returns", "delivery", "sizes")[rng.integers(4)]
    kept = usual_interaction(
        interaction_id=f"i{number}",
        conversation_id=f"c{number}",
        customer_id=f"p{number}",
        release=RELEASE,
        at=stamp(MONDAY + timedelta(weeks=number // SIZE, seconds=number % SIZE * 7)),
        question=SUBJECTS[intent].format(PLACES[rng.integers(len(PLACES))]),
        answer="Within 45 days.",
        source=Source.QUOTE,
        intent=intent,
        turn=1,
        treatment="quote",
        sure=float(rng.beta(6, 2)),
        score=float(rng.beta(5, 3)),
        knowledge=KNOWLEDGE,
    )
    return msgspec.structs.replace(kept, **changes)


def few_ask_something_new(numbers: Sequence[int]) -> Iterator[Interaction]:
    for n in numbers:
        text = NEW.format(PLACES[n % len(PLACES)])
        yield asked(n, question=text) if n % 5 == 0 else asked(n)


@pytest.fixture
def records() -> MemoryRecords:
    return MemoryRecords()


def seen(records: Records) -> list[Window]:
    return drift.look(records, ERA, LOOKING)


def test_windows_follow_on_each_other_and_nothing_is_counted_twice(records: MemoryRecords) -> None:
    records.add_all([asked(n) for n in range(SIZE - 1)])
    assert seen(records) == []
    assert drift.waiting(records, ERA) == SIZE - 1
    records.add_all([asked(n) for n in range(SIZE - 1, 3 * SIZE + 7)])
    found = seen(records)
    assert [one.number for one in found] == [0, 1, 2]
    assert seen(records) == found
    assert drift.waiting(records, ERA) == 7
    assert found[0].p_values == {} and not found[0].is_alarm
    assert found[1].p_values.keys() == drift.TESTS.keys()
    assert [one.questions for one in found] == [SIZE] * 3
    assert sum(found[0].intents.values()) == sum(found[0].sureness) == SIZE
    assert found[0].at < found[1].since


def test_only_what_a_customer_began_with_counts_and_only_of_this_era(
    records: MemoryRecords,
) -> None:
    others = [
        asked(9_000, turn=2),
        asked(9_001, origin=Origin.PLAYGROUND),
        asked(9_002, release=Hash("o" * 64)),
        asked(9_003, knowledge=Hash("o" * 64)),
        asked(9_004, source=Source.HANDOFF, handoff=HandoffReason.HELD_OUT),
        asked(9_005, at="2026-10-31T23:59:59"),
    ]
    records.add_all([asked(n) for n in range(SIZE - 1)])
    records.add_all(others)
    assert seen(records) == []
    records.add(asked(SIZE))
    assert len(seen(records)) == 1


def test_a_new_subject_is_told_and_explained_by_its_questions(records: MemoryRecords) -> None:
    records.add_all([asked(n) for n in range(3 * SIZE)])
    records.add_all([*few_ask_something_new(range(3 * SIZE, 5 * SIZE))])
    found = seen(records)
    assert [one.is_alarm for one in found] == [False] * 3 + [True] * 2
    clearest = drift.clearest(found)
    assert clearest == found[3] and clearest.shifted == ("words",)
    assert drift.clearest(found[:1]) is None
    told = drift.explaining(records, ERA, clearest, most=8)
    assert all("crypto" in one.question for one in told.questions)
    assert drift.explaining(records, ERA, found[0]).questions == ()


def test_nobody_who_is_forgotten_is_in_an_explanation(records: MemoryRecords) -> None:
    records.add_all([asked(n) for n in range(2 * SIZE)])
    records.add_all([*few_ask_something_new(range(2 * SIZE, 3 * SIZE))])
    window = seen(records)[2]
    gone = drift.explaining(records, ERA, window, most=1).questions[0]
    forget(records, "default", gone.customer_id)
    left = drift.explaining(records, ERA, window, most=SIZE).questions
    assert gone.interaction_id not in {one.interaction_id for one in left}
    assert len(left) == SIZE - 1
    kept = msgspec.json.encode(records.query(Window).rows).decode()
    assert "crypto" not in kept and "york" not in kept
    assert seen(records)[2] == window, "what was found stands"


def spread(minutes: int) -> list[Interaction]:
    return [asked(n, at=stamp(MONDAY + timedelta(minutes=minutes * n))) for n in range(SIZE)]


def test_of_whoever_is_forgotten_no_half_hour_tells(records: MemoryRecords) -> None:
    """At a quiet desk each half hour is one conversation."""
    records.add_all(spread(35))
    found = seen(records)
    (before,) = records.query(HalfHours).rows
    half_hour = int((MONDAY + timedelta(minutes=35 * 7)).timestamp()) // 1800
    assert before.intents[half_hour] == {asked(7).intent: 1}
    forget(records, "default", "p7")
    (after,) = records.query(HalfHours).rows
    for kind in ("intents", "languages", "sureness", "retrieval"):
        kept = {slot: of for slot, of in getattr(before, kind).items() if slot != half_hour}
        assert getattr(after, kind) == kept
    assert seen(records) == found, "what was found stands"


def test_others_of_the_same_half_hour_stay_in_its_counts(records: MemoryRecords) -> None:
    records.add_all(spread(14))
    records.add(asked(9_000, customer_id="p7", turn=2, at=spread(14)[7].at))
    seen(records)
    (before,) = records.query(HalfHours).rows
    forget(records, "default", "p7")
    (after,) = records.query(HalfHours).rows
    half_hour = int((MONDAY + timedelta(minutes=14 * 7)).timestamp()) // 1800
    for kind in ("intents", "sureness", "retrieval"):
        was, now = getattr(before, kind), getattr(after, kind)
        assert sum(was[half_hour].values()) - sum(now[half_hour].values()) == 1
        assert {**was, half_hour: 0} == {**now, half_hour: 0}
    assert half_hour not in after.languages, "whose was which is not known any more"
    assert len(after.languages) == len(before.languages) - 1


def test_another_mix_of_intents_is_told(records: MemoryRecords) -> None:
    records.add_all([asked(n) for n in range(2 * SIZE)])
    records.add_all([asked(n, intent="sizes") for n in range(2 * SIZE, 3 * SIZE)])
    found = seen(records)
    assert found[2].is_alarm and "intents" in found[2].shifted
    name, before, now = drift.explaining(records, ERA, found[2]).intents[0]
    assert name in ("sizes", "returns")
    assert abs(now - before) > 0.3


def test_languages_are_told_apart_where_they_show(records: MemoryRecords) -> None:
    german = "wie lange ist die frist {}"
    records.add_all([asked(n) for n in range(SIZE)])
    records.add_all([asked(n, question=german.format(n % 9)) for n in range(SIZE, 2 * SIZE)])
    found = seen(records)
    assert found[1].languages == {"German": SIZE}
    assert found[1].p_values["languages"] < 1e-6


def test_of_two_processes_one_keeps_a_window(records: MemoryRecords) -> None:
    records.add_all([asked(n) for n in range(SIZE)])
    (window,) = seen(records)
    assert not records.add(window)
    assert drift.windows(records, msgspec.structs.replace(ERA, era_id="e2")) == []


def test_evidence_fades_when_later_windows_are_as_before(records: MemoryRecords) -> None:
    records.add_all([asked(n) for n in range(2 * SIZE)])
    records.add_all([asked(n, intent="sizes") for n in range(2 * SIZE, 3 * SIZE)])
    records.add_all([asked(n) for n in range(3 * SIZE, 4 * SIZE)])
    found = seen(records)
    assert found[2].evidence > ALARM > 1
    assert found[3].p_values["intents"] < 1, "the odd window is among those before"


# --- what comes again with the week --------------------------------------------------------------


def weeks(first: int, count: int, **changes: object) -> list[Interaction]:
    """A window's questions a working day, a third of it at weekends, when most ask for sizes."""
    rng = np.random.default_rng(first)
    found = []
    for day in range(7 * first, 7 * (first + count)):
        weekend = day % 7 >= 5
        for second in np.sort(rng.integers(8 * 3600, 20 * 3600, SIZE // (3 if weekend else 1))):
            shares = (0.2, 0.1, 0.7) if weekend else (0.5, 0.3, 0.2)
            intent = str(rng.choice([*SUBJECTS], p=shares))
            place = str(rng.choice(PLACES))
            number = 100_000 * day + len(found)
            at = stamp(MONDAY + timedelta(days=day, seconds=int(second)))
            text = SUBJECTS[intent].format(place)
            found.append(asked(number, question=text, intent=intent, at=at))
    return [msgspec.structs.replace(one, **changes) for one in found]


def test_weekends_are_no_shift(records: MemoryRecords) -> None:
    records.add_all(weeks(0, 4))
    found = seen(records)
    assert len(found) == 4 * 17 // 3
    assert not any(one.is_alarm for one in found)
    assert [one.evidence for one in found[:5]] == [1.0] * 5, "of the first week nothing is known"
    assert [one.compared for one in found[:5]] == [0] * 5
    assert all(one.compared > SIZE / 2 for one in found[6:])
    weekend = max(found[6:], key=lambda one: one.intents["sizes"])
    assert weekend.intents["sizes"] > SIZE / 2
    moved = drift.explaining(records, ERA, weekend).intents
    assert all(abs(now - before) < 0.12 for _, before, now in moved)


def test_a_shift_is_told_beside_weekends(records: MemoryRecords) -> None:
    records.add_all(weeks(0, 3))
    records.add_all(
        [
            one if n % 5 else msgspec.structs.replace(one, question=NEW.format("york"))
            for n, one in enumerate(weeks(3, 1))
        ]
    )
    found = seen(records)
    began = next(one for one in found if one.at >= "2026-11-23")
    first = next(one for one in found if one.is_alarm)
    assert 0 <= first.number - began.number <= 1
    told = drift.explaining(records, ERA, first, most=8)
    assert all("crypto" in one.question for one in told.questions)


def test_a_time_of_the_week_that_goes_on_is_not_compared_with_itself(
    records: MemoryRecords,
) -> None:
    """At eight the shop opens, and within a half hour all ask otherwise."""
    eight = [asked(n, at=stamp(MONDAY + timedelta(seconds=n))) for n in range(2 * SIZE)]
    records.add_all([msgspec.structs.replace(o, intent="a") for o in eight[:SIZE]])
    records.add_all([msgspec.structs.replace(o, intent="b") for o in eight[SIZE:]])
    first, second = seen(records)
    assert (first.compared, second.compared) == (0, 0)
    assert second.p_values == {} and second.evidence == 1.0
    assert drift.clearest([first, second]) is None
    assert drift.explaining(records, ERA, second).questions == ()


def test_what_is_compared_with_nothing_leaves_the_evidence_as_it_was(
    records: MemoryRecords,
) -> None:
    records.add_all([asked(n) for n in range(2 * SIZE)])
    records.add_all([asked(n, intent="sizes") for n in range(2 * SIZE, 3 * SIZE)])
    records.add_all(
        [
            asked(n, at=stamp(MONDAY + timedelta(weeks=4, hours=9)))
            for n in range(3 * SIZE, 4 * SIZE)
        ]
    )
    found = seen(records)
    assert found[2].is_alarm and found[3].evidence == found[2].evidence
    assert found[3].p_values == {}
    assert drift.clearest(found) == found[2]


@pytest.mark.parametrize(("compared", "says"), [(47, False), (48, True)])
def test_so_few_that_are_compared_leave_the_evidence_as_it_was(
    records: MemoryRecords, compared: int, says: bool
) -> None:
    records.add_all([asked(n) for n in range(2 * SIZE)])
    records.add_all([asked(n, intent="sizes") for n in range(2 * SIZE, 3 * SIZE)])
    last = [asked(n) for n in range(3 * SIZE, 4 * SIZE)]
    at_nine = stamp(MONDAY + timedelta(weeks=4, hours=9))
    records.add_all(last[:compared])
    records.add_all([msgspec.structs.replace(one, at=at_nine) for one in last[compared:]])
    found = seen(records)
    assert found[3].compared == compared and bool(found[3].p_values) is says
    assert (found[3].evidence != found[2].evidence) is says


def test_what_an_earlier_version_compared_whatever_the_time_says_nothing(
    records: MemoryRecords,
) -> None:
    """It kept no half hours, and took each weekend for a shift."""
    records.add_all([asked(n) for n in range(6 * SIZE)])
    odd = {"words": 1e-9, "intents": 0.5, "sureness": 0.5, "retrieval": 0.5, "languages": 1.0}
    other = MemoryRecords()
    other.add_all([asked(n) for n in range(6 * SIZE)])
    for window in seen(other)[:3]:
        before = {"compared": 0, "p_values": odd, "evidence": 1e9} if window.number else {}
        records.add(msgspec.structs.replace(window, **before))
    assert [one.evidence for one in drift.windows(records, ERA)] == [1.0] * 3
    found = seen(records)
    assert [one.compared for one in found] == [0, 0, 0, 0, SIZE, SIZE]
    assert not any(one.is_alarm for one in found)
    clearest = drift.clearest(found)
    assert clearest is None or clearest.number > 3


# --- harm ---------------------------------------------------------------------------------------


def judge(records: MemoryRecords, number: int, right: bool, at: str = "") -> None:
    kept = asked(number, reviewed=True)
    records.add(kept)
    item = ReviewItem(
        review_id=f"r{number}",
        interaction_id=kept.interaction_id,
        at=kept.at,
        probability=0.08,
        uniform=True,
        judged=1,
    )
    verdict = Verdict(
        verdict_id=f"v{number}",
        review_id=item.review_id,
        interaction_id=kept.interaction_id,
        at=at or kept.at,
        kind=VerdictKind.CORRECT if right else VerdictKind.INCORRECT,
    )
    records.add(item)
    records.add(verdict)


def test_harm_is_told_from_verdicts_in_the_order_they_were_given(records: MemoryRecords) -> None:
    for n in range(150):
        judge(records, n, right=n % 20 != 0)
    quiet = drift.harm(records, RELEASE, ERA.since)
    assert quiet is not None and not quiet.is_harm
    for n in range(150, 400):
        judge(records, n, right=n % 2 == 0)
    found = drift.harm(records, RELEASE, ERA.since)
    assert found is not None and found.is_harm
    assert found.worst.since == pytest.approx(0.5, abs=0.1)
    assert drift.harm(records, Hash("o" * 64), ERA.since) is None
    assert drift.harm(records, RELEASE, "2027-01-01") is None


def test_what_was_not_drawn_proves_nothing(records: MemoryRecords) -> None:
    """A verdict at the desk on a draft that nobody drew has no probability."""
    for n in range(150):
        judge(records, n, right=True)
    for n in range(150, 400):
        judge(records, n, right=False)
        records.remove(ReviewItem, f"r{n}")
    found = drift.harm(records, RELEASE, ERA.since)
    assert found is not None and not found.is_harm
