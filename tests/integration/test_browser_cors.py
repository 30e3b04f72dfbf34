"""Requests across origins in a real browser: what a page may read, and what never leaves it."""

from typing import Any

import pytest

from tests.integration.browser import Case, Run, run

PAGE, FOREIGN = "http://localhost:PAGE", "http://127.0.0.1:PAGE"
ONE, TWO = "http://one.app.localhost:PAGE", "http://two.app.localhost:PAGE"
TRUSTED = "http://trusted.localhost:PAGE"
OPAQUE = "null"
SITE = "http://127.0.0.1:SITE"
NEAR = "http://localhost:SITE"  # of the same site as PAGE, for ports do not count; cookies are shared with it

UNREADABLE = "TypeError"  # all that a script is told
POST: dict[str, Any] = {"method": "POST", "body": "text"}
JSON: dict[str, Any] = {**POST, "headers": {"content-type": "application/json"}}
PUT: dict[str, Any] = {"method": "PUT", "headers": {"x-asked": "yes"}}
COOKIES: dict[str, Any] = {"credentials": "include"}


def fetch(name: str, origin: str, url: str, answer: str, *arrived: str, **options: Any) -> Case:
    return Case(name, origin, url, [answer], list(arrived), [options])


def authorization(credentials: str) -> dict[str, str]:
    return {"authorization": f"Basic {credentials}"}


