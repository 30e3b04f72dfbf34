"""Behind a proxy of which the settings say nothing but its field."""

from tests.projects.common import BASE

globals().update(BASE)
ROOT_URLCONF = "unknown_proxy.urls"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
USE_X_FORWARDED_HOST = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 3600
