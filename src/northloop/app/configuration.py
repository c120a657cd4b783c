"""The settings in force, what each means, and changing them.

A change is written to northloop.toml and is in force in this process at once, as far as what it
concerns is made anew in a running process (`Setting.takes_effect`). A serving process looks at the
file, too: what somebody else has written there is in force within seconds (`following`).
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum

import msgspec

from northloop import manual, setup
from northloop import settings as layers
from northloop.app.rights import require_team
from northloop.app.watching import watching
from northloop.core.actor import Actor
from northloop.core.errors import ConfigurationError, InputError, NotFound
from northloop.manual import Form
from northloop.settings import FILE_NAME, Settings
from northloop.stages.objective.templates import use_case_named
from northloop.stages.training.catalogue import find
from northloop.workspace import Workspace

__all__ = ["Form", "Setting", "TakesEffect", "change", "reset", "sections", "setting", "settings"]

_FIXED: Mapping[str, str] = {
    "objective": "it is the contract, and what is measured is measured by it",
    "data.sources": "an import adds to it: northloop import",
    "data.prepare.key": "what is kept was made with it, so it stays as it is",
    "data.prepare.seed": "the seed of the workspace counts in its place",
    "serving.api_keys": "keys are made and revoked with northloop key",
}
"""Settings, and beginnings of their names, that are not changed here, and why."""
ABOVE = ("environment", "flags")
"""Layers that stand above northloop.toml."""
LOOK_EVERY_S = 1.0
"""So often does a serving process look whether northloop.toml has changed."""
MASK = "•••"
_CREDENTIALS = re.compile(r"(?<=://)([^/@:\s]*):\S*@")
"""Up to the last @, for a password may hold what ends one elsewhere."""
_SECRET_PARAMETER = re.compile(r"([?&][^=&\s]*(?:secret|token|password|key)[^=&\s]*=)[^&\s]+", re.I)
_log = logging.getLogger("northloop.settings")
_CHECKS: Mapping[str, Callable[[str], object]] = {"use_case": use_case_named, "training.base": find}
"""What knows the values that a setting can have."""


class TakesEffect(StrEnum):
    """When a changed setting does."""

    AT_ONCE = "at once"
    NEXT_TURN = "with the next turn"
    NEXT_CANARY = "with the next canary"
    RESTART = "when northloop serve is started again"


_AT_ONCE = (
    *("alerts.", "loop.", "serving.webhook.", "telemetry.content"),
    *("serving.mode", "serving.tolerated", "serving.ask_back", "serving.watch_documents"),
    *("review.gold_share", "gate.pairs", "data.largest_upload_mb"),
)


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting as it is in force."""

    name: str
    """Dotted, as in northloop.toml."""
    value: str
    """As JSON; secrets already masked."""
    origin: str
    """"default", "user file", "workspace file", "environment" or "flags"."""
    text: str = ""
    """What it means."""
    form: Form = "json"
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    default: str = ""
    """As JSON."""
    secret: bool = False
    """Its value is not shown."""
    fixed: str = ""
    """Why it cannot be changed here; "" if it can."""
    takes_effect: TakesEffect = TakesEffect.NEXT_TURN

    @property
    def written(self) -> str:
        """The value as a person writes it: text without quotation marks; "" for a secret."""
        if self.secret:
            return ""
        if self.form in ("text", "choice"):
            return msgspec.json.decode(self.value, type=str | None) or ""
        return self.value


def settings(workspace: Workspace, actor: Actor) -> Sequence[Setting]:
    """Return every setting in force, in the order of the sections."""
    require_team(actor)
    defaults = dict(settings_in_force(Settings()))
    return [
        _described(workspace, name, value, defaults.get(name, ""))
        for name, value in settings_in_force(workspace.settings)
    ]


def setting(workspace: Workspace, actor: Actor, name: str) -> Setting:
    """Return one setting by its dotted name; NotFound."""
    for found in settings(workspace, actor):
        if found.name == name:
            return found
    raise NotFound("there is no such setting", where=name, action="northloop settings lists them")


def sections(actor: Actor) -> Mapping[str, str]:
    """Return what each section of the settings is about, by its dotted name."""
    require_team(actor)
    return manual.sections()


def values(workspace: Workspace, actor: Actor) -> Mapping[str, object]:
    """Return every setting in force by dotted name, as TOML would give it, secrets masked."""
    require_team(actor)
    return values_in_force(workspace.settings)


def change(workspace: Workspace, actor: Actor, name: str, written: str) -> Setting:
    """Write a setting to northloop.toml, as a person writes its value, and return it as it is then.

    InputError if it cannot be changed here, a layer above the file says it, or the value does not
    fit; the file is then as it was.
    """
    require_team(actor)
    with workspace.making:
        now = _changeable(workspace, actor, name)
        value = _read(now, written)
        with_it = _with(workspace.settings, name, value)
        if value is None:
            setup.unset(workspace.folder, name)
        else:
            setup.write_settings(workspace.folder, {name: value})
        workspace.settings = with_it
        workspace.origins = {**workspace.origins, name: "workspace file"}
    return setting(workspace, actor, name)


def reset(workspace: Workspace, actor: Actor, name: str) -> Setting:
    """Take a setting out of northloop.toml and return it as it is then: what stands below counts.

    InputError if it cannot be changed here.
    """
    require_team(actor)
    with workspace.making:
        _changeable(workspace, actor, name)
        setup.unset(workspace.folder, name)
        below = msgspec.to_builtins(layers.load(workspace.folder, os.environ, {}))
        *path, own = name.split(".")
        for section in path:
            below = below[section]
        workspace.settings = layers.with_value(workspace.settings, name, below[own])
        origins = layers.origins(workspace.folder, os.environ, {})
        others = {key: said for key, said in workspace.origins.items() if key != name}
        workspace.origins = {**others, **({name: origins[name]} if name in origins else {})}
    return setting(workspace, actor, name)


