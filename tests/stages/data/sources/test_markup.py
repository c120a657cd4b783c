"""XML as JSON would say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.core.conversation import RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.sources import SourceFile, layout, read
from northloop.stages.data.sources.markup import BrokenXml, value_of

RAILS = """<?xml version="1.0" encoding="UTF-8"?>
<!-- As Freshdesk and Redmine write lists. -->
<helpdesk-tickets type="array">{}</helpdesk-tickets>
"""
TICKET = """
<helpdesk-ticket><id type="integer">{n}</id><description>{ask}</description>
 <closed-at type="datetime">2026-03-0{n}T10:00:00Z</closed-at><due nil="true"/>
 <helpdesk-notes type="array">{notes}</helpdesk-notes></helpdesk-ticket>"""
NOTE = (
    "<helpdesk-note><body>{}</body><incoming type='boolean'>{}</incoming>"
    "<private type='boolean'>{}</private></helpdesk-note>"
)


def test_elements_are_fields_and_lists() -> None:
    assert value_of(
        ["<a x='1'><b>t</b><b nil='true'/><c><d>1</d>", "</c><n:e y='2'>see <i>it</i></n:e></a>"]
    ) == {
        "a": {"x": "1", "b": ["t", ""], "c": {"d": "1"},
              "e": {"y": "2", "value": "see it"}}
    }  # fmt: skip


def test_a_list_of_one_is_a_list_where_another_has_two() -> None:
    one, two = "<t><cs><c>1</c></cs></t>", "<t><cs><c>1</c><c>2</c></cs></t>"
    assert value_of([f"<ts>{one}{two}</ts>"]) == {"ts": [{"cs": ["1"]}, {"cs": ["1", "2"]}]}


def test_an_emoji_in_two_halves_is_one_character() -> None:
    assert value_of(["<a>&#55357;&#56832; &#55357;</a>"]) == {"a": "\U0001f600 \ufffd"}


@pytest.mark.parametrize(
    "text",
    [
        "<a><b></a>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<a>" * 500 + "</a>" * 500,
        "",
    ],
)
def test_what_is_broken_or_unfolds_is_refused(text: str) -> None:
    with pytest.raises(BrokenXml):
        value_of([text])


def test_tickets_in_xml_are_conversations_without_notes(tmp_path: Path) -> None:
    tickets = [
        TICKET.format(n=n, ask=f"Where is parcel {n}?", notes="".join((
            NOTE.format("SECRET it is lost", "false", "true"),
            NOTE.format(f"Parcel {n} comes &lt;b&gt;tomorrow&lt;/b&gt;.", "false", "false"),
            NOTE.format("At noon?", "true", "false"),
            NOTE.format("At ten.", "false", "false"),
        )[: 4 if n % 2 else 2]))
        for n in range(1, 7)
    ]  # fmt: skip
    path = tmp_path / "tickets.xml"
    path.write_text(RAILS.format("".join(tickets)))
    assert not layout(SourceFile(path)).unsure
    found = [t for t in read(SourceFile(path)) if isinstance(t, RawTicket)]
    assert "SECRET" not in str(found)
    assert (found[0].question, found[0].reply) == (
        "Where is parcel 1?", "Parcel 1 comes <b>tomorrow</b>.")  # fmt: skip
    assert found[0].closed_at == "2026-03-01T10:00:00Z"
    assert len([t for t in found if t.reply]) == 9


def test_xml_that_is_torn_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "tickets.xml"
    path.write_text("<tickets><ticket>")
    with pytest.raises(InputError, match="no XML that can be read") as error:
        layout(SourceFile(path))
    assert "CSV" in error.value.action
