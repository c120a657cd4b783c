"""The families of chat templates that Northloop can write.

Which one a base model is of is not guessed from its name: `adapters.embedded.chat_template` tries
them on what the model's own file says. A release is sealed with all of its template, so that an
entry that is mended changes no answer of a release that stands.
"""

from __future__ import annotations

from itertools import product

import msgspec

from northloop.core.prompt import CHATML, Around, SystemTurn, Template

_LLAMA_3_HEAD = "<|start_header_id|>{}<|end_header_id|>\n\n"
_KNOWLEDGE = "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n"
"""The date that the template takes where it is told none: prompts do not change by the day."""
_BRACKETS = ("[INST", "[/INST", "[SYSTEM_PROMPT", "[/SYSTEM_PROMPT", "[TOOL_", "[/TOOL_")
_SENTENCE = ("<s>", "</s>")


def _llama_3(name: str, preamble: str) -> Template:
    system, user, assistant = map(_LLAMA_3_HEAD.format, ("system", "user", "assistant"))
    return Template(
        name=name,
        system=Around(system + preamble, "<|eot_id|>"),
        user=Around(user, "<|eot_id|>"),
        assistant=Around(assistant, ""),
        end="<|eot_id|>",
        trims=True,
    )


def _mistral(user: Around, lead: str, between: str, where: SystemTurn) -> Template:
    return Template(
        name="mistral",
        system=Around("", "\n\n"),
        user=user,
        assistant=Around("", between),
        end="</s>",
        lead=lead,
        system_in=where,
        control=(*_SENTENCE, *_BRACKETS),
    )


def _mistral_with_system(space: str) -> Template:
    return msgspec.structs.replace(
        _mistral(Around(f"[INST]{space}", "[/INST]"), space, "", SystemTurn.OWN),
        system=Around(f"[SYSTEM_PROMPT]{space}", "[/SYSTEM_PROMPT]"),
    )


LLAMA_3 = _llama_3("llama-3", "")
LLAMA_3_1 = _llama_3("llama-3.1", _KNOWLEDGE)
GEMMA = Template(
    name="gemma",
    system=Around("", "\n\n"),
    user=Around("<start_of_turn>user\n", "<end_of_turn>\n"),
    assistant=Around("<start_of_turn>model\n", "\n"),
    end="<end_of_turn>",
    system_in=SystemTurn.FIRST,
    control=("<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>"),
    trims=True,
)
ZEPHYR = Template(
    name="zephyr",
    system=Around("<|system|>\n", "</s>\n"),
    user=Around("<|user|>\n", "</s>\n"),
    assistant=Around("<|assistant|>\n", "\n"),
    end="</s>",
    control=("<|", "|>", *_SENTENCE),
)
MISTRAL = (
    *(
        _mistral(Around(before, after), lead, between, where)
        for before, after in (
            ("[INST] ", " [/INST]"),
            (" [INST] ", " [/INST]"),
            ("[INST] ", "[/INST]"),
            ("[INST]", "[/INST]"),
        )
        for lead, between, where in product(
            ("", " "), ("", " "), (SystemTurn.FIRST, SystemTurn.LAST)
        )
    ),
    *map(_mistral_with_system, (" ", "")),
)
"""Its versions differ in spaces, and in which turn the system message stands."""

FAMILIES = (CHATML, LLAMA_3, LLAMA_3_1, GEMMA, ZEPHYR, *MISTRAL)

_OF_OTHERS = ("<<SYS>>", "<</SYS>>", "<\uff5c", "\uff5c>")
"""Llama 2's, and DeepSeek's bars of full width."""
EVERY_CONTROL = tuple(dict.fromkeys(m for f in FAMILIES for m in f.control)) + _OF_OTHERS
"""What no message to another server may hold, whose template nobody here knows."""
