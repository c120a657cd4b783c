"""Does the loop make answers better? Turns on a real set, through the product's own doors.

    python benchmarks/loop_simulator.py DATA bitext FOLDER   four turns, all arms; again to go on
    python benchmarks/loop_simulator.py DATA star FOLDER --error 0.05 --skips 0.1
    python benchmarks/loop_simulator.py DATA bitext FOLDER --arms loop --turns 26 --live 300
    python benchmarks/loop_simulator.py DATA curve FOLDER    ask, verdict, ask: half of the intents
    python benchmarks/loop_simulator.py DATA sample FOLDER --history 2000 --held-out 1000

A history is imported as an export, a first turn makes release 1, and customers ask through the
chat API of a server on loopback. Simulated agents reply at the desk to what is handed over,
simulated reviewers judge what was drawn, by gold, with the errors and skips that are stated. Then
a turn; what passes the gate is promoted, what is undecided is judged side by side. After each turn
questions that nothing else ever used are asked, of a copy of the workspace, so that nothing is
learnt from them.

Arms: `loop` (serving.mode open) and `certified`; `without`, release 1 for ever and no
verdicts; `naive`, which trains again on the history and on its own conversations as they went, with
corrections of as many reviews, and promotes whatever comes of it: no gate, no verdict in memory.

The language model is a stand-in of random weights (`--base` names another), so that a turn takes
seconds: what is measured are memory, quotes, verdicts and the gate. Whatever was done is kept in
FOLDER; a run that was killed goes on where it stood. `loop_report.py` prints tables and a plot.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec

sys.path.append(str(Path(__file__).resolve().parent))
sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

import loop_sets
from loop_sets import Size
from worlds.loops import (
    Asked,
    Became,
    Gold,
    Opinion,
    Received,
    Reviewers,
    World,
    cluster_of,
    opinion,
)

from northloop.app import comparisons, desk, intake, quality, releases, reviews, turns
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import application, bound, doors
from northloop.core.actor import Actor, team
from northloop.core.artefacts import Release
from northloop.core.errors import GateNotMet
from northloop.core.ids import uniform
from northloop.core.interaction import Interaction, Source, VerdictKind
from northloop.core.side_by_side import PairChoice
from northloop.demo.company import make_workspace
from northloop.http.server import Patience, Server
from northloop.ports.progress import Progress
from northloop.stages.monitoring.favour import Favour
from northloop.stages.monitoring.review import PARTICULAR
from northloop.stages.monitoring.sampling import review_id_of
from northloop.stages.objective.contract import ObjectiveInput
from northloop.testing.servers import free_port
from northloop.workspace import Workspace
from own_base import write_own_base

ARMS = ("without", "loop", "certified", "naive")
VERDICTS = (0, 20, 100, 400)
SEED = 1
"""Of the sample company's history, as the demo's."""
TEAM = "reviewers"
QUICK = {
    "training.max_examples": "12",
    "training.epochs": "3.0",
    "training.first_layer": "0",
    "training.learning_rate": "0.03",
    "evaluation.loss_items": "16",
    "serving.max_answer_tokens": "16",
}
"""Of a stand-in for a language model: it learns enough to be told from what it was, no more."""
ALWAYS = {"serving.memory": "true", "serving.quotes": "true", "serving.watch_documents": "false"}
REVIEWED = 0.08
"""As `review.share`: so many of its own answers does the naive arm look at."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a run is; a folder keeps to the one it began with."""

    set: str
    turns: int = 4
    live: int = 300
    """Conversations before each turn."""
    days: int = 5
    """So many evenings have those: agents reply and reviewers judge in between."""
    history: int = 600
    held_out: int = 400
    error: float = 0.0
    skips: float = 0.0
    changes_in: int = 0
    """The turn before which the company answers some questions otherwise; 0 for never."""
    base: str = ""
    """"" for a stand-in."""
    more: tuple[tuple[str, str], ...] = ()
    """Settings of the product besides."""


