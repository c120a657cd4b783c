"""What the demo came to, in tables."""

from __future__ import annotations

from northloop.cli.present import objective, out, table, ways
from northloop.core.ids import short
from northloop.demo.result import Corrected, DemoResult, Latency, PairsRow, ReleaseRow

_GENERATED = "(on the sample's generated texts)"


def demo(result: DemoResult) -> None:
    """Print the demo's tables."""
    objective(result.objective)
    _data(result)
    _releases(result)
    _certified(result)
    ways(result.ways)
    _days(result)
    _latency(result)
    _review(result)
    table("Seconds", ("stage", ""), [(k, f"{v:.0f}") for k, v in result.seconds.items()])


def _data(result: DemoResult) -> None:
    rows, hidden, twice = result.rows, result.sensitive, result.duplicates
    came_to = (
        f"{rows['in']} in = {rows['kept']} kept + {rows['merged']} merged"
        f" + {rows['quarantined']} quarantined"
    )
    table(
        "Data",
        ("", ""),
        [
            ("rows", came_to),
            ("sensitive data", _found(hidden.recall, hidden.precision)),
            ("duplicates", _found(twice.recall, twice.precision)),
        ],
    )


def _found(recall: float, precision: float) -> str:
    return f"recall {recall:.1%}, precision {precision:.1%} {_GENERATED}"


def _releases(result: DemoResult) -> None:
    names = [f"release {n}" for n, _ in enumerate(result.releases, 1)]
    table(
        f"Answers and drafts to {result.releases[0].questions} questions in unseen words",
        (
            *("release", "hash", "right", "wrong", "none", "of"),
            *("beside the agent's reply", "perplexity", "ms", "gate"),
        ),
        [
            (
                name,
                short(r.hash),
                f"{r.received.right:.0%}",
                f"{r.received.wrong:.0%}",
                f"{r.received.handed_off:.0%}",
                f"{r.received.questions}",
                f"{r.right:.0%} right, {r.wrong:.0%} wrong",
                "" if r.perplexity is None else f"{r.perplexity:.2f}",
                f"{r.latency_ms:.0f}",
                _gate(r),
            )
            for name, r in zip(names, result.releases, strict=True)
        ],
    )
    out.print(
        "Right and wrong by the facts that the sample's generator knows, of so many questions; "
        "beside the agent's reply, by comparison with it, of all: what the gate has on real data. "
        "A draft goes out once a person or their decisions say so.",
        style="dim",
    )
    for name, r in zip(names, result.releases, strict=True):
        if r.gate:
            out.print(f"{name}: {r.gate}", style="dim")
    if result.waits:
        out.print(f"It waits: {result.waits}.", style="dim")
    if result.releases[-1].promoted:
        out.print(
            "Promoted by the demo in your place; in your workspace what passes waits for you.",
            style="dim",
        )
    out.print()


def _gate(of: ReleaseRow) -> str:
    said = of.gate.partition(":")[0].lower() or "began at once"
    return said + (", promoted" if of.promoted else "")


def _certified(result: DemoResult) -> None:
    """What people's decisions let out, of the same questions."""
    of = result.certified
    for standing in of.standings:
        out.print(f"Release 1, {standing.treatment.value}: {standing.words}")
    for standing in result.live:
        out.print(f"Release 2, {standing.treatment.value}: {standing.words}")
    got = of.received
    out.print(
        "With only what is certified of release 1 sent, the same questions would have received "
        f"{got.right:.0%} right and "
        f"{got.wrong:.0%} wrong answers; {got.handed_off:.0%} a draft for a person to decide on."
    )
    out.print()


def _days(result: DemoResult) -> None:
    """What came of the stream as people's decisions came in."""
    table(
        "The stream day by day, decided on each evening",
        (
            *("day", "release", "questions", "sent", "of them right", "drafts", "of them right"),
            *("decisions so far", "certified for the next day"),
        ),
        [
            (
                *(str(n), str(day.release), str(day.questions)),
                *(str(day.sent), _share(day.sent_right, day.sent)),
                *(str(day.drafts), _share(day.drafts_right, day.drafts)),
                *(str(day.decisions), f"{day.certified:.0%}" if day.certified else ""),
            )
            for n, day in enumerate(result.days, 1)
        ],
    )
    first = next((day for day in result.days if day.certified), None)
    if first is not None:
        out.print(
            f"It took {first.decisions} decisions to certify answers to {first.certified:.0%} of "
            "the questions; from the next day on they are sent without a person.",
            style="dim",
        )
    out.print()


def corrected(found: Corrected) -> None:
    """Print the first correction, and what the same question is answered since."""
    out.print("The first correction, and the same question asked again:", style="dim")
    for name, said in (
        ("asked", found.question),
        ("draft", found.said),
        ("corrected", found.correction),
        ("now", f"{found.said_now}  ({found.source})"),
    ):
        out.print(f"  {name:<10} {said}", markup=False, highlight=False)
    out.print()


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else ""


def _latency(result: DemoResult) -> None:
    took = result.latency_ms
    plain, generated, served = took.transformers, took.generated, took.served
    mean, slow = plain.mean / served.mean, plain.p95 / served.p95
    table(
        "Latency on the replayed stream, ms",
        ("", "mean", "p95", "n"),
        [
            _took("plain Transformers", plain),
            *([_took("served, generated", generated)] if generated.n else []),
            _took("served, all", served),
            ("plain / all", f"{mean:.1f} ×", f"{slow:.1f} ×", ""),
        ],
    )
    came_from = ", ".join(f"{n} {source}" for source, n in result.stream.items())
    out.print(f"Answers of the stream by source: {came_from}", style="dim")
    out.print()


def _took(name: str, of: Latency) -> tuple[str, str, str, str]:
    return name, f"{of.mean:.0f}", f"{of.p95:.0f}", str(of.n)


def _pairs(of: PairsRow) -> tuple[str, str]:
    judged = f"{of.judged} pairs judged, {of.alike} alike"
    if not of.expected:
        return "release 2 beside release 1", f"{judged}; decided"
    more = f"about {of.expected} decide it; {of.waiting} wait for you: northloop pairs next"
    return "release 2 beside release 1", f"{judged}; {more}"


def _review(result: DemoResult) -> None:
    of = result.review
    drawn = f"{of.share:.1%} of the answers and hand-offs; {of.waiting} wait for you in the console"
    known = "" if of.accuracy is None else f"{of.accuracy:.0%} ({of.low:.0%} to {of.high:.0%}), "
    accuracy = f"{known}{of.answers} answers, {of.reviewed} reviewed"
    did = result.desk
    replied = (
        f"{did.sent} drafts sent as they were, {did.edited} edited, {did.written} own replies; "
        f"{did.waiting} wait for you"
    )
    if result.pairs is not None:
        table("Side by side (simulated reviewers)", ("", ""), [_pairs(result.pairs)])
    table("Desk (simulated agents)", ("", ""), [("conversations handed over", replied)])
    table(
        f"Review ({of.by})",
        ("", ""),
        [("drawn or decided on", drawn), ("right, of what is sent by the live release", accuracy)],
    )
