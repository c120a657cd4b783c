"""A base model: what it is, what it may be used for, where its file comes from."""

from __future__ import annotations

import msgspec

from northloop.core.ids import Hash, content_hash
from northloop.core.prompt import Template

REMOTE = "remote:"
"""Begins the name of a base model that another server runs; that server's name for it follows."""


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
    template: Template | None = None
    """How its turns are written; None: as the chat template in its file says."""


def remote_model(name: str) -> str:
    """Return what another server calls the model of that name; "" for one on this machine."""
    return name.removeprefix(REMOTE) if name.startswith(REMOTE) else ""


def remote_identity(model: str) -> Hash:
    """Return what stands for the file of a remote model in a release.

    It is the server's name for the model and who renders the prompt, and no more: whoever runs the
    server can put another model behind the name, and nothing here would tell.
    """
    return content_hash({"remote_model": model, "template": "server"})
