"""Mails that OpenPGP signed in their text."""

from __future__ import annotations

import pytest

from northloop.stages.data.correspondence import without_armour

BEGIN, END = "-----BEGIN PGP SIGNED MESSAGE-----", "-----END PGP SIGNATURE-----"
SIGNATURE = f"-----BEGIN PGP SIGNATURE-----\n\niQIz\n=Qb1e\n{END}"


def test_the_text_that_was_signed_is_the_mail() -> None:
    text = f"{BEGIN}\nHash: SHA512\n\nIt is broken.\n\n- -- \nSö\n{SIGNATURE}"
    assert without_armour(text).strip() == "It is broken.\n\n-- \nSö"


@pytest.mark.parametrize("text", ["It is broken.", "- - a dash", SIGNATURE, ""])
def test_other_text_stays(text: str) -> None:
    assert without_armour(text) == text


def test_a_frame_without_an_end_loses_nothing() -> None:
    assert without_armour(f"{BEGIN}\n\nIt is broken.").strip() == "It is broken."


def test_what_stands_below_the_frame_stays_and_a_frame_that_is_told_of_too() -> None:
    frame = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nWhere is it?\n"
    end = "-----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\n"
    assert (
        without_armour(f"{frame}{end}PS: at noon, please.") == "Where is it?\nPS: at noon, please."
    )
    told = f"I get this text:\n{frame}"
    assert without_armour(told) == told
