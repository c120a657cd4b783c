"""How conversations ended, brought in through the console."""

from __future__ import annotations

import html
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from httpx import Response

from console.client import Visitor
from northloop.app import answers, ledger, reports
from northloop.core.actor import team
from northloop.core.contact import Contact
from northloop.core.interaction import Outcome, OutcomeImport
from northloop.core.keys import caller
from northloop.stages.monitoring.tickets import replayed
from seeded import SeededWorkspace

SHOP = caller("shop", "north")
HEAD = "ticket_id,question,reply,created_at,closed_at,csat\n"
SECRET = "Henrietta Blumenthal asked for a refund of her tent"
BRING = "/objective/outcomes"


def ask(shop: SeededWorkspace, *names: str) -> None:
    for name in names:
        asked = answers.question(
            "I want to talk to a human.", conversation_id=name, customer_id=f"who {name}"
        )
        answers.answer(shop, SHOP, asked)


def export(*rows: tuple[str, str, str]) -> str:
    """Return an export of cases: id, when it was closed ("" for open), rating."""
    return HEAD + "".join(
        f"{name},{SECRET},It is on its way.,2026-11-02T09:00:00Z,{closed},{csat}\n"
        for name, closed, csat in rows
    )


def bring(visitor: Visitor, content: str, name: str = "cases.csv", **fields: str) -> Response:
    return visitor.client.post(
        BRING,
        data={"token": visitor.token(), **fields},
        files=[("files", (name, content))] if content else [],
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def seen(page: Response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text)))


def looked(visitor: Visitor, brought: Response) -> tuple[str, str]:
    """Return the address of what was brought, and what its page says."""
    assert brought.status_code == 303, seen(brought)
    path = brought.headers["location"]
    return path, seen(visitor.get(path))


def kept(shop: SeededWorkspace) -> dict[str, Outcome]:
    """The newest report that counts of each conversation."""
    reports = shop.records.query(Outcome, {"tenant": "north"}).rows
    contacts = shop.records.query(Contact, {"tenant": "north"}).rows
    found = {}
    for contact in contacts:
        of_it = [one for one in reports if one.conversation_id == contact.conversation_id]
        for one in replayed(of_it, datetime.fromisoformat(contact.opened_at)):
            found[one.conversation_id] = one
    return found


def left(shop: SeededWorkspace) -> list[str]:
    return [
        file.read_text("utf-8", "replace")
        for part in ("reports", "receiving", "uploads")
        for file in (shop.state / part).rglob("*")
        if file.is_file()
    ]


def test_an_export_is_looked_at_and_then_taken_in(shop: SeededWorkspace, visitor: Visitor) -> None:
    ask(shop, "T-1", "T-2")
    rows = ("T-1", "2026-11-03T09:00:00Z", "5"), ("T-2", "", ""), ("X", "2026-11-09T09:00:00Z", "")
    assert "How conversations ended" in seen(visitor.get("/objective"))
    path, said = looked(visitor, bring(visitor, export(*rows)))
    assert "2 of 3 cases in it" in said
    assert "Closed 1 1 open" in said and "Rated 1" in said and "News 2" in said
    assert "The first of them was closed on 3 Nov 2026, the last on 3 Nov 2026." in said
    assert "csat" in said and "closed_at" in said
    assert kept(shop) == {}
    assert "cases.csv" in seen(visitor.get("/objective"))
    done = visitor.post(f"{path}/take")
    assert done.status_code == 303
    assert "Taken in" in seen(visitor.get(done.headers["location"]))
    ended = kept(shop)
    assert {name: outcome.resolved for name, outcome in ended.items()} == {
        shop.opaque("T-1"): True,
        shop.opaque("T-2"): False,
    }
    assert left(shop) == []


def test_of_an_export_no_text_is_kept_while_it_waits(
    shop: SeededWorkspace, visitor: Visitor
) -> None:
    ask(shop, "T-1")
    path, said = looked(visitor, bring(visitor, export(("T-1", "2026-11-03T09:00:00Z", "5"))))
    (draft,) = left(shop)
    assert "Blumenthal" not in draft + said
    visitor.post(f"{path}/drop")
    assert left(shop) == [] and kept(shop) == {}


