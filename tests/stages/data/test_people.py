"""Whom a row names: its customer and who answers, and not the house in whose name they do."""

from __future__ import annotations

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.rows import people


def row(agent: str) -> RawTicket:
    return RawTicket(
        source="c.zip", row=1, ticket_id="1", question="?", customer_name="Lucía Cobo", agent=agent
    )


@pytest.mark.parametrize("agent", ["Vuelamar Viajes", "Alpen Shop", "Zelt GmbH", "Kundenservice"])
def test_the_house_is_nobody(agent: str) -> None:
    assert people(row(agent)) == ["Lucía Cobo"]


@pytest.mark.parametrize("agent", ["Anna Support", "Rubén Castaño Vila", "Zubiri"])
def test_who_answers_is_somebody(agent: str) -> None:
    assert people(row(agent)) == ["Lucía Cobo", agent]
