"""Tables that lie as TOML in a package, beside the code that reads them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import TypeVar

import msgspec

from northloop.core.decoding import converted

T = TypeVar("T")


def packaged(package: str, name: str, type_: type[T]) -> T:
    """Return a file of a package (a module's `__package__`) as a type; msgspec.DecodeError,
    msgspec.ValidationError."""
    return converted(msgspec.toml.decode(files(package).joinpath(name).read_bytes()), type_)


def filled(entry: str, named: Mapping[str, str]) -> str:
    """Return an entry of a table with what its names in braces stand for."""
    for name, pattern in named.items():
        entry = entry.replace(f"{{{name}}}", pattern)
    return entry
