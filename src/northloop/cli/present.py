"""What people and programs see: tables on a terminal, one JSON document with --json."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Literal

from rich.console import Console
from rich.table import Table

from northloop.app.answers import Evidence, Lineage, Remains
from northloop.app.doctor import Check
from northloop.app.intake import METRICS, Metric, Preview, goal, unplanned
from northloop.app.keys import ListedKey
from northloop.app.knowledge import InDoubt
from northloop.app.releases import Compared
from northloop.cli import document as json_document
from northloop.core.artefacts import (
    Artefact,
    Comparison,
    Contestant,
    DataCard,
    Decision,
    Measure,
    Nearness,
    Objective,
    Report,
    Score,
    Talks,
)
from northloop.core.conversation import Example
from northloop.core.ids import Hash, short
from northloop.core.interaction import Interaction
from northloop.core.tally import Measured, Share
from northloop.core.treatment import Treatment

# No markup: what customers write in square brackets is theirs.
PIPE_COLUMNS = 240
"""Width where nobody looks: a line that is read by a program should not be broken."""
RECEIVED = ("right", "wrong", "handed_off")
"""The shares that add up to 1."""
PAIR_CHARS = 200
"""What is shown of a question or a reply."""
MOST_DATASETS = 3
"""So many dataset versions are named in a sentence."""
SHOWN_TURNS = 4
"""So many of the turns before a question are shown."""
SHOWN_ROWS = 5
out = Console(
    soft_wrap=True, markup=False, emoji=False, width=None if sys.stdout.isatty() else PIPE_COLUMNS
)
err = Console(stderr=True, markup=False, emoji=False)


def document(value: object) -> None:
    """Print a value as the one JSON document on stdout."""
    json_document.write(value)


_NUMBER = re.compile(r"[-+−]?\d[\d.,]*(?: ?(?:%|×))?(?: to [-+−]?\d[\d.,]*)?(?: \([^()]*\))?")


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: text to the left, columns of nothing but numbers to the right.

    What is too long for the terminal goes on below; nothing is cut off.
    """
    if not rows:
        out.print(f"{title}: none yet\n", highlight=False)
        return
    drawn = Table(title=title, title_justify="left", title_style="bold", pad_edge=False, box=None)
    for i, name in enumerate(head):
        numbers = i > 0 and _are_numbers([row[i] for row in rows])
        side: Literal["left", "right"] = "right" if numbers else "left"
        drawn.add_column(name, justify=side, header_style="dim", overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    out.print(drawn)
    out.print()


def _are_numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(map(_NUMBER.fullmatch, filled))


# --- nouns -------------------------------------------------------------------------------------


def one(value: object, sentence: str, as_json: bool) -> None:
    """Print what was done: its document, or one sentence."""
    if as_json:
        document(value)
    else:
        out.print(sentence)


def many(
    value: object,
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    as_json: bool,
) -> None:
    """Print what was found: its document, or a table."""
    if as_json:
        document(value)
    else:
        table(title, head, rows)


def counted_records(counts: Mapping[str, int]) -> str:
    """Return how many records of each kind, in words: 2 review items, 1 verdict."""
    return ", ".join(
        f"{count} {words_of_kind(kind)}{'' if count == 1 or kind == 'Feedback' else 's'}"
        for kind, count in counts.items()
    )


def words_of_kind(kind: str) -> str:
    """Return the name of a kind of record in words: review item."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()


def stays(found: Sequence[Remains]) -> str:
    """Return what stays of a customer who is forgotten, and why."""
    if not found:
        return "No dataset version holds anything of theirs."
    said = ", ".join(f"{r.rows} in {short(r.dataset)}" for r in found[:MOST_DATASETS])
    more = f" and {len(found) - MOST_DATASETS} more" if len(found) > MOST_DATASETS else ""
    exports = sorted({name for r in found for name in r.exports})
    again = (
        f" {', '.join(exports)} names them too and is read again by the next turn: take them out "
        "of the file and import it again."
        if exports
        else " The next dataset version is made without them."
    )
    return (
        f"What stays: rows in sealed dataset versions ({said}{more}), and what was trained on "
        f"them, so that every answer can still be traced. Rows are redacted.{again}"
    )


def doubt(found: InDoubt) -> None:
    """Print an approved answer that waits for a person, beside what changed, on stderr."""
    err.print(f"Question  {found.answer.question}\nAnswer    {found.answer.answer}")
    now = dict.fromkeys((*found.beside, *found.new))
    for what, passages in (("It was approved with", found.gone), ("Now there is", now)):
        for passage in passages:
            err.print(f"{what}: {passage.title}\n    {passage.text}")
    if not found.gone:
        err.print("What it was approved with still stands; its question finds more now.")


def secret(value: str) -> None:
    """Print a key, this once."""
    out.print(f"Key, shown once:  {value}", highlight=False)


def keys(listed: Sequence[ListedKey]) -> None:
    """Print the keys of the API."""
    table(
        "API keys",
        ("key", "name", "tenant", "scopes", "state", "made", "ends", "last used"),
        [
            (
                given.key.key_id,
                given.key.name,
                given.key.tenant,
                " ".join(given.key.roles),
                f"{given.state.value}, in northloop.toml" if given.in_file else given.state.value,
                given.key.at[:10],
                given.key.revoked_at[:10] or given.key.expires_at[:16],
                given.used_at[:16],
            )
            for given in listed
        ],
    )


def objective(contract: Objective) -> None:
    """Print the objective contract."""
    baseline, metric = contract.baseline, METRICS.get(contract.metric)
    rows = [
        ("metric", contract.metric),
        *([("measured", metric.definition)] if metric else []),
        ("baseline", _measure(baseline, metric) if baseline else "computed by: northloop import"),
        ("target", goal(contract)),
        ("deadline", contract.deadline),
        ("guardrails", _guarded(contract)),
        ("holdout", _held_out(contract)),
    ]
    table(contract.statement, ("objective", ""), rows)


def _held_out(contract: Objective) -> str:
    plan = contract.plan
    if plan is not None and contract.holdout_share != 0:
        return (
            f"{plan.share:.0%} of customers, answered by people alone: about {plan.customers} by "
            f"the deadline, power {plan.power:.0%}"
        )
    if contract.holdout_share == 0:
        return "nobody, so what the assistant changed will not show"
    if contract.baseline is not None:
        return f"nobody: {unplanned(contract)}"
    return "planned by: northloop import"


def card(dataset: Hash, found: DataCard) -> None:
    """Print the data card in short."""
    rows = found.rows
    balance = f"{rows.rows_in} = {rows.kept} kept + {rows.merged} merged"
    table(
        f"Dataset {short(dataset)}",
        ("", ""),
        [
            ("rows", f"{balance} + {rows.quarantined} quarantined"),
            *([("conversations", _talks(found.talks))] if found.talks else []),
            ("quarantined", _counts(found.quarantine_reasons)),
            ("sensitive", _counts(found.sensitive_spans)),
            ("learnt", _learnt(found)),
            ("splits", _counts(found.splits)),
            ("nearest", _nearness(found.nearness)),
            ("labelled", f"{found.labelled_share:.0%}"),
            ("dates", _counts(found.date_order)),
        ],
    )


def _learnt(found: DataCard) -> str:
    """Say how many of the rows that were kept are pairs, and why others are none."""
    pairs = sum(found.splits.values())
    others = found.rows.kept - pairs
    said = f"{pairs} of {found.rows.kept}"
    return f"{said}; {others} have no reply, or one too short or too long" if others else said


def _nearness(found: Nearness | None) -> str:
    """How near the test comes to the training rows, in a line."""
    if found is None:
        return "–"
    return (
        f"of {found.rows} test rows {found.same_words} have the words of a training row, "
        f"{found.close} differ from one in form alone; median likeness {found.median:.2f}"
    )


def _talks(talks: Talks) -> str:
    return f"{talks.conversations} of {_messages(talks)}; a row is an exchange"


def _messages(talks: Talks) -> str:
    others = f", {talks.others} of nobody's or a bot's not learnt" if talks.others else ""
    return f"{talks.messages} messages, {talks.private_notes} private notes left out{others}"


def received(found: Compared) -> None:
    """Print what came of the test questions with a release and with the one it was compared with:
    what customers would have received or, where people decide, answers and drafts alike."""
    reports = {"candidate": found.candidate, "current": found.current}
    names = {"candidate": found.decision.candidate, "current": found.decision.current}
    held = "no draft" if found.candidate.drafts else "handed off"
    table(
        "Answers and drafts to the test questions"
        if found.candidate.drafts
        else "What the test questions would have received",
        ("release", "right", "wrong", held, "n"),
        [
            (
                f"{side} {short(names[side] or '')}".rstrip(),
                *(_share(report, name) for name in RECEIVED),
                str(len(report.results)),
            )
            for side, report in reports.items()
        ],
    )


def ways(contestants: Sequence[Contestant]) -> None:
    """Print what each way to answer would have come to alone; nothing of a report of before."""
    if not contestants:
        return
    most = max(way.right.n for way in contestants)
    table(
        f"Each way to answer alone, on the same {most} questions",
        ("way", "served", "right", "wrong", "handed off", "right if all were sent"),
        [
            (
                way.name if way.right.n == most else f"{way.name}, {way.right.n} of them",
                "yes" if way.served else "no",
                with_interval(way.sent_right),
                with_interval(way.sent_wrong),
                f"{max(0.0, 1 - way.sent_right.value - way.sent_wrong.value):.0%}",
                with_interval(way.right),
            )
            for way in contestants
        ],
    )


def _share(report: Report, metric: str) -> str:
    """A share with its interval; a dash where a report of before does not have it."""
    found = next((score for score in report.scores if score.metric == metric), None)
    return with_interval(found) if found else "–"


def with_interval(share: Score | Share | Measured) -> str:
    """Return a share beside the ends of its interval."""
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})"


_FINDING = {
    ("guardrail", True): "holds",
    ("guardrail", False): "may be worse",
    ("success", True): "better",
    ("success", False): "not proven",
}


def preview(shown: Preview) -> None:
    """Print, on stderr, what an import would make: kinds, columns with their reasons, counts."""
    for read in shown.sources:
        _said(f"{read.label}: {read.layout.kind}", style="bold")
        if read.layout.why:
            _said(f"  because {read.layout.why}")
        for field, column in read.layout.mapping.items():
            _said(f"  {field} ← {column}  ({read.layout.reasons.get(field, '')})")
        if read.layout.agents:
            named = ", ".join(read.layout.agents[:8])
            more = len(read.layout.agents) - 8
            others = f" and {more} more" if more > 0 else ""
            _said(f"  agents: {named}{others}  ({read.layout.agents_why})")
        if read.talks:
            _said(f"  {read.talks.conversations} conversations, {_messages(read.talks)}")
    for name, why in shown.left_out.items():
        _said(f"{name}: left out, {why}")
    rows = shown.card.rows
    _said(
        f"{rows.rows_in} = {rows.kept} kept + {rows.merged} merged + {rows.quarantined} quarantined"
    )


def pairs(examples: Sequence[Example], total: int, *, into: Console = out) -> None:
    """Print some of the pairs of a dataset as they would be learnt."""
    into.print(f"{len(examples)} of {total} pairs, as they would be learnt", style="bold")
    for example in examples:
        label = f"  [{example.intent}]" if example.intent else ""
        for turn in example.context[-SHOWN_TURNS:]:
            who = "customer" if turn.role == "user" else "agent"
            into.print(f"  {who:8}  {_short_line(turn.content)}", style="dim", highlight=False)
        into.print(f"  question  {_short_line(example.question)}{label}", highlight=False)
        into.print(f"  reply     {_short_line(example.reply)}\n", highlight=False)


def _said(line: str, style: str = "") -> None:
    err.print(line, style=style, highlight=False, markup=False, soft_wrap=True)


def _role(c: Comparison) -> str:
    beside = "best so far" if c.beside_best else c.beside
    return f"{c.role}, {beside}" if beside else c.role


def notices(sentences: Sequence[str]) -> None:
    """Print what people should know of their data, on stderr."""
    for sentence in sentences:
        err.print(sentence, style="yellow", highlight=False, soft_wrap=True)


def decision(made: Decision) -> None:
    """Print what the gate decided and its evidence."""
    table(
        f"Gate: release {short(made.candidate)}",
        ("metric", "role", "difference", "interval", "margin", ""),
        [
            (
                c.metric,
                _role(c),
                f"{c.difference:+.3f}",
                f"{c.low:+.3f} to {c.high:+.3f}",
                f"{c.margin:g}" if c.role == "guardrail" else "",
                _FINDING.get((c.role, c.passed), "shown only"),
            )
            for c in made.comparisons
        ],
    )
    out.print(made.reason)
    if made.replay and made.replay.words:
        out.print(made.replay.words)


def _plain(value: str | float | tuple[str, ...]) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def nobody_waits(kept: Interaction) -> None:
    """Print, below an answer that the team asked for, that nobody replies though it says so."""
    out.print("\n")
    if kept.handoff:
        out.print("So a customer is told. What is asked here waits at nobody's desk.\n")


def trace(kept: Interaction) -> None:
    """Print the steps of an answer, and before them the draft that was held back."""
    if kept.draft:
        out.print(f"Draft for the team, by {kept.treatment or 'the model'}, {kept.sure:.2f} sure:")
        out.print(f"{kept.draft}\n", markup=False, highlight=False)
    table(
        f"{kept.source.value}, {kept.latency_ms:.0f} ms, interaction {kept.interaction_id}"
        + (f", trace {kept.trace_id}" if kept.trace_id else ""),
        ("step", "ms", "decision", "evidence"),
        [
            (
                s.name,
                f"{s.ms:.1f}",
                s.decision,
                ", ".join(f"{k} {_plain(v)}" for k, v in s.evidence.items()),
            )
            for s in kept.trace
        ],
    )


def evidence(found: Sequence[Evidence]) -> None:
    """Print what an answer rests on, and how old that is; nothing where it rests on nothing."""
    if not found:
        return
    table(
        "Evidence",
        ("passage", "document", "text as of", ""),
        [
            (one.title, one.document, one.since[:16], "" if one.stands else "changed since")
            for one in found
        ],
    )


def artefacts(title: str, found: Sequence[Artefact]) -> None:
    """Print artefacts with when they were made."""
    rows = [(a.manifest.kind.value, short(a.hash), a.created_at[:16]) for a in found]
    table(title, ("kind", "hash", "made"), rows)


def lineage(found: Lineage, made_by: str) -> None:
    """Print the ancestors of an answer and some of the rows it was learnt from.

    `made_by` is the treatment of the answer, "" for none.
    """
    artefacts("Made from", found.artefacts)
    if made_by in (Treatment.MEMORY, Treatment.QUOTE):
        what = (
            "remembered for it" if made_by == Treatment.MEMORY else "answered from these passages"
        )
        table(
            f"{_rows(len(found.cases))} {what}{_first(len(found.cases))}",
            ("row", "answered", "question"),
            [(", ".join(o.origin), o.at[:10], o.question[:80]) for o in found.cases[:SHOWN_ROWS]],
        )
        return
    table(
        f"{_rows(len(found.rows))} of its intent taught the model{_first(len(found.rows))}",
        ("row", "question"),
        [(", ".join(row.origin), row.question[:80]) for row in found.rows[:SHOWN_ROWS]],
    )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _first(count: int) -> str:
    return f"; the first {SHOWN_ROWS}" if count > SHOWN_ROWS else ""


def findings(checks: Sequence[Check]) -> None:
    """Print what the doctor found."""
    marks = {True: "ok", False: "missing"}
    table(
        "northloop doctor",
        ("check", "", "found", "what to do"),
        [(c.name, marks[c.ok], c.found, c.mend) for c in checks],
    )


def _guarded(contract: Objective) -> str:
    rails = [f"{g.metric} at most {g.margin:g} worse" for g in contract.guardrails]
    return ", ".join(rails) or "none"


def _measure(found: Measure, metric: Metric | None) -> str:
    silent = f", {found.unanswered} {metric.unanswered}" if metric and found.unanswered else ""
    ends = f"({found.low:.1f} to {found.high:.1f})"
    return f"{found.value:.1f} {found.unit} {ends}, n {found.n}{silent}"


def _short_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= PAIR_CHARS else f"{line[:PAIR_CHARS]}…"


def _counts(counts: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"
