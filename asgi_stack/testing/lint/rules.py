"""The rules of the ASGI specification that something between a server and an application can see.

The ids are those of the project's list of 156 rules; what is missing between them cannot be seen from here
(whether a server flushes its buffer, say). The ids that begin with ``X`` are not in the letter of ASGI: they
follow from it, or from RFC 9110. A rule about an optional key only speaks of the value when there is one.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias, cast

__all__ = ["APPLICATION", "READ", "RULES", "SERVER", "SHOULD", "Duty", "Level", "Rule"]

READ = (
    "Read, rule by rule, on 2026-11-27: the texts of [asgiref](https://github.com/django/asgiref) of\n"
    "2026-07-19 (a7cc976), and what was merged into them since: early hints come ahead of the response\n"
    'start (#579, 2026-08-10), and `http_version` may be "3" (#589, 2026-09-16).'
)
"""Which texts the rules are those of."""

Level: TypeAlias = Literal["must", "should"]
"""How strong a rule is: RFC 2119's words; what the specification merely implies is a ``should``."""

Duty: TypeAlias = Literal["application", "server", "both"]
"""Who keeps a rule. A middleware is an application to what is outside of it, a server to what is inside."""

APPLICATION: Literal["application"] = "application"
SERVER: Literal["server"] = "server"


class Rule(NamedTuple):
    """One rule: its id, how strong it is, who keeps it, what it says and where it comes from."""

    id: str
    level: Level
    duty: Duty
    sentence: str
    section: str


