from __future__ import annotations

import json
import os
import stat
import threading
import tomllib
import zipfile
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec
import pytest
import tomlkit

from northloop import registry, setup
from northloop.core.artefacts import Guardrail, Measure
from northloop.core.conversation import Split
from northloop.core.errors import ConfigurationError, InputError
from northloop.settings import FILE_NAME, Settings, load
from northloop.stages.objective.contract import ObjectiveInput, write_contract
from northloop.workspace import Workspace

CONTRACT = write_contract(
    ObjectiveInput(
        statement="Reduce average query resolution time by 30 % within six months.",
        whys=("Customers wait.", "Questions queue."),
        guardrails=(Guardrail("csat", 0.1),),
    ),
    date(2026, 5, 1),
)
EXPORT = "Ticket ID,Customer Message,Agent Reply\n1,Where is my tent?,It left our house today.\n"


def settings(folder: Path) -> Settings:
    return load(folder, {"XDG_CONFIG_HOME": str(folder / "nowhere")}, {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    setup.create(tmp_path / "shop", "support", CONTRACT)
    return tmp_path / "shop"


@pytest.mark.parametrize("best", ["words", "sentences"])
def test_a_new_workspace_names_the_better_embedder_that_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, best: str
) -> None:
    monkeypatch.setattr(registry, "best_embedder", lambda: best)
    file = setup.create(tmp_path / "shop", "support", CONTRACT)
    assert tomllib.loads(file.read_text("utf-8"))["serving"] == {"embedder": best}


def test_a_new_workspace_holds_the_contract(folder: Path) -> None:
    assert settings(folder).objective == CONTRACT
    assert settings(folder).use_case == "support"
    assert (folder / "documents").is_dir()
    assert (folder / FILE_NAME).read_text().startswith("# northloop workspace")


def test_what_is_there_is_not_overwritten(folder: Path) -> None:
    before = (folder / FILE_NAME).read_bytes()
    with pytest.raises(InputError, match="there is a workspace here already"):
        setup.create(folder, "drafting", CONTRACT)
    assert (folder / FILE_NAME).read_bytes() == before


def test_a_source_is_written_with_its_columns(folder: Path) -> None:
    (folder / "tickets.csv").write_text(EXPORT)
    made = setup.add_source(folder, folder / "tickets.csv", Split.TEST, "CC0")
    assert settings(folder).data.sources == (made,)
    assert (made.path, made.pin, made.licence) == ("tickets.csv", "test", "CC0")
    assert made.mapping["question"] == "Customer Message"
    assert made.mapping["reply"] == "Agent Reply"


def test_a_source_outside_keeps_its_whole_path(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.csv"
    file.write_text(EXPORT)
    assert setup.add_source(folder, file, None, "").path == str(file.resolve())


def test_a_source_is_added_once_and_keeps_what_people_corrected(folder: Path) -> None:
    file = folder / "tickets.csv"
    file.write_text(EXPORT)
    setup.add_source(folder, file, None, "")
    once = (folder / FILE_NAME).read_bytes()
    setup.add_source(folder, file, None, "")
    assert (folder / FILE_NAME).read_bytes() == once
    corrected = once.replace(b'"Agent Reply"', b'"Customer Message"')
    assert corrected != once
    (folder / FILE_NAME).write_bytes(corrected)
    again = setup.add_source(folder, file, None, "")
    assert again.mapping["reply"] == "Customer Message"
    assert (folder / FILE_NAME).read_bytes() == corrected


def test_pin_and_licence_given_again_are_written_and_the_rest_stays(folder: Path) -> None:
    file = folder / "tickets.csv"
    file.write_text(EXPORT)
    made = setup.add_source(folder, file, Split.TRAIN, "own")
    again = setup.add_source(folder, folder / ".." / "shop" / "tickets.csv", Split.TEST, "")
    assert again == msgspec.structs.replace(made, pin="test")
    assert settings(folder).data.sources == (again,)
    assert setup.add_source(folder, file, None, "CC0").licence == "CC0"
    assert settings(folder).data.sources == (msgspec.structs.replace(again, licence="CC0"),)


def test_columns_without_a_reply_give_way_to_conversations_that_are_told_now(folder: Path) -> None:
    exports = Path(__file__).parent / "fixtures" / "exports"
    file = folder / "incremental.json"
    file.write_bytes((exports / "zendesk" / "incremental.json").read_bytes())
    told = setup.add_source(folder, file, None, "").mapping
    found = (folder / FILE_NAME).read_bytes()
    flat = {"ticket_id": "id", "question": "description", "customer_id": "requester_id"}
    _write_mapping(folder, flat)
    assert settings(folder).data.sources[0].mapping == flat
    assert setup.add_source(folder, file, None, "").mapping == told
    assert (folder / FILE_NAME).read_bytes() == found
    # What somebody has said stays.
    for said in (flat | {"reply": ""}, flat | {"reply": "subject"}):
        _write_mapping(folder, said)
        assert setup.add_source(folder, file, None, "").mapping == said


def _write_mapping(folder: Path, mapping: Mapping[str, str]) -> None:
    document = tomlkit.parse((folder / FILE_NAME).read_text("utf-8"))
    document["data"]["sources"][0]["mapping"] = dict(mapping)
    (folder / FILE_NAME).write_text(tomlkit.dumps(document), "utf-8")


def test_nothing_is_imported_as_retired() -> None:
    with pytest.raises(InputError, match="pin: nothing is imported as retired"):
        setup.Terms(pin=Split.RETIRED)


@pytest.mark.parametrize(
    "written",
    [
        "data.prepare.zone = 'UTC'",
        "data = {prepare = {zone = 'UTC'}}",
        "[data]\nsources = [{path = 'a.csv'}]",
        "[data.prepare]\nzone = 'UTC'\n[serving]\nport = 1",
        "[[data.sources]]\npath = 'a.csv'  # mine",
    ],
)
def test_a_source_is_added_however_the_file_is_written(folder: Path, written: str) -> None:
    (folder / FILE_NAME).write_text(written)
    (folder / "b.csv").write_text(EXPORT)
    before = settings(folder).data
    made = setup.add_source(folder, folder / "b.csv", None, "")
    after = settings(folder).data
    assert after == msgspec.structs.replace(before, sources=(*before.sources, made))
    assert setup.with_sources(settings(folder), [made]).data == after


def test_sources_added_at_once_are_all_there(folder: Path) -> None:
    files = [folder / f"{n}.csv" for n in range(8)]
    for file in files:
        file.write_text(EXPORT)
    threads = [
        threading.Thread(target=setup.add_source, args=(folder, file, None, "")) for file in files
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {s.path for s in settings(folder).data.sources} == {file.name for file in files}
    assert not [*folder.glob("*.new")]


@pytest.mark.parametrize(
    "broken",
    [
        b"[x",
        b"data = 3",
        b"[data]\nsources = 'a.csv'",
        b"[[data.sources]]\nlicence = 'own'",
        "seed = 1".encode("utf-16"),
    ],
)
def test_a_broken_file_is_named_and_left(folder: Path, broken: bytes) -> None:
    (folder / FILE_NAME).write_bytes(broken)
    (folder / "b.csv").write_text(EXPORT)
    with pytest.raises(ConfigurationError, match=FILE_NAME):
        setup.sources_of(folder, folder / "b.csv")
    with pytest.raises(ConfigurationError, match=FILE_NAME):
        setup.write_settings(folder, {"seed": 2})
    assert (folder / FILE_NAME).read_bytes() == broken


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for place in ("file", "loop"):
        with pytest.raises(ConfigurationError, match=rf"{place}.*give a folder"):
            setup.create(tmp_path / place, "support", CONTRACT)


def test_a_loop_of_links_is_no_export(folder: Path) -> None:
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    with pytest.raises(InputError, match="cannot be read"):
        setup.sources_of(folder, folder / "loop.csv")


def test_a_name_that_is_no_text_is_refused(folder: Path) -> None:
    file = folder / "a\udcff.csv"
    file.write_text(EXPORT)
    with pytest.raises(InputError, match="rename it"):
        setup.sources_of(folder, file)


def test_the_file_keeps_its_permissions(folder: Path) -> None:
    (folder / FILE_NAME).chmod(0o600)
    setup.write_settings(folder, {"seed": 9})
    assert (folder / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_several_sources_stand_in_their_order(folder: Path) -> None:
    for name in ("b.csv", "a.csv"):
        (folder / name).write_text(EXPORT)
        setup.add_source(folder, folder / name, None, "")
    assert [s.path for s in settings(folder).data.sources] == ["b.csv", "a.csv"]


def test_a_file_without_a_question_is_no_source(folder: Path) -> None:
    (folder / "numbers.csv").write_text("Created At,CSAT\n2026-01-02,4\n2026-01-03,5\n")
    before = (folder / FILE_NAME).read_bytes()
    with pytest.raises(InputError, match=r"numbers\.csv"):
        setup.add_source(folder, folder / "numbers.csv", None, "")
    assert (folder / FILE_NAME).read_bytes() == before


def test_comments_and_order_stay(folder: Path) -> None:
    file = folder / FILE_NAME
    file.write_text(
        "# Why so few?\nseed = 3  # a prime\n\n[training]\n# Ada chose this.\nrank = 4\n"
    )
    setup.write_settings(folder, {"training.epochs": 2.0, "seed": 5, "data.prepare.zone": "UTC"})
    text = file.read_text()
    for comment in ("# Why so few?", "# a prime", "# Ada chose this."):
        assert comment in text
    assert text.index("seed = 5") < text.index("[training]") < text.index("rank = 4")
    found = settings(folder)
    assert (found.seed, found.training.rank, found.training.epochs) == (5, 4, 2.0)
    assert found.data.prepare.zone == "UTC"


def test_the_measured_baseline_is_written(folder: Path) -> None:
    baseline = Measure(value=20.0, low=18.0, high=22.0, n=400, unit="hours")
    measured = msgspec.structs.replace(CONTRACT, baseline=baseline, target=14.0)
    setup.write_objective(folder, measured)
    assert settings(folder).objective == measured
    setup.write_objective(folder, CONTRACT)
    assert settings(folder).objective == CONTRACT


def test_elsewhere_there_is_nothing_to_change(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="northloop init"):
        setup.write_settings(tmp_path, {"seed": 1})
    assert [*tmp_path.iterdir()] == []


def test_a_reader_never_sees_half_a_file(folder: Path) -> None:
    """While the file is written again and again, what lies there is always whole."""
    done = threading.Event()

    def write() -> None:
        for seed in range(60):
            setup.write_settings(folder, {"seed": seed, "serving.prompt": "x" * 100_000})
        done.set()

    setup.write_settings(folder, {"serving.prompt": "x" * 100_000})
    writer = threading.Thread(target=write)
    writer.start()
    reads = 0
    while not done.is_set():
        assert (folder / FILE_NAME).read_text().rstrip().endswith('x"')
        reads += 1
    writer.join()
    assert reads
    assert {p.name for p in folder.iterdir()} == {FILE_NAME, "documents"}


def test_a_write_that_fails_leaves_the_file_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / FILE_NAME).read_bytes()

    def full(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ConfigurationError, match="No space left"):
        setup.write_settings(folder, {"seed": 9})
    assert (folder / FILE_NAME).read_bytes() == before
    assert {p.name for p in folder.iterdir()} == {FILE_NAME, "documents"}


def test_sources_of_one_archive_stand_apart_and_are_known_again(folder: Path) -> None:
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        for name in ("a.csv", "b.csv"):
            archive.writestr(name, EXPORT)
        archive.writestr("c.csv", "id,score\n1,2\n")
    found = setup.sources_of(folder, folder / "export.zip")
    assert [source.member for source in found.settings] == ["a.csv", "b.csv"]
    assert [*found.left_out] == ["export.zip/c.csv"]
    setup.add_sources(folder, found.settings)
    terms = setup.Terms(licence="CC0", agents=("12",))
    setup.add_sources(folder, setup.sources_of(folder, folder / "export.zip", terms).settings)
    kept = settings(folder).data.sources
    assert [(s.path, s.member, s.licence, s.agents) for s in kept] == [
        ("export.zip", "a.csv", "CC0", ("12",)),
        ("export.zip", "b.csv", "CC0", ("12",)),
    ]


def test_what_is_said_anew_of_rows_or_messages_leaves_out_the_other(folder: Path) -> None:
    rows = [{"q": "Where is it, please?", "a": "It is on its way.", "log": [
        {"role": "customer", "text": "Is it there?"}, {"role": "agent", "text": "Yes, it is."},
    ]}]  # fmt: skip
    (folder / "both.json").write_text(json.dumps(rows * 3))
    setup.add_sources(folder, setup.sources_of(folder, folder / "both.json").settings)
    assert settings(folder).data.sources[0].mapping["messages"] == "log"
    terms = setup.Terms(mapping={"question": "q", "reply": "a"})
    (source,) = setup.sources_of(folder, folder / "both.json", terms).settings
    assert (source.mapping["question"], "messages" in source.mapping) == ("q", False)


@pytest.mark.parametrize(("mask", "modes"), [(0o022, (0o640, 0o750)), (0o002, (0o660, 0o770))])
def test_others_of_the_machine_see_neither_key_nor_state(
    tmp_path: Path, mask: int, modes: tuple[int, int]
) -> None:
    """Those who share the group, as the users of a volume do, still may."""
    before = os.umask(mask)
    try:
        file = setup.create(tmp_path / "shop", "support", CONTRACT)
        with closing(Workspace.open(tmp_path / "shop")) as workspace:
            state = workspace.state
    finally:
        os.umask(before)
    assert (file.stat().st_mode & 0o777, state.stat().st_mode & 0o777) == modes


def test_a_private_file_is_never_open_to_others_while_it_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / FILE_NAME).chmod(0o600)
    seen: list[int] = []

    def flushed(file: int) -> None:
        seen.extend(draft.stat().st_mode for draft in folder.glob("*.new"))

    monkeypatch.setattr(os, "fsync", flushed)
    before = os.open

    def opened(path: str, *rest: int, **more: int) -> int:
        made = before(path, *rest, **more)
        seen.append(os.fstat(made).st_mode)
        return made

    monkeypatch.setattr(os, "open", opened)
    setup.write_settings(folder, {"training.epochs": 1.0})
    drafts = [mode & 0o777 for mode in seen if stat.S_ISREG(mode)]
    assert len(drafts) >= 2 and {*drafts} == {0o600}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_file_stays_with_its_owner_whoever_writes_it(folder: Path) -> None:
    os.chown(folder / FILE_NAME, 1234, 5678)
    setup.write_settings(folder, {"training.epochs": 1.0})
    found = (folder / FILE_NAME).stat()
    assert (found.st_uid, found.st_gid) == (1234, 5678)
