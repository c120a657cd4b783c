"""Two people review at once, by keyboard, while the server is started anew in the middle."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import ExitStack
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.kit import served
from northloop.core.interaction import Claim, Interaction, ReviewItem, Verdict
from northloop.stages.monitoring import queue, second_reads
from seeded import SeededWorkspace

WAITING = 100
CARD = "#review-now form.review"


@pytest.fixture
def busy(shop: SeededWorkspace) -> SeededWorkspace:
    """A workspace in which a hundred answers wait."""
    records = shop.records
    model = queue.queue(records)[0]
    for number in range(WAITING - queue.left(records)):
        interaction = msgspec.structs.replace(
            model.interaction, interaction_id=f"more {number}", question=f"Question {number}?"
        )
        records.add(interaction)
        item = msgspec.structs.replace(
            model.item, review_id=f"more {number}", interaction_id=interaction.interaction_id
        )
        records.add(item)
    return shop


def shown(page: Page) -> str:
    return page.locator(CARD).get_attribute("data-review") or ""


def judge(page: Page) -> str:
    """Judge the answer on the screen by two keys, wait for the next; return which it was.

    The page shows the next one before the server has taken the verdict: who comes after it waits
    for that, too.
    """
    was = shown(page)
    page.keyboard.press("1")
    with page.expect_response(re.compile("/verdict$")) as taken:
        page.keyboard.press("Enter")
    assert taken.value.ok
    expect(page.locator(f"{CARD}[data-review='{was}']")).to_have_count(0)
    expect(page.locator(f"{CARD}, #review-now [data-done]")).to_be_visible()
    return was


def test_a_hundred_answers_by_two_people_none_twice(
    chromium: Browser, busy: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_reads, "SHARE", 0.0)
    before = {v.verdict_id for v in busy.records.query(Verdict).rows}
    seen: list[str] = []
    with ExitStack() as closing:
        base = closing.enter_context(running := ExitStack()).enter_context(served(busy))
        pages = []
        for name in ("Ana", "Ben"):
            context = closing.enter_context(chromium.new_context(base_url=base))
            page = context.new_page()
            page.goto("/review")
            page.wait_for_selector(CARD)
            context.add_cookies([{"name": "northloop_reviewer", "value": name, "url": base}])
            pages.append(page)
        for round_ in range(WAITING // 2):
            assert shown(pages[0]) != shown(pages[1])
            seen += [judge(page) for page in pages]
            if round_ == WAITING // 4:
                running.close()
                running.enter_context(served(busy, urlsplit(base).port or 0))
        for page in pages:
            expect(page.locator("#review-now [data-done]")).to_be_visible()
            page.goto("/review")
            expect(page.locator("#review-progress")).to_contain_text("0 answers wait")
    assert Counter(seen).most_common(1)[0][1] == 1
    given = [v for v in busy.records.query(Verdict).rows if v.verdict_id not in before]
    assert sorted(v.review_id for v in given) == sorted(seen)
    assert len(given) == WAITING
    assert Counter(v.reviewer for v in given) == {"Ana": WAITING // 2, "Ben": WAITING // 2}
    assert busy.records.count(ReviewItem, {"judged": 0}) == busy.records.count(Claim) == 0
    assert busy.records.count(Interaction) >= WAITING


def test_a_second_reader_is_not_told_what_the_first_one_said(
    chromium: Browser, shop: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_reads, "SHARE", 1.0)
    with served(shop) as base:
        pages = []
        for name in ("Ana", "Ben"):
            context = chromium.new_context(base_url=base)
            context.add_cookies([{"name": "northloop_reviewer", "value": name, "url": base}])
            pages.append(context.new_page())
        ana, ben = pages
        ana.goto("/review")
        ana.wait_for_selector(CARD)
        first = ana.locator("#review-now").inner_html()
        was = judge(ana)
        ben.goto("/review")
        ben.wait_for_selector(CARD)
        assert shown(ben) == was
        token = re.compile(r'value="[\w-]{32}"')
        assert token.sub("", ben.locator("#review-now").inner_html()) == token.sub("", first)
        ben.keyboard.press("2")
        ben.keyboard.press("Enter")
        expect(ben.locator("#review-progress")).to_contain_text("Two reviewers agree on 0")
        assert shown(ben) != was
        ana.goto("/review")
        assert shown(ana) != was
    read = shop.records.get(second_reads.SecondRead, was)
    assert (read.by, bool(read.second)) == ("Ana", True)
