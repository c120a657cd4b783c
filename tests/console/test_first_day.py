"""From an empty folder to a served answer in a browser without scripts."""

from __future__ import annotations

import contextlib
import html
import json
import re
import shutil
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from httpx import Response
from typer.testing import CliRunner

from first_day import OWN, TO_TRAIN, WISH, Newcomer, documents, said, script, seen, tickets
from northloop import settings as configuration
from northloop.app import answers, background, intake, turns, uploads
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.main import app
from northloop.core.actor import team
from northloop.core.artefacts import Kind
from northloop.core.clock import stamp
from northloop.core.conversation import Message
from northloop.core.interaction import Interaction, Proposal, ProposalState, Question
from northloop.loop import promote
from northloop.workspace import Workspace

WHYS = ("agents search too long", "articles are hard to find")


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    script(monkeypatch)


@pytest.fixture
def newcomer(tmp_path: Path) -> Newcomer:
    (tmp_path / "shop").mkdir()
    return Newcomer(tmp_path / "shop")


@pytest.fixture
def begun(newcomer: Newcomer) -> Newcomer:
    """A folder whose objective is written."""
    assert newcomer.agree().status_code == 200
    return newcomer


def sources(newcomer: Newcomer) -> list[str]:
    return [s.path for s in configuration.load(newcomer.lazy.folder, {}, {}).data.sources]


def folder_of(newcomer: Newcomer) -> Path:
    return newcomer.lazy.folder


def uploads_left(newcomer: Newcomer) -> list[Path]:
    state = folder_of(newcomer) / ".northloop"
    return [
        f for part in ("uploads", "receiving") for f in (state / part).rglob("*") if f.is_file()
    ]


# --- the way -----------------------------------------------------------------------------------


def test_an_empty_folder_shows_the_way_with_one_next_step(newcomer: Newcomer) -> None:
    page = newcomer.get("/")
    assert page.status_code == 200
    assert page.text.count("button primary") == 1
    assert "Set the objective" in said(page)
    assert not (folder_of(newcomer) / "northloop.toml").exists()


@pytest.mark.parametrize(
    "path",
    ["/data", "/objective", "/loop", "/releases", "/start/history", "/start/turn", "/settings"],
)
def test_other_pages_of_an_empty_folder_lead_to_the_way(newcomer: Newcomer, path: str) -> None:
    page = newcomer.get(path)
    assert page.url.path == "/" and page.status_code == 200


