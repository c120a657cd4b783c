"""What is known of cached answers that may be said again to other words, kept with the answers.

Each answer that was made afresh beside a cached one is a label, in the transaction that keeps the
answer: an audit where one was drawn, else one that the score is learnt from. What follows from
audits (the policy, its certificate, the fuse) moves on in the same transaction, so that several who
serve from one store have one policy, and it is there after a restart. Labels hold no words.

A reviewer's verdict stands above the comparison: what says the same as a wrong answer is wrong. One
on a drawn answer that was served from the cache feeds the fuse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from northloop.core.ids import Hash, derived_id
from northloop.core.interaction import Interaction, Near, ReviewItem, Source, Verdict, VerdictKind
from northloop.core.treatment import Treatment
from northloop.ports.catalogue import note
from northloop.ports.stores import Records
from northloop.stages.monitoring.tally import counting
from northloop.statistics.audited import AuditSpec, CacheStanding, Labels, Past, Signs
from northloop.statistics.thresholds import fewest_answered

MOST_PASTS = 5_000
"""So many answers' pasts are kept for a policy, the oldest go first."""
_AUDIT, _TOLD, _JUDGED = "audit", "told", "judged"


@note("release")
class CachePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Where the semantic cache stands for one release, tenant and language."""

    policy: Hash
    release: Hash
    tenant: str
    language: str
    tolerated: float
    """Greatest share of wrong answers among those served that a certificate lets pass."""
    standing: CacheStanding = CacheStanding()

    @property
    def words(self) -> str:
        """It as a person reads it."""
        spec, now = AuditSpec().tolerating(self.tolerated), self.standing
        again = f"; began anew {now.blown} times" if now.blown else ""
        found = now.certificate
        if found is not None:
            return (
                f"certified by {found.answered} audits, {found.wrong} of them wrong: "
                f"{found.coverage:.0%} of what lies near is served{again}"
            )
        least = max(0, fewest_answered(spec.at_first) - now.audits, spec.every - now.since)
        return (
            f"nothing certified after {now.audits} audits, at least {least} more are needed{again}"
        )


@note("shelf")
class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a cached answer would have been wrong, by the fresh one or by its reviewer."""

    interaction_id: str
    shelf: str
    """Names the policy, and whether it is an audit."""
    at: str
    signs: Signs
    wrong: bool


