"""Making a workspace: the folder, the objective contract, the sources of the history.

What people decide is written to northloop.toml, where they can read and correct it; comments and
order in the file are kept. One process writes at a time, and what cannot be written leaves the file
as it was.
"""

from __future__ import annotations

import os
import stat
import tomllib
from base64 import b64encode
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_bytes, token_hex

import msgspec
import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError

from northloop import registry
from northloop import settings as configuration
from northloop.adapters.embedded.files import locked
from northloop.core.artefacts import Objective
from northloop.core.conversation import PINS, Split
from northloop.core.errors import ConfigurationError, InputError
from northloop.settings import FILE_NAME, Settings, SourceSetting
from northloop.stages.data.sources import SourceFile, detect, layout, opened
from northloop.stages.data.sources.messages import MESSAGE_FIELDS
from northloop.stages.data.sources.places import Place
from northloop.stages.objective.templates import use_case_named

KEY_BYTES = 32
OURS = 0o660
"""Of a file that only the user and the group may open, before the process's own mask."""
_TERMS = ("mapping", "pin", "licence", "agents")
"""What may be given anew of a source that is there."""
_HEAD = "northloop workspace. Every setting and its default: northloop settings"


def create(folder: Path, use_case: str, objective: Objective) -> Path:
    """Make a workspace with a secret of its own and return its configuration file.

    Texts are compared by the better embedder that is installed, which the file names from then on.
    InputError if there is one already, or no such use case.
    """
    file = folder / FILE_NAME
    template = use_case_named(use_case)
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    document["use_case"] = template.name
    document["objective"] = _plain(objective)
    secret = b64encode(token_bytes(KEY_BYTES)).decode()
    begins = {"data.prepare.key": secret, "serving.embedder": registry.best_embedder()}
    _set(document, {**begins, **template.settings})
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            if file.exists():
                raise InputError(
                    "there is a workspace here already",
                    where=str(file),
                    action="edit that file, or choose another folder",
                )
            with _told(folder / "documents"):
                (folder / "documents").mkdir(exist_ok=True)
            _save(file, document)
    return file


def write_objective(folder: Path, objective: Objective) -> None:
    """Write the contract (with its baseline, once measured) to northloop.toml."""
    write_settings(folder, {"objective": _plain(objective)})


def write_use_case(folder: Path, use_case: str, objective: Objective) -> None:
    """Write the contract and the use case's beginnings to a northloop.toml that is there.

    It gets a secret of its own if it has none.
    """
    template = use_case_named(use_case)
    with _changing(folder) as document:
        values = {"use_case": template.name, **template.settings}
        prepare = document.get("data", {}).get("prepare", {})
        if not prepare.get("key"):
            values["data.prepare.key"] = b64encode(token_bytes(KEY_BYTES)).decode()
        _set(document, {**values, "objective": _plain(objective)})


def write_settings(folder: Path, values: Mapping[str, object]) -> None:
    """Write settings to northloop.toml, each under its dotted name (`training.epochs`)."""
    with _changing(folder) as document:
        _set(document, values)


