"""From every earlier schema to the present one, whole or not at all, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from worlds.traffic import Stream, interactions

from adapters import first_schema
from adapters.first_schema import AFTER_OTHERS
from contracts.competing import opened
from killing import killed_after
from northloop.adapters import migrations
from northloop.adapters.sql_tables import METADATA
from northloop.core.artefacts import Timing
from northloop.core.deployment import Action, Arm, Deployment
from northloop.core.errors import ConfigurationError, CorruptArtefact
from northloop.core.ids import derived_id
from northloop.core.interaction import (
    ApprovedAnswer,
    Dispute,
    Feedback,
    Interaction,
    Origin,
    Outcome,
    Promotion,
    Proposal,
    Rejection,
    ReviewItem,
    Verdict,
)
from northloop.core.question import saying, words_of
from northloop.loop import propose
from northloop.loop.journal import InteractionJournal, customers
from northloop.loop.turning import Carrier
from northloop.ports.catalogue import TEXT
from northloop.ports.stores import Containing, Records
from northloop.stages.monitoring import approvals, queue, review, scorecard, tally
from northloop.stages.monitoring.sampling import ReviewBudget, Traffic
from northloop.testing.runner import _JournalEntry

TESTS = Path(__file__).parents[1]
Rows = list[tuple[str, str, str, str, str]]

DEPLOYMENTS = tuple(
    Deployment(
        deployment_id=f"d{version}",
        version=version,
        arms=(Arm(release="a" * 64, knowledge="b" * 64),),
        at=f"2026-05-0{version}",
        action=Action.PROMOTE,
    )
    for version in (1, 2)
)
STOPS_HALF_WAY = """
import sys, time
sys.path.append(sys.argv[2])
from contracts.competing import opened
from sqlalchemy import event, Engine

def slowly(connection, cursor, statement, parameters, context, many):
    if statement.startswith("INSERT INTO northloop_verdict"):
        print("half way", flush=True)
        time.sleep(60)

