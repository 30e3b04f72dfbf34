"""Layer: a middleware and its options, checked where they are written."""

import sys
from functools import partial, wraps
from pathlib import Path
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware

from asgi_stack import (
    ApplicationError,
    ASGIMiddleware,
    HeaderMiddleware,
    ImportPathError,
    Layer,
    LayerError,
    OptionError,
)
from asgi_stack.testing import Recorder
from asgi_stack.types import ASGIApp, Receive, Scope, Send
from tests.annotated import Broken, names
from tests.helpers import shown

STARLETTE_CORS = "starlette.middleware.cors.CORSMiddleware"


class Limit(ASGIMiddleware):
    """A middleware with one option that it must be given, and one that it may be."""

    __slots__ = ("body_size", "headers")

    def __init__(self, app: ASGIApp, *, body_size: int, headers: int = 100) -> None:
        super().__init__(app)
        self.body_size, self.headers = body_size, headers


def function(inner: ASGIApp, size: int = 1) -> ASGIApp:
    return partial(Limit(inner, body_size=size).__call__)


def without_options(app: ASGIApp, /) -> ASGIApp:
    return app


async def asynchronous(app: ASGIApp) -> ASGIApp:
    return app


class Legacy:
    """An ASGI 2 middleware."""

    def __init__(self, app: Any) -> None: ...

    def __call__(self, scope: Scope) -> Any: ...


class Factory:
    """An instance that makes applications."""

    def __call__(self, app: ASGIApp, *, size: int = 1) -> ASGIApp:
        return app


def unreadable(app: ASGIApp, **options: Any) -> ASGIApp:
    return app


unreadable.__signature__ = 7  # type: ignore[attr-defined]  # what a broken decorator leaves


# --- what a layer is


@pytest.mark.parametrize("factory", [Limit, partial(Limit, headers=2), "late"])
def test_a_layer_wraps_an_application_with_its_options(factory: Any) -> None:
    recorder = Recorder()
    at = Layer.at(f"{__name__}.Limit", body_size=7)
    made = (at if factory == "late" else Layer(factory, body_size=7)).wrap(recorder)

    assert (type(made), made.body_size, made.app) == (Limit, 7, recorder)


@wraps(Legacy.__call__)
def made_of_something_else(app: ASGIApp) -> ASGIApp:
    return app


MAKES = [
    function,
    without_options,
    Factory(),
    ASGIMiddleware,
    lambda app: app,
    made_of_something_else,
    Broken(),
    names()["Middleware"],
    names()["factory"],
]


@pytest.mark.parametrize("factory", MAKES, ids=shown)
def test_any_callable_that_takes_the_inner_application_first_will_do(factory: Any) -> None:
    assert callable(Layer(factory).wrap(Recorder()))


def test_an_option_may_have_the_name_of_a_parameter_of_ours() -> None:
    layer = Layer(unreadable, factory=1, path=2, self=3)

    assert dict(layer.options) == {"factory": 1, "path": 2, "self": 3}


def test_a_factory_whose_signature_cannot_be_read_is_given_its_options_unchecked() -> None:
    assert Layer(unreadable, anything=1).wrap(Recorder())


def test_a_factory_is_judged_by_what_it_takes_itself_and_not_by_what_it_is_made_of() -> None:
    @wraps(Limit)
    def limited(app: ASGIApp, *, strict: bool = False) -> ASGIApp:
        return Limit(app, body_size=int(strict))

    assert Layer(limited, strict=True).wrap(Recorder())
    with pytest.raises(LayerError, match=r"unexpected keyword argument 'body_size'.* Its options: strict"):
        Layer(limited, body_size=1)


def test_names_of_options_are_checked_though_annotations_cannot_be_evaluated() -> None:
    with pytest.raises(LayerError, match=r"unexpected keyword argument 'nam'.* Did you mean 'name'\?"):
        Layer(names()["Middleware"], nam="own")


def test_options_are_read_only() -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        Layer(Limit, body_size=1).options["body_size"] = 2  # type: ignore[index]  # what is being tested


def test_nothing_can_be_put_on_a_layer() -> None:
    with pytest.raises(AttributeError):
        Layer(Limit, body_size=1).colour = "red"  # type: ignore[attr-defined]  # what is being tested


