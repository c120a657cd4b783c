"""Whose records are whose: the names of tenants and what each sees."""

from __future__ import annotations

from northloop.core.ids import short

DEFAULT_TENANT = "default"
"""Of callers without a key."""
_OWN = "key:"
"""How the tenant begins of a key that was given none: it shares nothing with other keys."""


def own_tenant(sha256: str) -> str:
    """Return the tenant of a key that was given none: its own."""
    return _OWN + short(sha256)


def is_own(tenant: str) -> bool:
    """Return whether a tenant is that of one key alone."""
    return tenant.startswith(_OWN)


def sees(tenant: str, kept: str) -> bool:
    """Return whether callers of a tenant see what was kept under one.

    A key's own tenant also sees what was asked without a key, or before keys had tenants.
    """
    return tenant == kept or (is_own(tenant) and kept == DEFAULT_TENANT)
