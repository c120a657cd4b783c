"""Settings → adapters → one Workspace. The only place that chooses an implementation.

An implementation is imported where it is chosen: serving must work where the training libraries
are not installed, and a command that needs no database should not load one.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from northloop import settings as configuration
from northloop.core.base_model import BaseModel
from northloop.core.conversation import Document
from northloop.core.errors import ConfigurationError, MissingComponent
from northloop.core.ids import Hash
from northloop.loop.live import House, LiveService
from northloop.loop.parts import Parts
from northloop.loop.steps import Recipe
from northloop.loop.turn import TurnSpec
from northloop.ports.cache import AnswerCache
from northloop.ports.jobs import Runner
from northloop.ports.models import Engine
from northloop.ports.progress import Progress, silent
from northloop.ports.retrieval import Indexer
from northloop.ports.stores import Artefacts, Records
from northloop.ports.trainer import Trainer
from northloop.settings import FILE_NAME, Settings
from northloop.stages.data.documents import read_documents
from northloop.stages.data.labels import vote
from northloop.stages.data.prepare import PrepareSpec
from northloop.stages.data.sensitive import Redactor
from northloop.stages.data.sources import SourceFile
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.stages.objective.templates import use_case_named
from northloop.stages.serving.redaction import Redacted
from northloop.stages.training.catalogue import find

STATE = ".northloop"

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
        self.state = folder / STATE
        self.state.mkdir(parents=True, exist_ok=True)
        self.making = threading.RLock()
        self._base_files: dict[str, Path] = {}
        self._trainers: dict[str, Trainer] = {}

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
        return workspace

    # --- adapters ------------------------------------------------------------------------------

    @made_once
    def artefacts(self) -> Artefacts:
        from northloop.adapters.embedded.files import FileArtefacts

        return FileArtefacts(self.state / "artefacts")

    @made_once
    def records(self) -> Records:
        url = self.settings.storage.records
        if not url:
            from northloop.adapters.embedded.sqlite_records import SqliteRecords

            return SqliteRecords(self.state / "records.sqlite")
        if _scheme(url).startswith("postgres"):
            from northloop.adapters.distributed.postgres_records import PostgresRecords

            return PostgresRecords(url)
        raise _unknown_scheme("storage.records", url, "postgresql://…")

    @made_once
    def cache(self) -> AnswerCache:
        url = self.settings.storage.cache
        if url == "memory":
            from northloop.adapters.embedded.memory_cache import MemoryCache

            return MemoryCache()
        if _scheme(url) in ("redis", "rediss"):
            from northloop.adapters.distributed.degrading_cache import DegradingCache
            from northloop.adapters.distributed.redis_cache import RedisCache

            return DegradingCache(RedisCache(url))
        raise _unknown_scheme("storage.cache", url, '"memory" or redis://…')

    @property
    def cache_trouble(self) -> str:
        """Why answers are made without the cache now; "" if it serves them."""
        return str(getattr(self.cache, "trouble", ""))

    @made_once
    def runner(self) -> Runner:
        from northloop.adapters.dbos_runner import DbosRunner

        url = self.settings.storage.records
        return DbosRunner(url or f"sqlite:///{self.state / 'workflows.sqlite'}")

    @made_once
    def indexer(self) -> Indexer:
        from northloop.adapters.embedded.hybrid_index import HybridIndexer
        from northloop.adapters.embedded.word_embedder import WordEmbedder

        return HybridIndexer(WordEmbedder())

    def has_base_file(self, name: str) -> bool:
        """Return whether a base model's file is on this machine; nothing is fetched."""
        from northloop.adapters.embedded.base_models import place

        return place(find(name), _cache_folder() / "models").is_file()

    def base_file(self, name: str) -> Path:
        """Return the quantised base model of that name, fetched and checked at first use."""
        from northloop.adapters.embedded.base_models import fetch

        if name not in self._base_files:
            self._base_files[name] = fetch(find(name), _cache_folder() / "models", self.progress)
        return self._base_files[name]

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
        return PeftTrainer(self.base_file(name), _cache_folder() / "converted")

    @property
    def generations(self) -> int:
        """How many answers the engine makes at the same time; others wait for a turn."""
        return 1

    def engine(self, base: Path, adapters: Mapping[Hash, Path], beside: int = 1) -> Engine:
        """Return an engine with a base model and the given adapters loaded.

        Its threads are one for each processor, or the share of one of `beside` engines.
        """
        from northloop.adapters.embedded.llamacpp_engine import EngineSettings, LlamaCppEngine

        threads = max(1, len(os.sched_getaffinity(0)) // beside)
        return LlamaCppEngine(base, adapters, EngineSettings(threads=threads))

    @made_once
    def live(self) -> LiveService:
        """The service that answers under the live release."""
        house = House(
            cache=self.cache,
            cache_trouble=lambda: self.cache_trouble,
            redact=self.redact,
            intent=self.intent,
            budget=ReviewBudget(share=self.settings.review.share, seed=self._secret_seed),
        )
        return LiveService(self.parts, house)

    def close(self) -> None:
        """Free engines and connections and stop what runs in the background.

        The workspace can be used again: what it needs is then made anew.
        """
        for name in ("live", "runner", "records", "cache"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()

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
            trainer=self.trainer,
            engine=self.engine,
            base_file=self.base_file,
            work=self.state / "work",
            progress=self.progress,
        )

    @property
    def prompt(self) -> str:
        """The system prompt in force."""
        return self.settings.serving.prompt or use_case_named(self.settings.use_case).system_prompt

    def sources(self) -> list[SourceFile]:
        """Return the files of the history, their paths resolved against the workspace."""
        return self.settings.data.files(self.folder)

    @made_once
    def _redactor(self) -> Redactor:
        spec = self.settings.data.prepare
        return Redactor(spec.sensitive, spec.key, spec.public_names)

    def redact(self, text: str) -> Redacted:
        """Return a text as it may be kept, with what its placeholders stand for."""
        found = self._redactor.redact(text)
        return Redacted(found.text, self._redactor.originals(found))

    def opaque(self, identity: str) -> str:
        """Return an id of a person or conversation as it may be kept."""
        return self._redactor.opaque(identity)

    def intent(self, question: str) -> str:
        """Return the intent that the rules give a redacted question, "" for none."""
        return vote([question], self.settings.data.prepare.rules).labels[0]

    @property
    def prepare_spec(self) -> PrepareSpec:
        """How a dataset is made of the sources."""
        return msgspec.structs.replace(self.settings.data.prepare, seed=self.settings.seed)

    def documents(self) -> list[Document]:
        """Return the articles of the knowledge base as they stand now; none if none are used."""
        if not self.settings.serving.passages:
            return []
        return list(read_documents(self.folder / self.settings.data.documents))

    def turn_spec(self) -> TurnSpec:
        """Return what a turn of the loop depends on, as the settings are now."""
        set_ = self.settings
        return TurnSpec(
            sources=self.sources(),
            documents=self.documents(),
            prepare=self.prepare_spec,
            recipe=Recipe(
                base=set_.training.base,
                prompt=self.prompt,
                passages=set_.serving.passages,
                max_answer_tokens=set_.serving.max_answer_tokens,
                cache_ttl_s=set_.serving.cache_ttl_s,
            ),
            tune=set_.training,
            measure=set_.evaluation,
            gate=set_.gate,
        )


def values_in_force(settings: Settings) -> dict[str, object]:
    """Return every setting by dotted name, in the order of the sections, secrets masked.

    Values are as TOML would give them: numbers, truth values, text, lists and tables; None for
    what is not set.
    """
    found = configuration.dotted(msgspec.to_builtins(settings))
    return {name: _shown(name, value) for name, value in found}


def settings_in_force(settings: Settings) -> list[tuple[str, str]]:
    """Return every setting with its value as text, secrets masked, in the order of the sections."""
    return [
        (name, value if value == MASK else msgspec.json.encode(value).decode())
        for name, value in values_in_force(settings).items()
    ]


MASK = "•••"


def _shown(name: str, value: object) -> object:
    secret = name.rsplit(".", 1)[-1] in ("key", "api_keys", "records")
    return MASK if secret and value else _without_passwords(value)


def _without_passwords(value: object) -> object:
    if isinstance(value, str):
        return re.sub(r"(?<=://)([^/@:]*):[^/]*@", rf"\1:{MASK}@", value)
    if isinstance(value, dict):
        return {key: _without_passwords(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_passwords(inner) for inner in value]
    return value


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "northloop"


def _scheme(url: str) -> str:
    return urlsplit(url).scheme


def _unknown_scheme(setting: str, url: str, known: str) -> ConfigurationError:
    return ConfigurationError(
        f"no store for {_scheme(url) or url!r}", where=setting, action=f"use {known}"
    )
