"""A million kept answers: does the service still start, show, judge and answer at once?

    python benchmarks/scale.py                       1,000,000 answers in SQLite, 25 minutes
    python benchmarks/scale.py --answers 100000 --postgres
    python benchmarks/scale.py --dir /tmp/scale      keep the workspace, and measure it again

A store is filled with plausible traffic, reviews and verdicts; around it stands a workspace in
which the untuned base is live. Then, through the product's own doors and each in a fresh process:
the start of `northloop serve` until it is ready and its memory, every page of the console's table
of routes and searches over all answers, verdicts by use case and by form, answers from the cache,
and what opening another release costs the customers who are served meanwhile. Beside each figure
stands its target; the exit status is 1 if one is missed.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

import httpx
import msgspec
import psycopg
from starlette.routing import Route
from worlds import traffic

from northloop import setup
from northloop.app import reviews
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.app.reviews import Judgement
from northloop.console import create_console
from northloop.console.security import TOKEN_COOKIE
from northloop.core.actor import team
from northloop.core.artefacts import Kind
from northloop.core.desk import Case, CaseState
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    Origin,
    ReviewItem,
    Source,
    VerdictKind,
)
from northloop.demo.company import make_workspace
from northloop.loop import promote, steps
from northloop.loop.journal import InteractionJournal
from northloop.loop.knowledge import make_material
from northloop.ports.stores import Records
from northloop.stages.monitoring import review
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.testing.servers import start_postgres, stop_postgres
from northloop.workspace import Workspace

NORTHLOOP = (sys.executable, "-c", "from northloop.cli.main import main; main()")
VERDICTS = 5_000
SECONDS = 10.0
"""Between two answers: a million in four months."""
ROUNDS = 5
"""Times that each page is asked for."""
JUDGED = 30
SERVED_S = 8.0
PER_SECOND = 50
OPENED = 5
PATIENCE_S = 60.0
SETTINGS = {"serving.max_answer_tokens": 12, "serving.mode": "open"}
"""Of drafts for a person nothing would be cached."""
QUESTIONS = (
    "How long do I have to return a tent?",
    "How long does delivery take?",
    "Do you repair jackets?",
    "Where do I find my invoice?",
    "What does the warranty on stoves cover?",
    "Which size of boots should I take?",
)
NEW = "Can I hire a canoe for a weekend in June?"
"""Nobody asked or approved it, so that only an opened model can answer."""
NO_PAGE = (
    *("/training/{run}", "/training/{run}/live"),
    *("/start/history/{upload}", "/start/history/{upload}/live"),
)
"""Routes about something that this workspace does not have; they ask the records for nothing."""


class Figure(NamedTuple):
    """What was measured."""

    name: str
    value: float
    unit: str
    target: float = math.nan
    """At most this; NaN where nothing is promised."""

    @property
    def is_missed(self) -> bool:
        return self.value > self.target

    @property
    def line(self) -> str:
        target = "" if math.isnan(self.target) else f"< {self.target:g} {self.unit}"
        value = f"{self.value:,.1f} {self.unit}"
        return f"{self.name:62} {value:>16} {target:>12}{'  MISSED' if self.is_missed else ''}"


# --- the workspace -----------------------------------------------------------------------------


def made(folder: Path, records: str) -> Workspace:
    """Return a workspace with two releases of the untuned base, one of them live."""
    make_workspace(folder, 60, 1)
    setup.write_settings(folder, SETTINGS | ({"storage.records": records} if records else {}))
    workspace = Workspace.open(folder)
    parts, spec = workspace.parts, workspace.turn_spec()
    dataset = steps.make_dataset(parts, spec.prepare, spec.sources, (), None).hash
    material = make_material(parts, spec.documents, dataset)
    another = msgspec.structs.replace(spec.recipe, prompt="You answer.", max_answer_tokens=1)
    steps.make_release(parts, another, material, None, spec.measure)
    live = steps.make_release(parts, spec.recipe, material, None, spec.measure).hash
    promote.promote_release(parts.artefacts, parts.records, live)
    return workspace


def fill_up(workspace: Workspace, answers: int) -> Iterator[Figure]:
    """Keep answers, nine in ten of them of one tenant, and have the oldest reviewed."""
    records, release = workspace.records, promote.live(workspace.records) or ""
    journal = InteractionJournal(records, ReviewBudget(share=workspace.settings.review.share))
    began = time.monotonic()
    so_far = 0
    for tenant, share in (("default", 0.5), ("north", 0.1), ("default", 0.4)):
        stream = traffic.Stream(
            answers=round(answers * share),
            tenant=tenant,
            release=release,
            seed=round(100 * share),
            customers=max(1, answers // 50),
            seconds=SECONDS,
            begin_s=so_far * SECONDS,
        )
        so_far += journal.keep_all(traffic.interactions(stream))
    yield Figure("filled, answers", time.monotonic() - began, "s")
    began = time.monotonic()
    review_oldest(records, min(VERDICTS, answers // 50))
    yield Figure("filled, verdicts", time.monotonic() - began, "s")


def review_oldest(records: Records, verdicts: int) -> None:
    """Have the answers judged that wait longest, one in six of them wrong."""
    waiting = records.query(ReviewItem, {"judged": 0}, limit=verdicts).rows
    for number, item in enumerate(waiting):
        kind = VerdictKind.INCORRECT if number % 6 == 0 else VerdictKind.CORRECT
        said = Judgement(review_id=item.review_id, kind=kind, reviewer="ada")
        review.submit(records, said, item.at)


# --- a server of its own -----------------------------------------------------------------------


class Served(NamedTuple):
    """A running `northloop serve`."""

    client: httpx.Client
    pid: int
    ready_s: float

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(found.split()[1]) / 1024

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def form(self, path: str, fields: Mapping[str, str]) -> httpx.Response:
        """Post a form of the console as a browser does without scripts."""
        data = {"token": self.client.cookies[TOKEN_COOKIE], **fields}
        return self.client.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"})

    def ask(self, question: str) -> httpx.Response:
        body = {"model": "northloop", "messages": [{"role": "user", "content": question}]}
        answer = self.client.post("/v1/chat/completions", json=body)
        answer.raise_for_status()
        return answer


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Yield a server of a workspace in a process of its own, as soon as it is ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    began = time.monotonic()
    process = subprocess.Popen(
        [*NORTHLOOP, "serve", "-C", str(folder), "--set", f"serving.port={port}"],
        stdout=subprocess.DEVNULL,
    )
    # Let go before the server does, or a request may meet a connection that is being closed.
    limits = httpx.Limits(max_keepalive_connections=64, keepalive_expiry=2.0)
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S, limits=limits
        ) as client:
            while not _is_ready(client):
                if process.poll() is not None or time.monotonic() > began + PATIENCE_S:
                    raise SystemExit(f"the server is not ready, status {process.poll()}")
                time.sleep(0.01)
            yield Served(client, process.pid, time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


# --- what is measured --------------------------------------------------------------------------


def starting(folder: Path, empty: Path) -> Iterator[Figure]:
    with served(empty) as server:
        before = server.memory_mb()
    with served(folder) as server:
        yield Figure("start until ready", server.ready_s, "s", 3.0)
        yield Figure(
            "memory at the start, above an empty one", server.memory_mb() - before, "MB", 300
        )


def pages(folder: Path, empty: Path) -> Iterator[Figure]:
    """Every page several times, after one that is not counted."""
    memory: dict[Path, float] = {}
    with served(empty) as server:
        for path in _paths(empty).values():
            server.get(path)
        memory[empty] = server.memory_mb()
    with served(folder) as server:
        for name, path in _paths(folder).items():
            took = []
            for _ in range(ROUNDS + 1):
                began = time.monotonic()
                answer = server.get(path)
                took.append(1e3 * (time.monotonic() - began))
                if answer.status_code >= 400:
                    raise SystemExit(f"{path} says {answer.status_code}")
            yield Figure(f"{name}, p50", median(took[1:]), "ms", 300)
            yield Figure(f"{name}, max", max(took[1:]), "ms", 300)
        after = server.memory_mb() - memory[empty]
        yield Figure("memory after every page, above an empty one", after, "MB", 300)


def _paths(folder: Path) -> dict[str, str]:
    """Every page of the console, and searches over all answers, as routes → paths."""
    lazy = LazyWorkspace(folder)
    workspace = lazy.workspace()
    named = _named(workspace)
    found = {
        route: re.sub(r"{(\w+)(?::\w+)?}", lambda match: named[match[1]], route)
        for route in _templates(lazy)
    }
    release = promote.live(workspace.records) or ""
    said = workspace.records.query(Interaction, newest=True, limit=20).rows
    rare = [word for i in said for word in i.question.split()[1:] if word.istitle()]
    first = workspace.records.query(Interaction, limit=20).rows
    known = [{"tenant": i.tenant, "customer": i.customer_id} for i in first if i.customer_id]
    found["/answers/forget"] += f"?{httpx.QueryParams(known[0] if known else {})}"
    workspace.close()
    words = {
        "in many": "tent",
        "in many, two": "return delivery",
        "in few": rare[0] if rare else "none",
        "in none": "zzyzxq",
        "in none, of common trigrams": "tentern",
        "short": "of an",
        "of another script": "退货",
    }
    searches = {f"words {name}": {"words": text} for name, text in words.items()}
    searches |= {
        "words, rarely handed off": {"words": "tent", "handoff": HandoffReason.TOO_LONG.value},
        "words and filters": {
            **{"words": "tent waterproof", "source": "approved", "release": release[:8]},
            **{"tenant": "north", "since": "2026-01-05", "origin": Origin.CUSTOMER.value},
        },
        "words of an early day": {"words": "invoice", "until": "2026-01-02"},
        "words, judged": {"words": "tent", "judged": "yes"},
        "judged": {"judged": "yes"},
        "not judged": {"judged": "no"},
        "of a customer": {"customer": "customer 7"},
    }
    return found | {
        f"/answers {name}": f"/answers?{httpx.QueryParams(asked)}"
        for name, asked in searches.items()
    }


def _templates(lazy: LazyWorkspace) -> Iterator[str]:
    for route in create_console(lazy).routes:
        if (
            isinstance(route, Route)
            and "GET" in (route.methods or ())
            and route.path not in NO_PAGE
        ):
            yield route.path


def _named(workspace: Workspace) -> dict[str, str]:
    """What stands in the places of the routes."""
    records = workspace.records
    newest = records.query(Interaction, newest=True, limit=1).rows
    waiting = records.query(ReviewItem, {"judged": 0}, newest=True, limit=1).rows
    cases = records.query(Case, {"state": CaseState.WAITING}, limit=1).rows
    return {
        "dataset": workspace.artefacts.list(Kind.DATASET)[0].hash,
        "split": "train",
        "release": promote.live(records) or "",
        "interaction": newest[0].interaction_id if newest else "none",
        "answer": cases[0].interaction_id if cases else "none",
        "review": waiting[0].review_id if waiting else "none",
        "lesson": "basic-use",
        "setting": "review.share",
        "document": workspace.documents()[0].document_id,
    }


def verdicts(folder: Path) -> Iterator[Figure]:
    """By use case in a process of its own, and by the console's form."""
    done = subprocess.run(
        [sys.executable, __file__, "--judge", str(folder)], check=True, stdout=subprocess.PIPE
    )
    yield from _spread("verdict by app.reviews.judge", json.loads(done.stdout), 50)
    with served(folder) as server:
        server.get("/review")
        took = []
        for review_id in _waiting(folder):
            began = time.monotonic()
            answer = server.form(f"/review/{review_id}/verdict", {"kind": "correct"})
            took.append(1e3 * (time.monotonic() - began))
            if answer.status_code != 303:
                raise SystemExit(f"a verdict says {answer.status_code}")
        yield from _spread("verdict by the console's form", took[1:], 50)


