"""Trains what counts for and against a signature, and writes its weights.

    python benchmarks/train_signatures.py FOLDER OUT [--folds]

FOLDER is in the layout of `../shared/data`. Read are the first half of mailgun_forge (CC BY 3.0;
the second is never read), the marked mails of tests/fixtures/mail but those of `UNREAD`, and
mails that are made up here: what people write, and sign with, in eleven languages (`footers` too),
filled with people, companies and addresses of Faker (MIT). Reports of gitbugs_duplicates (CC BY
4.0) are texts that nobody signs. Needs Faker, which the product does not need for this. Softmax
over the cuts of a mail, with a quadratic penalty. `--folds` also trains on seven eighths of the
first half at a time and counts the lines of the rest.
"""

from __future__ import annotations

import csv
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
from faker import Faker
from footers import FOOTERS, Footers
from mail import GREETED, MAILS, MARK, PARTS, forge_rows

from northloop.stages.data.clean import tidy_lines
from northloop.stages.data.correspondence.blocks import cuts
from northloop.stages.data.correspondence.signatures import body_end, postscript_start

SEED, ROUNDS, RATE, PENALTY = 7, 500, 0.05, 0.001
MADE = 4_000
FOLDS = 8
SAID_AFTERWARDS = 0.04
UNSIGNED = 0.15
"""Of mails without a closing and a name, so many end with what a firm prints below all of its."""
TIMES = 3
"""A mail that was marked by hand counts for so many that are made up."""
LEAST_SEEN = 4
"""What fewer mails show counts for nothing."""


class Marked(msgspec.Struct, frozen=True):
    """The lines of a mail, how many of them are the message, and who wrote it."""

    lines: tuple[str, ...]
    kept: int
    writer: str = ""
    source: str = ""
    weight: float = 1.0


class Speech(msgspec.Struct, frozen=True, kw_only=True):
    """What people of a language write around their signatures."""

    locale: str
    said: str
    """Sentences of messages, apart by `|`, as all that follows."""
    leads: str
    """What introduces lines that are part of the message."""
    turns: str
    """Sentences that such lines follow without a colon."""
    closings: str
    wishes: str
    """What is said to somebody, and closes a mail only where a name follows."""
    jobs: str
    phones: str
    others: str
    """Lines of signatures that are neither address nor number."""


