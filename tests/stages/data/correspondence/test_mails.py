"""Marked mails of many clients in eighteen languages: what comes out as the message."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from bounded import bounded
from northloop.stages.data.clean import message

ROOT = Path(__file__).parents[4]
LEAST_F1 = 0.95
LEAST_RECALL = 0.99


def _benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mail_benchmark", ROOT / "benchmarks" / "mail.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BENCHMARK = _benchmark()


@pytest.mark.parametrize("part", BENCHMARK.PARTS)
def test_the_message_of_marked_mails_comes_out(part: str) -> None:
    mails = list(BENCHMARK.own_mails(BENCHMARK.MAILS / part))
    score = BENCHMARK.scored(mails)
    assert len({mail.language for mail in mails}) >= 10
    assert score.kept >= LEAST_RECALL * (score.kept + score.lost)
    assert score.f1 >= LEAST_F1


@pytest.mark.parametrize("name", list(BENCHMARK.endless()))
def test_a_megabyte_is_read_in_time(name: str) -> None:
    text = BENCHMARK.endless()[name]
    with bounded():
        message(text)
