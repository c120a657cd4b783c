"""What all tests share: real servers, started when first asked for and stopped at the end."""

from __future__ import annotations

import fcntl
import gc
import logging
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

# Workers share two cores: threads that wait for each other would crawl.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NORTHLOOP_SERVING__ENGINE__THREADS", "1")

import msgspec
import psycopg
import pytest
from hypothesis import settings
from redis import Redis

from northloop.adapters.embedded.base_models import fetch
from northloop.core.errors import MissingComponent
from northloop.stages.training.catalogue import find
from northloop.testing.servers import (
    PostgresServer,
    S3Server,
    redis_server,
    s3_server,
    start_postgres,
    stop_postgres,
)
from receivers import Receiver
from scripted_workspace import MADE_ONCE

pytest.register_assert_rewrite("northloop.testing.contracts")

# A busy machine is no fault of what is tested.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# A test makes far more than seven hundred things that live until it ends: they are looked through
# less often.
gc.set_threshold(20_000)

# Processes that tests start would compile the sources anew each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Tests that are not of treatments take a scripted model's answers; those of them switch them on.
os.environ["NORTHLOOP_SERVING__MEMORY"] = "false"
os.environ["NORTHLOOP_SERVING__QUOTES"] = "false"
os.environ["NORTHLOOP_SERVING__MODE"] = "open"
os.environ["NORTHLOOP_SERVING__EMBEDDER"] = "words"

# Nobody is told of what tests do, whoever is told of what this machine does.
for _name in [name for name in os.environ if name.startswith("OTEL_")]:
    del os.environ[_name]

# Stores flush each write to the disk: tests need not wait for one where memory has room.
_MEMORY, _ROOM_BYTES = Path("/dev/shm"), 6 << 30
if (
    "TMPDIR" not in os.environ
    and _MEMORY.is_dir()
    and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
):
    os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)

SERVERS = pytest.StashKey[Path]()
"""A folder that the workers of one test run share."""


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        config.stash[SERVERS] = Path(config.workerinput["servers"])
    else:
        folder = Path(tempfile.mkdtemp(prefix="northloop-tests-"))
        folder.chmod(0o755)  # PostgreSQL's own user has to get in
        config.stash[SERVERS] = folder
    os.environ[MADE_ONCE] = str(config.stash[SERVERS] / "made-once")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    node.workerinput["servers"] = str(node.config.stash[SERVERS])


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        running = config.stash[SERVERS] / "postgres.json"
        if running.exists():
            stop_postgres(msgspec.json.decode(running.read_bytes(), type=PostgresServer))
        shutil.rmtree(config.stash[SERVERS], ignore_errors=True)


def pytest_collection_finish() -> None:
    # Ten thousand tests and all libraries stay to the end: no collection need look at them.
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown() -> None:
    # DBOS keeps the stderr of its first start, which pytest closes after each test.
    logging.getLogger("dbos").handlers.clear()


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> PostgresServer:
    """The one PostgreSQL server of the test run."""
    folder = request.config.stash[SERVERS]
    running = folder / "postgres.json"
    with (folder / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not running.exists():
            try:
                server = start_postgres(folder)
            except MissingComponent as error:
                pytest.fail(str(error), pytrace=False)
            running.write_bytes(msgspec.json.encode(server))
    return msgspec.json.decode(running.read_bytes(), type=PostgresServer)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server.database_url("postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield postgres_server.database_url(name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A file or the URL of a database: where records are kept."""
    if request.param == "sqlite":
        return str(tmp_path / "records.sqlite")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def _redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        with redis_server(tmp_path_factory.mktemp("redis")) as url:
            yield url
    except MissingComponent as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def redis_url(_redis_url: str) -> str:
    """The URL of an empty Redis database."""
    with Redis.from_url(_redis_url) as client:
        client.flushall()
    return _redis_url


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A running S3 server with a bucket; tests take a prefix of their own."""
    try:
        with s3_server(tmp_path_factory.mktemp("s3")) as server:
            yield server
    except MissingComponent as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A real HTTP server that answers with 204."""
    made = Receiver()
    yield made
    made.close()


@pytest.fixture(scope="session")
def base_gguf(request: pytest.FixtureRequest) -> Path:
    """The demo's base model, from the user's cache; fetched if nobody did so before."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    with (request.config.stash[SERVERS] / "base_model.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return fetch(find("smollm2-135m-instruct"), caches / "northloop" / "models")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A component that is missing fails the run: only the public data sets may be absent."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    wrong = [r for r in skipped if "the public data sets are not at" not in str(r.longrepr)]
    if wrong and not hasattr(session.config, "workerinput"):
        reporter.write_line(f"failed: {len(wrong)} skipped, {wrong[0].nodeid} among them", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
