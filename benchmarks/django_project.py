"""A Django project with one page, and the policy once more in its ``MIDDLEWARE``."""

import logging
from time import perf_counter
from typing import Any

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils.deprecation import MiddlewareMixin

from asgi_stack.middleware.request_id import random_id
from benchmarks.policy import ALLOWED_HOSTS, ALLOWED_ORIGINS, YEAR

MIDDLEWARE = [
    "benchmarks.django_project.RequestIDMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


class RequestIDMiddleware(MiddlewareMixin):
    """Adds a request id, in the form in which public packages such as django-log-request-id write it.

    It also writes the server timing, so that Django pays for one class less than a project would have.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.start = perf_counter()  # type: ignore[attr-defined]  # where such packages keep what they need
        request.id = request.META["HTTP_X_REQUEST_ID"] = random_id()  # type: ignore[attr-defined]  # likewise

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        seconds = perf_counter() - request.start  # type: ignore[attr-defined]  # see above
        response.headers["x-request-id"] = request.id  # type: ignore[attr-defined]  # see above
        response.headers["server-timing"] = f"app;dur={seconds * 1000:.1f}"
        return response


async def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"hello world", headers={"Content-Length": "11", "Cache-Control": "max-age=60"})


urlpatterns = [path("articles/", page)]

PROJECT: dict[str, Any] = {
    "ROOT_URLCONF": __name__,
    "ALLOWED_HOSTS": ALLOWED_HOSTS,
    "CORS_ALLOWED_ORIGINS": ALLOWED_ORIGINS,
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
