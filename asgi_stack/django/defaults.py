"""What layers of the settings take from Django's own settings, where their options say nothing.

Only layers of four classes do, and only those that ``ASGI_STACK`` declares: a `Stack` made by hand reads no
settings.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.conf import settings

from asgi_stack import box
from asgi_stack.composing.layer import Layer
from asgi_stack.composing.targets import is_target, path_of, unwrapped
from asgi_stack.django import security
from asgi_stack.middleware.cross_origin_protection import CrossOriginProtectionMiddleware
from asgi_stack.middleware.https_redirect import HTTPSRedirectMiddleware
from asgi_stack.middleware.security_headers import SecurityHeadersMiddleware
from asgi_stack.middleware.trusted_host import TrustedHostMiddleware

__all__ = ["allowed_hosts", "defaults_for", "with_defaults"]


Options = dict[str, Any]


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
    for middleware, read in _READERS.items():
        if _is(middleware, factory):
            return {option: value for option, value in read(given).items() if option not in given}
    return {}


def allowed_hosts() -> Any:
    """Return ``ALLOWED_HOSTS`` as Django applies it: while it is empty, ``DEBUG`` allows the local hosts."""
    return settings.ALLOWED_HOSTS or ([*_LOCAL_HOSTS] if settings.DEBUG else [])


_LOCAL_HOSTS = (".localhost", "127.0.0.1", "[::1]")


def _trusted_host(given: Options) -> Options:
    return {"allowed_hosts": allowed_hosts()}


def _https_redirect(given: Options) -> Options:
    # Either of the two is an answer to the other.
    if {"host", "allowed_hosts"} & given.keys():
        return {}
    host = settings.SECURE_SSL_HOST
    return {"host": host} if host else {"allowed_hosts": allowed_hosts()}


def _cross_origin_protection(given: Options) -> Options:
    origins = settings.CSRF_TRUSTED_ORIGINS
    return {"trusted_origins": origins} if origins else {}


def _security_headers(given: Options) -> Options:
    found = {
        option: said.convert(getattr(settings, said.setting))
        for option, said in security.OPTIONS.items()
        if settings.is_overridden(said.setting) and hasattr(settings, said.setting)
    }
    # Django ignores both while there is no age, and projects set that in production alone.
    if not {**found, **given}.get("hsts_max_age"):
        found.pop("hsts_include_subdomains", None)
        found.pop("hsts_preload", None)
    return found


_READERS: Mapping[type[Any], Callable[[Options], Options]] = {
    TrustedHostMiddleware: _trusted_host,
    HTTPSRedirectMiddleware: _https_redirect,
    SecurityHeadersMiddleware: _security_headers,
    CrossOriginProtectionMiddleware: _cross_origin_protection,
}


def _is(middleware: Any, factory: Any) -> bool:
    if isinstance(factory, str):
        return factory in (path_of(middleware), box.path_to(middleware.__name__))
    return is_target(middleware, factory) and unwrapped(factory).__init__ is middleware.__init__


def _bound(factory: Any) -> Options:
    return {**_bound(factory.func), **factory.keywords} if isinstance(factory, partial) else {}
