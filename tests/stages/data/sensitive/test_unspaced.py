"""Sensitive text is found where it touches letters of scripts that put no spaces between words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.stages.data.sensitive import Redactor, detect
from northloop.stages.data.sensitive.unspaced import parted

_AROUND = {
    "Chinese": ("我的", "谢谢"),
    "Japanese": ("こちらは", "です。"),
    "Korean": ("제것은", "입니다"),
    "Thai": ("ของฉัน", "ค่ะ"),
    "Lao": ("ຂອງຂ້ອຍ", "ຂອບໃຈ"),
    "Khmer": ("របស់ខ្ញុំ", "បាទ"),
    "Burmese": ("ကျွန်တော့်", "ပါ"),
}
_BY_FORM = {
    "4111 1111 1111 1111": "CARD",
    "４１１１１１１１１１１１１１１１": "CARD",
    "5500-0000-0000-0004": "CARD",
    "DE89370400440532013000": "IBAN",
    "GB29 NWBK 6016 1331 9268 19": "IBAN",
    "+44 20 7946 0991": "PHONE",
    "＋８６１３８００１３８０００": "PHONE",
    "jane.smith@mail.example": "EMAIL",
    "203.0.113.7": "IP",
    "2001:db8::8a2e:370:7334": "IP",
    "LK-204417": "ORDER",
    "sk_live_9aB3xQ7LmT2vKp4Z": "SECRET",
    "078-05-1120": "ID",
}


@pytest.mark.parametrize("language", _AROUND)
@pytest.mark.parametrize("value", _BY_FORM)
def test_what_shows_itself_by_its_form(language: str, value: str) -> None:
    before, after = _AROUND[language]
    expected = f"{before}[{_BY_FORM[value]}]{after}"
    assert _redacted(f"{before}{value}{after}") == expected


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("电话138-0013-8000谢谢", "电话[PHONE]谢谢"),
        ("请打13800138000谢谢", "请打[PHONE]谢谢"),
        ("電話番号は090ー1234ー5678です", "電話番号は[PHONE]です"),
        ("전화번호는 010-1234-5678이고", "전화번호는 [PHONE]이고"),
        ("โทร081-234-5678ครับ", "โทร[PHONE]ครับ"),
        ("密码是hunter22，谢谢", "密码是[SECRET]，谢谢"),
        ("密碼：「hunter22」！", "密碼：「[SECRET]」！"),
        ("パスワードはhunter22です。", "パスワードは[SECRET]です。"),
        ("비밀번호는 hunter22입니다", "비밀번호는 [SECRET]입니다"),
        ("รหัสผ่านคือhunter22ครับ", "รหัสผ่านคือ[SECRET]ครับ"),
        ("验证码123456不对", "验证码[SECRET]不对"),
        ("PINは1234です", "PINは[SECRET]です"),
        ("卡号尾数？卡号1234", "卡号尾数？卡号[CARD]"),
        ("订单号12345678怎么还没到", "订单号[ORDER]怎么还没到"),
        ("ご注文番号は10442です", "ご注文番号は[ORDER]です"),
        ("주문번호 20240312345로 조회", "주문번호 [ORDER]로 조회"),
        ("เลขที่คำสั่งซื้อ123456ครับ", "เลขที่คำสั่งซื้อ[ORDER]ครับ"),
        ("order编号88123456在哪", "order编号[ORDER]在哪"),
        ("身份证号11010519491231002X谢谢", "身份证号[ID]谢谢"),
        ("我是11010519491231002X谢谢", "我是[ID]谢谢"),
        ("제번호 850312-1234567입니다", "제번호 [ID]입니다"),
        ("ของฉัน1-1020-12345-67-8ค่ะ", "ของฉัน[ID]ค่ะ"),
        ("卡号4111 1111 1111 1111万事达", "卡号[CARD]万事达"),
        ("カード（4111111111111111）で", "カード（[CARD]）で"),
        ("QQ：123456789加我", "QQ：[ACCOUNT]加我"),
        ("邮箱是张伟@example.com", "[EMAIL]"),
    ],
)
def test_what_a_cue_names(text: str, redacted: str) -> None:
    assert _redacted(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("生日1985年3月12日", "生日[BIRTHDATE]"),
        ("出生日期：1985-03-12，谢谢", "出生日期：[BIRTHDATE]，谢谢"),
        ("生日是3月12日吗", "生日是[BIRTHDATE]吗"),
        ("昭和60年3月12日生まれです", "[BIRTHDATE]生まれです"),
        ("생년월일은 1985년 3월 12일입니다", "생년월일은 [BIRTHDATE]입니다"),
        ("1985년 3월 12일생입니다", "[BIRTHDATE]생입니다"),
        ("วันเกิด 12 มีนาคม 2528", "วันเกิด [BIRTHDATE]"),
        ("เกิดวันที่12/03/2528ครับ", "เกิดวันที่[BIRTHDATE]ครับ"),
    ],
)
def test_dates_of_birth(text: str, redacted: str) -> None:
    assert _redacted(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("我叫张伟，请帮我", "我叫[NAME]，请帮我"),
        ("姓名：Zhang Wei，订单", "姓名：[NAME]，订单"),
        ("您好张先生", "您好[NAME]先生"),
        ("お名前は田中太郎です", "お名前は[NAME]です"),
        ("田中様、ありがとう", "[NAME]様、ありがとう"),
        ("제 이름은 김민수입니다", "제 이름은 [NAME]입니다"),
        ("谢谢John的帮助", "谢谢[NAME]的帮助"),
        ("Hello, my name is 田中太郎 again", "Hello, my name is [NAME] again"),
    ],
)
def test_names_that_a_rule_is_sure_of(text: str, redacted: str) -> None:
    assert _redacted(text) == redacted


@pytest.mark.parametrize(
    ("text", "name", "redacted"),
    [
        ("김민수님 안녕하세요", "김민수", "[NAME]님 안녕하세요"),
        ("张伟你好", "张伟", "[NAME]你好"),
        ("鷲尾さんへ", "鷲尾 花子", "[NAME]さんへ"),
    ],
)
def test_names_of_the_row(text: str, name: str, redacted: str) -> None:
    assert Redactor("redact").redact(text, (name,)).text == redacted


@pytest.mark.parametrize(
    "text",
    [
        "今天2024年3月12日下午12:30:45到的，共12345件，2024-03-12发货",
        "订单金额12345元，订单2024年3月12日下的",
        "我买了1500个，价格是1500元",
        "版本号是120.1.2.3谢谢",
        "支持Windows10和iPhone15吗？型号是RTX4090，容量1024GB",
        "我的密码忘了，怎么reset？密码是错误的",
        "パスワードはiPhoneで変更できます。お客様、仕様は同様です",
        "注文5000円、在庫は5000個です",
        "가격은 150000원이고 2024년에 출시, 3월 12일 생산",
        "เหตุเกิดวันที่ 12/03/2567 ราคา 12000 บาท",
        "我叫车了，没来。对方先生气了。联系人：客服",
        "お名前は必須です。파일 이름은 보고서입니다",
        "请登录https://example.com/用户/8861查看",
        "[NAME]的密码是[SECRET]谢谢，订单[ORDER]生日[BIRTHDATE]",
    ],
)
def test_what_is_not_sensitive_stays(text: str) -> None:
    assert _redacted(text) == text


@given(st.text(st.sampled_from("中ーあ한ก密码是号生日年月1234元@a.。「- "), max_size=60))
def test_places_lead_back_and_spans_are_what_stands_there(text: str) -> None:
    read, places = parted(text)
    assert len(places) == len(read) + 1
    assert list(places) == sorted(places)
    assert places[-1] == len(text)
    end = 0
    for span in detect(text):
        assert span.text and span.text == text[span.start : span.end]
        assert span.start >= end
        end = span.end


def _redacted(text: str) -> str:
    return Redactor("redact").redact(text).text