def unset(folder: Path, name: str) -> None:
    """Take a setting out of northloop.toml, by its dotted name; nothing happens without it."""
    *sections, own = name.split(".")
    with _changing(folder) as document:
        table: MutableMapping[str, object] = document
        for section in sections:
            table = table.get(section, {})  # type: ignore[assignment]
        table.pop(own, None)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How exports come in."""

    pin: Split | None = None
    """The split that every row goes to; None to let the split decide."""
    licence: str = ""
    mapping: Mapping[str, str] = {}
    """Field (one of FIELDS) → column, to correct what was detected; "" for no column."""
    agents: tuple[str, ...] = ()
    """Who answers, where an export does not say it; () to find out."""

    def __post_init__(self) -> None:
        if self.pin is not None and self.pin not in PINS:
            raise InputError(
                f"nothing is imported as {self.pin.value}",
                where="pin",
                action=f"choose one of {', '.join(PINS)}",
            )


AS_DETECTED = Terms()


class Exports(msgspec.Struct, frozen=True, kw_only=True):
    """The sources that a path stands for."""

    settings: tuple[SourceSetting, ...]
    left_out: Mapping[str, str] = {}
    """Of an archive or workbook, what is no source: its name → why."""


def sources_of(folder: Path, path: Path, terms: Terms = AS_DETECTED) -> Exports:
    """Return the sources that a path stands for, see `source_of`; nothing is written.

    A file is one; an archive and a workbook have one for each file or sheet that holds tickets.
    InputError if there is none.
    """
    found = opened(path)
    settings: list[SourceSetting] = []
    left_out = dict(found.left_out)
    refused: list[InputError] = []
    for place in found.places:
        try:
            settings.append(source_of(folder, place, terms))
        except InputError as error:
            left_out[place.label] = error.what
            refused.append(error)
    if not settings:
        raise refused[0]
    return Exports(settings=tuple(settings), left_out=left_out)


def source_of(folder: Path, place: Place, terms: Terms) -> SourceSetting:
    """Return an export as a source, with the columns as detected or given; nothing is written.

    One that is a source already keeps its path, and its terms as far as they are not given anew;
    but columns without a reply give way to what is detected now, where that has replies.
    InputError if it cannot be read or no column looks like a question.
    """
    with _told(folder / FILE_NAME):
        known = configuration.load(folder, os.environ, {}).data.sources
    detect(_file(place, SourceSetting(path=""), {}))
    named = {
        "pin": terms.pin.value if terms.pin else "",
        "licence": terms.licence,
        "agents": terms.agents,
    }
    given = {name: value for name, value in named.items() if value}
    for source in known:
        same = os.path.realpath(folder / source.path) == os.path.realpath(place.path)
        if same and (source.member, source.sheet) == (place.member, place.sheet):
            both = _with_given(_known_columns(place, source), terms.mapping)
            return msgspec.structs.replace(source, mapping=both, **given)
    path = _relative(place.path, folder)
    if not path.isprintable():
        raise InputError(
            "the name has characters that cannot be written", where=ascii(path), action="rename it"
        )
    absent = {field: "" for field, column in terms.mapping.items() if not column}
    plain = SourceSetting(path=path, member=place.member, sheet=place.sheet)
    made = msgspec.structs.replace(plain, **given)
    columns = layout(_file(place, made, terms.mapping)).mapping
    return msgspec.structs.replace(made, mapping=columns | absent)


def _file(place: Place, source: SourceSetting, mapping: Mapping[str, str]) -> SourceFile:
    return SourceFile(
        place.path,
        mapping=dict(mapping),
        member=place.member,
        sheet=place.sheet,
        agents=source.agents,
    )


def _known_columns(place: Place, source: SourceSetting) -> Mapping[str, str]:
    """Return the columns of a source that is imported again.

    An earlier version found no reply in exports that are read as conversations now.
    """
    if not source.mapping or not {"reply", *MESSAGE_FIELDS}.isdisjoint(source.mapping):
        return source.mapping
    found = layout(_file(place, source, {}))
    return found.mapping if found.has_replies else source.mapping


def _with_given(known: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return a source's mapping with what is given anew; a row that holds question and reply does
    not hold messages any more, and the other way round.
    """
    pairs, talks = ("question", "reply"), MESSAGE_FIELDS
    dropped: tuple[str, ...] = ()
    if any(given.get(f) for f in pairs) and not any(given.get(f) for f in talks):
        dropped = talks
    elif any(given.get(f) for f in talks):
        dropped = pairs
    return {f: c for f, c in known.items() if f not in dropped} | dict(given)


def with_sources(settings: Settings, sources: Sequence[SourceSetting]) -> Settings:
    """Return the settings as they are once the sources are added."""
    all_ = {source.place: source for source in (*settings.data.sources, *sources)}
    data = msgspec.structs.replace(settings.data, sources=tuple(all_.values()))
    return msgspec.structs.replace(settings, data=data)