@contextmanager
def following(opened: Callable[[], Workspace]) -> Iterator[None]:
    """Take over what others write to northloop.toml for as long as the body runs.

    `opened` returns the workspace, or raises NotReady while there is none.
    """
    look = Follower(opened).look
    with watching("northloop.toml", LOOK_EVERY_S, look):
        yield


class Follower:
    """Looks at northloop.toml; what cannot be read is said once, and changes nothing."""

    def __init__(self, opened: Callable[[], Workspace]) -> None:
        self._opened = opened
        self._seen: tuple[int, int, int] | None = None

    def look(self) -> Sequence[str]:
        """Return the names of the settings that are in force anew."""
        workspace = self._opened()
        try:
            status = (workspace.folder / FILE_NAME).stat()
        except OSError:  # Somebody is putting another in its place, or it is gone: all stays.
            return ()
        seen = status.st_mtime_ns, status.st_size, status.st_ino
        if seen == self._seen:
            return ()
        self._seen = seen
        with workspace.making:
            before = dict(settings_in_force(workspace.settings))
            waiting = workspace.reload()
            now = dict(settings_in_force(workspace.settings))
        changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
        told = ", ".join(f"{name} = {now.get(name, 'as it comes')}" for name in changed)
        if changed:
            _log.warning("%s has changed, and is in force: %s", FILE_NAME, told)
        if waiting:
            _log.warning("northloop serve has to be started again for: %s", ", ".join(waiting))
        return changed


def _described(workspace: Workspace, name: str, value: str, default: str) -> Setting:
    entry = manual.entries().get(name)
    fixed = next((why for what, why in _FIXED.items() if _below(name, what)), "")
    return Setting(
        name=name,
        value=value,
        origin=workspace.origins.get(name, "default"),
        text=entry.text if entry else manual.sections().get(name, ""),
        form=entry.form if entry else "json",
        choices=entry.choices if entry else (),
        least=entry.least if entry else None,
        most=entry.most if entry else None,
        default=default,
        secret=value == MASK or name == "storage.records",
        fixed=fixed,
        takes_effect=_takes_effect(name),
    )


def _below(name: str, what: str) -> bool:
    return name == what or name.startswith(f"{what}.")


def _takes_effect(name: str) -> TakesEffect:
    if name.startswith(_AT_ONCE):
        return TakesEffect.AT_ONCE
    if name.startswith("canary."):
        return TakesEffect.NEXT_CANARY
    return TakesEffect.RESTART if name in layers.AT_RESTART else TakesEffect.NEXT_TURN


def _changeable(workspace: Workspace, actor: Actor, name: str) -> Setting:
    found = setting(workspace, actor, name)
    if found.fixed:
        raise InputError("it is not changed here", where=name, action=found.fixed)
    if found.origin in ABOVE:
        raise InputError(
            f"it is said by the {found.origin}, which stand{'s' * (found.origin != 'flags')} above "
            f"{FILE_NAME}",
            where=name,
            action="change it there",
        )
    return found


def _with(settings: Settings, name: str, value: object) -> Settings:
    """Return the settings with a new value; InputError if it does not fit."""
    try:
        if name in _CHECKS:
            _CHECKS[name](str(value))
        return layers.with_value(settings, name, value)
    except ConfigurationError as error:
        raise InputError(error.what, where=name, action="write another value") from error


def _read(of: Setting, written: str) -> object:
    """Return what a person wrote as the value it stands for; InputError."""
    if of.secret and not written:
        raise InputError(
            "nothing was written",
            where=of.name,
            action="write the value, or go back to the default",
        )
    if of.form in ("text", "choice"):
        return written
    try:
        return msgspec.json.decode(written)
    except msgspec.DecodeError as error:
        raise InputError(
            f"{written!r} {_IS_NO[of.form]}", where=of.name, action="write it as it is shown"
        ) from error


_IS_NO: Mapping[Form, str] = {
    "truth": "is neither true nor false",
    "whole": "is no whole number",
    "number": "is no number",
    "json": 'cannot be read: lists are written as ["a", "b"], tables as {"a": "b"}',
}


def values_in_force(settings: Settings) -> dict[str, object]:
    """Return every setting by dotted name, in the order of the sections, secrets masked.

    Values are as TOML would give them: numbers, truth values, text, lists and tables; None for
    what is not set.
    """
    found = layers.dotted(msgspec.to_builtins(settings))
    return {name: _shown(name, value) for name, value in found}


def settings_in_force(settings: Settings) -> list[tuple[str, str]]:
    """Return every setting with its value as text, secrets masked, in the order of the sections."""
    return [
        (name, value if value == MASK else msgspec.json.encode(value).decode())
        for name, value in values_in_force(settings).items()
    ]


def _shown(name: str, value: object) -> object:
    secret = name.rsplit(".", 1)[-1] in (
        "key",
        "secret",
        "api_keys",
        "records",
        "password",
        "chat_url",
    )
    return MASK if secret and value else _without_passwords(value)


def _without_passwords(value: object) -> object:
    if isinstance(value, str):
        return _SECRET_PARAMETER.sub(rf"\1{MASK}", _CREDENTIALS.sub(rf"\1:{MASK}@", value))
    if isinstance(value, dict):
        return {key: _without_passwords(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_passwords(inner) for inner in value]
    return value
