"""What of an e-mail is the message."""

from __future__ import annotations

import pytest

from northloop.stages.data.correspondence import (
    from_html,
    without_quotes,
    without_sign_off,
    without_signature,
)


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
    "head",
    [
        "On Tue, 4 Mar 2025 at 09:30, Support <help@shop.example> wrote:",
        "On Tue, 4 Mar 2025 at 09:30, Support\n<help@shop.example> wrote:",
        "Am 04.03.2025 um 09:30 schrieb Support:",
        "Le 4 mars 2025 à 09:30, Support a écrit :",
        "-----Original Message-----",
        "________________________________",
        "From: Support <help@shop.example>\nSent: Tuesday\nTo: Jane",
        "2025-03-04 09:30 GMT+01:00 Support <help@shop.example>:",
    ],
)
def test_what_follows_the_head_of_a_quotation_goes(head: str) -> None:
    text = f"It is still broken.\n\n{head}\n> old text\nmore old text"
    assert without_quotes(text) == "It is still broken."


def test_lines_with_the_quotation_mark_go() -> None:
    assert without_quotes("> did you try?\nYes, I did.\n> and?\nNo.") == "Yes, I did.\nNo."


def test_a_message_forwarded_without_a_word_is_the_message() -> None:
    text = (
        "---------- Forwarded message ----------\nFrom: Jane <j@mail.example>\nDate: Monday\n\n"
        "Where is my order?\n\nOn Sunday, Support <help@shop.example> wrote:\n> Hello"
    )
    assert without_quotes(text) == "Where is my order?"


def test_a_date_in_a_sentence_is_no_quotation() -> None:
    text = "On Monday I wrote to you.\nFrom: nowhere to be seen."
    assert without_quotes(text) == text


@pytest.mark.parametrize(
    "signature",
    [
        "Best regards,\nJane Doe",
        "Thanks!\n\nJane",
        "Kind regards, Jane Doe",
        "-- \nJane Doe\n+44 7700 900123",
        "Jane Doe\nManager, Field Sales\nTel: 020 7946 0000\njane@mail.example",
        "Sent from my iPhone",
        "Mit freundlichen Grüßen\nJana Müller",
        "This e-mail and its attachments are confidential and intended for you only.",
    ],
)
def test_signatures_go(signature: str) -> None:
    text = f"My tent arrived with a broken pole. What now?\n\n{signature}"
    assert without_signature(text) == "My tent arrived with a broken pole. What now?"


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for the quick answer.\nThe pole is still broken though.",
        "Thank you!",
        "Please cancel my order.\nI no longer need it.",
        "I want these:\n- two pegs\n- one pole",
    ],
)
def test_what_is_no_signature_stays(text: str) -> None:
    assert without_signature(text) == text


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("It arrives within 5 days. Best, Anna from Larkfell", "It arrives within 5 days."),
        ("It arrives within 5 days. Kind regards, Anna", "It arrives within 5 days."),
        ("It arrives within 5 days.", "It arrives within 5 days."),
        ("Best, Anna", "Best, Anna"),
    ],
)
def test_sign_offs_in_the_flow_go(reply: str, kept: str) -> None:
    assert without_sign_off(reply) == kept


@pytest.mark.parametrize("lines", [1_500, 6_000])
def test_nothing_but_heads_of_quotations_comes_to_an_end(lines: int) -> None:
    head = "On Mon, 1 Jan 2026, Bob wrote:\n"
    assert without_quotes(head * lines) == ""
    assert without_quotes(head * lines + "It is broken.") == "It is broken."


@pytest.mark.parametrize("line", ["A1" * 50_000, "Best, a" + "." * 100_000 + "5", "A " * 50_000])
def test_an_endless_last_line_is_no_sign_off(line: str) -> None:
    text = f"It is broken.\n{line}".strip()
    assert without_signature(text) == text
    assert without_sign_off(text) == text
