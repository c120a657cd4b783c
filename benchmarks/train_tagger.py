"""Trains the tagger for names and addresses and writes its weights.

    python benchmarks/train_tagger.py FOLDER OUT [--without SET] [--words]

FOLDER is in the layout of `../shared/data`. Read are the halves A of multidogo
(CDLA-Permissive-1.0) and presidio_pii (MIT, fake names CC BY-SA 3.0); texts without people of
bitext, banking77, clinc150, hwu64, natcs and endava (half A); sentences of this file filled with
people and addresses of Faker (MIT) in 31 locales; the messages that Django, Oscar, Wagtail
and allauth (BSD, MIT) were translated with; single words of simplemma (MIT). STAR and pii_syn_nano
are never read, nor any half B. Needs torch, Faker, simplemma, polib and Babel, none of which the
product needs for this. Conditional random field (Lafferty et al. 2001) of hashed features.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polib
import simplemma
import torch
from babel import Locale
from faker import Faker
from sensitive import half_of, multidogo, presidio_pii

from northloop.stages.data.sensitive import Sensitive, detect
from northloop.stages.data.sensitive.foreign import NO_NAMES
from northloop.stages.data.sensitive.lexicon import BRANDS, COMMON_WORDS, PLACES, TECHNICAL_WORDS
from northloop.stages.data.sensitive.names import is_listed
from northloop.stages.data.sensitive.tagger import (
    BUCKETS,
    EDGE,
    OFFSETS,
    SCALE,
    TAGS,
    bucket,
    near_features,
    own_features,
    tokens,
)

SEED, EPOCHS, BATCH, RATE, DECAY = 3, 7, 256, 0.02, 1e-5
DROPPED = 0.15
"""So many features are hidden at random, so that no single one carries a word."""
MADE, WORDS_A_LANGUAGE = 80_000, 14_000
LOCALES = {
    "en": ["en_US", "en_GB", "en_IN", "en_AU", "en_CA", "en_IE"],
    "de": ["de_DE", "de_AT", "de_CH"],
    "fr": ["fr_FR", "fr_CH", "fr_BE"],
    "es": ["es_ES", "es_MX", "es_CO"],
    "it": ["it_IT"],
    "pt": ["pt_PT", "pt_BR"],
    "nl": ["nl_NL", "nl_BE"],
    "pl": ["pl_PL"],
    "sv": ["sv_SE"],
    "other": ["fi_FI", "hu_HU", "da_DK", "no_NO", "cs_CZ", "ro_RO", "hr_HR", "tr_TR", "et_EE"],
}
_CARRIERS = {
    "en": r"""
        {n} | {f} | {l} | my name is {n} | I'm {f} | I'm {f}, my order has not arrived | this is {n}
        | It's {f} here | it's {n} and my account number is 448812 | {f} and 5512 | yes, {n}
        | Hello, this is {f} from the office | Dear {f}, I still wait for my refund. Regards, {n}
        | Please ask {f} to call me back | I spoke with {f} about the delivery yesterday
        | {f} told me that the parcel was left with {g} | Can {f} change the booking for {g}?
        | The card holder is {n} | Thanks for your help, {f} | Hi {f}, any news on my ticket?
        | {n}\n{a} | deliver it to {a} please | my new address is {a} | {a} | {n}, {a}
        | I live at {a} and the parcel went to {b} | Ship it to {n}, {a} | I moved to {a}
        | Please send the invoice to {a} instead of {b}. | The bill should go to {n}\n{a}\nThanks
        | it should be {a} | {f} lives at {a} | Your technician {f} never came to {a}
        | The meeting with {l} and {m} was moved | {l}, {m} and {n} have access
        | I'm {f}'s mother and need the invoice | according to {l} it was sent
        | {n} and {m} founded the company | the new book by {n} is out
        | {l}, who runs the shop, said no
        | a song that {n} wrote with {g} {l} | {n} will speak about it on Monday | is {f} in today?
        | the {l} family has waited for weeks | {f}, {g} and {n} were late
        | {f} is always so helpful
        | "We are glad about it," says {l}. | the film with {n} was broken | it was {l} who called
        | what {n}'s lawyer wrote | {f}: when will it come?\n{g}: on Monday | {f} gave {g} the keys
        | name on the account? {n} | Bot: your name? User: {n} | {n}\nSales manager\n{a}
        | she called him {f} | they call me {f} | her name was {f} | with {f} and {g} in the car
        | {n} booking 448812 | {f} and {d} | {n} {d} | name {f} and {d} | {n} {a} | {a} {d} | no {a}
        | sure, {n} and {d} | {f} ssn {d} | {f} confirmation number {d} | it's {f} | hi my name {n}
    """,
    "de": r"""
        Ich heiße {n} | Mein Name ist {n} | Ich bin {f} und habe eine Frage | Hier ist {n}
        | Hallo {f}, danke für die Antwort | Viele Grüße\n{n} | Mit freundlichen Grüßen {n}
        | Die Ware soll an {n}, {a} gehen | Meine neue Adresse ist {a} | Bitte an {a} liefern
        | Ich wohne in der {a} | Frau {l} hat mir geholfen | Der Vertrag läuft auf {n}
        | Ich habe mit Herrn {l} gesprochen und die Rechnung noch nicht bekommen
        | {f} sagt, das Paket liegt bei {g} | Lieferadresse: {a} | {n}\n{a}
    """,
    "fr": r"""
        Je m'appelle {n} | Mon nom est {n} | Je suis {n} et ma commande n'est pas arrivée
        | C'est {f} à l'appareil | Bonjour {f}, merci pour votre réponse | Cordialement,\n{n}
        | Ma nouvelle adresse est {a} | Livrez le colis au {a} s'il vous plaît | J'habite {a}
        | Le compte est au nom de {n} | J'ai parlé avec {f} hier | {n}\n{a}
        | Mon mari {f} a signé pour le colis | Adresse de livraison : {a} | Madame {l} m'a aidé
    """,
    "es": r"""
        Me llamo {n} | Mi nombre es {n} | Soy {n} y no ha llegado mi pedido | Soy {f}
        | Hola {f}, gracias por la respuesta | Un saludo,\n{n} | Atentamente, {n}
        | Mi nueva dirección es {a} | Envíelo a {a} por favor | Vivo en {a} | {n}\n{a}
        | La cuenta está a nombre de {n} | Hablé con {f} ayer | La señora {l} me ayudó
        | El paquete lo recibió {f} | Dirección de entrega: {a}
    """,
    "it": r"""
        Mi chiamo {n} | Il mio nome è {n} | Sono {n} e il mio ordine non è arrivato | Sono {f}
        | Ciao {f}, grazie della risposta | Cordiali saluti,\n{n} | Distinti saluti {n}
        | Il mio nuovo indirizzo è {a} | Spedite a {a} per favore | Abito in {a} | {n}\n{a}
        | Il conto è intestato a {n} | Ho parlato con {f} ieri | Indirizzo di consegna: {a}
    """,
    "pt": r"""
        O meu nome é {n} | Meu nome é {n} | Chamo-me {n} | Sou {n} e a encomenda não chegou
        | Sou o {f} | Aqui é a {f} | Olá {f}, obrigado pela resposta | Cumprimentos,\n{n}
        | A minha nova morada é {a} | Meu endereço é {a} | Entregue em {a} por favor
        | Moro na {a} | A conta está em nome de {n} | Falei com {f} ontem | {n}\n{a}
    """,
    "nl": r"""
        Ik ben {n} | Mijn naam is {n} | Ik heet {n} | Met {n}, mijn bestelling is niet aangekomen
        | Hallo {f}, bedankt voor het antwoord | Met vriendelijke groet,\n{n} | Groetjes {f}
        | Mijn nieuwe adres is {a} | Stuur het naar {a} alstublieft | Ik woon op {a} | {n}\n{a}
        | De rekening staat op naam van {n} | Ik sprak gisteren met {f} | Bezorgadres: {a}
    """,
    "pl": r"""
        Nazywam się {n} | Mam na imię {f} | Jestem {n} i moje zamówienie nie dotarło
        | Cześć {f}, dzięki za odpowiedź | Pozdrawiam,\n{n} | Z poważaniem {n}
        | Mój nowy adres to {a} | Proszę wysłać na {a} | Mieszkam przy {a} | {n}\n{a}
        | Konto jest na nazwisko {n} | Rozmawiałem wczoraj z {f} | Adres dostawy: {a}
    """,
    "sv": r"""
        Jag heter {n} | Mitt namn är {n} | Jag är {f} och min beställning har inte kommit
        | Hej {f}, tack för svaret | Med vänliga hälsningar\n{n} | Mvh {n} | Det är {f} här
        | Min nya adress är {a} | Skicka den till {a} tack | Jag bor på {a} | {n}\n{a}
        | Kontot står i namnet {n} | Jag pratade med {f} igår | Leveransadress: {a}
    """,
    "other": r"""
        {n} | {n}\n{a} | {n}, {a} | Name: {n}\nAddress: {a} | {a} | I'm {f} | ask {n} about it
        | the office of {n} is at {a} | deliver to {a} | {f} and {g} came | {l} and {m}
        | my name is {n}
    """,
}
_PLAIN = """
    Do you deliver to {city}? | I'm in {city} until {day}
    | a flight from {city} to {town} in {month}
    | {company} charged me twice | I'm sorry, the {thing} is broken | I'm {nation} and live abroad
    | The {thing} from {company} arrived on {day} | I work for {company} in {country}
    | {thing} | {thing} {thing} | {city} | {country} | {month} {thing} | {Thing} and {thing}
    | my {thing} is {colour} | {company} | from {country} with {thing}
    | is the {city} shop open on {day}
    | {nation} | {day} | {month} | next {day} in {city} | {day} morning | {Thing} {Thing}
    | The {city} {thing} by {company} | {Thing}: {thing} | hello {company} team | hi team
    | dear support
    | Ich bin {nation} und seit {month} Kunde | Lieferung nach {city} am {day} | je suis {nation}
    | je suis perdu | soy cliente desde {month} | soy de {city} | sono a {city} | ik ben klant
    | sou cliente da {company} | jestem klientem | jag är kund hos {company} | ich bin enttäuscht
    | order 448812 | account 55120934 | room 12 on {day} | 3 {thing} and 2 {thing} | {thing} 500
    | {thing} {d} | {d} | {d} and {d} | it is {d} | {thing} and {d} | the code is 5512
    | 12 {month} 2024 | {thing} size 10 | transfer 500 from my {thing} account
