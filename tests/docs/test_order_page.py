"""The tables of ``docs/order.md`` say what the classes say, and what is known of public ones."""

import re
from collections.abc import Iterator
from pathlib import Path

import asgi_stack.middleware
from asgi_stack import Order
from asgi_stack.composing.known_orders import KNOWN

PAGE = (Path(__file__).parents[2] / "docs/order.md").read_text(encoding="utf-8")
BOX = "asgi_stack.middleware."
OWN = {
    BOX + name: getattr(asgi_stack.middleware, name).order
    for name in asgi_stack.middleware.__all__
    if name.endswith("Middleware")
}
ORDERS: dict[str, Order] = OWN | {path: Order(**known) for path, known in KNOWN.items()}
RECOMMENDED = [
    name
    for line in re.findall(r"^\| (`.*`) \| ", PAGE.partition("## What is refused")[0], re.MULTILINE)
    for name in re.findall(r"`(\w+)`", line)
]


def shown(path: str) -> str:
    return f"`{path.removeprefix(BOX)}`"


def rules() -> Iterator[tuple[str, str, str]]:
    """The outer one, the reason, the inner one; not of layers that are neither in the box nor known."""
    for path, order in ORDERS.items():
        yield from ((path, reason, inner) for inner, reason in order.outside_of.items() if inner in ORDERS)
        yield from ((outer, reason, path) for outer, reason in order.inside_of.items() if outer in ORDERS)


def place(path: str) -> tuple[bool, int, str]:
    name = path.removeprefix(BOX)
    return path not in OWN, RECOMMENDED.index(name) if path in OWN else 0, path


def table() -> str:
    found = sorted(set(rules()), key=lambda rule: (place(rule[0]), rule[1], place(rule[2])))
    cells: dict[tuple[str, str], list[str]] = {}
    for outer, reason, inner in found:
        cells.setdefault((outer, reason), []).append(shown(inner))
    rows = (f"| {shown(outer)} | {', '.join(inner)} | {why} |" for (outer, why), inner in cells.items())
    return "\n".join(rows)


def test_the_recommended_order_names_every_middleware_in_the_box_once() -> None:
    assert sorted(RECOMMENDED) == sorted(path.removeprefix(BOX) for path in OWN)


def test_the_recommended_order_breaks_no_rule() -> None:
    places = {name: position for position, name in enumerate(RECOMMENDED)}
    own = [(outer, inner) for outer, _, inner in rules() if {outer, inner} <= OWN.keys()]

    assert all(places[o.removeprefix(BOX)] < places[i.removeprefix(BOX)] for o, i in own)


def test_the_page_has_every_rule_with_its_reason() -> None:
    written = "\n".join(re.findall(r"^\| `.*", PAGE.partition("## What is refused")[2], re.MULTILINE))

    assert written == table()


def test_the_page_names_all_that_may_be_there_once() -> None:
    (sentence,) = re.findall(r"May be in a stack once: (.*?)\.\n", PAGE, re.DOTALL)

    assert set(re.findall(r"`[\w.]+`", sentence)) == {shown(path) for path in ORDERS if ORDERS[path].once}
