"""What Chinese, Japanese, Korean and Thai alone have: dates, names, addresses, national ids.

Read in the folded text as it stands, as the letters count here. Names are found only where a rule
is sure: those the row itself names, after a label or an introduction, or before 様 and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.names import introductions
from northloop.stages.data.sensitive.spans import Sensitive, Span
from northloop.stages.data.sensitive.unspaced import IS, TOPIC, has_letters
from northloop.stages.data.wording import any_of, words

_THAI_MONTH = any_of(
    r"""
    มกราคม | กุมภาพันธ์ | มีนาคม | เมษายน | พฤษภาคม | มิถุนายน | กรกฎาคม | สิงหาคม | กันยายน
    | ตุลาคม | พฤศจิกายน | ธันวาคม | ม\.ค\. | ก\.พ\. | มี\.ค\. | เม\.ย\. | พ\.ค\. | มิ\.ย\.
    | ก\.ค\. | ส\.ค\. | ก\.ย\. | ต\.ค\. | พ\.ย\. | ธ\.ค\.
    """
)
_YEAR = r"(?:(?:明治|大正|昭和|平成|令和|民国|民國)[ ]?)?(?:(?<!\d)\d{1,4}|元)[ ]?[年년][ ]?"
_DATE = (
    rf"(?:(?:{_YEAR})?(?<!\d)\d{{1,2}}[ ]?[月월][ ]?\d{{1,2}}(?!\d)(?:[ ]?[日号號일])?"
    rf"|{_YEAR}(?<!\d)\d{{1,2}}[ ]?[月월]"
    rf"|(?<!\d)\d{{1,2}}[ ]?{_THAI_MONTH}(?:[ ]?(?:พ\.?ศ\.?[ ]?)?(?:\d{{4}}|\d{{2}})(?!\d))?"
    r"|(?<![\d./-])(?:\d{4}(?P<a>[-/.])[ ]?\d{1,2}(?P=a)[ ]?\d{1,2}"
    r"|\d{1,2}(?P<b>[-/.])\d{1,2}(?P=b)(?:\d{4}|\d\d)|(?:19|20)\d{6}|\d{6})(?![\d/-]))"
)
_BORN = any_of(
    """
    生日 | 出生日期 | 出生年月日 | 出生年月 | 出生于 | 出生於 | 出生 | 生年月日 | 誕生日 | 생년월일
    | 생일 | วันเดือนปีเกิด | วันเกิด
    | (?<!เหตุ)เกิด
    """
)
_GAP = rf"(?:[\s:=,「【(]|{TOPIC}|{IS}|วันที่|เมื่อ|公历|农历|西暦|日期){{0,6}}+"
_BIRTHS = (
    lazy(rf"{_BORN}{_GAP}(?P<date>{_DATE})"),
    lazy(
        rf"(?P<date>{_DATE})[ ]?(?:に?生まれ|出生|生(?=[,.。、)]|$)"
        r"|(?<=일)생(?=[\s,.)입이]|$)|에? ?태어)"
    ),
)

CHINESE_SURNAMES = (
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧"
    "蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范方石"
    "姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀"
    "赖賴龚龔文"
)
_HAN = "\u3400-\u9fff々"
_KANA = "\u3041-\u309f\u30a0-\u30ff"
JAPANESE_SURNAMES = words(
    """
    佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡部 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上
    木村 林 斎藤 斉藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川
    藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 金子 岡本 藤原 中野 三浦 原田 中川
    松田 竹内 小野 田村 中山 和田 石田 上田 森田 原 柴田 酒井 工藤 横山 宮崎 宮本 内田 高木
    安藤 谷口 大野 丸山 今井 高田 藤本 武田 村田 上野 杉山 増田 菅原 平野 大塚 千葉 久保 松井
    小島 岩崎 桜井 野口 松尾 野村 木下 菊地 菊池 佐野 大西 杉本 新井 浜田 市川 古川
    """
)
_END = r"(?=\s*(?:[,.!?;:()。、！？」】\n]|$))"
_KOREAN_SURNAMES = "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노"
_FAMILY = "|".join(sorted(JAPANESE_SURNAMES, key=len, reverse=True))
TWO_SIGNS = "欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|东方|东郭|皇甫|尉迟|慕容|令狐|夏侯"
_CHINESE = (
    rf"(?:{TWO_SIGNS}|[{CHINESE_SURNAMES}])(?![了吗呢的过车])[{_HAN}](?:(?![了吗呢的过])[{_HAN}])?"
)
_JAPANESE = rf"(?:{_FAMILY})[ ]?[{_HAN}{_KANA}]{{0,4}}?"
_KATAKANA = r"[ァ-ヺー]{2,12}(?:[・ ][ァ-ヺー]{2,12}){0,2}"
_NO_KATAKANA = any_of(
    """
    エンジニア | ユーザーズ? | ユーザ | メンバー | ゲスト | アルバイト | パート
    | サラリーマン | オーナー | フリーランス | ドライバー | スタッフ
    | マネージャー | デザイナー | プログラマー | ビギナー
    | クリスチャン | ベジタリアン | ヴィーガン | ビーガン | ダメ | ムリ | シニア | ファン | プロ
    """
)
_IS_ALL = r"(?=です(?:が|けど)?\s*[,、。！!\n]|です$)"
_NAMES = (
    lazy(  # 我叫张伟
        rf"(?:我叫|我的名字是|我的名字叫|我姓名是)[ ]?(?P<name>{_CHINESE}){_END}"
    ),
    lazy(  # 我是张伟
        rf"(?:我是|这里是|這裡是)[ ]?(?P<name>{_CHINESE})(?<![生人员員工客户戶者家友师師商]){_END}"
    ),
    lazy(  # 张伟 敬上
        rf"(?:^|\n|此致|敬礼|敬禮|谢谢|謝謝)[ ,!。]*(?P<name>{_CHINESE})\s*"
        rf"(?<=[{_HAN}])(?=敬上|谨启|謹啟|上\b|拜上)"
    ),
    lazy(  # 私は田中太郎です
        rf"(?:私は|わたしは|僕は|こちらは?)[ ]?"
        rf"(?P<name>(?:{_FAMILY})[ ]?[{_HAN}{_KANA}]{{0,4}}?)(?=です|と申|でございます)"
    ),
    lazy(  # 山田花子と申します
        rf"(?<![{_HAN}{_KANA}])(?P<name>[{_HAN}\u30a0-\u30ff]"
        rf"[{_HAN}{_KANA}・]{{1,9}}?(?:[ ][{_HAN}{_KANA}]{{1,6}})?)"
        rf"(?=と申し|といいます|と言います)"
    ),
    lazy(  # 저는 김민수입니다
        rf"(?:저는|제가|나는)[ ]?(?P<name>[{_KOREAN_SURNAMES}][가-힣]{{2}})(?<![인자님원객생사부])"
        rf"(?=입니다|이에요|예요|이라고|라고)"
    ),
    lazy(  # 姓名：张伟
        rf"(?:姓名|氏名|お名前|收件人|联系人|聯絡人)[ ]?(?:[:=]|は|是|为|為)\s*「?"
        rf"(?P<name>{_CHINESE}|{_JAPANESE})(?:{_END}|(?=です|と申し|様))"
    ),
    lazy(  # 제 이름은 김민수입니다
        r"(?:(?:제|내|저의|고객|고객님|수령인|예금주)[ ]?이름|성함|성명)[ ]?(?:[은는이]|:)\s*"
        rf"(?!이[것거게런])(?P<name>[{_KOREAN_SURNAMES}][가-힣]{{1,2}})"
        rf"(?:{_END}|(?=입니다|이에요|예요|이고|이라고|님))"
    ),
    lazy(  # 田中様
        rf"(?<![{_HAN}])(?P<name>(?:{_FAMILY})(?:[ ]?[{_HAN}]{{1,3}})?)(?=[ ]?(?:様|さま|さん|殿))"
    ),
    lazy(  # 您好张先生
        rf"(?:(?<![{_HAN}])|(?<=[好的是找]))(?P<name>[{CHINESE_SURNAMES}])(?=先生|女士|小姐)"
    ),
    lazy(  # 发票开给李思涵女士
        rf"(?:(?<![{_HAN}])|(?<=[是系繫给給由叫找问問和跟与與向被让讓为為的好]))"
        rf"(?P<name>{_CHINESE})(?=先生|女士|小姐|老师|老師|经理|經理)"
    ),
    lazy(  # 名前は佐々木健太です
        rf"名前(?:は|[ ]?:)[ ]?(?P<name>{_JAPANESE}|{_KATAKANA})(?={_END}|です|と申|になり)"
    ),
    lazy(  # わたしはマイケルです
        rf"(?:私は|わたしは|僕は|こちらは?)[ ]?(?!(?:{_NO_KATAKANA})です)"
        rf"(?P<name>{_KATAKANA})(?=です|と申)"
    ),
    lazy(  # 田中太郎です。
        rf"(?:^|\n|[。,、] ?)(?P<name>(?:{_FAMILY})[{_HAN}]{{1,3}}(?<![県市区町村駅店部様]))"
        rf"{_IS_ALL}"
    ),
    lazy(rf"我姓(?P<name>{TWO_SIGNS}|[{CHINESE_SURNAMES}]){_END}"),  # 我姓陈
    lazy(rf"叫我(?P<name>[小老阿][{CHINESE_SURNAMES}])(?=就|吧|{_END})"),  # 叫我小王吧
    lazy(  # 中村美咲宛に
        rf"(?<![{_HAN}])(?P<name>(?:{_FAMILY})[ ]?[{_HAN}]{{0,3}})(?=宛|名義|氏(?!名))"
    ),
)
_NUMERALS = "一二三四五六七八九十百"
_ADDRESSES = (
    lazy(  # 北京市朝阳区建国路88号院3号楼1201室
        r"(?:[请請])?(?:送到|寄到|寄往|发到|發到|住在|地址|位于|位於|[在到至是为:])?[ ]?"
        rf"(?P<address>(?:[{_HAN}]{{2,7}}(?:省|自治区))?[{_HAN}]{{2,7}}?[市州县縣区區]"
        rf"(?:[{_HAN}]{{1,7}}?[区區县縣旗镇鎮乡鄉村]){{0,2}}[{_HAN}\d]{{1,9}}?[路街道巷弄段村里]"
        rf"[ ]?[\d{_NUMERALS}]{{1,5}}[号號弄巷](?:[ ]?[\dA-Za-z{_NUMERALS}]{{1,5}}"
        r"(?:号楼|号院|號樓|单元|單元|栋|棟|幢|座|层|層|楼|樓|室|号|號)|院){0,5})"
    ),
    lazy(  # 〒150-0002 東京都渋谷区渋谷2丁目21番1号
        r"(?P<address>(?:〒[ ]?)?(?:(?<!\d)\d{3}-\d{4}[ ]?)?"
        rf"(?:東京都|北海道|京都府|大阪府|[{_HAN}]{{2,3}}県|(?<![{_HAN}])[{_HAN}]{{1,4}}市)"
        rf"[{_HAN}{_KANA}]{{1,16}}?[ ]?[\d{_NUMERALS}]{{1,4}}(?:丁目|番地?|号|[-の])"
        rf"(?:[ ]?[\d{_NUMERALS}]{{1,4}}(?:番地?|号室?|[-の])?){{0,4}})"
    ),
    lazy(r"(?P<address>〒[ ]?\d{3}-\d{4}(?!\d))"),
    lazy(  # 서울특별시 강남구 테헤란로 152, 3층
        r"(?P<address>[가-힣]{2,7}[시도][ ](?:[가-힣]{1,6}[시군구][ ]){0,2}"
        r"(?:[가-힣\d]{1,9}[읍면동리로길][ ]?){1,2}\d{1,5}(?:-\d{1,4})?(?:번지)?"
        r"(?:,?[ ]?\d{1,5}[층동호]){0,3})"
    ),
)
"""A town, a street or block, and a number: less is a place and nobody's."""
_ASKED_NAME = lazy("お名前|氏名|どちら様|姓名|名字|贵姓|貴姓|怎么称呼|怎麼稱呼|성함|이름")
_NO_ANSWER = words(
    "はい いいえ 是的 是 不是 不 好 好的 没有 네 아니요 아니오 예 谢谢 ありがとう 알겠습니다"
)
_ANSWER = lazy(
    r"(?:はい|是的|네|예|我是|我叫|叫|私は|저는)?[,、。\s]*"
    rf"(?P<name>[{_HAN}{_KANA}가-힣]{{2,8}}?(?:[ ・][{_HAN}{_KANA}가-힣]{{1,8}})?)"
    r"(?:です|と申します|입니다|이에요|예요|이라고 합니다)?[.。!！\s]*"
)
_IDS = {
    "CN": lazy(r"(?<![\w+-])[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx](?!\w)"),
    "KR": lazy(r"(?<![\w+-])\d{2}[01]\d[0-3]\d-[1-8]\d{6}(?![\w-])"),
    "TH": lazy(r"(?<![\w+-])[1-8](-?)\d{4}\1\d{5}\1\d{2}\1\d(?![\w-])"),
    "TW": lazy(r"(?<![\w+-])[A-Z][12]\d{8}(?![\w-])"),
}


