"""A small company with documents and resolved tickets: a town's library."""

from __future__ import annotations

from northloop.core.conversation import Document, Example, Passage, Split
from northloop.stages.data.documents import passages
from northloop.testing.models import HashEmbedder

EMBEDDER = HashEmbedder()

_TEXTS = {
    "fines": (
        "# Late fees\n\n## What a late book costs\n\nEach day of delay costs €0.40 a book. The fee "
        "ends at €12 a book. Children under 14 pay no late fee.\n\n## Paying\n\nPay at the desk or "
        "by card in your account. Fees above €20 block new loans."
    ),
    "hours": (
        "# Opening hours of our branches\n\n## Hours\n\nThe Elmsby branch is open Tuesday to "
        "Saturday from 9:00 to 18:00. The Brookton branch is open Monday to Friday from 10:00 to "
        "17:30. The Carford branch is open every day from 8:30 to 20:00."
    ),
    "cards": (
        "# Getting a library card\n\n## Who gets one\n\nEverybody who lives in the county gets a "
        "card free of charge. Bring a passport and a letter that shows your address. The card is "
        "valid for 3 years.\n\n## A lost card\n\nReport a lost card at once. A new card costs €5."
    ),
    "rooms": (
        "# Booking a study room\n\n## How to book\n\nStudy rooms can be booked for 2 hours. Book "
        "up to 10 days ahead on our page. A group has at most 6 people.\n\n## What is there\n\n"
        "- a screen with a cable\n- a whiteboard with pens\n- sockets at each seat"
    ),
}
PASSAGES = passages([Document(i, t.partition("\n")[0][2:], t) for i, t in _TEXTS.items()])


def without(document: str) -> tuple[Passage, ...]:
    return tuple(p for p in PASSAGES if p.document_id != document)


_ASKED = {
    "fines": (
        "Thanks for asking. A late book costs €0.40 for each day of delay, up to €12 a book.",
        "How much is the fee for a late book?|What do I owe for an overdue novel?|My book is two "
        "weeks late, what is the fine?|Is there a penalty when I bring a book back too late?|Fee "
        "for overdue books please|What does it cost to return a book late?",
    ),
    "hours": (
        "Thanks for asking. The Elmsby branch is open Tuesday to Saturday from 9:00 to 18:00.",
        "When does the Elmsby branch open?|Opening hours of the branch in Elmsby?|Until when can I "
        "come to Elmsby today?|Is the Elmsby branch open on Saturday?|At what time does Elmsby "
        "close?|Hours of the branch in Elmsby please",
    ),
    "cards": (
        "Thanks for asking. A card is free for everybody who lives in the county. Please bring a "
        "passport and a letter with your address.",
        "How do I get a library card?|What must I bring for a new card?|I want to sign up as a "
        "member, what do you need?|Can I join the library?|Where do I apply for a card?|Which "
        "papers do I need to become a member?",
    ),
    "rooms": (
        "Thanks for asking. You can book a study room for 2 hours, up to 10 days ahead.",
        "How do I book a study room?|Can my group reserve a room?|For how long may we have the "
        "study room?|How far ahead can rooms be booked?|I need a quiet room to study with "
        "friends|Reserve a room for my group please",
    ),
    "": (
        "Thanks for asking. I have passed your message to a colleague.",
        "Who wrote the poem on your wall?|My dog ate a bicycle, help|May I sing at the mayor's "
        "party?|What is the weather like in Lisbon?",
    ),
}


def rows() -> list[Example]:
    return [
        Example(
            example_id=f"{document}-{number}", question=question, reply=reply, intent=document,
            split=Split.TRAIN, group=f"{document}-{number}", count=1, origin=(f"t.csv:{number}",),
        )
        for document, (reply, questions) in _ASKED.items()
        for number, question in enumerate(questions.split("|"))
    ]  # fmt: skip
