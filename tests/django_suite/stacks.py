"""The stacks that Django's own tests are run behind."""

from collections.abc import Callable
from typing import Any


def example() -> list[Any]:
    """The stack of the example project, which also answers to the host of Django's test client."""
    from examples.mysite.mysite import settings

    return [_with_test_host(entry) for entry in settings.ASGI_STACK]


def _with_test_host(entry: Any) -> Any:
    if not isinstance(entry, tuple) or "allowed_hosts" not in entry[1]:
        return entry
    path, options = entry
    hosts = ["testserver", ".example.com", "127.0.0.1", *options["allowed_hosts"]]
    return path, {**options, "allowed_hosts": hosts}


STACKS: dict[str, Callable[[], list[Any]]] = {"empty": list, "example": example}
