"""Artefacts as folders: `<root>/<kind>/<hash>/artefact.json` beside `files/`.

An artefact is staged in a folder of its own under `<root>/staging`, flushed to the disk and
renamed into place: other processes see all of it or nothing. Staging folders are locked by their
owner, so that opening the store clears away what killed processes left, and nothing else.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from types import MappingProxyType

import msgspec

from northloop.core import formats
from northloop.core.artefacts import Artefact, Kind
from northloop.core.clock import stamp
from northloop.core.decoding import decoded
from northloop.core.errors import ConfigurationError, CorruptArtefact, InputError, NotFound
from northloop.core.ids import Hash, content_hash, file_hash, short
from northloop.ports.stores import HASH_OR_PREFIX, Checked, Damaged, no_hash, one_artefact

_CARD = "artefact.json"
_FILES = "files"
_BLOCK_BYTES = 1 << 20
_WHOLE = 64
"""The digits of a hash; of fewer, all folders are gone through."""
_NAME_BYTES = 255
"""The longest name of a file or folder that common file systems take."""
_NO_META: Mapping[str, str] = MappingProxyType({})
_REMAKE = "run the step that made it again: the same content takes the damaged one's place"


class FileArtefacts:
    """Implements `ports.stores.Artefacts` in a folder; safe for threads and several processes.

    ConfigurationError where the disk is full or a file cannot be read or written; nothing of the
    artefact is kept then. The bytes of a file are checked when this process first asks for it,
    and again when its size or modification time has changed. Putting the content of a damaged
    artefact again mends it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._staging = root / "staging"
        self._checked: dict[Path, tuple[int, int]] = {}
        self._places: dict[Hash, Path] = {}
        """Where whole hashes were found; what kind an artefact is never changes."""
        with file_errors(root):
            self._staging.mkdir(parents=True, exist_ok=True)
            with locked(self._staging):
                for folder in self._staging.iterdir():
                    _remove_if_abandoned(folder)

    def put(
        self,
        kind: Kind,
        files: Mapping[str, bytes | Path],
        parents: Sequence[Hash] = (),
        meta: Mapping[str, str] = _NO_META,
    ) -> Artefact:
        check_usable(files)

        def sealed(hashes: dict[str, Hash]) -> Artefact:
            manifest = formats.manifest(kind, parents, hashes, meta)
            created_at = stamp(unit="microseconds")
            return Artefact(hash=content_hash(manifest), created_at=created_at, manifest=manifest)

        return self._kept(files, sealed)

    def restore(self, artefact: Artefact, files: Mapping[str, Path]) -> None:
        def sealed(hashes: dict[str, Hash]) -> Artefact:
            for name, expected in artefact.manifest.files.items():
                if hashes.get(name) != expected:
                    raise damaged(str(files.get(name, name)))
            return artefact

        self._kept(files, sealed)

    def get(self, hash_: Hash) -> Artefact:
        return _read(self._folder(hash_))

    def path(self, hash_: Hash, name: str) -> Path:
        folder = self._folder(hash_)
        expected = file_of(_read(folder), name)
        path = folder / _FILES / name
        self._check(path, expected)
        return path

    def list(self, kind: Kind) -> list[Artefact]:
        folder = self._root / kind
        with file_errors(folder):
            found = [_read(entry) for entry in folder.iterdir()] if folder.is_dir() else []
        return sorted(found, key=lambda a: (a.created_at, a.hash), reverse=True)

    def check(self, deep: bool = False) -> Checked:  # noqa: ARG002 (here it costs no fetching)
        found = [artefact for kind in Kind for artefact in self.list(kind)]
        troubles = [(artefact, self._trouble(artefact)) for artefact in found]
        damaged_ = tuple(Damaged(artefact, where) for artefact, where in troubles if where)
        return Checked(artefacts=len(found), every_byte=True, damaged=damaged_)

    def drop(self, folder: Path) -> None:
        """Take an artefact away by its folder: a copy of one that lies in another store."""
        self._set_aside(folder)

    def place(self, artefact: Artefact) -> Path:
        """Return the folder of an artefact, whether it is there or not."""
        return self._root / artefact.manifest.kind / artefact.hash

    def _trouble(self, artefact: Artefact) -> str:
        """Return the file that is not as it was, "" if all are."""
        for name, expected in artefact.manifest.files.items():
            try:
                self._check(self.place(artefact) / _FILES / name, expected)
            except CorruptArtefact as error:
                return error.where
        return ""

    def _folder(self, hash_: Hash) -> Path:
        if not HASH_OR_PREFIX.fullmatch(hash_):
            raise no_hash(hash_)
        if len(hash_) < _WHOLE:
            places = [p for kind in Kind for p in (self._root / kind).glob(f"{hash_}*")]
        else:
            with file_errors(self._root):
                known = self._places.get(hash_)
                if known is not None and known.is_dir():
                    return known
                places = [p for kind in Kind if (p := self._root / kind / hash_).is_dir()]
        found = {path.name: path for path in places}
        place = found[one_artefact(hash_, found)]
        if len(hash_) == _WHOLE:
            self._places[hash_] = place
        return place

    def _kept(
        self,
        files: Mapping[str, bytes | Path],
        sealed: Callable[[dict[str, Hash]], Artefact],
    ) -> Artefact:
        """Write files, and the artefact that `sealed` makes of their hashes, all or nothing."""
        with file_errors(self._root), self._staged() as folder:
            hashes = {name: _write(folder / _FILES / name, files[name]) for name in sorted(files)}
            artefact = sealed(hashes)
            _write(folder / _CARD, msgspec.json.encode(artefact))
            return self._moved_into_place(folder, artefact)

    def _check(self, path: Path, expected: Hash) -> None:
        with file_errors(path):
            try:
                status = path.stat()
                seen = (status.st_mtime_ns, status.st_size)
                if self._checked.get(path) == seen:
                    return
                if file_hash(path) != expected:
                    raise damaged(str(path))
            except FileNotFoundError as error:
                raise CorruptArtefact(
                    "the file is missing", where=str(path), action=_REMAKE
                ) from error
            self._checked[path] = seen

    @contextmanager
    def _staged(self) -> Iterator[Path]:
        """Yield a new folder that belongs to the caller until the end, and then is gone."""
        folder = self._staging / os.urandom(12).hex()
        with locked(self._staging):
            folder.mkdir()
            lock = os.open(folder, os.O_RDONLY)
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)

    def _moved_into_place(self, folder: Path, artefact: Artefact) -> Artefact:
        final = self.place(artefact)
        final.parent.mkdir(exist_ok=True)
        _flush_folders(folder)
        while not _renamed(folder, final):
            if self._is_sound(final):
                return _read(final)
            self._set_aside(final)
        flush(final.parent)
        return artefact

    def _set_aside(self, damaged: Path) -> None:
        aside = self._staging / os.urandom(12).hex()
        with suppress(FileNotFoundError):  # another process was quicker
            damaged.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)

    def _is_sound(self, folder: Path) -> bool:
        try:
            for name, expected in _read(folder).manifest.files.items():
                self._check(folder / _FILES / name, expected)
        except CorruptArtefact:
            return False
        return True


