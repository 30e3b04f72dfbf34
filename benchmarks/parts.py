"""What is measured together: each part is a set of subjects that are timed in the same rounds."""

from collections.abc import Callable
from functools import partial

from benchmarks import layers
from benchmarks.by_a_user import seven_by_a_user
from benchmarks.by_hand import by_hand
from benchmarks.client import client_subjects
from benchmarks.composing import composing_subjects
from benchmarks.django_project import MIDDLEWARE, configure, handler
from benchmarks.edge_by_hand import edge_by_hand
from benchmarks.neighbours import neighbours, neighbours_as_documented
from benchmarks.pieces import piece_subjects
from benchmarks.policy import fused, nested, nine, page, scope_of_a_browser
from benchmarks.timing import Batch, Series, measure, requests, requests_of_a_waiting_client

COUNTS = (0, 1, 2, 4, 8, 12, 16)
"""Numbers of layers that are measured."""

WRITERS = {
    "set": layers.SetHeader,
    "set_default": layers.DefaultHeader,
    "append": layers.AppendHeader,
}


def layer_subjects() -> dict[str, Batch]:
    """Return layers of three kinds, 0 to 16 of each."""
    scope = scope_of_a_browser()
    made = {"bare": page}
    for count in COUNTS:
        made[f"pass-through {count}"] = layers.passed_through(page, count)
        made[f"fused {count}"] = layers.fused(page, count)
        made[f"nested {count}"] = layers.nested(page, count)
    for name, kind in WRITERS.items():
        made[f"{name} 1"] = layers.fused(page, 1, kind)
        made[f"{name} 16"] = layers.fused(page, 16, kind)
    return {name: requests(app, scope) for name, app in made.items()}


def policy_subjects() -> dict[str, Batch]:
    """Return the seven in every form that needs no Django, and the nine in those that are ours."""
    scope = scope_of_a_browser()
    made = {
        "bare": page,
        "by hand": by_hand(page),
        "fused": fused(page),
        "by a user": fused(page, seven_by_a_user),
        "nested": nested(page),
        "neighbours": neighbours(page),
        "neighbours as documented": neighbours_as_documented(page),
        "nine by hand": edge_by_hand(page),
        "nine fused": fused(page, nine),
        "nine nested": nested(page, nine),
    }
    return {name: requests(app, scope) for name, app in made.items()}


def django_subjects() -> dict[str, Batch]:
    """Return whole requests through Django."""
    configure()
    bare, full = handler([]), handler(MIDDLEWARE)
    good = scope_of_a_browser()
    return {
        "bare": requests_of_a_waiting_client(bare, good),
        "MIDDLEWARE": requests_of_a_waiting_client(full, good),
        "fused": requests_of_a_waiting_client(fused(bare), good),
        "by hand": requests_of_a_waiting_client(by_hand(bare), good),
    }


def refusal_subjects() -> dict[str, Batch]:
    """Return requests that are refused for their host, in rows, as those who send them do."""
    configure()
    full, bad = handler(MIDDLEWARE), scope_of_a_browser(b"evil.example")
    return {
        "refused by Django": requests_of_a_waiting_client(full, bad),
        "refused by the stack": requests_of_a_waiting_client(fused(full), bad),
        "refused by hand": requests_of_a_waiting_client(by_hand(full), bad),
    }


class Part:
    """A set of subjects, and how long they are timed."""

    def __init__(self, subjects: Callable[[], dict[str, Batch]], rounds: int, seconds: float) -> None:
        self._subjects = subjects
        self.rounds = rounds
        self._measure = partial(measure, seconds=seconds)

    def run(self, rounds: int, seed: int) -> Series:
        """Time every subject once in each of so many rounds."""
        return self._measure(self._subjects(), rounds=rounds, seed=seed)


PARTS = {
    "layers": Part(layer_subjects, rounds=200, seconds=0.001),
    "policy": Part(policy_subjects, rounds=500, seconds=0.0015),
    "pieces": Part(piece_subjects, rounds=200, seconds=0.001),
    "django": Part(django_subjects, rounds=3000, seconds=0),
    "refusal": Part(refusal_subjects, rounds=60, seconds=0.02),
    "composing": Part(composing_subjects, rounds=200, seconds=0.001),
    "client": Part(client_subjects, rounds=200, seconds=0.003),
}
