"""Keys of the API: made, listed, revoked.

What the command line and the console make is a record and takes effect in every process within a
second. Keys that stand in northloop.toml are listed beside them and changed there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from northloop.app.rights import require_team
from northloop.core import clock
from northloop.core.actor import Actor, Role
from northloop.core.errors import ConfigurationError, InputError, NotFound
from northloop.core.ids import canonical, short
from northloop.core.keys import (
    API_ROLES,
    KEY_ROLES,
    ApiKey,
    KeyState,
    KeyUse,
    new_secret,
    secret_hash,
)
from northloop.core.tenants import DEFAULT_TENANT, is_own, own_tenant, tenant_named
from northloop.settings import FILE_NAME, KeySetting
from northloop.workspace import Workspace

MAX_NAME_CHARS = 100
_DAYS = re.compile(r"(\d{1,9})\s*d(ays?)?", re.ASCII)


class WantedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key to be made, as a person says it."""

    name: str = ""
    """What it is for."""
    tenant: str = ""
    """"" for a tenant of its own."""
    roles: tuple[Role, ...] = ()
    """None: all that a key may be allowed, or those of the key that it replaces."""
    expires: str = ""
    """A date, whose last day it is (UTC), a time with its zone, or days as 90d; "" for never."""
    replaces: str = ""
    """Id of a key whose tenant, and rights unless they are given, it takes over."""


class NewKey(msgspec.Struct, frozen=True):
    """A key just made. The secret is kept nowhere."""

    secret: str
    key: ApiKey


class ListedKey(msgspec.Struct, frozen=True):
    """A key as it stands now."""

    key: ApiKey
    state: KeyState
    in_file: bool
    """Whether it stands in northloop.toml, where it is changed."""
    used_at: str = ""
    """When it was last used, to about a minute; "" for never."""


def create(workspace: Workspace, actor: Actor, wanted: WantedKey) -> NewKey:
    """Make and keep a key; InputError for what cannot be wanted, NotFound for what it replaces."""
    require_team(actor)
    there = known(workspace)
    if wanted.replaces:
        wanted, tenant = _taking_over(there, wanted)
    else:
        tenant = tenant_named(wanted.tenant) if wanted.tenant else ""
    taken = {key.key_id for key in there}
    while True:
        made = _made(wanted, tenant, actor.name)
        if made.key.key_id not in taken and workspace.records.add(made.key):
            return made


def unkept(wanted: WantedKey) -> NewKey:
    """Return a key for northloop.toml, kept nowhere; InputError for what cannot be wanted."""
    return _made(wanted, tenant_named(wanted.tenant) if wanted.tenant else "")


def line_of(key: ApiKey) -> str:
    """Return a key as it is written into serving.api_keys of northloop.toml."""
    scopes = ", ".join(f'"{role.value}"' for role in key.roles)
    tenant = "" if is_own(key.tenant) else f"tenant = {canonical(key.tenant).decode()}, "
    return f'{{ sha256 = "{key.sha256}", {tenant}scopes = [{scopes}] }}'


def list_keys(workspace: Workspace, actor: Actor) -> list[ListedKey]:
    """Return every key with its state: those of northloop.toml, then the others, oldest first."""
    require_team(actor)
    now = clock.now()
    used = {use.key_id: use.at for use in workspace.records.query(KeyUse).rows}
    return [
        ListedKey(key, key.state(now), not key.at, used.get(key.key_id, ""))
        for key in known(workspace)
    ]


def revoke(workspace: Workspace, actor: Actor, key_id: str) -> ApiKey:
    """Let a key work no more and return it; once more changes nothing. NotFound, InputError."""
    require_team(actor)
    key = _known_as(known(workspace), key_id)
    if not key.at:
        raise InputError(
            f"the key stands in {FILE_NAME}",
            where=f"key {key_id}",
            action="take it out of serving.api_keys there and start the server again",
        )
    if key.revoked_at:
        return key
    revoked = msgspec.structs.replace(key, revoked_at=clock.stamp(), revoked_by=actor.name)
    if workspace.records.replace(revoked, expected=key):
        return revoked
    return workspace.records.get(ApiKey, key.key_id)


def known(workspace: Workspace) -> list[ApiKey]:
    """Return every key, whatever its state; ConfigurationError for a tenant that nobody may name.

    For whoever has to find out who calls, so it takes no actor.
    """
    in_file = in_settings(workspace.settings.serving.api_keys)
    kept = workspace.records.query(ApiKey).rows
    # Written in both places, the record says whether it works.
    recorded = {key.sha256 for key in kept}
    return [*(key for key in in_file if key.sha256 not in recorded), *kept]


