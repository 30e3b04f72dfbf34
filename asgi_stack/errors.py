"""Every exception that asgi_stack raises on purpose.

All of them are a `StackError`, so that one ``except`` catches a bad configuration, and each is also the
built-in exception that it naturally is.
"""

import re
from collections.abc import Sequence

__all__ = [
    "ApplicationError",
    "ConfigurationError",
    "EventLoopError",
    "HeadError",
    "ImportPathError",
    "LayerError",
    "LifespanError",
    "OptionError",
    "OrderError",
    "ScopeTypeError",
    "StackError",
    "TargetError",
]


MASK = "***"
"""What stands in the place of a secret, here and wherever options are printed."""

# One of these words anywhere in a name, or a key at its end. Whole words: "keyword" is no secret; nor is the
# switch that lets pages send credentials.
_SECRET = re.compile(
    r"(?:^|_)(?:access|accounts?|api_?keys?|bearer|(?<!allow_)credentials?|dsn|env|hmac|jwt|logins?|otp|pass|passphrase|"
    r"passwd|passwords?|pepper|pin|private|pw|pwd|salt|secrets?|seed|tokens?|users?|webhooks?)(?:_|\(|$)"
    r"|(?:^|_)keys?$|^(?:basic_)?auth(?:orization)?$|^cookies?$",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-. ]")


def is_secret(option: str) -> bool:
    """Tell whether the name of an option speaks of a secret: ``password``, ``users``, ``apiKey``..."""
    return _SECRET.search(_BOUNDARY.sub("_", option)) is not None


class StackError(Exception):
    """Base class of all errors of this package."""


def described(error: BaseException) -> str:
    """Return the text of an error of ours, which says all; of any other its type as well."""
    if isinstance(error, StackError):
        return str(error)
    name, text = type(error).__name__, str(error)
    return f"{name}: {text}" if text else name


class OptionError(StackError, ValueError):
    """A middleware was given an option value that it cannot use.

    The text names the class, the option and the value, and ends with *hint*: what would work. A secret is
    masked: of a class of this package what it declares in ``secret_options``, of others what looks like one.
    """

    def __init__(self, owner: object, option: str, value: object, hint: str) -> None:
        name = owner if isinstance(owner, str) else type(owner).__name__
        super().__init__(f"{name}: {option}={_shown(owner, option, value)} is not usable. {hint}")
        self.option = option


def _shown(owner: object, option: str, value: object) -> str:
    declared: frozenset[str] | None = getattr(owner, "secret_options", None)
    if is_secret(option) if declared is None else option.removesuffix("()") in declared:
        return MASK
    # A list may be long, and a representation may fail: of a number, from some thousand digits on.
    try:
        text = repr(value)
    except Exception:
        return object.__repr__(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}...{text[-_LONGEST // 4 :]}"


_LONGEST = 400


class LayerError(StackError, TypeError):
    """A layer cannot be made: its factory, or the names of its options, do not fit."""


class ApplicationError(StackError, TypeError):
    """Something that is not an ASGI 3 application stands where an application is wanted."""


class OrderError(StackError, ValueError):
    """The layers of a stack stand in an order that one of them rules out."""


class HeadError(StackError, ValueError, AttributeError):
    """A head, or a reply, was told something that it cannot be."""


class LifespanError(StackError, RuntimeError):
    """An application failed to start or to shut down; its own message is in the text."""


class EventLoopError(StackError, RuntimeError):
    """Something needs asyncio, and the server runs another library's event loop, as trio's."""


class ScopeTypeError(StackError, ValueError):
    """An application was called with a scope of a type that it does not handle (ASGI 3.0, "Applications")."""


class TargetError(StackError, LookupError):
    """A stack holds no layer, or more than one, that is meant by a class, a path or a name."""


class ImportPathError(StackError, ImportError):
    """A dotted path leads nowhere; the text says at which part."""


class ConfigurationError(StackError, ValueError):
    """A stack cannot be built. Every fault that was found is in the text and in `errors`.

    `faults` says of each where it was found as well.
    """

    def __init__(self, faults: Sequence[tuple[str, Exception]]) -> None:
        lines = [f"{where}: {described(error)}" for where, error in faults]
        if len(lines) > 1:
            lines = [f"{len(lines)} layers cannot be used.", *(f"  {line}" for line in lines)]
        super().__init__("\n".join(lines))
        self.faults = tuple(faults)
        self.errors = tuple(error for _, error in faults)
