from pathlib import Path

import pytest

from northloop.core.errors import MissingComponent
from northloop.testing import servers


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(servers, "_DEBIANS_POSTGRES", tmp_path)


def test_without_redis_the_package_to_install_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(MissingComponent, match="apt-get install redis-server"),
        servers.redis_server(tmp_path),
    ):
        pass


def test_without_postgresql_the_package_to_install_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingComponent, match="apt-get install postgresql"):
        servers.start_postgres(tmp_path)


def test_no_port_is_given_out_twice() -> None:
    """A server with two doors at one port would refuse to start: one of 20,000 starts did."""
    some = [servers.free_port() for _ in range(500)]

    assert len(set(some)) == len(some)
