"""Uploads while the world breaks: killed senders, a full disk, a server that was killed."""

from __future__ import annotations

import errno
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from browser.kit import served
from first_day import TO_TRAIN, WISH, Newcomer, said, script, tickets
from northloop import setup
from northloop.app import articles, intake, uploads
from northloop.app.jobs import Jobs
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.app.receiving import ABANDONED_S, Receiving, distinct, safe_name
from northloop.core.actor import Actor, Role, team
from northloop.core.artefacts import Kind
from northloop.core.errors import ConfigurationError, InputError, NotAllowed, NotFound
from northloop.ports.progress import Progress
from northloop.workspace import Workspace


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    script(monkeypatch)
    intake.start(tmp_path / "shop", team(), "support", intake.ObjectiveInput(statement=WISH))
    workspace = Workspace.open(tmp_path / "shop")
    yield workspace
    workspace.close()


def received(shop: Workspace, content: bytes, name: str = "tickets.csv") -> Receiving:
    delivery = Receiving(shop, team("Ana"))
    delivery.begin(name)
    delivery.write(content)
    delivery.end()
    return delivery


def kept(shop: Workspace) -> list[str]:
    places = (shop.state / "receiving", shop.state / "uploads", shop.folder / "history")
    return [f.name for place in places for f in place.rglob("*") if f.is_file()]


def brought_in(shop: Workspace, rows: int = 80) -> uploads.Upload:
    delivery = received(shop, tickets(rows))
    try:
        return uploads.receive(shop, team("Ana"), delivery)
    finally:
        delivery.drop()


def test_an_upload_is_private_until_it_is_imported(shop: Workspace) -> None:
    made = brought_in(shop)
    place = shop.state / "uploads" / made.upload_id
    assert place.stat().st_mode & 0o077 == 0
    assert made.by == "Ana" and [f.name for f in made.files] == ["tickets.csv"]


def test_a_full_disk_keeps_nothing_and_says_so(shop: Workspace) -> None:
    newcomer = Newcomer(shop.folder, LazyWorkspace.of(shop))
    token = newcomer.token
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        page = newcomer.bring("/start/history", {"tickets.csv": tickets(TO_TRAIN)}, token=token)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert page.status_code == 507 and "cannot be kept" in said(page)
    assert kept(shop) == []


def test_an_import_on_a_full_disk_leaves_everything_as_it_was(shop: Workspace) -> None:
    made = brought_in(shop)
    shown = uploads.look(shop, team(), made.upload_id).wait(60).result
    assert shown is not None
    before = (shop.folder / "northloop.toml").read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        job = uploads.take_in(shop, team(), made.upload_id, shown.fingerprint).wait(60)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert isinstance(job.error, InputError) and "full" in job.error.what
    assert (shop.folder / "northloop.toml").read_bytes() == before
    assert not list((shop.folder / "history").glob("*"))
    assert shop.artefacts.list(Kind.DATASET) == []
    again = uploads.take_in(shop, team(), made.upload_id, shown.fingerprint).wait(60)
    assert again.result is not None


def imported_with_no_room_for_the_baseline(shop: Workspace) -> uploads.Upload:
    """Import an upload on a disk that is full once northloop.toml names the file."""
    made = brought_in(shop, TO_TRAIN)
    shown = uploads.look(shop, team(), made.upload_id).wait(60).result
    assert shown is not None

    def full(folder: Path, objective: object) -> None:
        raise ConfigurationError("no space left")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(setup, "write_objective", full)
        job = uploads.take_in(shop, team(), made.upload_id, shown.fingerprint).wait(60)
    assert job.error is not None and job.error.what == "no space left"
    return made


def imported_again(shop: Workspace, made: uploads.Upload) -> None:
    looked = uploads.look(shop, team(), made.upload_id).wait(60)
    assert looked.result is not None, looked.error
    again = uploads.take_in(shop, team(), made.upload_id, looked.result.fingerprint).wait(60)
    assert again.result is not None and again.result.objective is not None, again.error
    assert again.result.objective.baseline is not None
    assert [s.path for s in shop.settings.data.sources] == ["history/tickets.csv"]
    assert (shop.folder / "history" / "tickets.csv").read_bytes() == tickets(TO_TRAIN)


