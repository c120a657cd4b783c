"""What the loop makes and keeps: immutable, named by content, each naming its parents."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

import msgspec

from northloop.core.conversation import Message
from northloop.core.ids import Hash
from northloop.core.prompt import CHATML, Template
from northloop.core.treatment import Treatment

LARGEST_HOLDOUT = 0.5
"""Share of the customers that people alone may answer, at most."""
Positive: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]
More: TypeAlias = Annotated[float, msgspec.Meta(gt=0)]
"""More than nothing."""


class Kind(StrEnum):
    """The kinds of artefact, in the order in which a turn of the loop makes them."""

    DATASET = "dataset"
    KNOWLEDGE = "knowledge"
    INDEX = "index"
    """What an earlier version made in place of KNOWLEDGE, training questions included."""
    ASKED = "asked"
    HEAD = "head"
    LEARNT = "learnt"
    """What a treatment that generates nothing has learnt of a dataset."""
    ADAPTER = "adapter"
    RELEASE = "release"
    REPORT = "report"
    DECISION = "decision"


BASE, BEGUN, TUNED = "base", "begun", "tuned"
"""The kinds of release: the untuned base as it is; what history and documents say at once, without
a model and before any gate; what a turn has made and measured."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The identity card of an artefact. Its hash is the SHA-256 of this, less `created_at`."""

    kind: Kind
    parents: tuple[Hash, ...]
    files: dict[str, Hash]
    """File name → SHA-256 of its bytes."""
    meta: dict[str, str] = {}
    """Few, small facts that people look for in a list; nothing that changes from run to run."""
    numbered: Annotated[int, msgspec.Meta(ge=2)] | msgspec.UnsetType = msgspec.field(
        default=msgspec.UNSET, name="format"
    )
    """The `format`, left out of the identity while it is the first: hashes from before formats
    were counted stay names of what they name."""

    @property
    def format(self) -> int:
        """Which form of its kind the files have, from 1; see `core.formats`."""
        return 1 if self.numbered is msgspec.UNSET else self.numbered


class Artefact(msgspec.Struct, frozen=True, kw_only=True):
    """An artefact as it lies in the store."""

    hash: Hash
    created_at: str
    """UTC, ISO 8601; not part of the identity."""
    manifest: Manifest


