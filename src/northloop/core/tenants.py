"""Tenants: whose answers and conversations are whose.

A tenant is the boundary between callers of the API: what was kept under one does not exist for
another. Its name is what a key was given; a key that was given none is a tenant of its own. What
callers without a key ask is the default tenant's, what people of the house ask the team's.
"""

from __future__ import annotations

import unicodedata

from northloop.core.actor import EVERY_TENANT
from northloop.core.errors import InputError
from northloop.core.ids import Hash, short

DEFAULT_TENANT = "default"
"""Of callers without a key."""
PLAYGROUND = "playground"
"""Of questions that the team asks itself."""
MAX_TENANT_CHARS = 100
_OWN = "key:"
"""How the tenant begins of a key that was given none: it shares nothing with other keys."""
_TEAM = frozenset((EVERY_TENANT, PLAYGROUND))
_RESERVED = frozenset((DEFAULT_TENANT, PLAYGROUND, "team"))


def own_tenant(sha256: Hash) -> str:
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


def bound_by(tenant: str, judged: str) -> bool:
    """Return whether what a person judged under one tenant holds for answers to another.

    It holds where it is seen; what is the house's own holds everywhere, and the team, who tries
    what customers get, is bound by all of it.
    """
    return tenant in _TEAM or judged == EVERY_TENANT or sees(tenant, judged)


def tenant_named(name: str) -> str:
    """Return the name of a tenant as it is kept; InputError for one that nobody may have."""
    name = unicodedata.normalize("NFC", name.strip())
    if not name or not name.isprintable() or len(name) > MAX_TENANT_CHARS:
        raise InputError(
            f"a tenant's name is 1 to {MAX_TENANT_CHARS} characters that can be seen",
            where=f"tenant {name[:MAX_TENANT_CHARS]!a}",
            action="name the tenant otherwise",
        )
    if is_own(name.casefold()):
        raise InputError(
            f"the tenant {name!r} is that of one key alone",
            where="tenant",
            action="name the tenant otherwise, or leave it out",
        )
    if name.casefold() in _RESERVED:
        raise InputError(
            f"the tenant {name!r} is Northloop's own, for questions without a key or of the team",
            where="tenant",
            action="name the tenant otherwise",
        )
    return name
