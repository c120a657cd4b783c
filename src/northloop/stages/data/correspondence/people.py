"""Which words may be somebody's name, by their letters and by the list of given names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from northloop.core.patterns import lazy
from northloop.stages.data.correspondence.lexicon import ANSWERS
from northloop.stages.data.sensitive.eastern import CHINESE_SURNAMES, JAPANESE_SURNAMES, TWO_SIGNS
from northloop.stages.data.sensitive.lexicon import AMBIGUOUS, FIRST_NAMES
from northloop.stages.data.wording import without_marks, words

PARTICLES = words(
    """van von de der den del della di da do dos das du des la le el al bin ben ter ten zu zum af av
    y e und and & i et och en"""
)
"""Small words within names and between two of them."""
TITLES = words("dr prof mgr inż ing dott dipl lic med mag rag geom avv arch mr drs ir bc hab")
"""Titles that are written small before a name."""
MOST_NAME_CHARS = 60
_THING = lazy(
    r"\W*[^\W\d_]{3,}(?:ement|[ts]ion|[dglnrstzß]ung|[hk]eit|ci[óo]n|si[óo]n|zione|ção|dade)\W*",
    re.I,
)
"""A word that is a thing's by its ending, in English, French, German, Spanish and so on."""
_NAME_WORD = lazy(r"[^\w\s]*[^\W\d_](?:[^\W\d_]|[.'’&/\ufffd-])*[^\w\s]*")
_REDACTED = lazy(
    r"\[NAME(?::[0-9a-f]+)?\]"
    r"|[<«%\[{]{1,2}\s?(?:[^\W_]+(?:['’]s?)?[ ._|-]{1,3}){0,4}[^\W\d_]*?"
    r"(?:name|prénom|nom|nombre|nome|naam|imię|nazwisko|namn|agent|customer"
    r"|representative)(?:[ ._-](?:here|client))?\s?[>»%\]}]{1,2}",
    re.I,
)
"""What stands for a name where names were taken away, or in a macro: `[NAME:3f2a91]`, `<name>`,
`[Customer's Name]`, `{{ticket.requester.first_name}}`."""
_FOR_ANOTHER = lazy(
    r"^\W*(?:i\. ?[AV]\.|p\. ?p\.|ppa\.|p/o|p\. ?[oad]\.|w\.? ?z\.|namens|enl(?:igt)?\.? uppdrag"
    r"|im auftrag|on behalf of|for and on behalf of|pour|per)\s",
    re.I,
)
"""`i. A. Thomas Becker` signs for somebody else."""
_KISSES = lazy(r"(?<=\w)\s+(?:[xX]{1,4}|xoxo|:-?[)*]|<3)\W*$")
"""`Gemma xx`"""
_TITLE_DOT = lazy(
    r"\b(dra?|profa?|mrs?|ms|mx|sra?|srs|st|dott|ssa|sig|ra|hr|fr|ing|dipl|med|dhr|mevr|mw|gent"
    r"|exm[oa]s?|mm?e|mlle|[^\W\d_])\.",
    re.I,
)

