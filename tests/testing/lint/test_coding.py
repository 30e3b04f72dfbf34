"""How the lint looks at a coded body, piece by piece."""

import sys
import zlib

import pytest

from asgi_stack.testing.lint.coding import coding_of


def test_a_coding_that_nothing_here_decodes_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("brotli", "brotlicffi"):
        monkeypatch.setitem(sys.modules, module, None)

    assert coding_of([b"br"]) is None


def test_a_body_of_deflate_may_come_octet_by_octet() -> None:
    coding, faults = coding_of([b"deflate"]), list[str]()
    assert coding is not None
    for octet in zlib.compress(b"hello"):
        coding.take(bytes([octet]))
    coding.end(lambda rule, text, hint: faults.append(rule))

    assert faults == []
