"""Served by WSGI: there is no asgi.py."""

from tests.projects.common import BASE

globals().update(BASE)
ROOT_URLCONF = "wsgi_only.urls"
WSGI_APPLICATION = "wsgi_only.wsgi.application"
SECURE_HSTS_SECONDS = 3600
SECURE_REFERRER_POLICY = "origin"
CSRF_TRUSTED_ORIGINS = ["https://app.example"]
