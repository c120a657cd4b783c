"""Texts in scripts that put no spaces between words, as the detectors read them.

`卡号4111 1111 1111 1111请` has no word end where the number begins and ends, and its cue is no
English word. Here each letter of such a script (Han, kana, Thai, Lao, Khmer, Burmese; Hangul, whose
particles are attached) becomes a mark that ends a word, and the cues of Chinese, Japanese, Korean
and Thai (`密码`, `電話番号`, `주문번호`, `วันเกิด`) become the English ones that every rule knows.
Lao, Khmer and Burmese have no cues here: what shows itself by its form is found in them.

What is NOT known in these languages: numbers spelt in words, Thai addresses, and people's names
beyond those that the row itself names, that follow a label, an introduction or the question for
them (`姓名：`, `我叫`, `お名前は`, `이름은`), or that stand before 様, さん or 先生.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from northloop.core.packaged import packaged
from northloop.core.patterns import lazy
from northloop.core.scripts import UNSPACED
from northloop.stages.data.sensitive.spans import PART
from northloop.stages.data.wording import any_of

_HANGUL = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3\uffa1-\uffdc"
LETTERS = f"{UNSPACED}{_HANGUL}\u3006\u3007\uff70"
_LETTER = lazy(f"[{LETTERS}]")

_CUES = {
    word: english
    for english, listed in packaged(__package__, "cues.toml", dict[str, str]).items()
    for word in listed.split()
}
_CUE = "|".join(sorted(map(re.escape, _CUES), key=len, reverse=True))
_NUMBER = "号码|號碼|编号|編號|番号|번호|号|號"
TOPIC = "(?:[はがをもの은는이가을를의的로]|ของ(?:ฉัน|ผม|ดิฉัน|เรา|หนู|คุณ))"
"""What ties a cue to all that is said about it, not to a value alone."""
IS = any_of(
    """
    就是 | 是 | 为 | 為 | 改成 | 改为 | 改為 | 设成 | 设为 | 設為 | 换成 | 现在是 | 應該是 | 应该是
    | คือ | เป็น
    """
)
_MONEY = any_of(
    """
    元 | 块 | 塊 | 圆 | 圓 | 円 | 원 | บาท | 万 | 萬 | 亿 | 億 | 千 | 人民币 | 日元 | 美元
    | 欧元 | ドル | ユーロ | 달러 | 만 | 천
    """
)
_MEASURE = any_of(
    """
    年(?![龄齢]) | 月 | 日(?!期) | 天 | 个 | 個 | 件 | 次 | 人(?!民) | 名(?!字|前) | 台 | 部
    | 张 | 張 | 箱 | 套 | 双 | 份 | 条 | 枚 | 時 | 时(?!间) | 分(?![机機]) | 秒 | 点 | 點 | 週
    | 周 | 歳 | 岁 | 度 | 倍 | 级 | 回 | 米 | 克 | 公斤 | 公里 | 개 | 명 | 년 | 월 | 일 | 시
    | 분 | 초 | 회 | 살 | วัน | คน | ชิ้น | ปี | เดือน | ครั้ง | นาที | ชั่วโมง | กิโล | กรัม
    """
)
_READ = lazy(
    # A mailbox or a host written in such letters stays as it is.
    rf"(?P<kept>(?<![{LETTERS}])[{LETTERS}]++(?=@[\w-]++\.)"
    rf"|(?<=@)[{LETTERS}][\w-]*+(?:\.[\w-]++)++)"
    rf"|(?:(?P<cue>{_CUE})|(?<=[A-Za-z])(?=[ ]?(?:{_NUMBER}|{IS}|[は은는])))"
    rf"(?P<number>[ ]?(?:{_NUMBER}))?(?:[ ]?{TOPIC})?(?P<is>[ ]?{IS})?"
    rf"|(?<!\d)(?<!\d[ .,-])"
    rf"(?:(?P<amount>\d{{1,9}})[ ]?{_MONEY}|(?P<count>\d{{1,5}})[ ]?{_MEASURE})"
    rf"|(?P<dash>(?<=\d)[ー\uff70](?=\d))|(?P<money>[¥￥₩￦฿])|(?P<quote>[「」『』【】《》〈〉])"
    # A card number in brackets; phone numbers have brackets of their own.
    r"|(?P<bracket>[(](?=\d(?:[ -]?\d){12,18}[)]))"
    rf"|(?P<stop>。)|(?P<letter>[{LETTERS}\u3001-\u3020])"
)
_STANDS_FOR = {
    "dash": "-", "money": "€", "quote": '"', "stop": f".{PART}", "letter": PART, "bracket": PART,
    "amount": "%", "count": "%",
}  # fmt: skip
"""By the kind of what was found; the digits of amounts stand before it."""
_REGIONS = {
    "CN": "\u3400-\u9fff", "TW": "\u3400-\u9fff", "JP": "\u3041-\u30ff", "KR": _HANGUL,
    "TH": "\u0e00-\u0e7f", "LA": "\u0e80-\u0eff", "MM": "\u1000-\u109f", "KH": "\u1780-\u17ff",
}  # fmt: skip
_WRITTEN_IN = {region: lazy(f"[{letters}]") for region, letters in _REGIONS.items()}


def has_letters(text: str) -> bool:
    """Whether a text has letters of the scripts that this module is about."""
    return not text.isascii() and _LETTER.search(text) is not None


def parted(text: str) -> tuple[str, Sequence[int]]:
    """Return the text as the rules for Latin letters read it, and for each place in it its origin.

    The places are as in `folded`; several may lead to the same. The text is a folded one.
    """
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for found in _READ.finditer(text):
        kept, read = _read(found)
        start = found.start() + kept
        pieces += text[at:start], read
        places += range(at, start)
        places += [start] * len(read)
        at = found.end()
    return "".join([*pieces, text[at:]]), [*places, *range(at, len(text) + 1)]


def regions(text: str) -> tuple[str, ...]:
    """Return the countries whose phone numbers are likely in a text, by its scripts."""
    return tuple(region for region, letters in _WRITTEN_IN.items() if letters.search(text))


def _read(found: re.Match[str]) -> tuple[int, str]:
    """Return how many characters of a match stay, and what is read in place of the others."""
    kind = found.lastgroup or ""
    if kind == "kept":
        return len(found[0]), ""
    if kind in _STANDS_FOR:
        return len(found["amount"] or found["count"] or ""), _STANDS_FOR[kind]
    english = _CUES.get(found["cue"] or "", "")
    number = " number" if found["number"] and not english.endswith("number") else ""
    return 0, f" {english}{number}{' is' if found['is'] else ''} "
