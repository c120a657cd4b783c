"""Pages of HTML become Markdown: what stands in lists, tables and notes keeps its place."""

from __future__ import annotations

import pytest

from bounded import bounded
from northloop.core.conversation import Document
from northloop.stages.data.documents import passages
from northloop.stages.data.pages import from_page

PAGE = """<html><head><title>Sign in – Help</title><style>p{}</style></head><body>
<nav>Home &gt; Help</nav><h1>Set up <em>sign-on</em></h1>
<p>You need:</p><ul><li>an <b>account</b></li><li>the <a href="/o">owner</a>'s role</li></ul>
<blockquote><p>Note: owners can always sign in.</p></blockquote>
<h2>Steps</h2><ol><li><p>Open <code>Settings</code>.</p></li>
<li>Copy the address:<ul><li>from Okta</li></ul></li><li>Test_it * once.</li></ol>
<table><tr><th>Plan</th><th>Price</th></tr><tr><td>Team</td><td>£ 9<br>a seat</td></tr></table>
<div style="display: none">never shown</div><p hidden>nor this</p><script>x()</script>
</body></html>"""


def test_lists_keep_their_numbers_tables_their_cells_and_notes_their_words() -> None:
    title, text, *_ = from_page(PAGE.encode())
    assert title == "Set up sign-on"
    [first, second] = passages([Document("page", title, text)])
    assert first.text == (
        "You need:\n- an account\n- the owner's role\nNote: owners can always sign in."
    )
    assert second.title == "Set up sign-on › Steps"
    assert second.text == (
        "1. Open Settings.\n2. Copy the address:\n  - from Okta\n3. Test_it * once.\n"
        "| Plan | Price | | --- | --- | | Team | £ 9 a seat |"
    )


@pytest.mark.parametrize("unseen", ["never shown", "nor this", "x()", "p{}", "Home", "/o"])
def test_what_nobody_sees_is_left_out(unseen: str) -> None:
    assert unseen not in from_page(PAGE.encode())[1]


@pytest.mark.parametrize("charset", ["windows-1252", "utf-8", "utf-16"])
def test_a_page_is_read_in_the_encoding_that_it_names(charset: str) -> None:
    page = f'<html><head><meta charset="{charset}"></head><p>Café – £5</p></html>'
    assert from_page(page.encode(charset))[:2] == ("", "Café – £5")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<p>Caf\xe9</p>", "Café"),
        (b"<p>Caf\xc3\xa9</p>", "Café"),
        (b"<meta charset=nonsense><p>Caf\xe9</p>", "Café"),
        (b"<p>a\x00b</p>", "ab"),
        ("<meta charset=shift_jis><p>返品</p>".encode("shift_jis"), "返品"),
        (b"", ""),
    ],
)
def test_bytes_of_any_kind_are_read(content: bytes, expected: str) -> None:
    assert from_page(content)[1].replace("\ufffd", "") == expected


def test_a_table_that_lays_out_a_page_is_no_table_of_values() -> None:
    laid_out = "<table><tr><td><h2>Hours</h2><p>From 9.</p></td><td>Menu</td></tr></table>"
    column = "<table><tr><td>One.</td></tr><tr><td>Two.</td></tr></table>"
    assert from_page(laid_out.encode())[:2] == ("", "## Hours\n\nFrom 9.\n\nMenu")
    assert from_page(column.encode())[:2] == ("", "One.\n\nTwo.")


def table(*rows: str) -> str:
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            (
                "<th>Plan<th>Monthly<th>Yearly",
                "<td>Solo<td rowspan=2>£9<td>£90",
                "<td>Team<td>£200",
            ),
            "| Plan | Monthly | Yearly |\n| --- | --- | --- |\n| Solo | £9 | £90 |\n"
            "| Team | £9 | £200 |",
        ),
        (
            ("<th>Plan<th>Monthly<th>Yearly", "<td>Trial<td colspan=2>free"),
            "| Plan | Monthly | Yearly |\n| --- | --- | --- |\n| Trial | free | free |",
        ),
        (("<th>A<th>B", "<td>x|y<td>2"), "| A | B |\n| --- | --- |\n| x/y | 2 |"),
        (("<th>A<th>B", "<td rowspan=99999999>x<td>2"), "| A | B |\n| --- | --- |\n| x | 2 |"),
    ],
)
def test_what_a_cell_spans_it_says_of_each(rows: tuple[str, ...], expected: str) -> None:
    assert from_page(table(*rows).encode())[1] == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<ol><li>Press <button>Return</button>.</li></ol>", "1. Press Return."),
        ("<form><p>All of it.</p></form>", "All of it."),
        ("<ul><li>Click <img alt='the gear' src=x>.</li></ul>", "- Click the gear."),
        ("<p>It costs £5<sup>1</sup>, 3 m<sup>2</sup>.</p>", "It costs £5, 3 m2."),
        ("<p>Now <s>£9</s> £5.</p>", "Now £5."),
        ("<nav hidden><svg><style>x</style></svg><s style='display:none'>y</s></nav><p>z</p>", "z"),
    ],
)
def test_what_a_reader_reads_is_read(page: str, expected: str) -> None:
    assert from_page(page.encode())[1] == expected


def test_of_two_main_headings_none_is_the_title() -> None:
    assert from_page(b"<title>Shop</title><h1>A</h1>a<h1>B</h1>b")[0] == "Shop"
    assert from_page(b"<h1> </h1><h1>B</h1>b")[0] == "B"


@pytest.mark.parametrize(
    "page", ["<div>" * 5_000, "<ol>" + "<li>x" * 20_000, "<b>x</b> " * 20_000, "<p>" * 40_000]
)
def test_a_page_beyond_any_article_gives_its_words(page: str) -> None:
    with bounded():
        assert from_page(f"{page}<p>Said at last.".encode())[1].endswith("Said at last.")


def test_items_within_an_item_begin_no_numbers_of_their_own() -> None:
    page = "<ol><li>Have ready:<ol type=a><li>a plan</li><li>a key</li></ol></li><li>Go.</li></ol>"
    assert from_page(page.encode()).text == "1. Have ready:\n   - a plan\n   - a key\n2. Go."


def test_an_item_that_is_nothing_but_a_list_is_none() -> None:
    page = "<h2>Term</h2><ul><li><ol><li>A year.</li><li>Then on.</li></ol></li></ul><p>End.</p>"
    assert from_page(page.encode()).text == "## Term\n\n1. A year.\n2. Then on.\n\nEnd."


def test_code_keeps_its_lines_and_spaces() -> None:
    page = (
        "<h1>Test</h1><ol><li>Run  <code>make</code>:"
        "<pre>if x:\n    y  = 1\n\n\n\n# end</pre></li></ol><p>Well  done.</p>"
    )
    assert from_page(page.encode()).text.split("\n") == [
        *("# Test", "", "1. Run `make`:", "", "   ```", "   if x:", "       y  = 1"),
        *("", "", "", "   # end", "   ```", "", "Well done."),
    ]
