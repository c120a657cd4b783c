"""The engine: determinism, adapters side by side, grammars, and its nearness to the trainer."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from adapters.embedded.chat_programs import PROGRAMS
from adapters.embedded.tiny_llama import Changes, sentence_keys, write_tiny_llama
from northloop.adapters.embedded.chat_template import template_of
from northloop.adapters.embedded.llamacpp_engine import EngineSettings, LlamaCppEngine
from northloop.adapters.embedded.peft_trainer import PeftTrainer
from northloop.core.artefacts import TuneSpec
from northloop.core.conversation import Message
from northloop.core.errors import CorruptArtefact, InputError, NotFound, RemoteUnavailable, TooLong
from northloop.core.prompt import Rendered, Template, render_answer
from northloop.ports.models import Options, Token

A, B = "a" * 64, "b" * 64
NAMES = (None, A, B)


@pytest.fixture(scope="module")
def trainer(tiny_gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> PeftTrainer:
    return PeftTrainer(tiny_gguf, tmp_path_factory.mktemp("converted"), precise=True)


@pytest.fixture(scope="module")
def adapters(
    trainer: PeftTrainer, rows: list[Rendered], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Two adapters that were taught different things."""
    folders = {}
    for name, part in ((A, rows[:12]), (B, rows[12:])):
        folders[name] = tmp_path_factory.mktemp("adapter")
        spec = TuneSpec(base="tiny", epochs=8.0, learning_rate=2e-2, batch_tokens=512)
        trainer.tune(spec, part, [], folders[name], lambda point: None)
    return folders


@pytest.fixture(scope="module")
def engine(tiny_gguf: Path, adapters: dict[str, Path]) -> Iterator[LlamaCppEngine]:
    files = {name: folder / "adapter.gguf" for name, folder in adapters.items()}
    engine = LlamaCppEngine(tiny_gguf, files, EngineSettings(context=512, threads=1))
    yield engine
    engine.close()


def said(engine: LlamaCppEngine, prompt: str, adapter: str | None, n: int = 12) -> list[Token]:
    return list(engine.continued(prompt, Options(max_tokens=n), adapter=adapter))


def test_an_answer_depends_on_nothing_that_was_asked_before(
    engine: LlamaCppEngine, rows: list[Rendered]
) -> None:
    asked = [(row.prompt, name) for row in rows[::4] for name in NAMES]
    first = {ask: said(engine, *ask) for ask in asked}
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(asked))
        for at in order:
            assert said(engine, *asked[at]) == first[asked[at]]


def test_threads_wait_their_turn_and_get_the_same(
    engine: LlamaCppEngine, rows: list[Rendered]
) -> None:
    asked = [(row.prompt, name) for row in rows[:6] for name in NAMES]
    alone = [said(engine, *ask) for ask in asked]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda ask: said(engine, *ask), asked)) == alone


def test_adapters_answer_differently_from_one_base(
    engine: LlamaCppEngine, rows: list[Rendered]
) -> None:
    answers = [said(engine, rows[0].prompt, name) for name in NAMES]
    assert answers[0] != answers[1] != answers[2] != answers[0]


@pytest.mark.parametrize("name", NAMES)
def test_the_served_model_is_the_trained_one(
    engine: LlamaCppEngine,
    trainer: PeftTrainer,
    adapters: dict[str, Path],
    rows: list[Rendered],
    name: str | None,
) -> None:
    folder = adapters.get(name) if name else None
    for row in (rows[0], rows[13]):
        served = said(engine, row.prompt, name)
        answer = "".join(token.text for token in served)
        [[trained]] = trainer.follow([folder], [Rendered(row.prompt, answer)])
        assert [token.text for token in trained] == [token.text for token in served]
        assert all(token.likeliest for token in trained)
        gaps = [abs(a.logprob - b.logprob) for a, b in zip(served, trained, strict=False)]
        assert max(gaps) < 0.02


def test_choices_are_kept(engine: LlamaCppEngine, rows: list[Rendered]) -> None:
    labels = ("refund_status", "refund_request", "other")
    for row in rows[::6]:
        tokens = engine.continued(row.prompt, Options(max_tokens=40, choices=labels), adapter=A)
        assert "".join(token.text for token in tokens) in labels


def test_max_tokens_is_kept_and_logprobs_are_not_positive(
    engine: LlamaCppEngine, rows: list[Rendered]
) -> None:
    for n in (1, 5):
        tokens = said(engine, rows[0].prompt, None, n)
        assert 0 < len(tokens) <= n
        assert all(token.logprob <= 0 for token in tokens)


