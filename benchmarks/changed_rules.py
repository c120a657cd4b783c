"""What customers are told after a rule changed, and after trifles that change none.

    python benchmarks/changed_rules.py                     all worlds, ten minutes on one core
    python benchmarks/changed_rules.py practice --look     one, and each answer that was sent wrong

A shop with fifteen articles and three hundred tickets, whose agents answer in five ways of their
own, begins at once in the mode "certified"; forty customers a day ask in forms that come again in
other combinations. Each evening people decide on all drafts and judge what was drawn of what was
sent, by what holds on that day. On day 16

  nothing    happens.
  practice   "return a tent" becomes 14 days instead of 10, and no document says so.
  document   it does, in practice and in the article.
  exception  it does for one customer, as a favour: who reviews it says so in the words of the rule.
  trifle     nothing happens, but from the first day on agents change a trifle in every tenth right
             draft: a comma, a courtesy.

It is a world of our own making: it shows what cannot happen, not how often something does. A row
says how many of the customers from that day on were sent an answer, how many a wrong one, on which
day of theirs the last, and how many drafts agents had to put right.
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import time_machine

import northloop as nl
from northloop.app import desk, reviews
from northloop.core.actor import team
from northloop.core.interaction import Interaction, VerdictKind
from northloop.workspace import Workspace

WORLDS = ("nothing", "practice", "document", "exception", "trifle")
BEGINS = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAYS, CHANGES, A_DAY, TICKETS = 40, 16, 40, 300
TOPICS = (
    "return a tent",
    "ship to Norway",
    "wash the sleeping bag",
    "repair a zipper",
    "change my address",
    "cancel my order",
    "get an invoice",
    "pay by card",
    "exchange boots",
    "track my parcel",
    "use a voucher",
    "claim the warranty",
    "order larger jackets",
    "visit the shop",
    "pump the mattress",
)
CHANGED = TOPICS[0]
OFTEN = 0.15
"""So often the topic that changes is asked about, besides by chance."""
NOW = 14
LEADS = (
    "Good morning, ",
    "Hi, ",
    "",
    "Dear team, ",
    "Quick question: ",
    "One thing: ",
    "Please tell me, ",
    "Sorry to bother you, ",
)
HAVE = (
    "a green one",
    "the blue model",
    "a gift from my aunt",
    "two of them",
    "one from the sale",
    "last year's kind",
    "one of size L",
    "a used one",
)
WAYS = (
    "You can {} within {} days.",
    "To {} you have {} days.",
    "It is possible to {} for {} days.",
    "We let you {} in the first {} days.",
    "For {1} days you may {0}.",
)
OBJECTIVE = nl.ObjectiveInput(
    statement="Reduce resolution time by 30 % within six months", holdout_share=0.0
)


class Day(NamedTuple):
    """What came of one day's questions."""

    asked: int
    sent: int
    wrong: int
    corrected: int
    """Drafts that agents put right."""


