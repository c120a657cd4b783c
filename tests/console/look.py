"""What lies in a seeded workspace, for tests that compare the pages with it."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from northloop.core.artefacts import Kind
from northloop.core.ids import Hash
from northloop.core.interaction import Interaction, Proposal
from northloop.loop import propose
from northloop.loop.pairs import load_release
from northloop.stages.monitoring import queue
from seeded import SeededWorkspace

R = TypeVar("R", bound=msgspec.Struct)
PAGES = (
    "/",
    "/objective",
    "/data",
    "/documents",
    "/preview",
    "/training",
    "/releases",
    "/playground",
    "/answers",
    "/answers/approved",
    "/review",
    "/loop",
    "/lessons",
    "/lessons/basic-use",
    "/settings",
)
"""Pages that need nothing of what is in a workspace."""


def newest(shop: SeededWorkspace, kind: type[R]) -> R:
    """Return the record of a kind that was kept last."""
    return shop.records.query(kind, newest=True, limit=1).rows[0]


def dataset(shop: SeededWorkspace) -> Hash:
    """Return the newest dataset version."""
    return shop.artefacts.list(Kind.DATASET)[0].hash


def proposals(shop: SeededWorkspace) -> list[Proposal]:
    """Return the proposals as they stand, newest first."""
    return propose.proposals(shop.parts)[::-1]


def waiting(shop: SeededWorkspace) -> list[str]:
    """Return the ids of the review items that wait, in their order."""
    return [item.review_id for item in queue.waiting(shop.records)]


def running(shop: SeededWorkspace) -> str:
    """Return the id of the training that goes on."""
    files = (shop.state / "work").glob("tune-*/live.jsonl")
    return max(files, key=lambda file: file.stat().st_mtime).parent.name


def releases(shop: SeededWorkspace) -> dict[str, Hash]:
    """Return the releases by what is to be seen of them; `adapter` is that of the live one."""
    ready, refused, live, base, before = (a.hash for a in _tuned_first(shop))
    adapter = load_release(shop.artefacts, live).adapter or ""
    return {
        "ready": ready,
        "refused": refused,
        "live": live,
        "before": before,
        "base": base,
        "adapter": adapter,
    }


def release_pages(shop: SeededWorkspace) -> dict[str, str]:
    """Return the pages of the releases, by the names of `releases`."""
    return {name: f"/releases/{hash_}" for name, hash_ in releases(shop).items()}


def deep_pages(shop: SeededWorkspace) -> list[str]:
    """Return a page of each kind that is about one thing."""
    version, found = dataset(shop), releases(shop)
    document = next((shop.folder / "documents").glob("*.md")).stem
    return [
        f"/data/{version}",
        f"/data/{version}/train",
        f"/data/{version}/quarantine",
        f"/documents/{document}",
        f"/training/{running(shop)}",
        f"/training/{found['adapter']}",
        *(f"/releases/{found[name]}" for name in ("ready", "refused", "live", "before", "base")),
        f"/answers/{newest(shop, Interaction).interaction_id}",
        f"/review/{waiting(shop)[2]}",
    ]


def _tuned_first(shop: SeededWorkspace) -> list[object]:
    """The first turn makes two: what it compares with, and the candidate, at one moment."""
    found = shop.artefacts.list(Kind.RELEASE)
    first = sorted(found[-2:], key=lambda a: a.manifest.meta["kind"])
    return [*found[:-2], *first]
