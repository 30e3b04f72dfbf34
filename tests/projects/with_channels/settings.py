"""Websockets by Channels, pages by Django."""

from tests.projects.common import BASE

globals().update(BASE)
INSTALLED_APPS = [*BASE["INSTALLED_APPS"], "channels"]
ROOT_URLCONF = "with_channels.urls"
ASGI_APPLICATION = "with_channels.asgi.application"
SECURE_SSL_REDIRECT = True
