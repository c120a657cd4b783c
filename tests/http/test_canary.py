"""A canary under load: begun, stopped, begun and promoted while customers ask, over real HTTP."""

from __future__ import annotations

import threading
from collections import defaultdict
from pathlib import Path

import httpx

from northloop.app import canaries
from northloop.core.actor import team
from northloop.core.interaction import HandoffReason, Interaction
from northloop.loop import promote
from on_trial import SAID_NEWER, OnTrial, passed, said
from scripted_workspace import SAID, with_release
from serving_at import served

THREADS, TALKS = 4, 30
CHAT = "/v1/chat/completions"
LIVE, DOUBT = "northloop", {"promoted", "stopped"}


class Load:
    """Customers who ask twice in each conversation, from several threads."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._done = threading.Semaphore(0)
        self.statuses: list[int] = []
        self.failed: list[Exception] = []
        self._threads = [
            threading.Thread(target=self._ask, args=(who,), name=f"customers {who}")
            for who in range(THREADS)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wait_for(self, requests: int) -> None:
        """Return after so many more requests."""
        for _ in range(requests):
            assert self._done.acquire(timeout=60)

    def end(self) -> None:
        for thread in self._threads:
            thread.join()

    def _ask(self, who: int) -> None:
        try:
            with httpx.Client(base_url=self._address, timeout=60) as client:
                for talk in range(TALKS):
                    for text in ("How long can I return a tent?", "And where do I send it?"):
                        body = {"messages": [{"role": "user", "content": f"{text} {who} {talk}"}]}
                        names = {
                            "x-customer-id": f"customer {who} {talk}",
                            "x-conversation-id": f"talk {who} {talk}",
                        }
                        response = client.post(CHAT, json=body, headers=names)
                        self.statuses.append(response.status_code)
                        self._done.release()
        except Exception as error:  # noqa: BLE001 (the test says so)
            self.failed.append(error)
            for _ in range(2 * THREADS * TALKS):
                self._done.release()


def test_nothing_is_lost_while_a_canary_comes_and_goes(tmp_path: Path) -> None:
    workspace = with_release(tmp_path / "shop", kind=OnTrial)
    candidate, against = passed(workspace), promote.live(workspace.records)
    trials = []
    with served(workspace) as address:
        load = Load(address)
        load.start()
        for end in (canaries.stop, None):
            load.wait_for(THREADS * TALKS // 3)
            trials.append(canaries.start(workspace, team(), candidate, 0.5).trial_id)
            load.wait_for(THREADS * TALKS // 3)
            if end is not None:
                end(workspace, team())
        promote.promote_release(workspace.artefacts, workspace.records, candidate)
        load.end()
        metrics = httpx.get(f"{address}/metrics", timeout=60).text
        shown = httpx.get(f"{address}/v1/canary", timeout=60).json()
    kept = workspace.records.query(Interaction).rows
    assert not load.failed
    assert load.statuses == [200] * (2 * THREADS * TALKS)
    assert len(kept) == len(load.statuses)
    _each_is_of_one_release(kept, {candidate: SAID_NEWER, against or "": SAID})
    _conversations_stay(kept, candidate)
    held_out = [i for i in kept if i.handoff is HandoffReason.HELD_OUT]
    assert held_out
    assert not any(i.canary.trial_id for i in held_out)
    assert {i.canary.trial_id for i in kept} == {"", *trials}
    assert 'northloop_answers_total{arm="canary"' in metrics
    assert shown["ended"]["action"] == "promote"
    assert promote.live(workspace.records) == candidate
    workspace.close()


def _each_is_of_one_release(kept: list[Interaction], says: dict[str, str]) -> None:
    made = [i for i in kept if said(i) in says.values()]
    assert {i.release for i in made} == set(says)
    for interaction in made:
        assert said(interaction) == says[interaction.release]


def _conversations_stay(kept: list[Interaction], candidate: str) -> None:
    """One that was drawn for stays with its release for as long as its trial goes on."""
    talks: dict[tuple[str, str], list[Interaction]] = defaultdict(list)
    for interaction in kept:
        if interaction.canary.trial_id:
            talks[interaction.conversation_id, interaction.canary.trial_id].append(interaction)
    assert any(len(said_) == 2 for said_ in talks.values())
    for of_it in talks.values():
        assert len({i.release for i in of_it}) == 1
        assert (of_it[0].release == candidate) == of_it[0].canary.treated
