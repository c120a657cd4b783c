"""Whether what came out of an export is what its owner meant to teach.

An export whose columns were misunderstood is read without an error: it yields nothing, one question
for ever, or questions for replies. What is looked for here is what such a misunderstanding leaves
behind. A doubt is a judgement, so that its owner may insist; but of nothing, nothing is learnt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Generic, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Example, Ticket
from northloop.core.scripts import word_count
from northloop.stages.data.duplicates import digest, normalised, numbered
from northloop.stages.data.groups import NOTHING
from northloop.stages.data.languages import is_understood, language_of
from northloop.stages.data.prepare import Prepared, PrepareSpec
from northloop.stages.data.sensitive.spans import PLACEHOLDER
from northloop.stages.data.sources import (
    A_NOTE,
    KEPT,
    NAME_THE_COLUMNS,
    Layout,
    listed,
    looks_like_a_row,
    names_a_reply,
)
from northloop.stages.data.temporary_files import JsonLines
from northloop.stages.data.wording import words

T = TypeVar("T")

FEW_ROWS = 10
"""Of fewer rows a share says nothing: three good ones, or one good and one bad, are an export."""
SAME_ROWS = 5
"""So many rows with one question and no other are no accident."""
LEAST_ASKED = 0.1
"""So many different questions a row, at least. Of real exports, chat turns have the fewest: 0.27; a
column of 27 intents has 0.001."""
MOST_QUARANTINED = 0.5
MOST_ECHOES = 0.5
MOST_ALIKE = 0.9
"""Of all replies, so many may be the same one."""
FEW_REPLIES = 3
"""So many different replies are none that an agent wrote: a state, a form letter."""
LEAST_ANSWERED = 0.1
"""So many of the rows have a reply to learn, at least, or FEW_ROWS of them."""
MOST_ADDED_WORDS = 3
"""A reply that says so many words more than the question says nothing of its own."""
CLEARLY_SHORTER = 0.8
"""People ask in fewer words than they are answered: in fewer than this share of them."""
MOST_ASKING_REPLIES, LEAST_ASKING = 0.9, 0.1
"""Questions and replies are swapped where so many replies ask, and so few questions do."""
ROWS_A_TALK = 1.5
"""With so many rows a conversation, a row is a message."""
_ASKING = ("?", "？", "؟")
_FIRST_SENTENCE = re.compile(r"[^.!?…。！？؟\n]*[.!?…。！？؟]*")
_SPEAKING = words(
    """
    i i'm i've my me we our how where when why what who which can could
    ich mein meine wir wie wo wann warum je j'ai mon ma mes comment où quand pourquoi
    yo mi mis cómo dónde cuándo quiero io mio mia come dove quando ik mijn hoe waar wanneer
    eu meu minha como onde mam jak gdzie kiedy
    """
)
"""Words of somebody who asks for something; what a form writes has none of them."""
_COUNTED = re.compile(r"\d+")
FEWEST_KEPT, MOST_KEPT = 3, 0.01
"""So many rows, and so much of all, may tell of notes that nothing marks before it is too much."""
MOST_LOOKED_AT = 20_000
"""So many rows tell whether replies are too short."""
_SHOWN_CHARS = 70
_SHOWN_REASONS = 3
MOST_CUT = 0.5
"""Of the replies, so many may end in dots that stand for the rest."""
CUT_ALIKE, LONGER, FEWEST_CHARS = 0.2, 0.1, 60
"""Of the replies, so many are cut at one length, with no end of a sentence, and hardly any is
longer; texts are not cut before so many characters."""
_LEFT_OUT = ("…", "...")
_SENTENCE_ENDS = (*".!?:;)\"'。！？」", "؟", "]")
_MAP_QUESTION = 'name the column of the customer\'s question: --map question="<column>"'
_MAP_MESSAGES = (
    "export it with what its agents wrote to customers, or say what its fields hold: "
    '--map messages="<list>" --map messages.text="<field>" --map messages.role="<field>"'
)
_NO_NOTES = "if it means no note, say so: --map messages.private="
_MAP_REPLY = 'name the column of the agent\'s reply: --map reply="<column>"'


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks against learning from a source, and what to do about it."""

    where: str
    what: str
    action: str
    is_notice: bool = False
    """Whether it is to be told only, and is no reason to refuse the source."""


class _Own(Generic[T]):
    """The values of one source, read anew each time they are gone through."""

    def __init__(self, values: JsonLines[T], places: NDArray[np.int64]) -> None:
        self._values, self._places = values, places

    def __iter__(self) -> Iterator[T]:
        return self._values.some(self._places)

    def __len__(self) -> int:
        return len(self._places)


