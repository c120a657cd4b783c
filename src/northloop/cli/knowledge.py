"""The verbs of the knowledge base: update, status, confirm, reword."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from northloop.cli.typed import HERE, Dir, Json, is_meant, opened
from northloop.core.actor import team
from northloop.core.errors import WrongUsage
from northloop.core.ids import Hash, short

if TYPE_CHECKING:
    from northloop.app.knowledge import Became, Changed, Edit, EditPreview, InDoubt, Update
    from northloop.workspace import Workspace

_MOST_SHOWN = 20
_KINDS = {
    "touched": "what the edit touches",
    "corrected": "corrected lately",
    "other": "others",
}
_EFFECTS = {
    "same": "same",
    "otherwise": "answered otherwise",
    "handed_over": "handed over now",
    "answered": "answered now",
    "model": "left to the model",
    "draft": "another draft",
}
documents = typer.Typer(
    help="What the documents say: put in force, and what an edit puts in doubt.",
    no_args_is_help=True,
)
By = Annotated[str, typer.Option(help="Who does it.")]
Seen = Annotated[
    str,
    typer.Option(help="The knowledge that it was read beside: as `knowledge status` names it."),
]
Approved = Annotated[str, typer.Argument(help="An id that `knowledge status` shows.")]


@documents.command("update")
def update(
    lose: Annotated[
        bool, typer.Option("--lose", help="Also where more than half of the passages go.")
    ] = False,
    by: By = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Put in force what the documents say now; answers go on meanwhile."""
    from northloop.app import knowledge
    from northloop.cli import present

    with opened(dir) as workspace:
        made = knowledge.update(workspace, team(by), lose=lose)
        waiting = knowledge.in_doubt(workspace, team(by))
    present.one(made, _told(made), json)
    if json:
        return
    for problem in made.problems:
        present.err.print(problem)
    _show(waiting)


@documents.command("status")
def status(dir: Dir = HERE, json: Json = False) -> None:
    """Say what is in force, what an update would change and what waits for a person."""
    from northloop.app import knowledge
    from northloop.cli import present

    with opened(dir) as workspace:
        found = knowledge.status(workspace, team())
    if json:
        present.document(found)
        return
    in_force = f"Knowledge {short(found.knowledge)} is in force." if found.knowledge else ""
    change = f"An update would change: {_edited(found.edit)}" if found.edit else "Nothing changed."
    present.out.print(f"{in_force or 'Nothing is live yet.'} {change}")
    if found.elsewhere is not None:
        present.err.print(
            f"What is in force was read from another folder, {found.elsewhere.place}, since "
            f"{found.elsewhere.at}. An update lets this one count."
        )
    for problem in found.problems:
        present.err.print(problem)
    if found.outdated:
        present.table(
            "people write otherwise: mend the document, or answer with its words all the same",
            ("document", "says", "people write", "last", "times"),
            [
                (one.title, one.sentence, one.instead, one.at[:10], str(one.times))
                for one in found.outdated
            ],
        )
    _show(found.in_doubt)


@documents.command("preview")
def preview(
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help="Documents of another folder in the place of those here."),
    ] = None,
    last: Annotated[
        bool, typer.Option("--last", help="What the last change changed, that is in force.")
    ] = False,
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Say what customers would be told otherwise after an update, without one.

    The live release is asked the same questions with the documents in force and with those of the
    folder; nothing is put in force and nothing kept.
    """
    from northloop.app import knowledge
    from northloop.cli import present

    if last and folder is not None:
        raise WrongUsage(
            "the last change is of this workspace",
            where="--last --folder",
            action="give one of the two",
        )
    with opened(dir) as workspace:
        if last:
            found = knowledge.preview_last(workspace, team())
        else:
            found = knowledge.preview(workspace, team(), folder)
    if json:
        present.document(found)
        return
    for problem in found.problems:
        present.err.print(problem)
    _show_preview(found, last=last)


@documents.command("confirm")
def confirm(
    approved_id: Approved,
    seen: Seen = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Whatever the documents say now: for scripts.")
    ] = False,
    by: By = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Serve an approved answer again: it is right beside what the documents say now.

    Shows the answer with what changed and asks; --seen says that it was read, and beside which
    knowledge.
    """
    from northloop.app import knowledge
    from northloop.cli import present

    with opened(dir) as workspace:
        if not seen:
            seen = _in_force(workspace) if yes else _looked_at(workspace, approved_id)
        done = knowledge.confirm(workspace, team(by), approved_id, seen)
    said = (
        f"Confirmed beside knowledge {short(done.grounds.knowledge)}: the answer is served again."
    )
    present.one(done, said, json)


def _looked_at(workspace: Workspace, approved_id: str) -> Hash:
    """Show an answer in doubt and return the knowledge it was read beside, if it is still right.

    WrongUsage where nobody can be asked; nobody has decided anything then.
    """
    from northloop.app import knowledge
    from northloop.cli import present

    beside = _in_force(workspace)
    for doubt in knowledge.in_doubt(workspace, team()):
        if doubt.answer.approved_id == approved_id:
            present.doubt(doubt)
            _ask_whether_right(workspace, approved_id, beside)
    return beside


def _in_force(workspace: Workspace) -> Hash:
    from northloop.app import knowledge

    return knowledge.in_force(workspace, team()).knowledge


