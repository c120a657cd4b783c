"""The catalogue of base models."""

from __future__ import annotations

import pytest

from northloop.core.base_model import PackageSource, PathSource
from northloop.core.errors import InputError
from northloop.core.prompt import CHATML
from northloop.stages.training.catalogue import MODELS, find


def test_every_model_is_found_by_its_name() -> None:
    assert [find(model.name) for model in MODELS] == list(MODELS)
    assert len({model.name for model in MODELS}) == len(MODELS)
    for model in MODELS:
        assert model.licence
        assert len(model.sha256) == 64
        assert min(model.parameters, model.context, model.layers, model.hidden) > 0


def test_the_demo_model_is_pinned() -> None:
    model = find("SmolLM2-135M-Instruct")
    assert isinstance(model.source, PackageSource)
    assert model.source.version == "0.1.2"


def test_a_file_of_ones_own_is_a_model() -> None:
    model = find("models/Mine.gguf")
    assert model.source == PathSource(path="models/Mine.gguf")
    assert model.name == "mine"


@pytest.mark.parametrize(
    ("name", "near"),
    [("smollm2-135m", "smollm2-135m-instruct"), ("?", "smollm2-135m-instruct")],
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(InputError, match=near):
        find(name)


def test_every_known_model_speaks_the_template_that_training_rows_are_written_in() -> None:
    assert {model.template for model in MODELS} == {CHATML}
