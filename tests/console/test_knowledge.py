"""The documents page: what is in force, what the folder says, the loss guard, and the work."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

import edited
from console.client import Visitor
from killing import run
from northloop.app import knowledge, watched_folder
from northloop.console.changes import marked, work
from northloop.core.actor import team
from northloop.core.conversation import Message, Passage
from northloop.core.interaction import (
    ApprovedAnswer,
    Interaction,
    Question,
    Source,
    VerdictKind,
)
from northloop.loop.knowledge import InDoubt
from seeded import SeededWorkspace, opened
from sending_shop import RETURNS, edit, judge, sending_shop
from sending_shop import ask as sending

TAG = re.compile(r"<[^>]+>")


def said(text: str) -> str:
    return " ".join(unescape(TAG.sub(" ", text)).split())


def page(visitor: Visitor, path: str = "/documents") -> str:
    return said(visitor.get(path).text)


def first_source(shop: SeededWorkspace) -> tuple[str, ApprovedAnswer]:
    """Return a document that an approved answer rests on, and that answer."""
    edited.settle(shop)
    for document, answers in edited.sources_of(shop).items():
        asked = ask(shop, answers[0].question)
        if asked.source is Source.APPROVED:
            return document, answers[0]
    raise AssertionError("no approved answer is served")


def ask(shop: SeededWorkspace, question: str) -> Interaction:
    asked = Question(
        interaction_id=f"q{time.monotonic_ns()}", messages=(Message("user", question),)
    )
    *_, kept = shop.live.answer(asked)
    assert isinstance(kept, Interaction)
    return kept


@pytest.fixture
def doubted(shop: SeededWorkspace) -> tuple[str, ApprovedAnswer]:
    """An approved answer whose document was edited and put in force."""
    document, answer = first_source(shop)
    edited.edit(edited.file_of(shop, document))
    knowledge.update(shop, team("ada"))
    assert [d.answer.approved_id for d in knowledge.in_doubt(shop, team())] == [answer.approved_id]
    return document, answer


# --- in force, and the folder beside it --------------------------------------------------------


def test_the_page_says_what_is_in_force_and_what_the_folder_says_beside_it(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    document, _ = first_source(shop)
    live = shop.live.pair().knowledge
    before = visitor.get("/documents").text
    assert f'data-copy="{live}"' in before and "says the same" in before
    assert "Put in force" not in before
    edited.edit(edited.file_of(shop, document))
    (shop.documents_folder / "hours.md").write_text("# Hours\n\nFrom nine to seven.\n", "utf-8")
    (shop.documents_folder / "broken.pdf").write_bytes(b"no")
    asked = page(visitor)
    assert "The folder says something else" in asked
    assert f"Changed {document}" in asked and "Added hours" in asked
    assert "broken.pdf not used" in asked
    assert "The folder is not watched" in asked
    assert "What rests on it Approved answers 1 will wait for a person" in asked
    assert shop.live.pair().knowledge == live, "nothing is changed by looking"
    done = visitor.post("/documents/update")
    assert done.headers["location"] == "/documents?note=documents-in-force"
    assert shop.live.pair().knowledge != live
    found = knowledge.last_change(shop, team())
    assert found is not None
    found.wait(30)
    after = page(visitor)
    assert "says the same" in after and "What rested on the last change" in after
    again = visitor.post("/documents/update")
    assert again.headers["location"] == "/documents?note=documents-unchanged"


def _change_of_taught(shop: SeededWorkspace) -> knowledge.Change:
    """Edit documents that training rows rest on until answers rest on one too; return that."""
    for document in sorted(edited.taught(shop)):
        edited.edit(edited.file_of(shop, document))
        knowledge.update(shop, team("ada"))
        job = knowledge.last_change(shop, team())
        assert job is not None
        found = job.wait(30).result
        if found and found.dependants.interactions and found.dependants.training_rows:
            return found
    raise AssertionError("no document that training rows and answers rest on")


def test_what_rests_on_a_change_is_counted_and_listed(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    found = _change_of_taught(shop)
    text = visitor.get("/documents").text
    assert f"Training rows {len(found.dependants.training_rows)} look at them" in said(text)
    assert f"Recent answers {len(found.dependants.interactions)} look at them" in said(text)
    link = re.search(r'href="(/data/\w+/train)\?changed=1"', text)
    assert link is not None
    rows = page(visitor, f"{link[1]}?changed=1")
    assert "Those that rest on what changed in the documents" in rows
    shown = knowledge.rows_at_stake(
        shop, team(), found.dependants.dataset, knowledge.Split("train")
    )
    assert shown is not None and f"{len(shown)} row" in rows


def test_a_folder_that_is_gone_takes_nothing_away(visitor: Visitor, shop: SeededWorkspace) -> None:
    live = shop.live.pair()
    shutil.rmtree(shop.documents_folder)
    asked = page(visitor)
    assert "no such folder" in asked and "What was in force stays in force" in asked
    assert visitor.post("/documents/update").status_code == 422
    assert shop.live.pair() == live


def test_names_are_shown_as_text(visitor: Visitor, shop: SeededWorkspace) -> None:
    name = "<script>alert(1)<"
    (shop.documents_folder / f"{name}.md").write_text("# <img src=x>\n\nText.\n", "utf-8")
    text = visitor.get("/documents").text
    assert "<script>alert(1)" not in text and "<img src=x>" not in text
    assert "&lt;script&gt;alert(1)&lt;" in text


def test_words_narrow_the_list(visitor: Visitor, shop: SeededWorkspace) -> None:
    all_, few = visitor.get("/documents").text, visitor.get("/documents?words=tents").text
    assert all_.count('data-label="File"') == len(knowledge.documents(shop, team()))
    assert 0 < few.count('data-label="File"') < 5
    assert "No document is called that" in page(visitor, "/documents?words=nothinglikeit")


# --- the loss guard ----------------------------------------------------------------------------


def test_the_loss_of_most_is_asked_for_once_and_for_what_was_shown(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    edited.settle(shop)
    live = shop.live.pair()
    files = sorted(shop.documents_folder.glob("*.md"))
    for file in files[: len(files) * 2 // 3]:
        file.unlink()
    assert "so it waits for you" in page(visitor)
    asked = visitor.post("/documents/update")
    assert asked.status_code == 409 and "More than half would go" in asked.text
    assert shop.live.pair() == live
    seen = asked.text.split('name="seen" value="')[1].split('"')[0]
    files[-1].unlink()
    blind = visitor.post("/documents/update", {"lose": "yes"})
    assert blind.status_code == 409, "nobody says which loss is meant"
    again = visitor.post("/documents/update", {"lose": "yes", "seen": seen})
    assert again.status_code == 409, "more went since"
    assert shop.live.pair() == live
    seen = again.text.split('name="seen" value="')[1].split('"')[0]
    assert visitor.post("/documents/update", {"lose": "yes", "seen": seen}).status_code == 303
    assert shop.live.pair() != live


# --- work --------------------------------------------------------------------------------------


def test_an_answer_in_doubt_is_work_with_both_texts_side_by_side(
    visitor: Visitor, shop: SeededWorkspace, doubted: tuple[str, ApprovedAnswer]
) -> None:
    _, answer = doubted
    assert ask(shop, answer.question).source is not Source.APPROVED
    text = visitor.get("/documents").text
    assert "This approved answer cites what you changed" in said(text)
    assert re.search(r'class="text is">.*?<mark>[^<]*Since May', text, re.S)
    assert 'class="count">1<' in text
    assert "1 approved answer cites what changed" in page(visitor, "/")
    assert "documents changed" in page(visitor, "/answers/approved")
    confirmed = visitor.post(
        f"/documents/answers/{answer.approved_id}/confirm",
        {"seen": shop.live.pair().knowledge},
        headers={"cookie": f"northloop_reviewer=Ana; {_cookie(visitor)}"},
    )
    assert confirmed.headers["location"] == "/documents?note=confirmed"
    assert ask(shop, answer.question).source is Source.APPROVED
    assert "cites what you changed" not in page(visitor)
    assert 'class="count">1<' not in visitor.get("/documents").text


def _cookie(visitor: Visitor) -> str:
    visitor.token()
    return "; ".join(f"{name}={value}" for name, value in visitor.client.cookies.items())


def test_it_is_edited_and_served(
    visitor: Visitor, shop: SeededWorkspace, doubted: tuple[str, ApprovedAnswer]
) -> None:
    _, answer = doubted
    path, seen = f"/documents/answers/{answer.approved_id}/reword", shop.live.pair().knowledge
    assert visitor.post(path, {"answer": "  ", "seen": seen}).status_code == 422
    rewritten = {"answer": "Seventeen, since May.", "seen": seen}
    assert visitor.post(path, rewritten).status_code == 303
    kept = ask(shop, answer.question)
    assert (kept.source, kept.answer) == (Source.APPROVED, "Seventeen, since May.")
    assert knowledge.in_doubt(shop, team()) == []


def test_it_is_withdrawn(
    visitor: Visitor, shop: SeededWorkspace, doubted: tuple[str, ApprovedAnswer]
) -> None:
    _, answer = doubted
    path = f"/answers/approved/{answer.approved_id}/withdraw"
    done = visitor.post(path, {"back": "documents"})
    assert done.headers["location"] == "/documents?note=withdrawn"
    doubts = knowledge.in_doubt(shop, team())
    assert answer.approved_id not in [doubt.answer.approved_id for doubt in doubts]


def test_of_two_people_the_second_is_told(
    visitor: Visitor, shop: SeededWorkspace, doubted: tuple[str, ApprovedAnswer]
) -> None:
    document, answer = doubted
    at, seen = f"/documents/answers/{answer.approved_id}", shop.live.pair().knowledge
    edited.edit(edited.file_of(shop, document), "18")
    now = {"seen": knowledge.update(shop, team("ada")).knowledge}
    late = visitor.post(f"{at}/confirm", {"seen": seen})
    assert late.status_code == 409 and "he documents changed again" in late.text
    assert visitor.post(f"{at}/reword", {"answer": "Mine.", **now}).status_code == 303
    second = visitor.post(f"{at}/confirm", now)
    assert second.status_code == 409 and "waits for nobody" in second.text
    assert visitor.post(f"{at}/reword", {"answer": "Yours.", **now}).status_code == 409
    assert ask(shop, answer.question).answer == "Mine."


def test_nobody_decides_without_saying_what_they_read(
    visitor: Visitor, shop: SeededWorkspace, doubted: tuple[str, ApprovedAnswer]
) -> None:
    _, answer = doubted
    for act in ("confirm", "reword"):
        for seen in ({}, {"seen": ""}, {"seen": shop.live.pair().knowledge[:3]}):
            form = {"answer": "Mine.", **seen}
            refused = visitor.post(f"/documents/answers/{answer.approved_id}/{act}", form)
            assert refused.status_code == 422, form
            assert "obody says what it was read beside" in refused.text
    assert answer in [doubt.answer for doubt in knowledge.in_doubt(shop, team())]


def test_a_sentence_that_people_write_otherwise_stands_beside_what_they_write(
    tmp_path: Path,
) -> None:
    shop = sending_shop(tmp_path / "shop")
    asked = sending(shop, RETURNS, "q1")
    judge(shop, asked, VerdictKind.INCORRECT, asked.answer.replace("45 days", "40 days", 1))
    with Visitor(shop) as visitor:
        text = visitor.get("/documents").text
        assert "People write this sentence otherwise" in said(text)
        assert "<mark>45</mark> days" in text and "<mark>40</mark> days" in text
        assert 'href="/documents/returns-policy?edit=1"' in text
        assert "People write 1 sentence of the documents otherwise" in page(visitor, "/")
        edit(shop, "returns-policy", "45 days", "40 days")
        visitor.post("/documents/update")
        assert "People write this sentence" not in page(visitor)
    shop.close()


def test_what_changed_is_marked_word_by_word() -> None:
    old, new = marked("The stove costs 90 euros.", "The stove costs 95 euros, tax included.")
    assert "".join(b.text for b in old) == "The stove costs 90 euros."
    assert "".join(b.text for b in new) == "The stove costs 95 euros, tax included."
    assert [b.text for b in old if b.changed] == ["90"]
    assert [b.text for b in new if b.changed] == ["95", ", tax included"]


def test_a_passage_stands_beside_its_successor_and_not_beside_another() -> None:
    then = Passage("a#1", "a", "A", "It costs 90 euros and lasts for years.")
    now = Passage("a#2", "a", "A", "It costs 95 euros and lasts for years.")
    other = Passage("a#1", "a", "A › Care", "Clean with warm water.")
    answer = ApprovedAnswer(approved_id="x", question="?", answer="90.", origin="", at="")
    found = work(InDoubt(answer=answer, gone=(then,), new=(now, other), beside=(other, now)))
    assert [(pair.then, pair.now) for pair in found.pairs] == [(then, now)]
    assert found.others == (other,)
    gone = work(InDoubt(answer=answer, gone=(then,), new=(), beside=()))
    assert [pair.now for pair in gone.pairs] == [None]


# --- files -------------------------------------------------------------------------------------


def test_a_document_is_edited_in_place_and_the_earlier_text_can_be_put_back(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    file = sorted(shop.documents_folder.glob("*.md"))[0]
    before = file.read_text("utf-8")
    form = visitor.get(f"/documents/{file.stem}?edit=1").text
    assert unescape(form.split('class="raw">\n')[1].split("</textarea>")[0]) == before
    fields = {"file": file.name, "seen": form.split('name="seen" value="')[1].split('"')[0]}
    saved = visitor.post("/documents/save", {**fields, "text": "# New\r\n\r\nNew text."})
    assert saved.headers["location"] == "/documents?note=document-saved"
    assert file.read_text("utf-8") == "# New\n\nNew text.\n"
    removed = visitor.get("/documents").text.split('name="removed" value="')[1].split('"')[0]
    visitor.post("/documents/put-back", {"removed": removed})
    assert file.read_text("utf-8") == before


def test_two_who_edit_one_document_lose_nothing(visitor: Visitor, shop: SeededWorkspace) -> None:
    file = sorted(shop.documents_folder.glob("*.md"))[0]
    form = visitor.get(f"/documents/{file.stem}?edit=1").text
    fields = {"file": file.name, "seen": form.split('name="seen" value="')[1].split('"')[0]}
    assert visitor.post("/documents/save", {**fields, "text": "# A\n\nHers."}).status_code == 303
    second = visitor.post("/documents/save", {**fields, "text": "# A\n\nHis."})
    assert second.status_code == 409
    assert "Hers." in second.text and "His." in second.text
    assert "Hers." in file.read_text("utf-8")


@pytest.mark.parametrize("text", ["", "  \n "])
def test_a_document_is_not_emptied(visitor: Visitor, shop: SeededWorkspace, text: str) -> None:
    file = sorted(shop.documents_folder.glob("*.md"))[0]
    form = visitor.get(f"/documents/{file.stem}?edit=1").text
    seen = form.split('name="seen" value="')[1].split('"')[0]
    refused = visitor.post("/documents/save", {"file": file.name, "seen": seen, "text": text})
    assert refused.status_code == 422


@pytest.mark.parametrize("file", ["../northloop.toml", "nothing.md", "/etc/passwd"])
def test_only_documents_are_edited(visitor: Visitor, file: str) -> None:
    refused = visitor.post("/documents/save", {"file": file, "seen": "", "text": "# A\n\nB."})
    assert refused.status_code == 404


def test_what_no_person_writes_is_not_edited_here(visitor: Visitor, shop: SeededWorkspace) -> None:
    (shop.documents_folder / "page.html").write_text("<h1>Hours</h1><p>Nine to five.</p>", "utf-8")
    (shop.documents_folder / "old.txt").write_bytes("Ge\xf6ffnet von neun an.".encode("latin-1"))
    for name in ("page", "old"):
        assert visitor.get(f"/documents/{name}").status_code == 200
        assert visitor.get(f"/documents/{name}?edit=1").status_code == 422


# --- every door --------------------------------------------------------------------------------


def _by_console(shop: SeededWorkspace) -> None:
    with Visitor(shop) as visitor:
        assert visitor.post("/documents/update").status_code == 303


def _by_cli(shop: SeededWorkspace) -> None:
    program = (
        "import sys\n"
        "from scripted_workspace import ScriptedWorkspace\n"
        "from northloop.workspace import Workspace\n"
        "Workspace.indexer = ScriptedWorkspace.indexer\n"
        "from northloop.cli.main import app\n"
        "app(['knowledge', 'update', '--dir', sys.argv[1]])\n"
    )
    done = run(program, shop.folder)
    assert done.returncode == 0, done.stderr
    assert "In force: 1 document changed" in done.stdout


def _by_python(shop: SeededWorkspace) -> None:
    knowledge.update(shop, team())


def test_console_command_line_and_python_put_the_same_in_force(
    seeded_folder: Path, tmp_path: Path
) -> None:
    ways: dict[str, Callable[[SeededWorkspace], None]] = {
        "console": _by_console,
        "cli": _by_cli,
        "python": _by_python,
    }
    made = {}
    for name, put_in_force in ways.items():
        shutil.copytree(seeded_folder, tmp_path / name / "larkfell")
        shop = opened(tmp_path / name / "larkfell")
        document, _ = first_source(shop)
        edited.edit(edited.file_of(shop, document))
        put_in_force(shop)
        doubts = knowledge.in_doubt(shop, team())
        found = knowledge.last_change(shop, team())
        assert found is not None
        change = found.wait(30).result
        assert change is not None
        made[name] = (
            shop.live.pair(),
            [doubt.answer.approved_id for doubt in doubts],
            change.edit,
            change.dependants.training_rows,
            change.dependants.test_questions,
        )
        shop.close()
    assert made["console"] == made["cli"] == made["python"]
    assert made["python"][1]


def test_in_a_process_that_watches_a_change_goes_in_force_by_itself(
    visitor: Visitor, shop: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited.settle(shop)
    before = shop.live.pair()
    file = sorted(shop.documents_folder.glob("*.md"))[0]
    monkeypatch.setattr(watched_folder, "LOOK_EVERY_S", 0.5)
    with watched_folder.watched(lambda: shop):
        until = time.monotonic() + 20
        while "go in force by themselves" not in page(visitor) and time.monotonic() < until:
            time.sleep(0.05)
        visitor.post("/documents/remove", {"file": file.name})
        waiting = visitor.get("/documents").text
        if "says something else" in waiting:
            assert "It goes in force by itself within seconds" in waiting
            assert 'hx-trigger="every 2s"' in waiting
        while shop.live.pair() == before and time.monotonic() < until:
            time.sleep(0.05)
        assert shop.live.pair() != before
        fragment = visitor.get("/documents", {"HX-Request": "true"}).text
        assert "says the same" in fragment and "every 2s" not in fragment
    assert "go in force when you say so" in page(visitor)


# --- how old the sources are -------------------------------------------------------------------


def test_answers_show_the_age_of_their_sources(visitor: Visitor, shop: SeededWorkspace) -> None:
    document, answer = first_source(shop)
    kept = ask(shop, answer.question)
    assert kept.source is Source.APPROVED
    before = page(visitor, f"/answers/{kept.interaction_id}")
    assert "text as of" in before and "changed since" not in before
    edited.edit(edited.file_of(shop, document))
    knowledge.update(shop, team("ada"))
    assert "changed since" in page(visitor, f"/answers/{kept.interaction_id}")


def test_review_shows_the_age_beside_each_passage(visitor: Visitor, shop: SeededWorkspace) -> None:
    text = visitor.get("/review").text
    cards = text.count('class="passage"')
    assert cards and text.count('class="age"') == cards
