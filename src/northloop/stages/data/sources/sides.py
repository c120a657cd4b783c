"""Which side wrote a message of an export: the field that says it, and what it says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from statistics import mean

from northloop.core.conversation import Role
from northloop.core.scripts import word_count
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources.answering import is_automaton
from northloop.stages.data.sources.headers import IDS, LINKS, means_question, means_reply
from northloop.stages.data.sources.json_rows import as_text
from northloop.stages.data.sources.keys import Keys, Message
from northloop.stages.data.sources.notes import (
    flag_of,
    is_called_apart,
    is_private,
    marks,
    names_remarks,
)
from northloop.stages.data.sources.paths import JOINED, at_steps
from northloop.stages.data.sources.plausible import are_dates
from northloop.stages.data.sources.roles import (
    by_flag,
    is_called_message,
    last_of,
    role_of,
    steps_of,
    words_of,
)
from northloop.stages.data.wording import typed, typed_words, words

_ROLE_NAMES = frozenset(typed(words_of(name) for name in (
    "from", "role", "sender", "author", "author_type", "speaker", "sender_type", "type",
    "direction", "by", "who", "party", "user_type", "message type", "message author",
    "participant", "sent by", "dir", "sender role", "author role", "role name", "actor", "agent",
    "source", "owner", "art", "typ", "tipo",
    "participant role", "participant type", "media channel", "written by", "posted by",
    "creator type", "side",
    "account type", "created by", "sent or received", "participant kind", "sender kind",
    "purpose", "participant purpose", "author association",
    "author kind", "poster",
    "rolle", "absender", "richtung", "verfasser", "auteur", "rôle", "expéditeur", "sens",
    "rol", "remitente", "autor", "dirección", "ruolo", "mittente", "autore", "direzione", "papel",
    "remetente", "direção", "afzender", "richting", "rola", "nadawca", "kierunek", "roll",
    "avsändare", "riktning", "författare",
    "afsender", "avsender", "retning", "forfatter", "von", "de", "da", "van", "od", "från", "役割",
    "区分", "種別", "メール種別", "送受信", "送受信区分", "受発信", "記入者区分",
    "送信者タイプ", "送信者種別", "送信者", "送信者区分",
    "発信者", "発信者区分", "発言者",
    "発言者区分", "方向", "角色", "发送者", "发送方",
    "发言人", "0",
)))  # fmt: skip
_DIRECTIONS = typed_words(
    "direction richtung sens dirección direzione direção richting kierunek riktning retning 方向"
)
WHO = typed_words(
    """
    author sender 送信者タイプ 送信者種別
    from user users speaker participant written posted sent created creator agent by
    member role who actor commenter poster person replier responder reporter submitter u
    absender verfasser auteur expéditeur remitente autor mittente autore
    remetente afzender nadawca avsändare
    benutzer utilisateur usuario utente usuário gebruiker użytkownik användare
    """
)
LETTERS = {"M": Role.CUSTOMER, "R": Role.AGENT}
"""How osTicket marks messages and responses by their type; its notes are `N`."""
_ASSOCIATION = "author association"
_OF_THE_HOUSE = ("owner", "member", "collaborator")
"""What GitHub says of who belongs to a project and answers there; all others ask."""
_OF_KINDS = ("type", "kind", "class", "event", "action", "aktion", "t", "art", "typ", "tipo",
             "rodzaj", "soort", "sort", "種別")  # fmt: skip
_USER = "user"
_USERS = words(
    """
    user users utilisateur utilisatrice usuario usuaria utente usuário usuária gebruiker użytkownik
    användare benutzer nutzer ユーザー 利用者 用户 用戶 사용자 пользователь
    """
)
_CONTACTS = frozenset(("contact", "visitor", "lead", "customer", "end user", "guest",
                       "external user", "portal user", "guest user"))  # fmt: skip
_WHERE = words("in on at via under within")
EITHER = " | "
"""Between two fields of which one is filled in by whose message it is."""
_ENDS_OF_IDS = ("id", "no", "nr", "number")
CODED = " = "
"""Between a field and the numbers that stand in it for agents and for customers: `side = 1 | 0`."""
NOBODY = "-"
"""Stands for no field, where one alone is filled in by who answers: `staff_id | -`."""
_OF_PEOPLE = (
    IDS
    | words("created sent written posted by")
    | words("name email mail full first last display username login")
)
HOUSES = typed_words(
    """
    account business brand page shop store us self firma laden entreprise boutique empresa tienda
    azienda negozio loja bedrijf winkel sklep företag butik アカウント 企業 店舗 商家 店铺
    """
)
"""What who answers is called as a whole, beside customers: `Official Account`."""
SIDES = (Role.CUSTOMER, Role.AGENT)
FEW_OF_EACH = 2
MOST_EITHER = 0.9
"""Of the messages, so many have one of two fields filled in."""
LEAST_ASKING, MORE_ASKING = 0.3, 2
"""Of what those wrote who ask, so much is a question, and so many times more than of all else."""
MOST_BOTH = 0.34
"""Of those who ask, so many may answer others."""
MOST_KNOWN = 0.6
"""Of the values of a field that says who wrote a message, so many name a side."""
LEAST_SYSTEM = 0.3
"""Where nobody else answers, a `system` or bot with so many of the messages is the one who does."""
MOST_NAMES = 3
MOSTSIDES = 6
SIDE_WORDS = 3.0
"""A field with what one side wrote has this mean length at least."""
YES_AND_NO = {"true", "false"}
ASKING = ("?", "？", "؟", "吗", "か。")
_READERS = words(
    """
    to for next waiting awaiting pending assigned assignee turn last target recipient recipients
    status state reader readers an für nächste wartet à pour prochain attente para próximo
    espera per prossimo attesa aan voor volgende do dla następny till nästa
    """
)
"""A field that is called so tells whom a message is for, or whose turn it is."""


def sides_of(role: str, items: Sequence[Message]) -> Mapping[Role, Role]:
    """Return whom else roles stand for by the field that is given for it."""
    said = [at_role(item, role) for item in items]
    seen = Counter(said_by(role, one) for one in said)
    return _sides(seen, begins_with_system=False, are_users=_are_users(role, said)) or {}


def side_field(
    values: Mapping[str, Sequence[str]], items: Sequence[Message], text: str
) -> tuple[str, Mapping[Role, Role], str]:
    """Return the field that says which side wrote a message, and why; "" for none that is sure."""
    for name in sorted((n for n in values if n != text), key=lambda n: _role_rank(n, values)):
        spoken = [as_text(at_steps(i, name)) for i in items if as_text(at_steps(i, text)).strip()]
        is_told = tells_belonging(name)  # of those who belong to nothing it says NONE
        seen = Counter(said_by(name, v) for v in spoken if is_told or not is_missing(v))
        known = sum(count for role, count in seen.items() if role)
        is_flag = any(by_flag(name, v) for v in values[name][:5])
        if is_flag and any(v.strip().isdigit() and not said_by(name, v) for v in spoken):
            continue  # of ids two look like a yes and a no
        if not (is_flag or _names_a_side(name) or _are_directed(name, seen, spoken)) or not known:
            continue
        first = said_by(name, as_text(at_steps(items[0], name)))
        is_told_first = first is Role.SYSTEM
        are_users = _are_users(name, spoken)
        sides = _sides(seen, begins_with_system=is_told_first, are_users=are_users)
        sides = {} if _is_no_contact(spoken) else sides
        if sides is not None and known >= MOST_KNOWN * sum(seen.values()):
            return name, sides, _why(spoken)
        if answering_house(name, items, text):
            return name, {}, _why(spoken)
    return _by_what_it_says(values, items, text)


def _are_users(name: str, spoken: Iterable[str]) -> bool:
    """Whether those who ask are called users, as who talks to a system is."""
    asking = {words_of(v) for v in spoken if said_by(name, v) is Role.CUSTOMER}
    return asking <= _USERS


def _why(spoken: Iterable[str]) -> str:
    told = Counter(v for v in spoken if v).most_common(4)
    return f"it says {', '.join(repr(v[:30]) for v, _ in told)}"


def _by_what_it_says(
    values: Mapping[str, Sequence[str]], items: Sequence[Message], text: str
) -> tuple[str, Mapping[Role, Role], str]:
    """Return the one field, whatever it is called, that names a side of each message and nothing
    else, where customers ask more often than agents do; "" for none. Whom a message is for is no
    side, nor is whose turn it is.
    """
    both = {Role.CUSTOMER, Role.AGENT}
    found: list[tuple[str, Mapping[Role, Role], str]] = []
    named = (n for n in values if flag_of(n) in ("", "kind") and not _names_a_reader(n))
    for name in (n for n in named if n != text):
        said = [(as_text(at_steps(i, name)).strip(), as_text(at_steps(i, text))) for i in items]
        spoken = [who for who, what in said if what.strip()]
        sides = {v: said_by(name, v) for v in {*spoken}}
        if None in sides.values() or not both <= {*sides.values()}:
            continue
        asks = {role: mean(any(mark in what for mark in ASKING) for who, what in said
                           if sides.get(who) is role) for role in both}  # fmt: skip
        if asks[Role.CUSTOMER] > asks[Role.AGENT]:
            found.append((name, {}, _why(spoken)))
    return found[0] if len(found) == 1 else ("", {}, "")


def _names_a_reader(name: str) -> bool:
    return not _READERS.isdisjoint(
        word for step in steps_of(name) for word in words_of(step).split()
    )


_STAFF = re.compile("(?:assigned|owner|staff|support) user|(?:creator )?(?:member|resource)")
"""What those are called who answer, beside contacts: users of the program, its members."""


def either_field(values: Mapping[str, Sequence[str]], items: Sequence[Message], text: str) -> str:
    """Return two fields of which each message has one filled in, the one that names agents first:
    `user_id | customer_id`; "" for none.
    """
    spoken = [item for item in items if as_text(at_steps(item, text)).strip()]
    named = {n: _STAFF.sub(_USER, _noun(n)) for n in values if n != text and not flag_of(n)}
    answering = [n for n, noun in named.items() if noun == _USER or role_of(noun) is Role.AGENT]
    asking = [n for n, noun in named.items() if _may_ask(noun)]
    for agent, customer in product(answering, asking):
        if named[agent] == _USER and named[customer] not in _CONTACTS:
            continue
        told = Counter(at_role(item, f"{agent}{EITHER}{customer}") for item in spoken)
        sides = (told[Role.AGENT], told[Role.CUSTOMER])
        few = FEW_OF_EACH if named[agent] == _USER else 1
        if min(sides) >= few and sum(sides) >= MOST_EITHER * len(spoken):
            return f"{agent}{EITHER}{customer}"
    return ""


def staffed_field(values: Mapping[str, Sequence[str]], items: Sequence[Message], text: str) -> str:
    """Return the field that is filled in by who answers, and 0 or empty where customers wrote and
    ask more often: `staff_id | -`; "" for none.
    """
    said = [item for item in items if as_text(at_steps(item, text)).strip()]
    answering = [
        name
        for name in values
        if name != text and not flag_of(name)
        if name.lower().endswith(_ENDS_OF_IDS)
        if _noun(name) == _USER or role_of(_noun(name)) is Role.AGENT
    ]
    for name in answering:
        told = [(at_role(i, f"{name}{EITHER}{NOBODY}"), as_text(at_steps(i, text))) for i in said]
        asks = {
            side: [any(mark in what for mark in ASKING) for who, what in told if who == side]
            for side in (str(Role.CUSTOMER), str(Role.AGENT))
        }
        if min(map(len, asks.values())) >= FEW_OF_EACH:
            rates = [mean(one) for one in asks.values()]
            asking = rates[0] >= LEAST_ASKING and rates[0] > MORE_ASKING * rates[1]
            if asking and not _are_mixed(values, said, [who for who, _ in told]):
                return f"{name}{EITHER}{NOBODY}"
    return ""


def coded_field(values: Mapping[str, Sequence[str]], items: Sequence[Message], text: str) -> str:
    """Return the field that tells sides by two numbers, or by yes and no, with that of who answers
    and that of who asks, far more often than the other: `side = 1 | 0`; "" for none.
    """
    said = [item for item in items if as_text(at_steps(item, text)).strip()]
    named = (n for n in values if _names_a_side(n) and not _BETWEEN_SIDES.isdisjoint(_said(n)))
    for name in (name for name in named if name != text):
        told = [(as_text(at_steps(item, name)).strip(), item) for item in said]
        codes = {code for code, _ in told if code}
        if sum(code in codes for code, _ in told) < MOST_KNOWN * len(told):
            continue
        if len(codes) != len(SIDES) or not (all(map(is_digit, codes)) or codes == YES_AND_NO):
            continue
        asks = {
            code: [any(mark in as_text(at_steps(item, text)) for mark in ASKING)
                   for who, item in told if who == code] for code in codes
        }  # fmt: skip
        (fewer, answers), (more, customer) = sorted((mean(one), code) for code, one in asks.items())
        is_told = min(map(len, asks.values())) >= FEW_OF_EACH
        if is_told and more >= LEAST_ASKING and more > MORE_ASKING * fewer:
            return f"{name}{CODED}{answers}{EITHER}{customer}"
    return ""


def is_digit(code: str) -> bool:
    """Whether a code that tells a side is a digit."""
    return len(code) == 1 and code.isdigit()


def turns_field(values: Mapping[str, Sequence[str]], items: Sequence[Message], text: str) -> str:
    """Return the field that calls what customers wrote a question, or theirs, and what agents wrote
    an answer, with both words, `kind = answer | question`, where hardly anybody writes both and the
    questions ask far more often; "" for none. All else that it says is of notes or of programs.
    """
    said = [item for item in items if as_text(at_steps(item, text)).strip()]
    for name in (name for name in values if name != text):
        told = [(as_text(at_steps(item, name)).strip(), item) for item in said]
        kinds = {kind for kind, _ in told if kind}
        sent = {k for k in kinds if role_of(k.split()[0]) not in (Role.BOT, Role.SYSTEM)}
        asked = [k for k in sent if means_question(k) or role_of(k) is Role.CUSTOMER]
        answered = [k for k in sent if means_reply(k) or role_of(k) is Role.AGENT]
        others = sent.difference(asked, answered)
        if len(kinds) > MOSTSIDES or len(asked) != 1 or len(answered) != 1:
            continue
        turns = [[item for kind, item in told if [kind] == one] for one in (asked, answered)]
        rates = [mean(any(m in as_text(at_steps(i, text)) for m in ASKING) for i in turn)
                 for turn in turns]  # fmt: skip
        asks = rates[0] >= LEAST_ASKING and rates[0] > MORE_ASKING * rates[1]
        if asks and all(map(is_called_apart, others)) and not _write_both(values, *turns):
            return f"{name}{CODED}{answered[0]}{EITHER}{asked[0]}"
    return ""


def _write_both(
    values: Mapping[str, Sequence[str]], asked: Sequence[Message], answered: Sequence[Message]
) -> bool:
    """Whether more than a few of those who ask, by any field that names somebody, answer too."""
    for name in filter(names_somebody, values):
        asking, answering = (
            {as_text(at_steps(item, name)).strip() for item in side} - {""}
            for side in (asked, answered)
        )
        if len(asking & answering) > MOST_BOTH * len(asking):
            return True
    return False


_BETWEEN_SIDES = WHO | words("side party owner")
"""Of the fields that may name sides, those that numbers tell them in: of others they are kinds."""


def _are_mixed(
    values: Mapping[str, Sequence[str]], items: Sequence[Message], sides: Sequence[str]
) -> bool:
    """Whether a field of few values has some that one side alone has, some that the other has, and
    one of both: programs that nobody is named of may write notes as agents do.
    """
    for name in (name for name, column in values.items() if len({*column}) <= MOSTSIDES):
        told = [(as_text(at_steps(i, name)), who) for i, who in zip(items, sides, strict=True)]
        asked, answered = (
            {value for value, who in told if who == side}
            for side in (str(Role.CUSTOMER), str(Role.AGENT))
        )
        if asked & answered and asked - answered and answered - asked:
            return True
    return False


def side_columns(values: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Return the fields of what customers and of what agents wrote, where two hold sentences that
    are called alike but for a side (`visitor_text`, `operator_text`), or one alone is called a
    question, or a message where nothing says who wrote, and one a reply; "" for none.
    """
    speaking = [name for name, column in values.items() if _is_spoken(name, column)]
    alike = [(a, b) for a in speaking for b in speaking if _are_sides(_said(a), _said(b))]
    if alike:
        return alike[0] if len(alike) == 1 else ("", "")
    answering = [name for name in speaking if means_reply(name)]
    asking = [name for name in speaking if means_question(name)]
    if not asking and not any(last_of(name) in _ROLE_NAMES for name in values):
        asking = [name for name in speaking if is_called_message(name)]
    sure = len(asking) == len(answering) == 1
    return (asking[0], answering[0]) if sure else ("", "")


