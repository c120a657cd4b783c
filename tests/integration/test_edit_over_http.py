"""An article is edited while customers ask over HTTP, and an update is killed half-way.

Real server processes, the real embedder, index, watched folder, records and caches; only the model
is scripted.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from killing import run
from northloop.app import knowledge
from northloop.core.actor import team
from northloop.loop.pairs import open_pair
from northloop.loop.promote import live_pair
from serve_stale import benchmark

stale = benchmark()
ARTICLES = 40
EDITED = 20
THREADS = 10
IN_FORCE_S = 5.0
SERVER = Path(__file__).parents[1] / "serve_stale.py"


class Said(NamedTuple):
    """One answer over HTTP."""

    began: float
    ended: float
    name: str
    text: str
    source: str
    evidence: list[dict[str, object]]
    interaction: str


@contextmanager
def server(folder: Path, cache: str) -> Iterator[str]:
    command = [sys.executable, str(SERVER), str(folder), cache]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        try:
            address = process.stdout.readline().strip()
            assert address, "the server did not start"
            yield address
        finally:
            process.stdin.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def asked(client: httpx.Client, name: str) -> Said:
    began = time.monotonic()
    body = {"messages": [{"role": "user", "content": stale.question(name)}]}
    answer = client.post("/v1/chat/completions", json=body)
    answer.raise_for_status()
    found = answer.json()
    return Said(
        began=began,
        ended=time.monotonic(),
        name=name,
        text=found["choices"][0]["message"]["content"],
        source=found["northloop"]["source"],
        evidence=found["northloop"]["evidence"],
        interaction=found["northloop"]["interaction_id"],
    )


def kept_evidence(client: httpx.Client, said: Said) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get(f"/v1/interactions/{said.interaction}").json()[
        "evidence"
    ]
    return found


def streamed_evidence(client: httpx.Client, name: str) -> object:
    body = {"messages": [{"role": "user", "content": stale.question(name)}], "stream": True}
    lines = client.post("/v1/chat/completions", json=body).text.split("\n\n")
    chunks = [json.loads(line[6:]) for line in lines if line.startswith("data: {")]
    return chunks[-1]["northloop"]["evidence"]


class Customers:
    """Ten of them ask everything again and again, each of the servers in turn."""

    def __init__(self, addresses: Sequence[str], names: Sequence[str]) -> None:
        self._addresses, self._names = addresses, names
        self._ended = threading.Event()
        self.said: list[Said] = []
        self.failed: list[Exception] = []
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(THREADS)]

    def __enter__(self) -> Customers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        count = number
        address = self._addresses[number % len(self._addresses)]
        with httpx.Client(base_url=address, timeout=30) as client:
            while not self._ended.is_set():
                # Every fourth question is about the article that is edited.
                place = EDITED if count % 4 == 0 else count % len(self._names)
                try:
                    self.said.append(asked(client, self._names[place]))
                except Exception as error:  # noqa: BLE001
                    self.failed.append(error)
                count += 1


@pytest.fixture(scope="module")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stale") / "shop"
    stale.made(folder, ARTICLES).close()
    return folder


@pytest.fixture
def shop(shop_folder: Path, tmp_path: Path) -> Path:
    shutil.copytree(shop_folder, tmp_path / "shop")
    return tmp_path / "shop"


@pytest.mark.parametrize(("cache", "servers"), [("memory", 1), ("redis", 2)])
def test_an_edit_reaches_customers_in_seconds_and_nothing_stale_is_served(
    shop: Path, cache: str, servers: int, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("redis_url") if cache == "redis" else "memory"
    names = stale.names(ARTICLES)
    article = shop / "documents" / f"{names[EDITED].replace(' ', '-')}.md"
    with ExitStack() as stack:
        addresses = [stack.enter_context(server(shop, url)) for _ in range(servers)]
        clients = [
            stack.enter_context(httpx.Client(base_url=address, timeout=30)) for address in addresses
        ]
        first = [asked(clients[0], name) for name in names]
        assert all(said.evidence and all(one["stands"] for one in said.evidence) for said in first)
        assert kept_evidence(clients[-1], first[EDITED]) == first[EDITED].evidence
        assert streamed_evidence(clients[-1], names[EDITED]) == first[EDITED].evidence
        again = [asked(clients[-1], name) for name in names]
        assert [said.source for said in again] == ["cache"] * ARTICLES
        with Customers(addresses, names) as many:
            time.sleep(1)
            edited_at = time.monotonic()
            article.write_text(stale.article(names[EDITED], 77), "utf-8")
            until = edited_at + 3 * IN_FORCE_S
            while not (new := [s for s in many.said if "77 euros" in s.text]):
                assert time.monotonic() < until, "the edit never came into force"
                time.sleep(0.01)
            time.sleep(1)
        last = [asked(client, name) for client in clients for name in names]
        then = kept_evidence(clients[-1], first[EDITED])
    assert many.failed == []
    came = min(said.ended for said in new)
    assert came - edited_at < IN_FORCE_S
    old = f"{stale.price_of(EDITED)} euros"
    late = [s for s in many.said + last if s.began > came and s.name == names[EDITED]]
    assert len(late) > servers
    assert [said for said in late if old in said.text] == []
    assert all("77 euros" in said.text for said in late)
    [source, *_] = late[-1].evidence
    assert source["document"] == article.stem and source["stands"]
    assert not then[0]["stands"] and then[0]["since"] == first[EDITED].evidence[0]["since"]
    assert str(source["since"]) > str(first[EDITED].evidence[0]["since"])
    others = [s for s in many.said + last if s.ended > came and s.name != names[EDITED]]
    hits = sum(said.source == "cache" for said in others)
    assert hits >= 0.95 * len(others), f"{hits} of {len(others)}"


KILLED = """
import os, signal, sys
from northloop.cli.main import app
folder, left = sys.argv[1], int(sys.argv[2])
CHANGES = {"open", "os.rename", "os.mkdir", "os.remove", "os.link"}
def hook(event, args):
    global left
    if event not in CHANGES or (event == "open" and not changes(args)):
        return
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
def changes(args):
    return isinstance(args[1], str) and set("wax+") & set(args[1]) or (
        isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR))
