"""The events that extensions of HTTP let an application send."""

import os
from typing import TYPE_CHECKING, Any

from asgi_stack.testing.lint.headers import HeaderRules, check_headers
from asgi_stack.testing.lint.shapes import Field, Shape, check_event, shape
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

if TYPE_CHECKING:
    from asgi_stack.testing.lint.http import HTTP

__all__ = ["debug", "early_hint", "path_send", "push", "trailers", "zero_copy_send"]


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


_PUSH = shape("the push", Field("path", "E7", "a str", is_str), also=("headers",))
_PUSH_HEADERS = HeaderRules("the push", pairs="E8", pseudo="E8", lower="E8", required=True)
_ZERO_COPY = shape(
    "the zero copy send",
    Field("file", "E12", "a file with a descriptor of the operating system", _is_file),
    Field("offset", "E13", "an int", is_int, 0),
    Field("count", "E14", "an int", is_int, 0),
    Field("more_body", "E15", "a bool", is_bool, False),
)
_PATH_SEND = shape("the path send", Field("path", "E20", "a str, an absolute path", _is_absolute))
_EARLY_HINT = shape("the early hint", Field("links", "E24", "an iterable of bytes", iterable_of(is_bytes)))
_TRAILERS = shape("the trailers", Field("more_trailers", "E30", "a bool", is_bool, False), also=("headers",))
_TRAILERS_HEADERS = HeaderRules("the trailers", pairs="E29", pseudo="E29", lower="E29", required=True)
_DEBUG = shape("the debug event", Field("info", "E36", "a dict with str keys", _has_str_keys))


def push(http: "HTTP", message: dict[str, Any]) -> None:
    """Judge ``http.response.push``."""
    http.needs("E5", "http.response.push")
    _within_body(http, "E6", "a push")
    _check(http, _PUSH, message)
    check_headers(_PUSH_HEADERS, message.get("headers", MISSING), http.report.application)


def zero_copy_send(http: "HTTP", message: dict[str, Any]) -> None:
    """Judge ``http.response.zerocopysend``."""
    http.needs("E10", "http.response.zerocopysend")
    placed = _within_body(http, "E11", "a zero copy send")
    _check(http, _ZERO_COPY, message)
    if placed:
        http.response.lose_count()
        http.response.add_body(last=not message.get("more_body"))


def path_send(http: "HTTP", message: dict[str, Any]) -> None:
    """Judge ``http.response.pathsend``."""
    http.needs("E17", "http.response.pathsend")
    response = http.response
    if response.path_sent:
        http.report.application("E19", "a second path send was sent.", "pathsend")
    elif not response.started or response.bodies:
        where = "after a body" if response.bodies else "ahead of the response start"
        http.report.application("E18", f"a path send was sent {where}.", "pathsend")
    _check(http, _PATH_SEND, message)
    if response.started and not response.bodies:
        response.path_sent = True
        response.lose_count()
        response.add_body(last=True)


def early_hint(http: "HTTP", message: dict[str, Any]) -> None:
    """Judge ``http.response.early_hint``.

    The text wants it after the start; hypercorn takes it only ahead of the start. Both pass here.
    """
    http.needs("E22", "http.response.early_hint")
    if http.response.body_done:
        http.report.application("E23", "an early hint was sent after the last body.", "early_hint")
    _check(http, _EARLY_HINT, message)


def trailers(http: "HTTP", message: dict[str, Any]) -> None:
    """Judge ``http.response.trailers``."""
    http.needs("E26", "http.response.trailers")
    response, fault = http.response, http.report.application
    if not response.body_done:
        fault("E28", "trailers were sent ahead of the last body.", "trailers")
    elif not response.trailers:
        fault("E27", "trailers were sent, and the start did not announce them.", "trailers")
    elif response.complete:
        fault("X5", "trailers were sent after the last ones.", "trailers")
    _check(http, _TRAILERS, message)
    check_headers(_TRAILERS_HEADERS, message.get("headers", MISSING), fault)
    if response.body_done and not message.get("more_trailers"):
        response.complete = True


def debug(http: "HTTP", message: dict[str, Any]) -> None:
    """Judge ``http.response.debug``."""
    http.needs("E34", "http.response.debug")
    if http.debugged or http.response.started:
        where = "after the response start" if http.response.started else "twice"
        http.report.application("E35", f"debug information was sent {where}.", "debug")
    # What is in ``info`` is the framework's own: it never meets a network.
    _check(http, _DEBUG, message)
    http.debugged = True


def _within_body(http: "HTTP", rule: str, what: str) -> bool:
    response = http.response
    if response.started and not response.body_done:
        return True
    where = "after the last body" if response.started else "ahead of the response start"
    http.report.application(rule, f"{what} was sent {where}.", what)
    return False


def _check(http: "HTTP", declared: Shape, message: dict[str, Any]) -> None:
    check_event(declared, message, http.report.application)