"""
_COMMON_THINGS = sorted(COMMON_WORDS | NO_NAMES | PLACES | BRANDS | TECHNICAL_WORDS)
_UNITS = ("Apt. {d}", "Suite {d}", "Flat {d}", "Unit {d}", "#{d}", "Apartment {d}")
_REPOSITORIES = ("django", "oscar", "wagtail", "allauth")


class Said:
    """A text with the stretches that are names or addresses."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int, Sensitive]]) -> None:
        self.text, self.spans = text, spans


class Maker:
    """Fills sentences with made people and addresses."""

    def __init__(self) -> None:
        self._rng = random.Random(SEED)
        self._of = {language: [Faker(name) for name in of] for language, of in LOCALES.items()}
        for of in self._of.values():
            for number, fake in enumerate(of):
                fake.seed_instance(SEED + number)
        self._things = [*_vocabulary("en"), *_COMMON_THINGS, *_COMMON_THINGS]
        locale = Locale("en")
        self._days = list(locale.days["format"]["wide"].values())
        self._months = list(locale.months["format"]["wide"].values())
        self._countries = [n for code, n in locale.territories.items() if code.isalpha()]
        self._nations = list(locale.languages.values())

    def sentence(self) -> Said:
        """Return a sentence with people or addresses in it."""
        language = self._rng.choice([*LOCALES, "en", "en", "en"])
        carrier = self._rng.choice(_parts(_CARRIERS[language]))
        fakes = self._of[language] if self._rng.random() < 0.8 else self._of["other"]
        if language == "en" and self._rng.random() < 0.4:
            fakes = self._of[self._rng.choice(list(LOCALES))]
        return self._filled(carrier, self._rng.choice(fakes))

    def plain(self) -> Said:
        """Return a sentence without."""
        rng, fake = self._rng, self._rng.choice(self._of[self._rng.choice(list(LOCALES))])
        text = rng.choice(_parts(_PLAIN))
        for key, of in {
            "city": fake.city, "town": fake.city, "company": self._company,
            "colour": fake.color_name,
            "d": self._code, "day": lambda: rng.choice(self._days),
            "thing": lambda: rng.choice(self._things),
            "Thing": lambda: rng.choice(self._things).title(),
            "month": lambda: rng.choice(self._months),
            "country": lambda: rng.choice(self._countries),
            "nation": lambda: rng.choice(self._nations),
        }.items():  # fmt: skip
            while f"{{{key}}}" in text:
                text = text.replace(f"{{{key}}}", of(), 1)
        return Said(text, ())

    def _company(self) -> str:
        kind = self._rng.choice(("", " Ltd", " Inc", " GmbH", "ly"))
        return f"{self._rng.choice(self._things).title()}{kind}"

    def _filled(self, carrier: str, fake: Faker) -> Said:
        values = {
            "n": lambda: self._person(fake), "f": fake.first_name, "g": fake.first_name,
            "l": fake.last_name, "m": fake.last_name, "a": lambda: self._address(fake),
            "b": lambda: self._address(fake), "d": self._code,
        }  # fmt: skip
        text, spans, at = "", [], 0
        for hole in re.finditer(r"\{(\w)\}", carrier):
            text += carrier[at : hole.start()]
            value = values[hole[1]]()
            type_ = Sensitive.ADDRESS if hole[1] in "ab" else Sensitive.NAME
            if hole[1] != "d":
                spans.append((len(text), len(text) + len(value), type_))
            text, at = text + value, hole.end()
        return Said(text + carrier[at:], spans)

    def _code(self) -> str:
        """Return a number or a code, in one piece or letters apart from digits."""
        rng = self._rng
        letters = "".join(rng.choices("abcdefghkmnrstuvwxyz", k=rng.randint(1, 3)))
        number = str(rng.randint(10, 99_999_999))
        apart = f"{letters}{number} {letters[0]} 5"
        return rng.choice((number, number, f"{letters} {number}", apart))

    def _person(self, fake: Faker) -> str:
        first, last = fake.first_name(), fake.last_name()
        made = self._rng.choices(
            [f"{first} {last}", f"{last} {first}", f"{first} {last[0]}.", fake.name(),
             f"{first} {fake.first_name()} {last}", f"{first[0]}. {last}"],
            [8, 1, 1, 2, 1, 1],
        )  # fmt: skip
        return made[0]

    def _address(self, fake: Faker) -> str:
        rng = self._rng
        if rng.random() < 0.25:
            street = fake.street_address()
            parts = [street.replace("\n", ", ")]
        else:
            parts = [fake.address()]
        unit = rng.choice(_UNITS).format(d=rng.randint(1, 990))
        if rng.random() < 0.2:
            parts.insert(rng.randint(0, 1), unit)
        if rng.random() < 0.2:
            parts[0] = f"{rng.randint(1, 99)} {parts[0]}"
        if rng.random() < 0.2:
            parts.append(fake.city())
        if rng.random() < 0.2:
            parts.append(rng.choice(self._countries))
        if rng.random() < 0.1:
            return f"the corner of {fake.street_name()} and {fake.street_name()}"
        joined = rng.choice((", ", "\n", " ")).join(parts)
        as_made = rng.random() < 0.4
        return joined if as_made else joined.replace("\n", rng.choice((", ", "\n ", " ")))


