"""Mail by SMTP, over STARTTLS."""

from __future__ import annotations

import logging
import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from northloop.core.alerts import MailSpec
from northloop.core.errors import RemoteUnavailable

_WAIT_S = 20.0
_log = logging.getLogger("northloop.mail")


class Mail:
    """Implements `ports.webhooks.Webhook`: the first line of a body is the subject."""

    def __init__(self, spec: MailSpec) -> None:
        self._spec = spec

    def tell(self, delivery_id: str, at: datetime, body: bytes) -> None:
        """See `ports.webhooks.Webhook`; of several addresses one has to be taken, for the others
        would get it again and again."""
        chosen, message = self._spec, self._written(delivery_id, at, body.decode())
        try:
            with smtplib.SMTP(chosen.host, chosen.port, timeout=_WAIT_S) as server:
                if chosen.encrypted:
                    server.starttls(context=ssl.create_default_context())
                if chosen.user:
                    server.login(chosen.user, chosen.password)
                refused = server.send_message(message)
        except ssl.SSLError as error:
            raise _refused("its certificate is not trusted, or it speaks no TLS") from error
        except smtplib.SMTPNotSupportedError as error:
            raise _refused("it offers no STARTTLS, or no login") from error
        except smtplib.SMTPAuthenticationError as error:
            raise _refused("user and password were not accepted") from error
        except smtplib.SMTPResponseException as error:
            raise _refused(f"it answered {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise _refused(type(error).__name__) from error
        except ValueError as error:  # smtplib writes them in ASCII
            raise _refused("user, password and addresses have to be of plain letters") from error
        if refused:
            _log.warning("the mail server refused %d of the addresses", len(refused))

    def _written(self, delivery_id: str, at: datetime, text: str) -> EmailMessage:
        subject, _, rest = text.partition("\n")
        message = EmailMessage()
        message["Subject"] = subject
        message["From"] = self._spec.sender
        message["To"] = ", ".join(self._spec.to)
        message["Date"] = format_datetime(at)
        host = self._spec.sender.rpartition("@")[2]
        message["Message-ID"] = f"<{delivery_id.replace(':', '')}@{host}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(rest)
        return message

    def close(self) -> None:
        """Nothing to do: each mail has a connection of its own."""


def _refused(why: str) -> RemoteUnavailable:
    return RemoteUnavailable(
        f"the mail server did not take it: {why}",
        where="alerts.mail",
        action="it is tried again by itself; try it out with: northloop alerts test",
    )
