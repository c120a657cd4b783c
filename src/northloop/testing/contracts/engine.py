"""What every generation engine does; what only some can do is asked of those that say so."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from northloop.core.conversation import Message
from northloop.core.errors import NotFound
from northloop.ports.models import Engine, Options, Token

ASKED = (Message("system", "You help customers."), Message("user", "How do I return a tent?"))
LABELS = ("lost parcel", "returns", 'sizes & "fit"')


def said(engine: Engine, messages: tuple[Message, ...] = ASKED, max_tokens: int = 12) -> str:
    """Return the whole answer of the untuned base."""
    return text(engine, messages, Options(max_tokens=max_tokens))


def text(engine: Engine, messages: tuple[Message, ...], options: Options) -> str:
    """Return the whole answer under the given options."""
    tokens = engine.generate(messages, options, adapter=None)
    return "".join(token.text for token in tokens)


class EngineContract:
    """Subclass it and give it a fixture `engine` that answers ASKED with several tokens."""

    def test_tokens_carry_text_and_log_probability_where_the_engine_says_so(
        self, engine: Engine
    ) -> None:
        tokens = list(engine.generate(ASKED, Options(max_tokens=8), adapter=None))
        assert 1 < len(tokens) <= 8
        assert all(isinstance(token, Token) for token in tokens)
        assert "".join(token.text for token in tokens).strip()
        logprobs = [token.logprob for token in tokens]
        if engine.capabilities.logprobs:
            assert all(p is not None and math.isfinite(p) and p <= 0.0 for p in logprobs)
        else:
            assert logprobs == [None] * len(tokens)

    def test_the_same_arguments_give_the_same_tokens(self, engine: Engine) -> None:
        first = list(engine.generate(ASKED, Options(max_tokens=12), adapter=None))
        again = list(engine.generate(ASKED, Options(max_tokens=12), adapter=None))
        assert [t.text for t in again] == [t.text for t in first]

    def test_max_tokens_is_kept(self, engine: Engine) -> None:
        assert len(list(engine.generate(ASKED, Options(max_tokens=2), adapter=None))) == 2

    def test_markers_are_not_spoken(self, engine: Engine) -> None:
        assert "<|im_end|>" not in said(engine, max_tokens=32)

    def test_one_of_the_choices_is_said(self, engine: Engine) -> None:
        if engine.capabilities.schema:
            assert text(engine, ASKED, Options(max_tokens=16, choices=LABELS)) in LABELS

    def test_text_in_other_scripts_stays_whole(self, engine: Engine) -> None:
        assert "\ufffd" not in said(engine, (Message("user", "Żółć 🙂 你好"),))

    def test_an_adapter_that_is_not_loaded_is_not_found(self, engine: Engine) -> None:
        if not engine.capabilities.adapters:
            with pytest.raises(NotFound):
                list(engine.generate(ASKED, Options(max_tokens=2), adapter="c" * 64))

    def test_closing_the_iterator_stops_and_the_next_answer_is_right(self, engine: Engine) -> None:
        expected = said(engine)
        tokens = engine.generate(ASKED, Options(max_tokens=64), adapter=None)
        next(tokens)
        tokens.close()  # type: ignore[attr-defined]
        assert said(engine) == expected

    def test_threads_are_not_mixed_up(self, engine: Engine) -> None:
        asked = [(*ASKED[:1], Message("user", f"How do I return {n} tents?")) for n in range(2)]
        expected = [said(engine, messages) for messages in asked]
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda messages: said(engine, messages), asked * 2))
        assert found == expected * 2

    def test_what_it_can_do_is_said(self, engine: Engine) -> None:
        able = engine.capabilities
        assert able == engine.capabilities
        assert able.batching >= 1
        assert able.context >= 0
        assert msgspec.json.decode(msgspec.json.encode(able))


class SchemaContract:
    """What an engine of a real model does besides, if it keeps to schemas."""

    def test_a_schema_is_kept(self, engine: Engine) -> None:
        schema = {
            "type": "object",
            "properties": {"label": {"type": "string", "enum": list(LABELS)}},
            "required": ["label"],
            "additionalProperties": False,
        }
        options = Options(max_tokens=48, schema=msgspec.json.encode(schema).decode())
        assert msgspec.json.decode(text(engine, ASKED, options))["label"] in LABELS
