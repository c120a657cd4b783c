"""Exported chats of WhatsApp: the ways phones write them, what WhatsApp says, who answers."""

from __future__ import annotations

import pytest

from northloop.core.conversation import RawConversation
from northloop.stages.data.sources.exchanges import exchanges
from northloop.stages.data.sources.whatsapp import (
    conversations,
    is_chat,
    messages,
    who_answers,
    who_seems_to_answer,
)

ANDROID = """\
12/30/23, 9:00 AM - Messages and calls are end-to-end encrypted. Tap to learn more.
12/30/23, 9:41 PM - Jo Smith: Do you mend zips: the long ones?
It is a tent
from 2019
12/30/23, 9:45 PM - Alpen Shop: We do.
12/30/23, 9:46 PM - Alpen Shop: <Media omitted>
12/30/23, 9:46 PM - Alpen Shop: Bring it on Monday. <This message was edited>
12/31/23, 8:00 AM - Jo Smith: IMG-20231231-WA0001.jpg (file attached)
This one, how much?
12/31/23, 8:10 AM - Alpen Shop: This message was deleted
12/31/23, 8:11 AM - Alpen Shop: Twelve euros: cash only.
1/13/24, 10:00 AM - Jo Smith: Is it ready?
1/13/24, 10:05 AM - Alpen Shop: It is.
1/13/24, 10:06 AM - Alpen Shop changed the subject to "Zips: done"
"""


def pairs(text: str, *agents: str) -> list[tuple[str, str]]:
    found = talked(text, *agents)
    return [(row.question, row.reply) for one in found for row in exchanges(one, "chat.txt")]


def talked(text: str, *agents: str) -> list[RawConversation]:
    return list(conversations(messages(text.splitlines()), frozenset(agents), "chat"))


def test_a_chat_of_an_android_phone() -> None:
    assert pairs(ANDROID, "alpen shop") == [
        (
            "Do you mend zips: the long ones?\nIt is a tent\nfrom 2019",
            "We do.\n\nBring it on Monday.",
        ),
        ("This one, how much?", "Twelve euros: cash only."),
        ("Is it ready?", "It is."),
    ]


def test_a_mark_of_two_words_is_whatsapp_s_too() -> None:
    for mark in ("<Mensagem editada>", "<このメッセージは編集されました>", "<此消息已编辑>"):
        edited = ANDROID.replace("<This message was edited>", mark)
        assert pairs(edited, "alpen shop") == pairs(ANDROID, "alpen shop")


def test_a_silence_of_a_day_ends_a_conversation() -> None:
    first, second = talked(ANDROID, "alpen shop")
    assert (first.ticket_id, first.created_at, first.row) == ("chat#1", "2023-12-30T21:41:00", 2)
    assert (second.ticket_id, second.created_at) == ("chat#2", "2024-01-13T10:00:00")
    assert {first.customer_id, second.customer_name} == {"Jo Smith"}


@pytest.mark.parametrize(
    "head",
    [
        "12/31/23, 9:41 PM - {}: ",
        "12/31/23, 9:41\u202fPM - {}: ",
        "[12/31/23, 9:41:05 PM] {}: ",
        "\u200e[31.12.23, 21:41:05] {}: ",
        "[31/12/2023, 21:41:05] ~ {}: ",
        "31.12.23, 21:41 - {}: ",
        "31/12/2023 21:41 - {}: ",
        "31/12/2023 à 21:41 - {}: ",
        "31/12/23, 9:41 p. m. - {}: ",
        "31/12/23, 9:41 p.\xa0m. - {}: ",
        "31-12-2023 21:41 - {}: ",
        "2023-12-31 21:41 - {}: ",
        "2023/12/31 21:41 - {}: ",
        "2023/12/31 下午9:41 - {}: ",
        "[2023/12/31 午後9:41:05] {}: ",
        "2023. 12. 31. 오후 9:41 - {}: ",
        "31.12.2023, 21.41 - {}: ",
        "28-09-16 11:20:19: {}: ",
    ],
)
def test_the_ways_phones_write_a_line(head: str) -> None:
    text = f"{head.format('Müller, K.')}Geht das? (Ja: nein)\n{head.format('+49 151 234')}Ja, geht."
    assert is_chat(text.splitlines())
    asked, answered = messages(text.splitlines())
    assert (asked.sender, asked.text) == ("Müller, K.", "Geht das? (Ja: nein)")
    assert (answered.sender, answered.text) == ("+49 151 234", "Ja, geht.")
    expected = "2016-09-28T11:20" if head.startswith("28") else "2023-12-31T21:41"
    assert asked.at is not None
    assert asked.at.isoformat().startswith(expected)


