"""Conversations out of mail: mailboxes (mbox), single mails (.eml), folders and archives of them.

Mails belong together that answer one another (Message-ID, In-Reply-To, References) or, where a
client left that out, that have one subject among the same people. Of each the plain text is taken,
its HTML where there is none; attachments never. What the house writes to itself or to somebody else
than the customer is private, and what that somebody answers is too. Signatures and quotes are left
to the cleaning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources.answering import is_agent
from northloop.stages.data.sources.places import Place, members, opened
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.wording import typed_words, words

MAX_MAIL_BYTES = 32_000_000
MAX_SUBJECT_CHARS = 300
MOST_ADDRESSED = 0.5
"""Where more of what agents wrote names whom it went to, a mailbox keeps that of every mail."""
MAIL_ENDINGS = (".eml", ".emlx")
_POSTMARK = re.compile(rb"From .*\d{4}\r?\n?$|From \S+(@\S+)? .*\d\d:\d\d")
_QUOTED_FROM = re.compile(rb"^>+From ")
RE = re.compile(
    r"^\s*((re|aw|antw|antwort|wg|fw|fwd|tr|rv|res|enc|odp|sv|vb|vs|r|i|rif|ynt|re\[\d+\]"
    r"|回复|答复|答覆|转发|返信|转)"
    r"\s*[:：]\s*)+",
    re.I,
)
"""What the subject of an answer begins with."""
_VIA = re.compile(r"(?P<name>.+?) (?:via|über|par|através de|przez|genom) \S", re.I)
"""How a group writes who sent what comes from its own address: `'Jo Marsh' via Support`."""
_OF_GROUPS = ("List-Post", "Mailing-list", "X-Google-Group-Id", "X-Original-Sender")
"""A mail of a list in which people write to one another has one of these; a newsletter has none."""
_LABELS = ("X-Gmail-Labels", "X-Keywords", "Keywords", "X-Label", "X-Folder")
"""Where mail programs note the folders that a mail lies in."""
_DRAFTS = typed_words(
    """
    draft drafts entwurf entwürfe brouillon brouillons borrador borradores bozza bozze rascunho
    rascunhos concept concepten roboczy robocze utkast kladde kladder taslak taslaklar черновики
    下書き 草稿 임시보관함
    outbox scheduled postausgang geplant programmé programmés programado programados programmati
    pianificati agendados gepland zaplanowane schemalagda 送信予定
    """
)
"""What the folder of mails that were not sent, or not yet, is called."""
_ANGLED = re.compile(r"<[^<>\s]+>")
_FREE = words(
    """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com aol.com
    icloud.com me.com mac.com proton.me protonmail.com gmx.de gmx.net gmx.at gmx.com web.de
    t-online.de freenet.de posteo.de mail.com mail.ru yandex.ru qq.com 163.com 126.com sina.com
    naver.com daum.net orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it
    tiscali.it alice.it terra.com.br uol.com.br bol.com.br ziggo.nl kpnmail.nl xs4all.nl hetnet.nl
    wp.pl o2.pl onet.pl interia.pl telia.com comhem.se hotmail.fr hotmail.co.uk yahoo.co.uk
    yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.co.jp docomo.ne.jp ezweb.ne.jp btinternet.com
    """
)
"""Domains under which anybody has an address."""


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail, as far as it matters here."""

    row: int
    id: str
    parents: tuple[str, ...]
    sender: str
    """Address, in lower case."""
    name: str
    to: tuple[str, ...]
    """Whom it went to, copies included."""
    answers_to: tuple[str, ...] = ()
    """Where its sender wants answers to go."""
    subject: str
    at: str
    text: str
    automatic: bool
    """Sent by a program."""
    unsent: bool = False
    """A draft: nobody was sent it."""


class Broken(msgspec.Struct, frozen=True):
    """A mail that cannot be read, and why."""

    row: int
    reason: str


class House(msgspec.Struct, frozen=True):
    """Who answers, and how that was told."""

    agents: frozenset[str]
    why: str


# --- mails -------------------------------------------------------------------------------------


