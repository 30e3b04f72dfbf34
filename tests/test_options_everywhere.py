"""Every option of every class, with values that nobody means: an error that says so, or a meaning.

A class that is exported and an option that is added are tried by that alone. A value that is taken must stand
in `MEANINGS`, with what it means; one that is refused must not.
"""

import functools
import inspect
import re
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Any, NamedTuple

import pytest

import asgi_stack
import asgi_stack.draining
import asgi_stack.middleware
import asgi_stack.routing
import asgi_stack.testing
from asgi_stack import Layer, OptionError, Order, Stack
from asgi_stack.middleware import CORSMiddleware, PathHeaders, SecurityHeadersMiddleware
from asgi_stack.testing import Recorder, check_middleware, http_scope, lifespan_scope, websocket_scope
from tests.middleware.cases import CASES


async def application(scope: Any, receive: Any, send: Any) -> None: ...


async def async_function(*given: Any) -> None: ...


async def async_generator(*given: Any) -> AsyncGenerator[None]:
    yield


def generator(*given: Any) -> Iterator[None]:
    yield


class AsyncCall:
    async def __call__(self, *given: Any) -> None: ...


class Anything:
    """A class, and an object, of no kind that anybody wants."""

    def __repr__(self) -> str:
        return "<Anything>"


VALUES: dict[str, Any] = {
    "5": 5,
    "0": 0,
    "-1": -1,
    "5.5": 5.5,
    "huge": 10**400,
    "nan": float("nan"),
    "infinity": float("inf"),
    "None": None,
    "True": True,
    "False": False,
    "'False'": "False",
    "'5'": "5",
    "''": "",
    "a NUL": "\0",
    "b''": b"",
    "b'x'": b"x",
    "bytearray": bytearray(b"x"),
    "[]": [],
    "()": (),
    "[5]": [5],
    "[None]": [None],
    "[True]": [True],
    "['']": [""],
    "[b'x']": [b"x"],
    "{}": {},
    "{5: 5}": {5: 5},
    "{'x': 5}": {"x": 5},
    "object": Anything(),
    "class": Anything,
    "lambda": lambda *given: False,
    "async function": async_function,
    "async call": AsyncCall(),
    "async generator": async_generator,
    "generator": generator,
    "async partial": functools.partial(async_function),
    "async method": AsyncCall().__call__,
}


class Option(NamedTuple):
    """One option, and what gives it a value with whatever else is needed."""

    owner: str
    name: str
    give: Callable[[Any], object]


def options_of(owner: str, make: Callable[..., object], *given: Any, **needed: Any) -> Iterator[Option]:
    """Every parameter but those that are filled by position; of ``**more`` one that is made up."""
    for parameter in [*inspect.signature(make).parameters.values()][len(given) :]:
        name = parameter.name
        if parameter.kind is parameter.VAR_KEYWORD or f"{owner}.{name}" in FREE:
            continue
        if parameter.kind is parameter.POSITIONAL_ONLY:
            yield Option(owner, name, lambda value: make(*given, value))
            continue
        others = {key: value for key, value in needed.items() if key != name}
        others |= BESIDES.get(f"{owner}.{name}", {})
        yield Option(
            owner, name, lambda value, name=name, others=others: make(*given, **{**others, name: value})
        )


# What another option must be for this one to be looked at.
BESIDES: dict[str, dict[str, Any]] = {
    "DrainMiddleware.drain_path": {"drain_clients": ["127.0.0.1"]},
    "DrainMiddleware.drain_clients": {"drain_path": "/drain"},
    "HTTPSRedirectMiddleware.allowed_hosts": {"host": None},
    "MaintenanceMiddleware.file": {"switch": None},
    "MaintenanceMiddleware.environ": {"switch": None},
    "ProtocolRouter.http": {"websocket": application},
    "ProtocolRouter.websocket": {"http": application},
    "SecurityHeadersMiddleware.hsts_include_subdomains": {"hsts_max_age": 31_536_000},
    "SecurityHeadersMiddleware.hsts_preload": {"hsts_max_age": 31_536_000, "hsts_include_subdomains": True},
}

# Parameters that are no options.
FREE = {
    "ServerTiming.clock": "one is made for each request, of a clock that the middleware has checked",
    "RequestIDFilter.name": "logging's own, which the filter does not use",
    "TraceContextFilter.name": "logging's own, which the filter does not use",
    "ASGIClient.app": "a test may drive what is no application",
    "Lint.app": "a test may drive what is no application",
    "check_middleware.factory": "a layer's factory: a LayerError",
}


