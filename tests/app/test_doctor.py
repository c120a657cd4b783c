"""The doctor names what serves without having been shown to be right."""

from __future__ import annotations

import errno
import shutil
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from northloop import registry
from northloop.adapters.embedded import sentence_embedder
from northloop.app import answers, doctor, intake
from northloop.core.actor import team
from northloop.core.errors import CorruptArtefact, InputError
from northloop.core.keys import caller
from northloop.loop import promote
from northloop.settings import FILE_NAME
from northloop.workspace import Workspace
from seeded import SeededWorkspace
from sending_shop import sending_shop


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
    (tmp_path / FILE_NAME).write_text("# as it comes\n")
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


def test_an_export_that_is_gone_is_told_by_the_doctor_and_whoever_needs_it(tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text("question,reply\nHow long?,Fourteen whole days.\n")
    (tmp_path / FILE_NAME).write_text('[[data.sources]]\npath = "tickets.csv"\n')
    assert examined(tmp_path)["history"].found == "1 export"
    (tmp_path / "tickets.csv").rename(tmp_path / "more.csv")
    told = examined(tmp_path)["history"]
    assert not told.ok and told.found == "1 export, 1 gone: tickets.csv"
    assert "[[data.sources]]" in told.mend
    with (
        closing(Workspace.open(tmp_path)) as workspace,
        pytest.raises(InputError) as refused,
    ):
        intake.preview(workspace, team("ada"), [tmp_path / "more.csv"])
    assert refused.value.what.startswith("tickets.csv") and refused.value.action == told.mend


def test_documents_that_are_not_used_are_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("# as it comes\n")
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


def examined(folder: Path) -> dict[str, doctor.Check]:
    return {check.name: check for check in doctor.examine(folder, team("ada"))}


@pytest.fixture
def lone(tmp_path: Path) -> Path:
    """The folder of a workspace in which a release is live."""
    sending_shop(tmp_path).close()
    return tmp_path


def test_damaged_records_are_told_and_the_rest_is_looked_at(lone: Path) -> None:
    file = lone / ".northloop" / "records.sqlite"
    file.write_bytes(b"this is not a database " * 500)
    found = examined(lone)
    assert not found["records"].ok and "damaged" in found["records"].found
    assert str(file) in found["records"].mend and "backup" in found["records"].mend
    assert found["artefacts"].ok and found["documents"].ok and found["gate"].ok
    assert not found["live release"].ok and "damaged" in found["live release"].found


def test_emptied_records_are_lost_ones_not_a_workspace_without_a_release(lone: Path) -> None:
    file = lone / ".northloop" / "records.sqlite"
    file.write_bytes(b"")
    found = examined(lone)
    assert not found["records"].ok and "empty" in found["records"].found
    with (
        closing(Workspace.open(lone)) as workspace,
        pytest.raises(CorruptArtefact, match="backup"),
    ):
        _ = workspace.records
    assert not file.stat().st_size
    file.unlink()
    assert examined(lone)["records"].ok


@pytest.mark.parametrize("kind", ["release", "knowledge", "learnt"])
def test_what_is_live_and_gone_is_told(lone: Path, kind: str) -> None:
    assert examined(lone)["live release"].ok
    shutil.rmtree(lone / ".northloop" / "artefacts" / kind)
    found = examined(lone)["live release"]
    assert not found.ok and "gone" in found.found and "backup" in found.mend


def test_what_the_disk_refuses_is_told_and_the_rest_is_looked_at(
    lone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "/there")

    monkeypatch.setattr(Workspace, "reading", refused)
    found = examined(lone)
    assert not found["documents"].ok and found["documents"].found == "Permission denied"
    assert found["documents"].mend.startswith("/there: ") and found["live release"].ok


def test_what_every_user_of_the_machine_can_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / FILE_NAME
    file.write_text("# as it comes\n")
    monkeypatch.setattr(doctor, "_reachable", lambda _: True)
    for mode, ok in ((0o644, False), (0o640, True), (0o600, True), (0o602, False)):
        file.chmod(mode)
        found = examined(tmp_path)["access"]
        assert found.ok is ok and not found.needed
        assert (f"chmod o-rwx {file}" in found.mend) is not ok
    file.chmod(0o644)
    monkeypatch.undo()
    tmp_path.chmod(0o700)
    assert examined(tmp_path)["access"].ok
