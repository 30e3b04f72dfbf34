"""What Django does of what a layer does: one module for each layer that has such a counterpart.

Defaults, suggestion and checks loop over `COUNTERPARTS`; a module is found by being here.
"""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from asgi_stack.django.counterpart import Counterpart

__all__ = ["COUNTERPARTS"]

COUNTERPARTS: Sequence[Counterpart] = [
    import_module(f"{__name__}.{found.name}").COUNTERPART for found in iter_modules(__path__)
]
"""By the name of their modules."""
