"""What closes a mail."""

from __future__ import annotations

import pytest

from northloop.stages.data.correspondence import without_sign_off, without_signature


@pytest.mark.parametrize(
    "signature",
    [
        "Best regards,\nJane Doe",
        "Thanks!\n\nJane",
        "Kind regards, Jane Doe",
        "-- \nJane Doe\n+44 7700 900123",
        "Jane Doe\nManager, Field Sales\nTel: 020 7946 0000\njane@mail.example",
        "Sent from my iPhone",
        "Mit freundlichen Grüßen\nJana Müller",
        "This e-mail and its attachments are confidential and intended for you only.",
        "Venlig hilsen\nBirthe",
        "С уважением,\nРоман",
        "감사합니다.\n김도현 드림",
        "Mvh Camilla & co",
        "Saluti dalla mamma di Samu",
        "🎀 Vale\n📱 600 000 118\n📧 vale@mail.example",
        "Talk soon,\nInes\n--\nInes Carvalho (she/her)\nBook a call: https://x.example/ines\n"
        "How did I do? 😀 😐 🙁",
        "View request · Turn off this request's notifications\nThis is shared with Corvex Ltd.",
        "Cordiali saluti,\nMarco Rinaldi\nBottega Serra\n\nLe ricordiamo che può consultare lo"
        " stato del ticket all'indirizzo https://aiuto.x.example/view.php?id=7",
        "| |\n王建国\n|\n|\nwjg_1970@mail.example\n|",
        "¡Que tengas un buen día!\n\nNoelia Campos",
        "Bonne journée",
        "Have a nice day!",
        "April Jones\n0171 555 0188",
        "March & Sons Ltd.\n+44 20 555 0101",
        "Dimanche Okoro\nLagos Traders Ltd.",
        "Ticket Master Inc.\nAnna Berg\nsupport@x.example",
        "//Bosse",
        "mvg j. bakker",
        "Dott. Eros Vianello\n\nNota di riservatezza: il presente messaggio è del destinatario.",
        "How did we do today?\n★★★★★ Great ★★★ OK ★ Not great\nhttps://rate.x.example/t/8812",
        "Oceń naszą rozmowę: ★ ★ ★ ★ ★\nInfolinia 61 555 01 23 czynna pn.–pt. 8–16",
        "▼応対についてのアンケートにご協力ください\nhttps://x.example/enq/88",
        "This email was encrypted in transit with TLS by Kelp.\n____________\n"
        "Scanned by Kelp - 0 threats found",
        "____________________\nkiln-owners mailing list\nkiln-owners@lists.example",
        "Veerle B.V. | KvK 61223344 | BTW NL854123456B01\nHavenkade 8, 8011 AB Zwolle\n\n"
        "Op al onze leveringen zijn voorwaarden van toepassing.",
        "Best wishes\nHanne Ford\nLarkfell\n\nI am away until 3 May and will read your mail then.\n"
        "For urgent matters please write to Ben Ost, a@x.example.",
        "Karol\n\nOdpowiadając, prosimy nie zmieniać tematu wiadomości [#5512].",
    ],
)
def test_signatures_go(signature: str) -> None:
    text = f"My tent arrived with a broken pole. What now?\n\n{signature}"
    assert without_signature(text) == "My tent arrived with a broken pole. What now?"