sys.addaudithook(hook)
app(["knowledge", "update", "--dir", folder], standalone_mode=False)
"""


def test_an_update_killed_at_any_point_leaves_the_old_pair_or_the_new_one(shop: Path) -> None:
    names = stale.names(ARTICLES)
    article = shop / "documents" / f"{names[EDITED].replace(' ', '-')}.md"
    workspace = stale.Shop.open(shop, {"serving.max_answer_tokens": "60"})
    knowledge.update(workspace, team())
    killed = 0
    for number, point in enumerate((1, 2, 3, 5, 8, 12, 16, 22, 30, 45, 70)):
        before = live_pair(workspace.artefacts, workspace.records)
        assert before is not None
        article.write_text(stale.article(names[EDITED], 5000 + number), "utf-8")
        done = run(KILLED, shop, str(point))
        pair = live_pair(workspace.artefacts, workspace.records)
        assert pair is not None
        release, index = open_pair(workspace.parts, pair)
        hits = index.search(stale.question(names[EDITED]), release.passages)
        says = {f"{5000 + number} euros" in hit.passage.text for hit in hits}
        assert any(says) == (pair != before), "the new pair says the new text, the old one does not"
        if done.returncode == 0:
            assert pair != before
            break
        assert done.returncode == -9, done.stderr
        killed += 1
        made = knowledge.update(workspace, team())
        assert made.knowledge and made.edit.vanished == ()
        after = live_pair(workspace.artefacts, workspace.records)
        assert after is not None and after.release == before.release
        assert after.knowledge == made.knowledge != before.knowledge
    assert killed >= 5
    workspace.close()
