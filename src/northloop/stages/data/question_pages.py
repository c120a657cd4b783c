"""A page of questions on many things, as the articles that it holds.

"Help" and "Frequently asked questions" say of no topic what they are about: each question on such a
page is about something else, and what answers one has nothing to do with the next. A page that is
called after a topic ("Returns") is one article, whatever its headings ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from northloop.stages.data.wording import typed_words

LEAST_ASKING, LEAST_SHARE = 3, 0.5
"""So many headings ask, and so large a share of those with a text below."""
_ASKS = ("?", "？", "か。")
_HEADING = re.compile(r"(#{1,6})[ \t]")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_WORD = re.compile(r"[^\W_]+")
MOST_TITLE_CHARS = 120
_OF_THE_HOUSE = re.compile(r"[|·•:–—]| - ")
"""Behind it the company's name: `Help center – Alpen Shop`."""
_CALLED = typed_words(
    """
    faq faqs help helpcenter center centre support questions frequently asked common answers q a our
    your the and of to for us customer page
    preguntas frecuentes respuestas ayuda centro de la al cliente y dudas soporte tus nuestras
    perguntas frequentes respostas ajuda central do da ao e dúvidas apoio suporte
    domande frequenti risposte aiuto assistenza clienti il
    foire aux fréquentes réponses aide centre d client et les plus
    hilfe hilfecenter hilfebereich häufige häufig gestellte fragen antworten und zu kundenservice
    veelgestelde vragen hulp helpcentrum klantenservice antwoorden en
    pomoc pomocy często zadawane najczęściej pytania odpowiedzi centrum i
    hjälp hjälpcenter vanliga frågor svar och kundtjänst
    よくある質問 よくあるご質問 ヘルプ ヘルプセンター 常见问题 常見問題 帮助 帮助中心
    """
)
_SAYS_SO = typed_words(
    """
    faq faqs help helpcenter questions preguntas ayuda dudas perguntas ajuda dúvidas domande aiuto
    aide fréquentes hilfe hilfecenter hilfebereich fragen vragen hulp helpcentrum pomoc pomocy
    pytania hjälp hjälpcenter frågor よくある質問 よくあるご質問 ヘルプ ヘルプセンター 常见问题
    常見問題 帮助 帮助中心 support soporte apoio suporte assistenza
    """
)


class Section(NamedTuple):
    """What stands below a heading."""

    title: str
    """The heading, behind the one above it if that is not the page's: `Hotels › When …?`."""
    text: str
    asks: bool


def questions_of(title: str, text: str) -> list[Section]:
    """Return the articles that a page of questions holds, in their order, first what stands above
    all of them, under the page's title; nothing of any other page. `text` is Markdown."""
    if not _is_called_so(title):
        return []
    found = [section for section in _sections(title, text) if section.text]
    headed = [section for section in found if section.title != title]
    asking = sum(section.asks for section in headed)
    is_one = asking >= LEAST_ASKING and asking >= LEAST_SHARE * len(headed)
    return found if is_one else []


def _is_called_so(title: str) -> bool:
    if len(title) > MOST_TITLE_CHARS:
        return False
    said = set(_WORD.findall(_OF_THE_HOUSE.split(title)[0].lower()))
    return not _SAYS_SO.isdisjoint(said) and _CALLED.issuperset(said)


def _sections(title: str, text: str) -> Iterator[Section]:
    above, heading, level, body, fenced = dict[int, str](), title, 0, list[str](), False

    def section() -> Section:
        over = next((above[of] for of in sorted(above, reverse=True) if of < level), "")
        named = f"{over} › {heading}" if over not in ("", title) else heading
        return Section(named, "\n".join(body).strip(), heading.endswith(_ASKS))

    for line in text.split("\n"):
        fenced ^= bool(_FENCE.match(line))
        found = None if fenced else _HEADING.match(line)
        if not found:
            body.append(line)
            continue
        yield section()
        level, heading, body = len(found[1]), line.strip("#*_ \t"), []
        above = {of: name for of, name in above.items() if of < level} | {level: heading}
    yield section()
