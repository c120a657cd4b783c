"""Hostile text stays text, forged posts are refused, and a page may load nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from console.client import Visitor
from console.look import dataset, deep_pages, release_pages, running, waiting
from northloop.app import configuration
from northloop.core.errors import NorthloopError
from northloop.core.interaction import Interaction, Promotion, Verdict
from seeded import SeededWorkspace


def _pages(shop: SeededWorkspace) -> list[str]:
    answer = shop.records.query(Interaction, newest=True, limit=1).rows[0].interaction_id
    version = dataset(shop)
    return [
        "/",
        "/answers",
        "/answers/approved",
        "/palette",
        "/objective",
        "/documents",
        "/review",
        "/settings",
        f"/answers/{answer}",
        f"/data/{version}",
        f"/data/{version}/train",
        f"/data/{version}/quarantine",
        f"/documents/{'w' * 90}",
        f"/review/{waiting(shop)[0]}",
        "/answers?words=<script>alert(1)</script>&customer=%22%3E%3Cscript%3Ealert(1)",
    ]


def test_hostile_text_is_escaped_on_every_page(hostile_shop: SeededWorkspace) -> None:
    shown = set()
    with Visitor(hostile_shop) as visitor:
        for path in _pages(hostile_shop):
            page = visitor.get(path).text
            assert "<script>alert" not in page and "<img src=x" not in page, path
            if "&lt;script&gt;alert" in page:
                shown.add(path.split("/")[1].partition("?")[0])
    assert shown >= {"answers", "palette", "objective", "review", "documents", ""}


def test_hostile_question_and_pieces_are_escaped_in_the_stream(visitor: Visitor) -> None:
    text = "echo <script>alert(1)</script>\n\ndata: <b>forged</b>"
    answer = visitor.post("/playground/ask", {"question": text}, partial=True).text
    assert "<script>alert" not in answer and "<b>forged" not in answer
    assert all(line.startswith("data: ") for line in answer.split("\n") if line)


def test_markdown_keeps_html_out(visitor: Visitor, shop: SeededWorkspace) -> None:
    text = "# Evil\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))\n"
    (shop.folder / "documents" / "evil.md").write_text(text, "utf-8")
    page = visitor.get("/documents/evil").text
    assert "Evil" in page
    assert "<script>alert" not in page and 'href="javascript:' not in page


def test_no_page_holds_inline_code_or_style(visitor: Visitor, shop: SeededWorkspace) -> None:
    named = ["/", "/objective", "/playground", "/review", f"/training/{running(shop)}", "/settings"]
    for path in (*named, "/answers", *deep_pages(shop)):
        page = visitor.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), path
        assert not re.search(r"<[^>]+\s(style=|on\w+=)|<style", page), path


def test_every_response_has_the_headers(visitor: Visitor) -> None:
    for path in ("/", "/static/console.css", "/nowhere", "/palette"):
        headers = visitor.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
    assert visitor.get("/").headers["cache-control"] == "no-store"
    assert visitor.get("/static/console.css").headers["cache-control"] == "no-cache"


def test_token_cookie_is_strict(visitor: Visitor) -> None:
    cookie = visitor.get("/").headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_post_from_elsewhere_is_refused(
    visitor: Visitor, shop: SeededWorkspace, headers: Mapping[str, str]
) -> None:
    before = shop.records.query(Promotion).rows
    answer = visitor.post(f"{release_pages(shop)['before']}/roll-back", headers=headers)
    assert answer.status_code == 401 and "another site" in answer.text
    assert shop.records.query(Promotion).rows == before


@pytest.mark.parametrize(
    ("origin", "status"), [("http://evil.example", 401), ("http://testserver", 303)]
)
def test_origin_decides_where_no_fetch_metadata_is_sent(
    visitor: Visitor, shop: SeededWorkspace, origin: str, status: int
) -> None:
    target = f"{release_pages(shop)['before']}/roll-back"
    data = {"token": visitor.token()}
    answer = visitor.client.post(target, data=data, headers={"Origin": origin})
    assert answer.status_code == status


@pytest.mark.parametrize("token", ["", "guessed", "é" * 8])
def test_post_without_the_token_is_refused(
    visitor: Visitor, shop: SeededWorkspace, token: str
) -> None:
    before = shop.records.query(Promotion).rows
    answer = visitor.post(f"{release_pages(shop)['before']}/roll-back", {"token": token})
    assert answer.status_code == 401 and "out of date" in answer.text
    assert shop.records.query(Promotion).rows == before


def test_huge_post_is_refused(visitor: Visitor, shop: SeededWorkspace) -> None:
    before = shop.records.count(Verdict)
    fields = {"kind": "correct", "reason": "x" * 400_000}
    answer = visitor.post(f"/review/{waiting(shop)[0]}/verdict", fields)
    assert answer.status_code == 413 and shop.records.count(Verdict) == before


def test_uploads_are_not_taken(visitor: Visitor) -> None:
    answer = visitor.client.post(
        "/playground/ask",
        files={"question": ("q.txt", b"boots?")},
        data={"token": visitor.token()},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code in (400, 422)


def test_unforeseen_error_is_a_page_that_tells_nothing_inside(
    shop: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(configuration, "settings", broken)
    with Visitor(shop) as visitor, pytest.raises(RuntimeError):
        visitor.get("/settings")
    with Visitor(shop) as visitor:
        visitor.client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
        answer = visitor.get("/settings")
    assert answer.status_code == 500
    assert "Something broke" in answer.text and "secret detail" not in answer.text


def test_known_error_names_place_and_action(
    shop: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise NorthloopError("the card is corrupt", where="card.json", action="prepare again")

    monkeypatch.setattr(configuration, "settings", broken)
    with Visitor(shop) as visitor:
        page = visitor.get("/settings").text
    assert "The card is corrupt" in page and "card.json" in page and "prepare again" in page
