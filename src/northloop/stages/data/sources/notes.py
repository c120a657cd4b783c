"""Whether a message of an export is a note among agents, which its customer was not to read.

Exports say it in many words and languages. Where one says in any way that a message is a note, it
is one: a public message that is lost costs a little, a note that is learnt is told to customers.
What a field's own name says (`private`, `visibility`, a type of messages) is sure. What stands
under any other name (`category: Internal note`) is a mark, and may belong to the case instead of
the message: that is told where all messages are known (`messages`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from northloop.core.conversation import Role
from northloop.stages.data.sources.json_rows import LEAVES, Json, as_text
from northloop.stages.data.sources.roles import FALSE, TRUE, role_of, steps_of, words_of
from northloop.stages.data.wording import typed, typed_words, without_accents, words

MAX_DEPTH = 6
MOST_CHARS = 80
"""A flag is not longer."""
MOST_FLAG_WORDS = 4
"""A flag is said in so many words at most; more are a text."""
KNOWN_NAMES = 4_096
"""What so many names of fields say is kept at hand."""
NOTE_DEPTH = 3
"""Deeper than this in a message, `note` is a remark on something else: `order.items.note`."""

_PRIVATE_WORDS = typed_words(
    """
    private internal internally note notes hidden hide invisible confidential restricted secret
    whisper sidebar backoffice backstage backchannel inhouse draft drafts unsent unpublished
    nonpublic worknote worknotes
    privat intern interne internal interner internes internt notiz notizen vermerk vertraulich
    unsichtbar verborgen versteckt ausgeblendet geheim entwurf entwürfe
    privé privée confidentiel confidentielle caché cachée masqué masquée brouillon
    privado privada interno interna nota notas confidencial restringido restringida oculto
    oculta borrador
    privato privata riservato riservata riservate appunto appunti nascosto nascosta invisibile bozza
    escondido escondida invisível anotação rascunho
    notitie werknotitie aantekening aantekeningen vertrouwelijk onzichtbaar
    prywatny prywatna prywatne wewnętrzny wewnętrzna wewnętrzne notatka notatki poufne ukryty ukryta
    ukryte niewidoczny niewidoczna niewidoczne adnotacja szkic
    dahili gizli
    anteckning anteckningar notering dold dolt dolda osynlig osynligt utkast
    """
) - {"cache"}
"""What is kept for later in English is hidden in French, `caché`, with its accent alone."""
_STEMS = re.compile(
    "internal|hidden|invisible|worknote|privatenote|privatecomment|notiz|notitie|anteckning|notatk"
    "|wewn[ęe]trzn|unsichtbar"
)
"""In words written as one: `hiddenfromuser`, `Arbeitsnotiz`."""
_PRIVATE_PARTS = ("非公開", "非公开", "社内", "内部", "內部", "メモ", "私有", "私密", "備註",
                  "备注", "プライベート", "下書き", "草稿", "非表示", "隐藏", "隱藏", "不公开",
                  "不公開", "不可见", "不可視", "社外秘", "スタッフのみ", "担当者のみ", "申し送り",
                  "引継", "引き継ぎ", "仅客服", "僅客服", "仅员工")  # fmt: skip
_WITHDRAWN = typed_words(
    """
    deleted removed discarded retracted revoked recalled trashed
    gelöscht gelöschte verworfen supprimé supprimée eliminado eliminada borrado borrada descartado
    eliminato eliminata cancellato cancellata excluído excluída apagado apagada
    verwijderd usunięty usunięta usunięte raderad raderat borttagen 削除 削除済み 删除 已删除 刪除
    """
)
"""What is called so was taken back: nobody is to read it."""
LOCK = "🔒"
"""Begins a note among agents where a line begins with it."""
_SAYS_LITTLE = typed_words(
    """
    note notes nota notas confidential vertraulich confidentiel confidentielle confidencial
    riservato riservata riservate vertrouwelijk poufne restricted secret geheim
    """
)
"""Public messages begin so too: `Note: …`, `CONFIDENTIAL: this mail is …`."""
_USES = typed_words(
    "use uses usage purposes nutzung gebrauch verwendung zweck zwecke usage utilisation uso "
    "gebruik użytku użytek"
)
"""`Internal use only` is called as `internal only` is."""
_WHISPERED = typed_words("whispers whispered flüstert chuchote susurra sussurra fluistert szepcze")
_OF_WITHDRAWING = words("is was has been message comment flag at on by date time")
_WHISPERS = words("whisper whispered whispers whispering")
_PUBLIC_WORDS = typed_words(
    """
    public publicly publish published visible öffentlich sichtbar publique visible público
    pública pubblico pubblica visibile visível openbaar zichtbaar publiczny publiczna publiczne
    widoczny offentlig offentligt synlig
    """
)
_PUBLIC_PARTS = ("公開", "公开", "可见", "可見", "表示")
_PUBLIC_STEMS = re.compile(
    r"(?<!in)(?<!un)(?<!nie)(?<!on)(?<!\bo)(?:sichtbar|visibl|visibil[ei]\b|vis[ií]vel|widoczn|synlig"
    r"|zichtba)|(?<!nicht )\b(?:(?:ö|oe?)ffentlich|offentlig|publi(?:c|k|ek|que|czn\w)\b|openba"
    r"|jawn)"
)
"""In a name that tells who may read: `Widoczne dla klienta`, `kundensichtbar`."""
_EXTERNAL = typed_words(
    "external externally outward externe extern externo externa esterno esterna "
    "zewnętrzny zewnętrzna"
)
_SURELY_PUBLIC = frozenset(("public", "is public", "ispublic", "jsd public", "visible to customer",
                            "customer visible", "pub", "is visible to customer",
                            "is published"))  # fmt: skip
"""Fields that hold a flag and nothing else: where they are empty, nobody said that it is public."""
_PRIVATE = frozenset(("private", "is private", "isprivate"))
_REPLIES = typed_words(
    "reply response answer antwort réponse respuesta risposta resposta antwoord odpowiedź"
)
_READERS = frozenset(("for", "only for", "viewers", "readers", "read by", "destination", "target",
                      "addressed to", "goes to", "destinataire", "destinataires", "destinatario",
                      "destinatarios", "destinatari", "zielgruppe", "ziel"))  # fmt: skip
_OF_AGENTS = frozenset(("priv", "is priv", "in house", "off the record", "peer only", "peers only",
                        "colleagues only", "coworkers only", "consult", "is consult"))  # fmt: skip
"""Flags among agents that no word of says so alone."""
_LITERALLY_PRIVATE = frozenset((*_PRIVATE, "private note",
                                "is private note", "internal note", "is internal note",
                                "internal", "is internal", "isinternal"))  # fmt: skip
_LITERALLY_PUBLIC = frozenset((*_SURELY_PUBLIC, "published"))
_NOTES = frozenset(("note", "private note", "internal note", "internal comment", "private comment",
                    "work note", "interne notiz", "note interne", "nota interna"))  # fmt: skip
"""What a row that is nothing else is called by its type."""
_TELL_READERS = ("scale", "public", "surely public", "readers", "kind")
_TITLES = ("name", "title", "subject", "label", "topic", "channel")
NOT = typed_words("not non no nicht pas nie inte ej niet não kein keine")
_NAMES_SOMETHING = words(
    """
    id ids uuid reference ref number no nr key name email mail url link at by on date time count
    author user hours phone address code version title subject
    """
)
"""A field whose name ends so names something, and is no flag: `internal_id`, `noted_by`."""
_ENDS_AS_A_NAME = ("id", "ids", "key", "number", "name", "url", "date", "time", "at", "by", "count")
_SCALES = frozenset(typed(("visibility", "sichtbarkeit", "visibilité", "visibilidad", "visibilità",
                     "visibilidade", "zichtbaarheid", "widoczność", "synlighet", "公開範囲",
                     "公開区分", "可见性",
                     "access", "audience", "audiences", "scope", "scopes", "privacy",
                     "shown to", "visible to",
                     "visible for", "readable by", "shared with", "shared", "acl", "permission",
                     "permissions", "can read", "can view", "can see", "berechtigt", "rechte",
                     "droits", "permisos", "permessi")))  # fmt: skip
_WITHOUT = frozenset(("excluded", "excluded readers", "except", "not for", "withheld from",
                      "ausgeschlossen", "exclus", "excluidos", "esclusi"))  # fmt: skip
"""Who stands under these may not read."""
_OF_SCALES = frozenset(("type", "value", "label", "name", "kind", "level"))
_KINDS = frozenset(("type", "kind", "message type", "comment type", "part type", "entry type",
                    "event type", "activity type", "sub type", "subtype", "typename",
                    "channel", "role", "sender type", "author type", "direction", "art", "typ",
                    "tipo", "nature", "soort", "rodzaj", "種別", "类型", "類型"))  # fmt: skip
_INSIDERS = typed_words(
    """
    agent agents staff team teams employee employees admin admins administrators operators
    colleagues developers tech techs technician technicians operator supporters
    role roles group groups limited mitarbeiter équipe equipo squadra
    medewerkers pracownicy personal zespół zespołu
    """
)
_US = words("us uns nous nosotros noi nós ons nas oss")
"""Whom alone what is called so is for: `Solo per noi`."""
OUTSIDERS = words(
    """
    all everyone everybody anyone customer customers client clients user users requester requesters
    caller callers contact reporter enduser portal guest visitor
    """
)
"""Who may read a message, where a field says that: agents, a role, a group; or customers too."""
_SHUT = (FALSE - {"0", "0 0", "none", "null"}) | words(
    "never nobody niemand jamais nunca nooit nigdy"
)
COLLEAGUES = typed_words(
    """
    staff team teams agents employee employees colleague colleagues coworker coworkers mitarbeiter
    kollegen équipe equipo squadra medewerkers pracownicy personal
    collègues compañeros colegas colleghi collega's koledzy zespół zespołu kollegor crew 同僚 同事
    """
)
_PLACES = typed_words(
    """
    room rooms channel chat space area lounge group board thread lane corner huddle discussion talk
    raum kanal gruppe gespräch besprechung salon canal fil discussion sala hilo canale stanza
    kanaal ruimte kanał pokój rum
    """
)
_DESKS = words("support helpdesk help desk service kundenservice backoffice the our of")
"""Where messages stand is called so beside those who alone read there: `#support-internal`."""
_NOTED = ("noted", "annotated", "annotation", "notiert", "vermerkt", "angemerkt", "annoté",
          "anotado", "annotato", "genoteerd", "odnotowano", "noterat")  # fmt: skip
_ELSEWHERE = frozenset(("side conversation", "side conversations", "forward", "forwarded", "fwd",
                        "forward to third party", "merge", "merged", "ticket merge", "work log",
                        "worklog", "time entry", "summary", "ai summary", "handover",
                        "hand over", "team comment", "handoff", "hand off", "side", "consult",
                        "consultation", "rücksprache", "memo", "remark", "bemerkung", "anmerkung",
                        "uwaga", "remarque", "observación", "observação", "osservazione",
                        "opmerking", "anmärkning", "barge", "in house", "off the record", "fyi",
                        "fyi team", "failed", "scheduled", "queued", "pending", "pending approval",
                        "awaiting approval", "rejected", "bounced", "undelivered",
                        "not delivered", "not sent", "unsent", *_NOTED, "for info",
                        "zur info", "zur kenntnis", "pour info", "para información",
                        "per conoscenza", "ter info", "do wiadomości"))  # fmt: skip
"""What kinds of messages, and states of them, are called that went to others than the customer, or
to nobody.
"""
_INSIDER = re.compile(
    r"(?:agent|staff|team|équipe|equip|squadra|mitarbeit|kolleg|medewerk|pracowni|zespo|personal"
    r"|employ|emplead|operat)"
)
_OUTSIDER = re.compile(
    r"(?:customer|cust\b|client|kund|klant|klient|requester|usuari|utilisat|utent)"
)
_ONLY = typed_words(
    "only nur ausschließlich uniquement seulement réservé réservée solo sólo soltanto só somente "
    "apenas alleen uitsluitend tylko wyłącznie endast bara"
)
_TICKS, _CROSSES = frozenset("○◯〇✓✔☑●"), frozenset("×✗✘✕☐")
_LIMITS = words("permitted allowed restrict restricted limit limited visible readable")
_LIMITED = words("role roles group groups team teams")
"""A field that is called after both holds those who alone may read: `restricted_to_group`."""
_LEVELS = frozenset(("group level", "grouplevel", "role level", "rolelevel", "security level",
                     "securitylevel"))  # fmt: skip
"""What such a field is called in Jira's XML."""
_SEEN = typed_words(
    """
    see sees seen view visible visibility vis access acl permissions rights show shows shown share
    shared facing
    sieht sehen lesen liest lesbar einsehbar anzeigen angezeigt zeigen gezeigt freigegeben
    voir voit lire affiché affichée afficher montré montrer communiqué partagé
    mostrar mostrado mostrada ver leer compartido mostrare mostrato mostrata vede vedere leggere
    condiviso exibir exibido vê ler ziet zien lezen leesbaar tonen getoond gedeeld
    widzi pokazać pokaż pokazane czyta udostępnione visas visa visad ser läsa läsbar delad
    """
)
"""What a field says of the customer where it tells who may read: `customer_can_see`."""

