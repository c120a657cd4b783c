"""A harmful and a good release planted: does the product roll back the one and let the other live?

    python benchmarks/loop_planted.py DATA FOLDER --plant harmful       again to go on
    python benchmarks/loop_planted.py DATA FOLDER --plant good --seed 2 --mode open

As `loop_simulator.py`, and nothing but the product's doors: an export of Bitext is imported, a
first release goes live, customers ask through the chat API and agents decide on its drafts for some
days. Then the company exports again, some intents answered with what is for another one or no more
so; what a turn learns of that passes the gate, whose test questions come from the same export. A
canary lets it answer half of the customers, and the product decides by itself: the serving process
looks at the evidence while customers ask, rolls back, or lets live (`canary.automatic`). Days
are simulated, each ten minutes longer than a day, so that yesterday's customers are known in the
morning; some customers ask twice a day, some come back on a later one.

What both releases say to questions that nothing else uses is measured when the canary begins and
when it has ended, for verdicts teach both in between. It counts as the canary counts: a draft that
only lacks a certificate as if it were sent. FOLDER/result.json tells how it went.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import httpx
import loop_sets
import loop_simulator
import msgspec
import time_machine
from loop_sets import Size
from loop_simulator import TEAM, Loop, note, served, write_export
from results import drawn
from worlds.loops import (
    Asked,
    Became,
    Received,
    Reviewers,
    World,
    gained,
    share,
)

from northloop.app import canaries, intake, releases
from northloop.core.actor import team
from northloop.core.canary import Known, Unit
from northloop.core.deployment import Action
from northloop.core.interaction import HandoffReason, Interaction, Verdict
from northloop.workspace import Workspace

T = TypeVar("T")
ARM = "planted"
SETTINGS = {
    "canary.automatic": "true",
    "canary.share": "0.5",
    "evaluation.test_items": "400",
    "gate.alpha": "0.5",
    "gate.pairs": "0",
    "serving.embedder": "words",
}
"""The gate is as lax as it can be set: what is planted is to pass it, the same again too."""
SPOILT = {"harmful": (0, 1), "good": (1, 0), "equal": (1, 1)}
"""Whether some intents are answered wrongly in the first export, and others in the second."""
DAY = timedelta(days=1, minutes=10)
EVENING = timedelta(hours=12)
AGAIN, RETURNS = 0.1, 0.1
"""So many questions are asked by who asked just before, and by who asked on an earlier day."""
STOCK = 1_000
REPLIES = 2
"""So many texts do agents answer an intent with."""


class Plan(loop_simulator.Plan, frozen=True, kw_only=True):
    """What is planted, and how large."""

    set: str = ARM
    plant: str
    intents: int = 4
    """So many of an export's 27 are answered with what is for another one."""
    mode: str = "certified"
    decided: int = 200
    """Conversations before the candidate is made."""
    live: int = 3_000
    """Conversations of the canary, at most."""
    a_day: int = 200
    history: int = 2_000
    error: float = 0.02
    skips: float = 0.02
    seed: int = 1


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """How it went: what FOLDER/result.json holds."""

    plan: Plan
    spoilt: tuple[tuple[str, ...], tuple[str, ...]]
    """Intents: in the first export, in the second."""
    before: Mapping[str, tuple[float, float, float]]
    """By how much more of the unseen questions the candidate says something right, or wrong, than
    what is live, and the interval, when the canary begins."""
    after: Mapping[str, tuple[float, float, float]]
    """The same when it has ended."""
    shares: Mapping[str, Mapping[str, float]]
    """Of what each release says to them."""
    decision: str
    """"rolled back", "promoted" or "undecided"."""
    why: str
    days: int
    conversations: int
    customers: tuple[int, int]
    """Of the candidate, of what was live, at the end."""
    known: tuple[int, int]
    """Of them those of whom everything is known."""
    verdicts: int
    received: Mapping[str, Mapping[str, int]]
    """What customers received, by arm."""
    switched: int
    """Customers who met both arms."""
    failed: int
    """Requests without an answer."""


def planted_world(data: Path, plan: Plan) -> World:
    """Return Bitext's later questions with replies: a history, and who asks; drawn by the seed."""
    size = Size(history=0, live=10**6, held_out=plan.held_out)
    whole = loop_sets.bitext(data, size, stock=STOCK)
    replies: defaultdict[str, set[str]] = defaultdict(set)
    for row in whole.live:
        replies[row.about].add(row.reply)
    used = {
        about: sorted(texts, key=lambda text: drawn(f"used {plan.seed}", text))[:REPLIES]
        for about, texts in replies.items()
    }
    rows = [
        msgspec.structs.replace(row, reply=used[row.about][int(drawn("u", row.id) * REPLIES)])
        for row in sorted(whole.live, key=lambda row: drawn(f"planted {plan.seed}", row.id))
    ]
    history, live = rows[: plan.history], rows[plan.history :][: plan.decided + plan.live]
    return msgspec.structs.replace(whole, history=tuple(history), live=tuple(live))


