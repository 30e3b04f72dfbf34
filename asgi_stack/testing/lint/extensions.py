"""The events that extensions of HTTP let an application send."""

import os
from typing import Any, ClassVar

from asgi_stack.testing.lint.blame import Blame
from asgi_stack.testing.lint.headers import HeaderRules, check_headers
from asgi_stack.testing.lint.judge import Handlers, Judge
from asgi_stack.testing.lint.progress import ResponseProgress
from asgi_stack.testing.lint.shapes import Key, Shape, check_event, shape
from asgi_stack.testing.lint.values import (
    MISSING,
    is_bool,
    is_bytes,
    is_dict,
    is_filled_str,
    is_int,
    is_str,
    iterable_of,
)

__all__ = ["ExtensionsJudge"]


def _is_file(value: Any) -> bool:
    if is_int(value):
        return bool(value >= 0)
    try:
        return isinstance(value.fileno(), int)
    except (AttributeError, OSError, TypeError, ValueError):
        return False


def _is_absolute(value: Any) -> bool:
    return is_filled_str(value) and os.path.isabs(value)


def _has_str_keys(value: Any) -> bool:
    return is_dict(value) and all(map(is_str, value))


_PUSH = shape("the push", Key("path", "E7", "a str", is_str), also=("headers",))
_PUSH_HEADERS = HeaderRules("the push", pairs="E8", pseudo="E8", lower="E8", required=True)
_ZERO_COPY = shape(
    "the zero copy send",
    Key("file", "E12", "a file with a descriptor of the operating system", _is_file),
    Key("offset", "E13", "an int", is_int, 0),
    Key("count", "E14", "an int", is_int, 0),
    Key("more_body", "E15", "a bool", is_bool, False),
)
_PATH_SEND = shape("the path send", Key("path", "E20", "a str, an absolute path", _is_absolute))
_EARLY_HINT = shape("the early hint", Key("links", "E24", "an iterable of bytes", iterable_of(is_bytes)))
_TRAILERS = shape("the trailers", Key("more_trailers", "E30", "a bool", is_bool, False), also=("headers",))
_TRAILERS_HEADERS = HeaderRules("the trailers", pairs="E29", pseudo="E29", lower="E29", required=True)
_DEBUG = shape("the debug event", Key("info", "E36", "a dict with str keys", _has_str_keys))


class ExtensionsJudge(Judge):
    """The half of an HTTP connection that judges what the extensions allow to send."""

    __slots__ = ("debugged", "response")

    def __init__(self, scope: dict[str, Any], blame: Blame) -> None:
        super().__init__(scope, blame)
        self.response = ResponseProgress(scope.get("method"), blame.application)
        self.debugged = False

    def push(self, message: dict[str, Any]) -> None:
        """Judge ``http.response.push``."""
        self.needs("E5", "http.response.push")
        self._within_body("E6", "a push")
        self._check(_PUSH, message)
        check_headers(_PUSH_HEADERS, message.get("headers", MISSING), self.blame.application)

    def zero_copy_send(self, message: dict[str, Any]) -> None:
        """Judge ``http.response.zerocopysend``."""
        self.needs("E10", "http.response.zerocopysend")
        placed = self._within_body("E11", "a zero copy send")
        self._check(_ZERO_COPY, message)
        if placed:
            self.response.lose_count()
            self.response.add_body(last=not message.get("more_body"))

    def path_send(self, message: dict[str, Any]) -> None:
        """Judge ``http.response.pathsend``."""
        self.needs("E17", "http.response.pathsend")
        response = self.response
        if response.path_sent:
            self.blame.application("E19", "a second path send was sent.", "pathsend")
        elif not response.started or response.bodies:
            where = "after a body" if response.bodies else "ahead of the response start"
            self.blame.application("E18", f"a path send was sent {where}.", "pathsend")
        self._check(_PATH_SEND, message)
        if response.started and not response.bodies:
            response.path_sent = True
            response.lose_count()
            response.add_body(last=True)

    def early_hint(self, message: dict[str, Any]) -> None:
        """Judge ``http.response.early_hint``."""
        self.needs("E22", "http.response.early_hint")
        if self.response.started:
            self.blame.application("E23", "an early hint was sent after the response start.", "early_hint")
        self._check(_EARLY_HINT, message)

    def trailers(self, message: dict[str, Any]) -> None:
        """Judge ``http.response.trailers``."""
        self.needs("E26", "http.response.trailers")
        response, fault = self.response, self.blame.application
        if not response.body_done:
            fault("E28", "trailers were sent ahead of the last body.", "trailers")
        elif not response.trailers:
            fault("E27", "trailers were sent, and the start did not announce them.", "trailers")
        elif response.complete:
            fault("X5", "trailers were sent after the last ones.", "trailers")
        self._check(_TRAILERS, message)
        check_headers(_TRAILERS_HEADERS, message.get("headers", MISSING), fault)
        if response.body_done and not message.get("more_trailers"):
            response.complete = True

    def debug(self, message: dict[str, Any]) -> None:
        """Judge ``http.response.debug``."""
        self.needs("E34", "http.response.debug")
        if self.debugged or self.response.started:
            where = "after the response start" if self.response.started else "twice"
            self.blame.application("E35", f"debug information was sent {where}.", "debug")
        # What is in ``info`` is the framework's own: it never meets a network.
        self._check(_DEBUG, message)
        self.debugged = True

    def _within_body(self, rule: str, what: str) -> bool:
        response = self.response
        if response.started and not response.body_done:
            return True
        where = "after the last body" if response.started else "ahead of the response start"
        self.blame.application(rule, f"{what} was sent {where}.", what)
        return False

    def _check(self, declared: Shape, message: dict[str, Any]) -> None:
        check_event(declared, message, self.blame.application)

    on_send: ClassVar[Handlers] = {
        "http.response.debug": debug,
        "http.response.early_hint": early_hint,
        "http.response.pathsend": path_send,
        "http.response.push": push,
        "http.response.trailers": trailers,
        "http.response.zerocopysend": zero_copy_send,
    }
