"""Exports in several files: what belongs together is read as one, and the right pairs come of it.

The golden archives are written after the vendors' pages: "How to read Slack data exports" (Slack),
"Export Backup Data from Salesforce", "Case", "CaseComment", "EmailMessage" and "User" (Salesforce
object reference), "Ticket Comments" and "Users" (Zendesk), "Exporting your account data"
(Freshdesk), the tables `incident`, `email` and `annotation` (Microsoft Dataverse reference) and
`JsonMessageWriter` (DiscordChatExporter).
"""

from __future__ import annotations

import csv
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from msgspec.json import encode

from desk import listed
from northloop.core.conversation import Quarantined, RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.prepare import PrepareSpec, prepare
from northloop.stages.data.sources import SourceFile, columns, layout, opened, read
from northloop.stages.data.sources.contents import together
from stages.data.sources.packed import workbook
from stages.data.sources.shapes.exported import SECRET

ARCHIVES = Path(__file__).parents[3] / "fixtures" / "archives"
Pair = tuple[str, str, str, str, str, str, str]
EXPECTED: dict[str, tuple[str, list[Pair]]] = {
    "slack": ("Slack messages", [
        ("1772524800.000100", "Czy faktura za luty jest już gotowa?",
         "Tak, wysłaliśmy ją wczoraj mailem.", "", "", "Olek Nowak", "Mara Lind"),
        ("1772438400.000200", "Olá @Mara Lind, a encomenda 4417 ainda não chegou. Onde está?",
         "Está na alfândega desde ontem; chega na quinta-feira.", "", "", "Inês Prado",
         "Jonas Beck"),
        ("1772438400.000200", "Obrigada! Posso mudar a morada?",
         "Sim, até amanhã ao meio-dia em a sua conta (https://acme.example/morada).", "", "",
         "Inês Prado", "Former Person"),
    ]),
    "salesforce": ("Salesforce cases", [
        ("00004711", "Guten Tag, kann ich die Bohrmaschine noch zurückgeben?",
         "Ja, innerhalb von dreißig Tagen; das Etikett liegt dieser Mail bei.",
         "2026-04-02 09:30:00", "5", "Lena Vogt", "Mia Roth"),
        ("00004712", "My invoice shows the old address, can you send a new one?",
         "We have sent the corrected invoice to your e-mail address.", "2026-04-03 08:00:00", "3",
         "Omar Haddad", "Mia Roth"),
        ("00004712", "Thanks. Does it carry the VAT number too?",
         "Yes, at the bottom of the first page.", "", "", "Omar Haddad", "Mia Roth"),
        ("00004714", "Der Akku lädt nicht mehr. Gibt es Ersatz?",
         "Ja, wir schicken Ihnen heute einen neuen Akku.", "", "", "Lena Vogt", "Mia Roth"),
    ]),
    "zendesk": ("Zendesk tickets", [
        ("35", "Buongiorno, la tenda perde acqua da una cucitura. La riparate?",
         "Sì, la ripariamo gratis entro due settimane.", "", "good", "Piero Bassi", "Gaia Conti"),
        ("35", "A chi la spedisco?",
         "Al nostro laboratorio di Trento, l'indirizzo è sull'etichetta.", "", "", "Piero Bassi",
         "Ugo Neri"),
    ]),
    "freshdesk": ("Freshdesk tickets", [
        ("81", "Bonjour, la roue avant est voilée après deux semaines. Que faire ?",
         "Déposez-le au magasin, nous la remplaçons.", "2026-06-02T12:00:00+02:00", "",
         "Zoé Martin", "Karim Agent"),
        ("82", "Is the saddle adjustable?", "It is, with the lever below it.",
         "2026-06-02T12:00:00+02:00", "", "Zoé Martin", "Lou Agent"),
    ]),
    "dynamics": ("Dynamics 365 cases", [
        ("CAS-1", "Die Teichpumpe brummt laut. Ist das normal?",
         "Die Pumpe läuft mit 1,2 Bar; bitte drehen Sie das Ventil halb zu.",
         "2026-05-05T17:00:00Z", "", "Ida Falk", "Hugo Brandt"),
        ("CAS-2", "Which filter fits the pool pump P3?", "The P3 takes the filter F30.", "", "",
         "Ray Soto", "Hugo Brandt"),
        ("CAS-2", "How often do I change it?", "Once a season.", "", "", "Ray Soto",
         "Hugo Brandt"),
    ]),
    "discord": ("Discord channels", [
        ("c1", "Welches Wachs nehme ich bei minus zehn Grad?", "Das blaue, dünn aufgetragen.", "",
         "", "Kim", "Jule"),
        ("c1", "Danke, wie lange muss es trocknen?", "Zwanzig Minuten.", "", "", "Kim", "Jule"),
    ]),
    "database": ("one conversation a row, its messages in a list", [
        ("1", "Låset på dörren fastnar varje morgon. Vad ska jag göra?",
         "Spraya lite grafit i cylindern, det hjälper oftast.", "2026-02-02 10:00", "5",
         "Astrid Ek", "Nils Berg"),
        ("2", "Jag har glömt koden till porten. Kan jag få den igen?",
         "Vi har skickat en ny kod till din telefon.", "2026-02-03 12:00", "4", "Olle Dahl",
         "Ebba Lund"),
    ]),
}  # fmt: skip
EACH = pytest.mark.parametrize("name", [*EXPECTED])


