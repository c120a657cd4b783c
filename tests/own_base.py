"""A base model of one's own that is small: tests of what is done with models take no time in it."""

from __future__ import annotations

from pathlib import Path

from adapters.embedded.chat_programs import PROGRAMS
from adapters.embedded.tiny_llama import Changes, write_tiny_llama


def write_own_base(path: Path) -> Path:
    """Write a Llama of two layers, asked in ChatML, and return its path; a character is a token."""
    [chatml] = [program for program in PROGRAMS if program.family == "chatml"]
    keys = {"llama.context_length": 8192, "tokenizer.chat_template": chatml.jinja}
    return write_tiny_llama(path, changes=Changes(keys=keys))
