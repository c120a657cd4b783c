"""How many words a text has, and in which script it is."""

from __future__ import annotations

import pytest

from northloop.core.scripts import script_of, word_count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Where is my order?", 4),
        ("Où est - enfin - ma commande ?", 8),
        ("可以退货吗？", 5),
        ("iPhone 15 可以退货", 6),
        ("返品できますか？", 7),
        ("반품할 수 있나요?", 3),
        ("คืนสินค้าได้ภายในสามสิบวัน", 5),
        ("Где мой заказ?", 3),
    ],
)
def test_words_are_counted_where_no_spaces_part_them(text: str, words: int) -> None:
    assert word_count(text) == words


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Where is my order?", ""),
        ("Größe, naïve, ½ µ ª ①", ""),
        ("我的订单在哪里", "Chinese"),
        ("[NAME] [ADDRESS:0a1b2c] 您好，订单号 A-17", "Chinese"),
        ("注文はどこですか", "Japanese"),
        ("주문은 어디에 있나요", "Korean"),
        ("คำสั่งซื้ออยู่ที่ไหน", "Thai"),
        ("Где мой заказ", "Cyrillic"),
        ("أين طلبي", "Arabic"),
        ("मेरा ऑर्डर कहाँ है", "Devanagari"),
        ("the tent 帐篷 is on its way to you by express mail", ""),
        ("", ""),
    ],
)
def test_scripts_are_told_by_their_letters(text: str, script: str) -> None:
    assert script_of(text) == script