# --- objective ---------------------------------------------------------------------------------


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A number that never stands alone."""

    value: float
    """The metric as it was measured."""
    low: float
    """Lower end of the 95 % interval."""
    high: float
    """Upper end of the 95 % interval."""
    n: int
    """So many tickets it was measured on."""
    unit: str
    """What it is counted in."""
    unanswered: int = 0
    """Of a time to resolution: so many of these tickets no agent replied to; they count as any
    other. Of a time to the first response: so many more were closed without one. 0 also where
    nothing says what was replied."""


class Guardrail(msgspec.Struct, frozen=True):
    """A metric that must not get worse by more than `margin` (in the metric's unit)."""

    metric: str
    margin: float


class HoldoutPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the assistant's effect is to be told: fixed before the first answer, from the history."""

    since: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
    """ISO date; contacts from then on count."""
    share: Annotated[float, msgspec.Meta(gt=0, le=LARGEST_HOLDOUT)]
    """Share of the customers that people alone answer."""
    scale: Literal["mean", "log"]
    """Of which values means are compared: of them as they are, or of their logarithms."""
    follow_days: Annotated[int, msgspec.Meta(ge=1, le=365)]
    """A contact's value is what it came to within so many days of its first question."""
    customers: Positive
    """Customers held out whose contacts are followed to the end by the deadline, as expected."""
    each: Annotated[float, msgspec.Meta(ge=1)]
    """Contacts of each of them, as expected."""
    power: float
    """Probability that a change as large as the promised one is proven by the deadline."""


class Objective(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The contract: what is to change, by how much, until when, and what must not suffer."""

    metric: str
    """What is to change, by its name."""
    statement: str
    """The wish in a person's words."""
    change: float
    """Relative: -0.30 is "30 % less". 0.0 until the baseline, where it was not given."""
    deadline: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
    """ISO date."""
    window_days: Positive
    """The metric is computed over the last `window_days` of the history."""
    baseline: Measure | None = None
    """None until a history was imported."""
    target: float | None = None
    """The value to reach, in the metric's unit; None until the baseline is known."""
    target_given: bool = False
    """The target was given and the change follows from the baseline; else the other way round."""
    difference: float | None = None
    """Given instead of a change or a target, in the metric's unit: -2.0 is "two hours less", 0.1 of
    a share "10 points more". Both follow from the baseline."""
    guardrails: tuple[Guardrail, ...] = ()
    """What must not get worse by more than its margin."""
    holdout_share: Annotated[float, msgspec.Meta(ge=0, le=LARGEST_HOLDOUT)] | None = None
    """Share of the customers that people alone answer, for a randomised comparison; None leaves it
    to the power calculation, 0 is no comparison."""
    plan: HoldoutPlan | None = None
    """How the comparison is made; None until a history was imported."""
    whys: tuple[str, ...] = ()
    """The way down to the root cause, one answer a step."""


# --- data --------------------------------------------------------------------------------------


class RowCount(msgspec.Struct, frozen=True, kw_only=True):
    """The balance that always holds: rows_in = kept + merged + quarantined."""

    rows_in: int
    kept: int
    merged: int
    quarantined: int

    def __post_init__(self) -> None:
        if self.rows_in != self.kept + self.merged + self.quarantined:
            raise AssertionError(f"rows do not balance: {self}")


class Nearest(msgspec.Struct, frozen=True):
    """The training row of a dataset that is the likest to one of its test rows."""

    example_id: str
    nearest: str
    """The id of the training row."""
    alike: float
    """0 to 1, as `stages.data.paraphrases` measures it."""


class Nearness(msgspec.Struct, frozen=True, kw_only=True):
    """How near the test rows come to what is learnt: where they do, they flatter."""

    rows: int
    """Test rows that were compared with every training row: all, or a draw where that is long."""
    median: float
    """Of how alike each is to its nearest training row, 0 to 1."""
    like: int
    """So many of them have a training row that asks the same in other words."""
    close: int
    """Of those, the ones whose form alone differs."""
    same_words: int
    """Test rows of which a training row has all the words that say anything, and no other."""
    closest: tuple[tuple[str, str, float], ...]
    """The closest: question of the test, of the training, and how alike they are."""


class Talks(msgspec.Struct, frozen=True, kw_only=True):
    """The conversations that came in, of one export or of all; their exchanges are the rows."""

    conversations: int
    messages: int
    """All that say something, those that are not learnt included."""
    private_notes: int
    """What agents wrote for each other alone: left out, and nowhere else."""
    others: int = 0
    """What a bot, or the help desk itself, wrote: not learnt."""


class DataCard(msgspec.Struct, frozen=True, kw_only=True):
    """What came in, what happened to it, and what is in each split."""

    rows: RowCount
    quarantine_reasons: dict[str, int]
    sensitive_spans: dict[str, int]
    """Type → how many were replaced."""
    exact_duplicates: int
    near_duplicates: int
    splits: dict[str, int]
    intents: dict[str, int]
    labelled_share: float
    missing: dict[str, float]
    """Field → share of rows without it."""
    date_order: dict[str, str]
    """Date column → "day first", "month first" or "ISO", as decided from the column."""
    sources: dict[str, Hash]
    licences: dict[str, str] = {}
    samples: tuple[tuple[str, str], ...] = ()
    """(before, after) pairs for people to look at; the "before" already redacted."""
    scripts: dict[str, int] = {}
    """Language that is not understood (or its script) → how many rows are written in it. Cleaning
    and redaction know little of it."""
    paraphrased: int = 0
    """Examples that share a group, and so a split, with another: paraphrases, people, threads."""
    largest_group: int = 0
    """Examples in the largest of those groups; 0 on a card from before they were counted."""
    newly_retired: int = 0
    """Rows that were measured on in the version before and are so no more: what they ask is
    learnt from new rows."""
    nearness: Nearness | None = None
    """None without test rows or training rows, and on a card from before it was measured."""
    talks: Talks | msgspec.UnsetType = msgspec.UNSET
    """UNSET where no export holds conversations."""


# --- knowledge ---------------------------------------------------------------------------------


class Article(msgspec.Struct, frozen=True):
    """A document of a knowledge, in short."""

    document_id: str
    title: str
    text: Hash
    """`Document.hash`."""
    passages: tuple[Hash, ...]
    """Content hashes of its passages, in order."""


class Knowledge(msgspec.Struct, frozen=True):
    """What a knowledge base says: the head of an artefact of the kind KNOWLEDGE.

    The artefact holds the passages, their vectors and their words beside it. Its identity follows
    from the documents alone: the same articles are the same knowledge, whatever stood before them.
    """

    articles: tuple[Article, ...]


class RestsOn(msgspec.Struct, frozen=True):
    """The passages that the reply of a dataset's row was taken from, by content hash."""

    example_id: str
    split: str
    passages: tuple[Hash, ...]


# --- training ----------------------------------------------------------------------------------


class TuneSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an adapter is tuned; part of its identity."""

    base: str = "smollm2-135m-instruct"
    """Name of the base model; northloop doctor says where its file lies."""
    rank: Positive = 8
    """Rank of the adapter's matrices: how much it can learn, and how large it is."""
    alpha: Positive = 16
    """What the adapter adds counts alpha / rank times."""
    learning_rate: More = 2e-3
    """The highest that the schedule comes to."""
    epochs: More = 3.0
    """How often each row is learnt from."""
    max_examples: Positive | None = None
    """A seeded, stratified sample of the training split; None for all of it."""
    max_tokens: Positive = 512
    """A row with more tokens loses its end, and is left out if its question alone is longer."""
    batch_tokens: Positive = 1024
    """Tokens of one step: more of them, steadier steps and more memory."""
    warmup_share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.05
    """Share of the steps in which the learning rate rises."""
    first_layer: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Layers below this one carry no adapter."""
    checkpoint_steps: Positive = 20
    """A training that is killed goes on at its last checkpoint, this many steps back at most."""
    seed: int = 1
    """Of the order of the rows and the adapter's first weights."""


class LossPoint(msgspec.Struct, frozen=True):
    """One point of the training curve."""

    step: int
    steps: int
    loss: float
    """Mean negative log-likelihood per supervised token, nats."""
    tokens_per_s: float
    validation_loss: float | None = None


# --- evaluation --------------------------------------------------------------------------------


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One metric of one report, with its per-item values for paired comparison."""

    metric: str
    value: float
    low: float
    high: float
    n: int
    higher_is_better: bool
    items: tuple[float, ...] = ()
    """Per test item, in the order of the report's `results` (likelihood: of its `loss_rows`); ()
    where the metric has none."""
    weights: tuple[float, ...] = ()
    """Per test item, how much it counts (tokens, bytes, numbers found); () if all count alike."""
    signature: str = ""
    """How it was computed (sacrebleu signature and the like)."""


class ItemResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one model said to one test question."""

    example_id: str
    group: str
    question: str
    reference: str
    answer: str
    intent: str
    predicted_intent: str
    context: tuple[Message, ...] = ()
    """What was said before the question."""

    @property
    def said(self) -> tuple[str, ...]:
        """What the customer has said, the question last."""
        return (*(turn.content for turn in self.context if turn.role == "user"), self.question)


class LossRow(msgspec.Struct, frozen=True):
    """A test row whose reply's likelihood was measured."""

    example_id: str
    group: str


class Contestant(msgspec.Struct, frozen=True, kw_only=True):
    """One way to answer, by itself, on the questions of a report."""

    name: str
    """A treatment, or a simple way that has to be beaten."""
    served: bool
    """Whether the release asks it."""
    sent_right: Score
    """Of all questions, what is right among what it is sure enough of; a simple way sends all."""
    sent_wrong: Score
    right: Score
    """Of all questions, what it would answer right if all it says were sent."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation on a frozen split."""

    dataset: Hash
    model: str
    """See `Release.model`."""
    scores: tuple[Score, ...]
    results: tuple[ItemResult, ...]
    """The questions that were answered."""
    loss_rows: tuple[LossRow, ...] = ()
    """What perplexity and bits_per_byte were measured on, which takes no answer and so more rows;
    () in a report of before, where it was `results`."""
    contestants: tuple[Contestant, ...] = ()
    """What each way to answer would have come to alone; () in a report of before."""
    drafts: bool = False
    """What people decide on counts: right or wrong is an answer or a draft, handed off is what has
    neither. Else what a release would send by its own thresholds."""

    def score(self, metric: str) -> Score:
        """Return the score of a metric; KeyError if the report has none."""
        for score in self.scores:
            if score.metric == metric:
                return score
        raise KeyError(metric)


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """How long a release took over a report's questions. A record: no clock runs twice alike."""

    report: Hash
    scores: tuple[Score, ...]
    """latency_ms and latency_p95_ms, of answers made two at a time."""


class Parity(msgspec.Struct, frozen=True, kw_only=True):
    """How close the served, quantised release is to the model that was trained."""

    n: int
    """Tokens of golden answers that were compared."""
    top1_agreement: float
    """Share of golden answer tokens where both put the same token first."""
    mean_logprob_gap: float
    """Mean |log p(trained) - log p(served)| on golden answer tokens, nats."""
    passed: bool
    answers: int = 0
    """Golden answers; 0 for a check from before they were counted, as with all that follows."""
    seen: int = 0
    """Those of them whose question was trained on, for want of others."""
    gap: float = 0.0
    """Mean |difference| of the tokens' log-odds, ln(p / (1 - p)), between trained and served."""
    effect: float = 0.0
    """The same between trained and untuned: how much was learnt, to hold the gap against."""
    strength: float = 1.0
    """How much of what was learnt is served: the slope of served over trained, both less the
    untuned; 1 for a faithful release, about 0.5 for an adapter at half strength."""
    problem: str = ""
    """Why it did not pass, in words."""


# --- release -----------------------------------------------------------------------------------


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """What the validation questions would receive at thresholds that were chosen on them.

    It flatters, and more so where customers ask otherwise; the report of the test split does not.
    """

    questions: int
    right: int
    """Answers that go out and are right by comparison with the agents' replies."""
    wrong: int
    """Those that go out and are not. All other questions are handed off."""

    @property
    def surplus(self) -> int:
        """How many more are right than wrong."""
        return self.right - self.wrong

    @property
    def words(self) -> str:
        """It as a person reads it."""
        return (
            f"of {self.questions} validation questions {self.right} answered right, {self.wrong} "
            f"wrong, {self.questions - self.right - self.wrong} handed off"
        )


class Thresholds(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Below any of these, the answer path hands off."""

    retrieval: float
    """Lowest acceptable retrieval score of the best passage."""
    confidence: float
    """Lowest acceptable confidence of an answer, 0..1."""
    foreseen: Foreseen | None = None
    """None where no question was asked for them, and in releases of earlier versions."""


class Unmeasured(StrEnum):
    """What becomes of an answer of whose tokens the engine gives no probability."""

    DRAFT = "draft"
    """It is handed off, and kept as a draft for the team."""
    RETRIEVAL = "retrieval"
    """It is sent if the passages carry it: facts vouched for, thresholds met."""


class AskedTreatment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A treatment that a release asks before its model."""

    treatment: Treatment
    learnt: Hash
    """Artefact of what it has learnt."""
    least: float
    """From this confidence on its answer is sent."""
    foreseen: Foreseen | None = None
    sent: bool = True
    """False: it did not win, and is for drafts but where people's decisions certify it."""
    decided: bool = False
    """`sent` is what people decided on its answers, whatever it wins. Releases seal only what is
    held back so; those of earlier versions also what is sent."""


class Release(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sealed bundle: all that can change an answer but the knowledge, which it is served with."""

    base: str
    base_file: Hash
    """SHA-256 of the quantised base model file, or what stands for a remote model
    (`base_model.remote_identity`)."""
    adapter: Hash | None
    """None: the untuned base."""
    prompt: str
    """System prompt."""
    passages: int
    """How many retrieved passages go into the prompt."""
    max_answer_tokens: int
    thresholds: Thresholds
    cache_ttl_s: int
    unmeasured: Unmeasured = Unmeasured.DRAFT
    asked: Hash | None = None
    """Artefact of what the training rows teach retrieval: passage → the questions it has answered;
    it applies to every passage that still stands. None: nothing."""
    head: Hash | None = None
    """Artefact that tells the intent of a question; None: the rules alone do."""
    template: Template = CHATML
    """How turns are written: what the adapter was trained in is what it is asked in. Another
    server's model has its own, which that server writes."""
    first: tuple[AskedTreatment, ...] = ()
    """Treatments that are asked before the model, in this order."""
    generates: bool = True
    """Whether its model is asked at all: what did not win on evidence is not served."""

    @property
    def model(self) -> str:
        """What its reports are said to be of: its adapter's hash, "base" for the untuned base as it
        is, the name of that base where treatments are asked before it."""
        return self.adapter or (self.base if self.first else "base")


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Candidate minus current on one metric, over the same items."""

    metric: str
    difference: float
    low: float
    high: float
    margin: float
    role: str
    """"guardrail", "success", or "diagnostic": shown, and decides nothing."""
    passed: bool
    """Always False for a diagnostic."""
    beside_best: bool = False
    """It is beside the best release so far, and not beside the current one."""
    beside: str = ""
    """The simple way that it is beside, for "surplus"; "" for a release."""


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """What a candidate says to the questions that its turn came from."""

    asked: int = 0
    """Whose answers reviewers had corrected or confirmed."""
    right: int = 0
    """Of them: answered as they did."""
    again: int = 0
    """Answered again as they had judged wrong, which is held back where it is served."""
    handed_off: int = 0
    lost: int = 0
    """Test questions that the release before the current one had answered rightly, and it did
    not."""
    won_back: int = 0
    """Of them: answered rightly."""

    @property
    def words(self) -> str:
        """In sentences; "" if there was nothing to ask."""
        said = []
        if self.asked:
            said.append(
                f"Asked again what reviewers had judged ({self.asked}): {self.right} as they said, "
                f"{self.handed_off} handed off, {self.again} as they had judged wrong, which is "
                "held back."
            )
        if self.lost:
            said.append(
                f"Of {self.lost} test questions that the last promotion lost, {self.won_back} are "
                "right again."
            )
        return " ".join(said)


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the gate decided and the evidence for it."""

    candidate: Hash
    current: Hash | None
    promote: bool
    reason: str
    comparisons: tuple[Comparison, ...]
    parity: Parity | None = None
    pairs: int = 0
    """Neither proven nor disproven: about so many pairs of answers that people judge side by side
    would decide it. 0 where it is decided."""
    alpha: float = 0.0
    """Chance of a false finding that is left for those pairs; 0 where none are judged."""
    look: int = 1
    """So manieth decision on these test questions."""
    best: Hash | None = None
    """The best release so far, where that is not the current one."""
    replay: Replay | None = None
    """None in a decision of before."""
    drafts: bool = False
    """By what people decide on, see `Report.drafts`."""
    alike: bool = False
    """To every test question the candidate says what is live already: no look was spent on it."""