def note_use(workspace: Workspace, key_id: str) -> None:
    """Keep that a key has just let somebody in."""
    workspace.records.replace(KeyUse(key_id=key_id, at=clock.stamp()))


def any_valid(workspace: Workspace) -> bool:
    """Return whether there is a key that works now."""
    now = clock.now()
    return any(key.state(now) is KeyState.VALID for key in known(workspace))


def in_settings(given: Sequence[str | KeySetting]) -> list[ApiKey]:
    """Return the keys of northloop.toml; ConfigurationError for a tenant that nobody may name."""
    return [_of_setting(KeySetting(sha256=g) if isinstance(g, str) else g) for g in given]


def _of_setting(given: KeySetting) -> ApiKey:
    return ApiKey(
        key_id=short(given.sha256),
        sha256=given.sha256,
        tenant=_tenant_in_file(given.tenant) or own_tenant(given.sha256),
        roles=tuple(Role(scope) for scope in given.scopes),
    )


def _tenant_in_file(name: str) -> str:
    if name in ("", DEFAULT_TENANT):
        return name
    try:
        return tenant_named(name)
    except InputError as error:
        raise ConfigurationError(
            error.what, where="serving.api_keys", action=error.action
        ) from error


def _made(wanted: WantedKey, tenant: str, by: str = "") -> NewKey:
    """Return a key as wanted; `tenant` "" for its own."""
    now = clock.now()
    secret = new_secret()
    sha256 = secret_hash(secret)
    return NewKey(
        secret,
        ApiKey(
            key_id=short(sha256),
            sha256=sha256,
            tenant=tenant or own_tenant(sha256),
            roles=_allowed(wanted.roles),
            name=_named(wanted.name),
            at=clock.stamp(now),
            by=by,
            expires_at=_expiry(wanted.expires, now),
        ),
    )


def _taking_over(there: Sequence[ApiKey], wanted: WantedKey) -> tuple[WantedKey, str]:
    if wanted.tenant:
        raise InputError(
            "a key that replaces another has its tenant",
            where=f"tenant {wanted.tenant!r}",
            action="leave the tenant out",
        )
    key = _known_as(there, wanted.replaces)
    taken = msgspec.structs.replace(
        wanted, roles=wanted.roles or key.roles, name=wanted.name or key.name
    )
    return taken, key.tenant


def _known_as(there: Sequence[ApiKey], key_id: str) -> ApiKey:
    for key in there:
        if key.key_id == key_id:
            return key
    raise NotFound("there is no such key", where=key_id, action="see: northloop key list")


def _allowed(roles: Sequence[Role]) -> tuple[Role, ...]:
    if beyond := [role.value for role in roles if role not in KEY_ROLES]:
        raise InputError(
            f"a key cannot be allowed {', '.join(beyond)}",
            where="scope",
            action=f"choose from {', '.join(KEY_ROLES)}",
        )
    return tuple(role for role in KEY_ROLES if role in roles) or API_ROLES


def _named(name: str) -> str:
    name = name.strip()
    if not name.isprintable() or len(name) > MAX_NAME_CHARS:
        raise InputError(
            f"a key's name is at most {MAX_NAME_CHARS} characters that can be seen",
            where=f"name {name[:MAX_NAME_CHARS]!a}",
            action="name it otherwise",
        )
    return name


def _expiry(said: str, now: datetime) -> str:
    """Return when a key ends that is to end as said; InputError for no time, or a past one."""
    said = said.strip()
    if not said:
        return ""
    try:
        ends = _end(said, now)
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"{said!r} is no date",
            where="expires",
            action="write 2027-06-30, 2027-06-30T18:00+02:00 or 90d",
        ) from error
    if ends <= now:
        raise InputError("that is past already", where=f"expires {said}", action="name a later day")
    return clock.stamp(ends)


def _end(said: str, now: datetime) -> datetime:
    if days := _DAYS.fullmatch(said):
        return now + timedelta(days=int(days[1]))
    if len(said) <= len("2027-06-30"):
        return datetime.combine(date.fromisoformat(said) + timedelta(days=1), time(), UTC)
    at = datetime.fromisoformat(said)
    if at.tzinfo is None:
        raise ValueError("without a zone")
    return at.astimezone(UTC)
