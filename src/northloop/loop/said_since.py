"""What people have said since a release was learnt, as a memory takes it up.

An approved answer is a case that counts more than an agent's reply, an answer that was judged right
one as well, and what was judged wrong is not said again for questions like the one it was judged
for. What was written in the place of an answer that was all but sure waits for the second person:
a slip would speak in a hundred other questions before anybody sees it. A correction that speaks of
somebody in particular, or tells what is done for them, is approved for nobody else: it is a case
like an agent's reply, with all that keeps one customer's values from another. Each holds for the
tenant whose conversation it comes from, as long as what it rests on stands, and nothing that it
says was edited away (`Edited`).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator

import msgspec

from northloop.core.conversation import Message
from northloop.core.ids import Hash
from northloop.core.interaction import Interaction, Rejection, Verdict, VerdictKind
from northloop.core.tenants import bound_by
from northloop.loop.edited import Edited
from northloop.loop.knowledge import all_grounds
from northloop.loop.parts import Parts
from northloop.ports.stores import Records
from northloop.stages.monitoring.approvals import in_force
from northloop.stages.monitoring.review import is_for_one, taught
from northloop.stages.monitoring.second_reads import doubted
from northloop.stages.serving.memory import APPROVED, Case, Refused, case_of, looked_up


def cases(
    parts: Parts, passages: Collection[Hash], tenant: str, knowledge: Hash = ""
) -> Iterator[Case]:
    """Yield the cases that a tenant's memory knows besides those that it was learnt from.

    `passages` are the content hashes of what the documents say, and `knowledge` is whose they are.
    """
    stand, records, edited = frozenset(passages), parts.records, Edited(parts, knowledge)
    grounds = all_grounds(parts)
    open_ = doubted(records)
    approved = [a for a in in_force(records) if a.verdict_id not in open_]
    behind = records.get_all(Verdict, (a.verdict_id for a in approved))
    for answer in approved:
        verdict = behind.get(answer.verdict_id)
        own = grounds(answer)
        stands = stand.issuperset(own.evidence) and not edited.unsays(own.knowledge, answer.answer)
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
    given = [
        v for v in records.query(Verdict, {"skipped": False}).rows if v.verdict_id not in open_
    ]
    judged = records.get_all(Interaction, (verdict.interaction_id for verdict in given))
    # Whoever was forgotten meanwhile is not among those that were judged.
    given = [v for v in given if v.interaction_id in judged]
    binding = [v for v in given if bound_by(tenant, judged[v.interaction_id].tenant)]

    def standing(kind: Container[VerdictKind]) -> Iterator[Case]:
        of = {verdict.verdict_id: verdict for verdict in binding if verdict.kind in kind}
        for row in taught(records, [*of.values()], tenant):
            verdict = of[row.origin[0].partition(":")[2]]
            kept = judged[verdict.interaction_id]
            if stand.issuperset(kept.evidence) and not edited.unsays(kept.knowledge, row.reply):
                yield case_of(row, verdict.at)

    yield from standing({VerdictKind.CORRECT})
    for case in standing({VerdictKind.INCORRECT, VerdictKind.NEEDS_REPHRASING}):
        if is_for_one(case.asked, case.reply):
            yield msgspec.structs.replace(case, judged=False, support=1)


def refusals(records: Records, tenant: str) -> Iterator[Refused]:
    """Yield what was judged wrong for a tenant's customers."""
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