def _ask_whether_right(workspace: Workspace, approved_id: str, beside: Hash) -> None:
    if not sys.stdin.isatty():
        raise WrongUsage(
            "nobody has said that it was read",
            where=f"knowledge confirm {approved_id}",
            action=f"read what stands above, then add --seen {short(beside)}; --yes confirms "
            "whatever the documents say now",
        )
    if not is_meant(workspace, "Is the answer still right?"):
        typer.echo("Nothing was confirmed. Reword or withdraw it.", err=True)
        raise typer.Exit(1)


@documents.command("reword")
def reword(
    approved_id: Approved,
    text: Annotated[str, typer.Argument(help="The answer as it should be now.")],
    seen: Seen = "",
    by: By = "",
    dir: Dir = HERE,
    json: Json = False,
) -> None:
    """Serve another text in place of an approved answer; without --seen whatever is in force."""
    from northloop.app import knowledge
    from northloop.cli import present

    with opened(dir) as workspace:
        beside = seen or _in_force(workspace)
        done = knowledge.reword(workspace, team(by), approved_id, text, beside)
    present.one(done, "Reworded: the new text is served.", json)


def _told(made: Update) -> str:
    if made.deployment is None:
        return "Nothing changed." if made.before else "Read. The first release will find it."
    found = made.dependants
    rest = (
        f"{len(found.test_questions)} test questions, {len(found.training_rows)} training rows and "
        f"{len(found.interactions)} recent answers rest on what changed."
    )
    return f"In force: {_edited(made.edit)} {rest}"


def _edited(edit: Edit) -> str:
    parts = {"changed": edit.changed, "added": edit.added, "vanished": edit.vanished}
    said = ", ".join(
        f"{_of(len(names), 'document')} {what}" for what, names in parts.items() if names
    )
    new = _of(edit.passages_new, "passage")
    return f"{said or 'no document'} ({new} new, {edit.passages_gone} gone)."


def _of(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _show(waiting: Sequence[InDoubt]) -> None:
    from northloop.cli import present

    if not waiting:
        return
    one = len(waiting) == 1
    present.table(
        f"{len(waiting)} approved {'answer cites' if one else 'answers cite'} what changed: "
        "confirm, reword or withdraw",
        ("approved", "question", "answer", "gone", "new"),
        [
            (
                doubt.answer.approved_id,
                doubt.answer.question,
                doubt.answer.answer,
                "; ".join(passage.text for passage in doubt.gone),
                "; ".join(p.text for p in dict.fromkeys((*doubt.beside, *doubt.new))),
            )
            for doubt in waiting
        ],
    )


def _show_preview(found: EditPreview, *, last: bool) -> None:
    from northloop.cli import present

    if found.before == found.after:
        present.out.print("The documents say what is in force: nothing would change.")
        return
    begins = "The last change:" if last else "Nothing was put in force. An update would change:"
    present.out.print(f"{begins} {_edited(found.edit)[:-1]}, {found.stay} stay.")
    if found.edit.loses_most and not last:
        present.err.print("More than half of the passages would go: update asks for --lose.")
    present.table(
        f"What becomes of {found.asked} questions",
        ("asked", "n", *_EFFECTS.values(), "were right", "say it still"),
        [_row(one) for one in found.became],
    )
    for line in _beside(found):
        present.out.print(line)
    if found.changed:
        shown = found.changed[:_MOST_SHOWN]
        more = f", the first {len(shown)}" if len(shown) < len(found.changed) else ""
        present.table(
            f"{len(found.changed)} come to something else{more}",
            ("what", "question", "before", "after", "why"),
            [
                (
                    _what(one),
                    f"… {one.question}" if one.earlier else one.question,
                    one.before.words or "(no answer)",
                    one.after.words or "(no answer)",
                    why(one),
                )
                for one in shown
            ],
        )


def _row(one: Became) -> tuple[str, ...]:
    counts: dict[str, int] = {effect.value: count for effect, count in one.effects.items()}
    told = (str(counts.get(effect, 0)) for effect in _EFFECTS)
    return _KINDS[one.kind], str(one.asked), *told, str(one.right), str(one.right_kept)


def _beside(found: EditPreview) -> list[str]:
    """What there is to say besides the table."""
    lines = []
    if not found.touches:
        lines.append(
            "None of them is about what changes: they tell nothing of customers who will ask it."
        )
    if found.right:
        lost = found.right - found.right_kept
        lines.append(
            f"Of {found.right} that said what people judged right {found.right_kept} say it still, "
            f"{lost} do not: whether what they say now is right, nobody has judged."
        )
    if found.approved:
        wait = "waits" if len(found.approved) == 1 else "wait"
        lines.append(f"{_of(len(found.approved), 'approved answer')} {wait} for a person then.")
    if found.by_model:
        lines.append(f"{found.by_model} were left out: the model answers them, and was not asked.")
    if found.untold:
        lines.append(f"{found.untold} were left out: what was said before them is not known.")
    if found.more:
        lines.append(f"{found.more} more that the edit touches were not asked.")
    return lines


def _what(one: Changed) -> str:
    became = _EFFECTS[one.effect]
    return f"was right: {became}" if one.loses_right else became


def why(one: Changed) -> str:
    """Return which passages make the difference, in words."""
    titles = {
        "gone": dict.fromkeys(passage.title for passage in one.gone),
        "new": dict.fromkeys(passage.title for passage in one.came),
    }
    said = [f"{what}: {', '.join(names)}" for what, names in titles.items() if names]
    if one.waits:
        said.append("the approved answer waits for a person")
    return "; ".join(said) or "what else the documents say weighs otherwise"
