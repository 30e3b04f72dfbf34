import re

import pytest

ADDRESS = re.compile(r"0x[0-9a-f]{6}")


def test_no_test_is_named_after_an_address_so_that_every_process_collects_the_same(
    request: pytest.FixtureRequest,
) -> None:
    assert [item.nodeid for item in request.session.items if ADDRESS.search(item.nodeid)] == []