event.listen(Engine, "before_cursor_execute", slowly)
opened(sys.argv[1])
"""


@pytest.fixture
def engine(where: str) -> Iterator[sa.Engine]:
    plain = where.replace("postgresql://", "postgresql+psycopg://")
    made = sa.create_engine(plain if "://" in plain else f"sqlite:///{plain}")
    yield made
    made.dispose()


@pytest.fixture
def rows(engine: sa.Engine) -> Rows:
    return first_schema.make(engine)


@pytest.fixture
def records(where: str, rows: Rows) -> Iterator[Records]:
    store = opened(where)
    yield store
    store.close()


def test_every_record_comes_over_in_its_place(records: Records, rows: Rows) -> None:
    for type_ in (
        *(Interaction, ReviewItem, Verdict, ApprovedAnswer, Rejection, Promotion, Proposal),
        *(Feedback, Carrier, _JournalEntry, Timing),
    ):
        old = [row for row in rows if row[0] == type_.__name__]
        kept = records.query(type_).rows
        assert records.count(type_) == len(kept) == len(old)
        for (_, _, _, _, body), record in zip(old, kept, strict=True):
            before, now = (msgspec.json.decode(b) for b in (body, msgspec.json.encode(record)))
            changed = {name for name in before if now[name] != before[name]}
            assert changed <= ({"tenant"} if before.get("tenant") == "playground" else set())
    assert records.changes(Interaction) > 0
    assert records.query(_JournalEntry, {"run_id": "turn1"}).rows[0].step == "dataset"


def test_what_was_told_from_words_is_a_field_now(records: Records) -> None:
    first = records.get(Interaction, "i0")
    assert (first.tenant, first.origin, first.turn) == ("default", Origin.PLAYGROUND, 1)
    assert records.get(Interaction, "i1").origin is Origin.CUSTOMER
    turns = {n: records.get(Interaction, f"i{n}").turn for n in (6, 7, 8, 9)}
    assert turns == {6: 1, 7: 2, 8: 2, 9: 1}
    assert records.get(Interaction, "i7").asked == AFTER_OTHERS
    assert sum(1 for _ in customers(records)) == 2_999


def test_what_follows_from_verdicts_is_noted(records: Records) -> None:
    assert [item.review_id for item in queue.waiting(records)] == ["r14", "r13"]
    said = saying("Question 11?", words_of("Question 11?"), "No\0, Żółć 🙂.")
    noted = [(v.said == said, v.teaches, v.corrects) for v in records.query(Verdict).rows]
    assert noted == [
        (False, False, False),  # it followed others
        (True, True, True),
        (True, True, False),
        (False, True, False),
    ]
    assert [d.said for d in records.query(Dispute).rows] == [said]
    (found,) = approvals.disagreements(records)
    assert [v.reviewer for v in found.verdicts] == ["ana", "ben"]
    (approved,) = approvals.approvals_page(records).rows
    assert approved.answer.words == words_of("Question 11?")
    assert records.query(Rejection, {"words": words_of("Question 11?")}).rows
    assert propose.corrections(records) == 0, "the turn that was refused took it in"
    verdict = derived_id("verdict", "r11", "ana")
    assert review.undo(records, verdict).verdict_id == verdict
    assert records.count(ApprovedAnswer) == records.count(Rejection) == 0


def test_the_line_and_the_count_go_on(records: Records) -> None:
    InteractionJournal(records, ReviewBudget())
    assert records.get(Traffic, "all") == Traffic.of(customers(records))
    cards = scorecard.scorecards(records)
    assert sum(card.questions for card in cards) == 2_999
    assert sum(card.reviewed for card in cards) == 3
    InteractionJournal(records, ReviewBudget())
    assert scorecard.scorecards(records) == cards, "once"


def test_words_are_found_in_what_was_there(records: Records) -> None:
    found = records.query(Interaction, {TEXT: Containing("question 2999"), "origin": "customer"})
    assert [i.interaction_id for i in found.rows] == ["i2999"]
    assert records.count(Interaction, {TEXT: Containing("żółć")}) == 3_000
    playground = {TEXT: Containing("question"), "origin": Origin.PLAYGROUND}
    assert [i.interaction_id for i in records.query(Interaction, playground).rows] == ["i0"]
    reviewed = records.query(Interaction, {"reviewed": True}).rows
    assert [i.interaction_id for i in reviewed] == ["i7", "i11", "i12"]
    assert all(i.reviewed for i in reviewed)


@pytest.fixture
def typed(where: str, engine: sa.Engine) -> sa.Engine:
    """A database as the first step left it, with some records."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        kept = []
        for number in range(6_000):
            body = first_schema.interaction(number)
            name = body["interaction_id"]
            text = f"{body['question']} {body['answer']}".casefold().replace("\0", " ")
            row = {
                **{c: body[c] for c in ("tenant", "customer_id", "conversation_id", "at")},
                **{"release": "r" * 64, "source": "generated", "handoff": "", "origin": "customer"},
                **{"id": name, "text": text, "body": msgspec.json.encode(body).decode()},
            }
            kept.append(row)
        connection.execute(sa.text(_insert("interaction", kept[0])), kept)
        for number, skipped in ((3, 0), (4, 1)):
            verdict = {
                **{"id": f"v{number}", "review_id": "r", "interaction_id": f"i{number}"},
                **{"at": "", "kind": "correct", "said": "", "skipped": skipped},
                **{"teaches": 0, "corrects": 0, "body": "{"},
            }
            connection.execute(sa.text(_insert("verdict", verdict)), verdict)
        for made in DEPLOYMENTS:
            note = {
                **{"kind": "Deployment", "id": made.deployment_id, "subject": "", "at": made.at},
                "body": msgspec.json.encode(made).decode(),
            }
            connection.execute(sa.text(_insert("note", note)), note)
        cluster = {"id": "c1", "judged": 1, "body": '{"cluster_id":"c1","first":"","sums":[1.0]}'}
        connection.execute(sa.text(_insert("cluster", cluster)), cluster)
        for kind, body in (("Tally", '{"totals":{}}'), ("Traffic", '{"traffic_id":"all"}')):
            counted = {"kind": kind, "id": "all", "subject": "", "at": "", "body": body}
            connection.execute(sa.text(_insert("note", counted)), counted)
        held = "INSERT INTO northloop_change VALUES ('Deployment', 2, 2)"
        connection.execute(sa.text(held))
    return engine


def _insert(name: str, row: dict[str, object]) -> str:
    values = ", ".join(f":{column}" for column in row)
    return f"INSERT INTO northloop_{name} ({', '.join(row)}) VALUES ({values})"


