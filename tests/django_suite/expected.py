"""Django's own tests whose expectation a stack changes by design, and why."""

__all__ = ["CHANGED_BY_DESIGN"]

_LOWER_CASE = (
    "a stack sends header names in lower case, as ASGI demands of them; the test expects Content-Type"
)

CHANGED_BY_DESIGN: dict[str, str] = {
    "asgi.tests.ASGITest.test_get_asgi_application": _LOWER_CASE,
    "asgi.tests.ASGITest.test_asgi_cookies": _LOWER_CASE,  # 5.2 has no such test
    "asgi.tests.ASGITest.test_file_response": _LOWER_CASE,
    "asgi.tests.ASGITest.test_headers": _LOWER_CASE,
    "asgi.tests.ASGITest.test_static_file_response": _LOWER_CASE,
}
