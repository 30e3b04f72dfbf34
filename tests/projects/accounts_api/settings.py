"""Shaped like django-allauth: an API for apps and one for browsers, and callbacks of other sites."""

from tests.projects.common import BASE

globals().update(BASE)
ROOT_URLCONF = "accounts_api.urls"
CSRF_TRUSTED_ORIGINS = ["https://app.example"]
