from collections.abc import AsyncIterator

import pytest

from asgi_stack.testing import ManualClock


@pytest.fixture
async def clock() -> AsyncIterator[ManualClock]:
    with ManualClock(100).drive_loop() as clock:
        yield clock
