"""The application that a project's settings declare."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, cast

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler

from asgi_stack import box
from asgi_stack.composing.importing import import_path
from asgi_stack.composing.layer import Layer
from asgi_stack.composing.masking import outline
from asgi_stack.composing.stack import Stack, StackedApplication
from asgi_stack.django.defaults import defaults_for, with_defaults
from asgi_stack.django.hosts import making_handler
from asgi_stack.django.reports import mask_reports
from asgi_stack.errors import ConfigurationError, ImportPathError, LayerError, OptionError, StackError
from asgi_stack.options import flag

__all__ = ["get_asgi_application", "get_stack"]


def get_asgi_application() -> StackedApplication:
    """Set Django up and return its ASGI application inside of the stack that ``ASGI_STACK`` declares.

    Raises:
        ImproperlyConfigured: where the settings declare no stack, or one that cannot be built. Its text
            names every entry at fault; its cause is the `StackError`.
    """
    # First of all: entries may only be imported once the apps are ready.
    django.setup(set_prefix=False)
    # Before the handler, whose middleware may put other settings in the place of those that are declared.
    stack = get_stack()
    with making_handler():
        application = ASGIHandler()
    try:
        return stack.wrap(application)
    except StackError as error:
        raise ImproperlyConfigured(f"ASGI_STACK: {error}") from error


def get_stack() -> Stack:
    """Return the stack that the settings declare, not yet wrapped around anything.

    Read are ``ASGI_STACK`` and ``ASGI_STACK_LIFESPAN``, ``ASGI_STACK_LIFESPAN_TIMEOUT``,
    ``ASGI_STACK_UNREAD_BODY_LIMIT`` and ``ASGI_STACK_UNREAD_BODY_TIMEOUT``. Contexts that are
    given as dotted paths are imported here, layers only when the stack is wrapped. Where a layer is given
    no option for what ``ALLOWED_HOSTS``, ``SECURE_*`` or ``CSRF_TRUSTED_ORIGINS`` say, it takes theirs.

    Raises:
        ImproperlyConfigured: for a setting that is missing or is not of the form that its entries want.
    """
    mask_reports()
    layers = _read("ASGI_STACK", _to_layer)
    contexts = _read("ASGI_STACK_LIFESPAN", _to_context, default=())
    options = {
        option: getattr(settings, f"ASGI_STACK_{option.upper()}")
        for option in ("lifespan_timeout", "unread_body_limit", "unread_body_timeout")
        if hasattr(settings, f"ASGI_STACK_{option.upper()}")
    }
    try:
        return Stack(layers, lifespan=contexts, **options)
    except OptionError as error:
        raise ImproperlyConfigured(f"ASGI_STACK_{error.option.upper()}: {error}") from error


def _read(setting: str, convert: Callable[[Any], Any], default: Any = None) -> list[Any]:
    given: Any = getattr(settings, setting, default)
    if not isinstance(given, (list, tuple)):
        fault = "is not set" if given is None else f"is {outline(given)}"
        raise ImproperlyConfigured(
            f"{setting} {fault}. Give a list of dotted paths, as in {_EXAMPLES[setting]}."
        )
    converted: list[Any] = []
    faults: list[tuple[str, Exception]] = []
    for index, entry in enumerate(cast("list[Any]", given)):
        try:
            converted.append(convert(entry))
        except StackError as error:
            faults.append((f"{setting}[{index}]", error))
    if faults:
        report = ConfigurationError(faults)
        raise ImproperlyConfigured(str(report)) from report
    return converted


_EXAMPLES = {
    "ASGI_STACK": f"[{box.REQUEST_ID!r}]",
    "ASGI_STACK_LIFESPAN": "['mysite.lifespan.database']",
}


def _to_layer(entry: Any) -> Layer[...]:
    if isinstance(entry, Layer):
        return with_defaults(entry).with_settings(_flag)
    factory, given = _to_pair(entry) if isinstance(entry, (tuple, list)) else (entry, _NONE)
    options = {**given, **defaults_for(factory, given)}
    return Layer.at(factory, **options) if isinstance(factory, str) else Layer(factory, **options)


_NONE: Mapping[str, Any] = {}


def _flag(name: str) -> bool:
    if not hasattr(settings, name):
        raise LayerError(f"enabled_if({name!r}): there is no setting of that name.")
    value = getattr(settings, name)
    # "False" out of the environment would be true.
    return flag("settings", name, value) if isinstance(value, str) else bool(value)


def _to_pair(entry: Any) -> tuple[Any, Mapping[str, Any]]:
    if (
        len(entry) != 2
        or not isinstance(entry[1], Mapping)
        or not all(isinstance(key, str) for key in entry[1])
    ):
        raise LayerError(f"{outline(entry)} is not a pair of a dotted path and a dictionary of options.")
    return entry[0], entry[1]


def _to_context(entry: Any) -> Callable[[], AbstractAsyncContextManager[Mapping[str, Any] | None]]:
    context: Callable[[], AbstractAsyncContextManager[Mapping[str, Any] | None]]
    context = import_path(entry) if isinstance(entry, str) else entry
    if not callable(context):
        raise ImportPathError(f"{outline(entry)} is not a function that returns an async context manager.")
    return context
