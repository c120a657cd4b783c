"""The company of `random_days.py`, its workspace and the doors of its server."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from random import Random

import httpx

NORTHLOOP = str(Path(sys.executable).with_name("northloop"))
SERVING = 'embedder = "words"\nmode = "open"\ntolerated = 0.2'
REST = """
[gate]
success = ["right", "answered"]
alpha = 0.5
pairs = 0
simple = false
[evaluation]
test_items = 30
validation_items = 20
[canary]
window_hours = 0.005
[loop]
verdicts_per_turn = 5
[serving.engine]
url = "http://127.0.0.1:1/v1"
model = "stub"
"""

THINGS = (
    "kettle",
    "toaster",
    "blender",
    "vacuum cleaner",
    "lamp",
    "heater",
    "fan",
    "scale",
    "radio",
    "mixer",
)
ASPECTS = {
    "return": (
        "Returns",
        "You can return the {thing} within {n} days of delivery.",
        (
            "How many days do I have to return the {thing}?",
            "How long can I send the {thing} back?",
            "What is the return period of the {thing}?",
            "Until when may I return my {thing}?",
            "I do not like the {thing}, how long can I return it?",
        ),
    ),
    "warranty": (
        "Warranty",
        "The warranty of the {thing} lasts {n} months.",
        (
            "How long is the warranty of the {thing}?",
            "For how many months is the {thing} under warranty?",
            "What warranty do you give on the {thing}?",
            "Is my {thing} still under warranty, how long does it last?",
            "When does the warranty on the {thing} end?",
        ),
    ),
    "power": (
        "Power",
        "The {thing} draws {n} watts.",
        (
            "How many watts does the {thing} draw?",
            "What is the power consumption of the {thing}?",
            "How much electricity does the {thing} need?",
            "What wattage has the {thing}?",
            "Does the {thing} use a lot of power, how many watts?",
        ),
    ),
    "repair": (
        "Repair",
        "A repair of the {thing} costs {n} euros.",
        (
            "How much does it cost to repair the {thing}?",
            "What is the price of a repair of the {thing}?",
            "My {thing} is broken, what does a repair cost?",
            "What do you charge for mending the {thing}?",
            "Can you repair my {thing}, and for how much?",
        ),
    ),
    "clean": (
        "Cleaning",
        "Clean the {thing} every {n} weeks with warm water.",
        (
            "How often should I clean the {thing}?",
            "After how many weeks must I clean the {thing}?",
            "What is the cleaning interval of the {thing}?",
            "How do I keep the {thing} clean, and how often?",
            "When does the {thing} have to be cleaned?",
        ),
    ),
    "parts": (
        "Spare parts",
        "Spare parts of the {thing} arrive within {n} working days.",
        (
            "How long do spare parts of the {thing} take?",
            "When do spare parts for the {thing} arrive?",
            "I need a spare part for my {thing}, how fast do you deliver?",
            "What is the delivery time of parts for the {thing}?",
            "How soon can I have a new part for the {thing}?",
        ),
    ),
}


class Fact:
    """What the company says of one aspect of one thing; its number is no other fact's."""

    def __init__(self, thing: str, aspect: str, n: int) -> None:
        self.thing, self.aspect, self.n = thing, aspect, n

    @property
    def says(self) -> str:
        return ASPECTS[self.aspect][1].format(thing=self.thing, n=self.n)

    def asked(self, way: int) -> str:
        return ASPECTS[self.aspect][2][way].format(thing=self.thing)

    @property
    def ways(self) -> int:
        return len(ASPECTS[self.aspect][2])


