"""What the environment says, where the project is served."""

import os

from tests.projects.common import BASE

globals().update(BASE)
ROOT_URLCONF = "environment.urls"
INSTALLED_APPS = [*BASE["INSTALLED_APPS"], "corsheaders"]
MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *BASE["MIDDLEWARE"]]
ALLOWED_HOSTS = os.environ["HOSTS"].split(",")
SECURE_SSL_REDIRECT = os.environ["SSL"] == "on"
SECURE_HSTS_SECONDS = int(os.environ["HSTS"])
CORS_ALLOWED_ORIGINS = os.environ["ORIGINS"].split(",")
CSRF_TRUSTED_ORIGINS = os.environ["ORIGINS"].split(",")
