"""Artefacts in S3-compatible storage, for several machines that share what they make.

    <prefix>/<kind>/<hash>.json     the identity card of an artefact
    <prefix>/files/<sha256>         the bytes of a file, whichever artefacts have it

The bytes are uploaded first and the card last, on the condition that there is none yet: others see
all of an artefact or nothing, and of two who put the same one the first says when it was made. What
a killed process has uploaded without a card belongs to no artefact and is used by whoever puts it
again.

Cards and files that were put or read are kept in a folder of this machine, checked against their
hashes, and are not asked for again. What is longest unused goes when the folder holds more than
`keep_gb` (see `fetched`); the folder may be removed while nothing runs, and fills again.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from northloop.adapters.distributed.fetched import Fetched
from northloop.adapters.embedded.files import (
    FileArtefacts,
    damaged,
    file_errors,
    file_of,
    read_card,
)
from northloop.core.artefacts import Artefact, Kind
from northloop.core.errors import (
    ConfigurationError,
    CorruptArtefact,
    NorthloopError,
    NotFound,
    RemoteUnavailable,
)
from northloop.core.ids import Hash, content_hash, file_hash, short
from northloop.ports.stores import HASH_OR_PREFIX, Checked, Damaged, no_hash, one_artefact

_HASH = re.compile(r"[0-9a-f]{64}")
_AT_ONCE = 8
"""Requests for one call."""
_PAGE = 1000
_TRIES = 10
_PAUSE_S = 0.1
_BLOCK_BYTES = 1 << 20
_NO_META: Mapping[str, str] = MappingProxyType({})
_SETTING = "storage.artefacts"
_KEEP_GB = 20.0
_FORM = "s3://bucket/prefix?endpoint=https://host&region=name&keep_gb=20"
_AMOUNT = re.compile(r"\d{1,6}(\.\d{1,6})?")
_REFUSED = re.compile(r"status code: 4\d\d")
_CODE = re.compile(r"<Code>(.*?)</Code>(?:\s*<Message>(.*?)</Message>)?", re.DOTALL)
if TYPE_CHECKING:
    from obstore.store import S3Config

T = TypeVar("T")
U = TypeVar("U")


class S3Address(msgspec.Struct, frozen=True, kw_only=True):
    """Where the artefacts lie, and who asks for them."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    """"" for AWS, or what AWS_ENDPOINT_URL says."""
    region: str = ""
    key_id: str = ""
    secret: str = ""
    """Both "" to take AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the machine's own role."""
    keep_gb: float = _KEEP_GB
    """So much of it, in 10⁹ bytes, lies on this machine too."""

    def __repr__(self) -> str:
        return f"S3Address({self.shown!r})"

    @property
    def shown(self) -> str:
        """What people call it, without what is secret."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    @property
    def folder(self) -> str:
        """A name for a folder of this machine, another for each place."""
        return short(content_hash([self.endpoint, self.bucket, self.prefix]))


def read_address(url: str) -> S3Address:
    """Return the address in a URL, `s3://bucket/prefix?endpoint=…&region=…`; ConfigurationError.

    Credentials may stand before the bucket as `key:secret@`, percent-encoded.
    """
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    user, _, bucket = parts.netloc.rpartition("@")
    key_id, _, secret = user.partition(":")
    endpoint = given.get("endpoint", "")
    wrong = [
        not re.fullmatch(r"[a-z0-9][a-z0-9.-]+", bucket),
        user and not (key_id and secret),
        not given.keys() <= {"endpoint", "region", "keep_gb"},
        not _AMOUNT.fullmatch(given.get("keep_gb", "0")),
        endpoint and not re.fullmatch(r"https?://[^/@?#]+/?", endpoint),
        parts.fragment,
    ]
    if any(wrong):
        raise ConfigurationError(
            "this is not the URL of an S3 bucket", where=_SETTING, action=f"write it as {_FORM}"
        )
    return S3Address(
        bucket=bucket,
        prefix=unquote(parts.path).strip("/"),
        endpoint=endpoint.rstrip("/"),
        region=given.get("region", ""),
        key_id=unquote(key_id),
        secret=unquote(secret),
        keep_gb=float(given.get("keep_gb", _KEEP_GB)),
    )


class S3Artefacts:
    """Implements `ports.stores.Artefacts` in a bucket; safe for threads and several processes.

    `folder` holds what was put or read on this machine (see the module). RemoteUnavailable if the
    storage does not answer, ConfigurationError if it refuses or there is no such bucket; what lies
    in the folder is served even so. A damaged file in the folder is fetched again, a damaged object
    is CorruptArtefact; putting the content again mends it.
    """

    def __init__(self, address: S3Address, folder: Path) -> None:
        self._bucket = _Bucket(address)
        self._local = FileArtefacts(folder)
        self._kept = Fetched(folder, self._local, address.keep_gb * 1e9)
        self._cards = _Cards(folder / "cards")
        self._fetching = threading.Lock()

    def put(
        self,
        kind: Kind,
        files: Mapping[str, bytes | Path],
        parents: Sequence[Hash] = (),
        meta: Mapping[str, str] = _NO_META,
    ) -> Artefact:
        made = self._local.put(kind, files, parents, meta)
        self._kept.hold(made)
        shared = self._shared(
            made, {n: self._local.path(made.hash, n) for n in made.manifest.files}
        )
        self._kept.tidy()
        return shared

    def restore(self, artefact: Artefact, files: Mapping[str, Path]) -> None:
        for name, expected in artefact.manifest.files.items():
            if file_hash(files[name]) != expected:
                raise damaged(str(files[name]))
        self._shared(artefact, files)

    def _shared(self, artefact: Artefact, files: Mapping[str, Path]) -> Artefact:
        """Upload an artefact; return it as it was put first, here or elsewhere."""
        places = {hash_: files[name] for name, hash_ in artefact.manifest.files.items()}
        _at_once(lambda hash_: self._bucket.upload(_file(hash_), places[hash_]), places)
        return self._cards.keep(self._as_put_first(artefact))

    def get(self, hash_: Hash) -> Artefact:
        if not HASH_OR_PREFIX.fullmatch(hash_):
            raise no_hash(hash_)
        known = self._cards.get(hash_)
        if known is not None:
            return known
        by_kind = _at_once(lambda kind: self._names(kind, hash_), Kind)
        kinds = {name: kind for kind, names in zip(Kind, by_kind, strict=True) for name in names}
        name = one_artefact(hash_, kinds)
        return self._card(kinds[name], name)

    def path(self, hash_: Hash, name: str) -> Path:
        artefact = self.get(hash_)
        file_of(artefact, name)
        self._kept.hold(artefact)
        with suppress(NotFound, CorruptArtefact):
            return self._local.path(artefact.hash, name)
        with self._fetching:
            with suppress(NotFound, CorruptArtefact):
                return self._local.path(artefact.hash, name)
            self._fetch(artefact)
            self._kept.tidy()
            return self._local.path(artefact.hash, name)

    def list(self, kind: Kind) -> list[Artefact]:
        found = _at_once(lambda name: self._card(kind, name), self._names(kind))
        return sorted(found, key=lambda a: (a.created_at, a.hash), reverse=True)

    def check(self, deep: bool = False) -> Checked:
        found = [artefact for kind in Kind for artefact in self.list(kind)]
        named = {hash_ for artefact in found for hash_ in artefact.manifest.files.values()}
        wrong = named.difference(self._bucket.names("files"))
        if deep:
            _at_once(lambda a: self._card_of_the_bucket(a.manifest.kind, a.hash), found)
            there = sorted(named - wrong)
            right = _at_once(self._is_right, there)
            wrong |= {hash_ for hash_, is_right in zip(there, right, strict=True) if not is_right}
        damaged_ = [
            Damaged(artefact, self._bucket.where(_file(min(gone))))
            for artefact in found
            if (gone := wrong.intersection(artefact.manifest.files.values()))
        ]
        return Checked(artefacts=len(found), every_byte=deep, damaged=tuple(damaged_))

    def _is_right(self, hash_: Hash) -> bool:
        """Whether an object's bytes are what its name says; nothing of it is kept here."""
        with tempfile.NamedTemporaryFile(prefix="northloop-") as scratch:
            try:
                return self._bucket.download(_file(hash_), Path(scratch.name)) == hash_
            except FileNotFoundError:
                return False

    def _names(self, kind: Kind, prefix: str = "") -> Sequence[Hash]:
        names = (name.removesuffix(".json") for name in self._bucket.names(kind.value, prefix))
        return [name for name in names if _HASH.fullmatch(name)]

    def _card(self, kind: Kind, hash_: Hash) -> Artefact:
        return self._cards.get(hash_) or self._cards.keep(self._card_of_the_bucket(kind, hash_))

    def _card_of_the_bucket(self, kind: Kind, hash_: Hash) -> Artefact:
        key = _card(kind, hash_)
        try:
            body = self._bucket.read(key)
        except FileNotFoundError as error:
            raise NotFound("there is no such artefact", where=short(hash_)) from error
        return read_card(body, hash_, self._bucket.where(key))

    def _as_put_first(self, made: Artefact) -> Artefact:
        """Let the artefact be seen; return it as the first one put it, here or elsewhere."""
        key, body = _card(made.manifest.kind, made.hash), msgspec.json.encode(made)
        for _ in range(_TRIES):
            if self._bucket.create(key, body):
                return made
            try:
                return self._card_of_the_bucket(made.manifest.kind, made.hash)
            except CorruptArtefact:
                self._bucket.upload(key, body)
                return made
            except NotFound:
                # Another one is putting it this moment, and may not get to its end.
                time.sleep(_PAUSE_S)
        raise RemoteUnavailable(
            "the storage neither takes nor has it",
            where=self._bucket.where(key),
            action="try again",
        )

    def _fetch(self, artefact: Artefact) -> None:
        """Bring the files of an artefact to this machine."""
        files = artefact.manifest.files
        with tempfile.TemporaryDirectory(prefix="northloop-") as scratch:
            folder = Path(scratch)
            _at_once(lambda hash_: self._download(hash_, folder / hash_), {*files.values()})
            self._local.restore(artefact, {name: folder / files[name] for name in files})

    def _download(self, hash_: Hash, target: Path) -> None:
        key = _file(hash_)
        with file_errors(target):
            try:
                found = self._bucket.download(key, target)
            except FileNotFoundError as error:
                raise damaged(self._bucket.where(key)) from error
        if found != hash_:
            raise damaged(self._bucket.where(key))


