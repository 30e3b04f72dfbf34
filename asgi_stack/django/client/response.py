"""What came out of a stack, as the response object that Django's test client gives to a test."""

from collections import defaultdict
from collections.abc import Iterable
from http.cookies import Morsel, SimpleCookie
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from asgi_stack.types import Message

__all__ = ["is_same_response", "put_body", "put_head", "reply_with"]


def is_same_response(response: HttpResponseBase | None, head: Message) -> bool:
    """Tell whether the response that Django made is the one whose *head* came out of the stack."""
    return response is not None and response.status_code == head["status"]


# The statuses that Django's client follows.
_REDIRECTS = (301, 302, 303, 307, 308)


class StackRedirect(HttpResponse):
    """A response that leads elsewhere: Django's client and ``assertRedirects`` look at its `url`."""

    @property
    def url(self) -> str:
        return self["location"]


def reply_with(head: Message) -> HttpResponse:
    """Return an empty response for what a layer, or another application, has answered."""
    leads = any(name.lower() == b"location" for name, _ in head.get("headers", ()))
    kind = StackRedirect if leads and head["status"] in _REDIRECTS else HttpResponse
    response = kind(status=head["status"])
    put_head(response, head)
    return response


def put_head(response: HttpResponseBase, head: Message) -> None:
    """Give *response* the header fields and the cookies that came out of the stack."""
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in head.get("headers", ()):
        values[name.decode("latin-1").lower()].append(value.decode("latin-1"))
    _put_cookies(response, values.pop("set-cookie", []))
    for name in [name for name in response.headers if name.lower() not in values]:
        del response.headers[name]
    for name, lines in values.items():
        if response.headers.get(name) != ", ".join(lines):
            response.headers[name] = ", ".join(lines)


def put_body(response: HttpResponseBase, chunks: Iterable[bytes]) -> None:
    """Give *response* the body that came out of the stack, where it is not the one that it has."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = iter(chunks)
    elif isinstance(response, HttpResponse) and response.content != (body := b"".join(chunks)):
        response.content = body


def _put_cookies(response: HttpResponseBase, lines: list[str]) -> None:
    if lines == [morsel.OutputString() for morsel in response.cookies.values()]:
        return
    response.cookies = SimpleCookie()
    for line in lines:
        pair, *attributes = line.split(";")
        known = [text for text in attributes if text.partition("=")[0].strip().lower() in _ATTRIBUTES]
        # One attribute that this Python does not know would lose the whole cookie.
        response.cookies.load(";".join([pair, *known]))


_ATTRIBUTES = frozenset(Morsel[Any]())