class Shop:
    """The shop: what holds in it, and its workspace."""

    def __init__(self, folder: Path, world: str) -> None:
        self.folder, self.world = folder, world
        self.days = {topic: 10 + 3 * place for place, topic in enumerate(TOPICS)}
        self.dice = random.Random(11)
        self.wrong: list[Interaction] = []
        self.favours = 0
        """So many customers are to be told of a favour yet."""

    def article(self, topic: str) -> str:
        said = f"You can {topic} within {self.days[topic]} days, counted from the delivery."
        return f"# How to {topic}\n\n{said} The team at the counter helps you.\n"

    def own_words(self, topic: str) -> str:
        """What a person writes: they have read the article, or know better."""
        return self.article(topic).split("\n")[2]

    def write(self, topic: str) -> None:
        file = self.folder / "documents" / f"{topic.replace(' ', '-')}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.article(topic), "utf-8")

    def question(self, topic: str) -> str:
        dice = self.dice
        return (
            f"{dice.choice(LEADS)}how can I {topic}? I have {dice.choice(HAVE)} "
            f"since {dice.randint(2, 900)} days."
        )

    def begin(self) -> None:
        rows = []
        for number in range(TICKETS):
            topic = TOPICS[number % len(TOPICS)]
            opened = BEGINS - timedelta(days=self.dice.uniform(5, 100))
            rows.append((
                f"T{number}",
                self.question(topic),
                self.dice.choice(WAYS).format(topic, self.days[topic]),
                opened.isoformat(),
                (opened + timedelta(hours=5)).isoformat(),
            ))  # fmt: skip
        export = self.folder.parent / "tickets.csv"
        with export.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([
                ("ticket_id", "question", "reply", "created_at", "closed_at"),
                *rows,
            ])  # fmt: skip
        with nl.open(self.folder, nl.team("Ana")) as session:
            session.set_objective("support", OBJECTIVE)
            for topic in TOPICS:
                self.write(topic)
            session.commit(session.preview([export]))
            session.begin_at_once()

    def is_right(self, topic: str, text: str) -> bool:
        return f" {self.days[topic]} days" in text and topic in text

    def day(self, number: int) -> Day:
        if number == CHANGES and self.world in ("practice", "document"):
            self.days[CHANGED] = NOW
        if number == CHANGES and self.world == "exception":
            self.favours = 1
        if number == CHANGES and self.world == "document":
            self.write(CHANGED)
            with nl.open(self.folder, nl.team("Ana")) as session:
                session.update_knowledge()
        with nl.open(self.folder, nl.team("Ana")) as session:
            topics = self._asked(session, number)
            corrected = self._desk(session.lazy.workspace(), topics)
            self._reviews(session.lazy.workspace(), topics)
        kept = [one for one, _ in topics.values()]
        sent = [one for one in kept if one.answers]
        wrong = [
            one for one in sent if not self.is_right(topics[one.interaction_id][1], one.answer)
        ]
        self.wrong += wrong
        return Day(len(kept), len(sent), len(wrong), corrected)

    def _asked(self, session: nl.Session, number: int) -> dict[str, tuple[Interaction, str]]:
        shop, found = session.acting(nl.caller("shop", tenant="default")), {}
        for place in range(A_DAY):
            topic = CHANGED if self.dice.random() < OFTEN else self.dice.choice(TOPICS)
            name = f"{number}-{place}"
            asked = nl.question(self.question(topic), customer_id=name, conversation_id=name)
            kept = shop.answer(asked)
            found[kept.interaction_id] = kept, topic
        return found

    def _desk(self, workspace: Workspace, topics: dict[str, tuple[Interaction, str]]) -> int:
        """Decide on what waits; return how many drafts were put right."""
        corrected, ana = 0, team("Ana")
        for case in desk.queue(workspace, ana).rows:
            name, draft = case.interaction_id, case.draft
            if case.handed.interaction_id not in topics:
                continue
            topic = topics[case.handed.interaction_id][1]
            if draft and self.is_right(topic, draft):
                if self.world == "trifle" and self.dice.random() < 0.1:
                    desk.edit(workspace, ana, name, f"{draft} Have a nice day!")
                else:
                    desk.send(workspace, ana, name)
            elif draft:
                corrected += 1
                desk.edit(workspace, ana, name, self.own_words(topic))
            else:
                desk.discard(workspace, ana, name, self.own_words(topic), for_others=False)
        return corrected

    def _reviews(self, workspace: Workspace, topics: dict[str, tuple[Interaction, str]]) -> None:
        rob = team("Rob")
        for opened in reviews.queue(workspace, rob):
            kept = opened.interaction
            if kept.handoff is not None or kept.interaction_id not in topics:
                continue
            topic = topics[kept.interaction_id][1]
            right = self.is_right(topic, kept.answer)
            correction = self.own_words(topic)
            if right and topic == CHANGED and self.favours:
                self.favours, right = 0, False
                correction = correction.replace(str(self.days[topic]), "60")
            judgement = nl.Judgement(
                review_id=opened.item.review_id,
                kind=VerdictKind.CORRECT if right else VerdictKind.INCORRECT,
                correction="" if right else correction,
                reviewer="Rob",
            )
            reviews.judge(workspace, rob, judgement)


def row(world: str, days: list[Day]) -> str:
    after = days[CHANGES:]
    last = max((place + 1 for place, day in enumerate(after) if day.wrong), default=0)
    return (
        f"| {world} | {sum(d.asked for d in after)} | {sum(d.sent for d in after)} "
        f"| {sum(d.wrong for d in after)} | {last or '–'} | {sum(d.corrected for d in after)} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("worlds", nargs="*", metavar="WORLD", help=", ".join(WORLDS))
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--look", action="store_true", help="print what was sent wrong")
    given = parser.parse_args()
    if unknown := set(given.worlds) - set(WORLDS):
        parser.error(f"no such world: {', '.join(sorted(unknown))}; there are {', '.join(WORLDS)}")
    print("| world | asked from day 16 on | sent | wrong | last on day | drafts put right |")
    print("|---|---|---|---|---|---|")
    for world in given.worlds or WORLDS:
        with tempfile.TemporaryDirectory() as place:
            shop = Shop(Path(place) / "workspace", world)
            with time_machine.travel(BEGINS, tick=True):
                shop.begin()
            days = []
            for number in range(given.days):
                with time_machine.travel(BEGINS + timedelta(days=number), tick=True):
                    days.append(shop.day(number))
        print(row(world, days), flush=True)
        for one in shop.wrong if given.look else ():
            print(f"  {one.at[:10]} {one.source.value} {one.sure:.2f} {one.answer!r}")


if __name__ == "__main__":
    main()
