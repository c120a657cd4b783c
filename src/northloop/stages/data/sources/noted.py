"""Where a text says of itself that it, or what follows in it, is a note among agents.

What each message's other fields say of it is told elsewhere (`notes`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from northloop.core.conversation import Role
from northloop.core.pattern_set import PatternSet
from northloop.stages.data.sources.notes import (
    COLLEAGUES,
    LOCK,
    MOST_FLAG_WORDS,
    NOT,
    OUTSIDERS,
    heads_a_note,
    is_called_private,
    labels_a_note,
    says_private,
)
from northloop.stages.data.sources.roles import role_of, words_of
from northloop.stages.data.wording import typed_words

_SAID_IN_TEXT = PatternSet(
    [
        re.compile(
            "intern|privat|privé|prywatn|staff|team|agents? only|work ?note|wewn[ęe]trzn"
            "|非公開|社内|内部|內部|引き?継|^[ \\t]*[!/]*[!/]no|whisper|fl[üu]e?stert|chuchote"
            "|susurra|sussurra|fluistert|szepcze|hand.?over|handoff|[üu]e?bergabe|overdracht"
            "|traspaso|passaggio|przekaz|summary|zusammenfass|r[ée]sum[éeo]|resumen|riepilogo|riassunto|samenvatting|podsumowan",
            re.I | re.M,
        )
    ]
)
"""Nearly every label of a note in a text holds one of these."""

_LINE = r"(?:^|(?<=>))(?:[ \t]++|<[^<>\n]{1,200}+>){0,20}+"
"""Where a line begins, of markup too. Nothing is tried twice: a text may be all spaces or tags."""

_LABELLED = re.compile(
    _LINE + r"(?:#(?P<tag>\w{4,20})(?=[ \t])|[!/]{1,2}(?P<command>\w{4,20})(?=[ \t:])"
    r"|(?P<mark>[\[(（【<*#]{0,3})[ \t]*"
    r"(?P<label>[^\W\d_][^\n:：\[\]()（）【】*<>]{1,40}?)"
    r"[ \t]*+(?:</\w++>[ \t]*+)?(?:[:：\])）】*>]|-{1,2}[ \t]))",
    re.M,
)

_HEADED = re.compile(
    rf"{_LINE}(?P<label>[^\W\d_][^\n:.?!<>]{{2,40}}?)[ \t]*+(?:\n|</?(?:p|div|br|h\d|b|strong)\b)"
)
"""A line that is a label and nothing else."""

_TAGGED = re.compile(
    r"<!--\s*(?P<said>[^<>]{3,40}?)\s*-->"
    r"|<\w+\b[^<>]{0,200}?\s(?:class|id|data-(?P<name>[\w-]{1,30}))\s*=\s*"
    r"[\"'](?P<value>[^\"'<>]{1,80})[\"']"
)

_LEADING = re.compile(r"(?:\s++|<[^<>]*+>)*+")

_NAME = r"[^\W\d_][^\n:：()\[\]（）【】{}<>]{1,48}?"
_RULE = r"[-=_*~#+]{2,60}+"
_RULED = re.compile(rf"{_LINE}{_RULE}[ \t]*+(?P<label>{_NAME})[ \t:]*{_RULE}[ \t]*(?:$|<)", re.M)
"""A line across a text with a label in it: `--- Internal use only ---`."""
_BRACKETED = re.compile(
    rf"(?P<open>[\[(（【{{]{{1,2}})[ \t]*(?P<label>{_NAME})[ \t]*"
    r"(?:(?P<said>[:：]|[-–—]{1,2}[ \t])(?![ \t]*\d)|(?P<shut>[\])）】}]))"
)
"""A label in brackets anywhere: `(intern: …)`, `[private]…[/private]`."""
_BEHIND = re.compile(
    rf"{_LINE}[\[(（][^()\[\]（）\n<>]{{1,120}}[,;–—-][ \t]*(?P<label>{_NAME})[\])）]", re.M
)
"""A bracket before a text that ends with a label: `(merged, internal) …`."""
_TITLED = re.compile(
    rf"(?:<details\b[^<>]{{0,80}}>\s*)?<(?P<element>summary|legend|h[1-6]|dt)\b[^<>]{{0,80}}>\s*(?P<label>{_NAME})\s*:?\s*"
    r"</(?P=element)>",
    re.I,
)
_AT_THE_END = re.compile(
    rf"(?P<before>.|\n|^)[ \t]*(?:#(?P<tag>\w{{4,24}})|[\[(（【](?P<label>{_NAME})[\])）】])"
    r"(?:\s|</?\w+>)*\Z"
)
_ENDS_A_SENTENCE = frozenset(".!?…。！？\n>")
_COLONED = re.compile(rf"{_LINE}[-*#>\[(（【 \t]{{0,6}}(?P<label>{_NAME})[ \t]*[:：\])）】]", re.M)
_WITHHELD = re.compile(
    "(?:not|n't|n’t|nicht|ne|no|non|n[ãa]o|niet|nie)\\b[^\\n:：]{2,40}(?:customer|client|kund|klant|klient)",
    re.I,
)
_GIVEN = typed_words(
    """
    for to with send share show tell forward mention visible
    für an senden weitergeben weiterleiten zeigen mitteilen sagen erwähnen
    pour à au aux envoyer montrer transmettre communiquer dire partager
    para a al enviar mostrar compartir decir enviado
    per inviare mostrare condividere dire
    ao partilhar compartilhar dizer
    voor aan naar met sturen tonen delen zeggen doorsturen
    dla do wysyłać pokazywać udostępniać mówić przekazywać
    """
)
_OF_CUSTOMERS = OUTSIDERS | typed_words(
    """
    kunde kunden kundin cliente clientes clienti klant klanten klient klienta klientom klientowi
    klientów klientem
    """
)
_BESIDE = NOT | typed_words(
    """
    please do don t does ne the this our any den dem die der das bitte diese le la les l ce cette
    pas el los las este il lo gli o os as de het dit ten tego proszę se
    """
)
_HANDED = typed_words(
    "handover handoff übergabe overdracht traspaso passaggio przekazanie przekazania"
)
_SUMMARIES = typed_words(
    """
    summary zusammenfassung résumé resumen riepilogo riassunto resumo samenvatting podsumowanie
    note notes notiz notizen nota notas notitie notatka
    """
)
_READERS = typed_words("for to für pour para per voor dla")


def without_notes(text: str) -> str:
    """Return what an agent wrote up to the first line that is labelled as a note among agents:
    `[internal] …`, `Internal note: …`, or is a chat's command for one, `!note …`; "" where it
    begins so. Markup may say it too: `<div class="internal-note">`. `Note: …` is no such label, nor
    is one word before a colon in the middle of a text, `Internal: 128 GB`; in brackets it is one,
    and on a line across the text. "" too where a text ends with such a label: `… #internal`.
    """
    if (locked := text.find(LOCK)) >= 0 and not text[:locked].rpartition("\n")[2].strip():
        return without_notes(text[:locked].rstrip())
    if _SAID_IN_TEXT.any(text):
        for tagged in _TAGGED.finditer(text):
            if _tags_a_note(tagged):
                return without_notes(text[: tagged.start()].rstrip())
        headed = _HEADED.match(text.lstrip())
        if headed and heads_a_note(words_of(headed["label"]).split()):
            return ""
        begins = leading.end() if (leading := _LEADING.match(text)) else 0
        for begun in _LABELLED.finditer(text):
            said = words_of(begun["tag"] or begun["command"] or begun["label"]).split()
            if begun["command"] and is_called_private(said[0]):
                return text[: begun.start()].rstrip()
            is_first = begun.start() <= begins
            if (begun["tag"] or begun["mark"] or is_first or len(said) > 1) and labels_a_note(said):
                return text[: begun.start()].rstrip()
        if _ends_as_a_note(text):
            return ""
    begun_at = min((place for find in _FINDS for place in find(text)), default=len(text))
    return text[:begun_at].rstrip() if begun_at < len(text) else text


def _tags_a_note(tagged: re.Match[str]) -> bool:
    """Whether a comment or an attribute of markup says that what follows is a note."""
    if not _SAID_IN_TEXT.any(tagged[0]):
        return False
    if tagged["said"]:
        return labels_a_note(words_of(tagged["said"]).split())
    if tagged["name"] and says_private(tagged["name"], tagged["value"]):
        return True
    return any(heads_a_note(words_of(one).split()) for one in tagged["value"].split())


def _within(text: str) -> Iterator[int]:
    """Yield where a label of a note begins that stands in brackets, on a line across the text or as
    a heading of markup, and where a summary for colleagues does.
    """
    if not _SAID_IN_TEXT.any(text):
        return
    for pattern in (_RULED, _BEHIND, _TITLED):
        labels = ((found.start(), _said(found)) for found in pattern.finditer(text))
        yield from (place for place, said in labels if labels_a_note(said))
    for found in _BRACKETED.finditer(text):
        said = _said(found)
        is_closed = f"[/{found['label']}]".lower() in text.lower()
        is_plain = (
            bool(found["said"]) or is_closed or (len(said) > 1 and found["open"] not in "(（")
        )
        if is_plain and labels_a_note(said):
            yield found.start()
    for found in _COLONED.finditer(text):
        if _sums_up(_said(found)):
            yield found.start()


def _withheld(text: str) -> Iterator[int]:
    """Yield where a label says that customers are not to read on: `Not for the customer: …`."""
    if _WITHHELD.search(text):
        for pattern in (_COLONED, _RULED, _BRACKETED):
            labels = ((found.start(), found["label"]) for found in pattern.finditer(text))
            yield from (place for place, label in labels if withholds(label))


_FINDS: tuple[Callable[[str], Iterator[int]], ...] = (_within, _withheld)


def _said(found: re.Match[str]) -> list[str]:
    return words_of(found["label"]).split()


def withholds(label: str) -> bool:
    """Whether a label says that customers are not to read on: `Not for the customer`."""
    said = {*words_of(label).split()}
    needed = (NOT | {"don"}, _GIVEN, _OF_CUSTOMERS)
    return all(said & some for some in needed) and said <= _BESIDE | _GIVEN | _OF_CUSTOMERS


def _sums_up(said: Sequence[str]) -> bool:
    """Whether a label is that of a summary for colleagues: `Handover summary`, `Résumé pour le
    conseiller`.
    """
    there = {*said, "handover"} if said[:2] == ["hand", "over"] else {*said}
    if len(said) > MOST_FLAG_WORDS + 1 or not there & (_SUMMARIES | _HANDED):
        return False
    theirs = any(word in COLLEAGUES or role_of(word) is Role.AGENT for word in said)
    return bool(there & _HANDED and there & _SUMMARIES) or (theirs and bool(there & _READERS))


def _ends_as_a_note(text: str) -> bool:
    """Whether a text ends with a label of its own: `#internal`, `(nur intern)`."""
    found = _AT_THE_END.search(text[-120:])
    if found is None:
        return False
    said = words_of(found["tag"] or found["label"]).split()
    alone = found["tag"] or len(said) > 1 or found["before"] in _ENDS_A_SENTENCE
    return bool(alone) and labels_a_note(said)
