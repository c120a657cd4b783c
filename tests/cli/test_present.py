"""What stands on the terminal and what goes into a file."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import msgspec
import pytest

from cli.conftest import Cli
from cli.test_main import OBJECTIVE, export
from northloop.app import answers
from northloop.cli import demo_tables, present
from northloop.cli.present import table
from northloop.core.artefacts import DataCard, Measure, Nearness, Objective, RowCount
from northloop.core.ids import Hash
from northloop.core.interaction import HandoffReason, Interaction, Source
from northloop.demo.gold import Received
from northloop.demo.result import (
    Certified,
    Corrected,
    DayRow,
    DemoResult,
    DeskRow,
    Latencies,
    Latency,
    PairsRow,
    Quality,
    ReleaseRow,
    ReviewRow,
)

NARROW = """
from northloop.cli.present import table
table("Things", ("name", "found"), [("path", "/a/" + "long" * 30 + "/end"), ("n", "1")])
"""
PROGRAM = """
from northloop.cli.bars import Bars
from northloop.cli.present import document
with Bars() as bars:
    bars("training", 1, 2, "loss 1.5")
    document({"done": True})
"""


def test_a_document_goes_to_its_file_while_bars_stand_on_the_terminal() -> None:
    terminal, drawn_on = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            stdout=subprocess.PIPE, stderr=drawn_on, check=True,
            env={**os.environ, "TERM": "xterm"},
        )  # fmt: skip
        drawn = os.read(terminal, 65_536).decode()
    finally:
        os.close(terminal)
        os.close(drawn_on)
    assert json.loads(done.stdout) == {"done": True}
    assert "training" in drawn
    assert "1/2" in drawn


def test_text_stands_left_and_numbers_right(capsys: pytest.CaptureFixture[str]) -> None:
    table(
        "Things",
        ("name", "count", "share", "change", "found", "note"),
        [
            ("a", "5", "3 %", "-0.10 to +0.2", "12 articles", ""),
            ("bcd", "1,200", "12.5%", "", "x", ""),
        ],
    )
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[1].split() == ["name", "count", "share", "change", "found", "note"]
    places = [lines[1].index(word) for word in ("count", "share", "change", "found")]
    counts, found = places[0], places[3]
    assert lines[2][:counts].rstrip() == "a"
    assert lines[2][counts : counts + 5] == "    5"
    assert lines[3][counts : counts + 5] == "1,200"
    assert lines[2][places[1] : places[1] + 5] == "  3 %"
    assert lines[2][found:] == "12 articles"
    assert lines[3][found:] == "x"


def test_values_of_settings_stand_left(capsys: pytest.CaptureFixture[str]) -> None:
    table("", ("setting", "value"), [("seed", "1"), ("zone", '"UTC"')])
    lines = capsys.readouterr().out.splitlines()
    assert lines[-3].rstrip() == "seed     1"
    assert lines[-2].rstrip() == 'zone     "UTC"'


def test_nothing_is_cut_off_in_a_narrow_terminal() -> None:
    terminal, drawn_on = pty.openpty()
    fcntl.ioctl(drawn_on, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    try:
        subprocess.run(
            [sys.executable, "-c", NARROW],
            stdin=drawn_on, stdout=drawn_on, check=True,
            env={**environment, "TERM": "xterm", "NO_COLOR": "1"},
        )  # fmt: skip
        drawn = os.read(terminal, 65_536).decode()
    finally:
        os.close(terminal)
        os.close(drawn_on)
    assert "…" not in drawn
    assert "/a/" + "long" * 30 + "/end" in "".join(drawn.split())
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn)
    assert max(len(line.rstrip()) for line in plain.splitlines()) <= 80


def test_an_empty_table_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    table("Releases", ("release", "gate"), [])
    assert capsys.readouterr().out == "Releases: none yet\n\n"


@pytest.mark.parametrize(
    ("silent", "said"), [(30, "n 120, 30 of them without an agent's reply"), (0, "n 120")]
)
def test_the_baseline_says_how_many_tickets_no_agent_replied_to(
    capsys: pytest.CaptureFixture[str], silent: int, said: str
) -> None:
    objective = Objective(
        metric="resolution_time",
        statement="30 % faster",
        change=-0.3,
        deadline="2027-01-01",
        window_days=90,
        baseline=Measure(value=28.5, low=21.9, high=36.2, n=120, unit="hours", unanswered=silent),
    )
    present.objective(objective)
    printed = capsys.readouterr().out
    assert f"28.5 hours (21.9 to 36.2), {said}" in printed
    assert ("without an agent's reply" in printed) is bool(silent)


def test_the_demo_says_of_what_texts_its_figures_are(capsys: pytest.CaptureFixture[str]) -> None:
    base = ReleaseRow(
        hash=Hash("0" * 64), kind="begun", questions=1, right=0.0, wrong=1.0, handed_off=0.0,
        perplexity=1.0, bleu=0.0, rouge_l=0.0, intent_f1=0.0, answered=1.0, latency_ms=1.0,
        gate="", promoted=False,
        received=Received(right=0.25, wrong=0.5, handed_off=0.25, questions=8),
    )  # fmt: skip
    latency = Latency(mean=1.0, p95=1.0, n=1)
    demo_tables.demo(
        DemoResult(
            objective=Objective(
                metric="csat", statement="s", change=0.0, deadline="2027-01-01", window_days=90
            ),
            rows={"in": 1, "kept": 1, "merged": 0, "quarantined": 0},
            sensitive=Quality(recall=0.997, precision=1.0),
            duplicates=Quality(recall=0.994, precision=0.741),
            releases=(base,),
            ways=(),
            certified=Certified(
                standings=(), received=Received(right=0.0, wrong=0.0, handed_off=1.0, questions=8)
            ),
            live=(),
            datasets=(),
            latency_ms=Latencies(transformers=latency, generated=latency, served=latency),
            stream={},
            days=(
                DayRow(
                    release=1,
                    questions=50,
                    sent=4,
                    sent_right=3,
                    drafts=40,
                    drafts_right=10,
                    decisions=70,
                    certified=0.0,
                ),
                DayRow(
                    release=1,
                    questions=50,
                    sent=9,
                    sent_right=9,
                    drafts=40,
                    drafts_right=10,
                    decisions=233,
                    certified=0.36,
                ),
            ),
            corrected=None,
            waits="customers would be sent less; try it on some customers",
            desk=DeskRow(sent=31, edited=22, written=13, waiting=9),
            pairs=PairsRow(judged=7, alike=36, expected=137, waiting=1),
            review=ReviewRow(
                share=0.1, accuracy=1.0, low=0.9, high=1.0, answers=1, reviewed=1, waiting=0
            ),
            seconds={},
        )
    )
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.count("on the sample's generated texts") == 2
    assert "1 1 50 4 75% 40 25% 70" in printed and "2 1 50 9 100% 40 25% 233 36%" in printed
    assert "It took 233 decisions to certify answers to 36% of the questions" in printed
    assert "began at once" in printed and "It waits: customers would be sent less" in printed
    assert "31 drafts sent as they were, 22 edited, 13 own replies; 9 wait for you" in printed
    assert "7 pairs judged, 36 alike; about 137 decide it; 1 wait for you" in printed


def test_the_demo_shows_a_correction_as_soon_as_it_is_given_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    demo_tables.corrected(
        Corrected(
            question="How long?",
            said="A week.",
            correction="[45] days.",
            said_now="[45] days.",
            source="approved",
        )
    )
    printed = " ".join(capsys.readouterr().out.split())
    assert "corrected [45] days. now [45] days. (approved)" in printed


def test_evidence_is_shown_with_its_age(capsys: pytest.CaptureFixture[str]) -> None:
    one = answers.Evidence(
        document="returns",
        title="Returns › How long",
        passage="a" * 64,
        since="2026-11-21T08:14:02.113+00:00",
        stands=True,
    )
    present.evidence([one, msgspec.structs.replace(one, title="Returns › Costs", stands=False)])
    first, second = capsys.readouterr().out.strip().split("\n")[-2:]
    assert first.split()[:3] == ["Returns", "›", "How"] and "2026-11-21T08:14" in first
    assert "changed since" in second and "changed since" not in first
    present.evidence([])
    assert capsys.readouterr().out == ""


def test_the_card_says_how_near_the_test_comes_to_what_is_learnt(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = RowCount(rows_in=9, kept=9, merged=0, quarantined=0)
    card = DataCard(
        rows=rows,
        quarantine_reasons={},
        sensitive_spans={},
        exact_duplicates=0,
        near_duplicates=0,
        splits={"train": 6, "test": 3},
        intents={},
        labelled_share=0.0,
        missing={},
        date_order={},
        sources={},
    )
    present.card("f" * 64, card)
    assert "nearest" in capsys.readouterr().out
    near = Nearness(rows=3, median=0.5, like=2, close=1, same_words=0, closest=())
    present.card("f" * 64, msgspec.structs.replace(card, nearness=near))
    said = " ".join(capsys.readouterr().out.split())
    assert "of 3 test rows 0 have the words of a training row, 1 differ" in said


def test_whoever_asks_at_the_terminal_reads_the_draft_that_no_customer_gets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = Interaction(
        interaction_id="i", conversation_id="", customer_id="", tenant="default", release="f" * 64,
        at="2026-05-01T10:00:00+00:00", question="?", answer="A colleague replies.",
        source=Source.HANDOFF, citations=(), confidence=0.0, handoff=None, intent="",
        latency_ms=1.0, trace=(), draft="See [1]: £4 [/b]", treatment="quote", sure=0.87,
    )  # fmt: skip
    present.trace(kept)
    said = capsys.readouterr().out
    assert "Draft for the team, by quote, 0.87 sure:\nSee [1]: £4 [/b]\n" in said
    present.trace(msgspec.structs.replace(kept, draft=""))
    assert "Draft" not in capsys.readouterr().out
    present.nobody_waits(kept)
    assert not capsys.readouterr().out.strip()
    present.nobody_waits(msgspec.structs.replace(kept, handoff=HandoffReason.NOT_CERTIFIED))
    assert "waits at nobody's desk" in capsys.readouterr().out


ASKED = """
import sys
from northloop.cli import main
sys.argv = ["northloop", "import", sys.argv[1], "-C", sys.argv[2]]
main.main()
"""


def test_an_import_that_is_not_wanted_is_asked_about_below_the_bars(
    tmp_path: Path, cli: Cli
) -> None:
    exported = tmp_path / "tickets.csv"
    export(exported)
    folder = tmp_path / "shop"
    assert cli("init", "--objective", OBJECTIVE, "-C", folder).code == 0
    terminal, drawn_on = pty.openpty()
    drawn = ""
    try:
        with subprocess.Popen(
            [sys.executable, "-c", ASKED, str(exported), str(folder)],
            stdin=drawn_on, stdout=drawn_on, stderr=drawn_on,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"},
        ) as running:  # fmt: skip
            while "Import this?" not in drawn:
                drawn += os.read(terminal, 65_536).decode()
            time.sleep(0.5)  # bars that go on are drawn ten times a second
            os.write(terminal, b"n\n")
            code = running.wait()
            drawn += os.read(terminal, 65_536).decode()
    finally:
        os.close(terminal)
        os.close(drawn_on)
    above, _, below = drawn.partition("Import this?")
    assert code == 1
    assert "Nothing was imported" in below
    assert "--map" in below
    assert not re.search(r"\d+/\d+", below)
    shown = re.findall(r"(\w[\w ]+\w) +\S+ +(\d+)/(\d+)", above.rpartition("\x1b[2K")[2])
    assert all(done == total for _, done, total in shown)