def pack(folder: Path, files: dict[str, bytes], name: str = "export.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, body in files.items():
            archive.writestr(inside, body)
    return folder / name


def golden(name: str) -> dict[str, bytes]:
    folder = ARCHIVES / name
    found = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in found}


def rows(path: Path, **more: Any) -> list[RawTicket | Quarantined]:
    return [
        row
        for place in opened(path).places[:1]
        for row in read(SourceFile(place.path, member=place.member, sheet=place.sheet, **more))
    ]


def pairs(path: Path) -> list[Pair]:
    return [
        (r.ticket_id, r.question, r.reply, r.closed_at, r.csat, r.customer_name, r.agent)
        for r in rows(path)
        if isinstance(r, RawTicket) and r.reply
    ]


@EACH
def test_the_files_of_an_archive_are_one_export(name: str, tmp_path: Path) -> None:
    path = pack(tmp_path, golden(name))
    place = opened(path).places[0]
    assert place.label == "export.zip/*"
    found = layout(SourceFile(path, member=place.member))
    kind, expected = EXPECTED[name]
    assert (found.kind, found.unsure) == (kind, "")
    assert pairs(path) == expected


@EACH
def test_no_private_note_leaves_an_archive(name: str, tmp_path: Path) -> None:
    path = pack(tmp_path, golden(name))
    assert sum(SECRET.encode() in body for body in golden(name).values()) > 0
    assert [row for row in rows(path) if SECRET in str(row)] == []
    source = SourceFile(path, member="*")
    assert SECRET not in str(columns(source).samples)
    made = prepare(PrepareSpec(min_reply_words=1), [source])
    assert len(made.examples) > 1
    assert SECRET not in encode(made, enc_hook=listed).decode()


@EACH
def test_folders_order_and_line_ends_change_nothing(name: str, tmp_path: Path) -> None:
    files = list(golden(name).items())
    random.Random(3).shuffle(files)
    moved = {f"my export/{n}": body for n, body in files} | {"__MACOSX/._x.json": b"\0"}
    again = pairs(pack(tmp_path, moved))
    assert sorted(again) == sorted(EXPECTED[name][1])
    marked = {n: b"\xef\xbb\xbf" + body.replace(b"\n", b"\r\n") for n, body in files}
    assert sorted(pairs(pack(tmp_path, marked, "marked.zip"))) == sorted(EXPECTED[name][1])


@EACH
def test_what_does_not_belong_to_it_stays_by_itself(name: str, tmp_path: Path) -> None:
    faq = "question,reply\nWhere is it?,On its way to you.\nCan I pay?,With any card.\n"
    path = pack(tmp_path, {**golden(name), "faq.csv": faq.encode(), "readme.md": b"# Hello"})
    found = opened(path)
    assert "export.zip/faq.csv" in [place.label for place in found.places]
    assert "export.zip/readme.md" in found.left_out
    assert pairs(path) == EXPECTED[name][1]


