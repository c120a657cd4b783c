"""What the documents say: made of them, put in force, and what an edit puts in doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence, Set
from functools import cache, partial

import msgspec

from northloop.core.artefacts import Artefact, Article, Kind, Knowledge, RestsOn
from northloop.core.clock import stamp
from northloop.core.conversation import Document, FirstSeen, Message, Passage, Split
from northloop.core.deployment import Deployment, Pair
from northloop.core.errors import InputError, NotFound
from northloop.core.grounds import NO_GROUNDS, Grounds, Vouched, stands
from northloop.core.ids import Hash, canonical, content_hash, derived_id
from northloop.core.interaction import ApprovedAnswer, Asking, Interaction, Verdict
from northloop.core.question import normalised
from northloop.loop import steps
from northloop.loop.bundles import lines, read_lines
from northloop.loop.pairs import Sealed, asked_of, index_of_earlier_version, open_pair
from northloop.loop.parts import Parts
from northloop.loop.promote import live_pair, put_in_force
from northloop.loop.sources import HEAD, articles
from northloop.loop.treatments import RESTS_ON
from northloop.stages.data.clean import heard
from northloop.stages.data.documents import Reading, passages
from northloop.stages.monitoring.approvals import in_force, rejected
from northloop.stages.monitoring.review import reworded_from
from northloop.stages.serving.generate import lookup_text

DOCUMENTS = "documents.jsonl"
RECENT = 1_000
"""So many of the newest answers are looked through for what an edit changed."""
Said = Mapping[str, tuple[Hash, ...]]
"""Document → what names all that it says."""
Ready = Callable[[Pair], None]
Along = Callable[[], None]
MOST_TO_LOSE = 0.5
"""Share of the passages that an update may take away unless it is told that this is meant."""


def make_knowledge(parts: Parts, documents: Sequence[Document], before: Hash = "") -> Artefact:
    """Return the knowledge of documents: what one before knows is taken over, not made again.

    The same documents are the same knowledge, whatever was before.
    """
    documents = sorted(documents, key=lambda document: document.document_id)
    known = _made_of(parts, documents)
    if known is not None:
        return known
    _note_when_seen(parts, documents, before)
    return _made(parts, documents, before)


def draft_knowledge(parts: Parts, pair: Pair, documents: Sequence[Document]) -> Pair:
    """Return a pair with the knowledge of other documents, as an update would put it in force; no
    record of it is kept."""
    documents = sorted(documents, key=lambda document: document.document_id)
    made = _made_of(parts, documents) or _made(parts, documents, pair.knowledge)
    drafted = Pair(pair.release, made.hash)
    _learn_again(parts, drafted)
    return drafted


def _made_of(parts: Parts, documents: Sequence[Document]) -> Artefact | None:
    """Return the knowledge of sorted documents if it is there already."""
    identity = _identity(parts, documents)
    kept = parts.artefacts.list(Kind.KNOWLEDGE)
    return next((known for known in kept if known.manifest.meta["made_from"] == identity), None)


def _identity(parts: Parts, documents: Sequence[Document]) -> Hash:
    return content_hash([parts.indexer.name, documents])


def _made(parts: Parts, documents: Sequence[Document], before: Hash) -> Artefact:
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
            "made_from": _identity(parts, documents),
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
    now = stamp()
    parts.records.add_all([FirstSeen(d.hash, now) for d in documents if d.hash not in known])


def documents_of(parts: Parts, knowledge: Hash) -> list[Document]:
    """Return the documents of a knowledge; [] for one of an earlier version."""
    if parts.artefacts.get(knowledge).manifest.kind is not Kind.KNOWLEDGE:
        return []
    return read_lines(parts.artefacts, knowledge, DOCUMENTS, Document)


def known_by(parts: Parts, deployment: Deployment) -> Hash:
    """Return the knowledge of a change of what is live, also of an earlier version."""
    return deployment.knowledge or index_of_earlier_version(parts.artefacts, deployment.release)


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

    @property
    def loses_most(self) -> bool:
        """Whether more of the passages would go with their documents than goes without asking."""
        return self.passages_lost > MOST_TO_LOSE * self.passages_before

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
    dataset: Hash = ""
    """Whose examples they are."""


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
    parts: Parts,
    reading: Reading,
    by: str,
    *,
    lose: bool = False,
    ready: Ready = lambda _: None,
    along: Along = lambda: None,
) -> Update:
    """Put what the documents say now in force, beside whatever release is live, and return the
    edit.

    Only what changed is embedded; answers that are being made end as they began. A file that
    cannot be read keeps what it said before. `ready` is called with the new pair before it goes
    live, `along` in the transaction that makes it so: what it raises leaves all as it was, what it
    keeps is kept with it, also where nothing changed. InputError if more than half of the passages
    would go with their documents (unless `lose` says that it is meant); Overtaken if another
    process has changed the knowledge meanwhile.
    """
    in_force = live_pair(parts.artefacts, parts.records)
    before = in_force.knowledge if in_force else ""
    documents = documents_now(parts, reading)
    edit = edit_of(parts, before, documents)
    if not lose:
        _refuse_to_lose(edit)
    made = make_knowledge(parts, documents, before).hash
    if in_force is None or made == before:
        along()
        return Update(knowledge=made, before=before, edit=edit, problems=reading.problems)
    pair = Pair(in_force.release, made)
    _learn_again(parts, pair)
    ready(pair)
    with parts.records.transaction():
        deployment = put_in_force(parts.records, in_force, made, by)
        along()
    return Update(
        knowledge=made,
        before=before,
        edit=edit,
        dependants=dependants(parts, before, Pair(deployment.release, made)),
        problems=reading.problems,
        deployment=deployment,
    )


def documents_now(parts: Parts, reading: Reading) -> list[Document]:
    """Return the documents read, and of files and folders that cannot be read what they said
    before."""
    if not reading.unread:
        return [*reading.documents]
    in_force = live_pair(parts.artefacts, parts.records)
    before = documents_of(parts, in_force.knowledge) if in_force else []
    read = {document.document_id for document in reading.documents}
    kept = [
        document
        for document in before
        if document.document_id not in read
        and any(one.held(document.document_id) for one in reading.unread)
    ]
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
    if not edit.loses_most:
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
    then, now = parts.passage_hashes(before), parts.passage_hashes(pair.knowledge)
    resting = _resting(parts, pair, then - now)
    finding = _finding(parts, pair, now - then)
    return msgspec.structs.replace(
        resting,
        approved=tuple(one.answer.approved_id for one in in_doubt(parts, pair)),
        test_questions=tuple(dict.fromkeys((*resting.test_questions, *finding))),
    )


def at_stake(parts: Parts, pair: Pair, documents: Sequence[Document]) -> Dependants:
    """Return what rests on passages that go when documents are put in force.

    What finds a passage that they bring is known only then.
    """
    gone = parts.passage_hashes(pair.knowledge) - {piece.hash for piece in passages(documents)}
    grounds = all_grounds(parts)
    return msgspec.structs.replace(
        _resting(parts, pair, gone),
        approved=tuple(
            answer.approved_id
            for answer in _newest(parts)
            if not gone.isdisjoint(grounds(answer).evidence) and not _judged_wrong(parts, answer)
        ),
    )


def _resting(parts: Parts, pair: Pair, gone: Set[Hash]) -> Dependants:
    """Return the examples and recent answers that rest on passages which go."""
    rows = {row.example_id: row for row in rests_on(parts, pair)}
    shaken = [row for row in rows.values() if not gone.isdisjoint(row.passages)]
    recent = parts.records.query(Interaction, newest=True, limit=RECENT).rows if gone else []
    return Dependants(
        test_questions=tuple(r.example_id for r in shaken if r.split == Split.TEST),
        training_rows=tuple(
            r.example_id for r in shaken if r.split not in (Split.TEST, Split.RETIRED)
        ),
        interactions=tuple(i.interaction_id for i in recent if not gone.isdisjoint(i.evidence)),
        dataset=_dataset(parts, pair),
    )


def _finding(parts: Parts, pair: Pair, new: Set[Hash]) -> list[str]:
    """Return the test questions that find a passage which is new."""
    dataset = _dataset(parts, pair)
    if not new or not dataset:
        return []
    release, index = open_pair(parts, pair)
    return [
        example.example_id
        for example in steps.split_of(parts, dataset, Split.TEST)
        if not new.isdisjoint(
            hit.passage.hash for hit in index.search(lookup_text(example.asked), release.passages)
        )
    ]


def rests_on(parts: Parts, pair: Pair) -> list[RestsOn]:
    """Return which passages the rows of a release's dataset rest on; [] where nobody noted it."""
    asked = asked_of(parts, pair)
    return read_lines(parts.artefacts, asked, RESTS_ON, RestsOn) if asked else []


