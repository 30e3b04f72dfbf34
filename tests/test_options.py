"""Each kind of option: what is taken, in which form it is kept, and what is refused with which words."""

import asyncio
import enum
import functools
import itertools
import re
import types
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from asgi_stack import OptionError, options
from asgi_stack.grammar.address import parse_address


class Owner: ...


OWNER = Owner()
NAN, INFINITY = float("nan"), float("inf")


def refused(check: Callable[..., Any], given: object, **details: Any) -> str:
    with pytest.raises(OptionError) as caught:
        check(OWNER, "size", given, **details)
    assert caught.value.option.removesuffix("()") == "size"
    return str(caught.value)


@pytest.mark.parametrize("given", [True, False])
def test_a_flag_is_true_or_false(given: bool) -> None:
    assert options.flag(OWNER, "size", given) is given


@pytest.mark.parametrize("given", [None, 0, 1, 2, "", b"", [], "on"])
def test_a_flag_is_nothing_else(given: object) -> None:
    assert refused(options.flag, given).startswith(
        f"Owner: size={given!r} is not usable. Give True or False."
    )


def test_a_flag_from_the_environment_is_told_how_to_be_read() -> None:
    assert "os.environ.get('X') == 'true'" in refused(options.flag, "False")


@pytest.mark.parametrize(
    ("given", "limits"),
    [(0, {}), (5, {}), (1, {"least": 1, "most": 1}), pytest.param(10**500, {}, id="huge")],
)
def test_a_whole_number_is_within_its_limits(given: int, limits: dict[str, int]) -> None:
    assert options.whole_number(OWNER, "size", given, **limits) == given


@pytest.mark.parametrize(
    "given", [-1, 6, pytest.param(10**5000, id="huge"), True, 5.0, NAN, INFINITY, "5", b"5", None, []]
)
def test_a_whole_number_is_nothing_else(given: object) -> None:
    assert "Give a whole number, 0 to 5." in refused(options.whole_number, given, most=5)


def test_a_number_that_came_as_text_is_told_apart() -> None:
    assert refused(options.whole_number, "7", least=1, what="whole seconds").endswith(
        "Give whole seconds, 1 or more. '7' is text: give the number itself."
    )


class Sizes(enum.IntEnum):
    SMALL = 3


def test_a_member_of_an_enumeration_is_kept_as_the_number_that_it_is() -> None:
    assert type(options.whole_number(OWNER, "size", Sizes.SMALL)) is int


@pytest.mark.parametrize("given", [0, 0.0, 2.5, 10**6])
def test_seconds_are_any_number_that_is_not_negative(given: float) -> None:
    assert options.seconds(OWNER, "size", given) == given


@pytest.mark.parametrize(
    "given", [-0.1, NAN, INFINITY, -INFINITY, pytest.param(10**400, id="huge"), True, "5", None, [5]]
)
def test_seconds_are_finite_and_a_number(given: object) -> None:
    assert "Give seconds, 0 or more." in refused(options.seconds, given)


def test_seconds_below_the_least_are_refused_with_it() -> None:
    assert "Give seconds, 0.001 or more." in refused(options.seconds, 0, least=0.001)


class Words(str, enum.Enum):  # noqa: UP042  # its f-string is not its value, unlike that of a StrEnum
    STAGING = "Staging"


@pytest.mark.parametrize("given", ["Staging", Words.STAGING])
def test_text_is_kept_as_a_plain_string(given: str) -> None:
    kept = options.text(OWNER, "size", given, fits=str.isascii, hint="Give a word.")

    assert f"{kept}" == "Staging"


@pytest.mark.parametrize("given", ["", "bücher", None, 5, b"x", ["x"]])
def test_text_that_does_not_fit_is_refused_with_the_hint(given: object) -> None:
    assert refused(options.text, given, fits=str.isascii, hint="Give a word.").endswith("Give a word.")


def test_the_value_of_a_field_has_no_line_breaks() -> None:
    assert options.field_value(OWNER, "size", "a b", example="x") == "a b"
    assert "as in size='x'" in refused(options.field_value, "a\nb", example="x")


def test_the_name_of_a_field_is_kept_in_lower_case() -> None:
    assert options.field_name(OWNER, "size", "X-Id", example="x-id") == "x-id"
    assert "as in size='x-id'" in refused(options.field_name, "x id", example="x-id")


def test_a_choice_is_one_of_those_known() -> None:
    assert options.choice(OWNER, "size", "small", ["small", "big"]) == "small"
    assert options.choice(OWNER, "size", True, [True, "auto"]) is True