@pytest.mark.parametrize(
    "body",
    [b"", b"[", b"[{", b"\xff\xfe\x00\x01", b'{"a": ', b'"x","y"\n"1', b"[1, 2]", b"null"],
)
def test_a_broken_file_beside_breaks_nothing(body: bytes, tmp_path: Path) -> None:
    for name in ("slack", "zendesk"):
        path = pack(tmp_path, {"a/0.json": body, **golden(name), "b.json": body}, f"{name}.zip")
        assert pairs(path) == EXPECTED[name][1]


def test_files_that_are_whole_stay_exports_of_their_own(tmp_path: Path) -> None:
    """Nothing is told of a case of one in the other: each is imported under its own name."""
    exports = Path(__file__).parents[3] / "fixtures" / "exports"
    files = {p.name: p.read_bytes() for p in (exports / "freshdesk").iterdir()}
    found = opened(pack(tmp_path, files))
    assert sorted(place.member for place in found.places) == sorted(files)


def test_ids_that_are_not_found_join_nothing(tmp_path: Path) -> None:
    files = golden("database")
    files["tickets.csv"] = files["tickets.csv"].replace(b'\n"', b'\n"9')
    path = pack(tmp_path, files)
    assert together(path) is None


def test_ids_that_stand_twice_join_nothing(tmp_path: Path) -> None:
    files = golden("database")
    header, *lines = files["tickets.csv"].splitlines(keepends=True)
    files["tickets.csv"] = b"".join([header, *lines, *lines])
    assert together(pack(tmp_path, files)) is None


