"""What rows are taken for that hold messages in a list: which list, and what its objects say.

What this module does not know is who answers where no field says it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from statistics import mean

import msgspec

from northloop.core.conversation import RawMessage, Role, Visibility
from northloop.core.errors import InputError
from northloop.core.scripts import word_count
from northloop.stages.data.sources import mapping, messages, notes
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.keys import Keys, values_of
from northloop.stages.data.sources.layouts.conversations import (
    MOST_GREETING,
    case_columns,
    check_fields,
    order_of,
    told_in_lists,
    with_agents,
)
from northloop.stages.data.sources.layouts.layout import Layout, listed
from northloop.stages.data.sources.layouts.sample import Sample
from northloop.stages.data.sources.messages import LIST, MESSAGE_FIELDS, PRIVATE, TEXT, Speakers
from northloop.stages.data.sources.notes import flag_of, is_private
from northloop.stages.data.sources.paths import (
    CROSSING,
    GATHERED,
    at_path,
    at_steps,
    gathered,
    items_of,
    lists,
)
from northloop.stages.data.sources.paths import columns as leaves
from northloop.stages.data.sources.plausible import are_dates
from northloop.stages.data.sources.roles import FALSE, TRUE, last_of, steps_of, words_of
from northloop.stages.data.sources.sides import SIDE_WORDS, at_role, names_somebody
from northloop.stages.data.sources.source import SourceFile
from northloop.stages.data.sources.talks import Talks, listed_talks, names_asker, with_opening
from northloop.stages.data.wording import words

Fields = Mapping[str, Json]
Holder = tuple[Fields, Sequence[Fields]]
"""What holds a list of messages, and the list."""

MOST_ANSWERING = 0.5
"""Where more of the lists than this begin with the agent, the question stands beside them."""

_OPENINGS = frozenset(
    ("description", "description text", "ticket description", "detailed description",
     "detailed decription", "question", "body", "first message", "initial message",
     "source body", "message", "beschreibung", "anfrage", "frage", "text")
)  # fmt: skip
_OWN_OPENINGS = frozenset(
    ("request", "request text", "inquiry", "enquiry", "query", "issue", "problem",
     "problem description", "issue description", "complaint", "details", "issue details",
     "ticket body", "ticket text", "content", "customer message", "anliegen", "demande",
     "descripción", "solicitud", "consulta", "descrição", "solicitação", "descrizione", "richiesta",
     "omschrijving", "opis", "beskrivning", "内容", "問い合わせ内容", "お問い合わせ内容")
)  # fmt: skip
"""Openings where the case itself has them: what holds a list deeper down asks other things too."""
_NAMING = ("field id", "key", "name", "field", "label", "title")
_NOTES_TOO = (
    "its comments may be notes among agents as well as replies, and no field tells which they are"
)
_NO_NOTES = (
    'name the field that tells it: --map messages.private="<field>"; --map messages.private= where '
    "customers could read all of them but those that call themselves notes"
)
_COMMENTS = words("comment comments kommentare commentaires comentarios commenti comentários")
_REPLIES = words(
    """
    reply replies response responses answer answers antworten réponses respuestas risposte respostas
    odpowiedzi
    """
)
_MESSAGES = _REPLIES | words(
    """
    update updates comment comments message messages post posts conversation conversations
    bugnote bugnotes followup followups
    action actions interaction interactions event events entry entries
    thread threads timeline trail history log
    correspondence communication communications journal journals activity activities
    interações ações interacciones acciones historial histórico verlauf einträge échanges
    kommentare nachrichten
    commentaires comentarios commenti comentários reacties berichten komentarze
    """
)
"""What lists of messages are called."""
_COLLEAGUES = words("team staff colleague colleagues coworkers kollegen équipe equipo equipe")
"""What a list among agents may be called after: where there is another one, that is read."""
FEWEST_GROUPED, MOST_GROUPED = 2, 0.5
"""Of so many conversations at least, so many tell whether lists in a list are groups of theirs."""
_OPENERS = (
    "author",
    "opened by",
    "opener",
    "submitter",
    "submitted by",
    "autor",
    "auteur",
    "autore",
)
LEAST_ASKED = 0.1
"""Of the cases, those who ask write in so many lists at least that customers read."""


def lists_layout(source: SourceFile, sample: Sample, given: Mapping[str, str]) -> Layout | None:
    """Return the layout of rows that hold messages in a list; None for other rows."""
    sample = _with_gathered(sample)
    _check_list(source, sample, given.get(LIST, ""))
    fields = {f: c for f, c in given.items() if f in MESSAGE_FIELDS and f != LIST}
    fitting = _fitting(sample, given.get(LIST), fields)
    if not fitting:
        return None
    path = min(fitting, key=lambda p: (_are_called(p, _COLLEAGUES), *_lacks(fitting[p].keys)))
    check_fields(source, fields, sample.items(path))
    talks = talks_of(sample, path, fitting[path], given)
    found = with_agents(source, sample, talks, fitting[path])
    if opening := _opening_of(found.talks, sample, path):
        talks = msgspec.structs.replace(talks, opening=opening)
        found = with_agents(source, sample, talks, fitting[path])
    if "question" not in given and (elsewhere := _asked_elsewhere(found.talks, sample, path)):
        return msgspec.structs.replace(
            found,
            talks=None,
            unsure="most conversations begin with an answer, and what was asked is in none of them",
            mend=f'name its column: --map messages="{path}" --map question="{elsewhere}"; '
            "--map question= where nobody asked",
        )
    if talks.asker and PRIVATE not in given and _may_be_notes(path, sample, fitting[path].keys):
        return msgspec.structs.replace(found, talks=None, unsure=_NOTES_TOO, mend=_NO_NOTES)
    return found


def _with_gathered(sample: Sample) -> Sample:
    """Return a sample with the lists that are one conversation together: groups of messages, each
    of one writer.
    """
    found = dict(sample.lists)
    for path in sample.lists:
        outer, crossing, inner = path.rpartition(CROSSING)
        groups = sample.lists.get(outer, ())
        if crossing and CROSSING not in outer and len(groups) == len(sample.rows):
            together = f"{outer}{GATHERED}{inner}"
            if _are_groups(groups, inner.removeprefix(".")):
                found = {n: v for n, v in found.items() if n != path}
                found[together] = [gathered(row, together) for row in sample.rows]
    return msgspec.structs.replace(sample, lists=found)


def _are_groups(rows: Sequence[Sequence[Fields]], inner: str) -> bool:
    """Whether the lists in a list are parts of one conversation: they say nothing in sentences but
    in their messages, most rows have a writer whom no other has, and others too, and in none of the
    lists both wrote.
    """
    groups = [group for groups in rows for group in groups]
    said = values_of(groups)
    if any(mean(map(word_count, column)) >= SIDE_WORDS for column in said.values()):
        return False
    for who in filter(names_somebody, values_of([m for g in groups for m in _inside(g, inner)])):
        wrote = [[{at_path(m, who) for m in _inside(g, inner)} for g in listed] for listed in rows]
        people = [set[str]().union(*listed) for listed in wrote]
        times = Counter(name for names in people for name in names)
        own = {name for name, count in times.items() if count == 1} - {""}
        both = sum(bool(names & own) and bool(names - own) for names in people)
        mixed = any(names & own and names - own for listed in wrote for names in listed)
        if len(rows) >= FEWEST_GROUPED and both >= MOST_GROUPED * len(rows) and not mixed:
            return True
    return False


def _inside(group: Fields, inner: str) -> Sequence[Fields]:
    return items_of(at_steps(group, inner))


def _lacks(keys: Keys) -> tuple[bool, bool]:
    return not keys.role, not keys.author


def _may_be_notes(path: str, sample: Sample, keys: Keys) -> bool:
    """Whether messages are called comments and none says whether it is a note among agents."""
    told = keys.private or keys.shown or any(map(is_private, sample.items(path)))
    return not told and _are_called(path, _COMMENTS)


def _check_list(source: SourceFile, sample: Sample, wanted: str) -> None:
    if wanted and wanted not in sample.lists:
        known = [*sample.lists]
        raise InputError(
            f"no column {wanted!r} holds a list of messages; "
            + (f"lists are {listed(known)}" if known else "the file has no lists"),
            where=source.label,
            action="correct --map messages=, or the source's mapping in northloop.toml",
        )


def _fitting(
    sample: Sample, wanted: str | None, fields: Mapping[str, str]
) -> dict[str, messages.Found]:
    """Return the lists that may be of messages, in the file's order: the one wanted, none of them
    for "", any for None. One that is called private is none of them unless it is wanted.
    """
    found = {path: _fields_of(sample.items(path), fields)
             for path in (sample.lists if wanted is None else filter(None, (wanted,)))}  # fmt: skip
    return {
        path: f
        for path, f in found.items()
        if f and (wanted or (_has(sample, path, fields) and _may_be_read(sample, path, f)))
    }


def _fields_of(items: Sequence[Fields], fields: Mapping[str, str]) -> messages.Found | None:
    """Return the fields of messages, those that stand a column a side too where nothing is said."""
    found = messages.fields_of(items, fields)
    sided = {} if (found and found.keys.role) or fields else messages.in_columns(items)
    return messages.fields_of(items, sided) if sided else found


def _has(sample: Sample, path: str, fields: Mapping[str, str]) -> bool:
    """Whether the text that somebody names stands in a list that nobody named, or in no row."""
    text = fields.get(TEXT, "")
    of_rows = text in sample.values
    return not of_rows or any(n == text for i in sample.items(path) for n, _ in leaves(i))


def _may_be_read(sample: Sample, path: str, found: messages.Found) -> bool:
    """Whether the customer may have read a list: messages of both sides, and no notes by name."""
    flags = {flag_of(part.partition("[")[0]) for part in path.split(".")}
    if "private" in flags:
        return False
    if "note" in flags and not (found.keys.role or _are_notes_to_customers(sample, path, found)):
        return False
    is_described = last_of(found.keys.text) == "description"
    if is_described and not (found.keys.role or _are_called(path, _MESSAGES)):
        return False
    if found.keys.role or _may_be_talks(sample, path, found):
        return True
    talks = Talks(mapping={LIST: path}, speakers=Speakers(keys=found.keys))
    return _are_called(path, _MESSAGES) and _asker(_holders(sample, path), talks) != ("", "")


def _are_notes_to_customers(sample: Sample, path: str, found: messages.Found) -> bool:
    """Whether what is called notes tells which of them are private, and those who ask write too."""
    items, holders = sample.items(path), _holders(sample, path)
    talks = Talks(mapping={LIST: path}, speakers=Speakers(keys=found.keys))
    asked_at, wrote_at = _asker(holders, talks)
    asked = sum(_asks(one, asked_at, wrote_at) for one in holders) if asked_at else 0
    same = {
        pair for pair in notes.leaves(items[0]) if all(pair in {*notes.leaves(i)} for i in items)
    }
    told = sum(any(_calls_private(n, v) for n, v in {*notes.leaves(i)} - same) for i in items)
    return 0 < told < len(items) and asked >= LEAST_ASKED * len(holders)


def _calls_private(name: str, value: str) -> bool:
    """Whether a field calls a message private, but for that it was taken back."""
    called = notes.says_private(name, value) or notes.is_mark(name, value)
    return called and flag_of(name) != "withdrawn"


def _are_called(path: str, names: frozenset[str]) -> bool:
    said = {word for step in path.split(".")[-2:] for word in words_of(step).split()}
    return bool(said & names)


def talks_of(sample: Sample, path: str, found: messages.Found, given: Mapping[str, str]) -> Talks:
    """Return how the conversations are read whose messages lie in a list of each row."""
    values = dict(sample.values) | _crossed(sample, path)
    holders = _holders(sample, path)
    order = order_of(sample, [items for _, items in holders], found)
    made = Talks(
        mapping=_told(sample, path, case_columns(values, given), given) | {LIST: path},
        speakers=Speakers(keys=found.keys, sides=found.sides, order=order),
    )
    if "question" in given:
        return _with_asker(holders, msgspec.structs.replace(made, opening=given["question"]))
    return _with_opening(holders, made, values)


def _told(
    sample: Sample, path: str, case: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """Return what cases are told by, in columns or in lists beside that of their messages."""
    return dict(case) if CROSSING in path else told_in_lists(sample.rows, given, path) | {**case}


def _holders(sample: Sample, path: str) -> list[Holder]:
    """Return the objects that hold lists of messages, each with its list."""
    if CROSSING not in path and len(sample.lists[path]) == len(sample.rows):
        return list(zip(sample.rows, sample.lists[path], strict=True))
    listed = [talk for row in sample.rows for talk in listed_talks(row, path)]
    return [(one, items_of(said)) for one, said in listed if said is not None]


def _with_opening(
    holders: Sequence[Holder], talks: Talks, values: Mapping[str, Sequence[str]]
) -> Talks:
    """Return how conversations are read, with the first message where it stands beside the list: in
    the object that holds it, as a message of the same form, or in a column; and with who asked.
    """
    held = holders[0][0].items() if holders else ()
    objects = [key for key, value in held if isinstance(value, Mapping) and not flag_of(key)]
    for place in ("", *objects) if holders else ():
        opened = msgspec.structs.replace(talks, opened_by=place)
        if _are_opened(holders, opened):
            return opened
    talks = _with_asker(holders, talks)
    return msgspec.structs.replace(talks, opening=_opening(holders, talks, values))


def _with_asker(holders: Sequence[Holder], talks: Talks) -> Talks:
    """Return how conversations are read, with who asked where no field says which side wrote."""
    asker, asker_in = _asker(holders, talks) if not talks.speakers.keys.role else ("", "")
    named = {"customer_id": asker} if asker else {}
    return msgspec.structs.replace(
        talks, asker=asker, asker_in=asker_in, mapping=named | dict(talks.mapping)
    )


def _are_opened(holders: Sequence[Holder], talks: Talks) -> bool:
    """Whether most lists begin with the message that stands beside them: with a text and an author
    under the same fields, and another text than any in the list.
    """
    keys = talks.speakers.keys
    count = 0
    for holder, items in holders:
        opening = with_opening(holder, items, talks)
        first, others = opening[0] if len(opening) > len(items) else {}, opening[1:]
        wrote = messages.read(first, talks.speakers)
        if wrote is None or (keys.role and not _is_public(wrote)):
            continue
        signed = bool(at_role(first, keys.role) if keys.role else at_path(first, keys.author))
        count += signed and all(at_path(one, keys.text) != wrote.text for one in others)
    return count * 2 > len(holders)


def _asker(holders: Sequence[Holder], talks: Talks) -> tuple[str, str]:
    """Return where it is named who asked, and where messages name the same; "" for none.

    Where those who ask write hardly anything in the lists, these may be among agents, unless they
    are called replies or tell which of them are notes.
    """
    keys = talks.speakers.keys
    asking = _cells([one for one, _ in holders], lambda n: _may_have_asked(n, keys))
    writing = _cells([m for _, said in holders for m in said], keys.who.__contains__)
    both = [
        (
            not names_asker(asked_at),
            -sum(_asks(one, asked_at, wrote_at) for one in holders),
            asked_at,
            wrote_at,
        )
        for asked_at, asked in asking.items()
        for wrote_at, wrote in writing.items()
        if names_asker(asked_at) or asked_at == wrote_at or _names_opener(asked_at)
        if asked & wrote or (_last(asked_at) == _last(wrote_at) and len(asked) > 1)
        if not _are_of_one(holders, asked_at, wrote_at)
    ]
    if not both:
        return "", ""
    _, fewer, asked_at, wrote_at = min(both)
    sure = keys.private or _are_called(talks.mapping[LIST], _REPLIES)
    known = sure or -fewer >= max(1, LEAST_ASKED * len(holders))
    return (asked_at, wrote_at) if known else ("", "")


def _asks(holder: Holder, asked_at: str, wrote_at: str) -> bool:
    asker = at_path(holder[0], asked_at).strip().lower()
    return bool(asker) and any(at_path(m, wrote_at).strip().lower() == asker for m in holder[1])


def _are_of_one(holders: Sequence[Holder], asked_at: str, wrote_at: str) -> bool:
    """Whether most lists hold what one wrote whom their record names: groups, and no cases."""
    alone = (
        {at_path(m, wrote_at).strip().lower() for m in said}
        == {at_path(one, asked_at).strip().lower()}
        for one, said in holders
    )
    return sum(alone) * 2 > len(holders)


def _may_have_asked(path: str, keys: Keys) -> bool:
    return names_asker(path) or _names_opener(path) or path in keys.who


def _names_opener(path: str) -> bool:
    """Whether a field of a case is called after who wrote it: `author.id` of an issue."""
    return words_of(steps_of(path)[0]) in _OPENERS


def _cells(objects: Sequence[Fields], wanted: Callable[[str], bool]) -> dict[str, set[str]]:
    """Return what stands in fields that name somebody, in lower case; of moments and flags none."""
    found: dict[str, set[str]] = {}
    for one in objects:
        for name, text in leaves(one):
            if wanted(name) and text.strip():
                found.setdefault(name, set()).add(text.strip().lower())
    return {
        n: said for n, said in found.items() if not (are_dates([*said]) or said <= TRUE | FALSE)
    }


def _last(path: str) -> str:
    return words_of(steps_of(path)[-1]).rpartition(" ")[2]


def _may_be_talks(sample: Sample, path: str, found: messages.Found) -> bool:
    """Whether a list without roles is one of messages: texts of several authors."""
    if not found.keys.author:
        return False
    named = [{at_path(i, found.keys.author) for i in items} for items in sample.lists[path]]
    return sum(len(names) > 1 for names in named) * 2 >= len(named)


def _crossed(sample: Sample, path: str) -> dict[str, list[str]]:
    """Return the columns of the objects that hold the lists, where they lie in a list as well."""
    outer = path.rpartition("[]")[0]
    values: dict[str, list[str]] = {}
    for item in sample.items(outer) if outer else ():
        for name, text in leaves(item):
            values.setdefault(name, []).append(text)
    return values


def _opening(holders: Sequence[Holder], talks: Talks, values: Mapping[str, Sequence[str]]) -> str:
    """Return the column with the customer's first message, where most lists begin with the answer
    to it.
    """
    if not (talks.speakers.keys.role or talks.speakers.agents or talks.asker):
        return ""
    guessed = mapping.from_columns(values).get("question", "") or _alike(values, talks)
    is_own = mapping.header_words(guessed) in _OWN_OPENINGS
    if not (is_own or mapping.header_words(guessed.rpartition(".")[2]) in _OPENINGS):
        guessed = _in_a_list(holders, talks.mapping[LIST])
    begun = [a for one in holders if (a := _begins_with_answer(one, talks)) is not None]
    return guessed if sum(begun) > MOST_ANSWERING * len(begun) else ""


def _alike(values: Mapping[str, Sequence[str]], talks: Talks) -> str:
    """Return the column that is called as the messages' texts are, `content.text`; "" for none."""
    text = talks.speakers.keys.text
    return text if "." in text and text in values else ""


