"""Articles of a help centre that were exported together, as JSON of its API.

Known by their fields, whatever help desk they are of (Zendesk Guide, Freshdesk Solutions, Intercom,
Help Scout Docs, Zoho Desk, ServiceNow Knowledge, Gorgias, WordPress): a record with a title and a
body is an article. What is not published, or not for everybody, is left out: an assistant would
tell it to customers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import msgspec

from northloop.core.errors import InputError
from northloop.stages.data.article import Articles, Exported, is_for_everybody, says_apart
from northloop.stages.data.pages import from_page

_TITLES = ("title", "name", "short_description", "question", "headline")
_BODIES = ("body", "content", "text", "answer", "html", "body_html", "description", "article_body")
_OF_CASES = frozenset((
    "requester_id", "requester", "caller_id", "assignee_id", "assigned_to", "priority", "urgency",
    "ticket_id", "ticket_number", "customer_email", "closed_at", "resolved_at", "assignee",
    "satisfaction_rating", "conversation_parts", "first_reply_time", "sender", "from", "recipient",
    "customer", "customer_id", "email", "phone", "user", "messages", "conversation_id", "thread_id",
))  # fmt: skip
"""Fields that no article has: what has one of them is a customer's case, and no document."""
_OF_ARTICLES = frozenset(("status", "state", "slug", "locale", "draft", "html_url", "section_id"))
"""One of them tells an article from whatever else has a name and a text."""
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")
_MOST_NESTED = 8
NO_ARTICLES = "it holds no articles: records with a title and a body"


def from_json(content: bytes) -> Articles:
    """Return the articles in a file of JSON; InputError if it holds none, or tickets."""
    try:
        whole = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"it is no JSON: {error}") from error
    return of_records(whole)


def of_records(whole: Any) -> Articles:
    """Return the articles among records, as JSON has them; InputError if there is none, or a
    customer's case."""
    found, left_out = dict[str, Exported](), list[str]()
    for number, (record, is_open) in enumerate(_records(whole, 0, True), 1):
        if _is_case(record):
            raise InputError("it holds tickets, which belong to the history: northloop import")
        article = _article(record, number)
        if not is_open or says_apart(article.title, article.text):
            left_out.append(article.title)
            continue
        if article.name in found:  # the same article in another language
            article = article._replace(name=f"{article.name}-{number}")
        if article.text:
            found[article.name] = article
    if not found and not left_out:
        raise InputError(NO_ARTICLES)
    return Articles(tuple(found.values()), tuple(left_out))


def _records(value: Any, depth: int, is_open: bool) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Yield the records that are articles or a customer's case, the outermost of them, and whether
    they and all around them are for everybody."""
    if isinstance(value, dict):
        own = {str(key).casefold(): one for key, one in value.items()}
        is_open = is_open and is_for_everybody(own)
        if _is_case(own) or _is_article(own):
            yield own, is_open
            return
        value = list(value.values())
    if isinstance(value, list) and depth < _MOST_NESTED:
        for one in value:
            yield from _records(one, depth + 1, is_open)


def _is_case(record: Mapping[str, Any]) -> bool:
    return any(record.get(field) for field in _OF_CASES)


def _is_article(record: Mapping[str, Any]) -> bool:
    if not (_said(record, _TITLES) and _said(record, _BODIES)):
        return False
    return bool(_said(record, ("title", "short_description", "question"))) or any(
        field in record for field in _OF_ARTICLES
    )


def _said(record: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """Return the first text under one of some names; WordPress puts it one level down."""
    for name in names:
        value = record.get(name)
        if isinstance(value, dict):
            value = value.get("rendered")
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _article(record: Mapping[str, Any], number: int) -> Exported:
    title, body = _said(record, _TITLES), _said(record, _BODIES)
    text = from_page(body.encode()).text if _TAG.search(body) else unescape(body).strip()
    named = next((record[k] for k in ("id", "number", "sys_id", "slug") if record.get(k)), number)
    return Exported(
        name=re.sub(r"[^\w-]+", "-", str(named))[:80],
        title=" ".join(unescape(_TAG.sub(" ", title)).split()),
        text=text,
    )
