"""The journal of answers: each is kept with its review probability, then some are drawn."""

from __future__ import annotations

import threading

from northloop.core.errors import NotFound
from northloop.core.interaction import Interaction
from northloop.ports.stores import Records
from northloop.stages.monitoring.sampling import (
    ReviewBudget,
    Traffic,
    draw,
    with_probability,
)

PLAYGROUND = "playground"
"""The tenant of questions that the team asks itself: kept, but neither sampled nor counted."""


class InteractionJournal:
    """Keeps interactions and draws the ones that people review."""

    def __init__(self, records: Records, budget: ReviewBudget) -> None:
        self._records = records
        self._budget = budget
        self._lock = threading.Lock()
        self._traffic = Traffic.of(customers(records))

    def find(self, interaction_id: str) -> Interaction | None:
        try:
            return self._records.get(Interaction, interaction_id)
        except NotFound:
            return None

    def keep(self, interaction: Interaction) -> Interaction:
        """Log the review probability, keep the interaction, then draw."""
        if interaction.tenant == PLAYGROUND:
            self._records.add(interaction, subject=PLAYGROUND)
            return interaction
        with self._lock:
            kept = with_probability(interaction, self._budget, self._traffic)
            if not self._records.add(kept, subject=kept.conversation_id):
                # The same request came twice at once; what was kept first is the answer.
                return self._records.get(Interaction, kept.interaction_id)
            self._traffic = self._traffic.including(kept)
        self.draw_again(kept)
        return kept

    def draw_again(self, kept: Interaction) -> None:
        """Put an interaction into the review queue if it is drawn; the same answer every time."""
        item = draw(kept, self._budget)
        if item is not None:
            self._records.add(item, subject=item.interaction_id)

    def draw_missed(self) -> None:
        """Draw what was kept before a crash and not drawn any more."""
        for kept in customers(self._records):
            self.draw_again(kept)


def customers(records: Records) -> list[Interaction]:
    """Return the interactions with customers, oldest first, without the team's own."""
    return [i for i in records.list(Interaction) if i.tenant != PLAYGROUND]