class _Bucket:
    """Objects by key; FileNotFoundError for one that is not there, `core.errors` for others.

    Keys are relative to the prefix of the address.
    """

    def __init__(self, address: S3Address) -> None:
        self._shown = address.shown
        self._store = _opened(address)

    def where(self, key: str) -> str:
        """Return what people call an object."""
        return f"{self._shown}/{key}"

    def upload(self, key: str, content: bytes | Path) -> None:
        """Put an object, in place of what is there."""
        with self._answering():
            obstore.put(self._store, key, content)

    def create(self, key: str, content: bytes) -> bool:
        """Put an object unless there is one; return whether it was put."""
        try:
            with self._answering():
                obstore.put(self._store, key, content, mode="create")
        except AlreadyExistsError:
            return False
        return True

    def read(self, key: str) -> bytes:
        """Return a small object."""
        with self._answering():
            return bytes(obstore.get(self._store, key).bytes())

    def download(self, key: str, target: Path) -> Hash:
        """Write an object to a file and return its hash."""
        digest = hashlib.sha256()
        with self._answering(), target.open("wb") as file:
            for block in obstore.get(self._store, key).stream(_BLOCK_BYTES):
                digest.update(block)
                file.write(block)
        return digest.hexdigest()

    def names(self, folder: str, prefix: str = "") -> list[str]:
        """Return the names in a folder that begin with a prefix, in order."""
        # What the client lists is whole folders, from a name on.
        start = f"{folder}/{prefix}" if prefix else None
        found = []
        with self._answering():
            for objects in obstore.list(self._store, folder, offset=start, chunk_size=_PAGE):
                names = [object_["path"].rpartition("/")[2] for object_ in objects]
                found += [name for name in names if name.startswith(prefix)]
                if names and not names[-1].startswith(prefix):
                    break
        return found

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except AlreadyExistsError:
            raise
        except (BaseError, FileNotFoundError) as error:
            code, said = _said(error)
            if isinstance(error, FileNotFoundError) and code != "NoSuchBucket":
                raise
            raise self._in_words(error, code, said) from error

    def _in_words(self, error: Exception, code: str, said: str) -> NorthloopError:
        if code == "NoSuchBucket":
            return ConfigurationError(
                "there is no such bucket", where=self._shown, action="make it, or name another"
            )
        if _REFUSED.search(str(error)):
            return ConfigurationError(
                f"the storage refuses: {said}",
                where=self._shown,
                action="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of a user who may read, "
                "write and list there",
            )
        return RemoteUnavailable(
            f"the storage does not answer: {said}",
            where=self._shown,
            action=f"start it, or correct {_SETTING} in northloop.toml and the credentials",
        )


