"""May an answer be said again to other words? The semantic cache on the answer path.

An audit is drawn from the interaction's id before anything is looked up. Then the nearest answered
questions are looked at, of the same circle, release, background and language; what is outdated,
was judged wrong or is a forgotten customer's is none. The policy (`statistics.audited`) says
whether the first that the guards let pass is served. Whatever is answered afresh is compared with
it, and teaches.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from northloop.core.check import Sense, says_the_same, sense
from northloop.core.ids import Hash, content_hash
from northloop.core.interaction import Asking, CachedAnswer, Near
from northloop.core.question import normalised
from northloop.ports.semantic_cache import Entry, SemanticCache, Vector
from northloop.statistics.audited import AuditSpec, CacheStanding, Past
from northloop.statistics.nearby import LOOKED_AT, Candidate, Known, candidate

Evidence = dict[str, str | float | tuple[str, ...]]
LEAST = 0.0
"""Less similar questions are not looked at."""


class Semantic(msgspec.Struct, frozen=True, kw_only=True):
    """What the semantic cache takes besides the answer path's parts."""

    cache: SemanticCache
    embed: Callable[[str], Vector]
    """A redacted question → what it means."""
    embedder: str
    """Names what embeds; vectors of another one are never compared."""
    spec: AuditSpec
    standing: Callable[[Hash], CacheStanding]
    """Policy → as it is now, for all who serve."""
    past: Callable[[Hash, Hash], Past]
    """Policy, what an answer says → what became of it until now."""
    draw: Callable[[str], float]
    """Interaction → its permanent random number, which nobody outside can know before."""
    barred: Callable[[Entry], bool]
    """Whether a reviewer judged an entry wrong, for whichever question it was given to."""


class CachePlace(NamedTuple):
    """Where a question belongs."""

    circle: str
    release: Hash
    background: str
    language: str

    def space(self, embedder: str) -> Hash:
        """Return what names the entries that may be given to it."""
        return content_hash(["entries", embedder, *self])

    def policy(self, embedder: str, tolerated: float) -> Hash:
        """Return what names the policy: that of all backgrounds is one."""
        whose = [self.circle, self.release, self.language]
        return content_hash(["policy", embedder, tolerated, *whose])


class Looked(NamedTuple):
    """What there was, and what it takes to keep the fresh answer beside it."""

    space: Hash
    vector: Vector
    sense: Sense
    near: Near | None
    entry: Entry | None
    """What `near` is of."""
    standing: CacheStanding
    chance: float
    audited: bool

    def compared(self, fresh: str) -> Near | None:
        """Return what was near, with whether a fresh answer says the same."""
        if self.near is None or self.entry is None:
            return None
        same = says_the_same(fresh, self.entry.answer.answer)
        return msgspec.structs.replace(self.near, same=same)


def look(
    parts: Semantic,
    interaction_id: str,
    question: str,
    place: CachePlace,
    is_usable: Callable[[Entry], bool],
) -> Looked:
    """Return which answer to another question may be given to this one, if one may.

    `is_usable` is asked of what comes into question only.
    """
    policy = place.policy(parts.embedder, parts.spec.risk.max_wrong)
    standing = parts.standing(policy)
    chance = standing.share(parts.spec)
    audited = parts.draw(interaction_id) < chance
    space, vector, own = place.space(parts.embedder), parts.embed(question), sense(question)
    nearest = parts.cache.near(space, vector, LOOKED_AT, LEAST)
    known = {one.entry.entry_id: (one.entry, one.similarity) for one in nearest}
    entry, best = _first(parts, policy, own, known, is_usable)
    near = None
    if entry is not None and best is not None:
        near = Near(
            entry_id=entry.entry_id,
            says=entry.says,
            similarity=best.similarity,
            signs=best.signs,
            policy=policy,
            chance=chance,
            audited=audited,
            passed=standing.serves(best.signs),
        )
    return Looked(space, vector, own, near, entry, standing, chance, audited)


def keep(
    parts: Semantic,
    looked: Looked,
    near: Near | None,
    asking: Asking,
    answer: CachedAnswer,
    ttl_s: int,
) -> None:
    """Keep a fresh answer, compared with `near`, so that it may be given to others."""
    alike = near is not None and near.same
    entry = Entry(
        entry_id=answer.interaction_id,
        space=looked.space,
        asking=asking,
        sense=looked.sense,
        says=near.says if near is not None and alike else content_hash(normalised(answer.answer)),
        answer=answer,
    )
    parts.cache.put(entry, looked.vector, ttl_s)


def told(looked: Looked, *, served: bool) -> tuple[str, Evidence]:
    """Return what the trace says of what lay near: what was decided, and by what."""
    chance: Evidence = {"audit_chance": looked.chance, "audited": "yes" if looked.audited else "no"}
    near, policy = looked.near, looked.standing.policy
    if near is None:
        return "nothing near", chance
    evidence: Evidence = {
        **chance,
        "answered_first": near.entry_id,
        "similarity": round(near.similarity, 4),
        "signs": tuple(f"{sign:.4f}" for sign in near.signs),
    }
    if policy is not None:
        evidence["score"] = round(policy.score.odds(near.signs), 4)
    if served:
        return "served", evidence
    if looked.audited:
        return "audited", evidence
    if looked.standing.certificate is None:
        return "nothing certified", evidence
    return "not certified" if near.passed else "below the threshold", evidence


def _first(
    parts: Semantic,
    policy: Hash,
    own: Sense,
    known: dict[str, tuple[Entry, float]],
    is_usable: Callable[[Entry], bool],
) -> tuple[Entry, Candidate] | tuple[None, None]:
    """Return the entry that comes into question, as if what cannot be used were not there."""
    while known:
        ranked = [*known.values()]
        best = candidate(
            own,
            [Known(similarity, entry.says, entry.sense) for entry, similarity in ranked],
            lambda says, at: parts.past(policy, str(says)).near(at),
        )
        if best is None:
            break
        entry, _ = ranked[best.place]
        if is_usable(entry) and not parts.barred(entry):
            return entry, best
        del known[entry.entry_id]
    return None, None
