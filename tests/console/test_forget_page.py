"""A customer is forgotten from the console: what goes and what stays is shown before."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from console.client import Visitor
from northloop.app import answers
from northloop.core.actor import team
from northloop.core.artefacts import Kind
from northloop.core.conversation import Ticket
from northloop.core.interaction import Interaction, Verdict
from northloop.loop.bundles import read_lines
from northloop.loop.steps import TICKETS
from seeded import SeededWorkspace


def page(customer: str, tenant: str = "default") -> str:
    return f"/answers/forget?{urlencode({'tenant': tenant, 'customer': customer})}"


def customers(shop: SeededWorkspace) -> set[str]:
    return {i.customer_id for i in shop.records.query(Interaction).rows} - {""}


def corrected(shop: SeededWorkspace) -> str:
    """Return a customer of whose answers one was corrected."""
    judged = shop.records.query(Verdict, {"corrects": True}).rows
    return shop.records.get(Interaction, judged[0].interaction_id).customer_id


def test_the_page_counts_what_would_go_and_nothing_goes(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    who = corrected(shop)
    before = shop.records.count(Interaction)
    found = answers.to_forget(shop, team(), "default", who)
    text = visitor.get(page(who)).text
    assert shop.records.count(Interaction) == before
    counts = {int(count) for count in re.findall(r'<dd class="num">(\d+)</dd>', text)}
    assert counts == set(found.goes.values())
    assert "Forget this customer for good" in text


def test_what_was_learnt_of_them_is_said_to_stay(visitor: Visitor, shop: SeededWorkspace) -> None:
    stays = {who: answers.to_forget(shop, team(), "default", who).stays for who in customers(shop)}
    who, found = next((who, found) for who, found in stays.items() if found)
    text = visitor.get(page(who)).text
    for one in found:
        assert f"/data/{one.dataset}" in text and one.rows > 0
    assert "sealed" in text


def test_the_form_forgets_as_the_command_does(visitor: Visitor, shop: SeededWorkspace) -> None:
    who = corrected(shop)
    answer = visitor.post("/answers/forget", {"tenant": "default", "customer": who})
    assert answer.status_code == 303 and "note=forgotten" in answer.headers["location"]
    assert "removed, from every cache too" in visitor.get(answer.headers["location"]).text
    assert who not in customers(shop)
    again = visitor.post("/answers/forget", {"tenant": "default", "customer": who})
    assert again.status_code == 404
    assert visitor.get(f"/answers?customer={who}").text.count("No such answer") == 1


def test_a_customer_of_an_export_is_told_to_come_back(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    """Of somebody who only stands in the history nothing goes, and that is said."""
    from_history = next(iter(exported(shop) - customers(shop)))
    text = visitor.get(page(from_history)).text
    assert "No question and no answer of theirs is kept" in text
    assert "is read from" in text and "Forget this customer for good" not in text
    said = visitor.post("/answers/forget", {"tenant": "default", "customer": from_history})
    assert said.status_code == 303
    assert "stand in sealed dataset versions alone" in visitor.get(said.headers["location"]).text


def exported(shop: SeededWorkspace) -> set[str]:
    newest = shop.artefacts.list(Kind.DATASET)[0]
    tickets = read_lines(shop.artefacts, newest.hash, TICKETS, Ticket)
    return {ticket.customer_id for ticket in tickets} - {""}


def test_nobody_and_somebody_elses_are_not_there(visitor: Visitor, shop: SeededWorkspace) -> None:
    who = corrected(shop)
    assert visitor.get(page("nobody at all")).status_code == 404
    assert visitor.post("/answers/forget", {"tenant": "south", "customer": who}).status_code == 404
    assert visitor.get("/answers/forget").status_code == 422
    assert visitor.post("/answers/forget", {"tenant": "default", "customer": ""}).status_code == 422
    assert who in customers(shop)


def test_answers_lead_there(visitor: Visitor, shop: SeededWorkspace) -> None:
    who = corrected(shop)
    link = page(who).replace("&", "&amp;")
    assert link in visitor.get(f"/answers?customer={who}").text
    assert link not in visitor.get("/answers").text
    one = next(i for i in shop.records.query(Interaction).rows if i.customer_id == who)
    assert link in visitor.get(f"/answers/{one.interaction_id}").text


def test_a_forged_form_forgets_nobody(visitor: Visitor, shop: SeededWorkspace) -> None:
    who = corrected(shop)
    sent = {"tenant": "default", "customer": who, "token": "guessed"}
    assert visitor.post("/answers/forget", sent).status_code == 401
    assert who in customers(shop)