def test_options_may_be_added_and_replaced_later_and_all_else_is_kept() -> None:
    layer = Layer(Limit, body_size=1).only(path="/api").enabled_if(True).named("limit")
    other = Layer(Limit, body_size=2, headers=3).only(path="/api").enabled_if(True).named("limit")

    assert layer.with_options(body_size=2, headers=3) == other
    assert dict(layer.options) == {"body_size": 1}


def test_options_added_later_are_checked_on_the_spot_unless_the_factory_is_a_path() -> None:
    at = Layer.at(f"{__name__}.Limit").with_options(body_sise=1)

    with pytest.raises(LayerError, match=r"Did you mean 'body_size'\?"):
        Layer(Limit, body_size=1).with_options(body_sise=1)
    with pytest.raises(LayerError, match=r"Did you mean 'body_size'\?"):
        at.resolve()


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (Layer(Limit, body_size=1, headers=2), "Limit(body_size=1, headers=2)"),
        (Layer(partial(function, size=2)), "function()"),
        (Layer.at(STARLETTE_CORS, allow_origins=["*"]), f"{STARLETTE_CORS}(allow_origins=['*'])"),
    ],
)
def test_a_layer_is_printed_as_a_call(layer: Layer[...], text: str) -> None:
    assert repr(layer) == text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Layer(Limit, body_size=1), Layer(Limit, body_size=1), True),
        (Layer(Limit, body_size=1), Layer(Limit, body_size=2), False),
        (Layer(ASGIMiddleware), Layer(HeaderMiddleware), False),
        (Layer.at("a.B", x=[1]), Layer.at("a.B", x=[1]), True),
        (Layer.at("a.B"), Layer.at("a.C"), False),
        (Layer(ASGIMiddleware), ASGIMiddleware, False),
    ],
)
def test_layers_are_equal_when_factory_and_options_are(one: Any, other: Any, same: bool) -> None:
    assert (one == other) is same


def test_equal_layers_have_one_hash_whatever_their_options_hold() -> None:
    layers = {Layer(Limit, body_size=1, headers=[]), Layer(Limit, headers=[], body_size=1)}  # type: ignore[arg-type]  # unhashable on purpose

    assert len(layers) == 1


# --- mistakes found where they are written


@pytest.mark.parametrize(
    ("factory", "options", "text"),
    [
        (Limit, {"body_sise": 1}, "Limit: .*Did you mean 'body_size'?"),
        (Limit, {}, "Limit: missing a required .*'body_size'.* Its options: body_size, headers."),
        (
            Limit,
            {"body_size": 1, "zzz": 2},
            "unexpected keyword argument 'zzz'. Its options: body_size, headers.",
        ),
        (Limit, {"app": 1, "body_size": 1}, "Limit: multiple values for argument 'app'."),
        (without_options, {"size": 1}, "unexpected keyword argument 'size'. It takes no options."),
        (partial(Limit, headers=1), {"body_sise": 1}, "Limit: .*Did you mean 'body_size'?"),
        (lambda: None, {}, "<lambda>: too many positional arguments."),
        (lambda app, other: None, {}, "<lambda>: missing a required argument: 'other'."),
        (7, {}, "7 is not a middleware. Give a class or a function that takes the inner application"),
        ("a.B", {}, r"'a.B' is not a middleware. For a dotted path write Layer.at\('a.B'\)."),
        (get_asgi_application(), {}, "ASGIHandler is an application already, not a middleware."),
        (ASGIMiddleware(Recorder()), {}, "ASGIMiddleware is an application already, not a middleware."),
        (Recorder().__call__, {}, "__call__ is an application already, not a middleware."),
        (asynchronous, {}, "asynchronous is an async function, not a middleware. Give a class or a function"),
        (CORSMiddleware, {"allow_origin": ["*"]}, "CORSMiddleware: .*Did you mean 'allow_origins'?"),
    ],
)
def test_a_mistake_is_found_on_the_line_of_the_layer(factory: Any, options: Any, text: str) -> None:
    with pytest.raises(LayerError, match=text):
        Layer(factory, **options)


def test_options_are_given_by_name_only() -> None:
    with pytest.raises(LayerError, match=r"Layer\(Limit, ...\): 1 given by position. Name each option"):
        Layer(Limit, 7)  # type: ignore[call-arg, arg-type]  # what is being tested


