"""Which release is live, and how that changes."""

from __future__ import annotations

from collections.abc import Sequence
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

    Promoting what is live already changes nothing.
    """
    if not decision.promote:
        raise GateNotMet(
            decision.reason,
            where=f"release {short(decision.candidate)}",
            action="review more answers, or train on more rows, and turn the loop again",
        )
    before = live(records)
    if before == decision.candidate:
        return promotions(records)[-1]
    return _made_live(records, decision.candidate, decision_hash)


def _made_live(records: Records, release: Hash, decision: Hash) -> Promotion:
    promotion = Promotion(
        promotion_id=derived_id("promote", decision or release, str(len(promotions(records)))),
        at=_now(),
        release=release,
        decision=decision,
        action="promote",
    )
    records.add(promotion, subject=LIVE)
    return promotion


def promote_release(artefacts: Artefacts, records: Records, release: Hash) -> Promotion:
    """Make a release live by the gate's newest decision about it.

    The untuned base, which is what the gate compares with, needs none while nothing is live: a team
    without a history begins with it. GateNotMet if the gate refused the release or never saw it;
    NotFound.
    """
    if live(records) is None and artefacts.get(release).manifest.meta["kind"] == "base":
        return _made_live(records, release, "")
    judged = _judged(artefacts, release)
    if judged is not None:
        return promote(records, judged, read_one(artefacts, judged, "decision.json", Decision))
    raise GateNotMet(
        "the gate has not looked at this release",
        where=f"release {short(release)}",
        action="a turn of the loop ends at the gate: northloop loop run",
    )


def roll_back(records: Records, release: Hash | None = None) -> Promotion:
    """Make an earlier release live again: the one named, or the one before the present one.

    Rolled back once more, the one before that. InputError if it was never live, or is live now.
    """
    history = promotions(records)
    earlier = {p.release for p in history} - {live(records)}
    line = _line(history)
    target = release or (line[-2] if len(line) > 1 else None)
    if target is None or target not in earlier:
        raise InputError(
            "it was never live" if release else "there is no earlier release to go back to",
            where=f"release {short(release)}" if release else "roll back",
            action="only what was live before can be rolled back to",
        )
    promotion = Promotion(
        promotion_id=derived_id("rollback", str(len(history)), target),
        at=_now(),
        release=target,
        decision="",
        action="rollback",
    )
    records.add(promotion, subject=LIVE)
    return promotion


def _line(history: Sequence[Promotion]) -> list[Hash]:
    """Return the releases that the present one stands on, it last: a roll-back leaves the line."""
    line: list[Hash] = []
    for promotion in history:
        if promotion.action == "rollback" and promotion.release in line:
            del line[line.index(promotion.release) :]
        line.append(promotion.release)
    return line


def load_release(artefacts: Artefacts, hash_: Hash) -> Release:
    """Return a sealed release; NotFound, CorruptArtefact."""
    return read_one(artefacts, hash_, "release.json", Release)


def decision_about(artefacts: Artefacts, release: Hash) -> Decision | None:
    """Return the newest decision of the gate about a release, None if there was none."""
    judged = _judged(artefacts, release)
    return read_one(artefacts, judged, "decision.json", Decision) if judged else None


def _judged(artefacts: Artefacts, release: Hash) -> Hash | None:
    """The newest decision about a release."""
    decisions = artefacts.list(Kind.DECISION)
    return next((a.hash for a in decisions if a.manifest.meta["candidate"] == release), None)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
