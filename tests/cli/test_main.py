"""What can be typed before there is a release, and how it ends."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer

import edited
from cli.conftest import Cli
from northloop.app import knowledge
from northloop.app.keys import ListedKey, NewKey
from northloop.cli import document
from northloop.cli.main import app
from northloop.core.actor import team
from northloop.core.artefacts import Decision, Kind, Objective, Release, Thresholds
from northloop.core.conversation import Example, Split
from northloop.core.deployment import Action, Arm, Deployment
from northloop.core.errors import GateNotMet
from northloop.core.ids import canonical
from northloop.core.interaction import (
    ApprovedAnswer,
    Interaction,
    Proposal,
    ProposalState,
    ReviewItem,
    Source,
    Verdict,
)
from northloop.settings import FILE_NAME
from northloop.stages.evaluation.suite import Answered, Responses, Subject, score
from northloop.testing.servers import S3Server
from northloop.workspace import Workspace
from scripted_workspace import with_release
from seeded import SeededWorkspace

OBJECTIVE = "reduce resolution time by 30 % within six months"
HEAVY = ("torch", "transformers", "sqlalchemy", "dbos", "numpy", "scipy", "starlette", "xllamacpp")
SELDOM = ("scipy.optimize", "scipy.linalg", "sacrebleu", "redis", "torch", "ftfy", "phonenumbers")
HEADER = "Ticket ID,Customer,Customer Message,Agent Reply,Created At,Closed At\n"
TOPICS = (
    "tents",
    "stoves",
    "ropes",
    "boots",
    "maps",
    "skis",
    "lamps",
    "bottles",
    "gloves",
    "knives",
)
TYPES = {
    "reports": "I would like to report that {} arrived damaged at our cabin",
    "asks": "Please tell me whether {} can be bought without a membership",
    "thanks": "Your colleague promised last week to check {} for my daughter",
}


@pytest.fixture
def folder(tmp_path: Path, cli: Cli) -> Path:
    """A workspace with an objective and nothing else."""
    assert cli("init", "-C", tmp_path / "shop", "--objective", OBJECTIVE).code == 0
    return tmp_path / "shop"


def export(file: Path) -> int:
    """Write an export with a duplicate and a row without a question; return its rows."""
    rows = [
        f'{number},c{number},"{TYPES[kind].format(topic)}, reference {number * 7919}.",'
        f'"All about {topic}: {kind} are answered by our workshop within a day.",'
        f"2026-01-{1 + number % 28:02} 10:00,2026-01-{1 + number % 28:02} 1{number % 8 + 1}:30\n"
        for number, (topic, kind) in enumerate((t, k) for t in TOPICS for k in TYPES)
    ]
    rows += [rows[0].replace("0,c0", "900,c0", 1), "901,c901,,Nothing was asked here.,,\n"]
    file.write_text(HEADER + "".join(rows))
    return len(rows)


# --- help and usage ----------------------------------------------------------------------------


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys, northloop.cli.main as m\n"
        "sys.argv = ['northloop', '--help']\n"
        "try:\n    m.main()\n"
        "except SystemExit as end:\n    assert not end.code\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
    for verb in ("demo", "init", "import", "serve", "trace", "doctor", "loop", "release", "review"):
        assert verb in done.stdout


def test_opening_a_workspace_loads_nothing_that_is_seldom_used() -> None:
    program = (
        "import sys, northloop.app.intake, northloop.workspace\n"
        "from northloop.stages.data.correspondence import lines\n"
        f"print([name for name in {SELDOM} if name in sys.modules])\n"
        "long = lines._SAID, lines._SIGNED, lines._LEGAL\n"
        "print([pattern for pattern in long if 'search' in vars(pattern)])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["[]", "[]"]


def test_the_installed_command_ends_with_the_code(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("northloop")
    done = subprocess.run(
        [program, "loop", "status", "-C", tmp_path],
        capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        f"northloop: {tmp_path}: this is not a workspace → make one here with: northloop init\n"
    )


def test_the_version(cli: Cli) -> None:
    said = cli("--version")
    assert (said.code, said.out, said.err) == (0, f"northloop {version('northloop')}\n", "")


def verbs() -> dict[str, Any]:
    """Return every verb as it is typed, with what Typer knows of it."""
    found: dict[str, Any] = {}
    groups: list[tuple[str, Any]] = [("", typer.main.get_command(app))]
    for path, group in groups:
        for name, command in group.commands.items():
            typed = f"{path} {name}".strip()
            if hasattr(command, "commands"):
                groups.append((typed, command))
            else:
                found[typed] = command
    return found


VERBS = verbs()
GROUPS = {(verb.split()[0],) for verb in VERBS if " " in verb}
"""Typed alone they show their help, on stdout."""


def needed(verb: str) -> list[str]:
    """Return an argument for each one that a verb cannot do without."""
    return ["x" for p in VERBS[verb].params if p.param_type_name == "argument" and p.required]


def misuses() -> Iterator[tuple[str, ...]]:
    """Yield, for every verb, what cannot be right whatever the workspace holds."""
    yield from [("--nonsense",), ("fly",), ("--json",)]
    for group in sorted(GROUPS):
        yield from [group, (*group, "walk"), (*group, "--nonsense")]
    for verb, command in VERBS.items():
        typed, arguments = (*verb.split(),), (*needed(verb),)
        yield (*typed, *arguments, "--nonsense")
        if arguments:
            yield typed
        if not any(p.nargs == -1 for p in command.params):
            yield (*typed, *arguments, "one", "too", "many")
        for param in command.params:
            if param.param_type_name != "option" or param.name == "help":
                continue
            flag = param.opts[0]
            if getattr(param, "is_flag", False):
                yield (*typed, *arguments, f"{flag}=perhaps")
            else:
                yield (*typed, *arguments, flag)
            if param.type_descriptor.annotation in (int, float):
                yield (*typed, *arguments, flag, "much")
            if flag == "--set":
                for given in ("nonsense", "=1", "training.=1", ".epochs=1", ""):
                    yield (*typed, *arguments, flag, given)


@pytest.mark.parametrize(
    "arguments",
    [
        *misuses(),
        ("demo", "--rows", "3"),
        ("serve", "--port", "70000"),
        ("import", "x.csv", "--pin", "tset"),
        ("import", "x.csv", "--pin", "retired"),
        ("review", "give", "r", "wonderful"),
        ("init",),
        ("init", "--objective", OBJECTIVE, "--use-case", "poetry"),
        ("init", "--objective", OBJECTIVE, "--months", "0"),
        ("init", "--objective", OBJECTIVE, "--deadline", "soon"),
        ("init", "--objective", OBJECTIVE, "--guardrail", "csat"),
        ("init", "--objective", OBJECTIVE, "--guardrail", "speed=1"),
        ("init", "--metric", "happiness", "--change", "0.3", "--months", "6"),
        ("init", "--metric", "csat", "--target", "4", "--change", "0.3", "--months", "6"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_understood_ends_with_2(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = cli(*arguments)
    assert said.code == 2, said.err
    assert "Traceback" not in said.err
    assert [*tmp_path.iterdir()] == [], "nothing was made"
    if arguments not in GROUPS:
        assert said.err
        assert ("--json" in arguments) == bool(said.out)


@pytest.mark.parametrize("verb", VERBS)
def test_with_json_wrong_usage_is_a_document_too(cli: Cli, verb: str) -> None:
    said = cli(*verb.split(), *needed(verb), "--nonsense", "--json")
    assert said.code == 2
    [(name, error)] = said.json(dict).items()
    assert (name, error["code"]) == ("error", "usage")
    assert "--nonsense" in error["message"]
    assert error["action"] == f"northloop {verb} --help"
    assert "Usage" in said.err


@pytest.mark.parametrize("verb", ["init", "plan"])
def test_a_folder_without_its_flag_is_told_where_it_goes(cli: Cli, verb: str) -> None:
    said = cli(verb, "our-shop", "--json")
    [(name, error)] = said.json(dict).items()
    assert (said.code, name) == (2, "error")
    assert error["action"] == f"northloop {verb} --dir FOLDER, if that is the workspace's folder"
    assert error["action"] in said.err


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (("settings", "--set", "nonsense"), 2, "usage"),
        (("review", "give", "r", "wonderful"), 2, "usage"),
        (("loop", "status"), 4, "configuration"),
        (("init", "--objective", "be better"), 1, "vague_objective"),
        (("init", "-C", "/proc/nowhere", "--objective", OBJECTIVE), 4, "configuration"),
    ],
)
def test_with_json_an_error_is_the_one_document(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...],
    code: int, kind: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    said = cli(*arguments, "--json")
    error = said.json(dict)["error"]
    assert (said.code, error["code"]) == (code, kind)
    assert error["message"] in said.err, "people read the same"
    assert error["action"] in said.err
    assert cli(*arguments).out == ""


def test_with_json_a_missing_service_is_a_document(cli: Cli, folder: Path) -> None:
    nobody = "postgresql://nobody@127.0.0.1:1/none"
    with (folder / FILE_NAME).open("a") as file:
        file.write(f'[storage]\nrecords = "{nobody}"\n')
    said = cli("loop", "status", "-C", folder, "--json")
    assert (said.code, said.json(dict)["error"]["code"]) == (5, "remote_unavailable")


def test_what_was_printed_already_is_not_followed_by_an_error(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def printing_first(*_: object) -> None:
        document.write({"promoted": False})
        raise GateNotMet("worse", where="release 1")

    monkeypatch.setattr("northloop.app.turns.trigger", printing_first)
    said = cli("loop", "status", "-C", folder, "--json")
    assert (said.code, said.json(dict)) == (3, {"promoted": False})
    assert "worse" in said.err
    assert cli("settings", "-C", folder, "--json").code == 0
    assert "error" in cli("trace", "nobody", "-C", folder, "--json").json(dict)


def test_a_question_about_json_is_a_question(cli: Cli, tmp_path: Path) -> None:
    assert cli("ask", "-C", tmp_path, "--", "--json").out == ""


@pytest.mark.parametrize(
    "arguments",
    [("settings",), ("loop", "status"), ("release", "list"), ("review", "list"), ("ask", "Hello?")],
)
def test_outside_a_workspace_commands_end_with_4(
    cli: Cli, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    said = cli(*arguments, "-C", tmp_path)
    assert (said.code, said.out) == (4, "")
    assert "northloop init" in said.err
    assert [*tmp_path.iterdir()] == []


# --- objective ---------------------------------------------------------------------------------


def test_init_writes_the_contract(cli: Cli, tmp_path: Path) -> None:
    said = cli(
        "init", "-C", tmp_path / "new", "--objective", OBJECTIVE, "--guardrail", "csat=0.2",
        "--why", "Customers wait.", "--json",
    )  # fmt: skip
    contract = said.json(Objective)
    assert said.code == 0
    assert (contract.metric, contract.change) == ("resolution_time", -0.3)
    assert [(g.metric, g.margin) for g in contract.guardrails] == [("csat", 0.2)]
    assert contract.whys == ("Customers wait.",)
    assert (tmp_path / "new" / FILE_NAME).is_file()


def test_init_takes_the_contract_by_flags(cli: Cli, tmp_path: Path) -> None:
    said = cli(
        "init", "-C", tmp_path / "new", "--metric", "csat", "--target", "4.5",
        "--months", "6", "--json",
    )  # fmt: skip
    contract = said.json(Objective)
    assert (contract.metric, contract.target) == ("csat", 4.5)
    assert "increase CSAT to 4.5" in contract.statement


@pytest.mark.parametrize("vague", ["make customers happier", "be better", "reduce time"])
def test_init_refuses_what_cannot_be_measured(cli: Cli, tmp_path: Path, vague: str) -> None:
    said = cli("init", "-C", tmp_path / "new", "--objective", vague)
    assert (said.code, said.out) == (1, "")
    assert "→" in said.err, "it says what to do"
    assert "northloop init --objective" in said.err.replace("\n", " ")
    assert not (tmp_path / "new").exists()


def test_init_without_a_person_names_the_flag(cli: Cli, tmp_path: Path) -> None:
    said = cli("init", "-C", tmp_path / "new")
    assert said.code == 2
    assert "no objective was given" in said.err
    assert "--objective" in said.err


def test_init_does_not_overwrite(cli: Cli, folder: Path) -> None:
    before = (folder / FILE_NAME).read_bytes()
    said = cli("init", "-C", folder, "--objective", OBJECTIVE)
    assert said.code == 1
    assert "there is a workspace here already" in said.err
    assert (folder / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("given", ["csat", "csat=much"])
def test_a_guardrail_needs_a_margin(cli: Cli, tmp_path: Path, given: str) -> None:
    said = cli("init", "-C", tmp_path / "n", "--objective", OBJECTIVE, "--guardrail", given)
    assert said.code == 2
    assert f"--guardrail {given}" in said.err


# --- data --------------------------------------------------------------------------------------


def test_import_accounts_for_every_row(cli: Cli, folder: Path) -> None:
    rows = export(folder / "tickets.csv")
    said = cli("import", folder / "tickets.csv", "-C", folder, "--licence", "CC0", "--json")
    assert said.code == 0, said.err
    made = said.json(dict)
    balance = made["card"]["rows"]
    assert balance["rows_in"] == rows
    assert rows == balance["kept"] + balance["merged"] + balance["quarantined"]
    assert (balance["merged"], balance["quarantined"]) == (1, 1)
    assert sum(made["card"]["splits"].values()) == balance["kept"]
    assert made["card"]["licences"]["tickets.csv"] == "CC0"
    assert made["objective"]["baseline"]["n"] > 0
    assert "Customer Message" in said.err, "the columns are for people, on stderr"
    again = cli("import", folder / "tickets.csv", "-C", folder, "--json").json(dict)
    assert again["dataset"] == made["dataset"]


def test_import_for_people(cli: Cli, folder: Path) -> None:
    export(folder / "tickets.csv")
    said = cli("import", folder / "tickets.csv", "-C", folder, "--pin", "test")
    assert said.code == 0, said.err
    assert "32 = 30 kept + 1 merged + 1 quarantined" in said.out
    assert f"{Split.TEST.value} 30" in said.out


def test_import_refuses_what_it_cannot_use(cli: Cli, folder: Path) -> None:
    before = (folder / FILE_NAME).read_bytes()
    absent = cli("import", folder / "absent.csv", "-C", folder)
    assert absent.code == 1
    assert "absent.csv" in absent.err
    export(folder / "tickets.csv")
    pinned = cli("import", folder / "tickets.csv", "-C", folder, "--pin", "tset")
    assert pinned.code == 2
    assert "use test, validation or train" in pinned.err
    assert (folder / FILE_NAME).read_bytes() == before


# --- settings and doctor -----------------------------------------------------------------------


def test_settings_in_force(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NORTHLOOP_SERVING__PORT", "9000")
    said = cli("settings", "-C", folder, "--set", "training.epochs=2", "--json")
    shown = said.json(dict)
    assert shown["training.epochs"] == 2.0
    assert shown["serving.port"] == 9000
    assert "training.epochs" in cli("settings", "-C", folder).out


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        ("training.epoch=2", 4, "did you mean training.epochs?"),
        ("training.epochs=many", 4, "training.epochs"),
        ("training.epochs", 2, "section.name=value"),
    ],
)
def test_a_wrong_set_is_named(cli: Cli, folder: Path, given: str, code: int, said: str) -> None:
    found = cli("settings", "-C", folder, "--set", given)
    assert (found.code, found.out) == (code, "")
    assert said in found.err


@pytest.mark.usefixtures("base_gguf")
def test_doctor(cli: Cli, folder: Path) -> None:
    said = cli("doctor", "-C", folder, "--json")
    checks = {check["name"]: check for check in said.json(list[dict])}
    assert said.code == 0
    assert all(check["ok"] for check in checks.values() if check["needed"])
    assert {"Python", "engine", "disk", "records", "cache", "artefacts"} <= {*checks}
    assert "northloop release begin" in checks["live release"]["mend"]


def test_the_next_command_works_from_where_one_stands(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    elsewhere = cli("init", "-C", "our shop", "--objective", OBJECTIVE)
    assert "Next: northloop import <your ticket export> -C 'our shop'" in elsewhere.out
    assert "our shop/documents" in elsewhere.out
    assert "release begin -C 'our shop'" in cli("doctor", "-C", "our shop").out
    monkeypatch.chdir(tmp_path / "our shop")
    assert "-C" not in cli("doctor").out
    monkeypatch.chdir(tmp_path)
    assert f"{tmp_path}: this is not a workspace" in cli("loop", "status").err


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        (("release", "list"), "Releases: none yet"),
        (("review", "list"), "Answers that wait: none yet"),
        (("desk", "list"), "Conversations that wait: none yet"),
        (("loop", "status"), "Turns: none yet"),
    ],
)
def test_an_empty_list_says_so(cli: Cli, folder: Path, verb: tuple[str, ...], said: str) -> None:
    assert said in cli(*verb, "-C", folder).out


def test_what_cannot_be_traced_says_what_can(cli: Cli, folder: Path) -> None:
    said = cli("trace", "tickets.csv", "-C", folder)
    assert said.code == 1
    assert "file:row" in said.err


def test_doctor_says_that_likelihood_decides_nothing(cli: Cli, folder: Path) -> None:
    with (folder / FILE_NAME).open("a") as file:
        file.write('\n[gate]\nsuccess = ["bits_per_byte"]\n')
    said = cli("doctor", "-C", folder, "--json")
    [gate] = [check for check in said.json(list[dict]) if check["name"] == "gate"]
    assert said.code == 0, "the workspace is usable"
    assert not gate["ok"]
    assert "bits_per_byte reach no customer" in gate["found"]
    assert 'success = ["right"]' in gate["mend"]


def test_doctor_outside_a_workspace(cli: Cli, tmp_path: Path) -> None:
    said = cli("doctor", "-C", tmp_path)
    assert said.code == 0
    assert "northloop demo" in said.out


def test_doctor_ends_with_4_if_something_needed_is_missing(cli: Cli, folder: Path) -> None:
    (folder / FILE_NAME).write_text("sead = 1")
    said = cli("doctor", "-C", folder, "--json")
    assert said.code == 4
    broken = next(check for check in said.json(list[dict]) if check["name"] == "settings")
    assert broken["mend"] == f"{folder / FILE_NAME}: did you mean seed?"


@pytest.mark.usefixtures("base_gguf")
def test_doctor_finds_a_changed_byte(cli: Cli, folder: Path) -> None:
    release = sealed(folder)
    [file] = (folder / ".northloop" / "artefacts").glob(f"release/{release}/files/*")
    file.write_bytes(file.read_bytes().replace(b"tiny", b"tidy"))
    said = cli("doctor", "-C", folder)
    assert said.code == 4
    assert "its bytes are not what was stored" in said.out


def test_a_key_is_made_listed_and_revoked(cli: Cli, folder: Path) -> None:
    first = cli("key", "create", "-C", folder, "--name", "Web shop", "--scope", "answer")
    assert first.code == 0 and "shown once:  nl_" in first.out
    assert "every caller of the API needs a key" in first.out
    second = cli("key", "create", "-C", folder, "--tenant", "north", "--expires", "90d")
    assert "every caller" not in second.out
    made = cli("key", "create", "-C", folder, "--json").json(NewKey)
    assert sha256(made.secret.encode()).hexdigest() == made.key.sha256
    listed = cli("key", "list", "-C", folder).out
    assert "Web shop" in listed and "north" in listed and "nl_" not in listed
    gone = cli("key", "revoke", "-C", folder, made.key.key_id, "--by", "ada")
    assert gone.code == 0 and "No key works" not in gone.err
    keys = cli("key", "list", "-C", folder, "--json").json(list[ListedKey])
    assert [k.state.value for k in keys] == ["valid", "valid", "revoked"]
    assert keys[2].key.revoked_by == "ada"
    for left in keys[:2]:
        gone = cli("key", "revoke", "-C", folder, left.key.key_id)
    assert "every request to the API is refused" in gone.err


def test_a_key_for_the_file_needs_no_workspace(cli: Cli) -> None:
    said = cli("key", "create", "--print", "--tenant", "north", "--scope", "answer")
    assert said.code == 0 and 'tenant = "north", scopes = ["answer"] }' in said.out
    made = cli("key", "create", "--print", "--json").json(dict[str, str])
    assert sha256(made["secret"].encode()).hexdigest() == made["sha256"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--scope", "everything"),
        ("--scope", "team"),
        ("--tenant", "playground"),
        ("--expires", "soon"),
        ("--print", "--expires", "90d"),
    ],
)
def test_a_key_that_cannot_be_had(cli: Cli, folder: Path, arguments: tuple[str, ...]) -> None:
    assert cli("key", "create", "-C", folder, *arguments).code == 2
    assert cli("key", "list", "-C", folder, "--json").json(list[ListedKey]) == []


# --- releases, reviews, turns ------------------------------------------------------------------


def sealed(folder: Path, prompt: str = "Help.") -> str:
    """Put a release into the workspace that no gate has seen."""
    release = Release(
        base="tiny", base_file="0" * 64, adapter=None, prompt=prompt, passages=1,
        max_answer_tokens=8, thresholds=Thresholds(retrieval=0, confidence=0), cache_ttl_s=1,
    )  # fmt: skip
    workspace = Workspace.open(folder)
    made = workspace.artefacts.put(
        Kind.RELEASE, {"release.json": canonical(release)}, meta={"kind": "tuned", "base": "tiny"}
    )
    workspace.close()
    return made.hash


def test_a_release_that_no_gate_has_seen_ends_with_3(cli: Cli, folder: Path) -> None:
    release = sealed(folder)
    said = cli("release", "promote", release[:8], "-C", folder)
    assert (said.code, said.out) == (3, "")
    assert "the gate has not looked at this release" in said.err
    listed = cli("release", "list", "-C", folder, "--json").json(list[dict])
    assert [(entry["artefact"]["hash"], entry["live"]) for entry in listed] == [(release, False)]
    assert "not judged" in cli("release", "list", "-C", folder).out


def test_roll_back(cli: Cli, folder: Path) -> None:
    assert cli("release", "rollback", "-C", folder).code == 1
    first, second = sealed(folder, "One."), sealed(folder, "Two.")
    workspace = Workspace.open(folder)
    for number, release in enumerate((first, second)):
        workspace.records.add(
            Deployment(
                deployment_id=str(number), version=number + 1, at=str(number),
                arms=(Arm(release=release, knowledge="f" * 64),), action=Action.PROMOTE,
            )
        )  # fmt: skip
    workspace.close()
    said = cli("release", "rollback", "-C", folder, "--json")
    assert said.json(Deployment).release == first
    assert cli("release", "rollback", first[:8], "-C", folder).code == 1, "it is live"
    assert second[:8] in cli("release", "rollback", second[:8], "-C", folder).out


@pytest.mark.parametrize(
    "arguments",
    [("ask", "Hello?"), ("trace", "nobody"), ("trace", "no.csv:1"),
     ("release", "promote", "abcd1234"), ("loop", "approve", "none"),
     ("review", "give", "none", "correct")],
)  # fmt: skip
def test_what_is_not_there_ends_with_1(cli: Cli, folder: Path, arguments: tuple[str, ...]) -> None:
    said = cli(*arguments, "-C", folder)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("northloop: ")
    assert "Traceback" not in said.err


def test_a_row_is_followed_to_what_it_went_into(cli: Cli, folder: Path, tmp_path: Path) -> None:
    export(tmp_path / "tickets.csv")
    assert cli("import", tmp_path / "tickets.csv", "-C", folder).code == 0
    workspace = Workspace.open(folder)
    [dataset] = workspace.artefacts.list(Kind.DATASET)
    workspace.close()
    said = cli("trace", "tickets.csv:3", "-C", folder, "--json")
    assert [made["hash"] for made in said.json(list[dict])] == [dataset.hash]
    assert "tickets.csv:3 went into" in cli("trace", "tickets.csv:3", "-C", folder).out


def test_serving_beyond_loopback_takes_a_key(cli: Cli, folder: Path) -> None:
    file = folder / FILE_NAME
    written = file.read_text("utf-8")
    for setting in ('host = "0.0.0.0"', 'hosts = ["a.example"]', 'trusted_proxies = ["10.0.0.1"]'):
        file.write_text(written.replace("[serving]\n", f"[serving]\n{setting}\n"), "utf-8")
        said = cli("serve", "-C", folder)
        assert said.code == 4
        assert "no key that works" in said.err and "northloop key create" in said.err
    file.write_text(written, "utf-8")
    said = cli("serve", "-C", folder, "--set", "serving.console_host=0.0.0.0")
    assert said.code == 4
    assert "served on loopback only" in said.err


def test_a_review_from_list_to_verdict(cli: Cli, folder: Path) -> None:
    workspace = Workspace.open(folder)
    kept = Interaction(
        interaction_id="i", conversation_id="c", customer_id="", tenant="default",
        release="f" * 64, at="2026-05-01T10:00:00+00:00", question="Is [/b] a [red] tent :smile:?",
        answer="No.", source=Source.GENERATED, citations=(), confidence=0.5, handoff=None,
        intent="", latency_ms=1.0, trace=(), review_probability=0.1,
    )  # fmt: skip
    workspace.records.add(kept)
    workspace.records.add(
        ReviewItem(review_id="r", interaction_id="i", at=kept.at, probability=0.1, uniform=True)
    )
    workspace.close()
    listed = cli("review", "list", "-C", folder)
    assert "1 answer waits" in listed.out
    assert kept.question in listed.out, "brackets are the customer's, not markup"
    assert cli("review", "give", "r", "wonderful", "-C", folder).code == 2
    said = cli(
        "review", "give", "r", "incorrect", "--correction", "Yes, it is.", "--reviewer", "ada",
        "-C", folder, "--json",
    )  # fmt: skip
    assert said.json(Verdict).reviewer == "ada"
    assert cli("review", "list", "-C", folder, "--json").json(list) == []
    workspace = Workspace.open(folder)
    assert workspace.records.query(ApprovedAnswer).rows[0].answer == "Yes, it is."
    workspace.close()
    second = cli("review", "give", "r", "correct", "--reviewer", "ben", "-C", folder)
    assert "Reviewers disagree" in second.err
    listed = cli("approved", "list", "-C", folder, "--json").json(dict)
    (approved,) = listed["approved"]
    assert [v["reviewer"] for v in listed["disagreements"][0]["verdicts"]] == ["ada", "ben"]
    name = approved["answer"]["approved_id"]
    assert "Withdrawn" in cli("approved", "withdraw", name, "--by", "ben", "-C", folder).out
    assert "withdrawn" in cli("approved", "list", "-C", folder).out
    assert "served again" in cli("approved", "restore", name, "-C", folder).out
    assert cli("approved", "withdraw", "nothing", "-C", folder).code == 1


def test_a_customer_is_forgotten(cli: Cli, folder: Path) -> None:
    workspace = Workspace.open(folder)
    for name in ("i", "j"):
        kept = Interaction(
            interaction_id=name, conversation_id="c", customer_id=workspace.opaque("Grace"),
            tenant="north", release="f" * 64, at="2026-05-01T10:00:00+00:00", question="A tent?",
            answer="No.", source=Source.GENERATED, citations=(), confidence=0.5, handoff=None,
            intent="", latency_ms=1.0, trace=(),
        )  # fmt: skip
        workspace.records.add(kept)
    workspace.close()
    unsure = cli("forget", "Grace", "--tenant", "north", "-C", folder)
    assert unsure.code == 2
    assert "--yes" in unsure.err
    assert "2 interactions" in unsure.err, "what would go is shown before anybody is asked"
    assert "No dataset version holds anything of theirs" in unsure.err
    elsewhere = cli("forget", "Grace", "--yes", "-C", folder)
    assert elsewhere.code == 1
    assert "Grace" not in elsewhere.err
    said = cli("forget", "Grace", "--tenant", "north", "--yes", "-C", folder)
    assert said.code == 0
    assert "Removed for good: 2 interactions." in said.out
    assert cli("forget", "Grace", "--tenant", "north", "--yes", "-C", folder).code == 1


def test_who_stands_in_an_export_alone_is_told_what_stays(
    cli: Cli, folder: Path, tmp_path: Path
) -> None:
    export(tmp_path / "tickets.csv")
    assert cli("import", tmp_path / "tickets.csv", "-C", folder).code == 0
    shown = cli("forget", "c5", "-C", folder)
    said = cli("forget", "c5", "--yes", "-C", folder)
    assert (shown.code, said.code) == (2, 0)
    assert "Removed for good: nothing." in said.out
    assert "tickets.csv names them too" in said.out and "tickets.csv names them too" in shown.err
    told = cli("forget", "c5", "--yes", "-C", folder, "--json").json(dict)
    assert told["removed"] == {} and len(told["stays"]) == 1
    assert cli("forget", "nobody", "--yes", "-C", folder).code == 1


def test_where_the_loop_stands(cli: Cli, folder: Path) -> None:
    said = cli("loop", "status", "-C", folder, "--json").json(dict)
    assert said["explanation"] == (
        "No release is live yet: northloop loop run trains the first one."
    )
    workspace = Workspace.open(folder)
    workspace.records.add(
        Proposal(proposal_id="p", at="", reason="A try.", state=ProposalState.OPEN)
    )
    workspace.close()
    assert "A turn is open: A try." in cli("loop", "status", "-C", folder).out
    assert "Rejected" in cli("loop", "reject", "p", "-C", folder).out
    assert cli("loop", "reject", "p", "-C", folder).code == 1


def judged(folder: Path, right: int) -> str:
    """Put a release into the workspace that passed the gate beside the untuned base, its turn
    ended; return its hash."""
    examples = [
        Example(example_id=f"e{i}", question=f"Where is {topic}?", split=Split.TEST, count=1,
                reply=f"The {topic} are in hall {i}.", intent="", group="", origin=())
        for i, topic in enumerate(TOPICS)
    ]  # fmt: skip
    workspace = Workspace.open(folder)
    kept = workspace.artefacts
    names = [sealed(folder, "Base."), sealed(folder)]
    reports = []
    for name, good in zip(names, (0, right), strict=True):
        answers = [Answered(text=e.reply if i < good else "No.") for i, e in enumerate(examples)]
        report = score(Subject(dataset="d", model=name), examples, Responses(answers=answers))
        files = {"report.json": canonical(report)}
        reports.append(kept.put(Kind.REPORT, files, meta={"release": name}).hash)
    decision = Decision(
        candidate=names[1], current=names[0], promote=True, reason="Passed: for the test.",
        comparisons=(),
    )  # fmt: skip
    made = kept.put(
        Kind.DECISION,
        {"decision.json": canonical(decision)},
        parents=reports[::-1],
        meta={"candidate": names[1], "current": names[0], "promote": "true"},
    )
    workspace.records.add(
        Proposal(proposal_id="turn", at="", reason="A try.", state=ProposalState.READY,
                 decision=made.hash, release=names[1])
    )  # fmt: skip
    workspace.close()
    return names[1]


def test_what_waits_is_shown_with_its_evidence_and_promoted(cli: Cli, folder: Path) -> None:
    release = judged(folder, right=6)
    said = cli("loop", "status", "-C", folder).out
    assert f"Release {release[:8]} passed the gate and waits for you" in said
    assert f"northloop release promote {release[:8]}" in said
    shown = next(line for line in said.splitlines() if line.startswith("candidate"))
    assert "60% (" in shown
    assert shown.endswith("10")
    assert next(line for line in said.splitlines() if line.startswith("turn")).split()[1] == "ready"
    listed = cli("release", "list", "-C", folder, "--json").json(list[dict])
    assert {e["artefact"]["hash"]: e["ready"] for e in listed}[release]
    done = cli("release", "promote", release[:8], "-C", folder)
    assert done.code == 0
    assert "What the test questions would have received" in done.out
    assert f"Release {release[:8]} is live." in done.out
    status = cli("loop", "status", "-C", folder, "--json").json(dict)
    assert [p["state"] for p in status["proposals"]] == ["promoted"]


def test_what_waits_can_be_rejected(cli: Cli, folder: Path) -> None:
    release = judged(folder, right=6)
    assert cli("loop", "reject", "turn", "-C", folder).code == 0
    said = cli("release", "promote", release[:8], "-C", folder)
    assert said.code == 3
    assert "a person rejected it" in said.err


def test_a_turn_that_nobody_is_at_reads_interrupted(cli: Cli, folder: Path) -> None:
    workspace = Workspace.open(folder)
    workspace.records.add(
        Proposal(proposal_id="p", at="", reason="A try.", state=ProposalState.RUNNING)
    )
    workspace.close()
    said = cli("loop", "status", "-C", folder)
    assert "A turn was interrupted (northloop loop run goes on with it): A try." in said.out
    assert "running" not in said.out
    [shown] = cli("loop", "status", "-C", folder, "--json").json(dict)["proposals"]
    assert shown["state"] == "interrupted"


# --- knowledge ---------------------------------------------------------------------------------


def test_changed_documents_are_put_in_force(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "with documents"
    workspace = with_release(folder)
    articles = sorted(workspace.documents_folder.glob("*.md"))
    workspace.close()
    built = cli("knowledge", "update", "-C", folder)
    assert "In force: no document (0 passages new" in built.out, "by the embedder of now"
    assert "Nothing changed." in cli("knowledge", "update", "-C", folder).out
    articles[0].write_text(articles[0].read_text("utf-8") + "\n\nNow in 17 days.\n", "utf-8")
    (articles[0].parent / "scan.pdf").write_bytes(b"no")
    said = cli("knowledge", "status", "-C", folder)
    assert "1 document changed (1 passage new" in said.out.replace("\n", " ")
    assert "scan.pdf: it is broken" in said.err
    made = cli("knowledge", "update", "-C", folder, "--by", "ada", "--json").json(dict)
    assert made["deployment"]["actor"] == "ada"
    assert made["edit"]["changed"] == [articles[0].stem]
    for article in articles[1:]:
        article.unlink()
    refused = cli("knowledge", "update", "-C", folder)
    assert refused.code == 1
    assert "--lose" in refused.err.replace("\n", " ")
    assert "vanished" in cli("knowledge", "update", "--lose", "-C", folder).out
    assert cli("knowledge", "confirm", "nobody", "-C", folder).code == 1


@pytest.fixture
def doubted(
    shop: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Path, ApprovedAnswer, Path]]:
    """A workspace in which an edit put one approved answer in doubt; the answer, the document."""
    monkeypatch.setattr("northloop.workspace.Workspace", SeededWorkspace)
    edited.settle(shop)
    document, (answer, *_) = next(iter(edited.sources_of(shop).items()))
    file = edited.file_of(shop, document)
    edited.edit(file)
    knowledge.update(shop, team("ada"))
    assert answer in [doubt.answer for doubt in knowledge.in_doubt(shop, team())]
    yield shop.folder, answer, file


def is_in_doubt(folder: Path, answer: ApprovedAnswer) -> bool:
    workspace = SeededWorkspace.open(folder)
    waiting = [doubt.answer for doubt in knowledge.in_doubt(workspace, team())]
    workspace.close()
    return answer in waiting


def test_nobody_confirms_what_they_have_not_read(
    cli: Cli, doubted: tuple[Path, ApprovedAnswer, Path]
) -> None:
    folder, answer, file = doubted
    blind = cli("knowledge", "confirm", answer.approved_id, "-C", folder)
    assert blind.code == 2 and is_in_doubt(folder, answer)
    said = " ".join(blind.err.split())
    assert " ".join(answer.answer.split()) in said and "Since May: 17." in said, "it is shown"
    seen = re.search(r"--seen (\w+)", said)
    assert seen
    edited.edit(file, "18")
    workspace = SeededWorkspace.open(folder)
    knowledge.update(workspace, team("ben"))
    workspace.close()
    late = cli("knowledge", "confirm", answer.approved_id, "--seen", seen[1], "-C", folder)
    assert late.code == 1 and "changed again" in late.err and is_in_doubt(folder, answer)
    again = cli("knowledge", "confirm", answer.approved_id, "-C", folder)
    now = re.search(r"--seen (\w+)", again.err)
    assert now
    done = cli("knowledge", "confirm", answer.approved_id, "--seen", now[1], "-C", folder)
    assert done.code == 0 and f"beside knowledge {now[1]}" in done.out
    assert not is_in_doubt(folder, answer)


def test_a_script_confirms_by_saying_so(
    cli: Cli, doubted: tuple[Path, ApprovedAnswer, Path]
) -> None:
    folder, answer, _ = doubted
    done = cli("knowledge", "confirm", answer.approved_id, "--yes", "-C", folder)
    assert done.code == 0 and "Confirmed beside knowledge" in done.out
    assert not is_in_doubt(folder, answer)


@pytest.mark.parametrize(("typed", "code"), [(True, 0), (False, 1)])
def test_at_a_terminal_it_is_asked(
    cli: Cli,
    doubted: tuple[Path, ApprovedAnswer, Path],
    monkeypatch: pytest.MonkeyPatch,
    typed: bool,
    code: int,
) -> None:
    folder, answer, _ = doubted
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "confirm", lambda *_, **__: typed)
    said = cli("knowledge", "confirm", answer.approved_id, "-C", folder)
    assert said.code == code and answer.question.split()[0] in said.err
    assert is_in_doubt(folder, answer) is not typed


def test_the_command_line_is_a_module_too() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "northloop", "--help"], capture_output=True, text=True, check=True
    )
    assert "import" in said.stdout


# --- storage -----------------------------------------------------------------------------------


def test_artefacts_are_moved_by_a_verb(
    cli: Cli, folder: Path, s3: S3Server, tmp_path: Path
) -> None:
    release = sealed(folder)
    url = s3.url(f"{tmp_path.parent.name}/{tmp_path.name}")
    said = cli("storage", "move", url, "-C", folder)
    assert (
        said.code == 0 and "every byte as it was" in said.out and "names the new store" in said.out
    )
    assert url in (folder / FILE_NAME).read_text("utf-8")
    again = cli("storage", "move", url, "--source", "", "-C", folder, "--json").json(dict)
    assert (again["copied"], again["switched"]) == (0, False)
    shallow = cli("doctor", "-C", folder).out
    assert "every file there (--deep reads them)" in " ".join(shallow.split())
    assert "every byte as it was" in " ".join(cli("doctor", "--deep", "-C", folder).out.split())
    assert not [*(folder / ".northloop" / "fetched").rglob(f"*{release}/files/*")]
