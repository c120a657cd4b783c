"""What every generation engine does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from northloop.core.conversation import Message
from northloop.core.prompt import chatml, intent_grammar
from northloop.ports.models import Engine, Token

PROMPT = chatml(
    [Message("system", "You help customers."), Message("user", "How do I return a tent?")]
)


def said(engine: Engine, prompt: str = PROMPT, max_tokens: int = 12, grammar: str = "") -> str:
    """Return the whole answer of the untuned base."""
    tokens = engine.generate(prompt, adapter=None, max_tokens=max_tokens, grammar=grammar)
    return "".join(token.text for token in tokens)


class EngineContract:
    """Subclass it and give it a fixture `engine` that answers PROMPT with several tokens."""

    def test_tokens_carry_text_and_log_probability(self, engine: Engine) -> None:
        tokens = list(engine.generate(PROMPT, adapter=None, max_tokens=8))
        assert 1 < len(tokens) <= 8
        assert all(isinstance(token, Token) and token.logprob <= 0.0 for token in tokens)
        assert "".join(token.text for token in tokens).strip()

    def test_the_same_arguments_give_the_same_tokens(self, engine: Engine) -> None:
        first = list(engine.generate(PROMPT, adapter=None, max_tokens=12))
        again = list(engine.generate(PROMPT, adapter=None, max_tokens=12))
        assert [t.text for t in again] == [t.text for t in first]

    def test_max_tokens_is_kept(self, engine: Engine) -> None:
        assert len(list(engine.generate(PROMPT, adapter=None, max_tokens=2))) == 2

    def test_markers_are_not_spoken(self, engine: Engine) -> None:
        assert "<|im_end|>" not in said(engine, max_tokens=32)

    def test_a_grammar_is_obeyed(self, engine: Engine) -> None:
        labels = ["lost parcel", "returns", "sizes & fit"]
        answer = said(engine, max_tokens=16, grammar=intent_grammar(labels))
        assert answer.strip() in labels

    def test_text_in_other_scripts_stays_whole(self, engine: Engine) -> None:
        prompt = chatml([Message("user", "Żółć 🙂 你好")])
        assert "\ufffd" not in said(engine, prompt)

    def test_closing_the_iterator_stops_and_the_next_answer_is_right(self, engine: Engine) -> None:
        expected = said(engine)
        tokens = engine.generate(PROMPT, adapter=None, max_tokens=64)
        next(tokens)
        tokens.close()  # type: ignore[attr-defined]
        assert said(engine) == expected

    def test_threads_are_not_mixed_up(self, engine: Engine) -> None:
        expected = said(engine)
        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(lambda _: said(engine), range(4))) == {expected}