def judge(folder: Path) -> list[float]:
    """Return how long verdicts took, in ms: right, wrong, and wrong with a correction."""
    workspace = Workspace.open(folder)
    took = []
    for number, review_id in enumerate(_waiting(folder)):
        kind = VerdictKind.INCORRECT if number % 3 else VerdictKind.CORRECT
        correction = f"It costs {number} euros." if number % 3 == 1 else ""
        said = Judgement(review_id=review_id, kind=kind, correction=correction)
        began = time.monotonic()
        reviews.judge(workspace, team("benchmark"), said)
        took.append(1e3 * (time.monotonic() - began))
    workspace.close()
    return took[1:]


def _waiting(folder: Path) -> list[str]:
    workspace = Workspace.open(folder)
    found = workspace.records.query(ReviewItem, {"judged": 0}, newest=True, limit=JUDGED + 1).rows
    workspace.close()
    return [item.review_id for item in found]


def keeping(folder: Path) -> Iterator[Figure]:
    """Answers kept one by one, as they are given."""
    workspace = Workspace.open(folder)
    journal = workspace.live.journal
    seed = time.time_ns() % 1_000_000
    so_far = SECONDS * workspace.records.count(Interaction)
    took = []
    for kept in traffic.interactions(traffic.Stream(answers=200, seed=seed, begin_s=so_far)):
        began = time.monotonic()
        journal.keep(kept)
        took.append(1e3 * (time.monotonic() - began))
    workspace.close()
    yield from _spread("an answer kept", took[1:], math.nan)


