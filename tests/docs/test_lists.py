"""The lists of middleware are those of the modules, in every file that has one."""

import pytest

from asgi_stack import HeaderMiddleware, Order, middleware
from asgi_stack.order import Place
from tests.docs.lists import Written, class_names, recommended, written
from tests.docs.pages import MARK, PageError, maker, page
from tests.middleware.cases import CASES, Case

FILES = written()


class TinyMiddleware(HeaderMiddleware):
    """Is made for this test.

    And ``short``.

    Arguments:
        size: how much
            of it.

    Changes:
        Nothing.

    Does not:
        - work.
    """

    order = Order(place=Place.HOST, inside_of={"a.OuterMiddleware": "so it is"})

    def __init__(self, app: object, *, size: int, other: int = 7) -> None: ...


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> type[TinyMiddleware]:
    monkeypatch.setattr(middleware, "TinyMiddleware", TinyMiddleware, raising=False)
    monkeypatch.setitem(CASES, "TinyMiddleware", Case("TinyMiddleware", options={"size": 1}))
    monkeypatch.setattr(TinyMiddleware, "__doc__", TinyMiddleware.__doc__)
    return TinyMiddleware


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_a_file_that_is_written_is_as_it_would_be_written_now(file: Written) -> None:
    assert file.old() == file.text(), "run python -m tests.docs.lists"


def test_the_recommended_order_names_every_middleware_in_the_box_once() -> None:
    assert sorted(recommended(), key=str.lower) == class_names()


PAGE = f"""# TinyMiddleware

{MARK}

## What it does

Is made for this test.

And `short`.

## Use

```python
from asgi_stack import Layer, Stack
from asgi_stack.middleware import TinyMiddleware
from asgi_stack.testing import Recorder

application = Stack([Layer(TinyMiddleware, size=1)]).wrap(Recorder())
```

## Options

| option | default | meaning |
|---|---|---|
| `size` | | how much of it. |
| `other` | `7` | |

## What it changes

Nothing.

## Order

Where the [recommended order](../order.md) has it: nothing inside ever sees a host that is not yours.

- Inside of `OuterMiddleware`: so it is.

## What it does not do

- work.
"""


@pytest.mark.usefixtures("tiny")
def test_a_page_is_made_from_the_docstring() -> None:
    assert page("TinyMiddleware") == PAGE


@pytest.mark.usefixtures("tiny")
def test_a_page_that_was_made_is_made_anew_and_one_by_hand_is_left_alone() -> None:
    make = maker("TinyMiddleware")

    assert make("") == make(f"# Old\n\n{MARK}\n") == PAGE
    assert make("# By hand\n") == "# By hand\n"


def test_a_docstring_that_says_too_little_is_no_page(tiny: type[TinyMiddleware]) -> None:
    tiny.__doc__ = "Says nothing.\n\nChanges:\n    Nothing.\n"

    with pytest.raises(PageError, match=r"^TinyMiddleware: its docstring has no Does not: Write them, or"):
        page("TinyMiddleware")


@pytest.mark.usefixtures("tiny")
def test_options_that_cannot_be_written_down_are_no_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CASES, "TinyMiddleware", Case("TinyMiddleware", options={"size": print}))

    with pytest.raises(PageError, match=r"<built-in function print> of its record cannot be shown"):
        page("TinyMiddleware")
