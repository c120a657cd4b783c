"""Which lines quote another mail."""

from __future__ import annotations

import pytest

from northloop.stages.data.correspondence import without_quotes


@pytest.mark.parametrize(
    "head",
    [
        "On Tue, 4 Mar 2025 at 09:30, Support <help@shop.example> wrote:",
        "On Tue, 4 Mar 2025 at 09:30, Support\n<help@shop.example> wrote:",
        "Am 04.03.2025 um 09:30 schrieb Support:",
        "Le 4 mars 2025 à 09:30, Support a écrit :",
        "-----Original Message-----",
        "________________________________",
        "From: Support <help@shop.example>\nSent: Tuesday\nTo: Jane",
        "2025-03-04 09:30 GMT+01:00 Support <help@shop.example>:",
    ],
)
def test_what_follows_the_head_of_a_quotation_goes(head: str) -> None:
    text = f"It is still broken.\n\n{head}\n> old text\nmore old text"
    assert without_quotes(text) == "It is still broken."


def test_lines_with_the_quotation_mark_go() -> None:
    assert without_quotes("> did you try?\nYes, I did.\n> and?\nNo.") == "Yes, I did.\nNo."


def test_questions_that_are_answered_one_by_one_are_quoted() -> None:
    text = "My answers:\n\n> Which model?\nThe grey one.\n\n> Since when?\nMay."
    assert without_quotes(text) == "My answers:\n\nThe grey one.\n\nMay."


def test_what_a_desk_writes_over_its_comment_goes() -> None:
    head = "##- Por favor, escriba su respuesta por encima de esta línea -##"
    notice = "Su solicitud (#48120) ha sido actualizada.\n\nNoelia (Movilar)\n4 mar 2025, 10:12 CET"
    assert without_quotes(f"{head}\n\n{notice}\n\nYa funciona.") == "Ya funciona."
    assert without_quotes(f"—-—-—-—\n{head}\n{notice}\n\nYa funciona.") == "Ya funciona."


def test_a_number_over_the_line_to_answer_above_is_no_answer() -> None:
    rule = "--------------------"
    head = f"{rule}\nIhr Ticket: [Ticket#2025031210004711]\nBitte antworten Sie über dieser Zeile."
    assert without_quotes(f"{head}\n{rule}\n\nEs fehlt der Ausweis.") == "Es fehlt der Ausweis."


def test_a_marked_head_makes_quotations_of_all_marked_lines() -> None:
    head = "> Il giorno 12 mar 2025, alle ore 09:14, Shop <help@shop.example> ha scritto:\n>"
    text = f"Rispondo qui.\n\n{head}\n> 1. numero\n\n5550\n\n> 2. modello\n\nNon lo so."
    assert "modello" not in without_quotes(text)
    assert without_quotes(text).split() == ["Rispondo", "qui.", "5550", "Non", "lo", "so."]


def test_a_head_with_marks_quotes_what_follows() -> None:
    quoted = "> On 14 Apr 2025, at 15:22, Shop <help@shop.example> wrote:\n>\n> Attached."
    assert without_quotes(f"Not this one.\n\n{quoted}\n\nAnna") == "Not this one.\n\n\nAnna"


def test_a_message_forwarded_without_a_word_is_the_message() -> None:
    text = (
        "---------- Forwarded message ----------\nFrom: Jane <j@mail.example>\nDate: Monday\n\n"
        "Where is my order?\n\nOn Sunday, Support <help@shop.example> wrote:\n> Hello"
    )
    assert without_quotes(text) == "Where is my order?"


def test_a_date_in_a_sentence_is_no_quotation() -> None:
    text = "On Monday I wrote to you.\nFrom: nowhere to be seen."
    assert without_quotes(text) == text


