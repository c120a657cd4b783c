import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from full_disk import full
from killing import killed_after
from northloop.adapters import sql_records
from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.core.errors import (
    ConfigurationError,
    CorruptArtefact,
    DiskFull,
    RemoteUnavailable,
)
from northloop.core.interaction import Feedback, Interaction, Source
from northloop.ports.catalogue import TEXT, kept_as
from northloop.ports.stores import Containing, TimeSpan
from northloop.testing.contracts.records import asked, feedback

LITERAL = {"literal_binds": True}
WORDS = ("tent", "boots", "tents", "lantern", "stove", "kettle", "żółć", "退货", "o'neil")
ADDING = """
import sys
from pathlib import Path
from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.testing.contracts.records import feedback
records = SqliteRecords(Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    assert records.add(feedback(number, "x" * 500))
    print(number)
    number += 1
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.sqlite"


@pytest.fixture
def records(path: Path) -> Iterator[SqliteRecords]:
    store = SqliteRecords(path, patience_s=0.2)
    yield store
    store.close()


def test_what_a_killed_process_acknowledged_is_there(path: Path) -> None:
    start = 0
    for _ in range(3):
        acknowledged = killed_after(100, ADDING, str(path), str(start))
        records = SqliteRecords(path)
        kept = [int(f.feedback_id[1:]) for f in records.query(Feedback).rows]
        records.close()
        assert len(acknowledged) >= 100
        assert kept[: int(acknowledged[-1]) + 1] == list(range(int(acknowledged[-1]) + 1))
        assert len(kept) <= int(acknowledged[-1]) + 2, "more than the one that was under way"
        start = len(kept)


def test_it_is_there_when_opened_again(path: Path, records: SqliteRecords) -> None:
    records.add(feedback(1))
    other = SqliteRecords(path)
    assert other.query(Feedback).rows == [feedback(1)]
    other.close()


def test_many_may_open_a_new_file_at_once(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: SqliteRecords(path), range(8)))
        added = list(pool.map(lambda pair: pair[1].add(feedback(pair[0])), enumerate(stores)))
    assert all(added)
    assert stores[0].count(Feedback) == 8
    for store in stores:
        store.close()


@pytest.mark.parametrize("body", ["{", '{"feedback_id": 1}', "[]", "{}"])
def test_a_body_that_cannot_be_read_is_corrupt(
    path: Path, records: SqliteRecords, body: str
) -> None:
    records.add(feedback(1))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE northloop_feedback SET body = ?", (body,))
    connection.close()
    with pytest.raises(CorruptArtefact, match=r"records\.sqlite.*Feedback f1.*backup"):
        records.get(Feedback, "f1")
    with pytest.raises(CorruptArtefact):
        records.query(Feedback)


def test_a_file_that_is_no_database_is_corrupt(path: Path) -> None:
    path.write_bytes(b"this is not a database, not even nearly " * 500)
    with pytest.raises(CorruptArtefact, match=r"records\.sqlite: .*damaged.*backup"):
        SqliteRecords(path)


def test_a_damaged_database_is_corrupt(path: Path, records: SqliteRecords) -> None:
    for number in range(300):
        records.add(feedback(number, "x" * 300))
    records.close()
    data = bytearray(path.read_bytes())
    data[8192:-4096] = os.urandom(len(data) - 8192 - 4096)
    path.write_bytes(data)
    with pytest.raises(CorruptArtefact, match="damaged"):
        SqliteRecords(path).query(Feedback)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match=r"file/state: the folder cannot be made"):
        SqliteRecords(tmp_path / "file" / "state" / "records.sqlite")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"check that the file and its folder"):
        SqliteRecords(tmp_path)


def test_a_full_database_keeps_what_it_has_and_goes_on_when_there_is_room(
    path: Path, records: SqliteRecords
) -> None:
    records.add(feedback(0))

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}").close()

    pages = 20
    engine = records._database.engine
    sa.event.listen(engine, "connect", limit)
    engine.dispose()
    with pytest.raises(DiskFull, match=r"no space is left.*free some space"):
        for number in range(1, 100):
            records.add(feedback(number, "x" * 3000))
    kept = records.count(Feedback)
    assert 1 < kept < 99
    pages = 10_000
    engine.dispose()
    assert records.add(feedback(99, "x" * 3000))
    assert records.count(Feedback) == kept + 1


def test_whether_there_is_space_again_is_tried(path: Path, records: SqliteRecords) -> None:
    records.add(feedback(0))
    with full(path.with_name("records.sqlite-wal")):
        records.check()  # nothing has failed yet
        with pytest.raises(DiskFull, match="free some space"):
            records.add(feedback(1))
        with pytest.raises(DiskFull, match="free some space"):
            records.check()
        assert records.get(Feedback, "f0") == feedback(0), "what is kept can be read"
    for _ in range(2):
        records.check()
    assert records.number(sql_records._TRIED) == 1, "where all is well nothing is written"
    assert records.add(feedback(1))


def test_a_database_that_another_holds_says_so(path: Path, records: SqliteRecords) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(RemoteUnavailable, match="another process holds the database"):
        records.add(feedback(1))
    holder.execute("ROLLBACK")
    holder.close()
    assert records.add(feedback(1))


def test_what_was_removed_is_not_left_in_the_file(path: Path, records: SqliteRecords) -> None:
    records.add(feedback(1, "call me on 0207 946 0018"))
    records.remove(Feedback, "f1")
    records.close()  # folds the write-ahead log into the file
    assert b"0207 946 0018" not in path.read_bytes()
    assert not path.with_name("records.sqlite-wal").exists()


def test_words_are_led_to_by_their_index_in_the_order_asked_for(records: SqliteRecords) -> None:
    records.add_all([asked(f"i{n}", f"about tent {n}") for n in range(50)])
    said: list[str] = []
    with records._database.engine.connect() as connection:
        for where in (
            {TEXT: Containing("tent")},
            {TEXT: Containing("tent"), "tenant": "default", "reviewed": False},
            {TEXT: Containing("tent"), "source": [Source.GENERATED], "at": TimeSpan(since="2026")},
        ):
            found = records._asked(kept_as(Interaction), where, "", newest=True)
            statement = sa.select(found.table.c.seq).where(*found.conditions)
            ordered = statement.order_by(found.place.desc()).limit(5)
            plan = f"EXPLAIN QUERY PLAN {ordered.compile(connection, compile_kwargs=LITERAL)}"
            said = [str(row[3]) for row in connection.exec_driver_sql(plan.replace("%%", "%"))]
            steps = [step for step in said if step.startswith(("SCAN", "SEARCH"))]
            assert "northloop_interaction_words VIRTUAL TABLE" in steps[0], said
            assert not any("TEMP B-TREE" in step for step in said), said


def test_the_index_of_words_is_sound_whatever_comes_and_goes(
    path: Path, records: SqliteRecords
) -> None:
    draw = random.Random(7)
    kept: dict[str, str] = {}
    for number in range(600):
        name = f"i{draw.randrange(120)}"
        words = " ".join(draw.choice(WORDS) for _ in range(30)) + f" n{number}"
        if name in kept and draw.random() < 0.4:
            records.remove(Interaction, name)
            del kept[name]
        else:
            records.replace(asked(name, words))
            kept[name] = words
    for word in (*WORDS, "n59", "n599"):
        found = {
            i.interaction_id for i in records.query(Interaction, {TEXT: Containing(word)}).rows
        }
        assert found == {name for name, words in kept.items() if word in words}, word
    with sqlite3.connect(path) as connection:
        table = "northloop_interaction_words"
        connection.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")
    connection.close()


def test_what_was_removed_is_not_left_while_the_store_is_open(
    path: Path, records: SqliteRecords
) -> None:
    def everything() -> bytes:
        return b"".join(file.read_bytes() for file in path.parent.iterdir())

    for number in range(50):
        records.add(feedback(number, f"quite ordinary {number}"))
    records.add(feedback(50, "lives in Zanzibar"))
    records.remove(Feedback, "f50")
    assert b"Zanzibar" in everything(), "else nothing is shown"
    records.scrub()
    assert b"Zanzibar" not in everything()
    assert records.count(Feedback) == 50


def test_words_of_what_was_removed_are_not_left_in_the_index(
    path: Path, records: SqliteRecords
) -> None:
    records.add_all([asked(f"i{n}", f"about tents, {n}") for n in range(200)])
    secret = asked("secret", "Zyxwvutsrq kjihgfedcb")
    records.add(secret)
    records.replace(msgspec.structs.replace(secret, reviewed=True))
    records.remove(Interaction, "secret")
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE temp.terms USING fts5vocab"
            "(main, northloop_interaction_words, 'row')"
        )
        terms = {term for (term,) in connection.execute("SELECT term FROM temp.terms")}
    connection.close()
    assert "ten" in terms
    assert not terms & {"zyx", "wvu", "srq", "kji"}


def test_threads_wait_for_one_another_and_not_for_the_database(
    records: SqliteRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits for SQLite sleeps for fixed times, up to 100 ms each, and is passed meanwhile."""
    begun: list[int] = []
    execute = sql_records.execute

    def noting(connection: sqlite3.Connection, text: str) -> None:
        if text.startswith("BEGIN"):
            begun.append(threading.get_ident())
        execute(connection, text)

    monkeypatch.setattr(sql_records, "execute", noting)
    with ThreadPoolExecutor(1) as pool:
        with records.transaction():
            records.add(feedback(1))
            waiting = pool.submit(records.add, feedback(2))
            time.sleep(0.5)  # longer than the store is patient with the database
            assert len(begun) == 1
        assert waiting.result()
    assert len(begun) == 2
    assert records.count(Feedback) == 2


def test_a_list_that_is_read_in_parts_is_asked_for_in_words_that_are_made_once(
    records: SqliteRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.add_all([asked(f"i{number}", "about a tent") for number in range(7)])
    monkeypatch.setattr(SqliteRecords, "_asked", None)
    for newest in (False, True):
        after, found, more = "", list[str](), True
        while more:
            page = records.query(
                Interaction, {"tenant": "default"}, after=after, limit=3, newest=newest
            )
            found += [row.interaction_id for row in page.rows]
            after, more = page.last, page.more
        assert found == [f"i{number}" for number in range(7)][:: -1 if newest else 1]


def test_garbage_in_the_middle_is_found_wherever_it_lies(
    path: Path, records: SqliteRecords
) -> None:
    for number in range(300):
        records.add(feedback(number, "x" * 300))
    records.verify()
    records.close()
    data = bytearray(path.read_bytes())
    half = len(data) // 2 // 4096 * 4096
    data[half : half + 8192] = os.urandom(8192)
    path.write_bytes(data)
    with pytest.raises(CorruptArtefact, match=r"records\.sqlite: .*damaged.*backup"):
        SqliteRecords(path).verify()
