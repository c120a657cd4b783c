"""Pages of help centres as they are exported: what is no part of the article."""

from __future__ import annotations

import pytest

from northloop.stages.data.furniture import without_furniture
from northloop.stages.data.pages import from_page

ARTICLE = "<h1>Bills</h1><p>You get it on the first of the month, by e-mail or by letter.</p>"
READ = "# Bills\n\nYou get it on the first of the month, by e-mail or by letter."


@pytest.mark.parametrize(
    "around",
    [
        '<div id="cookie-banner"><p>We use cookies. They last a year.</p></div>',
        '<div role="alertdialog"><p>Accept what we store.</p></div>',
        '<div class="breadcrumbs"><a>Help</a> > <a>Billing</a></div>',
        '<div class="sidebar"><h3>Related articles</h3><ul><li><a>Refunds</a></li></ul></div>',
        '<div class="article-votes"><p>Was it of use?</p><button>Yes</button></div>',
        "<p>Was this article helpful?</p><p>87 out of 112 found this helpful</p>",
        '<div class="page-metadata">Created by Joan, last modified on Jan 14</div>',
        "<footer><p>Hartley Ltd, Mill Lane.</p></footer>",
        "<h3>Related articles</h3><ul><li><a>Refunds</a></li></ul>",
        "<p>© 2025 Hartley Ltd. All rights reserved.</p>",
    ],
)
def test_what_stands_around_an_article_is_left_out(around: str) -> None:
    for page in (f"{around}{ARTICLE}", f"{ARTICLE}{around}"):
        text = from_page(f"<body><div>{page}</div></body>".encode()).text
        assert without_furniture(text, "Bills").strip() == READ


def test_all_around_the_main_part_is_left_out() -> None:
    page = f"<div><p>Free samples.</p></div><main>{ARTICLE}</main><p>Offers by e-mail.</p>"
    assert from_page(page.encode()).text == READ


@pytest.mark.parametrize(
    "folded",
    [
        "<details><summary>Why so high?</summary><p>It holds two months.</p></details>",
        "<button aria-expanded=false>Why so high?</button><div hidden><p>It holds two months.</p>",
        "<dl><dt>Why so high?</dt><dd>It holds two months.</dd></dl>",
        "<p><b>Why so high?</b></p><p>It holds two months.</p>",
    ],
)
def test_an_answer_that_unfolds_stands_under_its_question(folded: str) -> None:
    text = from_page(f"<div>{ARTICLE}{folded}</div>".encode()).text
    assert text == f"{READ}\n\n## Why so high?\n\nIt holds two months."
