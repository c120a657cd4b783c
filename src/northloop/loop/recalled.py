"""What people have said since a release was learnt, in the memory of each tenant at once.

An approved answer is a case that counts more than an agent's reply, an answer that was judged right
one as well, and what was judged wrong is not said again for questions like the one it was judged
for. Each holds for the tenant whose conversation it comes from, as long as what it rests on stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from threading import Lock
from weakref import WeakMethod

from northloop.core.conversation import Message
from northloop.core.grounds import Vouched
from northloop.core.ids import Hash
from northloop.core.interaction import (
    ApprovedAnswer,
    Interaction,
    Rejection,
    Verdict,
    VerdictKind,
    Withdrawal,
)
from northloop.core.tenants import bound_by
from northloop.core.treatment import Treatment
from northloop.loop.knowledge import all_grounds
from northloop.loop.parts import Parts
from northloop.loop.relearnt import Relearnt
from northloop.ports.heads import Head
from northloop.ports.treatments import Treating
from northloop.stages.monitoring.approvals import in_force
from northloop.stages.monitoring.review import taught
from northloop.stages.serving.agreeing import together
from northloop.stages.serving.memory import APPROVED, Case, Memory, Refused, case_of, looked_up

SAID = (ApprovedAnswer, Withdrawal, Vouched, Rejection, Verdict)
"""The records that a memory follows."""
Opening = Callable[[], Mapping[Treatment, Treating]]
_OF_VERDICT = "verdict:"
"""Before the verdict that an approved answer came of."""
TENANTS = 64
"""So many tenants' memories are held."""


class Recalled:
    """The treatments of a pair as each tenant's customers are answered; safe for threads."""

    def __init__(self, parts: Parts, open_: Opening, passages: Collection[Hash]) -> None:
        """`passages` are the content hashes of what the documents say."""
        self._parts = parts
        self._open = open_
        self._opened = open_()
        self._passages = frozenset(passages)
        self._lock = Lock()
        self._known: dict[str, tuple[int, Memory]] = {}
        """Tenant → as of which version of the records, and its memory."""
        self._relearnt = self._relearning()

    def __call__(self, tenant: str) -> Mapping[Treatment, Treating]:
        """Return the treatments for customers of a tenant, by all that was said until now."""
        opened = self._opened
        memory = opened.get(Treatment.MEMORY)
        if not isinstance(memory, Memory):
            return opened
        # Read before the records: what comes in between is read again, never missed.
        version = self._parts.records.changes(*SAID)
        with self._lock:
            known = self._known.get(tenant)
        if known is None or known[0] != version:
            before = memory if known is None else known[1]
            said = version, before.saying(self._cases(tenant), self._refused(tenant))
            self._keep(tenant, known, said, opened)
            known = said
        return together({**opened, Treatment.MEMORY: known[1]})

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
        with self._lock:
            self._opened = opened
            self._known.clear()
            relearnt, self._relearnt = self._relearnt, self._relearning()
        if relearnt is not None:
            relearnt.stop()

    def _cases(self, tenant: str) -> Iterator[Case]:
        records = self._parts.records
        grounds = all_grounds(self._parts)
        approved = in_force(records)
        behind = records.get_all(Verdict, (a.origin.removeprefix(_OF_VERDICT) for a in approved))
        for answer in approved:
            verdict = behind.get(answer.origin.removeprefix(_OF_VERDICT))
            stands = self._passages.issuperset(grounds(answer).evidence)
            if bound_by(tenant, answer.tenant) and stands:
                yield Case(
                    case_id=answer.approved_id,
                    asked=looked_up([Message("user", answer.question)]),
                    reply=answer.answer,
                    intent=verdict.intent if verdict else "",
                    support=APPROVED,
                    judged=True,
                    at=answer.at,
                    origin=(answer.origin,),
                )
        right = records.query(Verdict, {"kind": VerdictKind.CORRECT, "skipped": False}).rows
        of = {f"confirmed:{verdict.verdict_id}": verdict for verdict in right}
        judged = records.get_all(Interaction, (verdict.interaction_id for verdict in right))
        # Whoever was forgotten meanwhile is not among those that were judged.
        right = [v for v in right if v.interaction_id in judged]
        binding = [v for v in right if bound_by(tenant, judged[v.interaction_id].tenant)]
        for row in taught(records, binding, tenant):
            verdict = of[row.origin[0]]
            if self._passages.issuperset(judged[verdict.interaction_id].evidence):
                yield case_of(row, verdict.at)

    def _refused(self, tenant: str) -> Iterator[Refused]:
        records = self._parts.records
        bound = [r for r in records.query(Rejection).rows if bound_by(tenant, r.tenant)]
        verdicts = records.get_all(Verdict, (rejection.verdict_id for rejection in bound))
        judged = records.get_all(Interaction, (v.interaction_id for v in verdicts.values()))
        for rejection in bound:
            verdict = verdicts.get(rejection.verdict_id)
            kept = judged.get(verdict.interaction_id) if verdict else None
            if kept is not None:
                yield Refused(
                    refused_id=rejection.rejection_id,
                    asked=looked_up([Message("user", kept.question)]),
                    reply=rejection.answer,
                    at=rejection.at,
                )