def births(text: str) -> Iterator[Span]:
    """Yield the dates beside a word for birth."""
    for pattern in _BIRTHS:
        for found in pattern.finditer(text):
            yield Span(*found.span("date"), Sensitive.BIRTHDATE, found["date"])


def names(text: str, known_names: Sequence[str]) -> Iterator[Span]:
    """Yield the people that the row itself names, and those that a rule is sure of."""
    for name in filter(has_letters, known_names):
        parts = [name, "".join(name.split()), *name.split()]
        for part in {part for part in parts if len(part) >= 2}:
            for found in re.finditer(re.escape(part), text):
                yield Span(*found.span(), Sensitive.NAME, part)
    for pattern in _NAMES:
        for found in pattern.finditer(text):
            yield Span(*found.span("name"), Sensitive.NAME, found["name"])
    for span in introductions(text, text.lower()):
        if has_letters(span.text):
            yield span


def addresses(text: str) -> Iterator[Span]:
    """Yield the postal addresses of China, Japan and South Korea."""
    for pattern in _ADDRESSES if any(map(str.isdigit, text)) else ():
        for found in pattern.finditer(text):
            yield Span(*found.span("address"), Sensitive.ADDRESS, found["address"])


def answers(text: str, asked: str) -> Iterator[Span]:
    """Yield the name that a text is, if a name was asked for."""
    found = _ANSWER.fullmatch(text) if _ASKED_NAME.search(asked) else None
    if found and found["name"] not in _NO_ANSWER:
        yield Span(*found.span("name"), Sensitive.NAME, found["name"])


def national_ids(text: str, regions: Sequence[str]) -> Iterator[Span]:
    """Yield national ids of China, South Korea, Taiwan and Thailand, told by form or check digit.

    The text is a parted one, `regions` the countries that its letters are written in.
    """
    for region, pattern in _IDS.items():
        for found in pattern.finditer(text) if region in regions else ():
            check = _CHECKS.get(region)
            if check is None or check(found[0].replace("-", "").upper()):
                yield Span(*found.span(), Sensitive.ID, found[0])


def _chinese_check(value: str) -> bool:
    """Whether the last sign is the check digit of the others (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(value[:17]))
    return "10X98765432"[total % 11] == value[17]


def _thai_check(value: str) -> bool:
    """Whether the last digit is the check digit of the others (modulo 11)."""
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(value[:12]))
    return (11 - total % 11) % 10 == int(value[12])


_CHECKS = {"CN": _chinese_check, "TH": _thai_check}
