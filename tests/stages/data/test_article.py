"""Whether an article is for customers, by what it says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from bounded import bounded
from northloop.stages.data.article import says_apart
from northloop.stages.data.documents import read_folder


@pytest.mark.parametrize(
    "front",
    [
        "draft: true",
        "published: false",
        "status: draft",
        "visibility: internal",
        "audience: [staff]",
    ],
)
def test_a_page_that_calls_itself_a_draft_is_left_out(tmp_path: Path, front: str) -> None:
    (tmp_path / "soon.md").write_text(f"---\ntitle: Soon\n{front}\n---\nPrices rise.")
    (tmp_path / "now.md").write_text("---\ndraft: false\nstatus: reviewed\n---\nText.")
    reading = read_folder(tmp_path)
    assert [one.document_id for one in reading.documents] == ["now"]
    [problem] = reading.problems
    assert problem.startswith('soon.md: "Soon" was left out')


@pytest.mark.parametrize(
    ("title", "text", "apart"),
    [
        ("Goodwill (agents only)", "Up to £50.", True),
        ("Goodwill", "# Goodwill\n\n**INTERNAL.** Up to £50.", True),
        ("Goodwill", "For internal use only\n\nUp to £50.", True),
        ("DRAFT - prices", "They rise.", True),
        ("Coulance (alleen voor medewerkers)", "Tot € 100.", True),
        ("Coulance", "# Coulance\n\nVoor intern gebruik. Tot € 100.", True),
        ("Coulance", "Niet delen met klanten!\n\nTot € 100.", True),
        ("Kulanz - nur für Mitarbeiter", "Bis 100 €.", True),
        ("Kulanz", "Für den internen Gebrauch\n\nBis 100 €.", True),
        ("Gestes commerciaux (réservé au personnel)", "Jusqu'à 100 €.", True),
        ("Compensaciones (solo para empleados)", "Hasta 100 €.", True),
        ("Compensaciones", "Uso interno\n\nHasta 100 €.", True),
        ("Rimborsi", "Solo per il personale.\n\nFino a 100 €.", True),
        ("Compensações (somente para funcionários)", "Até 100 €.", True),
        ("Rekompensaty", "Tylko dla pracowników\n\nDo 100 zł.", True),
        ("Goodwill", "Endast för internt bruk\n\nUpp till 100 kr.", True),
        ("返金の目安【社外秘】", "一万円まで。", True),
        ("退款标准（仅供内部使用）", "最多一百元。", True),
        ("Voor medewerkers van Heuvel geldt korting", "Vijf procent.", False),
        ("Interne verlichting", "Een lamp in het frame.", False),
        ("Uw fiets", "Voor medewerkers die verhuizen verandert er niets.", False),
        ("Plazas reservadas", "Reservado el derecho de admisión.", False),
        ("Intern parkeren", "Dat kan niet.", False),
        ("Employees", "Add an employee under Team.", False),
        ("Internal doors", "We paint internal doors.", False),
        ("Parking", "The yard is for staff only.", False),
        ("Draft beer", "Five kinds.", False),
    ],
)
def test_a_title_or_a_first_line_says_so(title: str, text: str, apart: bool) -> None:
    assert says_apart(title, text) is apart


def test_a_title_of_blanks_takes_no_time() -> None:
    with bounded():
        assert not says_apart(" " * 100_000, "\n" * 100_000)
