"""Placeholders and pseudonyms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.core.errors import ConfigurationError
from northloop.stages.data.sensitive import Mode, Redactor, Sensitive, detect

TEXT = "I am Jane Doe, order #10442, call 07700 900123. Thanks, Jane"


def test_redaction_leaves_the_type() -> None:
    found = Redactor("redact").redact(TEXT)
    assert found.text == "I am [NAME], order [ORDER], call [PHONE]. Thanks, [NAME]"
    assert {span.type for span in found.spans} == {Sensitive.NAME, Sensitive.ORDER, Sensitive.PHONE}


def test_the_same_person_keeps_the_same_pseudonym_under_the_same_key() -> None:
    one = Redactor("pseudonymise", b"key")
    text = one.redact(TEXT, ("Jane Doe",)).text
    name = text.split("]")[0].split("[")[1]
    assert text.count(f"[{name}]") == 2
    assert name in one.redact("JANE  DOE writes again", ("Jane Doe",)).text
    assert name not in Redactor("pseudonymise", b"other").redact(TEXT, ("Jane Doe",)).text


@pytest.mark.parametrize("mode", ["redact", "pseudonymise"])
def test_what_is_kept_at_hand_changes_nothing(mode: Mode) -> None:
    keeping, other = Redactor(mode, b"key", ("Larkfell",), kept=3), Redactor(mode, b"key")
    asked = "What is your name, please?"
    said = (
        (TEXT, (), ""),
        (TEXT, ("Jane Doe",), ""),
        ("will", (), ""),
        ("will", (), asked),
        ("Dear Larkfell, I am Jo Bell", (), ""),
        (f"{TEXT} " * 60, ("Jane Doe",), ""),
    )
    for text, names, about in said * 3:
        found, wanted = keeping.redact(text, [*names], about), other.redact(text, names, about)
        if "Larkfell" not in text:
            assert found == wanted
    assert keeping.redact("will", (), asked) != keeping.redact("will")


def test_pseudonyms_need_a_key() -> None:
    with pytest.raises(ConfigurationError):
        Redactor("pseudonymise")


def test_public_names_stay() -> None:
    text = "Dear Larkfell, hello"
    assert Redactor("redact").redact(text).text == "Dear [NAME], hello"
    assert Redactor("redact", public_names=("Larkfell",)).redact(text).text == text


DIGEST = "9f2b0c4d1e7a8853b6c0ffee"


@pytest.mark.parametrize(
    "id_",
    [
        *("C-1001", "C-000053", "star-17", "bitext-301", "conv_42", "c7", "C0-12", "T#99"),
        *(DIGEST, DIGEST.upper(), "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "a" * 64),
    ],
)
def test_an_id_that_says_nothing_of_a_person_stays(id_: str) -> None:
    assert Redactor("redact", b"key").opaque(id_) == id_


@pytest.mark.parametrize(
    "id_",
    [
        *("4155552672", "0170-9876543", "+49 170 9876543", "tel-4915112345678", "12345"),
        *("4111111111111111", "DE89370400440532013000", "BE68539007547034", "X1234567L"),
        *("AD1200012030200359100100", "521-44-9382", "4" * 24),
        *("jane", "jane.doe", "jane-17", "jdoe1985", "jane@mail.example", "Jane Doe", "c 7"),
    ],
)
def test_an_id_that_may_say_something_is_keyed(id_: str) -> None:
    redactor = Redactor("redact", b"key")
    kept = redactor.opaque(id_)
    assert kept == redactor.identity(id_.upper()) != Redactor("redact", b"other").opaque(id_)
    assert redactor.opaque(kept) == kept


_PIECES = st.lists(
    st.sampled_from(
        [
            "My name is ",
            "Jane Doe",
            "order ",
            "#10442 ",
            "call me on ",
            "07700 900123 ",
            "password is ",
            "hunter2 ",
            "12 High Street, Leeds LS1 4AB",
            " and ",
            ".",
            "\n",
            "Dear ",
            "[NAME]",
            "[ORDER:12ab34] ",
            "4539 1488 0343 6467 ",
            "jane@mail.example ",
            "Thanks, ",
            "account ",
            "LA-204711 ",
            "is ",
            "12345 ",
            "Mr ",
            "van ",
            "x",
            "'",
            "Smith ",
            "[",
            "]",
            "SSN ",
            "521-44-9382 ",
            "address: ",
            "-- ",
            "born ",
            "12/03/1985 ",
            "81.2.69.142 ",
            "version ",
            "2001:db8::1 ",
            "oh double seven double oh nine double oh one two three ",
            "one ",
            "request id ",
            "/",
            "_",
        ]
    ),
    max_size=14,
).map("".join)


@given(st.one_of(_PIECES, st.text(max_size=120)), st.sampled_from(["redact", "pseudonymise"]))
def test_redacting_twice_changes_nothing(text: str, mode: Mode) -> None:
    redactor = Redactor(mode, b"key")
    once = redactor.redact(text, ("Jane Doe",)).text
    assert detect(once, ("Jane Doe",)) == []
    assert redactor.redact(once, ("Jane Doe",)).text == once
