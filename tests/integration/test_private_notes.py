"""A private note of an export is found nowhere but in the export, whatever is done with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import cli
from desk import AGENT, CUSTOMER, DESK, NOTE, SYSTEM, talk, written
from first_day import TO_TRAIN, Newcomer, documents, said, script, tickets
from northloop.core.artefacts import Kind

__all__ = ["cli"]
SECRET = "zyxgrumble, our margin is 38 percent"
THINGS = ("tents", "stoves", "ropes", "boots", "maps", "skis", "lamps", "bottles", "gloves",
          "knives", "socks", "hats")  # fmt: skip
PAGES = (
    "/",
    "/data",
    "/answers",
    "/review",
    "/releases",
    "/documents",
    "/training",
    "/loop",
    "/palette?q=margin",
)


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    script(monkeypatch)
    monkeypatch.setattr("northloop.stages.data.sources.shapes.SHAPES", (DESK,))


def export(path: Path) -> bytes:
    """Write an export with a note at every place of a conversation, and in what is set aside."""
    asking = ("How long can I return {} that I bought", "Do you repair {} that broke on a tour")
    talks = [
        talk(
            (NOTE, SECRET, "Ann Lee"),
            (CUSTOMER, f"{ask.format(thing)} in {month}?"),
            (NOTE, f"do not tell: {SECRET}"),
            (AGENT, f"For {thing} of {month} that is thirty days. Do you have the receipt?"),
            (SYSTEM, SECRET),
            (CUSTOMER, "Yes, I have it here"),
            (AGENT, f"Then bring the {thing} to the shop with it."),
            (NOTE, SECRET),
            subject=f"{thing}", ticket_id=f"{thing}-{month}-{ask[:2]}",
        )
        for thing in THINGS for ask in asking for month in ("May", "June")
    ]  # fmt: skip
    aside = [
        talk((NOTE, SECRET)),
        talk((CUSTOMER, "?!"), (NOTE, SECRET), (AGENT, "Please say that once more.")),
        talk((CUSTOMER, "word " * 700), (NOTE, SECRET), (AGENT, "That was too long to read.")),
        talk((CUSTOMER, "x" * 100_001), (NOTE, SECRET)),
    ]
    source = written(path, [*talks, *aside])
    whole = source.path.read_text()
    source.path.write_text(f'{whole}{{"thread": [["note", "{SECRET}"\n')
    return source.path.read_bytes()


def holding(folder: Path, words: str) -> list[str]:
    """Return the files below a folder in which words stand, written as UTF-8 or UTF-16."""
    wanted = [words.encode(coding) for coding in ("utf-8", "utf-16-le")]
    return [
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and any(text in file.read_bytes() for text in wanted)
    ]


def test_in_a_browser(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    newcomer = Newcomer(tmp_path / "shop")
    newcomer.agree()
    newcomer.import_(newcomer.upload({"tickets.csv": tickets(TO_TRAIN)}))
    shown = newcomer.upload({"desk.jsonl": export(tmp_path / "desk.jsonl")})
    done = newcomer.import_(shown)
    assert "zyxgrumble" not in shown.text + done.text
    newcomer.bring("/documents", documents())
    newcomer.settled("/start/turn")
    newcomer.post("/start/turn")
    ended = newcomer.settled("/start/turn")
    workspace = newcomer.lazy.workspace()
    dataset = workspace.artefacts.list(Kind.DATASET)[0].hash
    release = ended.text.split('name="release" value="')[1].split('"')[0]
    newcomer.post("/start/promote", release=release)
    answered = newcomer.post("/playground/ask", question="Do you repair tents that broke?")
    about = [f"/data/{dataset}", *(f"/data/{dataset}/{part}" for part in ("train", "quarantine"))]
    pages = [ended, answered, *map(newcomer.get, (*PAGES, *about, f"/releases/{release}"))]
    assert [page.status_code for page in pages] == [200] * len(pages)
    assert all("zyxgrumble" not in page.text for page in pages)
    assert "private note" in said(newcomer.get(f"/data/{dataset}"))
    assert "Customer: How long can I return" in said(newcomer.get(f"/data/{dataset}/train"))
    assert workspace.artefacts.list(Kind.ADAPTER), "it was trained"
    assert holding(tmp_path / "shop", "zyxgrumble") == ["history/desk.jsonl"], "the export"


def test_on_the_command_line(tmp_path: Path, cli: object) -> None:
    assert callable(cli)
    export(tmp_path / "desk.jsonl")
    shop = tmp_path / "shop"
    told = [
        cli("init", "-C", shop, "--objective", "reduce resolution time by 30 % within six months"),
        cli("import", tmp_path / "desk.jsonl", "-C", shop),
        cli("import", tmp_path / "desk.jsonl", "-C", shop, "--json"),
        cli("trace", "desk.jsonl:1#2", "-C", shop),
    ]
    assert [one.code for one in told] == [0] * 4, told
    assert all("zyxgrumble" not in one.out + one.err for one in told)
    assert "private notes left out" in told[1].out
    assert "customer  How long" in told[1].out or "customer  Do you repair" in told[1].out
    assert holding(shop, "zyxgrumble") == []