SPEECH = (
    Speech(
        locale="en_US",
        said="""The kettle stopped heating after two weeks.|I would like to return it and get my
        money back.|Could you tell me when the parcel will be here?|My account is locked since
        Tuesday.|The invoice shows the wrong amount.|I was charged twice for the same order!|
        Please let me know what to do next.|It worked fine before the update.|
        Nobody has answered me so far.|I have attached a photo of the damage""",
        leads="""My new address is:|Please send it to:|The people travelling are|It says this:|
        I ordered the following:|Here are my details:|You can reach me at|The serial numbers:""",
        turns="""My address has changed.|
        Please ship it to my office instead.|
        The name on the booking is wrong.|
        Please call my husband|
        Please issue the invoice to my company""",
        closings="""Best regards,|Kind regards|Regards,|Sincerely,|Yours sincerely,|Cheers,|Best,|
        Warm regards,|BR|All the best,|Respectfully,|With kind regards,|Many thanks and best
        wishes,|Have a great weekend,|Talk soon,""",
        wishes="Thanks|Thank you!|Thanks in advance|Many thanks,|Thanks so much",
        jobs="Sales Manager|Head of Purchasing|Senior Engineer|Office Administrator|Owner|CEO",
        phones="Tel: {p}|Phone {p}|M: {p}|Cell: {p}|{p} (mobile)|Fax {p}|{p}|Office {p} | Fax {p}",
        others="VAT no. GB 123 4567 89|Reg. No. 0712345|Follow us on LinkedIn|Making things simple",
    ),
    Speech(
        locale="de_DE",
        said="""Der Wasserkocher heizt nach zwei Wochen nicht mehr.|Ich möchte ihn zurückgeben und
        mein Geld wiederhaben.|Wann kommt das Paket an?|Mein Konto ist seit Dienstag gesperrt.|Auf
        der Rechnung steht ein falscher Betrag.|Mir wurde zweimal derselbe Betrag abgebucht!|Was
        soll ich jetzt tun?|Vor dem Update lief alles.|Bisher hat niemand geantwortet.|Ein Foto vom
        Schaden liegt bei""",
        leads="""Meine neue Adresse lautet:|Bitte senden Sie es an:|Es reisen mit|Dort steht:|
        Bestellt habe ich:|Hier meine Daten:|Sie erreichen mich unter|Die Seriennummern:""",
        turns="""Meine Adresse hat sich geändert.|
        Bitte liefern Sie an mein Büro.|
        Der Name auf der Buchung ist falsch.|
        Rufen Sie bitte meinen Mann an|
        Die Rechnung bitte auf meine Firma ausstellen""",
        closings="""Mit freundlichen Grüßen|Viele Grüße|Freundliche Grüße|MfG|LG|Beste Grüße,|
        Liebe Grüße aus Kiel|Hochachtungsvoll|Schöne Grüße,|Gruß|Herzliche Grüße|Mit besten
        Grüßen|Schönen Abend noch,|Bis dann""",
        wishes="Danke|Vielen Dank!|Danke im Voraus|Besten Dank,|Herzlichen Dank",
        jobs="Vertriebsleiter|Einkauf|Inhaberin|Geschäftsführer|Sachbearbeiterin|Hausverwaltung",
        phones="Tel.: {p}|Telefon {p}|Mobil: {p}|Fax {p}|T {p}|{p}|Handy {p}|Tel. {p} · Fax {p}",
        others="USt-IdNr. DE123456789|Amtsgericht Köln, HRB 4711|Steuernr. 12/345/678|seit 1952",
    ),
    Speech(
        locale="fr_FR",
        said="""La bouilloire ne chauffe plus après deux semaines.|Je voudrais la rendre et être
        remboursé.|Quand le colis arrivera-t-il ?|Mon compte est bloqué depuis mardi.|Le montant de
        la facture est faux.|J'ai été débité deux fois !|Dites-moi ce que je dois faire.|Tout
        marchait avant la mise à jour.|Personne ne m'a répondu.|Voici une photo""",
        leads="""Ma nouvelle adresse :|Merci de l'envoyer à :|Les voyageurs sont|Il est écrit :|
        J'ai commandé :|Voici mes coordonnées :|Vous pouvez me joindre au|Les numéros de série :""",
        turns="""Mon adresse a changé.|
        Merci de livrer à mon bureau.|
        Le nom sur la réservation est faux.|
        Appelez mon mari|
        Merci d'établir la facture au nom de ma société""",
        closings="""Cordialement,|Bien cordialement|Bien à vous,|Salutations distinguées|Cdt|
        Sincères salutations,|Amicalement|Meilleures salutations,|Bonne journée,|À bientôt,|
        Dans l'attente de votre réponse,|Bonne réception""",
        wishes="Merci|Merci beaucoup !|Merci d'avance|Avec mes remerciements,|Merci à vous",
        jobs="Directeur commercial|Service achats|Gérante|Assistante|Responsable qualité",
        phones="Tél. : {p}|Portable : {p}|Fax : {p}|{p}|Mob. {p}|T. {p} - F. {p}",
        others="SIRET 123 456 789 00011|TVA FR 12 345678901|RCS Lyon B 123 456|Depuis 1952",
    ),
    Speech(
        locale="es_ES",
        said="""El hervidor dejó de calentar a las dos semanas.|Quiero devolverlo y recuperar mi
        dinero.|¿Cuándo llega el paquete?|Mi cuenta está bloqueada desde el martes.|El importe de
        la factura está mal.|¡Me han cobrado dos veces!|Díganme qué debo hacer.|Antes de la
        actualización funcionaba.|Nadie me ha contestado.|Adjunto una foto del daño""",
        leads="""Mi nueva dirección es:|Envíenlo a:|Los viajeros son|Pone esto:|He pedido:|Mis
        datos:|Pueden llamarme al|Los números de serie:""",
        turns="""Mi dirección ha cambiado.|
        Envíenlo a mi oficina.|
        El nombre de la reserva está mal.|
        Llamen a mi marido|
        Hagan la factura a nombre de mi empresa""",
        closings="""Un saludo,|Saludos cordiales|Atentamente,|Saludos|Cordialmente,|Un abrazo,|
        Reciba un cordial saludo,|Atte.|Quedo a la espera,|Buen fin de semana|Hasta pronto,""",
        wishes="Gracias|¡Muchas gracias!|Gracias de antemano|Mil gracias,|Muy agradecida,",
        jobs="Director comercial|Compras|Gerente|Administración|Responsable de calidad",
        phones="Tel.: {p}|Móvil: {p}|Tfno. {p}|Fax {p}|{p}|T. {p} | M. {p}",
        others="CIF B12345678|NIF 12345678Z|Registro Mercantil de Bilbao|Desde 1952",
    ),
    Speech(
        locale="it_IT",
        said="""Il bollitore non scalda più dopo due settimane.|Vorrei restituirlo e riavere i
        soldi.|Quando arriva il pacco?|Il mio account è bloccato da martedì.|L'importo della
        fattura è sbagliato.|Mi è stato addebitato due volte!|Ditemi cosa devo fare.|Prima
        dell'aggiornamento funzionava.|Finora nessuno ha risposto.|Allego una foto del danno""",
        leads="""Il mio nuovo indirizzo:|Speditelo a:|I viaggiatori sono|C'è scritto:|Ho ordinato:|
        Ecco i miei dati:|Mi trovate al|I numeri di serie:""",
        turns="""Il mio indirizzo è cambiato.|
        Spedite al mio ufficio.|
        Il nome sulla prenotazione è sbagliato.|
        Chiamate mio marito|
        La fattura va intestata alla mia ditta""",
        closings="""Cordiali saluti|Distinti saluti,|Saluti|Un saluto,|Cordialmente|Buona giornata,|
        Con i migliori saluti,|A presto|In attesa di riscontro,|Buon lavoro""",
        wishes="Grazie|Grazie mille!|Grazie in anticipo|Ringrazio,|Molte grazie",
        jobs="Direttore commerciale|Ufficio acquisti|Titolare|Segreteria|Responsabile qualità",
        phones="Tel. {p}|Cell. {p}|Fax {p}|{p}|Mob.: {p}|T {p} - F {p}",
        others="P.IVA 01234567890|C.F. RSSMRA80A01H501U|REA MI-123456|Dal 1952",
    ),
    Speech(
        locale="pt_PT",
        said="""A chaleira deixou de aquecer ao fim de duas semanas.|Quero devolvê-la e receber o
        dinheiro.|Quando chega a encomenda?|A minha conta está bloqueada desde terça.|O valor da
        fatura está errado.|Cobraram-me duas vezes!|Digam-me o que devo fazer.|Antes da atualização
        funcionava.|Até agora ninguém respondeu.|Segue uma fotografia do dano""",
        leads="""A minha nova morada é:|Enviem para:|Os passageiros são|Aparece isto:|
        Encomendei:|Os meus dados:|Podem ligar-me para|Os números de série:""",
        turns="""A minha morada mudou.|
        Enviem para o escritório.|
        O nome na reserva está errado.|
        Liguem ao meu marido|
        A fatura deve ir em nome da minha empresa""",
        closings="""Cumprimentos,|Com os melhores cumprimentos|Atenciosamente,|Melhores
        cumprimentos|Abraço,|Cordialmente,|Até breve|Bom fim de semana,|Fico a aguardar,|Att.,""",
        wishes="Obrigado|Obrigada!|Muito obrigado,|Desde já obrigada|Grato pela atenção,",
        jobs="Diretor comercial|Compras|Gerente|Assistente|Responsável de qualidade",
        phones="Tel.: {p}|Telm.: {p}|Fax {p}|{p}|Cel. {p}|T. {p} / F. {p}",
        others="NIF 501234567|CNPJ 12.345.678/0001-00|Capital social 5.000 EUR|Desde 1952",
    ),
    Speech(
        locale="nl_NL",
        said="""De waterkoker verwarmt na twee weken niet meer.|Ik wil hem terugsturen en mijn geld
        terug.|Wanneer komt het pakket?|Mijn account is sinds dinsdag geblokkeerd.|Het bedrag op de
        factuur klopt niet.|Er is twee keer afgeschreven!|Laat me weten wat ik moet doen.|Voor de
        update werkte alles.|Niemand heeft geantwoord.|Een foto van de schade zit erbij""",
        leads="""Mijn nieuwe adres is:|Stuur het naar:|De reizigers zijn|Er staat:|Besteld heb ik:|
        Mijn gegevens:|U kunt mij bereiken op|De serienummers:""",
        turns="""Mijn adres is veranderd.|
        Lever het op mijn kantoor.|
        De naam op de boeking klopt niet.|
        Bel mijn man|
        De factuur moet op naam van mijn bedrijf""",
        closings="""Met vriendelijke groet,|Vriendelijke groeten|Mvg|Groetjes,|Hoogachtend,|Groet|
        Hartelijke groeten,|Fijne avond,|Tot ziens|In afwachting van uw antwoord,""",
        wishes="Bedankt|Hartelijk dank!|Alvast bedankt|Dank u wel,|Met dank",
        jobs="Verkoopleider|Inkoop|Eigenaar|Directeur|Administratie",
        phones="Tel. {p}|Mobiel: {p}|T: {p}|M {p}|Fax {p}|{p}|T {p} | M {p}",
        others="KvK 12345678|BTW NL123456789B01|IBAN NL00BANK0123456789|Sinds 1952",
    ),
    Speech(
        locale="pl_PL",
        said="""Czajnik po dwóch tygodniach przestał grzać.|Chcę go zwrócić i odzyskać pieniądze.|
        Kiedy przyjdzie paczka?|Moje konto jest zablokowane od wtorku.|Kwota na fakturze jest
        błędna.|Pobrano opłatę dwa razy!|Proszę napisać, co mam zrobić.|Przed aktualizacją
        działało.|Do tej pory nikt nie odpisał.|Załączam zdjęcie uszkodzenia""",
        leads="""Mój nowy adres:|Proszę wysłać na:|Podróżują|Napisano:|Zamówiłem:|Moje dane:|Można
        dzwonić pod|Numery seryjne:""",
        turns="""Mój adres się zmienił.|
        Proszę dostarczyć do biura.|
        Nazwisko na rezerwacji jest błędne.|
        Proszę dzwonić do męża|
        Proszę wystawić fakturę na firmę""",
        closings="""Pozdrawiam|Z poważaniem,|Serdecznie pozdrawiam|Pozdrowienia,|Z wyrazami
        szacunku|Łączę pozdrowienia,|Miłego dnia,|Do usłyszenia|Czekam na odpowiedź,|Pozdr.""",
        wishes="Dziękuję|Dziękuję!|Z góry dziękuję|Dzięki,|Bardzo dziękuję",
        jobs="Dyrektor handlowy|Dział zakupów|Właściciel|Kierownik biura|Księgowa",
        phones="tel. {p}|kom. {p}|Tel./fax {p}|{p}|T: {p}|tel. {p}, kom. {p}",
        others="NIP 123-456-78-90|REGON 123456789|KRS 0000123456|Od 1952 roku",
    ),
    Speech(
        locale="sv_SE",
        said="""Vattenkokaren slutade värma efter två veckor.|Jag vill lämna tillbaka den och få
        pengarna åter.|När kommer paketet?|Mitt konto är spärrat sedan i tisdags.|Beloppet på
        fakturan är fel.|Det drogs två gånger!|Berätta vad jag ska göra.|Före uppdateringen
        fungerade allt.|Ingen har svarat hittills.|En bild på skadan bifogas""",
        leads="""Min nya adress är:|Skicka det till:|Resenärerna är|Det står:|Jag har beställt:|
        Mina uppgifter:|Ni når mig på|Serienumren:""",
        turns="""Min adress har ändrats.|
        Leverera till mitt kontor.|
        Namnet på bokningen är fel.|
        Ring min man|
        Fakturan ska ställas till mitt företag""",
        closings="""Med vänlig hälsning|Vänliga hälsningar,|Mvh|Hälsningar|Bästa hälsningar,|Hej då|
        Vänligen,|Ha en bra dag,|Vi hörs,|Med hopp om snabbt svar,""",
        wishes="Tack|Tack så mycket!|Tack på förhand|Stort tack,|Tusen tack",
        jobs="Försäljningschef|Inköp|Ägare|VD|Ekonomiassistent",
        phones="Tel {p}|Mobil: {p}|Tfn {p}|Fax {p}|{p}|Tel {p}, mobil {p}",
        others="Org.nr 556123-4567|Momsnr SE556123456701|Bankgiro 123-4567|Sedan 1952",
    ),
    Speech(
        locale="ja_JP",
        said="""電気ケトルが二週間で温まらなくなりました。|返品して返金してほしいです。|荷物はいつ届きますか。|
        火曜日からアカウントに入れません。|請求書の金額が間違っています。|二重に請求されました。|
        どうすればよいか教えてください。|更新前は動いていました。|まだ返事をいただいていません。|写真を添付しました""",
        leads="""新しい住所は次のとおりです：|送り先：|表示は次のとおりです：|注文内容：|連絡先：|製造番号：""",
        turns="""住所が変わりました。|
        会社に送ってください。|
        予約の名前が違います。|
        夫に電話してください|
        請求書は会社宛てにしてください。""",
        closings="""よろしくお願いいたします。|以上、よろしくお願いします。|敬具|何卒よろしくお願い申し上げます。|
        ご確認のほどお願いいたします。|では、失礼いたします。|以上""",
        wishes="ありがとうございます。|どうぞよろしく|お手数をおかけします。",
        jobs="営業部長|購買課|店長|代表取締役|総務部",
        phones="TEL {p}|電話：{p}|携帯 {p}|FAX {p}|{p}|TEL：{p} FAX：{p}",
        others="登録番号 T1234567890123|営業時間 9:00～17:00|創業1952年",
    ),
    Speech(
        locale="zh_CN",
        said="""水壶用了两个星期就不加热了。|我想退货退款。|包裹什么时候到？|我的账号从周二起被锁了。|
        发票金额不对。|我被扣了两次款！|请告诉我怎么办。|更新之前是好的。|到现在没有人回复。|附上损坏的照片""",
        leads="我的新地址：|请寄到：|显示如下：|我订购了：|我的联系方式：|序列号：",
        turns="""我的地址变了。|
        请寄到办公室。|
        预订的姓名错了。|
        请打给我先生|
        发票请开给我们公司。""",
        closings="此致|祝好，|祝商祺！|顺颂商祺|祝工作顺利！|敬上|此致敬礼！|祝您生活愉快|期待您的回复，",
        wishes="谢谢|谢谢！|多谢|非常感谢！|麻烦您了",
        jobs="销售经理|采购部|店长|总经理|行政部",
        phones="电话：{p}|手机：{p}|传真：{p}|{p}|微信：{p}|电话 {p} 传真 {p}",
        others="统一社会信用代码 91310000000000000X|邮编 200000|成立于1952年",
    ),
)


