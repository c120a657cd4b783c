"""Keys of the API: what can be wanted, what is kept, who may."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from northloop.app import keys
from northloop.app.keys import WantedKey
from northloop.core.actor import Actor, Role, team
from northloop.core.errors import InputError, NotAllowed, NotFound
from northloop.core.keys import API_ROLES, ApiKey, KeyState, secret_hash
from northloop.settings import FILE_NAME
from northloop.workspace import Workspace

ADA = team("ada")
IN_FILE = "a" * 64


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    (tmp_path / FILE_NAME).write_text(f'[serving]\napi_keys = ["{IN_FILE}"]\n', "utf-8")
    opened = Workspace.open(tmp_path)
    yield opened
    opened.close()


def test_of_a_key_only_the_hash_is_kept(workspace: Workspace, tmp_path: Path) -> None:
    made = keys.create(workspace, ADA, WantedKey(name="Web shop", tenant="north"))
    assert made.key.sha256 == secret_hash(made.secret)
    assert (made.key.name, made.key.tenant, made.key.by) == ("Web shop", "north", "ada")
    assert made.key.roles == API_ROLES
    assert workspace.records.query(ApiKey).rows == [made.key]
    workspace.close()
    kept = [f.read_bytes() for f in (tmp_path / ".northloop").rglob("*") if f.is_file()]
    assert kept and not any(made.secret.encode() in content for content in kept)


def test_keys_are_listed_with_those_of_the_file(workspace: Workspace) -> None:
    made = keys.create(workspace, ADA, WantedKey())
    listed = keys.list_keys(workspace, ADA)
    assert [(given.key.key_id, given.in_file) for given in listed] == [
        (IN_FILE[:8], True),
        (made.key.key_id, False),
    ]
    assert made.key.tenant == f"key:{made.key.key_id}", "a tenant of its own"
    assert {given.state for given in listed} == {KeyState.VALID}


def test_a_revoked_key_stays_listed_with_who_and_when(workspace: Workspace) -> None:
    made = keys.create(workspace, ADA, WantedKey())
    revoked = keys.revoke(workspace, team("bob"), made.key.key_id)
    assert (revoked.revoked_by, revoked.sha256) == ("bob", made.key.sha256)
    assert keys.revoke(workspace, team("eve"), made.key.key_id) == revoked, "once"
    assert keys.list_keys(workspace, ADA)[1].state is KeyState.REVOKED


def test_metrics_are_for_a_key_that_was_made_for_them(workspace: Workspace) -> None:
    usual = keys.create(workspace, ADA, WantedKey()).key
    assert Role.METRICS not in usual.roles
    watching = keys.create(workspace, ADA, WantedKey(roles=(Role.METRICS,))).key
    assert watching.roles == (Role.METRICS,)
    with pytest.raises(InputError, match="team"):
        keys.create(workspace, ADA, WantedKey(roles=(Role.TEAM,)))


def test_what_cannot_be_revoked(workspace: Workspace) -> None:
    with pytest.raises(InputError, match=r"stands in northloop\.toml"):
        keys.revoke(workspace, ADA, IN_FILE[:8])
    with pytest.raises(NotFound, match="no such key"):
        keys.revoke(workspace, ADA, "00000000")


def test_another_key_takes_the_place_of_one(workspace: Workspace) -> None:
    old = keys.create(workspace, ADA, WantedKey(name="Web shop", roles=(Role.ANSWER,)))
    new = keys.create(workspace, ADA, WantedKey(replaces=old.key.key_id))
    assert new.key.sha256 != old.key.sha256
    same = [(k.tenant, k.roles, k.name) for k in (old.key, new.key)]
    assert same[0] == same[1]
    of_file = keys.create(workspace, ADA, WantedKey(replaces=IN_FILE[:8]))
    assert of_file.key.tenant == f"key:{IN_FILE[:8]}"
    with pytest.raises(NotFound, match="no such key"):
        keys.create(workspace, ADA, WantedKey(replaces="00000000"))
    with pytest.raises(InputError, match="has its tenant"):
        keys.create(workspace, ADA, WantedKey(replaces=old.key.key_id, tenant="north"))


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("2099-06-30", "2099-07-01T00:00:00.000+00:00"),
        ("2099-06-30T18:00+02:00", "2099-06-30T16:00:00.000+00:00"),
        (" 2099-06-30T18:00Z ", "2099-06-30T18:00:00.000+00:00"),
    ],
)
def test_a_key_ends_when_it_is_said(workspace: Workspace, said: str, ends: str) -> None:
    key = keys.create(workspace, ADA, WantedKey(expires=said)).key
    assert key.expires_at == ends
    at = datetime.fromisoformat(ends)
    assert key.state(at - timedelta(milliseconds=1)) is KeyState.VALID
    assert key.state(at) is KeyState.EXPIRED


def test_a_key_for_some_days(workspace: Workspace) -> None:
    key = keys.create(workspace, ADA, WantedKey(expires="90 days")).key
    left = datetime.fromisoformat(key.expires_at) - datetime.now(UTC)
    assert timedelta(days=89.9) < left <= timedelta(days=90)


@pytest.mark.parametrize(
    "said",
    [
        "soon",
        "2020-01-01",
        "0d",
        "2099-06-30T18:00",
        "9999-12-31",
        "999999999d",
        "2099-13-01",
        "90",
        "-1d",
    ],
)
def test_no_time_or_a_past_one_is_refused(workspace: Workspace, said: str) -> None:
    with pytest.raises(InputError):
        keys.create(workspace, ADA, WantedKey(expires=said))
    assert workspace.records.count(ApiKey) == 0


@pytest.mark.parametrize(
    "tenant",
    ["default", "Playground", "TEAM", "key:00000000", "KEY:x", " ", "a\nb", "a\x00", "n" * 101,
     "nor\u202eth", "a\u200bb", "\ud800"],
)  # fmt: skip
def test_not_every_word_is_a_tenant(workspace: Workspace, tenant: str) -> None:
    with pytest.raises(InputError, match="tenant"):
        keys.create(workspace, ADA, WantedKey(tenant=tenant))
    assert workspace.records.count(ApiKey) == 0


def test_one_tenant_has_one_spelling(workspace: Workspace) -> None:
    made = [keys.create(workspace, ADA, WantedKey(tenant=t)) for t in ("cafe\u0301", " caf\u00e9 ")]
    assert made[0].key.tenant == made[1].key.tenant == "caf\u00e9"


@pytest.mark.parametrize("name", ["a\nb", "n" * 101, "\x1b[31mred"])
def test_not_every_word_is_a_name(workspace: Workspace, name: str) -> None:
    with pytest.raises(InputError, match="name"):
        keys.create(workspace, ADA, WantedKey(name=name))


def test_a_key_is_never_of_the_team(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="cannot be allowed team"):
        keys.create(workspace, ADA, WantedKey(roles=(Role.ANSWER, Role.TEAM)))


@pytest.mark.parametrize(
    "actor",
    [
        Actor(name="k", roles=API_ROLES, tenant="north", declared=False),
        Actor(name="t", roles=tuple(Role), tenant="north"),
    ],
)
def test_only_the_house_makes_keys(workspace: Workspace, actor: Actor) -> None:
    for call in (
        lambda: keys.create(workspace, actor, WantedKey()),
        lambda: keys.list_keys(workspace, actor),
        lambda: keys.revoke(workspace, actor, IN_FILE[:8]),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert workspace.records.count(ApiKey) == 0


def test_many_at_once_make_as_many_keys(workspace: Workspace) -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: keys.create(workspace, ADA, WantedKey()), range(20)))
    assert len({new.key.key_id for new in made}) == workspace.records.count(ApiKey) == 20


def test_a_recorded_key_wins_over_its_copy_in_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("# as it comes\n", "utf-8")
    workspace = Workspace.open(tmp_path)
    made = keys.create(workspace, ADA, WantedKey(tenant="north"))
    keys.revoke(workspace, ADA, made.key.key_id)
    workspace.close()
    (tmp_path / FILE_NAME).write_text(f'[serving]\napi_keys = ["{made.key.sha256}"]\n', "utf-8")
    workspace = Workspace.open(tmp_path)
    assert [given.state for given in keys.list_keys(workspace, ADA)] == [KeyState.REVOKED]
    assert not keys.any_valid(workspace)
    workspace.close()


def test_a_line_for_the_file_can_be_read_there(tmp_path: Path) -> None:
    made = keys.unkept(WantedKey(tenant='nörth "1"', roles=(Role.READ,)))
    alone = keys.unkept(WantedKey())
    lines = ", ".join(keys.line_of(new.key) for new in (made, alone))
    (tmp_path / FILE_NAME).write_text(f"[serving]\napi_keys = [{lines}]\n", "utf-8")
    workspace = Workspace.open(tmp_path)
    found = [(k.sha256, k.tenant, k.roles) for k in keys.known(workspace)]
    assert found == [(new.key.sha256, new.key.tenant, new.key.roles) for new in (made, alone)]
    workspace.close()
