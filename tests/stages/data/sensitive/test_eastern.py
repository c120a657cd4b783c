"""Names in Chinese and Japanese, where no space tells where they end."""

from __future__ import annotations

import pytest

from northloop.stages.data.sensitive import Sensitive, detect


def _names(text: str) -> list[str]:
    return [s.text for s in detect(text) if s.type is Sensitive.NAME]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("名前は田中です", "田中"),
        ("名前：渡辺美咲", "渡辺美咲"),
        ("名前はマイケルです", "マイケル"),
        ("わたしはマイケルです", "マイケル"),
        ("田中太郎です。注文がまだ届きません。", "田中太郎"),
        ("高橋さんに電話してください", "高橋"),
        ("我姓陈", "陈"),
        ("叫我小王吧", "小王"),
        ("请联系刘洋先生", "刘洋"),
        ("我叫歐陽娜娜，電話是0912345678", "歐陽娜娜"),
    ],
)
def test_a_name_ends_where_it_ends(text: str, name: str) -> None:
    assert _names(text) == [name]


@pytest.mark.parametrize(
    "text",
    ["石川県です", "会社です", "私はゲストです", "名前は言いたくないです", "我姓什么", "叫我等等"],
)
def test_other_words_in_their_place_are_no_names(text: str) -> None:
    assert _names(text) == []
