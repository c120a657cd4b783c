"""What came before a decision: looks at the same questions, and the best release so far."""

from __future__ import annotations

import msgspec
import pytest

from loop.test_promotion import by_person, next_turn
from loop.world import World
from northloop.core.artefacts import Artefact, Comparison, Decision, Kind, Report
from northloop.core.ids import Hash, canonical
from northloop.loop import promote, turn
from northloop.loop.bundles import read_one
from northloop.loop.earlier import best_so_far, look


def report_of(world: World, release: Hash) -> Artefact:
    reports = world.parts.artefacts.list(Kind.REPORT)
    return next(a for a in reports if a.manifest.meta["release"] == release)


def decision_of(world: World, release: Hash) -> Decision:
    made = promote.decision_about(world.parts.artefacts, world.records, release)
    assert made is not None
    return made


def test_every_decision_on_the_same_questions_is_a_further_look(turned: World) -> None:
    first = promote.live(turned.records)
    assert first
    assert decision_of(turned, first).look == 1
    _, second = next_turn(turned)
    assert decision_of(turned, second).look == 2
    assert "Decision number 2 on these test questions" in decision_of(turned, second).reason
    _, third = next_turn(turned)
    assert decision_of(turned, third).look == 3


def test_the_same_decision_again_is_no_further_look(turned: World) -> None:
    first = promote.live(turned.records)
    assert first
    _, second = next_turn(turned)
    artefacts = turned.parts.artefacts
    assert look(artefacts, report_of(turned, second), first) == 2
    assert look(artefacts, report_of(turned, second), "another release") == 3


def test_decisions_on_other_questions_do_not_count(turned: World) -> None:
    first = promote.live(turned.records)
    assert first
    _, second = next_turn(turned)
    artefacts = turned.parts.artefacts
    report = artefacts.get(report_of(turned, second).hash)
    read = read_one(artefacts, report.hash, "report.json", Report)
    most = 2 * len(read.results) // 3
    for renewed, expected in ((most, 2), (most + 1, 1)):
        rows = tuple(
            msgspec.structs.replace(row, group=f"new {n}") if n < renewed else row
            for n, row in enumerate(read.results)
        )
        changed = msgspec.structs.replace(read, results=rows)
        made = artefacts.put(
            Kind.REPORT,
            {"report.json": canonical(changed)},
            parents=report.manifest.parents,
            meta=report.manifest.meta,
        )
        assert look(artefacts, made, first) == expected, renewed


def test_what_is_live_is_the_best_while_every_turn_gains(turned: World) -> None:
    artefacts, records = turned.parts.artefacts, turned.records
    assert best_so_far(artefacts, records) is None
    _, second = next_turn(turned)
    by_person(turned, second)
    assert best_so_far(artefacts, records) is None
    promote.roll_back(records)
    assert best_so_far(artefacts, records) is None, "what was left is not stood on"


def test_what_lost_answers_is_held_against_the_release_before_it(turned: World) -> None:
    """Promoted by another success metric, as a team may ask, with fewer right answers."""
    artefacts, records = turned.parts.artefacts, turned.records
    first = promote.live(records)
    _, second = next_turn(turned)
    judged = next(
        a for a in artefacts.list(Kind.DECISION) if a.manifest.meta["candidate"] == second
    )
    decision = read_one(artefacts, judged.hash, "decision.json", Decision)
    found = {"right": -0.04, "wrong": 0.0}
    lost = tuple(
        msgspec.structs.replace(c, difference=found.get(c.metric, c.difference))
        for c in decision.comparisons
    )
    made = artefacts.put(
        Kind.DECISION,
        {"decision.json": canonical(msgspec.structs.replace(decision, comparisons=lost))},
        parents=judged.manifest.parents,
        meta=judged.manifest.meta,
    )
    promote.promote(artefacts, records, made.hash)
    assert best_so_far(artefacts, records) == first
    _, third = next_turn(turned)
    again = decision_of(turned, third)
    assert again.best == first
    assert [c.metric for c in again.comparisons if c.beside_best] == ["right", "wrong"]
    parents = next(
        a for a in artefacts.list(Kind.DECISION) if a.manifest.meta["candidate"] == third
    ).manifest.parents
    assert [artefacts.get(p).manifest.meta["release"] for p in parents] == [third, second, first]


def test_turns_go_on_where_the_best_release_so_far_cannot_be_opened(
    turned: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(turn, "best_so_far", lambda *_: "0" * 64)
    _, second = next_turn(turned)
    assert decision_of(turned, second).best is None
    assert "nothing is held against the best release so far" in caplog.text


def test_comparisons_of_before_are_beside_the_current_release() -> None:
    written = (
        b'{"metric":"right","difference":0.1,"low":0,"high":1,"margin":0,'
        b'"role":"success","passed":true}'
    )
    assert not msgspec.json.decode(written, type=Comparison).beside_best
