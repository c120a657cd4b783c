"""Drafts, and what an agent made of them: what says the same, and what does not.

Written by hand before the rule that is tested with them; every second pair was held out from it.
"""

from __future__ import annotations

TENT = "You can return a tent within 30 days of delivery, unused. Write to our team first."
POST = "We ship to Norway within 5 working days, and the postage is 12.50 euros. You must pay duty."
PUMP = "Yes, the pump fits the Nook 300. It weighs 1.5 kg and is sold separately."
CARD = "You may pay by card or by invoice. Gift cards cannot be paid out in cash."
BOOT = "Please do not wash the boots at more than 30 degrees, or the warranty ends."
ZELT = (
    "Sie können das Zelt innerhalb von 30 Tagen zurückgeben, wenn es unbenutzt ist. "
    "Der Rückversand ist kostenlos."
)
KARTE = (
    "Gutscheine gelten drei Jahre und können nicht ausgezahlt werden. Bitte zahlen Sie mit Karte."
)
TENTE = (
    "Vous pouvez renvoyer la tente sous 30 jours, sauf si elle a été utilisée. "
    "Le retour est gratuit."
)
CARTE = "La livraison prend 5 jours ouvrés. Nous ne remboursons pas les bons cadeaux."
TIENDA = "Puede devolver la tienda en 30 días si no se ha usado. El envío cuesta 5 euros."
TENTJE = (
    "U kunt de tent binnen 30 dagen terugsturen als hij niet is gebruikt. Verzenden kost 5 euro."
)

SIGNED = "Kind regards,\nTom Baker\nCustomer Support\n+49 40 123456"
CLOSED = "Many thanks and kind regards\nTom\nLarkfell Outdoor Ltd"

