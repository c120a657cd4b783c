"""Who wrote a message of an export: exports say it in many words and languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from northloop.core.conversation import Role
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.wording import typed, typed_words, words

_ROLES = {
    Role.CUSTOMER: """
        customer, user, client, end user, enduser, requester, visitor, human, contact, buyer,
        consumer, guest, shopper, caller, patient, member, subscriber, lead, prompter,
        endbenutzer, endbenutzerin, endnutzer, endanwender, endkunde, utilisateur final,
        utilisatrice finale, client final, usuario final, cliente final, utente finale,
        cliente finale, usuário final, utilizador final, eindgebruiker, użytkownik końcowy,
        slutanvändare, slutbruger, sluttbruker, エンドユーザー, 最终用户, 最終用戶, 최종 사용자,
        конечный пользователь, son kullanıcı,
        customer user, app user, external user, portal user, guest user, user message,
        kunde, kundin, nutzer, nutzerin, benutzer, besucher, anrufer, anfragender, käufer,
        cliente, utilisateur, utilisatrice, demandeur, visiteur, acheteur,
        usuario, usuaria, solicitante, comprador, visitante,
        utente, richiedente, visitatore, acquirente, usuário, usuária, requerente,
        klant, gebruiker, bezoeker, aanvrager, klient, klientka, użytkownik, zgłaszający,
        kund, användare, besökare, beställare, bruger, besøgende,
        お客様, 顧客, ユーザー, 利用者, 客, 客户, 用户, 顾客, 客人, 客戶, 用戶, 買家, 买家,
        访客, 訪客, 고객, 사용자, 방문자, 손님, клиент, пользователь, посетитель,
        müşteri, ziyaretçi,
        inbound, incoming, in, received, from customer, eingehend, eingang, entrant, reçu, entrante,
        recibido, ricevuto, recebido, inkomend, przychodzące, inkommande,
        indgående, innkommende, modtaget, 受信, 接收, 收到""",
    Role.AGENT: """
        agent, assistant, support, staff, wizard, representative, operator, admin, administrator,
        advisor, adviser, employee, csr, rep, human agent, support agent, service agent,
        system agent, admin user, agent user, staff user, team user, internal user,
        helpdesk, help desk, customer service, customer support, customer care,
        support team, service desk, team, teammate, team member, owner, moderator, consultant,
        expert, seller, merchant, company, technician, service, handler,
        mitarbeiter, mitarbeiterin, berater, beraterin, sachbearbeiter, bearbeiter, kundendienst,
        kundenservice, kundenbetreuer, agentin,
        conseiller, conseillère, opérateur, opératrice, technicien, service client,
        agente, asistente, asesor, asesora, operador, operadora, soporte, atención al cliente,
        operatore, operatrice, assistente, consulente, assistenza,
        atendente, suporte, atendimento, medewerker, klantenservice, adviseur,
        konsultant, konsultantka, doradca, pracownik, obsługa,
        handläggare, medarbetare, kundtjänst, rådgivare, supportagent, medarbejder, medarbeider,
        kundeservice, rådgiver, sagsbehandler, saksbehandler,
        equipo, equipa, equipe, équipe, squadra, zespół, we, wir, nous, nosotros, noi, wij,
        弊社, 当社, 我们,
        担当者, オペレーター, エージェント, サポート, スタッフ, 客服, 坐席, 座席, 代理, 客服人员,
        專員, 商家, 卖家, 賣家, 店家,
        상담원, агент, оператор, поддержка, temsilci,
        gpt, chatgpt, model, ai assistant, api message, atlassian,
        outbound, outgoing, out, sent, to customer, ausgehend, ausgang, sortant, envoyé, saliente,
        enviado, inviato, uitgaand, wychodzące, utgående, udgående, sendt, 送信, 发送, 發送""",
    Role.BOT: """
        bot, chatbot, chat bot, ai, virtual assistant, virtual agent, voicebot, answerbot,
        answer bot, ivr, robot, automated, ai agent, digital assistant, 机器人, ボット, 機器人,
        自動応答, 自动回复, 自動回覆, rocket.cat""",
    Role.SYSTEM: """
        system, event, automation, trigger, workflow, rule, notification, status, developer, tool,
        function, systeem, système, sistema, automatisch, 系统, システム, 系統,
        conversation started, conversation ended, chat started, chat ended, session started,
        session ended, chat transcript""",
}
_BEFORE_AGENTS = words(
    "customer client user technical tech support service help desk care success sales chat live "
    "first second level senior human team"
)
"""What stands before what an agent is called: `support_rep`, `Customer Service Agent`."""
_SENDING = words("message messages msg reply response comment email mail chat text sms sent from")
"""What stands before whom something goes to or comes from: `MessageToVisitor`."""
_WAYS = ("inbound", "outbound", "incoming", "outgoing")
_MEANS = words("api reply call sms mms message email mail chat text")
"""What a way may be told with: `outbound-api`, `incoming call`, `EmailReceived`."""
_KINDS_OF_PEOPLE = ("actor", "participant", "sender", "author")
_SPOKEN = ("message", "msg", "reply", "response", "entry")
"""What may end the name of a kind of people, or of what they wrote: `CustomerActor`,
`visitor-message`.
"""
_MESSAGES = typed_words(
    """
    message messages nachricht nachrichten mensaje mensajes messaggio messaggi mensagem mensagens
    bericht berichten wiadomość wiadomości meddelande meddelanden besked melding
    """
)
_REPLIES = typed_words(
    """
    reply response answer antwort respuesta réponse risposta resposta antwoord odpowiedź svar
    """
)
_OF = words("de del du do da des der di d le la el il o van von av od")
_COMPOUND = re.compile(
    "(.{3,}?)(?:nachricht|antwort|bericht|antwoord|meddelande|besked|melding|svar)"
)
_CASE_ENDINGS = ("en", "es", "n", "s", "a")
"""Of who wrote something: `Nachricht des Kunden`, `wiadomość klienta`."""
_WORD = re.compile(r"[^\W_]+")
_GLUED = re.compile(
    "(user|author|sender|agent|operator|staff|contact|customer|client|visitor"
    "|owner|ticket|case|conversation|chat|session|thread|message|parent)id"
)
_STEPS = re.compile(r"\.(?=[^\s)\]])")


_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z]{2})")


@lru_cache(8_192)
def words_of(name: str) -> str:
    """Return a name as lower-case words: `createdAt`, `Created_At` and `CREATED-AT` are one, and
    so are `userid` and `user_id`; `dtGMTClosed` are three.
    """
    spaced = _BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFKC", name))
    said = _WORD.findall(spaced.lower())
    if said and (glued := _GLUED.fullmatch(said[-1])):
        said[-1:] = [glued[1], "id"]
    return " ".join(said)


def steps_of(path: str) -> list[str]:
    """Return the names that a path goes through, `author.role`; a point that shortens a word, as
    in `Ticket-Nr.` or `Int. Notiz`, stands in a name.
    """
    return _STEPS.split(path)


@lru_cache(8_192)
def last_of(path: str) -> str:
    """Return the last name of a path, as words and without what stands in brackets."""
    name = steps_of(path)[-1]
    return words_of(name.partition("(")[0] if name.endswith(")") else name)


_ROLE_OF = {
    way: role
    for role, names in _ROLES.items()
    for way in typed(words_of(name) for name in names.replace("\n", " ").split(","))
}

_OTHER_SIDE: Mapping[Role | None, Role] = {
    Role.CUSTOMER: Role.AGENT,
    Role.AGENT: Role.CUSTOMER,
}

_BY_CUSTOMER = frozenset(
    ("incoming", "inbound", "is incoming", "is inbound", "from customer", "is customer",
     "by customer", "from user", "is user", "from client", "is client", "customer message",
     "is from customer", "sent by customer", "from visitor")
)  # fmt: skip
_BY_AGENT = frozenset(
    ("outgoing", "outbound", "is outgoing", "is outbound", "from agent", "is agent", "by agent",
     "staff", "is staff", "from staff", "staff reply", "is staff reply", "from support",
     "is from agent", "sent by agent", "agent reply", "is agent reply", "is support", "from admin",
     "is admin", "is operator", "agent response", "is agent response", "staff response",
     "from me", "is from me", "sent by me", "is mine", "mine", "by me", "is me",
     "from self", "is own", "from us", "is from us", "sent by us",
     "is technician", "is tech", "by technician", "from technician", "is employee", "by employee",
     "from employee", "is staff member", "is team member", "is teammate", "is sender", "is sent",
     "is send")
)  # fmt: skip
_FLAGGED = words("author creator sender poster writer user person by message")
"""Of whom a flag says what they are: `creator_is_contact`."""
_BY_PERSON = {"agent": Role.AGENT, "staff": Role.AGENT, "employee": Role.AGENT,
              "customer": Role.CUSTOMER}  # fmt: skip
"""What somebody is, by a flag in what is said of them: `replier.agent = true`."""
TRUE = frozenset(typed(("1", "true", "yes", "y", "t", "x", "ja", "oui", "sí", "si", "sì", "sim",
                   "tak", "on", "是", "はい", "vrai", "wahr", "vero", "verdadero", "verdadeiro",
                   "waar", "prawda", "sant")))  # fmt: skip
FALSE = frozenset(typed(("0", "false", "no", "n", "f", "nein", "non", "não", "nee", "nie", "nej",
                    "off", "否", "いいえ", "faux", "falsch", "falso", "onwaar", "fałsz", "falskt",
                    "none", "null", "-", "–", "0 0")))  # fmt: skip


def role_of(value: str) -> Role | None:
    """Return whom a word of an export means, None for a word that says nothing."""
    said = words_of(value)
    before, _, last = said.rpartition(" ")
    called = _ROLE_OF.get(last) if before and _BEFORE_AGENTS.issuperset(before.split()) else None
    way, _, what = said.partition(" ")
    if way in _WAYS and what in _MEANS:
        return _ROLE_OF.get(way)
    if before in _MEANS and last in (*_WAYS, "received", "sent"):
        return _ROLE_OF.get(last)
    if before and last in (*_KINDS_OF_PEOPLE, *_SPOKEN) and (told := _ROLE_OF.get(before)):
        return told
    whose = called if called is Role.AGENT else _directed(said)
    return _ROLE_OF.get(said) or whose or _whose(said)


def _whose(said: str) -> Role | None:
    """Return who wrote what is called a message or reply of theirs: `message du client`,
    `Kundennachricht`.
    """
    named = said.split()
    if compound := _COMPOUND.fullmatch(said):
        named = [compound[1]]
    elif not (_MESSAGES | _REPLIES).intersection(named):
        return None
    whom = " ".join(word for word in named if word not in _MESSAGES | _REPLIES | _OF)
    forms = (whom, *(whom.removesuffix(end) for end in _CASE_ENDINGS))
    found = next((role for form in forms if (role := _ROLE_OF.get(form))), None)
    return found if found in _OTHER_SIDE else None


def is_called_message(name: str) -> bool:
    """Whether a field is called a message, be it a customer's, and no reply: `mensagem 1`."""
    said = {word for word in last_of(name).split() if not word.isdecimal()}
    return bool(said & _MESSAGES) and (said <= _MESSAGES or role_of(name) is Role.CUSTOMER)


