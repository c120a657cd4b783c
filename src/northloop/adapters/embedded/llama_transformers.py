"""A Llama-architecture GGUF as Transformers sees it.

Whoever trains or answers from a model that is converted needs none of this, which takes seconds to
load.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Tokenizer
from transformers import LlamaConfig, PreTrainedTokenizerFast
from transformers.utils import logging as transformers_logging

from northloop.adapters.embedded.llama_gguf import Facts
from northloop.core.errors import CorruptArtefact


def config_of(facts: Facts) -> LlamaConfig:
    """Return the model's sizes and constants as Transformers knows them."""
    rope: dict[str, object] = {"rope_type": "default", "rope_theta": facts.rope_base}
    if facts.rope_divisors:
        # The one kind of rope scaling that takes any divisors; the short and the long ones are
        # for prompts within and beyond the context.
        rope |= {
            "rope_type": "longrope",
            "short_factor": list(facts.rope_divisors),
            "long_factor": list(facts.rope_divisors),
            "factor": 1.0,
            "attention_factor": 1.0,
            "original_max_position_embeddings": facts.context,
        }
    return LlamaConfig(
        architectures=["LlamaForCausalLM"],
        vocab_size=facts.vocabulary,
        hidden_size=facts.width,
        intermediate_size=facts.hidden,
        num_hidden_layers=facts.layers,
        num_attention_heads=facts.heads,
        num_key_value_heads=facts.kv_heads,
        head_dim=facts.head_width,
        max_position_embeddings=facts.context,
        rms_norm_eps=facts.norm_eps,
        rope_parameters=rope,
        tie_word_embeddings=facts.tied,
        dtype="float32",
    )


def tokenizer_of(base_gguf: Path) -> Tokenizer:
    """Return a file's tokenizer. CorruptArtefact for one that cannot be read."""
    with quiet():
        try:
            found = PreTrainedTokenizerFast.from_pretrained(
                base_gguf.parent, gguf_file=base_gguf.name
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise CorruptArtefact(
                f"Transformers cannot read this GGUF's tokenizer: {error}",
                where=str(base_gguf),
                action="give a Llama-architecture GGUF file, or fetch it again",
            ) from error
    tokenizer: Tokenizer = found.backend_tokenizer
    return tokenizer


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep Transformers from drawing bars and giving advice; put back how it was afterwards."""
    verbosity, bars = (
        transformers_logging.get_verbosity(),
        transformers_logging.is_progress_bar_enabled(),
    )
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        # Some bars do not listen to the above, and some warnings concern the libraries alone.
        with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        transformers_logging.set_verbosity(verbosity)
        if bars:
            transformers_logging.enable_progress_bar()