class Company:
    """An invented company: sixty facts in ten documents."""

    def __init__(self, rng: Random) -> None:
        numbers = iter(rng.sample(range(11, 99), 88))
        self.facts = [Fact(t, a, next(numbers)) for t in THINGS for a in ASPECTS]
        self.free = [*numbers]

    def document(self, thing: str) -> str:
        parts = [f"# The {thing}"]
        for fact in (f for f in self.facts if f.thing == thing):
            parts.append(f"## {ASPECTS[fact.aspect][0]} of the {thing}\n\n{fact.says}")
        return "\n\n".join(parts) + "\n"

    def tickets(self, rng: Random, count: int, first: int = 0) -> str:
        """An export of so many tickets, in JSON lines."""
        rows = []
        for number in range(first, first + count):
            fact = rng.choice(self.facts)
            day = f"2026-{1 + number % 9:02}-{1 + number % 28:02}"
            rows.append(
                {
                    "ticket_id": f"T{number}",
                    "created_at": f"{day}T09:00:00Z",
                    "first_response_at": f"{day}T09:{10 + number % 50:02}:00Z",
                    "closed_at": f"{day}T11:{number % 60:02}:00Z",
                    "customer_id": f"old-{number % 997}",
                    "question": fact.asked(rng.randrange(3)),
                    "reply": f"{fact.says} {rng.choice(CLOSINGS)}",
                    "intent": f"{fact.thing} {fact.aspect}",
                }
            )
        return "".join(json.dumps(row) + "\n" for row in rows)


CLOSINGS = ("Best wishes", "We are glad to help.", "Have a nice day.", "Write again if you like.")


# --- what serves ---------------------------------------------------------------------------------


class Stub(BaseHTTPRequestHandler):
    """A model server that always says the same."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        said = {"role": "assistant", "content": "Please ask again."}
        choice = {"index": 0, "finish_reason": "stop"}
        streams = bool(asked.get("stream"))
        if streams:
            chunk = {"id": "x", "choices": [{**choice, "delta": said}]}
            body, kind = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n", "text/event-stream"
        else:
            usage = {"prompt_tokens": 5, "completion_tokens": 4}
            whole = {"id": "x", "choices": [{**choice, "message": said}], "usage": usage}
            body, kind = json.dumps(whole), "application/json"
        self._reply(body, kind)

    def do_GET(self) -> None:
        self._reply('{"data": [{"id": "stub"}]}', "application/json")

    def _reply(self, body: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        return


DYING = """
import os, signal, sys, threading
left, told, *argv = sys.argv[1:]
left, seen = int(left), 0
import northloop.cli.main, northloop.app.releases, northloop.app.answers, northloop.workspace
import northloop.adapters.embedded.sqlite_records, northloop.adapters.embedded.files
NAMES = {"execute", "executemany", "commit", "rollback", "fsync", "fdatasync", "rename",
         "replace", "write", "link", "unlink", "mkdir", "flush"}
def hook(frame, event, arg):
    global seen
    if event in ("c_call", "c_return") and getattr(arg, "__name__", "") in NAMES:
        seen += 1
        if seen == left:
            os.kill(os.getpid(), signal.SIGKILL)
sys.argv = ["northloop", *argv]
threading.setprofile(hook)
sys.setprofile(hook)
try:
    northloop.cli.main.main()
finally:
    sys.setprofile(None)
    open(told, "w").write(str(seen))
"""
"""The command line, which dies at the left-th call that writes; told how many there are."""


class Shop:
    """The workspace's folder, its server process and the doors of both."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.url = f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.api = httpx.Client(base_url=self.url, timeout=60)
        self.console = httpx.Client(
            base_url=self.url, timeout=60, headers={"sec-fetch-site": "same-origin"}
        )

    def start(self) -> None:
        with (self.folder.parent / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [NORTHLOOP, "serve", "-C", self.folder, "--port", str(self.port)],
                stdout=log,
                stderr=log,
            )
        for _ in range(600):
            if self.process.poll() is not None:
                raise RuntimeError("the server did not start")
            try:
                if httpx.get(f"{self.url}/readyz", timeout=60).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise RuntimeError("the server is not ready after a minute")

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def post(self, path: str, **fields: object) -> httpx.Response:
        """A form of the console."""
        if not self.console.cookies.get("northloop_token"):
            self.console.get("/desk")
        token = self.console.cookies.get("northloop_token") or ""
        return self.console.post(path, data={"token": token, **fields})

    def cli(self, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        verb = [NORTHLOOP, *arguments, "-C", str(self.folder)]
        return subprocess.run(verb, capture_output=True, text=True, timeout=300, input=stdin)

    def dying(self, left: int, *arguments: str) -> tuple[int, int]:
        """Run a verb that dies at its left-th write; return its exit code and all its writes."""
        told = self.folder.parent / "writes"
        told.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", DYING, str(left), str(told), *arguments, "-C", str(self.folder)],
            capture_output=True,
            text=True,
            timeout=300,
        )
        return done.returncode, int(told.read_text()) if told.exists() else 0
