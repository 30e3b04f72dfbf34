"""django-cors-headers under its older names, with a pattern that has no end."""

from tests.projects.common import BASE

globals().update(BASE)
INSTALLED_APPS = [*BASE["INSTALLED_APPS"], "corsheaders"]
MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *BASE["MIDDLEWARE"]]
ROOT_URLCONF = "cors_old.urls"
CORS_ORIGIN_WHITELIST = ["https://app.example"]
CORS_ORIGIN_REGEX_WHITELIST = [r"^https://pr-\d+\.preview\.example"]
