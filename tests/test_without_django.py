"""Everything but ``asgi_stack.django`` works where Django is not installed."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("composing", "heads", "grammar", "lifespan", "draining", "middleware", "routing", "testing")
OF_DJANGO = {"django", "channels"}

# It runs most of the tests once more.
pytestmark = pytest.mark.slow


def imports_django(path: Path) -> bool:
    """Whether a test names Django, or a package that needs it, anywhere in its imports."""
    nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return any(name.split(".")[0] in OF_DJANGO or name.startswith("asgi_stack.django") for name in names)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "WITHOUT_DJANGO": "1", "HYPOTHESIS_PROFILE": "quick"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_the_tests_of_every_other_room_pass() -> None:
    tests = [path for room in ROOMS for path in (ROOT / "tests" / room).rglob("test_*.py")]
    chosen = [str(path.relative_to(ROOT)) for path in tests if not imports_django(path)]
    options = ["-q", "-p", "tests.no_django", "-p", "no:cacheprovider", "-m", "not slow and not everywhere"]
    done = run("-m", "pytest", *options, *chosen)

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    assert len(chosen) > len(tests) / 2


def test_what_needs_django_says_so() -> None:
    done = run("-c", "import tests.no_django, asgi_stack.django")

    assert "No module named 'django'" in done.stderr
