"""Making a workspace: the folder, the objective contract, the sources of the history.

What people decide is written to northloop.toml, where they can read and correct it; comments and
order in the file are kept.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from secrets import token_bytes

import msgspec
import tomlkit
from tomlkit import TOMLDocument

from northloop.core.artefacts import Objective
from northloop.core.conversation import Split
from northloop.core.errors import ConfigurationError, InputError
from northloop.settings import FILE_NAME, SourceSetting
from northloop.stages.data.sources import detect
from northloop.stages.objective.templates import use_case_named

KEY_BYTES = 32
_HEAD = "northloop workspace. Every setting and its default: northloop settings"


def create(folder: Path, use_case: str, objective: Objective) -> Path:
    """Make a workspace with a secret of its own and return its configuration file.

    InputError if there is one already, or no such use case.
    """
    file = folder / FILE_NAME
    if file.exists():
        raise InputError(
            "there is a workspace here already",
            where=str(file),
            action="edit that file, or choose another folder",
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "documents").mkdir(exist_ok=True)
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    template = use_case_named(use_case)
    document["use_case"] = template.name
    document["objective"] = _table(objective)
    _save(file, document)
    secret = b64encode(token_bytes(KEY_BYTES)).decode()
    write_settings(folder, {"data.prepare.key": secret, **template.settings})
    return file


def write_objective(folder: Path, objective: Objective) -> None:
    """Write the contract (with its baseline, once measured) to northloop.toml."""
    _change(folder, {"objective": _table(objective)})


def write_settings(folder: Path, values: Mapping[str, object]) -> None:
    """Write settings to northloop.toml, each under its dotted name (`training.epochs`)."""
    _change(folder, values)


def add_source(folder: Path, file: Path, pin: Split | None, licence: str) -> SourceSetting:
    """Add an export to the sources, with the columns as detected, and return what was written.

    A file that is a source already keeps its place and mapping. InputError if it cannot be read
    or no column looks like a question.
    """
    document = _load(folder)
    sources = document.setdefault("data", tomlkit.table()).setdefault("sources", tomlkit.aot())
    path = _relative(file, folder)
    for known in sources:
        if known["path"] == path:
            return msgspec.convert(known.unwrap(), SourceSetting)
    mapping = dict(detect(file))
    if "question" not in mapping:
        raise InputError(
            "no column looks like the customer's question",
            where=str(file),
            action=f'name it in {FILE_NAME}: [[data.sources]] path = "{path}", '
            'mapping = {question = "<column>"}',
        )
    setting = SourceSetting(
        path=path, pin=pin.value if pin else "", licence=licence, mapping=mapping
    )
    sources.append(_table(setting))
    _save(folder / FILE_NAME, document)
    return setting


def _change(folder: Path, values: Mapping[str, object]) -> None:
    document = _load(folder)
    for dotted, value in values.items():
        *sections, name = dotted.split(".")
        table: MutableMapping[str, object] = document
        for section in sections:
            table = table.setdefault(section, tomlkit.table())  # type: ignore[assignment]
        table[name] = value
    _save(folder / FILE_NAME, document)


def _load(folder: Path) -> TOMLDocument:
    file = folder / FILE_NAME
    try:
        return tomlkit.parse(file.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigurationError(
            "this is not a workspace", where=str(folder), action="make one with: northloop init"
        ) from error


def _save(file: Path, document: TOMLDocument) -> None:
    draft = file.with_suffix(".toml.new")
    draft.write_text(tomlkit.dumps(document), "utf-8")
    draft.replace(file)


def _table(struct: msgspec.Struct) -> tomlkit.items.Table:
    """A struct as a TOML table, without what is at its default or None."""
    plain = msgspec.to_builtins(struct)
    table = tomlkit.table()
    for field in msgspec.structs.fields(struct):
        value = plain[field.encode_name]
        if value is not None and getattr(struct, field.name) != field.default:
            table[field.encode_name] = value
    return table


def _relative(file: Path, folder: Path) -> str:
    resolved = file.resolve()
    inside = resolved.is_relative_to(folder.resolve())
    return str(resolved.relative_to(folder.resolve()) if inside else resolved)