READABLE = [
    fetch("all may", FOREIGN, f"{SITE}/public/", "200 done", "GET 200"),
    fetch("named", PAGE, f"{SITE}/named/", "200 done, shown", "GET 200"),
    fetch("host below", ONE, f"{SITE}/below/", "200 done", "GET 200"),
    fetch("regex", TWO, f"{SITE}/regex/", "200 done", "GET 200"),
    fetch("opaque, all may", OPAQUE, f"{SITE}/public/", "200 done", "GET 200"),
    fetch("opaque, null may", OPAQUE, f"{SITE}/null/", "200 done", "GET 200"),
]
PREFLIGHTED = [
    fetch("put", PAGE, f"{SITE}/named/", "200 done, shown", "OPTIONS 204", "PUT 200", **PUT),
    fetch("patch", PAGE, f"{SITE}/named/", "200 done, shown", "OPTIONS 204", "PATCH 200", method="PATCH"),
    fetch("opaque put", OPAQUE, f"{SITE}/null/", "200 done", "OPTIONS 204", "PUT 200", method="PUT"),
    fetch("any method", FOREIGN, f"{SITE}/any/", "200 done", "OPTIONS 204", "PURGE 200", method="PURGE"),
    fetch("any header", FOREIGN, f"{SITE}/any/", "200 done", "OPTIONS 204", "GET 200", headers={"x-a": "b"}),
    fetch(
        "authorization, any header",
        *(FOREIGN, f"{SITE}/any/", "200 done", "OPTIONS 204", "GET 200"),
        headers=authorization("YTpi"),
    ),
    fetch(
        "json",  # a header that need not be listed
        *(PAGE, f"{SITE}/named/", "200 done, shown", "OPTIONS 204", "POST 200"),
        **JSON,
    ),
    fetch(
        "password",
        *(PAGE, f"{SITE}/password/", "200 done", "OPTIONS 204", "GET 200"),
        headers=authorization("YWRhOmxvdmVsYWNl"),
    ),
]
ERRORS = [
    fetch("raised", PAGE, f"{SITE}/named/boom", "500 Internal Server Error\n", "GET 500"),
    fetch(
        "put that raised",
        *(PAGE, f"{SITE}/named/boom", "500 Internal Server Error\n", "OPTIONS 204", "PUT 500"),
        **PUT,
    ),
    fetch("guarded", PAGE, f"{SITE}/named/a%2Fb", "400 Bad Request\n", "GET 400"),
    fetch("no password", PAGE, f"{SITE}/password/", "401 Unauthorized\n", "GET 401"),
    fetch(
        "wrong password",
        *(PAGE, f"{SITE}/password/", "401 Unauthorized\n", "OPTIONS 204", "GET 401"),
        headers=authorization("YTpi"),
    ),
    fetch(
        "refused post", FOREIGN, f"{SITE}/guarded/", "403 Cross-origin request refused\n", "POST 403", **POST
    ),
]
HIDDEN = [
    fetch("no CORS", PAGE, f"{SITE}/bare/", UNREADABLE, "GET 200"),
    fetch("not named", FOREIGN, f"{SITE}/named/", UNREADABLE, "GET 200"),
    fetch("not named post", FOREIGN, f"{SITE}/named/", UNREADABLE, "POST 200", **POST),
    fetch("not named, raised", FOREIGN, f"{SITE}/named/boom", UNREADABLE, "GET 500"),
    fetch("not below", PAGE, f"{SITE}/below/", UNREADABLE, "GET 200"),
    fetch("not the regex", TRUSTED, f"{SITE}/regex/", UNREADABLE, "GET 200"),
    fetch("opaque, others may", OPAQUE, f"{SITE}/below/", UNREADABLE, "GET 200"),
    fetch("null may, not opaque", PAGE, f"{SITE}/null/", UNREADABLE, "GET 200"),
]
UNSENT = [
    fetch("method", PAGE, f"{SITE}/named/", UNREADABLE, "OPTIONS 403", method="DELETE"),
    fetch("method in lower case", PAGE, f"{SITE}/named/", UNREADABLE, "OPTIONS 403", method="patch"),
    fetch("header", PAGE, f"{SITE}/named/", UNREADABLE, "OPTIONS 403", headers={"x-other": "yes"}),
    fetch("origin", FOREIGN, f"{SITE}/named/", UNREADABLE, "OPTIONS 403", **PUT),
    fetch("opaque origin", OPAQUE, f"{SITE}/named/", UNREADABLE, "OPTIONS 403", **PUT),
    fetch("no CORS put", PAGE, f"{SITE}/bare/", UNREADABLE, "OPTIONS 200", **PUT),
    fetch("cookies not allowed put", PAGE, f"{NEAR}/named/", UNREADABLE, "OPTIONS 204", **PUT, **COOKIES),
]
LOGIN = fetch("login", PAGE, f"{NEAR}/personal/login", "200 done", "GET 200", **COOKIES)
WITH_COOKIE = [
    fetch("cookie", PAGE, f"{NEAR}/personal/", "200 done", "GET 200", **COOKIES),
    fetch("cookie, all may", PAGE, f"{NEAR}/public/", UNREADABLE, "GET 200", **COOKIES),
    fetch("cookie, not allowed", PAGE, f"{NEAR}/named/", UNREADABLE, "GET 200", **COOKIES),
]
WITHOUT_COOKIE = fetch("no cookie", PAGE, f"{NEAR}/personal/", "200 done", "GET 200")
PUT_COOKIE = fetch(
    "cookie put", PAGE, f"{NEAR}/personal/", "200 done", "OPTIONS 204", "PUT 200", method="PUT", **COOKIES
)
REPEATED = [
    Case(
        "preflight remembered",
        *(PAGE, f"{SITE}/named/", ["200 done, shown"] * 2, ["OPTIONS 204", "PUT 200", "PUT 200"]),
        [PUT, PUT],
    ),
    Case(
        "preflight forgotten at once",
        *(PAGE, f"{SITE}/any/", ["200 done"] * 2, ["OPTIONS 204", "PUT 200"] * 2),
        [PUT, PUT],
    ),
    Case("answer cached", ONE, f"{SITE}/below/lasting", ["200 done"] * 2, ["GET 200"], [{}, {}]),
    Case(
        "answer cached without an origin",
        *(ONE, f"{SITE}/below/lasting", ["opaque", "200 done"], ["GET 200", "GET 200"]),
        [{"mode": "no-cors"}, {}],
    ),
]
SHARED = f"{SITE}/below/lasting?case=shared"
FOR_ONE = fetch("shared, one", ONE, SHARED, "200 done")
FOR_TWO = fetch("shared, two", TWO, SHARED, "200 done")


def websocket(name: str, origin: str, url: str, answer: str, arrived: str) -> Case:
    return Case(name, origin, url.replace("http", "ws"), [answer], [arrived], kind="websocket")


WEBSOCKETS = [
    websocket("own", SITE, f"{SITE}/guarded/", "open", "WEBSOCKET 101"),
    websocket("trusted", TRUSTED, f"{SITE}/guarded/", "open", "WEBSOCKET 101"),
    websocket("foreign", FOREIGN, f"{SITE}/guarded/", "closed 1006", "WEBSOCKET 403"),
    websocket("near", PAGE, f"{NEAR}/guarded/", "closed 1006", "WEBSOCKET 403"),
    websocket("opaque", OPAQUE, f"{SITE}/guarded/", "closed 1006", "WEBSOCKET 403"),
    websocket("only CORS", FOREIGN, f"{SITE}/named/", "open", "WEBSOCKET 101"),
]


