"""Artefacts that are only looked at: laid beside those that are kept, and gone at the end."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from northloop.core import formats
from northloop.core.artefacts import Artefact, Kind
from northloop.core.clock import stamp
from northloop.core.decoding import content_of
from northloop.core.ids import Hash, content_hash
from northloop.loop.parts import Parts
from northloop.ports.scratch import own_folder, remove_left
from northloop.ports.stores import Artefacts, Checked

_KIND = "draft"


@contextmanager
def drafting(parts: Parts) -> Iterator[Parts]:
    """Give parts whose new artefacts lie in a folder of this process, which is removed at the end.

    What is kept already is read as ever. What killed processes left goes when the next one drafts,
    or by `clear`.
    """
    with folder_of(parts) as folder:
        yield replace(parts, artefacts=_Drafts(parts.artefacts, folder))


@contextmanager
def folder_of(parts: Parts) -> Iterator[Path]:
    """Give an empty folder of this process, which is removed in the same way."""
    folder = own_folder(_place(parts), _KIND)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear(parts: Parts) -> None:
    """Remove the drafts of processes of this machine that were killed."""
    remove_left(_place(parts), _KIND)


def _place(parts: Parts) -> Path:
    return parts.work / "drafts"


class _Drafts:
    """Implements `ports.stores.Artefacts`: what is put lies in a folder, all else in another
    store."""

    def __init__(self, kept: Artefacts, folder: Path) -> None:
        self._kept = kept
        self._folder = folder
        self._own: dict[Hash, Artefact] = {}

    def put(
        self,
        kind: Kind,
        files: Mapping[str, bytes | Path],
        parents: Sequence[Hash] = (),
        meta: Mapping[str, str] = {},
    ) -> Artefact:
        contents = {name: content_of(content) for name, content in files.items()}
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
        card = formats.manifest(kind, parents, hashes, meta)
        made = Artefact(hash=content_hash(card), created_at=stamp(), manifest=card)
        for name, content in contents.items():
            place = self._folder / made.hash / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        self._own[made.hash] = made
        return made

    def get(self, hash_: Hash) -> Artefact:
        return self._own.get(hash_) or self._kept.get(hash_)

    def path(self, hash_: Hash, name: str) -> Path:
        if hash_ in self._own:
            return self._folder / hash_ / name
        return self._kept.path(hash_, name)

    def list(self, kind: Kind) -> list[Artefact]:
        own = [made for made in self._own.values() if made.manifest.kind is kind]
        return [*own, *self._kept.list(kind)]

    def restore(self, artefact: Artefact, files: Mapping[str, Path]) -> None:
        self._kept.restore(artefact, files)

    def check(self, deep: bool = False) -> Checked:
        return self._kept.check(deep)
