"""django-cors-headers for an API, with credentials and a flag."""

import re

from tests.projects.common import BASE

globals().update(BASE)
INSTALLED_APPS = [*BASE["INSTALLED_APPS"], "corsheaders"]
MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *BASE["MIDDLEWARE"]]
ROOT_URLCONF = "cors_new.urls"
CORS_ALLOWED_ORIGINS = ("https://app.example",)
CORS_ALLOWED_ORIGIN_REGEXES = [re.compile(r"^https://PR-\d+\.preview\.example$", re.IGNORECASE)]
CORS_ALLOW_CREDENTIALS = True
CORS_EXPOSE_HEADERS = ["x-total-count"]
CORS_URLS_REGEX = r"^/api/.*$"
CORS_PREFLIGHT_MAX_AGE = 600