class _Cards:
    """The identity cards that this machine has seen, in memory and in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Hash, Artefact] = {}

    def get(self, hash_: Hash) -> Artefact | None:
        """Return the artefact of a whole hash if it was seen, and is sound."""
        if hash_ not in self._known and _HASH.fullmatch(hash_):
            file = self._folder / f"{hash_}.json"
            with suppress(FileNotFoundError, CorruptArtefact):
                self._known[hash_] = read_card(file.read_bytes(), hash_, str(file))
        return self._known.get(hash_)

    def keep(self, artefact: Artefact) -> Artefact:
        """Keep a card as the storage has it, and return it."""
        draft = self._folder / os.urandom(12).hex()
        with file_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(msgspec.json.encode(artefact))
            draft.replace(self._folder / f"{artefact.hash}.json")
        self._known[artefact.hash] = artefact
        return artefact


def _opened(address: S3Address) -> S3Store:
    given: S3Config = {}
    if address.endpoint:
        given["endpoint"] = address.endpoint
    if address.region:
        given["region"] = address.region
    if address.secret:
        given["access_key_id"] = address.key_id
        given["secret_access_key"] = address.secret
    endpoint = address.endpoint or os.environ.get("AWS_ENDPOINT_URL", "")
    return S3Store(
        address.bucket,
        prefix=address.prefix or None,
        config=given,
        client_options={
            "allow_http": endpoint.startswith("http:"),
            "connect_timeout": timedelta(seconds=5),
            "timeout": timedelta(minutes=10),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(minutes=1)},
    )


def _at_once(work: Callable[[T], U], items: Iterable[T]) -> list[U]:
    """Return what the work makes of each item, in order; the first error is raised."""
    todo = [*items]
    if len(todo) < 2:
        return [work(item) for item in todo]
    with ThreadPoolExecutor(min(_AT_ONCE, len(todo))) as pool:
        return [*pool.map(work, todo)]


def _card(kind: Kind, hash_: Hash) -> str:
    return f"{kind.value}/{hash_}.json"


def _file(hash_: Hash) -> str:
    return f"files/{hash_}"


def _said(error: Exception) -> tuple[str, str]:
    """Return the storage's code and message, or how far the request came."""
    text = str(error).partition("\n\nDebug source")[0]
    found = _CODE.search(text)
    if found:
        return found[1], found[2] or found[1]
    return "", text.rpartition(" - ")[2].strip()
