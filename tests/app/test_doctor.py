"""The doctor names what serves without having been shown to be right."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from northloop import registry
from northloop.adapters.embedded import sentence_embedder
from northloop.app import answers, doctor
from northloop.core.actor import team
from northloop.core.keys import caller
from northloop.loop import promote
from northloop.settings import FILE_NAME
from seeded import SeededWorkspace


def test_a_release_that_began_with_drafts_is_told_where_it_sends(
    shop: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first release is scripted to be wrong more often than right."""
    first, *later = promote.deployments(shop.records)
    if later:
        promote.roll_back(shop.records, first.release)
    for mode, ok in (("open", False), ("certified", True)):
        monkeypatch.setenv("NORTHLOOP_SERVING__MODE", mode)
        checks = {check.name: check for check in doctor.examine(shop.folder, team("ada"))}
        found = checks["live release"]
        assert found.ok is ok
        assert ("began with drafts" in found.found) is not ok
        assert ("certified" in found.mend) is not ok


def test_a_release_that_was_judged_by_its_drafts_is_told_where_it_sends(
    shop: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = promote.decision_about(shop.artefacts, shop.records, promote.live(shop.records) or "")
    assert decided is not None
    better = msgspec.structs.replace(decided, drafts=True, comparisons=())
    monkeypatch.setattr(doctor, "decision_about", lambda *_: better)
    for mode, ok in (("open", False), ("certified", True)):
        monkeypatch.setenv("NORTHLOOP_SERVING__MODE", mode)
        checks = {check.name: check for check in doctor.examine(shop.folder, team("ada"))}
        assert checks["live release"].ok is ok
        assert ("judged by its drafts" in checks["live release"].found) is not ok


def test_an_encoder_that_the_settings_name_and_nobody_installed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NORTHLOOP_SERVING__EMBEDDER", "sentences")
    monkeypatch.setattr(sentence_embedder, "_MODULE", "no_such_package")
    monkeypatch.setattr(doctor, "best_embedder", lambda: "words")
    registry._sentence_encoder.cache_clear()
    (tmp_path / FILE_NAME).write_text("")
    found = {check.name: check for check in doctor.examine(tmp_path, team("ana"))}
    assert not found["encoder"].ok and not found["encoder"].needed
    assert not found["embedder"].ok and found["embedder"].needed
    assert "encoder" in found["embedder"].mend


def test_customers_of_languages_that_the_encoder_does_not_read_are_told(
    shop: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def languages() -> doctor.Check:
        checks = {check.name: check for check in doctor.examine(shop.folder, team("ada"))}
        return checks["languages"]

    assert languages().ok
    asked = {"Wo bleibt mein Paket, das gestern kommen sollte?", "Wie lange kann ich umtauschen?"}
    for number in range(40):
        for said in asked:
            question = answers.question(f"{said} {number}", customer_id=f"c{number}")
            answers.answer(shop, caller("shop", "default"), question)
    told = languages()
    assert not told.ok and not told.needed
    assert "questions are in German" in told.found and "reads English alone" in told.found
    assert '"multilingual"' in told.mend
    monkeypatch.setattr(registry, "reads_english_alone", lambda _: False)
    assert languages().ok


def test_documents_that_are_not_used_are_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("")
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "hours.md").write_text("# Hours\n\nFrom 9.")
    (folder / "soon.md").write_text("---\ndraft: true\n---\nFrom 8.")
    found = {one.name: one for one in doctor.examine(tmp_path, team("ana"))}["documents"]
    assert found.ok and found.found == "1 article; 1 doubt: northloop knowledge status"
    (folder / "rules.doc").write_bytes(b"x")
    found = {one.name: one for one in doctor.examine(tmp_path, team("ana"))}["documents"]
    assert not found.ok and not found.needed
    assert "1 file not used: rules.doc: .doc is not read: save it as .docx" in found.found
