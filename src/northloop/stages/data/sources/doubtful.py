"""Fields of messages that nobody knows, and which of their values may mark notes among agents: what
some of the messages that no customer wrote have, and no customer's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from northloop.stages.data.sources.headers import HEADERS
from northloop.stages.data.sources.json_rows import as_text
from northloop.stages.data.sources.keys import Keys, Message
from northloop.stages.data.sources.notes import flag_of, is_called_apart, leaves, names_labels
from northloop.stages.data.sources.paths import at_steps
from northloop.stages.data.sources.plausible import are_dates
from northloop.stages.data.sources.readers import RECIPIENTS
from northloop.stages.data.sources.roles import FALSE, TRUE, role_of, steps_of, words_of
from northloop.stages.data.sources.sides import names_somebody
from northloop.stages.data.wording import words

_IDS_OF_MAILS = ("message id", "mail id", "email id", "email message id", "internet message id",
                 "external id", "external message id", "mail message id", "rfc message id",
                 "sms id", "message sid")  # fmt: skip
SENT = words(
    """
    sent send sends delivered deliver emailed notified notify mailed
    gesendet versendet verschickt zugestellt benachrichtigt envoyé envoyée notifié enviado enviada
    notificado inviato inviata notificato verzonden verstuurd wysłano wysłane skickat skickad
    """
)
"""A flag that is called so says whether a message went out."""
_NO_MARKS = words(
    """
    first edited updated changed read seen attachment attachments image images starred liked
    pinned reaction reactions rating score sentiment mood tone language lang locale count number
    size length words seconds minutes duration time date at id ids url link macro template canned
    suggested resolved closed closing solved solution status state delivered forwarded emoji file
    files has contains html plain ai generated assisted bot auto automatic automated spam translated
    translation escalated escalation sla breached overdue late billable paid accepted best helpful
    useful thanked vote voted opened clicked tracked priority urgent important high low normal vip
    signature signed encrypted archived indexed synced imported exported processed analyzed redacted
    masked mobile desktop device platform browser app version ip country region zone timezone city
    currency price amount total retry retries queue wait latency quality reviewed csat nps survey
    rated replied answered new last inline quoted intent topic order orders product brand shop
    store subject title name phone mood handled shift via
    """
)
"""What a field is called that tells something else of an answer than who may read it."""
_PLACES = words("room channel thread place board lane raum kanal salon canal sala canale")
"""Where messages stand may be a place among agents, though it has but an id."""
_READ = words(
    """
    text message messages msg reply replies response responses answer answers email mail e sms mms
    whatsapp messenger facebook instagram twitter telegram viber line wechat apple business rcs chat
    video audio web widget portal api fax letter form html plain markdown rich image images picture
    photo png jpeg jpg gif file files document attachment attachments link url media sticker emoji
    location contact card cards carousel template button buttons quick list interactive menu option
    input select direct canned macro auto edited public outbound outgoing out inbound incoming in
    sent agent human first last initial follow up followup resolution solution close closed closing
    and post posts question faq article suggestion thread broadcast
    nachricht antwort frage anfrage rückfrage lösung kundenanfrage réponse demande mensaje
    respuesta pregunta consulta messaggio risposta domanda richiesta mensagem resposta pergunta
    bericht antwoord vraag wiadomość odpowiedź pytanie zapytanie meddelande svar fråga texte texto
    testo tekst 返信 回答 質問 回复 答复 消息
    """
)
"""What kinds of messages are called that customers read."""
_ASSIGNED = ("assignee", "owner")
MOST_NAMES = 3
MOST_UNKNOWN = 0.5
"""Of what agents wrote, so much at most is of kinds that no customer's message has."""
MOST_CODE_CHARS = 40


def _told(keys: Keys) -> set[str]:
    """Return the fields of which it is known what they say of a message."""
    own = (keys.text, keys.role, keys.author, keys.at, keys.clock, keys.private, keys.sequence)
    return {*own, *keys.shown}


def differing(
    asked: Sequence[Message], others: Sequence[Message], keys: Keys
) -> Iterator[tuple[str, str, int]]:
    """Yield fields that nobody knows, with a value that some of the others' messages have and no
    customer's, and how many: where customers have one value, and the others that one too; or a
    label; or a flag that customers have not.
    """
    sure = _told(keys) | {*keys.to, *keys.readers}
    of_customers, of_others = told_by(asked), told_by(others)
    for name in of_others:
        if name in sure or flag_of(name) or names_somebody(name) or _is_harmless(name):
            continue
        theirs, column = of_customers.get(name, Counter()), of_others[name]
        if any(is_list(item, name) for item in others):
            apart = [v for v in column if v not in theirs and column[v] < len(others)]
        else:
            apart = _unusual(theirs, column, (len(asked), len(others)))
        if len(apart) != 1 or not _may_be_mark(apart[0]):
            continue
        if column[apart[0]] <= MOST_UNKNOWN * len(others):
            yield name, apart[0], column[apart[0]]


def _unusual(
    theirs: Mapping[str, int], column: Mapping[str, int], count: tuple[int, int]
) -> list[str]:
    """Return the values of a field that customers' messages have none of, where the others have
    those of customers' too; of a flag, the rarer value of the others.
    """
    usual = {*theirs, *([""] if sum(theirs.values()) < count[0] else [])}
    own = [v for v in column if v not in usual]
    absent = count[1] - sum(column.values())
    if absent if "" in usual else any(v in usual for v in column):
        mixed = all(v.lower() in TRUE | FALSE for v in {*column, *usual} - {""})
        if len(usual) == 1 and len(own) == 1 and mixed:
            return own if column[own[0]] * 2 <= count[1] else [v for v in column if v in usual]
        return own if len(usual) == 1 or len(own) == 1 else []
    are_flags = len(own) == len(column) == 2 and all(v.lower() in TRUE | FALSE for v in own)
    return sorted(own, key=lambda v: column[v])[:1] if are_flags else []


