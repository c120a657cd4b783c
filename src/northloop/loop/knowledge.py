"""What the documents say: made of them, put in force, and what an edit puts in doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

import msgspec

from northloop.core.artefacts import Artefact, Article, Kind, Knowledge, RestsOn
from northloop.core.conversation import Cited, Document, Example, FirstSeen, Passage, Split
from northloop.core.deployment import Deployment, Pair
from northloop.core.errors import InputError, NotFound
from northloop.core.grounds import NO_GROUNDS, Grounds, Vouched, stands
from northloop.core.ids import Hash, canonical, content_hash, derived_id
from northloop.core.interaction import ApprovedAnswer, Interaction, Verdict
from northloop.core.question import normalised
from northloop.loop import steps
from northloop.loop.bundles import lines, read_lines, read_one
from northloop.loop.pairs import asked_of, index_of_earlier_version, open_pair
from northloop.loop.parts import Parts
from northloop.loop.promote import live_pair, put_in_force
from northloop.stages.data.documents import Reading, passages
from northloop.stages.monitoring.approvals import in_force

HEAD, DOCUMENTS = "knowledge.json", "documents.jsonl"
RECENT = 1_000
"""So many of the newest answers are looked through for what an edit changed."""
Said = Mapping[str, tuple[Hash, ...]]
"""Document → what names all that it says."""
Ready = Callable[[Pair], None]
MOST_TO_LOSE = 0.5
"""Share of the passages that an update may take away unless it is told that this is meant."""


def make_knowledge(parts: Parts, documents: Sequence[Document], before: Hash = "") -> Artefact:
    """Return the knowledge of documents: what one before knows is taken over, not made again.

    The same documents are the same knowledge, whatever was before.
    """
    documents = sorted(documents, key=lambda document: document.document_id)
    identity = content_hash([parts.indexer.name, documents])
    for known in parts.artefacts.list(Kind.KNOWLEDGE):
        if known.manifest.meta["made_from"] == identity:
            return known
    _note_when_seen(parts, documents, before)
    pieces = passages(documents)
    by_document = _by_document(pieces)
    head = Knowledge(
        tuple(
            Article(d.document_id, d.title, d.hash, by_document.get(d.document_id, ()))
            for d in documents
        )
    )
    files = parts.indexer.build(pieces, parts.folder(before) if before else None)
    return parts.artefacts.put(
        Kind.KNOWLEDGE,
        {HEAD: canonical(head), DOCUMENTS: lines(documents), **files},
        meta={
            "documents": str(len(documents)),
            "passages": str(len(pieces)),
            "made_from": identity,
        },
    )


def make_material(
    parts: Parts, documents: Sequence[Document], dataset: Hash, before: Hash = ""
) -> steps.Material:
    """Return what there is to learn from: a dataset ("" for none) and what documents say."""
    made = make_knowledge(parts, documents, before)
    asked = steps.make_asked(parts, made.hash, dataset) if dataset else None
    return steps.Material(dataset, made.hash, asked.hash if asked else None)


def _note_when_seen(parts: Parts, documents: Sequence[Document], before: Hash) -> None:
    known = {article.text for article in articles(parts, before)}
    now = _now()
    parts.records.add_all([FirstSeen(d.hash, now) for d in documents if d.hash not in known])


def articles(parts: Parts, knowledge: Hash) -> tuple[Article, ...]:
    """Return the articles of a knowledge; () for none and for one of an earlier version."""
    if not knowledge or parts.artefacts.get(knowledge).manifest.kind is not Kind.KNOWLEDGE:
        return ()
    return read_one(parts.artefacts, knowledge, HEAD, Knowledge).articles


def documents_of(parts: Parts, knowledge: Hash) -> list[Document]:
    """Return the documents of a knowledge; [] for one of an earlier version."""
    if parts.artefacts.get(knowledge).manifest.kind is not Kind.KNOWLEDGE:
        return []
    return read_lines(parts.artefacts, knowledge, DOCUMENTS, Document)


# --- what an edit changes ----------------------------------------------------------------------


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """How one knowledge differs from the one before it."""

    added: tuple[str, ...] = ()
    """Ids of documents."""
    changed: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    passages_before: int = 0
    passages_gone: int = 0
    """Passages that nobody finds any more, word for word."""
    passages_lost: int = 0
    """Those of them whose document vanished."""
    passages_new: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.vanished)


class Dependants(msgspec.Struct, frozen=True, kw_only=True):
    """What rests on passages that an edit changed, or now finds passages that it brought."""

    approved: tuple[str, ...] = ()
    """Ids of approved answers: not served until a person confirms, rewords or withdraws them."""
    test_questions: tuple[str, ...] = ()
    """Ids of examples."""
    training_rows: tuple[str, ...] = ()
    interactions: tuple[str, ...] = ()
    """Ids of recent answers that were given such a passage."""


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """What came of reading the documents."""

    knowledge: Hash
    """What is in force now; where nothing is live, what the first release will find."""
    before: Hash
    """What was in force; "" for nothing."""
    edit: Edit
    dependants: Dependants = Dependants()
    problems: tuple[str, ...] = ()
    """Files that could not be used, or only in part: name and reason."""
    deployment: Deployment | None = None
    """The change of what is live; None if there was none to make."""


def update(
    parts: Parts, reading: Reading, by: str, *, lose: bool = False, ready: Ready = lambda _: None
) -> Update:
    """Put what the documents say now in force, beside whatever release is live.

    Only what changed is embedded; answers that are being made end as they began. A file that
    cannot be read keeps what it said before. `ready` is called with the new pair before it goes
    live. InputError if more than half of the passages would go with their documents (unless `lose`
    says that it is meant), or if another process has changed the knowledge meanwhile.
    """
    in_force = live_pair(parts.artefacts, parts.records)
    before = in_force.knowledge if in_force else ""
    documents = documents_now(parts, reading)
    edit = edit_of(parts, before, documents)
    if not lose:
        _refuse_to_lose(edit)
    made = make_knowledge(parts, documents, before).hash
    if in_force is None or made == before:
        return Update(knowledge=made, before=before, edit=edit, problems=reading.problems)
    pair = Pair(in_force.release, made)
    _learn_again(parts, pair)
    ready(pair)
    deployment = put_in_force(parts.records, in_force, made, by)
    return Update(
        knowledge=made,
        before=before,
        edit=edit,
        dependants=dependants(parts, before, Pair(deployment.release, made)),
        problems=reading.problems,
        deployment=deployment,
    )


def documents_now(parts: Parts, reading: Reading) -> list[Document]:
    """Return the documents read, and of files that cannot be read what they said before."""
    if not reading.unread:
        return [*reading.documents]
    in_force = live_pair(parts.artefacts, parts.records)
    before = documents_of(parts, in_force.knowledge) if in_force else []
    read = {document.document_id for document in reading.documents}
    troubled = {PurePosixPath(one.path).with_suffix("").as_posix() for one in reading.unread}
    kept = [d for d in before if d.document_id in troubled - read]
    return [*reading.documents, *kept]


def edit_of(parts: Parts, before: Hash, documents: Sequence[Document]) -> Edit:
    """Return how documents differ from a knowledge."""
    then = parts.passages(before) if before else []
    cut = passages(documents)
    known: Said = {article.document_id: (article.text,) for article in articles(parts, before)}
    now: Said = {document.document_id: (document.hash,) for document in documents}
    if then and not known:  # of an earlier version: its documents are not kept
        known, now = _by_document(then), _by_document(cut)
    pieces = {passage.hash for passage in cut}
    gone = [passage for passage in then if passage.hash not in pieces]
    standing = {passage.hash for passage in then}
    return Edit(
        added=tuple(name for name in now if name not in known),
        changed=tuple(name for name, text in now.items() if known.get(name, text) != text),
        vanished=tuple(name for name in known if name not in now),
        passages_before=len(then),
        passages_gone=len(gone),
        passages_lost=sum(passage.document_id not in now for passage in gone),
        passages_new=len(pieces - standing),
    )


def _by_document(pieces: Sequence[Passage]) -> dict[str, tuple[Hash, ...]]:
    found: dict[str, list[Hash]] = {}
    for piece in pieces:
        found.setdefault(piece.document_id, []).append(piece.hash)
    return {document: tuple(hashes) for document, hashes in found.items()}


def _refuse_to_lose(edit: Edit) -> None:
    if edit.passages_lost <= MOST_TO_LOSE * edit.passages_before:
        return
    raise InputError(
        f"{len(edit.vanished)} documents are gone, and {edit.passages_lost} of "
        f"{edit.passages_before} passages with them",
        where=", ".join(edit.vanished[:5]) + (" …" if len(edit.vanished) > 5 else ""),
        action="put them back, or say that it is meant: northloop knowledge update --lose",
    )


def _learn_again(parts: Parts, pair: Pair) -> None:
    """Make what a release of an earlier version learnt about retrieval apply to new documents."""
    index = index_of_earlier_version(parts.artefacts, pair.release)
    made_from = parts.artefacts.get(index).manifest.parents if index else ()
    if len(made_from) == 2 and asked_of(parts, pair) is None:
        steps.make_asked(parts, made_from[0], made_from[1])


# --- what rests on it --------------------------------------------------------------------------


def dependants(parts: Parts, before: Hash, pair: Pair) -> Dependants:
    """Return what a change from a knowledge to that of a pair puts in doubt."""
    release, index = open_pair(parts, pair)
    then, now = parts.passage_hashes(before), parts.passage_hashes(pair.knowledge)
    gone, new = then - now, now - then
    rows = {row.example_id: row for row in rests_on(parts, pair)}
    shaken = [row for row in rows.values() if not gone.isdisjoint(row.passages)]
    asked = [(e.example_id, e.question) for e in _test_questions(parts, pair)] if new else []
    finding = [
        name
        for name, question in asked
        if not new.isdisjoint(h.passage.hash for h in index.search(question, release.passages))
    ]
    recent = parts.records.list(Interaction, limit=RECENT)
    return Dependants(
        approved=tuple(one.answer.approved_id for one in in_doubt(parts, pair)),
        test_questions=tuple(
            dict.fromkeys([r.example_id for r in shaken if r.split == Split.TEST] + finding)
        ),
        training_rows=tuple(r.example_id for r in shaken if r.split != Split.TEST),
        interactions=tuple(i.interaction_id for i in recent if not gone.isdisjoint(i.evidence)),
    )


def rests_on(parts: Parts, pair: Pair) -> list[RestsOn]:
    """Return which passages the rows of a release's dataset rest on; [] where nobody noted it."""
    asked = asked_of(parts, pair)
    return read_lines(parts.artefacts, asked, steps.RESTS_ON, RestsOn) if asked else []


