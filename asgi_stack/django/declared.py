"""Where in the settings an entry stands: the file and the line, read from the source and not run."""

import ast
import sys
from collections.abc import Iterator
from importlib.util import find_spec, resolve_name
from pathlib import Path

from django.conf import settings

__all__ = ["is_name", "is_written_out", "lines_of", "settings_module"]


def settings_module() -> str:
    """Return the dotted path of the settings module, or how else the settings came about."""
    return str(getattr(settings, "SETTINGS_MODULE", None) or "settings.configure()")


def lines_of(setting: str) -> list[str]:
    """Return ``file:line`` for each entry of a list that the settings module writes out.

    The list may stand in a module that the settings import all names from. Empty where the list is made in
    any other way.
    """
    for path, assigned in _assignments(settings_module(), setting, set()):
        if isinstance(assigned, (ast.List, ast.Tuple)):
            plain = not any(isinstance(entry, ast.Starred) for entry in assigned.elts)
            return [f"{_shown(path)}:{entry.lineno}" for entry in assigned.elts] if plain else []
        return []
    return []


def is_written_out(setting: str) -> bool:
    """Tell whether the settings module gives a setting the value that it has, by writing it out.

    Not so where it is computed, as of the environment: it may be another one the next time.
    """
    assigned = next(_assignments(settings_module(), setting, set()), None)
    try:
        return assigned is not None and ast.literal_eval(assigned[1]) == getattr(settings, setting, None)
    except ValueError:
        return False


def is_name(setting: str) -> bool:
    """Tell whether a setting is a name of the settings module, so that another line there may use it."""
    module = sys.modules.get(settings_module())
    return module is not None and getattr(module, setting, None) is getattr(settings, setting, None)


def _assignments(module: str, setting: str, seen: set[str]) -> Iterator[tuple[Path, ast.expr]]:
    """Give what the setting is assigned, the last one first; an augmented one makes the list unknown."""
    path = _path_of(module)
    if path is None or module in seen:
        return
    seen.add(module)
    for node in reversed(ast.parse(path.read_bytes()).body):
        if (value := _assigned(node, setting)) is not None:
            yield path, value
        elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            yield from _assignments(_absolute(module, node), setting, seen)


def _assigned(node: ast.stmt, setting: str) -> ast.expr | None:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    named = any(isinstance(target, ast.Name) and target.id == setting for target in targets)
    if not named or not isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        return None
    return ast.Constant(None) if isinstance(node, ast.AugAssign) else node.value


def _absolute(module: str, node: ast.ImportFrom) -> str:
    return resolve_name("." * node.level + (node.module or ""), module.rpartition(".")[0])


def _path_of(module: str) -> Path | None:
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


def _shown(path: Path) -> str:
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()