class Loop:
    """A world, the folder of its arms, and how far each is."""

    opening: Callable[[Path, Mapping[str, str], Progress], Workspace] = Workspace.open
    begins_as: Sequence[str] = ("loop", "certified")
    """By the settings of these arms is the first release made, until one lets it go live."""

    def __init__(self, folder: Path, plan: Plan, world: World, said: Callable[[str], None]) -> None:
        self.folder, self.plan, self.world, self.said = folder, plan, world, said
        self.reviewers = Reviewers(error=plan.error, skips=plan.skips)
        said_so_far = ((r.reply, r.about) for r in (*world.history, *world.live))
        self.gold: Gold | loop_sets.Facts = (
            loop_sets.Facts()
            if plan.set == loop_sets.SAMPLE
            else Gold([*world.also_said, *said_so_far])
        )
        self.settings = {**ALWAYS, **dict(plan.more)}
        if plan.base:
            self.settings["training.base"] = plan.base
        else:
            base = folder / "stand-in.gguf"
            if not base.exists():
                write_own_base(base.with_suffix(".new")).replace(base)
            self.settings = {**QUICK, "training.base": str(base.absolute()), **self.settings}

    # --- steps that are done once --------------------------------------------------------------

    def once(self, name: str, work: Callable[[], None]) -> None:
        """Do a step, unless an earlier attempt has brought it to its end."""
        done = self.folder / "done.jsonl"
        known = done.read_text().splitlines() if done.exists() else []
        if name in (json.loads(line)["step"] for line in known):
            return
        began = time.monotonic()
        self.said(name)
        work()
        with done.open("a") as out:
            took = round(time.monotonic() - began, 1)
            out.write(json.dumps({"step": name, "seconds": took}) + "\n")

    def begin(self, arm: str) -> None:
        """Give an arm the workspace that all begin with."""
        start = self.folder / "start"
        self.once("start", lambda: self._begun(start, self._exports()))
        self.once(f"{arm}: begin", lambda: copied(start, self._shop(arm)))

    def turn(self, arms: Sequence[str]) -> None:
        """Run arms to their end."""
        for arm in arms:
            self.begin(arm)
            self.once(f"{arm}: measure 0", partial(self.measure, arm, "0", 0))
            for turn in range(1, self.plan.turns + 1):
                for day in range(self.plan.days if arm != "without" else 0):
                    self.once(
                        f"{arm}: turn {turn}, day {day + 1}",
                        partial(self._day, arm, turn, day),
                    )
                if arm in ("loop", "certified"):
                    self.once(
                        f"{arm}: measure {turn} before",
                        partial(self.measure, arm, f"{turn} before", turn),
                    )
                if arm != "without":
                    work = self._naive_turn if arm == "naive" else self._turn
                    self.once(
                        f"{arm}: turn {turn}",
                        partial(work, arm, turn),
                    )
                self.once(
                    f"{arm}: measure {turn}",
                    partial(self.measure, arm, str(turn), turn),
                )

    def _settings(self, arm: str) -> dict[str, str]:
        mode = "certified" if arm == "certified" else "open"
        return {"serving.mode": mode, **self.settings}

    @contextmanager
    def opened(self, arm: str, shop: Path | None = None) -> Iterator[Workspace]:
        """The workspace of an arm."""
        where = shop or self._shop(arm)
        workspace = type(self).opening(where, self._settings(arm), self._bar)
        try:
            yield workspace
        finally:
            workspace.close()

    def _shop(self, arm: str) -> Path:
        return self.folder / arm / "shop"

    # --- history and turns ---------------------------------------------------------------------

    def _exports(self) -> list[Path]:
        """The history as files; the sample company's workspace is made with its own."""
        if self.plan.set == loop_sets.SAMPLE:
            return []
        path = self.folder / "history.jsonl"
        write_export(path, self.world.history)
        return [path]

    def _begun(self, folder: Path, exports: Sequence[Path]) -> None:
        """Make a workspace of exports, turn it once and promote its first release: as one whose
        answers go out, or, where the gate refuses that, as one that begins with drafts."""
        actor = team(TEAM)
        if not (folder / "northloop.toml").exists():
            shutil.rmtree(folder, ignore_errors=True)
            self._agreed(folder, actor)
        texts = self.world.documents or {"about.md": "# About us\n\nWe answer on weekdays.\n"}
        for name, text in texts.items():
            (folder / "documents" / name).write_text(text, "utf-8")
        for arm in self.begins_as:
            with self.opened(arm, folder) as workspace:
                if not releases.ever_live(workspace, actor):
                    self._first_turn(workspace, folder, exports)

    def _agreed(self, folder: Path, actor: Actor) -> None:
        if self.plan.set == loop_sets.SAMPLE:
            make_workspace(folder, self.plan.history, SEED)
            return
        wish = "Raise answer accuracy to 80 % within six months"
        intake.agree(LazyWorkspace(folder), actor, "support", ObjectiveInput(statement=wish))

    def _first_turn(self, workspace: Workspace, folder: Path, exports: Sequence[Path]) -> None:
        actor = team(TEAM)
        known = {Path(source.path).name for source in workspace.settings.data.sources}
        for path in exports:
            if path.name not in known:
                intake.commit(workspace, actor, intake.preview(workspace, actor, [path]))
                workspace.reload()
        proposal = turns.propose(workspace, actor)
        turned = turns.carry_out(workspace, actor, proposal.proposal_id)
        mode = workspace.settings.serving.mode.value
        note(folder / "turns.jsonl", {"turn": 0, "mode": mode, "gate": turned.decision.reason})
        if turned.decision.promote:
            releases.promote(workspace, actor, turned.decision.candidate)

    def _turn(self, arm: str, turn: int) -> None:
        """Turn the loop as a person would: promote what passed."""
        actor = team(TEAM)
        asked_for = self.folder / arm / f"proposal-{turn}"
        with self.opened(arm) as workspace:
            if not asked_for.exists():
                proposal = turns.propose(workspace, actor)
                asked_for.write_text(proposal.proposal_id)
            proposal_id = asked_for.read_text()
            turned = turns.carry_out(workspace, actor, proposal_id)
            self._promote(workspace)
            kept = next(
                p for p in turns.proposals(workspace, actor) if p.proposal_id == proposal_id
            )
            told = {
                "turn": turn,
                "state": kept.state.value,
                "verdicts": len(kept.verdicts),
                "gate": turned.decision.reason,
                "first": [
                    [c.treatment.value, c.sent, round(c.least, 3), msgspec.to_builtins(c.foreseen)]
                    for c in _release(workspace, turned.decision.candidate).first
                ],
                "favour": {f.treatment.value: f.words for f in self._favour(workspace)},
            }
        note(self.folder / arm / "turns.jsonl", told)

    def _favour(self, workspace: Workspace) -> Sequence[Favour]:
        return releases.favour(workspace, team(TEAM), workspace.live.release())

    def _promote(self, workspace: Workspace) -> list[str]:
        """Make live what passed; return why it waits, where customers would be sent less."""
        waits = []
        for ready in turns.ready(workspace, team(TEAM)):
            try:
                releases.promote(workspace, team(TEAM), ready.release)
            except GateNotMet as why:
                waits.append(why.what)
        return waits

    def _naive_turn(self, arm: str, turn: int) -> None:
        """Train on the history and on all conversations so far, and serve what comes of it."""
        home = self.folder / arm
        log = home / f"conversations-{turn}.jsonl"
        rows = [row for row in lines(home / "asked.jsonl") if row["turn"] <= turn]
        went = [
            Asked(id=r["id"], question=r["question"], about=r["intent"], reply=r["got"])
            for r in rows
        ]
        write_export(log, went)
        fresh = home / "fresh"
        self._begun(fresh, [*self._exports(), log])
        shutil.rmtree(home / "shop", ignore_errors=True)
        fresh.rename(home / "shop")
        note(home / "turns.jsonl", {**lines(home / "shop" / "turns.jsonl")[-1], "turn": turn})

    # --- a day ---------------------------------------------------------------------------------

    def _day(self, arm: str, turn: int, day: int) -> None:
        """Customers ask; in the evening agents reply and reviewers judge."""
        each = self.plan.live // self.plan.days
        first = (turn - 1) * self.plan.live + day * each
        asked = [self.world.at(turn, one) for one in self.world.live[first : first + each]]
        with self.opened(arm) as workspace:
            known = {row["id"] for row in lines(self.folder / arm / "asked.jsonl")}
            with served(workspace) as ask:
                for number, one in enumerate(asked, 1):
                    if one.id not in known:
                        self._one(workspace, ask, (arm, turn), one)
                    self._bar("asked", number, len(asked), f"{arm}, turn {turn}, day {day + 1}")
            if arm != "naive":
                self._evening(workspace, arm, turn)

    def _one(
        self,
        workspace: Workspace,
        ask: Callable[..., dict[str, Any]],
        where: tuple[str, int],
        one: Asked,
    ) -> None:
        arm, turn = where
        said = ask(one.question, f"{arm} {one.id}", customer=f"customer {one.id}")
        received = self.became(one, said, workspace)
        row = {
            "turn": turn,
            "interaction": said["northloop"]["interaction_id"],
            **msgspec.to_builtins(received),
        }
        if arm == "naive":
            row |= self._logged(one, received, said["northloop"]["intent"])
        note(self.folder / arm / "asked.jsonl", row)

    def _logged(self, one: Asked, received: Received, intent: str) -> dict[str, str]:
        """What the log of the naive arm says of a conversation: what was sent, as what it was taken
        for, or what a person wrote instead."""
        is_sent = received.became in (Became.RIGHT, Became.WRONG)
        said = self._opinion(one, f"naive {one.id}", right=received.became is Became.RIGHT)
        if is_sent and (uniform("naive review", one.id) >= REVIEWED or not said.correction):
            return {"got": received.answer, "intent": intent}
        reply = said.correction if is_sent else self._wrongly(one) if said.slip else one.reply
        return {"got": reply, "intent": one.about}

    def _evening(self, workspace: Workspace, arm: str, turn: int) -> None:
        known = {row["interaction"]: row for row in lines(self.folder / arm / "asked.jsonl")}
        asked = {one.id: one for one in self.world.live}
        of = {name: self.world.at(row["turn"], asked[row["id"]]) for name, row in known.items()}
        counts = {"turn": turn, "desk": 0, "reviews": 0, "skips": 0, "pairs": 0}
        self._reply(workspace, of, counts)
        self._review(workspace, of, counts)
        self._rule(workspace, of)
        self._judge_pairs(workspace, of, counts)
        waits = self._promote(workspace)
        note(self.folder / arm / "evenings.jsonl", {**counts, "waits": waits})

    def _reply(self, workspace: Workspace, of: dict[str, Asked], counts: dict[str, int]) -> None:
        """Agents reply to all who wait."""
        actor = team("agent")
        for waits in desk.queue(workspace, actor).rows:
            one = of[waits.interaction_id]
            act = (workspace, actor, waits.interaction_id)
            counts["desk"] += 1
            if not waits.draft:
                desk.discard(*act, one.reply, intent=one.about)
                continue
            right = self.gold.right(waits.draft, one)
            said = self._opinion(one, f"desk {waits.interaction_id}", right=right, skips=False)
            if said.kind is VerdictKind.CORRECT and not PARTICULAR.search(waits.draft):
                desk.send(*act)
            elif said.kind is VerdictKind.CORRECT:
                desk.edit(*act, _filled(waits.draft, one), intent=one.about)
            else:
                desk.edit(*act, _filled(said.correction or one.reply, one), intent=one.about)

    def _review(self, workspace: Workspace, of: dict[str, Asked], counts: dict[str, int]) -> None:
        """Two reviewers by turns judge what was drawn."""
        passed: dict[str, set[str]] = {"ada": set(), "ben": set()}
        more = True
        while more:
            more = False
            for name, mine in passed.items():
                for found in reviews.take(workspace, team(name), name, 10, mine):
                    more = True
                    item, kept = found.item, found.interaction
                    one = of[kept.interaction_id]
                    said = self._judged(kept, one, f"{name} {item.review_id}")
                    if said.skip is not None:
                        counts["skips"] += 1
                        mine.add(item.review_id)
                        reviews.skip(workspace, team(name), item.review_id, said.skip)
                        continue
                    counts["reviews"] += 1
                    reviews.judge(
                        workspace,
                        team(name),
                        reviews.Judgement(
                            review_id=item.review_id,
                            kind=said.kind,
                            correction=said.correction,
                            intent=one.about,
                        ),
                    )

    def _rule(self, workspace: Workspace, of: dict[str, Asked]) -> None:
        """An operator, who errs as often as reviewers, rules where these differ."""
        for found in quality.disagreements(workspace, team("operator")):
            kept = found.interaction
            said = self._judged(kept, of[kept.interaction_id], f"rule {kept.interaction_id}")
            if said.skip is None:
                ruling = reviews.Judgement(
                    review_id=review_id_of(kept),
                    interaction_id=kept.interaction_id,
                    kind=said.kind,
                    correction=said.correction,
                )
                quality.rule(workspace, team("operator"), ruling)

    def _judged(self, kept: Interaction, one: Asked, name: str) -> Opinion:
        """A hand-off without a draft should have been an answer."""
        text = kept.draft if kept.source in (Source.HANDOFF, Source.ASKED_BACK) else kept.answer
        return self._opinion(one, name, right=self.gold.right(text, one))

    def _opinion(self, one: Asked, name: str, *, right: bool, skips: bool = True) -> Opinion:
        who = self.reviewers if skips else msgspec.structs.replace(self.reviewers, skips=0.0)
        return opinion(who, name, one, self._wrongly(one), right=right)

    def _wrongly(self, one: Asked) -> str:
        """What who errs says instead: what another customer was told."""
        others = self.world.live
        start = int(uniform("wrongly", one.id) * len(others))
        turned = (*others[start:], *others[:start])
        return next((o.reply for o in turned if o.about != one.about), one.reply)

    def _judge_pairs(
        self, workspace: Workspace, of: dict[str, Asked], counts: dict[str, int]
    ) -> None:
        actor = team(TEAM)
        while comparisons.undecided(workspace, actor):
            comparisons.prepare(workspace, actor)
            waiting = comparisons.waiting(workspace, actor)
            if not waiting:
                break
            pair = waiting[0]
            one = of[pair.interaction_id]
            comparisons.choose(workspace, actor, pair.pair_id, self._choice(pair.shown, one))
            counts["pairs"] += 1

    def _choice(self, shown: tuple[str, str], one: Asked) -> PairChoice:
        first, second = (self.gold.right(text, one) for text in shown)
        if first and second:
            return PairChoice.BOTH
        return PairChoice.FIRST if first else PairChoice.SECOND if second else PairChoice.NEITHER

    # --- measuring -----------------------------------------------------------------------------

    def became(
        self, one: Asked, said: dict[str, Any], workspace: Workspace | None = None
    ) -> Received:
        """Return what a question received."""
        told = said["northloop"]
        text = said["choices"][0]["message"]["content"]
        became, draft = Became.HANDED_OFF, ""
        if told["source"] == Source.ASKED_BACK:
            became = Became.ASKED_BACK
        elif told["handoff"] is None:
            became = Became.RIGHT if self.gold.right(text, one) else Became.WRONG
        if became is Became.HANDED_OFF and workspace is not None:
            draft = workspace.records.get(Interaction, told["interaction_id"]).draft
        return Received(
            id=one.id,
            cluster=cluster_of(one.question),
            question=one.question,
            about=one.about,
            answer=draft or text,
            source=told["source"],
            became=became,
            draft_right=self.gold.right(draft, one),
        )

    def measure(self, arm: str, name: str, turn: int) -> None:
        """Ask a copy of an arm's workspace what nobody else asks, and keep what it received.

        Where nothing is learnt and nothing changes, all is as it was.
        """
        home = self.folder / arm
        path = home / f"unseen-{name.replace(' ', '-')}.json"
        if arm == "without" and turn and turn != self.plan.changes_in:
            shutil.copy(home / f"unseen-{turn - 1}.json", path)
            return
        copy = home / "copy"
        copied(self._shop(arm), copy)
        found = []
        with self.opened(arm, copy) as workspace, served(workspace) as ask:
            ask("Is anybody there who reads this at all?", "warm")
            for number, held in enumerate(self.world.held_out, 1):
                one = self.world.at(turn, held)
                found.append(self.became(one, ask(one.question, f"unseen {one.id}"), workspace))
                self._bar("unseen", number, len(self.world.held_out), f"{arm} {name}")
        path.write_bytes(msgspec.json.encode(found))
        shutil.rmtree(copy)

    def _bar(self, task: str, done: int, total: int, note: str = "") -> None:
        self.said(f"{task} {done}/{total or '?'} {note}")

    # --- the learning curve --------------------------------------------------------------------

    def curve(self, modes: Sequence[str] = ("loop", "certified")) -> None:
        """Ask, judge, ask: every answer gets a verdict, and no turn comes between."""
        for arm in modes:
            self.begin(arm)
            before = 0
            for count in VERDICTS:
                part = self.world.live[before:count]
                self.once(
                    f"{arm}: {count} verdicts",
                    partial(self._asked_and_judged, arm, part),
                )
                self.once(
                    f"{arm}: measure {count}",
                    partial(self.measure, arm, str(count), 0),
                )
                before = count

    def _asked_and_judged(self, arm: str, part: Sequence[Asked]) -> None:
        actor = team("ada")
        with self.opened(arm) as workspace, served(workspace) as ask:
            for number, one in enumerate(part, 1):
                said = ask(one.question, f"{arm} {one.id}", customer=f"customer {one.id}")
                kept = workspace.records.get(Interaction, said["northloop"]["interaction_id"])
                found = self._judged(kept, one, kept.interaction_id)
                reviews.judge(
                    workspace,
                    actor,
                    reviews.Judgement(
                        review_id=review_id_of(kept),
                        interaction_id=kept.interaction_id,
                        kind=found.kind,
                        correction=found.correction,
                        intent=one.about,
                    ),
                )
                self._bar("verdicts", number, len(part), arm)


