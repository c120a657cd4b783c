"""What fills a field for a person is a name, what fills one for a thing is none."""

from __future__ import annotations

import pytest

from northloop.core.conversation import Document
from northloop.stages.data.sensitive import Redactor, own_names
from northloop.stages.data.sensitive.fields import fields, is_labelled

OWN = own_names([Document("field", "Grace Field", "Grace Field is a meadow.")])


@pytest.mark.parametrize(
    "label",
    ["Customer", "Contact", "Client", "Kunde", "Passenger", "Ordered by", "Klant", "Pasażer"],
)
def test_somebody_who_is_called_as_an_article_is(label: str) -> None:
    redacted = Redactor("redact", own=OWN).redact(f"{label}: Grace Field\nthe lid is loose").text
    assert redacted == f"{label}: [NAME]\nthe lid is loose"


@pytest.mark.parametrize("before", ["Ordered by", "Signed,", "It was booked by"])
def test_who_did_it_is_called_as_an_article_is(before: str) -> None:
    assert Redactor("redact", own=OWN).redact(f"{before} Grace Field").text == f"{before} [NAME]"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kunde: Gesine Quast\nAnliegen: Rückgabe", "Gesine Quast"),
        ("Cliente: Tariq al-Masri\nMotivo: reso", "Tariq al-Masri"),
        ("Cliente: Duarte Nuno de Vasconcelos\nMotivo: troca", "Duarte Nuno de Vasconcelos"),
        ("NL02 ABNA 0123 4567 89, t.n.v. Hinemoa Parata.", "Hinemoa Parata"),
        ("Passenger: J. P. Thistlewood", "J. P. Thistlewood"),
        ("Kunde: max mustermann\nProblem: Lieferung", "max mustermann"),
        ("klant: jan de vries", "jan de vries"),
        ("kund: anna svensson, retur", "anna svensson"),
    ],
)
def test_a_name_fills_a_field(text: str, name: str) -> None:
    assert [span.text for span in fields(text)] == [name]
    assert is_labelled(text, text.index(name)) or "t.n.v." in text


@pytest.mark.parametrize(
    "text",
    [
        "Customer: Still Waiting",
        "Kunde: sehr verärgert",
        "klant: kan niet inloggen",
        "Customer: rose petals missing",
        "Contact: may be reached by phone",
        "Customer: Business",
        "Client: Desktop App",
        "Kunde: Falsche Lieferung",
        "Klant: Verkeerde Levering",
        "Passenger: Two Adults",
        "Contact: Sales Team",
        "the other client: Nnamdi Okwuosa calls",
    ],
)
def test_roles_and_talk_are_no_names(text: str) -> None:
    assert not list(fields(text))


@pytest.mark.parametrize(
    "text",
    [
        "Product name: Clay Club",
        "Nom du produit : Atelier Argile",
        "Nombre del producto: Kestrel Haven",
        "Produktname: Kestrel Haven",
    ],
)
def test_what_a_product_is_called(text: str) -> None:
    assert Redactor("redact").redact(text).text == text
