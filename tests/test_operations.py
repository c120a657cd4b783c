"""What operators take from us: rules, a dashboard and a runbook that fit what the service tells."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from northloop.app.telemetry import Counts
from northloop.cli.main import app
from northloop.core.alerts import ACTIONS, TITLES, AlertKind
from northloop.core.interaction import Source, Step
from northloop.core.tracing import SpanCounts
from northloop.http.metrics import Measures
from usual import usual_interaction

ROOT = Path(__file__).parents[1]
RULES = ROOT / "deploy" / "prometheus" / "northloop.rules.yml"
BOARD = ROOT / "deploy" / "grafana" / "northloop.json"
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text("utf-8")


def expressions() -> dict[str, str]:
    """Return every expression of rules and dashboard by what it is called."""
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    panels = json.loads(BOARD.read_text("utf-8"))["panels"]
    return {
        **{rule["alert"]: rule["expr"] for rule in group["rules"]},
        **{f"{p['title']} {t['refId']}": t["expr"] for p in panels for t in p["targets"]},
    }


def told() -> dict[str, set[str]]:
    """Return every name of a sample that a scrape tells, with the labels that it can have."""
    measures = Measures(lambda: 0)
    measures.requested("/v1/chat/completions", "200", 0.1)
    measures.answered(
        usual_interaction(
            conversation_id="",
            at="",
            question="",
            answer="",
            source=Source.QUOTE,
            confidence=1.0,
            trace=(Step(name="cache", ms=0.1, decision="miss"),),
        )
    )
    counts = Counts(
        release="r",
        knowledge="k",
        alerts={kind.value: 0 for kind in AlertKind},
        spans=SpanCounts(),
    )
    text, _ = measures.text(counts, "")
    return {
        sample.name: {*sample.labels}
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("name", expressions())
def test_what_is_watched_is_told(name: str) -> None:
    samples, expression = told(), expressions()[name]
    watched = set(re.findall(r"northloop_\w+", expression))
    assert watched <= samples.keys()
    asked = set(re.findall(r"(\w+)(?:=~|!=|=)\"", expression))
    for by in re.findall(r"by \(([\w, ]+)\)", expression):
        asked |= set(by.split(", "))
    of_prometheus = {"job", "instance"}
    assert asked - of_prometheus <= {label for sample in watched for label in samples[sample]}


def promtool(*arguments: str) -> str:
    program = shutil.which("promtool")
    if program is None:
        pytest.fail("there is no promtool: apt-get install promtool", pytrace=False)
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_takes_the_rules_and_each_fires_when_it_should_alone() -> None:
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    rules = {rule["alert"] for rule in group["rules"]}
    assert f"{len(rules)} rules found" in promtool("check", "rules", str(RULES))
    wanted = RULES.with_suffix(".test.yml")
    cases = [
        case
        for test in yaml.safe_load(wanted.read_text("utf-8"))["tests"]
        for case in test["alert_rule_test"]
    ]
    for fires in (True, False):
        assert {c["alertname"] for c in cases if bool(c["exp_alerts"]) == fires} == rules
    assert "SUCCESS" in promtool("test", "rules", str(wanted))


def test_a_name_that_nobody_tells_is_noticed() -> None:
    assert "northloop_drift_eviddence" not in told()
    assert {"northloop_alerts_open", "northloop_drift_evidence"} <= told().keys()


@pytest.mark.parametrize("kind", AlertKind)
def test_the_runbook_has_a_heading_for_each_alert(kind: AlertKind) -> None:
    section = RUNBOOK.partition(f"\n## {TITLES[kind]}\n")[2].partition("\n## ")[0]
    assert f"`{kind.value}`" in section
    for command in re.findall(r"northloop [a-z]+(?: [a-z]+)?", ACTIONS[kind]):
        assert command in section, "what an alert says to do first is in its section"


def test_the_commands_of_the_runbook_exist() -> None:
    groups = {group.name: group.typer_instance for group in app.registered_groups}
    single = {command.name or getattr(command.callback, "__name__", "") for command in
              app.registered_commands}  # fmt: skip
    for verb, below in re.findall(r"`northloop ([a-z]+)(?: ([a-z]+))?", RUNBOOK):
        if verb in groups:
            inner = groups[verb]
            assert inner is not None
            assert below in {command.name for command in inner.registered_commands}
        else:
            assert verb in single
