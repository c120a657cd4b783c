"""Every generation engine passes the one suite."""

from __future__ import annotations

import pytest

from northloop.ports.models import Engine
from northloop.testing.contracts.engine import EngineContract
from northloop.testing.models import ScriptedEngine


class TestScriptedEngine(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return ScriptedEngine(lambda prompt, adapter: "Bring it back within 30 days.")