def main(folder: Path, out: Path, by_folds: bool) -> None:
    """Train on everything that is there and write the weights."""
    forge = list(_forge(folder))
    rest = [*(list(_own()) * TIMES), *made(MADE), *_reports(folder)]
    if by_folds:
        _count_by_folds(forge, rest)
    weights = trained([*(forge * TIMES), *_unnamed(forge), *rest])
    out.write_text(json.dumps(weights, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(weights)} weights of {len(forge)} + {len(rest)} mails")


# --- mails that people wrote -------------------------------------------------------------------


def _forge(folder: Path) -> Iterator[Marked]:
    for row, half in forge_rows(folder / "mailgun_forge" / "emails.jsonl"):
        if half == "first":
            lines = row["body"].split("\n")
            yield _marked(
                [line.removeprefix(MARK) for line in lines],
                [line.startswith(MARK) for line in lines],
                row["sender"],
                "forge",
            )


def _unnamed(mails: Iterable[Marked]) -> Iterator[Marked]:
    """Yield mails as if nobody knew who wrote them."""
    yield from (msgspec.structs.replace(mail, writer="") for mail in mails)


def _own() -> Iterator[Marked]:
    for path in (p for part in PARTS for p in sorted((MAILS / part).glob("*.txt"))):
        for part in re.split(r"(?m)^=== ", path.read_text(encoding="utf-8"))[1:]:
            marked = part.rstrip("\n").split("\n")[1:]
            lines = [GREETED.sub(r"\1", x) for x in marked if not x.startswith("q ")]
            if not any("</" in line or "-BEGIN PGP" in line for line in lines):
                signed = [line.startswith("s ") for line in lines]
                yield _marked([line[2:] for line in lines], signed, "", path.stem)


def _reports(folder: Path, most: int = 600) -> Iterator[Marked]:
    """Yield reports of errors, which nobody signs."""
    for path in sorted((folder / "gitbugs_duplicates").glob("*.csv")):
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            rows = [row.get("Description") or "" for row in csv.DictReader(file)]
        for text in [text for text in rows if text.count("\n") > 1][:most]:
            lines = text.strip().split("\n")
            yield _marked(lines, [False] * len(lines), "", "reports")


def _marked(lines: Sequence[str], signed: Sequence[bool], writer: str, source: str) -> Marked:
    tidied = tuple(map(tidy_lines, lines))
    tidied = tidied[: postscript_start(tidied)]
    kept = len(tidied)
    while kept and (signed[kept - 1] or not tidied[kept - 1].strip()):
        kept -= 1
    return Marked(tidied, kept, writer, source)


# --- mails that are made up --------------------------------------------------------------------


def made(number: int) -> Iterator[Marked]:
    """Yield mails of people who do not exist, signed and not."""
    draw = random.Random(SEED)
    fakers = {speech.locale: Faker(speech.locale) for speech in SPEECH}
    for index, faker in enumerate(fakers.values()):
        faker.seed_instance(SEED + index)
    for _ in range(number):
        speech = draw.choice(SPEECH)
        person = _Person(speech, fakers[speech.locale], draw)
        body = person.body()
        signature = person.signature() if draw.random() < 0.65 else []
        if not signature and draw.random() < UNSIGNED:
            signature = person.letterhead()
        elif not signature:
            body += person.ending()
        if signature and draw.random() < SAID_AFTERWARDS:
            body += ["", *signature, "", *person.afterwards()]
            signature = []
        lines = body + ([""] * draw.choice((0, 1, 1, 1, 2)) if signature else []) + signature
        writer = person.name if draw.random() < 0.4 else ""
        yield Marked(tuple(map(tidy_lines, lines)), len(body), writer, f"made {speech.locale}")


class _Person:
    """Somebody who writes a mail."""

    def __init__(self, speech: Speech, faker: Faker, draw: random.Random) -> None:
        self._speech, self._faker, self._draw = speech, faker, draw
        self._footers: Footers = FOOTERS[speech.locale]
        self._eastern = speech.locale in ("ja_JP", "zh_CN")
        first, last = faker.first_name(), faker.last_name()
        self.name = f"{last}{draw.choice(('', ' '))}{first}" if self._eastern else f"{first} {last}"
        self._first = last if self._eastern else first
        self._last = last

    def body(self) -> list[str]:
        """Return sentences, in one line, wrapped, or each on its own."""
        draw = self._draw
        said = draw.sample(_of(self._speech.said), draw.randint(1, 4))
        if draw.random() < 0.15:
            answers = draw.sample(_of(self._footers.answers), draw.randint(1, 4))
            return [line for answer in answers for line in ("", answer)][1:]
        if draw.random() < 0.35:
            return said
        text = ("" if self._eastern else " ").join(said)
        if draw.random() < 0.5:
            return [text]
        return _wrapped(text, draw.choice((40, 60, 72)))

    def afterwards(self) -> list[str]:
        """Return what a message goes on with below a signature, which keeps it all."""
        said = (*_of(self._footers.afterwards), *_of(self._speech.said))
        return self._draw.sample(said, self._draw.randint(1, 3))

    def ending(self) -> list[str]:
        """Return what a message may end with and is no signature."""
        draw = self._draw
        kind = draw.random()
        if kind < 0.25:
            return []
        if kind < 0.4:
            return [*[""] * draw.choice((0, 1)), draw.choice(_of(self._speech.wishes)).rstrip(",")]
        if kind < 0.52:
            spaced = draw.random() < 0.2
            return [line for told in self._loose() for line in ([""] * spaced + [told])]
        turning = draw.random() < 0.3
        lead = draw.choice(_of(self._speech.turns if turning else self._speech.leads))
        listed = self._told() if turning else self._listed()
        return [*[""] * draw.choice((0, 1)), lead, *[""] * draw.choice((0, 1)), *listed]

    def _loose(self) -> list[str]:
        """Return codes, amounts and things that a message ends with, introduced by nothing."""
        draw, faker = self._draw, self._faker
        word: Callable[[], str] = faker.word
        kinds: tuple[Callable[[], str], ...] = (
            lambda: (
                f"{word().title()} {draw.randint(1, 9)}.{draw.randint(0, 40)}.{draw.randint(0, 9)}"
            ),
            lambda: f"{word().title()}: {word()} {draw.randint(1, 900)}",
            lambda: (
                f"{word().title()} : {word()}-{word()}-{draw.randint(1, 9)}.{draw.randint(0, 9)}"
            ),
            lambda: f"{word().upper()}-{faker.random_number(6)} {word()} {word()}",
            lambda: (
                f"{draw.randint(1, 28)}.{draw.randint(1, 12)}. {word()} {draw.randint(5, 999)},00"
            ),
            lambda: f"{draw.randint(1, 9)} x {word().title()} {word()}",
            lambda: f"{word().title()} {word()} {word()}",
            lambda: f"{word()} {draw.randint(100, 99999)}",
        )
        kind = draw.choice(kinds)
        number = draw.randint(2, 5)
        return [(kind if draw.random() < 0.7 else draw.choice(kinds))() for _ in range(number)]

    def _told(self) -> list[str]:
        """Return an address or whom to call, as it is told in a message."""
        draw, address = self._draw, self._faker.address().split("\n")
        if draw.random() < 0.15:
            reached = draw.sample((self._phone(), self._faker.email()), draw.randint(1, 2))
            return [self._faker.name(), *address, *reached]
        if draw.random() < 0.25:
            return [self._faker.company(), *address, draw.choice(_of(self._speech.others))]
        lists = ([self._faker.name(), *address], address, [*address, self._faker.name()])
        return (
            [f"{self._faker.name()} {self._phone()}"] if draw.random() < 0.2 else draw.choice(lists)
        )

    def _listed(self) -> list[str]:
        draw, faker = self._draw, self._faker
        lists: tuple[Callable[[], list[str]], ...] = (
            lambda: [self.name, *faker.address().split("\n")],
            lambda: [faker.name() for _ in range(draw.randint(2, 5))],
            lambda: [f"SN-{faker.random_number(6)}" for _ in range(draw.randint(1, 4))],
            lambda: [f"{faker.word().title()} {faker.word()} {draw.randint(1, 9)}" for _ in "abc"],
            lambda: [self._phone()],
            lambda: [faker.url()],
            lambda: [f"{faker.word()}: {faker.word()}" for _ in range(draw.randint(2, 4))],
            lambda: [f"- {faker.word()} {faker.word()}" for _ in range(draw.randint(2, 4))],
        )
        return draw.choice(lists)()

    def signature(self) -> list[str]:
        """Return a signature: from a bare name to everything that a company prints."""
        draw = self._draw
        closing = self._closing()
        name = draw.choice((self.name, self.name, self._first, self._first, self._last))
        if draw.random() < 0.05:
            name = name.lower()
        kind = draw.random()
        if kind < 0.12 and not closing:
            return [f"{draw.choice(('- ', '-- ', '/', '–'))}{name}"]
        if kind < 0.1 and closing:
            return [f"{closing[-1].rstrip(',!。')}{draw.choice((', ', ' ', '! '))}{name}"]
        if kind < 0.18:
            number = draw.choice((self._faker.phone_number(), str(draw.randint(10_000, 999_999))))
            numbered = draw.choice(("{} {}", "{}, {}", "{} ({})", "{} - {}", "/{}, nr {}"))
            return [*closing, numbered.format(name, number)]
        if kind < 0.45:
            return [*closing, *[""] * draw.choice((0, 0, 0, 1)), name]
        block = self._block()
        if draw.random() < 0.25:
            block = [draw.choice(("-- ", "--", "_" * 20, "-" * 24, "*****", "—————")), *block]
            return [*closing, name, *([""] if closing else []), *block] if closing else block
        return [*closing, *[""] * draw.choice((0, 0, 1)), *block]

    def _closing(self) -> list[str]:
        draw = self._draw
        kind = draw.random()
        if kind < 0.2:
            return []
        if kind < 0.3:
            return [draw.choice(_of(self._footers.warm))]
        if kind < 0.75:
            return [draw.choice(_of(self._speech.closings))]
        if kind < 0.9:
            said = draw.choice(_of(self._speech.wishes)).rstrip(",!。.")
            return [said + draw.choice((",", "!", "", "."))]
        return [draw.choice(_of(self._speech.wishes)), draw.choice(_of(self._speech.closings))]

    def _block(self) -> list[str]:
        draw, faker = self._draw, self._faker
        lines = [self.name]
        if draw.random() < 0.5:
            lines.append(draw.choice((*_of(self._speech.jobs), faker.job())))
        if draw.random() < 0.25:
            lines.append(draw.choice(_of(self._footers.places)))
        if draw.random() < 0.5:
            lines.append(faker.company())
        if draw.random() < 0.4:
            address = faker.address().split("\n")
            lines += (
                [draw.choice((", ", " · ", " - ")).join(address)]
                if draw.random() < 0.5
                else address
            )
        for _ in range(draw.randint(0, 2)):
            lines.append(self._phone())
        if draw.random() < 0.4:
            lines.append(draw.choice(("{}", "E-Mail: {}", "Mail {}", "<{}>")).format(faker.email()))
        if draw.random() < 0.3:
            lines.append(draw.choice((faker.url(), f"www.{faker.domain_name()}")))
        if draw.random() < 0.25:
            lines.append(draw.choice(_of(self._speech.others)))
        if draw.random() < 0.1:
            lines.append("[cid:image001.png@01D00000.00000000]")
        if draw.random() < 0.3 and len(lines) > 2:
            lines.insert(draw.randint(1, len(lines) - 1), "")
        return lines + (self._printed() if draw.random() < 0.35 else [])

    def _printed(self) -> list[str]:
        """Return what companies print below: adverts and legal sentences, in blocks or together."""
        draw = self._draw
        adverts = draw.sample(_of(self._footers.adverts), draw.randint(0, 3))
        legal = draw.sample(_of(self._footers.legal), draw.randint(0, 3))
        blocks = [block for block in draw.sample((adverts, legal), 2) if block]
        spaced = draw.random() < 0.7
        return [line for block in blocks for line in ([""] * spaced + block)]

    def letterhead(self) -> list[str]:
        """Return what a firm prints below a mail that nobody signs: who it is and where."""
        draw, faker = self._draw, self._faker
        address = faker.address().split("\n")
        told = draw.sample(_of(self._speech.others), draw.randint(1, 2))
        told += [self._phone()] if draw.random() < 0.5 else []
        told += [faker.email()] if draw.random() < 0.4 else []
        told += [faker.domain_name()] if draw.random() < 0.3 else []
        draw.shuffle(told)
        lines = [faker.company(), *address, *told]
        if draw.random() < 0.6:
            between = draw.choice((" | ", " · ", " - ", ", "))
            at = draw.randint(1, len(lines) - 1)
            lines = [between.join(part) for part in (lines[:at], lines[at:])]
        return lines + (self._printed() if draw.random() < 0.5 else [])

    def _phone(self) -> str:
        pattern = self._draw.choice(_of(self._speech.phones))
        while "{p}" in pattern:
            pattern = pattern.replace("{p}", self._faker.phone_number(), 1)
        return pattern


def _of(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("|") if part.strip()]


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


# --- training ----------------------------------------------------------------------------------


def trained(mails: Sequence[Marked]) -> dict[str, float]:
    """Return what each thing counts for: the likeliest weights for where mails were cut."""
    seen: Counter[str] = Counter()
    choices: list[tuple[list[tuple[str, ...]], int]] = []
    for mail in mails:
        lines = mail.lines[: body_end(mail.lines)]
        options = cuts(lines) if not mail.writer else cuts(lines, mail.writer)
        right = next(
            (
                n
                for n, (at, _) in enumerate(options)
                if at >= mail.kept and not any(x.strip() for x in lines[mail.kept : at])
            ),
            -1,
        )
        evidence = [(), *(told for _, told in options)]
        if mail.kept < len(lines) and right < 0:
            continue
        choices.append((evidence, right + 1))
        seen.update({name for told in evidence for name in told})
    names = sorted(name for name, times in seen.items() if times >= LEAST_SEEN)
    weights = _fitted(choices, {name: number for number, name in enumerate(names)})
    return {n: round(float(w), 3) for n, w in zip(names, weights, strict=True) if abs(w) >= 0.005}


def _fitted(
    choices: Sequence[tuple[list[tuple[str, ...]], int]], place: dict[str, int]
) -> np.ndarray:
    rows = [told for options, _ in choices for told in options]
    counts = np.zeros((len(rows), len(place)), dtype=np.float32)
    for row, told in zip(counts, rows, strict=True):
        for name in told:
            if name in place:
                row[place[name]] += 1
    sizes = np.array([len(options) for options, _ in choices])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    which = np.repeat(np.arange(len(choices)), sizes)
    right = counts[starts + np.array([chosen for _, chosen in choices])].sum(axis=0)
    weights, mean, spread = (np.zeros(len(place), dtype=np.float32) for _ in range(3))
    for number in range(1, ROUNDS + 1):
        scores = counts @ weights
        parts = np.exp(scores - np.maximum.reduceat(scores, starts)[which])
        shares = parts / np.add.reduceat(parts, starts)[which]
        slope = (counts.T @ shares - right) / len(choices) + PENALTY * weights
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.999 * spread + 0.001 * slope**2
        step = (mean / (1 - 0.9**number)) / (np.sqrt(spread / (1 - 0.999**number)) + 1e-8)
        weights = weights - RATE * step
    return weights


def _count_by_folds(forge: Sequence[Marked], rest: Sequence[Marked]) -> None:
    writers = sorted({mail.writer for mail in forge})
    random.Random(SEED).shuffle(writers)
    for known in (True, False):
        found: Counter[str] = Counter()
        for fold in range(FOLDS):
            left_out = set(writers[fold::FOLDS])
            learnt = [mail for mail in forge if mail.writer not in left_out]
            weights = trained([*(learnt * TIMES), *_unnamed(learnt), *rest])
            for mail in (mail for mail in forge if mail.writer in left_out):
                found += counted(mail if known else next(iter(_unnamed([mail]))), weights)
        print("writer known" if known else "writer unknown", scores(found))


def counted(mail: Marked, weights: dict[str, float]) -> Counter[str]:
    """Return how many lines were kept, lost, left and gone by these weights."""
    lines = mail.lines[: body_end(mail.lines)]
    start, best = len(lines), 0.0
    for at, told in cuts(lines, mail.writer):
        total = sum(weights.get(name, 0.0) for name in told)
        if total > best:
            start, best = at, total
    found: Counter[str] = Counter()
    for index, line in enumerate(mail.lines):
        if line.strip():
            kept, stays = index < mail.kept, index < start
            found[
                "kept" if kept and stays else "lost" if kept else "left" if stays else "gone"
            ] += 1
    return found


def scores(found: Counter[str]) -> str:
    """Return the figures of a table."""
    wrong = found["lost"] + found["left"]
    stays = 2 * found["kept"] / (2 * found["kept"] + wrong)
    goes = 2 * found["gone"] / (2 * found["gone"] + wrong)
    return f"stays {stays:.3f}, goes {goes:.3f}, {dict(found)}"


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), "--folds" in sys.argv)