def test_an_import_that_fails_at_the_baseline_leaves_the_file_it_has_named(
    shop: Workspace,
) -> None:
    made = imported_with_no_room_for_the_baseline(shop)
    assert (shop.folder / "history" / "tickets.csv").read_bytes() == tickets(TO_TRAIN)
    imported_again(shop, made)


def test_an_upload_puts_back_the_file_that_the_history_has_lost(shop: Workspace) -> None:
    made = imported_with_no_room_for_the_baseline(shop)
    (shop.folder / "history" / "tickets.csv").unlink(missing_ok=True)
    imported_again(shop, made)


@pytest.fixture
def document(shop: Workspace) -> Path:
    written = shop.folder / "documents" / "a.md"
    written.write_text("# A\n\nText.\n")
    return written


def test_a_document_stays_where_it_cannot_be_noted_as_removed(
    shop: Workspace, document: Path
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(InputError, match="cannot be kept"):
            articles.remove(shop, team(), "a.md")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert document.exists() and articles.removed(shop, team()) == []
    assert not list((shop.state / "removed-documents").iterdir())


def test_a_document_that_cannot_be_moved_is_not_noted_as_removed(
    shop: Workspace, document: Path
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Path, "rename", refused)
        with pytest.raises(InputError, match="cannot be kept"):
            articles.remove(shop, team(), "a.md")
    assert document.exists() and not list((shop.state / "removed-documents").iterdir())


@pytest.mark.parametrize("at", ["write_bytes", "rename"])
def test_a_document_is_in_its_place_or_listed_as_removed_when_the_server_is_killed(
    shop: Workspace, document: Path, at: str
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Path, at, killed)
        with pytest.raises(KeyboardInterrupt):
            articles.remove(shop, team(), "a.md")
    assert document.exists() and articles.removed(shop, team()) == []
    taken = articles.remove(shop, team(), "a.md")
    assert not document.exists() and articles.removed(shop, team()) == [taken]
    assert articles.put_back(shop, team(), taken.removed_id) == "a.md" and document.exists()


def test_a_document_is_removed_when_nobody_else_changes_the_files(
    shop: Workspace, document: Path
) -> None:
    removing = threading.Thread(target=articles.remove, args=(shop, team(), "a.md"))
    with articles._changing(shop):
        removing.start()
        removing.join(0.3)
        assert removing.is_alive() and document.exists()
    removing.join(10)
    assert not document.exists()


def test_a_sender_who_is_killed_leaves_nothing(shop: Workspace) -> None:
    with served(shop) as address:
        newcomer = Newcomer(shop.folder, LazyWorkspace.of(shop))
        port = urlsplit(address).port
        head = (
            f"POST /start/history HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Sec-Fetch-Site: same-origin\r\nCookie: northloop_token={newcomer.token}\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\n\r\n"
            f'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n{newcomer.token}\r\n'
            '--b\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
        )
        with socket.create_connection(("127.0.0.1", port)) as sender:
            sender.sendall(head.encode() + b"question,reply\n" * 20_000)
            _until(lambda: kept(shop) == ["a.csv"])
        _until(lambda: kept(shop) == [])
    assert uploads.uploads(shop, team()) == []


def _until(holds: object) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        if holds():  # type: ignore[operator]
            return
        time.sleep(0.02)
    raise AssertionError("it never came to pass")


def test_what_a_killed_server_left_is_swept_later(shop: Workspace) -> None:
    left = received(shop, b"question,reply\n").folder
    received(shop, b"x").drop()
    assert left.exists()
    old = time.time() - ABANDONED_S - 60
    os.utime(left, (old, old))
    received(shop, b"x").drop()
    assert not left.exists()


def test_an_import_that_was_killed_before_its_end_can_be_done_again(shop: Workspace) -> None:
    made = brought_in(shop)
    (shop.folder / "history").mkdir()
    os.link(
        shop.state / "uploads" / made.upload_id / "files" / "tickets.csv",
        shop.folder / "history" / "tickets.csv",
    )
    shown = uploads.look(shop, team(), made.upload_id).wait(60).result
    assert shown is not None
    job = uploads.take_in(shop, team(), made.upload_id, shown.fingerprint).wait(60)
    assert job.result is not None
    assert [s.path for s in shop.settings.data.sources] == ["history/tickets.csv"]


def test_an_upload_that_was_imported_and_not_removed_is_known_as_imported(shop: Workspace) -> None:
    made = brought_in(shop)
    (shop.folder / "history").mkdir()
    (shop.folder / "history" / "tickets.csv").write_bytes(tickets())
    setup.add_source(shop.folder, shop.folder / "history" / "tickets.csv", None, "")
    shown = uploads.look(shop, team(), made.upload_id).wait(60).result
    assert shown is not None and [s.path for s in shown.settings] == ["history/tickets.csv"]


def test_somebody_of_one_tenant_brings_nothing_in(shop: Workspace) -> None:
    stranger = Actor(name="key", roles=tuple(Role), tenant="acme")
    with pytest.raises(NotAllowed):
        Receiving(shop, stranger)
    with pytest.raises(NotAllowed):
        uploads.uploads(shop, stranger)
    with pytest.raises(NotAllowed):
        articles.remove(shop, stranger, "a.md")


def test_a_cancelled_reading_ends(shop: Workspace) -> None:
    made = brought_in(shop)
    job = uploads.look(shop, team(), made.upload_id)
    uploads.cancel(shop, team(), made.upload_id)
    assert not job.wait(60).going_on
    with pytest.raises(NotFound):
        uploads.look(shop, team(), made.upload_id)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("tickets.csv", "tickets.csv"),
        ("Jänner 2027 (neu).csv", "Jänner 2027 (neu).csv"),
        ("C:\\exports\\tickets.csv", "tickets.csv"),
        ("../../x.csv", "x.csv"),
        ("", "file"),
        ("...", "file"),
        (".csv", "csv"),
    ],
)
def test_names_are_kept_where_they_are_plain(given: str, name: str) -> None:
    assert safe_name(given) == name


