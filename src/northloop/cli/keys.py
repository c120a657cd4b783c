"""The verbs of the API's keys: create, list, revoke."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from northloop.cli.typed import HERE, Dir, Json, as_usage, opened
from northloop.core.actor import Role, team
from northloop.core.errors import WrongUsage
from northloop.core.keys import KEY_ROLES

if TYPE_CHECKING:
    from northloop.app.keys import WantedKey

key = typer.Typer(help="Keys of the API: create, list, revoke.", no_args_is_help=True)


@key.command("create")
def create(
    name: Annotated[str, typer.Option(help="What it is for: web shop.")] = "",
    tenant: Annotated[
        str, typer.Option(help="Whose answers it sees. Default: a tenant of its own.")
    ] = "",
    scope: Annotated[
        list[str], typer.Option(help="answer, feedback or read; once for each. Default: all.")
    ] = [],
    expires: Annotated[
        str, typer.Option(help="Last day as 2027-06-30, a time with its zone, or 90d.")
    ] = "",
    replaces: Annotated[
        str, typer.Option(help="Id of a key whose tenant and scopes it takes over.")
    ] = "",
    by: Annotated[str, typer.Option(help="Who makes it.")] = "",
    print: Annotated[
        bool, typer.Option("--print", help="Keep nothing; print the line for northloop.toml.")
    ] = False,
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Make a key, shown once; it works at once, in every running server."""
    from northloop.app.keys import WantedKey

    wanted = WantedKey(
        name=name, tenant=tenant, roles=_scopes(scope), expires=expires, replaces=replaces
    )
    if print:
        _for_the_file(wanted, json)
    else:
        _kept(dir, wanted, by, json)


@key.command("list")
def list_(dir: Dir = HERE, json: Json = False) -> None:
    """List the keys, those of northloop.toml too, with their state."""
    from northloop.app import keys
    from northloop.cli import present

    with opened(dir) as workspace:
        listed = keys.list_keys(workspace, team())
    if json:
        present.document(listed)
    else:
        present.keys(listed)


@key.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(help="As northloop key list shows it.")],
    by: Annotated[str, typer.Option(help="Who revokes it.")] = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Let a key work no more, within a second in every running server."""
    from northloop.app import keys
    from northloop.cli import present

    with opened(dir) as workspace:
        revoked = keys.revoke(workspace, team(by), key_id)
        left = keys.any_valid(workspace)
    present.one(revoked, f"Key {key_id} is revoked.", json)
    if not left:
        present.err.print("No key works any more: every request to the API is refused.")


def _kept(folder: Path, wanted: WantedKey, by: str, as_json: bool) -> None:
    """Make a key, shown once, and say what changes with it."""
    from northloop.app import keys
    from northloop.cli import present

    with opened(folder) as workspace:
        is_first = not keys.known(workspace)
        with as_usage():
            made = keys.create(workspace, team(by), wanted)
    if as_json:
        present.document(made)
        return
    present.secret(made.secret)
    present.out.print(f"Key {made.key.key_id}, tenant {made.key.tenant}. It works at once.")
    if is_first:
        present.out.print("From now on every caller of the API needs a key.")


def _for_the_file(wanted: WantedKey, as_json: bool) -> None:
    """Make a key, shown once, with its line for northloop.toml; nothing is kept."""
    from northloop.app import keys
    from northloop.cli import present

    if wanted.replaces or wanted.expires or wanted.name:
        raise WrongUsage(
            "a key of northloop.toml has a tenant and scopes, no name and no end",
            where="--print",
            action="leave the others out, or leave out --print",
        )
    with as_usage():
        made = keys.unkept(wanted)
    if as_json:
        present.document({"secret": made.secret, "sha256": made.key.sha256})
        return
    present.secret(made.secret)
    present.out.print(f"For serving.api_keys in northloop.toml:  {keys.line_of(made.key)}")


def _scopes(given: Sequence[str]) -> tuple[Role, ...]:
    try:
        return tuple(Role(scope) for scope in given)
    except ValueError as error:
        raise WrongUsage(
            f"no such scope: {', '.join(given)}",
            where="--scope",
            action=f"use {', '.join(KEY_ROLES)}",
        ) from error
