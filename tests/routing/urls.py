"""Views that tell where they think they are mounted."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse


async def where(request: HttpRequest, name: str = "") -> JsonResponse:
    return JsonResponse(
        {
            "path": request.path,
            "path_info": request.path_info,
            "reversed": reverse("named", args=["x"]),
            "absolute": request.build_absolute_uri(),
        }
    )


def away(request: HttpRequest) -> HttpResponse:
    return redirect("named", name="x")


urlpatterns = [path("", where), path("away/", away), path("named/<path:name>/", where, name="named")]
