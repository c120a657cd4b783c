from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from northloop.app.configuration import MASK, settings_in_force, values_in_force
from northloop.core.errors import ConfigurationError, UnknownSetting
from northloop.settings import (
    AT_RESTART,
    DEFAULT_GATE,
    FILE_NAME,
    Settings,
    dotted,
    load,
    read_table,
    reloaded,
)


class Layers:
    """A workspace folder, a user's folder, and how to load what lies in them."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"
        self.user = folder / "config" / "northloop"
        self.workspace.mkdir()
        self.user.mkdir(parents=True)

    def write(self, workspace: str = "# none\n", user: str = "") -> None:
        (self.workspace / FILE_NAME).write_text(workspace, "utf-8")
        (self.user / FILE_NAME).write_text(user, "utf-8")

    def load(self, environment: Mapping[str, str] = {}, flags: Mapping[str, str] = {}) -> Settings:
        return load(
            self.workspace, {"XDG_CONFIG_HOME": str(self.user.parent), **environment}, flags
        )


@pytest.fixture
def layers(tmp_path: Path) -> Layers:
    return Layers(tmp_path)


def test_without_any_file_there_are_the_defaults(layers: Layers) -> None:
    assert layers.load() == Settings()


def test_every_default_can_be_written_and_read_again(layers: Layers) -> None:
    """The defaults, spelled out as TOML, mean the same as no file at all."""
    plain = msgspec.to_builtins(Settings())
    layers.write(_toml(plain))
    assert layers.load() == Settings()


def test_the_stronger_layer_wins(layers: Layers) -> None:
    expected = []
    layers.write(user="[training]\nepochs = 1.5")
    expected.append(layers.load().training.epochs)
    layers.write(workspace="[training]\nepochs = 2.5", user="[training]\nepochs = 1.5")
    expected.append(layers.load().training.epochs)
    environment = {"NORTHLOOP_TRAINING__EPOCHS": "4"}
    expected.append(layers.load(environment).training.epochs)
    expected.append(layers.load(environment, {"training.epochs": "5"}).training.epochs)
    assert expected == [1.5, 2.5, 4.0, 5.0]


def test_layers_are_merged_setting_by_setting(layers: Layers) -> None:
    layers.write(
        workspace='[serving]\nport = 9000\n[data.prepare]\nzone = "Europe/Berlin"',
        user='seed = 7\n[serving]\nhost = "127.0.0.2"\nport = 1',
    )
    found = layers.load({"NORTHLOOP_DATA__PREPARE__SPLIT_BY": "time"}, {"training.rank": "4"})
    assert (found.serving.port, found.serving.host, found.seed) == (9000, "127.0.0.2", 7)
    assert found.data.prepare.zone == "Europe/Berlin"
    assert found.data.prepare.split_by == "time"
    assert found.training.rank == 4
    assert found.training.epochs == Settings().training.epochs


def test_one_setting_of_the_gate_leaves_the_others_at_their_defaults(layers: Layers) -> None:
    layers.write(workspace="[gate]\nalpha = 0.01")
    assert layers.load().gate == msgspec.structs.replace(DEFAULT_GATE, alpha=0.01)
    replaced = '[gate]\nsuccess = ["bleu"]\n[[gate.guardrails]]\nmetric = "chrf"\nmargin = 1.0'
    layers.write(workspace=replaced)
    assert [rail.metric for rail in layers.load().gate.guardrails] == ["chrf"]


def test_a_gate_of_before_still_opens_and_asks_for_what_customers_receive(layers: Layers) -> None:
    old = """
        [gate]
        success = ["bits_per_byte", "rouge_l"]
        [[gate.guardrails]]
        metric = "rouge_l"
        margin = 0.05
        [[gate.guardrails]]
        metric = "intent_f1"
        margin = 0.05
        """
    layers.write(workspace=old)
    gate = layers.load().gate
    assert gate.diagnostics_asked() == ("bits_per_byte", "intent_f1")
    assert gate.in_force().success == ("rouge_l",)
    assert [r.metric for r in gate.in_force().guardrails] == ["rouge_l", "right", "wrong"]


def test_sources_and_rules_are_read(layers: Layers) -> None:
    layers.write(
        workspace="""
        [data.prepare.rules]
        returns = ["\\\\breturn"]
        [[data.sources]]
        path = "tickets.csv"
        pin = "test"
        [data.sources.mapping]
        question = "body"
        """
    )
    found = layers.load().data
    assert found.sources[0].mapping == {"question": "body"}
    assert found.sources[0].pin == "test"
    assert found.prepare.rules == {"returns": (r"\breturn",)}


@pytest.mark.parametrize(
    ("workspace", "named", "nearest"),
    [
        ("[training]\nepoch = 1", "training.epoch", "training.epochs"),
        ("[data.prepare]\nzones = 'UTC'", "data.prepare.zones", "data.prepare.zone"),
        ("sead = 1", "sead", "seed"),
        ("[trainning]\nepochs = 1", "trainning", "training"),
        ("[objective]\nmetrics = 'x'", "objective.metrics", "objective.metric"),
    ],
)
def test_an_unknown_setting_names_the_nearest(
    layers: Layers, workspace: str, named: str, nearest: str
) -> None:
    layers.write(workspace)
    with pytest.raises(UnknownSetting) as raised:
        layers.load()
    assert f"'{named}'" in raised.value.what
    assert raised.value.action == f"did you mean {nearest}?"
    assert raised.value.where == str(layers.workspace / FILE_NAME)


KNOWN = [
    name
    for name in values_in_force(Settings())
    if name not in ("objective", "data.sources", "gate.guardrails")
]


TWINS = {"serving.hosts": "serving.host", "serving.engine.model": "serving.mode"}
"""Names that one slip can lie as near to."""


def typos(name: str) -> set[str]:
    """Return the name with each letter left out, each one doubled, and each pair swapped."""
    at = range(len(name))
    one_less = {name[:i] + name[i + 1 :] for i in at}
    one_more = {name[:i] + name[i] + name[i:] for i in at}
    swapped = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in at[:-1]}
    return {typo for typo in one_less | one_more | swapped if all(typo.split("."))} - {*KNOWN}


@pytest.mark.parametrize("name", KNOWN)
def test_a_slip_of_the_pen_anywhere_in_a_name_is_understood(layers: Layers, name: str) -> None:
    for typo in typos(name):
        with pytest.raises(UnknownSetting) as raised:
            layers.load({}, {typo: "1"})
        assert f"'{typo}'" in raised.value.what
        near = {name, TWINS.get(name, name)}
        assert raised.value.action in {f"did you mean {known}?" for known in near}, typo


@pytest.mark.parametrize(
    ("said", "nearest"),
    [
        ("epochs", "training.epochs"),
        ("port", "serving.port"),
        ("serving.epochs", "training.epochs"),
        ("data.zone", "data.prepare.zone"),
        ("Serving.Port", "serving.port"),
        ("trainning.epoch", "training.epochs"),
        ("review.shares", "review.share"),
        ("storage.record", "storage.records"),
        ("data.sources.licens", "data.sources.licence"),
    ],
)
def test_the_full_name_is_compared_wherever_it_is_said(
    layers: Layers, said: str, nearest: str
) -> None:
    asked = [lambda: layers.load({}, {said: "1"})]
    if said.islower():
        variable = "NORTHLOOP_" + said.upper().replace(".", "__")
        asked.append(lambda: layers.load({variable: "1"}))
    for ask in asked:
        with pytest.raises(UnknownSetting) as raised:
            ask()
        assert f"'{said}'" in raised.value.what
        assert raised.value.action == f"did you mean {nearest}?"
    section, _, name = said.rpartition(".")
    if section != "data.sources" and section not in ("trainning", "Serving"):
        layers.write(f"[{section}]\n{name} = 1" if section else f"{name} = 1")
        with pytest.raises(UnknownSetting, match=said) as raised:
            layers.load()
        assert raised.value.action == f"did you mean {nearest}?"


def test_what_is_like_nothing_is_told_where_all_are(layers: Layers) -> None:
    with pytest.raises(UnknownSetting, match=r"'foo\.bar'") as raised:
        layers.load({}, {"foo.bar": "1"})
    assert raised.value.action.endswith("? northloop settings shows them all")


def test_an_unknown_name_in_a_list_of_tables_is_named(layers: Layers) -> None:
    layers.write('[[data.sources]]\npath = "a.csv"\n[[data.sources]]\npaht = "b.csv"')
    with pytest.raises(UnknownSetting, match=r"'data\.sources\.paht'") as raised:
        layers.load()
    assert raised.value.action == "did you mean data.sources.path?"


def test_the_place_of_an_unknown_setting_is_its_layer(layers: Layers) -> None:
    layers.write(user="[serving]\nprt = 1")
    with pytest.raises(UnknownSetting) as raised:
        layers.load()
    assert raised.value.where == str(layers.user / FILE_NAME)
    layers.write()
    with pytest.raises(UnknownSetting) as raised:
        layers.load({"NORTHLOOP_SERVING__PRT": "1"})
    assert raised.value.where == "environment"
    with pytest.raises(UnknownSetting) as raised:
        layers.load({}, {"serving.prt": "1"})
    assert raised.value.where == "flags"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("serving.port", "soon", "serving.port"),
        ("review.share", "0.5", "between 0.05 and 0.10"),
        ("data.prepare.split_by", "moon", "split_by"),
        ("data.prepare.near_duplicate_threshold", "0.1", "near duplicates"),
        ("training", "much", "training"),
    ],
)
def test_a_wrong_value_is_named(layers: Layers, name: str, value: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        layers.load({}, {name: value})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("serving.api_keys", "abc", "serving.api_keys: expected a list, got text"),
        ("training.epochs", "many", "training.epochs: expected a number, got text"),
        ("serving.port", "70000", "serving.port: expected a whole number <= 65535"),
    ],
)
def test_a_wrong_value_is_said_in_plain_words(
    layers: Layers, name: str, value: str, said: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        layers.load({}, {name: value})
    assert raised.value.what == said


def test_a_wrong_value_is_looked_for_where_it_stands(layers: Layers) -> None:
    layers.write(workspace="[serving]\nport = [1]")
    with pytest.raises(ConfigurationError) as raised:
        layers.load()
    assert raised.value.where == str(layers.workspace / FILE_NAME)
    layers.write()
    with pytest.raises(ConfigurationError) as raised:
        layers.load({"NORTHLOOP_SERVING__PORT": "soon"})
    assert raised.value.where == "environment"


@pytest.mark.parametrize("pin", ["tset", "retired"])
def test_a_source_is_pinned_to_what_there_is(layers: Layers, pin: str) -> None:
    layers.write(workspace=f"[[data.sources]]\npath = 'tickets.csv'\npin = '{pin}'")
    with pytest.raises(ConfigurationError, match=rf"data.sources\[0\].pin: .*{pin}"):
        layers.load()


def test_a_value_is_no_section(layers: Layers) -> None:
    with pytest.raises(ConfigurationError, match="serving is a value, not a section"):
        layers.load({}, {"serving": "1", "serving.port": "2"})


def test_broken_toml_names_file_and_line(layers: Layers) -> None:
    layers.write(workspace="seed = 1\n[training\nepochs = 1")
    with pytest.raises(ConfigurationError, match=r"not valid TOML: .*line 2"):
        layers.load()
    (layers.workspace / FILE_NAME).write_bytes(b"seed = '\xff'")
    with pytest.raises(ConfigurationError, match="not valid TOML") as raised:
        layers.load()
    assert raised.value.where == str(layers.workspace / FILE_NAME)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_another_encoding_is_to_be_saved_in_utf_8(layers: Layers, encoding: str) -> None:
    (layers.workspace / FILE_NAME).write_bytes("seed = 1\n".encode(encoding))
    with pytest.raises(ConfigurationError, match="save it as UTF-8"):
        layers.load()


def test_a_file_that_was_emptied_is_no_file_of_defaults(layers: Layers) -> None:
    layers.write(workspace="")
    with pytest.raises(ConfigurationError, match=r"empty.*backup"):
        layers.load()


def test_a_file_that_nobody_may_read_is_named(
    layers: Layers, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers.write()

    def refused(file: Path, *_: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(file))

    monkeypatch.setattr(Path, "read_text", refused)
    with pytest.raises(ConfigurationError, match="cannot be read: Permission denied") as raised:
        layers.load()
    assert raised.value.where.endswith(FILE_NAME)


def test_a_missing_file_is_an_empty_one(tmp_path: Path) -> None:
    assert read_table(tmp_path / FILE_NAME) == {}


def test_other_variables_of_the_environment_do_not_matter(layers: Layers) -> None:
    assert layers.load({"HOME": "/", "LOOP_SEED": "4"}) == Settings()


def test_secrets_are_masked_where_settings_are_shown() -> None:
    secret = Settings()
    secret = msgspec.structs.replace(
        secret,
        data=msgspec.structs.replace(
            secret.data, prepare=msgspec.structs.replace(secret.data.prepare, key=b"s3cret")
        ),
        storage=msgspec.structs.replace(secret.storage, records="postgresql://me:s3cret@db/x"),
        serving=msgspec.structs.replace(secret.serving, api_keys=("s3cret",)),
    )
    shown = dict(settings_in_force(secret))
    for name in ("data.prepare.key", "storage.records", "serving.api_keys"):
        assert shown[name] == "•••"
    assert "s3cret" not in str(shown)
    assert shown["training.epochs"] == "3.0"
    assert dict(settings_in_force(Settings()))["storage.records"] == '""'


def test_values_are_what_toml_says(layers: Layers) -> None:
    layers.write(
        workspace="""
        seed = 7
        [data.prepare]
        zone = "Europe/Berlin"
        public_names = ["Northloop", "true", "3"]
        near_duplicate_threshold = 0.75
        [data.prepare.rules]
        returns = ["\\\\breturn"]
        [[data.sources]]
        path = "exports/tickets.csv"
        member = "june/tickets.csv"
        sheet = "May"
        pin = "test"
        licence = "CC0"
        mapping = {question = "body"}
        agents = ["12"]
        [[gate.guardrails]]
        metric = "chrf"
        margin = 1.0
        [serving]
        cache_ttl_s = 3600
        prompt = "true"
        [objective]
        metric = "csat"
        statement = "increase CSAT to 4.5"
        change = 0.0
        target = 4.5
        target_given = true
        deadline = "2027-06-30"
        window_days = 90
        """
    )
    settings = layers.load()
    shown = values_in_force(settings)
    read = msgspec.json.decode(msgspec.json.encode(shown))
    written = read_table(layers.workspace / FILE_NAME)
    for name, value in dotted(written):
        assert (read[name], type(read[name])) == (value, type(value)), name
    assert read["training.max_examples"] is None
    assert read["serving.prompt"] == "true"
    assert read["objective.target_given"] is True
    assert read["serving.api_keys"] == []
    layers.write(workspace=_toml(nested(read)))
    assert layers.load() == settings


def test_no_password_is_shown_whatever_is_in_it() -> None:
    for url in ("redis://:p:a@ss@host:1/0", "redis://me:h1dden@host/0"):
        storage = msgspec.structs.replace(Settings().storage, cache=url)
        shown = values_in_force(msgspec.structs.replace(Settings(), storage=storage))
        assert str(shown["storage.cache"]).split("@")[0].endswith(":•••")
        assert "ss@" not in str(shown) and "h1dden" not in str(shown)


@pytest.mark.parametrize(
    "url",
    [
        "s3://AKIA:hidden%2Fsecret@tents/loop?endpoint=https://minio:9000",
        "s3://AKIA:hidden/secret@tents/loop",
        "s3://AKIA:hidden@secret@tents",
        "s3://tents?endpoint=https://me:hidden@minio&region=eu",
        "s3://tents?secret_access_key=hidden&region=eu",
        "s3://tents?region=eu&AWS_Session_Token=hidden",
    ],
)
def test_no_credentials_of_a_store_are_shown(url: str) -> None:
    storage = msgspec.structs.replace(Settings().storage, artefacts=url)
    shown = str(values_in_force(msgspec.structs.replace(Settings(), storage=storage)))
    assert "hidden" not in shown and "secret@" not in shown
    assert "s3://" in shown and "tents" in shown


def test_a_place_without_credentials_is_shown_as_it_is() -> None:
    url = "s3://tents/team a?endpoint=https://minio:9000&region=eu-1"
    storage = msgspec.structs.replace(Settings().storage, artefacts=url)
    shown = values_in_force(msgspec.structs.replace(Settings(), storage=storage))
    assert shown["storage.artefacts"] == url


def test_a_running_process_takes_over_what_it_can() -> None:
    running = msgspec.convert(
        {
            "serving": {"port": 1, "prompt": "a"},
            "review": {"share": 0.06},
            "training": {"epochs": 1},
        },
        Settings,
    )
    fresh = msgspec.convert(
        {"serving": {"port": 2, "prompt": "b"}, "seed": 9, "loop": {"approval": "rule"}}, Settings
    )
    taken, waiting = reloaded(running, fresh)
    assert waiting == ("seed", "serving.port", "review.share")
    assert (taken.serving.port, taken.seed, taken.review.share) == (1, 1, 0.06)
    assert (taken.serving.prompt, taken.loop.approval, taken.training.epochs) == ("b", "rule", 3.0)
    assert reloaded(running, running) == (running, ())


def test_what_waits_for_a_restart_is_a_setting() -> None:
    assert set(AT_RESTART) <= {name for name, _ in settings_in_force(Settings())}


def nested(shown: Mapping[str, object]) -> dict[str, object]:
    """Return settings by dotted name as the tables of a file."""
    table: dict[str, Any] = {}
    for name, value in shown.items():
        *sections, last = name.split(".")
        inner = table
        for section in sections:
            inner = inner.setdefault(section, {})
        inner[last] = value
    return table


def _toml(table: Mapping[str, object], section: str = "") -> str:
    """Write plain values as TOML; None, which TOML does not know, is left out."""
    values = [
        f"{name} = {_inline(value)}"
        for name, value in table.items()
        if value is not None and not isinstance(value, dict)
    ]
    inner = [
        f"[{section}{name}]\n{_toml(value, f'{section}{name}.')}"
        for name, value in table.items()
        if isinstance(value, dict)
    ]
    return "\n".join([*values, *inner])


def _inline(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {_inline(v)}" for k, v in value.items()) + "}"
    return msgspec.json.encode(value).decode()


def test_the_key_of_an_engine_is_masked_and_its_address_shown(layers: Layers) -> None:
    set_ = layers.load(
        environment={
            "NORTHLOOP_SERVING__ENGINE__URL": "https://models.example/v1",
            "NORTHLOOP_SERVING__ENGINE__MODEL": "small",
            "NORTHLOOP_SERVING__ENGINE__KEY": "sk-secret",
        }
    )
    shown = dict(settings_in_force(set_))
    assert shown["serving.engine.key"] == MASK
    assert "https://models.example/v1" in shown["serving.engine.url"]
    assert "sk-secret" not in str(shown)


def test_own_words_go_by_the_english_names_of_languages(layers: Layers) -> None:
    layers.write('[serving.hand_over]\nEnglish = "We reply soon."\nWelsh = "Byddwn yn ateb."')
    told = layers.load().serving.hand_over
    assert told == {"English": "We reply soon.", "Welsh": "Byddwn yn ateb."}
    layers.write('[serving.hand_over]\nDeutsch = "Wir antworten."')
    with pytest.raises(ConfigurationError, match="no language is called 'Deutsch' in English"):
        layers.load()
    layers.write('[serving.hand_over]\nGerman = " "')
    with pytest.raises(ConfigurationError, match="no words for German"):
        layers.load()


def test_a_server_and_its_model_are_set_together(layers: Layers) -> None:
    with pytest.raises(ConfigurationError, match="together"):
        layers.load(flags={"serving.engine.url": "https://models.example/v1"})
    with pytest.raises(ConfigurationError, match="set url and model"):
        layers.load(flags={"serving.engine.adapters": "true"})