def mails(place: Place) -> Iterator[Mail | Broken]:
    """Yield the mails of a place, numbered in its order from 1. InputError, OSError."""
    for row, body in enumerate(_bodies(place), 1):
        yield _mail(row, body)


def _bodies(place: Place) -> Iterator[bytes]:
    if place.path.is_dir():
        for file in mail_files(place):
            yield from _of_file(Place(file))
    elif place.member == ALL_MAIL:
        for member in members(place.path):
            is_mail = member.name.lower().endswith(MAIL_ENDINGS) and not member.left_out
            if is_mail and not _are_drafts(member.name.rpartition("/")[0]):
                yield from _of_file(Place(place.path, member.name))
    else:
        yield from _of_file(place)


ALL_MAIL = "*.eml"
"""The member of an archive that stands for all single mails in it."""


def mail_files(place: Place) -> list[Path]:
    """Return the single mails in a folder and the folders in it, but those of drafts, in the order
    of their names.
    """
    found = (f for f in place.path.rglob("*") if f.suffix.lower() in MAIL_ENDINGS and f.is_file())
    return sorted(f for f in found if not _are_drafts(f.parent.name))


def _of_file(place: Place) -> Iterator[bytes]:
    """Yield the mails of a mailbox, or the one mail that a file is."""
    with opened(place) as file:
        lines: list[bytes] = []
        size, blank, is_box = 0, True, False
        while line := file.readline(MAX_MAIL_BYTES):
            if blank and line.startswith(b"From ") and _POSTMARK.match(line):
                if lines:
                    yield b"".join(lines)
                lines, size, is_box = [], 0, True
                continue
            blank = not line.strip()
            size += len(line)
            if size <= MAX_MAIL_BYTES:
                lines.append(line[1:] if is_box and _QUOTED_FROM.match(line) else line)
        if any(line.strip() for line in lines):
            yield b"".join(lines)


def _mail(row: int, body: bytes) -> Mail | Broken:
    try:
        parsed = BytesParser(policy=compat32).parsebytes(body)
        sender = _senders(parsed)
        if not sender:
            return Broken(row, "the mail does not say who sent it")
        return Mail(
            row=row,
            id=_ids(parsed, "Message-ID")[0] if _ids(parsed, "Message-ID") else f"<row {row}>",
            parents=(*_ids(parsed, "In-Reply-To"), *reversed(_ids(parsed, "References"))),
            sender=sender[0][1],
            name=sender[0][0],
            to=tuple(a for field in ("To", "Cc") for _, a in _addresses(parsed, field)),
            answers_to=tuple(a for _, a in _addresses(parsed, "Reply-To")),
            subject=_header(parsed, "Subject")[:MAX_SUBJECT_CHARS],
            at=_moment(parsed),
            text=_text(parsed),
            automatic=_is_automatic(parsed),
            unsent=_is_unsent(parsed),
        )
    except (MessageError, LookupError, ValueError, RecursionError, AttributeError) as error:
        return Broken(row, f"the mail is broken: {error}")


def _header(mail: Message, field: str) -> str:
    raw = mail.get(field)
    if raw is None:
        return ""
    try:
        return " ".join(str(make_header(decode_header(str(raw)))).split())
    except (MessageError, LookupError, ValueError):
        return " ".join(str(raw).split())


def _addresses(mail: Message, field: str) -> list[tuple[str, str]]:
    found = getaddresses([_header(mail, field)])
    return [(name.strip(), address.lower()) for name, address in found if "@" in address]


def _senders(mail: Message) -> list[tuple[str, str]]:
    """Return who sent a mail, name and address: whom it is from, or, where a group has put its own
    address in the place of that (`Jo via Support`), whom it was from before, or answers go to.
    """
    found = _addresses(mail, "From")
    through = _VIA.match(found[0][0]) if found else None
    fields = ("X-Original-From", "X-Original-Sender", *(("Reply-To",) if through else ()))
    before = next((a for field in fields if (a := _addresses(mail, field))), [])
    if not (found and before):
        return found
    name = before[0][0] or (through["name"] if through else found[0][0])
    return [(name.strip("'\" "), before[0][1])]


