"""The usual asgi.py of a project with Channels."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "with_channels.settings")

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

django_application = get_asgi_application()


class Echo(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(text_data=text_data)


application = ProtocolTypeRouter(
    {"http": django_application, "websocket": URLRouter([path("ws/", Echo.as_asgi())])}
)
