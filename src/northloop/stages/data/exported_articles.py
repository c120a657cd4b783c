"""Articles of a help centre that were exported together, as JSON of its API.

Known by their fields, whatever help desk they are of (Zendesk Guide, Freshdesk Solutions, Intercom,
Help Scout Docs, Zoho Desk, ServiceNow Knowledge, Gorgias, WordPress): a record with a title and a
body is an article. What is not published, or not for everybody, is left out: an assistant would
tell it to customers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from northloop.core.errors import InputError
from northloop.stages.data.pages import from_page

_TITLES = ("title", "name", "short_description", "question", "headline")
_BODIES = ("body", "content", "text", "answer", "html", "body_html", "description", "article_body")
_STATES = ("state", "status", "workflow_state", "publish_status", "visibility_status")
_PUBLISHED = frozenset(("published", "publish", "public", "active", "live", "visible", "approved"))
_READERS = ("permission", "visibility", "audience", "access")
_EVERYBODY = frozenset(("", "all", "everyone", "everybody", "public", "anyone", "users", "1"))
_OF_TICKETS = frozenset((
    "requester_id", "requester", "caller_id", "assignee_id", "assigned_to", "priority", "urgency",
    "ticket_id", "ticket_number", "customer_email", "closed_at", "resolved_at", "assignee",
    "satisfaction_rating", "conversation_parts", "first_reply_time",
))  # fmt: skip
"""Fields that no article has: what has one of them is a customer's case, and no document."""
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")
_MOST_NESTED = 8
_FRESHDESK_DRAFT = 1


class Exported(NamedTuple):
    """An article."""

    name: str
    """Its id there, or its place in the file."""
    title: str
    text: str
    """As Markdown."""


class Articles(NamedTuple):
    """What a file of articles holds."""

    articles: tuple[Exported, ...]
    left_out: int
    """So many are no more than drafts, or not for everybody."""


def from_json(content: bytes) -> Articles:
    """Return the articles in a file of JSON; InputError if it holds none, or tickets."""
    try:
        whole = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"it is no JSON: {error}") from error
    found, left_out = dict[str, Exported](), 0
    for number, record in enumerate(_records(whole, 0), 1):
        if not _OF_TICKETS.isdisjoint(record):
            raise InputError("it holds tickets, which belong to the history: northloop import")
        if not _is_for_everybody(record):
            left_out += 1
            continue
        article = _article(record, number)
        if article.text and article.name not in found:
            found[article.name] = article
    if not found and not left_out:
        raise InputError("it holds no articles: records with a title and a body")
    return Articles(tuple(found.values()), left_out)


def _records(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """Yield the records that have a title and a body, or are a ticket's, the outermost of them."""
    if isinstance(value, dict):
        if not _OF_TICKETS.isdisjoint(value) or (_said(value, _TITLES) and _said(value, _BODIES)):
            yield value
            return
        value = list(value.values())
    if isinstance(value, list) and depth < _MOST_NESTED:
        for one in value:
            yield from _records(one, depth + 1)


def _said(record: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """Return the first text under one of some names; WordPress puts it one level down."""
    for name in names:
        value = record.get(name)
        if isinstance(value, dict):
            value = value.get("rendered")
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _is_for_everybody(record: Mapping[str, Any]) -> bool:
    """Whether an article is published, and not for some readers alone."""
    if record.get("draft") is True or record.get("user_segment_id"):
        return False
    if record.get("status") == _FRESHDESK_DRAFT and "description_text" in record:
        return False
    states = [record[name] for name in _STATES if isinstance(record.get(name), str)]
    if any(state.casefold() not in _PUBLISHED for state in states):
        return False
    readers = [record[name] for name in _READERS if isinstance(record.get(name), str)]
    return all(reader.casefold() in _EVERYBODY for reader in readers)


def _article(record: Mapping[str, Any], number: int) -> Exported:
    title, body = _said(record, _TITLES), _said(record, _BODIES)
    text = from_page(body.encode())[1] if _TAG.search(body) else body.strip()
    named = next((record[k] for k in ("id", "number", "sys_id", "slug") if record.get(k)), number)
    plain = from_page(title.encode())[1] if _TAG.search(title) else title
    return Exported(re.sub(r"[^\w-]+", "-", str(named))[:80], " ".join(plain.split()), text)
