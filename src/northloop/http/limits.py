"""How long a request's body may take to come."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from northloop.settings import BODY_S


class BodyDeadline:
    """Refuses with 408 whoever has not sent the whole body `limit_s` after its head.

    The time is the body's, not that between two pieces: single bytes do not buy more. A route for
    large files says in the scope (`settings.BODY_S`) how long it waits.
    """

    def __init__(self, app: ASGIApp, limit_s: float) -> None:
        self._app = app
        self._limit_s = limit_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began_s = asyncio.get_running_loop().time()
        whole = scope["type"] != "http"

        async def in_time() -> Message:
            nonlocal whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(began_s + scope.get(BODY_S, self._limit_s)):
                    message = await receive()
            except TimeoutError as error:
                # The rest of the body would be taken for the next request.
                raise HTTPException(408, headers={"connection": "close"}) from error
            whole = not message.get("more_body", False)
            return message

        await self._app(scope, in_time, send)