_TABLE = """
# asgi 3.0, Applications
C2   must    server       The scope is a dict.
C21  must    both         `receive()` gives one event dict; `send()` takes one event dict.
X3   should  application  One `receive()` is outstanding at a time: who gets the next event is open otherwise.
# asgi 3.0, Connection Scope
C3   must    server       `scope["type"]` is present and a str.
C4   must    server       `scope["asgi"]` is a dict; its `version` is a str.
C5   must    server       `scope["asgi"]["spec_version"]`, if given, is a str.
# asgi 3.0, Events
C6   must    both         Every event has a `type`, a str.
C8   must    both         Events hold only bytes, str, 64-bit int, finite float, list, dict, bool and None.
# asgi 3.0, Protocol Specifications
C7   should  both         The type of an event is `protocol.message`: the scope's type, and a known message.
# asgi 3.0, Strings and Unicode
C9   must    both         Every key of a scope and of an event is a str.
# asgi 3.0, Middleware
C11  should  application  A scope is copied before it is changed.
C12  should  server       A scope that was handed inward is not changed afterwards.
X8   should  both         An event, and the header list in it, stays as it is once it was handed over.
# asgi 3.0, Extensions
C19  must    server       `scope["extensions"]`, if given, is a dict of str to dict.
C20  must    application  An event that is not in the specification needs an extension that is advertised.
# www 2.5, HTTP
H1   must    server       The type of an HTTP scope is exactly "http".
# www 2.5, HTTP Connection Scope
H2   must    server       `asgi["version"]` is present.
H3   must    server       `asgi["spec_version"]`, if given, is a str.
H4   must    server       `http_version` is "1.0", "1.1", "2" or "3".
H5   must    server       `method` is a str in upper case.
H6   must    server       `scheme`, if given, is a str that is not empty.
H7   must    server       `path` is a str, decoded from percent-encoding and UTF-8, without the query.
H8   must    server       `raw_path`, if given, is bytes without the query, or None.
H9   must    server       `query_string` is bytes.
H10  must    server       `root_path`, if given, is a str.
H11  must    server       `headers` is an iterable of pairs of bytes.
H14  must    server       `headers` has no pseudo header.
H15  must    server       `client`, if given, is a pair of str and int, or None.
H16  must    server       `server`, if given, is a pair of str and int, a pair of str and None, or None.
H17  must    server       `state`, if given, is a dict.
# www 2.5, Request
H21  must    server       `body`, if given, is bytes.
H22  must    server       `more_body`, if given, is a bool.
X6   should  server       The request is complete with `more_body` False: no `http.request` follows.
# www 2.5, Response Start
H25  must    application  A start is followed by at least one body message.
H26  must    application  `status` is an int, an HTTP status code (RFC 9110, 15: from 100 to 599).
H27  must    application  `headers`, if given, is an iterable of pairs of bytes.
H28  must    application  Header names are in lower case.
H30  must    application  There is no pseudo header.
H31  must    application  `trailers`, if given, is a bool.
H40  should  application  There is exactly one start, and it is ahead of any body.
# www 2.5, Response Body
H36  must    application  `body`, if given, is bytes.
H37  must    application  `more_body`, if given, is a bool.
X4   should  application  A response that was started is finished, unless the client has gone.
X5   should  application  Nothing is sent after the response is complete or the application has returned.
# www 2.5, Disconnect
X7   should  server       After a disconnect there are no other events.
# RFC 9110, 8.6
X1   must    application  `content-length` is one decimal number: the bytes of the body, except for HEAD.
# RFC 9110, 6.4.1 and 15
X2   must    application  A response with status 1xx, 204, 205 or 304 has no content.
# RFC 9110, 8.4
X9   must    application  A body under a `content-encoding` is in that coding, and nothing of it is missing.
X10  should  application  It is one piece in that coding: many clients stop at the end of the first.
# www 2.5, WebSocket
W1   must    server       The type of a websocket scope is exactly "websocket".
# www 2.5, Websocket Connection Scope
W2   must    server       `asgi["version"]` is present.
W3   must    server       `asgi["spec_version"]`, if given, is a str.
W4   must    server       `http_version`, if given, is "1.1", "2" or "3".
W5   must    server       `scheme`, if given, is a str that is not empty.
W6   must    server       `path` is a str, decoded from percent-encoding and UTF-8, without the query.
W7   must    server       `raw_path`, if given, is bytes without the query, or None.
W8   must    server       `query_string`, if given, is bytes or None.
W9   must    server       `root_path`, if given, is a str.
W10  must    server       `headers` is an iterable of pairs of bytes without pseudo headers.
W11  must    server       `client` and `server`, if given, are a pair of host and port (as H15, H16) or None.
W12  must    server       `subprotocols`, if given, is an iterable of str.
W13  must    server       `state`, if given, is a dict.
# www 2.5, Connect
W15  must    both         `websocket.connect` comes first, once, and is answered before anything is received.
# www 2.5, Accept
W17  must    application  `subprotocol`, if given, is a str or None.
W18  must    application  `headers`, if given, are pairs of bytes, in lower case; they need spec version 2.1.
W19  must    application  `headers` has no `sec-websocket-protocol`: that is what `subprotocol` is for.
W20  must    application  `headers` has no pseudo header.
W30  should  application  There is one accept, and nothing is sent ahead of it.
# www 2.5, Receive
W21  must    server       Exactly one of `bytes` and `text` is not None, and of that type.
# www 2.5, Send
W22  must    application  Exactly one of `bytes` and `text` is not None, and of that type.
# www 2.5, Disconnect (WebSocket)
W23  must    server       `code` is an int.
W24  must    server       `reason`, if given, is a str or None.
# www 2.5, Close
W28  must    application  `code`, if given, is an int; `reason`, if given, is a str or None.
W31  should  application  Nothing is sent after a close.
# lifespan 2.0, Scope
LS1  must    server       The type of a lifespan scope is exactly "lifespan".
LS2  must    server       `asgi["spec_version"]`, if given, is a str.
LS3  must    server       `state`, if given, is a dict.
# lifespan 2.0, Startup and Shutdown
LS5  must    server       `lifespan.startup` comes first and once, `lifespan.shutdown` once after it.
LS7  must    application  The `message` of `lifespan.startup.failed`, if given, is a str.
LS10 must    application  The `message` of `lifespan.shutdown.failed`, if given, is a str.
LS14 should  application  Each phase is answered once, by complete or by failed, after its event was received.
# extensions, Websocket Denial Response
E1   must    application  A denial response needs the extension `websocket.http.response`.
E2   must    application  It is sent in place of an accept or a close.
E3   must    application  No other websocket event follows it.
E4   must    application  It is shaped and ordered as an HTTP response is, and finished.
# extensions, HTTP/2 Server Push
E5   must    application  A push needs the extension `http.response.push`.
E6   must    application  It is sent after the start and ahead of the last body.
E7   must    application  `path` is a str.
E8   must    application  `headers` are pairs of bytes, in lower case, without pseudo headers.
# extensions, Zero Copy Send
E10  must    application  A zero copy send needs the extension `http.response.zerocopysend`.
E11  must    application  It is sent after the start and ahead of the last body.
E12  must    application  `file` has a file descriptor of the operating system.
E13  must    application  `offset`, if given, is an int.
E14  must    application  `count`, if given, is an int.
E15  must    application  `more_body`, if given, is a bool.
# extensions, Path Send
E17  must    application  A path send needs the extension `http.response.pathsend`.
E18  must    application  It is sent after the start, and never mixed with bodies.
E19  must    application  It is sent once in a response.
E20  must    application  `path` is a str, an absolute path.
# extensions, Early Hints
E22  must    application  An early hint needs the extension `http.response.early_hint`.
E23  must    application  It is sent ahead of the response start.
E24  must    application  `links` is an iterable of bytes.
# extensions, HTTP Trailers
E26  must    application  Trailers need the extension `http.response.trailers`.
E27  must    application  Trailers are announced by `trailers` True in the start.
E28  must    application  Trailers follow the last body.
E29  must    application  `headers` are pairs of bytes, in lower case, without pseudo headers.
E30  must    application  `more_trailers`, if given, is a bool.
# extensions, Debug
E34  must    application  Debug information needs the extension `http.response.debug`.
E35  must    application  It is sent once, ahead of the start.
E36  must    application  `info` is a dict with str keys.
# tls 0.2
E37  must    server       The extension `tls` is there on TLS connections only.
E38  must    server       `server_cert` is present: a str or None.
E39  must    server       `client_cert_chain`, if given, is an iterable of str.
E40  must    server       `client_cert_name` is a str or None, and a str where there is a chain.
E41  must    server       `client_cert_error`, if given, is None or a str that is not empty.
E42  must    server       `tls_version` is present: an unsigned int or None.
E43  must    server       `cipher_suite` is present: an unsigned 16-bit int or None.
"""


def _rules(table: str) -> Iterator[Rule]:
    section = ""
    for line in table.strip().splitlines():
        if line.startswith("# "):
            section = line[2:]
            continue
        rule_id, level, duty, sentence = line.split(maxsplit=3)
        yield Rule(rule_id, cast("Level", level), cast("Duty", duty), sentence, section)


RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in _rules(_TABLE)})
"""Every rule that `Lint` checks, by its id, in the order of the specification's documents."""

SHOULD: frozenset[str] = frozenset(rule.id for rule in RULES.values() if rule.level == "should")
"""The ids of the rules that are not a "must": ``Lint(app, ignore=SHOULD)`` keeps to the letter only."""
