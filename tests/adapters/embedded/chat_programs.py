"""Chat templates as models' files carry them: one Jinja program a family, written for these tests.

They write what the published models of the family write.
"""

from __future__ import annotations

from typing import NamedTuple

_ALTERNATE = (
    "{% for m in messages %}"
    "{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('roles must alternate') }}{% endif %}"
)
_SPLIT_OFF = (
    "{% if messages[0].role == 'system' %}"
    "{% set system = messages[0]['content'] %}{% set messages = messages[1:] %}{% endif %}"
)
_LLAMA_3 = (
    "{% for m in messages %}{% set text = '<|start_header_id|>' + m.role + '<|end_header_id|>\n\n'"
    " + KNOWLEDGE + m.content | trim + '<|eot_id|>' %}"
    "{% if loop.first %}{% set text = bos_token + text %}{% endif %}{{ text }}{% endfor %}"
    "{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)


class Program(NamedTuple):
    family: str
    jinja: str
    first: str = ""
    last: str = ""


def _mistral(user: str, assistant: str, where: str = "loop.last") -> str:
    return (
        f"{_SPLIT_OFF}{{{{ bos_token }}}}{_ALTERNATE}"
        "{% if m.role == 'user' %}"
        f"{{% if {where} and system is defined %}}{{% set said = system + '\n\n' + m.content %}}"
        "{% else %}{% set said = m.content %}{% endif %}"
        f"{{{{ {user} }}}}{{% else %}}{{{{ {assistant} + eos_token }}}}{{% endif %}}{{% endfor %}}"
    )


PROGRAMS = (
    Program(
        "chatml",
        "{% for m in messages %}{% if loop.first and m.role != 'system' %}"
        "{{ '<|im_start|>system\nYou are helpful<|im_end|>\n' }}{% endif %}"
        "{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
        "<|im_start|>",
        "<|im_end|>",
    ),
    Program("llama-3", _LLAMA_3.replace("KNOWLEDGE", "''"), "<|begin_of_text|>", "<|eot_id|>"),
    Program(
        "llama-3.1",
        "{% if not date_string is defined %}{% set date_string = '26 Jul 2024' %}{% endif %}"
        + _LLAMA_3.replace(
            "KNOWLEDGE",
            "('Cutting Knowledge Date: December 2023\nToday Date: ' + date_string + '\n\n'"
            " if m.role == 'system' else '')",
        ),
        "<|begin_of_text|>",
        "<|eot_id|>",
    ),
    Program(
        "mistral",  # refuses a system message
        f"{{{{ bos_token }}}}{_ALTERNATE}"
        "{% if m.role == 'user' %}{{ '[INST] ' + m.content + ' [/INST]' }}"
        "{% elif m.role == 'assistant' %}{{ m.content + eos_token }}"
        "{% else %}{{ raise_exception('only user and assistant') }}{% endif %}{% endfor %}",
        "<s>",
        "</s>",
    ),
    Program(
        "mistral",
        _mistral("' [INST] ' + said + ' [/INST]'", "' ' + m.content", "loop.first"),
        "<s>",
        "</s>",
    ),
    Program("mistral", _mistral("'[INST] ' + said + '[/INST]'", "' ' + m.content"), "<s>", "</s>"),
    Program("mistral", _mistral("'[INST]' + said + '[/INST]'", "m.content"), "<s>", "</s>"),
    Program(
        "mistral",
        "{{ bos_token }}{% for m in messages %}"
        "{% if m.role == 'user' %}{{ '[INST]' + m.content + '[/INST]' }}"
        "{% elif m.role == 'system' %}{{ '[SYSTEM_PROMPT]' + m.content + '[/SYSTEM_PROMPT]' }}"
        "{% else %}{{ m.content + eos_token }}{% endif %}{% endfor %}",
        "<s>",
        "</s>",
    ),
    Program(
        "gemma",  # refuses a system message
        "{{ bos_token }}{% if messages[0].role == 'system' %}"
        "{{ raise_exception('System role not supported') }}{% endif %}"
        f"{_ALTERNATE}"
        "{% set role = 'model' if m.role == 'assistant' else m.role %}"
        "{{ '<start_of_turn>' + role + '\n' + m.content | trim + '<end_of_turn>\n' }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}",
        "<bos>",
        "<end_of_turn>",
    ),
    Program(
        "gemma",  # takes one, in the first turn
        f"{{{{ bos_token }}}}{_SPLIT_OFF}{_ALTERNATE}"
        "{% set role = 'model' if m.role == 'assistant' else m.role %}"
        "{% set before = system + '\n\n' if loop.first and system is defined else '' %}"
        "{{ '<start_of_turn>' + role + '\n' + before + m.content | trim + '<end_of_turn>\n' }}"
        "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}",
        "<bos>",
        "<end_of_turn>",
    ),
    Program(
        "zephyr",
        "{% for m in messages %}\n"
        "{% if m.role == 'user' %}\n{{ '<|user|>\n' + m.content + eos_token }}\n"
        "{% elif m.role == 'system' %}\n{{ '<|system|>\n' + m.content + eos_token }}\n"
        "{% else %}\n{{ '<|assistant|>\n' + m.content + eos_token }}\n{% endif %}\n"
        "{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n"
        "{% endfor %}",
        "<s>",
        "</s>",
    ),
)
LLAMA_2 = Program(
    "none",
    f"{_SPLIT_OFF}{_ALTERNATE}"
    "{% set said = '<<SYS>>\n' + system + '\n<</SYS>>\n\n' + m.content"
    " if loop.first and system is defined else m.content %}"
    "{% if m.role == 'user' %}{{ bos_token + '[INST] ' + said | trim + ' [/INST]' }}"
    "{% else %}{{ ' ' + m.content | trim + ' ' + eos_token }}{% endif %}{% endfor %}",
    "<s>",
    "</s>",
)
"""Begins a new text with each question, which no family here does."""
