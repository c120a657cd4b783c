"""A base model: what it is, what it may be used for, where its file comes from."""

from __future__ import annotations

import msgspec

from northloop.core.ids import Hash


class PackageSource(msgspec.Struct, frozen=True, kw_only=True, tag="package"):
    """A GGUF file inside a pinned wheel of the Python package index."""

    package: str
    version: str
    member: str
    """Path of the file inside the wheel."""


class PathSource(msgspec.Struct, frozen=True, kw_only=True, tag="path"):
    """A GGUF file on this machine."""

    path: str


Source = PackageSource | PathSource


class BaseModel(msgspec.Struct, frozen=True, kw_only=True):
    """A base model; a size of 0 means that only the file itself can say."""

    name: str
    licence: str
    parameters: int
    context: int
    """Tokens the model was trained to attend to."""
    layers: int
    hidden: int
    kv_width: int
    """Key-value heads × head width."""
    source: Source
    sha256: Hash = ""
    """Of the GGUF file; "" for a file of one's own."""