def test_a_double_click_takes_it_in_once(
    shop: SeededWorkspace, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(shop, "T-1")
    path, _ = looked(visitor, bring(visitor, export(("T-1", "2026-11-03T09:00:00Z", "5"))))
    take_in, began, goes_on = ledger.take_in, threading.Event(), threading.Event()

    def slow(*given: Any, **more: Any) -> ledger.Reported:
        began.set()
        goes_on.wait(5)
        return take_in(*given, **more)

    monkeypatch.setattr(ledger, "take_in", slow)
    with ThreadPoolExecutor(2) as clicks:
        first = clicks.submit(visitor.post, f"{path}/take")
        assert began.wait(5)
        second = clicks.submit(visitor.post, f"{path}/take")
        time.sleep(0.1)
        goes_on.set()
        went = [seen(visitor.get(one.result().headers["location"])) for one in (first, second)]
    assert "Taken in" in went[0]
    assert "not here any more" in went[1]
    assert shop.records.count(OutcomeImport) == 1


def test_what_fails_while_it_is_taken_in_goes_on_waiting(
    shop: SeededWorkspace, visitor: Visitor
) -> None:
    ask(shop, "T-1")
    path, _ = looked(visitor, bring(visitor, export(("T-1", "2026-11-03T09:00:00Z", "5"))))
    report = path.split("/")[-1]
    with pytest.raises(OSError, match="No space"), reports.held(shop, team(), report):
        raise OSError(28, "No space left on device")
    visitor.post(f"{path}/take")
    assert shop.records.count(OutcomeImport) == 1


def test_taken_twice_it_counts_once_and_gone_is_said(
    shop: SeededWorkspace, visitor: Visitor
) -> None:
    ask(shop, "T-1")
    said = export(("T-1", "2026-11-03T09:00:00Z", "5"))
    first, second = (looked(visitor, bring(visitor, said))[0] for _ in range(2))
    for path in (first, second, first):
        visitor.post(f"{path}/take")
    assert len(kept(shop)) == shop.records.count(Outcome, {"tenant": "north"}) == 1
    gone = visitor.get(first)
    assert gone.status_code == 303
    assert "not here any more" in seen(visitor.get(gone.headers["location"]))
    assert "not here any more" in seen(
        visitor.get(visitor.post(f"{second}/take").headers["location"])
    )


def test_who_was_forgotten_meanwhile_is_left_out(shop: SeededWorkspace, visitor: Visitor) -> None:
    ask(shop, "T-1", "T-2")
    said = export(("T-1", "2026-11-03T09:00:00Z", "5"), ("T-2", "2026-11-03T09:00:00Z", "5"))
    path, _ = looked(visitor, bring(visitor, said))
    answers.forget(shop, team(), "north", "who T-1")
    visitor.post(f"{path}/take")
    assert set(kept(shop)) == {shop.opaque("T-2")}
    assert shop.records.count(Contact, {"tenant": "north"}) == 1


def test_a_column_can_be_named_and_what_is_missing_is_said(
    shop: SeededWorkspace, visitor: Visitor
) -> None:
    ask(shop, "T-1")
    odd = "nr,chat,question,reply,closed_at\n7,T-1,Where is it?,There.,2026-11-02T10:00:00Z\n"
    refused = bring(visitor, odd)
    assert refused.status_code == 422
    assert "None of the 1 cases" in seen(refused)
    assert "holds it in the form" in seen(refused) and "--map" not in seen(refused)
    path, said = looked(visitor, bring(visitor, odd, conversation_id="chat"))
    assert "1 of 1 case in it" in said
    visitor.post(f"{path}/take")
    assert set(kept(shop)) == {shop.opaque("T-1")}
    assert bring(visitor, "").status_code == 422
    assert bring(visitor, "nothing", name="notes.html").status_code == 422
    assert left(shop) == []


def test_ids_of_several_tenants_ask_whose_export_it_is(
    shop: SeededWorkspace, visitor: Visitor
) -> None:
    ask(shop, "T-1")
    other = answers.question("A human, please.", conversation_id="T-1", customer_id="c")
    answers.answer(shop, caller("shop", "south"), other)
    said = export(("T-1", "2026-11-03T09:00:00Z", "5"))
    assert "several tenants" in seen(bring(visitor, said))
    path, _ = looked(visitor, bring(visitor, said, tenant="south"))
    visitor.post(f"{path}/take")
    assert kept(shop) == {}


def test_it_waits_through_a_restart_and_for_another_person(
    shop: SeededWorkspace, visitor: Visitor
) -> None:
    ask(shop, "T-1")
    path, said = looked(visitor, bring(visitor, export(("T-1", "2026-11-03T09:00:00Z", "5"))))
    with Visitor(shop) as another:
        assert seen(another.get(path)) == said
    (shop.state / "reports" / "broken.json").write_text("{")
    (one,) = reports.waiting(shop, team())
    assert one.reports.files == ("cases.csv",)


@pytest.mark.parametrize("name", ["../../x", "%2e%2e%2fx", "a" * 400])
def test_no_address_leads_out_of_the_folder(
    shop: SeededWorkspace, visitor: Visitor, name: str
) -> None:
    assert visitor.get(f"{BRING}/{name}").status_code in (303, 404)
    assert visitor.post(f"{BRING}/{name}/drop").status_code in (303, 404)


def test_the_columns_of_the_first_touch_and_of_the_survey_can_be_named(
    shop: SeededWorkspace, visitor: Visitor
) -> None:
    ask(shop, "T-1", "T-2")
    odd = (
        "ticket_id,question,reply,created_at,closed_at,seen,poll\n"
        "T-1,Is it?,Yes.,2026-11-02T09:00:00Z,2026-11-02T10:00:00Z,2026-11-02T09:30:00Z,yes\n"
        "T-2,Is it?,Yes.,2026-11-02T09:00:00Z,2026-11-02T10:00:00Z,,no\n"
    )
    named = {"first_touch_at": "seen", "csat_asked": "poll"}
    path, said = looked(visitor, bring(visitor, odd, **named))
    assert "First answered by a person 1 of them" in said
    assert "Rated 0 of 1 that were asked for a rating" in said
    visitor.post(f"{path}/take", {})
    assert {name: o.csat_asked for name, o in kept(shop).items()} == {"T-1": True, "T-2": False}
    assert [bool(o.first_touch_at) for _, o in sorted(kept(shop).items())] == [True, False]


def test_what_is_left_alone_is_shown_and_a_box_takes_the_file_s_word(
    shop: SeededWorkspace, visitor: Visitor
) -> None:
    ask(shop, "T-1", "T-2")
    path, said = looked(visitor, bring(visitor, export(("T-1", "2026-11-20T09:00:00Z", "2"))))
    assert "counts, whatever was reported" not in said, "nothing was"
    visitor.post(f"{path}/take")
    right = export(("T-1", "2026-11-03T09:00:00Z", ""), ("T-2", "2026-11-04T09:00:00Z", ""))
    path, said = looked(visitor, bring(visitor, right))
    assert "1 ticket left as known" in said
    assert "cases.csv:1 says closed 2026-11-03 09:00, known is closed 2026-11-20 09:00" in said
    visitor.post(f"{path}/take")
    assert kept(shop)[shop.opaque("T-1")].closed_at.startswith("2026-11-20")
    path, _ = looked(visitor, bring(visitor, right))
    visitor.post(f"{path}/take", {"overrule": "yes"})
    now = kept(shop)[shop.opaque("T-1")]
    assert (now.closed_at[:10], now.csat, now.overrules) == ("2026-11-03", None, True)


def test_tickets_that_are_none_any_more_are_shown(shop: SeededWorkspace, visitor: Visitor) -> None:
    ask(shop, "T-1", "T-2", "T-3")
    rows = (("T-1", "Solved", "2026-11-03"), ("T-2", "Zusammengeführt", ""), ("T-3", "Spam", ""))
    content = "ticket_id,question,reply,closed_at,stage\n" + "".join(
        f"{name},Is it?,Yes.,{closed},{state}\n" for name, state, closed in rows
    )
    path, said = looked(visitor, bring(visitor, content, status="stage"))
    assert "Closed 1 0 open" in said
    assert "count for nothing: 1 merged into another, which counts, 1 spam." in said
    visitor.post(f"{path}/take")
    assert [kept(shop)[shop.opaque(f"T-{n}")].gone for n in (1, 2, 3)] == [None, "merged", "spam"]


def test_what_was_taken_in_is_listed_and_taken_back(
    shop: SeededWorkspace, visitor: Visitor
) -> None:
    ask(shop, "T-1", "T-2")
    assert "Taken in so far" not in seen(visitor.get("/objective"))
    for name, day in (("first.csv", 3), ("second.csv", 4)):
        rows = ("T-1", f"2026-11-0{day}T09:00:00Z", ""), (f"T-{day - 1}", "", "")
        path, _ = looked(visitor, bring(visitor, export(*rows[: day - 2]), name))
        visitor.post(f"{path}/take")
    page = visitor.get("/objective")
    assert "Taken in so far" in seen(page)
    assert "second.csv 2 1 1 Take back" in seen(page) and "first.csv 1 1 1 Take back" in seen(page)
    second, first = re.findall(r'action="(/objective/imports/[^"]+/undo)"', page.text)
    assert kept(shop)[shop.opaque("T-1")].closed_at.startswith("2026-11-04")
    done = visitor.post(second)
    assert "Taken back. What others said stays" in seen(visitor.get(done.headers["location"]))
    assert kept(shop)[shop.opaque("T-1")].closed_at.startswith("2026-11-03")
    again = visitor.post(second)
    assert "not here any more" in seen(visitor.get(again.headers["location"]))
    visitor.post(first)
    assert kept(shop) == {}
    assert "Taken in so far" not in seen(visitor.get("/objective"))


def test_what_is_closed_and_not_when_is_shown(shop: SeededWorkspace, visitor: Visitor) -> None:
    ask(shop, "T-1", "T-2")
    content = "ticket_id,question,reply,closed_at,Status\n" + "".join(
        f"{name},Is it?,Yes.,{closed},Closed\n"
        for name, closed in (("T-1", "2026-11-03"), ("T-2", ""))
    )
    _, said = looked(visitor, bring(visitor, content))
    assert "Closed 2 0 open" in said
    assert "Of those closed, 1 have no time at which they were closed" in said
