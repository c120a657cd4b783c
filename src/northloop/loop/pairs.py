"""A release and a knowledge, opened together."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from northloop.core.artefacts import Kind, Release
from northloop.core.deployment import Pair
from northloop.core.ids import Hash
from northloop.loop.bundles import read_one
from northloop.loop.parts import Parts
from northloop.ports.retrieval import Index
from northloop.ports.stores import Artefacts
from northloop.stages.monitoring.favour import as_decided, favours


class Sealed(NamedTuple):
    """A release with the searchable index of the knowledge that it is served with."""

    release: Release
    known: Index


class _WithIndex(msgspec.Struct, frozen=True):
    """What only a release of an earlier version says."""

    index: Hash = ""


def load_release(artefacts: Artefacts, hash_: Hash) -> Release:
    """Return a sealed release; NotFound, CorruptArtefact."""
    return read_one(artefacts, hash_, "release.json", Release)


def dataset_of(artefacts: Artefacts, release: Hash) -> Hash | None:
    """Return the dataset that a release was learnt from, None for one that has learnt nothing."""
    sealed = load_release(artefacts, release)
    # Another server's model has no adapter: then what was learnt beside it says. A head may be of
    # an earlier turn that had the same rows to learn.
    learnt = (choice.learnt for choice in sealed.first)
    for made in (sealed.adapter, sealed.asked, *learnt, sealed.head):
        for parent in artefacts.get(made).manifest.parents if made else ():
            if artefacts.get(parent).manifest.kind is Kind.DATASET:
                return parent
    return None


def index_of_earlier_version(artefacts: Artefacts, release: Hash) -> Hash:
    """Return the index that a release of an earlier version was sealed with, "" for a newer one.

    It serves as the knowledge of that release; the training questions are in it already.
    """
    return read_one(artefacts, release, "release.json", _WithIndex).index


def open_pair(parts: Parts, pair: Pair) -> Sealed:
    """Return a release with the index of a knowledge, which knows what was asked before."""
    release = load_release(parts.artefacts, pair.release)
    return Sealed(release, parts.index(pair.knowledge, asked_of(parts, pair)))


def open_as_decided(parts: Parts, pair: Pair) -> Sealed:
    """Return the same as customers are answered now in the mode "open": which treatments are sent
    follows people's decisions on what they said under this release (`monitoring.favour`)."""
    release, known = open_pair(parts, pair)
    passages = parts.known_passages(pair.knowledge)
    found = favours(parts.records, pair.release, release, passages)
    return Sealed(as_decided(release, found), known)


def asked_of(parts: Parts, pair: Pair) -> Hash | None:
    """Return what the training of a release teaches retrieval in a knowledge, None for nothing."""
    artefacts = parts.artefacts
    if artefacts.get(pair.knowledge).manifest.kind is Kind.INDEX:
        return None  # made by an earlier version, it has the questions in it
    index = index_of_earlier_version(artefacts, pair.release)
    if not index:
        return load_release(artefacts, pair.release).asked
    made_from = artefacts.get(index).manifest.parents
    known = (a.hash for a in artefacts.list(Kind.ASKED) if a.manifest.parents == made_from)
    return next(known, None)
