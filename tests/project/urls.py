"""Views that tell what reached them."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path


async def show(request: HttpRequest) -> JsonResponse:
    scope = request.scope  # type: ignore[attr-defined]  # an ASGIRequest
    return JsonResponse({"keys": sorted(scope), "state": scope.get("state"), "host": request.get_host()})


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello " * 200, content_type="text/plain")


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the view failed")


urlpatterns = [path("show/", show), path("hello/", hello), path("fail/", fail)]
