from __future__ import annotations

import pytest

from northloop.core.errors import InputError
from northloop.stages.objective.templates import USE_CASES, use_case_named


def test_the_three_use_cases() -> None:
    assert set(USE_CASES) == {"support", "knowledge", "drafting"}
    for name, use_case in USE_CASES.items():
        assert use_case.name == name
        assert len(use_case.system_prompt.split()) <= 45
        assert "evidence" in use_case.system_prompt
        assert use_case.needs
        assert use_case.hints


def test_a_misspelt_use_case_gets_the_nearest() -> None:
    assert use_case_named(" Support ").name == "support"
    with pytest.raises(InputError) as refused:
        use_case_named("suport")
    assert "'support'" in refused.value.action
    with pytest.raises(InputError) as refused:
        use_case_named("xyz")
    assert "knowledge" in refused.value.action