def _is_spoken(name: str, column: Sequence[str]) -> bool:
    said = [value for value in column if not is_missing(value)]
    flags = {flag_of(step) for step in steps_of(name)} & {"private", "note"}
    among_agents = flags or names_remarks(name) or is_called_apart(name)
    wordy = bool(said) and mean(map(word_count, said)) >= SIDE_WORDS
    return wordy and not among_agents and not are_dates(said)


def _said(name: str) -> list[str]:
    return words_of(name.replace(".", " ")).split()


def _are_sides(asking: Sequence[str], answering: Sequence[str]) -> bool:
    """Whether two names differ in one word, a customer in the one and an agent in the other."""
    if len(asking) != len(answering):
        return False
    differ = [(a, b) for a, b in zip(asking, answering, strict=True) if a != b]
    return [(role_of(a), role_of(b)) for a, b in differ] == [(Role.CUSTOMER, Role.AGENT)]


def in_sides(item: Message, text: str, role: str) -> Iterator[Message]:
    """Yield what stands in the two fields `text` and `role` name (`asked + answered`, and
    `answered | asked`) as a message each, the customer's first; any other message as it is.
    """
    asked, joined, answered = text.partition(JOINED)
    if not joined or role != f"{answered}{EITHER}{asked}" or text in item:
        yield item
        return
    rest = {name: value for name, value in item.items() if name not in (asked, answered)}
    for side, path in ((Role.CUSTOMER, asked), (Role.AGENT, answered)):
        if not is_missing(said := as_text(at_steps(item, path))):
            yield {**rest, text: said, role: str(side)}


