"""The journal of answers: each is kept with its review probability, and some are drawn."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress

from northloop.core.batched import batched
from northloop.core.clock import stamp
from northloop.core.errors import ConfigurationError, RemoteUnavailable
from northloop.core.interaction import Interaction, Origin
from northloop.loop.put_again import without_what_is_known
from northloop.ports.stores import Records
from northloop.stages.monitoring import audits, canary, desk, ledger, tally
from northloop.stages.monitoring.sampling import ReviewBudget, Traffic, draw, with_probability
from northloop.statistics.audited import AuditSpec

_PORTION = 2_000


class _Waiting:
    """An answer that is to be kept, and what it is kept as."""

    def __init__(self, interaction: Interaction) -> None:
        self.interaction = interaction
        self.kept: Future[Interaction] = Future()


class InteractionJournal:
    """Keeps interactions and draws the ones that people review.

    What the draw depends on lies in the store and moves on with each answer, so that several who
    serve from one store lay one line, and nothing is read at the start.
    """

    def __init__(
        self, records: Records, budget: ReviewBudget, promise: AuditSpec | None = None
    ) -> None:
        """`promise` is what the semantic cache promises, where there is one."""
        self._records = records
        self._budget = budget
        self._promise = promise or AuditSpec()
        self._waiting: deque[_Waiting] = deque()
        self._keeping = threading.Lock()
        if _line(records) is None:
            self._begin()

    def find(self, interaction_id: str) -> Interaction | None:
        """Return a kept interaction, None if there is none."""
        return self._records.find(Interaction, interaction_id)

    def keep(self, interaction: Interaction) -> Interaction:
        """Keep an interaction with its review probability, and draw: all or nothing.

        What a customer did not ask is only kept. Return what is kept: of the same request that
        came twice, the first. While one transaction ends, all that come meanwhile wait for the
        next, and share it.
        """
        with self.entering(interaction) as keep:
            return keep()

    @contextmanager
    def entering(self, interaction: Interaction) -> Iterator[Callable[[], Interaction]]:
        """Enter an interaction, and yield what keeps it, see `keep`; uncalled, nothing does.

        Several that one thread has entered before it keeps the first share a transaction, too.
        """
        interaction = without_what_is_known(self._records, interaction)
        if interaction.origin is not Origin.CUSTOMER:
            yield lambda: self._kept_alone(interaction)
            return
        mine = _Waiting(interaction)
        self._waiting.append(mine)
        try:
            yield lambda: self._kept(mine)
        finally:
            if not mine.kept.done():
                with suppress(ValueError):  # Another thread is about to keep it.
                    self._waiting.remove(mine)

    def _kept_alone(self, interaction: Interaction) -> Interaction:
        if self._records.add(interaction):
            return interaction
        return self._records.get(Interaction, interaction.interaction_id)

    def _kept(self, mine: _Waiting) -> Interaction:
        with self._keeping:
            if not mine.kept.done():
                self._keep_waiting()
        return mine.kept.result()

    def hand_over(self, interaction: Interaction) -> None:
        """Let a person have the conversation of a kept answer that is not given again; what a
        customer did not ask waits for nobody."""
        if interaction.origin is Origin.CUSTOMER:
            with self._records.transaction():
                desk.wait_again(self._records, interaction, stamp())

    def _keep_waiting(self) -> None:
        """Keep what waits, together; what cannot be kept so, each by itself.

        So one that cannot be kept takes no other with it. Where the store cannot be reached, all
        are told at once: nobody tries it again for each.
        """
        waiting = []
        while self._waiting:
            waiting.append(self._waiting.popleft())
        try:
            self._keep_together(waiting)
        except (RemoteUnavailable, ConfigurationError) as error:
            _tell(waiting, error)
        except Exception as error:  # noqa: BLE001 (whoever waits is told)
            for one in waiting if len(waiting) > 1 else ():
                try:
                    self._keep_together([one])
                except Exception as its_own:  # noqa: BLE001
                    _tell([one], its_own)
            _tell(waiting, error)
        finally:
            _tell(waiting, RuntimeError("the answer was not kept: the process is ending"))

    def _keep_together(self, waiting: Sequence[_Waiting]) -> None:
        records = self._records
        with records.transaction():
            known = records.get_all(Interaction, (w.interaction.interaction_id for w in waiting))
            new: dict[str, Interaction] = {}
            for one in waiting:
                name = one.interaction.interaction_id
                if name not in known:
                    new.setdefault(name, one.interaction)
            known |= {kept.interaction_id: kept for kept in self._keep_new([*new.values()])}
        for one in waiting:
            one.kept.set_result(known[one.interaction.interaction_id])

    def keep_all(self, interactions: Iterable[Interaction]) -> int:
        """Keep and count what customers asked, many at a time; return how many were new."""
        records, added = self._records, 0
        for some in batched(interactions, _PORTION):
            with records.transaction():
                known = records.get_all(Interaction, (i.interaction_id for i in some))
                new = [i for i in some if i.interaction_id not in known]
                added += len(self._keep_new(new))
            tally.catch_up(records)
        return added

    def _keep_new(self, interactions: Sequence[Interaction]) -> list[Interaction]:
        """Lay the next stretches of the line, keep, draw, let wait; inside a transaction.

        What they count for is counted later (`tally.catch_up`).
        """
        if not interactions:
            return []
        records, so_far = self._records, _line(self._records) or Traffic()
        kept = []
        for interaction in interactions:
            kept.append(with_probability(interaction, self._budget, so_far))
            so_far = so_far.including(kept[-1])
        drawn = [draw(interaction, self._budget) for interaction in kept]
        records.add_all(kept)
        records.add_all([item for item in drawn if item is not None])
        records.replace(so_far)
        desk.follow(records, kept)
        ledger.follow(records, kept)
        canary.follow(records, kept)
        audits.follow(records, kept, self._promise)
        return kept

    def _begin(self) -> None:
        """Note where the line stands: at its beginning, or where an older store has brought it.

        An answer that was kept just before a crash, and not drawn any more, is drawn now.
        """
        records = self._records
        with records.transaction():
            if _line(records) is not None:
                return
            traffic = Traffic()
            for kept in customers(records):
                traffic = traffic.including(kept)
                item = draw(kept, self._budget)
                if item is not None:
                    records.add(item)
            records.replace(traffic)


def _tell(waiting: Iterable[_Waiting], error: Exception) -> None:
    """Tell whoever still waits why nothing was kept."""
    for one in waiting:
        if not one.kept.done():
            one.kept.set_exception(error)


def customers(records: Records) -> Iterator[Interaction]:
    """Yield the interactions with customers, oldest first, without the team's own."""
    where, after, more = {"origin": Origin.CUSTOMER}, "", True
    while more:
        page = records.query(Interaction, where, after=after, limit=_PORTION)
        yield from page.rows
        after, more = page.last, page.more


def _line(records: Records) -> Traffic | None:
    return records.find(Traffic, Traffic().traffic_id)