def _directed(said: str) -> Role | None:
    """Return who wrote what is from somebody or goes to somebody: `message to visitor`."""
    before, to, after = said.partition(" to ")
    if to:
        goes_to, other = _ROLE_OF.get(after), _OTHER_SIDE.get(_ROLE_OF.get(after))
        sent = set(before.split()) - _SENDING
        known = other and goes_to and all(_ROLE_OF.get(word) is other for word in sent)
        return other if known else None
    before, by, after = said.partition(" from ")
    return _ROLE_OF.get(after) if by and _SENDING.issuperset(before.split()) else None


def by_flag(name: str, value: str) -> Role | None:
    """Return who wrote a message by a flag of this name: `incoming`, `is_agent`; else None."""
    said = words_of(steps_of(name)[-1])
    lowered = value.strip().lower()
    if said in _BY_PERSON and "." in name and lowered in ("true", "false"):
        is_agent = (_BY_PERSON[said] is Role.AGENT) == (lowered == "true")
        return Role.AGENT if is_agent else Role.CUSTOMER
    side = _flagged(said)
    if side is None or (lowered not in TRUE and lowered not in FALSE):
        return None
    return side if lowered in TRUE else _OTHER_SIDE[side]


def _flagged(said: str) -> Role | None:
    """Return whom a flag of this name is true of: `incoming`, `creator is contact`."""
    if said in _BY_CUSTOMER or said in _BY_AGENT:
        return Role.CUSTOMER if said in _BY_CUSTOMER else Role.AGENT
    who, is_, what = said.rpartition(" is ")
    side = _ROLE_OF.get(what.removeprefix("from ").removeprefix("by "))
    of_people = is_ and _FLAGGED.issuperset(who.split())
    return side if of_people and side in _OTHER_SIDE else None


