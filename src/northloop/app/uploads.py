"""Exports that somebody brings in from afar: looked at, corrected, and imported or not.

An upload lies in a private folder of the state until it is decided on. What is imported moves to
the folder `history` of the workspace, where every later turn finds it; the dataset is the same as
if the file had been imported from the command line under that name.
"""

from __future__ import annotations

import errno
import os
import shutil
import threading
import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from northloop import settings as configuration
from northloop import setup
from northloop.app import background, intake
from northloop.app.intake import Imported, Preview
from northloop.app.jobs import Job, no_room
from northloop.app.notes import read_note, write_note
from northloop.app.receiving import Receiving, distinct
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.clock import stamp
from northloop.core.conversation import PINS, Split
from northloop.core.errors import ConfigurationError, InputError, NotFound
from northloop.core.ids import Hash, file_hash
from northloop.ports.progress import Progress
from northloop.settings import SourceSetting
from northloop.stages.data.sources import (
    FIELDS,
    Columns,
    Opened,
    SourceFile,
    columns,
    detect,
    layout,
    opened,
)
from northloop.stages.data.sources.messages import ROLE, TEXT
from northloop.stages.data.sources.places import Place
from northloop.workspace import Workspace

__all__ = [
    "FIELDS",
    "HISTORY",
    "ROLE",
    "TEXT",
    "Columns",
    "File",
    "Upload",
    "cancel",
    "columns_of",
    "correct",
    "imported",
    "look",
    "receive",
    "take_in",
    "upload",
    "uploads",
]

HISTORY = "history"
"""Folder of the workspace that uploaded exports are kept in."""
_FOLDER = "uploads"
_NOTE = "upload.json"
_keeping = threading.Lock()
_beginning = threading.Lock()
"""Whether an import has begun is asked, and it is begun, by one request at a time: the settings
that one changes would be a change since the other looked."""


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One export of an upload: a file, or one of those in an archive."""

    name: str
    """What it is called in the history."""
    given: str
    """What it was called when it came, if that was another name; else ""."""
    bytes: int
    sha256: Hash
    source: str = ""
    """Path of the imported file that it equals byte for byte; "" for a new one."""
    mapping: dict[str, str] = {}
    """Field → column where the reader corrected what was detected; "" for no column."""
    member: str = ""
    sheet: str = ""
    """Where in the file the export lies; see `SourceSetting`."""
    agents: tuple[str, ...] = ()
    """Who answers, where the reader said so."""

    @property
    def label(self) -> str:
        """Return what no other export of the upload is called."""
        return "/".join(part for part in (self.name, self.member, self.sheet) if part)


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """Files that wait to be imported."""

    upload_id: str
    at: str
    by: str
    """Who brought them."""
    files: tuple[File, ...]
    licence: str = ""
    pin: str = ""
    """"test" to measure on these rows and never learn them; "" to let the split decide."""
    left_out: dict[str, str] = {}
    """Of archives and workbooks, what holds no tickets: its name → why."""


# --- bringing in -------------------------------------------------------------------------------


def receive(
    workspace: Workspace, actor: Actor, received: Receiving, licence: str = "", pin: str = ""
) -> Upload:
    """Keep exports that have come in, and return them, to be looked at; the same ones again are the
    same upload.

    InputError, and nothing is kept, if there is none or one is no table of tickets.
    """
    require_team(actor)
    if not received.names:
        raise InputError("no file was chosen", where="upload", action="choose an export")
    if pin not in ("", *PINS):
        raise InputError(f"there is no split {pin!r}", where="pin", action="choose one of the list")
    exports = [_exports_in(file) for file in received.files]
    hashes = [file_hash(file) for file in received.files]
    with _keeping:
        waiting = uploads(workspace, actor)
        same = next((u for u in waiting if _hashes(u) == hashes), None)
        if same is not None:
            return same
        named = _named(workspace, received, hashes, waiting)
        made = Upload(
            upload_id=uuid.uuid4().hex[:16],
            at=stamp(),
            by=actor.name,
            files=tuple(
                msgspec.structs.replace(file, member=place.member, sheet=place.sheet)
                for file, found in zip(named, exports, strict=True)
                for place in found.places
            ),
            licence=licence,
            pin=pin,
            left_out={name: why for found in exports for name, why in found.left_out.items()},
        )
        _place(received, made, _place_of(workspace, made.upload_id))
    return made


def _exports_in(file: Path) -> Opened:
    """Return the exports in a file, those left out in which nothing can be the question."""
    try:
        found = opened(file)
        usable = [place for place in found.places if len(found.places) == 1 or _is_usable(place)]
        for place in usable:
            detect(SourceFile(place.path, member=place.member, sheet=place.sheet))
    except InputError as error:
        raise InputError(error.what, where=file.name, action=error.action) from error
    others = [place for place in found.places if place not in usable]
    why = {place.label: "no column in it looks like the customer's question" for place in others}
    return Opened(places=tuple(usable or found.places), left_out={**found.left_out, **why})


def _is_usable(place: Place) -> bool:
    try:
        layout(SourceFile(place.path, member=place.member, sheet=place.sheet))
    except InputError:
        return False
    return True


def _hashes(waits: Upload) -> list[Hash]:
    """Return the hashes of an upload's files, each once, in the order they came."""
    return list({file.name: file.sha256 for file in waits.files}.values())