def _noun(path: str) -> str:
    """Return what a field is called after: `user` of `user_id` and of `user.name`."""
    said = [[w for w in words_of(step).split() if w not in _OF_PEOPLE] for step in steps_of(path)]
    return next((" ".join(words) for words in reversed(said) if words), words_of(path))


def _may_ask(noun: str) -> bool:
    return role_of(noun) is Role.CUSTOMER or noun in ("name", "email", "person")


def answering_users(spoken: Sequence[str]) -> str:
    """Return what those are called who answer contacts or visitors; "" where users ask."""
    return _USER if _is_no_contact(spoken) else ""


def answering_house(name: str, items: Sequence[Message], text: str) -> str:
    """Return what the house is called that answers customers, where a field of who wrote names but
    these two: `Account` beside `User`; or of what goes out where a field of directions calls what
    comes in by a word more: `EMAIL` beside `INCOMING_EMAIL`. "" where customers do not ask more
    often, where it says of others that they answer, or calls the other otherwise: it may be
    somebody whom no customer reads.
    """
    said = [(as_text(at_steps(i, name)).strip(), as_text(at_steps(i, text))) for i in items]
    spoken = {who for who, what in said if what.strip()}
    asking = {who for who in spoken if said_by(name, who) is Role.CUSTOMER}
    is_known = any(said_by(name, who) is Role.AGENT for who in spoken)
    if len(asking) != 1 or is_known or not _names_a_side(name):
        return ""
    coming, others = words_of(next(iter(asking))), spoken - asking
    if last_of(name).rpartition(" ")[2] in _DIRECTIONS:
        answering = {who for who in others if coming.endswith(f" {words_of(who)}")}
    elif len(others) == 1 and names_somebody(name):
        answering = {who for who in others if words_of(who).rpartition(" ")[2] in HOUSES}
    else:
        answering = set()
    if len(answering) != 1:
        return ""
    asks = [mean(any(mark in what for mark in ASKING) for who, what in said if who in side)
            for side in (asking, answering)]  # fmt: skip
    return words_of(next(iter(answering))) if asks[0] > asks[1] else ""