def classes(module: Any) -> Iterator[type[Any]]:
    for name in module.__all__:
        value = getattr(module, name)
        if inspect.isclass(value) and not issubclass(value, (Exception, dict)):
            yield value


def every_option() -> Iterator[Option]:
    for made in classes(asgi_stack.middleware):
        given = [application] if issubclass(made, asgi_stack.ASGIMiddleware) else []
        yield from options_of(made.__name__, made, *given, **(CASES[made.__name__].options if given else {}))
    for made in classes(asgi_stack.routing):
        if not inspect.isabstract(made):
            yield from options_of(made.__name__, made)
    for made in (Stack, Order, *classes(asgi_stack.draining)):
        yield from options_of(made.__name__, made)
    for name in PathHeaders.__annotations__:
        yield Option(
            "SecurityHeadersMiddleware",
            f"paths['/a'][{name!r}]",
            lambda value, name=name: SecurityHeadersMiddleware(application, paths={"/a": {name: value}}),
        )
    layer = Layer(CORSMiddleware)
    for verb in ("only", "exclude"):
        yield from options_of(f"Layer(CORSMiddleware).{verb}", getattr(layer, verb), path="/a", method="GET")
    yield from options_of("Layer(CORSMiddleware).enabled_if", layer.enabled_if)
    yield from options_of("Layer(CORSMiddleware).named", layer.named)
    yield from options_of("Layer.at", Layer.at)
    for made in (asgi_stack.testing.ASGIClient, asgi_stack.testing.Lint):
        yield from options_of(made.__name__, made, application)
    for made in (Recorder, asgi_stack.testing.ManualClock, http_scope, websocket_scope, lifespan_scope):
        yield from options_of(made.__name__, made)
    yield from options_of("check_middleware", check_middleware, CORSMiddleware, only=[])


Meanings = dict[str, str]
ON_OR_OFF: Meanings = {"True": "on", "False": "off"}
NOTHING: Meanings = {"[]": "nothing of the kind", "()": "nothing of the kind"}
WORD: Meanings = {"'False'": "a word like any other", "'5'": "a word like any other"}
TEXT: Meanings = {**WORD, "a NUL": "what it is sent in is for the test to know"}
WHOLE: Meanings = {"5": "so many", "huge": "so many, which is no limit in practice"}
SECONDS: Meanings = {"5": "so long", "5.5": "so long"}
FUNCTION: Meanings = {"lambda": "it is called", "class": "it is called"}
PREDICATE: Meanings = {"lambda": "it is asked"}
NO_LIMIT: Meanings = {"None": "no limit"}
LEFT_OUT: Meanings = {"None": "there is none"}
USUAL: Meanings = {"None": "the same as leaving it out"}
ANY_MAPPING: Meanings = {
    "{}": "nothing of the kind",
    "{5: 5}": "whatever it holds is handed on",
    "{'x': 5}": "whatever it holds is handed on",
}
HEADERS: Meanings = {**NOTHING, "{}": "nothing of the kind"}
APPLICATION: Meanings = {
    "None": "no application for this type",
    "lambda": "whoever takes three arguments may return an awaitable",
    "async function": "an application",
    "async call": "an application",
    "async partial": "an application",
    "async method": "an application",
}
ADDED_TO = "the list that is added to, whatever is in it"
SENT = "a test may send what is no message"

