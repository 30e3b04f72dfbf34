"""Reading ``asgi.py`` without importing it: importing it would build the application once more."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

__all__ = ["bypassing_module"]

OWN = "django.core.asgi.get_asgi_application"


def bypassing_module() -> str | None:
    """Return the module of the project's ASGI application, if it can only be Django's own without a stack.

    That is one which imports Django's function and nothing of this package. Any other way to come by an
    application gets the benefit of the doubt.
    """
    module = _module_of_application()
    source = _source_of(module)
    if source is None:
        return None
    names = set(_imported(source))
    ours = any(name.split(".")[0] == "asgi_stack" for name in names)
    return module if OWN in names and not ours else None


def _module_of_application() -> str:
    path = getattr(settings, "ASGI_APPLICATION", None)
    if path:
        return str(path).rpartition(".")[0]
    package = str(getattr(settings, "SETTINGS_MODULE", None) or "").partition(".")[0]
    return f"{package}.asgi"


def _source_of(module: str) -> ast.Module | None:
    try:
        spec = find_spec(module)
        origin = spec.origin if spec else None
        return ast.parse(Path(origin).read_bytes()) if origin else None
    except Exception:  # a check never raises; what cannot be read is not reported
        return None


def _imported(source: ast.Module) -> Iterator[str]:
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
