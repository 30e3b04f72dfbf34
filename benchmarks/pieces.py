"""What a stack of header layers is made of, piece by piece, each as a class of a user's own."""

from collections.abc import Callable

from asgi_stack import HeaderMiddleware, Layer, RequestHead, Stack
from asgi_stack.heads import ResponseHook
from asgi_stack.types import ASGIApp
from benchmarks import layers
from benchmarks.by_hand import by_hand
from benchmarks.policy import page, scope_of_a_browser
from benchmarks.timing import Batch, requests

MANY = 9
"""So many layers of a kind are measured beside one of it."""


class Numbered(HeaderMiddleware):
    """Looks at a request and has nothing to do with it; the others do something as well."""

    __slots__ = ("_hook", "_name")

    def __init__(self, app: ASGIApp, *, name: bytes) -> None:
        super().__init__(app)
        self._name = name
        self._hook: ResponseHook = self._see

    def on_request(self, request: RequestHead) -> ResponseHook | None:
        return None

    def _see(self, response: object) -> None:
        """Do nothing with it."""


class Hooked(Numbered):
    __slots__ = ()

    def on_request(self, request: RequestHead) -> ResponseHook | None:
        return self._hook


class Updating(Numbered):
    __slots__ = ()

    def on_request(self, request: RequestHead) -> ResponseHook | None:
        request.update({"benchmarks.key": self._name})
        return None


class AddingInward(Numbered):
    __slots__ = ()

    def on_request(self, request: RequestHead) -> ResponseHook | None:
        request.update(headers=[*request.scope["headers"], (self._name, b"value")])
        return None


class SettingInward(Numbered):
    __slots__ = ()

    def on_request(self, request: RequestHead) -> ResponseHook | None:
        request.set_header(self._name, b"value")
        return None


KINDS: dict[str, tuple[Callable[..., ASGIApp], str]] = {
    "looks": (Numbered, "looks at the request"),
    "hooked": (Hooked, "returns a hook, which does nothing"),
    "updates": (Updating, "gives the layers inside another value of one key: `update`"),
    "adds inward": (AddingInward, "gives them one header line more, of 18: `update(headers=[...])`"),
    "sets inward": (SettingInward, "does the same by `set_header`"),
    "appends": (layers.AppendHeader, "adds a line to the response in a hook: `append`"),
    "defaults": (layers.DefaultHeader, "does the same by `set_default`"),
    "sets": (layers.SetHeader, "does the same by `set`"),
}
"""Classes, and what the page says of a layer of each."""


def piece_subjects() -> dict[str, Batch]:
    """Return one layer of each kind and many, the stack without any, and the function by hand."""
    made = {"bare": page, "by hand": by_hand(page), "none": Stack().wrap(page)}
    for name, (kind, _) in KINDS.items():
        for count in (1, MANY):
            entries = [Layer(kind, name=b"x-header-%d" % number) for number in range(count)]
            made[f"{name} {count}"] = Stack(entries).wrap(page)
    scope = scope_of_a_browser()
    return {name: requests(app, scope) for name, app in made.items()}
