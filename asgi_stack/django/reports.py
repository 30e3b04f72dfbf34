"""Django's reports of errors, the mail to the ADMINS and the debug page: they show all settings."""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, TypeGuard, cast

from django.views.debug import SafeExceptionReporterFilter

from asgi_stack.composing.layer import Layer
from asgi_stack.composing.masking import is_masked, outline
from asgi_stack.django.describing import describe, describe_options
from asgi_stack.errors import MASK

__all__ = ["mask_reports", "masked_entries", "secrets_of"]

_SETTING = "ASGI_STACK"
_MARK = "masks_asgi_stack"


class _Shown:
    """A value that is shown as a text, without the quotes of one."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def mask_reports() -> None:
    """Have Django's filter of reports show the setting as a stack is printed; a second call does nothing.

    Every filter of a project's own that comes from Django's does it too.
    """
    original: Any = SafeExceptionReporterFilter.cleanse_setting
    if not hasattr(original, _MARK):
        _replace(_masking(original))


def _masking(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def cleanse_setting(self: Any, key: Any, value: Any) -> Any:
        return original(self, key, masked_entries(value) if key == _SETTING else value)

    setattr(cleanse_setting, _MARK, True)
    return cleanse_setting


def _replace(function: Any) -> None:
    setattr(SafeExceptionReporterFilter, "cleanse_setting", function)  # noqa: B010  # as no checker lets one


def masked_entries(setting: object) -> object:
    """Return the setting as it is to be shown: of each layer what is a secret is masked."""
    if not _is_list(setting):
        return _Shown(outline(setting))
    return [_Shown(_masked(entry)) for entry in setting]


def _masked(entry: Any) -> str:
    # A report of an error must not fail for what it shows, and must not show what it could not look at.
    try:
        return _described(entry)
    except Exception:
        return repr(MASK)


def _described(entry: Any) -> str:
    if isinstance(entry, Layer):
        return repr(entry)
    if not _is_pair(entry):
        return describe(entry) if isinstance(entry, str) or callable(entry) else outline(entry)
    path, options = describe(entry[0]), describe_options(entry[1], entry[0])
    written = ", ".join(f"{name!r}: {value}" for name, value in options.items())
    return f"({path}, {{{written}}})"


def secrets_of(setting: object) -> Iterator[str | bytes]:
    """Give the texts that no report may show: those of all options that are masked."""
    for entry in setting if _is_list(setting) else ():
        factory, options = (entry.factory_name, entry.options) if isinstance(entry, Layer) else (None, _NONE)
        if _is_pair(entry):
            factory, options = entry
        for name, value in options.items():
            if is_masked(name, value, factory):
                yield from _texts(value)


_NONE: Mapping[str, Any] = {}


def _texts(value: object) -> Iterator[str | bytes]:
    if isinstance(value, (str, bytes)):
        yield value
    elif isinstance(value, Mapping):
        for each in cast("Mapping[object, object]", value).values():
            yield from _texts(each)
    elif _is_list(value):
        for each in value:
            yield from _texts(each)


def _is_list(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    return isinstance(value, (list, tuple))


def _is_pair(entry: object) -> TypeGuard[tuple[Any, Mapping[str, Any]]]:
    if not _is_list(entry) or len(entry) != 2 or not isinstance(entry[1], Mapping):
        return False
    return all(isinstance(name, str) for name in cast("Mapping[object, object]", entry[1]))