# --- who is nobody --------------------------------------------------------------------------------

_AUTOMATIC = frozenset(
    ("bot", "is bot", "from bot", "by bot", "automated", "is automated", "automatic",
     "is automatic", "auto", "is auto", "auto generated", "is auto generated", "autogenerated",
     "auto reply", "is auto reply", "is autoreply", "autoreply", "is system", "by system",
     "from system", "system generated", "is system generated", "is system message")
)  # fmt: skip
_AUTOMATA = frozenset(
    ("app", "application", "bot", "chatbot", "automation", "automated", "integration", "webhook",
     "workflow", "automatedprocess")
)  # fmt: skip
"""What a sender is, by a field of its type or an object of that name."""
_AUTO_REPLIES = ("auto reply", "auto response", "automatic reply", "autoreply", "autoresponder",
                 "auto responder", "automated")  # fmt: skip
_SENDERS = words("author from sender user actor creator by")
_TYPES = words("type kind role")
AUTO_SUBMITTED = re.compile(r"auto-submitted\W+auto|x-autoreply|precedence: ?auto_reply", re.I)
"""What the headers of a mail say that no person wrote (RFC 3834)."""


def is_automatic(message: Mapping[str, Json]) -> bool:
    """Whether a message says that no person wrote it: by a flag, by what its sender is, by the
    headers of a mail.
    """
    return any(_is_automatic(words_of(key), value) for key, value in message.items())