def test_the_whole_day_without_scripts(newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the settings as they are shipped: nothing goes out that people have not decided on."""
    monkeypatch.delenv("NORTHLOOP_SERVING__MODE")
    assert "Five whys: 1 of 5" in said(newcomer.get("/start/objective", statement=WISH))
    confirm = newcomer.get("/start/objective", statement=WISH, why=WHYS, enough="1")
    assert "−30 % against the baseline" in said(confirm) and WHYS[1] in said(confirm)
    newcomer.agree(whys=WHYS)
    assert "Bring in the history" in said(newcomer.get("/"))

    shown = newcomer.upload({"tickets.csv": tickets(TO_TRAIN)})
    assert shown.text.count('class="learnt"') == 3
    assert sources(newcomer) == []
    done = newcomer.import_(shown)
    assert "history/tickets.csv" in said(done) and "Baseline of resolution time" in said(done)
    assert sources(newcomer) == ["history/tickets.csv"]

    added = newcomer.bring("/documents", documents())
    assert "First training" in said(newcomer.get("/"))
    assert f"{len(documents())} documents" in said(added)

    assert "GB" in said(newcomer.settled("/start/turn"))
    newcomer.post("/start/turn")
    ended = newcomer.settled("/start/turn")
    assert "It may begin" in said(ended) and "Nothing it says goes out before" in said(ended)
    release = ended.text.split('name="release" value="')[1].split('"')[0]
    assert newcomer.post("/start/promote", release=release).url.path == "/playground"
    answered = newcomer.post("/playground/ask", question="How long can I return a tent?")
    assert answered.status_code == 200 and "/answers/" in answered.url.path
    assert "not certified" in said(answered)
    home = said(newcomer.get("/"))
    assert "Are we on track?" in home
    assert "Every answer but approved ones is a draft at the desk" in home


def test_coming_back_after_a_restart_goes_on_where_one_stood(begun: Newcomer) -> None:
    shown = begun.upload({"tickets.csv": tickets()})
    begun.lazy.close()
    again = Newcomer(folder_of(begun))
    assert "1 upload to look at" in said(again.get("/"))
    later = again.settled(shown.url.path)
    assert seen(later) == seen(shown)
    assert "history/tickets.csv" in said(again.import_(later))


# --- the objective -----------------------------------------------------------------------------


def test_a_vague_wish_is_answered_with_what_is_missing(newcomer: Newcomer) -> None:
    page = newcomer.get("/start/objective", statement="be better")
    assert page.status_code == 422
    assert "which metric" in said(page) and "northloop init" not in said(page)
    assert ">be better</textarea>" in page.text


def test_the_parts_can_be_given_one_by_one(newcomer: Newcomer) -> None:
    fields = {
        "metric": "csat",
        "target": "4.5",
        "deadline": "2031-06-30",
        "rail": ["durable_resolution"],
        "margin": ["0.05"],
        "holdout": "12",
    }
    page = newcomer.get("/start/objective", **fields, enough="1")
    assert "30 Jun 2031" in said(page) or "2031" in said(page)
    assert "of the customers, answered by people alone" in said(page)
    assert "Durable resolution by more than 0.05" in said(page)
    newcomer.post("/start/objective", **fields, use_case="knowledge", seen="")
    written = configuration.load(folder_of(newcomer), {}, {})
    assert written.objective is not None and written.objective.target == 4.5
    assert written.objective.holdout_share == 0.12
    assert written.use_case == "knowledge" and written.serving.passages == 4


@pytest.mark.parametrize(
    "fields", [{"change": "much"}, {"months": "x"}, {"holdout": "few"}, {"rail": "csat"}]
)
def test_what_is_no_number_is_named(newcomer: Newcomer, fields: dict[str, str]) -> None:
    page = newcomer.get("/start/objective", statement=WISH, **fields)
    assert page.status_code == 422 and "What is to get better?" in said(page)


def test_an_answer_given_twice_is_asked_again(newcomer: Newcomer) -> None:
    page = newcomer.get("/start/objective", statement=WISH, why=[WHYS[0], WHYS[0]])
    assert page.status_code == 422 and "Five whys: 2 of 5" in said(page)


def test_to_write_the_same_objective_twice_changes_nothing(begun: Newcomer) -> None:
    before = (folder_of(begun) / "northloop.toml").read_bytes()
    assert begun.agree().status_code == 200
    assert (folder_of(begun) / "northloop.toml").read_bytes() == before


def test_of_two_people_the_second_is_told_and_may_then_replace_it(begun: Newcomer) -> None:
    other = WISH.replace("30", "20")
    assert begun.agree(other).status_code == 422
    confirm = begun.get("/start/objective", statement=other, enough="1")
    begun.post("/start/objective", statement=other, seen=seen(confirm))
    objective = configuration.load(folder_of(begun), {}, {}).objective
    assert objective is not None and objective.change == -0.2


def test_an_objective_is_added_to_a_workspace_without_one(newcomer: Newcomer) -> None:
    (folder_of(newcomer) / "northloop.toml").write_text("# mine\n[review]\nshare = 0.07\n", "utf-8")
    assert newcomer.agree().status_code == 200
    written = (folder_of(newcomer) / "northloop.toml").read_text("utf-8")
    assert "# mine" in written and configuration.load(folder_of(newcomer), {}, {}).data.prepare.key


# --- the history -------------------------------------------------------------------------------

ODD = "Nr,Wer,Text A,Text B\n" + "".join(
    f"{i},Anna Schmidt,How do I return item {i} of my last order?,"
    f"You can send item {i} back within thirty days of delivery.\n"
    for i in range(30)
)


def columns(page: Response, **fields: str) -> dict[str, list[str]]:
    """Return the form of the columns with some chosen: column → field."""
    names = [part.split('"')[0] for part in page.text.split('name="column-0" value="')[1:]]
    return {"column-0": names, "field-0": [fields.get(n.replace(" ", "_"), "") for n in names]}


def test_columns_that_were_not_understood_are_corrected_before_the_import(begun: Newcomer) -> None:
    shown = begun.upload({"odd.csv": ODD})
    assert "--map" not in said(shown)
    chosen = columns(shown, Nr="ticket_id", Wer="customer_name", Text_A="question", Text_B="reply")
    corrected = begun.settled(begun.post(f"{shown.url.path}/columns", **chosen).url)
    assert "within thirty days" in said(corrected) and "Anna Schmidt" not in said(corrected)
    begun.import_(corrected)
    kept = configuration.load(folder_of(begun), {}, {}).data.sources[0]
    assert kept.mapping["question"] == "Text A" and kept.mapping["reply"] == "Text B"


def test_one_field_for_two_columns_is_refused(begun: Newcomer) -> None:
    shown = begun.upload({"odd.csv": ODD})
    chosen = columns(shown, Text_A="question", Text_B="question")
    assert begun.post(f"{shown.url.path}/columns", **chosen).status_code == 422


def test_what_is_imported_is_what_was_shown(begun: Newcomer) -> None:
    shown = begun.upload({"odd.csv": ODD})
    chosen = columns(shown, Text_A="question", Text_B="reply")
    first = begun.settled(begun.post(f"{shown.url.path}/columns", **chosen).url)
    swapped = columns(shown, Text_B="question", Text_A="reply")
    begun.settled(begun.post(f"{shown.url.path}/columns", **swapped).url)
    assert begun.import_(first).status_code == 422
    assert sources(begun) == []


def test_a_doubtful_export_is_imported_only_if_somebody_insists(begun: Newcomer) -> None:
    rows = "".join(f"What about item {i}?,Please call us about it today.\n" for i in range(40))
    shown = begun.upload({"same.csv": f"question,reply\n{rows}"})
    assert "learn from it anyway" in said(shown)
    refused = begun.import_(shown)
    assert "It was not imported" in said(refused) and sources(begun) == []
    assert not list((folder_of(begun) / "history").glob("*"))
    begun.import_(refused, anyway="yes")
    assert sources(begun) == ["history/same.csv"]


def test_cancelling_deletes_the_upload_and_imports_nothing(begun: Newcomer) -> None:
    shown = begun.upload({"tickets.csv": tickets()})
    page = begun.post(f"{shown.url.path}/cancel")
    assert "Cancelled" in said(page)
    assert uploads_left(begun) == [] and sources(begun) == []
    assert begun.get(shown.url.path).url.path == "/start/history"


def test_the_same_files_again_are_the_same_upload(begun: Newcomer) -> None:
    first = begun.upload({"tickets.csv": tickets()})
    assert begun.upload({"tickets.csv": tickets()}).url.path == first.url.path


def test_a_file_that_is_imported_already_is_said_to_be(begun: Newcomer) -> None:
    begun.import_(begun.upload({"tickets.csv": tickets()}))
    dataset = begun.lazy.workspace().artefacts.list(Kind.DATASET)[0].hash
    again = begun.upload({"other-name.csv": tickets()})
    assert "imported already" in said(again)
    begun.import_(again)
    assert sources(begun) == ["history/tickets.csv"]
    assert begun.lazy.workspace().artefacts.list(Kind.DATASET)[0].hash == dataset


def test_another_file_of_the_same_name_is_kept_beside_it(begun: Newcomer) -> None:
    begun.import_(begun.upload({"tickets.csv": tickets()}))
    shown = begun.upload({"tickets.csv": tickets(280)})
    assert "tickets-2.csv" in said(shown)
    begun.import_(shown)
    assert sources(begun) == ["history/tickets.csv", "history/tickets-2.csv"]
    assert (folder_of(begun) / "history" / "tickets.csv").read_bytes() == tickets()


def test_several_files_come_in_at_once(begun: Newcomer) -> None:
    shown = begun.upload({"tickets.csv": tickets(), "odd.jsonl": json_rows()}, licence="own data")
    begun.import_(shown)
    assert sources(begun) == ["history/tickets.csv", "history/odd.jsonl"]
    kept = configuration.load(folder_of(begun), {}, {}).data.sources
    assert {source.licence for source in kept} == {"own data"}


def json_rows() -> str:
    rows = (
        {
            "question": f"Can I pay item {i} by invoice?",
            "reply": f"Yes, item {i} can be paid so.",
        }
        for i in range(20)
    )
    return "\n".join(json.dumps(row) for row in rows)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("tickets.xlsx", b"PK\x03\x04" + b"\0" * 200, "archive is damaged"),
        ("tickets.csv", b"", "empty"),
        ("page.html", b"<!doctype html><html></html>", "HTML"),
        ("tickets.csv", b"question,reply\n", "no rows"),
        ("x.pdf", b"%PDF-1.7\n\0\0", "PDF"),
    ],
)
def test_what_is_no_export_is_refused_by_name(
    begun: Newcomer, name: str, content: bytes, told: str
) -> None:
    page = begun.upload({name: content})
    assert page.status_code == 422 and told in said(page) and name in said(page)
    assert uploads_left(begun) == []


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd.csv",
        "..\\..\\boot.csv",
        "/abs.csv",
        ".hidden.csv",
        "<img src=x onerror=alert(1)>.csv",
        "a\N{RIGHT-TO-LEFT OVERRIDE}vsc.csv",
        "x" * 300 + ".csv",
        "täß 日本.csv",
        "a\tb.csv",
    ],
)
def test_hostile_names_stay_in_the_folder_and_say_nothing(begun: Newcomer, name: str) -> None:
    shown = begun.upload({name: ODD.replace("Text A", "question").replace("Text B", "reply")})
    assert shown.status_code == 200 and "<img" not in shown.text
    begun.import_(shown)
    (path,) = sources(begun)
    kept = folder_of(begun) / path
    assert kept.is_file() and kept.parent == folder_of(begun) / "history"
    assert path.endswith(".csv") and path.isprintable() and not kept.name.startswith(".")


def test_what_cells_hold_is_shown_as_text(begun: Newcomer) -> None:
    rows = "".join(
        f'"=cmd|calc!A{i} what is <script>alert({i})</script>?","<b>Bold</b> reply {i} it is."\n'
        for i in range(30)
    )
    shown = begun.upload({"x.csv": f"question,reply\n{rows}"})
    assert "<script>alert" not in shown.text and "=cmd|calc" in said(shown)


def test_a_forged_upload_is_refused_before_a_byte_is_kept(begun: Newcomer) -> None:
    page = begun.bring("/start/history", {"tickets.csv": tickets()}, token="x")
    assert page.status_code == 401 and uploads_left(begun) == []
    assert not (folder_of(begun) / ".northloop" / "receiving").exists()
    files = [("files", ("tickets.csv", tickets()))]
    elsewhere = begun.client.post(
        "/start/history",
        data={"token": begun.token},
        files=files,
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert elsewhere.status_code == 401 and uploads_left(begun) == []


def test_a_token_behind_its_files_is_too_late(begun: Newcomer) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\nq\r\n'
        b'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n'
        + begun.token.encode()
        + b"\r\n--b--\r\n"
    )
    headers = {**OWN, "Content-Type": "multipart/form-data; boundary=b"}
    page = begun.client.post("/start/history", content=body, headers=headers)
    assert page.status_code == 401 and uploads_left(begun) == []


@pytest.mark.parametrize("body", [b"", b"--b\r\n", b"nonsense", b"--b\r\n\xff\xff: x\r\n\r\n"])
def test_a_damaged_form_is_refused(begun: Newcomer, body: bytes) -> None:
    headers = {**OWN, "Content-Type": "multipart/form-data; boundary=b"}
    begun.get("/")
    page = begun.client.post("/start/history", content=body, headers=headers)
    assert page.status_code in (401, 422)


def test_too_much_is_refused_with_the_limit_and_nothing_is_kept(begun: Newcomer) -> None:
    workspace = begun.lazy.workspace()
    data = msgspec.structs.replace(workspace.settings.data, largest_upload_mb=1)
    workspace.settings = msgspec.structs.replace(workspace.settings, data=data)
    page = begun.bring("/start/history", {"big.csv": b"question,reply\n" + b"a,b\n" * 400_000})
    assert page.status_code == 413
    assert "More than 1 MB" in said(page) and "largest_upload_mb" in said(page)
    assert uploads_left(begun) == []


def test_no_file_is_said(begun: Newcomer) -> None:
    page = begun.bring("/start/history", {"": b""})
    assert page.status_code == 422 and "no file was chosen" in said(page).lower()


def test_double_submit_imports_once(begun: Newcomer) -> None:
    shown = begun.upload({"tickets.csv": tickets()})
    answers_: list[Response] = []

    def submit() -> None:
        visitor = Newcomer(folder_of(begun), begun.lazy)
        answers_.append(visitor.import_(shown))

    both = [threading.Thread(target=submit) for _ in range(4)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert [a.status_code for a in answers_] == [200] * 4
    assert sources(begun) == ["history/tickets.csv"]
    assert len(begun.lazy.workspace().artefacts.list(Kind.DATASET)) == 1
    assert begun.import_(shown).status_code == 200


def test_a_second_click_beside_a_quick_import_is_the_same_import(
    begun: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = begun.upload({"tickets.csv": tickets()})
    asked, ask = threading.Barrier(2), uploads.imported
    jobs = background.of(begun.lazy.workspace()).jobs

    def slowly(*known: Any) -> Any:
        """Let both ask before either begins, and one of them go on after the other's import."""
        found = ask(*known)
        with contextlib.suppress(threading.BrokenBarrierError):
            if found is None and asked.wait(0.5) == 0:
                ends = time.monotonic() + 5
                while (job := jobs.find(f"importing {known[2]}")) is None:
                    assert time.monotonic() < ends
                    time.sleep(0.01)
                job.wait(5)
        return found

    upload = shown.url.path.rsplit("/", 1)[-1]
    workspace = begun.lazy.workspace()
    monkeypatch.setattr(uploads, "imported", slowly)
    with ThreadPoolExecutor(2) as pool:
        take = partial(uploads.take_in, workspace, team("ann"), upload, seen(shown))
        one, other = [w.result(20) for w in [pool.submit(take) for _ in range(2)]]
    assert one is other and one.wait(20).result is not None
    assert len(workspace.artefacts.list(Kind.DATASET)) == 1


def test_two_people_import_two_uploads_one_after_the_other(begun: Newcomer) -> None:
    first = begun.upload({"tickets.csv": tickets()})
    second = begun.upload({"odd.jsonl": json_rows()})
    begun.import_(first)
    refused = begun.import_(second)
    assert refused.status_code == 422
    begun.import_(begun.settled(second.url.path))
    assert sources(begun) == ["history/tickets.csv", "history/odd.jsonl"]


# --- documents ---------------------------------------------------------------------------------


def test_documents_are_added_written_removed_and_put_back(begun: Newcomer) -> None:
    begun.bring("/documents", {"a.md": "# Returns\n\nSend it back within thirty days."})
    page = begun.post("/documents/write", title="Über uns!", text="We are kind to people.")
    assert "2 documents" in said(page)
    assert (folder_of(begun) / "documents" / "über-uns.md").is_file()
    gone = begun.post("/documents/remove", file="a.md")
    assert "1 document" in said(gone) and not (folder_of(begun) / "documents" / "a.md").exists()
    removed = gone.text.split('name="removed" value="')[1].split('"')[0]
    assert "2 documents" in said(begun.post("/documents/put-back", removed=removed))
    assert begun.post("/documents/put-back", removed=removed).status_code == 404
    assert begun.post("/documents/remove", file="../northloop.toml").status_code == 404


def test_before_a_file_of_many_documents_is_removed_it_says_how_many_go(begun: Newcomer) -> None:
    written = [
        {"id": n, "title": f"Article {n}", "body": f"<p>It says {n} things.</p>", "draft": False}
        for n in range(3)
    ]
    begun.bring("/documents", {"guide.json": json.dumps({"articles": written})})
    kept = folder_of(begun) / "documents" / "guide.json"
    asked = begun.post("/documents/remove", file="guide.json", back="start")
    assert asked.status_code == 409 and kept.is_file()
    assert "3 documents would go." in said(asked)
    assert "Article 0, Article 1, Article 2" in said(asked)
    gone = begun.post("/documents/remove", file="guide.json", back="start", all="3")
    assert gone.status_code == 200 and gone.url.path == "/start/documents"
    assert not kept.exists()


def test_a_newer_document_takes_the_place_of_the_earlier_one(begun: Newcomer) -> None:
    begun.bring("/documents", {"a.md": "# Returns\n\nWithin thirty days."})
    page = begun.bring("/documents", {"a.md": "# Returns\n\nWithin sixty days."})
    assert "1 document" in said(page)
    removed = page.text.split('name="removed" value="')[1].split('"')[0]
    begun.post("/documents/put-back", removed=removed)
    assert "thirty" in (folder_of(begun) / "documents" / "a.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.md", b""), ("a.md", b"\0\1\2"), ("tickets.csv", b"question,reply\n")],
)
def test_what_is_no_document_is_refused(begun: Newcomer, name: str, content: bytes) -> None:
    page = begun.bring("/documents", {"good.md": "# Good\n\nText.", name: content})
    assert page.status_code == 422 and name in said(page)
    assert list((folder_of(begun) / "documents").iterdir()) == []


