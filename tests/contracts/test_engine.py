"""Every generation engine passes the one suite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chat_server import ChatServer
from northloop.adapters.distributed.openai_engine import OpenAIEngine, OpenAISettings
from northloop.adapters.embedded.llamacpp_engine import EngineSettings, LlamaCppEngine
from northloop.adapters.embedded.llamacpp_process import LlamaProcess, ProcessSpec
from northloop.ports.models import Engine
from northloop.testing.contracts.engine import EngineContract, SchemaContract
from northloop.testing.models import ScriptedEngine

SAID = "Bring it back within 30 days."


class TestScriptedEngine(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return ScriptedEngine(lambda prompt, adapter: SAID)


class TestScriptedEngineWithoutLogprobs(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return ScriptedEngine(lambda prompt, adapter: SAID, logprob=None)


class TestPlainServer(EngineContract):
    """A server without log-probabilities and schemas."""

    @pytest.fixture
    def engine(self) -> Iterator[Engine]:
        with ChatServer(lambda asked: SAID, frozenset()).running() as server:
            engine = OpenAIEngine(OpenAISettings(url=server.url, model="small"))
            assert not engine.capabilities.logprobs
            assert not engine.capabilities.schema
            yield engine
            engine.close()


@pytest.mark.xdist_group("engine")
class TestLlamaCppEngine(SchemaContract, EngineContract):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, base_gguf: Path) -> Iterator[Engine]:
        # One thread: several would wait for each other whenever other tests take a processor.
        engine = LlamaCppEngine(base_gguf, {}, EngineSettings(threads=1))
        yield engine
        engine.close()


@pytest.mark.xdist_group("engine")
class TestBatchedLlamaCppEngine(SchemaContract, EngineContract):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, base_gguf: Path) -> Iterator[Engine]:
        settings = EngineSettings(threads=1, parallel=4, context=512)
        engine = LlamaCppEngine(base_gguf, {}, settings)
        assert not engine.capabilities.exact
        yield engine
        engine.close()


@pytest.mark.xdist_group("engine")
class TestLlamaCppAsAServer(SchemaContract, EngineContract):
    """llama.cpp's own server, asked as any other: the model's own template, and a key."""

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, base_gguf: Path) -> Iterator[Engine]:
        process = LlamaProcess(ProcessSpec(base=str(base_gguf), name="small"))
        settings = OpenAISettings(
            url=f"{process.url}/v1", model="small", key=process.key, parallel=1
        )
        engine = OpenAIEngine(settings)
        able = engine.capabilities
        assert (able.logprobs, able.schema, able.context) == (True, True, 2048)
        yield engine
        engine.close()
        process.close()
