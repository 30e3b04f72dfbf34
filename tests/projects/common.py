"""What the projects have in common: a site of two dozen pages, a log-in, an API and a probe."""

import os
import uuid
from typing import Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.urls import path
from django.views.decorators.http import require_POST

CODE = uuid.UUID("12345678-1234-5678-1234-567812345678")

BASE: dict[str, Any] = {
    "SECRET_KEY": "not a secret, and long enough for every check of a deployment: 0123456789",
    "DEBUG": False,
    "ALLOWED_HOSTS": ["testserver", "shop.example"],
    "INSTALLED_APPS": [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "asgi_stack.django",
    ],
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    "DATABASES": {
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("PROJECT_DB", "")}
    },
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
    "USE_TZ": True,
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
}


def without(*paths: str) -> list[str]:
    """The usual ``MIDDLEWARE``, but for these."""
    return [each for each in BASE["MIDDLEWARE"] if each.rpartition(".")[2] not in paths]


def page(request: HttpRequest, **more: Any) -> HttpResponse:
    return HttpResponse(f"<p>{request.path} {request.is_secure()} {request.get_host()}")


def api(request: HttpRequest, **more: Any) -> HttpResponse:
    return JsonResponse({"path": request.path, "method": request.method, "data": request.body.decode()})


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a view that fails")


def nothing(request: HttpRequest) -> HttpResponse:
    raise Http404


def moved(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=302, headers={"Location": request.build_absolute_uri("/about/")})


def cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("ok")
    response.set_cookie("a", "1", samesite="Lax")
    return response


def framed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", headers={"X-Frame-Options": "SAMEORIGIN", "Referrer-Policy": "origin"})


def stream(request: HttpRequest) -> HttpResponseBase:
    return StreamingHttpResponse(iter([b"a", b"b"]))


def download(request: HttpRequest) -> HttpResponseBase:
    return FileResponse(open(__file__, "rb"))


def login(request: HttpRequest) -> HttpResponse:
    from django.middleware.csrf import get_token

    if request.method == "POST":
        request.session["user"] = request.POST["user"]
        return HttpResponse(status=302, headers={"Location": "/account/"})
    return HttpResponse(get_token(request))


def account(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.session.get("user", "nobody"))


URLS = [
    path("", page),
    path("about/", page),
    path("items/", page),
    path("items/<int:pk>/", page),
    path("items/<slug:name>/", page),
    path("search", page),
    path("api/", api),
    path("api/items/", api),
    path("api/items/<int:pk>/", api),
    path("ping/<uuid:code>/", api),
    path("hooks/payment/", api),
    path("embed/", page),
    path("embed/<int:pk>/", page),
    path("boom/", fail),
    path("nothing/", nothing),
    path("moved/", moved),
    path("cookie/", cookie),
    path("framed/", framed),
    path("stream/", stream),
    path("download/", download),
    path("login/", login),
    path("account/", account),
    path("logout/", require_POST(page)),
    path("healthz", page),
]

CRAWL = [
    "/", "/about/", "/about", "/items/", "/items/7/", "/items/a-b/", "/search?q=a%20b", "/api/",
    "/api/items/", "/api/items/7/", f"/ping/{CODE}/", "/hooks/payment/", "/embed/", "/embed/7/", "/boom/",
    "/nothing/", "/moved/", "/cookie/", "/framed/", "/stream/", "/download/", "/not-there/", "/items/%C3%BC/",
    "/healthz",
]  # fmt: skip


def replaced(views: dict[str, Any]) -> list[Any]:
    """The URLs, with other views at some of the routes."""
    from django.urls.resolvers import RoutePattern, URLPattern

    return [
        URLPattern(
            RoutePattern(str(one.pattern), is_endpoint=True), views.get(str(one.pattern), one.callback)
        )
        for one in URLS
    ]