def form(name: str, origin: str, url: str, arrived: str) -> Case:
    return Case(name, origin, url, ["loaded"], [arrived], [{"method": arrived.split()[0]}], "form")


FORMS = [
    (form("own form", SITE, f"{SITE}/guarded/", "POST 200"), "same-origin"),
    (form("trusted form", TRUSTED, f"{SITE}/guarded/", "POST 200"), "cross-site"),
    (form("cross-site form", PAGE, f"{SITE}/guarded/", "POST 403"), "cross-site"),
    (form("same-site form", PAGE, f"{NEAR}/guarded/", "POST 403"), "same-site"),
    (form("opaque form", OPAQUE, f"{SITE}/guarded/", "POST 403"), "cross-site"),
    (form("cross-site search", PAGE, f"{SITE}/guarded/", "GET 200"), "cross-site"),
]
CASES = [
    *(*READABLE, *PREFLIGHTED, *ERRORS, *HIDDEN, *UNSENT),
    *(LOGIN, *WITH_COOKIE, WITHOUT_COOKIE, PUT_COOKIE, *REPEATED, FOR_ONE, FOR_TWO),
    *(*WEBSOCKETS, *(case for case, _ in FORMS)),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """All the cases, run by one browser."""
    return run(CASES, tmp_path_factory.mktemp("browser"))


def check(browser: Run, case: Case) -> None:
    """The page was answered as the case says, and so was what arrived."""
    assert (browser.answers(case), browser.arrived(case)) == (case.answers, case.arrived)


@pytest.mark.parametrize("case", READABLE, ids=str)
def test_a_page_reads_what_its_origin_may(browser: Run, case: Case) -> None:
    check(browser, case)


@pytest.mark.parametrize("case", PREFLIGHTED, ids=str)
def test_a_preflight_lets_the_request_follow(browser: Run, case: Case) -> None:
    check(browser, case)


@pytest.mark.parametrize("case", ERRORS, ids=str)
def test_a_page_reads_errors_too(browser: Run, case: Case) -> None:
    check(browser, case)


@pytest.mark.parametrize("case", HIDDEN, ids=str)
def test_a_simple_request_arrives_though_its_answer_is_hidden(browser: Run, case: Case) -> None:
    check(browser, case)


@pytest.mark.parametrize("case", UNSENT, ids=str)
def test_a_refused_preflight_keeps_the_request_from_being_sent(browser: Run, case: Case) -> None:
    check(browser, case)


@pytest.mark.parametrize("case", WITH_COOKIE, ids=str)
def test_what_is_answered_to_a_cookie_is_readable_only_where_credentials_are_allowed(
    browser: Run, case: Case
) -> None:
    check(browser, case)

    assert browser.fields(case, "cookie") == ["session=ada"]


def test_a_preflight_carries_no_cookie_but_the_request_does(browser: Run) -> None:
    check(browser, PUT_COOKIE)

    assert browser.fields(PUT_COOKIE, "cookie") == ["-", "session=ada"]


def test_a_cookie_is_sent_only_where_the_script_asks_for_it(browser: Run) -> None:
    check(browser, WITHOUT_COOKIE)

    assert browser.fields(WITHOUT_COOKIE, "cookie") == ["-"]


@pytest.mark.parametrize("case", REPEATED, ids=str)
def test_the_browser_remembers_what_it_may_and_no_more(browser: Run, case: Case) -> None:
    check(browser, case)


def test_a_cached_answer_is_not_taken_for_that_to_another_origin(browser: Run) -> None:
    assert browser.answers(FOR_ONE) == browser.answers(FOR_TWO) == ["200 done"]
    assert [entry["origin"].split(".")[0] for entry in browser.log if entry["case"] == "shared"] == [
        "http://one",
        "http://two",
    ]


@pytest.mark.parametrize("case", WEBSOCKETS, ids=str)
def test_a_websocket_opens_only_for_origins_that_the_protection_lets_in(browser: Run, case: Case) -> None:
    check(browser, case)


@pytest.mark.parametrize(("case", "site"), FORMS, ids=str)
def test_a_form_of_another_site_is_refused_by_what_the_browser_says(
    browser: Run, case: Case, site: str
) -> None:
    check(browser, case)

    assert browser.fields(case, "sec-fetch-site") == [site]
