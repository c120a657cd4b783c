"""What artefacts in S3 do beyond the suite of every store."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import obstore
import pytest

from northloop.adapters.distributed.s3_artefacts import S3Address, S3Artefacts, read_address
from northloop.core.artefacts import Kind
from northloop.core.errors import ConfigurationError, CorruptArtefact, RemoteUnavailable
from northloop.testing.servers import S3Server, free_port


@pytest.fixture
def address(s3: S3Server, tmp_path: Path) -> S3Address:
    return read_address(s3.url(f"{tmp_path.parent.name}/{tmp_path.name}"))


@pytest.fixture
def bucket(s3: S3Server, address: S3Address) -> obstore.store.S3Store:
    return s3.store(address.prefix)


@pytest.fixture
def machine(address: S3Address, tmp_path: Path) -> Callable[[str], S3Artefacts]:
    """Opens the store on one machine or another."""
    return lambda name: S3Artefacts(address, tmp_path / name)


def keys(bucket: obstore.store.S3Store) -> list[str]:
    return [found["path"] for page in obstore.list(bucket) for found in page]


def test_an_address_is_read_from_the_url() -> None:
    assert read_address("s3://tents") == S3Address(bucket="tents")
    read = read_address(
        "s3://AKIA:a%2Fb%40c%3A@tents.eu/team%20a/loop/?endpoint=http://10.0.0.1:9000/&region=eu-1"
    )
    assert read == S3Address(
        bucket="tents.eu",
        prefix="team a/loop",
        endpoint="http://10.0.0.1:9000",
        region="eu-1",
        key_id="AKIA",
        secret="a/b@c:",
    )
    assert read.shown == "s3://tents.eu/team a/loop"
    assert repr(read) == "S3Address('s3://tents.eu/team a/loop')"


@pytest.mark.parametrize(
    "url",
    [
        "s3://",
        "s3:///prefix",
        "s3://Bucket_",
        "s3://AKIA@tents",
        "s3://:hidden@tents",
        "s3://AKIA:hid/den@tents",
        "s3://tents?secret=hidden",
        "s3://tents?endpoint=minio:9000",
        "s3://tents?endpoint=https://me:hidden@minio",
        "s3://tents?endpoint=https://minio/tents",
        "s3://tents#hidden",
    ],
)
def test_another_form_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^storage\.artefacts: this is not.*s3://b") as e:
        read_address(url)
    assert "hid" not in str(e.value)


def test_the_same_bytes_lie_there_once(
    machine: Callable[[str], S3Artefacts], bucket: obstore.store.S3Store
) -> None:
    store = machine("one")
    store.put(Kind.REPORT, {"a": b"same", "b": b"same"})
    store.put(Kind.DATASET, {"c": b"same"})
    assert len([key for key in keys(bucket) if key.startswith("files/")]) == 1


def test_an_object_is_read_once(
    machine: Callable[[str], S3Artefacts], bucket: obstore.store.S3Store
) -> None:
    put = [machine("one").put(Kind.REPORT, {"a": bytes([n])}) for n in range(3)]
    other = machine("two")
    listed = other.list(Kind.REPORT)
    path = other.path(put[0].hash, "a")
    for key in keys(bucket):
        obstore.put(bucket, key, b"nobody asks for it again")
    for store in (other, machine("two"), machine("one")):
        assert store.list(Kind.REPORT) == listed == put[::-1]
        assert store.get(put[1].hash) == put[1]
        assert store.path(put[0].hash, "a").read_bytes() == b"\0"
    assert machine("two").path(put[0].hash, "a") == path


def test_what_is_known_is_served_while_the_storage_is_away(
    tmp_path: Path, address: S3Address, machine: Callable[[str], S3Artefacts]
) -> None:
    put = machine("one").put(Kind.REPORT, {"a": b"1"})
    nobody = f"http://127.0.0.1:{free_port()}"
    away = S3Artefacts(msgspec.structs.replace(address, endpoint=nobody), tmp_path / "one")
    assert away.path(put.hash, "a").read_bytes() == b"1"
    for use in (
        lambda: away.list(Kind.REPORT),
        lambda: away.get("0" * 64),
        lambda: away.put(Kind.REPORT, {"a": b"2"}),
    ):
        with pytest.raises(RemoteUnavailable, match=r"^s3://northloop/.*does not answer") as e:
            use()
        assert address.secret not in str(e.value)
    assert machine("one").list(Kind.REPORT) == [put]


@pytest.mark.parametrize("damage", [b"evil", b"", None])
def test_a_damaged_file_of_this_machine_is_fetched_again(
    machine: Callable[[str], S3Artefacts], damage: bytes | None
) -> None:
    store = machine("one")
    put = store.put(Kind.REPORT, {"a": b"good", "b": b"fine"})
    path = store.path(put.hash, "a")
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    for card in (path.parents[1] / "artefact.json", *path.parents[3].glob("cards/*")):
        card.write_bytes(b"{")
    assert machine("one").path(put.hash, "a").read_bytes() == b"good"
    assert store.path(put.hash, "b").read_bytes() == b"fine"


@pytest.mark.parametrize("damage", [b"{", b"\xff", b"{}", b""])
def test_a_damaged_card_is_corrupt_until_it_is_put_again(
    machine: Callable[[str], S3Artefacts], bucket: obstore.store.S3Store, damage: bytes
) -> None:
    put = machine("one").put(Kind.REPORT, {"a": b"1"})
    obstore.put(bucket, f"report/{put.hash}.json", damage)
    for use in (
        lambda: machine("two").get(put.hash),
        lambda: machine("two").list(Kind.REPORT),
        lambda: machine("two").path(put.hash, "a"),
    ):
        with pytest.raises(CorruptArtefact, match=r"s3://northloop.*json: the manifest"):
            use()
    assert machine("two").put(Kind.REPORT, {"a": b"1"}).hash == put.hash
    assert machine("three").path(put.hash, "a").read_bytes() == b"1"


def test_a_card_for_another_artefact_is_corrupt(
    machine: Callable[[str], S3Artefacts], bucket: obstore.store.S3Store
) -> None:
    one, other = (machine("one").put(Kind.DECISION, {"a": body}) for body in (b"no", b"yes"))
    obstore.copy(bucket, f"decision/{other.hash}.json", f"decision/{one.hash}.json", overwrite=True)
    with pytest.raises(CorruptArtefact, match="not what was stored"):
        machine("two").get(one.hash)


def test_a_file_that_was_removed_is_corrupt(
    machine: Callable[[str], S3Artefacts], bucket: obstore.store.S3Store
) -> None:
    put = machine("one").put(Kind.REPORT, {"a": b"1"})
    obstore.delete(bucket, f"files/{put.manifest.files['a']}")
    with pytest.raises(CorruptArtefact, match=r"s3://northloop/.*files/.*→ run the step"):
        machine("two").path(put.hash, "a")


def test_a_check_looks_without_fetching(
    machine: Callable[[str], S3Artefacts], bucket: obstore.store.S3Store, tmp_path: Path
) -> None:
    maker = machine("one")
    put = [maker.put(Kind.REPORT, {"a": bytes([n]) * 50_000}) for n in range(3)]
    for deep in (False, True):
        found = machine("two").check(deep)
        assert (found.artefacts, found.every_byte, found.damaged) == (3, deep, ())
    assert not [*(tmp_path / "two").rglob("files/*")], "nothing of them lies here"
    obstore.put(bucket, f"files/{put[0].manifest.files['a']}", b"evil")
    obstore.delete(bucket, f"files/{put[1].manifest.files['a']}")
    for store in (machine("one"), machine("two")):
        (gone,) = store.check().damaged
        assert gone.artefact == put[1] and gone.where.endswith(put[1].manifest.files["a"])
        deep_found = store.check(deep=True).damaged
        assert {one.artefact.hash for one in deep_found} == {put[0].hash, put[1].hash}


def test_what_others_keep_in_the_bucket_does_not_matter(
    machine: Callable[[str], S3Artefacts], bucket: obstore.store.S3Store
) -> None:
    for key in ("report/notes.txt", "report/sub/x.json", "reports/y", "z", "report/zzzz.json"):
        obstore.put(bucket, key, b"notes")
    put = machine("one").put(Kind.REPORT, {"a": b"1"})
    assert machine("two").list(Kind.REPORT) == [put]
    assert machine("two").get(put.hash[:4]) == put


def test_many_are_listed_and_found(machine: Callable[[str], S3Artefacts]) -> None:
    store = machine("one")
    put = [store.put(Kind.REPORT, {}, meta={"n": str(n)}) for n in range(60)]
    assert machine("two").list(Kind.REPORT) == put[::-1]
    assert [machine("three").get(a.hash[:14]) for a in put[::20]] == put[::20]


def test_a_wrong_secret_is_refused_and_nothing_is_kept(
    address: S3Address, tmp_path: Path, machine: Callable[[str], S3Artefacts]
) -> None:
    wrong = msgspec.structs.replace(address, secret="guessed-wrong")
    store = S3Artefacts(wrong, tmp_path / "one")
    for use in (
        lambda: store.put(Kind.REPORT, {"a": b"1"}),
        lambda: store.list(Kind.REPORT),
        lambda: store.get("abcd"),
    ):
        with pytest.raises(ConfigurationError, match="AWS_ACCESS_KEY_ID") as e:
            use()
        assert "guessed" not in str(e.value)
    assert machine("one").list(Kind.REPORT) == []


def test_a_bucket_that_is_not_there_is_named(address: S3Address, tmp_path: Path) -> None:
    other = msgspec.structs.replace(address, bucket="no-such-bucket")
    with pytest.raises(ConfigurationError, match=r"^s3://no-such-bucket/.*there is no such bucket"):
        S3Artefacts(other, tmp_path / "one").list(Kind.REPORT)


def test_credentials_come_from_the_environment(
    address: S3Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", address.key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", address.secret)
    monkeypatch.setenv("AWS_ENDPOINT_URL", address.endpoint)
    bare = S3Address(bucket=address.bucket, prefix=address.prefix)
    put = S3Artefacts(bare, tmp_path / "one").put(Kind.REPORT, {"a": b"1"})
    assert S3Artefacts(address, tmp_path / "two").get(put.hash) == put


def test_threads_fetch_an_artefact_once(
    machine: Callable[[str], S3Artefacts], monkeypatch: pytest.MonkeyPatch
) -> None:
    put = machine("one").put(Kind.INDEX, {str(n): bytes([n]) * 200_000 for n in range(8)})
    other, fetched = machine("two"), []
    real = other._fetch
    monkeypatch.setattr(other, "_fetch", lambda a: (fetched.append(a), real(a)))
    threads = [threading.Thread(target=other.path, args=(put.hash, str(n % 8))) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fetched == [put]


def test_a_put_that_ends_half_way_is_no_artefact(
    machine: Callable[[str], S3Artefacts], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"a": b"1", "b": b"2"}
    store = machine("one")
    with monkeypatch.context() as failing:
        upload = store._bucket.upload
        lost = RemoteUnavailable("the line went dead")
        failing.setattr(
            store._bucket,
            "upload",
            lambda key, content: upload(key, content) if content.name == "a" else raised(lost),
        )
        with pytest.raises(RemoteUnavailable, match="went dead"):
            store.put(Kind.REPORT, files)
    assert store.list(Kind.REPORT) == machine("one").list(Kind.REPORT) == []
    put = store.put(Kind.REPORT, files)
    assert machine("two").path(put.hash, "b").read_bytes() == b"2"


def raised(error: Exception) -> None:
    raise error


def test_a_put_waits_for_another_that_does_not_get_to_its_end(
    machine: Callable[[str], S3Artefacts], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = machine("one")
    answers = iter([False, False])
    create = store._bucket.create
    monkeypatch.setattr(
        store._bucket, "create", lambda key, body: next(answers, None) is None and create(key, body)
    )
    put = store.put(Kind.REPORT, {"a": b"1"})
    assert machine("two").get(put.hash) == put
