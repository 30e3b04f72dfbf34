"""A function of the project lets further origins in."""

from tests.projects.common import BASE

globals().update(BASE)
INSTALLED_APPS = [*BASE["INSTALLED_APPS"], "corsheaders"]
MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *BASE["MIDDLEWARE"]]
ROOT_URLCONF = "cors_signal.urls"
CORS_ALLOWED_ORIGINS = ["https://app.example"]
