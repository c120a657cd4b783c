"""What a database divided: codes of small tables, and texts in a table of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from northloop.stages.data.sources.divided import undivided
from northloop.stages.data.sources.joining import Table
from northloop.stages.data.sources.json_rows import Json


def table(name: str, *rows: Mapping[str, Json]) -> Table:
    return Table(name, rows, lambda: iter(rows))


def shown(tables: Sequence[Table]) -> dict[str, list[Mapping[str, Json]]]:
    return {one.name: list(one.rows()) for one in tables}


TICKETS = table("tickets", {"id": 1, "state_id": 2, "owner_id": 7}, {"id": 2, "state_id": 4})
STATES = table("states", {"id": 2, "name": "open"}, {"id": 4, "name": "closed"})
USERS = table("owners", {"id": 7, "name": "Anna Berg"}, {"id": 8, "name": "Tom Reed"})


def test_codes_are_spelt_and_people_are_none() -> None:
    found = shown(undivided([TICKETS, STATES, USERS]))
    assert list(found) == ["tickets", "owners"]
    assert found["tickets"] == [
        {"id": 1, "owner_id": 7, "state": "open"}, {"id": 2, "state": "closed"}
    ]  # fmt: skip


def test_sides_are_codes_though_they_are_called_after_somebody() -> None:
    senders = table("senders", {"id": 1, "name": "Agent"}, {"id": 2, "name": "Customer"})
    said = table("notes", *({"id": n, "sender_id": n} for n in (1, 2, 1, 2, 9)))
    told = [row["sender"] for row in shown(undivided([said, senders]))["notes"]]
    assert told == ["Agent", "Customer", "Agent", "Customer", "9"]


def test_a_small_table_of_tickets_spells_nothing() -> None:
    tickets = table("tickets", {"id": 1, "name": "No parcel"}, {"id": 2, "name": "Refund"})
    replies = table("replies", {"id": 5, "ticket_id": 1}, {"id": 6, "ticket_id": 2})
    assert shown(undivided([tickets, replies])) == shown([tickets, replies])


def test_texts_of_a_table_of_their_own_are_the_messages() -> None:
    said = table("articles", *({"id": n, "ticket_id": n % 2 + 1, "hidden": 0} for n in (5, 6, 7)))
    texts = [
        {
            "id": 90 + n,
            "article_id": n,
            "a_from": "Jo",
            "a_to": "Us",
            "a_body": f"Where is it, {n}, by now?",
        }
        for n in (7, 6, 5)
    ]
    found = undivided([TICKETS, said, table("article_texts", *texts)])
    assert [one.name for one in found] == ["articles", "tickets"]
    assert [part.name for part in found[0].parts] == ["articles", "article_texts"]
    assert next(iter(found[0].rows())) == {
        "id": 5, "ticket_id": 2, "hidden": 0, "from": "Jo", "to": "Us",
        "body": "Where is it, 5, by now?",
    }  # fmt: skip


def test_notes_of_messages_are_not_what_these_say() -> None:
    said = table("articles", *({"id": n, "ticket_id": n % 2 + 1} for n in (5, 6, 7)))
    noted = [{"article_id": n, "body": "He is not to hear of it"} for n in (5, 6, 7)]
    tables = [TICKETS, said, table("article_notes", *noted)]
    assert shown(undivided(tables)) == shown(tables)


def test_a_rating_with_a_comment_is_no_text_of_a_ticket() -> None:
    people = table("customers", {"id": 1, "name": "Jo"}, {"id": 2, "name": "Lena"})
    tickets = table("tickets", *({"id": n, "customer_id": n % 2 + 1} for n in range(1, 7)))
    rated = [{"ticket_id": n, "comment": "That was quick and very kind"} for n in range(1, 7)]
    tables = [people, tickets, table("ratings", *rated)]
    assert shown(undivided(tables)) == shown(tables)