_CALLED = ("key", "name", "field", "label", "title", "attribute", "property", "slug",
                     "tag", "type", "code", "id")  # fmt: skip
_HELD = frozenset(("value", "values", "val", "data", "content"))
"""In the objects of a list: what names one, the likeliest first; and what is said of it."""
_GENERIC = words("id ids name names title label value key code slug display formatted is has of")
"""What a name says that tells nothing: `status.name` is a status."""
_TEXTS = words(
    """
    text body content message html subject summary description snippet preview caption file
    filename url link path email mail address phone company organization product sku question
    answer reply comment utterance transcript attachment attachments
    """
)
_PERSONS = words(
    """
    author from user sender agent assignee owner customer requester contact creator operator caller
    person employee member participant by cc recipient recipients reporter submitter actor
    """
)
"""What stands under these tells something of somebody, not of the message."""
_KIND_WORDS = words(
    """
    type kind category class status state level element mode flag flags
    subtype nature art typ tipo soort rodzaj kategorie catégorie categoría categoria kategoria
    kategori statut estado stato stan
    """
)
_MARK_WORDS = (_PRIVATE_WORDS | _PUBLIC_WORDS | NOT | _INSIDERS | OUTSIDERS | _EXTERNAL) | words(
    """
    work comment comments message messages reply type entry post remark communication article
    conversation discussion only for to the from use nur kommentar nachricht arbeit uniquement
    seulement commentaire message de du travail solo comentario mensaje trabajo del para commento
    messaggio di lavoro só comentário mensagem trabalho alleen opmerking bericht werk tylko
    komentarz wiadomość robocza endast meddelande arbete
    """
)
"""A mark under a name that is of no kinds says nothing but these."""
_LABELS = words(
    "flag flags tag tags label labels mark marks marker markers merkmal merkmale etikett etiketten "
    "étiquette étiquettes etiqueta etiquetas etichetta etichette schlagwort schlagworte"
)
_BETWEEN_LABELS = re.compile(r"\s*[;,|]\s*")
_BEHIND_A_NAME = re.compile(r"\w\s*[(\[]([^()\[\]]{3,24})[)\]]\s*$")
_NO_MARK = re.compile(r"[\d@]|://")
_OF, _FOR = (
    "(?:is|has|ist|est|es|of|de|du|des|del|della|da|do|di|von|vom|van|av|by|from|the|den|die|les|los)*",
    "(?:for|fur|fuer|pour|para|per|voor|dla|to|between|among|amongst|unter|entre|tra|tussen|miedzy"
    "|only|nur|solo|alleen|tylko)",
)
_THEM = (
    "(?:agent(?:e[ns]?|s|i)?|staff|teams?|colleagues?|coworkers?|kolleg(?:en?|in|innen)"
    "|mitarbeiter(?:n|in|innen)?|collegues?|equip[eo]s?|companeros?|colegas?|collegh?[ai]s?"
    "|squadra|employees?|operators?|bearbeiter|sachbearbeiter|technicians?|techs?|crew|peers?"
    "|medewerkers?|pracowni(?:k|cy|kow)|zespolu?|kollegor|supporter)s?"
)
_REMARKS = (
    "(?:comment(?:s|ary)?|kommentar|commentaire|comentario|commento|remark|bemerkung|anmerkung"
    "|remarque|observacion|osservazione|opmerking|uwaga|memo|note|notiz|nota|vermerk|annotation"
    "|discussion|diskussion|chat|talk|thread|mention|flag|hint|hinweis)s?"
)
_SPEECH = "(?:message|nachricht|mensaje|messaggio|mensagem|bericht|wiadomosc|entry|eintrag|post)s?"
_REMARK_OF_THEM = re.compile(
    f"{_OF}(?:{_REMARKS}{_OF}{_THEM}|{_THEM}{_REMARKS}|(?:{_THEM})?{_FOR}{_OF}{_THEM}(?:{_FOR}|{_REMARKS})?"
    f"|(?:{_REMARKS}|{_SPEECH}){_OF}{_FOR}{_OF}{_THEM})"
)
"""What a flag is called of messages among agents, its words as one: `isAgentComment`,
`pour_collegues`."""


