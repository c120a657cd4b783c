"""Articles as help desks' APIs give them; the shapes follow the vendors' documentation.

Zendesk Guide (developer.zendesk.com, Articles), Freshdesk (developers.freshdesk.com, Solutions),
Intercom (developers.intercom.com, Articles), Help Scout (developer.helpscout.com, Docs API), Zoho
Desk (desk.zoho.com, Articles), ServiceNow (kb_knowledge by the Table API), WordPress (REST, Posts),
Gorgias (developers.gorgias.com, Help centers). Texts are our own.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from northloop.core.errors import InputError
from northloop.stages.data.documents import passages, read_folder
from northloop.stages.data.exported_articles import Articles, from_json

STEPS = "<p>You need the receipt.</p><ol><li>Open your order.</li><li>Press Return.</li></ol>"
READ = "You need the receipt.\n\n1. Open your order.\n2. Press Return."


def body(value: object) -> bytes:
    return json.dumps(value).encode()


SHAPES = {
    "zendesk": {
        "count": 3,
        "articles": [
            {"id": 36001, "title": "Returns", "name": "Returns", "body": STEPS, "draft": False,
             "locale": "en-us", "section_id": 5, "user_segment_id": None},
            {"id": 36002, "title": "Soon", "body": "<p>Soon.</p>", "draft": True},
            {"id": 36003, "title": "Staff", "body": "<p>Give in.</p>", "user_segment_id": 7},
        ],
    },
    "freshdesk": [
        {"id": 36001, "title": "Returns", "description": STEPS, "description_text": "You need",
         "status": 2, "folder_id": 3},
        {"id": 36002, "title": "Soon", "description": "<p>Soon.</p>", "description_text": "Soon.",
         "status": 1},
    ],
    "intercom": {
        "type": "list",
        "data": [
            {"type": "article", "id": "36001", "title": "Returns", "description": "How to return",
             "body": STEPS, "author_id": 1, "state": "published"},
            {"type": "article", "id": "36002", "title": "Soon", "body": "Soon.", "state": "draft"},
        ],
    },
    "help scout": {"article": {"id": "36001", "name": "Returns", "text": STEPS,
                               "status": "published", "slug": "returns"}},
    "zoho": {
        "data": [
            {"id": "36001", "title": "Returns", "answer": STEPS, "status": "Published",
             "permission": "ALL"},
            {"id": "36002", "title": "Staff", "answer": "Give in.", "status": "Published",
             "permission": "AGENTS"},
        ]
    },
    "servicenow": {
        "result": [
            {"number": "36001", "short_description": "Returns", "text": STEPS,
             "workflow_state": "published"},
            {"number": "36002", "short_description": "Old", "text": "x",
             "workflow_state": "retired"},
        ]
    },
    "wordpress": [{"id": 36001, "slug": "returns", "status": "publish",
                   "title": {"rendered": "Returns"}, "content": {"rendered": STEPS}}],
    "gorgias": {
        "data": [
            {"id": 1, "translation": {"id": 36001, "title": "Returns", "content": STEPS,
                                      "visibility_status": "PUBLIC"}},
            {"id": 2, "translation": {"id": 36002, "title": "Hidden", "content": "x",
                                      "visibility_status": "UNLISTED"}},
        ]
    },
}  # fmt: skip


@pytest.mark.parametrize("vendor", SHAPES)
def test_what_everybody_may_read_is_an_article_and_nothing_else(vendor: str) -> None:
    found = from_json(body(SHAPES[vendor]))
    assert [(one.name, one.title, one.text) for one in found.articles] == [
        ("36001", "Returns", READ)
    ]


@pytest.mark.parametrize(
    ("vendor", "left_out"),
    [
        ("zendesk", ("Soon", "Staff")),
        ("freshdesk", ("Soon",)),
        ("zoho", ("Staff",)),
        ("help scout", ()),
    ],
)
def test_what_is_left_out_is_named(vendor: str, left_out: tuple[str, ...]) -> None:
    assert from_json(body(SHAPES[vendor])).left_out == left_out


@pytest.mark.parametrize(
    "private",
    [
        {"is_published": False}, {"published": "false"}, {"is_private": True}, {"internal": True},
        {"hidden": 1}, {"draft": 1}, {"draft": "true"}, {"is_draft": True}, {"Status": "Draft"},
        {"status": 0}, {"status": 1}, {"visibility": 3}, {"visibility": ["agents"]},
        {"user_segment_ids": [7]}, {"can_read_user_criteria": "abc"}, {"roles": "admin"},
        {"visible_to": "agents"}, {"audience": "users"}, {"IsVisibleInPkb": False},
        {"archived": True}, {"deleted_at": "2025-01-01"},
    ],
)  # fmt: skip
def test_what_is_not_for_everybody_is_left_out_by_itself_and_around(
    private: dict[str, object],
) -> None:
    article = {"id": 1, "title": "T", "body": "Secret."}
    for whole in ({**article, **private}, {"folder": {**private, "articles": [article]}}):
        assert from_json(body(whole)) == Articles((), ("T",))


@pytest.mark.parametrize(
    "public",
    [
        {"visibility": "visible"}, {"status": "PUBLISHED "}, {"visibility": 1}, {"status": 2},
        {"published": True}, {"draft": "false"}, {"priority": 0}, {"assignee": None},
        {"user_segment_ids": []}, {"archived_at": None},
    ],
)  # fmt: skip
def test_what_is_for_everybody_is_kept(public: dict[str, object]) -> None:
    found = from_json(body({"id": 1, "title": "T", "body": "Said.", **public}))
    assert [one.text for one in found.articles] == ["Said."]


def test_the_same_article_in_two_languages_is_two() -> None:
    both = [{"id": 1, "title": t, "body": t} for t in ("Don&#8217;t", "Nicht")]
    found = from_json(body(both)).articles
    assert [(one.name, one.title) for one in found] == [("1", "Don’t"), ("1-2", "Nicht")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{not json", "no JSON"),
        (b'{"a": [1, 2, "x"]}', "no articles"),
        (b"[]", "no articles"),
        (b"[" * 100_000, "no JSON"),
        (body({"name": "northloop", "version": "1", "description": "A package."}), "no articles"),
        (body([{"name": "Ann", "text": "Hello", "sender": 1}]), "tickets"),
        (body([{"title": "Hi", "body": "x", "messages": [{"text": "y"}]}]), "tickets"),
        (body({"tickets": [{"id": 1, "title": "Help", "description": "My name is Ann",
                            "requester_id": 5}]}), "tickets"),
        (body([{"short_description": "VPN", "description": "x", "caller_id": "a"}]), "tickets"),
        (body([{"title": "Mail", "body": "x", "customer_email": "a@b.example"}]), "tickets"),
    ],
)  # fmt: skip
def test_what_holds_no_articles_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        from_json(content)


def test_articles_that_lie_in_the_folder_of_documents_are_documents(tmp_path: Path) -> None:
    (tmp_path / "guide.json").write_bytes(body(SHAPES["zendesk"]))
    (tmp_path / "tickets.json").write_bytes(body([{"title": "x", "body": "y", "requester_id": 1}]))
    (tmp_path / "hours.md").write_text("# Hours\n\nFrom 9 to 5.")
    reading = read_folder(tmp_path)
    assert [(d.document_id, d.title) for d in reading.documents] == [
        ("guide/36001", "Returns"),
        ("hours", "Hours"),
    ]
    assert [p.title for p in passages(reading.documents)] == ["Returns", "Hours"]
    assert reading.problems == (
        "tickets.json: it holds tickets, which belong to the history: northloop import",
        'guide.json: "Soon", "Staff" were left out: marked as a draft, or not for every customer',
    )
    assert read_folder(tmp_path, reading.files) == reading