@pytest.mark.parametrize(
    "text",
    [
        "Rate this service as urgent, I need the lamp.\n\nRate this service as bad, I say.",
        "My lamp broke.\n\nChecked by the electrician on Monday",
        "Please issue the invoice to my company.\n\nMarlow Ltd\n4 Dock Road\nBristol BS1 6QH\n"
        "VAT GB 881 2231 04",
        "La facture doit être au nom de la société\n\nAtelier Brume SAS\nSIRET 812 345 678 00021\n"
        "14 rue des Tanneurs\n44000 Nantes",
        "Proszę o fakturę na firmę\n\nMeble Sowa Sp. z o.o.\nul. Długa 14\n61-848 Poznań\n"
        "NIP 778-11-22-333",
        "Hello, I get too many mails.\n\nPlease remove me from your mailing list",
        "I bought a lamp.\n\nI never signed up for a mailing list",
        "Thanks for the quick answer.\nThe pole is still broken though.",
        "Thank you!",
        "Please cancel my order.\nI no longer need it.",
        "I want these:\n- two pegs\n- one pole",
        "My phone is lost.\n\nIt was delivered by post.",
        "The shop is closed.\n\nPlease delete my data, and print my message.",
        "It is the wrong lamp.\n\nThe confidential part of this e-mail is missing.",
        "the parcel with the lamp has not arrived yet and nobody answers.\n\n"
        "Meine Nummer: 0151 5550123",
        "It is the wrong lamp.\n\nInvoice 2025-0311",
        "Welche Farbe und wann?\n\nMontag",
        "Das Kleid passt nicht.\nGröße L",
        "Quand livrez-vous ?\n\nLundi",
        "You write to me every day.\n\nUnsubscribe me from the newsletter",
        "Die Rechnung ist falsch.\n\nAmtsgericht München hat den Mahnbescheid zugestellt",
        "La impresora falla.\n\nAntes de imprimir la etiqueta se cuelga",
        "El paquete no llega.\nEnviado por correo certificado el 3 de marzo",
        "先日のランプが届きません。\n\n返金を希望します",
        "我买的台灯还没有收到。\n\n我要退款",
        "您好，\n\n衣服尺码偏小，想换大一码\n颜色不变\n电话13955550166",
        "Que voulez-vous changer ?\n\nAbonnement",
        "C'est pour quoi ?\n\nPaiement",
        "Was fehlt?\n\nRückerstattung",
        "The mug has the words\nHave a nice day",
        "Ich möchte den Becher mit der Aufschrift\n\nSchönen Tag",
        "The account is new.\n\nThis is shared with two colleagues.",
        "Our page shows this, please remove it:\n\nPowered by Zendesk",
    ],
)
def test_what_is_no_signature_stays(text: str) -> None:
    assert without_signature(text) == text


def test_what_is_enclosed_stays_below_a_signature_that_goes() -> None:
    enclosed = "Allegati:\n- documento d'identità"
    text = f"Chiedo la chiusura del conto.\n\nCon osservanza,\nRenato Galli\n\n{enclosed}"
    assert without_signature(text) == f"Chiedo la chiusura del conto.\n\n{enclosed}"


def test_the_footer_of_a_program_may_stand_over_the_text() -> None:
    assert without_signature("Enviado com Proton Mail.\n\nO recibo falta.").strip() == (
        "O recibo falta."
    )


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("It arrives within 5 days. Best, Anna from Larkfell", "It arrives within 5 days."),
        ("It arrives within 5 days. Kind regards, Anna", "It arrives within 5 days."),
        ("It arrives within 5 days.", "It arrives within 5 days."),
        ("Best, Anna", "Best, Anna"),
    ],
)
def test_sign_offs_in_the_flow_go(reply: str, kept: str) -> None:
    assert without_sign_off(reply) == kept


@pytest.mark.parametrize("line", ["A1" * 50_000, "Best, a" + "." * 100_000 + "5", "A " * 50_000])
def test_an_endless_last_line_is_no_sign_off(line: str) -> None:
    text = f"It is broken.\n{line}".strip()
    assert without_signature(text) == text
    assert without_sign_off(text) == text


