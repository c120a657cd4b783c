"""The library: its names are the documented ones, its examples run, and the import is free."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
import typing
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import northloop as nl
from first_day import script
from northloop import library, registry
from scripted_workspace import with_release

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "docs" / "library.md").read_text("utf-8")
OWN = ("acting", "close")
"""What a session does that is no use case."""
_CELL = re.compile(r"(?<!\\)\|")


def table(heading: str) -> list[list[str]]:
    """Return the rows of the table below a heading of docs/library.md, without its head."""
    section = DOCS.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [
        [cell.strip().strip("`").replace("\\|", "|") for cell in _CELL.split(line)[1:-1]]
        for line in lines
    ]


def methods() -> list[str]:
    return [name for name in vars(nl.Session) if not name.startswith("_")]


def noun(name: str) -> type:
    """Return the noun of that name that a method returns, or that is found inside what it does."""
    for method in methods():
        hints = typing.get_type_hints(getattr(nl.Session, method))
        for found in inside(hints["return"]):
            if getattr(found, "__name__", "") == name:
                return found
    raise AssertionError(f"nothing returns a {name}")


def inside(hint: object) -> Iterator[type]:
    parts = typing.get_args(hint)
    if not parts:
        yield hint
    for part in parts:
        yield from inside(part)


# --- names -------------------------------------------------------------------------------------


def test_the_public_names_are_the_documented_ones() -> None:
    assert [row[0] for row in table("Names")] == sorted(
        nl.__all__, key=[row[0] for row in table("Names")].index
    )
    public = {name for name in nl.__all__ if hasattr(library, name)}
    assert public == set(nl.__all__)
    assert set(nl.__all__) <= set(dir(nl))
    for name in nl.__all__:
        assert getattr(nl, name).__doc__, name


def test_nothing_else_is_found_in_the_package() -> None:
    with pytest.raises(AttributeError, match="no attribute 'answers'"):
        nl.answers  # noqa: B018


def test_a_session_does_what_is_documented() -> None:
    assert {row[0] for row in table("What a session does")} == set(methods())


@pytest.mark.parametrize("row", table("What a session does"), ids=lambda row: row[0])
def test_a_method_says_what_comes_back_and_which_errors(row: Sequence[str]) -> None:
    name, _, comes_back, errors = row
    method = getattr(nl.Session, name)
    assert str(inspect.signature(method).return_annotation) == comes_back
    doc = inspect.getdoc(method)
    assert doc
    if comes_back != "None":
        assert re.search(r"\b(return|yield)", doc.partition("\n\n")[0], re.IGNORECASE), doc
    for error in filter(None, errors.split(", ")):
        assert issubclass(getattr(nl.errors, error), nl.errors.NorthloopError)
        assert re.search(rf"\b{error}\b", doc), f"{name} does not say {error}"


@pytest.mark.parametrize("name", sorted(set(methods()) - set(OWN)))
def test_a_method_is_a_use_case_and_nothing_besides(name: str) -> None:
    method = getattr(nl.Session, name)
    use_case = method.__wrapped__
    assert use_case.__module__.startswith("northloop.app.")
    where, who, *rest = inspect.signature(use_case).parameters
    assert (where in ("workspace", "lazy"), who) == (True, "actor")
    assert [*inspect.signature(method).parameters][1:] == rest


@pytest.mark.parametrize("row", table("What comes back"), ids=lambda row: row[0])
def test_what_comes_back_has_the_documented_fields(row: Sequence[str]) -> None:
    found = noun(row[0])
    assert found.__doc__
    for field in row[1].split(", "):
        assert hasattr(found, field), f"{row[0]} has no {field}"


def test_every_noun_that_comes_back_is_documented() -> None:
    documented = {row[0] for row in table("What comes back")} | {"Session"}
    for method in methods():
        hints = typing.get_type_hints(getattr(nl.Session, method))
        returned = {found.__name__ for found in inside(hints["return"])}
        assert returned - {"NoneType", "str"} <= documented, method


def test_what_adapters_build_on_is_there() -> None:
    rows = table("Adapters of your own")
    stores = (registry.ARTEFACTS, registry.RECORDS, registry.CACHE, registry.SEMANTIC_CACHE)
    ports = (*stores, registry.ENGINE)
    assert [row[:2] for row in rows] == [[f"{p.name}.SCHEME", p.setting] for p in ports]
    for dotted in (dotted for row in rows for dotted in row[2:]):
        module, _, name = dotted.rpartition(".")
        assert getattr(importlib.import_module(module), name).__doc__


# --- the import --------------------------------------------------------------------------------


def test_the_import_loads_nothing() -> None:
    """Counted, not timed: of this distribution the package alone, of others nothing."""
    code = (
        "import sys; before = set(sys.modules); import northloop; "
        "print(*sorted(set(sys.modules) - before))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert loaded - {"northloop"} <= sys.stdlib_module_names
    assert [name for name in ran.stdout.split() if name.startswith("northloop.")] == []


def test_the_first_name_loads_no_training_library_and_no_database() -> None:
    heavy = (
        "torch",
        "transformers",
        "peft",
        "gguf",
        "xllamacpp",
        "sqlalchemy",
        "dbos",
        "wordllama",
    )
    code = (
        "import sys, northloop; northloop.open; "
        f"print(*[name for name in {heavy} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


# --- the examples ------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_examples_run_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script(monkeypatch)
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
    spoken: dict[str, object] = {}
    for number, block in enumerate(blocks):
        exec(compile(block, f"docs/library.md, example {number + 1}", "exec"), spoken)
    out = capsys.readouterr().out
    assert "nothing speaks against it" in out
    assert spoken["again"].source == "approved"
    assert spoken["again"].answer == spoken["judged"].verdict.correction
    assert spoken["update"].edit.changed == ("returns-policy",)
    assert spoken["update"].deployment is not None
    assert spoken["answer"].origin == "customer"
    assert spoken["answer"].tenant == "north"
    assert "there is no workspace here yet" in out
    assert not (tmp_path / "elsewhere").exists()


# --- rights ------------------------------------------------------------------------------------


def test_a_caller_may_ask_and_no_more(tmp_path: Path) -> None:
    with_release(tmp_path / "shop").close()
    with nl.open(tmp_path / "shop", nl.team("Ana")) as shop:
        customers = shop.acting(nl.caller("web shop", tenant="north"))
        assert customers.lazy is shop.lazy
        live = shop.releases()[0].artefact.hash
        for forbidden in (
            lambda: customers.promote(live),
            lambda: customers.queue(),
            lambda: customers.change("seed", "2"),
            lambda: customers.find("tents"),
            lambda: customers.preview([tmp_path / "none.csv"]),
        ):
            with pytest.raises(nl.errors.NotAllowed):
                forbidden()
        with pytest.raises(nl.errors.NotFound):
            shop.promote("0123456789")


# --- the recipes -------------------------------------------------------------------------------


def imports(file: Path) -> Iterator[tuple[str, str]]:
    """Yield (module, name) of what a file imports; name "" for whole modules."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


@pytest.mark.parametrize("file", sorted((ROOT / "recipes").glob("*.py")), ids=lambda f: f.name)
def test_recipes_use_public_names_alone(file: Path) -> None:
    own = {found.stem for found in file.parent.glob("*.py")}
    for module, name in imports(file):
        top = module.partition(".")[0]
        if top == "northloop":
            assert module == "northloop", f"{file.name} reaches into {module}"
            assert not name or name in nl.__all__, f"{file.name}: {name} is not public"
        else:
            known = own | set(sys.stdlib_module_names) | {"msgspec", "scipy"}
            assert top in known, f"{file.name} imports {top}"


@pytest.mark.parametrize("file", sorted((ROOT / "recipes").glob("*.py")), ids=lambda f: f.name)
def test_recipes_say_public_names_alone(file: Path) -> None:
    said = set(re.findall(r"\bnl\.(\w+)", file.read_text("utf-8")))
    assert said <= set(nl.__all__)
