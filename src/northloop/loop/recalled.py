"""What people have said since a release was learnt, in the memory of each tenant at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from threading import Lock
from weakref import WeakMethod

from northloop.core.grounds import Vouched
from northloop.core.ids import Hash
from northloop.core.interaction import ApprovedAnswer, Rejection, Verdict, Withdrawal
from northloop.core.treatment import Treatment
from northloop.loop.parts import Parts
from northloop.loop.relearnt import Relearnt
from northloop.loop.replaced import Replacements, heeding
from northloop.loop.said_since import cases, refusals
from northloop.ports.heads import Head
from northloop.ports.treatments import Treating
from northloop.stages.monitoring.review import taught_by
from northloop.stages.serving.agreeing import together
from northloop.stages.serving.memory import Memory

SAID = (ApprovedAnswer, Withdrawal, Vouched, Rejection, Verdict)
"""The records that a memory follows."""
Opening = Callable[[], Mapping[Treatment, Treating]]
TENANTS = 64
"""So many tenants' memories are held."""


class Recalled:
    """The treatments of a pair as each tenant's customers are answered; safe for threads."""

    def __init__(
        self, parts: Parts, open_: Opening, passages: Collection[Hash], knowledge: Hash = ""
    ) -> None:
        """`passages` are the content hashes of what the documents say, `knowledge` whose."""
        self._parts = parts
        self._open = open_
        self._opened = open_()
        self._passages = frozenset(passages)
        self._knowledge = knowledge
        self._replaced = Replacements(parts, knowledge)
        self._lock = Lock()
        self._known: dict[str, tuple[int, Memory]] = {}
        """Tenant → as of which version of the records, and its memory."""
        self._relearnt = self._relearning()

    def __call__(self, tenant: str, unsaid: Collection[str] = ()) -> Mapping[Treatment, Treating]:
        """Return the treatments for customers of a tenant, by all that was said until now, as if
        some verdicts (their ids) had not been given."""
        opened = self._opened
        memory = opened.get(Treatment.MEMORY)
        if not isinstance(memory, Memory):
            return self._heeding(opened, tenant, unsaid)
        # Read before the records: what comes in between is read again, never missed.
        version = self._parts.records.changes(*SAID)
        with self._lock:
            known = self._known.get(tenant)
        if known is None or known[0] != version:
            before = memory if known is None else known[1]
            since = cases(self._parts, self._passages, tenant, self._knowledge)
            said = version, before.saying(since, refusals(self._parts.records, tenant))
            self._keep(tenant, known, said, opened)
            known = said
        told = self._without(known[1], unsaid) if unsaid else known[1]
        return self._heeding(together({**opened, Treatment.MEMORY: told}), tenant, unsaid)

    def _heeding(
        self, ways: Mapping[Treatment, Treating], tenant: str, unsaid: Collection[str]
    ) -> Mapping[Treatment, Treating]:
        """The treatments, unsure of what people replaced."""
        return heeding(ways, self._replaced(tenant, unsaid))

    def is_replaced(self, tenant: str, text: str, since: str) -> bool:
        """Whether people have replaced a sentence of a text for a tenant's customers since."""
        return self._replaced(tenant).has(text, since)

    def _without(self, memory: Memory, unsaid: Collection[str]) -> Memory:
        """A memory without what came of verdicts."""
        records = self._parts.records
        refused = records.query(Rejection, {"verdict_id": [*unsaid]}).rows
        return memory.without(taught_by(records, unsaid), {no.rejection_id for no in refused})

    def head(self, tenant: str) -> Head | None:
        """Return what tells a tenant's questions apart, if reviewers there named some since.

        None where what was sealed knows as much.
        """
        with self._lock:
            known, memory = self._known.get(tenant), self._opened.get(Treatment.MEMORY)
        if known is None or not isinstance(memory, Memory) or known[1].head is memory.head:
            return None
        return known[1].head

    def settle(self, seconds: float) -> bool:
        """Return whether all heads know what reviewers named, after at most so many seconds."""
        return self._relearnt is None or self._relearnt.wait(seconds)

    def _keep(
        self,
        tenant: str,
        before: tuple[int, Memory] | None,
        said: tuple[int, Memory],
        opened: Mapping[Treatment, Treating],
    ) -> bool:
        """Keep a tenant's memory, unless another one took the place of what it was made of."""
        with self._lock:
            # What was opened before may remember who is gone.
            if opened is not self._opened or self._known.get(tenant) is not before:
                return False
            self._known.pop(tenant, None)
            self._known[tenant] = said
            while len(self._known) > TENANTS:
                longest = next(iter(self._known))
                del self._known[longest]
                if self._relearnt is not None:
                    self._relearnt.leave(longest)
            if self._relearnt is not None:
                self._relearnt.follow(tenant, said[1].named_since())
        return True

    def _relearning(self) -> Relearnt | None:
        memory, heads = self._opened.get(Treatment.MEMORY), self._parts.heads
        if heads is None or not isinstance(memory, Memory):
            return None
        opened, take = self._opened, WeakMethod(self._take)

        def fitted(tenant: str, head: Head | None) -> None:
            still_there = take()
            if still_there is not None:
                still_there(opened, tenant, head)

        return Relearnt(heads, memory, fitted)

    def _take(self, opened: Mapping[Treatment, Treating], tenant: str, head: Head | None) -> None:
        """Let a tenant's memory see through a head from now on."""
        while True:
            with self._lock:
                known = self._known.get(tenant)
            if known is None or known[1].head is head:
                return
            seen = known[0], known[1].with_head(head)
            if self._keep(tenant, known, seen, opened) or opened is not self._opened:
                return

    def close(self) -> None:
        """Learn nothing any more."""
        if self._relearnt is not None:
            self._relearnt.stop()

    def let_go(self) -> None:
        """Drop what the treatments remember of what they were asked and told: open them anew."""
        opened = self._open()
        self._replaced.let_go()
        with self._lock:
            self._opened = opened
            self._known.clear()
            relearnt, self._relearnt = self._relearnt, self._relearning()
        if relearnt is not None:
            relearnt.stop()
