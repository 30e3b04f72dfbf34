"""Can the stack be built?"""

from django.core.checks import CheckMessage, Error

from asgi_stack.django.resolved import ResolvedStack
from asgi_stack.errors import ImportPathError, OrderError, described

__all__ = ["look", "unreadable"]


def unreadable(error: Exception) -> CheckMessage:
    """Report settings from which no stack can be made."""
    text = str(error)
    if not text.startswith("ASGI_STACK"):
        text = f"ASGI_STACK: {type(error).__name__}: {text}"
    hint = "Give a list of dotted paths, of (path, options) pairs, of classes or of Layer(...)s."
    return Error(text, hint=hint, id="asgi_stack.E001")


def look(resolved: ResolvedStack) -> list[CheckMessage]:
    """Report every layer that cannot be imported or made, or stands in the wrong place."""
    return [_message(where, error) for where, error in resolved.faults]


def _message(where: str, error: Exception) -> CheckMessage:
    text = f"ASGI_STACK: {where}: {described(error)}"
    if isinstance(error, ImportPathError):
        hint = "Correct the path, or install the package that it is in."
        return Error(text, hint=hint, id="asgi_stack.E002")
    if isinstance(error, OrderError):
        hint = "ASGI_STACK is read outermost first: the first layer sees a request first."
        return Error(text, hint=hint, id="asgi_stack.E004")
    hint = "Correct its options in ASGI_STACK: get_asgi_application() will raise the same."
    return Error(text, hint=hint, id="asgi_stack.E003")