@pytest.mark.parametrize("lines", [1_500, 6_000])
def test_nothing_but_heads_of_quotations_comes_to_an_end(lines: int) -> None:
    head = "On Mon, 1 Jan 2026, Bob wrote:\n"
    assert without_quotes(head * lines) == ""
    assert without_quotes(head * lines + "It is broken.") == "It is broken."


@pytest.mark.parametrize(
    "head",
    [
        "Am Dienstag, 4. März 2025 um 09:30:12 MEZ hat S <s@x.example> Folgendes geschrieben:",
        "Le mar. 4 mars 2025 à 09:30, S\n<s@x.example> a écrit :",
        "S <s@x.example> escreveu (terça, 4/03/2025 à(s) 09:30):",
        "Il giorno mar 4 mar 2025 alle ore 09:30 S <\ns@x.example> ha scritto:",
        "W dniu 04.03.2025 o 09:30, S pisze:",
        "Wiadomość napisana przez S <s@x.example> w dniu 04.03.2025, o godz. 09:30:",
        "Den tis 4 mars 2025 kl 09:30 skrev S <s@x.example>:",
        "2025年3月4日(火) 9:30 S <s@x.example>:",
        "2025/03/04 9:30、S <s@x.example>のメール:",
        "S <s@x.example> 于2025年3月4日周二 09:30写道：",
        '在 2025-03-04 09:30:12，"S" <s@x.example> 写道：',
        '-----"S" <s@x.example> schrieb: -----',
        "------------------ 原始邮件 ------------------",
        "-------- Oorspronkelijk bericht --------",
        "Début du message transféré :",
        "##- Bitte geben Sie Ihre Antwort über dieser Zeile ein -##",
        "-- Rispondi sopra questa riga --",
        'Gesendet: Dienstag, 04. März 2025 um 09:30 Uhr\nVon: "S" <s@x.example>\nAn: j@x.example',
        "De : S\nEnvoyé : mardi\nÀ : C\nObjet : Tente",
        "差出人: S <s@x.example>\n送信日時: 2025年3月4日\n件名: テント",
        # a language that is on no list: somebody's mailbox, a time, a colon
        "4. maaliskuuta 2025 klo 9.30 S <s@x.example> kirjoitti:",
    ],
)
def test_heads_of_many_languages_introduce_a_quotation(head: str) -> None:
    assert without_quotes(f"A-17?\n\n{head}\n\nold text\nmore") == "A-17?"


@pytest.mark.parametrize(
    "text",
    [
        "I get this error:\n> ERROR 504 gateway timeout\n> at line 3\nWhat should I do?",
        "My build prints:\n\n> cannot open file\n\nand stops. Why?",
        "Am Montag schrieb ich Ihnen:\nMein Zelt ist kaputt.\nBis heute keine Antwort.",
        "On Monday I wrote you:\n\nMy tent is broken.\n\nNobody answered.",
        "On 3 March 2025 at 10:00 I wrote to <help@x.example>:\nmy tent is broken",
        "Am 04.03.2025 schrieb mir Ihr Kollege:\nDas Paket kommt morgen.",
        "Le 4 mars 2025 je vous ai écrit :\nma tente est cassée.",
        "El 3 de marzo de 2025 les escribí:\nla tienda está rota.",
        "From: London\nTo: Paris\nDate: 3 May\nHow much is it?",
        "Von: Berlin\nNach: München\nDatum: 3. Mai\nWas kostet das?",
        "| item | price |\n| tent | 5 |",
        "> 5 GB are gone\nwhy?",
        "I start it so.\n$ run \\\\\n> -Dkey=1 \\\\\n> -Dname=2",
        "It stops at\n> [16/20] RUN a\nand then at\n> [17/20] RUN b\nwith no word.",
        "Reply above this line is shown in every mail. Can you remove it?",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\nDoes this work?",
    ],
)
def test_what_a_customer_says_is_no_quotation(text: str) -> None:
    assert without_quotes(text) == text


