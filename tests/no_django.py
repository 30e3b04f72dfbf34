"""A pytest plugin in whose presence nothing can import Django: ``pytest -p tests.no_django``."""

import sys
from importlib.abc import MetaPathFinder
from typing import Any


class NoDjango(MetaPathFinder):
    """Finds Django nowhere, as on a machine where it is not installed."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if name.partition(".")[0] == "django":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, NoDjango())