# --- doors ---------------------------------------------------------------------------------------


@contextmanager
def served(workspace: Workspace) -> Iterator[Callable[..., dict[str, Any]]]:
    """Serve a workspace on loopback; yield what asks a question and returns the completion."""
    wanted = msgspec.structs.replace(workspace.settings.serving, port=free_port())
    workspace.settings = msgspec.structs.replace(workspace.settings, serving=wanted)
    where = doors(wanted)
    with ExitStack() as stack:
        listening = [
            stack.enter_context(bound(door.host, door.port, setting))
            for setting, door in where.by_setting.items()
        ]
        server = Server(application(LazyWorkspace.of(workspace)), Patience())
        thread = threading.Thread(target=server.run, kwargs={"sockets": listening})
        thread.start()
        client = stack.enter_context(httpx.Client(base_url=where.api.url, timeout=300))

        def ask(text: str, name: str, customer: str = "") -> dict[str, Any]:
            asked = {"model": "northloop", "messages": [{"role": "user", "content": text}]}
            if customer:
                asked["user"] = customer
            reply = client.post(
                "/v1/chat/completions", json=asked, headers={"Idempotency-Key": name}
            )
            reply.raise_for_status()
            _heads_fitted()
            said: dict[str, Any] = reply.json()
            return said

        try:
            yield ask
        finally:
            server.should_exit = True
            thread.join()


