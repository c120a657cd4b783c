"""Every artefact store passes the one suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.adapters.embedded.files import FileArtefacts
from northloop.ports.stores import Artefacts
from northloop.testing.contracts.artefacts import ArtefactsContract


class TestFileArtefacts(ArtefactsContract):
    @pytest.fixture
    def artefacts(self, tmp_path: Path) -> Artefacts:
        return FileArtefacts(tmp_path / "store")