SAME: list[tuple[str, str]] = [
    # English: 30
    (TENT, TENT + " Have a nice day!"),
    (TENT, TENT.replace(", unused", " unused")),
    (TENT, TENT + " 🙂"),
    (TENT, TENT.replace("30 days", "**30 days**")),
    (TENT, "Hi Ann, " + TENT),
    (TENT, "Hi Ann,\n\nthank you for your message.\n\n" + TENT),
    (TENT, TENT + " Let me know if there is anything else."),
    (TENT.lower(), TENT),
    (TENT.replace("delivery", "delivrey"), TENT),
    (TENT, TENT.replace("of delivery", "of the delivery")),
    (TENT, "Hello Mrs. Schmidt!\n\n" + TENT + "\n\nBest regards\nTom"),
    (TENT, TENT.replace(". W", ".\n\nW")),
    (POST, POST.replace(", and", " and")),
    (
        POST,
        "Hello Peter,\n" + POST + "\n\nKind regards,\nTom Baker\nCustomer Support\n+49 40 123456",
    ),
    (POST, POST[:-1] + "!"),
    (POST, "Hi there, thanks for getting in touch!\n\n" + POST),
    (POST, POST + " I hope this helps!"),
    (POST, "Dear Peter,\n\n" + POST + "\n\nIf you have any further questions, please let us know."),
    (PUMP, "Hey Kim 👋 " + PUMP),
    (PUMP, PUMP.replace("It weighs", "it weighs").replace("sold", "_sold_")),
    (PUMP, "Good morning Kim,\n\n" + PUMP + "\n\nHave a great weekend!\nTom"),
    (PUMP.replace("separately", "seperately"), PUMP),
    (CARD, CARD + " Thank you!"),
    (CARD, CARD.replace("cannot", "can't")),
    (CARD, "Thank you for contacting us. " + CARD),
    (CARD, CARD + "\n\nPlease don't hesitate to contact us if you have any other questions."),
    (BOOT, BOOT.replace("do not", "don't")),
    (BOOT, BOOT.replace("Please do", "Do")),
    (
        BOOT,
        "Dear Ms Lee,\n\n" + BOOT + "\n\nMany thanks and kind regards\nTom\nLarkfell Outdoor Ltd",
    ),
    (BOOT.replace("warranty", "waranty"), "Hi Jo! " + BOOT + " Take care!"),
    # German: 10
    (ZELT, "Hallo Anna,\n\n" + ZELT + "\n\nViele Grüße\nTom"),
    (ZELT, "Hallo Anna,\n\nvielen Dank für Ihre Nachricht.\n\n" + ZELT),
    (ZELT, ZELT + " Einen schönen Tag noch!"),
    (ZELT, ZELT.replace("Tagen zurückgeben,", "Tagen zurückgeben")),
    (ZELT, "Sehr geehrte Frau Schmidt,\n\n" + ZELT + "\n\nMit freundlichen Grüßen\nTom Becker"),
    (KARTE, KARTE + " Bei weiteren Fragen melden Sie sich gerne."),
    (KARTE, KARTE.replace("Bitte zahlen", "bitte zahlen")),
    (KARTE.replace("ausgezahlt", "ausgezhalt"), KARTE),
    (KARTE, "Guten Tag Herr Meier, " + KARTE + " 😊"),
    (KARTE, KARTE + "\n\nIch hoffe, das hilft Ihnen weiter."),
    # French: 10
    (TENTE, "Bonjour Anne,\n\n" + TENTE + "\n\nCordialement,\nTom"),
    (TENTE, "Bonjour,\n\nMerci pour votre message.\n\n" + TENTE),
    (TENTE, TENTE + " Bonne journée !"),
    (TENTE, TENTE.replace(", sauf", " sauf")),
    (TENTE, TENTE.replace("30 jours", "**30 jours**")),
    (CARTE, CARTE + " N'hésitez pas à nous contacter si vous avez d'autres questions."),
    (CARTE, CARTE.replace("La livraison", "la livraison")),
    (CARTE.replace("livraison", "livrasion"), CARTE),
    (CARTE, "Bonjour Madame Dupont, " + CARTE),
    (CARTE, CARTE + "\n\nBien cordialement,\nMarie"),
    # Spanish: 5
    (TIENDA, "Hola Ana,\n\n" + TIENDA + "\n\nSaludos cordiales,\nTom"),
    (TIENDA, "Hola Ana, gracias por su mensaje. " + TIENDA),
    (TIENDA, TIENDA + " ¡Que tenga un buen día!"),
    (TIENDA.replace("devolver", "devovler"), TIENDA),
    (TIENDA, TIENDA + " Si tiene más preguntas, no dude en contactarnos."),
    # Dutch: 5
    (TENTJE, "Beste Anna,\n\n" + TENTJE + "\n\nMet vriendelijke groet,\nTom"),
    (TENTJE, "Hallo Anna, bedankt voor uw bericht. " + TENTJE),
    (TENTJE, TENTJE + " Fijne dag!"),
    (TENTJE.replace("gebruikt", "gebriukt"), TENTJE),
    (TENTJE, TENTJE + " Laat het ons weten als u nog vragen heeft."),
]
"""A draft, and the same said otherwise."""