def _ids(mail: Message, field: str) -> list[str]:
    return _ANGLED.findall(str(mail.get(field) or ""))


def _moment(mail: Message) -> str:
    try:
        moment = parsedate_to_datetime(str(mail.get("Date") or ""))
    except (ValueError, TypeError, IndexError):
        return ""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        return ""


def _is_automatic(mail: Message) -> bool:
    said = str(mail.get("Auto-Submitted") or "no").strip().lower()
    sent_as = str(mail.get("Precedence") or "").strip().lower()
    bulk = sent_as in ("bulk", "junk") or (sent_as == "list" and not any(map(mail.get, _OF_GROUPS)))
    return not said.startswith("no") or bool(mail.get("X-Autoreply")) or bulk


def _is_unsent(mail: Message) -> bool:
    labels = (label for field in _LABELS for label in _header(mail, field).split(","))
    noted = str(mail.get("X-Unsent") or "").strip() == "1" or bool(mail.get("X-Mozilla-Draft-Info"))
    return noted or any(map(_are_drafts, labels))


def _are_drafts(folder: str) -> bool:
    """Whether a folder, or a label, is called after drafts: `[Gmail]/Entwürfe`."""
    return not _DRAFTS.isdisjoint(words_of(folder.rpartition("/")[2]).split())


def _text(mail: Message) -> str:
    """Return what a mail says: its plain text, or its HTML where it has none."""
    plain: list[str] = []
    html: list[str] = []
    for part in mail.walk():
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind == "text/plain":
            plain.append(_decoded(part))
        elif kind == "text/html":
            html.append(_decoded(part))
    said = "\n\n".join(text.strip("\n") for text in plain if text.strip())
    return said or "\n\n".join(html)


def _decoded(part: Message) -> str:
    body = part.get_payload(decode=True)
    raw = body if isinstance(body, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "cp1252"):
        try:
            return raw.decode(charset).replace("\r\n", "\n").replace("\x00", "")
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("latin-1").replace("\r\n", "\n")


# --- threads -----------------------------------------------------------------------------------


def threads(found: Sequence[Mail]) -> list[list[Mail]]:
    """Return mails that belong together, each thread oldest first, threads by their first row."""
    roots = {mail.id: mail.id for mail in found}

    def root(id_: str) -> str:
        while roots.setdefault(id_, id_) != id_:
            roots[id_] = roots[roots[id_]]
            id_ = roots[id_]
        return id_

    for mail in found:
        for parent in mail.parents:
            roots[root(mail.id)] = root(parent)
    partners = _partners(found)
    by_subject: dict[tuple[str, frozenset[str]], str] = {}
    for mail in sorted(found, key=_when):
        if key := _subject_key(mail, partners):
            orphan = not mail.parents and bool(RE.match(mail.subject))
            if key in by_subject and orphan:
                roots[root(mail.id)] = root(by_subject[key])
            by_subject[key] = mail.id
    grouped: dict[str, list[Mail]] = {}
    for mail in found:
        grouped.setdefault(root(mail.id), []).append(mail)
    return [sorted(_once(thread), key=_when) for thread in grouped.values()]


def _when(mail: Mail) -> tuple[str, int]:
    return mail.at or "9", mail.row


def _once(thread: Iterable[Mail]) -> list[Mail]:
    """Return mails without those that lie in the mailbox twice, sent and received."""
    seen: dict[tuple[str, str], Mail] = {}
    for mail in thread:
        seen.setdefault((mail.id, mail.text), mail)
    return list(seen.values())


def _partners(found: Iterable[Mail]) -> Mapping[str, set[str]]:
    """Return with whom each address has to do."""
    known: dict[str, set[str]] = {}
    for mail in found:
        for address in mail.to:
            known.setdefault(address, set()).add(mail.sender)
            known.setdefault(mail.sender, set()).add(address)
    return known


