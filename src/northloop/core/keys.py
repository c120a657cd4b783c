"""API keys: only their SHA-256 is kept.

A key is 256 random bits, so a plain hash is enough: there is no password to guess (NIST
SP 800-63B asks for slow hashes for secrets that people choose).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from enum import StrEnum

import msgspec

from northloop.core.actor import Actor, Role
from northloop.core.ids import Hash
from northloop.core.tenants import DEFAULT_TENANT

API_ROLES = (Role.ANSWER, Role.FEEDBACK, Role.READ)
"""What a key may do where nothing else is said."""
KEY_ROLES = (*API_ROLES, Role.DESK, Role.REVIEW, Role.METRICS)
"""What a key may be allowed: its scopes. The desk sends to customers, a review decides what all
tenants are answered by, and metrics tell of all tenants, so these are asked for."""


def caller(name: str = "", tenant: str = DEFAULT_TENANT) -> Actor:
    """Return a program that asks for the customers of a tenant, with every right of a key."""
    return Actor(name=name, roles=API_ROLES, tenant=tenant)


class KeyState(StrEnum):
    """Whether a key works, and why not."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that may call the API. Times are ISO 8601 with their zone."""

    key_id: str
    """The first digits of the hash: what may be shown and logged."""
    sha256: Hash
    """Of the whole key."""
    tenant: str
    """Whose answers, cache and conversations the key sees."""
    roles: tuple[Role, ...] = API_ROLES
    name: str = ""
    """What it is for, as the person who made it said."""
    at: str = ""
    """When it was made; "" for a key of northloop.toml."""
    by: str = ""
    expires_at: str = ""
    """From then on it is refused; "" for never."""
    revoked_at: str = ""
    revoked_by: str = ""

    def state(self, now: datetime) -> KeyState:
        """Return whether the key works at a time (with its zone)."""
        if self.revoked_at:
            return KeyState.REVOKED
        if self.expires_at and datetime.fromisoformat(self.expires_at) <= now:
            return KeyState.EXPIRED
        return KeyState.VALID


class KeyUse(msgspec.Struct, frozen=True, kw_only=True):
    """When a key was last used, to about a minute."""

    key_id: str
    at: str


def new_secret() -> str:
    """Return a fresh key, to be shown once."""
    return f"nl_{secrets.token_urlsafe(32)}"


def secret_hash(secret: str) -> Hash:
    """Return what is kept of a key."""
    return hashlib.sha256(secret.encode()).hexdigest()
