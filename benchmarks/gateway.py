"""How many answers a second go through the API, beside LiteLLM's proxy and a bare server?

    python benchmarks/gateway.py --litellm ~/litellm/bin/litellm
    python benchmarks/gateway.py --only approved --rounds 1 --profile profile.txt

What needs no generation (approved, cached, "a person, please") is asked for through the product's
own server, a process of its own with a workspace of its own, by `wrk` (a Debian package) over kept
connections. Beside it, in the same run and in turn: a bare Starlette application on uvicorn that
says the same bytes each time, the floor of any Python server, and LiteLLM's proxy where all are
hits of its local cache (`pip install 'litellm[proxy]'` in an environment of its own). Then the same
answers while the engine has more to generate than it can, and a server killed with SIGKILL under
load: every answer that a client had received has to be among the records. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

import httpx
from scale import NORTHLOOP, QUESTIONS, made

from northloop.core.clock import stamp
from northloop.core.interaction import ApprovedAnswer, Interaction, Source
from northloop.core.question import words_of
from northloop.loop.knowledge import vouch
from northloop.loop.promote import pair_in_force
from northloop.testing.servers import free_port
from northloop.workspace import Workspace

CONNECTIONS = 16
LITELLM = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
}
"""Asks no hub for prices, and lets everybody in: the other arms look at no key either."""
PATIENCE_S = 120.0
APPROVED = tuple(
    f"What does it cost to have the {part} of a {thing} repaired?"
    for part in ("zip", "strap", "pole", "seam", "buckle")
    for thing in ("tent", "jacket", "backpack", "sleeping bag", "boot")
)
PERSON = ("Can I talk to a person, please?",)
SAID = "It costs twelve euros, and it takes two working days."
_BARE = """
import json, sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
said = json.dumps({"id": "x", "object": "chat.completion", "created": 1, "model": "small",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": sys.argv[2]},
    "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}}).encode()
async def chat(request):
    json.loads(await request.body())
    return Response(said, media_type="application/json")
app = Starlette(routes=[Route("/v1/chat/completions", chat, methods=["POST"])])
uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", http="httptools")
"""
_LUA = """
local bodies = {}
for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
local n = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer sk-nothing"
function request()
  n = n % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[n])
end
function done(summary, latency, requests)
  local e = summary.errors
  print(string.format("FIGURES %d %d %d %.3f %.3f", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


class Load(NamedTuple):
    """What came of one stretch of load."""

    per_s: float
    p50_ms: float
    p99_ms: float
    answered: int
    failed: int
    cpu_ms: float
    """Of the server, for each answer: what does not depend on what else the machine does."""


def load(server: Running, questions: Sequence[str], seconds: float, connections: int) -> Load:
    """Ask over kept connections for so long, each as soon as its last answer is there."""
    url, before = server.url, cpu_s(server.process.pid)
    with tempfile.TemporaryDirectory() as folder:
        bodies, script = Path(folder, "bodies"), Path(folder, "ask.lua")
        bodies.write_text("".join(f"{body(question)}\n" for question in questions))
        script.write_text(_LUA)
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout=60s"]
        done = subprocess.run(
            [*command, "-s", str(script), f"{url}/v1/chat/completions"],
            env={**os.environ, "BODIES": str(bodies)},
            check=True,
            capture_output=True,
            text=True,
        )
    found = re.search(r"FIGURES (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+)", done.stdout)
    assert found, done.stdout
    answered, took_us, failed = (int(found[n]) for n in (1, 2, 3))
    spent_ms = 1e3 * (cpu_s(server.process.pid) - before) / max(1, answered)
    p50_ms, p99_ms = float(found[4]), float(found[5])
    return Load(answered / took_us * 1e6, p50_ms, p99_ms, answered, failed, spent_ms)


def cpu_s(pid: int) -> float:
    """Return what a process has taken of processors so far."""
    times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, times[11:13])) / os.sysconf("SC_CLK_TCK")


def body(question: str) -> str:
    """Return the body of a request."""
    asked = [{"role": "user", "content": question}]
    return json.dumps({"model": "northloop", "messages": asked})


# --- the servers -------------------------------------------------------------------------------


class Running(NamedTuple):
    url: str
    process: subprocess.Popen[bytes]


@contextmanager
def started(command: Callable[[int], list[str]], path: str) -> Iterator[Running]:
    """Yield a server in a process of its own, as soon as it answers."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, **LITELLM}
    process = subprocess.Popen(
        command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        until = time.monotonic() + PATIENCE_S
        while not _answers(url + path):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{command(port)[0]} does not answer, status {process.poll()}")
            time.sleep(0.05)
        yield Running(url, process)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code < 500
    except httpx.TransportError:
        return False


def bare(port: int) -> list[str]:
    return [sys.executable, "-c", _BARE, str(port), SAID]


def northloop(folder: Path) -> Callable[[int], list[str]]:
    """Return how the product's own server is begun."""
    serve = [*NORTHLOOP, "serve", "-C", str(folder)]
    sends = ("--set", "serving.mode=open")
    return lambda port: [*serve, *sends, "--set", f"serving.port={port}"]


@contextmanager
def profiled(pid: int, stacks: Path, seconds: float) -> Iterator[None]:
    """Write a server's stacks to a file for so long (`pip install py-spy`)."""
    command = ["py-spy", "record", "--gil", "--pid", str(pid), "-d", f"{seconds:.0f}", "-f", "raw"]
    watching = subprocess.Popen([*command, "-o", str(stacks)], stdout=subprocess.DEVNULL)
    yield
    watching.wait(PATIENCE_S)


def litellm(program: Path, folder: Path, behind: str) -> Callable[[int], list[str]]:
    """Return how LiteLLM's proxy is begun, with its local cache, before another server."""
    settings = folder / "litellm.yaml"
    settings.write_text(
        textwrap.dedent(f"""
            model_list:
              - model_name: northloop
                litellm_params: {{model: openai/small, api_base: "{behind}/v1", api_key: none}}
            litellm_settings:
              cache: true
              cache_params: {{type: local}}
            """)
    )
    command = [str(program), "--config", str(settings), "--num_workers", "1"]
    return lambda port: [*command, "--port", str(port)]


def shop(folder: Path) -> None:
    """Make a workspace with answers that were approved, and one release live."""
    workspace = made(folder, "")
    pair = pair_in_force(workspace.artefacts, workspace.records)
    for number, question in enumerate(APPROVED):
        name = f"approved-{number}"
        workspace.records.add(
            ApprovedAnswer(
                approved_id=name,
                question=question,
                answer=SAID,
                tenant="default",
                at=stamp(),
                origin="benchmark",
                words=words_of(question),
            )
        )
        vouch(workspace.parts, name, pair, "benchmark")
    workspace.close()


# --- what is measured --------------------------------------------------------------------------


def source(url: str, question: str) -> str:
    """Return where the answer to a question comes from."""
    asked = f"{url}/v1/chat/completions"
    reply = httpx.post(asked, content=body(question), timeout=PATIENCE_S)
    return str(reply.headers.get("x-northloop-source", ""))


def cached(url: str) -> tuple[str, ...]:
    """Return questions that come out of the cache."""
    for question in QUESTIONS:
        source(url, question)
    return tuple(question for question in QUESTIONS if source(url, question) == Source.CACHE)


def saturated(server: Running, seconds: float) -> Load:
    """Return the load of approved answers while more is to be generated than can be."""
    over = threading.Event()

    def keep_asking(worker: int) -> int:
        made, number = 0, worker
        with httpx.Client(timeout=PATIENCE_S) as client:
            while not over.is_set():
                asked = f"Can I hire a canoe with {number} paddles for a weekend in June?"
                answer = client.post(f"{server.url}/v1/chat/completions", content=body(asked))
                made += answer.status_code == 200
                number += 8
        return made

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(keep_asking, worker) for worker in range(8)]
        time.sleep(2.0)
        found = load(server, APPROVED, seconds, 4)
        over.set()
        print(f"generated meanwhile: {sum(each.result() for each in asking)}", file=sys.stderr)
    return found


