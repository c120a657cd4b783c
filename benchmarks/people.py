"""Made people and addresses of many countries, to fill sentences with (`train_tagger.py`).

Names and most addresses are Faker's (MIT), which has lists of some eighty countries; Cyrillic and
Greek letters are written in Latin ones. Of countries whose streets Faker does not know, a street is
made of a name and the ending that streets have there.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from faker import Faker

from northloop.stages.data.wording import words

LOCALES = {
    "en": ["en_US", "en_GB", "en_IN", "en_AU", "en_CA", "en_IE", "en_NZ"],
    "de": ["de_DE", "de_AT", "de_CH"],
    "fr": ["fr_FR", "fr_CH", "fr_BE", "fr_CA"],
    "es": ["es_ES", "es_MX", "es_CO", "es_AR", "es_CL"],
    "it": ["it_IT"],
    "pt": ["pt_PT", "pt_BR"],
    "nl": ["nl_NL", "nl_BE"],
    "pl": ["pl_PL"],
    "sv": ["sv_SE"],
    "other": [
        "fi_FI", "hu_HU", "da_DK", "no_NO", "cs_CZ", "ro_RO", "hr_HR", "tr_TR", "et_EE", "sk_SK",
        "sl_SI", "lt_LT", "lv_LV", "is_IS", "ga_IE", "ja_JP", "zh_CN", "zh_TW", "vi_VN", "id_ID",
        "ru_RU", "uk_UA", "bg_BG", "mk_MK", "el_GR", "az_AZ", "uz_UZ", "en_TH", "en_PK", "fr_DZ",
        "en_KE", "en_NG", "ha_NG", "ig_NG", "yo_NG", "sw", "tw_GH", "zu_ZA",
    ],
}  # fmt: skip
_AT_HOME = words(
    """
    en_us en_gb en_in en_au en_ca en_ie en_nz de_de de_at de_ch fr_fr fr_ch fr_be fr_ca es_es es_mx
    es_co es_ar es_cl it_it pt_pt pt_br nl_nl nl_be pl_pl sv_se fi_fi hu_hu da_dk no_no cs_cz ro_ro
    hr_hr sk_sk sl_si id_id fr_dz vi_vn
    """
)
"""Where Faker's addresses are those of the country."""
_CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфхыэіїєґёжцчшщюяьъјњљѓќѕџ",
        "a b v g d e z i y k l m n o p r s t u f kh y e i yi ye g yo zh ts ch sh shch yu ya"
        " _ _ j nj lj gj kj dz dzh".replace("_", "").split(" "),
        strict=True,
    )
)
_GREEK = {
    **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)),
    **{"θ": "th", "χ": "ch", "ψ": "ps"},
}
_LATIN = {**_CYRILLIC, **_GREEK}
_ENDINGS = """
    {}vegur | {}gata | {}stígur | {}braut | {}holt | {}tie | {}katu | {}kuja | {}polku | {}intie
    | {} tn | {} tee | {} puiestee | {} mnt | {} utca | {} u. | {} tér | {} út | {} köz | {} krt.
    | {}veien | {}bakken | {}gata | {} vei | {}lia | {}stubben | {}svingen | {}haugen | {}vej
    | {}gade | {} Allé | {}toften | {}parken | {}stræde | {}straat | {}laan | {}hof | {}weg
    | {}plein | {}singel | {}kade | {}dreef | {} ulica | {} cesta | {}ova | {}ova ulica | {} trg
    | ul. {} | {} nábřeží | Na {} | Pod {} | {} sady | {} gatve | {} iela | {} prospektas | {}gatan
    | {}vägen | {} väg | {} gränd | {}torget | {}backen | {}straße | {}gasse | {} Str. | Am {}
    | {}platz | {}allee | {} Chaussee | R {} | Rua {} | Rua do {} | Rua de {} | Avenida {} | Av. {}
    | Travessa {} | Quinta {} | Largo {} | Praça {} | Estrada {} | C/ {} | Calle {} | Avda. {}
    | Ctra. {} | Plaza {} | Paseo {} | Camino {} | Ronda {} | Urbanización {} | Via {} | Corso {}
    | Viale {} | Piazza {} | Vicolo {} | Strada {} | rue {} | rue de {} | avenue {} | avenue de {}
    | chemin {} | boulevard {} | Place {} | Cours {} | impasse {} | quai {} | allée {} | route de {}
    | Jalan {} | Jl. {} No. | {} Sokak | {} Caddesi | {} Mah. | Strada {} | Aleea {} | Bulevardul {}
    | ul. {}a | prospekt {} | {} St | {} Street | {} Road | {} Rd | {} Ave | {} Lane | {} Drive
    | {} Close | {} Parade | {} Crescent | {} Court | {} Place | {} Terrace | {} Highway | {} Way
    | {} Blvd | {} Trail | {} Loop | {} Grove | {} Hollow | {} Run | {} Park | {} Esplanade
"""
_STREETS = [part.strip() for part in _ENDINGS.split("|")]
_UNITS = (
    "Apt. {d}", "Suite {d}", "Flat {d}", "Unit {d}", "#{d}", "Apartment {d}", "Apt {d}", "Rm {d}",
    "Floor {d}", "Room {d}", "Building {d}", "Office {d}", "Box {d}",
)  # fmt: skip
_BOXES = ("P.O. Box {}", "PO Box {}", "P.O. Box {}", "po box {}", "Postboks {}", "Box {}", "BP {}")
_POSTCODES = (
    "#####", "#####", "####", "### ##", "##-###", "######", "S-### ##", "#### ??", "????# #??",
    "?# #??", "?#? #?#", "D-#####", "#####-####", "####-###", "F-#####", "SE-#####",
)  # fmt: skip