def _named(
    workspace: Workspace, received: Receiving, hashes: Sequence[Hash], waiting: Sequence[Upload]
) -> Sequence[File]:
    """Return the files under names that no other file of the history has."""
    sources = _sources(workspace)
    taken = [Path(source.path).name for source in sources]
    taken += [file.name for u in waiting for file in u.files]
    history = workspace.folder / HISTORY
    taken += [file.name for file in history.iterdir()] if history.is_dir() else []
    found: list[File] = []
    for file, sha256 in zip(received.files, hashes, strict=True):
        size = file.stat().st_size
        source = next((s.path for s in sources if _equals(workspace, s, size, sha256)), "")
        name = Path(source).name if source else distinct(file.name, taken)
        taken.append(name)
        given = file.name if name != file.name else ""
        found.append(File(name=name, given=given, bytes=size, sha256=sha256, source=source))
    return found


def _equals(workspace: Workspace, source: SourceSetting, size: int, sha256: Hash) -> bool:
    file = workspace.folder / source.path
    try:
        return file.stat().st_size == size and file_hash(file) == sha256
    except OSError:  # gone: the import says so
        return False


def _place(received: Receiving, made: Upload, folder: Path) -> None:
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = list(dict.fromkeys(file.name for file in made.files))
        for file, name in zip(received.files, names, strict=True):
            if file.name != name:
                file.rename(file.with_name(f".{name}"))
        for name in names:
            draft = received.folder / f".{name}"
            if draft.exists():
                draft.rename(received.folder / name)
        files = received.folder.with_name(f"{received.folder.name}-{made.upload_id}")
        files.mkdir(mode=0o700)
        received.folder.rename(files / "files")
        write_note(files / _NOTE, made)
        files.rename(folder)
    except OSError as error:
        raise no_room(error) from error


# --- what waits --------------------------------------------------------------------------------


def uploads(workspace: Workspace, actor: Actor) -> Sequence[Upload]:
    """Return what waits to be imported, oldest first."""
    require_team(actor)
    notes = (workspace.state / _FOLDER).glob(f"*/{_NOTE}")
    found = (read_note(note, Upload) for note in notes)
    return sorted((u for u in found if u is not None), key=lambda u: (u.at, u.upload_id))


def upload(workspace: Workspace, actor: Actor, upload_id: str) -> Upload:
    """Return one that waits; NotFound once it is imported or cancelled."""
    require_team(actor)
    found = next((u for u in uploads(workspace, actor) if u.upload_id == upload_id), None)
    if found is None:
        raise NotFound(
            "this upload is not here any more: it was imported or cancelled",
            where=upload_id[:16],
            action="look at the history",
        )
    return found


def cancel(workspace: Workspace, actor: Actor, upload_id: str) -> None:
    """Delete an upload with its files; one that is gone stays gone."""
    require_team(actor)
    jobs = background.of(workspace).jobs
    importing = jobs.find(_importing(upload_id))
    if importing is not None and importing.going_on:
        raise InputError(
            "it is being imported this moment", where="upload", action="wait for its end"
        )
    known = next((u for u in uploads(workspace, actor) if u.upload_id == upload_id), None)
    jobs.forget(_looking(upload_id))
    jobs.forget(_importing(upload_id))
    if known is not None:
        _remove(workspace, known)


def columns_of(workspace: Workspace, actor: Actor, upload_id: str) -> Mapping[str, Columns]:
    """Return the columns of each file, by its label, and what they are taken for.

    Sample texts are redacted. It answers too where no column can be the question yet.
    """
    waits = upload(workspace, actor, upload_id)
    return background.of(workspace).remembered.get(
        f"columns {upload_id}",
        [(f.label, f.mapping, f.agents) for f in waits.files],
        lambda: {f.label: _columns(workspace, waits, f) for f in waits.files},
    )


