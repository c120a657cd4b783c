"""Public internet addresses go; private ones, versions, times and section numbers stay."""

from __future__ import annotations

import pytest

from northloop.stages.data.sensitive import Redactor
from northloop.stages.serving.redaction import restored


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("my ip is 81.2.69.142.", "my ip is [IP]."),
        ("203.0.113.5:8080 and http://81.2.69.142/x", "[IP]:8080 and http://[IP]/x"),
        ("my IP address is 8.8.4.7", "my IP address is [IP]"),
        ("8.8.4.7:53 and 81.2.69.142", "[IP]:53 and [IP]"),
        ("login from 2001:db8::1 and [2a00:1450:4009:81f::200e]:443",
         "login from [IP] and [[IP]]:443"),
        ("ip:2a00:1450:4009:081f:0000:0000:0000:200e", "ip:[IP]"),
        ("::ffff:81.2.69.142 node-1/54.12.33.4:50010", "::ffff:[IP] node-1/[IP]:50010"),
    ],
)  # fmt: skip
def test_a_public_address_is_replaced(text: str, redacted: str) -> None:
    assert Redactor("redact").redact(text).text == redacted


@pytest.mark.parametrize(
    "text",
    [
        "bind 0.0.0.0, 127.0.0.1:80, 10.1.2.3, 172.16.0.9, 192.168.1.1/24, mask 255.255.255.0",
        "fe80::1 ::1 fd00::12 ff02::fb",
        "version 1.2.3.4, v1.2.3.4, section 1.2.3.4, Chrome/120.0.0.1, firmware 12.203.100.4",
        "upgraded from 1.2.3.4 to 1.2.3.5; client 1.2.6 --> 1.2.6.1",
        "1.2.3.4 is broken",
        "std::dec a::b Cafe::Bean 12:30:45 00:1a:2b:3c:4d:5e 1:2:3:4:5:6:7:8",
        "16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48 and 300.1.2.3",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert Redactor("redact").redact(text).text == text


def test_an_answer_gives_it_back() -> None:
    redactor = Redactor("redact")
    redacted = redactor.redact("born 12/03/1985, my ip is 81.2.69.142")
    answer = restored("We have [BIRTHDATE] and [IP].", redactor.originals(redacted))
    assert answer == "We have 12/03/1985 and 81.2.69.142."