def _is_no_contact(spoken: Sequence[str]) -> bool:
    """Whether those called users are none of the customers, who are called contacts or visitors."""
    said = {without_kind(words_of(v)) for v in spoken if not is_missing(v)}
    nobody = {v for v in said if role_of(v) in (Role.BOT, Role.SYSTEM)}
    return _USER in said and bool(said - nobody - {_USER}) and said - nobody - {_USER} <= _CONTACTS


def _names_a_side(path: str) -> bool:
    """Whether a path is called what says who speaks: `sender.kind` does, a message's `kind` not."""
    *above, last = steps_of(path)
    if words_of(last) in LINKS:
        return bool(above) and not WHO.isdisjoint(last_of(above[-1]).split())
    above_it = last_of(above[-1]).split() if above else ()
    *who, what = last_of(path).split() or [""]
    of_somebody = bool(WHO & set(above_it)) and words_of(last) in ("kind", "class", "typename")
    in_a_word = bool(WHO & set(who)) and what in ("role", "type", "kind", "side", "purpose")
    is_way = bool(who) and what in _DIRECTIONS
    return of_somebody or in_a_word or is_way or last_of(path) in _ROLE_NAMES


def names_somebody(path: str) -> bool:
    """Whether a field is called after somebody, `author.id`; `posted in` is a place."""
    said = (words_of(part).split() for part in steps_of(path))
    return any(WHO & set(part) and part[-1] not in _WHERE for part in said)


