"""Every generation engine passes the one suite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from northloop.adapters.embedded.llamacpp_engine import EngineSettings, LlamaCppEngine
from northloop.ports.models import Engine
from northloop.testing.contracts.engine import EngineContract
from northloop.testing.models import ScriptedEngine


class TestScriptedEngine(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return ScriptedEngine(lambda prompt, adapter: "Bring it back within 30 days.")


@pytest.mark.xdist_group("engine")
class TestLlamaCppEngine(EngineContract):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, base_gguf: Path) -> Iterator[Engine]:
        # One thread: several would wait for each other whenever other tests take a processor.
        engine = LlamaCppEngine(base_gguf, {}, EngineSettings(threads=1))
        yield engine
        engine.close()