def test_two_endings_of_one_name_would_be_one_document(begun: Newcomer) -> None:
    begun.bring("/documents", {"a.md": "# A\n\nText."})
    assert begun.bring("/documents", {"a.txt": "Other text."}).status_code == 422


# --- the first turn ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ready_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the first training can begin: to be copied."""
    folder = tmp_path_factory.mktemp("ready") / "shop"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        script(patch)
        newcomer = Newcomer(folder)
        newcomer.agree()
        newcomer.import_(newcomer.upload({"tickets.csv": tickets(TO_TRAIN)}))
        newcomer.bring("/documents", documents())
        newcomer.lazy.close()
    return folder


@pytest.fixture
def ready(ready_folder: Path, tmp_path: Path) -> Newcomer:
    """A folder of one's own in which the first training can begin."""
    return Newcomer(shutil.copytree(ready_folder, tmp_path / "shop"))


def test_a_turn_that_fails_says_why_and_goes_on(ready: Newcomer) -> None:
    ready.lazy.workspace().trained.failures = 1
    ready.post("/start/turn")
    stopped = ready.settled("/start/turn")
    assert "It stopped" in said(stopped) and "TrainingBroke" in said(stopped)
    assert "TrainingBroke" in said(ready.get("/loop"))
    ready.post("/start/turn")
    assert "It passed the gate" in said(ready.settled("/start/turn"))