def either_of_two(
    asked: Sequence[Message], others: Sequence[Message], keys: Keys
) -> Iterator[tuple[str, str, int]]:
    """Yield fields that nobody knows where the others have one of two values and customers neither,
    with the rarer.
    """
    of_customers = told_by(asked)
    sure = _told(keys)
    for name, column in told_by(others).items():
        if name in sure or flag_of(name) or names_somebody(name) or _is_harmless(name):
            continue
        theirs = of_customers.get(name, Counter())
        apart = column.keys().isdisjoint(theirs) and not _are_names(theirs, column)
        numbered = any(map(str.isdigit, column)) and not column.keys() <= {"0", "1"}
        all_have = len(column) == 2 and column.total() == len(others) and not numbered
        if apart and all_have and (own := [v for v in column if _may_be_mark(v)]):
            value = min(own, key=lambda v: column[v])
            yield name, value, column[value]


def _are_names(of_customers: Mapping[str, int], of_others: Iterable[str]) -> bool:
    """Whether what stands in customers' messages is of each of them alone, as their names are, and
    what stands in the others' says no side of anybody."""
    if any(is_called_apart(value) or role_of(value) for value in of_others):
        return False
    few = len(of_customers) <= MOST_NAMES
    return not few and len(of_customers) * 2 > sum(of_customers.values())


def is_of_authors(name: str, others: Sequence[Message], keys: Keys) -> bool:
    """Whether a field tells but who wrote: it is called after agents, and what stands in it after
    nobody apart, or of several authors each has one value in it.
    """
    if _is_of_agents(words_of(name).split()):
        return not any(is_called_apart(as_text(at_steps(item, name))) for item in others)
    by_author: dict[str, set[str]] = {}
    for item in others if keys.author else ():
        author = as_text(at_steps(item, keys.author)).strip()
        by_author.setdefault(author, set()).add(as_text(at_steps(item, name)).strip())
    return len(by_author) > 1 and all(len(values) == 1 for values in by_author.values())


def _is_of_agents(said: Sequence[str]) -> bool:
    """Whether a field is called after agents, in words of its own too: `Activity assigned to`."""
    ends = (" ".join(said[place:]) for place in range(len(said)))
    return any(
        end in HEADERS["agent"] and (end == " ".join(said) or " " in end or end in _ASSIGNED)
        for end in ends
    )


def lacking(
    asked: Sequence[Message], others: Sequence[Message], keys: Keys
) -> Iterator[tuple[str, int]]:
    """Yield fields that the fewer of the others' messages have nothing in, and how many: to whom
    they went, when they were sent, or the id of a mail that all customers' messages have.
    """
    of_customers, of_others = told_by(asked), told_by(others)
    filled = {name: sum(column.values()) for name, column in of_others.items()}
    named = [n for n in filled if _names_recipients(n)]
    tried = dict.fromkeys([*sorted(named, key=lambda n: -filled[n])[:1], *filled])
    for name in (
        n for n in tried if n not in (keys.text, keys.role, keys.author, keys.at, keys.clock)
    ):
        last = words_of(steps_of(name)[-1])
        is_sent = not SENT.isdisjoint(last.split()) and are_dates([*of_others[name]])
        is_id = last in _IDS_OF_MAILS and sum(of_customers.get(name, {}).values()) == len(asked)
        empty = len(others) - filled[name]
        if (is_sent or is_id or name in named[:1]) and 0 < empty < MOST_UNKNOWN * len(others):
            yield name, empty


def _names_recipients(name: str) -> bool:
    said = words_of(name)
    return said in RECIPIENTS or not RECIPIENTS.isdisjoint(said.split()[:1])


def _is_harmless(name: str) -> bool:
    said = {word for step in steps_of(name)[-2:] for word in words_of(step).split()}
    return bool(said & _NO_MARKS) and not said & _PLACES


def _may_be_mark(value: str) -> bool:
    is_short = len(value) < MOST_CODE_CHARS and value.count(" ") < MOST_NAMES
    is_flag = value.lower() in TRUE | FALSE
    said = words_of(value)
    known = (bool(said) and is_of_messages(said)) or not _NO_MARKS.isdisjoint(said.split())
    return is_short and (is_flag or not (known or value.isdigit() or are_dates([value])))


def is_of_messages(kind: str) -> bool:
    """Whether a kind of messages is called as those are that customers read."""
    said = words_of(kind)
    return _READ.issuperset(said.split()) or role_of(said) is not None


def told_by(items: Iterable[Message]) -> dict[str, Counter[str]]:
    """Return what stands in messages by path, also in lists, and in how many of them."""
    found: dict[str, Counter[str]] = {}
    for item in items:
        for name, text in {(n, t.strip()) for n, t in leaves(item) if t.strip()}:
            found.setdefault(name, Counter())[text] += 1
    return found


def is_list(item: Message, name: str) -> bool:
    """Whether a field of a message may hold several texts, labels most of all."""
    return isinstance(at_steps(item, name), list) or names_labels(name)
