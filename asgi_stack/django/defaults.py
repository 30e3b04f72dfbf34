"""What layers of the settings take from Django's own settings, where their options say nothing.

Only layers whose counterpart has defaults do, and only those that ``ASGI_STACK`` declares: a `Stack` made by
hand reads no settings.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from asgi_stack import box
from asgi_stack.composing.importing import import_path
from asgi_stack.composing.layer import Layer
from asgi_stack.composing.targets import is_target, path_of, unwrapped
from asgi_stack.django.counterpart import Options
from asgi_stack.django.counterparts import COUNTERPARTS

__all__ = ["defaults_for", "with_defaults"]


def with_defaults(layer: Layer[...]) -> Layer[...]:
    """Return this layer with the options that Django's settings add to its own."""
    # Only a path has a dot. What is at the path is not imported before the stack is wrapped.
    factory = layer.factory_name if "." in layer.factory_name else layer.resolve()
    return layer.with_options(**defaults_for(factory, layer.options))


def defaults_for(factory: Any, options: Mapping[str, Any]) -> Options:
    """Return the options that Django's settings add to those given; none of them is among these.

    *factory* is a class, a ``functools.partial`` of one, or the dotted path of one in this package. A
    subclass counts as long as it has no ``__init__`` of its own. Nothing is checked here: what a layer
    cannot use, it refuses when the stack is wrapped.
    """
    given = {**_bound(factory), **options}
    for counterpart in COUNTERPARTS:
        if counterpart.defaults and _is(import_path(counterpart.layer), factory):
            found = counterpart.defaults(given)
            return {option: value for option, value in found.items() if option not in given}
    return {}


def _is(middleware: Any, factory: Any) -> bool:
    if isinstance(factory, str):
        return factory in (path_of(middleware), box.path_to(middleware.__name__))
    return is_target(middleware, factory) and unwrapped(factory).__init__ is middleware.__init__


def _bound(factory: Any) -> Options:
    return {**_bound(factory.func), **factory.keywords} if isinstance(factory, partial) else {}
