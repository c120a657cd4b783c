import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import psycopg
import pytest
import sqlalchemy as sa

from killing import killed_after
from northloop.adapters import migrations
from northloop.adapters.distributed.postgres_records import PostgresRecords
from northloop.core.errors import (
    ConfigurationError,
    CorruptArtefact,
    InputError,
    MissingComponent,
    RemoteUnavailable,
)
from northloop.core.interaction import Feedback
from northloop.testing.contracts.records import feedback
from northloop.testing.servers import free_port

ADDING = """
import sys
from northloop.adapters.distributed.postgres_records import PostgresRecords
from northloop.testing.contracts.records import feedback
records = PostgresRecords(sys.argv[1])
number = 0
while True:
    assert records.add(feedback(number))
    print(number)
    number += 1
"""


@pytest.fixture
def records(postgres_url: str) -> Iterator[PostgresRecords]:
    store = PostgresRecords(postgres_url)
    yield store
    store.close()


def test_what_a_killed_process_acknowledged_is_there(
    postgres_url: str, records: PostgresRecords
) -> None:
    acknowledged = killed_after(100, ADDING, postgres_url)
    kept = {f.feedback_id for f in records.query(Feedback).rows}
    assert {f"f{number}" for number in acknowledged} <= kept


def test_many_may_open_a_new_database_at_once(postgres_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: PostgresRecords(postgres_url), range(8)))
    assert stores[0].add(feedback(1))
    assert not stores[7].add(feedback(1))
    for store in stores:
        store.close()


def test_a_lost_connection_is_made_anew(postgres_url: str, records: PostgresRecords) -> None:
    records.add(feedback(1))
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert records.query(Feedback).rows == [feedback(1)]


def test_a_database_that_another_holds_says_so(postgres_url: str) -> None:
    records = PostgresRecords(postgres_url, patience_s=0.3)
    with psycopg.connect(postgres_url) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(hashtext('northloop_records'))")
        with pytest.raises(RemoteUnavailable, match="another process holds the database"):
            records.add(feedback(1))
        assert records.query(Feedback).rows == [], "who reads waits for nobody"
    assert records.add(feedback(1))
    records.close()


@pytest.mark.parametrize("then", ["it goes on", "it ends", "it has changed several"])
def test_who_stands_still_in_a_change_is_taken_back_and_stops_nobody(
    postgres_url: str, records: PostgresRecords, then: str
) -> None:
    still = PostgresRecords(postgres_url, patience_s=1.5)

    def stood_still() -> None:
        with still.transaction():
            still.add_all([feedback(1), *map(feedback, range(4, 8 if "several" in then else 4))])
            assert records.add(feedback(2)), "the other waits until the first is taken back"
            if then == "it goes on":
                still.add(feedback(3))

    with pytest.raises(RemoteUnavailable, match=r"stood still|does not answer"):
        stood_still()
    assert records.query(Feedback).rows == [feedback(2)]
    assert still.add(feedback(1)), "over another connection"
    still.close()


def test_a_change_of_the_schema_may_take_its_time(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = migrations.upgrade

    def slow(connection: sa.Connection, where: str) -> bool:
        time.sleep(0.5)
        return upgrade(connection, where)

    monkeypatch.setattr(migrations, "upgrade", slow)
    records = PostgresRecords(postgres_url, patience_s=0.3)
    assert records.add(feedback(1))
    records.close()


def test_a_server_that_does_not_answer_is_named_without_the_password() -> None:
    with pytest.raises(RemoteUnavailable) as raised:
        PostgresRecords(f"postgresql://me:s3cret@127.0.0.1:{free_port()}/x")
    assert "start the server" in str(raised.value)
    assert "127.0.0.1" in raised.value.where
    assert "s3cret" not in str(raised.value)


def test_an_unknown_database_is_unavailable(postgres_url: str) -> None:
    with pytest.raises(RemoteUnavailable, match="does not exist"):
        PostgresRecords(f"{postgres_url}_unknown")


@pytest.mark.parametrize("url", ["no url", "", "postgresql://host:port/x"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="postgresql://user:password@host"):
        PostgresRecords(url)


def test_a_user_who_may_not_create_tables_is_told(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        admin.execute("DROP ROLE IF EXISTS guest")
        admin.execute("CREATE ROLE guest LOGIN")
        with pytest.raises(ConfigurationError, match=r"permission denied.*give the user the right"):
            PostgresRecords(postgres_url.replace("northloop@", "guest@"))
        admin.execute("DROP ROLE guest")


def test_what_postgresql_cannot_store_is_refused(records: PostgresRecords) -> None:
    with pytest.raises(InputError, match="cannot store"):
        records.add(msgspec.structs.replace(feedback(1), feedback_id="nul \0"))


def test_a_body_that_cannot_be_read_is_corrupt(postgres_url: str, records: PostgresRecords) -> None:
    records.add(feedback(1))
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("UPDATE northloop_feedback SET body = '{'")
    with pytest.raises(CorruptArtefact, match="Feedback f1"):
        records.query(Feedback)


def test_without_its_driver_the_next_action_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingComponent, match=r"pip install -c constraints.txt '.\[postgres\]'"):
        PostgresRecords("postgresql://127.0.0.1/x")
