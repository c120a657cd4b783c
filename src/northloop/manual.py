"""What each setting means: the docstrings of the settings' own structs, read from their source.

One place says what a setting is, its struct; what is shown of it elsewhere is read here, once.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

import msgspec
from msgspec.inspect import (
    BoolType,
    EnumType,
    FloatType,
    IntType,
    LiteralType,
    StrType,
    StructType,
    Type,
    UnionType,
    type_info,
)

from northloop.settings import Settings

Form = Literal["truth", "whole", "number", "text", "choice", "json"]
"""How a value is written: true or false, a number, words, one of a few, anything else as JSON."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One setting as its struct describes it."""

    name: str
    """Dotted, as in northloop.toml."""
    text: str
    form: Form
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


@cache
def entries() -> Mapping[str, Entry]:
    """Return every setting by its dotted name, in the order of the sections."""
    root = type_info(Settings)
    assert isinstance(root, StructType)
    return MappingProxyType({entry.name: entry for entry in _entries(root, "")})


@cache
def sections() -> Mapping[str, str]:
    """Return what each section of the settings is about, by its dotted name."""
    root = type_info(Settings)
    assert isinstance(root, StructType)
    return MappingProxyType(dict(_sections(root, "")))


def _entries(of: StructType, prefix: str) -> Iterator[Entry]:
    texts = _texts(of.cls)
    for field in of.fields:
        name = f"{prefix}{field.encode_name}"
        inner = _plain(field.type)
        if isinstance(inner, StructType):
            yield from _entries(inner, f"{name}.")
        else:
            yield _entry(name, texts.get(field.name, ""), inner)


def _sections(of: StructType, prefix: str) -> Iterator[tuple[str, str]]:
    for field in of.fields:
        inner = _plain(field.type)
        if isinstance(inner, StructType):
            name = f"{prefix}{field.encode_name}"
            yield name, _one_line(inner.cls.__doc__ or "")
            yield from _sections(inner, f"{name}.")


def _entry(name: str, text: str, type_: Type) -> Entry:
    match type_:
        case BoolType():
            return Entry(name=name, text=text, form="truth")
        case IntType(ge=ge, gt=gt, le=le):
            least = ge if ge is not None else gt + 1 if gt is not None else None
            return Entry(name=name, text=text, form="whole", least=least, most=le)
        case FloatType(ge=ge, le=le):
            return Entry(name=name, text=text, form="number", least=ge, most=le)
        case StrType():
            return Entry(name=name, text=text, form="text")
        case LiteralType(values=values) if all(isinstance(value, str) for value in values):
            choices = tuple(str(value) for value in values)
            return Entry(name=name, text=text, form="choice", choices=choices)
        case EnumType(cls=cls):
            choices = tuple(str(member.value) for member in cls)
            return Entry(name=name, text=text, form="choice", choices=choices)
        case _:
            return Entry(name=name, text=text, form="json")


def _plain(type_: Type) -> Type:
    """A type without "or nothing", where that leaves one."""
    if isinstance(type_, msgspec.inspect.Metadata):
        return _plain(type_.type)
    if isinstance(type_, UnionType):
        some = [t for t in type_.types if not isinstance(t, msgspec.inspect.NoneType)]
        if len(some) == 1:
            return _plain(some[0])
    return type_


@cache
def _texts(cls: type) -> Mapping[str, str]:
    """The docstrings below the fields of a struct, by field."""
    tree = ast.parse(inspect.getsource(sys.modules[cls.__module__]))
    body = next(
        node.body
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__
    )
    return {
        field.target.id: _one_line(said.value.value)
        for field, said in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(said, ast.Expr)
        and isinstance(said.value, ast.Constant)
        and isinstance(said.value.value, str)
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())
