"""Gives every request an id that the view, the logs and the client see alike."""

from collections.abc import Callable
from contextvars import ContextVar
from logging import Filter, LogRecord
from os import urandom
from typing import ClassVar

from asgi_stack import box
from asgi_stack.base import HeaderMiddleware
from asgi_stack.errors import OptionError
from asgi_stack.grammar.field import is_token, spellings
from asgi_stack.grammar.request_id import is_request_id
from asgi_stack.grammar.trace_context import TraceContext
from asgi_stack.heads import RequestHead, ResponseHead, ResponseHook
from asgi_stack.options import answered, flag, function, text
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp

__all__ = ["RequestIDFilter", "RequestIDMiddleware", "TraceContextFilter", "random_id"]

_current: ContextVar[str] = ContextVar("asgi_stack.request_id")
_trace: ContextVar[TraceContext] = ContextVar("asgi_stack.trace_context")

_MOST_HYPHENS = 6


def random_id() -> str:
    """Return 32 hexadecimal digits from the operating system's source of randomness."""
    return urandom(16).hex()


class RequestIDMiddleware(HeaderMiddleware):
    """Gives each http and websocket request an id, and repeats it to the client in one response header.

    The layers inside find it in ``scope["asgi_stack.request_id"]`` and in the request header, of which
    exactly one line is left; what the client sent under that name, or under one that looks like it, is
    gone. Log records get it from `RequestIDFilter`.

    With *trace_context* each request also has its place in a distributed trace (W3C Trace Context): a
    `TraceContext` in ``scope["asgi_stack.trace_context"]``, for log records by `TraceContextFilter`, and for
    requests that the view makes. A trace that came and is trusted goes on; otherwise one begins, and what
    came is taken out of the request. Nothing that a client sends makes a request fail.

    Arguments:
        header: of the request and of the response; lower-case.
        trust_incoming: keep the id that came with the request, if it is one line of 1 to 128 letters,
            digits, ``.``, ``_`` and ``-``, and the trace. Only for requests that come through a proxy which
            sets them.
        make_id: makes an id, of the same characters. It is called once for each request that needs one.
        trace_context: continue traces, or begin them.
        keep_response: where the application has set the header itself, let it stand, in one line: the last.
            The client then reads another id than the log.

    Raises:
        OptionError: for a header that is no lower-case field name, or a *make_id* that is no function or an
            async one; for an id of other characters, when it is made.
    """

    __slots__ = (
        "_header",
        "_keep_response",
        "_lookalikes",
        "_make_id",
        "_trace_context",
        "_trust_incoming",
    )

    order: ClassVar[Order] = Order(
        outside_of={
            box.ERROR_BOUNDARY: "its page names the request by this id",
            box.ACCESS_LOG: "its lines name the request by this id",
        },
        once=True,
        place=Place.NAME,
    )

    def __init__(
        self,
        app: ASGIApp,
        *,
        header: str = "x-request-id",
        trust_incoming: bool = False,
        make_id: Callable[[], str] = random_id,
        trace_context: bool = False,
        keep_response: bool = False,
    ) -> None:
        super().__init__(app)
        hint = "Use lower-case letters, digits and at most 6 '-', as in header='x-request-id'."
        name = text(self, "header", header, fits=_is_lower_name, hint=hint)
        self._header = name.encode("ascii")
        self._lookalikes = spellings(name)
        self._trust_incoming = flag(self, "trust_incoming", trust_incoming)
        self._trace_context = flag(self, "trace_context", trace_context)
        self._keep_response = flag(self, "keep_response", keep_response)
        self._make_id = make_id if make_id is random_id else self._checking(make_id)

    def on_request(self, request: RequestHead) -> ResponseHook:
        """Settle the request's id and pass it inward; the hook that is returned tells the client."""
        request_id = self._incoming(request) if self._trust_incoming else None
        if request_id is None:
            request_id = self._make_id()
        value = request_id.encode("ascii")
        unwanted = self._lookalikes
        if self._trace_context:
            unwanted |= self._follow_trace(request)
        if not unwanted.isdisjoint(request.headers):
            request.remove_headers(unwanted)
        request.set_header(self._header, value, {"asgi_stack.request_id": request_id})
        # Never reset: servers run each request in a task, and so in a context, of its own, and what they
        # log there after the response should bear the id too. At worst a context begins with the id of an
        # earlier request (pipelining), which this line replaces.
        _current.set(request_id)
        header = self._header
        if self._keep_response:
            return _telling_unless_told(header, value)

        def tell(response: ResponseHead) -> None:
            response.headers.set(header, value)

        return tell

    def _incoming(self, request: RequestHead) -> str | None:
        lines = request.get_all(self._header)
        return lines[0].decode("ascii") if len(lines) == 1 and is_request_id(lines[0]) else None

    def _follow_trace(self, request: RequestHead) -> frozenset[bytes]:
        """Settle the trace, and return the names of fields that must not go inward."""
        trace = None
        if self._trust_incoming:
            trace = TraceContext.after(request.get_all(b"traceparent"), request.get_all(b"tracestate"))
        # No traceparent of ours goes inward: a tracer there decides by itself which traces it records, and
        # would look for a caller that never reported.
        unwanted = _TRACE_FIELDS if trace is None else _NO_FIELDS if trace.tracestate else _STATE_FIELD
        trace = trace or TraceContext.begin()
        request.update({"asgi_stack.trace_context": trace})
        _trace.set(trace)
        return unwanted

    def _checking(self, make_id: Callable[[], str]) -> Callable[[], str]:
        make = function(
            self, "make_id", make_id, hint="Give a function without arguments that returns a str."
        )

        def checked() -> str:
            request_id = make()
            if not isinstance(request_id, str) or not is_request_id(request_id):
                hint = "Return a str of 1 to 128 letters, digits, '.', '_' and '-'."
                raise OptionError(self, "make_id()", answered(self, "make_id", request_id), hint)
            return request_id

        return checked