def _opening_of(talks: Talks | None, sample: Sample, path: str) -> str:
    """Return the column with the customer's first message, where who answers was found since."""
    if talks is None or talks.opening or talks.opened_by is not None or not talks.speakers.agents:
        return ""
    values = dict(sample.values) | _crossed(sample, path)
    return _opening(_holders(sample, path), talks, values)


def _asked_elsewhere(talks: Talks | None, sample: Sample, path: str) -> str:
    """Return the column beside the lists that may hold what was asked, the longest that says
    something else in each case, where most lists begin with an answer and nothing before it is
    read; "" for none.
    """
    if talks is None or talks.opening or talks.opened_by is not None or CROSSING in path:
        return ""
    holders = _holders(sample, path)
    at_once = sum(bool(_begins_with_answer(one, talks)) for one in holders)
    if at_once <= MOST_ANSWERING * len(holders) or not _says_more_than_hello(holders, talks):
        return ""
    taken = {*talks.mapping.values()}
    said = {
        name: mean(map(word_count, cells))
        for name, cells in sample.values.items()
        if name not in taken and len({*cells}) == len(cells) == len(sample.rows)
    }
    longest = max(said, key=lambda name: said[name], default="")
    return longest if longest and said[longest] > MOST_GREETING else ""


def _says_more_than_hello(holders: Sequence[Holder], talks: Talks) -> bool:
    """Whether agents write more than a greeting, on average, before a customer does."""
    said = [filter(_is_public, messages.in_order(items, talks.speakers)) for _, items in holders]
    begun = [[*takewhile(lambda one: one.role is Role.AGENT, talk)] for talk in said]
    return mean(sum(word_count(one.text) for one in talk) for talk in begun) > MOST_GREETING


def _in_a_list(holders: Sequence[Holder], messages_at: str) -> str:
    """Return the path to an opening that stands in a list of fields with their names:
    `{"fieldId": "description", "value": …}`; "" for none.
    """
    for holder, _ in holders:
        for path, items in lists(holder):
            for item in items if path != messages_at and CROSSING not in path else ():
                held = next((key for key in item if words_of(key) == "value"), "")
                for name in (n for n in item if held and words_of(n) in _NAMING):
                    called = at_path(item, name)
                    if mapping.header_words(called) in _OPENINGS:
                        return f"{path}[{name}={called}].{held}"
    return ""


def _begins_with_answer(holder: Holder, talks: Talks) -> bool | None:
    """Whether a list begins with what an agent wrote, None where nobody says anything."""
    record, listed = holder
    if talks.asker:
        wrote = (at_path(one, talks.asker_in) for one in listed)
        return next((name != at_path(record, talks.asker) for name in wrote), None)
    said = messages.in_order(listed, talks.speakers)
    return next((one.role is Role.AGENT for one in said if _is_public(one)), None)


def _is_public(message: RawMessage) -> bool:
    public = message.visibility is Visibility.PUBLIC
    return public and message.role in (Role.CUSTOMER, Role.AGENT)