def main() -> None:
    """Train and write."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("out", type=Path)
    asked.add_argument("--without", default="-")
    asked.add_argument("--words", action="store_true")
    options = asked.parse_args()
    if options.words:
        options.out.write_text("\n".join(_everyday(options.folder, options.without)) + "\n")
        return
    random.seed(SEED)
    torch.manual_seed(SEED)
    said = [_varied(text) for text in _all(options.folder, options.without)]
    random.shuffle(said)
    print(f"{len(said)} texts, {sum(1 for s in said if s.spans)} with names or addresses")
    options.out.write_bytes(zlib.compress(_trained(said), 9))


def _everyday(folder: Path, without: str) -> list[str]:
    """Return the words that are met twice and more, hardly ever in a name, and are on no list."""
    met: Counter[str] = Counter()
    named: Counter[str] = Counter()
    texts = [Said(text, ()) for text in (*_ordinary(folder), *_messages())]
    for said in [*_labelled(folder, without), *texts]:
        for token in tokens(said.text):
            if token[0].isalpha() and 2 <= len(token[0]) <= 24:
                inside = any(s <= token.start() < e for s, e, _ in said.spans)
                (named if inside else met)[token[0].lower()] += 1
    known = COMMON_WORDS | NO_NAMES | TECHNICAL_WORDS
    return sorted(
        word
        for word, count in met.items()
        if count >= 2 and 20 * named[word] <= count and not is_listed(word) and word not in known
    )


def _labelled(folder: Path, without: str) -> Iterator[Said]:
    for name, read in (("presidio_pii", presidio_pii), ("multidogo", multidogo)):
        for text in read(folder / name) if without not in name else ():
            if half_of(text.group) == "A":
                gold = [(s.start, s.end, s.type) for s in text.labelled.gold if s.type in TAGS]
                yield Said(text.labelled.text, gold)


def _all(folder: Path, without: str) -> Iterator[Said]:
    for name, read in (("presidio_pii", presidio_pii), ("multidogo", multidogo)):
        if without in name or not (folder / name).exists():
            continue
        for text in read(folder / name):
            if half_of(text.group) == "A":
                spans = [(s.start, s.end, s.type) for s in text.labelled.gold if s.type in TAGS]
                said = Said(text.labelled.text, _joined(text.labelled.text, spans))
                if _is_whole(said):
                    yield from [said] * (2 if name == "presidio_pii" else 1)
    maker = Maker()
    for number in range(MADE):
        yield maker.sentence() if number % 2 else maker.plain()
    yield from _words()
    for text in {*_ordinary(folder), *_messages()}:
        if _is_whole(said := Said(text, ())):
            yield said


def _joined(text: str, spans: list[tuple[int, int, Sensitive]]) -> list[tuple[int, int, Sensitive]]:
    """Return the stretches, parts of one address made one with what little is between them."""
    whole: list[tuple[int, int, Sensitive]] = []
    for start, end, type_ in sorted(spans):
        last = whole[-1] if whole else (0, 0, Sensitive.NAME)
        near = start - last[1] < 30 and "." not in text[last[1] : start]
        if near and last[2] is type_ is Sensitive.ADDRESS:
            whole[-1] = (last[0], end, type_)
        else:
            whole.append((start, end, type_))
    return whole


def _is_whole(said: Said) -> bool:
    """Whether no rule finds a name or an address that the labels do not know of."""
    return all(
        any(start < span.end and span.start < end for start, end, _ in said.spans)
        for span in detect(said.text[:2_000])
        if span.type in TAGS
    )


def _ordinary(folder: Path) -> Iterator[str]:
    """Yield texts in which hardly anybody is named."""
    tables = {
        "bitext_customer_support/utterances_27k_category.csv": "instruction",
        "banking77/train.csv": "text",
        "endava_it_tickets/all_tickets_part.csv": "body",
    }
    for path, column in tables.items():
        with (folder / path).open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                if row[column] and half_of(row[column]) == "A":
                    yield row[column][:400]
    for text, _ in json.loads((folder / "clinc150/clinc150_dev.json").read_text()).get("train", ()):
        yield text
    for path in sorted((folder / "hwu64").glob("train/seq.in")):
        yield from path.read_text().splitlines()
    for line in (folder / "natcs_intents/development_utterances.jsonl").read_text().splitlines():
        yield str(json.loads(line).get("utterance", ""))


def _messages() -> Iterator[str]:
    """Yield what programs say in ten languages."""
    for name in _REPOSITORIES:
        root = Path(__import__(name).__file__ or "").parent
        for language in ("de", "fr", "es", "it", "pt", "pt_BR", "pt_PT", "nl", "pl", "sv"):
            for path in sorted(root.glob(f"**/locale/{language}/LC_MESSAGES/*.po")):
                for entry in polib.pofile(str(path)):
                    text = re.sub(r"%\(\w+\)\w|%\w|\{\w*\}|<[^>]+>", "5", entry.msgstr)
                    if 1 < len(text) < 300:
                        yield text


def _vocabulary(language: str) -> list[str]:
    data = simplemma.strategies.DefaultDictionaryFactory().get_dictionary(language)
    found = [w if isinstance(w, str) else w.decode() for w in data]
    fit = [w for w in found if w.isalpha() and 3 <= len(w) <= 14 and not is_listed(w)]
    capital = language != "de"
    fit = sorted(w for w in fit if not (capital and w[0].isupper()))
    wanted = WORDS_A_LANGUAGE * (3 if language == "en" else 1)
    return random.Random(SEED).sample(fit, min(len(fit), wanted))


def _words() -> Iterator[Said]:
    """Yield single words and pairs, as people type who search."""
    rng = random.Random(SEED)
    for language in ("en", "en", "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv"):
        found = _vocabulary(language)
        rng.shuffle(found)
        for word in found:
            text = word if rng.random() < 0.6 else f"{word} {rng.choice(found)}"
            yield Said(text.capitalize() if rng.random() < 0.5 else text, ())


def _varied(said: Said) -> Said:
    """Return the text as it is, in small letters, in capitals or without marks; one of them."""
    draw = random.random()
    if draw < 0.25 and len(said.text.lower()) == len(said.text):
        return Said(said.text.lower(), said.spans)
    if draw < 0.28 and len(said.text.upper()) == len(said.text):
        return Said(said.text.upper(), said.spans)
    if draw < 0.36:
        return Said(re.sub(r"[^\w\s]", " ", said.text), said.spans)
    return said


# --- training ----------------------------------------------------------------------------------


def _trained(said: Sequence[Said]) -> bytes:
    words: dict[tuple[str, bool], int] = {}
    rows = [_row(one, words) for one in said]
    own, near = zip(*(_buckets(word, cased) for word, cased in words), strict=True)
    weights = torch.nn.Embedding(BUCKETS, len(TAGS), sparse=False)
    torch.nn.init.zeros_(weights.weight)
    bias = torch.nn.Parameter(torch.zeros(len(TAGS)))
    follows = torch.nn.Parameter(torch.zeros(3, 3))
    learner = torch.optim.Adam([weights.weight, bias, follows], lr=RATE)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(rows)).tolist()
        order.sort(key=lambda i: (len(rows[i][0]) // 4, random.random()))
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        random.shuffle(batches)
        for group in learner.param_groups:
            group["lr"] = RATE * (1 - epoch / EPOCHS)
        total = 0.0
        for batch in batches:
            loss = _loss([rows[i] for i in batch], (own, near), (weights, bias, follows))
            loss = loss + DECAY * weights.weight.abs().sum() / 100
            learner.zero_grad()
            loss.backward()
            learner.step()
            total += float(loss.detach())
        print(f"epoch {epoch}: {total / len(batches):.4f}", flush=True)
    kept = [*weights.weight.flatten().tolist(), *bias.tolist(), *follows.flatten().tolist()]
    return bytes(round(max(-127, min(127, v * SCALE))) & 0xFF for v in kept)


def _row(said: Said, words: dict[tuple[str, bool], int]) -> tuple[list[int], list[int]]:
    found = tokens(said.text)[:150]
    cased = said.text.lower() != said.text
    ids, tags = [], []
    for token in found:
        ids.append(words.setdefault((token[0], cased), len(words)))
        of = [t for s, e, t in said.spans if s <= token.start() < e]
        tags.append(TAGS.index(of[0]) + 1 if of else 0)
    edge = words.setdefault((EDGE, cased), len(words))
    return [edge, edge, *ids, edge, edge], tags


def _buckets(word: str, cased: bool) -> tuple[list[int], list[list[int]]]:
    near = near_features(word, cased)
    return (
        [bucket(0, f) for f in own_features(word, cased)],
        [[bucket(o, f) for f in near] for o in OFFSETS],
    )


def _loss(
    batch: Sequence[tuple[list[int], list[int]]],
    buckets: tuple[Any, Any],
    model: tuple[torch.nn.Embedding, torch.Tensor, torch.Tensor],
) -> torch.Tensor:
    """Return the mean negative log-likelihood of the batch's tags."""
    weights, bias, follows = model
    used = sorted({w for row, _ in batch for w in row})
    at = {w: i for i, w in enumerate(used)}
    length = max(len(tags) for _, tags in batch)
    ids = torch.zeros(len(batch), length + 4, dtype=torch.long)
    gold = torch.zeros(len(batch), length, dtype=torch.long)
    mask = torch.zeros(len(batch), length, dtype=torch.bool)
    for i, (row, tags) in enumerate(batch):
        ids[i, : len(row)] = torch.tensor([at[w] for w in row])
        gold[i, : len(tags)] = torch.tensor(tags, dtype=torch.long)
        mask[i, : len(tags)] = True
    scores = bias + torch.zeros(len(batch), length, len(TAGS))
    for number, offset in enumerate(OFFSETS):
        lists = [buckets[0][w] if offset == 0 else buckets[1][w][number] for w in used]
        flat = torch.tensor([b for of in lists for b in of])
        ends = torch.tensor([0, *map(len, lists[:-1])]).cumsum(0)
        kept = (torch.rand(len(flat)) > DROPPED).float()
        summed = torch.nn.functional.embedding_bag(
            flat, weights.weight, ends, mode="sum", per_sample_weights=kept
        )
        scores = scores + summed[ids[:, number : number + length]]
    emit = torch.cat([torch.zeros(len(batch), length, 1), scores], dim=2)
    alpha = follows[0] + emit[:, 0]
    path = follows[0][gold[:, 0]] + emit[:, 0].gather(1, gold[:, :1]).squeeze(1)
    for step in range(1, length):
        more = torch.logsumexp(alpha.unsqueeze(2) + follows, dim=1) + emit[:, step]
        alpha = torch.where(mask[:, step : step + 1], more, alpha)
        gain = follows[gold[:, step - 1], gold[:, step]]
        gain = gain + emit[:, step].gather(1, gold[:, step : step + 1]).squeeze(1)
        path = path + gain * mask[:, step]
    return (torch.logsumexp(alpha, dim=1) - path).mean()


def _parts(text: str) -> list[str]:
    lines = "".join(f"{line.strip()} " for line in text.splitlines())
    return [part.strip().replace("\\n", "\n") for part in lines.split("|") if part.strip()]


if __name__ == "__main__":
    main()
