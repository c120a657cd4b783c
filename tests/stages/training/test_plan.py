"""The plan: what it counts, what it refuses, and that a person can read it."""

from __future__ import annotations

import msgspec
import pytest

from northloop.core.artefacts import TuneSpec
from northloop.core.errors import InputError
from northloop.core.prompt import Rendered
from northloop.stages.training.catalogue import find
from northloop.stages.training.plan import (
    Hardware,
    RowTokens,
    estimated_tokens,
    hardware,
    plan,
)

SMALL = find("smollm2-135m-instruct")
LARGE = msgspec.structs.replace(
    SMALL, name="large", parameters=8_030_261_248, layers=32, hidden=4096, kv_width=1024
)
LAPTOP = Hardware(cores=2, memory_bytes=8_000_000_000, gflops=100.0)
ROWS = [RowTokens(200, 50)] * 100


def changed(**settings: float) -> TuneSpec:
    return msgspec.structs.replace(TuneSpec(), **settings)


def test_the_plan_counts_steps_and_tokens() -> None:
    made = plan(changed(epochs=2.0, batch_tokens=1000), SMALL, ROWS, LAPTOP)
    assert (made.rows, made.steps, made.tokens) == (100, 50, 50_000)
    assert made.supervised_tokens == 10_000
    assert made.adapter_parameters == 30 * 8 * (6 * 576 + 2 * 192)


def test_long_rows_are_named() -> None:
    rows = [*ROWS, RowTokens(300, 300), RowTokens(600, 10)]
    made = plan(TuneSpec(), SMALL, rows, LAPTOP)
    assert (made.rows, made.shortened, made.left_out) == (101, 1, 1)
    assert "1 rows left out: their prompt alone is over 512 tokens" in made.text()
    assert "1 rows shortened to 512 tokens" in made.text()


def test_a_person_can_read_it() -> None:
    text = plan(TuneSpec(), SMALL, ROWS, LAPTOP).text()
    for part in ("smollm2-135m-instruct (Apache-2.0)", "3 epochs", "rank 8", "GB", "time "):
        assert part in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_adapting_fewer_layers_takes_less_time_and_more_layers_more_memory() -> None:
    whole = plan(TuneSpec(), SMALL, ROWS, LAPTOP)
    half = plan(changed(first_layer=15), SMALL, ROWS, LAPTOP)
    assert half.seconds < 0.6 * whole.seconds
    assert half.memory_bytes < whole.memory_bytes
    assert plan(TuneSpec(), SMALL, ROWS * 2, LAPTOP).seconds == pytest.approx(2 * whole.seconds)


def test_what_cannot_fit_is_refused_with_a_remedy() -> None:
    with pytest.raises(InputError, match="smaller base model, or a machine with more memory"):
        plan(TuneSpec(), LARGE, ROWS, LAPTOP)
    tight = msgspec.structs.replace(LAPTOP, memory_bytes=2_000_000_000)
    with pytest.raises(InputError, match="set batch_tokens to"):
        plan(changed(batch_tokens=8192), SMALL, ROWS, tight)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("epochs", 0.0),
        ("rank", 0),
        ("learning_rate", 0.0),
        ("batch_tokens", 0),
        ("first_layer", 30),
        ("max_tokens", 9000),
    ],
)
def test_settings_without_sense_are_refused(setting: str, value: float) -> None:
    with pytest.raises(InputError, match=setting):
        plan(changed(**{setting: value}), SMALL, ROWS, LAPTOP)


def test_nothing_to_learn_is_refused() -> None:
    with pytest.raises(InputError, match="no row to learn from"):
        plan(TuneSpec(), SMALL, [RowTokens(600, 10)], LAPTOP)


def test_a_long_time_is_said_in_hours() -> None:
    made = plan(TuneSpec(), SMALL, ROWS, LAPTOP)
    assert "about 4 h 18 min" in msgspec.structs.replace(made, seconds=15_480.0).text()
    assert "about 55 min" in msgspec.structs.replace(made, seconds=3_300.0).text()


def test_lengths_are_estimated_from_the_text() -> None:
    [row] = estimated_tokens([Rendered("x" * 430, "y" * 43)])
    assert row == RowTokens(100, 10)


def test_this_machine_is_measured() -> None:
    here = hardware()
    assert here.cores >= 1
    assert here.memory_bytes > 100_000_000
    assert here.gflops > 0.5
