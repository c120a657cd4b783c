"""Two `northloop serve` on one PostgreSQL: one line, one thing live, one verdict for both."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec
import pytest

from chat_server import ChatServer
from forked import northloop
from northloop import setup
from northloop.console.security import TOKEN_COOKIE
from northloop.core.deployment import Action, Arm, Deployment, deployment_name
from northloop.core.ids import Hash
from northloop.core.interaction import Interaction, ReviewItem, Source
from northloop.demo.company import make_workspace
from northloop.loop import promote, steps
from northloop.loop.journal import customers
from northloop.loop.knowledge import make_material
from northloop.stages.monitoring import tally
from northloop.stages.monitoring.sampling import Traffic
from northloop.testing.servers import free_port
from northloop.workspace import Workspace

ANSWERS = 150
"""By each server."""
AFTERWARDS = 20
"""Asked by each customer after the roll-back."""
SHARE = 0.08
SAID = "Please look at our page."

pytestmark = [pytest.mark.timeout(180)]


class Server(NamedTuple):
    """A running `northloop serve`."""

    client: httpx.Client

    def ask(self, text: str) -> str:
        """Ask as a customer; return the id of the interaction."""
        body = {"model": "northloop", "messages": [{"role": "user", "content": text}]}
        answer = self.client.post("/v1/chat/completions", json=body)
        assert answer.status_code == 200, answer.text
        found: str = answer.json()["id"]
        return found.removeprefix("chatcmpl-")

    def post(self, path: str, **fields: str) -> None:
        """Send a form of the console, as a browser does."""
        if TOKEN_COOKIE not in self.client.cookies:
            self.client.get("/")
        data = {"token": self.client.cookies[TOKEN_COOKIE], **fields}
        answer = self.client.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 303, answer.text


class House(NamedTuple):
    """Two servers, and the store that both write to."""

    one: Server
    other: Server
    workspace: Workspace
    before: Hash
    """The release that was live before the present one."""


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    port = free_port()
    given = ("serve", "-C", str(folder), "--set", f"serving.port={port}")
    with northloop(*given, env={"NO_COLOR": "1"}) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                deadline = time.monotonic() + 60
                while not _is_ready(client):
                    assert process.returncode is None and time.monotonic() < deadline
                    time.sleep(0.05)
                yield Server(client)
        finally:
            process.terminate()


def _is_ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace without a release, its documents and settings."""
    folder = tmp_path_factory.mktemp("two") / "shop"
    make_workspace(folder, 60, 1)
    return folder


@pytest.fixture
def house(shop: Path, tmp_path: Path, postgres_url: str) -> Iterator[House]:
    with ExitStack() as stack:
        model = stack.enter_context(
            ChatServer(lambda _: SAID, frozenset({"logprobs", "schema"})).running()
        )
        first, second = tmp_path / "first", tmp_path / "second"
        shutil.copytree(shop, first)
        settings = {
            "storage.records": postgres_url,
            "serving.engine.url": model.url,
            "serving.engine.model": "small",
            "review.share": SHARE,
        }
        setup.write_settings(first, settings)
        workspace = Workspace.open(first)
        stack.callback(workspace.close)
        before = _made_live_after_another(workspace)
        shutil.copytree(first, second)
        one, other = (stack.enter_context(served(folder)) for folder in (first, second))
        yield House(one, other, workspace, before)


def _made_live_after_another(workspace: Workspace) -> Hash:
    """Make two releases live, one after the other; return the first."""
    parts, spec = workspace.parts, workspace.turn_spec()
    dataset = steps.make_dataset(parts, spec.prepare, spec.sources, (), None).hash
    material = make_material(parts, spec.documents, dataset)
    recipes = (spec.recipe, msgspec.structs.replace(spec.recipe, prompt="You answer."))
    first, second = (
        steps.make_release(parts, recipe, material, None, spec.measure).hash for recipe in recipes
    )
    made = promote.promote_release(parts.artefacts, parts.records, first)
    following = Deployment(
        deployment_id=deployment_name(made.tenant, 2),
        version=2,
        arms=(Arm(release=second, knowledge=made.knowledge),),
        at=made.at,
        action=Action.PROMOTE,
    )
    assert workspace.records.add(following)
    return first