def names_kinds(name: str) -> bool:
    """Whether a field is called after kinds: `message_type`."""
    return last_of(name).rpartition(" ")[2] in _OF_KINDS


def _are_directed(name: str, seen: Mapping[Role | None, int], spoken: Iterable[str]) -> bool:
    """Whether a field of kinds says where messages go: `MessageToVisitor`, `from_agent`."""
    if not (names_kinds(name) and seen.get(Role.CUSTOMER)):
        return False
    said = {words_of(value) for value in spoken}
    return any({"to", "from"} & set(one.split()) and role_of(one) for one in said)


def _role_rank(name: str, values: Mapping[str, Sequence[str]]) -> tuple[bool, float, int]:
    """Return what goes first of the fields that may name sides: what names both, and most often."""
    told = [role for v in values[name] if (role := said_by(name, v)) is not None]
    return not {*SIDES} <= {*told}, -len(told) / max(1, len(values[name])), name.count(".")


def _sides(
    seen: Mapping[Role | None, int], *, begins_with_system: bool, are_users: bool
) -> Mapping[Role, Role] | None:
    """Return whom else roles stand for, so that two sides speak; None if they do not.

    Beside a `user` the `system` is who answers, as in sets of dialogues; beside a customer it is
    what a help desk notes.
    """
    if not seen.get(Role.CUSTOMER):
        return None
    if seen.get(Role.AGENT):
        return {}
    if seen.get(Role.BOT):
        often = seen[Role.BOT] >= LEAST_SYSTEM * sum(seen.values())
        return {Role.BOT: Role.AGENT} if often else None
    many = seen.get(Role.SYSTEM, 0) >= LEAST_SYSTEM * sum(seen.values())
    return {Role.SYSTEM: Role.AGENT} if many and not begins_with_system and are_users else None


