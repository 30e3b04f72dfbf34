"""What a server would serve: the application of ``asgi.py``, and whether the stack is around Django in it.

The module is read first. Where it takes the application straight from a known function, that decides; else it
is imported, as a server would, and the object decides.
"""

import ast
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import django
from django.conf import settings

from asgi_stack.composing.stack import StackedApplication
from asgi_stack.django.hosts import making_handler
from asgi_stack.django.reachable import look_inside
from asgi_stack.django.reading import setting

__all__ = ["Entry", "find_entry"]

OURS = "asgi_stack.django.get_asgi_application()"
DJANGOS = "django.core.asgi.get_asgi_application()"
CONFIGURATIONS = "configurations.asgi.get_asgi_application()"


class Entry(NamedTuple):
    """The module that servers import, and what stands in it."""

    module: str
    """Where there is none: the one that was looked for first. Empty where nothing says its name."""
    exists: bool = False
    has_stack: bool | None = None
    """None where it cannot be told."""
    application: Any = None
    """The object that is served, where it had to be looked at."""
    stacked: StackedApplication | None = None
    """The stack that is in it."""
    taken: str = ""
    """The call that makes the application, where the source says so plainly."""

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing but Django is served, or nothing yet."""
        return not self.exists or self.taken == DJANGOS

    @property
    def mend(self) -> Sequence[str]:
        """The lines that put the stack around all that is served."""
        if self.is_plain:
            taken = "from asgi_stack.django import get_asgi_application"
            return [taken, "application = get_asgi_application()"]
        return ["from asgi_stack.django import get_stack", "application = get_stack().wrap(application)"]

    @property
    def where(self) -> str:
        """Where these lines belong."""
        if self.is_plain:
            return "in it"
        return "at its end, around the whole router" if self.is_router else "at its end"

    @property
    def is_router(self) -> bool:
        """Tell whether the application is a router of Channels."""
        return type(self.application).__module__.partition(".")[0] == "channels"

    @property
    def is_bypassed(self) -> bool:
        """Tell whether surely no layer runs, so that Django must go on doing all by itself."""
        return bool(self.module) and (self.has_stack is False or not self.exists)


def find_entry() -> Entry:
    """Find the module of the project's ASGI application, and see whether a stack is around Django in it."""
    path = str(setting("ASGI_APPLICATION") or "")
    names = [path.rpartition(".")[0]] if "." in path else [*dict.fromkeys(_candidates())]
    for name in names:
        if spec := _spec_of(name):
            return _look_into(spec, path.rpartition(".")[2] or "application")
    return Entry(names[0] if names else "")


def _candidates() -> Iterator[str]:
    """Give the names of a module beside ``wsgi.py``, around the settings, and beside the URLs."""
    name = getattr(settings, "SETTINGS_MODULE", None)
    if not name:
        return
    wsgi = str(setting("WSGI_APPLICATION") or "").rpartition(".")[0]
    if wsgi:
        yield _beside(wsgi)
    while name:
        yield _beside(name)
        name = name.rpartition(".")[0]
    yield _beside(str(setting("ROOT_URLCONF")))


def _beside(module: str) -> str:
    return f"{module.rpartition('.')[0]}.asgi".lstrip(".")


def _spec_of(module: str) -> ModuleSpec | None:
    try:
        return find_spec(module)
    except (ImportError, ValueError):
        return None


def _look_into(spec: ModuleSpec, attribute: str) -> Entry:
    taken = _taken(spec, attribute)
    if taken in (OURS, DJANGOS, CONFIGURATIONS):
        return Entry(spec.name, True, taken == OURS, taken=taken)
    application = _imported(spec.name, attribute)
    stacked, is_bare = look_inside(application)
    return Entry(spec.name, True, True if stacked else False if is_bare else None, application, stacked)


def _taken(spec: ModuleSpec, attribute: str) -> str:
    """Return the last thing that the module binds to a name, read and not run; empty in doubt."""
    try:
        body = ast.parse(Path(spec.origin or "").read_bytes()).body
    except (OSError, SyntaxError, ValueError):
        return ""
    names: dict[str, str] = {}
    for node in body:
        names.update(_bound(node, names))
    return names.get(attribute, "")


def _bound(node: ast.stmt, names: dict[str, str]) -> dict[str, str]:
    """Return what one statement binds: the path of what is imported, or of a function that is called."""
    if isinstance(node, ast.ImportFrom) and not node.level:
        return {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    # Whatever else may bind a name makes it one of which nothing is known.
    written = {name: "" for each in ast.walk(node) for name in _written(each)}
    call = node.value if isinstance(node, ast.Assign) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and not (call.args or call.keywords):
        path = names.get(call.func.id)
        return dict.fromkeys(written, f"{path}()" if path else "")
    return written


def _written(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.alias):
        yield node.asname or node.name
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name


def _imported(module: str, attribute: str) -> Any:
    """Return what a server would serve; None where it cannot be imported, which a server will say."""
    try:
        with _set_up_already(), making_handler():
            return getattr(import_module(module), attribute, None)
    except (Exception, SystemExit):
        return None


@contextmanager
def _set_up_already() -> Generator[None]:
    """Let ``django.setup`` do nothing: a second time it would begin logging anew, under a test that runs."""
    setup = django.setup
    django.setup = lambda set_prefix=True: None
    try:
        yield
    finally:
        django.setup = setup
