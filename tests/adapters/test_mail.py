"""Mail, taken by a real server over STARTTLS, and each way in which it is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from northloop.adapters.mail import Mail
from northloop.core.alerts import MailSpec
from northloop.core.errors import RemoteUnavailable
from receivers import MailServer

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    made = MailServer(tmp_path_factory.mktemp("mail"))
    yield made
    made.close()


@pytest.fixture
def trusted(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> MailServer:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    server.got.clear()
    server.refused.clear()
    return server


def mail(server: MailServer, **changes: object) -> Mail:
    given: dict[str, object] = {
        "host": "127.0.0.1",
        "port": server.port,
        "user": server.USER,
        "password": server.PASSWORD,
        "sender": "northloop@shop.example",
        "to": ("ana@shop.example", "ben@shop.example"),
    }
    return Mail(MailSpec(**{**given, **changes}))  # type: ignore[arg-type]


def test_a_mail_arrives_as_it_was_written(trusted: MailServer) -> None:
    mail(trusted).tell("a1-2026-11-28T12:00", NOW, "shop: Überlast\nZeile zwei.\n".encode())
    (got,) = trusted.got
    assert (got["subject"], got["from"]) == ("shop: Überlast", "northloop@shop.example")
    assert got["to"] == "ana@shop.example, ben@shop.example"
    assert got["message-id"] == "<a1-2026-11-28T1200@shop.example>"
    assert got.get_content().strip() == "Zeile zwei."  # type: ignore[attr-defined]


def refusal(made: Mail) -> str:
    with pytest.raises(RemoteUnavailable) as raised:
        made.tell("a1", NOW, b"subject\nbody\n")
    assert raised.value.where == "alerts.mail"
    return raised.value.what


def test_each_refusal_says_why(trusted: MailServer) -> None:
    assert "user and password" in refusal(mail(trusted, password="wrong"))
    assert "plain letters" in refusal(mail(trusted, password="pässwort"))
    trusted.refused |= {"ana@shop.example", "ben@shop.example"}
    assert "RecipientsRefused" in refusal(mail(trusted))
    assert "530" in refusal(mail(trusted, encrypted=False, user="", password=""))


def test_one_address_that_is_refused_does_not_flood_the_others(
    trusted: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    trusted.refused.add("ben@shop.example")
    mail(trusted).tell("a1", NOW, b"subject\nbody\n")
    assert "refused 1 of the addresses" in caplog.text


def test_a_certificate_that_nobody_vouches_for_is_refused(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    server.got.clear()
    assert "certificate" in refusal(mail(server))
    assert server.got == []


def test_a_server_that_is_not_there_is_said(server: MailServer) -> None:
    assert "ConnectionRefusedError" in refusal(mail(server, port=1))
