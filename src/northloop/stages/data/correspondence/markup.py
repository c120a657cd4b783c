"""HTML mails as plain text, without what mail programs mark as quoted or as a signature."""

from __future__ import annotations

import re
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from northloop.core.patterns import lazy

_TAG = lazy(
    r"</?(?:html|head|body|div|p|br|span|a|b|i|u|em|strong|table|tbody|tr|td|th|ul|ol|li|font|blockquote"
    r"|h[1-6]|img|hr|style|script|meta|pre|code|center|small|title)\b[^<>]*>|<!--|<!DOCTYPE",
    re.I,
)
_NESTS = lazy(
    r"<(/?)(?!(?:p|li|td|tr|th|br|hr|img|meta|link|input|wbr|col)\b)[a-zA-Z][\w:-]*", re.I
)
_ANY_TAG = lazy(r"<[a-zA-Z/!][^<>]{0,2000}>")
MAX_DEPTH = 500
"""Parsing takes time by the square of the depth. Mails are hardly fifty deep."""
_ENTITY = lazy(r"&(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[0-9a-fA-F]{2,4});")
_DROPPED_TAGS = ["script", "style", "head", "title", "template"]
_BLOCK_TAGS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr",
               "table", "ul", "ol", "pre")  # fmt: skip
_QUOTES = (
    ".gmail_quote", ".gmail_extra", ".yahoo_quoted", ".moz-cite-prefix", "#OLK_SRC_BODY_SECTION",
    ".protonmail_quote", ".tutanota_quote", ".zmail_extra", "#isReplyContent", "includetail",
    "div[name=quote]", ".ntes-mailmaster-quote", "blockquote[type=cite]", "blockquote",
)  # fmt: skip
"""Whole quotations. What only marks their beginning (Outlook) is left to be read as text."""
_SIGNATURES = (
    ".gmail_signature", ".moz-signature", "#Signature", "#signature", ".signature",
    "[data-smartmail=gmail_signature]", ".protonmail_signature_block",
    "#ms-outlook-mobile-signature",
    "#ymail_android_signature", "#ymail_ios_signature", "#lineBreakAtBeginningOfSignature + div",
)  # fmt: skip

_HIDDEN = lazy(r"\shidden\b|display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_UNSEEN = ("[hidden]", "[style]")
_NOT_SHOWN = lazy(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def from_html(text: str) -> str:
    """Return HTML as plain text, quoted messages and marked signatures left out.

    Text without a known tag comes back as it is, entities decoded: `5 < 6` is not HTML.
    """
    if _TAG.search(text):
        text = _text_of(text) if nesting(text) <= MAX_DEPTH else _without_tags(text)
    elif not _ENTITY.search(text):
        return text
    return _unescaped(text)


def _text_of(html: str) -> str:
    tree = LexborHTMLParser(html)
    tree.strip_tags(_DROPPED_TAGS)
    root = tree.body or tree.root
    if root is None:
        return html
    if _HIDDEN.search(html):
        _without_hidden(root)
    whole = root.text(separator="").strip()
    for selector in (*_QUOTES, *_SIGNATURES):
        for node in root.css(selector):
            if node.parent is not None:
                node.decompose()
    for tag in _BLOCK_TAGS:
        for node in root.css(tag):
            node.insert_before("\n")
            node.insert_after("\n")
    for node in root.css("td,th"):
        node.insert_after(" ")
    text = root.text(separator="")
    return text if text.strip() else whole


def _without_hidden(root: LexborNode) -> None:
    """Take out what a reader of the mail is not shown."""
    for selector in _UNSEEN:
        for node in root.css(selector):
            styled = _NOT_SHOWN.search(node.attributes.get("style") or "")
            if (styled or "hidden" in node.attributes) and node.parent is not None:
                node.decompose()


def nesting(html: str) -> int:
    """Return how deep a parser would nest the elements at most, from the tags alone."""
    depth = deepest = 0
    for tag in _NESTS.finditer(html):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _without_tags(html: str) -> str:
    """Return HTML that no mail program writes, its tags simply taken out."""
    return _ANY_TAG.sub("\n", html)


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda m: _entity(m[0]), text)


@lru_cache(maxsize=1024)
def _entity(entity: str) -> str:
    node = LexborHTMLParser(entity).body
    return node.text() if node is not None else entity
