"""Hostile text stays text, forged posts are refused, and a page may load nothing from elsewhere."""

from __future__ import annotations

import re

import msgspec
import pytest

from console.client import Visitor
from console.example_desk import HOSTILE, ExampleDesk
from northloop.core.errors import NorthloopError
from northloop.core.interaction import Interaction


class HostileDesk(ExampleDesk):
    """Every text that comes from outside is an attack."""

    def interactions(self, limit: int) -> list[Interaction]:
        found = super().interactions(limit)
        return [msgspec.structs.replace(i, question=HOSTILE, intent=HOSTILE) for i in found]

    def interaction(self, interaction_id: str) -> Interaction:
        found = super().interaction(interaction_id)
        return msgspec.structs.replace(found, question=HOSTILE, answer=HOSTILE, intent=HOSTILE)


@pytest.mark.parametrize("path", ["/answers", "/palette", "answer"])
def test_hostile_text_is_escaped(path: str) -> None:
    desk = HostileDesk()
    with Visitor(desk) as visitor:
        where = path if path != "answer" else f"/answers/{desk.interactions(1)[0].interaction_id}"
        page = visitor.get(where).text
    assert "<script>alert" not in page and "<img src=x" not in page
    assert "&lt;script&gt;alert" in page
    assert path == "/palette" or "{{7*7}}" in page


def test_hostile_question_and_pieces_are_escaped_in_the_stream(
    visitor: Visitor, desk: ExampleDesk
) -> None:
    text = "echo <script>alert(1)</script>\n\ndata: <b>forged</b>"
    answer = visitor.post("/playground/ask", {"question": text}, partial=True).text
    assert "<script>alert" not in answer and "<b>forged" not in answer
    assert all(line.startswith("data: ") for line in answer.split("\n") if line)


def test_markdown_keeps_html_out(visitor: Visitor, desk: ExampleDesk) -> None:
    lesson = msgspec.structs.replace(
        desk.lessons()[0], body="<script>alert(1)</script>\n\n[x](javascript:alert(1))"
    )
    desk.lessons = lambda: [lesson]  # type: ignore[method-assign]
    page = visitor.get("/lessons/basics").text
    assert "<script>alert" not in page and 'href="javascript:' not in page


def test_no_page_holds_inline_code_or_style(visitor: Visitor) -> None:
    for path in ("/", "/objective", "/playground", "/review", "/training/turn-3", "/settings"):
        page = visitor.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), path
        assert not re.search(r"\sstyle=|\son\w+=|<style", page), path


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
    visitor: Visitor, desk: ExampleDesk, headers: dict[str, str]
) -> None:
    before = desk.promotions()
    target = f"/releases/{desk.releases()[2].artefact.hash}/roll-back"
    answer = visitor.post(target, headers=headers)
    assert answer.status_code == 401 and "another site" in answer.text
    assert desk.promotions() == before


@pytest.mark.parametrize(
    ("origin", "status"), [("http://evil.example", 401), ("http://testserver", 303)]
)
def test_origin_decides_where_no_fetch_metadata_is_sent(
    desk: ExampleDesk, origin: str, status: int
) -> None:
    with Visitor(desk) as visitor:
        target = f"/releases/{desk.releases()[2].artefact.hash}/roll-back"
        client = visitor._client
        data = {"token": visitor.token()}
        assert client.post(target, data=data, headers={"Origin": origin}).status_code == status


@pytest.mark.parametrize("token", ["", "guessed", "é" * 8])
def test_post_without_the_token_is_refused(visitor: Visitor, desk: ExampleDesk, token: str) -> None:
    before = desk.promotions()
    target = f"/releases/{desk.releases()[2].artefact.hash}/roll-back"
    answer = visitor.post(target, {"token": token})
    assert answer.status_code == 401 and "out of date" in answer.text
    assert desk.promotions() == before


def test_huge_post_is_refused(visitor: Visitor, desk: ExampleDesk) -> None:
    review = desk.review_queue(1)[0].review_id
    answer = visitor.post(f"/review/{review}/verdict", {"kind": "correct", "reason": "x" * 400_000})
    assert answer.status_code == 413 and desk.verdicts() == []


def test_uploads_are_not_taken(visitor: Visitor) -> None:
    files = {"question": ("q.txt", b"boots?")}
    answer = visitor._client.post(
        "/playground/ask",
        files=files,
        data={"token": visitor.token()},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code in (400, 422)


def test_unforeseen_error_is_a_page_that_tells_nothing_inside(desk: ExampleDesk) -> None:
    def broken() -> None:
        raise RuntimeError("secret detail")

    desk.objective = broken  # type: ignore[method-assign]
    with Visitor(desk) as visitor, pytest.raises(RuntimeError):
        visitor.get("/objective")
    with Visitor(desk) as visitor:
        visitor._client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
        answer = visitor.get("/objective")
    assert answer.status_code == 500
    assert "Something broke" in answer.text and "secret detail" not in answer.text


def test_known_error_names_place_and_action(desk: ExampleDesk) -> None:
    def broken() -> None:
        raise NorthloopError("the card is corrupt", where="card.json", action="prepare again")

    desk.datasets = broken  # type: ignore[method-assign]
    with Visitor(desk) as visitor:
        page = visitor.get("/data").text
    assert "The card is corrupt" in page and "card.json" in page and "prepare again" in page