def _test_questions(parts: Parts, pair: Pair) -> list[Example]:
    asked = asked_of(parts, pair)
    if asked is None:
        return []
    dataset = parts.artefacts.get(asked).manifest.parents[1]
    return steps.split_of(parts, dataset, Split.TEST)


class InDoubt(msgspec.Struct, frozen=True, kw_only=True):
    """An approved answer that is not served: what it was approved with has changed since."""

    answer: ApprovedAnswer
    gone: tuple[Passage, ...]
    """Passages that it rests on and that nobody finds any more."""
    new: tuple[Passage, ...]
    """Passages that its question finds now and that were not there."""


def in_doubt(parts: Parts, pair: Pair) -> list[InDoubt]:
    """Return the approved answers that wait for a person to confirm, edit or withdraw them."""
    release, index = open_pair(parts, pair)
    now = parts.passage_hashes(pair.knowledge)
    grounds = all_grounds(parts)
    found: list[InDoubt] = []
    newest = {(normalised(a.question), a.tenant): a for a in in_force(parts.records)}
    for answer in newest.values():
        own = grounds(answer)
        hits = [hit.passage for hit in index.search(answer.question, release.passages)]
        if stands(own, pair.knowledge, [p.hash for p in hits].copy, parts.known_passages):
            continue
        known = parts.known_passages(own.knowledge)
        earlier = [] if known is None else parts.passages(own.knowledge)
        found.append(
            InDoubt(
                answer=answer,
                gone=tuple(p for p in earlier if p.hash in own.evidence and p.hash not in now),
                new=tuple(p for p in hits if p.hash not in (known or own.evidence)),
            )
        )
    return found


