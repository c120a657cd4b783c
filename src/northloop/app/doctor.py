"""What is installed, what is missing, and the command that mends it."""

from __future__ import annotations

import shlex
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from shutil import disk_usage

import msgspec

from northloop.app import knowledge, languages
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.artefacts import Comparison, Decision, Unmeasured
from northloop.core.deployment import Pair
from northloop.core.errors import ConfigurationError, CorruptArtefact, NorthloopError, NotFound
from northloop.core.ids import short
from northloop.core.treatment import Mode
from northloop.loop.promote import decision_about, live_pair
from northloop.ports.stores import Records
from northloop.registry import best_embedder
from northloop.settings import FILE_NAME, MEND_LOST, DataSettings
from northloop.stages.evaluation.gate import SURPLUS
from northloop.workspace import Workspace

TRAINING = ("torch", "transformers", "peft", "gguf")
LEAST_FREE_GB = 3.0


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    name: str
    ok: bool
    needed: bool
    """False: the loop runs without it."""
    found: str
    mend: str = ""
    """What to do; "" if nothing is wrong."""


def examine(folder: Path, actor: Actor, deep: bool = False) -> list[Check]:
    """Return the checks of the installation and, if the folder is a workspace, of its services.

    `deep`: every byte of the artefacts is read, also where that means to fetch it.
    """
    require_team(actor)
    checks = [*_installation(folder)]
    if (folder / FILE_NAME).is_file():
        checks.extend(_workspace(folder, actor, deep))
    else:
        checks.append(
            Check(
                name="workspace",
                ok=False,
                needed=False,
                found=f"no {FILE_NAME} in {folder.resolve()}",
                mend=f"northloop init{there(folder)}, or northloop demo",
            )
        )
    return checks


def _installation(folder: Path) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check(name="Python", ok=sys.version_info >= (3, 11), needed=True, found=version)
    absent = [name for name in TRAINING if find_spec(name) is None]
    yield _extra(
        "training", "train", f"without {', '.join(absent)}" if absent else "", ", ".join(TRAINING)
    )
    only_words = "word vectors alone: fewer answers are right"
    is_there = best_embedder() == "sentences"
    yield _extra("encoder", "encoder", "" if is_there else only_words, "of English sentences")
    engine = find_spec("xllamacpp") is not None
    yield Check(
        name="engine",
        ok=engine,
        needed=True,
        found="llama.cpp in-process" if engine else "xllamacpp is missing",
        mend="" if engine else "in the clone: pip install -c constraints.txt .",
    )
    existing = next(p for p in (folder.resolve(), *folder.resolve().parents) if p.exists())
    free_gb = disk_usage(existing).free / 1e9
    room = free_gb >= LEAST_FREE_GB
    yield Check(
        name="disk",
        ok=room,
        needed=True,
        found=f"{free_gb:.0f} GB free",
        mend="" if room else f"free {LEAST_FREE_GB:.0f} GB: base model, checkpoints, artefacts",
    )


def _extra(name: str, extra: str, lacking: str, there_is: str) -> Check:
    """What an extra of the distribution brings, `lacking` "" where it is installed."""
    return Check(
        name=name,
        ok=not lacking,
        needed=False,
        found=lacking or there_is,
        mend=f"in the clone: pip install -c constraints.txt '.[{extra}]'" if lacking else "",
    )


def _workspace(folder: Path, actor: Actor, deep: bool) -> Iterator[Check]:
    try:
        workspace = Workspace.open(folder)
    except NorthloopError as error:
        yield _failed("settings", error)
        return
    yield Check(name="settings", ok=True, needed=True, found=str(folder / FILE_NAME))
    with closing(workspace):
        yield _access(workspace)
        yield from _services(workspace, deep)
        yield from _contents(workspace, actor)


def _access(workspace: Workspace) -> Check:
    """Whether other users of the machine can read the key and what customers wrote."""
    folder = workspace.folder.resolve()
    private = (folder / FILE_NAME, workspace.state.resolve())
    bare = [p for p in private if _reachable(folder) and p.stat().st_mode & stat.S_IRWXO]
    names = " and ".join(place.name for place in bare)
    return Check(
        name="access",
        ok=not bare,
        needed=False,
        found=f"every user of this machine can read {names}" if bare else "no other user's",
        mend=f"chmod o-rwx {shlex.join(map(str, bare))}" if bare else "",
    )


