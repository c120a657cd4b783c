"""Texts that help desks send by themselves: receipts, out-of-office replies, survey invitations,
that a case was merged into another.

An export often signs them with an agent's name. They answer nothing, whoever sent them: one is
told by saying that a message came in *and* that an answer follows, by calling itself automatic, by
inviting to rate, by telling that somebody is away; and by hardly more than that. What it quotes
says nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from northloop.core.packaged import packaged
from northloop.core.patterns import lazy
from northloop.stages.data import correspondence
from northloop.stages.data.wording import any_of

MOST_CHARS = 1_500
MOST_MORE = 2
"""So many sentences may say something else: where help is found, when somebody is there. Beside an
invitation to rate none may.
"""
_CUES = (
    "receiv", "got your", "survey", "rate ", "automa", "out of ", "how did we", "on leave",
    "logged", "erhalten", "eingegangen", "umfrage", "bewert", "abwesen", "außer haus", "nicht im",
    "im urlaub", "reçu", "enquête", "évalu", "absen", "recibi", "encuesta", "valor",
    "ausente", "fuera de", "ricevut", "sondaggio", "valut", "assente", "recebe", "pesquisa",
    "avali", "ontvangen", "tevreden", "beoord", "afwezig", "otrzyma", "ankiet", "oceń", "nieobecn",
    "mottag", "kundund", "betyg", "frånvar", "受け付け", "受付", "自動", "アンケート", "不在",
    "評価", "收到", "自动", "评价", "满意度", "merged", "zusammengef", "fusion", "combinad", "unit",
    "mesclad", "samengevoegd", "połączon", "sammanfog", "統合", "合并",
)  # fmt: skip
"""Nearly every such text holds one of these."""
_LISTS = packaged(__package__, "automatic.toml", dict[str, str])
_CAME_IN = lazy(any_of(_LISTS["came_in"]), re.I)
_FOLLOWS = lazy(any_of(_LISTS["follows"]), re.I)
_SAYS_SO = lazy(any_of(_LISTS["says_so"]), re.I)
_RATE = lazy(any_of(_LISTS["rate"]), re.I)
_AWAY = lazy(any_of(_LISTS["away"]), re.I | re.M)
_MERGED = lazy(any_of(_LISTS["merged"]), re.I)
_QUOTED = lazy('["“„«(].*["”“»)]')
_GOES_ON = lazy("[,;:–—、，；：]")
_SENTENCE = lazy(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
_OF_SURVEYS = lazy(any_of(_LISTS["of_surveys"]), re.I)
_TRIFLE = lazy(any_of(_LISTS["trifle"]), re.I)


def is_automatic_text(text: str) -> bool:
    """Whether a message is one that a help desk sends by itself, and answers nothing."""
    if not any(cue in text.lower() for cue in _CUES):
        return False
    own = correspondence.without_quotes(correspondence.from_html(text)).strip() or text
    return _is_automatic(own, own.lower())


def _is_automatic(text: str, lowered: str) -> bool:
    if len(text) > MOST_CHARS or not any(cue in lowered for cue in _CUES):
        return False
    if _SAYS_SO.search(lowered):
        return True
    said = [" ".join(s.split()).strip(" -*>") for s in _SENTENCE.split(text)]
    said = [sentence for sentence in said if sentence]
    receipt = _is_receipt(said)
    rates, is_away = any(map(_RATE.search, said)), any(map(_AWAY.search, said))
    if not (rates or receipt or is_away or any(map(_tells_merging, said))):
        return False
    more = sum(not _is_of_it(sentence) for sentence in said)
    return more <= (MOST_MORE if receipt or (is_away and not rates) else 0)


def _tells_merging(sentence: str) -> bool:
    """Whether a sentence tells that a case was merged, and nothing else of it."""
    is_told = _MERGED.match(sentence) is not None
    return is_told and _GOES_ON.search(_QUOTED.sub("", sentence)) is None


def _is_receipt(said: Sequence[str]) -> bool:
    """Whether a sentence, or two that follow one another, say that a message came in and that an
    answer follows.
    """
    came = {place for place, sentence in enumerate(said) if _CAME_IN.search(sentence)}
    return any(
        came & {place - 1, place, place + 1}
        for place, sentence in enumerate(said if came else ())
        if _FOLLOWS.search(sentence)
    )


def _is_of_it(sentence: str) -> bool:
    telling = (_CAME_IN, _FOLLOWS, _RATE, _AWAY, _OF_SURVEYS)
    is_trifle = bool(_TRIFLE.match(sentence)) or _tells_merging(sentence)
    return is_trifle or any(p.search(sentence) for p in telling)
