"""One view for each way in which a response can come about."""

import time

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from pages import streams

GIBIBYTE = 1024**3


def around(request: HttpRequest) -> dict[str, object]:
    """What the stack tells a view: its own layers, the request's id, and the state made at the start."""
    from mysite.asgi import application

    state = request.scope.get("state") or {}
    return {
        "layers": repr(application.stack),
        "request_id": request.scope.get("asgi_stack.request_id"),
        "uptime": round(time.monotonic() - state["started"]) if "started" in state else None,
        "address": request.build_absolute_uri("/").rstrip("/"),
    }


@require_safe
async def home(request: HttpRequest) -> HttpResponse:
    """The first page, by an asynchronous view."""
    return render(request, "pages/home.html", {"view": "asynchronous", **around(request)})


@require_safe
def sync(request: HttpRequest) -> HttpResponse:
    """The same page, by a synchronous view in a thread."""
    return render(request, "pages/home.html", {"view": "synchronous", **around(request)})


@require_safe
async def stream(request: HttpRequest) -> HttpResponse:
    """``?count=`` chunks of ``?size=`` bytes, made while they are sent; ``&name=`` to follow the progress."""
    try:
        count, size = int(request.GET.get("count", 10)), int(request.GET.get("size", 64))
    except ValueError:
        return HttpResponseBadRequest("count and size are whole numbers.\n", content_type="text/plain")
    if count < 0 or size < 1 or count * size > GIBIBYTE:
        return HttpResponseBadRequest("Ask for at most 1 GiB.\n", content_type="text/plain")
    made = streams.chunks(streams.begin(request.GET.get("name", "")), count, size)
    headers = {"Content-Length": str(count * size)}
    return StreamingHttpResponse(made, content_type="text/plain", headers=headers)


@require_safe
async def progress(request: HttpRequest) -> HttpResponse:
    """How far the stream ``?name=`` came."""
    return JsonResponse(streams.PROGRESS.get(request.GET.get("name", ""), {"chunks": 0, "state": "unknown"}))


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A form for a file; posted, the file's name and size."""
    file = request.FILES.get("file")
    if request.method == "POST" and file is None:
        return HttpResponseBadRequest("Send a file in the field 'file'.\n", content_type="text/plain")
    return render(request, "pages/upload.html", {"file": file})


async def error(request: HttpRequest) -> HttpResponse:
    """Fails, so that you can see what the stack adds to Django's own error page."""
    raise RuntimeError(f"{reverse('pages:error')} always fails.")
