"""What header middleware must not do is refused in words that name it and the mend, in a stack and alone."""

from functools import partial
from typing import Any

import pytest

from asgi_stack import HeaderMiddleware, HeadError, LayerError, RequestHead, Stack
from asgi_stack.heads import ResponseHead
from asgi_stack.middleware import ServerTimingMiddleware
from asgi_stack.testing import Recorder, http_scope
from tests.helpers import call

IN_A_STACK_AND_ALONE = pytest.mark.parametrize(
    "around", [lambda layer: Stack([layer]).wrap, lambda layer: layer], ids=["in a stack", "alone"]
)


def answering(answer: Any) -> type[HeaderMiddleware]:
    class Answering(HeaderMiddleware):
        """Answers with what it is told."""

        def on_request(self, request: RequestHead) -> Any:
            return answer(request) if callable(answer) else answer

    return Answering


async def late(head: ResponseHead) -> None:
    """A hook that nobody would await."""


class Late:
    """An object with an async call."""

    async def __call__(self, head: ResponseHead) -> None:
        """Nobody would await it."""


@IN_A_STACK_AND_ALONE
@pytest.mark.parametrize("answer", [True, 0, "", b"no", {}, 403])
async def test_an_answer_that_is_none_is_refused_before_the_inner_application_runs(
    around: Any, answer: Any
) -> None:
    inner = Recorder()
    with pytest.raises(
        LayerError, match=r"^Answering\.on_request returned .*\. Return None, a Reply, or a function"
    ):
        await call(around(answering(answer))(inner), http_scope())

    assert inner.calls == []


@IN_A_STACK_AND_ALONE
async def test_a_coroutine_is_no_answer_and_is_closed(around: Any) -> None:
    coroutine = late(ResponseHead({"type": "http.response.start"}))
    with pytest.raises(LayerError, match=r"^Answering\.on_request returned <coroutine object late"):
        await call(around(answering(coroutine))(Recorder()), http_scope())

    assert coroutine.cr_frame is None


@IN_A_STACK_AND_ALONE
@pytest.mark.parametrize(
    ("hook", "name"),
    [(late, "late"), (partial(late), "late"), (Late(), "Late"), (Late().__call__, "Late.__call__")],
)
async def test_an_async_hook_is_refused_by_its_name(around: Any, hook: Any, name: str) -> None:
    app = around(answering(lambda request: hook))(Recorder())

    with pytest.raises(
        LayerError, match=rf"^{name} is a response hook, and an async function: .* a plain def"
    ):
        await call(app, http_scope())


async def test_what_a_plain_hook_returns_is_of_no_matter() -> None:
    app = Stack([answering(lambda request: lambda head: head.headers.get(b"x") or "none")]).wrap(Recorder())

    assert (await call(app, http_scope()))[0]["status"] == 200


def setting(request: RequestHead) -> None:
    request.headers[b"x"] = b"1"  # type: ignore[index]  # that is the mistake


def deleting(request: RequestHead) -> None:
    del request.headers[b"host"]  # type: ignore[attr-defined]  # likewise


def merging(request: RequestHead) -> None:
    request.headers |= {b"x": b"1"}  # type: ignore[assignment, operator]  # likewise


def popping(request: RequestHead) -> None:
    request.headers.pop(b"host")  # type: ignore[attr-defined]  # likewise


WRITING = pytest.mark.parametrize("write", [setting, deleting, merging, popping])


READ_ONLY = (
    r": RequestHead\.headers is read-only\. To change what the layers inside see, call request\.update\("
)


@WRITING
@IN_A_STACK_AND_ALONE
async def test_writing_to_the_headers_of_a_request_is_refused_with_what_to_call(
    around: Any, write: Any
) -> None:
    scope = http_scope(headers={"host": "a.example"})

    with pytest.raises(HeadError, match=rf"^{write.__name__}{READ_ONLY}"):
        await call(around(answering(write))(Recorder()), scope)


@WRITING
async def test_writing_to_them_in_a_hook_is_refused_alike(write: Any) -> None:
    app = Stack([answering(lambda request: lambda head: write(request))]).wrap(Recorder())

    with pytest.raises(HeadError, match=READ_ONLY):
        await call(app, http_scope(headers={"host": "a.example"}))


@WRITING
@pytest.mark.parametrize(
    "change",
    [
        lambda request: request.update(x=1),
        lambda request: request.update(headers=[*request.scope["headers"], (b"y", b"2")]),
        lambda request: request.update(headers=[(b"host", b"b.example")]),
        lambda request: request.set_header(b"y", b"2"),
        lambda request: request.remove_headers(frozenset({b"y"})),
        lambda request: request.remove_headers(frozenset({b"x-a"})),
    ],
)
def test_the_headers_that_a_change_makes_are_read_only_too(write: Any, change: Any) -> None:
    head = RequestHead(http_scope(headers={"host": "a.example", "x-a": "1"}))
    change(head)

    with pytest.raises(HeadError, match=READ_ONLY):
        write(head.inward or head)


def test_the_layer_that_writes_is_named() -> None:
    class Writes(HeaderMiddleware):
        def on_request(self, request: RequestHead) -> None:
            request.headers[b"x"] = b"1"  # type: ignore[index]  # that is the mistake

    with pytest.raises(HeadError, match=rf"Writes\.on_request{READ_ONLY}"):
        Writes(Recorder()).on_request(RequestHead(http_scope()))


@WRITING
async def test_a_function_that_a_layer_of_the_package_asks_cannot_write_either(write: Any) -> None:
    class Timing(ServerTimingMiddleware):
        """Stands for the package's own class, which is trusted."""

    Timing.is_trusted = True
    layer = partial(Timing, when=lambda request: bool(write(request)))

    with pytest.raises(HeadError, match=READ_ONLY):
        await call(Stack([layer]).wrap(Recorder()), http_scope(headers={"host": "a.example"}))


@IN_A_STACK_AND_ALONE
@pytest.mark.parametrize("error", [TypeError("x"), AttributeError("y")])
async def test_any_other_error_of_a_layer_comes_out_as_it_is(around: Any, error: Exception) -> None:
    def fail(_: object) -> Any:
        raise error

    for answer in (fail, lambda request: fail):
        with pytest.raises(type(error)) as raised:
            await call(around(answering(answer))(Recorder()), http_scope())
        assert raised.value is error


def test_the_package_knows_its_own_classes_and_no_others() -> None:
    class Theirs(ServerTimingMiddleware):
        """A class of somebody else's."""

    assert (ServerTimingMiddleware.is_trusted, Theirs.is_trusted) == (True, False)