@pytest.mark.usefixtures("typed")
def test_records_of_the_first_step_come_over(where: str) -> None:
    records = opened(where)
    assert records.query(Deployment).rows == list(DEPLOYMENTS)
    assert records.count(Deployment) == 2
    assert records.add(msgspec.structs.replace(DEPLOYMENTS[0], deployment_id="d3", version=3))
    assert records.query(Deployment, {"tenant": "", "version": 2}).rows == [DEPLOYMENTS[1]]
    assert records.query(Deployment, newest=True, limit=1).rows[0].version == 3
    assert [i.interaction_id for i in records.query(Interaction, {"reviewed": True}).rows] == ["i3"]
    found = records.query(Interaction, {TEXT: Containing("5999 żółć"), "tenant": "default"}).rows
    assert [i.interaction_id for i in found] == ["i5999"]
    assert records.count(Interaction, {TEXT: Containing("q"), "conversation_id": "c7"}) == 2
    records.close()


@pytest.mark.usefixtures("typed")
def test_what_was_counted_otherwise_is_counted_anew_and_the_line_stays(where: str) -> None:
    records = opened(where)
    for verdict in ("v3", "v4"):
        records.remove(Verdict, verdict)  # their bodies cannot be read
    assert records.find(tally.CountedUp, "all") is None
    InteractionJournal(records, ReviewBudget())
    assert records.get(Traffic, "all") == Traffic(), "what was laid is not laid again"
    asked = sum(card.questions for card in scorecard.scorecards(records))
    assert asked == records.count(Interaction, {"origin": Origin.CUSTOMER}) > 5_000
    records.close()


def test_what_was_counted_as_it_was_kept_is_not_counted_again(
    where: str, engine: sa.Engine
) -> None:
    before = opened(where)
    asked = [i for i in interactions(Stream(answers=3)) if i.origin is Origin.CUSTOMER]
    before.add_all(asked)
    before.add(tally.CountedUp())
    before.close()
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE northloop_migration SET version_num = '0008'"))
        body = {"body": '{"counted_id":"all"}'}
        statement = "UPDATE northloop_note SET body = :body WHERE kind = 'CountedUp'"
        connection.execute(sa.text(statement), body)
    records = opened(where)
    assert tally.all_totals(records) == {}
    assert records.get(tally.CountedUp, "all").place == "3"
    records.close()


def test_what_cannot_be_read_is_kept_and_said(records: Records) -> None:
    with pytest.raises(CorruptArtefact, match="Outcome broken"):
        records.get(Outcome, "broken")


def test_what_comes_after_gets_a_place_behind(records: Records) -> None:
    kept = msgspec.structs.replace(records.get(Interaction, "i5"), interaction_id="new")
    assert records.add(kept)
    assert records.query(Interaction, newest=True, limit=1).rows == [kept]
    assert records.count(Interaction) == 3_001


def test_a_long_migration_says_that_it_goes_on(
    where: str, rows: Rows, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "_MANY", len(rows) - 1)
    opened(where).close()
    (said,) = caplog.messages
    assert "to the present format; this may take minutes" in said
    opened(where).close()
    assert len(caplog.messages) == 1


def test_a_migration_killed_half_way_has_not_happened(
    where: str, engine: sa.Engine, rows: Rows
) -> None:
    assert killed_after(1, STOPS_HALF_WAY, where, str(TESTS)) == ["half way"]
    tables = sa.inspect(engine).get_table_names()
    assert sorted(tables) == ["northloop_records", "northloop_schema"]
    with engine.connect() as connection:
        count = sa.text("SELECT count(*) FROM northloop_records")
        assert connection.execute(count).scalar() == len(rows)
    records = opened(where)
    assert records.count(Interaction) == 3_000
    records.close()
    assert "northloop_records" not in sa.inspect(engine).get_table_names()


def test_the_steps_make_the_tables_that_the_catalogue_declares(
    records: Records, engine: sa.Engine
) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": migrations.VERSION_TABLE,
                # The index of words is the databases' own.
                "include_name": lambda name, *_: (
                    not (name or "").startswith("northloop_interaction_words")
                ),
            },
        )
        found = compare_metadata(context, METADATA)
    others = [d for d in found if not (d[0] == "remove_table" and d[1].name == "northloop_schema")]
    assert others == []


def test_the_newest_step_is_the_schema_that_is_read() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


def test_a_database_of_a_newer_northloop_is_refused(where: str, engine: sa.Engine) -> None:
    opened(where).close()
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE northloop_migration SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match=r"version 9999, this .*release that wrote it"):
        opened(where)


def test_a_northloop_from_before_is_told_that_this_is_newer(where: str, engine: sa.Engine) -> None:
    opened(where).close()
    with engine.connect() as connection:
        statement = sa.text("SELECT version FROM northloop_schema WHERE part = 'records'")
        assert connection.execute(statement).scalar() == 2