_HAN = "\u3400-\u9fff々"
_KANA = "\u3041-\u30ff"
_LONG_FAMILIES = "|".join(
    sorted((x for x in JAPANESE_SURNAMES if len(x) > 1), key=len, reverse=True)
)
_NO_CHINESE = (
    "谢谢|謝謝|周[一二三四五六日天末]|[白黄金]色|金[额額]|[马馬]上|方[便式]|任何|何[时時必处處]|余[额額]|文件|高[兴興级級]"
    "|江[苏蘇西]|于是|许[多可]|毛病|常[用见]|夏[天季]|[万萬][一元]"
)
"""Words that begin as Chinese family names do."""
_NO_JAPANESE = (
    "[月火水木金土日](?:曜日?)?$|[赤青白黒緑黄茶灰紫](?:色)?$|至急|返金|返品|交換|希望|不要|可能?$|不可|必要|未着|破損|不良"
    "|確認|以上|追加|変更|大至急|明日|今日|午前|午後|再送|解約|退会|注文|在庫|送料|無料|有料|本日|先日"
)
"""Short words in Chinese signs that say something in Japanese."""
_CALLED = r"(?:\s?[（(][^（(）)]{1,20}[)）])?(?:\s?(?:敬上|谨上|謹上|拜上|上))?\W*$"
_CHINESE_NAME = lazy(
    rf"^(?:[^：:\s]{{1,6}}[：:\s]\s?)?\W*(?:[{_HAN}]{{1,4}}\s[{_HAN}]{{1,5}}|[小老阿][{_HAN}A-Za-z]{{1,8}}"
    rf"|(?!{_NO_CHINESE})(?:{TWO_SIGNS}|[{CHINESE_SURNAMES}])[{_HAN}]{{1,2}}"
    rf"|[{_HAN}]{{1,3}}(?:先生|女士|小姐|太太|老师|老師|经理|經理|师傅|師傅)){_CALLED}"
)
_JAPANESE_NAME = lazy(
    rf"^\W*(?:(?:{_LONG_FAMILIES})\s?[{_HAN}{_KANA}]{{0,4}}|(?!{_NO_JAPANESE})[{_HAN}]{{1,3}}"
    rf"|[{_HAN}]{{1,4}}\s[{_HAN}{_KANA}]{{1,5}}|[\u30a1-\u30ff]{{2,12}}(?:[・\s][\u30a1-\u30ff]{{2,12}}){{0,2}})"
    rf"{_CALLED}"
)
_IN_KANA = lazy("[\u3041-\u30ff]")
_IN_HANGUL = lazy("[가-힣]")


def is_name_word(word: str) -> bool:
    """Whether a word may be part of a name: letters with a capital first, or a particle."""
    if word in PARTICLES:
        return True
    letters = word.lstrip("\"'(“„«-–— ")
    return letters[:1].isupper() and _NAME_WORD.fullmatch(word) is not None


def is_given_name(word: str) -> bool:
    """Whether a word is on the list of given names, whatever its accents."""
    return _plain(word) in FIRST_NAMES


def is_small_name(line: str) -> bool:
    """Whether a line is one or two given names, in small letters perhaps."""
    parts = _KISSES.sub("", line).strip(" ,.!-–—~*_/").split()
    return 0 < len(parts) <= 2 and all(map(is_given_name, parts))


def is_eastern_name(line: str, text: Sequence[str]) -> bool:
    """Whether a line of a text in Chinese or Japanese may be a name: by its family name or form.

    All short lines in Korean may be.
    """
    if _IN_HANGUL.search(line):
        return True
    names = _JAPANESE_NAME if any(map(_IN_KANA.search, text)) else _CHINESE_NAME
    return names.match(line) is not None


def is_ambiguous(line: str) -> bool:
    """Whether a word of a line is a given name and something else too: `will`, `hope`."""
    return any(word in AMBIGUOUS for word in line.casefold().strip(" ,.!-–—~*_/").split())


def is_name(line: str, most_words: int = 5) -> bool:
    """Whether a line may be a name and nothing else: few words, all with capitals."""
    parts = _KISSES.sub("", _FOR_ANOTHER.sub("", line)).strip(" ,.!-–—~*_/").split()
    while len(parts) > 1 and parts[0].rstrip(".") in TITLES:
        parts = parts[1:]
    return (
        0 < len(parts) <= most_words
        and len(line) <= MOST_NAME_CHARS
        and line.rstrip()[-1] not in "?:？："
        and parts[0] not in PARTICLES
        and all(map(is_name_word, parts))
    )


def is_answer(line: str) -> bool:
    """Whether a line begins with a word that answers something and that nobody is called so, or is
    one by its ending: `Remboursement`."""
    first = line.split(maxsplit=1)[0].strip(",.!:#()").lower()
    is_known = first in ANSWERS or _THING.fullmatch(line) is not None
    return is_known and not is_given_name(first)


def without_title_dots(text: str) -> str:
    """Return a text of the same length whose titles and initials end no sentence."""
    return _TITLE_DOT.sub(r"\1·", text) if "." in text else text


def with_names(text: str) -> str:
    """Return a text of the same length with a given name for each that was taken away."""
    return _REDACTED.sub(lambda found: "Anna".ljust(len(found[0]), "'"), text)


def _plain(word: str) -> str:
    return without_marks(
        "".join(c for c in word.casefold() if c.isalpha() or unicodedata.combining(c))
    )
