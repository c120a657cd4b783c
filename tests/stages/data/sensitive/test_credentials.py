"""Passwords and PINs in ten languages, and what is only said of them."""

from __future__ import annotations

import pytest

from northloop.stages.data.sensitive import Sensitive, detect


def _secrets(text: str) -> list[str]:
    return [s.text for s in detect(text) if s.type is Sensitive.SECRET]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("mon mot de passe est tournesol", "tournesol"),
        ("mot de passe : Tournesol7!", "Tournesol7"),
        ("mon mot de passe c'est azerty12", "azerty12"),
        ("mi contraseña es girasoles", "girasoles"),
        ("la clave es perrito22", "perrito22"),
        ("la clave es 4821", "4821"),
        ("Mein Passwort lautet Sommerregen", "Sommerregen"),
        ("die Geheimzahl ist 4821", "4821"),
        ("la mia password è tramonto.", "tramonto"),
        ("a minha palavra-passe é girassol", "girassol"),
        ("mijn wachtwoord is zonnebloem", "zonnebloem"),
        ("moje hasło to slonecznik", "slonecznik"),
        ("mitt lösenord är sommarregn", "sommarregn"),
        ("le code secret est 9931", "9931"),
        ("el código de verificación es 482193", "482193"),
    ],
)
def test_a_secret_is_found(text: str, secret: str) -> None:
    assert _secrets(text) == [secret]


@pytest.mark.parametrize(
    "text",
    [
        "mot de passe oublié",
        "mon mot de passe est incorrect",
        "le mot de passe est obligatoire pour se connecter",
        "la contraseña es incorrecta",
        "la clave es importante para nosotros",
        "Das Passwort ist abgelaufen",
        "la password è scaduta",
        "a minha senha é inválida",
        "mijn wachtwoord is verlopen",
        "moje hasło jest nieprawidłowe",
        "mitt lösenord är fel",
        "code promo SUMMER20",
    ],
)
def test_what_is_said_of_passwords_stays(text: str) -> None:
    assert _secrets(text) == []


@pytest.mark.parametrize("text", ["mi contraseña es segura", "mein Passwort ist sicher"])
def test_that_a_password_is_safe_gives_none_away(text: str) -> None:
    assert _secrets(text) == []
