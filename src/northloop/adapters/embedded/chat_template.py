"""How the turns of a base model are written: its own chat template, recognised.

A GGUF file carries its model's template as a Jinja program. It is tried, as Transformers runs it,
on two conversations; the family that writes both to the character is the model's. What none of
them writes is refused: a model that is trained and asked in turns it does not know answers badly,
and nothing else would tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import jinja2
import msgspec
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from northloop.adapters.embedded.gguf_header import Value, header
from northloop.core.conversation import Message
from northloop.core.errors import InputError
from northloop.core.prompt import CHATML, Template
from northloop.core.templates import FAMILIES

_PROBES = (
    (Message("system", "Be kind."), Message("user", "Where is it?")),
    (
        Message("system", "Be kind."),
        Message("user", "Where is it?"),
        Message("assistant", "On its way."),
        Message("user", "Since when?"),
    ),
)
_TROUBLE = (
    jinja2.TemplateError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
)


class _Refused(jinja2.TemplateError):
    """The program itself says that a conversation cannot be written."""


def template_of(gguf: Path) -> Template:
    """Return how the turns of a model are written; ChatML if its file does not say, as llama.cpp.

    InputError if no known family writes them so, CorruptArtefact if the file is no GGUF.
    """
    keys = header(gguf)
    program = keys.get("tokenizer.chat_template")
    if not isinstance(program, str):
        return CHATML
    first = _token(keys, "bos")
    written = _written(
        _compiled(program, gguf), {"bos_token": first, "eos_token": _token(keys, "eos")}, gguf
    )
    for family in FAMILIES:
        said = [family.prompt(probe) for probe in _PROBES]
        if written == said:
            return family
        if written == [f"{first}{prompt}" for prompt in said]:
            by_tokenizer = keys.get("tokenizer.ggml.add_bos_token") is not False
            return family if by_tokenizer else msgspec.structs.replace(family, start=first)
    raise _unknown("it writes turns as none of the families does that are known here", gguf)


def _token(keys: Mapping[str, Value], which: str) -> str:
    tokens, at = keys.get("tokenizer.ggml.tokens"), keys.get(f"tokenizer.ggml.{which}_token_id")
    if isinstance(tokens, list) and isinstance(at, int) and at < len(tokens):
        return tokens[at]
    return ""


def _compiled(program: str, gguf: Path) -> jinja2.Template:
    """Return a program as Transformers reads it; it can call nothing but what it is given."""
    rooms = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols]
    )
    rooms.globals["raise_exception"] = _refuse
    rooms.filters["tojson"] = _as_json
    try:
        return rooms.from_string(program)
    except jinja2.TemplateError as error:
        raise _unknown(f"it cannot be read ({error})", gguf) from error


def _written(program: jinja2.Template, tokens: Mapping[str, str], gguf: Path) -> list[str]:
    """Return the prompts of the probes; without a system turn where the program refuses one."""
    try:
        try:
            return [_rendered(program, probe, tokens) for probe in _PROBES]
        except _Refused:
            return [_rendered(program, _folded(probe), tokens) for probe in _PROBES]
    except _TROUBLE as error:
        raise _unknown(f"it does not write an ordinary conversation ({error})", gguf) from error


def _rendered(
    program: jinja2.Template, messages: Sequence[Message], tokens: Mapping[str, str]
) -> str:
    said = [{"role": message.role, "content": message.content} for message in messages]
    return program.render(
        messages=said, tools=None, documents=None, add_generation_prompt=True, **tokens
    )


def _folded(messages: Sequence[Message]) -> list[Message]:
    """Return a conversation with what the system says before the first question."""
    system, asked, *rest = messages
    return [Message("user", f"{system.content}\n\n{asked.content}"), *rest]


def _refuse(message: str) -> NoReturn:
    raise _Refused(message)


def _as_json(value: object, **_: object) -> str:
    return msgspec.json.encode(value).decode()


def _unknown(why: str, gguf: Path) -> InputError:
    known = ", ".join(dict.fromkeys(family.name for family in FAMILIES))
    return InputError(
        f"the model's chat template is not known: {why}",
        where=f"{gguf} (tokenizer.chat_template)",
        action=f"take a base model whose turns are written as one of: {known}",
    )
