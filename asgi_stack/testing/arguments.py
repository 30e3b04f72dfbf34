"""The arguments of the scopes' builders, checked."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from asgi_stack.errors import OptionError
from asgi_stack.options import entries, instance, mapping, strings
from asgi_stack.testing.headers import checked_headers, is_mapping, is_pair

__all__ = ["checked_arguments"]

Check: TypeAlias = Callable[[str, str, Any], object]


def checked_arguments(owner: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a scope's builder, headers and subprotocols in the form of a scope.

    Raises:
        OptionError: for one of the wrong kind.
    """
    return {option: _CHECKS[option](owner, option, value) for option, value in given.items()}


def _text(owner: str, option: str, given: Any) -> str:
    return instance(owner, option, given, str, hint="Give a str.")


def _params(owner: str, option: str, given: Any) -> object:
    hint = "Give a mapping or pairs, as in params={'page': 2}."
    if is_mapping(given):
        return given
    pairs = [*entries(owner, option, given, hint=hint)]
    if not all(map(is_pair, pairs)):
        raise OptionError(owner, option, given, hint)
    return pairs


def _client(owner: str, option: str, given: Any) -> object:
    if given is not None and not is_pair(given):
        hint = "Give an address and a port, as in client=('192.0.2.1', 50000), or None."
        raise OptionError(owner, option, given, hint)
    return given


def _extensions(owner: str, option: str, given: Any) -> object:
    hint = "Give dictionaries by names, as in extensions={'http.response.push': {}}."
    for value in () if given is None else mapping(owner, option, given, hint=hint).values():
        mapping(owner, option, value, hint=hint)
    return given


def _state(owner: str, option: str, given: Any) -> object:
    if given is not None:
        instance(owner, option, given, dict, hint="Give a dictionary.")
    return given


def _extra(owner: str, option: str, given: Any) -> object:
    hint = "Give the keys of a scope, as in extra={'server': None}."
    return given if given is None else mapping(owner, option, given, hint=hint)


def _subprotocols(owner: str, option: str, given: Any) -> object:
    return strings(owner, option, given, example=["chat"])


_CHECKS: dict[str, Check] = {
    "url": _text,
    "method": _text,
    "headers": checked_headers,
    "params": _params,
    "http_version": _text,
    "root_path": _text,
    "client": _client,
    "extensions": _extensions,
    "state": _state,
    "extra": _extra,
    "subprotocols": _subprotocols,
}
