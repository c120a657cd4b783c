"""Invented numbers with valid checksums: cards, IBANs, national ids, and secrets people type.

Card check digit: ISO/IEC 7812-1 (Luhn). IBAN check digits: ISO 13616 / ISO 7064 mod 97-10.
"""

from __future__ import annotations

from random import Random

_IBAN_BBAN = {
    "Germany": ("DE", "##################"),
    "Austria": ("AT", "################"),
    "Switzerland": ("CH", "#################"),
    "the Netherlands": ("NL", "LARK##########"),
    "Belgium": ("BE", "############"),
    "France": ("FR", "#######################"),
    "Italy": ("IT", "L######################"),
    "Spain": ("ES", "####################"),
    "Poland": ("PL", "########################"),
    "the United Kingdom": ("GB", "LARK##############"),
    "Ireland": ("IE", "LARK##############"),
    "Norway": ("NO", "###########"),
}
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def digits(pattern: str, rng: Random) -> str:
    """The pattern with each `#` replaced by a digit and each `@` by a capital letter."""
    return "".join(
        str(rng.randrange(10)) if c == "#" else rng.choice(_LETTERS) if c == "@" else c
        for c in pattern
    )


def luhn_valid(number: str) -> bool:
    """Whether the digits of a card number pass the Luhn check."""
    total = 0
    for place, char in enumerate(reversed([c for c in number if c.isdigit()])):
        value = int(char) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def card_number(rng: Random) -> str:
    """A Luhn-valid card number from the ranges that payment providers use for tests."""
    body = digits(rng.choice(("42424242#######", "55555555#######", "40000566#######")), rng)
    full = next(body + str(d) for d in range(10) if luhn_valid(body + str(d)))
    groups = [full[i : i + 4] for i in range(0, 16, 4)]
    return rng.choice((" ", " ", "-", "")).join(groups)


def iban(country: str, rng: Random) -> str:
    """An invented IBAN with a valid checksum, in the format of the country."""
    code, pattern = _IBAN_BBAN[country]
    bban = digits(pattern, rng)
    check = 98 - int("".join(str(int(c, 36)) for c in f"{bban}{code}00")) % 97
    compact = f"{code}{check:02d}{bban}"
    if rng.random() < 0.3:
        return compact
    return " ".join(compact[i : i + 4] for i in range(0, len(compact), 4))


def national_id(country: str, rng: Random) -> str:
    """An invented national id in the format of the country, with its check digit where easy."""
    match country:
        case "Spain":
            number = rng.randrange(10_000_000, 99_999_999)
            return f"{number}{_DNI_LETTERS[number % 23]}"
        case "the United Kingdom":
            return digits("QQ ## ## ## ", rng) + rng.choice("ABCD")
        case "Poland":
            body = digits("8#0#1######"[:10], rng)
            weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
            total = sum(int(d) * w for d, w in zip(body, weights, strict=True))
            return f"{body}{-total % 10}"
        case "the Netherlands":
            while True:
                body = digits("1#######", rng)
                check = sum(int(d) * w for d, w in zip(body, range(9, 1, -1), strict=True)) % 11
                if check < 10:
                    return f"{body}{check}"
        case _:
            return digits("L@##@##T##", rng)


def passport(rng: Random) -> str:
    """An invented passport number."""
    return digits(rng.choice(("C@#@##@##", "@@#######", "#########")), rng)


def password(rng: Random) -> str:
    """A password of the kind that people type into a message."""
    word = rng.choice(("Gipfel", "summer", "Murmeltier", "hunter", "Fjell", "bergfex", "Nordpol"))
    tail = rng.choice(("!", "#", "$", "?", "_x"))
    return f"{word}{rng.randrange(10, 2026)}{tail}"


def api_key(rng: Random) -> str:
    """A key of the shop's partner interface."""
    return f"lfk_{rng.getrandbits(128):032x}"