def spoilt(rows: Sequence[Asked], abouts: Sequence[str], seed: int) -> list[Asked]:
    """Return a history in which what is about some intents got the replies of another one each."""
    others = sorted({row.about for row in rows} - {*abouts})
    instead = {
        about: [row.reply for row in rows if row.about == other]
        for about in abouts
        for other in [others[int(drawn(f"instead {seed}", about) * len(others))]]
    }

    def reply(row: Asked) -> str:
        texts = instead.get(row.about, [row.reply])
        return texts[int(drawn("spoilt", row.reply) * len(texts))]

    return [msgspec.structs.replace(row, reply=reply(row)) for row in rows]


class Planted(Loop):
    """A world in which a candidate is planted, and how far it is."""

    plan: Plan
    begins_as = (ARM,)

    def __init__(self, folder: Path, plan: Plan, world: World, said: Callable[[str], None]) -> None:
        super().__init__(folder, plan, world, said)
        self.reviewers = Reviewers(error=plan.error, skips=plan.skips, seed=plan.seed)
        self.settings = {**SETTINGS, **self.settings, **dict(plan.more)}
        names = {row.about for row in world.history}
        ordered = sorted(names, key=lambda about: drawn(f"spoilt {plan.seed}", about))
        first, second = (plan.intents * spoils for spoils in SPOILT[plan.plant])
        self.spoilt = tuple(ordered[:first]), tuple(ordered[first : first + second])

    def run(self) -> Decided:
        """Carry it out to its end, or go on with it, and return how it went."""
        self.begin(ARM)
        self._began()
        first = self._days(self.plan.decided)
        for day in range(first):
            self.once(f"day {day + 1}", partial(self._day, ARM, 0, day))
        self.once("candidate", lambda: self._at(first, self._candidate))
        self._passed()
        self.once("measure before", lambda: self._at(first, lambda: self._measured("before")))
        self.once("canary", lambda: self._at(first, self._start))
        for day in range(first, first + self._days(self.plan.live)):
            if self._ended():
                break
            self.once(f"day {day + 1}", partial(self._day, ARM, 1, day))
        last = len(self._lines("days.jsonl")) + first
        self.once("measure after", lambda: self._at(last, lambda: self._measured("after")))
        result = self._at(last, self._result)
        (self.folder / "result.json").write_bytes(
            msgspec.json.format(msgspec.json.encode(result), indent=1)
        )
        return result

    # --- the product ---------------------------------------------------------------------------

    def _settings(self, arm: str) -> dict[str, str]:  # noqa: ARG002
        return {"serving.mode": self.plan.mode, **self.settings}

    def _exports(self) -> list[Path]:
        return [self._exported(0)]

    def _exported(self, which: int) -> Path:
        path = self.folder / "history.jsonl"
        write_export(path, spoilt(self.world.history, self.spoilt[which], self.plan.seed))
        return path

    def _first_turn(self, workspace: Workspace, folder: Path, exports: Sequence[Path]) -> None:  # noqa: ARG002
        """Begin at once, by what agents replied: no look at the test questions is spent on it."""
        intake.commit(workspace, team(TEAM), intake.preview(workspace, team(TEAM), exports))
        workspace.reload()
        releases.begin_at_once(workspace, team(TEAM))

    def _promote(self, workspace: Workspace) -> list[str]:  # noqa: ARG002
        """Nobody does: the canary decides."""
        return []

    def _candidate(self) -> None:
        """Export again, import that in the place of what was there, and turn."""
        with self.opened(ARM) as workspace:
            seen = intake.preview(workspace, team(TEAM), [self._exported(1)])
            intake.commit(workspace, team(TEAM), seen)
        self._turn(ARM, 1)

    def _passed(self) -> None:
        """Stop where the gate has seen by itself what was planted."""
        turned = self._lines(f"{ARM}/turns.jsonl")[-1]
        with self.opened(ARM) as workspace:
            candidate = self._releases(workspace)["candidate"]
            known = {one.artefact.hash: one for one in releases.releases(workspace, team(TEAM))}
        if not (known[candidate].ready or known[candidate].served_before):
            raise SystemExit(f"nothing to try on customers, take another seed: {turned['gate']}")

    def _start(self) -> None:
        with self.opened(ARM) as workspace:
            canaries.start(workspace, team(TEAM), self._releases(workspace)["candidate"])

    def _releases(self, workspace: Workspace) -> dict[str, str]:
        """What was live when the candidate was made, and that."""
        found = [one for one in releases.releases(workspace, team(TEAM)) if one.number]
        return {"candidate": found[0].artefact.hash, "live": found[1].artefact.hash}

    # --- days ----------------------------------------------------------------------------------

    def _began(self) -> datetime:
        path = self.folder / "began.txt"
        if not path.exists():
            path.write_text(datetime.now(UTC).isoformat())
        return datetime.fromisoformat(path.read_text())

    @contextmanager
    def _time(self, day: int, hours: timedelta = timedelta()) -> Iterator[None]:
        with time_machine.travel(self._began() + day * DAY + hours, tick=True):
            yield

    def _at(self, day: int, work: Callable[[], T]) -> T:
        with self._time(day):
            return work()

    def _day(self, arm: str, turn: int, day: int) -> None:
        """Customers ask while the server looks at the canary; in the evening people decide."""
        places = self._places(day)
        known = {row["id"] for row in self._lines(f"{ARM}/asked.jsonl")}
        with self._time(day), self.opened(arm) as workspace:
            with served(workspace) as ask, _watching(workspace):
                for place in places:
                    if self.world.live[place].id not in known:
                        self._asks(workspace, ask, turn, place)
                    self._bar("asked", place - places[0] + 1, len(places), f"day {day + 1}")
            with self._time(day, EVENING):
                self._evening(workspace, arm, turn)
                if turn:
                    note(self.folder / "days.jsonl", {"day": day + 1, **self._stands(workspace)})

    def _days(self, conversations: int) -> int:
        return -(-conversations // self.plan.a_day)

    def _places(self, day: int) -> range:
        """Which of those who ask come on a day; the canary's begin on a day of their own."""
        whole, before = self.plan.a_day, self._days(self.plan.decided)
        if day < before:
            return range(day * whole, min((day + 1) * whole, self.plan.decided))
        first = self.plan.decided + (day - before) * whole
        return range(first, min(first + whole, len(self.world.live)))

    def _asks(
        self, workspace: Workspace, ask: Callable[..., dict[str, Any]], turn: int, place: int
    ) -> None:
        one, home = self.world.live[place], self.folder / ARM
        try:
            said = ask(one.question, one.id, customer=f"customer {self._customer(place)}")
        except httpx.HTTPError as error:
            note(home / "failed.jsonl", {"id": one.id, "turn": turn, "error": str(error)})
            return
        received = self.became(one, said, workspace)
        kept = workspace.records.get(Interaction, said["northloop"]["interaction_id"])
        row = {
            "turn": turn,
            "interaction": kept.interaction_id,
            "customer": self._customer(place),
            "arm": kept.canary.arm,
            "said": _as_said(received, said).became,
            **msgspec.to_builtins(received),
        }
        note(home / "asked.jsonl", row)

    def _customer(self, place: int) -> int:
        """Who asks: somebody new, who asked just before, or who asked on an earlier day."""
        lot, since = drawn(f"who {self.plan.seed}", str(place)), place - self.plan.decided
        earlier = since - since % self.plan.a_day
        if lot < AGAIN and since > earlier:
            return self._customer(place - 1)
        if lot > 1 - RETURNS and earlier > 0:
            return self._customer(self.plan.decided + int(earlier * (1 - lot) / RETURNS))
        return place

    def _stands(self, workspace: Workspace) -> dict[str, Any]:
        trialled = canaries.status(workspace, team(TEAM))
        found = trialled.standing
        assert found is not None
        return {
            "ended": trialled.ended.action if trialled.ended else "",
            "why": trialled.ended.why if trialled.ended else found.why,
            "customers": found.customers,
            "going": found.going,
            "waiting": found.reviews,
            "skipped": found.skipped,
            "harm": [one.found for one in found.harms],
            "figures": {
                one.name: [one.candidate, one.current, *one.counted, one.proven]
                for one in found.figures
            },
        }

    def _ended(self) -> bool:
        return any(row["ended"] for row in self._lines("days.jsonl"))

    def _lines(self, name: str) -> list[dict[str, Any]]:
        return loop_simulator.lines(self.folder / name)

    # --- what came of it -----------------------------------------------------------------------

    def _measured(self, when: str) -> None:
        """Ask copies of the workspace, as either release, what nobody else asks."""
        for name in ("live", "candidate"):
            copy = self.folder / "copy"
            loop_simulator.copied(self._shop(ARM), copy)
            found = []
            with self.opened(ARM, copy) as workspace:
                self._answers(workspace, self._releases(workspace)[name])
                with served(workspace) as ask:
                    for number, one in enumerate(self.world.held_out, 1):
                        said = ask(one.question, f"unseen {one.id}")
                        found.append(_as_said(self.became(one, said, workspace), said))
                        self._bar("unseen", number, len(self.world.held_out), f"{name} {when}")
            (self.folder / f"unseen-{when}-{name}.json").write_bytes(msgspec.json.encode(found))

    def _answers(self, workspace: Workspace, release: str) -> None:
        """Let a release answer everybody."""
        one = next(
            r for r in releases.releases(workspace, team(TEAM)) if r.artefact.hash == release
        )
        if one.served_before and not one.live:
            releases.roll_back(workspace, team(TEAM), release)
        elif not one.live:
            releases.promote(workspace, team(TEAM), release, anyway=True)

    def _unseen(self, when: str, name: str) -> list[Received]:
        path = self.folder / f"unseen-{when}-{name}.json"
        return msgspec.json.decode(path.read_bytes(), type=list[Received])

    def _result(self) -> Decided:
        asked = [row for row in self._lines(f"{ARM}/asked.jsonl") if row["turn"]]
        last = self._lines("days.jsonl")[-1]
        with self.opened(ARM) as workspace:
            units = workspace.records.query(Unit).rows
            named = {row["interaction"] for row in asked}
            given = {v.interaction_id for v in workspace.records.query(Verdict).rows}
        arms = defaultdict(set)
        for row in asked:
            arms[row["customer"]].add(row["arm"])
        ended = {"": "undecided", Action.STOP: "rolled back", Action.PROMOTE: "promoted"}
        pairs = {when: [self._unseen(when, n) for n in ("candidate", "live")] for when in WHEN}
        judged = [unit.treated for unit in units if unit.state is Known.JUDGED]
        return Decided(
            plan=self.plan,
            spoilt=self.spoilt,
            **{when: _differences(*pairs[when]) for when in WHEN},
            shares={
                f"{name} {when}": {b.value: share(found, b).value for b in Became}
                for when in WHEN
                for name, found in zip(("candidate", "live"), pairs[when], strict=True)
            },
            decision=ended[last["ended"]],
            why=last["why"],
            days=len(self._lines("days.jsonl")),
            conversations=len(asked),
            customers=tuple(last["customers"]),
            known=(sum(judged), len(judged) - sum(judged)),
            verdicts=len(named & given),
            received={
                arm: dict(
                    Counter(row["became"] for row in asked if row["arm"] == arm)
                    + Counter(f"{row['said']}, draft or sent" for row in asked if row["arm"] == arm)
                )
                for arm in ("canary", "control", "")
            },
            switched=sum({"canary", "control"} <= met for met in arms.values()),
            failed=len(self._lines(f"{ARM}/failed.jsonl")),
        )


WHEN = ("before", "after")


@contextmanager
def _watching(workspace: Workspace) -> Iterator[None]:
    """As a serving process does; where a day takes some seconds, every second."""
    with (
        patch.object(canaries, "LOOK_EVERY_S", 1.0),
        canaries.watching_canaries(lambda: workspace),
    ):
        yield


def _differences(
    ours: Sequence[Received], theirs: Sequence[Received]
) -> dict[str, tuple[float, float, float]]:
    found = {}
    for became in (Became.RIGHT, Became.WRONG):
        value, low, high = gained(ours, theirs, became)
        found[became.value] = (value, low, high)
    return found


def _as_said(received: Received, said: dict[str, Any]) -> Received:
    """As the canary counts: a draft that only lacks a certificate as if it were sent."""
    waits = said["northloop"]["handoff"] == HandoffReason.NOT_CERTIFIED
    if received.became is not Became.HANDED_OFF or not waits:
        return received
    became = Became.RIGHT if received.draft_right else Became.WRONG
    return msgspec.structs.replace(received, became=became)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--plant", choices=SPOILT, required=True)
    parser.add_argument("--mode", choices=("certified", "open"), default="certified")
    of = {field.name: field.default for field in msgspec.structs.fields(Plan)}
    sizes = ("history", "held_out", "live", "decided", "a_day", "error", "skips", "intents", "seed")
    for name in sizes:
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, type=type(of[name]), default=of[name])
    parser.add_argument("--setting", nargs="*", default=[], help="name=value of the product")
    given = vars(parser.parse_args())
    data, folder = given.pop("data"), given.pop("folder")
    more = tuple(tuple(said.split("=", 1)) for said in given.pop("setting"))
    plan = Plan(**given, more=more)
    world = loop_simulator.loaded(folder, plan, partial(planted_world, data))
    found = Planted(folder, plan, world, loop_simulator.told_on_stderr).run()
    print(msgspec.json.encode(found).decode())


if __name__ == "__main__":
    main()
