"""The tiny model that the tests of training and of the engine share."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.embedded.tiny_llama import write_tiny_llama
from northloop.core.prompt import Rendered


@pytest.fixture(scope="session")
def tiny_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random Llama of two layers."""
    return write_tiny_llama(tmp_path_factory.mktemp("tiny") / "tiny.gguf")


@pytest.fixture(scope="session")
def rows() -> list[Rendered]:
    """Rows of both kinds: long ones that share their beginnings, and short ones."""
    system = "<|im_start|>system\nYou help with orders.<|im_end|>\n"
    return [
        Rendered(
            f"{system}<|im_start|>user\nWhere is order {i} of the {i * 7}?<|im_end|>\n",
            f"The order {i} is on its way.<|im_end|>",
        )
        for i in range(12)
    ] + [
        Rendered(f"<|im_start|>user\nrefund {i}<|im_end|>\n", f"intent_{i % 3}<|im_end|>")
        for i in range(12)
    ]
