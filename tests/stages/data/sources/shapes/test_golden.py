"""Every golden export of a help desk: right pairs, times and marks, in any wrapping, no secret."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.json import encode

from desk import listed
from northloop.core.conversation import Quarantined, RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.prepare import PrepareSpec, prepare
from northloop.stages.data.sources import SourceFile, columns, layout
from northloop.stages.data.sources.shapes import SHAPES
from stages.data.sources.shapes import expected_chats, expected_desks, expected_more
from stages.data.sources.shapes.exported import (
    FOLDER,
    GOLDEN,
    SECRET,
    documents,
    found,
    learnt,
    lines,
    pairs,
    raws,
    written,
)

NAMES = {"zendesk": "Zendesk tickets", "freshdesk": "Freshdesk tickets",
         "intercom": "Intercom conversations", "salesforce": "Salesforce cases",
         "help_scout": "Help Scout conversations", **expected_more.NAMES,
         **expected_chats.NAMES, **expected_desks.NAMES}  # fmt: skip
EXPECTED: dict[str, list[tuple[Any, ...]]] = {
    "zendesk/account_export.json": [
        ("1041", "der Reißverschluss an meinem Zelt klemmt seit gestern. "
         "Kann ich es einschicken?", "Ja, schicken Sie das Zelt an unsere Werkstatt in Kassel. "
         "Die Reparatur dauert zehn Tage und ist kostenlos.", "2026-03-02T08:14:21Z",
         "2026-03-03T15:40:10Z", None, 4.0, True, "", "email", "88001"),
        ("1041", "Danke! Muss ich das Gestänge mitschicken?",
         "Nein, nur das Außenzelt. Das Gestänge behalten Sie bitte.", "2026-03-03T14:10:00Z",
         None, None, None, None, "", "email", "88001"),
        ("1042", "mon colis est indiqué livré mais je n'ai rien reçu. Que faire ?",
         "Nous ouvrons une enquête auprès du transporteur et vous répondons sous deux jours.",
         "2026-03-04T10:00:00Z", None, None, None, False, "", "web", "88002"),
    ],
    "zendesk/incremental.json": [
        ("7", "I returned the boots two weeks ago and there is still no refund on my card.",
         "Your refund left us this morning; banks need up to three days.", "2026-02-10T12:00:00Z",
         "2026-02-11T09:30:00Z", 21.0, 1.0, False, "refund_status", "messaging", "500"),
        ("8", "Do the jackets run small?", "They do: take one size up.", "2026-02-12T12:00:00Z",
         None, None, None, False, "sizing", "email", "501"),
    ],
    "zendesk/audits.json": [
        ("47", "Is the stove safe inside a tent?", "No, never burn it inside: it needs open air.",
         "2026-01-05T09:00:00Z", "2026-01-05T09:41:00Z", 4.5, None, False, "", "web", "500"),
    ],
    "zendesk/ticket_events.ndjson": [
        ("155", "Mein Kocher zündet nicht mehr.",
         "Bitte reinigen Sie die Düse mit der beigelegten Nadel.", "2026-01-05T10:00:00Z",
         "2026-01-05T11:00:00Z", None, None, False, "", "email", "600"),
    ],
    "freshdesk/tickets.json": [
        ("20", "Siparişim geldi ama fatura e-postada yok. Faturamı nereden indirebilirim?",
         "Faturanızı Hesabım sayfasında Siparişler başlığının altından indirebilirsiniz.",
         "2026-04-07T08:00:00Z", "2026-04-09T08:00:00Z", 15.0, 5.0, True, "billing", "email",
         "4301"),
        ("20", "Teşekkürler, ama adres yanlış yazılmış. Düzeltebilir misiniz?",
         "Adresi düzelttik, yeni fatura aynı sayfada.", "2026-04-07T09:30:00Z", None, None, None,
         None, "", "email", "4301"),
        ("21", "Where do I send the lamp to?", "To our address in Bergen; the label is attached.",
         "2026-05-02T08:00:00Z", "2026-05-03T08:00:00Z", None, None, False, "", "outbound email",
         "4302"),
        ("23", "Botumun tabanı açıldı, tamir ediyor musunuz?",
         "Evet, atölyemiz bir haftada onarır.",
         "2026-05-05T08:00:00Z", None, None, None, False, "repair", "portal", "4304"),
    ],
    "freshdesk/account_export.json": [
        ("138", "Details on the issue: my laser gun does not charge any more.",
         "Please hold the button for ten seconds while it is plugged in.", "2024-01-07T09:27:55Z",
         "2024-01-07T10:10:00Z", 30.0, None, None, "charging", "portal", "17"),
    ],
    "intercom/conversations.json": [
        ("501", "est-ce que je peux changer la date de ma location de kayak ?\n\nLa date "
         "seulement", "Oui, jusqu'à 48 heures avant le départ.\n\n"
         "Indiquez-moi la nouvelle date.", "2026-03-02T08:26:40Z", "2026-03-02T09:56:40Z", 9.0,
         5.0, True, "", "chat", "5ba6"),
        ("501", "Le 12 juin alors.", "C'est noté : votre kayak vous attend le 12 juin.",
         "2026-03-02T08:43:20Z", None, None, None, None, "", "chat", "5ba6"),
        ("502", "Do you rent for groups of twelve?", "We do, with a guide from ten people on.",
         "2026-03-03T01:06:40Z", None, None, None, False, "", "email", "77aa"),
        ("503", "今日は営業していますか？", "はい、夕方六時まで営業しております。",
         "2026-03-04T04:53:20Z", "2026-03-04T04:58:20Z", None, None, None, "", "whatsapp", "88bb"),
        ("504", "Can I move my booking to July?", "Yes, July is open: send me the day.",
         "2026-03-05T08:40:00Z", "2026-03-05T08:53:20Z", None, 1.0, False, "", "chat", "99cc"),
    ],
    "intercom/model_1.ndjson": [
        ("147", "Yes: how do I export my data?", "Open Settings, then Export.",
         "2014-05-23T13:16:13Z", "2014-05-23T15:08:20Z", None, 4.0, None, "", "",
         "58ff3f670f14ab4f1aa83750"),
        ("900", "The paddle broke on the first day, can I get another one?",
         "Of course, a new one leaves today.", "2026-03-06T12:26:40Z", None, None, None, None,
         "damage", "", "aa01"),
    ],
    "salesforce/query.json": [
        ("00001026", "ich habe die Rechnung für Mai zweimal bekommen. Welche gilt?",
         "Es gilt die Rechnung vom 6. Mai; die erste haben wir storniert.", "2026-05-11T07:00:00Z",
         "2026-05-12T16:30:00Z", 17.5, 4.0, False, "billing", "email", "003Ab000001"),
        ("00001027", "The new meter was to come on Monday and nobody came.",
         "The fitter was ill; he comes on Thursday at nine.", "2026-05-13T07:00:00Z",
         "2026-05-14T07:00:00Z", None, None, True, "appointment", "web", "003Ab000002"),
        ("00001027", "Can he come at noon instead?", "Noon is fine, he knows.",
         "2026-05-13T10:00:00Z", None, None, None, None, "", "web", "003Ab000002"),
        ("00001028", "Wann kommt die Jahresrechnung?", "Sie kommt jedes Jahr im Februar.",
         "2026-05-15T07:00:00Z", None, 4.0, None, False, "billing", "phone", ""),
    ],
    "salesforce/objects.json": [
        ("00001100", "Ich bin umgezogen, wie melde ich die neue Adresse?",
         "Tragen Sie die neue Adresse bitte im Kundenkonto ein.", "2026-06-01T09:00:00Z",
         "2026-06-02T09:00:00Z", None, None, None, "", "email", "0030"),
    ],
    "help_scout/mailbox.json": [
        ("3001", "meine Lampe ist nach zwei Wochen kaputt. Gibt es Ersatz?",
         "Gern, wir schicken Ihnen eine neue Lampe.", "2026-02-01T09:00:00Z",
         "2026-02-03T10:00:00Z", None, 5.0, None, "warranty", "email", "29418"),
        ("3001", "Super. Ist das Netzteil dabei?", "Ja, das Netzteil liegt bei.",
         "2026-02-03T09:00:00Z", None, None, None, None, "", "email", "29418"),
        ("3002", "Sind Sie heute offen?", "Ja, bis 18 Uhr.", "2026-02-05T09:00:00Z", None, None,
         None, None, "opening", "chat", "29418"),
        ("3004", "Wie lange gilt die Garantie?", "", "2026-02-07T09:00:00Z",
         "2026-02-07T12:00:00Z", None, None, None, "warranty", "email", "29418"),
    ],
    "help_scout/version_1.ndjson": [
        ("2391938111", "I tried to download the file off your site and nothing happens.",
         "The link works again, please try it once more.", "2012-07-23T12:34:12Z",
         "2012-07-24T21:00:00Z", None, None, None, "", "email", "29418"),
    ],
    **expected_more.EXPECTED,
    **expected_chats.EXPECTED,
    **expected_desks.EXPECTED,
}  # fmt: skip
EACH = pytest.mark.parametrize("path", GOLDEN, ids=lambda p: f"{p.parent.name}/{p.name}")
as_it_is = cache(pairs)
"""The pairs of a golden export, read once."""


def test_each_golden_export_has_its_expectation() -> None:
    assert sorted(EXPECTED) == [f"{p.parent.name}/{p.name}" for p in GOLDEN]


@pytest.mark.parametrize("name", [*EXPECTED])
def test_pairs_times_and_marks_are_right(name: str) -> None:
    told = [
        (t.ticket_id, t.question, t.reply, t.created_at, t.closed_at, t.handling_minutes, t.csat,
         t.reopened, t.intent, t.channel, t.customer_id)
        for t in learnt(FOLDER / name)
    ]  # fmt: skip
    assert told == EXPECTED[name]


@EACH
def test_an_export_is_taken_for_its_vendor_alone_and_says_why(path: Path) -> None:
    known = layout(SourceFile(path))
    assert known.shape == NAMES[path.parent.name]
    values = _all(path)
    fitting = [shape.name for shape in SHAPES if shape.fits(values)]
    assert fitting == [known.shape]
    assert len(known.why.split()) > 6


@EACH
def test_no_secret_leaves(path: Path) -> None:
    assert SECRET in path.read_text("utf-8")
    assert [row for row in found(path) if SECRET in str(row)] == []
    assert columns(SourceFile(path)).samples == {}


@EACH
def test_rows_are_numbered_in_their_order(path: Path) -> None:
    rows = raws(path)
    numbers = [row.row for row in rows]
    assert numbers == sorted(numbers)
    assert len({(r.row, r.turn) for r in rows}) == len(rows)


@EACH
def test_the_wrapping_of_an_export_changes_nothing(path: Path, tmp_path: Path) -> None:
    expected = as_it_is(path)
    values = _all(path)
    for ending in (".json", ".jsonl", ".ndjson"):
        assert pairs(lines(tmp_path, values, f"lines{ending}")) == expected
    assert pairs(written(tmp_path, values, "list.jsonl.json")) == expected
    marked = tmp_path / "marked.json"
    marked.write_text("\ufeff\n" + json.dumps(values, indent=2), "utf-8")
    assert pairs(marked) == expected


@pytest.mark.parametrize(
    "name",
    ["zendesk/account_export.json", "freshdesk/tickets.json", "freshdesk/account_export.json",
     "intercom/model_1.ndjson", "help_scout/version_1.ndjson", "salesforce/query.json"],
)  # fmt: skip
def test_a_page_may_lie_deeper(name: str, tmp_path: Path) -> None:
    """As tools wrap what they were answered: `{"status": 0, "result": {"records": […]}}`."""
    records = [record.get("item", record) for record in _all(FOLDER / name)]
    page = records[0] if "records" in records[0] else {"found": records}
    assert pairs(written(tmp_path, {"status": 0, "result": page})) == pairs(FOLDER / name)


def test_a_text_of_telegram_in_parts_keeps_its_spaces(tmp_path: Path) -> None:
    path = next(p for p in GOLDEN if p.parent.name == "telegram")
    reply = next(reply for _, reply in pairs(path) if reply.count(" ") > 3)
    first, rest = reply[: reply.index(" ")], reply[reply.index(" ") :]
    parts = json.dumps([first, {"type": "bold", "text": rest}], ensure_ascii=False)
    said = path.read_text("utf-8").replace(json.dumps(reply, ensure_ascii=False), parts)
    assert parts in said
    (other := tmp_path / path.name).write_text(said, "utf-8")
    assert pairs(other) == pairs(path)


def test_no_secret_is_in_a_dataset() -> None:
    sources = [SourceFile(path, name=f"{path.parent.name}-{path.name}") for path in GOLDEN]
    made = prepare(PrepareSpec(min_reply_words=1), sources)
    assert len(made.examples) > 15
    assert SECRET not in encode(made, enc_hook=listed).decode()


@EACH
def test_a_text_that_begins_as_a_note_is_none_s_answer(path: Path, tmp_path: Path) -> None:
    """Where a desk keeps no notes apart, its agents write `[internal] …` into a chat."""
    said = path.read_text("utf-8")
    for reply in sorted({reply for _, reply in as_it_is(path) if "\n" not in reply} - {""})[:3]:
        inner = re.escape(json.dumps(reply, ensure_ascii=False)[1:-1])
        noted, times = re.subn(f'(?<=[">]){inner}', r"[internal] \g<0>", said)
        (other := tmp_path / path.name).write_text(noted, "utf-8")
        assert times < len(re.findall(inner, said)) or reply not in str(found(other)), reply


@EACH
@pytest.mark.parametrize("spell", ["camel", "pascal", "snake"])
def test_the_casing_of_keys_changes_nothing(path: Path, spell: str, tmp_path: Path) -> None:
    spelled = [_spelled(record, SPELLINGS[spell]) for record in _all(path)]
    other = lines(tmp_path, spelled)
    assert pairs(other) == as_it_is(path)
    assert SECRET not in str(found(other))


@EACH
def test_ids_may_be_text_and_keys_may_be_more(path: Path, tmp_path: Path) -> None:
    changed = [_decorated(record) for record in _all(path)]
    assert pairs(lines(tmp_path, changed)) == as_it_is(path)


@EACH
def test_whatever_is_missing_nothing_breaks(path: Path, tmp_path: Path) -> None:
    """A key left out, or null, anywhere: the import goes on; what is not told is not invented."""
    chance = random.Random(7)
    whole = re.sub(r"\s*ref:\S+:ref", "", "\n".join(_texts(documents(path))))
    for _ in range(40):
        holed = [_holed(record, chance) for record in _all(path)]
        try:
            rows = found(lines(tmp_path, holed))
        except InputError:
            continue  # no file of this vendor any more
        said = [part for row in rows for part in _said(row)]
        assert all(part in whole for part in said)


@EACH
def test_a_broken_line_does_not_show_what_it_held(path: Path, tmp_path: Path) -> None:
    values = _all(path)
    broken = lines(tmp_path, [*values, *values[:1]])
    broken.write_text(broken.read_text("utf-8")[:-5], "utf-8")
    rows = found(broken)
    assert SECRET not in str(rows)
    assert [r for r in rows if "not JSON" in getattr(r, "reason", "")]


# --- changing a file -----------------------------------------------------------------------------


def _all(path: Path) -> list[Any]:
    """Return the records of a file: its lines, the elements of its list, or the file as one."""
    found = documents(path)
    return found[0] if isinstance(found[0], list) else found


def _camel(key: str) -> str:
    head, *rest = key.split("_") if not key.startswith("_") and key[:1].islower() else [key]
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def _pascal(key: str) -> str:
    return key if key.startswith("_") else _camel(key)[:1].upper() + _camel(key)[1:]


def _snake(key: str) -> str:
    if key.startswith("_") or key.endswith("__c"):
        return key
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()


SPELLINGS: dict[str, Callable[[str], str]] = {"camel": _camel, "pascal": _pascal, "snake": _snake}


def _spelled(value: Any, spell: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {spell(key): _spelled(inner, spell) for key, inner in value.items()}
    return [_spelled(item, spell) for item in value] if isinstance(value, list) else value


def _decorated(value: Any) -> Any:
    if isinstance(value, dict):
        more = {"x_new": {"deep": [1, None, {"y": "z"}]}, "x_flag": True}
        return {key: _id(key, _decorated(inner)) for key, inner in value.items()} | more
    return [_decorated(item) for item in value] if isinstance(value, list) else value


def _id(key: str, value: Any) -> Any:
    identifies = key == "id" or key.endswith("_id") or key.endswith("Id")
    return str(value) if identifies and isinstance(value, int) else value


def _holed(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        kept = [(k, v) for k, v in value.items() if chance.random() > 0.04]
        return {k: None if chance.random() < 0.04 else _holed(v, chance) for k, v in kept}
    return [_holed(item, chance) for item in value] if isinstance(value, list) else value


def _said(row: RawTicket | Quarantined) -> list[str]:
    if isinstance(row, Quarantined):
        return []
    return [part for said in (row.question, row.reply) for part in said.split("\n\n")]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value
