"""Rows in columns: what is told of all of them at once, and each of them whole."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from northloop.core.conversation import Message, Split, Ticket
from northloop.core.ids import canonical
from northloop.stages.data.columns import Rows
from northloop.stages.data.duplicates import Said
from northloop.stages.data.follow_ups import example_id
from northloop.stages.data.lots import Lot
from northloop.stages.data.rows import Exchange, Made
from northloop.stages.data.split import NONE, SPLITS


def exchange(row: int, question: str = "q", turn: int = 1, **more: object) -> Exchange:
    fields: dict[str, Any] = {"customer_id": "", **more}
    ticket = Ticket(
        source="a.csv", row=row, ticket_id=str(row), question=question, reply="r",
        conversation_id="c", turn=turn, **fields,
    )  # fmt: skip
    id_ = example_id(question, ticket.context)
    return Exchange(ticket, {"name": 2}, id_, "English", 3, Said.of(question))


def rows_of(*records: tuple[Exchange, ...]) -> Rows:
    rows = Rows()
    places = np.array([record[0].ticket.row if record else 0 for record in records])
    rows.add(b"lot", Lot.of([Made(record) for record in records]), "a.csv", places)
    return rows


def test_each_row_comes_back_whole_also_when_they_were_put_in_order() -> None:
    given = [exchange(n, f"Wo ist {n}, 你好?", created_at="2025-01-01T00:00:00Z") for n in range(5)]
    rows = rows_of(*((one,) for one in given))
    assert [*map(rows.__getitem__, range(5))] == [one.ticket for one in given]
    rows.arrange(np.array([3, 1, 4, 0, 2]))
    assert [*map(rows.__getitem__, range(5))] == [given[i].ticket for i in (3, 1, 4, 0, 2)]
    assert [i.decode() for i in rows.ids.tolist()] == [given[i].example_id for i in (3, 1, 4, 0, 2)]
    assert [rows.where(i) for i in (0, 1)] == ["a.csv:3", "a.csv:1"]
    assert rows.found == {"name": 10}


def test_an_intent_that_was_given_afterwards_is_part_of_the_row() -> None:
    rows = rows_of((exchange(1),), (exchange(2, intent="refund"),))
    rows.column("intent")[0] = rows.intent("order")
    assert [rows[i].intent for i in (0, 1)] == ["order", "refund"]
    assert rows.missing_shares()["intent"] == 0


def test_missing_shares() -> None:
    rows = rows_of((exchange(1),))
    assert rows.missing_shares()["reply"] == 0.0
    assert rows.missing_shares()["customer_id"] == 1.0
    assert rows.missing_shares()["conversation_id"] == 0.0
    assert Rows().missing_shares() == {}


def test_what_a_case_has_once_is_missed_once() -> None:
    case = (exchange(1, closed_at="2025-01-01"), exchange(1, intent="refund", turn=2))
    found = rows_of((*case, exchange(1, turn=3)), ()).missing_shares()
    assert (found["closed_at"], found["intent"], found["csat"]) == (0.0, 0.0, 1.0)
    assert found["created_at"] == 1.0


def test_a_number_that_is_nought_is_none_that_is_missing() -> None:
    found = rows_of((exchange(1, handling_minutes=0.0, reopened=False),)).missing_shares()
    assert (found["handling_minutes"], found["reopened"], found["csat"]) == (0.0, 0.0, 1.0)


def test_splits_of_before_are_found_by_id_and_by_place() -> None:
    rows = rows_of((exchange(1, "one"),), (exchange(2, "two"), exchange(2, "three", turn=2)))
    frozen = {example_id("one"): Split.TEST, "a.csv:1": Split.TRAIN, "a.csv:2#2": Split.RETIRED}
    bits = rows.kept_splits(frozen).tolist()
    named = [{s for k, s in enumerate(SPLITS) if b >> k & 1} for b in bits]
    assert named == [{Split.TEST, Split.TRAIN}, set(), {Split.RETIRED}]
    assert NONE not in range(len(SPLITS))


def test_customers_are_told_apart_and_nobody_is_nobody() -> None:
    rows = rows_of(*((exchange(n, customer_id=c),) for n, c in enumerate(("x", "", "y", "x"))))
    customers = rows.column("customer").tolist()
    assert customers[0] == customers[3] != customers[2]
    assert customers[1] == 0


def test_what_was_said_before_stands_in_the_example_alone() -> None:
    later = exchange(1, context=(Message("user", "hi"),))
    rows = rows_of((later,))
    assert rows[0] == later.ticket
    (line,) = rows.history(np.array([0]))
    assert line == canonical(msgspec.structs.replace(later.ticket, context=())) + b"\n"