@pytest.mark.parametrize(
    "signature",
    [
        "Mit den besten Grüßen aus dem Norden\n\nppa. Ute Falk\nLeitung Einkauf\nTel. 0431 5550",
        "LG Bettina",
        "Veuillez agréer, Madame, l'expression de mes salutations distinguées.\n\nPaul Lefèvre",
        "Bien à vous,\nHugo Perrin\nChef de rayon\nPerrin SAS - 5 avenue de la Gare - 69003 Lyon",
        "Reciban un cordial saludo,\nDiego",
        "Muchas gracias y un saludo\nRosa",
        "Distinti saluti\nDott. Marco Conti\nUfficio Acquisti",
        "Desde já, obrigado!\nGonçalo",
        "Atenciosamente,\nJoão",
        "Met vriendelijke groeten,\nSanne de Vries",
        "Z wyrazami szacunku\ndr Anna Nowak\nInstytut Geografii\ntel. 12 345 67 89",
        "Med vänliga hälsningar\nElin",
        "何卒よろしくお願いいたします。\n山田 太郎\nTEL: 03-1234-5678",
        "此致\n敬礼\n李伟",
        "Von meinem iPhone gesendet",
        "发自我的iPhone",
        "Pobierz aplikację Outlook dla systemu Android",
        "-- \nEnviado desde mi dispositivo Android con K-9 Mail.",
        "thanks,\nkim",
        "感谢您的支持与理解！\n此致\n敬礼",
        "Wij danken u voor uw begrip.\nAnna de Vries",
    ],
)
def test_signatures_of_other_languages_go(signature: str) -> None:
    text = f"A-17: 504? Où? Wo? 哪里？\n\n{signature}"
    assert without_signature(text) == "A-17: 504? Où? Wo? 哪里？"


@pytest.mark.parametrize(
    "text",
    [
        "Danke!",
        "It is known.\n\nReferences\n\nhttps://a.example/1\n\nhttps://b.example/2",
        "谢谢",
        "Best regards",
        "Where is my order?\nThanks",
        "Which names are on the booking?\n\nAnna Berg\nJohn Smith",
        "Please change the name on my ticket to\n\nAnna Berg",
        "My new address:\n\nAnna Berg\n12 High Street\nLeeds LS1 4AP",
        "Ich habe bestellt:\n\nZelt Blau\nSchlafsack Rot",
        "Roses are red\nViolets are blue\nMy Tent is torn\nAnd So Are You",
        "Sent from my bank account on 3 May.\nWhere is the money?",
        "I ran:\n--\nnothing\n--\nwhat now?",
        "See the log:\n==========\nERROR for a@b.example\n==========\nHelp",
        "Wie übersetzt man\nMit freundlichen Grüßen\nauf Englisch?",
        "Disclaimer: I am no expert.\nWhy does the pump leak?",
        "退货\n订单 123\n帐篷",
        "谢谢你们的帮助\n但是帐篷还是坏的\n怎么办",
        "以上\nの商品を返品したい",
        "| item | price |\n|---|---|\n| tent | 5 |",
        "Gracias por nada.\nEl paquete no llegó",
    ],
)
def test_what_a_customer_says_does_not_vanish(text: str) -> None:
    assert without_signature(text) == text


def test_one_unknown_line_does_not_keep_a_signature() -> None:
    signature = (
        "Kai Hollenbeck\n\nHollenbeck\nFrickelwerk\nAm Wall 7, 49076 Osnabrück\nTel. 0541 9987"
    )
    assert without_signature(f"Das Netzteil fehlt.\n\nGruß\n{signature}") == "Das Netzteil fehlt."


def test_a_postscript_under_a_signature_stays() -> None:
    text = "The lamp flickers.\n\nBest regards,\nAnna Berg\n\nP.S. It was sold on 3 April."
    assert without_signature(text) == "The lamp flickers.\n\nP.S. It was sold on 3 April."


@pytest.mark.parametrize(
    "text",
    [
        "I ran this:\n{code}\nfs.close();\n{code}",
        "It is mended here.\n\n*Proposed fix:*\n\n[https://code.example/pull/3]",
        "Two rows show:\n3 mars Klarna AB 299 kr\n4 mars Klarna AB 299 kr\nTack",
        "配送先を変更してください。\n\n東京都港区芝1-2-3\n芝ハイツ401\n遠藤 美咲",
        "These need a licence.\n\n1. tools/packages.json\n2. tools/platforms.json",
    ],
)
def test_lists_code_and_addresses_that_a_message_ends_with_stay(text: str) -> None:
    assert without_signature(text) == text


