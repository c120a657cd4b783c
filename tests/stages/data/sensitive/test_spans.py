"""Which of several stretches stand."""

from __future__ import annotations

from northloop.stages.data.sensitive.spans import Sensitive, Span, resolved, united

TEXT = "19 2249 College Street, Forest Park and Ann"


def _span(start: int, end: int, type_: Sensitive) -> Span:
    return Span(start, end, type_, TEXT[start:end])


def test_addresses_that_overlap_are_one_and_the_others_stay() -> None:
    name = _span(40, 43, Sensitive.NAME)
    tagged, ruled = _span(0, 22, Sensitive.ADDRESS), _span(3, 35, Sensitive.ADDRESS)
    assert united([tagged, name, ruled], TEXT) == [name, _span(0, 35, Sensitive.ADDRESS)]


def test_addresses_apart_stay_apart() -> None:
    apart = [_span(0, 7, Sensitive.ADDRESS), _span(8, 22, Sensitive.ADDRESS)]
    assert united(apart, TEXT) == apart


def test_the_label_of_what_stands_is_not_left_over_as_an_address() -> None:
    text = "IBAN DE89370400440532013000"
    whole = Span(0, len(text), Sensitive.ADDRESS, text)
    iban = Span(5, len(text), Sensitive.IBAN, text[5:])
    assert resolved([whole, iban]) == [iban]