def test_sheets_of_a_workbook_belong_together_too(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    path.write_bytes(workbook({
        name.removesuffix(".csv"): [*csv.reader(body.decode().splitlines())]
        for name, body in golden("database").items()
    }))  # fmt: skip
    (place,) = opened(path).places
    assert (place.member, place.sheet) == ("", "*")
    assert pairs(path) == EXPECTED["database"][1]


def test_messages_without_their_ticket_are_read_and_nobody_is_guessed(tmp_path: Path) -> None:
    files = golden("database")
    more = b'"105","2","99","SECRET-E9 who is this?","0","2026-02-03 10:30"\n'
    files["ticket_messages.csv"] += more
    assert pairs(pack(tmp_path, files)) == EXPECTED["database"][1]


def test_who_is_a_customer_is_told_by_the_tickets_where_no_role_says_it(tmp_path: Path) -> None:
    files = golden("database")
    files["users.csv"] = files["users.csv"].replace(b'"role"', b'"team"')
    files["users.csv"] = files["users.csv"].replace(b'"agent"', b'"north"')
    files["users.csv"] = files["users.csv"].replace(b'"customer"', b'""')
    told = [(ticket, reply) for ticket, _, reply, *_ in pairs(pack(tmp_path, files))]
    assert told == [("2", "Vi har skickat en ny kod till din telefon.")]


def test_agents_and_customers_may_be_tables_of_their_own(tmp_path: Path) -> None:
    files = golden("database")
    header, *lines = files.pop("users.csv").decode().replace('"role"', '"team"').splitlines()
    staff, others = lines[:2], lines[2:]
    files["agents.csv"] = "\n".join([header, *staff]).replace('"agent"', '""').encode()
    files["customers.csv"] = "\n".join([header, *others]).replace('"customer"', '""').encode()
    assert pairs(pack(tmp_path, files)) == EXPECTED["database"][1]


def test_an_id_that_an_agent_and_a_customer_share_tells_no_side(tmp_path: Path) -> None:
    files = golden("database")
    header, *lines = files.pop("users.csv").decode().replace('"role"', '"team"').splitlines()
    files["agents.csv"] = "\n".join([header, *lines[:2]]).encode()
    twice = lines[1].replace("Nils Berg", "Somebody Else")
    files["customers.csv"] = "\n".join([header, *lines[2:], twice]).encode()
    told = [ticket for ticket, *_ in pairs(pack(tmp_path, files))]
    assert told == ["2"]


def test_without_users_only_who_owns_a_case_is_taken_for_an_agent(tmp_path: Path) -> None:
    """A customer who comments in a portal, and a rule, are users of Salesforce, too."""
    files = {name: body for name, body in golden("salesforce").items() if name != "User.csv"}
    told = [(ticket, reply) for ticket, _, reply, *_ in pairs(pack(tmp_path, files))]
    assert ("00004712", "We have sent the corrected invoice to your e-mail address.\n\n"
            "Yes, at the bottom of the first page.") in told  # fmt: skip
    assert SECRET not in str(rows(tmp_path / "export.zip"))


def test_the_tables_that_phpmyadmin_writes_as_json_are_one_export(tmp_path: Path) -> None:
    tables = [
        {"type": "table", "name": name.removesuffix(".csv"), "database": "desk",
         "data": [*csv.DictReader(body.decode().splitlines())]}
        for name, body in golden("database").items()
    ]  # fmt: skip
    head = {"type": "header", "comment": "Export to JSON plugin for phpMyAdmin"}
    path = tmp_path / "desk.json"
    path.write_text(json.dumps([head, {"type": "database", "name": "desk"}, *tables]))
    assert pairs(path) == EXPECTED["database"][1]
    assert SECRET not in str(rows(path))


def test_an_agent_who_asks_is_the_customer_of_that_case(tmp_path: Path) -> None:
    files = golden("database")
    files["tickets.csv"] += b'"9","Nyckel","11","12","closed","2026-02-04 10:00","2026-02-05 9:00"'
    files["ticket_messages.csv"] += (
        '"200","9","11","Var hittar jag nyckeln till lagret?","0","2026-02-04 10:00"\n'
        '"201","9","12","Den hänger bakom dörren i köket.","0","2026-02-04 11:00"\n'
    ).encode()
    *others, last = pairs(pack(tmp_path, files))
    assert others == EXPECTED["database"][1]
    assert last[:3] == ("9", "Var hittar jag nyckeln till lagret?",
                        "Den hänger bakom dörren i köket.")  # fmt: skip


def test_tables_that_tell_something_of_each_case_are_not_the_cases(tmp_path: Path) -> None:
    files = {f"uv_{name}": body for name, body in golden("database").items()}
    files["uv_ticket_rating.csv"] = files.pop("uv_ratings.csv")
    files["uv_ticket_tags.csv"] = b"ticket_id,tag_name\n1,Doors\n2,Doors\n"
    assert pairs(pack(tmp_path, files)) == EXPECTED["database"][1]
    topics = [r.intent for r in rows(tmp_path / "export.zip") if isinstance(r, RawTicket)]
    assert topics[:2] == ["Doors", "Doors"]


def test_a_rating_called_as_notes_are_is_read_and_when_gorgias_closed(tmp_path: Path) -> None:
    said = "ticket_id,from_agent,public,channel,via,sender_email,created_datetime,body_text\n"
    files = {
        "ticket_messages.csv": said
        + "".join(
            f"{n},false,true,email,email,jo{n}@mail.example,2026-02-01 10:00,Wo ist Paket {n}?\n"
            f"{n},true,true,email,email,eva@haus.example,2026-02-01 11:00,Es kommt morgen.\n"
            for n in range(1, 5)
        ),
        "tickets_export.csv": "ticket,status,closed_datetime\n"
        + "".join(f"{n},closed,2026-02-02T0{n}:00:00Z\n" for n in range(1, 5)),
        "satisfaction.csv": "ticket_id,Note sur 5\n1,5\n2,4\n3,2\n4,1\n",
    }
    found = pairs(pack(tmp_path, {name: body.encode() for name, body in files.items()}))
    assert [one[3] for one in found] == [f"2026-02-02T0{n}:00:00Z" for n in range(1, 5)]


def test_a_table_of_notes_is_left_out(tmp_path: Path) -> None:
    notes = "id,ticket_id,author_id,body\n" + "".join(
        f"{n},{n % 2 + 1},11,SECRET-N he is never content\n" for n in range(4)
    )
    names = ("notes.csv", "internal_comments.csv", "Private Notes.csv", "Notizen.csv")
    for name in (*names, "agent_remarks.csv"):
        path = pack(tmp_path, {**golden("database"), name: notes.encode()})
        found = opened(path)
        assert [place.member for place in found.places] == ["*"]
        assert "notes among agents" in found.left_out[f"export.zip/{name}"]
        assert pairs(path) == EXPECTED["database"][1]


def espo(*, internal: str = "1") -> dict[str, bytes]:
    """Return the tables of EspoCRM, whose `note` holds what was posted to customers too."""
    cases, posts = "id,number,description,contact_id,assigned_user_id\n", [
        "id,parent_id,post,is_internal,created_at,created_by_id"]  # fmt: skip
    for n in range(4):
        cases += f"c{n},{n},Where is the parcel that I ordered {n}?,k{n},u{n % 2 + 1}\n"
        said = [("SECRET-N he is never content", internal, "u2"),
                ("It comes tomorrow before noon.", "0", f"u{n % 2 + 1}")]  # fmt: skip
        posts += [f"n{n}{at},c{n},{text},{private},2026-03-0{n + 1} 1{at}:00:00,{by}"
                  for at, (text, private, by) in enumerate(said)]  # fmt: skip
    users = "id,type,first_name,last_name\nu1,regular,Anna,Berg\nu2,regular,Ben,Sauer\n"
    users += "".join(f"p{n},portal,Jo {n},Reed\n" for n in range(4))
    posts += ["n9,c0,When exactly does it come?,0,2026-03-01 15:00:00,p0",
              "n10,c0,Between nine and noon.,0,2026-03-01 16:00:00,u1"]  # fmt: skip
    return {"case.csv": cases.encode(), "user.csv": users.encode(),
            "note.csv": "\n".join(posts).encode()}  # fmt: skip


def test_a_table_called_after_notes_may_say_which_of_its_rows_are_none(tmp_path: Path) -> None:
    path = pack(tmp_path, espo())
    found = pairs(path)
    assert len(found) == 5
    assert found[1][1:3] == ("When exactly does it come?", "Between nine and noon.")
    assert "SECRET" not in str(rows(path))
    unsaid = pack(tmp_path, espo(internal="0"))
    assert "notes among agents" in opened(unsaid).left_out["export.zip/note.csv"]


def test_chats_name_their_visitor_and_what_they_are_a_part_of(tmp_path: Path) -> None:
    """Rocket.Chat's rooms and messages, called as Twilio calls ids of conversations."""
    rooms, said = [], []
    for n in range(4):
        visitor, agent = {"_id": f"k{n}", "name": f"Jo {n}"}, {"_id": f"u{n % 2}", "name": "Anna"}
        rooms.append({"sid": f"r{n}", "v": visitor, "date_closed": f"2026-03-0{n + 1}T12:00:00Z"})
        bot = {"_id": "rocket.cat", "name": "Rocket.Cat"}
        for at, (who, text) in enumerate((
            (visitor, f"Where is the parcel that I ordered {n}?"),
            (bot, "Everybody is busy, please wait a little longer here."),
            (agent, "It comes tomorrow before noon."),
        )):  # fmt: skip
            moment = f"2026-03-0{n + 1}T10:0{at}:00Z"
            said.append({"id": f"m{n}{at}", "room_sid": f"r{n}", "msg": text, "u": who,
                         "ts": moment})  # fmt: skip
    files = {"rooms.json": json.dumps(rooms).encode(), "messages.json": json.dumps(said).encode()}
    found = pairs(pack(tmp_path, files))
    assert [one[1:4] for one in found] == [
        (f"Where is the parcel that I ordered {n}?", "It comes tomorrow before noon.",
         f"2026-03-0{n + 1}T12:00:00Z") for n in range(4)]  # fmt: skip


def test_cases_are_known_by_what_messages_call_their_number(tmp_path: Path) -> None:
    """BMC's form of incidents is called a help desk."""
    answer = "It comes tomorrow before noon so please be there."
    said = b"Incident Number,View Access,Submitter,Submit Date,Detailed Description\n"
    cases = b"Incident Number,Customer,Summary,Notes\n"
    for n in range(4):
        ask, by = f"Where is the parcel that I ordered {n}?", ("Anna", "Ben")[n % 2]
        cases += f"INC{n},Jo {n},Parcel,{ask}\n".encode()
        said += f"INC{n},Internal,{by},2026-03-05 09:00,SECRET he is never content\n".encode()
        said += f"INC{n},Public,{by},2026-03-05 10:00,{answer}\n".encode()
        said += f"INC{n},Public,Jo {n},2026-03-05 11:00,Thanks a lot for it!\n".encode()
    path = pack(tmp_path, {"HPD Help Desk.csv": cases, "HPD WorkLog.csv": said})
    place = opened(path).places[0]
    found = layout(SourceFile(path, member=place.member))
    assert '--map question="Notes"' in found.mend
    said_so = {"messages": "HPD WorkLog", "question": "Notes"}
    told = list(read(SourceFile(path, member=place.member, mapping=said_so)))
    assert [r.reply for r in told if isinstance(r, RawTicket) and r.reply] == [answer] * 4
    assert "SECRET" not in str(told)


def test_direct_messages_are_closed_though_no_file_lists_them(tmp_path: Path) -> None:
    """Who answers is said, but no guest: what colleagues write to each other stays theirs."""
    files = {n.replace("D01/", "D0123ABCD/"): body for n, body in golden("slack").items()}
    del files["dms.json"], files["groups.json"], files["users.json"]
    del files["team-only/2026-03-02.json"]
    found = rows(pack(tmp_path, files), agents=("U02",))
    assert SECRET not in str(found)
    assert [row for row in found if isinstance(row, RawTicket) and row.reply]


@pytest.mark.parametrize("name", ["CaseComment.csv", "EmailMessage.csv", "User.csv"])
def test_a_table_without_its_cases_is_refused_and_told_what_it_lacks(
    name: str, tmp_path: Path
) -> None:
    """A draft, or a mail to a supplier, cannot be told from a reply without the case."""
    path = tmp_path / name
    path.write_bytes(golden("salesforce")[name])
    found = layout(SourceFile(path))
    assert "stand in another file" in found.unsure
    assert "Case.csv" in found.mend
    assert [row for row in rows(path) if isinstance(row, RawTicket)] == []


def test_a_place_whose_files_changed_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path, golden("database"))
    pack(tmp_path, {"users.csv": golden("database")["users.csv"]})
    with pytest.raises(InputError, match="do not belong together any more"):
        list(read(SourceFile(path, member="*")))


