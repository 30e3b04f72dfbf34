import pytest

from asgi_stack.testing import Cookies, Headers


def after(*lines: str) -> dict[str, str]:
    cookies = Cookies(old="1")
    cookies.keep(Headers((b"set-cookie", line.encode()) for line in lines))
    return cookies


@pytest.mark.parametrize(
    ("line", "cookies"),
    [
        ("a=b; Path=/; HttpOnly", {"old": "1", "a": "b"}),
        (" a = b=c ;", {"old": "1", "a": "b=c"}),
        ("old=2", {"old": "2"}),
        ("a", {"old": "1", "a": ""}),
        ("old=; Max-Age=0", {}),
        ("old=; max-age=-1", {}),
        ("old=2; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT", {"old": "2"}),
        ("old=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", {}),
        ("old=2; Expires=Fri, 31 Dec 9999 23:59:59 GMT", {"old": "2"}),
        ("old=2; Expires=nonsense", {"old": "2"}),
        ("old=2; Max-Age=nonsense", {"old": "2"}),
    ],
)
def test_a_set_cookie_line_is_followed(line: str, cookies: dict[str, str]) -> None:
    assert after(line) == cookies


def test_all_cookies_go_into_one_header() -> None:
    assert Cookies(a="1", b="2").header() == "a=1; b=2"
