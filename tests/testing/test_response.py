import tempfile
from pathlib import Path
from typing import Any

import pytest

from asgi_stack.testing import ASGIClient, Headers, Recorder, Response
from asgi_stack.testing.response import body_of, ends_body


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("", "\ufffd"),
        ("text/plain; charset=latin-1", "é"),
        ('text/plain; charset="latin-1"', "é"),
        ("text/plain; charset=nonsense", "\ufffd"),
    ],
)
def test_text_follows_the_charset(content_type: str, text: str) -> None:
    headers = Headers([(b"content-type", content_type.encode())])

    assert Response(200, headers, b"\xe9").text == text


def test_json_is_read() -> None:
    assert Response(200, content=b'{"a": 1}').json() == {"a": 1}


def test_content_that_is_no_json_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        Response(200, content=b"<html>").json()


def test_a_path_that_a_server_would_send_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"abc")
    message = {"type": "http.response.pathsend", "path": str(file)}

    assert (body_of(message), ends_body(message)) == (b"abc", True)


@pytest.mark.parametrize(
    ("options", "body"), [({}, b"cde"), ({"offset": 1}, b"bcde"), ({"offset": 1, "count": 2}, b"bc")]
)
def test_a_file_that_a_server_would_send_is_read(options: dict[str, Any], body: bytes) -> None:
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(b"abcde")
        file.seek(2)
        message = {"type": "http.response.zerocopysend", "file": file, "more_body": True, **options}

        assert (body_of(message), ends_body(message)) == (body, False)


async def test_the_first_of_two_starts_is_the_response() -> None:
    hint = {"type": "http.response.early_hint", "links": []}
    starts = [
        {"type": "http.response.start", "status": code, "headers": [(b"a", b"%d" % code)]}
        for code in (200, 500)
    ]
    inner = Recorder(messages=[hint, *starts, {"type": "http.response.body"}])
    response = await ASGIClient(inner, lint=False).get("/")

    assert (response.status, response.headers["a"]) == (200, "200")
