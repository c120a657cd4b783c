"""What becomes a contract, what is refused, and whether the refusal says what to do."""

from __future__ import annotations

import re
from datetime import date

import msgspec
import pytest

from northloop.core.artefacts import Guardrail, Objective
from northloop.core.errors import InputError, VagueObjective
from northloop.stages.objective.contract import (
    DEFAULT_GUARDRAILS,
    ObjectiveInput,
    example_command,
    write_contract,
)
from northloop.stages.objective.metrics import METRICS, goal

TODAY = date(2026, 11, 25)
GOOD = "Reduce average query resolution time by 30 % within six months"


def contract(statement: str) -> Objective:
    return write_contract(ObjectiveInput(statement=statement), TODAY)


BY_RT, BY_FCR = "reduce resolution time", "raise first-contact resolution"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (GOOD, "resolution_time -0.300 None 2027-05-25"),
        (GOOD.lower().replace(" %", "%"), "resolution_time -0.300 None 2027-05-25"),
        (
            "cut time to resolve by a third by 30 June 2027",
            "resolution_time -0.333 None 2027-06-30",
        ),
        ("Halve the resolution time in Q2 2027", "resolution_time -0.500 None 2027-06-30"),
        ("Get resolution time down to 12 hours by March", "resolution_time 0.000 12 2027-03-31"),
        ("Resolution time from 20 to 12 hours in 6 months", "resolution_time 0.000 12 2027-05-25"),
        (f"{BY_RT} to two days by May 2027", "resolution_time 0.000 48 2027-05-31"),
        (f"{BY_RT} to 80 % of today by May 2027", "resolution_time -0.200 None 2027-05-31"),
        (
            "Resolve tickets twenty-five per cent faster by year end",
            "resolution_time -0.250 None 2026-12-31",
        ),
        (
            "Within six months, resolution time −30 %",
            "resolution_time -0.300 None 2027-05-25",
        ),
        (
            f"{BY_FCR} by ten percent by next quarter",
            "first_contact_resolution 0.100 None 2027-03-31",
        ),
        (f"{BY_FCR} to 80 % by 2027-06-30", "first_contact_resolution 0.000 0.8 2027-06-30"),
        ("Double FCR within a year", "first_contact_resolution 1.000 None 2027-11-25"),
        (
            "Improve durable resolution by 3 % within 9 months",
            "durable_resolution 0.030 None 2027-08-25",
        ),
        ("Improve CSAT to 4.5 by June 30, 2027", "csat 0.000 4.5 2027-06-30"),
        ("Improve customer satisfaction by 5 % in two quarters", "csat 0.050 None 2027-05-25"),
        ("Cut handling time to under 8 minutes in 90 days", "handling_time 0.000 8 2027-02-23"),
        ("Cut handling time to 0.5 hours within 90 days", "handling_time 0.000 30 2027-02-23"),
        ("Lower AHT by two thirds by Q3", "handling_time -0.667 None 2027-09-30"),
        ("Increase containment by 20 percent in 2027", "containment 0.200 None 2027-12-31"),
        (
            "reduce the escalation rate by 25 % within 12 months",
            "human_intervention -0.250 None 2027-11-25",
        ),
        ("Cut resolution time by at least 30 % by June", "resolution_time -0.300 None 2027-06-30"),
        ("Cut resolution time to a third by June", "resolution_time -0.667 None 2027-06-30"),
        ("Resolve 40 % of tickets without a human by June", "containment 0.000 0.4 2027-06-30"),
        ("Our goal is a CSAT of 4.5 out of 5 by December", "csat 0.000 4.5 2026-12-31"),
        (
            "Reduce cost per resolution to 4 by 2027-12-31",
            "cost_per_resolution 0.000 4 2027-12-31",
        ),
    ],
)
def test_sentences_that_can_be_measured(sentence: str, expected: str) -> None:
    objective = contract(sentence)
    target = "None" if objective.target is None else f"{objective.target:g}"
    written = f"{objective.metric} {objective.change:.3f} {target} {objective.deadline}"
    assert written == expected
    assert objective.statement == sentence
    assert objective.baseline is None


@pytest.mark.parametrize(
    ("sentence", "difference", "shown"),
    [
        ("Reduce resolution time by 5 hours within six months", -5.0, "-5 hours"),
        ("Cut resolution time by 1 day within six months", -24.0, "-24 hours"),
        ("Cut handling time by 90 seconds within six months", -1.5, "-1.5 minutes"),
        ("Resolution time -2 hours by June 2027", -2.0, "-2 hours"),
        ("FCR +5pp by June 2027", 0.05, "+5 percentage points"),
        ("Improve CSAT by 0.5 points within six months", 0.5, "+0.5 points"),
        ("Raise CSAT by half a point within six months", 0.5, "+0.5 points"),
        ("Raise FCR by 10 percentage points by June 2027", 0.1, "+10 percentage points"),
        ("Raise first-contact resolution by 5 pp by June 2027", 0.05, "+5 percentage points"),
        ("Steigerung der Erstlösungsquote um 10 Prozentpunkte binnen sechs Monaten", 0.1, ""),
        ("Réduire le temps de résolution de 5 heures en six mois", -5.0, "-5 hours"),
    ],
)
def test_a_difference_is_kept_as_it_was_given(sentence: str, difference: float, shown: str) -> None:
    objective = contract(sentence)
    assert objective.difference == pytest.approx(difference)
    assert (objective.change, objective.target, objective.target_given) == (0.0, None, False)
    assert shown in goal(objective)


