from __future__ import annotations

from time import perf_counter

import pytest

from northloop.core.thanks import is_thanks


@pytest.mark.parametrize(
    "text",
    [
        "Thanks",
        "Thanks, that helped!",
        "Ok, thank you very much for your quick help. Have a nice day!",
        "Great, thanks [NAME] 👍",
        "It works now. Thanks a lot!!",
        "Vielen Dank für Ihre Hilfe!",
        "Merci beaucoup, bonne journée",
        "¡Muchas gracias!",
        "Grazie mille",
        "Obrigado!",
        "Hartelijk bedankt",
        "Dziękuję bardzo",
        "Tack så mycket",
        "ありがとうございます。",
        "谢谢！",
    ],
)
def test_thanks_alone(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ok",
        "That helped",
        "Thanks, but it is still broken",
        "Thanks for nothing",
        "No thanks",
        "Thanks, and where is my parcel?",
        "Thanks?",
        "Thank you. It helped not at all",
        "Thanks in advance for the invoice",
        "Danke, aber das Zelt ist noch kaputt",
        "Yes, thanks",
        "Thanks! I still need the invoice",
    ],
)
def test_whatever_else_is_said_is_no_thanks(text: str) -> None:
    assert not is_thanks(text)


def test_long_texts_take_no_time() -> None:
    began = perf_counter()
    hostile = ("thanks, " * 14 + "why", "thanks!!! " * 18 + "why", "gracias " * 20 + "x")
    for text in ("thanks " * 2_000 + "x", "ok, " * 48 + "x", "thanks" + "!" * 190 + "x", *hostile):
        assert not is_thanks(text)
    assert perf_counter() - began < 2.0
