"""The middleware that is checked: how to make one, what it declares, and the requests that it is given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from asgi_stack.composing.group import put_around
from asgi_stack.composing.layer import Layer
from asgi_stack.testing.contract.inner import Inner, Step
from asgi_stack.testing.contract.report import NotApplicable
from asgi_stack.testing.contract.stage import Stage
from asgi_stack.testing.headers import encode_headers
from asgi_stack.testing.scopes import http_scope, websocket_scope
from asgi_stack.types import ASGIApp, Scope

__all__ = ["Declared", "Subject"]


@dataclass(frozen=True, slots=True)
class Declared:
    """What a middleware is meant to do beyond passing things on. It is held to everything else."""

    replies: bool = False
    changes_body: bool = False
    reads_ahead: bool = False
    handles_exceptions: bool = False
    handles_lifespan: bool = False
    leaves_context: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """A layer, what it declares, and what its requests look like."""

    layer: Layer[...]
    declared: Declared = Declared()
    request: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def build(self, app: ASGIApp) -> ASGIApp:
        """Make an instance around *app*, under the layer's conditions."""
        made = self.layer.wrap(app)
        return put_around(made, app, self.layer.clauses) if self.layer.clauses else made

    def stage(self, *script: Step | None) -> Stage:
        """Return a new instance around an inner application that plays *script*."""
        return Stage(self.build, Inner(script))

    def http(self, *, headers: Iterable[tuple[str, str]] = (), **parts: Any) -> Scope:
        """Return the scope of an http request: a POST unless somebody says otherwise."""
        merged: dict[str, Any] = {"method": "POST", **self._parts(headers), **parts}
        return http_scope(**merged)

    def websocket(self, *, headers: Iterable[tuple[str, str]] = (), **parts: Any) -> Scope:
        """Return the scope of a websocket connection that offers the subprotocols ``a`` and ``b``."""
        given = self._parts(headers)
        given.pop("method", None)
        if (url := given.get("url", "/")).startswith("http"):
            given["url"] = url.replace("http", "ws", 1)
        merged: dict[str, Any] = {"subprotocols": ["a", "b"], **given, **parts}
        return websocket_scope(**merged)

    def _parts(self, headers: Iterable[tuple[str, str]]) -> dict[str, Any]:
        own = encode_headers(self.request.get("headers", ()))
        return {**self.request, "headers": [*own, *encode_headers(headers)]}

    def acts_on(self, scope_type: str) -> bool:
        """Tell whether the class says that it acts on this scope type; True where it says nothing."""
        named: object = getattr(self.layer.resolve(), "scope_types", None)
        return scope_type in named if isinstance(named, frozenset) else True

    def skip_if(self, name: str) -> None:
        """Leave a check out where the middleware declares *name*."""
        if getattr(self.declared, name):
            raise NotApplicable(f"It declares {name}=True.")