@pytest.mark.parametrize("path", ["", "Name", "a.", ".a", "a..b", "a b.c", "a:b", "a.1b", 7, Limit])
def test_what_is_no_dotted_path_is_refused_at_once(path: Any) -> None:
    with pytest.raises(OptionError, match=r"Layer.at: path=.* Give a dotted path, as in"):
        Layer.at(path)


# --- mistakes found in wrap


@pytest.mark.parametrize(
    ("factory", "text"),
    [
        (lambda app: None, "it did not return an application: None is not an application."),
        (lambda app: Starlette, "it did not return an application: the class Starlette itself"),
        (lambda app: asynchronous(app), "it did not return an application: <coroutine object asynchronous"),
        (Legacy, "it did not return an application: Legacy is an ASGI 2 application."),
    ],
)
def test_a_layer_must_return_an_application(factory: Any, text: str) -> None:
    with pytest.raises(ApplicationError, match=text):
        Layer(factory).wrap(Recorder())


def test_the_error_of_a_factory_comes_out_as_it_is() -> None:
    with pytest.raises(ApplicationError, match="the class Starlette itself is not an application"):
        Layer(ASGIMiddleware).wrap(Starlette)


def test_options_of_a_dotted_path_are_checked_when_it_is_resolved() -> None:
    with pytest.raises(LayerError, match=r"CORSMiddleware: .*Did you mean 'allow_origins'?"):
        Layer.at(STARLETTE_CORS, allow_origin=["*"]).wrap(Recorder())


def test_a_dotted_path_to_an_application_is_refused() -> None:
    with pytest.raises(LayerError, match="application is an application already"):
        Layer.at("tests.test_applications.application").resolve()


def test_a_dotted_path_is_not_imported_before_it_is_needed() -> None:
    Layer.at("tests.layers_of_nobody.Name")

    assert "tests.layers_of_nobody" not in sys.modules


# --- dotted paths


def test_a_path_may_lead_into_a_class() -> None:
    assert Layer.at("asgi_stack.Layer.at").resolve() == Layer.at


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("nowhere_at_all.Name", "there is no module 'nowhere_at_all'."),
        ("nowhere_at_all.sub.Name", "there is no module 'nowhere_at_all'."),
        ("asgi_stack.nothing.Name", "'asgi_stack' has no attribute or submodule 'nothing'."),
        (
            "asgi_stack.composing.layer.Lair",
            "'asgi_stack.composing.layer' has no attribute or submodule 'Lair'.",
        ),
        (
            "asgi_stack.composing.layer.Layer.nothing",
            "'asgi_stack.composing.layer.Layer' has no attribute 'nothing'.",
        ),
    ],
)
def test_a_path_that_leads_nowhere_says_at_which_part(path: str, fault: str) -> None:
    with pytest.raises(ImportPathError, match="cannot be imported") as caught:
        Layer.at(path).wrap(Recorder())

    assert str(caught.value) == f"{path!r} cannot be imported: {fault}"


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("import missing_dependency", "importing 'broken_{}' failed: No module named 'missing_dependency'."),
        ("raise RuntimeError('no key')", "importing 'broken_{}' raised RuntimeError: no key"),
        ("def", "importing 'broken_{}' raised SyntaxError: "),
    ],
)
def test_a_module_that_cannot_be_imported_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, fault: str
) -> None:
    name = f"broken_{abs(hash(code))}"
    (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(ImportPathError, match=fault.format("[0-9]+")) as caught:
        Layer.at(f"{name}.Name").resolve()

    assert caught.value.__cause__ is not None


async def application(scope: Scope, receive: Receive, send: Send) -> None: ...


def test_a_secret_among_the_options_is_not_printed() -> None:
    layer = Layer.at("some.Thing", users={"ann": "hunter2"}, api_key=None, size=3)

    assert repr(layer) == "some.Thing(users='***', api_key=None, size=3)"


def test_neither_is_what_stands_in_a_url() -> None:
    assert (
        repr(Layer.at("some.Thing", store="redis://u:hunter2@h/0")) == "some.Thing(store='redis://***@h/0')"
    )


@pytest.mark.parametrize("value", [True, False])
def test_a_switch_is_always_printed(value: bool) -> None:
    assert (
        repr(Layer(CORSMiddleware, allow_credentials=value)) == f"CORSMiddleware(allow_credentials={value})"
    )
    assert repr(Layer.at("some.Thing", allow_credentials=value)) == f"some.Thing(allow_credentials={value})"
