"""What a field of a case is called by a name of several words, wherever it lies in a record.

Vendors put together what they call when a case was closed, how it was rated and what it is about:
`last_completed_at`, `surveyResponse.csatScore`, `labels[].labelType.name`. No list holds all of
these names; their words are few. A name is read where each of its words says what the field is, or
says nothing more. What this module does not know is what stands in a column.
"""

from __future__ import annotations

import re
from functools import lru_cache

from northloop.stages.data.sources.headers import CASES
from northloop.stages.data.sources.roles import steps_of, words_of
from northloop.stages.data.wording import typed_words, words

_HOLDERS = words(
    """
    data attributes properties fields custom field customfield cf c u x node meta metadata info
    details stats dynamic lifecycle lifecycles milestones
    """
)
"""What holds a record's fields, or stands before the name of one that a company added."""
_LATEST = words("last latest final current actual")
ENDED = typed_words(
    """
    closed close closing closure resolved resolve resolution solved solve completed complete
    completion done finished finish ended end ending
    geschlossen gelöst erledigt abgeschlossen beendet abschluss abschlusses fermé fermée
    fermeture résolu résolue résolution clôturé clôturée clôture terminé terminée cerrado
    cerrada cierre resuelto resuelta resolución finalizado finalizada chiuso chiusa chiusura
    risolto risolta risoluzione fechado fechada fechamento resolvido resolvida encerrado
    encerrada encerramento gesloten sluiting opgelost afgesloten zamknięto zamknięcia rozwiązano
    rozwiązania stängd stängt löst avslutad avslutat avslutades avslut lukket avsluttet
    afsluttet afgehandeld afhandeling voltooid concluído concluída åtgärdat åtgärdad
    zamknięte zamknięty zamknięta rozwiązane zakończono zakończone zakończenia ukończono
    """
)
"""What says of a case that it is closed."""
_OPENED = words("created create creation opened open started start submitted submit reported begun")
_WHEN = words(
    """
    at on in and date time datetime dateline dt timestamp day value when utc gmt ts ms iso iso8601
    epoch millis unix seconds milliseconds fecha data datum hora heure ora tijd tijdstip zeit
    uhrzeit zeitpunkt zeitstempel godzina el le il em am um op den de di des du
    """
)
_REVIEWS = words("review reviews")
_RATED = typed_words(
    """
    csat rating ratings satisfaction stars star bewertung zufriedenheit évaluation satisfacción
    valoración calificación soddisfazione valutazione satisfação avaliação beoordeling tevredenheid
    ocena satysfakcja betyg nöjdhet sterne étoiles estrellas stelle estrelas sterren gwiazdki
    stjärnor cijfer rapportcijfer puntuación punteggio pontuação
    """
)
_ASKED_FOR = words("survey surveys feedback review reviews csat satisfaction opinion")
_ALONE = ["csat"], ["satisfaction"]
"""What is rated so, and not asked for, where nothing stands beside it."""
_SCORES = words("score value points stars star level overall")
_OF_RATINGS = words(
    """
    channel customer client user contact visitor post after chat response responses result results
    answer answers overall average avg total agent support service submitted
    """
)
_SORTS = typed_words(
    """
    category categories topic topics reason theme tag tags label labels component components
    disposition wrapup wrap classification service class department departments intent
    kategorie thema grund schlagwort schlagworte catégorie thème motif étiquette categoría tema
    motivo etiqueta categoria argomento etichetta assunto categorie reden onderwerp
    kategoria temat powód kategori ämne orsak
    """
)
_OF_SORTS = typed_words(
    """
    contact customer client shared main primary help desk support type types name title value str
    text display code list up cached matched detected
    kontakt kontakts kontaktes kunde kunden kund kunds contacto contatto contato cliente klient
    klienta klantcontact del de du des di da do la el il le van der
    """
)
_WEAKER = words("tag tags label labels department departments service class component components")
"""Sorts that are used for many purposes: another one is taken before them."""
_TYPES = words("type types")


_GLUED = re.compile(
    r"\b(?:[a-z]+ed|close|create|open|end|start|resolution)(?=(?:at|on|date(?:line)?|time|dt|ts)\b)"
    r"|\b(?:date|time)(?=(?:clos|solv|resolv|complet|creat|open|end|finish)ed\b)"
    r"|\b(?:ticket|case|chat)(?=(?:categor|topic|reason|tag|label|rating)[a-z]*\b)"
)
"""Names that databases write as one word: `closedat`, `ticketcategories`."""


@lru_cache(4_096)
def composed(field: str, path: str) -> str:
    """Return as which synonym of `headers.HEADERS` a field of a case is called by the words of a
    path; "" as none. Of topics what is used for many purposes is the synonym of tags.
    """
    said = _words(path)
    case = [word for word in said if word not in CASES]
    if field == "closed_at":
        return "closed at" if _are(case, ENDED, _WHEN | _LATEST) else ""
    if field == "created_at":
        return "created at" if _are(case, _OPENED, _WHEN | _REVIEWS) else ""
    if field == "csat":
        return "rating" if _is_rated(case) else ""
    if field == "intent":
        if not _are(case, _SORTS, _OF_SORTS):
            return "issue type" if _are_types(said) else ""
        return "tags" if {*case} & _WEAKER and not {*case} & (_SORTS - _WEAKER) else "topic"
    return ""


def _words(path: str) -> list[str]:
    glued = (_GLUED.sub(r"\g<0> ", words_of(step)) for step in steps_of(path))
    said = (word for one in glued for word in one.split())
    return [word for word in said if word not in _HOLDERS and not word.isdecimal()]


def _are(said: list[str], telling: frozenset[str], more: frozenset[str]) -> bool:
    """Whether a name has a word that tells, and else such words alone that say nothing more."""
    return any(word in telling for word in said) and telling.union(more).issuperset(said)


def _is_rated(said: list[str]) -> bool:
    scored = not _ASKED_FOR.isdisjoint(said) and not _SCORES.isdisjoint(said)
    rates = _RATED - _ASKED_FOR
    known = _RATED | _ASKED_FOR | _SCORES | _OF_RATINGS | _LATEST
    told = scored or not rates.isdisjoint(said) or said in _ALONE
    return told and known.issuperset(said)


def _are_types(said: list[str]) -> bool:
    """Whether a name is of a type that a company calls itself, `type.name`; what is but called a
    type tells what record something is.
    """
    types = [word for word in said if word not in CASES and word != "id"]
    return types[-1:] == ["name"] and _TYPES.issuperset(types[:-1]) and len(types) > 1
