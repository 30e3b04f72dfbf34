"""What holds for every test: no task is left behind, and Hypothesis watches no clock."""

import asyncio
import functools
import inspect
import os
from collections.abc import Awaitable, Callable
from typing import Any

import hypothesis
import pytest

if "WITHOUT_DJANGO" not in os.environ:  # tests/test_without_django.py runs some of the tests without it
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.project.settings")
    django.setup()

# A busy machine is slow, not wrong. In CI a failure must come back with the next run.
hypothesis.settings.register_profile("suite", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.register_profile("quick", hypothesis.settings.get_profile("suite"), max_examples=10)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


def leaving_no_task(test: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The same test, which also fails when a task that it started is still running at its end."""

    @functools.wraps(test)
    async def checked(*args: Any, **kwargs: Any) -> Any:
        before = asyncio.all_tasks()
        result = await test(*args, **kwargs)
        await asyncio.sleep(0)  # a task whose work is done needs one more turn to be done itself
        if left := [task for task in asyncio.all_tasks() - before if not task.done()]:
            pytest.fail(f"tasks left running: {left}")
        return result

    return checked


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Watch the tasks of every asynchronous test, those of Hypothesis included."""
    seen = set()
    for item in items:
        function = getattr(item, "obj", None)
        handle = getattr(function, "hypothesis", None)
        if inspect.iscoroutinefunction(getattr(handle, "inner_test", None)):
            if id(handle) not in seen:  # one handle serves all parameters of a test
                handle.inner_test = leaving_no_task(handle.inner_test)
                seen.add(id(handle))
        elif inspect.iscoroutinefunction(function):
            item.obj = leaving_no_task(function)
