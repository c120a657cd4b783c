from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from northloop.adapters.embedded.word_embedder import WordEmbedder


@pytest.fixture(scope="module")
def embedder() -> WordEmbedder:
    return WordEmbedder()


def test_it_is_the_packages_own_pooling(embedder: WordEmbedder) -> None:
    """Compared with WordLlama itself, in its own process: importing it configures logging."""
    text = "How do I return a tent that leaks?"
    code = (
        "import wordllama, sys; from pathlib import Path;"
        "m = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent,"
        " disable_download=True);"
        f"print(*m.embed([{text!r}], norm=True)[0])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    theirs = np.array(run.stdout.split(), dtype=np.float32)
    np.testing.assert_allclose(embedder.embed([text])[0], theirs, atol=1e-6)


def test_its_name_says_which_weights(embedder: WordEmbedder) -> None:
    assert embedder.name.startswith("wordllama-l2-supercat-256/0.")


def test_it_loads_nothing_heavy() -> None:
    code = (
        "import sys; from northloop.adapters.embedded.word_embedder import WordEmbedder;"
        "WordEmbedder();"
        "print([m for m in ('torch', 'transformers', 'wordllama') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