@pytest.mark.parametrize(
    "signature",
    [
        "Hälsosamt,\nSven\nKassör\nSwish 123 00 00",
        "Regards,\n\nAda Moor\nHead of IT\nMoor plc\n\nRegistered in England No. 1. VAT GB 2.\n"
        "Please consider the environment before printing this e-mail.",
        "Ciao,\nEva Neri\nBar Neri\nAperti tutti i giorni dalle 7 alle 20\nSeguici su Instagram",
        "Viele Grüße\nJan Falk\n\nTermin: https://x.example\nIch arbeite montags bis freitags",
    ],
)
def test_what_stands_below_a_closing_goes_with_it(signature: str) -> None:
    assert without_signature(f"Der Deckel fehlt.\n\n{signature}") == "Der Deckel fehlt."


@pytest.mark.parametrize(
    "text",
    [
        "Regards,\nAda\n\nCan you also send me the invoice for March?",
        "It fails:\n\nBest regards are printed twice.\nWhy is that? I do not know.",
        "Is there a plan?\n\nCVE-2020-1 jackson < 2.9\nCVE-2021-3 hadoop < 3.3\nCVE-2022-3 aws",
    ],
)
def test_what_is_said_below_something_else_stays(text: str) -> None:
    assert without_signature(text) == text


@pytest.mark.parametrize(
    "sign_off",
    [
        "Best regards,\n<agent name>",
        "Kind regards,\n[Your Name]\n[Company Name]",
        "Thanks,\n{{agent.name}}\nAcme Support",
        "Mit freundlichen Grüßen,\n<Name>",
        "Cordialement,\n{prénom}",
    ],
)
def test_a_name_of_a_macro_or_taken_away_signs_as_any(sign_off: str) -> None:
    assert without_signature(f"The refund was made on Monday.\n\n{sign_off}") == (
        "The refund was made on Monday."
    )
    kept = "Put this at the top:\n\n[Product Name]\n<version name>"
    assert without_signature(kept) == kept


@pytest.mark.parametrize(
    ("reply", "learnt"),
    [
        ("Please send us a message. ^JK", "Please send us a message."),
        ("Please send us a message ^JK", "Please send us a message"),
        ("Please send us a message. -JK", "Please send us a message."),
        ("It is described here. ^MM https://t.co/a", "It is described here. https://t.co/a"),
        ("It is sold in the sizes S, M -XL", "It is sold in the sizes S, M -XL"),
        ("Raise it: 2 ^N", "Raise it: 2 ^N"),
    ],
)
def test_initials_that_sign_a_short_reply_are_not_learnt(reply: str, learnt: str) -> None:
    assert without_sign_off(reply) == learnt


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("You can return it within 30 days. Tom", "You can return it within 30 days."),
        ("You can return it within 30 days. Tom H.", "You can return it within 30 days."),
        ("You can return it within 30 days. - Tom", "You can return it within 30 days."),
        ("Es dauert fünf Tage! /Lena", "Es dauert fünf Tage!"),
        ("It takes a week. Priya, Customer Care", "It takes a week."),
        ("It takes a week. [NAME]", "It takes a week."),
        ("It takes a week.\nCall us then. Tom", "It takes a week.\nCall us then."),
    ],
)
def test_a_name_alone_behind_a_sentence_signs_it(reply: str, kept: str) -> None:
    assert without_sign_off(reply) == kept


@pytest.mark.parametrize(
    "reply",
    [
        "Who your contact is? Tom",
        "It is for Tom. Anna, please call him.",
        "It comes in three colours. Red",
        "Call us. Monday",
        "We take cards. Visa",
        "Ring us. Mark it as urgent",
        "Choose one. Rosa or Lila",
        "Tom",
    ],
)
def test_other_words_behind_a_sentence_sign_nothing(reply: str) -> None:
    assert without_sign_off(reply) == reply