@pytest.mark.parametrize("given", [1, None, "Auto", [], {}])
def test_a_choice_is_nothing_else(given: object) -> None:
    assert "Give True, False or 'auto'." in refused(options.choice, given, known=[True, False, "auto"])


def test_a_misspelt_choice_is_told_the_right_one() -> None:
    assert refused(options.choice, "forwarde", known=["forwarded"]).endswith("Did you mean 'forwarded'?")


def test_an_instance_is_of_the_class() -> None:
    assert options.instance(OWNER, "size", OWNER, Owner, hint="Give an Owner.") is OWNER
    assert refused(options.instance, Owner, kind=Owner, hint="Give an Owner.").endswith("Give an Owner.")


def test_a_mapping_is_no_list_of_pairs() -> None:
    assert options.mapping(OWNER, "size", {"a": 1}, hint="Give a dict.") == {"a": 1}
    assert refused(options.mapping, [("a", 1)], hint="Give a dict.").endswith("Give a dict.")


@pytest.mark.parametrize(
    "given", [["a", "b"], ("a", "b"), {"a": 1, "b": 2}.keys(), iter("ab"), (letter for letter in "ab")]
)
def test_strings_come_in_anything_that_can_be_iterated(given: object) -> None:
    assert options.strings(OWNER, "size", given, example=["x"]) == ("a", "b")


@pytest.mark.parametrize(
    "given", [5, None, True, b"ab", b"", bytearray(b"x"), memoryview(b"x"), "", {"a": 1}, {}, object(), NAN]
)
def test_strings_are_no_single_value_and_no_mapping(given: object) -> None:
    assert refused(options.strings, given, example=["x"]).endswith("Give a list, as in size=['x'].")


def test_a_single_string_is_told_to_become_a_list() -> None:
    assert refused(options.strings, "a b", example=["x"]).endswith("Give a list, as in size=['a b'].")


@pytest.mark.parametrize("given", [[5], [b"x"], ["a", None], itertools.repeat(1), [["a"]]])
def test_an_entry_that_is_no_string_is_refused_where_it_stands(given: object) -> None:
    assert refused(options.strings, given, example=["x"]).endswith("Each entry is a str, as in size=['x'].")


def test_an_entry_with_a_fault_is_refused_with_it() -> None:
    error = refused(
        options.strings, ["a", "B"], example=["x"], fault=lambda e: "Loud." if e.isupper() else None
    )

    assert error == "Owner: size='B' is not usable. Loud."


def test_an_empty_list_is_refused_where_one_entry_is_wanted() -> None:
    assert options.strings(OWNER, "size", [], example=["x"]) == ()
    assert refused(options.strings, iter(()), example=["x"], least=1) == (
        "Owner: size=[] is not usable. Give at least one, as in size=['x']."
    )


def test_hosts_are_kept_as_they_are_compared() -> None:
    assert list(options.hosts(OWNER, "size", ["A.example.", ".b.example", "*"])) == [
        "a.example",
        ".b.example",
        "*",
    ]


@pytest.mark.parametrize("given", ["a.example", b"a.example", None, 5, {"a.example": 1}])
def test_hosts_are_a_list(given: object) -> None:
    assert "Give a list of hosts, as in size=['" in refused(options.hosts, given)


def test_a_host_with_a_fault_is_refused_with_it_and_so_is_no_host_at_all() -> None:
    assert refused(options.hosts, ["a.example", "b:80"]) == (
        "Owner: size='b:80' is not usable. Leave the port out: a host is meant on every port."
    )
    assert "Give at least one, as in size=['example.com', '.example.org']" in refused(options.hosts, [])


def test_one_host_is_kept_as_it_is_compared() -> None:
    assert options.one_host(OWNER, "size", "A.example.") == "a.example"


@pytest.mark.parametrize(
    ("given", "hint"),
    [(".a", "Give one host"), ("*", "Give one host"), (None, "Give a str"), ("a/b", "Give the host alone")],
)
def test_one_host_is_no_pattern_and_nothing_else(given: object, hint: str) -> None:
    assert hint in refused(options.one_host, given)


def test_paths_are_kept_without_the_slash_that_says_nothing() -> None:
    assert list(options.paths(OWNER, "size", ["/a/", "/<uuid>"], example=["/x"])) == ["/a", "/<uuid>"]


def test_no_paths_are_paths_too() -> None:
    assert list(options.paths(OWNER, "size", (), example=["/x"])) == []


@pytest.mark.parametrize("given", ["/a", b"/a", None, 5, {"/a": 1}])
def test_paths_are_a_list(given: object) -> None:
    assert "Give a list of paths, as in size=['/" in refused(options.paths, given, example=["/x"])


