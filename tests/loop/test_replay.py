"""A candidate is asked again what its turn came from."""

from __future__ import annotations

import msgspec

from loop.test_earlier import decision_of
from loop.test_promotion import next_turn
from loop.test_retraining import corrected, proposed
from loop.world import World
from northloop.core.artefacts import Kind, Replay, Report
from northloop.core.ids import canonical
from northloop.loop import promote
from northloop.loop.bundles import read_one
from northloop.loop.replay import replayed


def test_what_reviewers_corrected_is_asked_again(turned: World) -> None:
    corrected(turned, 4)
    state = turned.judged(proposed(turned))
    found = decision_of(turned, state["release"]).replay
    assert found is not None
    assert found.asked == 4
    assert found.right + found.again + found.handed_off <= 4
    assert found.words.startswith("Asked again what reviewers had judged (4): ")


def test_a_turn_without_verdicts_asks_nothing_again(turned: World) -> None:
    _, release = next_turn(turned)
    found = decision_of(turned, release).replay
    assert found == Replay()
    assert found.words == ""


def test_what_was_judged_wrong_and_is_said_again_is_told(turned: World) -> None:
    """The live release, asked what it was asked before, says what it said."""
    verdicts = corrected(turned, 3)
    live = promote.live_pair(turned.parts.artefacts, turned.records)
    assert live
    report = next(
        a.hash
        for a in turned.parts.artefacts.list(Kind.REPORT)
        if a.manifest.meta["release"] == live.release
    )
    found = replayed(turned.parts, live, report, live.release, verdicts)
    assert (found.asked, found.right) == (3, 0)
    assert found.again + found.handed_off == 3


def test_what_the_last_promotion_lost_is_looked_at(turned: World) -> None:
    artefacts, records = turned.parts.artefacts, turned.records
    _, second = next_turn(turned)
    judged = next(
        a for a in artefacts.list(Kind.DECISION) if a.manifest.meta["candidate"] == second
    )
    ours, theirs = judged.manifest.parents
    read = read_one(artefacts, ours, "report.json", Report)
    before = read_one(artefacts, theirs, "report.json", Report)
    was_right = [n for n, value in enumerate(before.score("right").items) if value][:2]
    items = list(read.score("right").items)
    for number in was_right:
        items[number] = 0.0
    lost = msgspec.structs.replace(
        read,
        scores=tuple(
            msgspec.structs.replace(s, items=tuple(items)) if s.metric == "right" else s
            for s in read.scores
        ),
    )
    worse = artefacts.put(
        Kind.REPORT,
        {"report.json": canonical(lost)},
        parents=artefacts.get(ours).manifest.parents,
        meta=artefacts.get(ours).manifest.meta,
    )
    told = artefacts.put(
        Kind.DECISION,
        {"decision.json": artefacts.path(judged.hash, "decision.json").read_bytes()},
        parents=[worse.hash, theirs],
        meta=judged.manifest.meta,
    )
    promote.promote(artefacts, records, told.hash)
    live = promote.live_pair(artefacts, records)
    assert live
    found = replayed(turned.parts, live, theirs, second, ())
    assert was_right
    assert (found.lost, found.won_back) == (len(was_right), len(was_right))
    assert replayed(turned.parts, live, worse.hash, second, ()).won_back == 0
    assert "right again" in found.words