def all_grounds(parts: Parts) -> Callable[[ApprovedAnswer], Grounds]:
    """Return what tells what an approved answer was last vouched for with.

    Where nobody noted it, that is what the answer was given that was corrected.
    """
    noted = {vouched.approved_id: vouched.grounds for vouched in parts.records.list(Vouched)}
    return lambda answer: noted.get(answer.approved_id) or _given(parts, answer)


def _given(parts: Parts, answer: ApprovedAnswer) -> Grounds:
    verdict = parts.records.find(Verdict, answer.origin.removeprefix("verdict:"))
    given = parts.records.find(Interaction, verdict.interaction_id) if verdict else None
    return NO_GROUNDS if given is None else grounds_given(parts, given)


def grounds_given(parts: Parts, interaction: Interaction) -> Grounds:
    """Return what an answer was made with, also one of an earlier version."""
    if interaction.knowledge:
        return Grounds(interaction.knowledge, interaction.evidence)
    try:
        index = index_of_earlier_version(parts.artefacts, interaction.release)
    except NotFound:
        index = ""
    if not index:
        return NO_GROUNDS
    cited = [p.hash for p in parts.passages(index) if p.passage_id in interaction.citations]
    return Grounds(index, tuple(cited))


def vouch(
    parts: Parts, approved_id: str, pair: Pair, by: str, found: Sequence[Hash] | None = None
) -> Vouched:
    """Keep that a person vouches for an approved answer as the documents are now; NotFound.

    From now on it rests on what its question finds now (`found`, looked up if it is not given), and
    on what it was given that still stands.
    """
    answer = parts.records.get(ApprovedAnswer, approved_id)
    if found is None:
        release, index = open_pair(parts, pair)
        found = [hit.passage.hash for hit in index.search(answer.question, release.passages)]
    now, given = parts.passage_hashes(pair.knowledge), all_grounds(parts)(answer).evidence
    evidence = dict.fromkeys([*(passage for passage in given if passage in now), *found])
    vouched = Vouched(
        vouched_id=derived_id("vouched", approved_id, pair.knowledge),
        approved_id=approved_id,
        at=_now(),
        by=by,
        grounds=Grounds(pair.knowledge, tuple(evidence)),
    )
    parts.records.remove(Vouched, vouched.vouched_id)  # so that it is the newest again
    parts.records.add(vouched)
    return vouched


