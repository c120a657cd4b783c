"""A conversation written as one text: `Customer: … Agent: …`, with names, times, markup or none.

Each line that begins as a message does, with a label before a colon or with a time, is one. Whose a
label is tells its words (in the languages that `roles` knows), the lines above the conversation
(`Visitor: Jo`), or the other columns of its row. What is labelled as a note among agents is one,
and so is whatever stands under a label that nothing is known of, once the others are known: a line
that an agent began so makes the whole answer unsure, and it is not learnt.

What this module does not know is which columns hold transcripts in a file, or who answers where
no label says it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from northloop.core.conversation import Role
from northloop.core.patterns import lazy
from northloop.core.scripts import word_count
from northloop.stages.data.correspondence.markup import from_html
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources.answering import is_insider
from northloop.stages.data.sources.headers import HEADERS
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.noted import withholds
from northloop.stages.data.sources.notes import LOCK, says_private
from northloop.stages.data.sources.paths import at_path, at_steps
from northloop.stages.data.sources.roles import role_of, words_of
from northloop.stages.data.wording import any_of, words

SIDE, SPEAKER, TEXT, TIME, PRIVATE, BEHIND = "side", "speaker", "text", "time", "private", "behind"
"""The fields of a message, as the readers of messages know them."""
MOST_WRITTEN_SO = 0.6
"""Of a column of transcripts, so many cells begin as one."""
FEWEST_SAID = 3
"""Under a label that nothing is known of and with fewer words, nobody speaks: `Order: 4711`."""
MOST_LABEL_WORDS = 6
MOST_NAME_WORDS = 4
MOST_ABOVE = 12
"""Lines that may stand above the first message."""
_MOST_LABEL_CHARS = 60
_MOST_MARK_CHARS = 40
_MOST_HEAD_CHARS = 300

_CLOCK = r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?[AaPp]\.?[Mm](?![^\W_])\.?| Uhr|Z)?"
_DATE = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ]\w{1,9}[-/. ]\d{2,4}|\w{3,9} \d{1,2},? \d{4})"
)
_STAMP = rf"(?:{_DATE}[ T,]{{1,2}}(?:at |um |@ |à |a las )?{_CLOCK}|{_CLOCK})"
STAMPED = rf"(?:[\[(]{_STAMP}[\])]|{_STAMP})"
_BRACKET = r"\((?:[^()\n]|\([^()\n]{0,60}\)){0,80}\)|\[[^\]\n]{0,80}\]"
_ARROW = r"(?<=[\w =-])>(?=[ \w])"
_LABEL = rf"[^\W\d_](?:[^:：\n\[\]<>|\"“”„()]|{_ARROW}|{_BRACKET}){{0,{_MOST_LABEL_CHARS}}}?"
_ONE_SENTENCE = _LABEL.replace("[^:", "[^.!?…。！？;:")
_HEAD = lazy(
    rf"[ \t>*•_#-]*(?:(?P<before>{STAMPED})[ \t]*[-–—|,:]?[ \t]*)?"
    rf"[*_]{{0,2}}(?P<label>{_LABEL})[*_]{{0,2}}"
    rf"(?:,?[ \t]+(?:at |um )?(?P<after>{STAMPED}))?"
    r"[ \t]*[*_]{0,2}[ \t]*[:：](?!//|\d\d)[*_]{0,2}[ \t]*(?P<said>.*)"
)
"""`[10:32] Anna (Agent): …`, `Anna (10:32): …`, `**Agent:** …`"""
_LINE_ABOVE = lazy(
    rf"[ \t>*•_#-]*(?:(?P<before>{STAMPED})[ \t]*[-–—|,]?[ \t]*(?P<label>{_LABEL})"
    rf"|(?P<name>{_LABEL})[ \t]*[-–—|,]?[ \t]*(?P<after>{STAMPED}))[ \t]*:?[ \t]*"
)
"""`2026-02-03 09:15:00 - Anna (Additional comments)` above what was said."""
_SINCE = lazy(r"^\( (?:(\d+)h )?(?:(\d+)m )?(\d+)s \) ", re.M)
"""How Salesforce writes when something was said: `( 1m 20s ) Anna: …`."""
_BOXED = lazy(r"^[ \t]*(?:【([^】\n]{1,20})】|\[([^\]\n]{1,20})\])[ \t]*(?![:：])", re.M)
"""`【お客様】…`, `[Agent] …`: labels where a text begins with one that names a side."""
_SIDED = lazy(
    rf"^([ \t]*(?:{STAMPED}[ \t]*[-–—|,]?[ \t]*)?)(?:\[([^\]\n]{{1,20}})\]|\(([^)\n]{{1,20}})\))"
    r"[ \t]+([^\W\d_][^:：\n\[\]()]{0,40}?)[ \t]*(?=[:：][ \t])",
    re.M,
)
"""`10:32 [Agent] Anna: …`: a side before a name."""
_MARK_LINE = lazy(r"[\W_]*([^\W\d_][\w .'-]{2,40}?)[\W_]*")
_EVENT_LINE = lazy(
    r"[ \t]*(?:[-=~]{2,}|\*{3,})[ \t]*[^\W_].*[^\W_][)\]]?[ \t]*(?:[-=~]{2,}|\*{3,})[ \t]*"
)
"""`--- Chat ended ---`, `*** Jo left ***`"""
_FROM_TO = lazy(
    rf"^([ \t]{{0,8}}{STAMPED}[ \t]{{0,4}}[-–—|,]?[ \t]{{0,4}})From[ \t]{{1,4}}"
    r"([^\s:：][^:：\n]{0,59}?)[ \t]{1,4}to[ \t]{1,4}([^\s:：][^:：\n]{0,59}?)[ \t]{0,4}(?=[:：])",
    re.M,
)
"""`10:32:05 From Anna to Everyone: …`, as chats of meetings are written."""
_MARK = lazy(
    r"(?<![\[(（【*=-])(?:[\[(（【*]++|-{2,}+|={2,}+)[ \t]?"
    rf"([^\W\d_][^\])）】*=\n]{{1,{_MOST_MARK_CHARS}}}?)"
    r"[ \t]?(?:[\])）】*]++|-{2,}+|={2,}+)"
)
"""`[Internal note]`, `*** intern ***`: set apart from what stands behind it."""
_BEFORE = lazy(rf"(?:{STAMPED}[ \t]*[-–—|]?[ \t]*)?\Z")
"""A time before a mark, or nothing."""
_FIRST_STAMP = lazy(rf"[ \t>•_#-]*{STAMPED}[ \t]*[-–—|,:]?[ \t]*")
_IN_BRACKETS = lazy(r"[(\[（【](.*)[)\]）】]\s*$")
_PARTS = lazy(r"\s+[-–—|/·@]\s+|\s*[,|]\s+")
_TAG = lazy(r"<(?:br|p|div|li|b|strong|span|tr|td|i|em|ul|table)\b[^<>]*>", re.I)
_SENTENCE_ENDS = ".!?…。！？)]\"'”»;|"
_INLINE = lazy(
    rf"(?:(?<=\s)|(?<=[。！？]))(?=(?:{STAMPED}[ \t]*[-–—|]?[ \t]*)?"
    rf"({_ONE_SENTENCE})[ \t]?[:：](?:\s|$|(?<=：)))"
)
_EVERYONE = ("everyone", "all", "alle", "tous", "todos", "tutti", "iedereen", "wszyscy", "alla")
_NO_LABELS = words(
    """
    from to cc bcc sent date subject reply-to von an gesendet datum betreff de à envoyé objet para
    enviado enviada asunto assunto da a inviato oggetto aan verzonden onderwerp od do wysłano temat
    från till skickat ämne http https www re aw fw fwd tel fax ps p.s 差出人 宛先 件名 发件人 收件人
    """
)
"""What stands above a quoted mail, and other words before a colon under which nobody speaks."""
_FIELDS = frozenset(n for names in HEADERS.values() for n in names) | _NO_LABELS
_NAMES = lazy(r"(?:[A-ZÀ-ÖØ-ÞŁŚŻŹĆ]|[^\W\d_a-zß-öø-ÿłśżźćąęń])[\w'’.-]*")
_PARTICLES = words("von van der den de da di del della du la le el al bin ben y e zu")
_TO = words("to an à a para for für pour till do voor")
_ASIDE = lazy(
    any_of(
        r"""whisper | flüster | \bthoughts?\b | \bconsult | \bmemo\b | \bsummary\b | zusammenfassung
        | \brésumé\b | \bresumen\b | riepilogo | →
        | \b(?:to|an|à|a|para|per|für|voor|do|till)\s(?:the\s|das\s|l['’])?(?:team|staff|supervisor
          |manager|colleagues?|kolleg\w+|équipe|equipo|back\s?office)\b"""
    ),
    re.I,
)
"""In a label: what is said under it is for agents, whoever says it."""
_ARROWS = lazy(r"\s*(?:→|[=-]?>)\s*")
_BEGUN = lazy(
    r"\s*(?P<mark>[\[(（【{<*#/=~-]*)\s*(?P<label>[^\W\d_][\w'’.]*(?: [\w'’.→]+){0,2})"
    r"[^\w:：\-–—\])}）】]*(?P<colon>[:：\-–—\])}）】]?)"
)
_LOGIN = lazy(r"\s*(?:[a-zß-öø-ÿ][\w.-]{1,20}|[^\W\d_]+\d+): \S")
"""A line under a login: `greg.miller: …`, `Greg99: …`."""
_UNSPACED_NAME_CHARS = 10
_COMMENTS = lazy(any_of(
    """
    comment | kommentar | comentari | comentári | komentarz | commento | opmerking | reactie |
    コメント | 评论 | 評論 | 注释 | 備考
    """
))  # fmt: skip
"""How journals call what the customer reads, in brackets behind who wrote it."""
_WORK = lazy(any_of(
    "work | arbeit | travail | trabajo | lavoro | trabalho | werk | robocz | arbets | 作業 | 工作"
))  # fmt: skip


_NOTED = lazy(
    rf"[ \t>*•_#-]*(?:(?P<at>{STAMPED})[ \t]*[-–—|,:]?[ \t]*)?"
    r"(?P<name>[^\W\d_][^:：\n\[\](){}<>|]{0,40}?)[ \t]*"
    r"(?:\|[ \t]*(?P<cells>[^:：\n]{1,60}?)[ \t]*[:：]"
    r"|[<(\[{](?P<mark>[^<>()\[\]{}\n]{1,40})[>)\]}][ \t]*[-–—|:：]?)[ \t]*(?P<said>\S.*)"
)
"""`Jo | internal: …`, `Jo <internal>: …`, `Jo (internal) …`"""
_REMARKS = words(
    """
    note nota notas notice hinweis achtung wichtig attention important remarque aviso importante
    attenzione opmerking uwaga ważne obs viktigt tip tipp conseil 注意 備考
    """
)
"""Agents begin lines of an answer so, and what they note among themselves too."""
_TO_READER = lazy(
    r"\b(?:[Yy]ou(?:rs?)?|Ihnen|Ihre?[mnrs]?|[Dd](?:ir|eine?[mnrs]?)|[Vv]ous|[Vv]os|[Vv]otre"
    r"|[Uu]sted(?:es)?|[Vv]oc[êe]s?|[Uu]w|[Jj]ouw|[Pp]aństw\w+|[Nn]i|[Dd]ig|[Dd]in[ae]?)\b"
    r"|(?<=\w )Sie\b|您|お手元|ください"
)
"""Speaks to whoever reads it."""
_OF_OTHERS = lazy(
    any_of(
        r"""\bhe\b | \bshe\b | \bhim\b | \bhis\b | \bher\b | \bthey\b | \bthem\b | customer
        | \bcust\b | client | caller | kund | klant | klient | お客 | 客户 | 顧客 | fraud | agent
        | betrug | colleague | kolleg | collègue | supervisor | manager | \bteam\b | ticket
        | escalat | intern | \bqa\b"""
    ),
    re.I,
)
"""Speaks of the customer, or to colleagues."""
_MOST_TO_READERS = 0.5
"""Of remarks behind answers, so many speak to the reader where they are parts of the answers."""


class Turn(msgspec.Struct, frozen=True):
    """What stands under one label."""

    label: str
    text: str
    at: str = ""
    in_journal: bool = False
    """The label stands on a line of its own behind a time, as journals have it."""
    behind: str = ""
    """What stands in brackets behind a name that stands without it, too, and is no side."""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """How the transcripts of a column are written."""

    is_timed: bool = False
    """Each message begins with a time: what does not is a line of the one before."""
    is_inline: bool = False
    """Messages follow one another in one line."""
    is_sided: bool = False
    """Labels, or other columns, say whose most messages are."""
    answering: frozenset[str] = frozenset()
    """Names in lower case of those who answer customers that are known."""
    others_ask: bool = False
    """Who answers is known, and the first of the others in each text is its customer."""
    remarks_are_said: bool = False
    """Lines `Note: …` stand behind answers alone and speak to the customer: they are part of them.
    """


class Named(msgspec.Struct, frozen=True):
    """Who asks and who answers by the other columns of a row, names in lower case."""

    asking: frozenset[str] = frozenset()
    answering: frozenset[str] = frozenset()


NOBODY = Named()


# --- a text to its turns -------------------------------------------------------------------------


def turns(text: str, form: Form) -> list[Turn]:
    """Return what is said in a transcript, in its order; [] for a text that does not begin so.

    Lines above the first label are left out, and where each message has a time, so are labels
    without one.
    """
    plain = _plain(text)
    lines = (_broken_up(plain) if form.is_inline else plain).split("\n")
    found: list[tuple[_Head, list[str]]] = []
    for line in lines:
        head = _head(line, form)
        if head:
            found.append((head, [head.said] if head.said else []))
        elif found:
            found[-1][1].append(line)
    return [_turn(head, said) for head, said in found]


class _Head(msgspec.Struct, frozen=True):
    label: str
    said: str
    at: str = ""
    in_journal: bool = False


def _turn(head: _Head, said: Sequence[str]) -> Turn:
    return Turn(head.label, "\n".join(said).strip(), head.at, head.in_journal)


def _plain(text: str) -> str:
    """Return a text without markup, one line a line."""
    plain = from_html(text) if _TAG.search(text) else text
    plain = plain.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    plain = _SINCE.sub(_clock, plain) if "s )" in plain else plain
    if "From" in plain and any(words_of(one[3]) in _EVERYONE for one in _FROM_TO.finditer(plain)):
        plain = _FROM_TO.sub(_to_everyone, plain)
    plain = _SIDED.sub(_sided, plain)
    begins = _BOXED.match(plain.lstrip())
    sided = begins and role_of(_boxed(begins)) in (Role.CUSTOMER, Role.AGENT)
    return _BOXED.sub(lambda label: f"{_boxed(label)}: ", plain) if sided else plain


def _to_everyone(label: re.Match[str]) -> str:
    """Return who wrote to everyone; what goes to one alone is a note."""
    is_to_all = words_of(label[3]) in _EVERYONE
    return f"{label[1]}{label[2].strip()}{'' if is_to_all else ' (private)'}"


def _sided(label: re.Match[str]) -> str:
    """Return a label with the side behind the name: `10:32 Anna (Agent)`; any other as it is."""
    before, name, side = label[1], label[4].strip(), label[2] or label[3]
    if role_of(side) and (words_of(name) in _REMARKS or _is_private(name)):
        return f"{before}{name} (private)"
    return f"{before}{name} ({side})" if _may_be_name(name) and role_of(side) else label[0]


def _boxed(label: re.Match[str]) -> str:
    return str(label[1] or label[2])


def _clock(since: re.Match[str]) -> str:
    hours, minutes, seconds = (int(part or 0) for part in since.groups())
    minutes += 60 * hours
    return f"[{minutes // 60:02}:{minutes % 60:02}:{seconds:02}] "


def _head(line: str, form: Form) -> _Head | None:
    """Return the label that a line begins with, None for a line that goes on with what was said."""
    if marked := _marked_private(line):
        return marked
    is_short = len(line) <= _MOST_HEAD_CHARS
    if is_event(line):
        return _Head(str(Role.SYSTEM), line.strip())
    if noted := _noted(line):
        return noted
    above = _LINE_ABOVE.fullmatch(line) if is_short else None
    if above and (label := (above["label"] or above["name"]).strip()):
        return _Head(label, "", _time(above["before"] or above["after"]), in_journal=True)
    begun = _HEAD.fullmatch(line[:_MOST_HEAD_CHARS])
    if begun is None:
        return None
    said = begun["said"] + line[_MOST_HEAD_CHARS:]
    at, label = _time(begun["before"] or begun["after"]), begun["label"].strip(" \t*_")
    if at or _is_private(label):
        return _Head(label, said, at)
    if form.is_timed or not _may_be_label(label):
        return None
    is_known = _side_of(label) is not None or _is_private(label)
    return _Head(label, said) if is_known or _may_be_name(label) else None


def begins_timed(line: str) -> bool:
    """Whether a line begins a message with a time before its label."""
    begun = _HEAD.fullmatch(line[:_MOST_HEAD_CHARS])
    return begun is not None and bool(begun["before"])


def is_event(line: str) -> bool:
    """Whether a line is set apart, as what happened is: `--- Chat ended ---`."""
    return len(line) <= _MOST_HEAD_CHARS and _EVENT_LINE.fullmatch(line) is not None


def unboxed(text: str) -> str:
    """Return a transcript with the heads of messages that are set apart, `--- Jo, 10:02 ---`, as
    those of others are.
    """
    lines = ((line, line.strip("-=~* \t")) for line in text.split("\n"))
    return "\n".join(
        bare if is_event(line) and _LINE_ABOVE.fullmatch(bare) else line for line, bare in lines
    )


def _time(stamp: str | None) -> str:
    return (stamp or "").strip("[]() ")


def _may_be_label(label: str) -> bool:
    named = words_of(label)
    if role_of(label) in (Role.CUSTOMER, Role.AGENT, Role.BOT):
        return named not in _NO_LABELS
    return bool(named) and len(label.split()) <= MOST_LABEL_WORDS and named not in _FIELDS


def _may_be_name(label: str) -> bool:
    """Whether a label may be the name of somebody: capitals where the script has some."""
    bare = _IN_BRACKETS.sub("", label).strip()
    said = [word for word in bare.split() if word.lower() not in _PARTICLES]
    if not 0 < len(said) <= MOST_NAME_WORDS or any(c.isdigit() for c in bare):
        return "@" in bare and " " not in bare
    if not bare.isascii() and word_count(bare) > len(said):
        return len(bare) <= _UNSPACED_NAME_CHARS
    return all(_NAMES.fullmatch(word) for word in said)


def _marked_private(line: str) -> _Head | None:
    """Return a line that is marked as a note among agents, `[Internal] …`, or says that one
    follows; None for any other.
    """
    stamped = _FIRST_STAMP.match(line[:_MOST_HEAD_CHARS])
    bare = line[stamped.end() if stamped else 0 :].strip()
    if bare.startswith(LOCK):
        return _Head(LOCK, bare.removeprefix(LOCK).strip())
    mark = _MARK.match(bare)
    if mark and says_private("kind", mark[1]):
        return _Head(mark[1], bare[mark.end() :].strip())
    alone = _MARK_LINE.fullmatch(bare) if 0 < len(bare) <= _MOST_MARK_CHARS * 2 else None
    is_heading = alone and says_private("kind", alone[1]) and _says_but_that(bare)
    return _Head(bare.strip(": "), "") if is_heading else None


def _noted(line: str) -> _Head | None:
    """Return a line that a mark behind its writer's name calls a note; None for any other."""
    begun = _NOTED.fullmatch(line[:_MOST_HEAD_CHARS])
    if begun is None or not _may_be_name(begun["name"]):
        return None
    marks = (one.strip() for one in (begun["cells"] or begun["mark"]).split("|"))
    mark = next(filter(_calls_private, marks), "")
    said = begun["said"] + line[_MOST_HEAD_CHARS:]
    return _Head(f"{begun['name']} ({mark})", said, _time(begun["at"])) if mark else None


def _says_but_that(line: str) -> bool:
    """Whether a line is set apart as a heading is: by what stands around it, or by a colon."""
    bare = line.strip()
    return not (bare[0].isalnum() and bare[-1].isalnum()) and bare[-1] not in ".!?,;"


def _broken_up(text: str) -> str:
    """Return a text with each label at the beginning of a line, after the end of a sentence or
    where its words say whose it is.
    """
    labels = [begun for begun in _INLINE.finditer(text) if _begins(text, begun)]
    spans = [begun.span(1) for begun in labels]
    marks = [
        _stamp_before(text, mark.start())
        for mark in _MARK.finditer(text)
        if says_private("kind", mark[1]) and not any(a < mark.start() < b for a, b in spans)
    ]
    starts = sorted({0, *(begun.start() for begun in labels), *marks})
    return "\n".join(text[a:b].strip() for a, b in pairwise([*starts, len(text)]))


def _stamp_before(text: str, at: int) -> int:
    """Return where the time before a place begins, the place itself where there is none."""
    found = _BEFORE.search(text, max(0, at - _MOST_MARK_CHARS), at)
    return found.start() if found else at


def _begins(text: str, begun: re.Match[str]) -> bool:
    """Whether a label in a line begins a message."""
    before, label = text[max(0, begun.start() - 9) : begun.start()].rstrip()[-1:], begun[1].strip()
    side, capital = _side_of(label), label[:1] != label[:1].lower()
    told = side in (Role.CUSTOMER, Role.AGENT, Role.BOT) and capital and len(label.split()) < 3
    ends = before in _SENTENCE_ENDS or not label[:1].isascii()
    return bool(before) and (_is_private(label) or _may_be_label(label)) and (told or ends)


# --- whose a label is ----------------------------------------------------------------------------


def _parts_of(label: str) -> list[str]:
    """Return what a label is made of: `Anna (Agent)`, `Anna - Support`, `Support | Anna`."""
    bracket = _IN_BRACKETS.search(label)
    bare = _IN_BRACKETS.sub("", label).strip()
    return [
        part for part in (*((bracket[1],) if bracket else ()), bare, *_PARTS.split(bare)) if part
    ]


def _side_of(label: str) -> Role | None:
    """Return whose a label is by its words: `Agent Anna` and `Acme Support` too; else None. Of
    `Agent → Customer` it is the first one's.
    """
    parts = _parts_of(_ARROWS.split(label)[0])
    for part in () if any(map(_calls_private, parts)) else parts:
        said = part.split()
        first, last = (said[0], said[-1]) if said else ("", "")
        tried = (part, " ".join(said[-2:]), last, first)
        if role := next((r for t in tried if (r := role_of(t))), None):
            return role
    return None


def _is_private(label: str) -> bool:
    """Whether a label says that what follows is among agents: `Internal note by Anna on 3 Feb`."""
    said = label.split()
    parts = (*_parts_of(label), " ".join(said[:3]), " ".join(said[-3:]))
    if LOCK in label or any(is_insider(part) for part in parts):
        return True
    named = _ARROWS.split(label)
    if len(named) > 1 and Role.CUSTOMER not in map(_side_of, named):
        return True
    to_agents = len(said) > 2 and words_of(said[-2]) in _TO and role_of(said[-1]) is Role.AGENT
    return (
        to_agents or _ASIDE.search(" ".join(named)) is not None or any(map(_calls_private, parts))
    )


def _calls_private(part: str) -> bool:
    return says_private("kind", part) or withholds(part)


def _is_public_journal(turn: Turn) -> bool:
    """Whether an entry of a journal, if it names one, is what the customer reads: behind a side
    stands a name in full, `Handläggare (Elin Berg)`.
    """
    bracket = _IN_BRACKETS.search(turn.label)
    if bracket is None or not turn.in_journal or role_of(bracket[1]):
        return True
    is_name = " " in bracket[1].strip() and _may_be_name(bracket[1])
    is_whose = role_of(name_of(turn.label)) in (Role.CUSTOMER, Role.AGENT)
    return is_comment(bracket[1]) or (is_whose and is_name)


def is_comment(journal: str) -> bool:
    """Whether a journal is called as what the customer reads is: `Additional comments`."""
    named = journal.lower()
    return bool(_COMMENTS.search(named)) and not (_WORK.search(named) or _is_private(named))


def name_of(label: str) -> str:
    """Return the name in a label, without what stands in brackets behind it."""
    return _IN_BRACKETS.sub("", label).strip() or label


# --- turns to messages ---------------------------------------------------------------------------


def messages(text: str, form: Form, named: Named = NOBODY) -> list[Mapping[str, Json]]:
    """Return the messages of a transcript, an object each with the fields above; [] for none."""
    found = _with_brackets(_without_fields(turns(text, form), is_sided=form.is_sided))
    above = _named_above(found)
    sides = [_told_side(turn.label, form, named, above) for turn in found]
    if form.others_ask:
        sides = _with_customer(found, sides)
    if form.remarks_are_said:
        found, sides = _with_remarks(found, sides)
    if form.is_sided:
        return list(_surely(found, sides, above))
    return [_message(turn, side) for turn, side in zip(found, sides, strict=True)]


def _with_brackets(found: Sequence[Turn]) -> list[Turn]:
    """Return turns with what those of one name differ by, in brackets behind it."""
    labels: dict[str, set[str]] = {}
    for turn in found:
        labels.setdefault(name_of(turn.label), set()).add(turn.label)
    return [
        msgspec.structs.replace(turn, behind=_behind(turn.label))
        if len(labels[name_of(turn.label)]) > 1 and not turn.in_journal
        else turn
        for turn in found
    ]


def _behind(label: str) -> str:
    bracket = _IN_BRACKETS.search(label)
    return "" if bracket is None or role_of(bracket[1]) else bracket[1].strip()


def _with_customer(found: Sequence[Turn], sides: Sequence[Role | None]) -> list[Role | None]:
    """Return sides where the first of whom nothing is known is the customer, if nobody else is."""
    if Role.CUSTOMER in sides:
        return list(sides)
    unknown = (t for t, s in zip(found, sides, strict=True) if not _is_told(t, s))
    asks = next((name_of(turn.label).lower() for turn in unknown), "")
    return [
        Role.CUSTOMER if side is None and name_of(turn.label).lower() == asks else side
        for turn, side in zip(found, sides, strict=True)
    ]


def _with_remarks(
    found: Sequence[Turn], sides: Sequence[Role | None]
) -> tuple[list[Turn], list[Role | None]]:
    """Return turns with the remarks that speak of nobody else put back into the answers before."""
    kept: list[tuple[Turn, Role | None]] = []
    for turn, side in zip(found, sides, strict=True):
        answer = kept[-1] if kept and kept[-1][1] is Role.AGENT else None
        if answer and _is_remark(turn) and not _OF_OTHERS.search(turn.text):
            text = f"{answer[0].text}\n{turn.label}: {turn.text}"
            kept[-1] = (msgspec.structs.replace(answer[0], text=text), answer[1])
        else:
            kept.append((turn, side))
    return [turn for turn, _ in kept], [side for _, side in kept]


def _is_remark(turn: Turn) -> bool:
    return words_of(turn.label) in _REMARKS and not (turn.at or turn.in_journal)


def _are_remarks_said(present: Sequence[tuple[str, Named]], form: Form) -> bool:
    """Whether all remarks of a column stand behind answers, and most speak to the customer."""
    to_reader = list[bool]()
    for cell, named in present:
        found = _without_fields(turns(cell, form), is_sided=True)
        sides = [_told_side(turn.label, form, named, _named_above(found)) for turn in found]
        for before, turn in zip([None, *sides], found, strict=False):
            if words_of(turn.label) in _REMARKS:
                if before is not Role.AGENT or not _is_remark(turn):
                    return False
                to_reader.append(bool(_TO_READER.search(turn.text)))
    return bool(to_reader) and sum(to_reader) >= _MOST_TO_READERS * len(to_reader)


def _told_side(label: str, form: Form, named: Named, above: Mapping[str, Role]) -> Role | None:
    name = name_of(label).lower()
    if role := above.get(name):
        return role
    if any(_is_same(name, asking) for asking in named.asking):
        return Role.CUSTOMER
    if any(_is_same(name, answering) for answering in named.answering):
        return Role.AGENT
    return _side_of(label) or (Role.AGENT if name in form.answering else None)


def _is_same(name: str, known: str) -> bool:
    """Whether a name is one that is known, or its first part: `anna` of `anna berg`."""
    return name == known or known.startswith(f"{name} ")


def _without_fields(found: Sequence[Turn], *, is_sided: bool = False) -> list[Turn]:
    """Return turns with those that are but fields in a text put back into it.

    Where sides are known, what may be somebody's name stays apart: agents whisper in few words.
    """
    kept: list[Turn] = []
    for turn in found:
        known = turn.at or _side_of(turn.label) is not None or _is_private(turn.label)
        is_field = any(c.isdigit() for c in turn.text) or not _may_be_name(turn.label)
        apart = is_sided and not is_field
        if known or apart or word_count(turn.text) >= FEWEST_SAID:
            kept.append(turn)
        elif kept:
            last = kept.pop()
            text = f"{last.text}\n{turn.label}: {turn.text}".strip()
            kept.append(msgspec.structs.replace(last, text=text))
    return kept


def _named_above(found: Sequence[Turn]) -> dict[str, Role]:
    """Return whose names are, where lines above a conversation say it: `Visitor: Jo`."""
    labels = {name_of(turn.label).lower() for turn in found}
    told: dict[str, Role] = {}
    for turn in found[:MOST_ABOVE]:
        name, role = turn.text.partition("\n")[0].strip().lower(), _side_of(turn.label)
        if role and name in labels and name_of(turn.label).lower() != name:
            told[name] = role
    return told


def _surely(
    found: Sequence[Turn], sides: Sequence[Role | None], above: Mapping[str, Role]
) -> Iterator[Mapping[str, Json]]:
    """Yield messages where sides are known: what stands under any other label is kept private, and
    an answer that goes on under one is too.
    """
    for place, (turn, side) in enumerate(zip(found, sides, strict=True)):
        if turn.text.partition("\n")[0].strip().lower() in above:
            continue
        following = place + 1 < len(found) and not _is_told(found[place + 1], sides[place + 1])
        cut_short = side is Role.AGENT and following
        hidden = not _is_told(turn, side) or cut_short or _holds_asides(turn.text)
        yield _message(turn, side, hidden=hidden)


def _holds_asides(text: str) -> bool:
    """Whether a line of what is said is, or may be, for agents alone: `#internal …`, `(Internal:
    …)`, `Summary: …`, `greg: …`.
    """
    return any(map(_is_aside, text.split("\n")))


def _is_aside(line: str) -> bool:
    first = line.partition(":")[0].strip("* ")
    if first.isalpha() and words_of(first) in _REMARKS:
        return False  # where it is none of the answer, it is a turn of its own
    bracket = _IN_BRACKETS.search(line[:_MOST_HEAD_CHARS])
    if bracket and len(line.split()) <= MOST_LABEL_WORDS and says_private("kind", bracket[1]):
        return True
    begun = _BEGUN.match(line[:_MOST_HEAD_CHARS])
    if begun is None:
        return False
    label = begun["label"]
    if _LOGIN.match(line) or (begun["colon"] and _ASIDE.search(label)):
        return True
    said = label.split()
    called = any(says_private("kind", " ".join(said[:n])) for n in range(1, len(said) + 1))
    return called and bool(begun["mark"] or begun["colon"] or said[0].isupper())


def _is_told(turn: Turn, side: Role | None) -> bool:
    return side is not None or _is_private(turn.label)


def _message(turn: Turn, side: Role | None, *, hidden: bool = False) -> Mapping[str, Json]:
    mark = _MARK.match(turn.text)
    noted = _is_private(turn.label) or bool(mark and says_private("kind", mark[1]))
    private = hidden or noted or not _is_public_journal(turn)
    return {
        SIDE: str(side) if side else "",
        SPEAKER: name_of(turn.label),
        TEXT: turn.text,
        TIME: turn.at,
        PRIVATE: private,
        **({BEHIND: turn.behind} if turn.behind else {}),
    }


# --- a column ------------------------------------------------------------------------------------


def form_of(cells: Iterable[str], named: Iterable[Named] = ()) -> Form | None:
    """Return how the transcripts of a column are written, None for a column of other texts.

    `named` says for each cell who asks and answers by its row.
    """
    known = list(named)
    present = [(c, known[n] if known else NOBODY) for n, c in enumerate(cells) if not is_missing(c)]
    for is_inline in (False, True):
        plain = Form(is_inline=is_inline)
        timed = msgspec.structs.replace(plain, is_timed=_are_timed(c for c, _ in present))
        if _are_transcripts([c for c, _ in present], timed):
            return _with_sides(present, timed)
    return None


def _are_timed(cells: Iterable[str]) -> bool:
    """Whether most messages begin with a time."""
    found = [turn for cell in cells for turn in turns(cell, Form(is_timed=True))]
    every = [turn for turn in found if turn.at]
    return len(every) > 1 and len(every) >= MOST_WRITTEN_SO * len(found)


def _are_transcripts(cells: Sequence[str], form: Form) -> bool:
    """Whether cells begin as transcripts, and most of them hold what several said."""
    read = [_without_fields(turns(cell, form)) for cell in cells if _begins_so(cell, form)]
    several = [t for t in read if len({name_of(turn.label).lower() for turn in t}) > 1]
    if len(read) < MOST_WRITTEN_SO * len(cells) or not (form.is_timed or several):
        return False
    openers = {name_of(t[0].label).lower() for t in several}
    known = sum(any(_side_of(t.label) is Role.CUSTOMER for t in read) for read in several)
    varied = len(openers) > 1 or known * 2 >= len(several)
    return form.is_timed or (varied and 2 * len(several) >= len(cells))


def _begins_so(cell: str, form: Form) -> bool:
    plain = _plain(cell)
    lines = [
        line
        for line in (_broken_up(plain) if form.is_inline else plain).split("\n")
        if line.strip()
    ]
    return any(_head(line, form) for line in lines[:MOST_ABOVE]) and len(lines) > 1


def _with_sides(present: Sequence[tuple[str, Named]], form: Form) -> Form:
    """Return a form with who answers known customers, and whether labels say the sides."""
    answering = _answering(present, form)
    told = msgspec.structs.replace(form, answering=answering)
    known = 0
    for cell, named in present:
        sides = {m[SIDE] for m in messages(cell, told, named)}
        asks = bool(named.asking) or str(Role.CUSTOMER) in sides
        known += asks and bool(sides & {str(Role.AGENT), str(Role.BOT)})
    is_sided = known * 2 >= len(present)
    are_said = is_sided and not form.is_inline and _are_remarks_said(present, told)
    return msgspec.structs.replace(told, is_sided=is_sided, remarks_are_said=are_said)


def _answering(present: Sequence[tuple[str, Named]], form: Form) -> frozenset[str]:
    """Return names under which somebody speaks with several customers that are known as such."""
    seen: Counter[str] = Counter()
    for cell, named in present:
        told = messages(cell, form, named)
        if named.asking or any(m[SIDE] == str(Role.CUSTOMER) for m in told):
            others = (m for m in told if not m[SIDE] and not m[PRIVATE])
            seen.update({str(m[SPEAKER]).lower() for m in others})
    return frozenset(name for name, times in seen.items() if times > 1)


def says_which(cell: str, form: Form) -> bool:
    """Whether each entry of a journal says in brackets what kind it is."""
    found = turns(cell, form)
    return all(t.in_journal and _IN_BRACKETS.search(t.label) for t in found)


def text_at(row: Mapping[str, Json], column: str) -> str:
    """Return the transcript in a column of a row, one that is a list of its lines too."""
    value = at_steps(row, column)
    if isinstance(value, str) or not isinstance(value, Sequence):
        return at_path(row, column)
    return "\n".join(line for line in value if isinstance(line, str))


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """How the transcripts of one column are read, row by row."""

    form: Form
    asking: tuple[str, ...] = ()
    """Columns that name who asks."""
    answering: tuple[str, ...] = ()

    def messages(self, row: Mapping[str, Json], column: str) -> list[Mapping[str, Json]]:
        """Return the messages of a row's transcript, see `messages`."""
        return messages(text_at(row, column), self.form, self.named(row))

    def named(self, row: Mapping[str, Json]) -> Named:
        """Return who asks and who answers in a row, by its other columns."""
        asked = {at_path(row, c).strip().lower() for c in self.asking} - {""}
        answered = {at_path(row, c).strip().lower() for c in self.answering} - {""}
        return Named(frozenset(asked - answered), frozenset(answered - asked))
