"""The sentence reader on its own: every form of date, amount and clause."""

from __future__ import annotations

from datetime import date

import pytest

from northloop.stages.objective.metrics import METRICS
from northloop.stages.objective.sentence import after_months, metrics_in, month_end, read_sentence

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("said", "deadline"),
    [
        ("within six months", date(2027, 5, 25)),
        ("in the next 6 months", date(2027, 5, 25)),
        ("over the coming two quarters", date(2027, 5, 25)),
        ("in half a year", date(2027, 5, 25)),
        ("within a year", date(2027, 11, 25)),
        ("within the next year", date(2027, 11, 25)),
        ("in the next quarter", date(2027, 2, 25)),
        ("within twenty-four weeks", date(2027, 5, 12)),
        ("within 90 days", date(2027, 2, 23)),
        ("90 days from now", date(2027, 2, 23)),
        ("by 2027-06-30", date(2027, 6, 30)),
        ("by 30 June 2027", date(2027, 6, 30)),
        ("by the 30th of June, 2027", date(2027, 6, 30)),
        ("by June 30, 2027", date(2027, 6, 30)),
        ("by June 30", date(2027, 6, 30)),
        ("by 3 December", date(2026, 12, 3)),
        ("by 15.03.2027", date(2027, 3, 15)),
        ("by 03/15/2027", date(2027, 3, 15)),
        ("by 05/05/2027", date(2027, 5, 5)),
        ("by May 2027", date(2027, 5, 31)),
        ("by the end of February 2028", date(2028, 2, 29)),
        ("by may", date(2027, 5, 31)),
        ("in Q2 2027", date(2027, 6, 30)),
        ("by Q2", date(2027, 6, 30)),
        ("by 2027 Q1", date(2027, 3, 31)),
        ("by the end of the third quarter of 2027", date(2027, 9, 30)),
        ("by the end of the quarter", date(2026, 12, 31)),
        ("this quarter", date(2026, 12, 31)),
        ("by the end of next quarter", date(2027, 3, 31)),
        ("by next month", date(2026, 12, 31)),
        ("by year end", date(2026, 12, 31)),
        ("by the year's end", date(2026, 12, 31)),
        ("next year", date(2027, 12, 31)),
        ("in 2027", date(2027, 12, 31)),
        ("by the end of 2027", date(2027, 12, 31)),
        ("by the end of the year 2027", date(2027, 12, 31)),
        ("by year end 2027", date(2027, 12, 31)),
        ("before March", date(2027, 2, 28)),
        ("before Q3", date(2027, 6, 30)),
        ("before 2028", date(2027, 12, 31)),
        ("before next year", date(2026, 12, 31)),
        ("before the end of March", date(2027, 3, 31)),
        ("before 30 June", date(2027, 6, 30)),
        ("no later than June", date(2027, 6, 30)),
        ("by June next year", date(2027, 6, 30)),
        ("by Q2 of next year", date(2027, 6, 30)),
        ("by mid-2027", date(2027, 6, 30)),
        ("by the middle of June", date(2027, 6, 15)),
        ("in H1 2027", date(2027, 6, 30)),
        ("by Christmas", date(2026, 12, 25)),
    ],
)
def test_deadlines(said: str, deadline: date) -> None:
    before = read_sentence(f"reduce resolution time by 30 % {said}", TODAY)
    after = read_sentence(f"{said}, reduce resolution time by 30 %", TODAY)
    for reading in (before, after):
        assert reading.deadlines == (deadline,)
        assert [a.value for a in reading.amounts] == [0.3]
        assert reading.metrics == ("resolution_time",)


@pytest.mark.parametrize("said", ["by 05/06/2027", "by 31 February 2027", "by 2027-13-01"])
def test_dates_that_cannot_be_read_are_kept_apart(said: str) -> None:
    reading = read_sentence(f"reduce resolution time by 30 % {said}", TODAY)
    assert reading.deadlines == ()
    assert reading.unclear_dates == (said.lower(),)


@pytest.mark.parametrize(
    ("said", "kind", "value", "unit"),
    [
        ("by 30 %", "relative", 0.3, ""),
        ("by 30%", "relative", 0.3, ""),
        ("by 12.5 percent", "relative", 0.125, ""),
        ("by 12,5 per cent", "relative", 0.125, ""),
        ("by thirty-five percent", "relative", 0.35, ""),
        ("by a hundred percent", "relative", 1.0, ""),
        ("−30 %", "relative", -0.3, ""),
        ("by a third", "relative", 1 / 3, ""),
        ("by two thirds", "relative", 2 / 3, ""),
        ("by three quarters", "relative", 0.75, ""),
        ("by half", "relative", 0.5, ""),
        ("in half", "relative", 0.5, ""),
        ("to 12 hours", "target", 12, "hours"),
        ("to under 90 minutes", "target", 90, "minutes"),
        ("below 2 days", "target", 2, "days"),
        ("to at most 12 h", "target", 12, "hours"),
        ("from 20 to 12 hours", "target", 12, "hours"),
        ("from 20 hours to 12 hours", "target", 12, "hours"),
        ("to 80 %", "target", 80, "%"),
        ("to €4", "target", 4, ""),
        ("by 0.5 points", "difference", 0.5, ""),
        ("by 10 percentage points", "difference", 10, "%"),
        ("by 10 % points", "difference", 10, "%"),
        ("by 10 pp", "difference", 10, "%"),
        ("by 5 hours", "difference", 5, "hours"),
        ("by at least 30 %", "relative", 0.3, ""),
        ("by more than 30 percent", "relative", 0.3, ""),
        ("at least 30 % lower", "relative", 0.3, ""),
        ("by at least a third", "relative", 1 / 3, ""),
        ("to a third", "target", 100 / 3, "%"),
        ("to 1,250 minutes", "target", 1250, "minutes"),
        ("to 4.5 out of 5", "target", 4.5, ""),
        ("to 40 % of all tickets", "target", 40, "% of tickets"),
        ("for two thirds of our questions", "target", 200 / 3, "% of tickets"),
        ("for one in four tickets", "target", 25, "% of tickets"),
    ],
)
def test_amounts(said: str, kind: str, value: float, unit: str) -> None:
    reading = read_sentence(f"cut handling time {said} within 6 months", TODAY)
    assert [(a.kind, a.unit) for a in reading.amounts] == [(kind, unit)]
    assert reading.amounts[0].value == pytest.approx(value)


