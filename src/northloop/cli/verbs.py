"""What each verb of the command line does: open the workspace, call, present."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import typer

from northloop import setup
from northloop.cli import doctor as checks
from northloop.cli import present, serving
from northloop.core.artefacts import DataCard, Decision, Guardrail, Kind, Objective
from northloop.core.conversation import Example, Message, Split, Ticket
from northloop.core.errors import (
    GateNotMet,
    InputError,
    NorthloopError,
    NotFound,
    VagueObjective,
    WrongUsage,
)
from northloop.core.ids import Hash, derived_id, short, uniform
from northloop.core.interaction import Interaction, Proposal, ProposalState, Question, VerdictKind
from northloop.demo.run import Demo, run_demo
from northloop.http.keys import new_key
from northloop.loop import lineage, promote, propose, steps
from northloop.loop.bundles import read_lines, read_one
from northloop.loop.journal import PLAYGROUND
from northloop.loop.knowledge import make_material
from northloop.ports.jobs import State
from northloop.settings import SourceSetting
from northloop.stages.data import card as cards
from northloop.stages.data.doubts import Doubt, doubts
from northloop.stages.data.prepare import Prepared, named, prepare
from northloop.stages.data.sources import FIELDS, Layout, SourceFile, layout
from northloop.stages.monitoring import approvals
from northloop.stages.monitoring.review import Judgement, queue, verdicts
from northloop.stages.objective.contract import ObjectiveInput, write_contract
from northloop.stages.objective.metrics import with_baseline
from northloop.stages.objective.templates import use_case_named
from northloop.stages.objective.whys import next_why
from northloop.workspace import STATE, Workspace, settings_in_force, values_in_force

SHOWN_PAIRS = 3


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How an export comes in, as typed."""

    pin: str = ""
    licence: str = ""
    columns: tuple[str, ...] = ()
    """Each as field=column."""
    anyway: bool = False
    """Learn from it though it looks misunderstood."""


