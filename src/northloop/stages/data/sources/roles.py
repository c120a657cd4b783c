"""Who wrote a message of an export, and whether the customer was meant to read it.

Exports say both in many words and languages. Where one says in any way that a message is a note
among agents, it is one: a public message that is lost costs a little, a note that is learnt is told
to customers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from northloop.core.conversation import Role
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.wording import words

MAX_DEPTH = 3

_ROLES = {
    Role.CUSTOMER: """
        customer, user, client, end user, enduser, requester, visitor, human, contact, buyer,
        consumer, guest, shopper, caller, patient, member, subscriber, lead, prompter,
        customer user,
        kunde, kundin, nutzer, nutzerin, benutzer, besucher, anrufer, anfragender, käufer,
        cliente, utilisateur, utilisatrice, demandeur, visiteur, acheteur,
        usuario, usuaria, solicitante, comprador, visitante,
        utente, richiedente, visitatore, acquirente, usuário, usuária, requerente,
        klant, gebruiker, bezoeker, aanvrager, klient, klientka, użytkownik, zgłaszający,
        kund, användare, besökare, beställare,
        お客様, 顧客, ユーザー, 利用者, 客, 客户, 用户, 顾客, 客人, 客戶, 用戶, 買家, 买家,
        고객, 사용자, клиент, пользователь, müşteri,
        inbound, incoming, in, received, from customer, eingehend, eingang, entrant, reçu, entrante,
        recibido, ricevuto, recebido, inkomend, przychodzące, inkommande, 受信, 接收, 收到""",
    Role.AGENT: """
        agent, assistant, support, staff, wizard, representative, operator, admin, administrator,
        advisor, adviser, employee, csr, rep, human agent, support agent, service agent,
        system agent, helpdesk, help desk, customer service, customer support, customer care,
        support team, service desk, teammate, team member, owner, moderator, consultant, expert,
        seller, merchant, company, technician, service, handler,
        mitarbeiter, mitarbeiterin, berater, beraterin, sachbearbeiter, bearbeiter, kundendienst,
        kundenservice, kundenbetreuer, agentin,
        conseiller, conseillère, opérateur, opératrice, technicien, service client,
        agente, asistente, asesor, asesora, operador, operadora, soporte, atención al cliente,
        operatore, operatrice, assistente, consulente, assistenza,
        atendente, suporte, atendimento, medewerker, klantenservice, adviseur,
        konsultant, konsultantka, doradca, pracownik, obsługa,
        handläggare, medarbetare, kundtjänst, rådgivare, supportagent,
        担当者, オペレーター, エージェント, サポート, スタッフ, 客服, 坐席, 座席, 代理, 客服人员,
        專員,
        상담원, агент, оператор, поддержка, temsilci,
        gpt, chatgpt, model, ai assistant, atlassian,
        outbound, outgoing, out, sent, to customer, ausgehend, ausgang, sortant, envoyé, saliente,
        enviado, inviato, uitgaand, wychodzące, utgående, 送信, 发送, 發送""",
    Role.BOT: """
        bot, chatbot, chat bot, ai, virtual assistant, virtual agent, voicebot, answerbot,
        answer bot, ivr, robot, automated, ai agent, digital assistant, 机器人, ボット, 機器人""",
    Role.SYSTEM: """
        system, event, automation, trigger, workflow, notification, status, developer, tool,
        function, systeem, système, sistema, automatisch, 系统, システム, 系統""",
}
_BEFORE_AGENTS = words(
    "customer client user technical tech support service help desk care success sales chat live "
    "first second level senior human team"
)
"""What stands before what an agent is called: `support_rep`, `Customer Service Agent`."""
_WORD = re.compile(r"[^\W_]+")
_STEPS = re.compile(r"\.(?=[^\s)\]])")


def words_of(name: str) -> str:
    """Return a name as lower-case words: `createdAt`, `Created_At` and `CREATED-AT` are one."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", unicodedata.normalize("NFKC", name))
    return " ".join(_WORD.findall(spaced.lower()))


def steps_of(path: str) -> list[str]:
    """Return the names that a path goes through, `author.role`; a point that shortens a word, as
    in `Ticket-Nr.` or `Int. Notiz`, stands in a name.
    """
    return _STEPS.split(path)


_ROLE_OF = {
    words_of(name): role
    for role, names in _ROLES.items()
    for name in names.replace("\n", " ").split(",")
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
     "is admin", "is operator")
)  # fmt: skip
_TRUE = frozenset(("1", "true", "yes", "y", "t", "x", "ja", "oui", "sí", "si", "sì", "sim", "tak",
                   "on", "是", "はい", "vrai", "wahr", "vero", "verdadero", "verdadeiro", "waar",
                   "prawda", "sant"))  # fmt: skip
