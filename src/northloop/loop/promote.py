"""Which release is live, and how that changes."""

from __future__ import annotations

from datetime import UTC, datetime

from northloop.core.artefacts import Decision, Kind, Release
from northloop.core.errors import GateNotMet, InputError
from northloop.core.ids import Hash, derived_id, short
from northloop.core.interaction import Promotion
from northloop.loop.bundles import read_one
from northloop.ports.stores import Artefacts, Records

LIVE = "live"
"""Subject of the promotions of the one serving slot."""


def live(records: Records) -> Hash | None:
    """Return the live release, None before the first promotion."""
    newest = records.list(Promotion, subject=LIVE, limit=1)
    return newest[0].release if newest else None


def promotions(records: Records) -> list[Promotion]:
    """Return every change of the live release, oldest first."""
    return records.list(Promotion, subject=LIVE)


def promote(records: Records, decision_hash: Hash, decision: Decision) -> Promotion:
    """Make the candidate of a decision live; GateNotMet if the decision refuses it.

    The same decision twice is one promotion.
    """
    if not decision.promote:
        raise GateNotMet(decision.reason, where=f"release {short(decision.candidate)}")
    promotion = Promotion(
        promotion_id=derived_id("promote", decision_hash),
        at=_now(),
        release=decision.candidate,
        decision=decision_hash,
        action="promote",
    )
    records.add(promotion, subject=LIVE)
    return promotion


def roll_back(records: Records) -> Promotion:
    """Make the release that was live before the present one live again; InputError if none was."""
    history = promotions(records)
    current = live(records)
    earlier = [p.release for p in history if p.release != current]
    if not earlier:
        raise InputError("there is no earlier release to go back to", where="roll back")
    promotion = Promotion(
        promotion_id=derived_id("rollback", str(len(history)), earlier[-1]),
        at=_now(),
        release=earlier[-1],
        decision="",
        action="rollback",
    )
    records.add(promotion, subject=LIVE)
    return promotion


def load_release(artefacts: Artefacts, hash_: Hash) -> Release:
    """Return a sealed release; NotFound, CorruptArtefact."""
    return read_one(artefacts, hash_, "release.json", Release)


def decision_about(artefacts: Artefacts, release: Hash) -> Decision | None:
    """Return the newest decision of the gate about a release, None if there was none."""
    for artefact in artefacts.list(Kind.DECISION):
        if artefact.manifest.meta.get("candidate") == release:
            return read_one(artefacts, artefact.hash, "decision.json", Decision)
    return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