def _reachable(folder: Path) -> bool:
    """Whether every user of the machine gets as far as this folder."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents))


def _services(workspace: Workspace, deep: bool) -> Iterator[Check]:
    yield _tried("records", lambda: _sound(workspace.records))
    yield _cache(workspace)
    if workspace.promise is not None:
        yield _semantic_cache(workspace)
    yield _tried("artefacts", lambda: _intact(workspace, deep))
    yield _tried("embedder", lambda: workspace.embedder.name)
    base = workspace.settings.training.base
    yield _tried("base model", lambda: f"{base} at {workspace.base_file(base)}")
    if workspace.settings.serving.engine.url:
        yield _model_server(workspace)


def _model_server(workspace: Workspace) -> Check:
    """Whether the server that generates answers does so, and what it can do."""
    chosen = workspace.settings.serving.engine
    try:
        with closing(workspace.engine(workspace.served_base, {})) as engine:
            able = engine.capabilities
    except NorthloopError as error:
        return _failed("model server", error)
    context = f", {able.context} tokens" if able.context else ""
    found = f"{chosen.model} answers{context}"
    if able.logprobs or chosen.unmeasured is not Unmeasured.DRAFT:
        return Check(name="model server", ok=True, needed=True, found=found)
    return Check(
        name="model server",
        ok=False,
        needed=False,
        found=f"{found}, without probabilities of tokens: all that it says is a draft",
        mend='a server that gives logprobs, or serving.engine.unmeasured = "retrieval"',
    )


def _contents(workspace: Workspace, actor: Actor) -> Iterator[Check]:
    """What a turn needs to begin, and whether there is a release."""
    place = there(workspace.folder)
    yield _history(workspace.settings.data, workspace.folder)
    yield _found("documents", lambda: _documents(workspace, actor))
    yield _found("languages", lambda: _languages(workspace))
    yield _gate(workspace)
    yield _found("live release", lambda: _live(workspace, place))


def _history(data: DataSettings, folder: Path) -> Check:
    """Which exports there are, and whether they can be read again."""
    lost = data.lost(folder)
    found = _counted(len(data.sources), "export") if data.sources else "nothing imported yet"
    mend = "" if data.sources else f"northloop import <your ticket export>{there(folder)}"
    return Check(
        name="history",
        ok=bool(data.sources) and not lost,
        needed=False,
        found=f"{found}, {len(lost)} gone: {lost[0]}" if lost else found,
        mend=MEND_LOST if lost else mend,
    )


def _live(workspace: Workspace, place: str) -> Check:
    """What is live, and whether it may send what the mode lets it send."""
    pair = live_pair(workspace.artefacts, workspace.records)
    found, mend = "none yet", f"northloop release begin{place}"
    if pair is not None:
        _refuse_lost(workspace, pair)
        release = pair.release
        found, mend = short(release), ""
        decision = decision_about(workspace.artefacts, workspace.records, release)
        is_open = workspace.settings.serving.mode is Mode.OPEN
        if is_open and decision and not all(c.passed for c in _alone(decision)):
            found += ", which began with drafts: its right answers are not shown to outnumber wrong"
            mend = 'serving.mode = "certified", until people\'s decisions speak for it'
        elif is_open and decision and decision.drafts:
            found += ", which was judged by its drafts: what it sends by its own thresholds was not"
            mend = 'serving.mode = "certified", or let a turn judge it: northloop loop run'
    return Check(name="live release", ok=not mend, needed=False, found=found, mend=mend)


def _refuse_lost(workspace: Workspace, pair: Pair) -> None:
    """Raise CorruptArtefact where something that is answered from is gone."""
    kept = workspace.artefacts
    try:
        for hash_ in (pair.knowledge, *kept.get(pair.release).manifest.parents):
            kept.get(hash_)
    except NotFound as error:
        raise CorruptArtefact(
            f"{short(pair.release)} is live, and it or what it answers from is gone",
            where=error.where,
            action="restore the artefacts from a backup, or make and promote another release: "
            f"northloop loop run{there(workspace.folder)}",
        ) from error


def _alone(decision: Decision) -> list[Comparison]:
    return [c for c in decision.comparisons if c.metric == SURPLUS and not c.beside]


def _documents(workspace: Workspace, actor: Actor) -> Check:
    if not workspace.settings.serving.passages:
        found = "none wanted: serving.passages is 0"
        return Check(name="documents", ok=True, needed=False, found=found)
    try:
        reading = workspace.reading()
        found = _counted(len(reading.documents), "article")
        other = knowledge.elsewhere(workspace, actor)
    except NorthloopError as error:
        mend = f"{error.action}, or set serving.passages to 0"
        return Check(name="documents", ok=False, needed=False, found=error.what, mend=mend)
    if other is not None:
        found = f"{found}, and others are in force: read from {other.place} since {other.at}"
        mend = "bring the folders together, or let this one count: northloop knowledge update"
        return Check(name="documents", ok=False, needed=False, found=found, mend=mend)
    if reading.unread:
        first, *more = reading.unread
        found = f"{found}; {_counted(1 + len(more), 'file')} not used: {first.path}: {first.why}"
        mend = "mend or take out" + (
            ", of all: northloop knowledge status" if more else " the file"
        )
        return Check(name="documents", ok=False, needed=False, found=found, mend=mend)
    if reading.doubts:
        found += f"; {_counted(len(reading.doubts), 'doubt')}: northloop knowledge status"
    return Check(name="documents", ok=True, needed=False, found=found)


def _languages(workspace: Workspace) -> Check:
    """Whether the encoder reads the languages that customers write."""
    chosen = workspace.settings.serving.embedder
    unread = languages.unread(workspace)
    if not unread:
        later = languages.foreseen(workspace)
        found = later or f'"{chosen}" reads them'
        return Check(name="languages", ok=True, needed=False, found=found)
    found = f'{unread}, and serving.embedder = "{chosen}" reads English alone: they get no draft '
    return Check(
        name="languages",
        ok=False,
        needed=False,
        found=f"{found}from English documents and tickets",
        mend='name "multilingual" as serving.embedder, and let a turn make a release with it',
    )


def _gate(workspace: Workspace) -> Check:
    """Whether the gate is asked for what customers receive."""
    asked = workspace.settings.gate
    named = ", ".join(asked.diagnostics_asked())
    success = ", ".join(asked.in_force().success)
    found = f"a release must be proven better on {success}"
    if not named:
        return Check(name="gate", ok=True, needed=False, found=found)
    return Check(
        name="gate",
        ok=False,
        needed=False,
        found=f"{found}: {named} reach no customer and are shown only",
        mend=f'in {FILE_NAME}, [gate], name others: success = ["right"], guardrails on right, '
        "wrong, answered and fidelity; or leave [gate] out",
    )


def _tried(name: str, look: Callable[[], str]) -> Check:
    return _found(name, lambda: Check(name=name, ok=True, needed=True, found=look()))


def _found(name: str, look: Callable[[], Check]) -> Check:
    """Return what is found, or what keeps it from being found."""
    try:
        return look()
    except NorthloopError as error:
        return _failed(name, error)
    except OSError as error:
        where, what = str(error.filename or ""), error.strerror or str(error)
        mend = "let this user read and write there, with space left"
        return _failed(name, ConfigurationError(what, where=where, action=mend))


def _failed(name: str, error: NorthloopError) -> Check:
    place = f"{error.where}: " if error.where else ""
    mend = f"{place}{error.action}" if error.action else str(error)
    return Check(name=name, ok=False, needed=True, found=error.what, mend=mend)


def _cache(workspace: Workspace) -> Check:
    """Whether the answer cache answers; without it every answer is made anew."""
    asked = _tried("cache", lambda: _asked_cache(workspace))
    trouble = workspace.cache_trouble if asked.ok else ""
    if not trouble:
        return asked
    found = "unavailable: every answer is made anew"
    return Check(name="cache", ok=False, needed=False, found=found, mend=trouble)


def _asked_cache(workspace: Workspace) -> str:
    workspace.cache.get("doctor")
    return f"{workspace.settings.storage.cache.partition('://')[0]} answers"


def _semantic_cache(workspace: Workspace) -> Check:
    """Whether the semantic cache answers; without it only the same words get the same answer."""
    held = _tried("semantic cache", lambda: _counted(workspace.semantic_cache.count(), "answer"))
    trouble = workspace.semantic_cache_trouble if held.ok else ""
    if not trouble:
        return held
    found = "unavailable: what means the same is answered anew"
    return Check(name="semantic cache", ok=False, needed=False, found=found, mend=trouble)


def _intact(workspace: Workspace, deep: bool) -> str:
    """Say how many artefacts there are, and how closely they were looked at; CorruptArtefact."""
    found = workspace.artefacts.check(deep)
    for one in found.damaged:
        bad = _counted(len(found.damaged), "artefact")
        what = f"of {bad} its bytes are not what was stored, or gone"
        kind = one.artefact.manifest.kind.value
        raise CorruptArtefact(
            what,
            where=one.where,
            action=f"make that {kind} again, by the step that made it: the same content takes the "
            "damaged one's place",
        )
    looked = "every byte as it was" if found.every_byte else "every file there (--deep reads them)"
    return f"{_counted(found.artefacts, 'artefact')}, {looked}"


def _sound(records: Records) -> str:
    """Say what keeps the records; CorruptArtefact if what it keeps is damaged."""
    records.verify()
    return f"{type(records).__name__.removesuffix('Records')} answers"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def there(folder: Path) -> str:
    """Return the flag that makes a command work on this folder, "" where one stands in it."""
    return "" if folder == Path() else f" -C {shlex.quote(str(folder))}"