# --- what a message says of itself --------------------------------------------------------------


def is_private(message: Mapping[str, Json]) -> bool:
    """Whether anything a message says of itself, at any depth, makes it a note among agents."""
    return any(says_private(name, text) or is_mark(name, text) for name, text in leaves(message))


def says_literally(name: str, text: str) -> bool:
    """Whether a field of this name and value is such a flag."""
    said, value = words_of(steps_of(name)[-1]), text.strip().lower()
    flagged = said in _LITERALLY_PRIVATE and value in TRUE
    hidden = said in _LITERALLY_PUBLIC and value in FALSE
    return flagged or hidden or (said in _SCALES and value in ("private", "internal"))


def is_private_thread(thread: Mapping[str, Json]) -> bool:
    """Whether what holds messages within a case, a thread of them, says that it is one among
    agents: by a flag of that very name, by who may read it, by its kind or by what it is called.
    Other fields may be the case's.
    """
    return any(_is_of_private_thread(name, as_text(value)) for name, value in thread.items()
               if not isinstance(value, Mapping | list))  # fmt: skip


def _is_of_private_thread(name: str, text: str) -> bool:
    if says_literally(name, text) or (flag_of(name) in _TELL_READERS and says_private(name, text)):
        return True
    last = words_of(name).rpartition(" ")[2]
    if last in _TITLES:
        return heads_a_note(words_of(text).split())
    return last in _KINDS and is_called_apart(text)


