from __future__ import annotations

from northloop.stages.serving.redaction import Redacted, merged, restored


def test_what_is_filled_in_is_not_looked_at_again() -> None:
    assert restored("[A] [B]", {"[A]": "[B]", "[B]": "b"}) == "[B] b"


def test_a_placeholder_with_two_meanings_stays() -> None:
    ada, bob = Redacted("[NAME]", {"[NAME]": "Ada"}), Redacted("[NAME]", {"[NAME]": "Bob"})
    assert merged([ada, ada]) == {"[NAME]": "Ada"}
    assert merged([ada, bob]) == {}