OTHER: list[tuple[str, str]] = [
    # English: 46
    (TENT, TENT.replace("30", "31")),
    (TENT, TENT.replace("can return", "can not return")),
    (TENT, TENT.replace("can return", "cannot return")),
    (TENT, TENT.replace("30", "-30")),
    (TENT, TENT.replace("30 days", "30 weeks")),
    (TENT, TENT.replace("unused", "used")),
    (TENT, TENT.replace("a tent", "a stove")),
    (TENT, TENT.replace("You can", "You must")),
    (TENT, TENT.replace("within", "up to")),
    (TENT, TENT.replace("of delivery", "from the order")),
    (TENT, TENT + "\n\nKind regards,\nTom\nTents from the sale cannot be returned"),
    (TENT, TENT + "\n\nBest regards\nTom\nPS: only 14 days from 1 June"),
    (TENT, TENT + "\n-- \nTents from the sale cannot be returned"),
    (TENT, TENT + "\nRegards, but only within 14 days"),
    (TENT, TENT + "\n\nThanks, though after 14 days we charge 20 euros"),
    (TENT, "Hello Anna, only within 14 days,\n" + TENT),
    (TENT, "Hi Anna, this does not apply to you:\n\n" + TENT),
    (TENT, "Dear Anna, sorry, not any more -\n" + TENT),
    (TENT, "No, Anna,\n" + TENT),
    (TENT, TENT + " I have refunded you."),
    (TENT, TENT.replace(" Write to our team first.", "")),
    (TENT, TENT.replace(", unused", "")),
    (TENT, TENT + "\n\nKind regards,\nNo Refunds"),
    (TENT, TENT.replace(". Write", "? Write")),
    (POST, POST.replace("12.50", "1250")),
    (POST, POST.replace("must", "may")),
    (POST, POST.replace("Norway", "Sweden")),
    (POST, POST.replace("5 working days", "5 days")),
    (POST, POST.replace("euros", "dollars")),
    (POST, POST.replace("You must pay duty", "You must not pay duty")),
    (POST, POST.replace("is 12.50", "is from 12.50")),
    (POST, POST + " Have a nice day, we ship on Friday!"),
    (PUMP, PUMP.replace("1.5", "15")),
    (PUMP, PUMP.replace("Nook 300", "Nook 200")),
    (PUMP, PUMP.replace("Yes, the pump fits", "No, the pump fits")),
    (PUMP, PUMP.replace("is sold", "is not sold")),
    (PUMP, PUMP.replace("Nook", "Nock")),
    (PUMP, PUMP.replace("fits the", "fits only the")),
    (CARD, CARD.replace("or by invoice", "and by invoice")),
    (CARD, CARD.replace("cannot", "can")),
    (CARD, CARD.replace(" Gift cards cannot be paid out in cash.", "")),
    (CARD, CARD + " Let me know if there is anything else that you cannot return."),
    (BOOT, BOOT.replace("do not ", "")),
    (BOOT, BOOT.replace(", or the warranty ends", "")),
    (BOOT, BOOT.replace("more", "less")),
    (BOOT, "Thank you for your message about the refund of 20 euros that you get. " + BOOT),
    # German: 12
    (ZELT, ZELT.replace("30", "14")),
    (ZELT, ZELT.replace("das Zelt", "kein Zelt")),
    (ZELT, ZELT.replace("unbenutzt", "benutzt")),
    (ZELT, ZELT.replace("kostenlos", "nicht kostenlos")),
    (ZELT, ZELT.replace("können", "müssen")),
    (ZELT, ZELT.replace("Tagen", "Wochen")),
    (ZELT, ZELT + "\n\nViele Grüße\nTom\nAusgenommen sind Zelte aus dem Ausverkauf"),
    (KARTE, KARTE.replace("drei", "zwei")),
    (KARTE, KARTE.replace("können nicht", "können")),
    (KARTE, KARTE.replace("gelten", "gelten nur")),
    (KARTE, KARTE.replace("Bitte zahlen Sie mit Karte.", "")),
    (KARTE, KARTE + " Ich habe Ihnen 20 Euro gutgeschrieben."),
    # French: 10
    (TENTE, TENTE.replace("30", "15")),
    (TENTE, TENTE.replace("pouvez", "devez")),
    (TENTE, TENTE.replace("sauf si", "même si")),
    (TENTE, TENTE.replace("est gratuit", "n'est pas gratuit")),
    (TENTE, TENTE.replace("jours", "mois")),
    (TENTE, TENTE.replace(" Le retour est gratuit.", "")),
    (CARTE, CARTE.replace("ne remboursons pas", "remboursons")),
    (CARTE, CARTE.replace("prend", "prend jusqu'à")),
    (CARTE, CARTE.replace("jours ouvrés", "jours")),
    (CARTE, CARTE + "\n\nCordialement,\nTom\nSauf pour les bons de plus de 50 euros"),
    # Spanish: 6
    (TIENDA, TIENDA.replace("Puede", "No puede")),
    (TIENDA, TIENDA.replace("si no se ha usado", "si se ha usado")),
    (TIENDA, TIENDA.replace("30", "20")),
    (TIENDA, TIENDA.replace("cuesta", "cuesta desde")),
    (TIENDA, TIENDA.replace("Puede", "Debe")),
    (TIENDA, TIENDA + " Le hemos devuelto el dinero."),
    # Dutch: 6
    (TENTJE, TENTJE.replace("niet is", "is")),
    (TENTJE, TENTJE.replace("dagen", "weken")),
    (TENTJE, TENTJE.replace("kunt", "moet")),
    (TENTJE, TENTJE.replace("kost 5 euro", "kost alleen 5 euro")),
    (TENTJE, TENTJE.replace("de tent", "geen tent")),
    (TENTJE, TENTJE + "\n\nMet vriendelijke groet,\nTom\nBehalve tenten uit de uitverkoop"),
]
"""A draft, and something else."""
