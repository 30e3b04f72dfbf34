from typing import Any

import pytest
from starlette.requests import Request

from asgi_stack.errors import OptionError
from asgi_stack.testing import ASGIClient
from asgi_stack.testing.bodies import encode_body


@pytest.mark.parametrize(
    ("options", "chunks", "content_type"),
    [
        ({"content": b"a"}, [b"a"], None),
        ({"content": "é"}, [b"\xc3\xa9"], None),
        ({"content": [b"a", b"b"]}, [b"a", b"b"], None),
        ({"content": []}, [b""], None),
        ({"json": {"a": None}}, [b'{"a": null}'], "application/json"),
        ({"data": {"a": [1, "&"]}}, [b"a=1&a=%26"], "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_is_encoded(options: Any, chunks: list[bytes], content_type: str | None) -> None:
    assert encode_body(options) == (chunks, content_type)


def test_a_request_without_a_body_says_nothing() -> None:
    assert encode_body({}) is None


@pytest.mark.parametrize(
    "options", [{"content": b"", "json": 1}, {"json": 1, "data": {}}, {"json": 1, "files": {}}]
)
def test_two_bodies_are_refused(options: Any) -> None:
    with pytest.raises(OptionError, match="Use one of content, json and data; files go with data or alone"):
        encode_body(options)


async def test_a_multipart_form_is_understood_by_others() -> None:
    seen: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        async with Request(scope, receive).form() as form:
            for name, value in form.multi_items():
                seen[name] = value if isinstance(value, str) else (value.filename, await value.read())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    files = {"x": b"raw", 'q"': ('a".txt', b"\r\n--"), "t": ("t.txt", b"t", "text/plain")}
    await ASGIClient(app).post("/", data={"name": "é"}, files=files)

    assert seen == {"name": "é", "x": ("x", b"raw"), "q%22": ("a%22.txt", b"\r\n--"), "t": ("t.txt", b"t")}
