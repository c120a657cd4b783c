"""Each definition on a history small enough to be counted by hand."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

import msgspec
import pytest

from northloop.core.artefacts import Objective
from northloop.core.conversation import Ticket
from northloop.core.errors import InputError
from northloop.stages.objective.contract import ObjectiveInput, write_contract
from northloop.stages.objective.metrics import METRICS, measure, metric_named, said, with_baseline

END = datetime(2026, 11, 20, 12, tzinfo=UTC)


def iso(moment: datetime) -> str:
    return moment.isoformat()


def ticket(number: int, **fields: object) -> Ticket:
    """A ticket of its own customer, closed a day after it came, 20 days before the end."""
    created = END - timedelta(days=20, minutes=number)
    usual = Ticket(
        source="tickets.csv",
        row=number,
        ticket_id=f"T{number}",
        question="Where is my order?",
        reply="On its way.",
        customer_id=f"C{number}",
        conversation_id=f"V{number}",
        created_at=iso(created),
        closed_at=iso(created + timedelta(hours=24)),
        handling_minutes=10.0,
        csat=4.0,
        reopened=False,
        first_touch_at=iso(created + timedelta(minutes=30)),
    )
    return msgspec.structs.replace(usual, **fields)


def history(n: int = 40) -> list[Ticket]:
    return [ticket(i) for i in range(n)] + [ticket(n, closed_at=iso(END), reopened=None)]


def value(name: str, tickets: Sequence[Ticket], window_days: int = 90) -> float:
    return measure(METRICS[name], tickets, window_days).value


def test_every_metric_says_what_it_is() -> None:
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.definition.endswith(".")
        assert len(metric.definition) > 60
        assert metric.fields
        assert metric.unit
        assert metric.lowest < metric.highest
        for field in metric.fields if metric.source == "history" else ():
            assert field in Ticket.__struct_fields__


# --- resolution time ---------------------------------------------------------------------------


def test_resolution_time_is_the_mean_of_hours_from_created_to_closed() -> None:
    tickets = [
        ticket(i, created_at=iso(END - timedelta(hours=h)), closed_at=iso(END))
        for i, h in enumerate([2, 10] * 20)
    ]
    measured = measure(METRICS["resolution_time"], tickets, 90)
    assert measured.value == pytest.approx(6.0)
    assert measured.low < 6.0 < measured.high
    assert (measured.n, measured.unit) == (40, "hours")


def test_open_tickets_impossible_times_and_repeats_are_left_out() -> None:
    odd = [
        ticket(900, closed_at=None),
        ticket(901, created_at=None),
        ticket(902, created_at=iso(END), closed_at=iso(END - timedelta(days=3))),
    ]
    tickets = [ticket(i) for i in range(40)]
    measured = measure(METRICS["resolution_time"], [*tickets, *odd, *tickets[:20]], 90)
    assert (measured.value, measured.n) == (pytest.approx(24.0), 40)


def test_the_window_is_over_closing_times_and_ends_with_the_history() -> None:
    old = [
        ticket(i, created_at=iso(END - timedelta(days=91, hours=i)), closed_at=closed)
        for i, closed in enumerate([iso(END - timedelta(days=90))] * 30, start=100)
    ]
    tickets = [*history(), *old]
    assert measure(METRICS["resolution_time"], tickets, 90).n == 41
    assert measure(METRICS["resolution_time"], tickets, 91).n == 71
    earlier = measure(METRICS["resolution_time"], tickets, 90, END - timedelta(days=30))
    assert earlier.n == 30


def test_times_with_offsets_and_without_are_the_same_moments() -> None:
    zulu = [
        ticket(i, created_at="2026-11-01T08:00:00Z", closed_at="2026-11-01T12:00:00+02:00")
        for i in range(30)
    ]
    naive = [
        msgspec.structs.replace(t, created_at="2026-11-01T08:00:00", closed_at="2026-11-01 10:00")
        for t in zulu
    ]
    assert value("resolution_time", zulu) == value("resolution_time", naive) == 2.0


def test_a_customer_with_many_tickets_widens_the_interval() -> None:
    hours = [5.0, 50.0] * 20
    alone = [
        ticket(i, created_at=iso(END - timedelta(hours=h)), closed_at=iso(END))
        for i, h in enumerate(hours)
    ]
    together = [msgspec.structs.replace(t, customer_id=f"C{t.row % 2}-{t.row // 8}") for t in alone]
    few = measure(METRICS["resolution_time"], together, 90)
    many = measure(METRICS["resolution_time"], alone, 90)
    assert few.value == pytest.approx(many.value)
    assert few.high - few.low > 1.5 * (many.high - many.low)
    assert few.low >= 0


# --- shares and means --------------------------------------------------------------------------


def test_first_contact_resolution_counts_conversations() -> None:
    twice = [
        ticket(i, conversation_id=f"W{i // 2}", customer_id=f"D{i // 2}") for i in range(100, 120)
    ]
    reopened = [ticket(i, reopened=True) for i in range(200, 210)]
    unknown = [ticket(i, reopened=None) for i in range(300, 310)]
    unfinished = [ticket(400, closed_at=None)]
    tickets = [ticket(i) for i in range(30)] + twice + reopened + unknown + unfinished
    measured = measure(METRICS["first_contact_resolution"], tickets, 90)
    assert measured.n == 30 + 10 + 10
    assert measured.value == pytest.approx(30 / 50)
    assert 0 < measured.low < measured.value < measured.high < 1


def test_durable_resolution_gives_every_ticket_its_seven_days() -> None:
    held = [ticket(i) for i in range(40)]
    too_recent = [
        ticket(i, closed_at=iso(END - timedelta(days=6)), reopened=True) for i in range(50, 60)
    ]
    last = [ticket(99, created_at=iso(END), closed_at=None)]
    assert value("durable_resolution", held + too_recent + last) == 1.0


def test_a_history_too_short_for_durability_says_until_when_it_looked() -> None:
    with pytest.raises(InputError, match="up to 26 October 2026"):
        measure(
            METRICS["durable_resolution"], [ticket(i) for i in range(40)], 90, END - timedelta(18)
        )


def test_a_later_ticket_of_the_conversation_within_seven_days_is_a_reopening() -> None:
    first = [ticket(i, reopened=None) for i in range(30)]
    closed = [datetime.fromisoformat(t.closed_at or "") for t in first]
    back = [
        ticket(
            100 + i,
            conversation_id=f"V{i}",
            created_at=iso(closed[i] + timedelta(days=days)),
            closed_at=None,
        )
        for i, days in enumerate([6.9] * 15 + [7.1] * 15)
    ]
    flagged = [ticket(i, reopened=True) for i in range(200, 230)]
    tickets = [*first, *back, *flagged, *history(20)[-1:]]
    measured = measure(METRICS["durable_resolution"], tickets, 90)
    assert measured.n == 15 + 30, "15 came back, 30 are flagged; 15 unknown ones are left out"
    assert measured.value == 0.0
    known = [msgspec.structs.replace(t, reopened=False) for t in first]
    measured = measure(METRICS["durable_resolution"], [*known, *back, *tickets[-1:]], 90)
    assert (measured.n, measured.value) == (30, 0.5)


def test_csat_and_handling_time_are_means_of_what_was_recorded() -> None:
    tickets = [
        ticket(i, csat=5.0 if i % 2 else 3.0, handling_minutes=float(i % 4)) for i in range(40)
    ]
    silent = [ticket(i, csat=None, handling_minutes=None) for i in range(50, 60)]
    csat = measure(METRICS["csat"], tickets + silent, 90)
    assert (csat.value, csat.n, csat.unit) == (4.0, 40, "points of 5")
    assert csat.high <= 5.0
    assert value("handling_time", tickets + silent) == pytest.approx(1.5)


# --- refusals ----------------------------------------------------------------------------------


def test_too_few_tickets_say_how_many_are_missing_and_what_they_lack() -> None:
    tickets = [ticket(i) for i in range(12)] + [ticket(i, closed_at=None) for i in range(20, 50)]
    with pytest.raises(InputError) as refused:
        measure(METRICS["resolution_time"], tickets, 90)
    assert "12 usable tickets" in refused.value.what
    assert "18 more are needed" in refused.value.what
    assert "of 42 tickets imported, 30 lack closed_at" in refused.value.what
    assert "window_days" in refused.value.action


def test_no_tickets_at_all_are_refused_the_same_way() -> None:
    with pytest.raises(InputError, match="0 usable tickets"):
        measure(METRICS["csat"], [], 90)


@pytest.mark.parametrize("never", [None, "1970-01-01T00:00:00Z", "1970-01-01T01:00:00+01:00"])
@pytest.mark.parametrize("name", ["resolution_time", "csat", "first_contact_resolution"])
def test_a_history_without_dates_says_so_and_no_date(name: str, never: str | None) -> None:
    tickets = [ticket(i, created_at=never, closed_at=never, csat=4.0) for i in range(40)]
    with pytest.raises(InputError) as raised:
        measure(METRICS[name], tickets, 90)
    said = str(raised.value)
    assert "no dates, none of the 40 tickets imported has" in said
    assert "closed_at" in said
    assert "northloop.toml" in said
    assert "19" not in said, "no year that nobody wrote"


def test_the_column_that_nobody_has_is_named() -> None:
    open_ = [ticket(i, closed_at=None) for i in range(40)]
    with pytest.raises(InputError, match="none of the 40 tickets imported has closed_at"):
        measure(METRICS["resolution_time"], open_, 90)
    unrated = [ticket(i, csat=None) for i in range(40)]
    with pytest.raises(InputError, match="none of the 40 tickets imported has csat") as raised:
        measure(METRICS["csat"], unrated, 90)
    assert "no dates" not in str(raised.value)


def test_the_zero_of_a_program_is_no_start_of_a_ticket() -> None:
    zeros = [ticket(i, created_at="1970-01-01T00:00:00Z") for i in range(100, 140)]
    assert value("resolution_time", history() + zeros) == value("resolution_time", history())


def test_a_history_of_one_customer_is_refused() -> None:
    tickets = [ticket(i, customer_id="C") for i in range(50)]
    with pytest.raises(InputError, match="1 customers, 4 more"):
        measure(METRICS["resolution_time"], tickets, 90)


@pytest.mark.parametrize("name", [n for n, m in METRICS.items() if m.source == "conversations"])
def test_metrics_of_the_conversations_are_not_made_up_from_the_history(name: str) -> None:
    with pytest.raises(InputError) as refused:
        measure(METRICS[name], history(), 90)
    assert METRICS[name].definition in refused.value.action


def test_names_are_forgiving_and_unknown_ones_get_the_nearest() -> None:
    assert metric_named("Resolution-Time").name == "resolution_time"
    with pytest.raises(InputError) as refused:
        metric_named("csta")
    assert "'csat'" in refused.value.action
    with pytest.raises(InputError) as refused:
        metric_named("zzzz")
    assert "one of resolution_time" in refused.value.action


def test_values_are_said_in_their_unit() -> None:
    assert said(12.3456, METRICS["resolution_time"]) == "12.3 hours"
    assert said(0.81, METRICS["containment"]) == "81.0 %"


# --- baseline ----------------------------------------------------------------------------------


def objective(statement: str) -> Objective:
    given = ObjectiveInput(statement=statement, window_days=90)
    return write_contract(given, date(2026, 11, 25))


def test_a_relative_objective_gets_its_target_from_the_baseline() -> None:
    done = with_baseline(
        objective("reduce resolution time by 30 % within six months"), history()[:40]
    )
    assert done.baseline is not None
    assert done.baseline.value == pytest.approx(24.0)
    assert done.target == pytest.approx(16.8)
    assert done.change == -0.3


def test_an_absolute_objective_gets_its_change_from_the_baseline() -> None:
    done = with_baseline(
        objective("reduce resolution time to 18 hours within six months"), history()[:40]
    )
    assert done.target == 18.0
    assert done.change == pytest.approx(-0.25)


def test_a_difference_gets_its_target_and_its_change_from_the_baseline() -> None:
    wanted = objective("reduce resolution time by 6 hours within six months")
    done = with_baseline(wanted, history()[:40])
    assert done.target == pytest.approx(18.0)
    assert done.change == pytest.approx(-0.25)
    again = with_baseline(msgspec.structs.replace(done, baseline=None), history()[:40])
    assert again == done


def test_a_metric_of_the_conversations_has_no_baseline_yet() -> None:
    waiting = objective("increase containment by 20 % within six months")
    assert with_baseline(waiting, history()) is waiting


def test_a_baseline_that_is_there_is_not_moved() -> None:
    done = with_baseline(
        objective("reduce resolution time by 30 % within six months"), history()[:40]
    )
    slower = [ticket(i, created_at=iso(END - timedelta(days=60))) for i in range(40)]
    assert with_baseline(done, slower) is done


def test_measuring_anew_keeps_what_was_given_and_moves_what_follows() -> None:
    slower = [ticket(i, created_at=iso(END - timedelta(days=21))) for i in range(40)]
    for wish, given, follows in [
        ("by 30 %", "change", "target"),
        ("to 18 hours", "target", "change"),
    ]:
        first = with_baseline(
            objective(f"reduce resolution time {wish} within six months"), history()[:40]
        )
        again = with_baseline(msgspec.structs.replace(first, baseline=None), slower)
        assert again.baseline is not None
        assert getattr(again, given) == getattr(first, given)
        assert getattr(again, follows) != getattr(first, follows)
        assert again.target == pytest.approx(again.baseline.value * (1 + again.change))


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("reduce resolution time to 30 hours within six months", "already reached"),
        ("improve CSAT by 30 % within six months", "lies between"),
        ("raise FCR by 10 % within six months", "lies between"),
        ("raise durable resolution to 100 % within six months", "already reached"),
        ("raise FCR to 40 % within six months", "already reached"),
    ],
)
def test_targets_that_make_no_sense_beside_the_baseline_are_refused(
    statement: str, says: str
) -> None:
    with pytest.raises(InputError, match=says):
        open_one = ticket(99, created_at=iso(END), closed_at=None)
        with_baseline(objective(statement), [*history()[:40], open_one])


def test_a_baseline_of_nothing_cannot_be_changed_by_a_share() -> None:
    tickets = [ticket(i, reopened=True) for i in range(40)]
    with pytest.raises(InputError, match="is 0 in the history"):
        with_baseline(objective("raise FCR by 10 % within six months"), tickets)


@pytest.mark.parametrize("name", sorted(n for n, m in METRICS.items() if m.source == "history"))
def test_a_conversation_counts_once_however_often_the_customer_wrote(name: str) -> None:
    cases = history()
    later = [
        msgspec.structs.replace(
            case, turn=turn, closed_at=None, csat=None, handling_minutes=None, reopened=None,
            created_at=iso(END - timedelta(days=20 - turn)),
        )
        for case in cases for turn in (2, 3)
    ]  # fmt: skip
    assert measure(METRICS[name], [*later, *cases], 90) == measure(METRICS[name], cases, 90)


@pytest.mark.parametrize("name", sorted(n for n, m in METRICS.items() if m.source == "history"))
def test_a_case_counts_by_the_first_exchange_that_could_be_used(name: str) -> None:
    cases = history()
    left = [msgspec.structs.replace(case, turn=2 + case.row % 2) for case in cases]
    later = [msgspec.structs.replace(case, turn=9, closed_at=None, csat=None) for case in cases]
    assert measure(METRICS[name], [*later, *left], 90) == measure(METRICS[name], cases, 90)


# --- columns say what counting case by case says -------------------------------------------------


Plainly: TypeAlias = "Callable[[Sequence[Ticket]], Iterator[float]]"


def _contacts(tickets: Sequence[Ticket]) -> Iterator[list[Ticket]]:
    grouped: dict[str, list[Ticket]] = defaultdict(list)
    for one in tickets:
        grouped[one.conversation_id or one.ticket_id].append(one)
    yield from grouped.values()


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _once(tickets: Sequence[Ticket]) -> Iterator[float]:
    for contacts in _contacts(tickets):
        known = len(contacts) > 1 or contacts[0].reopened is not None
        if known and all(one.closed_at for one in contacts):
            yield float(len(contacts) == 1 and not contacts[0].reopened)


def _held(tickets: Sequence[Ticket]) -> Iterator[float]:
    for contacts in _contacts(tickets):
        created = [at for one in contacts if (at := _at(one.created_at))]
        for one in contacts:
            closed = _at(one.closed_at)
            if closed is None:
                continue
            came_back = any(closed < at <= closed + timedelta(days=7) for at in created)
            if came_back or one.reopened is not None:
                yield float(not (came_back or one.reopened))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("name", "plainly"), [("first_contact_resolution", _once), ("durable_resolution", _held)]
)
def test_conversations_are_counted_as_one_by_one(name: str, plainly: Plainly, seed: int) -> None:
    draw = random.Random(seed)

    def when(until: float) -> str | None:
        return (
            iso(END - timedelta(days=10 + draw.random() * until)) if draw.random() < 0.9 else None
        )

    tickets = [
        ticket(
            i,
            conversation_id=draw.choice(["", f"V{draw.randrange(90)}"]),
            created_at=when(60),
            closed_at=when(50),
            reopened=draw.choice([None, True, False]),
        )
        for i in range(200)
    ]
    found = measure(METRICS[name], tickets, 365, END)
    wanted = [*plainly(tickets)]
    assert found.n == len(wanted)
    assert found.value == pytest.approx(sum(wanted) / len(wanted))


def test_tickets_without_an_agent_s_reply_count_and_are_counted() -> None:
    took = {number: 90 if number % 3 == 0 else 10 for number in range(60)}
    created = END - timedelta(days=20)
    some = [
        ticket(
            number,
            created_at=iso(created),
            closed_at=iso(created + timedelta(hours=hours)),
            reply="" if hours == 90 else "On its way.",
        )
        for number, hours in took.items()
    ]
    found = measure(METRICS["resolution_time"], some, 90)
    assert (found.n, found.unanswered) == (60, 20)
    assert found.value == pytest.approx((40 * 10 + 20 * 90) / 60)
    assert measure(METRICS["csat"], some, 90).unanswered == 0
    later = [msgspec.structs.replace(one, turn=2, reply="On its way.") for one in some[:4]]
    assert measure(METRICS["resolution_time"], [*some, *later], 90).unanswered == 18, "at last"
    silent = [msgspec.structs.replace(one, reply="") for one in some]
    assert measure(METRICS["resolution_time"], silent, 90).unanswered == 0, "it has no replies"


# --- first response time -----------------------------------------------------------------------


def test_the_first_response_is_counted_in_minutes_of_those_who_got_one() -> None:
    late = [
        ticket(i, first_touch_at=iso(END - timedelta(days=20, minutes=i - 90))) for i in range(20)
    ]
    silent = [ticket(100 + i, first_touch_at=None, reply="") for i in range(10)]
    untold = [ticket(200 + i, first_touch_at=None) for i in range(5)]
    soon = [ticket(300 + i) for i in range(20)]
    found = measure(METRICS["first_response_time"], [*late, *silent, *untold, *soon], 90)
    assert found.value == pytest.approx(60.0)
    assert (found.n, found.unit) == (40, "minutes")
    assert found.unanswered == 10, "closed, and nobody answered: besides"


def test_a_history_that_says_nothing_of_first_responses_is_refused() -> None:
    some = [ticket(i, first_touch_at=None) for i in range(40)]
    with pytest.raises(InputError, match=r"has first_touch_at → .* import again"):
        measure(METRICS["first_response_time"], some, 90)