def _is_lower_name(name: str) -> bool:
    return is_token(name) and name == name.lower() and name.count("-") <= _MOST_HYPHENS


def _telling_unless_told(header: bytes, value: bytes) -> ResponseHook:
    def tell(response: ResponseHead) -> None:
        response.headers.set(header, response.headers.get(header) or value)

    return tell


class RequestIDFilter(Filter):
    """Adds ``request_id`` to every log record: the id of the request, or ``"-"`` outside of one.

    Attach it to a handler, not to a logger, so that the records of all loggers pass it; to the first one that
    a record meets, where a `logging.handlers.QueueHandler` hands it to another thread. A record that has an
    id keeps it. None is kept back.
    """

    def filter(self, record: LogRecord) -> bool:
        """Put the id on the record and let it pass."""
        if not hasattr(record, "request_id"):
            record.request_id = _current.get("-")
        return True


class TraceContextFilter(Filter):
    """Adds ``trace_id`` and ``span_id`` to every log record, or ``"-"`` outside of a request with a trace.

    Attach it to a handler, as a `RequestIDFilter`. A record that has ids keeps them. None is kept back.
    """

    def filter(self, record: LogRecord) -> bool:
        """Put the ids on the record and let it pass."""
        if not hasattr(record, "trace_id"):
            trace = _trace.get(None)
            record.trace_id, record.span_id = (trace.trace_id, trace.span_id) if trace else ("-", "-")
        elif not hasattr(record, "span_id"):
            # Somebody else's trace: no span of ours is in it, and the format may ask for one.
            record.span_id = "-"
        return True


_NO_FIELDS: frozenset[bytes] = frozenset()
_STATE_FIELD = frozenset({b"tracestate"})
_TRACE_FIELDS = frozenset({b"traceparent", b"tracestate"})
