"""Chats of LINE and KakaoTalk: the ways phones and computers write them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, opened, read
from northloop.stages.data.sources.messengers import app_of, as_lines, chats_with

ASKED, ANSWERED, MORE, LAST = (
    "荷物はどこですか？",
    "明日届きます。",
    "何時に届きますか？",
    "正午です。",
)
LINE = f"""\
[LINE] Jo Leeとのトーク履歴
保存日時：2026/03/20 10:00

2026/03/02(月)
08:30\tJo Lee\t{ASKED}
08:31\tJo Lee\t[写真]
08:35\t店\t{ANSWERED}
08:36\tJo Leeがメッセージの送信を取り消しました

2026/03/03(火)
09:00\tJo Lee\t{MORE}
09:05\t店\t{LAST}
"""
LINE_EN = f"""\
[LINE] Chat history with Jo Lee
Saved on: 03/20/2026, 10:00

Mon, 03/02/2026
08:30AM\tJo Lee\t{ASKED}
08:35AM\t店\t{ANSWERED}

Sun, 03/15/2026
09:00AM\tJo Lee\t{MORE}
09:05AM\t店\t{LAST}
"""
KAKAO = f"""\
Jo Lee 님과 카카오톡 대화
저장한 날짜 : 2026-03-20 10:00:00

--------------- 2026년 3월 2일 월요일 ---------------
Jo Lee님이 들어왔습니다.
[Jo Lee] [오전 8:30] {ASKED}
[Jo Lee] [오전 8:31] 사진 2장
[店] [오전 8:35] {ANSWERED}
--------------- 2026년 3월 3일 화요일 ---------------
[Jo Lee] [오전 9:00] {MORE}
[店] [오후 1:05] {LAST}
"""
KAKAO_PHONE = f"""\
Jo Lee 님과 카카오톡 대화
저장한 날짜 : 2026년 3월 20일 오전 10:00

2026년 3월 2일 월요일
2026년 3월 2일 오전 8:30, Jo Lee : {ASKED}
2026년 3월 2일 오전 8:35, 店 : {ANSWERED}
2026년 3월 3일 화요일
2026년 3월 3일 오전 9:00, Jo Lee : {MORE}
2026년 3월 3일 오전 9:05, Jo Lee님이 나갔습니다.
2026년 3월 3일 오전 9:05, 店 : {LAST}
"""
APPS = {"LINE": LINE, "LINE in English": LINE_EN, "KakaoTalk": KAKAO, "a phone": KAKAO_PHONE}


def learnt(source: SourceFile) -> list[RawTicket]:
    return [row for row in read(source) if isinstance(row, RawTicket)]


@pytest.mark.parametrize("way", [*APPS])
def test_a_chat_is_read_with_whom_it_names_as_the_customer(way: str, tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(APPS[way].replace("店", "Kim Sun"), "utf-8")
    source = SourceFile(path)
    found = layout(source)
    assert found.kind == f"{'LINE' if 'LINE' in way else 'KakaoTalk'} chat"
    assert found.agents == ("kim sun",)
    assert [(t.question, t.reply) for t in learnt(source)] == [(ASKED, ANSWERED), (MORE, LAST)]
    assert learnt(source)[0].created_at == "2026-03-02T08:30:00"
    assert {t.channel for t in learnt(source)} == {found.kind.split()[0].lower()}


def test_the_chats_of_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "chats.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(3):
            archive.writestr(f"{n}.txt", LINE.replace("Jo Lee", f"Jo {n}").replace("\n", "\r\n"))
    sources = [SourceFile(p.path, member=p.member) for p in opened(path).places]
    found = [(t.question, t.reply) for source in sources for t in learnt(source)]
    assert found == [(ASKED, ANSWERED), (MORE, LAST)] * 3


def test_a_text_of_several_lines_goes_on() -> None:
    lines = [*as_lines(KAKAO.replace(ANSWERED, f"{ANSWERED}\nありがとう").splitlines())]
    assert lines[2:4] == [f"2026-3-2 오전 8:35 - 店: {ANSWERED}", "ありがとう"]


@pytest.mark.parametrize(
    "text",
    ["08:30\tJo\tWhere is it?\n08:31\tAnna\tHere.", "2026/03/02(月)\nJo: Where is it?", ""],
)
def test_other_texts_are_left_as_they_are(text: str) -> None:
    lines = text.splitlines()
    assert app_of(lines) == chats_with(lines) == ""
    assert [*as_lines(lines)] == lines
