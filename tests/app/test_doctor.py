"""The doctor names what serves without having been shown to be right."""

from __future__ import annotations

import pytest

from northloop.app import doctor
from northloop.core.actor import team
from northloop.loop import promote
from seeded import SeededWorkspace


def test_a_release_that_began_with_drafts_is_told_where_it_sends(
    shop: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first release is scripted to be wrong more often than right."""
    first, *later = promote.deployments(shop.records)
    if later:
        promote.roll_back(shop.records, first.release)
    for mode, ok in (("open", False), ("certified", True)):
        monkeypatch.setenv("NORTHLOOP_SERVING__MODE", mode)
        checks = {check.name: check for check in doctor.examine(shop.folder, team("ada"))}
        found = checks["live release"]
        assert found.ok is ok
        assert ("began with drafts" in found.found) is not ok
        assert ("certified" in found.mend) is not ok
