"""Runs what one Markdown page shows: ``python -m tests.docs.run_page docs/lifespan.md``.

Every fence marked ``python`` and every ``>>>`` example is run, top to bottom, in one namespace, with a copy
of the example project as the Django project, so that ``mysite.settings`` exists.

- A block that begins with a comment naming a file (``# mysite/asgi.py``) becomes that file of the project and
  is imported. Settings are added to the project's own, and all of a page's settings are there from its start.
- A block may ``await`` at its top level.
- Tests that a page shows are run by pytest as well.

There is no way to leave a block out.
"""

import ast
import asyncio
import doctest
import importlib
import inspect
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "examples" / "mysite"
FENCE = re.compile(r"^( *)(`{3,}|~{3,})\s*(.*?)\s*$")
APP = '"asgi_stack.django"'
FILE_NAME = re.compile(r"# ([\w/]+\.py) *$", re.MULTILINE)


class PageError(Exception):
    """A page cannot be run as it is written."""


@dataclass(frozen=True)
class Block:
    """A piece of a page: *info* is the fence's mark, None for plain text between fences."""

    page: Path
    line: int
    info: str | None
    text: str

    @property
    def is_python(self) -> bool:
        return (
            self.info is not None and re.match(r"(python|py|pycon)\b", self.info, re.IGNORECASE) is not None
        )

    @property
    def is_doctest(self) -> bool:
        return (not self.info or self.is_python) and re.search(
            r"^ *>>> ", self.text, re.MULTILINE
        ) is not None

    @property
    def file(self) -> str | None:
        """The project's file that the block is, if it says so in its first line."""
        named = FILE_NAME.match(self.text.lstrip("\n"))
        return named[1] if named and self.is_python and not self.is_doctest else None

    def code(self) -> Any:
        """The block compiled so that a traceback names the page and its line."""
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        return compile("\n" * self.line + self.text, str(self.page), "exec", flags=flags)


def blocks_of(page: Path) -> Iterator[Block]:
    """Cut *page* into fences and the text between them."""
    start, lines, fence = 0, [], None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        mark = FENCE.match(line)
        opens = mark is not None and fence is None
        closes = mark is not None and fence is not None and not mark[3] and mark[2].startswith(fence[2])
        if not opens and not closes:
            lines.append(line[len(fence[1]) :] if fence and line.startswith(fence[1]) else line)
            continue
        yield checked(Block(page, start, fence[3] if fence else None, "\n".join(lines) + "\n"))
        start, lines, fence = number, [], mark if opens else None
    if fence:
        raise PageError(f"{page}:{start}: the fence is never closed")
    yield checked(Block(page, start, None, "\n".join(lines) + "\n"))


def checked(block: Block) -> Block:
    """Refuse a block that looks like Python and would not be run."""
    if block.is_python and block.info != "python":
        raise PageError(
            f"{block.page}:{block.line}: write ```python; ```{block.info} is not run by everybody"
        )
    return block


def is_settings(block: Block) -> bool:
    return (block.file or "").endswith("settings.py")


def make_project(place: Path, blocks: list[Block]) -> None:
    """Copy the example project to *place*, with the settings of the page added to its own."""
    shutil.copytree(
        PROJECT, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sqlite3", "__pycache__")
    )
    settings = place / "mysite/settings.py"
    added = "\n".join(block.text for block in blocks if is_settings(block))
    text = settings.read_text(encoding="utf-8")
    if APP in added:  # the page adds it by itself, as a reader does
        text = text.replace(f"    {APP},\n", "")
    settings.write_text(f"{text}\n{added}", encoding="utf-8")


def run_file(block: Block, place: Path, written: set[str], names: dict[str, Any]) -> None:
    """Put the block where it says that it belongs, import it, and let later blocks see its names."""
    file = block.file or ""
    module = "mysite.settings" if is_settings(block) else file.removesuffix(".py").replace("/", ".")
    if not is_settings(block):
        path = place / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if file in written else "w", encoding="utf-8") as source:
            source.write(block.text)
        written.add(file)
        sys.modules.pop(module, None)
        importlib.invalidate_caches()
    names.update({k: v for k, v in vars(importlib.import_module(module)).items() if not k.startswith("__")})


def run_doctest(block: Block, names: dict[str, Any]) -> None:
    parser = doctest.DocTestParser()
    test = parser.get_doctest(block.text, names, block.page.name, str(block.page), block.line)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    report: list[str] = []
    runner.run(test, out=report.append, clear_globs=False)
    names.update(test.globs)
    if runner.failures:
        raise PageError("".join(report))


def run_code(block: Block, names: dict[str, Any], runner: asyncio.Runner) -> None:
    outcome = eval(block.code(), names)
    if inspect.iscoroutine(outcome):
        runner.run(outcome)


def run_tests(blocks: list[Block], place: Path) -> None:
    """Let pytest run the tests that the page shows, as a reader would."""
    sources = [b.text for b in blocks if b.is_python and not (b.is_doctest or is_settings(b))]
    if not any(re.search(r"^(async )?def test_|^class Test", text, re.MULTILINE) for text in sources):
        return
    (place / "test_page.py").write_text("\n".join(sources), encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", place)  # pytest as in this repository
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    command = [sys.executable, "-m", "pytest", *options, "test_page.py"]
    if subprocess.run(command, cwd=place, check=False).returncode:
        raise PageError(f"{blocks[0].page}: a test that the page shows fails; see above")


def run_page(page: Path, place: Path) -> int:
    """Run *page* in a copy of the example project at *place*; the number of blocks that were run."""
    blocks = list(blocks_of(page))
    make_project(place, blocks)
    names: dict[str, Any] = {"__name__": "__page__"}
    written: set[str] = set()
    runs = [block for block in blocks if block.is_python or block.is_doctest]
    with asyncio.Runner() as runner:
        for block in runs:
            if block.is_doctest:
                run_doctest(block, names)
            elif block.file:
                run_file(block, place, written, names)
            else:
                run_code(block, names, runner)
    run_tests(blocks, place)
    return len(runs)


def main(page: Path) -> None:
    page = page.resolve()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve()
        sys.path.insert(0, str(place))
        os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
        os.chdir(place)
        warnings.simplefilter("error")
        print(f"{page.name}: {run_page(page, place)} blocks ran")
        os.chdir(ROOT)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