# --- what it says ---------------------------------------------------------------------------------


def at_role(item: Message, role: str) -> str:
    """Return what a field says of who wrote a message; where two fields, `admin | name`, name an
    agent or a customer, whose is filled in. Where one field alone names who answers, what it names
    nobody of is a customer's, but a program's where anything calls it private.
    """
    agent, either, customer = role.partition(EITHER)
    if not either or role in item:
        return as_text(at_steps(item, role))
    name, coded, code = agent.partition(CODED)
    if coded:
        sides = {code.strip(): str(Role.AGENT), customer.strip(): str(Role.CUSTOMER)}
        return sides.get(as_text(at_steps(item, name)).strip(), "")
    if customer == NOBODY:
        who = as_text(at_steps(item, agent)).strip()
        if not (is_missing(who) or who == "0"):
            return "" if is_automaton(who) else str(Role.AGENT)
        is_noted = is_private(item) or next(marks(item), None) is not None
        return "" if is_noted else str(Role.CUSTOMER)
    named, asked = _is_filled(item, agent), _is_filled(item, customer)
    return "" if named is asked else str(Role.AGENT if named else Role.CUSTOMER)


def coded_by(role: str) -> str:
    """Return the field that tells the sides by a code of each, `side` of `side = 1 | 0`, or ""."""
    agent, either, _ = role.partition(EITHER)
    name, coded, _ = agent.partition(CODED)
    return name if either and coded else ""


