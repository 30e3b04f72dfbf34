"""Pages by https, and websockets of another origin and another host."""

from typing import Any

from asgi_stack.testing import ASGIClient, WebSocketDeniedError

BASE_URL = "https://testserver"
SOCKETS = {
    "our own": {"origin": "https://testserver"},
    "another origin": {"origin": "https://app.example"},
    "no origin": {},
    "another host": {"host": "10.0.0.7"},
}


async def more(application: Any) -> dict[str, Any]:
    found = {}
    for title, headers in SOCKETS.items():
        client = ASGIClient(application, base_url="http://testserver", lint=False)
        try:
            async with client.websocket("/ws/", headers=headers) as socket:
                await socket.send_text("hello")
                found[f"socket: {title}"] = await socket.receive_text()
        except WebSocketDeniedError as denied:
            found[f"socket: {title}"] = str(denied)
    return found