def damaged(where: str) -> CorruptArtefact:
    """Return the error of a file whose bytes have changed."""
    return CorruptArtefact("its bytes are not what was stored", where=where, action=_REMAKE)


def file_of(artefact: Artefact, name: str) -> Hash:
    """Return the hash of one of its files.

    NotFound; ConfigurationError if a newer version made the artefact.
    """
    formats.refuse_newer(artefact.manifest, short(artefact.hash))
    try:
        return artefact.manifest.files[name]
    except KeyError as error:
        raise NotFound(f"the artefact has no file {name}", where=short(artefact.hash)) from error


def read_card(body: bytes, hash_: Hash, where: str) -> Artefact:
    """Return the artefact of an identity card as it was stored; CorruptArtefact."""
    try:
        artefact = decoded(body, Artefact)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _no_card(where, error) from error
    if not content_hash(artefact.manifest) == artefact.hash == hash_:
        raise CorruptArtefact("the manifest is not what was stored", where=where, action=_REMAKE)
    return artefact


def _no_card(where: str, error: Exception) -> CorruptArtefact:
    return CorruptArtefact(f"the manifest cannot be read: {error}", where=where, action=_REMAKE)


def _read(folder: Path) -> Artefact:
    card = folder / _CARD
    with file_errors(card):
        try:
            body = card.read_bytes()
        except FileNotFoundError as error:
            raise _no_card(str(card), error) from error
    return read_card(body, folder.name, str(card))


def check_usable(files: Mapping[str, bytes | Path]) -> None:
    """Raise InputError for a name that no artefact's file can have, or a file that is not there."""
    for name, content in files.items():
        if not _is_usable(name) or any(str(p) in files for p in PurePosixPath(name).parents):
            raise InputError("this cannot be the name of an artefact's file", where=ascii(name))
        if isinstance(content, Path) and not content.is_file():
            raise InputError("there is no such file", where=str(content))


def _is_usable(name: str) -> bool:
    parts = PurePosixPath(name).parts
    try:
        lengths = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        return False
    whole = bool(parts) and name == "/".join(parts) and not {"..", "/", "."} & set(parts)
    return whole and "\0" not in name and max(lengths) <= _NAME_BYTES


def _write(path: Path, content: bytes | Path) -> Hash:
    """Write a file, flush it, and return the hash of exactly the bytes that were written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("xb") as file:
        for block in _blocks(content):
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _blocks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            yield block


def _renamed(old: Path, new: Path) -> bool:
    """Rename a folder; False if there is one of the new name already."""
    try:
        old.rename(new)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    return True


def _flush_folders(folder: Path) -> None:
    for path, _, _ in os.walk(folder):
        flush(Path(path))


def flush(path: Path) -> None:
    """Return when a file, or which names a folder holds, is on the disk; OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process alone; others wait."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _remove_if_abandoned(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)


@contextmanager
def file_errors(where: Path) -> Iterator[None]:
    """Raise what the disk refuses as ConfigurationError."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise ConfigurationError(
            "the disk is full" if full else str(error.strerror),
            where=str(error.filename or where),
            action="free some space, then try again"
            if full
            else "check the folder and who may read and write it",
        ) from error
