"""Answers are found by words, how they came about, when and for whom, page by page, in the URL."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import msgspec
import pytest

from console.client import Visitor
from console.look import releases
from northloop.app.answers import Search, search
from northloop.core.actor import Actor, Role, team
from northloop.core.errors import InputError, NotAllowed
from northloop.core.interaction import HandoffReason, Interaction, Origin, Source, Verdict
from seeded import BARE, SeededWorkspace

_LINK = re.compile(r'href="/answers/([0-9a-f]{24})"')


def listed(visitor: Visitor, **asked: str) -> list[str]:
    """Return the ids that a page of answers lists."""
    answer = visitor.get(f"/answers?{urlencode(asked)}")
    assert answer.status_code == 200
    return _LINK.findall(answer.text)


@pytest.fixture
def kept(shop: SeededWorkspace) -> list[Interaction]:
    """Every answer, newest first."""
    return shop.records.query(Interaction).rows[::-1]


def test_pages_follow_each_other_to_the_end(
    visitor: Visitor, shop: SeededWorkspace, kept: list[Interaction]
) -> None:
    found, path = [], "/answers"
    for _ in range(20):
        page = visitor.get(path).text
        found += _LINK.findall(page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        if older is None:
            break
        path = unescape(older[1])
    assert found == [i.interaction_id for i in kept]
    assert 'rel="first" href="/answers"' in page


def test_answers_that_come_meanwhile_move_no_page(
    visitor: Visitor, shop: SeededWorkspace, kept: list[Interaction]
) -> None:
    second = search(shop, team(), Search(limit=10)).next
    visitor.post("/playground/ask", {"question": "How do I wax boots?"})
    page = search(shop, team(), Search(limit=10, after=second)).items
    assert [i.interaction_id for i in page] == [i.interaction_id for i in kept[10:20]]


def test_words_are_found_in_question_answer_and_draft(
    shop: SeededWorkspace, kept: list[Interaction]
) -> None:
    def ids(words: str) -> set[str]:
        found = search(shop, team(), Search(words=words, limit=200))
        return {i.interaction_id for i in found.items}

    held = next(i for i in kept if "97 working days" in i.draft)
    assert held.interaction_id in ids("97 WORKING")
    bare = {i.interaction_id for i in kept if BARE in f"{i.answer} {i.draft}"}
    assert bare <= ids("heater overnight")
    asked = next(i for i in kept if "astronaut" in i.question)
    assert ids("jupiter ASTRONAUT") == {asked.interaction_id}
    assert ids("astronaut heater") == set()
    assert ids("% _ ' \" \\ <script>") <= {i.interaction_id for i in kept if "<" in i.question}


def test_each_filter_alone_and_together(
    visitor: Visitor, shop: SeededWorkspace, kept: list[Interaction]
) -> None:
    judged = {v.interaction_id for v in shop.records.query(Verdict).rows if not v.skipped}
    before = releases(shop)["before"]
    customer = next(i.customer_id for i in kept if i.customer_id)
    talk = next(i.conversation_id for i in kept if "how often do I wax" in i.question)
    cases: list[tuple[dict[str, str], list[Interaction]]] = [
        ({"source": "approved"}, [i for i in kept if i.source is Source.APPROVED]),
        ({"handoff": "too_long"}, [i for i in kept if i.handoff is HandoffReason.TOO_LONG]),
        ({"release": before[:8]}, [i for i in kept if i.release == before]),
        ({"judged": "yes"}, [i for i in kept if i.interaction_id in judged]),
        ({"judged": "no"}, [i for i in kept if i.interaction_id not in judged]),
        ({"since": "2026-11-24"}, [i for i in kept if i.at >= "2026-11-24"]),
        ({"until": "2026-10-03"}, [i for i in kept if i.at < "2026-10-04"]),
        ({"customer": customer}, [i for i in kept if i.customer_id == customer]),
        ({"conversation": talk}, [i for i in kept if i.conversation_id == talk]),
        ({"tenant": "elsewhere"}, []),
        ({"origin": "playground"}, [i for i in kept if i.origin is Origin.PLAYGROUND]),
        ({"origin": "customer"}, [i for i in kept if i.origin is Origin.CUSTOMER]),
        (
            {"source": "handoff", "handoff": "not_grounded", "since": "2026-11-16"},
            [i for i in kept if i.handoff is HandoffReason.NOT_GROUNDED and i.at >= "2026-11-16"],
        ),
    ]
    for asked, wanted in cases:
        assert listed(visitor, **asked) == [i.interaction_id for i in wanted[:50]], asked
    assert all(wanted for asked, wanted in cases if asked != {"tenant": "elsewhere"})


def test_customers_are_found_by_the_name_of_their_own_system(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    question = {"question": "How do I wax boots in winter?", "conversation": "T-4711"}
    visitor.post("/playground/ask", question)
    (found,) = listed(visitor, conversation="T-4711")
    assert shop.records.get(Interaction, found).conversation_id == shop.opaque("T-4711")


def test_what_was_asked_for_stays_in_the_form_and_in_the_links(visitor: Visitor) -> None:
    page = visitor.get('/answers?judged=no&words="boots"+%26+<b>&tenant=default').text
    assert 'value="no" selected' in page and 'name="tenant" type="text" value="default"' in page
    assert "<b>" not in page and "&#34;boots&#34; &amp; &lt;b&gt;" in page
    assert 'class="search-more" open' in page
    older = visitor.get("/answers?judged=no").text
    assert re.search(r'rel="next" href="/answers\?judged=no&amp;after=[0-9]+"', older)


@pytest.mark.parametrize(
    "asked",
    [
        {"source": "thin air"},
        {"handoff": "x"},
        {"judged": "perhaps"},
        {"since": "yesterday"},
        {"until": "9999-12-31"},
        {"origin": "moon"},
        {"after": "nothing"},
    ],
)
def test_what_there_is_not_is_said(visitor: Visitor, asked: dict[str, str]) -> None:
    answer = visitor.get(f"/answers?{urlencode(asked)}")
    assert answer.status_code == 422 and "What to do:" in answer.text


def test_nothing_found_is_told_from_nothing_there(visitor: Visitor, newcomer: Visitor) -> None:
    assert "No such answer" in visitor.get("/answers?words=zeppelin").text
    assert "No answers yet" in newcomer.get("/answers").text


def test_a_key_finds_the_answers_of_its_tenant_without_drafts(shop: SeededWorkspace) -> None:
    reader = Actor(name="k", roles=(Role.READ,), tenant="default", declared=False)
    found = search(shop, reader, Search(limit=200))
    assert found.items and all(i.tenant == "default" and not i.draft for i in found.items)
    assert search(shop, reader, Search(words="97 working days")).items == ()
    stranger = msgspec.structs.replace(reader, tenant="another")
    assert search(shop, stranger, Search()).items == ()
    with pytest.raises(NotAllowed):
        search(shop, msgspec.structs.replace(reader, roles=()), Search())
    with pytest.raises(InputError):
        search(shop, team(), Search(limit=201))


def test_a_page_shows_so_many_of_very_many_answers(
    visitor: Visitor, shop: SeededWorkspace, kept: list[Interaction]
) -> None:
    for place in range(1_000):
        shop.records.add(
            msgspec.structs.replace(kept[place % 200], interaction_id=f"{place:024x}"[::-1])
        )
    assert len(listed(visitor, words="order", judged="no")) == 50