def killed(folder: Path, seconds: float) -> tuple[int, int]:
    """Kill a server under load; return how many answers were received, and how many were lost."""
    received: list[str] = []

    def keep_asking(worker: int) -> None:
        with httpx.Client(timeout=PATIENCE_S) as client:
            for number in range(1_000_000):
                question = APPROVED[(worker + number) % len(APPROVED)]
                try:
                    answer = client.post(f"{url}/v1/chat/completions", content=body(question))
                except httpx.TransportError:
                    return
                received.append(answer.headers["x-northloop-interaction"])

    with started(northloop(folder), "/readyz") as (url, process), ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(keep_asking, worker) for worker in range(8)]
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        for each in asking:
            each.result()
    workspace = Workspace.open(folder)
    kept = workspace.records.get_all(Interaction, received)
    workspace.close()
    return len(received), len(received) - len(kept)


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--litellm", type=Path, help="the proxy's executable")
    asked.add_argument("--seconds", type=float, default=5.0)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--only", default="", help="one arm, as the table names it")
    asked.add_argument("--profile", type=Path, help="where py-spy writes the server's stacks")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as servers:
        folder = Path(scratch, "shop")
        shop(folder)
        ours = servers.enter_context(started(northloop(folder), "/readyz"))
        arms: dict[str, tuple[Running, Sequence[str]]] = {
            "bare server": (servers.enter_context(started(bare, "/")), APPROVED),
            "approved": (ours, APPROVED),
            "cached": (ours, cached(ours.url)),
            "a person, please": (ours, PERSON),
        }
        if given.litellm:
            command = litellm(given.litellm, Path(scratch), arms["bare server"][0].url)
            proxy = servers.enter_context(started(command, "/health/liveliness"))
            arms["LiteLLM, cache hits"] = (proxy, APPROVED)
        if given.only:
            arms = {given.only: arms[given.only]}
        wanted = {"approved": "approved", "cached": "cache", "a person, please": "handoff"}
        for name, (server, questions) in arms.items():
            if not questions or source(server.url, questions[0]) != wanted.get(name, ""):
                raise SystemExit(f"{name}: the answers come from elsewhere")
            load(server, questions, 2.0, CONNECTIONS)
        if given.profile:
            servers.enter_context(profiled(ours.process.pid, given.profile, given.seconds))
        found: dict[str, list[Load]] = {name: [] for name in arms}
        for _ in range(given.rounds):
            for name, (server, questions) in arms.items():
                found[name].append(load(server, questions, given.seconds, CONNECTIONS))
        _print(found)
        if not given.only:
            held = saturated(ours, 2 * given.seconds)
            print(
                f"\nApproved while generation is saturated: {held.per_s:,.0f}/s, "
                f"p50 {held.p50_ms:.1f} ms, p99 {held.p99_ms:.1f} ms, {held.failed} failed"
            )
    if not given.only:
        with tempfile.TemporaryDirectory() as scratch:
            shop(Path(scratch, "shop"))
            received, lost = killed(Path(scratch, "shop"), given.seconds)
            print(f"\nKilled under load: {received:,} answers received, {lost} lost")


def _print(found: dict[str, list[Load]]) -> None:
    peer = found.get("LiteLLM, cache hits")
    print("| answers | per s | p50, ms | p99, ms | CPU ms each | failed | × LiteLLM |")
    print("|---|---|---|---|---|---|---|")
    for name, loads in found.items():
        per_s = median(one.per_s for one in loads)
        ratio = f"{per_s / median(one.per_s for one in peer):.1f}" if peer else ""
        p50, p99 = median(one.p50_ms for one in loads), median(one.p99_ms for one in loads)
        failed = sum(one.failed for one in loads)
        cpu = median(one.cpu_ms for one in loads)
        figures = f"{per_s:,.0f} | {p50:.1f} | {p99:.1f} | {cpu:.2f}"
        print(f"| {name} | {figures} | {failed} | {ratio} |")


if __name__ == "__main__":
    main()