_FALSE = frozenset(("0", "false", "no", "n", "f", "nein", "non", "não", "nee", "nie", "nej", "off",
                    "否", "いいえ", "faux", "falsch", "falso", "onwaar", "fałsz", "falskt", "none",
                    "null", "-", "–", "0 0"))  # fmt: skip

_PRIVATE_WORDS = words(
    """
    private internal internally note notes hidden confidential restricted whisper sidebar
    privat private intern interne internal interner internes notiz notizen vertraulich
    privé privée prive interne note confidentiel confidentielle
    privado privada interno interna nota notas confidencial oculto privato privata
    riservato riservata riservate privado notitie intern vertrouwelijk
    prywatny prywatna prywatne wewnętrzny wewnętrzna wewnętrzne notatka poufne
    anteckning intern internt privat privat intern notering
    backoffice draft drafts unsent entwurf brouillon borrador bozza rascunho utkast
    """
)
_PRIVATE_PARTS = ("非公開", "社内", "内部", "内部备注", "メモ", "私有", "備註", "备注",
                  "プライベート", "私密", "非公开")  # fmt: skip
_PUBLIC_WORDS = words(
    """
    public publicly published visible öffentlich sichtbar publique visible público pública visible
    pubblico pubblica visibile visível openbaar zichtbaar publiczny publiczna publiczne widoczny
    offentlig offentligt synlig
    """
)
_EXTERNAL = words("external externe extern externo externa esterno esterna zewnętrzny")
_SURELY_PUBLIC = frozenset(("public", "is public", "ispublic", "jsd public", "visible to customer",
                            "customer visible", "is visible to customer",
                            "is published"))  # fmt: skip
"""Fields that hold a flag and nothing else: where they are empty, nobody said that it is public."""
_PRIVATE = frozenset(("private", "is private", "isprivate"))
_LITERALLY_PRIVATE = frozenset((*_PRIVATE, "private note",
                                "is private note", "internal note", "is internal note",
                                "internal", "is internal", "isinternal"))  # fmt: skip
_LITERALLY_PUBLIC = frozenset((*_SURELY_PUBLIC, "published"))
_NOT = words("not non no nicht pas nie inte niet")
_NAMES_SOMETHING = words(
    """
    id ids uuid reference ref number no nr key name email mail url link at by on date time count
    author user hours phone address code version title subject
    """
)
"""A field whose name ends so names something, and is no flag: `internal_id`, `noted_by`."""
_PUBLIC_PARTS = ("公開", "公开", "可见", "表示")
_SCALES = frozenset(("visibility", "sichtbarkeit", "visibilité", "visibilidad", "visibilità",
                     "visibilidade", "zichtbaarheid", "widoczność", "synlighet", "公開範囲",
                     "可见性",
                     "access", "audience", "scope", "shown to", "visible to", "visible for",
                     "readable by", "shared with"))  # fmt: skip
_KINDS = frozenset(("type", "kind", "message type", "comment type", "part type", "entry type",
                    "event type", "activity type", "sub type", "subtype", "channel", "role",
                    "sender type",
                    "author type", "direction", "art", "typ",
                    "tipo", "nature", "soort", "rodzaj", "種別", "类型", "類型"))  # fmt: skip
_INSIDERS = words(
    """
    agent agents staff team teams employee employees admin admins operators mitarbeiter equipe
    équipe equipo squadra medewerkers pracownicy personal
    """
)
_OUTSIDERS = words("all everyone everybody customer customers client clients user users requester")
"""Who may read a message, where a field says that: the agents, or the customer too."""
KNOWN_NAMES = 1_024
"""What so many names of fields say is kept at hand."""
_SEEN = words("see sees view visible show shows shown share shared")
"""What a field says of the customer where it tells who may read: `customer_can_see`."""
NOTE_DEPTH = 3
"""Deeper than this in a message, `note` is a remark on something else: `order.items.note`."""
MOST_FLAG_WORDS = 4
"""A flag is said in so many words at most; more are a text."""


def role_of(value: str) -> Role | None:
    """Return whom a word of an export means, None for a word that says nothing."""
    said = words_of(value)
    before, _, last = said.rpartition(" ")
    called = _ROLE_OF.get(last) if before and _BEFORE_AGENTS.issuperset(before.split()) else None
    return _ROLE_OF.get(said) or (called if called is Role.AGENT else None)


def by_flag(name: str, value: str) -> Role | None:
    """Return who wrote a message by a flag of this name: `incoming`, `is_agent`; else None."""
    said = words_of(steps_of(name)[-1])
    if said not in _BY_CUSTOMER and said not in _BY_AGENT:
        return None
    lowered = value.strip().lower()
    if lowered not in _TRUE and lowered not in _FALSE:
        return None
    by_customer = (said in _BY_CUSTOMER) == (lowered in _TRUE)
    return Role.CUSTOMER if by_customer else Role.AGENT


