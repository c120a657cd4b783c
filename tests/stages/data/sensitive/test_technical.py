"""Texts by machines and about them stay readable; the people in them do not stay."""

from __future__ import annotations

import pytest

from northloop.stages.data.sensitive import detect


def _found(text: str) -> list[tuple[str, str]]:
    return [(span.type.value, span.text) for span in detect(text)]


@pytest.mark.parametrize(
    "text",
    [
        "User Agent: Mozilla/5.0 (Windows NT 6.1; rv:2.0) Gecko/20100101 Firefox/4.0 SeaMonkey/2.1",
        "User-Agent: Googlebot\nHost: shop.example\nServer: Apache",
        "at org.apache.cassandra.config.Config.<init>(Config.java:102)",
        "at com.david.Main(Jordan.java:12)",
        "Mark FutureDataInputStreamBuilderImpl as visible for testing",
        "Class name: Foo. File name: Report.pdf. Thread name is Worker",
        "os.detected.name: osx",
        "the namenode is slower than before, the name space usage is 5",
        "s3://bucket/jordan/file.csv and ./build/carlos/out.txt",
        "commit 3f2504e04f8911d39a0c0305e82c3301aabbccdd",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "part-00001-7f486fe0-ec9e-451e-9b26-68d9dd253c2f.c000.snappy.parquet",
        "container_e02_1713455139547_0111_01_000004 exited",
        "at org.apache.hadoop.security.token.Token.getRenewer(Token.java:467)",
        "Request ID: 02f32511-418c-4b2a-96ef-2d7ba8dafab1; Proxy: null",
        "Request ID: 5J85XRNF10W16ZJS",
        "Upgrade to 1.5.1 to mitigate CVE-2022-40149, see RFC 7231",
        "{color:#FF0000}red{color}",
        "[Thread id = 139810402694976]",
        "drwxrwxrwx   - kaya kaya          0 2020-08-21 11:24 s3a://bucket/tmp",
        "used = 25165824 (24.0MB), version 4.18.0-240.22.1, build 19045.3693",
        "We set fs.reducer.maxBlocksInFlight: 2147483647 and started the cluster again",
        "solr-core-8.4.1.7.2.9.0-153.jar: 8.4.1.7.2.9.0-153",
        "0000010 48 65 6c 6c 6f 20 57 6f 72 6c 64 0a",
        "Support ends on July 31, 2024 and the bucket goes after Jul 1, 2021",
        "okhttp@2.7.5 has no HiveExternalCatalog@1343720469",
        "[Tue Oct 10 13:55:36.123456 2025] [ssl:warn] [pid 7719]",
        "I0314 09:26:53.589793   12345 main.go:212] Started",
        "The column overflows at 2147483647, not at 4294967295",
        "UNIX time 1700000000, timestamp=1700000000123",
        "Bytes: 5368709120 free, 1953525168 sectors",
        "Content-Length: 348812",
        "0.1234567890 is printed as 0.123456789",
        "SELECT name WHERE id IN (1001, 1002)",
        "EAN 4006381333931",
        'boundary="=_NextPart_000_0012_01D9A3B2.C4E5F6A0"',
        "password=******** in the log",
        "sampled at 44100 Hz, then at 2412-2472 MHz",
        "Use 8.8.8.8, 1.1.1.1 or 9.9.9.9 as a name server",
    ],
)
def test_what_machines_write_stays(text: str) -> None:
    assert [(type_, value) for type_, value in _found(text) if type_ != "EMAIL"] == []


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("Author: Zorblax Quux <z.quux@mail.example>", "NAME", "Zorblax Quux"),
        ("git blame: (Jane Doe 2021-03-04 12:11:10 +0100 12)", "NAME", "Jane Doe"),
        ("CC: [~Jim_Brennan] please", "NAME", "Jim"),
        ("cannot write /home/rohit/.m2/repository", "NAME", "rohit"),
        ("C:\\Users\\Jane\\Documents\\x.txt", "NAME", "Jane"),
        ("I am McKay DeShawn, MaryAnn's friend", "NAME", "McKay DeShawn"),
        ("thanks.Jane", "NAME", "Jane"),
        ("my user name is jane_doe", "NAME", "jane"),
        ("my name is KumaranVelu", "NAME", "KumaranVelu"),
        ("agent Zorblax helped me", "NAME", "Zorblax"),
        ("api key: 5f4dcc3b5aa765d61d8327deb882cf99", "SECRET", "5f4dcc3b5aa765d61d8327deb882cf99"),
        (
            "Authorization: Bearer 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "SECRET",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        ),
        ("fs.s3a.secret.key=Eevoh2wo0ui6ech0wu8oy3feiR3eicha", "SECRET",
         "Eevoh2wo0ui6ech0wu8oy3feiR3eicha"),
        ("customer.phoneNumber: 2025550143", "PHONE", "2025550143"),
    ],
)  # fmt: skip
def test_who_and_what_is_sensitive_in_them_is_found(text: str, type_: str, value: str) -> None:
    assert (type_, value) in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "npm install react@18.2.0 lodash@4.17.21 @types/node@20.11.5",
        "uses: actions/checkout@v4.1.7 and golang.org/x/net@v0.24.0",
        "git clone git@github.com:acme/tools.git",
    ],
)
def test_packages_and_repositories_are_no_mailboxes(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("write to git@github.com please", "git@github.com"),
        ("mine is jane@163.com: that one", "jane@163.com"),
        ("jane.doe@v2.example is mine", "jane.doe@v2.example"),
        ("my best time 415-555-0132", "415-555-0132"),
        ("call any time 4155550132", "4155550132"),
        ("the order status, call 07700900123", "07700900123"),
        ("Kennwort ist Winter23", "Winter23"),
        ("das Passwort lautet Winter23!", "Winter23"),
        ("mot de passe : soleil75", "soleil75"),
        ("la contraseña es Luna2024", "Luna2024"),
        ("mijn wachtwoord is Tulp1984", "Tulp1984"),
        ("hasło to Kotek123", "Kotek123"),
        ("我的手机号码：一三八零零一三八零零零", "一三八零零一三八零零零"),
        ("手机幺三八 零零幺三 八零零零", "幺三八 零零幺三 八零零零"),
        ("携帯は〇九〇一二三四五六七八です", "〇九〇一二三四五六七八"),
    ],
)
def test_what_only_looks_like_a_machine_goes(text: str, value: str) -> None:
    assert any(value in found or (found in value and len(found) > 6) for _, found in _found(text))


def test_a_sentence_about_a_password_gives_none_away() -> None:
    for text in (
        "Das Passwort ist falsch.",
        "mot de passe est incorrect",
        "La contraseña es larga",
    ):
        assert _found(text) == []