def is_private_row(row: Mapping[str, Json]) -> bool:
    """Whether a row that holds a question with its reply is called private, by a flag of its own,
    or is a note by its type.

    Of rows, unlike messages, `internal` may say who asked.
    """
    return any(
        (_is_private(name) and as_text(value).lower() in TRUE)
        or (isinstance(value, str) and flag_of(name) == "kind" and words_of(value) in _NOTES)
        or (_is_of_a_reply(name) and isinstance(value, str | int) and _is_mark_of_it(name, value))
        for name, value in row.items()
    )


def _is_of_a_reply(name: str) -> bool:
    """Whether a column tells something of its row's reply: `answer_type`."""
    said = words_of(name).split()
    return len(said) > 1 and not _REPLIES.isdisjoint(said)


def _is_mark_of_it(name: str, value: str | int) -> bool:
    text = as_text(value)
    return len(text) < MOST_CHARS and (
        says_private(name, text)
        or (
            not _KIND_WORDS.isdisjoint(words_of(name).split()) and is_called_private(words_of(text))
        )
    )


def marks(message: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield (path, value) of what calls something private under a name that is no flag's:
    `category: Internal note`, `is_external: false`, `isAgentComment: true`.
    """
    return ((name, text) for name, text in leaves(message) if is_mark(name, text))


def is_mark(name: str, text: str) -> bool:
    """Whether a field calls something private under a name that is no flag's."""
    kind = _marked_by(name)
    return bool(kind) and _is_mark(kind, text)


def leaves(value: Json, path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of whatever is short in a message. In a list of `{key, value}` the keys
    are names; of any other list come its texts, and what its objects are called.
    """
    if isinstance(value, str):
        if len(value) < MOST_CHARS and names_labels(path):
            yield from ((path, part) for part in _BETWEEN_LABELS.split(value))
        elif len(value) < MOST_CHARS:
            yield path, value
    elif type(value) in LEAVES:
        yield path, as_text(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items() if depth <= MAX_DEPTH else ():
            yield from leaves(inner, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, Sequence):
        yield from _listed(value, path, depth)
    else:
        yield path, as_text(value)


def _listed(items: Sequence[Json], path: str, depth: int) -> Iterator[tuple[str, str]]:
    names = []
    for item in items:
        if not isinstance(item, Mapping):
            names.append(as_text(item))
            continue
        by_name = {words_of(key): key for key in item}
        called = next((as_text(item[by_name[k]]) for k in _CALLED if k in by_name), "")
        held = next((by_name[k] for k in by_name if k in _HELD), "")
        if called and held:
            yield from leaves(item[held], f"{path}.{called}", depth + 1)
        else:
            names.append(called)
    if flag_of(path) in ("scale", "limited", "readers"):
        names = [" ".join(names)]  # all of them together may read
    yield from ((path, name) for name in names if name and len(name) < MOST_CHARS)


# --- what a label says ---------------------------------------------------------------------------


def heads_a_note(said: Sequence[str]) -> bool:
    """Whether several words, and nothing but them, label a note."""
    return len(said) > 1 and all(map(_is_of_label, said)) and labels_a_note(said)


def labels_a_note(said: Sequence[str]) -> bool:
    """Whether words label a note: `Internal note for Ben`, `nur intern`, `internal use only`."""
    if not _WHISPERED.isdisjoint(said):
        return len(said) <= MOST_FLAG_WORDS
    said = [word for word in said if word not in _USES]
    named = said[:2]
    known = bool(named) and len(said) <= MOST_FLAG_WORDS and all(map(_is_of_label, named))
    if (
        not known
        or named[0] == "the"
        or _SAYS_LITTLE.issuperset(named)
        or not OUTSIDERS.isdisjoint(said)
    ):
        return False
    return is_called_private(" ".join(named))


def _is_of_label(word: str) -> bool:
    return is_of_notes(word) or word in _ONLY


# --- what a field says that is called after who may read ----------------------------------------


@lru_cache(KNOWN_NAMES)
def _is_private(name: str) -> bool:
    return words_of(name) in _PRIVATE


def says_private(name: str, text: str) -> bool:
    """Whether a field of this name and value says that a message is a note among agents."""
    flag = flag_of(name)
    return bool(flag) and _says(flag, text)


def is_called_public(text: str) -> bool:
    """Whether a text calls something public."""
    return _is_called_public(words_of(text))


def is_called_apart(text: str) -> bool:
    """Whether a text may call a message one that the customer was not sent: `staff comment`,
    `support-internal`, `side_conversation`. Under most names it need not mean it.
    """
    value = words_of(text)
    said = value.split()
    if not 0 < len(said) <= MOST_FLAG_WORDS:
        return False
    colleagues = COLLEAGUES & set(said) and not OUTSIDERS & set(said)
    of_them = bool(colleagues) and all(w in COLLEAGUES or is_of_notes(w) for w in said)
    rated = "csat" in said or "survey" in said
    named = of_them or _is_place_of_agents(value)
    return named or rated or value in _ELSEWHERE or is_called_private(value)


@lru_cache(KNOWN_NAMES)
def _is_place_of_agents(value: str) -> bool:
    """Whether where messages stand is called after those who alone read there: `team room`,
    `support-internal`, `for-colleagues`; no word may say anything else: `team-sports`.
    """
    said = set(value.split())
    rest = said - _PLACES - _DESKS
    theirs = rest & COLLEAGUES
    told = theirs and (said & (_PLACES | _ONLY) or "for" in said) and not said & OUTSIDERS
    private = is_called_private(value) and rest != said
    return bool(told or private) and all(w in COLLEAGUES or is_of_notes(w) for w in rest)


def _says(flag: str, text: str) -> bool:
    mark = text.strip()
    value = "true" if mark in _TICKS else "false" if mark in _CROSSES else words_of(text)
    if flag == "withdrawn":
        return bool(value.strip("0 ")) and value not in FALSE
    if value.count(" ") >= MOST_FLAG_WORDS:
        return False
    said = set(value.split())
    if flag in ("scale", "public", "readers") and _INSIDERS & said and not OUTSIDERS & said:
        return True
    if flag == "scale" and value in _SHUT:
        return True
    if flag == "without":
        return bool(OUTSIDERS & said)
    if flag == "limited":
        return bool(value) and value not in FALSE and not (OUTSIDERS | _PUBLIC_WORDS) & said
    if flag == "private":
        return bool(value) and value not in FALSE and not _is_called_public(value)
    if flag == "surely public":
        return value not in TRUE and not _is_called_public(value)
    if flag == "public":
        return (bool(value) and value in FALSE | _SHUT) or is_called_private(value)
    called = is_called_private(value) or (flag == "kind" and _is_place_of_agents(value))
    return called or (flag == "note" and value in TRUE)


def _is_called_public(value: str) -> bool:
    said = set(value.split())
    named = said & (_PUBLIC_WORDS | _EXTERNAL) or any(part in value for part in _PUBLIC_PARTS)
    return bool(named) and not is_called_private(value)


@lru_cache(KNOWN_NAMES)
def is_called_private(value: str) -> bool:
    """Whether a value is called private: `Internal note`, `agents_only`, `not public`."""
    said = set(value.split())
    if said & _PUBLIC_WORDS or (said & _EXTERNAL and said & NOT):
        return bool(said & NOT)
    if "back office" in value:
        return True
    sender, to, reader = value.partition(" to ")
    if to and _is_of_agents(sender) and _is_of_agents(reader):
        return True
    only = "only" in said and bool(said & {"agent", "agents", "staff", "team"})
    parts = any(part in value for part in _PRIVATE_PARTS)
    return only or parts or bool(said & _PRIVATE_WORDS or _STEMS.search(value))


def is_label(author: str) -> bool:
    """Whether what stands where a writer is named is what notes are called: `Note interne`."""
    said = words_of(author).split()
    is_short = 0 < len(said) <= MOST_FLAG_WORDS
    return is_short and all(map(is_of_notes, said)) and any(map(_calls_private, said))


def _is_of_agents(said: str) -> bool:
    return role_of(said) is Role.AGENT or said in COLLEAGUES


def _is_of_somebody(part: str) -> bool:
    return not _PERSONS.isdisjoint(part.split())


@lru_cache(KNOWN_NAMES)
def flag_of(name: str) -> str:
    """Return how a field says who may read (`private`, `public`, `kind` …), "" if it does not."""
    parts = [words_of(part) for part in steps_of(name)]
    last = parts[-1]
    if last in _OF_SCALES | _LIMITED and len(parts) > 1 and parts[-2] in _SCALES:
        last = parts[-2]
    said = last.split()
    limited = last in _LEVELS or (_LIMITS & set(said) and _LIMITED & set(said))
    if limited and not any(map(_is_of_somebody, parts)):
        return "limited"
    if last in _OF_AGENTS or any(_WHISPERS & set(part.split()) for part in parts[-2:]):
        return "private"
    if _is_of_withdrawing(said) and not any(map(_is_of_somebody, parts[:-1])):
        return "withdrawn"
    above = set(parts[-2].split()) if len(parts) > 1 else set()
    if last in _READERS:
        return "readers"
    if last in _WITHOUT:
        return "without"
    if said[:2] == ["seen", "by"] and OUTSIDERS & set(said):  # a receipt
        return ""
    is_read = said[-1:] in (["user"], ["by"]) and not _SEEN.isdisjoint({*said, *above})
    if said and said[-1] in _NAMES_SOMETHING and not is_read and last not in _SCALES:
        return ""
    if set(said) & (_PRIVATE_WORDS - {"note", "notes"}) or any(p in last for p in _PRIVATE_PARTS):
        return "private"
    if _ONLY & set(said) and ((_INSIDERS | _US) & set(said) or any(map(_INSIDER.match, said))):
        return "private"
    if NOT & set(said) and (_PUBLIC_WORDS | _EXTERNAL) & set(said):
        return "private"
    if set(said) & _PRIVATE_WORDS or last == "int":
        if {"to", "for"} & set(said) and OUTSIDERS & set(said):  # a note to the customer
            return ""
        return "note" if len(parts) < NOTE_DEPTH else ""
    if _STEMS.search(last) and not last.endswith(_ENDS_AS_A_NAME):
        return "note"
    if last in _SURELY_PUBLIC:
        return "surely public"
    if (set(said) | above) & _SEEN and (set(said) & OUTSIDERS or any(map(_OUTSIDER.match, said))):
        return "public"
    if last in _SCALES:
        return "scale"
    if set(said) & _PUBLIC_WORDS or any(p in last for p in _PUBLIC_PARTS):
        return "public"
    if set(said) & _SCALES:
        return "scale"
    if _PUBLIC_STEMS.search(last):
        return "public"
    return "kind" if last in _KINDS else ""


def _is_of_withdrawing(said: Sequence[str]) -> bool:
    """Whether a name says whether, when or by whom something was taken back: `deleted_at`."""
    return not _WITHDRAWN.isdisjoint(said) and (_WITHDRAWN | _OF_WITHDRAWING).issuperset(said)


# --- what marks a message under another name -----------------------------------------------------


@lru_cache(KNOWN_NAMES)
def _marked_by(name: str) -> str:
    """Return how a field may mark a message: `kind` by a value that calls something private,
    `label` and `other` by one that says nothing else, `external` by a false, `among` by a true,
    `person` by what stands behind a name; "" for one that does not.
    """
    if names_remarks(name) or words_of(steps_of(name)[-1]) in _NOTED:
        return "among"
    parts = [words_of(part).split() for part in steps_of(name)]
    if flag_of(name):
        return ""
    if any(_is_of_somebody(" ".join(part)) for part in parts):
        return "person"
    own = next((left for p in reversed(parts) if (left := [w for w in p if w not in _GENERIC])), [])
    if not own or _TEXTS & set(own[-1:]):
        return "place" if own[-1:] in (["subject"], ["title"]) else ""
    if _EXTERNAL & set(own):
        return "" if parts[-1][-1] in _NAMES_SOMETHING else "external"
    return "kind" if _KIND_WORDS & set(own) else "label" if names_labels(name) else "other"


def _is_mark(kind: str, text: str) -> bool:
    value = text.strip().lower()
    if LOCK in value:
        return True
    if kind == "among":
        return value in TRUE
    if kind == "person":
        return any(is_called_private(words_of(said)) for said in _BEHIND_A_NAME.findall(value))
    if kind == "external":
        return value in FALSE and value not in ("none", "null", "-", "–")
    if not value or _NO_MARK.search(value):
        return False
    said = words_of(value)
    return said.count(" ") < MOST_FLAG_WORDS and _calls_apart(kind, said)


@lru_cache(KNOWN_NAMES)
def _calls_apart(kind: str, said: str) -> bool:
    if kind == "kind" and (_WITHDRAWN | _OF_WITHDRAWING).issuperset(said.split()):
        return not _WITHDRAWN.isdisjoint(said.split())
    if _is_place_of_agents(said) or (kind in ("kind", "label") and said in _NOTED):
        return True
    if kind == "place" or not is_called_private(said):
        return False
    return kind == "kind" or all(map(is_of_notes, said.split()))


def _calls_private(word: str) -> bool:
    known = word in _PRIVATE_WORDS or _STEMS.search(word)
    return bool(known) or any(part in word for part in _PRIVATE_PARTS)


def is_of_notes(word: str) -> bool:
    return word in _MARK_WORDS or _calls_private(word)


@lru_cache(KNOWN_NAMES)
def names_remarks(name: str) -> bool:
    """Whether a flag is called after remarks among agents: `isAgentComment`, `fürKollegen`."""
    said = without_accents(words_of(steps_of(name)[-1]).replace(" ", ""))
    return bool(_REMARK_OF_THEM.fullmatch(said))


@lru_cache(KNOWN_NAMES)
def names_labels(name: str) -> bool:
    """Whether a field is called after labels, of which a text may hold several: `flags`."""
    return not _LABELS.isdisjoint(words_of(steps_of(name)[-1]).split()[-1:])