def test_to_begin_twice_begins_one_turn(ready: Newcomer) -> None:
    for _ in range(3):
        assert ready.post("/start/turn").status_code == 200
    ready.settled("/start/turn")
    assert ready.post("/start/turn").status_code == 200
    assert len(ready.lazy.workspace().records.query(Proposal).rows) == 1


def test_a_refused_release_leaves_the_untuned_base(ready: Newcomer) -> None:
    ready.lazy.workspace().trained.gain = -0.5
    ready.post("/start/turn")
    refused = ready.settled("/start/turn")
    assert "The gate refused it" in said(refused)
    ready.post("/start/at-once")
    ready.settled("/start/turn")
    live = promote.live(ready.lazy.workspace().records)
    for page in ("/releases", f"/releases/{live}"):
        assert "It began while nothing was live" in said(ready.get(page))
    assert ready.lazy.workspace().records.query(Proposal).rows[-1].state is ProposalState.REFUSED


NEVER_KEPT = (ProposalState.INTERRUPTED, ProposalState.OUTDATED)


@pytest.mark.parametrize("state", sorted({*ProposalState} - {ProposalState.OPEN, *NEVER_KEPT}))
def test_the_way_says_how_the_first_training_stands_whatever_came_of_it(
    ready: Newcomer, state: ProposalState
) -> None:
    turn = Proposal(proposal_id="first", at=stamp(), reason="the first", state=state)
    ready.lazy.workspace().records.add(turn)
    page = ready.get("/start")
    assert page.status_code == 200
    text = "Its release waits until people have judged pairs of answers."
    assert (text in said(page)) == (state is ProposalState.UNDECIDED)


