"""A webhook as Standard Webhooks has it: a POST whose id, time and body are signed.

A redirect is not followed: what is told goes to the address that was set, and nowhere else. Of the
answer the status alone is read.
"""

from __future__ import annotations

from datetime import UTC, datetime

import httpx2
from standardwebhooks import Webhook

from northloop.core.errors import RemoteUnavailable

_WAIT_S = 10.0


class SignedWebhook:
    """Implements `ports.webhooks.Webhook`."""

    def __init__(self, url: str, secret: str) -> None:
        """`secret` is whsec_ and base64, which both sides know."""
        self._url = url
        self._signer = Webhook(secret)
        self._client = httpx2.Client(timeout=_WAIT_S, follow_redirects=False)

    def tell(self, delivery_id: str, at: datetime, body: bytes) -> None:
        """See `ports.webhooks.Webhook`."""
        utc = at.astimezone(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": delivery_id,
            "webhook-timestamp": str(int(utc.timestamp())),
            "webhook-signature": self._signer.sign(delivery_id, utc, body.decode()),
        }
        try:
            with self._client.stream("POST", self._url, content=body, headers=headers) as answer:
                status = answer.status_code
        except httpx2.HTTPError as error:
            raise _refused(type(error).__name__) from error
        if not 200 <= status < 300:
            raise _refused(f"it answered {status}")

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def _refused(why: str) -> RemoteUnavailable:
    return RemoteUnavailable(
        f"the receiver did not take it: {why}",
        where="serving.webhook.url",
        action="it is tried again by itself; look at the receiver's log",
    )