class _Rows(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the rows of one source."""

    label: str
    layout: Layout
    tickets: _Own[Ticket]
    examples: _Own[Example]
    """Those that one of its rows stands behind."""
    learnt: int
    """So many of its rows stand behind these."""
    reasons: Mapping[str, int]
    asked: int
    alike: int
    """So many rows are learnt of all sources that are exports of the same known kind."""

    @property
    def columns(self) -> Mapping[str, str]:
        return self.layout.mapping

    @property
    def quarantined(self) -> int:
        return sum(self.reasons.values())


def doubts(made: Prepared, layouts: Mapping[str, Layout], spec: PrepareSpec) -> list[Doubt]:
    """Return what speaks against the sources named, each once, mere notices last.

    `layouts` maps the label of each source to be judged to how it was read. If the dataset has no
    example at all, there is at least one doubt that is no notice.
    """
    alike: Counter[str] = Counter()
    for label, layout in layouts.items():
        alike[layout.kind] += made.own.get(label, NOTHING).learnt if layout.shape else 0
    rows = (_rows_of(made, label, layout, alike) for label, layout in layouts.items())
    found = [doubt for one in rows if (doubt := _first(made, one, spec))]
    if not made.examples and all(doubt.is_notice for doubt in found):
        found.append(_nothing(made, next(iter(layouts))))
    return sorted(found, key=_told_only)


def _told_only(doubt: Doubt) -> bool:
    return doubt.is_notice


def _first(made: Prepared, rows: _Rows, spec: PrepareSpec) -> Doubt | None:
    reasons = (
        _unsure(rows),
        _kept_from_customers(rows),
        _quarantined(rows),
        _no_reply_column(rows) if not made.examples else None,
        _echoes(rows),
        _swapped(rows),
        _one_question(rows),
        _unanswered(rows, spec),
        _one_reply(rows),
        _cut_off(rows),
        _too_short(rows, spec),
    )
    return min((doubt for doubt in reasons if doubt), key=_told_only, default=None)


def _rows_of(made: Prepared, label: str, layout: Layout, alike: Mapping[str, int]) -> _Rows:
    own = made.own.get(label, NOTHING)
    return _Rows(
        label=label,
        layout=layout,
        tickets=_Own(made.history, own.history),
        examples=_Own(made.examples, own.examples),
        learnt=own.learnt,
        reasons=Counter(row.reason for row in made.quarantine if row.source == label),
        asked=made.asked.get(label, 0),
        alike=alike[layout.kind],
    )


def _digests(texts: Iterable[str]) -> bytearray:
    return bytearray().join(map(digest, texts))


# --- what is looked for ------------------------------------------------------------------------


def _unsure(rows: _Rows) -> Doubt | None:
    if not rows.layout.unsure:
        return None
    return Doubt(where=rows.label, what=rows.layout.unsure, action=rows.layout.mend)


def _quarantined(rows: _Rows) -> Doubt | None:
    total = rows.quarantined + len(rows.tickets)
    most = rows.quarantined > MOST_QUARANTINED * total
    if not most or (total < FEW_ROWS and rows.tickets):
        return None
    ranked = sorted(rows.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    why = ", ".join(f"{reason} ({count})" for reason, count in ranked[:_SHOWN_REASONS])
    return Doubt(
        where=rows.label,
        what=f"{_share(rows.quarantined, total)} cannot be used: {why}",
        action=_mend_rows(ranked[0][0], rows.columns),
    )


def _kept_from_customers(rows: _Rows) -> Doubt | None:
    """What agents write of their customers stands among what they write to them, and these are but
    the notes that say so.
    """
    count, total = rows.reasons.get(KEPT, 0), rows.quarantined + len(rows.tickets)
    if not count:
        return None
    is_rare = count < FEWEST_KEPT or count < MOST_KEPT * total
    return Doubt(
        where=rows.label,
        what=f"{_share(count, total)} are left out: {KEPT}, and nothing marks it as a note; other "
        "notes may stand among the answers",
        action='name the field that marks notes: --map messages.private="<field>", or import an '
        "export without notes",
        is_notice=is_rare,
    )


def _mend_rows(reason: str, columns: Mapping[str, str]) -> str:
    if reason.startswith("the question"):
        return f"{_MAP_QUESTION} (now {columns.get('question', '')!r})"
    if reason == A_NOTE:
        return "import an export that has what its agents wrote to customers too"
    field = reason.partition(" ")[0]
    if field in columns:
        return (
            f'name another column: --map {field}="<column>", or none: --map {field}= '
            f"(now {columns[field]!r})"
        )
    return "export it again with another program, as CSV with every cell in quotes, or as JSONL"


def _no_reply_column(rows: _Rows) -> Doubt | None:
    if rows.layout.has_replies:
        return None
    return Doubt(
        where=rows.label,
        what="no example to learn comes out: no column looks like the agent's reply; the file has "
        f"{listed(rows.layout.names)}",
        action=_where_replies_may_be(rows),
    )


_TITLE = frozenset(("title", "name", "short_description", "question"))
_BODY = frozenset(("body", "content", "text", "answer", "description", "content.rendered"))
_OF_ARTICLES = frozenset((
    "draft", "section_id", "folder_id", "category_id", "collection_id", "parent_id", "author_id",
    "workflow_state", "html_url", "permalink", "slug", "locale", "vote_sum", "thumbs_up",
))  # fmt: skip
_OF_AN_ARTICLE = 3
"""So many of these fields tell articles of a help centre from tickets."""


def _are_articles(names: Sequence[str]) -> bool:
    found = frozenset(names)
    told = len(found & _OF_ARTICLES) >= _OF_AN_ARTICLE
    return told and bool(found & _TITLE and found & _BODY) and "requester_id" not in found


def _where_replies_may_be(rows: _Rows) -> str:
    if _are_articles(rows.layout.names):
        return (
            "these look like articles of a help centre: copy the file, as JSON, into the "
            "workspace's folder of documents, and run northloop knowledge update"
        )
    if looks_like_a_row(rows.layout.names):
        return NAME_THE_COLUMNS
    shared = next((f for f in ("conversation_id", "ticket_id") if _is_shared(rows, f)), "")
    if shared:
        return (
            f"several rows share a conversation ({rows.layout.called(shared)}): if each is a "
            'message, say who wrote it: --map messages.role="<column>", or '
            '"<column> = <code of agents> | <code of customers>"; else export one row a '
            "conversation, with the customer's message in one column and the agent's reply in "
            "another"
        )
    if rows.layout.lists:
        path = rows.layout.lists[0]
        return (
            f'say what its items hold: --map messages="{path}" --map messages.text="<field>" '
            '--map messages.role="<field>", or --map agents="<name>" for who answers'
        )
    return f"{_MAP_REPLY}, or import an export that has the replies with this one"


def _is_shared(rows: _Rows, field: str) -> bool:
    """Whether several rows have the same id in a field."""
    ids = [said for ticket in rows.tickets if (said := getattr(ticket, field))]
    return bool(ids) and ROWS_A_TALK * len(set(ids)) <= len(rows.tickets)


def _echoes(rows: _Rows) -> Doubt | None:
    found = Counter(
        _is_echo(normalised(t.question), normalised(t.reply)) for t in rows.tickets if t.reply
    )
    echoes, answered = found[True], found.total()
    if echoes <= MOST_ECHOES * answered:
        return None
    return Doubt(
        where=rows.label,
        what=f"in {_share(echoes, answered)} the reply is the question again "
        f"(question {rows.layout.called('question')}, reply {rows.layout.called('reply')})",
        action=_mend_reply(rows),
    )


def _is_echo(question: str, reply: str) -> bool:
    """Whether a reply is the question, behind `Re:` perhaps or with a few words at its end."""
    said = reply if reply == question else reply.removeprefix("re ")
    if said == question:
        return True
    added = said.removeprefix(f"{question} ")
    return (
        said != added
        and len(question.split()) > MOST_ADDED_WORDS
        and len(added.split()) <= MOST_ADDED_WORDS
    )


def _swapped(rows: _Rows) -> Doubt | None:
    question, reply = rows.columns.get("question", ""), rows.columns.get("reply", "")
    asking = sum(_asks_at_once(e.reply) for e in rows.examples)
    asked = sum(any(mark in e.question for mark in _ASKING) for e in rows.examples)
    count = len(rows.examples)
    looks = asking > MOST_ASKING_REPLIES * count and asked < LEAST_ASKING * count
    if names_a_reply(question):
        what = f"column {question!r} is taken for the customer's question, and its name says reply"
    elif looks and count >= 2 * FEW_ROWS and _replies_are_shorter(rows.examples):
        what = f"questions and replies look swapped: {_share(asking, count, 'replies')} ask"
    else:
        return None
    return Doubt(
        where=rows.label,
        what=what,
        action=f'these: --map question="{reply or "<column>"}" --map reply="{question}"'
        if question
        else 'name the other side: --map agents="<name>, <name>"',
    )


def _asks_at_once(reply: str) -> bool:
    """Whether a reply begins by asking: many answer, and only end by asking for something more."""
    return bool((first := _FIRST_SENTENCE.match(reply)) and first[0].endswith(_ASKING))


def _replies_are_shorter(examples: Iterable[Example]) -> bool:
    asked = said = 0
    for example in examples:
        asked += word_count(example.question)
        said += word_count(example.reply)
    return said < CLEARLY_SHORTER * asked


def _one_question(rows: _Rows) -> Doubt | None:
    """Where rows hold few questions: what a form or a list of topics wrote, if nobody speaks.

    Customers who ask the same are told of only, if they are answered differently.
    """
    count = len(rows.tickets)
    many = max(2.0, LEAST_ASKED * count)
    if rows.asked >= many and _differ(rows.tickets, many):
        return None
    different, _ = numbered(_digests(_uncounted(ticket.question) for ticket in rows.tickets))
    asked = min(rows.asked, len(different))
    same = asked == 1 and count >= SAME_ROWS
    few = count >= 2 * FEW_ROWS and asked < LEAST_ASKED * count
    if not (same or few):
        return None
    replies = {normalised(t.reply) for t in rows.tickets if t.reply}
    filled_in = any(PLACEHOLDER.search(ticket.reply) for ticket in rows.tickets)
    varied = filled_in or len(replies) > FEW_REPLIES
    texts = Counter(ticket.question for ticket in rows.tickets)
    often, times = min(texts.items(), key=lambda pair: (-pair[1], pair[0]))
    merged = count - asked
    said = "one question" if asked == 1 else f"{asked} different questions"
    return Doubt(
        where=rows.label,
        what=f"{_share(merged, count)} would be merged: {rows.layout.called('question')} holds "
        f"{said} in {count} rows, most often {_shown(often)} ({times} times)",
        action=_MAP_QUESTION,
        is_notice=varied and _are_of_people(texts),
    )


def _differ(tickets: Iterable[Ticket], many: float) -> bool:
    """Whether so many different questions are asked; no more are looked at than tell it."""
    found = set[bytes]()
    for ticket in tickets:
        found.add(digest(_uncounted(ticket.question)))
        if len(found) >= many:
            return True
    return False


def _are_of_people(texts: Mapping[str, int]) -> bool:
    """Whether texts, with how often each stands there, differ and most ask for something.

    Texts that differ in their numbers only count as different, unless a form numbers them.
    """
    total = sum(texts.values())
    asking = {text: times for text, times in texts.items() if _asks(text)}
    counted = any(PLACEHOLDER.search(text) for text in asking)
    return (counted or len(asking) > 1) and 2 * sum(asking.values()) > total


def _uncounted(question: str) -> str:
    """Return the words of a text, without its numbers where it asks nothing."""
    if _asks(question):
        return normalised(question)
    return normalised(_COUNTED.sub("", PLACEHOLDER.sub("", question)))


def _asks(question: str) -> bool:
    said = normalised(_COUNTED.sub("", question)).split()
    return any(mark in question for mark in _ASKING) or (
        len(said) > MOST_ADDED_WORDS and not _SPEAKING.isdisjoint(said)
    )


def _unanswered(rows: _Rows, spec: PrepareSpec) -> Doubt | None:
    """Where a reply column is there, but hardly any row has a reply that is worth learning."""
    count = len(rows.tickets)
    learnt = rows.learnt
    enough = learnt and (count < 2 * FEW_ROWS or learnt >= LEAST_ANSWERED * count)
    if not rows.layout.has_replies or enough or not count:
        return None
    why = Counter(_lack(ticket.reply, spec) for ticket in rows.tickets)
    told = ", ".join(f"{reason} ({times})" for reason, times in why.most_common() if reason)
    columned = "reply" in rows.columns
    marked = rows.layout.marked
    return Doubt(
        where=rows.label,
        what=f"only {learnt} of {count} rows have a reply to learn: column "
        f"{rows.columns['reply']!r} is {told}"
        if columned
        else f"only {learnt} of {count} exchanges have an answer to learn: it is {told}"
        + (f" ({marked})" if marked else ""),
        action=f"{_NO_NOTES if marked else _mend_reply(rows)}, or change "
        "data.prepare.min_reply_words, max_reply_words or languages in northloop.toml",
        is_notice=len(rows.examples) >= FEW_ROWS
        or (bool(rows.layout.shape) and count < FEW_ROWS <= rows.alike),
    )


def _lack(reply: str, spec: PrepareSpec) -> str:
    words = word_count(reply)
    if not words:
        return "empty"
    if words < spec.min_reply_words:
        return f"under {spec.min_reply_words} words"
    if words > spec.max_reply_words:
        return f"over {spec.max_reply_words} words"
    language = language_of(reply)
    known = spec.languages == "all" or is_understood(language)
    return "" if known else f"in a language that is not understood ({language})"


def _cut_off(rows: _Rows) -> Doubt | None:
    """Replies whose end is missing, as in a list of previews."""
    first = islice(rows.tickets, MOST_LOOKED_AT)
    replies = [*dict.fromkeys(ticket.reply for ticket in first if ticket.reply)]
    if len(replies) < FEW_ROWS:
        return None
    cut = sum(reply.endswith(_LEFT_OUT) for reply in replies)
    if cut <= MOST_CUT * len(replies):
        ends = Counter(len(reply) for reply in replies if not reply.endswith(_SENTENCE_ENDS))
        [(length, cut)] = ends.most_common(1) or [(0, 0)]
        longer = sum(len(reply) > length for reply in replies)
        is_cut = cut >= CUT_ALIKE * len(replies) and longer <= LONGER * len(replies)
        if length < FEWEST_CHARS or not is_cut:
            return None
    return Doubt(
        where=rows.label,
        what=f"{_share(cut, len(replies), 'different replies')} are cut off "
        f"(reply {rows.layout.called('reply')})",
        action="export the whole texts, not their previews, or name the column of the whole reply: "
        '--map reply="<column>"',
    )


def _too_short(rows: _Rows, spec: PrepareSpec) -> Doubt | None:
    """Where rows are kept whose replies are too short, or too long, to learn."""
    first = islice(rows.tickets, MOST_LOOKED_AT) if rows.learnt < len(rows.tickets) else ()
    words = (word_count(ticket.reply) for ticket in first)
    known = range(spec.min_reply_words, spec.max_reply_words + 1)
    count = sum(said > 0 and said not in known for said in words)
    if not count:
        return None
    return Doubt(
        where=rows.label,
        what=f"{_share(count, len(rows.tickets))} are kept but not learnt: their replies have "
        f"under {spec.min_reply_words} words, as a price has, or over {spec.max_reply_words}",
        action="change data.prepare.min_reply_words or max_reply_words in northloop.toml",
        is_notice=True,
    )


def _one_reply(rows: _Rows) -> Doubt | None:
    count = len(rows.examples)
    replies, which = numbered(_digests(normalised(example.reply) for example in rows.examples))
    times = np.bincount(which, minlength=1)
    most = int(times.max())
    alike = count >= FEW_ROWS and most >= MOST_ALIKE * count
    if not alike and (count < 2 * FEW_ROWS or len(replies) > FEW_REPLIES):
        return None
    first = int(replies[np.flatnonzero(times == most)[0]])
    often = next(islice(rows.examples, first, None)).reply
    told = (
        f"have one and the same reply, {_shown(often)}"
        if alike
        else (f"have one of {len(replies)} replies, most often {_shown(often)}")
    )
    return Doubt(
        where=rows.label,
        what=f"{_share(most if alike else count, count, 'examples')} {told}: "
        "nothing but that would be learnt",
        action=f"{_mend_reply(rows)} (now {rows.columns.get('reply', '')!r})"
        if "reply" in rows.columns
        else _mend_reply(rows),
    )


def _mend_reply(rows: _Rows) -> str:
    if "reply" in rows.columns or not rows.layout.has_replies:
        return _MAP_REPLY
    if not rows.layout.takes_agents:
        return _MAP_MESSAGES
    return 'say who answers: --map agents="<name, address or id>"'


def _nothing(made: Prepared, label: str) -> Doubt:
    return Doubt(
        where=label,
        what=f"no example to learn comes out of {made.card.rows.rows_in} rows",
        action=f"{_MAP_QUESTION} {_MAP_REPLY}",
    )


def _share(part: int, whole: int, of: str = "rows") -> str:
    percent = round(100 * part / whole)
    return f"{part} of {whole} {of} ({percent if part == whole else min(percent, 99)} %)"


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= _SHOWN_CHARS else f"{line[:_SHOWN_CHARS]}…")
