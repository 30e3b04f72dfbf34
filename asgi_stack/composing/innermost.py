"""Which application a request comes to in the end, where layers show what is inside of them."""

from collections.abc import Mapping
from typing import Any, cast

from asgi_stack.grammar.django_routing import is_django_handler
from asgi_stack.types import ASGIApp

__all__ = ["innermost", "leads_to_django"]

# As classes of this package, Starlette's and Channels' call what they wrap.
_INNER = ("application", "app", "inner")


def leads_to_django(application: ASGIApp) -> bool:
    """Tell whether every http request comes to a handler of Django's.

    A router by path or host is no such way, nor is a function, which shows nothing of what it calls.
    """
    return is_django_handler(innermost(application, "http"))


def innermost(application: Any, scope_type: str) -> Any:
    """Return what is inside of all layers, and behind what dispatches by the scope type."""
    seen: set[int] = set()
    while id(application) not in seen:
        seen.add(id(application))
        inside = _inside(application, scope_type)
        application = application if inside is None else inside
    return application


def _inside(application: Any, scope_type: str) -> Any:
    mapping = getattr(application, "application_mapping", None)
    if isinstance(mapping, Mapping):
        return cast("Mapping[str, Any]", mapping).get(scope_type)
    found = (getattr(application, name, None) for name in _INNER)
    return next((inside for inside in found if callable(inside)), None)
