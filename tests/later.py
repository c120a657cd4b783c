"""Libraries that few tests need: each worker collects all tests, and who needs one imports it."""

from __future__ import annotations

from importlib import import_module


class Later:
    """A module that is imported as something in it is first asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):  # pytest asks each thing in a test module what it is
            raise AttributeError(name)
        return getattr(import_module(self._name), name)


llama_transformers = Later("northloop.adapters.embedded.llama_transformers")
modeling_llama = Later("transformers.models.llama.modeling_llama")
openai = Later("openai")
openai_parameters = Later("openai.types.chat.completion_create_params")
peft = Later("peft")
rouge_scorer = Later("rouge_score.rouge_scorer")
sentence_transformers = Later("sentence_transformers")
st_modules = Later("sentence_transformers.sentence_transformer.modules")
transformers = Later("transformers")