def test_closing_the_iterator_stops_the_generation(
    engine: LlamaCppEngine, rows: list[Rendered]
) -> None:
    tokens = engine.continued(rows[0].prompt, Options(max_tokens=400))
    first = next(tokens)
    tokens.close()
    assert said(engine, rows[0].prompt, None, 2)[0] == first


def test_what_cannot_be_answered_is_an_input_error(engine: LlamaCppEngine) -> None:
    with pytest.raises(TooLong, match="context size"):
        said(engine, "x" * 2000, None)
    with pytest.raises(InputError, match="schema"):
        list(engine.continued("x", Options(max_tokens=3, schema="{")))
    with pytest.raises(NotFound, match="no such adapter"):
        said(engine, "x", "c" * 64)
    assert said(engine, "x", None), "the engine still works"


def test_files_that_are_no_models_are_named(tiny_gguf: Path, tmp_path: Path) -> None:
    text, cut = tmp_path / "text.gguf", tmp_path / "cut.gguf"
    text.write_text("no model")
    cut.write_bytes(tiny_gguf.read_bytes()[:5000])
    with pytest.raises(CorruptArtefact, match=r"text\.gguf"):
        LlamaCppEngine(text, {})
    with pytest.raises(CorruptArtefact, match=r"cut\.gguf"):
        LlamaCppEngine(cut, {})
    with pytest.raises(InputError, match=r"missing\.gguf"):
        LlamaCppEngine(tiny_gguf, {A: tmp_path / "missing.gguf"})
    with pytest.raises(CorruptArtefact, match=r"cut\.gguf"):
        LlamaCppEngine(tiny_gguf, {A: cut})


def test_a_closed_engine_says_so(tiny_gguf: Path) -> None:
    engine = LlamaCppEngine(tiny_gguf, {}, EngineSettings(context=128, threads=1))
    engine.close()
    with pytest.raises(RemoteUnavailable, match="closed"):
        said(engine, "x", None)


@pytest.fixture(scope="module")
def mistral(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Template]:
    """A model of two layers that carries Mistral's template and vocabulary."""
    [program, *_] = [p for p in PROGRAMS if p.family == "mistral" and "' ' +" in p.jinja]
    keys = sentence_keys(**{"tokenizer.chat_template": program.jinja})
    gguf = tmp_path_factory.mktemp("mistral") / "mistral.gguf"
    write_tiny_llama(gguf, changes=Changes(keys=keys))
    return gguf, template_of(gguf)


def test_a_model_of_another_family_is_served_as_it_was_trained(
    mistral: tuple[Path, Template], tmp_path: Path
) -> None:
    gguf, template = mistral
    trainer = PeftTrainer(gguf, tmp_path, precise=True, end=template.end)
    asked = [Message("system", "Help."), Message("user", "Where is the tent? " * 4)]
    rows = [render_answer(asked, f"The tent {n} is on the way.", template) for n in range(4)]
    spec = TuneSpec(base="tiny", epochs=30.0, learning_rate=2e-2)
    trainer.tune(spec, rows, [], tmp_path, lambda point: None)
    settings = EngineSettings(context=512, threads=1, template=template)
    engine = LlamaCppEngine(gguf, {A: tmp_path / "adapter.gguf"}, settings)
    served = list(engine.generate(asked, Options(max_tokens=30), adapter=A))
    chosen = list(
        engine.generate(asked, Options(max_tokens=9, choices=("x", "The tent")), adapter=A)
    )
    engine.close()
    answer = "".join(token.text for token in served)
    assert answer.startswith(" The tent ")
    assert answer.endswith(" is on the way.")
    assert "".join(token.text for token in chosen) == "The tent"
    assert trainer.generate(tmp_path, template.prompt(asked), 30).strip() == answer.strip()
    [[trained]] = trainer.follow([tmp_path], [Rendered(template.prompt(asked), answer)])
    assert [token.text for token in trained] == [token.text for token in served]
    assert all(token.likeliest for token in trained)
    gaps = [abs(a.logprob - b.logprob) for a, b in zip(served, trained, strict=True)]
    assert max(gaps) < 0.02


def test_the_last_token_says_that_the_answer_was_cut(
    engine: LlamaCppEngine, rows: list[Rendered]
) -> None:
    prompt = rows[0].prompt
    assert [t.cut for t in said(engine, prompt, A, 4)] == [False, False, False, True]
    chosen = Options(max_tokens=40, choices=("a tent",))
    assert not any(t.cut for t in engine.continued(prompt, chosen, adapter=A))


def test_an_answer_is_cut_though_some_tokens_end_within_a_character(
    engine: LlamaCppEngine, rows: list[Rendered]
) -> None:
    tokens = said(engine, rows[0].prompt, A, 200)
    assert len(tokens) < 200
    assert tokens[-1].cut