def customers(folder: Path) -> Iterator[Figure]:
    """Cached answers while nothing else happens, and while another release is opened.

    In several servers, for each opens it once; of the slowest answers the median counts.
    """
    workspace = Workspace.open(folder)
    live = promote.live(workspace.records)
    another = next(a.hash for a in workspace.artefacts.list(Kind.RELEASE) if a.hash != live)
    rounds = []
    for _ in range(OPENED):
        with served(folder) as server:
            question = _cached_question(server, workspace)
            rounds.append(_opening(server, question, another))
    workspace.close()
    per_s, opening_s, control, during = (median(each) for each in zip(*rounds, strict=True))
    yield Figure("cached answers", per_s, "per s")
    yield Figure("opening another release, with an answer", opening_s, "s")
    yield Figure("slowest cached answer at 50 per s, control", control, "ms")
    yield Figure("slowest cached answer while a release is opened", during, "ms")
    yield Figure("added by opening a release", max(0.0, during - control), "ms", 100)


def _opening(server: Served, question: str, another: str) -> tuple[float, float, float, float]:
    """Return answers per second, how long opening took (s), and the slowest without and with it."""
    with ThreadPoolExecutor(4) as pool:
        began = time.monotonic()
        asked = sum(pool.map(lambda _: _as_many_as(server, question, 3.0), range(4)))
        per_s = asked / (time.monotonic() - began)
    server.get("/")
    control = max(_steady(server, question))

    def open_another() -> float:
        time.sleep(SERVED_S / 4)
        began = time.monotonic()
        answered = server.form("/playground/ask", {"question": NEW, "release": another})
        if answered.status_code != 303:
            raise SystemExit(f"the playground says {answered.status_code}")
        return time.monotonic() - began

    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_another)
        during = max(_steady(server, question))
        return per_s, opening.result(), control, during