@pytest.mark.parametrize(
    "line",
    [
        "31.12.23, 21:41 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.",
        '31.12.23, 21:41 - Jo hat den Betreff zu "Zelt: kaputt" geändert',
        "[31.12.23, 21:41:05] Jo: \u200eNachrichten und Anrufe sind verschlüsselt.",
        "[31.12.23, 21:41:05] Jo: \u200eBild weggelassen",
        "[31.12.23, 21:41:05] Jo: \u200e<Anhang: 00000012-PHOTO.jpg>",
        "31.12.23, 21:41 - Jo: <Medien ausgeschlossen>",
        "31.12.23, 21:41 - Jo: <メディアは含まれていません>",
        "31.12.23, 21:41 - Jo: Diese Nachricht wurde gelöscht.",
        "31.12.23, 21:41 - Jo: 此消息已被删除",
        "31.12.23, 21:41 - Jo: null",
        "31.12.23, 21:41 - Jo:",
    ],
)
def test_what_nobody_wrote_is_left_out(line: str) -> None:
    assert talked(line) == []


def test_whether_the_day_or_the_month_comes_first_is_a_question_of_the_file() -> None:
    american = "3/4/23, 9:41 - Jo: a b\n3/14/23, 9:41 - Jo: c d"
    european = "3/4/23, 9:41 - Jo: a b\n14/4/23, 9:41 - Jo: c d"
    days = [str(m.at)[:10] for text in (american, european) for m in messages(text.splitlines())]
    assert days == ["2023-03-04", "2023-03-14", "2023-04-03", "2023-04-14"]


@pytest.mark.parametrize(
    "text",
    [
        "date,text\n12/31/23,hello",
        "12/31/23, 9:41 PM, Jo, hello",
        "Jo: hello\nAnn: hi",
        "2023-12-31 21:41:05 ERROR disk: full",
        "From jo@x.example Mon Jan  1 10:00:00 2024\nSubject: x",
        "",
    ],
)
def test_other_text_is_no_chat(text: str) -> None:
    assert not is_chat(text.splitlines())


def test_who_answers_is_said_or_told_by_the_name_of_the_file() -> None:
    senders = ["Jo Smith", "Alpen Shop", "Jo Smith"]
    assert who_answers(senders).agents == frozenset()
    assert who_answers(senders, frozenset({"alpen shop", "x"})).agents == {"alpen shop"}
    named = who_answers(senders, file_name="chats/WhatsApp Chat with Jo Smith.txt")
    assert named.agents == {"alpen shop"}
    assert "jo smith" in named.why
    packed = who_answers(senders, file_name="WhatsApp Chat - Jo Smith.zip/_chat.txt")
    assert packed.agents == {"alpen shop"}
    assert who_answers([*senders, "Ann"], file_name="Chat with Ann.txt").agents == frozenset()
    assert who_answers(senders, file_name="_chat.txt").agents == frozenset()
    for unpacked in ("WhatsApp Chat - Jo Smith/_chat.txt", "WhatsApp Chat - Jo Smith.zip/a/b.txt"):
        assert who_answers(senders, file_name=unpacked).agents == {"alpen shop"}


JO, ADA = "Jo Smith", "Ada Berg"


def seems(*said: tuple[str, str]) -> frozenset[str]:
    text = "\n".join(f"12/30/23, 9:{n:02} PM - {who}: {what}" for n, (who, what) in enumerate(said))
    return who_seems_to_answer(messages(text.splitlines())).agents


ASKING_TWICE = [(JO, "Do you mend zips?"), (ADA, "We do."), (JO, "How much is it?"),
                (ADA, "Twelve euros.")]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["Alpen Shop", "Zelt GmbH", "Alpen Support", "Tienda", "Bike Rental Ltd"]
)
def test_of_two_who_is_called_as_a_business_answers(name: str) -> None:
    once = [(who.replace(ADA, name), what) for who, what in ASKING_TWICE[:2]]
    assert seems(*once) == {name.lower()}
    assert seems(*[(who.replace(JO, "Jo GmbH"), what) for who, what in once]) == frozenset()
    assert seems(*once, (name, "Which?"), (name, "Which one?"), (JO, "No.")) == frozenset()


def test_of_two_whom_the_other_asks_and_begins_with_answers() -> None:
    assert seems(*ASKING_TWICE) == {"ada berg"}
    assert seems(*ASKING_TWICE[:2]) == frozenset(), "one question tells nothing"
    assert seems((ADA, "How was it, Jo?"), *ASKING_TWICE) == frozenset(), "who begins may ask"
    both = [*ASKING_TWICE, (ADA, "Long or short?"), (ADA, "Or which?")]
    assert seems(*both) == frozenset(), "both ask"
    assert seems(*ASKING_TWICE, ("Ann", "Hm.")) == frozenset(), "there are three"
