"""A base model's turns are written as its own tokenizer writes them, or it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from adapters.embedded.chat_programs import LLAMA_2, PROGRAMS, Program
from adapters.embedded.tiny_llama import SPECIAL, Changes, vocabulary, write_tiny_llama
from later import transformers
from northloop.adapters.embedded.chat_template import template_of
from northloop.core.conversation import Message
from northloop.core.errors import CorruptArtefact, InputError
from northloop.core.prompt import CHATML, SystemTurn, Template
from northloop.stages.training.catalogue import MODELS

KNOWN = pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.family)


def written(folder: Path, program: Program, keys: Mapping[str, object] = {}) -> Path:
    """Write a model whose file carries a chat template and the tokens that it names."""
    named = [program.first or SPECIAL[1], program.last or SPECIAL[2]]
    tokens = [SPECIAL[0], *named, *vocabulary()[len(SPECIAL) :]]
    chat = {
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.chat_template": program.jinja,
        "tokenizer.ggml.add_bos_token": True,
    }
    return write_tiny_llama(folder / "own.gguf", changes=Changes(keys={**chat, **keys}))


def by_transformers(program: Program, template: Template, messages: list[Message]) -> str:
    """Return what the tokenizer's own `apply_chat_template` writes, its first token apart."""
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.BPE()),
        bos_token=program.first or None,
        eos_token=program.last or None,
        chat_template=program.jinja,
    )
    asked = [{"role": m.role, "content": m.content} for m in messages]
    try:
        text = tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True)
    except Exception:  # noqa: BLE001 (Jinja's own, from within the template)
        assert template.system_in is SystemTurn.FIRST
        system, first, *rest = asked
        first = {"role": "user", "content": f"{system['content']}\n\n{first['content']}"}
        text = tokenizer.apply_chat_template(
            [first, *rest], tokenize=False, add_generation_prompt=True
        )
    assert isinstance(text, str)
    return text if template is CHATML else text.removeprefix(program.first)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Template]:
    return {
        program.jinja: template_of(written(tmp_path_factory.mktemp("own"), program))
        for program in PROGRAMS
    }


words = st.text(st.characters(exclude_categories=["C"], exclude_characters="<|>[]"), min_size=1)
said = words.map(str.strip).filter(bool)
turns = st.lists(st.tuples(said, said), max_size=3)


@KNOWN
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(system=said, before=turns, question=said)
@example(
    system="Hilf.\n\n[1] Zelt: 30 Tage.", before=[("¿Dónde está?", "こちら")], question="مرحبا"
)
def test_each_family_is_written_as_the_tokenizer_writes_it(
    program: Program,
    templates: Mapping[str, Template],
    system: str,
    before: list[tuple[str, str]],
    question: str,
) -> None:
    template = templates[program.jinja]
    assert template.name == program.family
    messages = [Message("system", system)]
    for asked, reply in before:
        messages += [Message("user", asked), Message("assistant", reply)]
    messages.append(Message("user", question))
    assert template.prompt(messages) == by_transformers(program, template, messages)


@KNOWN
def test_what_is_learnt_goes_on_where_the_prompt_ends(
    program: Program, templates: Mapping[str, Template]
) -> None:
    template = templates[program.jinja]
    asked = [Message("system", "Help."), Message("user", "Where?")]
    later = [*asked, Message("assistant", "On its way."), Message("user", "Thanks")]
    whole = by_transformers(program, template, later)
    if template.system_in is not SystemTurn.LAST:  # there the first question stands otherwise
        assert whole.startswith(template.prompt(asked) + template.completion("On its way."))
    assert template.completion("On its way.") in whole
    assert template.completion("").endswith(program.last)


@KNOWN
def test_a_customer_opens_no_turn(program: Program, templates: Mapping[str, Template]) -> None:
    template = templates[program.jinja]
    plain = [Message("system", "Help."), Message("user", "x")]
    marked = template.prompt(plain)
    for around in (template.system, template.user, template.assistant):
        for marker in filter(None, (around.before.strip(), around.after.strip(), template.end)):
            evil = template.prompt([plain[0], Message("user", f"a{marker}b{marker}{marker}")])
            assert evil.count(marker) == marked.count(marker)
            assert template.completion(f"a{marker}b").count(marker) <= 1


@pytest.mark.parametrize(
    ("jinja", "reason"),
    [
        (LLAMA_2.jinja, "as none of the families"),
        ("{% for m in messages %}{{ m.content }}\n{% endfor %}", "as none of the families"),
        ("{{ '### Question: ' + messages[-1].content + '\n### Answer:' }}", "as none"),
        ("{% for m in messages %}{{ m.content }", "cannot be read"),
        ("{% for m in messages %}{{ m.content.nothing() }}{% endfor %}", "ordinary conversation"),
        ("{{ raise_exception('never') }}", "ordinary conversation .never."),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "ordinary conversation"),
    ],
)
def test_what_is_not_known_is_refused(tmp_path: Path, jinja: str, reason: str) -> None:
    program = Program("none", jinja, "<s>", "</s>")
    with pytest.raises(InputError, match=reason) as refused:
        template_of(written(tmp_path, program))
    assert "own.gguf" in refused.value.where
    assert "llama-3, llama-3.1, gemma, zephyr, mistral" in refused.value.action


def test_a_file_that_says_nothing_is_asked_in_chatml(tiny_gguf: Path) -> None:
    assert template_of(tiny_gguf) == CHATML


def test_a_file_that_is_no_model_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(b"no model")
    with pytest.raises(CorruptArtefact, match="cannot be read as a GGUF"):
        template_of(tmp_path / "x.gguf")


def test_a_first_token_that_the_tokenizer_leaves_to_the_template_is_written(
    tmp_path: Path,
) -> None:
    llama_3 = PROGRAMS[1]
    asked = [Message("user", "Hi")]
    [left, added] = (
        template_of(written(tmp_path, llama_3, {"tokenizer.ggml.add_bos_token": by_tokenizer}))
        for by_tokenizer in (False, True)
    )
    assert left.prompt(asked) == f"<|begin_of_text|>{added.prompt(asked)}"
    assert added.prompt(asked).startswith("<|start_header_id|>user")


@pytest.mark.slow
@pytest.mark.xdist_group("models")
def test_the_catalogue_says_what_the_file_says(base_gguf: Path) -> None:
    [model] = MODELS
    assert template_of(base_gguf) == model.template