def test_somebody_without_a_history_chats_with_the_untuned_base(begun: Newcomer) -> None:
    assert begun.post("/start/at-once").status_code == 503
    begun.bring("/documents", documents())
    assert "Begin at once" in said(begun.get("/"))
    begun.post("/start/at-once")
    begun.settled("/start/turn")
    assert "Untuned base is live" in said(begun.get("/start/turn"))
    ended = begun.client.get("/start/turn/live?beginning=1", headers={"HX-Request": "true"})
    assert ended.headers["HX-Redirect"] == "/playground?note=live"
    assert "HX-Redirect" not in begun.get("/start/turn/live").headers
    assert begun.post("/start/at-once").url.path == "/playground"
    asked = begun.post("/playground/ask", question="How long can I return a tent?")
    assert asked.status_code == 200
    assert len(begun.lazy.workspace().records.query(Interaction).rows) == 1
    # The history comes later, and what ended before the base went live is where it begins.
    begun.import_(begun.upload({"tickets.csv": tickets(TO_TRAIN)}))
    objective = begun.lazy.workspace().settings.objective
    assert objective is not None and objective.baseline is not None
    begun.post("/start/turn")
    assert "Make it live" in said(begun.settled("/start/turn"))


def test_a_training_without_a_history_is_refused(begun: Newcomer) -> None:
    assert begun.post("/start/turn").status_code == 422