def add_sources(folder: Path, sources: Sequence[SourceSetting]) -> None:
    """Write sources to northloop.toml; of one that is there, mapping, pin, licence, agents."""
    with _changing(folder) as document:
        data = document.setdefault("data", {})
        for source in sources:
            known = next((s for s in data.get("sources", ()) if _is(s, source)), None)
            if known is not None:
                terms = {k: v for k, v in _plain(source).items() if k in _TERMS}
                known.update({k: v for k, v in terms.items() if known.get(k) != v})
            elif "sources" in data:
                data["sources"].append(_plain(source))
            else:
                data["sources"] = [_plain(source)]


def add_source(folder: Path, file: Path, pin: Split | None, licence: str) -> SourceSetting:
    """Add an export to the sources and return the first that was written; see `sources_of`."""
    found = sources_of(folder, file, Terms(pin=pin, licence=licence)).settings
    add_sources(folder, found)
    return found[0]


def _is(written: Mapping[str, object], source: SourceSetting) -> bool:
    """Whether a table of northloop.toml is this source."""
    return (written["path"], written.get("member", ""), written.get("sheet", "")) == source.place


# --- the file ----------------------------------------------------------------------------------


@contextmanager
def _changing(folder: Path) -> Iterator[TOMLDocument]:
    """Give the configuration to change; it is written at the end, one writer at a time."""
    file = folder / FILE_NAME
    with _told(file):
        if not file.is_file():
            raise ConfigurationError(
                "this is not a workspace", where=str(folder), action="make one with: northloop init"
            )
        with locked(folder):
            configuration.load(folder, os.environ, {})
            # tomlkit would write a new table behind a last line that has no end.
            document = tomlkit.parse(file.read_text("utf-8-sig").removesuffix("\n") + "\n")
            yield document
            _save(file, document)


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """Raise what the disk or the form of the file refuses as an error that says what to do."""
    try:
        yield
    except (TOMLKitError, UnicodeError) as error:
        raise ConfigurationError(
            f"not valid TOML: {error}",
            where=str(place),
            action="mend it and save it as UTF-8",
        ) from error
    except OSError as error:
        raise ConfigurationError(
            f"cannot be read or written: {error.strerror or error}",
            where=str(place),
            action="give a folder that you may write to, with space left",
        ) from error


def _save(file: Path, document: TOMLDocument) -> None:
    """Write the whole file under another name and put it in place.

    It keeps its owner, as far as that may be given, and its permissions; a new one holds a key, and
    is for the user and the group alone.
    """
    text = tomlkit.dumps(document)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            "cannot be added to as it is written",
            where=str(file),
            action="write sections as [section] and sources as [[data.sources]]",
        ) from error
    draft = file.with_name(f"{file.name}.{token_hex(4)}.new")
    try:
        earlier = file.stat() if file.exists() else None
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        made = os.open(draft, flags, OURS if earlier is None else 0o600)
        with os.fdopen(made, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            if earlier is not None:
                for owner, group in ((-1, earlier.st_gid), (earlier.st_uid, -1)):
                    with suppress(PermissionError):
                        os.fchown(made, owner, group)
                os.fchmod(made, stat.S_IMODE(earlier.st_mode))
            os.fsync(made)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _set(document: TOMLDocument, values: Mapping[str, object]) -> None:
    for dotted, value in values.items():
        *sections, name = dotted.split(".")
        table: MutableMapping[str, object] = document
        for section in sections:
            table = table.setdefault(section, tomlkit.table())  # type: ignore[assignment]
        table[name] = value


def _plain(struct: msgspec.Struct) -> dict[str, object]:
    """A struct as it is written, without what is at its default or None."""
    plain = msgspec.to_builtins(struct)
    return {
        field.encode_name: plain[field.encode_name]
        for field in msgspec.structs.fields(struct)
        if plain[field.encode_name] is not None and getattr(struct, field.name) != field.default
    }


def _relative(file: Path, folder: Path) -> str:
    real, base = Path(os.path.realpath(file)), Path(os.path.realpath(folder))
    return str(real.relative_to(base) if real.is_relative_to(base) else real)
