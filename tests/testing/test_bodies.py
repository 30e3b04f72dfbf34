from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from starlette.requests import Request

from asgi_stack.errors import OptionError
from asgi_stack.testing import ASGIClient, Recorder
from asgi_stack.testing.bodies import encode_body
from tests.helpers import shown


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


async def form_of(**options: Any) -> list[tuple[str, Any]]:
    """What Starlette reads in a form: text, or the name, the content and the media type of a file."""
    read: list[tuple[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        async with Request(scope, receive).form() as form:
            for name, value in form.multi_items():
                file = not isinstance(value, str)
                read.append(
                    (name, (value.filename, await value.read(), value.content_type) if file else value)
                )
        await Recorder(reads=False)(scope, receive, send)

    await ASGIClient(app).post("/", **options)
    return read


OCTETS = "application/octet-stream"


@pytest.mark.parametrize(
    ("file", "read"),
    [
        (b"raw", ("x", b"raw", OCTETS)),
        ("é", ("x", b"\xc3\xa9", OCTETS)),
        (('a".txt', b"\r\n--"), ("a%22.txt", b"\r\n--", OCTETS)),
        (("t.txt", "t", "text/plain"), ("t.txt", b"t", "text/plain")),
        (BytesIO(b"opened"), ("x", b"opened", OCTETS)),
        (("b.txt", BytesIO(b"opened"), "text/plain"), ("b.txt", b"opened", "text/plain")),
        (SimpleUploadedFile("u.css", b"body {}", "text/css"), ("u.css", b"body {}", "text/css")),
    ],
)
async def test_a_file_is_understood_by_others(file: Any, read: Any) -> None:
    assert await form_of(files={"x": file}) == [("x", read)]


async def test_a_file_of_the_disk_has_its_name(tmp_path: Path) -> None:
    path = tmp_path / "cv.pdf"
    path.write_bytes(b"%PDF")
    with path.open("rb") as file:
        assert await form_of(files={"x": file}) == [("x", ("cv.pdf", b"%PDF", OCTETS))]


async def test_a_field_may_have_several_files() -> None:
    read = await form_of(files={"x": [b"1", ("b", b"2"), BytesIO(b"3")]})

    assert [(name, value[0], value[1]) for name, value in read] == [
        ("x", "x", b"1"), ("x", "b", b"2"), ("x", "x", b"3")
    ]  # fmt: skip


async def test_a_field_of_a_strange_name_stays_one_field() -> None:
    assert await form_of(data={'q"': "1"}, files={"a\r\nb": b""}) == [
        ("q%22", "1"),
        ("a%0D%0Ab", ("a%0D%0Ab", b"", OCTETS)),
    ]


@pytest.mark.parametrize("files", [{}, {"files": {}}], ids=["urlencoded", "multipart"])
@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("é", ["é"]),
        (b"x", ["x"]),
        (7, ["7"]),
        (True, ["True"]),
        (["a", b"b", 3], ["a", "b", "3"]),
        (("a", "b"), ["a", "b"]),
        ([], []),
    ],
)
async def test_a_value_is_the_same_in_both_kinds_of_form(files: Any, value: Any, read: list[str]) -> None:
    given = await form_of(data={"name": value}, **files)

    assert given == [("name", each) for each in read]


async def test_bytes_stay_as_they_are_in_a_form_with_files() -> None:
    inner = Recorder()
    await ASGIClient(inner).post("/", data={"x": b"\xff\x00"}, files={})

    assert b"\r\n\r\n\xff\x00\r\n" in inner.body


async def test_fields_and_files_may_be_pairs() -> None:
    read = await form_of(data=[("a", "1"), ("a", "2")], files=[("f", b"1"), ("f", b"2")])

    assert [name for name, _ in read] == ["a", "a", "f", "f"]


