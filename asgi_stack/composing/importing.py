"""Finding what a dotted path names, and saying which part of it leads nowhere."""

import inspect
from importlib import import_module
from typing import Any

from asgi_stack.errors import ImportPathError, described

__all__ = ["import_path"]


def import_path(path: str) -> Any:
    """Return what a dotted path names: a module's attribute, or an attribute of that.

    Raises:
        ImportPathError: naming the part that cannot be found; its cause is the error of the import.
    """
    head, *rest = path.split(".")
    found, so_far = _import(head, path), head
    for part in rest:
        where, so_far = so_far, f"{so_far}.{part}"
        if not hasattr(found, part):
            if not inspect.ismodule(found):
                raise ImportPathError(f"{path!r} cannot be imported: {where!r} has no attribute {part!r}.")
            _import(so_far, path, where)
        found = getattr(found, part)
    return found


def _import(module: str, path: str, parent: str | None = None) -> Any:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise ImportPathError(
                f"{path!r} cannot be imported: importing {module!r} failed: {error}."
            ) from error
        fault = f"{parent!r} has no attribute or submodule" if parent else "there is no module"
        raise ImportPathError(
            f"{path!r} cannot be imported: {fault} {module.rpartition('.')[2]!r}."
        ) from None
    except Exception as error:
        raised = described(error)
        raise ImportPathError(f"{path!r} cannot be imported: importing {module!r} raised {raised}") from error