MEANINGS: dict[str, Meanings] = {
    "BasicAuthMiddleware.realm": WORD,
    "CORSMiddleware.allow_origins": NOTHING,
    "CORSMiddleware.allow_methods": NOTHING,
    "CORSMiddleware.allow_headers": NOTHING,
    "CORSMiddleware.allow_credentials": ON_OR_OFF,
    "CORSMiddleware.allow_origin_regex": LEFT_OUT,
    "CORSMiddleware.unchecked_origin_regex": {
        **LEFT_OUT,
        **TEXT,
        "''": "a regular expression, which is not looked at by its name",
    },
    "CORSMiddleware.expose_headers": NOTHING,
    "CORSMiddleware.max_age": {"5": "so long", "0": "not at all"},
    "CrossOriginProtectionMiddleware.trusted_origins": NOTHING,
    "CrossOriginProtectionMiddleware.exempt_paths": NOTHING,
    "CrossOriginProtectionMiddleware.require_headers": ON_OR_OFF,
    "CrossOriginProtectionMiddleware.same_scheme": ON_OR_OFF,
    "DrainMiddleware.drain": USUAL,
    "DrainMiddleware.drain_on_sigterm": ON_OR_OFF,
    "DrainMiddleware.close_after": {**SECONDS, "0": "at once", "None": "never"},
    "ErrorBoundaryMiddleware.page": PREDICATE,
    "ErrorBoundaryMiddleware.reraise": ON_OR_OFF,
    "ErrorBoundaryMiddleware.client_gone": {"()": "nothing means that the client has gone"},
    "HTTPSRedirectMiddleware.host": dict.fromkeys(WORD, "a name of one label"),
    "HTTPSRedirectMiddleware.port": {"5": "a port"},
    "HTTPSRedirectMiddleware.permanent": ON_OR_OFF,
    "HTTPSRedirectMiddleware.redirect_unsafe": ON_OR_OFF,
    "HTTPSRedirectMiddleware.exempt_paths": NOTHING,
    "HealthMiddleware.checks": {"None": "no checks", "{}": "no checks"},
    "HealthMiddleware.live_path": {"None": "nowhere"},
    "HealthMiddleware.ready_path": {"None": "nowhere"},
    "HealthMiddleware.startup_path": {"None": "nowhere"},
    "HealthMiddleware.timeout": SECONDS,
    "HealthMiddleware.cache_seconds": {**SECONDS, "0": "not at all"},
    "HealthMiddleware.show_checks": ON_OR_OFF,
    "HealthMiddleware.drain": LEFT_OUT,
    "HealthMiddleware.clock": FUNCTION,
    "IPFilterMiddleware.allow": {"[]": "nobody", "()": "nobody"},
    "IPFilterMiddleware.deny": {**NOTHING, **LEFT_OUT},
    "IPFilterMiddleware.unix_socket": ON_OR_OFF,
    "MaintenanceMiddleware.environ": WORD,
    "MaintenanceMiddleware.switch": PREDICATE,
    "MaintenanceMiddleware.exempt_paths": NOTHING,
    "MaintenanceMiddleware.retry_after": {"5": "so long", "0": "at once"},
    "MaintenanceMiddleware.page": {**TEXT, "''": "no body", "b''": "no body", "b'x'": "the body as it is"},
    "MaintenanceMiddleware.clock": FUNCTION,
    "ProxyHeadersMiddleware.hops": {"5": "so many", "None": "it goes by the addresses"},
    "ProxyHeadersMiddleware.strip": NOTHING,
    "ProxyHeadersMiddleware.keep": NOTHING,
    "RequestGuardMiddleware.max_headers": WHOLE,
    "RequestGuardMiddleware.max_header_bytes": WHOLE,
    "RequestGuardMiddleware.max_header_line": WHOLE,
    "RequestGuardMiddleware.max_target": WHOLE,
    "RequestGuardMiddleware.refuse_empty_segments": ON_OR_OFF,
    "RequestGuardMiddleware.without": NOTHING,
    "RequestIDMiddleware.header": {"'5'": "a token, and so the name of a field"},
    "RequestIDMiddleware.trust_incoming": ON_OR_OFF,
    "RequestIDMiddleware.make_id": FUNCTION,
    "RequestIDMiddleware.trace_context": ON_OR_OFF,
    "RequestIDMiddleware.keep_response": ON_OR_OFF,
    "SecurityHeadersMiddleware.hsts_max_age": {"5": "so long", "0": "it ends", "None": "nothing is sent"},
    "SecurityHeadersMiddleware.hsts_include_subdomains": ON_OR_OFF,
    "SecurityHeadersMiddleware.hsts_preload": ON_OR_OFF,
    "SecurityHeadersMiddleware.nosniff": ON_OR_OFF,
    "SecurityHeadersMiddleware.frame_options": LEFT_OUT,
    "SecurityHeadersMiddleware.referrer_policy": LEFT_OUT,
    "SecurityHeadersMiddleware.cross_origin_opener_policy": LEFT_OUT,
    "SecurityHeadersMiddleware.cross_origin_embedder_policy": LEFT_OUT,
    "SecurityHeadersMiddleware.cross_origin_resource_policy": LEFT_OUT,
    "SecurityHeadersMiddleware.permissions_policy": LEFT_OUT,
    "SecurityHeadersMiddleware.content_security_policy": {**LEFT_OUT, **WORD},
    "SecurityHeadersMiddleware.content_security_policy_report_only": {**LEFT_OUT, **WORD},
    "SecurityHeadersMiddleware.reporting_endpoints": {"None": "none", "{}": "none"},
    "SecurityHeadersMiddleware.remove": NOTHING,
    "SecurityHeadersMiddleware.paths": {"None": "alike everywhere", "{}": "alike everywhere"},
    "ServerTimingMiddleware.metric": WORD,
    "ServerTimingMiddleware.when": {**PREDICATE, "None": "for everybody"},
    "ServerTimingMiddleware.clock": FUNCTION,
    "TrustedHostMiddleware.require_host": ON_OR_OFF,
    "ProtocolRouter.http": APPLICATION,
    "ProtocolRouter.websocket": APPLICATION,
    "Stack.layers": {"[]": "no layers", "()": "no layers"},
    "Stack.lifespan": NOTHING,
    "Stack.lifespan_timeout": {**SECONDS, **NO_LIMIT},
    "Stack.unread_body_limit": {**WHOLE, "0": "nothing is read"},
    "Stack.unread_body_timeout": SECONDS,
    "Order.inside_of": HEADERS,
    "Order.outside_of": HEADERS,
    "Order.once": ON_OR_OFF,
    "Order.place": LEFT_OUT,
    "Drain.clock": FUNCTION,
    "Layer(CORSMiddleware).enabled_if.switch": {**ON_OR_OFF, **PREDICATE},
    "Layer(CORSMiddleware).named.name": WORD,
    "ASGIClient.headers": HEADERS,
    "ASGIClient.cookies": {"None": "none at first", "{}": "none at first"},
    "ASGIClient.lifespan": {"True": "it must have one", "False": "it is not asked"},
    "ASGIClient.lint": ON_OR_OFF,
    "ASGIClient.ignore": NOTHING,
    "ASGIClient.raise_errors": ON_OR_OFF,
    "ASGIClient.timeout": {**SECONDS, **NO_LIMIT, "0": "not at all"},
    "ASGIClient.extra": {**LEFT_OUT, **ANY_MAPPING},
    "Lint.ignore": NOTHING,
    "Lint.name": {**WORD, "None": "the name of the application"},
    "Lint.outer": WORD,
    "Lint.violations": {
        **USUAL,
        **dict.fromkeys(["[]", "[5]", "[None]", "[True]", "['']", "[b'x']"], ADDED_TO),
    },
    "Recorder.status": USUAL,
    "Recorder.headers": HEADERS,
    "Recorder.body": {**NOTHING, "b''": "no body", "b'x'": "the body", "[b'x']": "the body in one part"},
    "Recorder.messages": {
        **NOTHING,
        **USUAL,
        **dict.fromkeys(["[5]", "[None]", "[True]", "['']", "[b'x']"], SENT),
    },
    "Recorder.reads": ON_OR_OFF,
    "Recorder.delay": {**SECONDS, "0": "it gives way once", "None": "not at all"},
    "Recorder.on": {"None": "nowhere", "{}": "nowhere"},
    "Recorder.fail_at": {"None": "nowhere"},
    "Recorder.error": USUAL,
    "Recorder.subprotocol": {**WORD, "None": "none is chosen"},
    "Recorder.state": {**LEFT_OUT, **ANY_MAPPING},
    "ManualClock.start": {**SECONDS, "0": "the usual"},
    "check_middleware.replies": ON_OR_OFF,
    "check_middleware.changes_body": ON_OR_OFF,
    "check_middleware.reads_ahead": ON_OR_OFF,
    "check_middleware.handles_exceptions": ON_OR_OFF,
    "check_middleware.handles_lifespan": ON_OR_OFF,
    "check_middleware.leaves_context": ON_OR_OFF,
    "check_middleware.request": {"None": "a plain one", **ANY_MAPPING},
    "check_middleware.only": {"None": "all of them", **NOTHING},
    "check_middleware.without": NOTHING,
    "lifespan_scope.state": {"None": "an empty one", **ANY_MAPPING},
    "lifespan_scope.extra": {**LEFT_OUT, **ANY_MAPPING},
    "http_scope.method": {**TEXT, "''": "a test may send what is none"},
    "websocket_scope.subprotocols": {**NOTHING, "['']": "a test may offer what is none"},
}
for name in PathHeaders.__annotations__:
    MEANINGS[f"SecurityHeadersMiddleware.paths['/a'][{name!r}]"] = MEANINGS[
        f"SecurityHeadersMiddleware.{name}"
    ]