def test_an_archive_is_opened_no_oftener_for_many_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = json.loads(golden("slack")["help-orders/2026-03-02.json"])[:1]
    opening = zipfile.ZipFile.__init__
    times: list[int] = []

    def days(count: int) -> int:
        files = golden("slack")
        for number in range(count):
            ts = f"{1500000000 + number * 86400}.000100"
            said = [day[0] | {"ts": ts, "thread_ts": ts}]
            files[f"help-orders/{number}.json"] = json.dumps(said).encode()
        path = pack(tmp_path, files)
        times.clear()
        assert len(rows(path)) > count
        return len(times)

    monkeypatch.setattr(
        zipfile.ZipFile, "__init__", lambda *of, **by: times.append(1) or opening(*of, **by)
    )
    assert days(300) == days(30) > 0


def test_a_table_cut_by_month_is_one_where_conversations_go_on(tmp_path: Path) -> None:
    asked = [f"{n},in,Where is my parcel {n}?\n" for n in (71, 82, 93, 104)]
    answered = [f"{n},out,It comes tomorrow with number {n}.\n" for n in (71, 82, 93, 104)]
    head = "conversation_id,direction,body\n"
    cut = {"a-03.csv": head + asked[0] + answered[0] + asked[1] + answered[1] + asked[2],
           "a-04.csv": head + answered[2] + asked[3] + answered[3]}  # fmt: skip
    assert _pairs(tmp_path, cut) == 4
    assert _pairs(tmp_path, {name.replace("-04", "x"): text for name, text in cut.items()}) == 3
    counted = {name: text.replace("93,", "1,") for name, text in cut.items()}
    assert _pairs(tmp_path, counted) == 3


def _pairs(folder: Path, files: dict[str, str]) -> int:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    sources = [SourceFile(p.path, member=p.member) for p in opened(path).places]
    found = [ticket for source in sources for ticket in read(source)]
    return sum(isinstance(ticket, RawTicket) and bool(ticket.reply) for ticket in found)
