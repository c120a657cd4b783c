from __future__ import annotations

import pytest

from northloop.core.by_itself import asks_by_itself


@pytest.mark.parametrize(
    "text",
    [
        "Where is my parcel?", "How do I cancel?", "Do you ship abroad?", "Is delivery free?",
        "What are shipping costs?", "Where's my invoice?", "Is there a guarantee?",
        "hi, when do you open?", "Wo ist mein Paket?", "Gibt es eine App?",
        "Was kostet der Versand?", "¿Cómo cancelo?", "Comment résilier ?", "Où est mon compteur ?",
        "Jak anulować paczkę?", "Quando aprite il negozio?", "Waar is mijn pakket?",
        "Var är mitt paket?", "Onde está o pedido?", "Haben Sie Zelte?", "Kann ich Ihr Zelt sehen?",
    ],
)  # fmt: skip
def test_a_question_of_its_own_is_told(text: str) -> None:
    assert asks_by_itself(text)


@pytest.mark.parametrize("text", ["I lost my card", "My code fails", "Mein Paket fehlt noch"])
def test_what_went_wrong_counts_too(text: str) -> None:
    assert asks_by_itself(text)


@pytest.mark.parametrize(
    "text",
    [
        "And for boots?", "What about boots?", "What size?", "How much?", "How long?", "in red?",
        "How much is it?", "Does it float?", "Is it free?", "Where is it?", "How do I do that?",
        "Is there one?", "Can I?", "for two weeks", "yes please", "Was kostet das?",
        "I have no receipt", "My order is 12345", "I am in Norway", "I need two",
        "und die Stiefel?", "Gibt es das auch?", "C'est combien ça ?", "¿Y eso?", "Alexa Rossi", "",
    ],
)  # fmt: skip
def test_what_points_to_what_was_said_before_does_not(text: str) -> None:
    assert not asks_by_itself(text)