def _dataset(parts: Parts, pair: Pair) -> Hash:
    asked = asked_of(parts, pair)
    return parts.artefacts.get(asked).manifest.parents[1] if asked else ""


class InDoubt(msgspec.Struct, frozen=True, kw_only=True):
    """An approved answer that is not served: what it was approved with has changed since."""

    answer: ApprovedAnswer
    gone: tuple[Passage, ...]
    """Passages that it rests on and that nobody finds any more."""
    new: tuple[Passage, ...]
    """Passages that its question finds now and that were not there."""
    beside: tuple[Passage, ...] = ()
    """What the documents of `gone` say now and did not say then, found or not."""


Looked = MutableMapping[tuple[str, Grounds], InDoubt | None]
"""What came of looking at an approved answer under one pair."""


def in_doubt(parts: Parts, pair: Pair, looked: Looked | None = None) -> list[InDoubt]:
    """Return the approved answers that wait for a person to confirm, edit or withdraw them.

    Those that were judged wrong since are served no more and wait for nobody. `looked` is what is
    known already under the same pair, and is added to.
    """
    looked = {} if looked is None else looked
    opened = cache(partial(open_pair, parts, pair))
    grounds = all_grounds(parts)
    found: list[InDoubt] = []
    for answer in _newest(parts):
        own = grounds(answer)
        key = answer.approved_id, own
        if key not in looked:
            looked[key] = _doubt(parts, pair, answer, own, opened)
        doubt = looked[key]
        if doubt and not _judged_wrong(parts, answer):
            found.append(doubt)
    return found


