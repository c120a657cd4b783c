"""A customer is forgotten in one process: another, whose memory holds the answers, gives none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import pytest

from chat_server import ChatServer
from forked import northloop
from integration.test_two_servers import Server, served
from northloop import setup
from northloop.core.interaction import ApprovedAnswer, Interaction, ReviewItem, Source
from northloop.demo.company import make_workspace
from northloop.loop import promote, steps
from northloop.loop.knowledge import make_material
from northloop.workspace import Workspace

QUESTION = "How long does delivery take?"
SAID = [f"Please look at our page{end}" for end in (".", ", then.", " first.", " now.", " again.")]
"""What the model says, one after the other."""
pytestmark = [pytest.mark.timeout(180)]


class House(NamedTuple):
    """Two servers of one folder, each with a cache in its own memory."""

    one: Server
    other: Server
    folder: Path
    workspace: Workspace


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder, said = tmp_path_factory.mktemp("forgotten") / "shop", cycle(SAID)
    with ExitStack() as stack:
        able = frozenset({"logprobs", "schema"})
        model = stack.enter_context(ChatServer(lambda _: next(said), able).running())
        make_workspace(folder, 60, 1)
        engine = {"serving.engine.url": model.url, "serving.engine.model": "small"}
        setup.write_settings(folder, engine)
        workspace = Workspace.open(folder)
        stack.callback(workspace.close)
        parts, spec = workspace.parts, workspace.turn_spec()
        dataset = steps.make_dataset(parts, spec.prepare, spec.sources, (), None).hash
        material = make_material(parts, spec.documents, dataset)
        release = steps.make_release(parts, spec.recipe, material, None, spec.measure).hash
        promote.promote_release(parts.artefacts, parts.records, release)
        one, other = (stack.enter_context(served(folder)) for _ in range(2))
        yield House(one, other, folder, workspace)


def ask(house: House, server: Server, question: str, customer: str) -> Interaction:
    server.client.headers["x-customer-id"] = customer
    return house.workspace.records.get(Interaction, server.ask(question))


def cached(house: House, question: str, customer: str) -> Interaction:
    """Have a customer ask until the other server's memory gives the answer; return the first."""
    first = ask(house, house.other, question, customer)
    assert first.source is Source.GENERATED, first.trace
    again = ask(house, house.other, question, "somebody else")
    assert (again.source, again.answer) == (Source.CACHE, first.answer)
    return first


def assert_gone(house: House, question: str, first: Interaction) -> None:
    assert house.workspace.records.find(Interaction, first.interaction_id) is None
    after = ask(house, house.other, question, "somebody else")
    assert after.source is Source.GENERATED
    assert after.answer != first.answer
    # Where the other server has let go of its memory by then, which it does within seconds, nothing
    # of the customer is there to be found.
    looked_up = {step.decision for step in after.trace if step.name == "cache"}
    assert looked_up in ({"forgotten"}, {"miss"})
    # That server may let go of it in between; then the next answer is kept.
    later = {ask(house, house.other, question, f"asker {n}").source for n in range(3)}
    assert Source.CACHE in later, "kept anew"


def test_what_the_console_of_one_forgets_the_other_gives_no_more(house: House) -> None:
    first = cached(house, QUESTION, "grace@example.org")
    others = cached(house, "Do you ship to Norway?", "alan@example.org")
    house.one.post("/answers/forget", tenant="default", customer="grace@example.org")
    assert_gone(house, QUESTION, first)
    kept = ask(house, house.other, "Do you ship to Norway?", "somebody else")
    assert (kept.source, kept.answer) == (Source.CACHE, others.answer), "nobody else is concerned"


def test_so_does_the_command_line(house: House) -> None:
    question = "How long can I return a tent?"
    first = cached(house, question, "hedy@example.org")
    done_elsewhere(house, "forget", "hedy@example.org", "--yes")
    assert_gone(house, question, first)


def done_elsewhere(house: House, *typed: str) -> None:
    """Run a command in a process of its own."""
    with northloop(*typed, "-C", str(house.folder)) as process:
        _, errors = process.printed()
    assert process.returncode == 0, errors


def test_an_approval_that_is_withdrawn_at_one_is_served_by_neither(house: House) -> None:
    question = "Do you repair boots?"
    kept = ask(house, house.other, question, "joan@example.org")
    item = ReviewItem(
        review_id="joans",
        interaction_id=kept.interaction_id,
        at=kept.at,
        probability=1.0,
        uniform=False,
    )
    house.workspace.records.add(item)
    correction = {"kind": "incorrect", "correction": "Yes, we do."}
    house.one.post(f"/review/{item.review_id}/verdict", **correction)
    served_now = ask(house, house.other, question, "somebody else")
    assert (served_now.source, served_now.answer) == (Source.APPROVED, "Yes, we do.")
    (approved,) = house.workspace.records.query(ApprovedAnswer).rows
    done_elsewhere(house, "approved", "withdraw", approved.approved_id)
    after = ask(house, house.other, question, "somebody else")
    assert after.source is not Source.APPROVED and after.answer != "Yes, we do."


def test_documents_that_another_process_puts_in_force_end_what_is_cached(house: House) -> None:
    question = "How do I look after leather boots?"
    first = cached(house, question, "mary@example.org")
    cites = {passage.partition("#")[0] for passage in first.citations}
    for file in house.workspace.documents_folder.glob("*.md"):
        if file.stem in cites:
            file.write_text(file.read_text("utf-8").replace(".", ", since May."), "utf-8")
    done_elsewhere(house, "knowledge", "update")
    after = ask(house, house.other, question, "somebody else")
    assert after.source is not Source.CACHE
    assert ("cache", "documents changed") in {(step.name, step.decision) for step in after.trace}