def _is_filled(item: Message, path: str) -> bool:
    value = at_steps(item, path)
    return bool(value) and (isinstance(value, Mapping) or not _says_nobody(as_text(value)))


def _says_nobody(value: str) -> bool:
    return is_missing(value) or value.strip() in ("0", "-1")


def said_by(name: str, value: str) -> Role | None:
    """Return whom a field of this name and value means: `Agent`, and `Agent Müller` too."""
    if words_of(steps_of(name)[-1]) in LINKS:
        return _linked(value)
    first, _, rest = value.strip().partition(" ")
    told = role_of(first) if rest and rest.count(" ") < MOST_NAMES else None
    lettered = LETTERS.get(first) if flag_of(name) == "kind" else None
    if tells_belonging(name):
        return Role.AGENT if words_of(value) in _OF_THE_HOUSE else Role.CUSTOMER
    return by_flag(name, value) or role_of(value) or told or lettered


def tells_belonging(name: str) -> bool:
    """Whether a field says of who wrote whether they belong to the house, programs likewise."""
    return last_of(name) == _ASSOCIATION


def _linked(address: str) -> Role | None:
    """Return whom an address means by the last list in it: `/api/customers/7`."""
    told = (role_of(part.removesuffix("s")) for part in address.split("/")[:-1] if part[-1:] == "s")
    sides = [role for role in told if role in (Role.CUSTOMER, Role.AGENT)]
    return sides[-1] if sides else None


def without_kind(said: str) -> str:
    """Return what somebody is, without what such kinds are called: `user` of `user actor`."""
    return said.removesuffix(" actor")


def is_customers(item: Message, keys: Keys) -> bool:
    """Whether a message is a customer's by the field that says which side wrote it."""
    said = at_role(item, keys.role) if keys.role else ""
    is_agents = keys.answering and without_kind(words_of(said)) == keys.answering
    return bool(said) and not is_agents and said_by(keys.role, said) is Role.CUSTOMER
