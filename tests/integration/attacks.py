"""Attacks that the edge refuses: each by its number and name, as the bytes that are sent."""

from tests.integration.wire import request_bytes

CLOSE = "Connection: close"
HTTPS = "X-Forwarded-Proto: https"
FOO = "https://foo.com"  # an origin that the edge allows

LONG_LIST = "X-Forwarded-For: " + ", ".join(["1.2.3.4"] * 700)
COMMAS = "X-Forwarded-For: " + " ," * 5000
EVIL = "X-Forwarded-Host: example.com"


def hosts(*values: str, more: tuple[str, ...] = ()) -> bytes:
    return request_bytes("GET", "/", None, *[f"Host: {value}" for value in values], CLOSE, HTTPS, *more)


def get(target: str, *lines: str, method: str = "GET") -> bytes:
    return request_bytes(method, target, "example.com", CLOSE, HTTPS, *lines)


REFUSED: dict[str, tuple[int, bytes]] = {
    "10 seven hundred entries": (400, get("/", LONG_LIST)),
    "10 spaces and commas": (400, get("/", COMMAS)),
    "10 many lines": (400, get("/", *["X-Forwarded-For: 1.2.3.4"] * 70)),
    "12 another host": (400, hosts("evil.com")),
    "12 another host and port": (400, hosts("evil.com:443")),
    "12 an address": (400, hosts("127.0.0.1")),
    "13 two hosts": (400, hosts("example.com", "evil.com")),
    "13 two hosts, the other way round": (400, hosts("evil.com", "example.com")),
    "13 the same host twice": (400, hosts("example.com", "example.com")),
    "14 user information": (400, hosts("evil.com:fake@example.com")),
    "14 a path": (400, hosts("example.com/../admin")),
    "14 a query": (400, hosts("example.com?x")),
    "14 a fragment": (400, hosts("example.com#evil.com")),
    "14 a space": (400, hosts("a b")),
    "14 a list": (400, hosts("example.com, evil.com")),
    "14 a port that is none": (400, hosts("example.com:evil")),
    "15 one letter for the dot": (400, hosts("exampleXcom")),
    "15 a longer name": (400, hosts("notexample.com")),
    "15 a name below": (400, hosts("example.com.evil.com")),
    "16 no host": (400, hosts(more=(EVIL,))),
    "16 an empty host": (400, hosts("", more=(EVIL,))),
    "16 no host in HTTP/1.0": (400, hosts(more=(EVIL,)).replace(b"HTTP/1.1", b"HTTP/1.0")),
    "17 a redirect to another host": (400, hosts("evil.com").replace(HTTPS.encode(), b"X-A: b")),
    "18 an encoded slash": (400, get("/static/..%2f..%2fsettings.py")),
    "18 encoded dots": (400, get("/a/%2e%2e/b")),
    "18 plain dots": (400, get("/a/../b")),
    "18 NUL": (400, get("/%00")),
    "18 an encoded backslash": (400, get("/a%5c..%5cb")),
    "18 encoded twice": (400, get("/%252e%252e/")),
    "18 below another site": (400, get("/stranger/..%2fadmin")),
    "19 many lines": (431, get("/", *["X-A: b"] * 120)),
    "19 five thousand lines": (431, get("/", *["X-A: b"] * 5000)),
    "20 vertical tab": (400, get("/", "X-A: a\x0bb")),
    "20 file separator": (400, get("/", "X-A: a\x1cb")),
    "20 next line": (400, get("/", "X-A: a\x85b")),
    "20 carriage return": (400, get("/", "X-A: a\rb")),
    "37 a method that no page may use": (
        403,
        get("/", f"Origin: {FOO}", "Access-Control-Request-Method: DELETE", method="OPTIONS"),
    ),
    "37 a preflight of another origin": (
        403,
        get("/", "Origin: https://evil.com", "Access-Control-Request-Method: GET", method="OPTIONS"),
    ),
    "37 names by the thousand": (
        403,
        get(
            "/",
            f"Origin: {FOO}",
            "Access-Control-Request-Method: GET",
            "Access-Control-Request-Headers: " + ",".join(["x-evil"] * 1400),
            method="OPTIONS",
        ),
    ),
    "38 cross-site": (403, get("/", "Sec-Fetch-Site: cross-site", "Content-Length: 0", method="POST")),
    "38 same-site": (403, get("/", "Sec-Fetch-Site: same-site", "Content-Length: 0", method="DELETE")),
    "38 capital letters": (403, get("/", "Sec-Fetch-Site: Same-Origin", "Content-Length: 0", method="POST")),
    "38 another origin": (403, get("/", "Origin: https://evil.com", "Content-Length: 0", method="POST")),
    "38 no origin": (403, get("/", "Origin: null", "Content-Length: 0", method="PUT")),
    "39 said twice": (
        403,
        get(
            "/",
            "Sec-Fetch-Site: same-origin",
            "Sec-Fetch-Site: cross-site",
            "Content-Length: 0",
            method="POST",
        ),
    ),
}
"""By name: the status of the answer, and the request."""

HOSTS = ["13 two hosts", "13 two hosts, the other way round", "13 the same host twice", "16 no host"]
CONTROLS = ["20 vertical tab", "20 file separator", "20 carriage return"]
H11 = {
    **dict.fromkeys(HOSTS, "h11 wants exactly one host"),
    **dict.fromkeys(["20 vertical tab", "20 carriage return"], "h11 knows these to be no part of a value"),
}

EARLIER: dict[str, dict[str, str]] = {
    "uvicorn-h11": H11,
    "uvicorn-httptools": dict.fromkeys(CONTROLS, "llhttp lets no control character into a value"),
    "hypercorn": H11,
    "daphne": {
        "19 five thousand lines": "Twisted takes 500 lines at most, and says 400",
        **dict.fromkeys([*CONTROLS, "20 next line"], "Daphne lets nothing in that breaks a line for Python"),
    },
    "granian": {
        **dict.fromkeys(["19 many lines", "19 five thousand lines"], "hyper takes 100 lines at most"),
        **dict.fromkeys(CONTROLS, "hyper lets no control character into a value"),
    },
}
"""Where the server gives the answer, by the server and the name of the attack, and why."""

OTHER_STATUS = {("daphne", "19 five thousand lines"): 400}
