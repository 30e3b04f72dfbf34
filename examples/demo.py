"""Serve the example project on a free loopback port: ``make demo``, or ``PORT=8000 make demo``."""

import os
import socket
import sys
from pathlib import Path

import django
import uvicorn
from django.core.management import call_command

PROJECT = Path(__file__).parent / "mysite"

TRY = """
The example is served at {url} (Ctrl-C stops it). From another terminal:

    curl -i {url}                             # the request's id, and the headers that the stack adds
    curl -i -H 'Host: evil.example' {url}     # refused by the stack; Django never sees it
    curl -i {url}error/                       # a view that raises: the error page has the headers too
"""


class Server(uvicorn.Server):
    """Uvicorn, which says where it listens only when it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()
            print(TRY.format(url=f"http://{host}:{port}/"), flush=True)


def main() -> None:
    sys.path.insert(0, str(PROJECT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    with socket.create_server(("127.0.0.1", int(os.environ.get("PORT", "0")))) as listener:
        config = uvicorn.Config("mysite.asgi:application", log_level="warning", timeout_graceful_shutdown=3)
        try:
            Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            print("Stopped.")


if __name__ == "__main__":
    main()