OPENED = StringIO("text")
WRONG: list[tuple[Any, str]] = [
    ({"data": {"a": None}}, r"data\['a'\]=None is not usable. Give text, bytes or a number"),
    ({"data": {"a": ["x", None]}}, r"data\['a'\]=None"),
    ({"data": {"a": {"b": 1}}}, r"data\['a'\]=\{'b': 1\}"),
    ({"data": {"a": BytesIO()}}, r"data\['a'\]=.*a file goes into files="),
    ({"data": 5}, r"data=5 is not usable. Give a mapping, or pairs"),
    ({"data": b"a=1"}, r"data=b'a=1' is not usable. Give a mapping, or pairs"),
    ({"data": {1: "x"}}, r"data=\{1: 'x'\} is not usable. Give each field a name that is text"),
    ({"files": [b"1", b"2"]}, r"files=\[b'1', b'2'\] is not usable. Give each field a name"),
    ({"files": {"f": 7}}, r"files\['f'\]=7 is not usable. Give bytes, text, a file that is open"),
    ({"files": {"f": [b"1", None]}}, r"files\['f'\]=None"),
    ({"files": {"f": ("a.txt",)}}, r"files\['f'\]=\('a.txt',\)"),
    ({"files": {"f": (7, b"")}}, r"files\['f'\]=\(7, b''\)"),
    ({"files": {"f": ("a.txt", b"", 7)}}, r"files\['f'\]=\('a.txt', b'', 7\)"),
    ({"files": {"f": bytearray(b"x")}}, r"files\['f'\]=bytearray"),
    ({"files": {"f": OPENED}}, r"files\['f'\]=.*StringIO.*Open it in binary mode, 'rb'"),
    ({"content": bytearray(b"x")}, r"content=bytearray\(b'x'\) is not usable. Give bytes, text, or a list"),
    ({"content": memoryview(b"x")}, r"content=<memory.*Give bytes"),
    ({"content": [b"a", bytearray(b"x")]}, r"content=bytearray"),
    ({"content": {"a": 1}}, r"content=\{'a': 1\}"),
    ({"content": 5}, "content=5"),
    ({"headers": {"x-a": 1}}, r"headers=\{'x-a': 1\} is not usable. Give a mapping or pairs"),
    ({"headers": [("x-a", bytearray(b"1"))]}, "headers=.*text in Latin-1 or bytes"),
    ({"headers": {"x-a": "€"}}, "headers=.*text in Latin-1 or bytes"),
    ({"headers": "x-a: 1"}, "headers='x-a: 1' is not usable"),
]


@pytest.mark.parametrize(("options", "text"), WRONG, ids=lambda value: shown(value)[:40])
async def test_a_wrong_value_is_the_fault_of_the_test_and_is_named(options: Any, text: str) -> None:
    with pytest.raises(OptionError, match=text):
        await ASGIClient(Recorder()).post("/", **options)


@pytest.mark.parametrize("body", [bytearray(b"x"), "x", None, 7])
async def test_a_step_of_a_body_that_is_no_bytes_is_the_fault_of_the_test(body: Any) -> None:
    async with ASGIClient(Recorder()).stream("POST", "/") as exchange:
        with pytest.raises(OptionError, match=r"body=.* is not usable. Give bytes"):
            await exchange.send_body(body)


@pytest.mark.parametrize(
    ("send", "text"),
    [
        (
            lambda ws: ws.send_bytes(bytearray(b"x")),
            r"data=bytearray\(b'x'\).*Give bytes",
        ),
        (lambda ws: ws.send_bytes("x"), "data='x'.*text goes by send_text"),
        (lambda ws: ws.send_text(b"x"), "text=b'x'.*bytes go by send_bytes"),
    ],
)
async def test_a_message_of_the_wrong_kind_is_the_fault_of_the_test(send: Any, text: str) -> None:
    async with ASGIClient(Recorder()).websocket("/") as websocket:
        with pytest.raises(OptionError, match=text):
            await send(websocket)


@pytest.mark.parametrize("body", [bytearray(b"x"), [b"a", "b"], "x", None])
def test_what_a_recorder_is_to_send_is_bytes_too(body: Any) -> None:
    with pytest.raises(OptionError, match=r"Recorder: body=.* is not usable. Give bytes, or a list of them"):
        Recorder(body=body)
