"""What help desks write over a comment that they send."""

from __future__ import annotations

import pytest

from northloop.stages.data.correspondence.desks import head_lines, is_head

COMMENT = "The line is repaired, please restart your router."


@pytest.mark.parametrize(
    "head",
    [
        "Your request (123) has been updated. To add additional comments, reply to this email.",
        "Ihre Anfrage (123) wurde aktualisiert.",
        "Votre demande (123) a été mise à jour.\nLéa\n4 mars 2025, 10:12",
        "Su solicitud (#123) ha sido actualizada.\n\nNoelia (Movilar)\n4 mar 2025, 10:12 CET",
        "Te han asignado la solicitud 123.\n\n-------\nIván Prieto, 5 mar 2025, 19:44",
        "La tua richiesta (123) è stata aggiornata.",
        "Sua solicitação (123) foi atualizada.",
        "Uw verzoek (123) is bijgewerkt. Beantwoord deze e-mail.\nJoris\n4 mrt. 2025 10:12 CET",
        "Twoje zgłoszenie (123) zostało zaktualizowane.",
        "Din förfrågan (123) har uppdaterats.",
        "リクエスト（123）が更新されました。",
        "您的请求 (123) 已更新。",
        "Priya Nair commented:",
        "Anna Berg\nMarch 4, 2025 10:12:33 AM GMT",
    ],
)
def test_what_happened_and_who_wrote_when_stand_over_a_comment(head: str) -> None:
    lines = [*head.split("\n"), "", COMMENT]
    assert lines[head_lines(lines, 0) :] == ["", COMMENT]


@pytest.mark.parametrize(
    "text",
    [
        COMMENT,
        "Your appointment:\n4 March 2025, 10:12",
        "Your request is not clear to me.\nWhat do you need?",
        "Your request (123) has been updated.",
        "Anna commented that it works.\nIs it so?",
        "",
    ],
)
def test_a_comment_has_nothing_over_it(text: str) -> None:
    assert head_lines(text.split("\n"), 0) == 0


@pytest.mark.parametrize(
    "line", ["Ihr Ticket: [Ticket#2025031210004711]", "Ticket ID: 48133", "Case: 00012345", "----"]
)
def test_the_number_of_a_ticket_is_no_message(line: str) -> None:
    assert is_head([line, ""])


@pytest.mark.parametrize("line", ["Ticket 48133 is still open", "My ticket is 48133", "77120441"])
def test_what_somebody_says_of_a_ticket_is_one(line: str) -> None:
    assert not is_head([line])
