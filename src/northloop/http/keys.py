"""Who calls the API: the key of a request.

Keys are read again at most every `FRESH_S` seconds, in a thread, whoever calls and whatever key
they send: a guess costs one hash and one look-up. What is revoked or has expired is refused with
the reason; where no key was ever made, every program of this machine may call.
"""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import anyio
import anyio.to_thread
import msgspec

from northloop.core import clock
from northloop.core.actor import Actor, Role
from northloop.core.errors import LacksRight, NorthloopError, NotAllowed, RemoteUnavailable
from northloop.core.keys import KEY_ROLES, ApiKey, KeyState, caller, secret_hash
from northloop.core.tenants import DEFAULT_TENANT
from northloop.http.origin import is_foreign

FRESH_S = 0.5
"""So long may a change of the keys go unnoticed."""
NOTED_S = 60.0
"""So often at most is it noted that a key is in use."""
OPEN = msgspec.structs.replace(caller(), roles=KEY_ROLES)
"""Who calls where there is no key: everybody, with every right that a key may have."""
_NOBODYS = ApiKey(key_id="", sha256="0" * 64, tenant=DEFAULT_TENANT, roles=())


def _forgotten(_: str) -> None:
    """Nobody wants to know."""


class Keyring:
    """The keys as they stand now; safe for threads."""

    def __init__(
        self,
        read: Callable[[], Sequence[ApiKey]],
        *,
        may_be_open: bool = True,
        used: Callable[[str], None] = _forgotten,
        origins: Sequence[str] = (),
    ) -> None:
        """`read` returns every key there is; without any, the API is open if it `may_be_open`.

        `used` is told the id of a key that let somebody in; pages of `origins` may call an API
        without keys as programs do.
        """
        self._read = read
        self._used = used
        self._origins = frozenset(origins)
        self._noted: dict[str, float] = {}
        """Id of a key → when its use is to be noted again."""
        self._may_be_open = may_be_open
        self._found: Mapping[str, ApiKey] | NorthloopError = _unreadable()
        """The keys by hash, or why they cannot be read."""
        self._fresh_until_s = 0.0
        self._reading = threading.Lock()
        self._thread = anyio.CapacityLimiter(1)

    async def caller(self, headers: Mapping[str, str], role: Role) -> Actor:
        """Return who asks (`Authorization: Bearer …`) and has a role; NotAllowed or LacksRight.

        Where no key is needed any program may call, but no page of another site that the team has
        open beside. The error of the store, if the keys cannot be read.
        """
        if not self._is_fresh():
            await anyio.to_thread.run_sync(self.refresh, limiter=self._thread)
        found = self._found
        if isinstance(found, NorthloopError):
            raise found.with_traceback(None)
        if not found and self._may_be_open:
            return self._anybody(headers)
        actor = _holder(found, headers, role)
        now_s = time.monotonic()
        if now_s >= self._noted.get(actor.name, now_s):
            self._noted[actor.name] = now_s + NOTED_S
            await anyio.to_thread.run_sync(self._used, actor.name, limiter=self._thread)
        return actor

    def refresh(self) -> None:
        """Read the keys, unless somebody has just done so."""
        with self._reading:
            if self._is_fresh():
                return
            began_s = time.monotonic()
            found: Mapping[str, ApiKey] | NorthloopError = _unreadable()
            try:
                found = {key.sha256: key for key in self._read()}
            except NorthloopError as error:
                found = error
            finally:
                self._found = found
                self._fresh_until_s = began_s + FRESH_S

    def _anybody(self, headers: Mapping[str, str]) -> Actor:
        # "*" names nobody: then every page that the team opens could ask.
        if is_foreign(headers) and headers.get("origin") not in self._origins - {"*"}:
            raise NotAllowed(
                "the request came from another site's page",
                where="Origin",
                action="make an API key and send it: northloop key create",
            )
        return OPEN

    def _is_fresh(self) -> bool:
        return time.monotonic() < self._fresh_until_s


def _holder(keys: Mapping[str, ApiKey], headers: Mapping[str, str], role: Role) -> Actor:
    presented = secret_hash(_token(headers))
    # A look-up by hash tells nobody which digits were right; what it finds is compared whole.
    found = keys.get(presented, _NOBODYS)
    if not hmac.compare_digest(found.sha256.encode(), presented.encode()):
        raise _refused("this API key is not known", "check it, or make a new one")
    _refuse_dead(found)
    if role not in found.roles:
        raise LacksRight(
            f"this API key lacks the scope {role.value!r}",
            where="Authorization",
            action="use a key that has it",
        )
    return Actor(name=found.key_id, roles=found.roles, tenant=found.tenant, declared=False)


def _token(headers: Mapping[str, str]) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _refused("an API key is needed", "send the header `Authorization: Bearer <key>`")
    return token.strip()


def _refuse_dead(key: ApiKey) -> None:
    state = key.state(clock.now())
    if state is KeyState.REVOKED:
        raise _refused(f"this API key was revoked on {key.revoked_at[:10]}", "use another")
    if state is KeyState.EXPIRED:
        raise _refused(f"this API key has expired on {key.expires_at[:10]}", "use another")


def _unreadable() -> NorthloopError:
    return RemoteUnavailable("the API keys cannot be read", where="records")


def _refused(what: str, action: str) -> NotAllowed:
    return NotAllowed(what, where="Authorization", action=action)