def reword(parts: Parts, approved_id: str, text: str, pair: Pair, by: str) -> ApprovedAnswer:
    """Put another text in place of an approved answer, vouched for as the documents are now.

    `text` is redacted. NotFound, InputError for none.
    """
    answer = parts.records.get(ApprovedAnswer, approved_id)
    if not text.strip():
        raise InputError(
            "there is no text", where="approved answer", action="write one, or withdraw"
        )
    made = msgspec.structs.replace(
        answer,
        approved_id=derived_id("approved", approved_id, text, pair.knowledge),
        answer=text.strip(),
        origin=f"reworded:{approved_id}",
        at=_now(),
    )
    parts.records.add(made)
    vouch(parts, made.approved_id, pair, by)
    return made


# --- for whoever reads an answer ---------------------------------------------------------------


def cited(parts: Parts, interaction: Interaction) -> list[Cited]:
    """Return the passages an answer was given as evidence, best first, with their age."""
    knowledge = interaction.knowledge or index_of_earlier_version(
        parts.artefacts, interaction.release
    )
    if not knowledge or not interaction.citations:
        return []
    by_id = {passage.passage_id: passage for passage in parts.passages(knowledge)}
    texts = {article.document_id: article.text for article in articles(parts, knowledge)}
    live = live_pair(parts.artefacts, parts.records)
    now = parts.passage_hashes(live.knowledge) if live else frozenset()
    return [
        Cited(
            passage=by_id[name],
            since=_since(parts, texts.get(by_id[name].document_id, "")),
            stands=by_id[name].hash in now,
        )
        for name in interaction.citations
        if name in by_id
    ]


def _since(parts: Parts, text: Hash) -> str:
    seen = parts.records.find(FirstSeen, text)
    return seen.at if seen else ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