# --- the same by other ways --------------------------------------------------------------------


def by_hand(folder: Path) -> Workspace:
    """Do the same by the command line and return the workspace."""
    place = ["--dir", str(folder)]
    export = folder.parent / "tickets.csv"
    export.write_bytes(tickets(TO_TRAIN))
    for words in (
        ["init", *place, "--objective", WISH, "--json"],
        ["import", str(export), *place],
    ):
        assert CliRunner().invoke(app, words).exit_code == 0
    for name, text in documents().items():
        (folder / "documents" / name).write_text(text, "utf-8")
    assert CliRunner().invoke(app, ["loop", "run", *place]).exit_code == 0
    return Workspace.open(folder)


def test_browser_command_line_and_python_make_the_same_hashes(
    ready: Newcomer, tmp_path: Path
) -> None:
    ready.post("/start/turn")
    ready.settled("/start/turn")
    own = tmp_path / "own"
    lazy, actor = LazyWorkspace(own), team()
    intake.start(own, actor, "support", intake.ObjectiveInput(statement=WISH))
    (own / "tickets.csv").write_bytes(tickets(TO_TRAIN))
    for name, text in documents().items():
        (own / "documents" / name).write_text(text, "utf-8")
    workspace = lazy.workspace()
    intake.commit(workspace, actor, intake.preview(workspace, actor, [own / "tickets.csv"]))
    turns.carry_out(workspace, actor, turns.propose(workspace, actor).proposal_id)
    typed = by_hand(tmp_path / "typed")
    kinds = (Kind.DATASET, Kind.KNOWLEDGE, Kind.ADAPTER, Kind.RELEASE, Kind.REPORT, Kind.DECISION)
    for kind in kinds:
        found, wanted, third = (
            {a.hash for a in w.artefacts.list(kind)}
            for w in (ready.lazy.workspace(), workspace, typed)
        )
        assert found == wanted == third, kind
    question = Question(interaction_id="q" * 24, messages=(Message("user", "Where is my parcel?"),))
    newest = workspace.artefacts.list(Kind.RELEASE)[0].hash
    for each in (ready.lazy.workspace(), workspace):
        *_, kept = answers.ask(each, actor, question, newest)
        assert isinstance(kept, Interaction)


