"""The base model and its adapters as anybody would run them: by Transformers and PEFT alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from peft import PeftModel
from transformers import LlamaForCausalLM

from northloop.adapters.embedded.llama_transformers import quiet


class PlainLlama:
    """A converted model in float32."""

    def __init__(self, folder: Path) -> None:
        with quiet():
            model = LlamaForCausalLM.from_pretrained(
                folder, dtype=torch.float32, local_files_only=True
            )
        self._model = model.eval()

    def continued(
        self, prompt: Sequence[int], adapter: Path | None, max_tokens: int, stop: int | None
    ) -> list[int]:
        """Return the likeliest tokens after those of a prompt, up to `stop` or `max_tokens`."""
        model = self._model
        with quiet(), torch.no_grad():
            if adapter is not None:
                model = PeftModel.from_pretrained(model, adapter)
            try:
                out = model.generate(
                    input_ids=torch.tensor([prompt]),
                    attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
                    max_new_tokens=max_tokens,
                    do_sample=False,
                    eos_token_id=stop,
                    pad_token_id=stop,
                )
            finally:
                if adapter is not None:
                    model.unload()
        said: list[int] = out[0, len(prompt) :].tolist()
        return said
