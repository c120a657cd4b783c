"""A page of questions on many things is an article a question; one on a topic stays one."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.stages.data.documents import Unread, passages, read_folder
from northloop.stages.data.question_pages import questions_of

HELP = """# Centro de ayuda

Escríbanos si falta algo.

## Hoteles

### ¿A qué hora es la entrada?

A las 15:00.

### ¿Puedo pedir una cuna?

Sí, gratis.

## Vuelos

### ¿Cuándo se abre el check-in?

48 horas antes.

### Bebés

Pagan 28 euros.
"""


def test_each_question_is_an_article(tmp_path: Path) -> None:
    (tmp_path / "ayuda.md").write_text(HELP)
    read = read_folder(tmp_path)
    assert [(one.document_id, one.title, one.text) for one in read.documents][:2] == [
        ("ayuda/1", "Centro de ayuda", "Escríbanos si falta algo."),
        ("ayuda/2", "Hoteles › ¿A qué hora es la entrada?", "A las 15:00."),
    ]
    assert [one.title for one in read.documents][2:] == [
        "Hoteles › ¿Puedo pedir una cuna?",
        "Vuelos › ¿Cuándo se abre el check-in?",
        "Vuelos › Bebés",
    ]
    assert {one.title for one in passages(read.documents)} == {d.title for d in read.documents}
    assert Unread("ayuda.md", "").held("ayuda/2") and not Unread("ayuda.md", "").held("ayuda/x")


@pytest.mark.parametrize(
    "title",
    ["FAQ", "Help center – Alpen Shop", "Preguntas frecuentes", "Häufig gestellte Fragen", "Ajuda"],
)
def test_what_such_pages_are_called(title: str) -> None:
    assert len(questions_of(title, HELP.replace("Centro de ayuda", title))) == 5


@pytest.mark.parametrize("title", ["Hoteles", "Preguntas sobre el equipaje", "Returns FAQ", ""])
def test_a_page_on_a_topic_is_one_article(title: str) -> None:
    assert questions_of(title, HELP.replace("Centro de ayuda", title)) == []


def test_a_page_whose_headings_do_not_ask_is_one_article() -> None:
    text = HELP.replace("?", "").replace("¿", "")
    assert questions_of("Centro de ayuda", text) == []


def test_a_heading_in_code_is_text() -> None:
    text = HELP + "\n```\n# ¿No?\n```\n"
    assert len(questions_of("Centro de ayuda", text)) == 5
