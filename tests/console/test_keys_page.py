"""Keys from the console: made, shown once, listed, revoked."""

from __future__ import annotations

import re

from console.client import Visitor
from northloop.core.actor import Role
from northloop.core.keys import ApiKey, secret_hash
from seeded import SeededWorkspace


def test_a_key_is_made_shown_once_and_revoked(visitor: Visitor, shop: SeededWorkspace) -> None:
    known = shop.records.query(ApiKey).rows
    fields = {
        "name": "<b>Web</b>",
        "tenant": "north",
        "scope": ["answer", "read"],
        "expires": "90d",
    }
    page = visitor.post("/keys/new", fields)
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    [secret] = set(re.findall(r"nl_[\w-]{40,}", page.text))
    [key] = [k for k in shop.records.query(ApiKey).rows if k not in known]
    assert secret_hash(secret) == key.sha256
    assert (key.tenant, key.roles) == ("north", (Role.ANSWER, Role.READ))
    listed = visitor.get("/keys").text
    assert "nl_" not in listed and key.key_id in listed
    assert "&lt;b&gt;Web" in listed and "<b>Web" not in listed
    done = visitor.post(f"/keys/{key.key_id}/revoke")
    assert done.status_code == 303 and done.headers["location"].startswith("/keys?")
    assert shop.records.get(ApiKey, key.key_id).revoked_at
    assert f"/keys/{key.key_id}/revoke" not in visitor.get("/keys").text


def test_what_cannot_be_had_says_why(visitor: Visitor, shop: SeededWorkspace) -> None:
    known = shop.records.count(ApiKey)
    for fields in ({"tenant": "playground"}, {"expires": "soon"}, {"scope": "team"}):
        refused = visitor.post("/keys/new", fields)
        assert refused.status_code == 422
    assert visitor.post("/keys/00000000/revoke").status_code == 404
    assert visitor.post("/keys/new", {"token": "forged"}).status_code == 401
    assert shop.records.count(ApiKey) == known


def test_settings_lead_to_the_keys(visitor: Visitor) -> None:
    assert 'href="/keys"' in visitor.get("/settings").text