def test_traffic_to_both_lays_one_line_and_draws_one_sample(house: House) -> None:
    def many(server: Server, name: str) -> None:
        for number in range(ANSWERS):
            server.ask(f"How long does {name} number {number} take to arrive?")

    with ThreadPoolExecutor(4) as pool:
        asking = [
            pool.submit(many, server, name)
            for server, name in ((house.one, "parcel"), (house.other, "letter"))
        ]
        for each in asking:
            each.result()
    records = house.workspace.records
    kept = [*customers(records)]
    assert len(kept) == records.count(Interaction) == 2 * ANSWERS
    spans = [i.review_span for i in kept if i.review_probability]
    assert spans[0][0] == 0.0
    assert [low for low, _ in spans[1:]] == [high for _, high in spans[:-1]], "end to end"
    names = ["parcel" in i.question for i in kept]
    assert sum(a != b for a, b in pairwise(names)) > 20, "they took turns"
    line = records.get(Traffic, "all")
    assert line == Traffic.of(kept)
    drawn = records.count(ReviewItem)
    assert -3 < drawn - line.given < 1, "one answer a unit of the line"
    assert drawn == pytest.approx(SHARE * 2 * ANSWERS, rel=0.3)
    assert sum(t.everything for t in tally.all_totals(records).values()) == len(kept)


def test_what_one_makes_live_the_other_serves_within_a_second(house: House) -> None:
    records = house.workspace.records
    asked = records.get(Interaction, house.other.ask("How long does delivery take?"))
    assert asked.release != house.before
    house.one.post(f"/releases/{house.before}/roll-back")
    made_live = time.monotonic()
    again = records.get(Interaction, house.other.ask("How long does delivery take?"))
    assert again.release == house.before
    assert time.monotonic() - made_live < 1.0


def test_a_roll_back_under_load_drops_no_request(house: House) -> None:
    """Customers ask both servers without a pause; one is told to roll back in the middle."""
    rolled, begun = threading.Event(), threading.Barrier(7)
    named = re.compile(r"number (\d+)")

    def keep_asking(server: Server, name: str) -> list[tuple[bool, str]]:
        found = []
        while sum(after for after, _ in found) < AFTERWARDS:
            after = rolled.is_set()
            found.append((after, server.ask(f"How long does {name} number {len(found)} take?")))
            if len(found) == 1:
                begun.wait(60)  # all have asked before the roll-back, however busy the machine is
        return found

    with ThreadPoolExecutor(6) as pool:
        asking = [
            pool.submit(keep_asking, server, f"{name} of {customer}")
            for server, name in ((house.one, "parcel"), (house.other, "letter"))
            for customer in ("Ana", "Ben", "Cem")
        ]
        begun.wait(60)
        time.sleep(1)
        house.one.post(f"/releases/{house.before}/roll-back")
        time.sleep(1)  # within it the other one has followed
        rolled.set()
        asked = [each.result() for each in asking]
    records = house.workspace.records
    for lane in asked:
        kept = [records.get(Interaction, interaction_id) for _, interaction_id in lane]
        releases = [one.release for one in kept]
        assert {r for r, (after, _) in zip(releases, lane, strict=True) if after} == {house.before}
        changes = [a != b for a, b in pairwise(releases)]
        assert sum(changes) == 1, "from one to the other, once"
        numbers = [int(found[1]) for one in kept if (found := named.search(one.question))]
        assert numbers == [*range(len(lane))], "no answer is missing"


def test_a_verdict_at_one_stops_the_answer_at_the_other_at_once(house: House) -> None:
    records = house.workspace.records
    number, items = 0, []
    while not items:
        number += 1
        question = f"How long does parcel number {number} take to arrive?"
        kept = records.get(Interaction, house.other.ask(question))
        items = records.query(ReviewItem, {"interaction_id": kept.interaction_id}).rows
        items = items if kept.source is Source.GENERATED else []
        assert number < 200
    cached = records.get(Interaction, house.other.ask(question))
    assert (cached.source, cached.answer) == (Source.CACHE, kept.answer)
    house.one.post(f"/review/{items[0].review_id}/verdict", kind="incorrect")
    after = records.get(Interaction, house.other.ask(question))
    assert after.answer != kept.answer
    assert records.get(Interaction, kept.interaction_id).reviewed
    review = {"kind": "incorrect", "correction": "It takes two days."}
    house.one.post(f"/review/{items[0].review_id}/verdict", **review)
    corrected = records.get(Interaction, house.other.ask(question))
    assert (corrected.source, corrected.answer) == (Source.APPROVED, "It takes two days.")