def _is_automatic(name: str, value: Json) -> bool:
    if _flags_a_program(name) and as_text(value).lower() in TRUE:
        return True
    *_, last = name.split() or [""]
    if isinstance(value, Mapping):
        of_sender = not _SENDERS.isdisjoint(name.split())
        inside = of_sender or name in ("meta", "attributes")
        return inside and ((of_sender and _is_automaton(value)) or is_automatic(value))
    said = words_of(value) if isinstance(value, str) and len(value) < 40 else ""
    if last in _TYPES and (said in _AUTO_REPLIES or (name != "type" and said in _AUTOMATA)):
        return True
    return "headers" in name and bool(AUTO_SUBMITTED.search(as_text(value)))


@lru_cache(8_192)
def _flags_a_program(name: str) -> bool:
    """Whether a flag says of a message, or of its sender, that no person wrote: `author is bot`."""
    first, _, rest = name.partition(" ")
    return name in _AUTOMATIC or (first in _SENDERS and rest in _AUTOMATIC)


def _is_automaton(sender: Mapping[str, Json]) -> bool:
    """Whether a sender is an application or a bot by its type, or has one where no user is."""
    said = {words_of(key): inner for key, inner in sender.items()}
    held = any(n in _AUTOMATA and isinstance(inner, Mapping) for n, inner in said.items())
    typed = (as_text(v) for n, v in said.items() if n.rpartition(" ")[2] in _TYPES)
    return not said.get("user") and (held or any(words_of(one) in _AUTOMATA for one in typed))