def test_answers_between_and_behind_quoted_lines_stay() -> None:
    text = (
        "Guten Tag,\n\nAm 04.03.25 um 09:30 schrieb S:\n> Welche Farbe?\nDie grüne.\n> Und "
        "die Größe?\n\nXL."
    )
    assert without_quotes(text).split("\n") == ["Guten Tag,", "", "", "Die grüne.", "", "XL."]


def test_a_quoted_line_that_was_broken_is_no_answer() -> None:
    text = (
        "On 4 Mar 2025 at 09:30, S <s@x.example> wrote:\n"
        "> we will gladly send you another one if you tell us which of the\ncolours you\n> like.\n"
        "\nThe green one."
    )
    assert without_quotes(text) == "The green one."


@pytest.mark.parametrize(
    "quoted",
    [
        "----- On 12/29/1987 17:32, Julius wrote -----\n\nold text",
        "2016-03-03 17:21 GMT+01:00 Some One <s@x.example>\n\n> old text",
        "Fra: a@x.example\nSendt: 19. marts 2011 12:10\nTil: B\nEmne: Telt\n\nold text",
        "-----Oprindelig meddelelse-----\n\nold text",
        "Von:\nS <s@x.example>\nGesendet:\nDienstag\nAn:\nJ\nBetreff:\nZelt\n\nold text",
    ],
)
def test_other_heads_introduce_a_quotation_too(quoted: str) -> None:
    assert without_quotes(f"A-17?\n\n{quoted}") == "A-17?"


def test_a_reply_that_shares_its_line_with_a_head_stays() -> None:
    text = "Yes. On Wed, Apr 4, 2012 at 3:59 PM, b@x.example wrote:\n> Hi"
    assert without_quotes(text) == "Yes."


@pytest.mark.parametrize("mark", ["VN> ", "| "])
def test_marks_with_initials_and_bars_are_marks_behind_a_head(mark: str) -> None:
    text = f"On 12/05/2025 at 09:15, Val N. wrote:\n{mark}Which?\n\nBlue.\n\n{mark}And?\n\nNo."
    assert [x for x in without_quotes(text).split("\n") if x] == ["Blue.", "No."]


@pytest.mark.parametrize(
    "quoting", ["Quoting", "Zitat von", "Citando", "Citeren", "Cytowanie", "Citerar", "引用"]
)
def test_a_word_for_quoting_before_a_mailbox_heads_a_quotation(quoting: str) -> None:
    quoted = f"{quoting} Anna Berg <anna@shop.example>:\n\n> Which one?"
    assert without_quotes(f"The blue one.\n\n{quoted}") == "The blue one."
    assert without_quotes(f"{quoted}\n\nThe blue one.") == "The blue one."


def test_what_a_customer_quotes_from_elsewhere_stays() -> None:
    text = "Quoting your website:\n\n> Returns are free.\n\nThey were not."
    assert without_quotes(text) == text


@pytest.mark.parametrize(
    "rule",
    [
        "----- Bitte antworten Sie oberhalb dieser Linie -----",
        "----- Svara ovanför denna linje -----",
    ],
)
def test_a_desk_calls_its_line_by_other_words_too(rule: str) -> None:
    assert without_quotes(f"Bild 2.\n\n{rule}\n\nTicket 4711\n\nHej,\nold text") == "Bild 2."


@pytest.mark.parametrize("to", ["To", "An", "A", "Para", "Aan", "Do"])
def test_a_head_that_names_neither_sender_nor_time_introduces_a_quotation(to: str) -> None:
    head = f'"Anna Berg" <anna@x.example>\n04.03.2025 10:12\n\n{to}\nben@x.example\nLamp'
    assert without_quotes(f"The red one.\n\n{head}\n\nWhich lamp?") == "The red one."


def test_a_mailbox_over_a_day_is_no_quotation() -> None:
    text = "It came from\nAnna Berg <anna@x.example>\n04.03.2025 10:12\nand was a hoax."
    assert without_quotes(text) == text