def _judged_wrong(parts: Parts, answer: ApprovedAnswer) -> bool:
    asking = Asking(answer.words, answer.question, answer.tenant)
    return rejected(parts.records, asking, answer.answer, answer.at)


def _newest(parts: Parts) -> list[ApprovedAnswer]:
    """Return the approved answer that is served to each question."""
    answers = in_force(parts.records)
    return list({(normalised(a.question), a.tenant): a for a in answers}.values())


def _doubt(
    parts: Parts,
    pair: Pair,
    answer: ApprovedAnswer,
    own: Grounds,
    opened: Callable[[], Sealed],
) -> InDoubt | None:
    """Return what changed for an approved answer; None if it stands."""
    hits: list[Passage] = []

    def search() -> list[Hash]:
        hits[:] = _found(opened(), answer.question)
        return [passage.hash for passage in hits]

    if stands(own, pair.knowledge, search, parts.known_passages):
        return None
    if not hits:
        search()
    now, known = parts.passage_hashes(pair.knowledge), parts.known_passages(own.knowledge)
    earlier = [] if known is None else parts.passages(own.knowledge)
    gone = tuple(p for p in earlier if p.hash in own.evidence and p.hash not in now)
    edited = {passage.document_id for passage in gone}
    return InDoubt(
        answer=answer,
        gone=gone,
        new=tuple(p for p in hits if p.hash not in (known or own.evidence)),
        beside=tuple(
            p
            for p in (parts.passages(pair.knowledge) if edited else ())
            if p.document_id in edited and p.hash not in (known or own.evidence)
        ),
    )


def all_grounds(parts: Parts) -> Callable[[ApprovedAnswer], Grounds]:
    """Return what tells what an approved answer was last vouched for with.

    Where nobody noted it, that is what the answer was given that was corrected.
    """
    noted = {vouched.approved_id: vouched.grounds for vouched in parts.records.query(Vouched).rows}
    return lambda answer: noted.get(answer.approved_id) or _given(parts, answer)


def _given(parts: Parts, answer: ApprovedAnswer) -> Grounds:
    verdict = parts.records.find(Verdict, answer.verdict_id)
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
    """Keep, and return, that a person vouches for an approved answer as the documents are now;
    NotFound.

    From now on it rests on what its question finds now (`found`, looked up if it is not given), and
    on what it was given that still stands.
    """
    answer = parts.records.get(ApprovedAnswer, approved_id)
    if found is None:
        found = found_for(parts, approved_id, pair)
    now, given = parts.passage_hashes(pair.knowledge), all_grounds(parts)(answer).evidence
    evidence = dict.fromkeys([*(passage for passage in given if passage in now), *found])
    vouched = Vouched(
        vouched_id=derived_id("vouched", approved_id, pair.knowledge),
        approved_id=approved_id,
        at=stamp(),
        by=by,
        grounds=Grounds(pair.knowledge, tuple(evidence)),
    )
    parts.records.remove(Vouched, vouched.vouched_id)  # so that it is the newest again
    parts.records.add(vouched)
    return vouched


def found_for(parts: Parts, approved_id: str, pair: Pair) -> list[Hash]:
    """Return the passages that the question of an approved answer finds in a pair; NotFound."""
    answer = parts.records.get(ApprovedAnswer, approved_id)
    return [passage.hash for passage in _found(open_pair(parts, pair), answer.question)]


def _found(pair: Sealed, question: str) -> list[Passage]:
    """Return the passages that a first question finds, as where it is answered."""
    hits = pair.known.search(lookup_text([Message("user", heard(question))]), pair.release.passages)
    return [hit.passage for hit in hits]


def reword(
    parts: Parts,
    approved_id: str,
    text: str,
    pair: Pair,
    by: str,
    found: Sequence[Hash] | None = None,
) -> ApprovedAnswer:
    """Put another text in place of an approved answer, vouched for as the documents are now, and
    return the new one.

    `text` is redacted; `found` as in `vouch`. NotFound, InputError for none.
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
        origin=reworded_from(approved_id),
        at=stamp(),
    )
    parts.records.add(made)
    vouch(parts, made.approved_id, pair, by, found)
    return made
