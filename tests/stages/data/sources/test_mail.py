"""Mail: threads, who answers, and what clients and attackers make of a message."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest

from northloop.core.artefacts import Talks
from northloop.core.conversation import Quarantined, RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.card import TalkCounts
from northloop.stages.data.sources import SourceFile, layout, opened, read

HOUSE = "Shop Support <help@shop.example>"
POSTMARK = b"From - Mon Jan  5 10:00:00 2026\n"


def mail(
    id_: str, sender: str, to: str, text: str, *, subject: str = "My order", parent: str = "",
    day: int = 1, **headers: str,
) -> EmailMessage:  # fmt: skip
    made = EmailMessage()
    made["Message-ID"], made["From"], made["To"], made["Subject"] = f"<{id_}>", sender, to, subject
    made["Date"] = f"Mon, {day:02} Jan 2026 10:00:00 +0100"
    if parent:
        made["In-Reply-To"] = f"<{parent}>"
        made["References"] = f"<{parent}>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def box(folder: Path, mails: Sequence[EmailMessage | bytes], name: str = "box.mbox") -> Path:
    bodies = (m if isinstance(m, bytes) else m.as_bytes() for m in mails)
    (folder / name).write_bytes(b"".join(POSTMARK + body + b"\n" for body in bodies))
    return folder / name


def talks(number: int) -> list[EmailMessage]:
    customer = f"Jane {number} <jane{number}@mail.example>"
    asked, again = f"q{number}@mail", f"r{number}@mail"
    return [
        mail(asked, customer, HOUSE, f"Where is order {number}?", day=1 + number),
        mail(f"a{number}@shop", HOUSE, customer, f"Order {number} is on its way.",
             subject="Re: My order", parent=asked, day=2 + number),
        mail(again, customer, HOUSE, "Can you send it faster?", subject="AW: My order",
             parent=f"a{number}@shop", day=3 + number),
        mail(f"b{number}@shop", "Tom <tom@shop.example>", customer, "Yes, it comes tomorrow.",
             subject="Re: AW: My order", parent=again, day=4 + number),
    ]  # fmt: skip


def tickets(path: Path, **terms: object) -> list[RawTicket]:
    rows = read(SourceFile(path, **terms))  # type: ignore[arg-type]
    return [row for row in rows if isinstance(row, RawTicket)]


def talks_of(path: Path) -> Talks:
    counts = TalkCounts()
    for ticket in tickets(path):
        counts.add(ticket)
    (found,) = counts.talks.values()
    return found


def test_threads_are_conversations_with_their_earlier_turns(tmp_path: Path) -> None:
    mails = [m for n in range(5) for m in talks(n)]
    path = box(tmp_path, mails[::2] + mails[1::2][::-1])
    found = tickets(path)
    assert len(found) == 10
    first, second = found[:2]
    assert (first.question.strip(), first.reply.strip()) == (
        "Where is order 0?", "Order 0 is on its way."
    )  # fmt: skip
    assert (second.reply.strip(), second.turn, len(second.context)) == (
        "Yes, it comes tomorrow.", 2, 2
    )  # fmt: skip
    assert (first.customer_id, first.customer_name, first.channel, first.agent) == (
        "jane0@mail.example", "Jane 0", "email", "Shop Support"
    )  # fmt: skip
    assert first.created_at == "2026-01-01T09:00:00Z"
    assert first.conversation_id == second.conversation_id
    found_layout = layout(SourceFile(path))
    assert found_layout.agents == ("@shop.example",)
    assert "5 of 5 threads" in found_layout.agents_why
    counted = talks_of(path)
    assert (counted.conversations, counted.messages) == (5, 20)


def test_who_answers_can_be_said_and_a_free_domain_is_nobodys_house(tmp_path: Path) -> None:
    mails = []
    for n in range(4):
        customer = f"c{n}@gmail.com"
        mails += [mail(f"q{n}@x", customer, "tinyshop@gmail.com", f"Is number {n} there?",
                       day=n + 1, subject=f"Number {n}"),
                  mail(f"a{n}@x", "tinyshop@gmail.com", customer, f"Yes, {n} is there.",
                       parent=f"q{n}@x", day=n + 2, subject=f"Re: Number {n}")]  # fmt: skip
    path = box(tmp_path, mails)
    assert layout(SourceFile(path)).agents == ("tinyshop@gmail.com",)
    assert [t.reply.strip() for t in tickets(path)] == [f"Yes, {n} is there." for n in range(4)]
    turned = tickets(path, agents=("c1@gmail.com",))
    assert not any(t.reply for t in turned if t.customer_id != "tinyshop@gmail.com")


def test_without_ids_the_subject_among_the_same_people_tells(tmp_path: Path) -> None:
    mails = [m for n in range(5) for m in talks(n)]
    for one in mails:
        del one["In-Reply-To"], one["References"]
    found = tickets(box(tmp_path, mails))
    assert [(t.turn, bool(t.reply)) for t in found] == [(1, True), (2, True)] * 5
    assert len({t.conversation_id for t in found}) == 5


def test_plain_text_goes_before_html_and_attachments_are_none(tmp_path: Path) -> None:
    both = mail("q1@x", "jane@mail.example", HOUSE, "Plain words?")
    both.add_alternative("<p>HTML words?</p>", subtype="html")
    both.add_attachment("secret,table\n1,2\n", filename="table.csv")
    html = mail("a1@x", HOUSE, "jane@mail.example", "x", parent="q1@x", day=2)
    html.set_content("<p>Only <b>HTML</b>.</p>", subtype="html")
    (found,) = tickets(box(tmp_path, [both, html]))
    assert found.question.strip() == "Plain words?"
    assert "Only <b>HTML</b>." in found.reply
    assert "secret" not in found.question + found.reply


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-15", "windows-1252"])
def test_words_are_read_in_their_charset(tmp_path: Path, charset: str) -> None:
    asked = mail("q1@x", "jane@mail.example", HOUSE, "x")
    asked.set_content("Wo ist meine Größe für 5 €?".replace("€", "Euro"), charset=charset)
    answer = mail("a1@x", HOUSE, "jane@mail.example", "Unterwegs, grüße Sie.", parent="q1@x", day=2)
    (found,) = tickets(box(tmp_path, [asked, answer]))
    assert found.question.strip() == "Wo ist meine Größe für 5 Euro?"


def test_a_wrong_charset_and_encoded_names_are_read(tmp_path: Path) -> None:
    body = (
        b"From: =?utf-8?b?SsO8cmdlbg==?= <j@mail.example>\nTo: help@shop.example\n"
        b"Subject: =?iso-8859-1?q?R=FCckgabe?=\nMessage-ID: <q@x>\n"
        b"Date: Mon, 5 Jan 2026 10:00 +0000\n"
        b"Content-Type: text/plain; charset=no-such\n\nWo ist er? gr\xfc\xdfe\n"
    )
    answer = mail("a@x", HOUSE, "j@mail.example", "Er kommt morgen an.", parent="q@x", day=6)
    (found,) = tickets(box(tmp_path, [body, answer]))
    assert (found.customer_name, found.subject) == ("Jürgen", "Rückgabe")
    assert found.question.strip() == "Wo ist er? grüße"


def test_what_programs_send_is_nobodys_and_mails_twice_count_once(tmp_path: Path) -> None:
    asked, answer, *_ = talks(1)
    auto = mail("auto@shop", HOUSE, "jane1@mail.example", "We have received your mail.",
                parent="q1@mail", day=2, Auto_Submitted="auto-replied")  # fmt: skip
    (found,) = tickets(box(tmp_path, [asked, asked, auto, answer, answer]))
    assert found.question.strip() == "Where is order 1?"
    assert found.reply.strip() == "Order 1 is on its way."


def test_a_broken_mail_costs_itself(tmp_path: Path) -> None:
    broken = b"Subject: no sender\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\xff\xfe\n"
    nested = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 3_000
    path = box(tmp_path, [*talks(1), broken, b"\x00\x01garbage", nested, *talks(2)])
    rows = list(read(SourceFile(path)))
    assert sum(isinstance(row, Quarantined) for row in rows) == 2
    assert all(row.raw == "" for row in rows if isinstance(row, Quarantined))
    assert sum(bool(row.reply) for row in rows if isinstance(row, RawTicket)) == 4


def test_a_line_that_begins_with_from_ends_no_mail(tmp_path: Path) -> None:
    asked, answer, *_ = talks(1)
    asked.set_content("Hello,\n\nFrom Monday on I wait.\n>From here it is far.\n")
    (found,) = tickets(box(tmp_path, [asked, answer]))
    assert "From Monday on I wait." in found.question


def test_a_folder_and_an_archive_of_mails_are_one_export(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    (folder / "june").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "mails.zip", "w") as archive:
        for number, one in enumerate(talks(1) + talks(2)):
            (folder / "june" / f"{number}.eml").write_bytes(one.as_bytes())
            archive.writestr(f"{number}.eml", one.as_bytes())
        archive.writestr("notes.pdf", b"%PDF")
    for path in (folder, tmp_path / "mails.zip"):
        (place,) = opened(path).places
        found = tickets(path, member=place.member)
        assert [t.turn for t in found if t.reply] == [1, 2, 1, 2]
    assert opened(tmp_path / "mails.zip").places[0].label == "mails.zip/*.eml"
    (tmp_path / "none").mkdir()
    with pytest.raises(InputError, match="a folder without mails"):
        opened(tmp_path / "none")


def test_a_circle_of_answers_ends(tmp_path: Path) -> None:
    one = mail("1@x", "jane@mail.example", HOUSE, "Where is it?", parent="2@x")
    two = mail("2@x", HOUSE, "jane@mail.example", "It is on its way.", parent="1@x", day=2)
    (found,) = tickets(box(tmp_path, [one, two]))
    assert found.reply.strip() == "It is on its way."


CUSTOMER, BOSS, MAKER = "jane1@mail.example", "boss@shop.example", "repairs@maker.example"


def test_what_the_customer_did_not_get_is_private(tmp_path: Path) -> None:
    thread = [
        *talks(1),
        mail("i@shop", HOUSE, BOSS, "SECRET: he pays too much.", parent="q1@mail", day=3),
        mail("m@shop", HOUSE, MAKER, "SECRET: what does it cost us?", parent="q1@mail", day=3),
        mail("n@maker", MAKER, HOUSE, "SECRET: 3 euros.", parent="m@shop", day=4),
        mail("o@shop", "Tom <tom@shop.example>", HOUSE, "SECRET: tell no one", parent="q1@mail"),
    ]
    path = box(tmp_path, [*thread, *talks(2)])
    rows = tickets(path, agents=("@shop.example",))
    said = " ".join(
        t for row in rows for t in (row.question, row.reply, *(m.text for m in row.context))
    )
    assert "SECRET" not in said
    assert [row.reply.strip() for row in rows if row.turn == 2] == ["Yes, it comes tomorrow."] * 2
    assert sum(row.private_notes for row in rows) == 4


def test_an_answer_to_another_address_of_the_customers_is_public(tmp_path: Path) -> None:
    asked = mail("q@mail", CUSTOMER, HOUSE, "Where is it?", Reply_To="jane@home.example")
    copied = mail("r@mail", "jo@mail.example", HOUSE, "And mine?", Cc="jim@mail.example",
                  parent="q@mail", day=3)  # fmt: skip
    path = box(tmp_path, [
        asked, mail("a@shop", HOUSE, "jane@home.example", "On its way.", parent="q@mail", day=2),
        copied, mail("b@shop", HOUSE, "jim@mail.example", "Yours too.", parent="r@mail", day=4),
    ])  # fmt: skip
    found = [row.reply.strip() for row in tickets(path, agents=("@shop.example",))]
    assert found == ["On its way.", "Yours too."]


def test_what_went_to_undisclosed_recipients_did_not_go_to_the_customer(tmp_path: Path) -> None:
    nobody = "undisclosed-recipients:;"
    hidden = mail("n1@shop", "Tom <tom@shop.example>", nobody, "SECRET it is lost.",
                  parent="q1@mail", day=3)  # fmt: skip
    mails = [m for number in range(4) for m in talks(number)]
    replies = [row.reply for row in tickets(box(tmp_path, [*mails, hidden]))]
    assert replies == [row.reply for row in tickets(box(tmp_path, mails))]


def test_a_mailbox_that_names_no_recipients_is_learnt(tmp_path: Path) -> None:
    mails = [m for number in range(4) for m in talks(number)]
    for one in mails:
        if "shop" in one["From"]:
            del one["To"]
    found = tickets(box(tmp_path, mails), agents=("@shop.example",))
    assert [row.reply for row in found].count("Yes, it comes tomorrow.") == 4
