"""How long a request's body may take to come."""

from __future__ import annotations

import anyio
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyDeadline:
    """Refuses with 408 whoever has not sent the whole body `limit_s` after its head.

    The time is the body's, not that between two pieces: single bytes do not buy more.
    """

    def __init__(self, app: ASGIApp, limit_s: float) -> None:
        self._app = app
        self._limit_s = limit_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ends_s = anyio.current_time() + self._limit_s
        whole = scope["type"] != "http"

        async def in_time() -> Message:
            nonlocal whole
            if whole:
                return await receive()
            try:
                with anyio.fail_after(ends_s - anyio.current_time()):
                    message = await receive()
            except TimeoutError as error:
                # The rest of the body would be taken for the next request.
                raise HTTPException(408, headers={"connection": "close"}) from error
            whole = not message.get("more_body", False)
            return message

        await self._app(scope, in_time, send)
