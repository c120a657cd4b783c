"""The families of chat templates that Northloop can write.

Which one a base model is of is not guessed from its name: `adapters.embedded.chat_template` tries
them on what the model's own file says. A release is sealed with all of its template, so that an
entry that is mended changes no answer of a release that stands.
"""

from __future__ import annotations

from itertools import product

import msgspec

from northloop.core.prompt import CHATML, Place, Template, Turn

_LLAMA_3_HEAD = "<|start_header_id|>{}<|end_header_id|>\n\n"
_KNOWLEDGE = "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n"
"""The date that the template takes where it is told none: prompts do not change by the day."""
_BRACKETS = ("[INST", "[/INST", "[SYSTEM_PROMPT", "[/SYSTEM_PROMPT", "[TOOL_", "[/TOOL_")
_SENTENCE = ("<s>", "</s>")


def _llama_3(name: str, preamble: str) -> Template:
    system, user, assistant = map(_LLAMA_3_HEAD.format, ("system", "user", "assistant"))
    return Template(
        name=name,
        system=Turn(system + preamble, "<|eot_id|>"),
        user=Turn(user, "<|eot_id|>"),
        assistant=Turn(assistant, ""),
        end="<|eot_id|>",
        trims=True,
    )


def _mistral(user: Turn, lead: str, between: str, place: Place) -> Template:
    return Template(
        name="mistral",
        system=Turn("", "\n\n"),
        user=user,
        assistant=Turn("", between),
        end="</s>",
        lead=lead,
        place=place,
        control=(*_SENTENCE, *_BRACKETS),
    )


def _mistral_with_system(space: str) -> Template:
    return msgspec.structs.replace(
        _mistral(Turn(f"[INST]{space}", "[/INST]"), space, "", Place.OWN),
        system=Turn(f"[SYSTEM_PROMPT]{space}", "[/SYSTEM_PROMPT]"),
    )


LLAMA_3 = _llama_3("llama-3", "")
LLAMA_3_1 = _llama_3("llama-3.1", _KNOWLEDGE)
GEMMA = Template(
    name="gemma",
    system=Turn("", "\n\n"),
    user=Turn("<start_of_turn>user\n", "<end_of_turn>\n"),
    assistant=Turn("<start_of_turn>model\n", "\n"),
    end="<end_of_turn>",
    place=Place.FIRST,
    control=("<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>"),
    trims=True,
)
ZEPHYR = Template(
    name="zephyr",
    system=Turn("<|system|>\n", "</s>\n"),
    user=Turn("<|user|>\n", "</s>\n"),
    assistant=Turn("<|assistant|>\n", "\n"),
    end="</s>",
    control=("<|", "|>", *_SENTENCE),
)
MISTRAL = (
    *(
        _mistral(Turn(before, after), lead, between, place)
        for before, after in (
            ("[INST] ", " [/INST]"),
            (" [INST] ", " [/INST]"),
            ("[INST] ", "[/INST]"),
            ("[INST]", "[/INST]"),
        )
        for lead, between, place in product(("", " "), ("", " "), (Place.FIRST, Place.LAST))
    ),
    *map(_mistral_with_system, (" ", "")),
)
"""Its versions differ in spaces, and in which turn the system message stands."""

FAMILIES = (CHATML, LLAMA_3, LLAMA_3_1, GEMMA, ZEPHYR, *MISTRAL)
