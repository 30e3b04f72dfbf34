"""Is what is shown what is served? A setting may be another one once Django's handler is made."""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Warning

from asgi_stack.django.entry import find_entry
from asgi_stack.django.hosts import declared_hosts, replaced_hosts
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["look"]


def look(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    """Report layers that are served with other hosts than those that the settings declare."""
    entry = find_entry()
    replaced = replaced_hosts()
    if entry.stacked is None or replaced is None:
        return
    found = [layer.name for layer in entry.stacked.stack if layer.options.get("allowed_hosts") is replaced]
    layers = " and ".join(found)
    if layers:
        yield Warning(
            f"ALLOWED_HOSTS is {declared_hosts()!r} in the settings, and {replaced!r} once Django's handler "
            f"is made: a class in MIDDLEWARE replaces it. In {entry.module} {layers} goes by the latter, "
            "other than the command shows.",
            hint=(
                "Take the application from asgi_stack.django.get_asgi_application(), which reads the "
                "settings before it makes the handler, or call get_stack() before that."
            ),
            id="asgi_stack.W018",
        )
