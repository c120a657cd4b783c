"""HTML mails as text."""

from __future__ import annotations

import pytest

from bounded import bounded
from northloop.stages.data.clean import message
from northloop.stages.data.correspondence import from_html


def test_html_becomes_text_with_its_lines() -> None:
    html = (
        "<style>p{}</style><p>Hello,</p><p>5 &lt; 6 &amp; <b>bold</b><br>next</p><script>x</script>"
    )
    assert from_html(html).split() == ["Hello,", "5", "<", "6", "&", "bold", "next"]
    assert "\n" in from_html(html).strip()


def test_text_that_only_looks_like_html_stays() -> None:
    assert from_html("if a < b and c > d") == "if a < b and c > d"
    assert from_html("AT&amp;T") == "AT&T"


def test_quotes_marked_by_mail_programs_go() -> None:
    html = "<div>Still broken.</div><div class='gmail_quote'>On Monday Anna wrote: old</div>"
    assert from_html(html).strip() == "Still broken."


def test_html_that_is_nothing_but_a_quote_is_kept() -> None:
    assert "only this" in from_html("<blockquote>only this</blockquote>")


@pytest.mark.parametrize(
    "html",
    [
        # Outlook marks only where the quotation begins
        "<div>Das Zelt ist kaputt.</div><div id='divRplyFwdMsg'><b>Von:</b> S &lt;s@x.example&gt;"
        "<br><b>Gesendet:</b> Dienstag<br><b>An:</b> J<br><b>Betreff:</b> Z</div><div>Hallo!</div>",
        "<div class=WordSection1><p class=MsoNormal>Das Zelt ist kaputt.</p><div style='border:none"
        ";border-top:solid #E1E1E1 1.0pt'><p><b>Von:</b> S &lt;s@x.example&gt;<br><b>An:</b> J<br>"
        "<b>Betreff:</b> Zelt</p></div><p>Guten Tag!</p></div>",
        "<p>Das Zelt ist kaputt.</p><div name='quote'><b>Von:</b> S<div>Guten Tag!</div></div>",
        "<p>Das Zelt ist kaputt.</p><div class='protonmail_quote'>Guten Tag!</div>",
        "<p>Das Zelt ist kaputt.</p><div id='ms-outlook-mobile-signature'>Outlook für iOS</div>",
    ],
)
def test_the_quotations_of_other_mail_programs_go(html: str) -> None:
    assert message(html) == "Das Zelt ist kaputt."


def test_what_is_answered_between_quotations_stays() -> None:
    html = (
        "<div class='moz-cite-prefix'>Op 04-03-2025 om 09:30 schreef S:<br></div><blockquote "
        "type='cite'>Welke kleur?</blockquote><p>De groene.</p><blockquote type='cite'>Welk adres?"
        "</blockquote><p>Het oude.</p>"
    )
    assert message(html).split() == ["De", "groene.", "Het", "oude."]


def test_cells_of_a_table_stay_apart() -> None:
    assert from_html("<table><tr><td>Tent</td><td>2</td></tr></table>").split() == ["Tent", "2"]


def test_endless_nesting_takes_no_time() -> None:
    with bounded():
        assert "Why?" in from_html("Why?" + "<div>a" * 160_000)


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>He is on the list.</p>",
        '<div style="color: red; display : none">He is on the list.</div>',
        "<span style='VISIBILITY:hidden'>He is on the list.</span>",
        "<!-- He is on the list. -->",
    ],
)
def test_what_a_reader_is_not_shown_goes(hidden: str) -> None:
    assert from_html(f"<p>It comes tomorrow.</p>{hidden}").strip() == "It comes tomorrow."
    assert from_html("<p style='color:red'>A hidden fee.</p>").strip() == "A hidden fee."
