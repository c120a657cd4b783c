"""API keys: only their SHA-256 is kept.

A key is 256 random bits, so a plain hash is enough: there is no password to guess (NIST
SP 800-63B asks for slow hashes for secrets that people choose).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence

import msgspec

from northloop.core.errors import NotAllowed
from northloop.core.ids import short
from northloop.core.tenants import DEFAULT_TENANT
from northloop.http.origin import is_foreign

ANSWER = "answer"
FEEDBACK = "feedback"
READ = "read"
SCOPES = (ANSWER, FEEDBACK, READ)
"""Ask questions and list models; give feedback and outcomes; read kept interactions."""


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that may call the API."""

    sha256: str
    """Of the whole key, 64 lower-case hexadecimal digits."""
    scopes: tuple[str, ...] = SCOPES
    tenant: str = DEFAULT_TENANT

    @property
    def key_id(self) -> str:
        """What may be shown and logged."""
        return short(self.sha256)


OPEN = ApiKey(sha256="")
"""Who calls where no key is configured: everybody, with every scope."""


def new_key() -> tuple[str, ApiKey]:
    """Return a fresh key, to be shown once, and what to keep of it."""
    key = f"nl_{secrets.token_urlsafe(32)}"
    return key, ApiKey(sha256=_sha256(key))


def caller(headers: Mapping[str, str], keys: Sequence[ApiKey], scope: str) -> ApiKey:
    """Return the key of a request (`Authorization: Bearer …`) that has the scope; NotAllowed.

    Without any configured key every program may call, but no page of another site that the team has
    open beside. Every key is compared, each in constant time.
    """
    if not keys:
        if is_foreign(headers):
            raise NotAllowed(
                "the request came from another site's page",
                where="Origin",
                action="configure an API key and send it: northloop key",
            )
        return OPEN
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAllowed(
            "an API key is needed",
            where="Authorization",
            action="send the header `Authorization: Bearer <key>`",
        )
    presented = _sha256(token.strip())
    known = [key for key in keys if hmac.compare_digest(key.sha256, presented)]
    if not known:
        raise NotAllowed(
            "this API key is not known", where="Authorization", action="check it, or make a new one"
        )
    if scope not in known[0].scopes:
        raise NotAllowed(
            f"this API key lacks the scope {scope!r}",
            where="Authorization",
            action="use a key that has it",
        )
    return known[0]


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
