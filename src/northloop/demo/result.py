"""What the demo is asked to do and comes to, as it is printed and as JSON."""

from __future__ import annotations

import msgspec

from northloop.core.artefacts import Contestant, Objective
from northloop.core.ids import Hash
from northloop.demo import gold
from northloop.stages.monitoring.certificates import TreatmentStanding


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo is asked to do."""

    rows: int = 2000
    questions: int = 800
    """Of the replayed stream."""
    seed: int = 1


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """Recall and precision on the sample's generated texts, which the detectors know well.

    Other people's texts are harder: `benchmarks/data_quality.py` measures those.
    """

    recall: float
    precision: float


class ReleaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """One release on the unseen phrasings."""

    hash: Hash
    kind: str
    """"begun" or "tuned"."""
    questions: int
    """How many were asked."""
    received: gold.Received
    """By the facts of the sample's generator."""
    right: float
    wrong: float
    handed_off: float
    """Shares of the questions, by an offline comparison with the agents' replies, which is what
    there is on real data."""
    answered: float
    """Right or wrong: what would stand alone."""
    perplexity: float | None
    """Diagnostic, as intent_f1: it reaches no customer. None where no model is asked."""
    bleu: float
    rouge_l: float
    intent_f1: float
    latency_ms: float
    """Mean of the answers, made two at a time."""
    gate: str
    """What the gate said; "" for what began, which it never judged."""
    promoted: bool
    """Whether the demo, in the place of a person, made it live."""


class Certified(msgspec.Struct, frozen=True, kw_only=True):
    """What people's decisions on drafts have come to, of one release."""

    standings: tuple[TreatmentStanding, ...]
    received: gold.Received
    """What the test questions would receive if only what is certified were sent."""


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds from question to full answer."""

    mean: float
    p95: float
    n: int


class Latencies(msgspec.Struct, frozen=True, kw_only=True):
    """The replayed stream, answered two ways."""

    transformers: Latency
    """Plain generation by the tuned model, for a few questions of the stream."""
    generated: Latency
    """Served: the questions for which a release generated, as plain generation always does."""
    served: Latency
    """Served: the whole stream, with its cached answers and hand-offs."""


class DayRow(msgspec.Struct, frozen=True, kw_only=True):
    """What customers received on one day of the stream, by the facts of the sample's generator."""

    release: int
    """The number of the one that was live."""
    questions: int
    sent: int
    sent_right: int
    drafts: int
    """Kept for a person to decide on."""
    drafts_right: int
    decisions: int
    """On what it says, up to that evening, as far as they count for a certificate."""
    certified: float
    """Share of the questions whose answers may be sent by them from then on, 0..1."""


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """The first correction of the stream, and what is said to the same question from then on."""

    question: str
    said: str
    """What was judged; redacted, as the others."""
    correction: str
    said_now: str
    source: str
    """Where the answer comes from now."""


class DeskRow(msgspec.Struct, frozen=True, kw_only=True):
    """What (simulated) agents did with the conversations that were handed to them."""

    sent: int
    """Drafts, as they were."""
    edited: int
    """Drafts, changed."""
    written: int
    """Replies where there was no draft."""
    waiting: int
    """Left for you."""


class PairsRow(msgspec.Struct, frozen=True, kw_only=True):
    """What (simulated) people found who judged the trained release beside the one that began."""

    judged: int
    alike: int
    """Questions to which both said the same, of those that were put to both since the turn."""
    expected: int
    """About how many decide it, as the gate reckoned; 0 once it is decided."""
    waiting: int
    """Left for you."""


class ReviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the (simulated) reviewers found."""

    share: float
    accuracy: float | None
    """Of what was sent; None where nothing that was sent was reviewed."""
    low: float
    high: float
    answers: int
    reviewed: int
    waiting: int
    """Drawn and not judged yet: left for you."""
    by: str = "simulated reviewers"


class DemoResult(msgspec.Struct, frozen=True, kw_only=True):
    """The table at the end."""

    objective: Objective
    rows: dict[str, int]
    """in, kept, merged, quarantined"""
    sensitive: Quality
    duplicates: Quality
    releases: tuple[ReleaseRow, ...]
    certified: Certified
    """Of the release that began, by the decisions on the replayed stream."""
    live: tuple[TreatmentStanding, ...]
    """How far decisions have come on what is live at the end, where that is another release."""
    ways: tuple[Contestant, ...]
    """What each way to answer would have come to alone, by the turn."""
    datasets: tuple[Hash, ...]
    latency_ms: Latencies
    stream: dict[str, int]
    """Source of the answer → how many of the replayed stream."""
    days: tuple[DayRow, ...]
    """Of the stream, with its reviewers at the end of each."""
    corrected: Corrected | None
    """None where nothing was corrected."""
    desk: DeskRow
    pairs: PairsRow | None
    """None where nothing was judged so."""
    waits: str
    """Why the release that passed the gate is not live, and what makes it; "" where it is, or did
    not pass."""
    review: ReviewRow
    seconds: dict[str, float]
