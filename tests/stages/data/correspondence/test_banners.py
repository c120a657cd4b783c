"""Warnings that servers write over mails from outside."""

from __future__ import annotations

import pytest

from northloop.stages.data.correspondence import without_banner


@pytest.mark.parametrize(
    "banner",
    [
        "[EXTERNAL] Do not click links unless you know the sender.",
        "CAUTION: This e-mail came from outside the company.\nDo not open attachments.",
        "Achtung: Externer Absender, bitte keine Anhänge öffnen.",
        "Attention : courriel externe, ne cliquez pas sur les liens.",
        "注意：此邮件来自外部，请勿点击链接。",
    ],
)
def test_a_warning_goes(banner: str) -> None:
    assert without_banner(f"{banner}\n\nMy lamp is broken.").strip() == "My lamp is broken."


@pytest.mark.parametrize(
    "text",
    [
        "External drives are not found.\nWhat now?",
        "I cannot click links in mails from external senders.",
        "[EXTERNAL] Do not click links unless you know the sender.",
        "WARNING is what the lamp shows.\nWhat now?",
        "",
    ],
)
def test_what_a_customer_says_stays(text: str) -> None:
    assert without_banner(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "WARNING: your external mail server rejects my message.\nI clicked the link twice.\nHelp!",
        "Hinweis: Die externe Festplatte Ihrer Firma ist defekt, siehe Anhang.\nBitte klicken.",
        "Caution: the external display of my laptop shows links in the mail app.\nPlease help.",
        "Attention: extern links in your newsletter are broken.\nThe sender is unknown.",
    ],
)
def test_what_a_customer_warns_of_stays(text: str) -> None:
    assert without_banner(text) == text