# --- archives and chats ------------------------------------------------------------------------


def chats(agent: str = "Anna Berg") -> bytes:
    rows = ["conversation_id,written by,text,is_private"]
    for n in range(30):
        customer = "Jane Roe"
        rows += [
            f"{n},{customer},Where is order number {n} of mine?,no",
            f"{n},{agent},Do not tell her that it is lost.,yes",
            f"{n},{agent},Order {n} is on its way to you.,no",
        ]
    return "\n".join(rows).encode()


def archived(files: dict[str, bytes]) -> bytes:
    body = BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return body.getvalue()


def test_the_exports_of_an_archive_are_corrected_one_by_one(begun: Newcomer) -> None:
    body = archived({"chats.csv": chats(), "tickets.csv": tickets(), "a.pdf": b"%PDF-1.7"})
    page = begun.upload({"export.zip": body})
    assert page.status_code == 200
    assert "export.zip/chats.csv" in said(page) and "export.zip/tickets.csv" in said(page)
    assert "Who of those in 'written by' answers is not sure" in said(page)
    chosen = {
        f"{part}-{place}": values
        for place in range(2)
        for part, values in (("column", _columns(page, place)), ("field", _fields(page, place)))
    }
    corrected = begun.settled(
        begun.post(f"{page.url.path}/columns", **chosen, **{"agents-0": "Anna Berg"}).url
    )
    text = said(corrected)
    assert "One message a row" in text
    assert "30 conversations, 90 messages; 30 private notes left out." in text
    assert "As you said." in text and "export.zip/a.pdf" in text
    assert "Do not tell her" not in text
    assert begun.import_(corrected).status_code == 200
    kept = configuration.load(begun.lazy.folder, {}, {}).data.sources
    assert [(s.path, s.member, s.agents) for s in kept] == [
        ("history/export.zip", "chats.csv", ("Anna Berg",)),
        ("history/export.zip", "tickets.csv", ()),
    ]


def _columns(page: Response, place: int) -> list[str]:
    return [
        html.unescape(v) for v in re.findall(rf'name="column-{place}" value="([^"]*)"', page.text)
    ]


def _fields(page: Response, place: int) -> list[str]:
    found = re.findall(rf'<select name="field-{place}".*?</select>', page.text, re.S)
    return [m[1] if (m := re.search(r'value="([^"]*)" selected', one)) else "" for one in found]


def test_columns_of_an_export_that_is_known_are_put_away(begun: Newcomer) -> None:
    """All of them said "not used", though what stands in them is read."""
    calls = [
        {
            "id": f"c{n}",
            "input": [{"role": "user", "content": f"Where is parcel {n}?"}],
            "output": {"role": "assistant", "content": f"It has arrived in town {n}."},
        }
        for n in range(12)
    ]
    page = begun.upload({"log.json": json.dumps(calls)})
    assert "Where is parcel" in said(page) and "It is read as such an export" in said(page)
    table = begun.upload({"tickets.csv": tickets()})
    assert "It is read as such an export" not in said(table)
