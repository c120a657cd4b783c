from __future__ import annotations

import pytest

from northloop.core.errors import NotAllowed
from northloop.http.keys import OPEN, READ, SCOPES, ApiKey, caller, new_key


def test_a_key_is_random_and_only_its_hash_is_kept() -> None:
    key, kept = new_key()
    assert key.startswith("nl_")
    assert len(key) > 40
    assert key not in str(kept)
    assert new_key()[0] != key
    assert kept.scopes == SCOPES
    assert kept.key_id == kept.sha256[:8]


def test_without_keys_everybody_may_call() -> None:
    assert caller({}, (), READ) is OPEN


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Token abc", "Bearer abc"])
def test_what_is_no_known_key_is_refused(value: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        caller({"authorization": value}, (new_key()[1],), READ)
    assert caught.value.action


def test_the_right_key_is_found_among_others() -> None:
    key, kept = new_key()
    others = [new_key()[1] for _ in range(3)]
    assert caller({"authorization": f"bearer {key}"}, [*others, kept], READ) == kept
    narrow = ApiKey(sha256=kept.sha256, scopes=())
    with pytest.raises(NotAllowed, match="lacks the scope 'read'"):
        caller({"authorization": f"Bearer {key}"}, [narrow], READ)