def test_names_are_told_apart() -> None:
    assert distinct("a.csv", ["A.csv", "a-2.csv"]) == "a-3.csv"
    assert len(safe_name("ü" * 300 + ".csv").encode()) <= 120


def test_work_is_done_once_and_told_to_all() -> None:
    jobs, begun = Jobs(), []

    def work(progress: Progress) -> int:
        begun.append(1)
        for step in range(50):
            progress("count", step, 50)
            time.sleep(0.005)
        return 7

    first = jobs.look("x", 1, work)
    assert jobs.look("x", 1, work) is first and first.wait(10).result == 7
    dropped = jobs.look("x", 2, work)
    jobs.forget("x")
    assert dropped.wait(10).result is None and dropped.error is not None
    assert len(begun) == 2


def test_work_that_fails_says_why() -> None:
    def work(progress: Progress) -> int:
        raise InputError("it cannot be")

    job = Jobs().look("x", 1, work).wait(10)
    assert job.error is not None and job.error.what == "it cannot be" and job.result is None


def test_an_article_that_says_it_holds_no_more_is_listed_as_past(shop: Workspace) -> None:
    said = b"These prices were in force until 1 May.\n\n"
    old = b"# Old prices\n\n" + said + b"## Keys\n\nA key costs 10 euros."
    new = b"# New prices\n\n## Until May\n\n" + said + b"## Now\n\nA key costs 15 euros."
    for name, text in (("old.md", old), ("new.md", new)):
        articles.add(shop, team("Ana"), received(shop, text, name))
    assert [
        a.file for a in articles.articles(shop, team("Ana")) if articles.is_past(a.document)
    ] == ["old.md"]


def test_articles_that_were_exported_together_are_documents_of_one_file(shop: Workspace) -> None:
    guide = b'[{"id": 7, "title": "Returns", "body": "Send it back within 45 days."}]'
    delivery = received(shop, guide, "guide.json")
    assert articles.add(shop, team("Ana"), delivery) == ["guide.json"]
    listed = articles.articles(shop, team("Ana"))
    assert [(a.document.document_id, a.file) for a in listed if "guide" in a.file] == [
        ("guide/7", "guide.json")
    ]
    with pytest.raises(InputError, match="cannot be edited here"):
        articles.written(shop, team("Ana"), "guide.json")
    cases = received(shop, b'[{"title": "Help", "body": "x", "requester_id": 1}]', "cases.json")
    with pytest.raises(InputError, match="tickets"):
        articles.add(shop, team("Ana"), cases)
    articles.remove(shop, team("Ana"), "guide.json")
    assert not [a for a in articles.articles(shop, team("Ana")) if "guide" in a.file]