def _columns(workspace: Workspace, waits: Upload, file: File) -> Columns:
    found = columns(_source_file(workspace, waits, file))
    samples = {name: workspace.redact(text).text for name, text in found.samples.items()}
    return msgspec.structs.replace(found, samples=samples)


def _source_file(workspace: Workspace, waits: Upload, file: File) -> SourceFile:
    known = _imported_as(workspace, file)
    return SourceFile(
        _lies(workspace, waits, file),
        mapping=_corrections(workspace, file),
        member=file.member,
        sheet=file.sheet,
        agents=file.agents or (known.agents if known else ()),
    )


def correct(
    workspace: Workspace,
    actor: Actor,
    upload_id: str,
    chosen: Mapping[str, Mapping[str, str]],
    agents: Mapping[str, tuple[str, ...]] = {},
) -> Upload:
    """Say by file, by its label, which column is which field, all that are used, and who answers,
    and return the upload; nothing is imported yet.

    Only what differs from what was detected is kept. NotFound for an upload that is gone.
    """
    with _keeping:
        waits = upload(workspace, actor, upload_id)
        corrected = tuple(
            msgspec.structs.replace(
                f,
                mapping=_differences(workspace, waits, f, chosen[f.label]),
                agents=agents.get(f.label, f.agents),
            )
            if f.label in chosen
            else f
            for f in waits.files
        )
        changed = msgspec.structs.replace(waits, files=corrected)
        try:
            write_note(_place_of(workspace, upload_id) / _NOTE, changed)
        except OSError as error:
            raise no_room(error) from error
    return changed


def _differences(
    workspace: Workspace, waits: Upload, file: File, chosen: Mapping[str, str]
) -> dict[str, str]:
    """Return the corrections that make of what is detected, or was imported, what was chosen."""
    plain = msgspec.structs.replace(file, mapping={})
    detected = columns(_source_file(workspace, waits, plain)).mapping
    changed = {f: c for f, c in chosen.items() if detected.get(f) != c}
    return changed | {f: "" for f in detected if f not in chosen}


# --- looking and importing ---------------------------------------------------------------------


def look(workspace: Workspace, actor: Actor, upload_id: str) -> Job[Preview]:
    """Return the reading of an upload, begun if nobody has looked yet; nothing is written.

    Its result is what importing would make. NotFound.
    """
    waits = upload(workspace, actor, upload_id)
    version = (waits, _sources(workspace), workspace.prepare_spec)
    return background.of(workspace).jobs.look(
        _looking(upload_id), version, partial(_preview, workspace, actor, waits)
    )


def take_in(
    workspace: Workspace, actor: Actor, upload_id: str, seen: Hash, *, anyway: bool = False
) -> Job[Imported]:
    """Import an upload as it was shown and return the work; see `intake.commit`.

    `seen` is the preview's fingerprint. Whoever asks again while it goes on, or after it, gets the
    same work. NotFound for an upload that is gone; InputError if what would be imported is not what
    was seen.
    """
    require_team(actor)
    with _beginning:
        return _begun(workspace, actor, upload_id, seen, anyway)


def _begun(
    workspace: Workspace, actor: Actor, upload_id: str, seen: Hash, anyway: bool
) -> Job[Imported]:
    jobs = background.of(workspace).jobs
    begun = imported(workspace, actor, upload_id)
    if begun is not None and (begun.going_on or begun.result is not None):
        return begun
    waits = upload(workspace, actor, upload_id)
    shown = look(workspace, actor, upload_id).result
    if shown is None or shown.fingerprint != seen:
        raise InputError(
            "somebody has changed it since you looked, or the server was started anew",
            where="upload",
            action="look at it again, then import it",
        )
    if begun is not None:
        jobs.forget(_importing(upload_id))

    def work(progress: Progress) -> Imported:
        progress("write", 0, 0)
        return _imported(workspace, actor, waits, shown, anyway)

    return jobs.look(_importing(upload_id), seen, work)


def imported(workspace: Workspace, actor: Actor, upload_id: str) -> Job[Imported] | None:
    """Return the work of importing an upload; None if none was begun in this process."""
    require_team(actor)
    return background.of(workspace).jobs.find(_importing(upload_id))  # type: ignore[return-value]


