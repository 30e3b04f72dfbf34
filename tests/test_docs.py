"""Every example of the documentation runs; the runner itself is tested on small pages."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import asgi_stack

# It starts a process for each page.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PAGES = [page for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))] if page.exists()]


def run(page: Path) -> subprocess.CompletedProcess[str]:
    """Run *page* in a process of its own: its settings and its imports are nobody else's."""
    package = Path(asgi_stack.__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{package}"}
    command = [sys.executable, "-m", "tests.docs.run_page", str(page)]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def run_text(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    page = folder / "page.md"
    page.write_text(text, encoding="utf-8")
    return run(page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_example_of_the_page_runs(page: Path) -> None:
    done = run(page)

    assert done.returncode == 0, done.stdout + done.stderr


GOOD = {
    "blocks share their names": "```python\nx = 1\n```\ntext\n```python\nassert x == 1\n```\n",
    "an example in plain text": "Text\n\n    >>> 1 + 1\n    2\n",
    "an example sees earlier blocks": "```python\nx = 2\n```\n\n```python\n>>> x\n2\n```\n",
    "a later block sees an example": ">>> y = 3\n\n```python\nassert y == 3\n```\n",
    "await at the top": "```python\nimport asyncio\nawait asyncio.sleep(0)\n```\n",
    "other languages are left alone": "```console\n$ python no such thing >>>\n```\n",
    "a file of the project": "```python\n# mysite/extra.py\nZ = 4\n```\n\n    >>> import mysite.extra\n",
    "settings are those of the page": (
        "```python\nfrom django.conf import settings\nassert settings.SHOWN == 5\n```\n"
        "```python\n# mysite/settings.py\nSHOWN = 5\n```\n"
    ),
    "a test with a fixture": "```python\nasync def test_x(tmp_path):\n    assert tmp_path.exists()\n```\n",
    "an indented fence": "1. item\n\n   ```python\n   if True:\n       x = 1\n   ```\n",
}

BAD = {
    "an exception, with its line": ("\n\n```python\nx = 1\n1 / 0\n```\n", "page.md\", line 5"),
    "a wrong answer": (">>> 1 + 1\n3\n", "Expected:\n    3"),
    "a block that would not run": ("```python no-run\nx\n```\n", "write ```python"),
    "a block marked py": ("```py\nx\n```\n", "write ```python"),
    "a test that fails": ("```python\ndef test_x():\n    assert 1 == 2\n```\n", "assert 1 == 2"),
    "a warning": ("```python\nimport warnings\nwarnings.warn('old', DeprecationWarning)\n```\n", "old"),
    "a fence left open": ("```python\nx = 1\n", "never closed"),
    "a file that fails": ("```python\n# mysite/asgi.py\nimport nowhere\n```\n", "nowhere"),
}  # fmt: skip


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_the_runner_accepts(text: str, tmp_path: Path) -> None:
    done = run_text(text, tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_the_runner_reports(text: str, message: str, tmp_path: Path) -> None:
    done = run_text(text, tmp_path)

    assert done.returncode != 0
    assert message in done.stdout + done.stderr