for verb in ("only", "exclude"):
    ASKED = {"None": "it is not asked for"}
    MEANINGS |= {
        f"Layer(CORSMiddleware).{verb}.path": ASKED,
        f"Layer(CORSMiddleware).{verb}.exact_path": ASKED,
        f"Layer(CORSMiddleware).{verb}.host": {**ASKED, **dict.fromkeys(WORD, "a name of one label")},
        f"Layer(CORSMiddleware).{verb}.method": {**ASKED, **dict.fromkeys(WORD, "a method of one's own")},
        f"Layer(CORSMiddleware).{verb}.scope_type": {**ASKED, **dict.fromkeys(WORD, "a type yet to come")},
        f"Layer(CORSMiddleware).{verb}.when": {**ASKED, **PREDICATE},
    }
for builder in ("http_scope", "websocket_scope"):
    MEANINGS |= {
        f"{builder}.headers": HEADERS,
        f"{builder}.params": {**NOTHING, **ANY_MAPPING},
        f"{builder}.http_version": {**TEXT, "''": "a test may send what is none"},
        f"{builder}.root_path": {**TEXT, "''": "no mount"},
        f"{builder}.client": {"None": "as on a unix socket"},
        f"{builder}.extensions": {"None": "the usual", "{}": "none"},
        f"{builder}.state": {**LEFT_OUT, **ANY_MAPPING},
        f"{builder}.extra": {**LEFT_OUT, **ANY_MAPPING},
    }

