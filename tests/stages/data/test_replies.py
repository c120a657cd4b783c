"""What of a reply is the answer."""

from __future__ import annotations

from northloop.stages.data.replies import answer_of


def test_greeting_and_sign_off_go() -> None:
    reply = "Dear Jane,\n\nThe parcel arrives tomorrow.\n\nBest wishes\nAnna\nLarkfell Support"
    assert answer_of(reply, "Anna Berg") == "The parcel arrives tomorrow."


def test_a_signature_is_known_by_the_agents_name() -> None:
    assert (
        answer_of("The parcel arrives tomorrow.\nAnna", "Anna Berg")
        == "The parcel arrives tomorrow."
    )


def test_an_answer_without_courtesies_stays() -> None:
    assert answer_of("Hello is printed on the label. Send it back.") == (
        "Hello is printed on the label. Send it back."
    )
