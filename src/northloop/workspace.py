"""Settings → adapters → one Workspace.

What a setting chooses is opened by the `registry`. The rest is imported where it is made: serving
must work where the training libraries are not installed, and a command that needs no database
should not load one.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from northloop import registry
from northloop import settings as configuration
from northloop.adapters.embedded.files import file_errors
from northloop.adapters.embedded.noted_embedders import note_embedder, noted_embedder
from northloop.core import remembered
from northloop.core.artefacts import Kind
from northloop.core.base_model import REMOTE, BaseModel, remote_model
from northloop.core.clock import now
from northloop.core.conversation import Document
from northloop.core.decoding import decoded
from northloop.core.deployment import Pair
from northloop.core.errors import (
    ConfigurationError,
    CorruptArtefact,
    MissingComponent,
    RemoteUnavailable,
)
from northloop.core.ids import Hash
from northloop.core.prompt import Template
from northloop.core.treatment import Treatment
from northloop.loop.knowledge import documents_now
from northloop.loop.live import LiveService, Reuse, ServingParts
from northloop.loop.parts import Parts
from northloop.loop.steps import Recipe
from northloop.loop.turn import TurnSpec
from northloop.ports.cache import AnswerCache
from northloop.ports.heads import Heads
from northloop.ports.jobs import Runner
from northloop.ports.models import EXACT, Embedder, Engine, Use
from northloop.ports.progress import Progress, silent
from northloop.ports.retrieval import Indexer
from northloop.ports.scratch import cache_folder
from northloop.ports.semantic_cache import SemanticCache
from northloop.ports.spans import Spans
from northloop.ports.stores import Artefacts, Records
from northloop.ports.trainer import Trainer
from northloop.ports.treatments import Learner
from northloop.ports.webhooks import Webhook
from northloop.ports.workers import Done, Workers, of_many
from northloop.settings import FILE_NAME, Settings
from northloop.stages.data.clean import heard
from northloop.stages.data.documents import NOTHING_READ, ReadFile, Reading, read_folder
from northloop.stages.data.labels import Labeller, Rules
from northloop.stages.data.prepare import PrepareSpec
from northloop.stages.data.reading import Resources
from northloop.stages.data.sensitive import Redactor, own_names
from northloop.stages.data.small_words import language_said
from northloop.stages.data.sources import SourceFile
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.stages.monitoring.tally import count_older
from northloop.stages.objective.templates import use_case_named
from northloop.stages.serving.memory import Recalling
from northloop.stages.serving.quote import Quoting
from northloop.stages.serving.redaction import Redacted
from northloop.stages.training.catalogue import find
from northloop.statistics.audited import AuditSpec
from northloop.statistics.thresholds import RiskSpec

_log = logging.getLogger("northloop.workspace")
STATE = ".northloop"
MADE_ROWS = "work/rows"
DOCUMENTS_READ = "work/documents"
FEW_ROWS = 2_000
"""So many new rows are made sooner than processes for them start."""

if TYPE_CHECKING:
    made_once = cached_property
else:

    class made_once(cached_property):  # noqa: N801 (used as a decorator)
        """`cached_property` whose value is made once though threads ask together.

        From Python 3.12 on the standard one has no lock.
        """

        def __get__(self, workspace, owner=None):
            if workspace is None:
                return self
            with workspace.making:
                return super().__get__(workspace, owner)


class Workspace:
    """An open workspace folder. Adapters are made when they are first used; `close` frees them."""

    def __init__(self, folder: Path, settings: Settings, progress: Progress = silent) -> None:
        self.folder = folder
        self.settings = settings
        self.origins: Mapping[str, str] = {}
        """Who said each setting that is no default."""
        self.progress = progress
        self._flags: Mapping[str, str] = {}
        self.state = folder / STATE
        with file_errors(self.state):
            # Customers' words are in it: nobody but the user and the group may look.
            self.state.mkdir(mode=0o770, parents=True, exist_ok=True)
        self.making = threading.RLock()
        self._base_files: dict[str, Path] = {}
        self._trainers: dict[str, Trainer] = {}
        self._labelling: tuple[Rules, Labeller] = {}, Labeller({})
        self._redacts: tuple[int, Redactor] | None = None

    @classmethod
    def open(
        cls, folder: Path, flags: Mapping[str, str] = {}, progress: Progress = silent
    ) -> Workspace:
        """Return the workspace of a folder; ConfigurationError if there is none."""
        if not (folder / FILE_NAME).is_file():
            raise ConfigurationError(
                "this is not a workspace",
                where=str(folder.absolute()),
                action="make one here with: northloop init",
            )
        workspace = cls(folder, configuration.load(folder, os.environ, flags), progress)
        workspace.origins = configuration.origins(folder, os.environ, flags)
        workspace._flags = flags
        return workspace

    def reload(self) -> tuple[str, ...]:
        """Take over what northloop.toml and the environment say now; the workspace may be in use.

        Return the names of the changed settings that take effect at a restart alone
        (`settings.AT_RESTART`); those stay as they are. ConfigurationError if the file is not
        valid: nothing changes then.
        """
        fresh = configuration.load(self.folder, os.environ, self._flags)
        origins = configuration.origins(self.folder, os.environ, self._flags)
        before = self.settings.serving.embedder
        self.settings, waiting = configuration.reloaded(self.settings, fresh)
        if self.settings.serving.embedder != before:
            self.read_with(self.settings.serving.embedder)
        self.origins = origins
        return waiting

    # --- adapters ------------------------------------------------------------------------------

    @made_once
    def artefacts(self) -> Artefacts:
        return registry.ARTEFACTS.open(self.settings.storage.artefacts, self.state)

    @made_once
    def records(self) -> Records:
        """CorruptArtefact if their file was emptied: a new one would say that nothing is live."""
        file = registry.records_file(self.settings.storage.records, self.state)
        if file is not None and _is_empty(file) and self.artefacts.list(Kind.RELEASE):
            raise CorruptArtefact(
                "the database file is empty, though there are releases: what it held is lost",
                where=str(file),
                action="restore it from a backup, or remove it to start afresh",
            )
        opened = registry.RECORDS.open(self.settings.storage.records, self.state)
        count_older(opened)
        return opened

    @property
    def shares_records(self) -> bool:
        """Whether the records lie outside of the folder, where others may use them too."""
        return bool(self.settings.storage.records)

    @made_once
    def cache(self) -> AnswerCache:
        return registry.CACHE.open(self.settings.storage.cache, self.state)

    @property
    def cache_trouble(self) -> str:
        """Why answers are made without the cache now; "" if it serves them."""
        return str(getattr(self.cache, "trouble", ""))

    @made_once
    def semantic_cache(self) -> SemanticCache:
        """Answers by what was asked; where `serving.semantic_cache` is 0 nothing asks it."""
        return registry.SEMANTIC_CACHE.open(self.settings.storage.cache, self.state)

    @property
    def promise(self) -> AuditSpec | None:
        """What the semantic cache promises, None where there is none."""
        tolerated = self.settings.serving.semantic_cache
        return AuditSpec().tolerating(tolerated) if tolerated else None

    @property
    def semantic_cache_trouble(self) -> str:
        """Why the semantic cache cannot be asked now; "" if it can, or is not."""
        if self.promise is None:
            return ""
        return str(getattr(self.semantic_cache, "trouble", ""))

    @made_once
    def runner(self) -> Runner:
        from northloop.adapters.dbos_runner import DbosRunner

        return DbosRunner(registry.journal_url(self.settings.storage.records, self.state))

    @made_once
    def indexer(self) -> Indexer:
        from northloop.adapters.embedded.hybrid_index import HybridIndexer

        return HybridIndexer(self.embedder, self._other_embedder)

    @made_once
    def heads(self) -> Heads:
        from northloop.adapters.embedded.linear_heads import LinearHeads

        return LinearHeads(self.embedder, self._other_embedder)

    @made_once
    def embedder(self) -> Embedder:
        """What questions and passages mean to what is made from now on."""
        return self._opened_embedder(self.settings.serving.embedder)

    def read_with(self, embedder: str) -> None:
        """Take another `serving.embedder` for what is made from now on."""
        with self.making:
            self.settings = configuration.with_value(self.settings, "serving.embedder", embedder)
            for made in ("embedder", "indexer", "heads"):
                self.__dict__.pop(made, None)

    def _read_once(self, embedder: Embedder) -> Embedder:
        """Return what reads the documents: each text once, whichever process asks."""
        from northloop.adapters.embedded.read_once import read_once

        return read_once(embedder, self.state / DOCUMENTS_READ)

    def _opened_embedder(self, url: str) -> Embedder:
        found = registry.EMBEDDER.open(url, self.state, progress=self.progress)
        if registry.built_in_embedder(found.name) is None:
            note_embedder(self.state, found.name, url)
        return found

    def _other_embedder(self, name: str) -> Embedder | None:
        """Return the embedder of that name, which something was made with before another one was
        chosen; None if it is not to be had."""
        url = registry.built_in_embedder(name) or noted_embedder(self.state, name)
        if url is None:
            return None
        try:
            found = self._opened_embedder(url)
        except (ConfigurationError, MissingComponent, RemoteUnavailable) as error:
            _log.warning("%s: %s", name, error)
            return None
        return found if found.name == name else None

    @made_once
    def _word_vectors(self) -> Embedder:
        """What tells paraphrases among rows apart: its limits were set on these vectors."""
        return registry.EMBEDDER.open("words", self.state)

    @made_once
    def workers(self) -> Workers:
        return of_many(
            FEW_ROWS, lambda: registry.WORKERS.open(self.settings.data.workers, self.state)
        )

    def made_rows(self, way: Hash) -> Done:
        """Return what was made of rows in one way of making them."""
        from northloop.adapters.embedded.made_rows import MadeRows

        return MadeRows(self.state / MADE_ROWS / f"{way}.sqlite")

    def forget_rows(self) -> None:
        """Remove what was made of rows; it is made again when it is needed."""
        from northloop.adapters.embedded.made_rows import forget

        forget(self.state / MADE_ROWS)

    def has_base_file(self, name: str) -> bool:
        """Return whether a base model's file is on this machine; nothing is fetched."""
        from northloop.adapters.embedded.base_models import place

        return place(find(name), cache_folder() / "models").is_file()

    def base_file(self, name: str) -> Path:
        """Return the quantised base model of that name, fetched and checked at first use."""
        from northloop.adapters.embedded.base_models import fetch

        if name not in self._base_files:
            self._base_files[name] = fetch(find(name), cache_folder() / "models", self.progress)
        return self._base_files[name]

    def _served_file(self, name: str) -> Path:
        """Return the base model as llama.cpp is given it."""
        from northloop.adapters.embedded.served_gguf import served

        return served(self.base_file(name), cache_folder() / "converted")

    def template(self, name: str) -> Template:
        """Return how the turns of a base model are written: the catalogue's word, or its file's.

        InputError if the file asks for what cannot be written here.
        """
        from northloop.adapters.embedded.chat_template import template_of

        return find(name).template or template_of(self.base_file(name))

    def trainer(self, name: str) -> Trainer:
        """Return what tunes the base model of that name; MissingComponent without its extra."""
        if name not in self._trainers:
            self._trainers[name] = self._trainer(name)
        return self._trainers[name]

    def _trainer(self, name: str) -> Trainer:
        try:
            from northloop.adapters.embedded.peft_trainer import PeftTrainer
        except ModuleNotFoundError as error:
            raise MissingComponent(
                f"training needs {error.name}, which is not installed",
                where="train",
                action="in the clone: pip install -c constraints.txt '.[train]'",
            ) from error
        end = self.template(name).end
        return PeftTrainer(self.base_file(name), cache_folder() / "converted", end=end)

    @property
    def generations(self) -> int:
        """How many answers the engine makes at the same time; others wait for a turn."""
        return self.settings.serving.engine.parallel

    def engine(self, base: str, adapters: Mapping[Hash, Path], use: Use = EXACT) -> Engine:
        """Return an engine with the base model of that name and the given adapters.

        ConfigurationError for a remote model where no server is set.
        """
        chosen = self.settings.serving.engine
        model = self.served_elsewhere(base)
        if model and not chosen.url:
            raise ConfigurationError(
                f"the release answers with {model}, which another server runs, and none is set",
                where="serving.engine.url",
                action="set it to the server's address: https://…/v1",
            )
        threads = chosen.threads or len(os.sched_getaffinity(0))
        order = registry.EngineOrder(
            model=model or base,
            file=partial(self._served_file, base),
            adapters=adapters,
            parallel=chosen.parallel if use.batched else 1,
            threads=max(1, threads // use.engines),
            template=use.template,
            key=chosen.key,
        )
        return registry.ENGINE.open(chosen.url if model else "", self.state, order)

    def served_elsewhere(self, base: str) -> str:
        """Return what another server calls the base model of that name; "" for llama.cpp's."""
        chosen = self.settings.serving.engine
        is_shared = chosen.adapters and base == self.settings.training.base
        return chosen.model if is_shared else remote_model(base)

    def webhook(self) -> Webhook | None:
        """Return a connection to who is told of agents' replies, for its caller to close; None if
        nobody is."""
        chosen = self.settings.serving.webhook
        if not chosen.url:
            return None
        from northloop.adapters.signed_webhook import SignedWebhook

        return SignedWebhook(chosen.url, "serving.webhook.url", chosen.secret)

    @property
    def alert_channels(self) -> Mapping[str, Callable[[], Webhook]]:
        """Who is told of alerts: "webhook", "chat", "mail" → what opens a connection, for its
        caller to close; what is not set is left out."""
        chosen = self.settings.alerts
        channels = {
            "webhook": (chosen.webhook.url, self._alerts_webhook),
            "chat": (chosen.chat_url, self._alerts_chat),
            "mail": (chosen.mail.host, self._alerts_mail),
        }
        return {name: opening for name, (is_set, opening) in channels.items() if is_set}

    def _alerts_webhook(self) -> Webhook:
        from northloop.adapters.signed_webhook import SignedWebhook

        chosen = self.settings.alerts.webhook
        return SignedWebhook(chosen.url, "alerts.webhook.url", chosen.secret)

    def _alerts_chat(self) -> Webhook:
        from northloop.adapters.signed_webhook import PlainWebhook

        return PlainWebhook(self.settings.alerts.chat_url, "alerts.chat_url")

    def _alerts_mail(self) -> Webhook:
        from northloop.adapters.mail import Mail

        return Mail(self.settings.alerts.mail)

    @made_once
    def spans(self) -> Spans | None:
        """Who is told of answers and turns as spans; None for nobody.

        MissingComponent without the extra, if a setting asks for it; where the environment alone
        does, or says what OpenTelemetry cannot read, the log says so and nobody is told: no answer
        fails for want of its spans.
        """
        url = self.settings.telemetry.otlp
        if not tells_spans(url, os.environ):
            return None
        try:
            return registry.SPANS.open(url, self.state)
        except MissingComponent as error:
            if url:
                raise
            _log.warning("%s names a receiver of spans: %s", _RECEIVERS[0], error)
        except Exception:  # noqa: BLE001 (whatever the library makes of its variables)
            _log.exception("spans are told to nobody: look at the OTEL_ variables")
        return None

    @made_once
    def live(self) -> LiveService:
        """The service that answers under the live release."""
        return LiveService(self.parts, self.serving_parts)

    @property
    def serving_parts(self) -> ServingParts:
        """What answering takes besides the parts."""
        return ServingParts(
            cache=self.cache,
            cache_trouble=lambda: self.cache_trouble,
            redact=self.redact,
            intent=self.intent,
            heard=heard,
            budget=ReviewBudget(share=self.settings.review.share, seed=self._secret_seed),
            language=language_said,
            own_words=lambda: self.settings.serving.hand_over,
            ask_back=lambda: self.settings.serving.ask_back,
            holdout_share=lambda: self.holdout_share,
            mode=lambda: self.settings.serving.mode,
            risk=lambda: self.risk,
            reuse=self._reuse(),
        )

    def _reuse(self) -> Reuse | None:
        if self.promise is None:
            return None
        return Reuse(self.semantic_cache, self.embedder, self.promise, self._secret_seed)

    @property
    def holdout_share(self) -> float | None:
        """The share of customers held out: the plan's, 0 past the deadline or where the contract
        says by now that nobody is; None without a plan."""
        objective = self.settings.objective
        if objective is None or objective.plan is None:
            return None
        is_over = now().date() > date.fromisoformat(objective.deadline)
        return 0.0 if is_over or objective.holdout_share == 0 else objective.plan.share

    @property
    def risk(self) -> RiskSpec:
        """What certificates of answers promise."""
        return RiskSpec(max_wrong=self.settings.serving.tolerated)

    def prepare(self, pair: Pair) -> None:
        """Open what is about to go live, if this process answers questions."""
        if "live" in self.__dict__:
            self.live.prepare(pair)

    def let_go(self) -> None:
        """Drop what this process holds in memory of customers who were forgotten since."""
        remembered.let_go()
        if "live" in self.__dict__:
            self.live.let_go()

    def close(self) -> None:
        """Free engines and connections and stop what runs in the background.

        The workspace can be used again: what it needs is then made anew.
        """
        for name in ("live", "runner", "records", "cache", "semantic_cache", "spans"):
            made = self.__dict__.pop(name, None)
            if made is not None:
                made.close()

    @property
    def _secret_seed(self) -> str:
        """What the draw of reviews follows from: nobody without the key can tell who is next."""
        return f"{self.settings.seed} {self.settings.data.prepare.key.hex()}"

    # --- what the settings say -----------------------------------------------------------------

    @property
    def base(self) -> BaseModel:
        return find(self.settings.training.base)

    @property
    def parts(self) -> Parts:
        """The ports as the loop takes them."""
        return Parts(
            artefacts=self.artefacts,
            records=self.records,
            runner=lambda: self.runner,
            indexer=self.indexer,
            embedder=lambda: self._word_vectors,
            trainer=self.trainer,
            engine=self.engine,
            base_file=self.base_file,
            work=self.state / "work",
            progress=self.progress,
            template=self.template,
            workers=self.workers,
            made_rows=self.made_rows,
            heads=self.heads,
            learners=lambda: self.learners,
            scratch=self.state / MADE_ROWS,
            spans=lambda: self.spans,
        )

    @property
    def learners(self) -> Mapping[Treatment, Learner]:
        """What learns the treatments that generate nothing."""
        wanted = self.settings.serving
        own, others = self.embedder, self._other_embedder
        memory = {Treatment.MEMORY: Recalling(own, self.heads, others, language_said)}
        quotes = {Treatment.QUOTE: Quoting(own, others, self._read_once, language_said)}
        return {**(memory if wanted.memory else {}), **(quotes if wanted.quotes else {})}

    @property
    def resources(self) -> Resources:
        """What data is prepared with; opens no store."""
        scratch = self.state / MADE_ROWS
        return Resources(self.progress, self._word_vectors, self.workers, self.made_rows, scratch)

    @property
    def prompt(self) -> str:
        """The system prompt in force."""
        return self.settings.serving.prompt or use_case_named(self.settings.use_case).system_prompt

    def sources(self) -> list[SourceFile]:
        """Return the files of the history, their paths resolved against the workspace."""
        return self.settings.data.files(self.folder)

    @property
    def _redactor(self) -> Redactor:
        """What redacts, with the names that the articles give to things as they were last read."""
        try:
            read_at = self._read_documents.stat().st_mtime_ns
        except OSError:
            read_at = 0
        if self._redacts is None or self._redacts[0] != read_at:
            spec = self.settings.data.prepare
            files = self._files_read().values()
            own = own_names(document for file in files for document in file.documents)
            self._redacts = read_at, Redactor(spec.sensitive, spec.key, spec.public_names, own=own)
        return self._redacts[1]

    def redact(self, text: str, asked: str = "") -> Redacted:
        """Return a text as it may be kept, with what its placeholders stand for.

        `asked` is what the other side had said just before it.
        """
        found = self._redactor.redact(text, asked=asked)
        return Redacted(found.text, self._redactor.originals(found))

    def opaque(self, identity: str) -> str:
        """Return an id of a person or conversation as it may be kept."""
        return self._redactor.opaque(identity)

    def intent(self, question: str) -> str:
        """Return the intent that the rules give a redacted question, "" for none."""
        rules = self.settings.data.prepare.rules
        if self._labelling[0] is not rules:
            self._labelling = rules, Labeller(rules)
        return self._labelling[1](question)

    @property
    def prepare_spec(self) -> PrepareSpec:
        """How a dataset is made of the sources."""
        return msgspec.structs.replace(self.settings.data.prepare, seed=self.settings.seed)

    def documents(self) -> list[Document]:
        """Return the articles of the knowledge base as they stand now; none if none are used."""
        return documents_now(self.parts, self.reading())

    @property
    def documents_folder(self) -> Path:
        """Where the articles lie."""
        return self.folder / self.settings.data.documents

    def reading(self, folder: Path | None = None) -> Reading:
        """Return what the folder of documents (or another one) holds now; nothing if no articles
        are used.

        What has the same bytes as the last time is not read again.
        """
        if not self.settings.serving.passages:
            return NOTHING_READ
        kept, known = self._read_documents, self._files_read()
        reading = read_folder(folder or self.documents_folder, known)
        if folder is None and reading.files != known:
            _keep(kept, msgspec.json.encode(reading.files))
        return reading

    @property
    def _read_documents(self) -> Path:
        """Where what the folder of documents held the last time is kept."""
        return self.state / "read_documents.json"

    def _files_read(self) -> dict[Hash, ReadFile]:
        try:
            return decoded(self._read_documents.read_bytes(), dict[Hash, ReadFile])
        except (OSError, msgspec.DecodeError):
            return {}

    @property
    def served_base(self) -> str:
        """The name of the base model that releases are made of."""
        chosen = self.settings.serving.engine
        is_theirs = chosen.url and not chosen.adapters
        return f"{REMOTE}{chosen.model}" if is_theirs else self.settings.training.base

    def turn_spec(self) -> TurnSpec:
        """Return what a turn of the loop depends on, as the settings are now."""
        set_ = self.settings
        return TurnSpec(
            sources=self.sources(),
            documents=self.documents(),
            prepare=self.prepare_spec,
            recipe=Recipe(
                base=self.served_base,
                prompt=self.prompt,
                passages=set_.serving.passages,
                max_answer_tokens=set_.serving.max_answer_tokens,
                cache_ttl_s=set_.serving.cache_ttl_s,
                unmeasured=set_.serving.engine.unmeasured,
            ),
            tune=set_.training,
            measure=set_.evaluation,
            gate=set_.gate,
            mode=set_.serving.mode,
            tolerated=set_.serving.tolerated,
        )


_RECEIVERS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def tells_spans(url: str, environment: Mapping[str, str]) -> bool:
    """Return whether a setting or OpenTelemetry's variables name a receiver of spans, and these do
    not switch it off. One that the variables alone name and that listens to gRPC is none of ours.
    """
    is_off = (
        environment.get("OTEL_SDK_DISABLED", "").lower() == "true"
        or environment.get("OTEL_TRACES_EXPORTER", "otlp").lower() == "none"
    )
    protocol = environment.get("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
    protocol = environment.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", protocol)
    named = protocol != "grpc" and any(environment.get(name) for name in _RECEIVERS)
    return not is_off and bool(url or named)


def _is_empty(file: Path) -> bool:
    """Whether a database's file is there and holds nothing, nor its journal."""
    journal = file.with_name(f"{file.name}-wal")
    sizes = [f.stat().st_size for f in (file, journal) if f.exists()]
    return file.exists() and not any(sizes)


def _keep(file: Path, content: bytes) -> None:
    """Keep what spares work the next time; where there is no room for it, it is done again.

    What a process left that was killed in the middle goes.
    """
    try:
        draft = file.with_name(f"{file.name}.{uuid4().hex}")
        try:
            with draft.open("xb") as opened:
                fcntl.flock(opened, fcntl.LOCK_EX)
                opened.write(content)
                opened.flush()
                draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        for left in file.parent.glob(f"{file.name}.*"):
            with suppress(OSError), left.open("rb") as opened:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink()
    except OSError as error:
        _log.warning("%s: what was read is not kept: %s", file, error.strerror or error)