def _subject_key(mail: Mail, partners: Mapping[str, set[str]]) -> tuple[str, frozenset[str]] | None:
    """Return what mails share that answer one another and do not say so: their topic, and who of
    their two sides has to do with the fewest others; that is the customer.
    """
    topic = " ".join(RE.sub("", mail.subject).lower().split())
    people = {mail.sender, *mail.to[:1]}
    fewest = min(len(partners.get(address, ())) for address in people)
    own = {address for address in people if len(partners.get(address, ())) == fewest}
    return (topic, frozenset(own)) if topic and len(people) > 1 else None


# --- who answers -------------------------------------------------------------------------------


def house(talks: Sequence[Sequence[Mail]]) -> House:
    """Return who answers: the address, and its domain where not everybody has one, that has part in
    most threads without opening them; nobody where that is not sure.
    """
    present = Counter(a for thread in talks for a in _people(thread))
    opened_ = Counter(thread[0].sender for thread in talks)
    answering = [a for a, _ in present.most_common() if opened_[a] * 2 <= present[a]]
    if not answering:
        return House(frozenset(), "")
    best = answering[0]
    rival = present[answering[1]] if len(answering) > 1 else 0
    domain = best.rpartition("@")[2]
    same_house = len(answering) > 1 and answering[1].rpartition("@")[2] == domain
    if len(talks) > 1 and present[best] * 2 <= len(talks) and not same_house:
        return House(frozenset(), "")
    if len(talks) == 1 and rival and not any(m.sender == best for m in talks[0]):
        best = next((m.sender for m in talks[0] if m.sender != talks[0][0].sender), best)
        domain = best.rpartition("@")[2]
    own = best if domain in _FREE else f"@{domain}"
    customers = sum(not is_agent(thread[0].sender, frozenset((own,))) for thread in talks)
    if not customers:
        own = best
    return House(
        frozenset((own,)),
        f"{best} has part in {present[best]} of {len(talks)} threads and opens {opened_[best]}",
    )


def _people(thread: Sequence[Mail]) -> set[str]:
    return {a for mail in thread for a in (mail.sender, *mail.to)}


# --- conversations -----------------------------------------------------------------------------


def conversations(
    talks: Sequence[Sequence[Mail]], agents: frozenset[str]
) -> Iterator[RawConversation]:
    """Yield a conversation for each thread: written by agents, or by the customer. Where most of
    what agents wrote names whom it went to, what names nobody did not go to the customer.
    """
    sent = [bool(m.to) for thread in talks for m in thread if is_agent(m.sender, agents)]
    addressed = sum(sent) > MOST_ADDRESSED * len(sent)
    for thread in talks:
        asking = next((m for m in thread if not is_agent(m.sender, agents)), thread[0])
        yield RawConversation(
            row=min(m.row for m in thread),
            messages=tuple(_messages(thread, asking, agents, addressed=addressed)),
            ticket_id=thread[0].id.strip("<>"),
            subject=RE.sub("", thread[0].subject),
            customer_id=asking.sender,
            customer_name=asking.name,
            created_at=thread[0].at,
            channel="email",
        )


def _messages(
    thread: Sequence[Mail], asking: Mail, agents: frozenset[str], *, addressed: bool
) -> Iterator[RawMessage]:
    """Yield the messages of a thread, those private that the customer did not get or write."""
    customers, others = set(_side(asking)), set[str]()
    for mail in thread:
        outside = {a for a in mail.to if not is_agent(a, agents)}
        if is_agent(mail.sender, agents):
            private = (bool(mail.to) or addressed) and not outside & customers
            others |= outside if private else set()
        else:
            private = mail.sender in others - customers
            customers |= set() if private else {*_side(mail), *outside} - others
        yield _message(mail, agents, private=private)


def _side(mail: Mail) -> tuple[str, ...]:
    return (mail.sender, *mail.answers_to)


def _message(mail: Mail, agents: frozenset[str], *, private: bool) -> RawMessage:
    role = Role.AGENT if is_agent(mail.sender, agents) else Role.CUSTOMER
    return RawMessage(
        role=Role.SYSTEM if mail.automatic else role,
        text=mail.text,
        author=mail.name or mail.sender,
        at=mail.at,
        visibility=Visibility.PRIVATE if private or mail.unsent else Visibility.PUBLIC,
    )
