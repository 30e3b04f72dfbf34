"""Code whose annotations name what only the type checker knows, as is ordinary since Python 3.14.

Before that version they have to be put off by a flag; from it on they are evaluated when somebody looks.
"""

import __future__

import sys
from typing import Any

SOURCE = """
from contextlib import asynccontextmanager

class Middleware:
    def __init__(self, app: ASGIApp, *, name: Name = "own") -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

def factory(app: ASGIApp, *, name: Name = "own") -> ASGIApp:
    return app

async def application(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError("nobody calls it")

@asynccontextmanager
async def context() -> AsyncGenerator[State]:
    yield {"pool": 1}

def when(scope: Scope) -> Answer:
    return True
"""


def names() -> dict[str, Any]:
    """What the source defines."""
    flags = 0 if sys.version_info >= (3, 14) else __future__.annotations.compiler_flag
    found: dict[str, Any] = {}
    exec(compile(SOURCE, "annotated", "exec", flags), found)
    return found


class Broken:
    """A callable whose signature cannot be worked out, by the very error that Python 3.14 raises."""

    @property
    def __signature__(self) -> Any:
        raise NameError("name 'ASGIApp' is not defined")

    def __call__(self, *args: Any, **options: Any) -> Any:
        return args[0] if args else None
