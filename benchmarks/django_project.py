"""A Django project with one page, and the policy once more in its ``MIDDLEWARE``."""

import logging
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils.decorators import async_only_middleware

from asgi_stack.middleware.request_id import random_id
from benchmarks.policy import ALLOWED_HOSTS, ALLOWED_ORIGINS, YEAR

GetResponse = Callable[[HttpRequest], Awaitable[HttpResponse]]

MIDDLEWARE = [
    "benchmarks.django_project.request_id",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
]


@async_only_middleware
def request_id(get_response: GetResponse) -> GetResponse:
    """Add what Django's own middleware lack, in the cheapest form that Django knows: no thread is taken."""

    async def middleware(request: HttpRequest) -> HttpResponse:
        start = perf_counter()
        request.META["HTTP_X_REQUEST_ID"] = identity = random_id()
        response = await get_response(request)
        response.headers["x-request-id"] = identity
        response.headers["server-timing"] = f"app;dur={(perf_counter() - start) * 1000:.1f}"
        response.headers.setdefault("x-frame-options", "DENY")
        return response

    return middleware


async def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"hello world", headers={"Content-Length": "11", "Cache-Control": "max-age=60"})


urlpatterns = [path("articles/", page)]

PROJECT: dict[str, Any] = {
    "ROOT_URLCONF": __name__,
    "ALLOWED_HOSTS": ALLOWED_HOSTS,
    "CORS_ALLOWED_ORIGINS": sorted(origin.decode() for origin in ALLOWED_ORIGINS),
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": YEAR,
}
"""The settings of the project, but for its ``MIDDLEWARE``."""


def configure() -> None:
    """Make it the project of this process."""
    settings.configure(**PROJECT, LOGGING_CONFIG=None)
    # Django logs each refusal; nobody should pay for writing it down.
    logger = logging.getLogger("django")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    django.setup()


def handler(middleware: list[str]) -> ASGIHandler:
    """Return Django's own handler with this ``MIDDLEWARE``."""
    with override_settings(MIDDLEWARE=middleware):
        return ASGIHandler()
