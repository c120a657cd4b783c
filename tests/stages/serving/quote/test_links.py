from __future__ import annotations

from northloop.stages.serving.quote.links import links

SENTENCES = [
    "Each day of delay costs €0.40 a book.",
    "The fee ends at €12 a book.",
    "Study rooms can be booked for 2 hours.",
    "A lost card has to be reported at once.",
]
OF = [0, 0, 1, 2]


def linked(*replies: str, question: str = "") -> list[list[int]]:
    found = links([question] * len(replies), replies, SENTENCES, OF)
    return [[link.document for link in one] for one in found]


def test_a_reply_rests_on_the_document_that_its_sentences_come_from() -> None:
    assert linked("Hello! Every day of delay costs €0.40 for a book. Bye.") == [[0]]


def test_a_reply_to_two_things_rests_on_two() -> None:
    reply = "Each day of delay costs €0.40 a book. Study rooms are booked for 2 hours."
    assert [set(one) for one in linked(reply)] == [{0, 1}]


def test_what_no_document_says_links_to_nothing() -> None:
    assert linked("I have passed this to a colleague.", "", "你好") == [[], [], []]


def test_an_outdated_reply_does_not_stand() -> None:
    reply = "Each day of delay costs €0.90 a book."
    (link,) = links([""], [reply], SENTENCES, OF)[0]
    assert link.document == 0 and not link.stands
    (link,) = links(["Is it €0.90?"], [reply], SENTENCES, OF)[0]
    assert link.stands, "the customer said the number"


def test_what_is_said_whatever_it_is_about_is_no_link() -> None:
    polite = "Please write again if a book, a room or anything else is unclear to you."
    replies = [f"{polite} {sentence}" for sentence in (*SENTENCES[:3], *SENTENCES[:3])]
    assert linked(*replies) == [[0], [0], [1], [0], [0], [1]]


def test_without_documents_nothing_is_linked() -> None:
    assert links(["q"], ["a reply"], [], []) == [()]
