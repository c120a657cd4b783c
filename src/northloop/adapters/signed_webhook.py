"""Webhooks: a POST whose id, time and body are signed (Standard Webhooks), or a plain one.

A redirect is not followed: what is told goes to the address that was set, and nowhere else. Of the
answer the status alone is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import httpx2
from standardwebhooks import Webhook

from northloop.core.errors import RemoteUnavailable

_WAIT_S = 10.0


class PlainWebhook:
    """Implements `ports.webhooks.Webhook` for what takes {"text": …}, as Slack does."""

    def __init__(self, url: str, setting: str) -> None:
        """`setting` is the one that names the receiver."""
        self._url = url
        self._setting = setting
        self._client = httpx2.Client(timeout=_WAIT_S, follow_redirects=False)

    def tell(self, delivery_id: str, at: datetime, body: bytes) -> None:  # noqa: ARG002
        """See `ports.webhooks.Webhook`."""
        self._post(body, {})

    def _post(self, body: bytes, headers: Mapping[str, str]) -> None:
        headers = {"content-type": "application/json", **headers}
        try:
            with self._client.stream("POST", self._url, content=body, headers=headers) as answer:
                status = answer.status_code
        except httpx2.HTTPError as error:
            raise self._refused(type(error).__name__) from error
        if not 200 <= status < 300:
            raise self._refused(f"it answered {status}")

    def _refused(self, why: str) -> RemoteUnavailable:
        return RemoteUnavailable(
            f"the receiver did not take it: {why}",
            where=self._setting,
            action="it is tried again by itself; look at the receiver's log",
        )

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


class SignedWebhook(PlainWebhook):
    """Implements `ports.webhooks.Webhook`."""

    def __init__(self, url: str, setting: str, secret: str) -> None:
        """`secret` is whsec_ and base64, which both sides know."""
        super().__init__(url, setting)
        self._signer = Webhook(secret)

    def tell(self, delivery_id: str, at: datetime, body: bytes) -> None:
        """See `ports.webhooks.Webhook`."""
        utc = at.astimezone(UTC)
        headers = {
            "webhook-id": delivery_id,
            "webhook-timestamp": str(int(utc.timestamp())),
            "webhook-signature": self._signer.sign(delivery_id, utc, body.decode()),
        }
        self._post(body, headers)