class People:
    """Draws people and addresses of one country after another."""

    def __init__(self, seed: int) -> None:
        """Ask Faker for every country once; what is drawn depends on the seed alone."""
        self._rng = random.Random(seed)
        self.of = {language: [Faker(name) for name in of] for language, of in LOCALES.items()}
        self._names = {
            id(fake): name
            for language, of in self.of.items()
            for name, fake in zip(LOCALES[language], of, strict=True)
        }
        for of in self.of.values():
            for number, fake in enumerate(of):
                fake.seed_instance(seed + number)
        self._all = [fake for of in self.of.values() for fake in of]

    def anyone(self) -> Faker:
        """Return some country."""
        return self._rng.choice(self._all)

    def first(self, fake: Faker) -> str:
        """Return a first name."""
        return latin(_drawn(fake, "first_romanized_name", "first_name"))

    def last(self, fake: Faker) -> str:
        """Return a surname; patronyms are made as on Iceland now and then."""
        if self._names[id(fake)] == "is_IS" and self._rng.random() < 0.5:
            return f"{self.first(fake)}{self._rng.choice(('sdóttir', 'sson', 'ardóttir', 'son'))}"
        return latin(_drawn(fake, "last_romanized_name", "last_name"))

    def person(self, fake: Faker) -> str:
        """Return a person in one of the ways that people are named in."""
        first, last = self.first(fake), self.last(fake)
        ways = [f"{first} {last}", f"{last} {first}", f"{first} {last[0]}.", f"{first[0]}. {last}",
                f"{first} {self.first(fake)} {last}", f"{first} {last}-{self.last(fake)}",
                f"{first} {self._rng.choice('ABCDEFGHJKLMNPRSTVW')}. {last}"]  # fmt: skip
        return self._rng.choices(ways, [14, 1, 1, 1, 1, 1, 1])[0]

    def city(self, fake: Faker) -> str:
        """Return a town, in capitals now and then, as the post has them."""
        town = latin(fake.city())
        if any("\u0600" <= c < "\u1e00" or c > "\u2fff" for c in town):
            return self.city(self.of["en"][0])
        return town.upper() if self._rng.random() < 0.15 else town

    def street(self, fake: Faker) -> str:
        """Return a street without a number."""
        rng = self._rng
        if rng.random() < 0.35:
            return latin(fake.street_name())
        stem = rng.choice((self.last, self.first, self.city))(self.anyone()).split()[-1].title()
        if rng.random() < 0.15:
            stem = f"{self.first(fake)} {stem}"
        return rng.choice(_STREETS).format(stem)

    def line(self, fake: Faker) -> str:
        """Return a street with its number before it, behind it or both, or a box."""
        rng = self._rng
        drawn = rng.random()
        if drawn < 0.3 and self._names[id(fake)].lower() in _AT_HOME:
            return latin(fake.street_address()).replace("\n", rng.choice((", ", " ", "\n ")))
        if drawn < 0.4:
            return rng.choice(_BOXES).format(rng.randint(1, 9_999))
        number = self._number()
        street = self.street(fake)
        return rng.choices(
            [f"{number} {street}", f"{street} {number}", f"{number}, {street}",
             f"{street}, {number}", f"{number} {street} {self._number()}"],
            [5, 5, 1, 1, 3],
        )[0]  # fmt: skip

    def address(self, fake: Faker, country: Callable[[], str]) -> str:
        """Return an address as it is written in a country, or its parts in some order."""
        rng = self._rng
        if rng.random() < 0.3 and self._names[id(fake)].lower() in _AT_HOME:
            parts = latin(fake.address()).split("\n")
        else:
            parts = [self.line(fake), *self._town(fake)]
        if rng.random() < 0.25:
            unit = rng.choice(_UNITS).format(d=rng.randint(1, 990))
            parts.insert(rng.choice((0, 1, 1, 1)), unit)
        if rng.random() < 0.2:
            parts[0] = f"{self._number()} {parts[0]}"
        if rng.random() < 0.3:
            parts.append(country())
            if rng.random() < 0.4:
                parts[-1] += f" {self.postcode()}"
        return self._together(parts)

    def postcode(self) -> str:
        """Return something of the form of a postcode."""
        rng = self._rng
        form = rng.choice(_POSTCODES).replace("????", rng.choice(("SW1A", "M", "EC2", "LS")))
        digits = (rng.choice("0123456789") if c == "#" else c for c in form)
        return "".join(rng.choice("ABCDEFGHJKLMNPRSTVWXY") if c == "?" else c for c in digits)

    def _town(self, fake: Faker) -> list[str]:
        rng, town = self._rng, self.city(fake)
        region = rng.choice(("CA", "TX", "NY", "NSW", "ON", "PO", "MI", "QLD", "BA", "RM", "MN"))
        code = self.postcode()
        return rng.choice(
            ([], [town], [f"{code} {town}"], [f"{town} {code}"], [town, code], [code, town],
             [f"{town} {region} {code}"], [town, f"{region} {code}"], [f"{town}, {region}"])
        )  # fmt: skip

    def _number(self) -> str:
        rng = self._rng
        number = str(rng.randint(1, rng.choice((9, 99, 99, 300, 5_000))))
        ways = [
            number,
            number.zfill(2),
            f"{number}{rng.choice('ABCab')}",
            f"{number}/{rng.randint(1, 40)}",
        ]
        return rng.choices(
            [*ways, f"{number}-{rng.randint(1, 90)}", f"{number}."], [14, 2, 2, 1, 1, 1]
        )[0]

    def _together(self, parts: list[str]) -> str:
        rng = self._rng
        joint = rng.choice((", ", ", ", "\n", " ", "\n ", ",\n", " , "))
        if rng.random() < 0.15:
            return "".join(p + rng.choice((", ", " ", "\n")) for p in parts[:-1]) + parts[-1]
        return joint.join(parts)


def latin(text: str) -> str:
    """Return Cyrillic and Greek letters in Latin ones, everything else as it is."""
    if text.isascii() or all(ord(c) < 0x250 for c in text):
        return text
    bare = "".join(
        c if c in "йЙїЇёЁ" else unicodedata.normalize("NFD", c)[0]
        for c in unicodedata.normalize("NFC", text)
    )
    return "".join(_written(c) for c in bare)


def _written(letter: str) -> str:
    other = _LATIN.get(letter.lower(), letter)
    return other if letter.islower() else other.capitalize()


def _drawn(fake: Faker, *ways: str) -> str:
    """Return what the first of Faker's ways gives that the country has."""
    name = next(way for way in ways if hasattr(fake, way))
    return str(getattr(fake, name)())
