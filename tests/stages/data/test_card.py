"""The counts of the data card."""

from __future__ import annotations

from collections import Counter

import msgspec

from northloop.core.artefacts import DataCard, RowCount, Talks
from northloop.core.conversation import (
    Quarantined,
    RawConversation,
    RawMessage,
    RawTicket,
    Role,
    Visibility,
)
from northloop.stages.data.card import (
    TalkCounts,
    date_orders,
    language_counts,
    notices,
    reasons,
    together,
)
from northloop.stages.data.dates import DateOrder
from northloop.stages.data.languages import language_of
from northloop.stages.data.sources.exchanges import exchanges


def test_date_orders_name_the_files_where_these_differ() -> None:
    days, months, iso = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST, DateOrder.ISO
    assert date_orders({"a": {"created_at": days}, "b": {"created_at": iso}}) == {
        "created_at": "day first"
    }
    by_file = {name: {"created_at": days} for name in ("a", "b")} | {"us": {"created_at": months}}
    assert date_orders(by_file) == {
        "created_at in a and 1 more": "day first",
        "created_at in us": "month first",
    }
    assert date_orders({"a": {"created_at": iso}}) == {"created_at": "ISO"}


def test_reasons_are_ranked() -> None:
    rows = [Quarantined("a", n, reason, "") for n, reason in enumerate(["x", "y", "y"])]
    assert list(reasons(rows).items()) == [("y", 2), ("x", 1)]


def test_conversations_are_counted_by_source_and_add_up() -> None:
    def case(row: int, *said: RawMessage) -> RawConversation:
        return RawConversation(row=row, messages=said)

    asked = RawMessage(role=Role.CUSTOMER, text="Where is it?")
    note = RawMessage(role=Role.AGENT, text="lost", visibility=Visibility.PRIVATE)
    blank = RawMessage(role=Role.AGENT, text=" ", visibility=Visibility.PRIVATE)
    bot = RawMessage(role=Role.BOT, text="I look.")
    again = RawMessage(role=Role.CUSTOMER, text="And now?")
    reply = RawMessage(role=Role.AGENT, text="There.")
    rows = [
        *exchanges(case(1, asked, note, blank, bot, reply, again, reply), "a"),
        *exchanges(case(2, note), "a"),
        *exchanges(case(1, asked, reply), "b"),
        RawTicket(source="c", row=1, ticket_id="1", question="Where is it?"),
    ]
    counts = TalkCounts()
    for row in rows:
        counts.add(row)
    found = counts.talks
    assert found == {
        "a": Talks(conversations=2, messages=7, private_notes=2, others=1),
        "b": Talks(conversations=1, messages=2, private_notes=0),
    }
    every = Talks(conversations=3, messages=9, private_notes=2, others=1)
    assert together(found.values()) == every
    assert together(TalkCounts().talks.values()) is msgspec.UNSET


def test_what_is_not_understood_is_counted_and_said() -> None:
    said = [
        ("Where is my order?", "On its way."),
        ("我的帐篷什么时候发货？", "[NAME] 您好，两天内发货。"),
        ("Où est ma commande, s'il vous plaît ?", "Elle est en route."),
        ("Missä tilaukseni on?", "Se on matkalla teille."),
        ("Kde je moje objednávka?", "Je na cestě k vám, děkujeme za trpělivost."),
        ("Haluan palauttaa teltan.", "Lähetä se meille kuukauden kuluessa."),
        ("Где мой заказ?", "Он уже в пути."),
        ("A-17", ""),
    ]
    counts = language_counts(Counter(language_of(f"{asked}\n{reply}") for asked, reply in said))
    assert counts == {"Finnish": 2, "Chinese": 1, "Cyrillic": 1, "Czech": 1}
    empty = RowCount(rows_in=0, kept=0, merged=0, quarantined=0)
    card = DataCard(rows=empty, quarantine_reasons={}, sensitive_spans={}, exact_duplicates=0,
                    near_duplicates=0, splits={}, intents={}, labelled_share=0, missing={},
                    date_order={}, sources={})  # fmt: skip
    assert notices(card) == []
    said = notices(msgspec.structs.replace(card, scripts=counts))
    assert said[0].startswith("2 rows look Finnish: ")
    assert said[1].startswith("1 row looks Chinese: names")
    assert said[2].startswith("1 row looks Cyrillic: ")
    assert "nothing is learnt" in said[2]
    assert "nothing is learnt" not in said[1]