def _preview(workspace: Workspace, actor: Actor, waits: Upload, progress: Progress) -> Preview:
    sources = [
        setup.source_of(
            workspace.folder,
            Place(_lies(workspace, waits, file), file.member, file.sheet),
            setup.Terms(
                pin=Split(waits.pin) if waits.pin else None,
                licence=waits.licence,
                mapping=file.mapping,
                agents=file.agents,
            ),
        )
        for file in waits.files
    ]
    # What northloop.toml names and is gone is not read: this upload puts it back.
    back = {f"{HISTORY}/{file.name}" for file in waits.files if not _source(workspace, file)}
    shown = intake.preview_of(workspace, actor, sources, progress, instead_of=back)
    return msgspec.structs.replace(shown, left_out=waits.left_out)


def _imported(
    workspace: Workspace, actor: Actor, waits: Upload, shown: Preview, anyway: bool
) -> Imported:
    """Put the files into the history and import them.

    If that is refused they leave it again, but for those that northloop.toml names by then: the
    upload is imported again and finds them.
    """
    placed: list[Path] = []
    with _keeping:
        try:
            settings = []
            for file, setting in zip(waits.files, shown.settings, strict=True):
                source = _source(workspace, file)
                if not source and workspace.folder / HISTORY / file.name not in placed:
                    placed.append(_put(workspace, waits, file))
                path = source or f"{HISTORY}/{file.name}"
                settings.append(msgspec.structs.replace(setting, path=path))
            kept = msgspec.structs.replace(shown, settings=tuple(settings))
            made = intake.commit(workspace, actor, kept, anyway=anyway)
        except BaseException as error:
            for place in placed:
                if not _is_named(workspace, place):
                    place.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise no_room(error) from error
            if isinstance(error, ConfigurationError):  # the stores say so of a full disk
                raise InputError(error.what, where="the workspace", action=error.action) from error
            raise
        background.of(workspace).jobs.forget(_looking(waits.upload_id))
        _remove(workspace, waits)
    return made


def _put(workspace: Workspace, waits: Upload, file: File) -> Path:
    """Return where a file lies in the history now, without overwriting anything."""
    place = workspace.folder / HISTORY / file.name
    place.parent.mkdir(mode=0o770, exist_ok=True)
    lies = _lies(workspace, waits, file)
    try:
        os.link(lies, place)
    except FileExistsError as error:
        if not lies.samefile(place):
            raise InputError(
                f"there is a file {HISTORY}/{file.name} by now",
                where=file.name,
                action="upload it again: it then gets another name",
            ) from error
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EXDEV, errno.EMLINK):
            raise
        shutil.copyfile(lies, place)
    place.chmod(0o640)
    return place


def _lies(workspace: Workspace, waits: Upload, file: File) -> Path:
    source = _source(workspace, file)
    if source:
        return workspace.folder / source
    return _place_of(workspace, waits.upload_id) / "files" / file.name


def _source(workspace: Workspace, file: File) -> str:
    """Return the path under which a file is imported already; "" if it is not.

    A process that was killed may have imported an upload and not removed it. A file of the history
    that is gone counts for nothing: the upload has its own copy.
    """
    own = f"{HISTORY}/{file.name}"
    there = any(source.path == own for source in _sources(workspace))
    found = file.source or (own if there else "")
    return "" if found == own and not (workspace.folder / own).exists() else found


def _is_named(workspace: Workspace, place: Path) -> bool:
    """Whether northloop.toml names a file of the history, or cannot be read to say so."""
    try:
        return any(workspace.folder / source.path == place for source in _sources(workspace))
    except (ConfigurationError, OSError):
        return True


def _corrections(workspace: Workspace, file: File) -> dict[str, str]:
    """Return what is said of a file's columns: of an imported one also what northloop.toml says."""
    known = _imported_as(workspace, file)
    return {**(known.mapping if known else {}), **file.mapping}


def _imported_as(workspace: Workspace, file: File) -> SourceSetting | None:
    own = (_source(workspace, file), file.member, file.sheet)
    return next((s for s in _sources(workspace) if s.place == own), None)


def _sources(workspace: Workspace) -> tuple[SourceSetting, ...]:
    return configuration.load(workspace.folder, os.environ, {}).data.sources


def _place_of(workspace: Workspace, upload_id: str) -> Path:
    return workspace.state / _FOLDER / upload_id


def _remove(workspace: Workspace, known: Upload) -> None:
    folder = _place_of(workspace, known.upload_id)
    (folder / _NOTE).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _looking(upload_id: str) -> str:
    return f"looking at {upload_id}"


def _importing(upload_id: str) -> str:
    return f"importing {upload_id}"
