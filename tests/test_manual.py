"""Every setting means something, and its own struct says what."""

from __future__ import annotations

from northloop import manual
from northloop.app.configuration import settings_in_force
from northloop.settings import Settings


def test_every_setting_is_described_by_its_struct() -> None:
    found = manual.entries()
    assert [name for name, entry in found.items() if not entry.text] == []
    in_force = {name for name, _ in settings_in_force(Settings())}
    assert in_force - {"objective"} <= set(found)
    assert set(manual.sections()) >= {"data", "data.prepare", "gate.resampling", "serving"}


def test_what_a_value_may_be_is_known() -> None:
    found = manual.entries()
    port = found["serving.port"]
    assert (port.form, port.least, port.most) == ("whole", 1, 65_535)
    assert found["loop.approval"].choices == ("person", "rule")
    assert found["training.epochs"].form == "number"
    assert found["training.max_examples"].form == "whole"
    assert found["objective.target_given"].form == "truth"
    assert found["data.prepare.rules"].form == "json"
    mode = found["serving.mode"]
    assert (mode.form, mode.choices) == ("choice", ("open", "certified", "draft"))
