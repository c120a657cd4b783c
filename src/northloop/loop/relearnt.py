"""What questions are about, learnt again beside the answering as reviewers name it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Condition, Thread

from northloop.ports.heads import Head, Heads, Relearning
from northloop.stages.serving.memory import Memory

FEWEST = 20
"""So many names make a head where the history has none; of two kinds at least."""
Names = tuple[tuple[str, str], ...]
"""What was asked, and what a person says it is about."""

_log = logging.getLogger("northloop.heads")


class Relearnt:
    """Fits the head of a memory again for each tenant, one at a time and only for what came last.

    Nobody waits for it: until a head is fitted, the one before tells what questions are about.
    """

    def __init__(
        self, heads: Heads, memory: Memory, fitted: Callable[[str, Head | None], None]
    ) -> None:
        """`fitted` is called with each tenant's new head, from a thread of its own."""
        self._heads, self._memory, self._fitted = heads, memory, fitted
        self._waits: dict[str, Names] = {}
        self._begun: dict[str, Names] = {}
        """What each tenant's head was last fitted on, or is being fitted on."""
        self._thread: Thread | None = None
        self._idle = Condition()
        self._relearning: Relearning | None = None

    def follow(self, tenant: str, names: Names) -> None:
        """Fit the tenant's head in a moment, if there are other names than it was fitted on."""
        with self._idle:
            if self._begun.get(tenant, ()) == names:
                return
            self._begun[tenant] = names
            self._waits[tenant] = names
            if self._thread is None:
                self._thread = Thread(target=self._work, name="northloop-heads", daemon=True)
                self._thread.start()

    def leave(self, tenant: str) -> None:
        """Forget a tenant: what is named there next is fitted anew."""
        with self._idle:
            self._begun.pop(tenant, None)
            self._waits.pop(tenant, None)

    def stop(self) -> None:
        """Fit nothing that waits; what is being fitted is told nobody."""
        with self._idle:
            self._waits.clear()
            self._fitted = lambda _tenant, _head: None

    def wait(self, seconds: float) -> bool:
        """Return whether nothing waits to be fitted any more, after at most so many seconds."""
        with self._idle:
            return self._idle.wait_for(lambda: self._thread is None, seconds)

    def _work(self) -> None:
        while True:
            with self._idle:
                if not self._waits:
                    self._thread = None
                    self._idle.notify_all()
                    return
                tenant = next(iter(self._waits))  # who has waited longest
                names = self._waits.pop(tenant)
            try:
                head = self._head(names)
                self._fitted(tenant, head)
            except Exception:  # noqa: BLE001 - the head before goes on telling
                _log.exception("what questions are about was not learnt again")
                self._leave_if(tenant, names)

    def _leave_if(self, tenant: str, names: Names) -> None:
        """Let the next look try again what failed."""
        with self._idle:
            if self._begun.get(tenant) == names:
                del self._begun[tenant]

    def _head(self, names: Names) -> Head | None:
        """Return the head of the history and of these names."""
        texts, labels = [asked for asked, _ in names], [intent for _, intent in names]
        sealed = self._memory.head
        if not names or (sealed is None and (len(names) < FEWEST or len({*labels}) < 2)):
            return sealed
        if sealed is None:
            return self._heads.load(self._heads.fit(texts, labels))
        if self._relearning is None:
            self._relearning = self._heads.relearning(sealed, *self._memory.named())
        return self._relearning(texts, labels)
