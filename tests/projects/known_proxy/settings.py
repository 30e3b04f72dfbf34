"""Behind one proxy, which whoever runs the command knows."""

from tests.projects.common import BASE

globals().update(BASE)
ROOT_URLCONF = "known_proxy.urls"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
USE_X_FORWARDED_HOST = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 3600
