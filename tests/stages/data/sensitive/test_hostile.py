"""However hostile a text, redacting it takes time in proportion to its length."""

from __future__ import annotations

import base64
import random
import time

import pytest

from bounded import bounded
from northloop.stages.data.sensitive import Redactor, detect

CHARS = 40_000
LARGE = 200_000
LARGE_S = 10.0
"""Far more than a slow machine takes, far less than anything that grows with the square."""
MEASURABLE_S = 0.05
"""Below this, two times cannot be told apart on a busy machine."""
TRIES = 3
"""A machine that stumbles once hardly does three times; what grows with the square always does."""
TOKEN = base64.urlsafe_b64encode(random.Random(7).randbytes(CHARS)).decode()
PIECES = {
    "long token": f"Please see this link {TOKEN}",
    "letters": "a",
    "DE89": "DE89",
    "DE89 in groups": "DE89 3704 ",
    "capitals": "Aa ",
    "capitals with hyphens": "A-",
    "a@": "a@",
    "a.": "a.",
    "digits": "1",
    "digits apart": "1 ",
    "spaces": " ",
    "line ends": "\n",
    "no-break spaces": "\u00a0",
    "On … wrote": "On Mon, 1 Jan 2026, Bob wrote:\n",
    "streets": "12 High Street, Leeds LS1 4AB. ",
    "addresses": "address is 12 ",
    "small words": "via della",
    "orders": "ORD123-",
    "hashes": "#1234-",
    "possessives": "a's b",
    "names": "jane ",
    "cards": "4111 1111 1111 1111 ",
    "keys": "key for my ",
    "placeholders": "[NAME] jane ",
    "spoken digits": "one ",
    "spoken digits with pauses": "double oh, ",
    "tens": "twenty one",
    "digits with dots": "1.",
    "addresses of four": "1.2.3.4 ",
    "addresses of six": "ab12:",
    "colons": "::",
    "births": "born on the ",
    "dates": "12/03/1985 is my ",
    "packages": "org.jane.",
    "home folders": "/home/jane",
    "senders": "Ann Bo <",
    "labels": "class name: ",
    "settings": "a.b=12345678 ",
    "Chinese letters": "中",
    "Chinese mailboxes": "中@中.",
    "Chinese letters after a mailbox": "@中a",
    "Chinese cues": "密码是",
    "Chinese names": "张",
    "Chinese cards": "卡4111 1111 1111 1111",
    "Chinese amounts": "1元",
    "Chinese births": "生日是是是是是",
    "Chinese dates": "1985年3月12日",
    "Japanese dashes": "1ー",
    "Japanese surnames": "田中 太",
    "Korean names": "성함은 김",
    "Thai births": "เกิดวันที่",
    "codes apart": "a 1 b 23 ",
    "numbers and letters": "1 a ",
    "last digits": "last 4 digits of my ",
    "hosts without dots": "jane 17 gmailcom ",
    "ends of hosts": "com",
    "German cues": "ich heiße ",
    "French cues": "nom : c'est je suis ",
    "particles": "van der ",
    "ich bin van den": "ich bin van den ",
    "titles": "Herr Frau ",
    "greetings": "Viele Grüße, ",
    "French tens": "quatre-vingt-dix-",
    "German tens": "vierunddreißig",
    "Spanish tens": "treinta y ",
    "spreadsheets": "5.59E+15 ",
    "exponents": "1e",
    "transfers": "from 1234 to 1234 ",
    "flats": "Apt. 12 ",
    "unknown names": "Kavisri Ömür ",
    "passwords": "contraseña es ",
    "Chinese introductions": "我叫张伟我是张",
    "Japanese introductions": "私は田中",
    "humble Japanese": "山田花子と申し",
    "katakana": "アレクサンダー・",
    "Chinese streets": "北京市朝阳区建国路88号",
    "Chinese towns": "市区",
    "Japanese blocks": "東京都渋谷2",
    "Korean streets": "서울시 강남구 ",
    "Korean introductions": "저는 김민",
    "long word": "kavisri",
    "apostrophes": "o'",
}


@pytest.mark.parametrize("name", PIECES)
def test_four_times_the_text_takes_about_four_times_the_time(name: str) -> None:
    piece = PIECES[name]
    text = (piece * (CHARS // len(piece) + 1))[:CHARS]
    if _seconds(text) < 9 * MEASURABLE_S:
        return  # whatever a quarter of it takes
    allowed = 9 * max(_seconds(text[: CHARS // 4]), MEASURABLE_S)
    assert any(_seconds(text) < allowed for _ in range(TRIES)), f"more than {allowed:.1f} s"


@pytest.mark.parametrize("piece", ["kavisri ", "x 12 ", "Ömür, ", "van der ", "1e15 ", "我是"])
def test_a_large_text_takes_seconds(piece: str) -> None:
    text = (piece * (LARGE // len(piece) + 1))[:LARGE]
    with bounded(LARGE_S):
        detect(text)


@pytest.mark.parametrize("piece", ["a", "van der ", "12 high ", "yes ", "Mark ", "1-", ", "])
def test_an_answer_is_short_and_so_is_the_time(piece: str) -> None:
    asked = "What is your name, your address and your number? " * 4_000
    with bounded(LARGE_S):
        for chars in (150, 200, CHARS):
            detect((piece * chars)[:chars], asked=asked)


def _seconds(text: str) -> float:
    redactor = Redactor("redact")
    start = time.thread_time()
    redactor.redact(text, ("Jane Doe",))
    return time.thread_time() - start
