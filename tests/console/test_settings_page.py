"""Settings are described, changed by a form, and refused with a sentence; secrets stay unseen."""

from __future__ import annotations

import tomllib
from html import unescape

import pytest

from console.client import Visitor
from northloop.settings import FILE_NAME
from seeded import SeededWorkspace


def _file(shop: SeededWorkspace) -> dict[str, object]:
    return tomllib.loads((shop.folder / FILE_NAME).read_text("utf-8"))


def _post(visitor: Visitor, name: str, value: str, verb: str = "change") -> tuple[int, str]:
    answer = visitor.post(f"/settings/{name}/{verb}", {"value": value})
    return answer.status_code, unescape(answer.text)


def test_every_setting_says_what_it_means_and_has_a_page(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    page = visitor.get("/settings").text
    assert "So many new verdicts with a correction make a proposal." in page
    assert "Seconds that the head of a request may take to come; then 408." in page
    one = unescape(visitor.get("/settings/serving.system_messages").text)
    assert "What becomes of a caller's own system and developer messages" in one
    assert "when northloop serve is started again" in one and "<option>ignore" in one
    assert visitor.get("/settings/nothing.such").status_code == 404


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("loop.verdicts_per_turn", "7", 7),
        ("training.epochs", "2", 2),
        ("loop.approval", "rule", "rule"),
        ("serving.prompt", 'You say "hello".\nÅlways.', 'You say "hello".\nÅlways.'),
        ("serving.hosts", '["api.example.com"]', ["api.example.com"]),
        ("gate.resampling.draws", "500", 500),
        ("data.prepare.canonical", '{"a+": "b"}', {"a+": "b"}),
    ],
)
def test_a_change_is_written_and_in_force(
    visitor: Visitor, shop: SeededWorkspace, name: str, written: str, value: object
) -> None:
    assert _post(visitor, name, written)[0] == 303
    found: object = _file(shop)
    for part in name.split("."):
        assert isinstance(found, dict)
        found = found[part]
    assert found == value
    assert "workspace file" in visitor.get(f"/settings/{name}").text
    assert "[[data.sources]]" in (shop.folder / FILE_NAME).read_text("utf-8")


def test_what_is_in_force_follows_and_goes_back(visitor: Visitor, shop: SeededWorkspace) -> None:
    _post(visitor, "loop.verdicts_per_turn", "9")
    assert "; 9 start a proposal" in visitor.get("/loop").text
    assert _post(visitor, "loop.verdicts_per_turn", "", "reset")[0] == 303
    assert shop.settings.loop.verdicts_per_turn == 20
    assert "verdicts_per_turn" not in (shop.folder / FILE_NAME).read_text("utf-8")
    assert "default" in visitor.get("/settings/loop.verdicts_per_turn").text


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("loop.verdicts_per_turn", "many", "'many' is no whole number"),
        ("loop.verdicts_per_turn", "0", "erdicts_per_turn: expected a whole number >= 1"),
        ("loop.approval", "nobody", "loop.approval"),
        ("serving.port", "70000", "ort: expected a whole number <= 65535"),
        ("review.share", "0.5", "share must lie between 0.05 and 0.10"),
        ("serving.hosts", "a, b", "lists are written as"),
        ("training.base", "no-such-model", "no-such-model"),
        ("use_case", "astrology", "astrology"),
        ("data.prepare.key", "AAAA", "what is kept was made with it"),
        ("objective.change", "-0.9", "it is the contract"),
        ("serving.api_keys", "[]", "northloop key"),
        ("nothing.such", "1", "There is no such setting"),
    ],
)
def test_what_cannot_be_is_refused_and_the_file_stays(
    visitor: Visitor, shop: SeededWorkspace, name: str, written: str, said: str
) -> None:
    before = (shop.folder / FILE_NAME).read_bytes()
    status, page = _post(visitor, name, written)
    assert status in (404, 422) and said in page, page[-2000:]
    assert (shop.folder / FILE_NAME).read_bytes() == before


def test_secrets_are_written_and_never_shown(visitor: Visitor, shop: SeededWorkspace) -> None:
    secret = "postgresql://loop:hunter2@db/loop"
    assert _post(visitor, "storage.records", "")[0] == 422
    assert _post(visitor, "storage.records", secret)[0] == 303
    assert _file(shop)["storage"] == {"records": secret}
    for page in ("/settings", "/settings/storage.records"):
        text = visitor.get(page).text
        assert "hunter2" not in text and "•••" in text
    key = visitor.get("/settings/data.prepare.key").text
    assert "a2tra2tr" not in key and "•••" in key


def test_what_stands_above_the_file_is_not_written_below_it(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    shop.origins = {**shop.origins, "training.epochs": "environment"}
    status, page = _post(visitor, "training.epochs", "1.0")
    assert status == 422 and "said by the environment, which stands above" in page
    assert "Write to northloop.toml" not in visitor.get("/settings/training.epochs").text


def test_the_theme_is_chosen_without_scripts(visitor: Visitor) -> None:
    assert visitor.post("/settings/theme", {"theme": "dark"}).status_code == 303
    assert 'data-theme="dark"' in visitor.get("/").text
    visitor.post("/settings/theme", {"theme": ""})
    assert "data-theme=" not in visitor.get("/").text.partition("<head>")[0]
    assert visitor.post("/settings/theme", {"theme": "pink"}).status_code == 422