def _cached_question(server: Served, workspace: Workspace) -> str:
    """Ask until an answer comes by look-up: from the cache, or approved by those who judged."""
    for question in QUESTIONS:
        server.ask(question)
        server.ask(question)
        newest = workspace.records.query(Interaction, newest=True, limit=1).rows[0]
        if newest.source in (Source.CACHE, Source.APPROVED):
            return question
    raise SystemExit("the model gave no answer that passes the checks")


def _as_many_as(server: Served, question: str, seconds: float) -> int:
    until, asked = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        server.ask(question)
        asked += 1
    return asked


def _steady(server: Served, question: str) -> list[float]:
    """Ask at an even pace, whoever still waits; return how long each took, in ms."""
    began, took = time.monotonic() + 0.1, []

    def at(number: int) -> None:
        due = began + number / PER_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        server.ask(question)
        # From when it was due: a customer does not care what held the asking up.
        took.append(1e3 * (time.monotonic() - due))

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(at, range(round(SERVED_S * PER_SECOND))))
    return took


def _spread(name: str, took: list[float], target: float) -> Iterator[Figure]:
    yield Figure(f"{name}, p50", median(took), "ms", target)
    yield Figure(f"{name}, max", max(took), "ms", target)


# --- the run -----------------------------------------------------------------------------------