class Opinion(msgspec.Struct, frozen=True):
    """A verdict as typed."""

    review_id: str
    verdict: str
    correction: str
    reviewer: str


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import made."""

    dataset: str
    card: DataCard
    objective: Objective | None
    notices: list[str]
    """What was not understood of it, or insisted on."""
    pairs: list[Example]
    """A few, as they would be learnt."""


@contextmanager
def opened(folder: Path, set_: Sequence[str] = ()) -> Iterator[Workspace]:
    """An open workspace with bars for its long work; closed at the end."""
    flags = dict(_flag(text) for text in set_)
    with present.Bars() as bars:
        workspace = Workspace.open(folder, flags, bars)
        try:
            yield workspace
        finally:
            workspace.close()


# --- objective and data ------------------------------------------------------------------------


def init(folder: Path, use_case: str, given: ObjectiveInput, as_json: bool) -> None:
    """Write the objective contract into a new workspace, asking for what is missing."""
    if not (given.statement or given.metric):
        sentence = _asked("What is to change, by how much, until when?")
        given = msgspec.structs.replace(given, statement=sentence)
    if not given.whys:
        given = msgspec.structs.replace(given, whys=tuple(_whys(given.statement)))
    with _typed():
        objective = write_contract(given, date.today())
        template = use_case_named(use_case)
    file = setup.create(folder, use_case, objective)
    if as_json:
        present.document(objective)
        return
    present.objective(objective)
    present.out.print(f"{template.title} needs:")
    for need in template.needs:
        present.out.print(f"  · {need}")
    for hint in template.hints:
        present.out.print(hint, style="dim")
    present.out.print(f"\nWritten to {file}. Articles go into {folder / 'documents'}.")
    present.out.print(f"Next: northloop import <your ticket export>{checks.there(folder)}")


def guardrails(given: Sequence[str]) -> tuple[Guardrail, ...] | None:
    """Return what `--guardrail metric=margin` named, None if it was not given; WrongUsage."""
    return tuple(_guardrail(text) for text in given) or None


def import_history(folder: Path, files: Sequence[Path], terms: Terms, as_json: bool) -> None:
    """Add exports to the history, make the dataset and compute the baseline.

    They are written to northloop.toml together, once the dataset could be made of them and they
    hold what can be learnt. InputError, with everything as it was, if they do not.
    """
    pin, columns = _split(terms.pin), dict(_column(text) for text in terms.columns)
    sources = [setup.source_of(folder, file, pin, terms.licence, columns) for file in files]
    with _untouched(folder / STATE), opened(folder) as workspace:
        workspace.settings = setup.with_sources(workspace.settings, sources)
        new = _new_sources(workspace, sources)
        layouts = {source.label: layout(source) for source in new}
        for label, read in layouts.items():
            present.err.print(f"{label}: {_columns(read.mapping)}", highlight=False)
        made = prepare(workspace.prepare_spec, workspace.sources(), progress=workspace.progress)
        found = doubts(made, layouts, workspace.prepare_spec)
        grave = any(not doubt.is_notice for doubt in found)
        if grave and not (terms.anyway and made.examples):
            raise _refusal(found[0], may_insist=bool(made.examples))
        notices = [*(f"{d.where}: {d.what}" for d in found), *_without_replies(layouts)]
        notices += cards.notices(made.card)
        pairs = _some_pairs(made, {*layouts}, str(workspace.settings.seed))
        dataset = steps.keep_dataset(workspace.artefacts, made).hash
        setup.add_sources(folder, sources)
        objective = _with_new_baseline(workspace, dataset)
    present.notices(notices)
    if as_json:
        present.document(
            Imported(
                dataset=dataset, card=made.card, objective=objective, notices=notices, pairs=pairs
            )
        )
        return
    present.card(dataset, made.card)
    present.pairs(pairs, sum(made.card.splits.values()))
    if objective is not None:
        present.objective(objective)


@contextmanager
def _untouched(state: Path) -> Iterator[None]:
    """Leave no state folder behind where there was none and what was to be done is refused."""
    there = state.exists()
    try:
        yield
    except NorthloopError:
        if not there:
            with suppress(OSError):  # not empty: somebody else works in it
                state.rmdir()
        raise


def _new_sources(workspace: Workspace, sources: Sequence[SourceSetting]) -> list[SourceFile]:
    """Return the sources that an import is of, under the names that the dataset gives them."""
    paths = {source.path for source in sources}
    all_ = zip(workspace.settings.data.sources, named(workspace.sources()), strict=True)
    return [file for setting, file in all_ if setting.path in paths]


def _refusal(doubt: Doubt, *, may_insist: bool) -> InputError:
    insist = "; if it is meant so, give the same command with --anyway" if may_insist else ""
    return InputError(doubt.what, where=doubt.where, action=doubt.action + insist)


def _without_replies(layouts: Mapping[str, Layout]) -> list[str]:
    return [
        f"{label}: no column looks like the agent's reply, so nothing is learnt from it; it counts "
        'for the baseline alone. To name the column: --map reply="<column>"'
        for label, read in layouts.items()
        if "reply" not in read.mapping
    ]


def _some_pairs(made: Prepared, labels: Collection[str], seed: str) -> list[Example]:
    """Return a few examples of the sources named, always the same ones."""
    own = [e for e in made.examples if any(o.rpartition(":")[0] in labels for o in e.origin)]
    return sorted(own, key=lambda e: uniform(seed, "shown", e.example_id))[:SHOWN_PAIRS]


def _with_new_baseline(workspace: Workspace, dataset: Hash) -> Objective | None:
    """Return the contract with its baseline computed; as it was if the history is too short.

    Once a release is live the baseline stays: what comes in then is the effect, not the start.
    """
    objective = workspace.settings.objective
    if objective is None or promote.live(workspace.records):
        return objective
    tickets = read_lines(workspace.artefacts, dataset, steps.TICKETS, Ticket)
    try:
        measured = with_baseline(msgspec.structs.replace(objective, baseline=None), tickets)
    except InputError as error:
        present.err.print(f"no baseline yet: {error}")
        return objective
    setup.write_objective(workspace.folder, measured)
    return measured


def plan(folder: Path, set_: Sequence[str], as_json: bool) -> None:
    """Say what the first training would take on this machine."""
    with opened(folder, set_) as workspace:
        spec = workspace.turn_spec()
        dataset = steps.make_dataset(workspace.parts, spec.prepare, spec.sources, (), None)
        material = make_material(workspace.parts, spec.documents, dataset.hash)
        planned = steps.plan_adapter(
            workspace.parts, spec.tune, spec.recipe, material, workspace.base
        )
    if as_json:
        present.document(planned)
    else:
        present.out.print(planned.text())


# --- loop --------------------------------------------------------------------------------------


def loop_run(folder: Path, set_: Sequence[str], as_json: bool) -> None:
    """Approve and carry out the next turn; GateNotMet if the gate refuses the release."""
    with opened(folder, set_) as workspace:
        proposal = _proposal(workspace)
        if proposal.state is ProposalState.OPEN:
            proposal = propose.approve(workspace.records, proposal.proposal_id)
        _carried_out(workspace, proposal.proposal_id, as_json)


def loop_approve(folder: Path, proposal_id: str, as_json: bool) -> None:
    """Approve a proposal and carry out its turn."""
    with opened(folder) as workspace:
        proposal = workspace.records.get(Proposal, proposal_id)
        if proposal.state is ProposalState.OPEN:
            propose.approve(workspace.records, proposal_id)
        _carried_out(workspace, proposal_id, as_json)


def loop_reject(folder: Path, proposal_id: str, as_json: bool) -> None:
    """Close a proposal."""
    with opened(folder) as workspace:
        proposal = propose.reject(workspace.parts, proposal_id)
    stay = " The verdicts it took in stay for the next." if proposal.verdicts else ""
    present.one(proposal, f"Rejected.{stay}", as_json)


def _evidence(workspace: Workspace, releases: Sequence[Hash]) -> None:
    """Print what customers would have received of releases and of those beside them."""
    for release in releases:
        found = promote.compared(workspace.artefacts, workspace.records, release)
        if found is not None:
            present.received(found)


def loop_status(folder: Path, as_json: bool) -> None:
    """Say where the loop stands, with all proposals and the evidence for what waits."""
    with opened(folder) as workspace:
        proposals = propose.proposals(workspace.parts)
        minimum = workspace.settings.loop.verdicts_per_turn
        said = propose.explain(workspace.parts, minimum)
        if as_json:
            present.document({"explanation": said, "proposals": proposals})
            return
        present.out.print(said)
        _evidence(workspace, [p.release for p in propose.ready(workspace.records)])
    present.table(
        "Turns",
        ("proposal", "state", "verdicts", "reason"),
        [(p.proposal_id, p.state.value, str(len(p.verdicts)), p.reason) for p in proposals],
    )


def _proposal(workspace: Workspace) -> Proposal:
    """Return the turn to carry out: an unfinished one, the first, or a retraining."""
    if promote.live(workspace.records) is None:
        return propose.propose_first(workspace.records)
    return propose.ask_for_retraining(workspace.records)


def _carried_out(workspace: Workspace, proposal_id: str, as_json: bool) -> None:
    state: State = propose.carry_out(workspace.parts, workspace.turn_spec(), proposal_id)
    decision = read_one(workspace.artefacts, state["decision"], "decision.json", Decision)
    if as_json:
        present.document({"state": dict(state), "decision": decision})
    else:
        present.decision(decision)
        _evidence(workspace, [decision.candidate])
    if not decision.promote:
        raise GateNotMet(decision.reason, where=f"release {short(decision.candidate)}")
    if not as_json and promote.live(workspace.records) != decision.candidate:
        minimum = workspace.settings.loop.verdicts_per_turn
        present.out.print(propose.explain(workspace.parts, minimum))


# --- releases ----------------------------------------------------------------------------------


def release_list(folder: Path, as_json: bool) -> None:
    """List the sealed releases with what the gate said of each."""
    with opened(folder) as workspace:
        live = promote.live(workspace.records)
        kept = workspace.artefacts
        rows = [
            (artefact, promote.decision_about(kept, workspace.records, artefact.hash))
            for artefact in kept.list(Kind.RELEASE)
        ]
        ready = {
            artefact.hash
            for artefact, _ in rows
            if promote.may_be_promoted(kept, workspace.records, artefact.hash)
        }
    if as_json:
        present.document(
            [
                {
                    "artefact": artefact,
                    "decision": decision,
                    "live": artefact.hash == live,
                    "ready": artefact.hash in ready,
                }
                for artefact, decision in rows
            ]
        )
        return
    present.table(
        "Releases",
        ("release", "kind", "sealed", "state", "gate"),
        [
            (
                short(a.hash),
                a.manifest.meta["kind"],
                a.created_at[:16],
                "live" if a.hash == live else "ready" if a.hash in ready else "",
                d.reason if d else "not judged",
            )
            for a, d in rows
        ],
    )


def release_promote(folder: Path, prefix: str, as_json: bool) -> None:
    """Make a release live, if the gate allows it, and say on what evidence."""
    with opened(folder) as workspace:
        hash_ = workspace.artefacts.get(prefix).hash
        done = promote.promote_release(workspace.artefacts, workspace.records, hash_)
        if not as_json:
            _evidence(workspace, [hash_])
    present.one(done, f"Release {short(done.release)} is live.", as_json)


def release_rollback(folder: Path, prefix: str, as_json: bool) -> None:
    """Make the release before the present one, or the one named, live again."""
    with opened(folder) as workspace:
        hash_ = workspace.artefacts.get(prefix).hash if prefix else None
        done = promote.roll_back(workspace.records, hash_)
    present.one(done, f"Rolled back: release {short(done.release)} is live.", as_json)


# --- answers and reviews -----------------------------------------------------------------------


def ask(folder: Path, text: str, as_json: bool) -> None:
    """Ask the live release and print its answer as it comes."""
    with opened(folder) as workspace:
        question = Question(
            interaction_id=derived_id("ask", text, datetime.now(UTC).isoformat()),
            messages=(Message("user", text),),
            tenant=PLAYGROUND,
        )
        for piece in workspace.live.answer(question):
            if isinstance(piece, Interaction):
                kept = piece
            elif not as_json:
                sys.stdout.write(piece)
                sys.stdout.flush()
    if as_json:
        present.document(kept)
    else:
        present.out.print("\n")
        present.trace(kept)


def trace(folder: Path, name: str, as_json: bool) -> None:
    """Show how an answer came about, back to the rows it was learnt from; or the way of a row."""
    if ":" in name:
        _trace_row(folder, name, as_json)
    else:
        _trace_answer(folder, name, as_json)


def _trace_row(folder: Path, origin: str, as_json: bool) -> None:
    """Show what a row (`file:row`, `verdict:id`) went into."""
    with opened(folder) as workspace:
        datasets = lineage.datasets_with(workspace.artefacts, origin)
        reason = lineage.why_quarantined(workspace.artefacts, origin)
        made = {
            found.hash: found
            for dataset in reversed(datasets)
            for found in (
                workspace.artefacts.get(dataset),
                *lineage.descendants(workspace.artefacts, dataset),
            )
        }
    if not made:
        raise NotFound(
            f"the row was set aside: {reason}" if reason else "no dataset has this row",
            where=origin,
            action="mend the row and import again"
            if reason
            else "name it as the data card does: file:row (the first row below the header is 1), "
            "or verdict:id",
        )
    if as_json:
        present.document(list(made.values()))
    else:
        present.artefacts(f"{origin} went into", list(made.values()))


def _trace_answer(folder: Path, interaction_id: str, as_json: bool) -> None:
    with opened(folder) as workspace:
        try:
            interaction = workspace.records.get(Interaction, interaction_id)
        except NotFound as error:
            raise NotFound(
                "there is no such answer",
                where=interaction_id,
                action="give an interaction's id, as northloop ask shows it, or a row as file:row",
            ) from error
        found = lineage.behind(workspace.artefacts, workspace.records, interaction_id)
    if as_json:
        present.document({"interaction": interaction, "lineage": found})
    else:
        present.trace(interaction)
        present.lineage(found)


def review_list(folder: Path, as_json: bool) -> None:
    """List the answers that wait for a verdict."""
    with opened(folder) as workspace:
        waiting = queue(workspace.records)
    if as_json:
        present.document(waiting)
        return
    n = len(waiting)
    present.table(
        f"{n} {'answer waits' if n == 1 else 'answers wait'}" if n else "Answers that wait",
        ("review", "question", "answer"),
        [(w.item.review_id, w.interaction.question, _judged(w.interaction)) for w in waiting],
    )


def _judged(interaction: Interaction) -> str:
    held = interaction.draft
    return f"(handed off; held back: {held})" if held else interaction.answer


def review_give(folder: Path, opinion: Opinion, as_json: bool) -> None:
    """Give a verdict; enough corrections propose the next turn."""
    try:
        kind = VerdictKind(opinion.verdict)
    except ValueError as error:
        known = ", ".join(kind.value for kind in VerdictKind)
        raise WrongUsage(
            "no such verdict", where=opinion.verdict, action=f"give one of: {known}"
        ) from error
    with opened(folder) as workspace:
        judgement = Judgement(
            review_id=opinion.review_id,
            kind=kind,
            correction=opinion.correction,
            reviewer=opinion.reviewer,
        )
        given = workspace.live.judge(judgement, datetime.now(UTC).isoformat())
        rule = workspace.settings.loop
        proposal = propose.after_verdict(workspace.records, rule.verdicts_per_turn, rule.approval)
        others = verdicts(workspace.records, given.interaction_id)
    present.one(given, f"Kept: {kind.value.replace('_', ' ')}.", as_json)
    if approvals.disagree(others):
        present.err.print("Reviewers disagree on this answer: northloop approved list")
    if proposal:
        present.err.print(f"A turn is {proposal.state.value}. Carry it out: northloop loop run")


def approved_list(folder: Path, as_json: bool) -> None:
    """List the approved answers with what became of each, and where reviewers disagree."""
    with opened(folder) as workspace:
        listed = approvals.approvals(workspace.records)
        conflicts = approvals.disagreements(workspace.records)
    if as_json:
        present.document({"approved": listed, "disagreements": conflicts})
        return
    present.table(
        "Approved answers",
        ("approved", "state", "by", "question", "answer"),
        [
            (
                a.answer.approved_id,
                f"{a.state.value}, {len(a.rivals)} other" if a.rivals else a.state.value,
                a.reviewer,
                a.answer.question,
                a.answer.answer,
            )
            for a in listed
        ],
    )
    if conflicts:
        present.table(
            "Reviewers disagree",
            ("question", "answer", "verdicts"),
            [
                (
                    c.interaction.question,
                    c.interaction.judged,
                    "; ".join(f"{v.reviewer or 'somebody'}: {v.kind.value}" for v in c.verdicts),
                )
                for c in conflicts
            ],
        )


def approved_withdraw(folder: Path, approved_id: str, by: str, as_json: bool) -> None:
    """Serve an approved answer no more."""
    with opened(folder) as workspace:
        answer = approvals.withdraw(
            workspace.records, approved_id, by, datetime.now(UTC).isoformat()
        )
        served = approvals.served(workspace.records, answer.question)
    now = f"Served now: {served.answer}" if served else "Nothing is served in its place."
    undo = f"northloop approved restore {approved_id}"
    present.one(answer, f"Withdrawn. {now} To take it back: {undo}", as_json)


def approved_restore(folder: Path, approved_id: str, as_json: bool) -> None:
    """Serve a withdrawn answer again."""
    with opened(folder) as workspace:
        answer = approvals.restore(workspace.records, approved_id)
        served = approvals.served(workspace.records, answer.question)
    again = served is not None and served.approved_id == approved_id
    why = "a newer one stands for the question, or it was judged wrong: northloop approved list"
    not_served = f"No more withdrawn, but not served: {why}"
    present.one(answer, "The approved answer is served again." if again else not_served, as_json)


# --- serving, settings, doctor, demo -----------------------------------------------------------


def serve(folder: Path, host: str, port: int, set_: Sequence[str]) -> None:
    """Serve the API and the console until interrupted."""
    flags = [*set_]
    flags += [f"serving.host={host}"] if host else []
    flags += [f"serving.port={port}"] if port else []
    with opened(folder, flags) as workspace:
        serving.serve(workspace)


def settings(folder: Path, set_: Sequence[str], as_json: bool) -> None:
    """Show every setting in force."""
    with opened(folder, set_) as workspace:
        in_force = workspace.settings
    if as_json:
        present.document(values_in_force(in_force))
    else:
        present.table("Settings in force", ("setting", "value"), settings_in_force(in_force))


def key(as_json: bool) -> None:
    """Make an API key, shown once."""
    secret, kept = new_key()
    if as_json:
        present.document({"key": secret, "sha256": kept.sha256})
        return
    present.out.print(f"Key, shown once:  {secret}", highlight=False)
    present.out.print(f'Put into northloop.toml, [serving]:  api_keys = ["{kept.sha256}"]')


def doctor(folder: Path, as_json: bool) -> None:
    """Show what is installed and what is missing; exit code 4 if something needed is."""
    findings = checks.examine(folder)
    if as_json:
        present.document(findings)
    else:
        present.findings(findings)
    if any(not finding.ok and finding.needed for finding in findings):
        raise typer.Exit(4)


def demo(wanted: Demo, *, serve_after: bool, as_json: bool) -> None:
    """Run the demo, show its table, then serve it."""
    with present.Bars() as bars:
        result = run_demo(wanted, bars)
    if as_json:
        present.document(result)
    else:
        present.demo(result)
    if serve_after:
        with opened(wanted.folder) as workspace:
            serving.serve(workspace)


# --- reading what was typed --------------------------------------------------------------------


@contextmanager
def _typed() -> Iterator[None]:
    """Raise what is wrong with the flags themselves as wrong usage; a vague wish is none."""
    try:
        yield
    except VagueObjective:
        raise
    except InputError as error:
        raise WrongUsage(error.what, where=error.where, action=error.action) from error


def _flag(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not all(name.strip().split(".")):
        raise WrongUsage(
            "a setting is given as section.name=value",
            where=f"--set {text}",
            action="for example --set training.epochs=2",
        )
    return name.strip(), value.strip()


def _column(text: str) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    if not equals or field.strip() not in FIELDS:
        raise WrongUsage(
            f'give a field and its column, as reply="Antwort"; fields are {", ".join(FIELDS)}',
            where=f"--map {text}",
            action="correct it and give the command again",
        )
    return field.strip(), column.strip()


def _guardrail(text: str) -> Guardrail:
    name, _, value = text.partition("=")
    try:
        return Guardrail(name.strip(), float(value))
    except ValueError as error:
        raise WrongUsage(
            "a guardrail is given as metric=margin",
            where=f"--guardrail {text}",
            action="for example --guardrail csat=0.1",
        ) from error


def _split(pin: str) -> Split | None:
    if not pin:
        return None
    try:
        return Split(pin)
    except ValueError as error:
        raise WrongUsage(
            f"there is no split {pin!r}", where="--pin", action="use test, validation or train"
        ) from error


def _columns(mapping: dict[str, str]) -> str:
    return ", ".join(f"{field} ← {column}" for field, column in mapping.items())


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise WrongUsage(
            "no objective was given",
            where="init",
            action='northloop init --objective "reduce resolution time by 30 % within six months"',
        )
    return str(typer.prompt(question))


def _whys(sentence: str) -> Iterator[str]:
    """Ask why until there is nothing left to ask, or the answer is empty."""
    answers: list[str] = []
    while sys.stdin.isatty() and (question := next_why(sentence, answers)):
        answer = str(typer.prompt(question, default="", show_default=False))
        if not answer:
            return
        answers.append(answer)
        yield answer
