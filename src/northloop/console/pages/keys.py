"""Keys of the API: made, with the secret shown once, listed and revoked."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from northloop.app import keys
from northloop.app.keys import NewKey, WantedKey
from northloop.console.view import Form, View, paths, posted
from northloop.core.actor import Role
from northloop.core.errors import InputError
from northloop.core.keys import KEY_ROLES


@dataclass(frozen=True)
class KeyPages:
    """Keys of the API."""

    view: View

    def routes(self) -> list[Route]:
        return [
            Route("/keys", self.keys, name="keys"),
            Route("/keys/new", posted(self.create), name="create_key", methods=["POST"]),
            Route("/keys/{key}/revoke", posted(self.revoke), name="revoke_key", methods=["POST"]),
        ]

    def keys(self, request: Request) -> Response:
        return self._page(request)

    def create(self, request: Request, form: Form) -> Response:
        """Answer with the page itself: the secret stands in no address and is shown once."""
        wanted = WantedKey(
            name=form.text("name"),
            tenant=form.text("tenant"),
            roles=tuple(_role(scope) for scope in form.texts("scope")),
            expires=form.text("expires"),
            replaces=form.text("replaces"),
        )
        return self._page(request, keys.create(*self.view.inside(request), wanted))

    def revoke(self, request: Request, _form: Form) -> Response:
        keys.revoke(*self.view.inside(request), request.path_params["key"])
        return self.view.go(paths(request)("keys"), "revoked")

    def _page(self, request: Request, made: NewKey | None = None) -> Response:
        listed = keys.list_keys(*self.view.inside(request))
        scopes = [role.value for role in KEY_ROLES]
        context = {"listed": listed[::-1], "made": made, "scopes": scopes}
        return self.view.page(request, "keys.html", context)


def _role(scope: str) -> Role:
    if scope not in KEY_ROLES:
        raise InputError(
            f"{scope!r} is no scope", where="field scope", action="choose from the list"
        )
    return Role(scope)
