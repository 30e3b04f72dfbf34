"""What a test client must be able to reach: sessions, forms, templates, redirects, streams."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template import Context, Template
from django.urls import path


async def counted(request: HttpRequest) -> HttpResponse:
    request.session["visits"] = request.session.get("visits", 0) + 1
    return HttpResponse(f"visit {request.session['visits']}")


def upload(request: HttpRequest) -> JsonResponse:
    files = {name: file.read().decode() for name, file in request.FILES.items()}
    return JsonResponse({"fields": request.POST.dict(), "files": files})


def templated(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Template("Hello {{ name }}").render(Context({"name": "you"})))


def redirected(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect("/templated/")
    response.set_cookie("seen", "yes", max_age=60)
    return response


class Events:
    """Numbers without end, which remember how many were asked for and that they were closed."""

    asked = 0
    closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            while True:
                Events.asked += 1
                yield b"%d;" % Events.asked
        finally:
            Events.closed = True


async def endless(request: HttpRequest) -> StreamingHttpResponse:
    Events.asked, Events.closed = 0, False
    return StreamingHttpResponse(aiter(Events()))


async def broken_stream(request: HttpRequest) -> StreamingHttpResponse:
    async def content() -> AsyncIterator[bytes]:
        yield b"half"
        raise RuntimeError("the stream failed")

    return StreamingHttpResponse(content())


def sync_stream(request: HttpRequest) -> StreamingHttpResponse:
    def content() -> Iterator[bytes]:
        yield from (b"a", b"b")

    return StreamingHttpResponse(content())


async def echo(request: HttpRequest, **kwargs: Any) -> JsonResponse:
    scope = request.scope  # type: ignore[attr-defined]  # an ASGIRequest
    return JsonResponse(
        {
            "path": request.path,
            "query": request.META["QUERY_STRING"],
            "raw_path": scope["raw_path"].decode(),
            "server": [*scope["server"]],
            "cookie": request.headers.get("cookie"),
            "state": scope.get("state"),
            "token": request.headers.get("x-token"),
        }
    )


async def unchanged(request: HttpRequest) -> HttpResponse:
    return HttpResponseNotModified()


urlpatterns = [
    path("counted/", counted),
    path("upload/", upload),
    path("templated/", templated),
    path("redirected/", redirected),
    path("endless/", endless),
    path("broken/", broken_stream),
    path("sync/", sync_stream),
    path("unchanged/", unchanged),
    path("echo/", echo),
    path("echo/<str:name>/", echo),
]
