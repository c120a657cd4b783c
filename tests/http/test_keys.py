"""Who calls the API: keys that are known, were revoked, have expired, or were never made."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import anyio
import httpx
import msgspec
import pytest

from later import openai
from northloop.app.keys import WantedKey, unkept
from northloop.core.actor import Actor, Role
from northloop.core.errors import NotAllowed, RemoteUnavailable
from northloop.core.keys import API_ROLES, ApiKey
from northloop.http.keys import FRESH_S, OPEN, Keyring

Serve = Callable[..., str]
LATER = (datetime.now(UTC) + timedelta(days=1)).isoformat()
EARLIER = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()


def ask(ring: Keyring, authorization: str = "", role: Role = Role.READ) -> Actor:
    headers = {"authorization": authorization} if authorization else {}
    return anyio.run(ring.caller, headers, role)


def test_a_key_is_random_and_only_its_hash_is_kept() -> None:
    made = unkept(WantedKey())
    assert made.secret.startswith("nl_")
    assert len(made.secret) > 40
    assert made.secret not in str(made.key)
    assert unkept(WantedKey()).secret != made.secret
    assert made.key.roles == API_ROLES
    assert made.key.key_id == made.key.sha256[:8]


def test_without_keys_everybody_may_call_unless_others_could() -> None:
    assert ask(Keyring(lambda: ())) is OPEN
    with pytest.raises(NotAllowed, match="API key is needed"):
        ask(Keyring(lambda: (), may_be_open=False))
    with pytest.raises(NotAllowed, match="not known"):
        ask(Keyring(lambda: (), may_be_open=False), "Bearer abc")


@pytest.mark.parametrize(
    "value",
    ["Bearer", "Bearer ", "Token abc", "Bearer abc", "Bearer " + "0" * 64, "Bearer é", "Bearer \0"],
)
def test_what_is_no_known_key_is_refused(value: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        ask(Keyring(lambda: (unkept(WantedKey()).key,)), value)
    assert caught.value.action


def test_the_hash_of_a_key_is_no_key() -> None:
    made = unkept(WantedKey())
    with pytest.raises(NotAllowed, match="not known"):
        ask(Keyring(lambda: (made.key,)), f"Bearer {made.key.sha256}")


def test_the_right_key_is_found_among_others() -> None:
    made = unkept(WantedKey(tenant="north", roles=(Role.READ,)))
    ring = Keyring(lambda: [*(unkept(WantedKey()).key for _ in range(3)), made.key])
    found = ask(ring, f"bearer {made.secret}")
    assert found == Actor(name=made.key.key_id, roles=(Role.READ,), tenant="north", declared=False)
    with pytest.raises(NotAllowed, match="lacks the scope 'answer'"):
        ask(ring, f"Bearer {made.secret}", Role.ANSWER)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"revoked_at": EARLIER, "expires_at": LATER}, "was revoked on 20"),
        ({"expires_at": EARLIER}, "has expired on 20"),
    ],
)
def test_a_dead_key_is_refused_with_the_reason_and_opens_nothing(
    change: dict[str, str], reason: str
) -> None:
    made = unkept(WantedKey())
    ring = Keyring(lambda: (msgspec.structs.replace(made.key, **change),))
    with pytest.raises(NotAllowed, match=reason):
        ask(ring, f"Bearer {made.secret}")
    with pytest.raises(NotAllowed, match="API key is needed"):
        ask(ring)


def test_a_key_ends_while_the_server_runs(serve: Serve) -> None:
    made = unkept(WantedKey())
    ends = datetime.now(UTC) + timedelta(seconds=4)
    url = serve(keys=(msgspec.structs.replace(made.key, expires_at=ends.isoformat()),))
    with openai.OpenAI(base_url=f"{url}/v1", api_key=made.secret, max_retries=0) as client:
        assert client.models.list().data
        time.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds()) + 0.05)
        with pytest.raises(openai.AuthenticationError, match="has expired on"):
            client.models.list()
    assert httpx.get(f"{url}/v1/models").status_code == 401, "the last key is gone: still closed"


def test_changes_are_seen_within_a_second(serve: Serve) -> None:
    first, second = unkept(WantedKey()), unkept(WantedKey())
    keys = [first.key]
    url = serve(keys=keys)

    def status(secret: str) -> int:
        headers = {"authorization": f"Bearer {secret}"}
        return httpx.get(f"{url}/v1/models", headers=headers).status_code

    assert (status(first.secret), status(second.secret)) == (200, 401)
    keys[:] = [msgspec.structs.replace(first.key, revoked_at=EARLIER), second.key]
    time.sleep(1)
    assert (status(first.secret), status(second.secret)) == (401, 200)


def test_a_guess_costs_no_query() -> None:
    reads = 0
    known = [unkept(WantedKey()).key for _ in range(1000)]

    def read() -> Sequence[ApiKey]:
        nonlocal reads
        reads += 1
        return known

    ring = Keyring(read)

    async def guess() -> int:
        for number in range(20_000):
            with pytest.raises(NotAllowed):
                await ring.caller({"authorization": f"Bearer nl_{number}"}, Role.ANSWER)
        return reads

    began_s = time.monotonic()
    assert anyio.run(guess) <= 2 + (time.monotonic() - began_s) / FRESH_S


def test_the_use_of_a_key_is_noted_once_a_minute() -> None:
    made, other = unkept(WantedKey()), unkept(WantedKey(roles=(Role.READ,)))
    noted: list[str] = []
    ring = Keyring(lambda: (made.key, other.key), used=noted.append)
    for _ in range(3):
        ask(ring, f"Bearer {made.secret}")
    with pytest.raises(NotAllowed):
        ask(ring, f"Bearer {other.secret}", Role.ANSWER)
    with pytest.raises(NotAllowed):
        ask(ring, "Bearer nl_guessed")
    assert noted == [made.key.key_id]


def test_many_at_once_read_the_keys_once() -> None:
    reads = 0

    def read() -> Sequence[ApiKey]:
        nonlocal reads
        reads += 1
        time.sleep(0.05)
        return ()

    ring = Keyring(read)

    async def all_at_once() -> None:
        async with anyio.create_task_group() as tasks:
            for _ in range(30):
                tasks.start_soon(ring.caller, {}, Role.ANSWER)

    anyio.run(all_at_once)
    assert reads == 1


def test_keys_that_cannot_be_read_open_nothing() -> None:
    def down() -> Sequence[ApiKey]:
        raise RemoteUnavailable("the database does not answer", where="db", action="start it")

    ring = Keyring(down)
    for _ in range(2):
        with pytest.raises(RemoteUnavailable, match="does not answer"):
            ask(ring)

    def broken() -> Sequence[ApiKey]:
        raise ValueError("nobody foresaw this")

    ring = Keyring(broken)
    with pytest.raises(ValueError, match="foresaw"):
        ask(ring)
    with pytest.raises(RemoteUnavailable, match="cannot be read"):
        ask(ring)