def _filled(draft: str, asked: Asked) -> str:
    """The draft as it is sent: with the number that the customer gave, who has no other."""
    number = re.search(r"\d{4,}", asked.question)
    return PARTICULAR.sub(number[0] if number else "12345", draft)


def _heads_fitted() -> None:
    """Wait until intents that reviewers named are learnt: customers do not come in milliseconds."""
    for thread in threading.enumerate():
        if thread.name == "northloop-heads":
            thread.join()


def _release(workspace: Workspace, name: str) -> Release:
    return next(
        found.release
        for found in releases.releases(workspace, team(TEAM))
        if found.artefact.hash == name
    )


# --- files ---------------------------------------------------------------------------------------


def copied(of: Path, to: Path) -> None:
    """Copy a workspace that nobody has open, all or nothing."""
    shutil.rmtree(to, ignore_errors=True)
    draft = to.with_name(f"{to.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(of, draft)
    draft.rename(to)


def write_export(path: Path, rows: Sequence[Asked]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for row in rows:
            told = {"ticket_id": row.id, "question": row.question, "reply": row.reply}
            out.write(json.dumps({**told, "intent": row.about}, ensure_ascii=False) + "\n")


def note(path: Path, row: dict[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as out:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")


def lines(path: Path) -> list[dict[str, Any]]:
    """The rows of a file; a last line that was cut by a crash is none."""
    text = path.read_text("utf-8") if path.exists() else ""
    return [json.loads(line) for line in text.rpartition("\n")[0].splitlines()]


P = TypeVar("P", bound=Plan)


def loaded(folder: Path, plan: P, made: Callable[[P], World]) -> World:
    """Return the world of a plan, made now or, where the run goes on, as it is in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    told, file = folder / "plan.json", folder / "world.json"
    if told.exists() and msgspec.json.decode(told.read_bytes(), type=type(plan)) != plan:
        raise SystemExit(f"{folder} was begun with another plan: {told.read_text()}")
    if told.exists() and file.exists():
        return msgspec.json.decode(file.read_bytes(), type=World)
    world = made(plan)
    told.write_bytes(msgspec.json.encode(plan))
    draft = file.with_suffix(".new")
    draft.write_bytes(msgspec.json.encode(world))
    draft.replace(file)
    return world


def world_of(data: Path, plan: Plan) -> World:
    """Return the world of a plan."""
    live = VERDICTS[-1] if plan.set == "curve" else plan.turns * plan.live
    size = Size(history=plan.history, live=live, held_out=plan.held_out)
    if plan.set == "curve":
        world = loop_sets.bitext(data, size, half=True)
    else:
        world = loop_sets.SETS[plan.set](data, size)
    return loop_sets.changed(world, plan.changes_in) if plan.changes_in else world


def told_on_stderr(text: str) -> None:
    print(text.ljust(78)[:78], end="\r", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("set", choices=[*loop_sets.SETS, "curve"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=ARMS)
    of = {field.name: field for field in msgspec.structs.fields(Plan)}
    for name in (
        *("turns", "live", "days", "history", "held-out", "error", "skips", "changes-in"),
    ):
        default = of[name.replace("-", "_")].default
        parser.add_argument(f"--{name}", type=type(default), default=default)
    parser.add_argument("--base", default="", help="a base model, in the place of a stand-in")
    parser.add_argument("--setting", nargs="*", default=[], help="name=value of the product")
    given = vars(parser.parse_args())
    data, folder, arms = (given.pop(name) for name in ("data", "folder", "arms"))
    more = tuple(tuple(said.split("=", 1)) for said in given.pop("setting"))
    plan = Plan(**given, more=more)
    loop = Loop(folder, plan, loaded(folder, plan, partial(world_of, data)), told_on_stderr)
    if plan.set == "curve":
        loop.curve()
    else:
        loop.turn(arms)


if __name__ == "__main__":
    main()
