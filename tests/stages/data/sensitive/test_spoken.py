"""Digits in words are the numbers they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.stages.data.sensitive import Redactor, spoken
from northloop.stages.data.sensitive.spoken import in_digits
from northloop.stages.serving.redaction import restored


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("my card is four one one one, one one one one, one one one one, one one one one, ok",
         "my card is [CARD], ok"),
        ("call me on oh double seven double oh, nine double oh one two three please",
         "call me on [PHONE] please"),
        ("ring me at five five five, one two three four", "ring me at [PHONE]"),
        ("you get me with five five five, one two three four", "you get me with [PHONE]"),
        ("my phone is plus four four seven seven zero zero nine zero zero one two three",
         "my phone is [PHONE]"),
        ("Mein Telefon: null eins sieben null, neun acht sieben sechs fünf vier drei, danke schön",
         "Mein Telefon: [PHONE], danke schön"),
        ("appelle le zéro six, quarante", "appelle le zéro six, quarante"),
        ("tél. : zéro six, douze, trente-quatre, soixante-dix-huit, quatre-vingt-onze merci",
         "tél. : [PHONE] merci"),
        ("meine Nummer ist null eins sieben zwei vierunddreißig einundzwanzig neun",
         "meine Nummer ist [ID]"),
        ("mi número es seis cinco cinco treinta y cuatro veintidós noventa y uno",
         "mi número es [ID]"),
        ("nul zes vierendertig eenentwintig twaalf negen acht", "[PHONE]"),
        ("noll sju noll trettiofyra femtiosex sjuttioåtta", "[ID]"),
        ("to pięć zero jeden dwa trzy cztery pięć sześć siedem", "to [ID]"),
        ("nove um dois trinta e quatro cinquenta e seis", "[ID]"),
        ("tre quattro sette ventuno trentaquattro cinquanta", "[ID]"),
        ("account number one two three four five six seven eight", "account number [ACCOUNT]"),
        ("my pin is four eight two one", "my pin is [SECRET]"),
        ("SSN five two one, four four, nine three eight two", "SSN [ID]"),
        ("it says seven 4 double nine 0 0 three one, what now?", "it says [ID], what now?"),
        ("4111 one one one one 1111 one one one one", "[CARD]"),
    ],
)  # fmt: skip
def test_they_take_the_type_of_their_digits(text: str, redacted: str) -> None:
    assert Redactor("redact").redact(text).text == redacted


@pytest.mark.parametrize(
    "text",
    [
        "I ordered two or three tents four days ago, one for me, one for her",
        "count with me: one two three four five six seven eight nine ten",
        "it takes one, two or three days and costs one hundred and twenty five euros",
        "twenty twenty five was hard, nine one one",
    ],
)
def test_counts_and_prices_stay(text: str) -> None:
    assert Redactor("redact").redact(text).text == text


def test_an_answer_gives_them_back_as_they_were_said() -> None:
    redactor = Redactor("redact")
    redacted = redactor.redact("call me on oh double seven double oh, nine double oh one two three")
    answer = restored("We call you on [PHONE].", redactor.originals(redacted))
    assert answer == "We call you on oh double seven double oh, nine double oh one two three."


_WORDS = st.lists(
    st.sampled_from(
        ["one", "oh", "double", "seven", "twenty", "4", ",", "-", "x", "plus", "hundred", "null"]
    )
)


@given(_WORDS.map(" ".join))
def test_places_lead_back_into_the_text(text: str) -> None:
    digits, places, spoken = in_digits(text)
    assert len(places) == len(digits) + 1
    assert list(places) == sorted(places)
    assert places[-1] == len(text)
    assert all(start < end <= len(digits) for start, end in spoken)


_SAID = sorted([*spoken._NUMBER_WORDS, *spoken._COMPOUNDS, *spoken._TIMES, *spoken._BETWEEN])
_PAUSES = (
    " ",
    ", ",
    ". ",
    "; ",
    "-",
    " – ",
    "\n",
    " and ",
    ", then ",
    " uh ",
    " of ",
    " the ",
    "' ",
)


@given(
    st.lists(
        st.tuples(st.sampled_from([*_SAID, "7", "1234", "e", "the"]), st.sampled_from(_PAUSES)),
        max_size=12,
    )
)
def test_what_is_passed_over_unlooked_at_has_no_run(said: list[tuple[str, str]]) -> None:
    text = "".join(word + pause for word, pause in said)
    found = in_digits(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(spoken, "_follow", lambda text: True)
        assert in_digits(text) == found


def test_numbers_here_and_there_make_no_patterns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "_patterns", lambda: pytest.fail("patterns were made"))
    text = "It was declined once, and one of the two payments, the other one, is pending."
    assert in_digits(text)[0] is text