OPTIONS = {f"{option.owner}.{option.name}": option for option in every_option()}
# What is wrong with one layer is told of it, and with all of them at once.
OTHERWISE = {
    ("Stack.layers", kind): r"ConfigurationError: layer 1: .* is not a middleware."
    for kind in ("[5]", "[None]", "[True]", "['']", "[b'x']")
}


def answer(option: Option, value: object) -> str:
    """What came of it: "taken", "refused", or what else was raised."""
    try:
        option.give(value)
    except OptionError as error:
        names = error.option == option.name or option.name in str(error)
        is_told = str(error).startswith(f"{option.owner}: ") and names
        return "refused" if is_told else f"refused without a name: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "taken"


def faults_of(option: Option, meanings: Meanings) -> dict[str, str]:
    """The values that are answered otherwise, by what came of them."""
    found = {kind: answer(option, value) for kind, value in VALUES.items()}
    wanted = {kind: "taken" if kind in meanings else "refused" for kind in VALUES}
    return {kind: what for kind, what in found.items() if what != wanted[kind]}


@pytest.mark.parametrize("name", OPTIONS)
def test_a_value_is_refused_by_owner_and_option_or_means_something(name: str) -> None:
    faults = faults_of(OPTIONS[name], MEANINGS.get(name, {}))
    told = {kind: what for kind, what in faults.items() if (name, kind) in OTHERWISE}

    assert {kind: what for kind, what in faults.items() if kind not in told} == {}
    assert all(re.match(OTHERWISE[name, kind], what) for kind, what in told.items())


def test_the_table_speaks_of_options_that_there_are() -> None:
    assert MEANINGS.keys() - OPTIONS.keys() == set()
    assert {kind for meanings in MEANINGS.values() for kind in meanings} <= VALUES.keys()


class Sloppy(asgi_stack.HeaderMiddleware):
    """Takes whatever comes."""

    __slots__ = ()

    def __init__(self, app: Any, *, allow: bool = False, names: Any = ()) -> None:
        super().__init__(app)
        list(names)


def test_an_option_that_is_not_looked_at_is_found() -> None:
    allow, names = options_of("Sloppy", Sloppy, application)

    assert faults_of(allow, ON_OR_OFF).keys() == VALUES.keys() - ON_OR_OFF.keys()
    assert faults_of(names, NOTHING)["5"] == "TypeError: 'int' object is not iterable"


@pytest.mark.parametrize("kind", VALUES)
def test_a_secret_is_never_shown(kind: str) -> None:
    with pytest.raises(OptionError) as caught:
        OPTIONS["BasicAuthMiddleware.users"].give(VALUES[kind])

    assert re.search(r"users(\(\))?=\*\*\* is not usable\.", str(caught.value))