PARTS: Mapping[str, Callable[[Path, Path], Iterator[Figure]]] = {
    "start": starting,
    "pages": pages,
    "verdicts": lambda folder, _: verdicts(folder),
    "keeping": lambda folder, _: keeping(folder),
    "customers": lambda folder, _: customers(folder),
}


def run(root: Path, answers: int, urls: tuple[str, str], only: str) -> Iterator[Figure]:
    """Yield what is measured in a filled workspace, which is made if it is not there yet."""
    folder, empty = root / "full", root / "empty"
    if not folder.exists():
        made(empty, urls[1]).close()
        workspace = made(folder, urls[0])
        yield from fill_up(workspace, answers)
        workspace.close()
        if urls[0]:
            # As the server does by itself, some minutes later.
            with psycopg.connect(urls[0], autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
    workspace = Workspace.open(folder)
    held = workspace.records.count(Interaction)
    workspace.close()
    yield Figure("answers kept", held, "")
    files = sum(file.stat().st_size for file in (folder / ".northloop").glob("records.sqlite*"))
    yield Figure("records on disk", files / 1e6, "MB")
    for name, part in PARTS.items():
        if only in ("", name):
            yield from part(folder, empty)


@contextmanager
def databases(root: Path, is_postgres: bool) -> Iterator[tuple[str, str]]:
    """Yield the URLs of two empty databases; "" for a file in the workspace."""
    if not is_postgres:
        yield "", ""
        return
    root.chmod(0o755)  # the server's own user has to get in
    server = start_postgres(root)
    try:
        with psycopg.connect(server.database_url("postgres"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE full_shop")
            admin.execute("CREATE DATABASE empty_shop")
        yield server.database_url("full_shop"), server.database_url("empty_shop")
    finally:
        stop_postgres(server)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--postgres", action="store_true", help="in a PostgreSQL of its own")
    parser.add_argument("--dir", type=Path, help="where the workspace is kept, and found again")
    parser.add_argument("--only", choices=PARTS, default="")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--judge", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.judge:
        print(json.dumps(judge(given.judge)))
        return
    found = []
    with tempfile.TemporaryDirectory() as folder:
        root = given.dir or Path(folder)
        root.mkdir(exist_ok=True)
        with databases(root, given.postgres) as urls:
            for figure in run(root, given.answers, urls, given.only):
                found.append(figure)
                print(figure.line, file=sys.stderr if given.json else sys.stdout, flush=True)
    if given.json:
        print(json.dumps([{**f._asdict(), "missed": f.is_missed} for f in found]))
    sys.exit(any(figure.is_missed for figure in found))


if __name__ == "__main__":
    main()
