"""The http scope as nearly every server makes it, told from the rest in as few steps as there are."""

from operator import itemgetter
from typing import Any

__all__ = ["is_usual"]

_KEYS = (
    "asgi",
    "http_version",
    "method",
    "scheme",
    "path",
    "raw_path",
    "query_string",
    "root_path",
    "client",
    "server",
    "extensions",
)
_values_of = itemgetter(*_KEYS)
# With "type" and "headers".
_COUNT = len(_KEYS) + 2
_VERSIONS = frozenset({"1.0", "1.1", "2"})


def is_usual(scope: dict[Any, Any]) -> bool:
    """Tell whether an http scope is as usual: then it keeps all rules, but for those about headers.

    One that is not may keep them as well: that takes a look at each of its keys.
    """
    # So many, and all that are asked for: there are no others.
    stateful = "state" in scope
    if len(scope) != _COUNT + stateful or "headers" not in scope:
        return False
    try:
        asgi, version, method, scheme, path, raw_path, query, root_path, client, server, extensions = (
            _values_of(scope)
        )
    except KeyError:
        return False
    if not (type(client) is type(server) is tuple and len(client) == len(server) == 2):
        return False
    (client_host, client_port), (server_host, server_port) = client, server
    return (
        type(version) is type(method) is type(scheme) is type(path) is type(root_path) is str
        and type(raw_path) is type(query) is bytes
        and type(asgi) is type(extensions) is dict
        and version in _VERSIONS
        and method.isupper()
        and scheme != ""
        and path.isascii()
        and "?" not in path
        and raw_path.find(b"?") < 0
        and not extensions
        and (not stateful or type(scope["state"]) is dict)
        and type(asgi.get("version")) is type(asgi.get("spec_version", "")) is str
        and type(client_host) is type(server_host) is str
        and type(client_port) is type(server_port) is int
        and 0 <= client_port <= 65535 >= server_port >= 0
    )
