"""What readers make of files of articles, and whether an article is for customers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from northloop.core.errors import InputError

FENCE = re.compile(r"\s*(?:`{3,}[^`]*|~{3,}.*)\Z")
"""A line of Markdown that begins or ends code; "```x```" is code within a line."""
_STATES = ("state", "status", "workflow_state", "publish_status", "visibility_status")
_PUBLISHED = frozenset(("published", "publish", "public", "active", "live", "visible", "approved"))
_FRESHDESK_PUBLISHED, _FRESHDESK_ALL = 2, 1
_READERS = (
    "permission", "permissions", "visibility", "audience", "access", "visible_to", "roles",
    "user_segment_id", "user_segment_ids", "can_read_user_criteria", "company_ids", "segment_ids",
)  # fmt: skip
_EVERYBODY = frozenset((
    "all", "everyone", "everybody", "public", "anyone", "visible", "customers", "customer",
    "external",
))  # fmt: skip
_OF_ALL_AROUND = ("_visibility", "_visible_to", "_audience")
"""How fields end that say who reads the folder, section or category: `folder_visibility`."""
_SHOWN = ("published", "is_published", "public", "is_public", "visible", "isvisibleinpkb")
"""What is false of an article that not everybody reads."""
_HELD_BACK = (
    "draft", "is_draft", "unpublished", "hidden", "is_hidden", "internal", "is_internal",
    "internal_only", "private", "is_private", "archived", "is_archived", "archived_at", "deleted",
    "deleted_at", "trashed", "retired",
)  # fmt: skip
"""What is true of one."""
_NO = ("", "0", "false", "no", "none", "null")
_NOT_FOR_CUSTOMERS = r"""(?:
      (?:strictly\ )?(?:internal|confidential)(?:\ use)?(?:\ only)?
      | (?:for\ )?(?:agents?|staff|employees|team)\ only | (?:for\ )?internal\ use(?:\ only)?
      | intern(?:e|o|a|t)? | vertrouwelijk | vertraulich | confidentiel(?:le)? | confidencial
      | riservat[oa] | poufne | konfidentiellt | draft | entwurf | brouillon | borrador | bozza
      | rascunho | wersja\ robocza | utkast
      | (?:(?:alleen|uitsluitend)\ )?voor\ (?:(?:eigen|onze)\ )?(?:intern\ gebruik|medewerkers
          |collega['’]?s|personeel)
      | (?:nur\ )?für\ (?:den\ )?internen\ gebrauch | nur\ für\ (?:mitarbeiter\w*|mitarbeitende
          |kolleg\w+|das\ team)
      | (?:à\ |pour\ )?usage\ interne(?:\ (?:uniquement|seulement))?
      | réservée?\ (?:au\ personnel|aux\ (?:agents|employés|collaborateurs|conseillers))
      | (?:(?:s[oó]lo|únicamente|exclusivamente)\ )?(?:para\ |de\ )?uso\ interno
      | (?:s[oó]lo|únicamente|exclusivamente)\ para\ (?:(?:el|los)\ )?(?:personal|empleados|agentes)
      | (?:(?:solo|soltanto|esclusivamente)\ )?(?:per|ad)\ uso\ interno
      | (?:solo|soltanto)\ per\ (?:(?:il|i|gli)\ )?(?:personale|dipendenti|operatori|colleghi)
      | riservato\ (?:al\ personale|ai\ dipendenti|agli\ operatori)
      | (?:só|somente|apenas)\ para\ (?:(?:os?|as?)\ )?(?:funcionários|colaboradores|agentes|equipe
          |equipa|uso\ interno)
      | (?:tylko\ |wyłącznie\ )?do\ użytku\ wewnętrznego
      | (?:tylko|wyłącznie)\ dla\ (?:pracowników|zespołu|konsultantów)
      | (?:(?:endast|bara)\ )?för\ internt\ bruk | (?:endast|bara)\ för\ (?:personal(?:en)?
          |medarbetare|anställda)
      | 社外秘 | 社内(?:限定|専用|用|限り|のみ) | (?:スタッフ|従業員)(?:限定|専用|のみ) | 下書き
      | [仅僅](?:供|限)?(?:内部|內部)(?:使用|参考|參考)? | (?:内部|內部)(?:使用|专用|專用|资料|資料)
      | [仅僅](?:供|限)(?:员工|員工|客服) | 草稿
    )"""
"""What says so wherever it stands alone, in the languages that are cleaned."""
_APART = re.compile(
    rf"""\s*[\[(（【]?\s*{_NOT_FOR_CUSTOMERS}\s*(?:[\])）】]|[:–-]\ |[：。]|[.!]?\s*$|[.!]\s)
      | (?:.{{0,60}}\b)?(?:internal\ use\ only|not\ for\ (?:customers|publication)
          |do\ not\ (?:share\ with|send\ to|show\ to)\ customers
          |not\ to\ be\ (?:published|shared\ with\ customers)
          |nur\ (?:für\ den\ internen\ gebrauch|intern|für\ mitarbeiter)|nicht\ für\ kunden
          |niet\ (?:voor|delen\ met|sturen\ naar|doorsturen\ aan)\ klanten
          |ne\ pas\ (?:communiquer|diffuser|envoyer|transmettre)\ (?:aux|à\ des)\ clients
          |no\ (?:compartir\ con|enviar\ a|para)\ (?:los\ )?clientes
          |non\ (?:condividere\ con\ i|inviare\ ai|per\ i)\ clienti
          |não\ (?:partilhar\ com|compartilhar\ com|enviar\ a)\ (?:os\ )?clientes
          |nie\ (?:dla\ klientów|udostępniać\ klientom|wysyłać\ (?:do\ )?klient(?:om|ów))
          |(?:inte\ för|dela\ inte\ med)\ kunder
          |usage\ interne|uso\ interno|(?:alleen\ )?voor\ intern\ gebruik)\b.{{0,20}}$""",
    re.IGNORECASE | re.VERBOSE,
)
"""How a title, or the first line of a text, says that it is not for customers."""
_APART_TITLE = re.compile(
    rf"""\s*[\[(（【]\s*(?:(?:for\ )?(?:internal|confidential|agents?|staff|employees)(?:\ only)?
          |concept|{_NOT_FOR_CUSTOMERS})\s*[\])）】]
      | \ [–—-]\ {_NOT_FOR_CUSTOMERS}$
      | \b(?:agents|staff|employees)\ only\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What a title alone says so with."""
_BEGINNING = 500
_APART_FLAGS = frozenset((
    "draft", "internal", "private", "agents", "agent", "staff", "employees", "team", "archived",
    "unpublished", "confidential", "restricted", "hidden", "in review", "wip",
))  # fmt: skip


def too_long(most: int, of_what: str) -> InputError:
    """Return the error for a file with more of something than an article has."""
    return InputError(f"it holds more than {most:,} {of_what}: split it into several files")


class Article(NamedTuple):
    """An article as it was read, in Markdown."""

    title: str
    """That the file gives, "" for none."""
    text: str
    fields: Mapping[str, str] = {}
    """What it says of itself beside: the front matter of a page."""
    doubt: str = ""
    """What is odd about it, in words, and what to do."""


class Exported(NamedTuple):
    """An article."""

    name: str
    """Its id there, or its place in the file."""
    title: str
    text: str
    """As Markdown."""


class Articles(NamedTuple):
    """What a file of articles holds."""

    articles: tuple[Exported, ...]
    left_out: tuple[str, ...]
    """Titles of those that are no more than drafts, or not for everybody."""


def says_apart(title: str, text: str) -> bool:
    """Whether a title, or the first line of a text of Markdown, says: not for customers."""
    title = " ".join(title[:_BEGINNING].split())
    bare = text[:_BEGINNING].replace("*", "").replace("__", "")
    lines = [said for line in bare.split("\n") if (said := line.strip("#>|- \t"))]
    first = lines[1:2] if lines and lines[0] == title else lines[:1]
    return bool(_APART_TITLE.search(title) or any(map(_APART.match, (title, *first))))


def is_for_customers(fields: Mapping[str, str]) -> bool:
    """Whether the front matter of a page, its names in lower case, does not say otherwise.

    Pages have states and readers of many names, so that what is not known says nothing.
    """
    said = {name.replace("-", "_").replace(" ", "_"): value for name, value in fields.items()}
    if any(_is_set(said.get(name)) for name in (*_HELD_BACK, "exclude")):
        return False
    if any(name in said and not _is_set(said[name]) for name in _SHOWN):
        return False
    flags = (said[name] for name in (*_STATES, *_READERS, "type") if name in said)
    return not any(flag.strip("[] \"'").casefold() in _APART_FLAGS for flag in flags)


def is_for_everybody(record: Mapping[str, Any]) -> bool:
    """Whether a record is published and for everybody, as far as its fields say; in doubt not."""
    if any(_is_set(record.get(name)) for name in _HELD_BACK):
        return False
    if any(name in record and not _is_set(record[name]) for name in _SHOWN):
        return False
    states = [record[name] for name in _STATES if record.get(name) is not None]
    named = (name for name in record if name in _READERS or name.endswith(_OF_ALL_AROUND))
    readers = [record[name] for name in named if record[name] not in (None, "", [])]
    return all(map(_is_published, states)) and all(map(_is_everybody, readers))


def _is_set(value: object) -> bool:
    return value.strip().casefold() not in _NO if isinstance(value, str) else bool(value)


def _is_published(state: object) -> bool:
    if isinstance(state, str):
        return state.strip().casefold() in (*_PUBLISHED, str(_FRESHDESK_PUBLISHED))
    return state is True or (state is not False and state == _FRESHDESK_PUBLISHED)


def _is_everybody(readers: object) -> bool:
    if isinstance(readers, list):
        return all(map(_is_everybody, readers))
    if isinstance(readers, str):
        return readers.strip().casefold() in (*_EVERYBODY, str(_FRESHDESK_ALL))
    return readers is not True and readers == _FRESHDESK_ALL
