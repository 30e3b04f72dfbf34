"""Answers for a site that is being worked on."""

import os
from collections.abc import Callable, Iterable
from time import monotonic
from typing import ClassVar, cast

from asgi_stack import box
from asgi_stack.base import HeaderMiddleware
from asgi_stack.errors import OptionError
from asgi_stack.grammar.field import is_field_value, is_token
from asgi_stack.heads import Reply, RequestHead
from asgi_stack.options import clock_function, decider, paths, text, whole_number
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp

__all__ = ["MaintenanceMiddleware"]

_LONGEST_AGE = 2**31 - 1
_OFF = frozenset({"", "0", "false", "no", "off"})


class MaintenanceMiddleware(HeaderMiddleware):
    """Answers 503 with ``retry-after`` while a switch is on. The switch works without a restart.

    Exactly one switch is given. What is on its way when it is turned on is not broken off, an open
    websocket included.

    Arguments:
        file: on while a file of this name exists. It is looked for once a second at most.
        environ: on while this environment variable of the process is set, and is none of ``0``, ``false``,
            ``no`` and ``off``.
        switch: a function that says whether it is on; called for each request, so it must not wait.
        exempt_paths: paths that are served as ever, with all below them. One that an application may read
            otherwise is not.
        retry_after: seconds, for the client.
        page: the body of the answer.
        content_type: of *page*.
        clock: returns seconds and never goes back.

    Raises:
        OptionError: for no switch or more than one, or a value that cannot be used.
    """

    __slots__ = ("_exempt", "_is_on", "_refusal")

    order: ClassVar[Order] = Order(
        inside_of={
            box.HEALTH: "a process that is alive is not to be restarted",
            box.CORS: "a browser hides a 503 that has no CORS headers",
        },
        place=Place.DOOR,
    )

    def __init__(
        self,
        app: ASGIApp,
        *,
        file: str | os.PathLike[str] | None = None,
        environ: str | None = None,
        switch: Callable[[], bool] | None = None,
        exempt_paths: Iterable[str] = (),
        retry_after: int = 300,
        page: str | bytes = "Down for maintenance.\n",
        content_type: str = "text/plain; charset=utf-8",
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(app)
        clock_function(self, "clock", clock)
        self._is_on = self._one_of(file, environ, switch, clock)
        self._exempt = paths(self, "exempt_paths", exempt_paths, example=["/status"])
        self._refusal = self._made(retry_after, page, content_type)

    def on_request(self, request: RequestHead) -> Reply | None:
        """Let the request pass, unless the switch is on and the path not exempt."""
        if not self._is_on() or (self._exempt and self._exempt.surely_covers(request.scope)):
            return None
        return self._refusal

    def _one_of(
        self,
        file: str | os.PathLike[str] | None,
        environ: str | None,
        switch: Callable[[], bool] | None,
        clock: Callable[[], float],
    ) -> Callable[[], bool]:
        given = {"file": file, "environ": environ, "switch": switch}
        names = [name for name, value in given.items() if value is not None]
        if len(names) != 1:
            hint = f"Give exactly one of file, environ and switch, not {' and '.join(names) or 'none'}."
            raise OptionError(self, "switch", switch, hint)
        if file is not None:
            return _FileSwitch(self._checked_file(file), clock).is_on
        if environ is not None:
            return self._environ_switch(environ)
        hint = "Give a function without arguments that returns a bool."
        return decider(self, "switch", cast("Callable[[], bool]", switch), hint=hint)

    def _checked_file(self, file: str | os.PathLike[str]) -> str:
        hint = "Give an absolute path: a process may change its working directory."
        given = os.fspath(file) if isinstance(file, os.PathLike) else file
        return text(self, "file", given, fits=_is_absolute, hint=hint)

    def _environ_switch(self, name: str) -> Callable[[], bool]:
        hint = "Give the name of a variable, as in 'MAINTENANCE'."
        variable = text(self, "environ", name, fits=_is_variable, hint=hint)
        return lambda: os.environ.get(variable, "").strip().lower() not in _OFF

    def _made(self, retry_after: int, page: str | bytes, content_type: str) -> Reply:
        whole_number(self, "retry_after", retry_after, most=_LONGEST_AGE, what="whole seconds")
        if not isinstance(page, str | bytes):
            raise OptionError(self, "page", page, "Give the text itself, or its bytes.")
        hint = "Give a media type, as in 'text/html; charset=utf-8'."
        content_type = text(self, "content_type", content_type, fits=_is_media_type, hint=hint)
        headers = [(b"retry-after", b"%d" % retry_after), (b"cache-control", b"no-store")]
        return Reply(503, page, content_type=content_type, headers=headers)


def _is_absolute(path: str) -> bool:
    return os.path.isabs(path) and "\0" not in path


def _is_variable(name: str) -> bool:
    return "=" not in name and "\0" not in name


def _is_media_type(value: str) -> bool:
    main, slash, sub = value.partition(";")[0].strip().partition("/")
    return is_field_value(value) and bool(slash) and is_token(main) and is_token(sub)


class _FileSwitch:
    """On while a file exists, which is asked of the disk once a second at most."""

    __slots__ = ("_clock", "_found", "_next", "_path")

    def __init__(self, path: str, clock: Callable[[], float]) -> None:
        self._path = path
        self._clock = clock
        self._next = float("-inf")
        self._found = False

    def is_on(self) -> bool:
        now = self._clock()
        if now >= self._next:
            self._next = now + 1.0
            self._found = os.path.exists(self._path)
        return self._found