def test_a_difference_for_the_worse_is_refused() -> None:
    with pytest.raises(InputError, match="5 hours more would make resolution time worse"):
        contract("Increase resolution time by 5 hours within six months")


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("Use AI to be better", {"which metric", "how much", "until when"}),
        ("improve support", {"which metric", "how much", "until when"}),
        ("", {"which metric", "how much", "until when"}),
        ("Make customers happier by 10 % by June 2027", {"which metric"}),
        ("Reduce the number of tickets by 30 % within six months", {"which metric"}),
        ("Improve CSAT and resolution time by 10 % within six months", {"which metric"}),
        ("Reduce resolution time", {"how much", "until when"}),
        ("Reduce resolution time within six months", {"how much"}),
        ("Reduce resolution time to 12 within six months", {"how much"}),
        ("Improve CSAT by 10 percentage points within six months", {"how much"}),
        ("Improve CSAT by 4 points within six months", {"how much"}),
        ("Reduce resolution time by 5 points within six months", {"how much"}),
        ("Reduce resolution time for tickets open 2 days within six months", {"how much"}),
        ("Cut resolution time, now 20 hours, within six months", {"how much"}),
        ("FCR 80 points within six months", {"how much"}),
        ("Increase containment by 40 % of all tickets within six months", {"how much"}),
        ("Reduce resolution time by 20 % or 30 % within six months", {"how much"}),
        ("Improve CSAT to 90 % within six months", {"how much"}),
        ("Raise CSAT to 6 by June 2027", {"how much"}),
        ("Reduce resolution time by 30 %", {"until when"}),
        ("Reduce resolution time by 30 % soon", {"until when"}),
        ("Reduce resolution time by 30 % by 05/06/2027", {"until when"}),
        ("Reduce resolution time by 30 % by 31 February 2027", {"until when"}),
        ("Reduce resolution time by 30 % by May 2027 or June 2027", {"until when"}),
    ],
)
def test_vague_sentences_are_refused_with_exactly_what_is_missing(
    sentence: str, missing: set[str]
) -> None:
    with pytest.raises(VagueObjective) as refused:
        contract(sentence)
    said = refused.value.what
    assert {q for q in ("which metric", "how much", "until when") if q in said} == missing
    assert refused.value.where == "objective"
    command = re.search(r'--objective "(.+)"', refused.value.action)
    assert command is not None
    assert isinstance(contract(command.group(1)), Objective)


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("Do not reduce resolution time by 30 % within six months", "what “not” says here"),
        ("Cut resolution time at least 30 % by June", "a change or a value to reach"),
        ("Cut handling time at least 5 minutes by June", "a change or a value to reach"),
        ("Reduce handling time for 40 % of tickets by June", "is not a value of handling time"),
        ("A resolution time of 30 % by June", "has no unit of time"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(sentence: str, says: str) -> None:
    with pytest.raises(VagueObjective) as refused:
        contract(sentence)
    assert says in refused.value.what


def test_a_refusal_shows_what_was_understood() -> None:
    with pytest.raises(VagueObjective) as refused:
        contract("Reduce resolution time by 5 points by June without hurting CSAT")
    understood = (
        "Understood: resolution time, down, “by 5 points”, until 2027-06-30, guarding CSAT. "
    )
    assert understood in refused.value.what


@pytest.mark.parametrize(
    ("sentence", "where", "says"),
    [
        ("Increase resolution time by 30 % within six months", "objective.change", "worse"),
        ("Increase resolution time to 40 hours within six months", "objective.change", "worse"),
        ("Reduce CSAT by 5 % within six months", "objective.change", "worse"),
        ("Reduce resolution time by 100 % within six months", "objective.change", "not possible"),
        ("Reduce resolution time by 120 % within six months", "objective.change", "not possible"),
        ("Raise FCR by 900 % within six months", "objective.change", "not possible"),
        ("Reduce resolution time by 0.2 % within six months", "objective.change", "chance"),
        ("Reduce resolution time by 30 % by 1 June 2020", "objective.deadline", "passed"),
        ("Reduce resolution time by 30 % within 2 days", "objective.deadline", "too soon"),
        ("Reduce resolution time by 30 % within 20 years", "objective.deadline", "years away"),
        ("Reduce resolution time to 0 hours by June 2027", "objective.target", "cannot be reached"),
        (
            "Reduce resolution time by 30 % by June 2027 without CSAT falling by 3 %",
            "objective.guardrails",
            "no margin",
        ),
    ],
)
def test_sentences_that_cannot_be_right_are_refused(sentence: str, where: str, says: str) -> None:
    with pytest.raises(InputError) as refused:
        contract(sentence)
    assert not isinstance(refused.value, VagueObjective)
    assert refused.value.where == where
    assert says in refused.value.what
    assert refused.value.action


def test_the_example_of_every_metric_is_accepted() -> None:
    for metric in METRICS.values():
        command = re.search(r'"(.+)"', example_command(metric))
        assert command is not None
        assert contract(command.group(1)).metric == metric.name


# --- flags -------------------------------------------------------------------------------------


def test_flags_override_the_sentence() -> None:
    given = ObjectiveInput(
        statement=GOOD,
        metric="handling time",
        change=-0.15,
        deadline="2027-03-31",
        guardrails=(Guardrail("csat", 0.2),),
        holdout_share=0.05,
        window_days=60,
    )
    objective = write_contract(given, TODAY)
    assert objective.statement == GOOD
    assert (objective.metric, objective.change) == ("handling_time", -0.15)
    assert (objective.deadline, objective.window_days) == ("2027-03-31", 60)
    assert objective.guardrails == (Guardrail("csat", 0.2),)
    assert objective.holdout_share == 0.05


def test_flags_alone_make_a_contract_with_a_sentence_that_reads_back() -> None:
    relative = ObjectiveInput(metric="resolution_time", change=-0.3, months=6)
    absolute = ObjectiveInput(metric="fcr", target=0.8, months=6)
    for given in (relative, absolute):
        objective = write_contract(given, TODAY)
        again = contract(objective.statement)
        assert msgspec.structs.replace(again, statement="") == msgspec.structs.replace(
            objective, statement=""
        )


@pytest.mark.parametrize(
    ("flags", "where", "action"),
    [
        ({"metric": "resolution_tme"}, "objective.metric", "resolution_time"),
        ({"metric": "happiness"}, "objective.metric", "csat"),
        ({"change": 0.3}, "objective.change", "reduce resolution time"),
        ({"change": -30}, "objective.change", "-0.30"),
        ({"change": -0.3, "target": 12}, "objective.change", "one of them"),
        ({"months": 6, "deadline": "2027-06-30"}, "objective.deadline", "one of them"),
        ({"months": 0}, "objective.months", "1 or more"),
        ({"months": 600}, "objective.deadline", "5 years"),
        ({"deadline": "30.6.27"}, "objective.deadline", "2027-06-30"),
        ({"window_days": 0}, "objective.window_days", "1 or more"),
        ({"holdout_share": 0.6}, "objective.holdout_share", "0.5"),
        ({"holdout_share": -0.1}, "objective.holdout_share", "0.5"),
        (
            {"guardrails": (Guardrail("durable_resolutoin", 0.02),)},
            "objective.guardrails",
            "durable_resolution",
        ),
        (
            {"guardrails": (Guardrail("resolution_time", 1.0),)},
            "objective.guardrails",
            "another metric",
        ),
        ({"guardrails": (Guardrail("csat", 0.0),)}, "objective.guardrails", "points of 5"),
        ({"guardrails": (Guardrail("csat", 4.0),)}, "objective.guardrails", "points of 5"),
        ({"whys": ("a", " ")}, "objective.whys", "up to five"),
        ({"whys": ("Too slow", "No tool", "too slow.")}, "objective.whys", "cause"),
        ({"whys": tuple("abcdef")}, "objective.whys", "up to five"),
    ],
)
def test_flags_that_cannot_be_right_are_refused(
    flags: dict[str, object], where: str, action: str
) -> None:
    given = msgspec.structs.replace(ObjectiveInput(statement=GOOD), **flags)
    with pytest.raises(InputError) as refused:
        write_contract(given, TODAY)
    assert refused.value.where == where
    assert action in refused.value.action


# --- guardrails --------------------------------------------------------------------------------


def test_default_guardrails_leave_out_the_objective_itself() -> None:
    assert contract(GOOD).guardrails == DEFAULT_GUARDRAILS
    assert [g.metric for g in contract("CSAT to 4.5 by June 2027").guardrails] == [
        "durable_resolution"
    ]


def test_guardrails_of_the_sentence_join_the_default_ones() -> None:
    objective = contract(
        f"{GOOD} without CSAT falling by more than 0.3, while keeping first-contact resolution "
        f"within 3 %, without losing handling time by more than 30 minutes"
    )
    assert objective.guardrails == (
        Guardrail("csat", 0.3),
        Guardrail("durable_resolution", 0.02),
        Guardrail("first_contact_resolution", 0.03),
        Guardrail("handling_time", 30.0),
    )
    assert contract(f"{GOOD} without hurting task completion").guardrails[-1] == Guardrail(
        "task_completion", 0.02
    )


def test_no_guardrails_are_possible_if_asked_for() -> None:
    given = ObjectiveInput(statement=GOOD, guardrails=())
    assert write_contract(given, TODAY).guardrails == ()


def test_a_contract_survives_json() -> None:
    objective = write_contract(ObjectiveInput(statement=GOOD, whys=("a", "b")), TODAY)
    assert msgspec.json.decode(msgspec.json.encode(objective), type=Objective) == objective
    assert objective.whys == ("a", "b")