@pytest.mark.parametrize(
    ("sentence", "direction"),
    [
        ("reduce handling time", "down"),
        ("halve handling time", "down"),
        ("bring handling time down", "down"),
        ("increase handling time", "up"),
        ("make handling time longer", "up"),
        ("raise CSAT", "up"),
        ("double FCR", "up"),
        ("improve CSAT", None),
        ("speed up resolution time", None),
        ("raise FCR to no less than 80 %", "up"),
        ("bring handling time to no more than 8 minutes", None),
        ("resolve tickets faster", None),
    ],
)
def test_direction(sentence: str, direction: str | None) -> None:
    assert read_sentence(sentence, TODAY).direction == direction


@pytest.mark.parametrize(
    ("phrase", "metric"),
    [
        ("average query resolution time", "resolution_time"),
        ("the time it takes to resolve a ticket", "resolution_time"),
        ("MTTR", "resolution_time"),
        ("first-contact resolution rate", "first_contact_resolution"),
        ("First Call Resolution", "first_contact_resolution"),
        ("tickets resolved at the first contact", "first_contact_resolution"),
        ("durable resolution", "durable_resolution"),
        ("CSAT score", "csat"),
        ("customer satisfaction", "csat"),
        ("average handle time", "handling_time"),
        ("deflection rate", "containment"),
        ("escalation rate", "human_intervention"),
        ("questions answered automatically", "containment"),
        ("tickets resolved without a human", "containment"),
        ("the automation rate", "containment"),
        ("self-service resolution", "containment"),
        ("tickets handed over to people", "human_intervention"),
        ("faster ticket resolution", "resolution_time"),
        ("accuracy of the answers", "answer_accuracy"),
        ("task success rate", "task_completion"),
        ("cost per resolved ticket", "cost_per_resolution"),
    ],
)
def test_metric_synonyms(phrase: str, metric: str) -> None:
    assert metrics_in(phrase) == (metric,)


def test_every_metric_is_known_by_its_title_and_by_its_name() -> None:
    for metric in METRICS.values():
        assert metrics_in(metric.title) == (metric.name,)
        assert metrics_in(metric.name.replace("_", " ")) == (metric.name,)


def test_protecting_clauses_name_guardrails_and_not_the_objective() -> None:
    reading = read_sentence(
        "While keeping durable resolution, cut resolution time by 30 % in six months without "
        "letting CSAT fall by more than 0.2",
        TODAY,
    )
    assert reading.metrics == ("resolution_time",)
    assert [a.value for a in reading.amounts] == [0.3]
    assert [(n.metric, n.amount and n.amount.value) for n in reading.protected] == [
        ("durable_resolution", None),
        ("csat", 0.2),
    ]


@pytest.mark.parametrize(
    ("sentence", "unclear"),
    [
        ("do not reduce resolution time by 30 %", "not"),
        ("never cut resolution time by 30 %", "never"),
        ("cut resolution time by up to 30 %", "by up to"),
        ("cut resolution time up to 30 %", "up to 30 %"),
        ("cut resolution time by less than 30 %", "by less than"),
        ("cut resolution time by 30 to 40 %", "by 30 to 40"),
        ("cut resolution time from 40 to 30 %", "from 40 to 30 %"),
        ("reduce escalation rate from 10 % to 20 %", "from 10 % to 20 %"),
        ("cut median resolution time by 30 %", "median"),
        (
            "cut resolution time by 30 % compared with our competitors",
            "compared with our competitors",
        ),
        ("reduce the increase in resolution time by 30 %", "reduce the increase"),
        ("cut complaints about resolution time by 30 %", "complaints about"),
        ("raise the share of tickets with a resolution time", "share of tickets with a …"),
        ("CSAT to 9 out of 10", "out of 10"),
        ("cut resolution time by 30 % from January 2027", "from"),
    ],
)
def test_what_may_turn_a_sentence_round_is_told_apart(sentence: str, unclear: str) -> None:
    assert read_sentence(sentence, TODAY).unclear == (unclear,)


def test_what_only_looks_like_a_negation_is_read() -> None:
    for sentence in (
        "Bring handling time to no more than 8 minutes",
        "Raise FCR to not less than 80 % without hurting CSAT",
        "Resolution time 30 % lower than today",
        "Raise FCR from 60 to 70 %",
        "Raise the share of tickets with first contact resolution",
    ):
        assert read_sentence(sentence, TODAY).unclear == (), sentence


def test_nothing_is_found_where_nothing_is_said() -> None:
    reading = read_sentence("Use AI to be better", TODAY)
    assert (reading.metrics, reading.amounts, reading.deadlines) == ((), (), ())
    assert reading.direction is None


def test_months_are_added_to_the_end_of_shorter_months() -> None:
    assert after_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert after_months(date(2026, 12, 31), 1) == date(2027, 1, 31)
    assert month_end(date(2028, 2, 1)) == date(2028, 2, 29)
