"""The verbs of the agents: who waits, what else might be sent, sending, editing, discarding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from northloop.cli.typed import HERE, Dir, Json, opened
from northloop.core.actor import team
from northloop.core.desk import ActKind
from northloop.core.treatment import Mode

if TYPE_CHECKING:
    from northloop.app.desk import Acted, Waiting

verbs = typer.Typer(help="Conversations that wait for a person.", no_args_is_help=True)
Answer = Annotated[str, typer.Argument(help="As northloop desk list shows it.")]
Agent = Annotated[str, typer.Option(help="Who acts.")]
Intent = Annotated[
    str, typer.Option(help="What the question is about: kept where the reply is a verdict.")
]
_SAID = {
    ActKind.SENT: "Sent as it was drafted.",
    ActKind.EDITED: "Sent as you edited it.",
    ActKind.WRITTEN: "Sent. The draft, if there was one, is discarded.",
    ActKind.CLOSED: "Closed. Nothing was sent.",
}
_MODES = {
    Mode.DRAFT: "A person answers it: what would be said there is a draft at the desk.",
    Mode.CERTIFIED: "Nothing is sent there that people's decisions do not certify.",
    None: "What serving.mode says holds there again.",
}


@verbs.command("list")
def queue(
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """List who waits, the one that has waited longest first."""
    from northloop.app import desk
    from northloop.cli import present

    with opened(dir) as workspace:
        page = desk.queue(workspace, team(), limit=limit)
        waiting = max(desk.waiting(workspace, team()), len(page.rows))
    waits = "1 conversation waits" if waiting == 1 else f"{waiting} conversations wait"
    if page.more:
        present.err.print(f"{waits}; these are the first {limit}: --limit {waiting} shows all")
    present.many(
        page.rows,
        waits if waiting else "Conversations that wait",
        ("answer", "waits", "reason", "question", "draft"),
        [
            (w.interaction_id, _waited(w.waited_s), w.reason, w.handed.question, _draft(w))
            for w in page.rows
        ],
        json,
    )


@verbs.command("alternatives")
def alternatives(answer: Answer, dir: Dir = HERE, json: Json = False) -> None:
    """Show what might be sent in the place of the draft."""
    from northloop.app import desk
    from northloop.cli import present

    with opened(dir) as workspace:
        found = desk.alternatives(workspace, team(), answer)
    present.many(
        found,
        "What might be sent instead" if found else "Nothing else is known to be sent here",
        ("offer", "from", "text"),
        [
            (
                str(n),
                ", ".join(dict.fromkeys(c.passage.title for c in one.cited)) or "an earlier reply",
                one.text,
            )
            for n, one in enumerate(found, 1)
        ],
        json,
    )


@verbs.command("send")
def send(answer: Answer, agent: Agent = "", dir: Dir = HERE, json: Json = False) -> None:
    """Send the draft as it is."""
    from northloop.app import desk

    with opened(dir) as workspace:
        _told(desk.send(workspace, team(agent), answer), json)


@verbs.command("edit")
def edit(
    answer: Answer,
    text: Annotated[str, typer.Argument(help="What the customer is to read.")],
    agent: Agent = "",
    for_others: Annotated[
        bool, typer.Option(help="Whether others who ask this may get it, too.")
    ] = True,
    intent: Intent = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Send the draft as you have changed it."""
    from northloop.app import desk

    with opened(dir) as workspace:
        acted = desk.edit(
            workspace, team(agent), answer, text, for_others=for_others, intent=intent
        )
    _told(acted, json)


@verbs.command("reword")
def reword(
    answer: Answer,
    text: Annotated[str, typer.Argument(help="What the customer is to read.")],
    agent: Agent = "",
    intent: Intent = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Send the draft in words of your own: it was right."""
    from northloop.app import desk

    with opened(dir) as workspace:
        acted = desk.reword(workspace, team(agent), answer, text, intent=intent)
    _told(acted, json)


@verbs.command("discard")
def discard(
    answer: Answer,
    reply: Annotated[str, typer.Option(help="What the customer is to read instead.")] = "",
    agent: Agent = "",
    for_others: Annotated[
        bool, typer.Option(help="Whether others who ask this may get the reply, too.")
    ] = False,
    intent: Intent = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Discard the draft; send a reply of your own, or close the conversation without one."""
    from northloop.app import desk

    with opened(dir) as workspace:
        acted = desk.discard(
            workspace, team(agent), answer, reply, for_others=for_others, intent=intent
        )
    _told(acted, json)


@verbs.command("mode")
def mode(
    conversation: Annotated[
        str, typer.Argument(help="As its questions name it, or one of its answers.")
    ],
    wanted: Annotated[
        str, typer.Argument(help="draft: a person answers it; certified; none lifts it.")
    ],
    agent: Agent = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Let a person answer a conversation from now on, or the assistant again."""
    from northloop.app import desk
    from northloop.cli import present
    from northloop.core.errors import InputError

    known = {"none": None, **{own.value: own for own in Mode}}
    if wanted not in known:
        raise InputError(
            f"{wanted!r} is no mode", where="MODE", action=f"say one of: {', '.join(known)}"
        )
    with opened(dir) as workspace:
        kept = desk.answer_in(workspace, team(agent), conversation, known[wanted])
    present.one(kept, _MODES[known[wanted]], json)


def _told(acted: Acted, json: bool) -> None:
    from northloop.cli import present

    present.one(acted.act, _SAID[acted.act.kind], json)
    if acted.proposal:
        present.err.print(f"A turn is {acted.proposal.state.value}: northloop loop status")


def _draft(one: Waiting) -> str:
    return f"(its documents have changed since) {one.draft}" if one.outdated else one.draft


def _waited(seconds: float) -> str:
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
