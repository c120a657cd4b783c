"""Do promises hold where certificates come and go? Random acts, as in `random_days.py`.

    python benchmarks/random_days_certified.py FOLDER --seed 1 --steps 300

The house sends what people's decisions certify. It begins with a careful agent who decides on
everything; later some reject what is right or approve what is wrong, so that fuses blow; documents
are edited, replaced by ones that say otherwise and put back; practice changes before them;
outcomes are imported and taken back; modes change; customers are forgotten; two servers answer on
one workspace, and either is killed. After each act the driver compares what was sent with the
certificate that held for that release and those documents, what certificates became with what
people did, and each contact's first response with its own log.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx
from random_days import OFTEN, TENANTS, Answer, Days, Json
from random_days_shop import ASPECTS, THINGS, Fact, Shop

from northloop.app.configuration import LOOK_EVERY_S
from northloop.core.artefacts import Release
from northloop.core.clock import now
from northloop.core.contact import Contact, contact_id_of
from northloop.core.desk import DeskAct
from northloop.core.ids import Hash
from northloop.core.interaction import ApprovedAnswer, Interaction, Withdrawal
from northloop.core.treatment import Treatment
from northloop.loop.bundles import read_one
from northloop.loop.promote import live_pair
from northloop.stages.monitoring import certificates, favour
from northloop.stages.monitoring.certificates import TreatmentStanding
from northloop.stages.monitoring.decided import Carried, Decided
from northloop.stages.monitoring.ledger import ended
from northloop.statistics.thresholds import RiskSpec
from northloop.testing.servers import free_port

RISK = RiskSpec(max_wrong=0.2)
CAREFUL = 60
"""So many questions a careful agent decides on before the days begin."""
BEGINNINGS = (
    "",
    "Hello there, one question. ",
    "I bought it last week. ",
    "My neighbour has one as well. ",
    "We are about to order. ",
    "I could not find this anywhere. ",
    "Sorry to bother you. ",
    "It is a present. ",
)
SLACK = timedelta(milliseconds=80)
DECIDING = frozenset(
    (
        *("desk", "review", "undo", "spell_of_care", "bad_rejecter", "bad_approver", "practice"),
        *("crowd", "dying", "restart", "own_mode", "approved", "canary", "promote", "roll_back"),
        *("turn", "follow_up", "ask", "paraphrase", "forget"),
    )
)
"""Acts in which people may decide, or another release goes live."""


class Span(NamedTuple):
    """Between which moments something was."""

    since: datetime
    until: datetime


class Doors:
    """The API of one server or two; each call goes through either."""

    def __init__(self, first: httpx.Client, days: CertifiedDays) -> None:
        self.first, self._days = first, days

    def request(self, *given: Any, **more: Any) -> httpx.Response:
        return self._one().request(*given, **more)

    def get(self, *given: Any, **more: Any) -> httpx.Response:
        return self._one().get(*given, **more)

    def post(self, *given: Any, **more: Any) -> httpx.Response:
        return self._one().post(*given, **more)

    def _one(self) -> httpx.Client:
        twin = self._days.twin
        return twin.api if twin is not None and self._days.coin.random() < 0.4 else self.first


class CertifiedDays(Days):
    """Random days of a house that sends what is certified."""

    name = "certified"
    wish = "Reduce first response time by 30 % within six months"
    holdout = "0.2"
    mode = "certified"
    often = MappingProxyType(
        {
            **OFTEN,
            "ask": 34,
            "desk": 14,
            "review": 14,
            "document": 8,
            "mode": 3,
            "turn": 0.5,
            "canary": 2,
            "promote": 1,
            "roll_back": 1,
            "outcomes": 4,
            "forget": 3,
            "crowd": 0.7,
            "dying": 1,
            "import": 0.5,
            "spell_of_care": 9,
            "bad_rejecter": 2,
            "bad_approver": 1,
            "practice": 1.5,
            "replace": 2,
            "edit_asked": 4,
            "twin": 2,
        }
    )

    def __init__(self, folder: Path, seed: int, steps: int) -> None:
        super().__init__(folder, seed, steps)
        self.coin = Random(7_000 + seed)
        self.twin: Shop | None = None
        self.times: dict[str, Span] = {}
        self.replies: dict[str, list[Span]] = defaultdict(list)  # contact → when agents replied
        self.reports: dict[str, list[tuple[str, datetime]]] = {}  # import → (talk, first answer)
        self.acts_done: list[tuple[Answer, Json]] = []
        self.vouched: list[tuple[int, str]] = []
        self.elsewhere: dict[str, str] = {}
        self.unclear: set[str] = set()
        self.practised: list[Json] = []
        self.known_standings: dict[tuple[Hash, Treatment], TreatmentStanding] = {}
        self.known_passages: frozenset[Hash] = frozenset()
        self.once: Counter[str] = Counter()

    def begin(self) -> None:
        super().begin()
        self.shop.api = Doors(self.shop.api, self)  # type: ignore[assignment]
        self.care(CAREFUL)
        self.look(decided=True)
        print("  certified at first:", self.certified_now(), flush=True)

    def certified_now(self) -> dict[str, str]:
        return {t.value: one.words for t, one in self.standings(self.live).items()}

    def worded(self, fact: Fact) -> str:
        return self.rng.choice(BEGINNINGS) + super().worded(fact)

    # --- what holds of each answer -------------------------------------------------------------

    def answered(self, tenant: str, asked: Json, name: str) -> httpx.Response:
        since = now()
        reply = super().answered(tenant, asked, name)
        self.times[name] = Span(since - SLACK, now() + SLACK)
        return reply

    def check_answer(self, a: Answer) -> None:
        super().check_answer(a)
        self.once[f"{self.house_mode} {a.north['source']} {a.handoff or 'sent'}"] += 1
        if not a.kept:
            return
        if a.customer and self.held.get((a.tenant, a.customer)):
            self.promise(
                "who is held out gets no automatic answer",
                not a.is_sent and not a.kept["draft"],
                (a.id, a.north, a.kept["draft"]),
            )
        if not a.is_sent:
            return
        self.check_rule(a)
        self.check_approved(a)
        self.check_old(a)
        self.check_practice(a)

    def check_rule(self, a: Answer) -> None:
        """What goes out by itself has the sureness that release, mode and people ask for."""
        if a.north["source"] not in ("memory", "quote", "generated"):
            return
        kept = self.reading().get(Interaction, a.id)
        treatment = Treatment(kept.treatment)
        passages = self.workspace().parts.known_passages(kept.knowledge)
        release = read_one(self.artefacts(), kept.release, "release.json", Release)
        said = favour.favours(self.reading(), kept.release, release, passages).get(treatment)
        sealed = next((c for c in release.first if c.treatment is treatment), None)
        own = self.modes.get((a.tenant, a.talk))
        is_open = self.house_mode == "open" and own != "certified"
        if is_open and sealed is not None and sealed.sent and not (said and said.decided):
            least = sealed.least
        else:
            found = certificates.standings(self.reading(), kept.release, RISK, passages)
            one = found.get(treatment)
            least = one.certificate.threshold if one and one.certificate else inf
        self.promise(
            "nothing goes out below the threshold of its release and documents",
            kept.sure >= least,
            (a.id, kept.treatment, kept.sure, least, self.house_mode, own),
        )

    def check_approved(self, a: Answer) -> None:
        if a.north["source"] != "approved":
            return
        records = self.reading()
        gone = {one.approved_id for one in records.query(Withdrawal).rows}
        standing = [
            one
            for one in records.query(ApprovedAnswer).rows
            if one.approved_id not in gone and one.answer == a.text and one.tenant in ("", a.tenant)
        ]
        self.promise("an approved answer is still approved", bool(standing), (a.id, a.text))

    def check_old(self, a: Answer) -> None:
        """No sentence that the documents said before, and nobody has said since, goes out."""
        for fact, n in self.edited:
            old = ASPECTS[fact.aspect][1].format(thing=fact.thing, n=n)
            if n == fact.n or fact.thing in self.unclear or old not in a.text:
                continue
            said_since = any(old in text for _, text in self.vouched)
            self.promise(
                "no sentence of before an edit goes out",
                said_since,
                (a.id, a.question, a.text, a.north["source"], fact.says, a.kept["evidence"]),
            )

    def check_practice(self, a: Answer) -> None:
        for one in self.practised:
            if one["tenant"] == a.tenant and one["old"] in a.text:
                self.promise(
                    "what people write otherwise goes out by itself no more",
                    False,
                    (a.id, a.question, a.text, a.north, one),
                )
        self.tried["what people write otherwise goes out by itself no more"] += 1

    # --- what people said ----------------------------------------------------------------------

    def sent_by_hand(self, a: Answer, said: Json) -> None:
        at = datetime.fromisoformat(said["at"])
        self.acts_done.append((a, said))
        if said["content"]:
            self.replies[self.contact(a)].append(Span(at, at))
            self.say(a.tenant, said["content"])
        one = self.reading().find(DeskAct, said["id"])
        self.promise("an act is in the ledger", one is not None, said)

    def say(self, tenant: str, text: str) -> None:
        """Somebody has written this, or found it right."""
        self.vouched.append((self.step, text))
        self.practised = [
            p for p in self.practised if p["tenant"] != tenant or p["old"] not in text
        ]

    def contact(self, a: Answer) -> str:
        return contact_id_of(a.tenant, self.talk_of(a), a.id)

    def talk_of(self, a: Answer) -> str:
        """The conversation's id as it is kept."""
        found = self.reading().find(Interaction, a.id)
        return found.conversation_id if found else ""

    def act_review(self) -> None:
        before = len(self.verdicts)
        super().act_review()
        for v in self.verdicts[-1:] if len(self.verdicts) > before else ():
            kept = self.reading().find(Interaction, v["a"].id)
            if v["kind"] == "correct":
                self.say(v["a"].tenant, v["text"])
            elif kept is not None and v["a"].fact:
                self.say(v["a"].tenant, v["a"].fact.says)

    def act_undo(self) -> None:
        super().act_undo()
        self.practised.clear()

    def act_approved(self) -> None:
        super().act_approved()
        for one in self.reading().query(ApprovedAnswer).rows:
            self.vouched.append((self.step, one.answer))
        self.practised.clear()

    def new_questions(self, count: int, fact: Fact | None = None) -> list[Answer]:
        """Ask what nobody has asked in these words; only customers who are not held out."""
        asked: list[Answer] = []
        known = {a.question for a in self.answers}
        for _ in range(count * 4):
            if len(asked) == count:
                break
            of = fact or self.rng.choice(self.company.facts)
            text = self.worded(of)
            if text in known:
                continue
            self.customers += 1
            found = self.ask(fact=of, text=text, customer=f"c{self.customers - 1}", talk="")
            if found is not None and found.handoff != "held_out":
                asked.append(found)
        return asked

    def row_of(self, a: Answer) -> Json | None:
        return next((r for r in self.queue(a.tenant) if r["id"] == a.id), None)

    def care(self, count: int) -> None:
        """A careful agent decides on each of so many new questions."""
        for _ in range(count):
            for a in self.new_questions(1):
                row = self.row_of(a) if a.handoff else None
                if row is None:
                    continue
                fact, draft = a.fact, row["draft"]
                assert fact is not None
                good = fact.says in draft
                right = fact.says
                acts = (
                    [("send", {})] if good else [("edit" if draft else "discard", {"text": right})]
                )
                self.decide(a.tenant, row, only=acts)

    def act_spell_of_care(self) -> None:
        self.care(self.rng.choice((8, 14, 20)))

    def act_bad_rejecter(self) -> None:
        """In draft mode somebody rejects what is right, so that fuses blow."""
        before, told = self.house_mode, self.certified_now()
        self.to_mode("draft")
        for a in self.new_questions(self.rng.choice((7, 10))):
            row = self.row_of(a)
            if row is not None and row["draft"]:
                text = f"Please call us about your {a.fact.thing if a.fact else 'order'}."
                keeps = {"text": text, "for_others": self.rng.random() < 0.3}
                self.decide(a.tenant, row, only=[("edit", keeps), ("discard", keeps)])
        self.to_mode(before)
        self.note("fuses", before=told, after=self.certified_now())

    def act_bad_approver(self) -> None:
        """Somebody sends whatever the draft says."""
        for a in self.new_questions(5):
            row = self.row_of(a) if a.handoff else None
            if row is not None and row["draft"]:
                self.decide(a.tenant, row, only=[("send", {})])

    def act_practice(self) -> None:
        """An agent writes another number than every document has, in the draft's own sentence."""
        for a in self.new_questions(3):
            row = self.row_of(a) if a.handoff else None
            fact = a.fact
            if row is None or fact is None or fact.says not in row["draft"]:
                continue
            new = self.company.free[-1] + 100
            other = ASPECTS[fact.aspect][1].format(thing=fact.thing, n=new)
            text = row["draft"].replace(fact.says, other)
            done = len(self.acts_done)
            self.decide(a.tenant, row, only=[("edit", {"text": text})])
            if len(self.acts_done) > done:
                one = {"tenant": a.tenant, "old": fact.says, "thing": fact.thing, "by": a.customer}
                self.practised.append(one)
                for _ in range(2):
                    self.ask(tenant=a.tenant, fact=fact)
            return

    def to_mode(self, mode: str) -> None:
        reply = self.form("/settings/serving.mode/change", value=mode)
        self.note("mode", mode=mode, status=reply.status_code)
        if self.promise("the mode is changed", reply.status_code == 303, reply.text[-600:]):
            self.house_mode = mode
        time.sleep(0.3 if self.twin is None else LOOK_EVERY_S + 0.5)

    def act_mode(self) -> None:
        self.to_mode(self.rng.choice(("certified",) * 5 + ("open", "open", "draft")))

    # --- documents -----------------------------------------------------------------------------

    def act_document(self) -> None:
        super().act_document()
        self.practised.clear()
        there = {p.stem for p in (self.shop.folder / "documents").glob("*.md")}
        for thing, stem in [*self.elsewhere.items()]:
            if thing.replace(" ", "-") in there:
                self.unclear.add(thing)
            if stem not in there:
                del self.elsewhere[thing]

    def act_edit_asked(self) -> None:
        """A document is edited, and what it was asked before is asked again."""
        known = [a for a in self.answers[-60:] if a.fact and not a.gone and not zq_in(a)]
        if not known or not self.company.free:
            return
        a = self.rng.choice(known)
        fact = a.fact
        assert fact is not None
        stem = fact.thing.replace(" ", "-")
        file = self.shop.folder / "documents" / f"{stem}.md"
        if not file.exists() or fact.says not in file.read_text():
            return
        old, says = fact.n, fact.says
        fact.n = self.company.free.pop(self.rng.randrange(len(self.company.free)))
        file.write_text(file.read_text().replace(says, fact.says))
        self.edited.append((fact, old))
        self.company.free.append(old)
        self.edited = [(f, n) for f, n in self.edited if not (f is fact and n == fact.n)]
        self.vouched = [(s, t) for s, t in self.vouched if says not in t]
        self.practised.clear()
        self.note("edits", document=stem, old=says, new=fact.says, asked=a.question)
        if self.rng.random() < 0.5:
            self.in_force()
        else:
            done = self.verb("knowledge", "update", "--json")
            self.promise("documents are put in force", done.returncode == 0, done.stderr[-800:])
        self.ask(tenant=a.tenant, fact=fact, text=a.question)
        self.ask(tenant=a.tenant, fact=fact)

    def act_replace(self) -> None:
        """A document goes, and another one says otherwise."""
        whole = [t for t in THINGS if t not in self.elsewhere and t not in self.unclear]
        thing = self.rng.choice(whole) if whole else ""
        stem = thing.replace(" ", "-")
        file = self.shop.folder / "documents" / f"{stem}.md"
        facts = [f for f in self.company.facts if f.thing == thing]
        if not thing or not file.exists() or len(self.company.free) < len(facts):
            return
        text = file.read_text()
        reply = self.form("/documents/remove", file=f"{stem}.md")
        self.note("replaces", document=stem, status=reply.status_code)
        if reply.status_code != 303:
            return
        self.removed[stem] = text
        for fact in facts:
            if fact.says in text:
                self.edited.append((fact, fact.n))
                self.vouched = [(s, t) for s, t in self.vouched if fact.says not in t]
            self.company.free.append(fact.n)
            fact.n = self.company.free.pop(self.rng.randrange(len(self.company.free) - 1))
            self.edited = [(f, n) for f, n in self.edited if not (f is fact and n == fact.n)]
        new = f"{stem}-{self.step}"
        (self.shop.folder / "documents" / f"{new}.md").write_text(self.company.document(thing))
        self.elsewhere[thing] = new
        self.practised.clear()
        self.in_force()
        for fact in self.rng.sample(facts, 2):
            self.ask(fact=fact)

    # --- outcomes ------------------------------------------------------------------------------

    def act_outcomes(self) -> None:
        """An export of outcomes that says when people first answered, and perhaps back with it."""
        tenant = self.rng.choice(TENANTS)
        known = [
            a
            for a in self.answers[-150:]
            if a.talk and not a.gone and a.tenant == tenant and a.kept
        ]
        if not known:
            return
        export, chosen = self.home / "outcomes.jsonl", {}
        for a in self.rng.sample(known, min(10, len(known))):
            chosen[a.talk] = a
        rows, told = [], []
        for a in chosen.values():
            opened = self.opened(a)
            created, after = opened.replace(microsecond=0), self.rng.randrange(-40, 100)
            rows.append(
                {
                    "ticket_id": a.talk,
                    "status": "closed",
                    "question": "Which?",
                    "reply": "This.",
                    "created_at": f"{created:%Y-%m-%dT%H:%M:%SZ}",
                    "first_response_at": f"{created + timedelta(minutes=after):%Y-%m-%dT%H:%M:%SZ}",
                    "closed_at": f"{created + timedelta(hours=9):%Y-%m-%dT%H:%M:%SZ}",
                }
            )
            # An export's times are told from when its case was created.
            told.append((self.contact(a), opened + timedelta(minutes=max(0, after))))
        export.write_text("".join(json.dumps(r) + "\n" for r in rows))
        before = self.progress(), self.responses()
        done = self.verb("outcomes", str(export), "--json", "--tenant", tenant)
        self.note("outcomes", code=done.returncode, out=done.stdout[-300:], err=done.stderr[-300:])
        if not self.promise("outcomes are taken in", done.returncode == 0, done.stderr[-900:]):
            return
        name = json.loads(done.stdout)["import_id"]
        self.reports[name] = told
        self.check_contacts()
        if self.rng.random() < 0.5:
            back = self.verb("reports", "undo", name, "--json")
            self.note("reports undo", code=back.returncode, err=back.stderr[-300:])
            if self.promise(
                "an import of outcomes is taken back", back.returncode == 0, back.stderr[-900:]
            ):
                del self.reports[name]
            again = self.progress(), self.responses()
            self.promise("undone outcomes leave nothing", before == again, (before, again))
            self.check_contacts()

    def opened(self, a: Answer) -> datetime:
        found = self.reading().find(Contact, self.contact(a))
        return datetime.fromisoformat(found.opened_at) if found else now()

    def responses(self) -> dict[str, str]:
        found = ended(self.reading(), now())
        return {e.contact.contact_id: str(e.responded_at) for e in found}

    def check_contacts(self) -> None:
        """Each contact is there once, and its first response is what the driver saw."""
        records = self.reading()
        found = {e.contact.contact_id: e for e in ended(records, now())}
        told: dict[str, list[datetime]] = defaultdict(list)
        for some in self.reports.values():
            for name, at in some:
                told[name].append(at)
        mine: dict[str, list[Answer]] = defaultdict(list)
        for a in self.answers:
            if not a.gone:
                mine[self.contact(a)].append(a)
        self.promise(
            "each contact is in the ledger once",
            mine.keys() == found.keys(),
            ("more", found.keys() - mine.keys(), "less", mine.keys() - found.keys()),
        )
        for name in mine.keys() & found.keys():
            asked, one = mine[name], found[name]
            if not all(a.name in self.times for a in asked):
                continue
            spans = [self.times[a.name] for a in asked if a.is_sent]
            spans += self.replies.get(name, ())
            spans += [Span(at, at) for at in told[name]]
            if not spans:
                self.promise(
                    "no first response where nobody answered", one.responded_at is None, (name, one)
                )
                continue
            low, high = min(s.since for s in spans), min(s.until for s in spans)
            self.promise(
                "the first response is when it was",
                one.responded_at is not None and low <= one.responded_at <= high,
                (name, one.responded_at, low, high, [a.id for a in asked], spans),
            )

    # --- two servers ---------------------------------------------------------------------------

    def act_twin(self) -> None:
        """A second server begins, ends, or is killed."""
        twin = self.twin
        if twin is None:
            twin = Shop(self.shop.folder, free_port())
            twin.start()
            self.twin = twin
            self.note("twin begins")
            return
        self.twin = None
        if self.rng.random() < 0.5:
            twin.kill()
            self.note("twin killed")
        else:
            self.note("twin ends", code=twin.stop())

    def make_key(self, tenant: str) -> None:
        super().make_key(tenant)

    # --- certificates --------------------------------------------------------------------------

    def acted(self, act: str) -> None:
        super().acted(act)
        self.look(decided=act in DECIDING)
        self.once[f"act {act}"] += 1

    def look(self, *, decided: bool) -> None:
        """Certificates become laxer, and fuses whole again, by what people decide alone."""
        records = self.reading()
        pair = live_pair(self.artefacts(), records)
        assert pair is not None
        passages = self.workspace().parts.known_passages(pair.knowledge) or frozenset()
        releases = {d.release for d in records.query(Decided).rows}
        every = {
            (release, treatment): one
            for release in releases
            for treatment, one in certificates.standings(records, release, RISK, passages).items()
        }
        came = passages - self.known_passages
        rests = {piece for d in records.query(Decided).rows for piece in d.evidence}
        rests |= {piece for d in records.query(Carried).rows for piece in d.evidence}
        if not decided and not came & rests:
            for key, one in every.items():
                before = self.known_standings.get(key)
                was, is_ = least_of(before), least_of(one)
                self.promise(
                    "a certificate gets laxer by decisions alone",
                    is_ >= was,
                    (key, before and before.words, one.words),
                )
                self.promise(
                    "a fuse stays blown until people decide otherwise",
                    one.blown or not (before and before.blown),
                    (key, before and before.words, one.words),
                )
        self.known_standings, self.known_passages = every, frozenset(passages)
        self.once["steps"] += 1
        live = [one for (release, _), one in every.items() if release == self.live]
        self.once["steps with a certificate of what is live"] += any(o.certificate for o in live)
        self.once["steps with a blown fuse of what is live"] += any(o.blown for o in live)

    def check_counts(self) -> None:
        super().check_counts()
        self.check_contacts()
        self.check_certificates()

    def check_certificates(self) -> None:
        """The page, the command line and the records tell one certificate."""
        own = {
            t.value: (one.decisions, one.right, least_of(one))
            for t, one in self.standings(self.live).items()
        }
        done = self.verb("compare", self.live, "--json")
        if done.returncode == 0:
            told = {
                s["treatment"]: (
                    s["decisions"],
                    s["right"],
                    s["certificate"]["threshold"] if s["certificate"] else inf,
                )
                for s in json.loads(done.stdout)["standings"]
            }
            self.promise("two doors tell one certificate", told == own, (told, own))
        page = self.no_5xx(self.shop.console.get(f"/releases/{self.live}")).text
        part = page.partition("What people's decisions certify")[2].partition("</table>")[0]
        if not part:
            part = page.partition("What people&#39;s decisions certify")[2].partition("</table>")[0]
        seen = {}
        for row in re.findall(r"<tr>(<td data-label=\"Treatment\".*?)</tr>", part, re.S):
            cells = [
                re.sub(r"<[^>]+>", " ", c) for c in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
            ]
            least = re.search(r"from ([\d.]+) on", cells[3])
            seen[cells[0].strip().lower()] = (
                int(cells[1]),
                int(cells[2]),
                f"{float(least[1]):.2f}" if least else "inf",
            )
        mine = {t: (d, r, f"{least:.2f}") for t, (d, r, least) in own.items()}
        self.promise(
            "the page tells the same certificate",
            sorted(seen.values()) == sorted(mine.values()),
            (seen, mine),
        )
        api = self.call("GET", "/v1/progress", TENANTS[0])
        done = self.verb("progress", "--json")
        if api.status_code == 200 and done.returncode == 0:
            a, b = api.json(), json.loads(done.stdout)
            b = b.get("contrast", b)
            keys = ("contacts", "customers", "settled", "resolved", "waiting")
            sides = ("assisted", "held_out")
            same = all(a[s].get(k) == b[s].get(k) for s in sides for k in keys if s in a and s in b)
            self.promise("two doors tell one progress", same, (a, b))

    def report(self) -> None:
        super().report()
        file = self.home / "report.json"
        said = json.loads(file.read_text())
        said["seen"] = self.once
        file.write_text(json.dumps(said, indent=1))

    def run(self) -> None:
        try:
            super().run()
        finally:
            if self.twin is not None:
                self.twin.kill()


def least_of(one: TreatmentStanding | None) -> float:
    """From which sureness on a treatment's answers are certified; inf for never."""
    return one.certificate.threshold if one and one.certificate else inf


def zq_in(a: Answer) -> bool:
    """Whether a question has the word of one customer."""
    return "I write about zq" in a.question


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=300)
    given = parser.parse_args()
    given.folder.mkdir(parents=True)
    CertifiedDays(given.folder, given.seed, given.steps).run()


if __name__ == "__main__":
    main()