def test_a_path_with_a_fault_is_refused_with_it() -> None:
    assert refused(options.paths, ["/a", "b"], example=["/x"]) == (
        "Owner: size='b' is not usable. A path begins with a slash: '/b'."
    )


def test_one_path_is_kept_as_it_is_written() -> None:
    assert options.one_path(OWNER, "size", "/a/") == "/a/"


@pytest.mark.parametrize(
    ("given", "hint"),
    [("/<uuid>", "Give one path"), (None, "Give a str"), (b"/a", "Give a str"), ("a", "begins with a slash")],
)
def test_one_path_is_no_pattern_and_nothing_else(given: object, hint: str) -> None:
    assert hint in refused(options.one_path, given)


def test_tokens_are_those_of_http() -> None:
    assert options.tokens(OWNER, "size", ["GET"], example=["GET"]) == ("GET",)
    assert "Give tokens (RFC 9110), as in size=['GET']." in refused(options.tokens, ["G T"], example=["GET"])


def test_a_token_may_have_a_further_fault() -> None:
    assert refused(options.tokens, ["a"], example=["x"], fault=lambda _: "No.").endswith("No.")


def test_names_of_fields_are_kept_in_lower_case() -> None:
    assert options.field_names(OWNER, "size", ["X-A", "b"], example=["x"]) == ("x-a", "b")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("192.0.2.1/32", "192.0.2.1"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("::1", "::1"),
    ],
)
def test_a_network_is_kept_as_it_is_written_canonically(given: str, kept: str) -> None:
    assert options.network(OWNER, "size", given) == kept


@pytest.mark.parametrize(
    "given", [5, None, b"\x7f\x00\x00\x01", "", "localhost", "10.0.0.1/8", "fe80::1%eth0"]
)
def test_what_is_no_network_is_refused_with_examples(given: object) -> None:
    assert "Write networks as '10.0.0.0/8'" in refused(options.network, given)


def test_the_reason_why_something_is_no_network_is_told() -> None:
    assert "10.0.0.1/8 has host bits set. Write" in refused(options.networks, ["10.0.0.1/8"])


def test_networks_hold_addresses() -> None:
    found = options.networks(OWNER, "size", ["10.0.0.0/8"])

    assert [parse_address(text) in found for text in ("10.1.2.3", "11.1.2.3")] == [True, False]


def plain(scope: object) -> bool:
    return True


async def coroutine(scope: object) -> bool:
    return True


async def asynchronous_generator(scope: object) -> AsyncGenerator[bool]:
    yield True


def generator(scope: object) -> Generator[bool]:
    yield True


class Call:
    def __call__(self, scope: object) -> bool:
        return True

    async def method(self, scope: object) -> bool:
        return True


class AsyncCall:
    async def __call__(self, scope: object) -> bool:
        return True


def shown(function: object) -> str:
    """Two processes that share the tests must call them the same: no addresses."""
    return f"{type(function).__name__} {getattr(function, '__name__', '')}"


SYNCHRONOUS = [
    plain,
    lambda scope: True,
    functools.partial(plain),
    functools.partial(lambda a, scope: a, 1),
    Call(),
    Call().__call__,
    MagicMock(),
    MagicMock(return_value=True),
    bool,
    async_to_sync(coroutine),
    functools.lru_cache(plain),
]
ASYNCHRONOUS = [
    coroutine,
    functools.partial(coroutine),
    functools.partial(functools.partial(AsyncCall())),
    Call().method,
    AsyncCall(),
    AsyncCall().__call__,
    AsyncMock(),
    sync_to_async(plain),
]
GENERATORS = [generator, asynchronous_generator, functools.partial(generator)]
HINT = "Give a function."


@pytest.mark.parametrize("given", SYNCHRONOUS, ids=shown)
def test_a_function_is_anything_that_answers_at_once(given: Callable[..., Any]) -> None:
    assert options.function(OWNER, "size", given, "the scope", hint=HINT) is given


@pytest.mark.parametrize("given", [*ASYNCHRONOUS, *GENERATORS], ids=shown)
def test_a_function_without_an_answer_of_its_own_is_refused(given: Callable[..., Any]) -> None:
    with pytest.raises(OptionError, match=r"^Owner: size=.* Give a function\. .*: write a plain def\.$"):
        options.function(OWNER, "size", given, "the scope", hint=HINT)


