"""What stands around an article on a page of HTML: menus, banners, votes, what else to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import Tag

_UNREAD = "script,style,template,noscript,svg,iframe,nav,del,s,strike,select,textarea,input"
_ROLES = ",".join(
    f"[role={role}]"
    for role in (
        *("navigation", "search", "banner", "contentinfo", "complementary", "dialog"),
        *("alertdialog", "menu", "menubar"),
    )
)
_OUTSIDE = "header,footer,aside"
"""What is part of an article within one, and around it without."""
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FOLDED = re.compile(r"accordion|collaps|toggle|panel|faq|answer|expand", re.IGNORECASE)
_AGREES = re.compile(r"cookie|consent|onetrust|gdpr|(?:^|[-_])cc[-_]window", re.IGNORECASE)
_AROUND = re.compile(
    r"""(?:[a-z]+[-_]{1,2}){0,2}
    (?:breadcrumbs?|side-?bar|related(?:-?(?:posts|articles|topics))?|recently-viewed|recent-articles|newsletter|subscribe|votes?|voting
      |was-this-helpful|helpful|feedback|share|sharing|social|pagination|pager|skip-?links?|top-?bar
      |announcement|promo|footer|comments?|attachments|toc|toc-macro|table-of-contents|page-?metadata
      |article-?meta|byline|page-?section|navbar|nav|navigation|menu|print-?only|author-?info)
    (?:[-_]{1,2}(?:wrapper|container|section|list|bar|box|block|links?|inner|articles?|topics|pages
      |items?|content|widget|buttons?|group|form|nav|info|main|area|posts))*""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_THAT = re.compile(r"(?:has|with|no|without|is|js)[-_]", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MOST_OF_TEXT, _FEWEST_OF_TEXT = 0.6, 0.4
"""An article is no smaller a part of its page; what stands around it no larger."""
_MAINS = ("main,[role=main]", "article", "[itemprop=articleBody],.article-body,#main-content")
_FEWEST_LINKS = 3


def without_surroundings(body: Tag) -> None:
    """Take out of a page what is no part of its article, and what nobody sees."""
    for tag in (*body.select(_UNREAD), *_unseen(body)):
        _drop(tag)
    most = _MOST_OF_TEXT * _chars(body)
    for tag in body.select(_ROLES):
        _drop_unless_all(tag, most)
    for tag in body.find_all(True):
        if not tag.decomposed and _is_named_so(tag):
            _drop_unless_all(tag, most)
    for tag in body.select(_OUTSIDE):
        if not tag.decomposed and tag.find_parent(["main", "article"]) is None:
            _drop_unless_all(tag, most)
    _drop_menus(body)
    _keep_main(body)


def _unseen(body: Tag) -> Iterator[Tag]:
    """Yield what is hidden, but for answers that a click unfolds."""
    unfolded = {
        name for one in body.select("[aria-controls]") for name in str(one["aria-controls"]).split()
    }
    for tag in body.select("[hidden],[style]"):
        if not tag.has_attr("hidden") and not _UNSEEN.search(str(tag["style"])):
            continue
        before = tag.find_previous_sibling()
        unfolds = before is not None and (
            before.has_attr("aria-expanded") or before.select_one("[aria-expanded]")
        )
        is_folded = tag.get("id") in unfolded or tag.get("role") in ("region", "tabpanel")
        if not (unfolds or is_folded or any(map(_FOLDED.search, _names(tag)))):
            yield tag


def _names(tag: Tag) -> list[str]:
    return [*map(str, tag.get_attribute_list("class")), str(tag.get("id", ""))]


def _is_named_so(tag: Tag) -> bool:
    if tag.name in ("html", "body", "main", "article", "h1"):
        return False
    names = [_CAMEL.sub("-", name) for name in _names(tag)]
    return any(_AGREES.search(n) or _AROUND.fullmatch(n) for n in names if not _NOT_THAT.match(n))


def _drop_unless_all(tag: Tag, most: float) -> None:
    """Take a tag out, unless its main heading is in it or more characters than `most`."""
    if tag.decomposed:
        return
    if tag.find("h1") is None and _chars(tag) <= most:
        _drop(tag)


def _drop_menus(body: Tag) -> None:
    """Take out lists of links that stand above the main heading."""
    main = body.find("h1")
    for listed in main.find_all_previous(["ul", "ol"]) if isinstance(main, Tag) else ():
        links = listed.find_all("a")
        if len(links) >= _FEWEST_LINKS and sum(map(_chars, links)) >= 0.9 * _chars(listed):
            _drop(listed)


def _keep_main(body: Tag) -> None:
    """Take out all around the one part of a page that calls itself its main part."""
    for selector in _MAINS:
        found = [tag for tag in body.select(selector) if tag.find_parent("article") is None]
        if len(found) == 1 and _chars(found[0]) >= _FEWEST_OF_TEXT * _chars(body):
            main = found[0]
            headings = [one for one in body.find_all("h1") if main not in one.parents]
            body.clear()
            body.extend([*headings, main.extract() if main.parent else main])
            return


def _drop(tag: Tag) -> None:
    if not tag.decomposed:
        tag.decompose()


def _chars(tag: Tag) -> int:
    return len(" ".join(tag.get_text(" ").split()))