@note("policy")
class AnswerPast(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one cached answer under a policy."""

    past_id: str
    policy: Hash
    past: Past


@note("entry_id")
class Barred(msgspec.Struct, frozen=True, kw_only=True):
    """That an entry of the semantic cache was judged wrong where it was given."""

    interaction_id: str
    """The answer that was judged."""
    entry_id: str
    at: str


def policies(records: Records, release: Hash) -> Sequence[CachePolicy]:
    """Return how the semantic cache stands for a release, by tenant and language."""
    return records.query(CachePolicy, {"release": release}).rows


def standing(records: Records, policy: Hash) -> CacheStanding:
    """Return where a policy stands now."""
    found = records.find(CachePolicy, policy)
    return found.standing if found else CacheStanding()


def past(records: Records, policy: Hash, says: Hash) -> Past:
    """Return what became of an answer under a policy."""
    found = records.find(AnswerPast, _past_id(policy, says))
    return found.past if found else Past()


def barred(records: Records, entry_id: str) -> bool:
    """Return whether a reviewer judged an entry wrong where it was given."""
    return records.count(Barred, {"entry_id": entry_id}) > 0


def follow(records: Records, kept: Sequence[Interaction], spec: AuditSpec) -> None:
    """Take in what answers that were kept just now teach; inside their transaction."""
    for interaction in kept:
        near = interaction.near
        if near is None or near.same is None:
            continue
        label = Compared(
            interaction_id=interaction.interaction_id,
            shelf=_shelf(near.policy, _AUDIT if near.audited else _TOLD),
            at=interaction.at,
            signs=near.signs,
            wrong=not near.same,
        )
        if near.audited:
            _audit(records, interaction, near, label, spec)
        else:
            records.add(label)
            found = past(records, near.policy, near.says)
            found.add(near.similarity, near.same)
            name = _past_id(near.policy, near.says)
            records.replace(AnswerPast(past_id=name, policy=near.policy, past=found))


def judged(records: Records, interaction: Interaction) -> None:
    """Take in that reviewers judge an answer otherwise now; inside a transaction."""
    source, name = interaction.source, interaction.interaction_id
    if source not in (Source.GENERATED, Source.SEMANTIC_CACHE) and interaction.near is None:
        return
    these = {"interaction_id": name}
    verdict = counting(records.query(Verdict, these).rows).get(name)
    is_wrong = verdict is not None and verdict.kind is not VerdictKind.CORRECT
    near = interaction.near
    if verdict is not None and is_wrong and interaction.answers:
        given = near.entry_id if near and source is Source.SEMANTIC_CACHE else name
        records.replace(Barred(interaction_id=name, entry_id=given, at=verdict.at))
    else:
        records.remove(Barred, name)
    if near is None:
        return
    label = records.find(Compared, name)
    if source is Source.SEMANTIC_CACHE:
        drawn = records.count(ReviewItem, {**these, "uniform": True}) > 0
        if verdict is None:
            records.remove(Compared, name)
        elif label is not None:
            if is_wrong and not label.wrong:
                records.replace(msgspec.structs.replace(label, wrong=True))
                _burn(records, near.policy, True)
        elif drawn:
            shelf = _shelf(near.policy, _JUDGED)
            at = verdict.at
            records.add(
                Compared(interaction_id=name, shelf=shelf, at=at, signs=near.signs, wrong=is_wrong)
            )
            _burn(records, near.policy, is_wrong)
    elif label is not None and interaction.treatment == Treatment.GENERATED.value:
        # A verdict on the draft of a treatment is none on what the model said.
        wrong = is_wrong or not near.same
        if wrong != label.wrong:
            records.replace(msgspec.structs.replace(label, wrong=wrong))
            if wrong and near.audited and near.passed:
                _burn(records, near.policy, wrong)


def _audit(
    records: Records, interaction: Interaction, near: Near, label: Compared, spec: AuditSpec
) -> None:
    found = records.find(CachePolicy, near.policy) or CachePolicy(
        policy=near.policy,
        release=interaction.release,
        tenant=interaction.tenant,
        language=interaction.language,
        tolerated=spec.risk.max_wrong,
    )
    before = found.standing
    after = before.audited(near.passed, label.wrong, spec)
    if after.blown != before.blown:
        _clear(records, near.policy)
    else:
        records.add(label)
        if after.is_due(spec):
            told = _labels(records, _shelf(near.policy, _TOLD), spec.told)
            audits = _labels(records, _shelf(near.policy, _AUDIT), spec.window)
            after = after.renewed(told, audits, spec)
            _drop_oldest(records, AnswerPast, {"policy": near.policy}, MOST_PASTS)
    records.replace(msgspec.structs.replace(found, standing=after))


def _burn(records: Records, policy: Hash, wrong: bool) -> None:
    found = records.find(CachePolicy, policy)
    if found is None or found.standing.certificate is None:
        return
    after = found.standing.burnt(wrong, AuditSpec().tolerating(found.tolerated))
    if after.blown != found.standing.blown:
        _clear(records, policy)
    records.replace(msgspec.structs.replace(found, standing=after))


def _labels(records: Records, shelf: str, most: int) -> Labels:
    """Return the newest labels of a shelf, and drop the others."""
    _drop_oldest(records, Compared, {"shelf": shelf}, most)
    labels = Labels(most)
    for one in records.query(Compared, {"shelf": shelf}).rows:
        labels.add(one.signs, one.wrong)
    return labels


def _clear(records: Records, policy: Hash) -> None:
    for kind in (_AUDIT, _TOLD):
        _drop_oldest(records, Compared, {"shelf": _shelf(policy, kind)}, 0)


def _drop_oldest(
    records: Records,
    type_: type[Compared] | type[AnswerPast],
    where: Mapping[str, object],
    most: int,
) -> None:
    spare = records.count(type_, where) - most
    if spare > 0:
        rows: Sequence[Compared | AnswerPast] = records.query(type_, where, limit=spare).rows
        for one in rows:
            name = one.interaction_id if isinstance(one, Compared) else one.past_id
            records.remove(type_, name)


def _shelf(policy: Hash, kind: str) -> str:
    return f"{kind} {policy}"


def _past_id(policy: Hash, says: Hash) -> str:
    return derived_id(policy, says)