@pytest.mark.parametrize("given", [None, 5, "plain", b"", True, [], {}, object()])
def test_what_cannot_be_called_is_no_function(given: Any) -> None:
    assert refused(options.function, given, hint=HINT).endswith(HINT)
    assert refused(options.async_function, given, hint=HINT).endswith(HINT)


def test_a_function_that_takes_something_else_is_told_what_it_is_called_with() -> None:
    with pytest.raises(OptionError, match=re.escape("<lambda> is called with the scope, the error.")):
        options.function(OWNER, "size", lambda scope: True, "the scope", "the error", hint=HINT)
    assert refused(options.function, plain, hint=HINT).endswith("plain is called without arguments.")


@pytest.mark.parametrize("given", [*SYNCHRONOUS, *ASYNCHRONOUS], ids=shown)
def test_an_async_function_may_be_any_that_can_return_an_awaitable(given: Callable[..., Any]) -> None:
    assert options.async_function(OWNER, "size", given, "the scope", hint=HINT) is given


@pytest.mark.parametrize("given", GENERATORS, ids=shown)
def test_a_generator_is_no_async_function(given: Callable[..., Any]) -> None:
    with pytest.raises(OptionError, match="generator, which cannot be awaited"):
        options.async_function(OWNER, "size", given, "the scope", hint=HINT)


def test_a_clock_is_a_function_without_arguments() -> None:
    assert options.clock_function(OWNER, "size", float)() == 0.0
    assert "as time.monotonic" in refused(options.clock_function, plain)


@pytest.mark.parametrize("answer", [True, None, "", 0, object(), MagicMock()])
def test_an_answer_is_handed_on(answer: object) -> None:
    assert options.answered(OWNER, "size", answer) is answer


@types.coroutine
def old_coroutine() -> Generator[None]:
    yield


@pytest.mark.parametrize(
    "make",
    [lambda: coroutine(None), lambda: asynchronous_generator(None), lambda: generator(None), old_coroutine],
)
def test_an_answer_that_must_be_awaited_is_an_error_and_leaves_no_warning(make: Callable[[], Any]) -> None:
    with pytest.raises(OptionError, match=r"^Owner: size\(\)=<.*> is not usable\. Let it return its answer"):
        options.answered(OWNER, "size", make())


async def test_a_task_in_the_place_of_an_answer_is_called_off() -> None:
    task = asyncio.ensure_future(coroutine(None))
    with pytest.raises(OptionError, match="nothing awaits it"):
        options.answered(OWNER, "size", task)
    await asyncio.wait([task])

    assert task.cancelled()


def test_an_awaitable_that_cannot_be_ended_is_refused_too() -> None:
    class Awaitable:
        def __await__(self) -> Generator[None, None, bool]:
            yield
            return True

    with pytest.raises(OptionError, match="nothing awaits it"):
        options.answered(OWNER, "size", Awaitable())


@pytest.mark.parametrize(("answer", "decision"), [(True, True), (0, False), (None, False), ([1], True)])
def test_what_decides_once_may_be_anything_that_is_true_or_not(answer: object, decision: bool) -> None:
    assert options.decided(OWNER, "size", answer) is decision


def test_text_decides_nothing() -> None:
    assert refused(options.decided, "False").startswith("Owner: size()='False' is not usable.")


def test_a_predicate_asks_the_function_and_hands_on_yes_or_no() -> None:
    ask = options.decider(OWNER, "size", lambda scope: scope, "the scope", hint=HINT)
    alone = options.decider("Owner", "size", lambda: "yes", hint=HINT)

    assert [ask(each) for each in (True, False, 1, 0, None)] == [True, False, True, False, False]
    assert alone() is True


@pytest.mark.parametrize("owner", [OWNER, "Owner"], ids=["object", "name"])
def test_a_predicate_that_returns_a_coroutine_is_an_error_when_it_is_asked(owner: object) -> None:
    ask = options.decider(owner, "size", lambda scope: coroutine(scope), "the scope", hint=HINT)
    alone = options.decider(owner, "size", lambda: coroutine(None), hint=HINT)

    for asked in (lambda: ask(None), alone):
        with pytest.raises(OptionError, match=r"^Owner: size\(\)=<coroutine .*nothing awaits it\.$"):
            asked()


class AlwaysTrue:
    """A class whose instances cannot be false."""

    def __init__(self, scope: object = None) -> None: ...


def test_a_class_whose_instances_are_always_true_is_no_predicate() -> None:
    assert options.predicate(OWNER, "size", bool, "the scope", hint=HINT) is bool
    assert refused(options.predicate, AlwaysTrue, hint=HINT).endswith("What AlwaysTrue makes is always true.")