def is_private(message: Mapping[str, Json]) -> bool:
    """Whether anything a message says of itself, at any depth, makes it a note among agents."""
    return any(says_private(name, text) for name, text in _flags(message))


def is_literally_private(message: Mapping[str, Json]) -> bool:
    """Whether a message has a flag of that very name that says so: `private: true`,
    `is_public: false`. Nobody can mean otherwise by it.
    """
    return any(_says_literally(words_of(steps_of(name)[-1]), t) for name, t in _flags(message))


def is_private_row(row: Mapping[str, Json]) -> bool:
    """Whether a row that holds a question with its reply is called private, by a flag of its own.

    Of rows, unlike messages, `internal` may say who asked.
    """
    return any(_is_private(k) and as_text(v).lower() in _TRUE for k, v in row.items())


@lru_cache(KNOWN_NAMES)
def _is_private(name: str) -> bool:
    return words_of(name) in _PRIVATE


def _says_literally(said: str, text: str) -> bool:
    value = text.strip().lower()
    flagged = said in _LITERALLY_PRIVATE and value in _TRUE
    hidden = said in _LITERALLY_PUBLIC and value in _FALSE
    return flagged or hidden or (said in _SCALES and value in ("private", "internal"))


def says_private(name: str, text: str) -> bool:
    """Whether a field of this name and value says that a message is a note among agents."""
    flag = flag_of(name)
    return bool(flag) and _says(flag, text)


def _says(flag: str, text: str) -> bool:
    value = words_of(text)
    if value.count(" ") >= MOST_FLAG_WORDS:
        return False
    said = set(value.split())
    if flag in ("scale", "public") and _INSIDERS & said and not _OUTSIDERS & said:
        return True
    if flag == "private":
        return bool(value) and value not in _FALSE and not _is_called_public(value)
    if flag == "surely public":
        return value not in _TRUE and not _is_called_public(value)
    if flag == "public":
        return (bool(value) and value in _FALSE) or _is_called_private(value)
    return _is_called_private(value) or (flag == "note" and value in _TRUE)


def _is_called_public(value: str) -> bool:
    said = set(value.split())
    named = said & (_PUBLIC_WORDS | _EXTERNAL) or any(part in value for part in _PUBLIC_PARTS)
    return bool(named) and not _is_called_private(value)


def _is_called_private(value: str) -> bool:
    """Whether a value is called private: `Internal note`, `agents_only`, `not public`."""
    said = set(value.split())
    if said & _PUBLIC_WORDS:
        return bool(said & _NOT)
    if "back office" in value:
        return True
    only = "only" in said and bool(said & {"agent", "agents", "staff", "team"})
    parts = any(part in value for part in _PRIVATE_PARTS)
    return only or parts or "nonpublic" in said or bool(said & _PRIVATE_WORDS)


@lru_cache(4_096)
def flag_of(name: str) -> str:
    """Return how a field says who may read (`private`, `public`, `kind` …), "" if it does not."""
    parts = [words_of(part) for part in steps_of(name)]
    last = parts[-1]
    if last in ("type", "value", "label") and len(parts) > 1 and parts[-2] in _SCALES:
        last = parts[-2]
    said = last.split()
    if said and said[-1] in _NAMES_SOMETHING:
        return ""
    if set(said) & (_PRIVATE_WORDS - {"note", "notes"}) or any(p in last for p in _PRIVATE_PARTS):
        return "private"
    if "only" in said and _INSIDERS & set(said):
        return "private"
    if set(said) & _PRIVATE_WORDS or last == "int":
        return "note" if len(parts) < NOTE_DEPTH else ""
    if last in _SURELY_PUBLIC:
        return "surely public"
    if set(said) & _PUBLIC_WORDS or any(p in last for p in _PUBLIC_PARTS):
        return "public"
    if set(said) & _SEEN and set(said) & _OUTSIDERS:
        return "public"
    if set(said) & _SCALES or last in _SCALES:
        return "scale"
    return "kind" if last in _KINDS else ""


def _flags(
    message: Mapping[str, Json], prefix: str = "", depth: int = 0
) -> Iterable[tuple[str, str]]:
    for key, value in message.items():
        path = f"{prefix}.{key}" if prefix else key
        if isinstance(value, Mapping):
            if depth < MAX_DEPTH:
                yield from _flags(value, path, depth + 1)
        elif (not isinstance(value, str) or len(value) < 80) and flag_of(path):
            yield path, as_text(value)
