"""Unusual spaces and digits are read as usual ones, and what is found lies in the text itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.stages.data.sensitive import Redactor
from northloop.stages.data.sensitive.folding import folded

_ODD = st.text(st.sampled_from("aé1 １\u00a0\u200b\u2011\u0301İ\r\n\t\ufeffＡ\x00٤"), max_size=40)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("4111\u00a01111\u20091111\u202f1111", "4111 1111 1111 1111"),
        ("０１７０-９８７", "0170-987"),
        ("٠١٢", "012"),
        ("jane\u200b.smith＠mail.example", "jane.smith@mail.example"),
        ("0170\u201198\u22127", "0170-98-7"),
        ("a \u00a0\t b\r\n \r\n\r\nc\rd", "a b\n\nc\nd"),
        ("Jose\u0301 İpek", "José Ipek"),
    ],
)
def test_what_is_folded(text: str, plain: str) -> None:
    assert folded(text)[0] == plain


def test_text_with_nothing_to_fold_is_itself() -> None:
    text = "Grüße, “Jane” – 12 €\nbye"
    assert folded(text) == (text, range(len(text) + 1))


@given(st.one_of(_ODD, st.text(max_size=60)))
def test_places_lead_back_in_order_to_the_whole_text(text: str) -> None:
    plain, places = folded(text)
    assert len(places) == len(plain) + 1
    assert places[-1] == len(text)
    assert list(places) == sorted(set(places))
    assert len(plain.lower()) == len(plain)


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (
            "IBAN DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000 is mine",
            "IBAN [IBAN] is mine",
        ),
        ("pay 4111\u20091111\u20091111\u20091111\u00a0!", "pay [CARD]\u00a0!"),
        ("card ４１１１１１１１１１１１１１１１, ok", "card [CARD], ok"),
        ("reach me: 0170\u00a09876543\u00a0– thanks", "reach me: [PHONE]\u00a0– thanks"),
        ("４４\u00a0at jane\u200b.smith@acme.example", "４４\u00a0at [EMAIL]"),
    ],
)
def test_redaction_finds_them_and_leaves_the_rest_as_it_was(text: str, redacted: str) -> None:
    assert Redactor("redact").redact(text).text == redacted


def test_a_number_has_one_pseudonym_however_it_is_typed() -> None:
    redactor = Redactor("pseudonymise", b"key")
    first, second = "card 4111 1111 1111 1111", "card ４１１１\u00a01111 1111\u200b 1111"
    said = "card four one one one, one one one one, one one one one, one one one one"
    assert redactor.redact(first).text == redactor.redact(second).text
    assert redactor.redact(said).text == redactor.redact(first).text
