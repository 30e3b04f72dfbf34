"""Below a path, with exemptions of its own."""

from tests.projects.common import BASE

globals().update(BASE)
ROOT_URLCONF = "script_name.urls"
FORCE_SCRIPT_NAME = "/shop"
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^shop/healthz$", r"^shop/ping/"]
