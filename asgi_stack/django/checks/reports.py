"""Do Django's reports of errors show what is a secret of the stack? A filter of the project's own may."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.views.debug import get_default_exception_reporter_filter

from asgi_stack.django.reports import secrets_of
from asgi_stack.django.resolved import ResolvedStack

__all__ = ["look"]


def look(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    """Report a filter that shows a secret of the stack as it stands in the settings."""
    shown = _shown()
    if any(repr(secret) in shown for secret in secrets_of(settings.ASGI_STACK)):
        yield Warning(
            f"{settings.DEFAULT_EXCEPTION_REPORTER_FILTER} shows secrets of ASGI_STACK in error mails and on "
            "the debug page.",
            hint=(
                "Let its cleanse_setting call super() for the key 'ASGI_STACK': Django's own filter masks "
                "what layers declare as secret."
            ),
            id="asgi_stack.W025",
        )


def _shown() -> str:
    # What a project has written may fail in its own way, and is not this check's to report then.
    try:
        reporter: Any = get_default_exception_reporter_filter()
        return repr(reporter.get_safe_settings().get("ASGI_STACK"))
    except Exception:
        return ""
