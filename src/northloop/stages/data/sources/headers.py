"""What the columns of exports are called, in the languages that help desks write.

Data and the reading of names alone; what stands in a column is judged elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from northloop.core.packaged import packaged
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.wording import typed, typed_words, words

_OF = words("de du da do del di des van of the la le d l")
"""Words in a name that tell nothing: `número de caso`."""
_TABLES = packaged(__package__, "headers.toml", dict[str, dict[str, str]])
_TIMES, _UNITS = _TABLES["times"], _TABLES["units"]


_AS_ZENDESK = "reply time in minutes, metric set reply time in minutes, " + ", ".join(
    f"{own}reply time in minutes calendar" for own in ("", "metric set ")
)
"""Its `reply_time_in_minutes` is that of the first reply."""


def _split(names: str) -> tuple[str, ...]:
    """Return names as words, with how they are typed without accents and small words."""
    listed = [words_of(n) for n in names.replace("\n", " ").split(",")]
    return typed(dict.fromkeys(way for name in listed for way in (name, without_small(name))))


def without_small(name: str) -> str:
    """Return a name without words that tell nothing, if more than one word is left."""
    said = [word for word in name.split() if word not in _OF]
    return " ".join(said) if len(said) > 1 else name


def _handling(unit: str) -> tuple[str, ...]:
    units = _UNITS[unit].split()
    timed = [f"{name} {u}" for name in _split(_TIMES["handling"]) for u in units]
    bare = _split(_TIMES["handling"]) if unit == "handling_minutes" else ()
    asian = [f"{name}{u}" for name in _split(_TIMES["handling"]) for u in units if not u.isascii()]
    said = [f"{u} {noun}" for noun in ("spent", *_TIMES["work"].split(", ")) for u in units]
    return (*bare, *timed, *asian, *typed(said))


def _until_touched(unit: str) -> tuple[str, ...]:
    """Return what is called so with its unit: without it, minutes may be hours."""
    names, units = _split(_TIMES["first_touch"]), _UNITS[f"handling_{unit}"].split()
    timed = [f"{name} {of}{u}" for name in names for u in units for of in ("", "in ")]
    asian = [f"{name}{u}" for name in names for u in units if not u.isascii()]
    return (*timed, *asian, *(_split(_AS_ZENDESK) if unit == "minutes" else ()))


HEADERS: Mapping[str, tuple[str, ...]] = {
    **{field: _split(names) for field, names in _TABLES["fields"].items()},
    **{unit: _handling(unit) for unit in _UNITS},
    **{f"first_touch_{unit}": _until_touched(unit) for unit in ("minutes", "seconds", "hours")},
}
"""Field → what its column is called, the likeliest first; all as `words_of` returns them."""
KNOWN = frozenset(name for names in HEADERS.values() for name in names)
"""All of these names."""

CASES = typed_words(
    """
    ticket case conversation conv convo issue request chat thread incident inquiry enquiry
    session dialog dialogue parent discussion interaction task problem complaint fall vorgang
    anfrage gespräch vorgänge fälle anfragen gespräche
    konversation demande dossier discussion conversación caso solicitud richiesta pratica
    conversazione chamado conversa solicitação zaak gesprek verzoek zgłoszenie zgłoszenia sprawa
    sprawy rozmowa rozmowy
    ärende samtal sag sak samtale henvendelse
    工单 会话 案件 チケット 会話 对话 问题 咨询 問い合わせ お問い合わせ
    """
)
"""What a case is called."""
_ASKED = typed_words(
    """
    issue request inquiry enquiry problem complaint anfrage demande solicitud consulta richiesta
    solicitação verzoek zgłoszenie zgłoszenia ärende
    """
)
_KINDS = typed_words("type kind typ art tipo soort rodzaj")
"""What is asked is sorted by these; of a ticket or a case they tell what record it is."""
_SORTS = typed_words(
    """
    category topic reason kategorie thema grund catégorie motif categoría motivo categoria argomento
    categorie reden kategoria powód kategori orsak
    """
)
"""What cases are sorted by: `motif de demande`, `case reason`."""


def _any_of(names: frozenset[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_SORTED = re.compile(
    f"(?:{_any_of(_ASKED)})(?:s|en|n|e)?(?:{_any_of(_KINDS)})"
    f"|(?:{_any_of(CASES)})(?:s|en|n|e)?(?:{_any_of(_SORTS)})"
)
QUALIFIERS = typed_words(
    """
    customer client user survey final overall average avg note score rating value points stars
    kunde kunden umfrage gesamt schnitt client enquête globale moyenne cliente encuesta final media
    sondaggio finale klant enquête klienta ankieta kund enkät 1 5 10
    """
)
"""What may stand beside what a rating is called: `final csat score`."""
IDS = words("id ids no nr number num key ref reference uuid guid code sysid slug sid")
"""The last word of a name under which ids stand."""
LINKS = words("href url uri link")
"""The last word of a name under which an address stands."""
_NUMBERS = IDS | LINKS | typed_words("n numero numéro número nummer numer numero")

_CLOCKS = words("ts ms utc gmt epoch unix timestamp seconds millis milliseconds")
"""What a time is written in: `resolvedTs`."""

_ANSWERS = ("antwort", "antwoord", "yanıt", "cevab", "cevap",
            "réponse", "reponse", "respuesta", "risposta", "resposta",
            "odpowied", "回答", "返信", "返答", "回复", "答复", "答覆", "回覆", "답변")  # fmt: skip
_ASKS = ("sorusu", "sorular",
         "anfrage", "frage", "vraag", "pregunta", "domanda", "pergunta", "pytani", "zapytani",
         "fråga", "fraga", "問い合わせ", "質問", "问题", "提问", "咨询", "問題", "질문",
         "문의")  # fmt: skip
_ANSWER_WORDS = words("answer answers reply replies response responses svar reactie")
_ASK_WORDS = words("question questions query inquiry enquiry narrative utterance complaint")
_ABOUT = words(
    """
    id ids no nr number count counts time date at by on status state type kind score rating length
    language lang sla due zeit datum anzahl status art typ sprache bearbeiter von am durée date
    nombre délai auteur fecha hora número estado tipo tiempo autor data ora numero stato tempo
    autore número tijd datum aantal soort auteur czas data liczba autor typ tid datum antal typ
    private internal note notes intern interne interno interna wewnętrzna channel category tags
    minutes seconds hours min sec satisfaction
    """
)
_ENDS_ABOUT = ("zeit", "datum", "nummer", "tijd", "分类", "類別", "类别", "类型", "编号",
               "时间", "状态", "日期", "番号", "種別", "分類", "日時", "カテゴリ",
               "カテゴリー")  # fmt: skip
"""A name with one of these tells something about a question or a reply, and is none."""


def sorts_cases(case: str, sort: str = "") -> bool:
    """Whether a word for cases and one for sorts, or one of both (`Ärendetyp`), are what cases are
    sorted by.
    """
    return bool(_SORTED.fullmatch(f"{case}{sort}"))


def without_clock(name: str) -> str:
    """Return the name of a time without how it is written: `resolved` of `resolvedTs`."""
    said = name.split()
    while len(said) > 1 and said[-1] in _CLOCKS:
        said.pop()
    return " ".join(said)


def means_reply(name: str) -> bool:
    """Whether a name means a reply though no list holds it: `Antwort vom Team`."""
    return _means(name, _ANSWERS, _ANSWER_WORDS)


def means_question(name: str) -> bool:
    """Whether a name means a question though no list holds it: `Frage des Kunden`."""
    return not means_reply(name) and _means(name, _ASKS, _ASK_WORDS)


def _means(name: str, stems: tuple[str, ...], whole: frozenset[str]) -> bool:
    said = words_of(name).split()
    if _ABOUT & set(said) or any(w.endswith(_ENDS_ABOUT) for w in said):
        return False
    return any(stem in word for word in said for stem in stems) or bool(whole & set(said))


_OWN = [[case] for case in CASES]
_WRAPPERS = words("data attributes properties fields")
"""Objects that only hold what is said of the one above: `conversation.data.id`."""


def names_a_case(path: str) -> bool:
    """Whether a field is called as one that says whose case something is: `conversation.slug`,
    `N° dossier`.
    """
    said = [w for w in words_of(path.replace(".", " ")).split() if w not in _WRAPPERS | _OF]
    numbered = len(said) > 1 and (
        (said[-1] in _NUMBERS and said[-2] in CASES) or (said[0] in _NUMBERS and said[1:] in _OWN)
    )
    return numbered or words_of(path) in CASES or said == ["topic", "id"]
