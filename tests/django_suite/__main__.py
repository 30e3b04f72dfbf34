"""Runs Django's own tests behind stacks: ``python -m tests.django_suite [LABEL...]``.

It takes the source archive of the Django that is installed, and runs its tests of ASGI, of the test client
and of the handlers once for each stack. Every `ASGIHandler` stands inside of that stack, and the
asynchronous test client is `AsyncStackClient`. Tests whose expectation a stack changes by design are in
`expected.py`, with the reason; no other may fail.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import django

from tests.django_suite.expected import CHANGED_BY_DESIGN
from tests.django_suite.source import NotObtainableError, tests_of_django
from tests.django_suite.stacks import STACKS

ROOT = Path(__file__).parents[2]
LABELS = (
    "asgi",
    "test_client",
    "test_client_regress",
    "handlers",
    "logging_tests",
    "middleware_exceptions",
)
FAILURE = re.compile(r"^(?:FAIL|ERROR): \S+ \(([\w.]+)\)", re.MULTILINE)
END = re.compile(r"^Ran (\d+) tests? in", re.MULTILINE)


def run(stack: str, tests: Path, labels: list[str]) -> list[str]:
    """Run the tests behind one stack, print what came of it, and return what should not have."""
    place = [str(ROOT), str(ROOT / "examples" / "mysite"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "SUITE_STACK": stack, "PYTHONPATH": os.pathsep.join(place)}
    command = [sys.executable, "-m", "tests.django_suite.child", str(tests), *labels]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    ended = END.search(done.stderr)
    failed = set(FAILURE.findall(done.stderr))
    faults = sorted(failed - CHANGED_BY_DESIGN.keys())
    if ended is None or faults:
        print(done.stdout + done.stderr)
    if ended is None:
        return ["the run did not come to its end"]
    print(f"the {stack} stack: {ended[1]} tests, {len(failed - set(faults))} changed by design: ", end="")
    print("all others pass" if not faults else f"{len(faults)} FAIL")
    return faults


def main(labels: list[str]) -> int:
    """Return 0 where all is as it should be, or the archive is not to be had outside of CI."""
    try:
        tests = tests_of_django(django.get_version())
    except NotObtainableError as error:
        print(f"Skipped: {error}")
        return 1 if "CI" in os.environ else 0
    print(f"Django {django.get_version()}: {' '.join(labels)}")
    faults = [f"{stack}: {fault}" for stack in STACKS for fault in run(stack, tests, labels)]
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [*LABELS]))
