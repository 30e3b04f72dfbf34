"""Conditions: for which requests a layer acts.

An application inside may read a request in another way than the layer. In doubt the layer acts: `only` asks
whether a request may match, `exclude` whether it surely does.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, TypeAlias

from asgi_stack.errors import LayerError
from asgi_stack.grammar.field import is_token
from asgi_stack.grammar.host_patterns import HostPatterns, host_fault
from asgi_stack.grammar.methods import KNOWN_METHODS
from asgi_stack.grammar.path_prefixes import ExactPaths, PathPrefixes, path_fault
from asgi_stack.options import decider, http_methods, predicate, strings
from asgi_stack.types import Scope

__all__ = ["Clause", "Decision", "Strings", "Test", "decision_for", "make_clause"]

Strings: TypeAlias = str | Iterable[str]
Test: TypeAlias = Callable[[Scope], bool]
"""Tells whether a layer acts on a scope."""

Decision: TypeAlias = bool | Test
"""Whether a layer acts: always, never, or what the function says of a scope."""

REQUESTS = frozenset({"http", "websocket"})
_SCOPE_TYPES = ("http", "websocket", "lifespan")


@dataclass(frozen=True, slots=True)
class Clause:
    """One ``only(...)`` or ``exclude(...)`` of a layer, with every value checked.

    A request matches it when each of the given keys matches; a key matches when one of its values does.
    Path, host, method and *when* speak of requests alone: they hold no other scope back.
    """

    verb: str
    path: tuple[str, ...] = ()
    exact_path: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    scope_type: tuple[str, ...] = ()
    when: Test | None = None

    def __repr__(self) -> str:
        return f"{self.verb}({', '.join(self._arguments())})"

    def _arguments(self) -> Iterable[str]:
        for key in KEYS:
            values = getattr(self, key)
            if key == "when" and values is not None:
                yield f"when={getattr(values, '__name__', values)}"
            elif values:
                yield f"{key}={values[0] if len(values) == 1 else [*values]!r}"

    def decide(self, scope_type: str) -> Decision:
        """Return the decision for the scopes of one type, with all that is known beforehand worked in."""
        excludes = self.verb == "exclude"
        if self.scope_type and scope_type not in self.scope_type:
            return excludes
        tests = [*self._tests().values()]
        if not tests:
            return not excludes
        if scope_type not in REQUESTS:
            return True
        return _none_of(tests) if excludes else _all_of(tests)

    def unmet(self, scope: Scope) -> str | None:
        """Return the key by which this clause keeps the layer from acting on *scope*; None if it does not."""
        decision = self.decide(scope["type"])
        if decision is True or (callable(decision) and decision(scope)):
            return None
        if self.verb == "exclude" or not callable(decision):
            return ", ".join(self._arguments())
        failed = [key for key, test in self._tests().items() if not test(scope)]
        return ", ".join(argument for argument in self._arguments() if argument.split("=")[0] in failed)

    def _tests(self) -> dict[str, Test]:
        """Return a test for each key that was given: may it match, or to exclude: does it surely match."""
        which = 1 if self.verb == "exclude" else 0
        return {key: make(value)[which] for key, make in _MAKERS.items() if (value := getattr(self, key))}


KEYS = tuple(key.name for key in fields(Clause) if key.name != "verb")


def decision_for(clauses: Iterable[Clause], scope_type: str) -> Decision:
    """Return the one decision that several clauses make: a layer acts where all of them let it."""
    decisions = [clause.decide(scope_type) for clause in clauses]
    if False in decisions:
        return False
    tests = [decision for decision in decisions if callable(decision)]
    return _all_of(tests) if tests else True


def make_clause(layer: str, verb: str, **given: Any) -> Clause:
    """Return a checked clause of the layer that is called *layer*.

    Raises:
        OptionError: naming the layer, the key, the value and the mend.
        LayerError: where there is no key at all.
    """
    named = {key: value for key, value in given.items() if value is not None}
    if not named:
        raise LayerError(f"{layer}.{verb}(): give at least one of {', '.join(KEYS)}.")
    owner = f"Layer({layer}).{verb}"
    return Clause(verb, **{key: _checked(owner, key, value) for key, value in named.items()})


def _checked(owner: str, key: str, given: Any) -> Any:
    if key == "when":
        return predicate(owner, key, given, "the scope", hint=_WHEN_HINT)
    # One string means itself here, unlike in the options of a middleware.
    values = [given] if isinstance(given, str) else given
    if key == "method":
        return http_methods(owner, key, values, least=1)
    what = "a str or a list of them"
    return strings(owner, key, values, example=_EXAMPLES[key], what=what, fault=_FAULTS[key], least=1)


_WHEN_HINT = "Give a function that takes the scope and returns a bool."
_EXAMPLES = {
    "path": ["/api"],
    "exact_path": ["/robots.txt"],
    "host": ["example.com"],
    "scope_type": ["http", "websocket"],
}


def _scope_type_fault(scope_type: str) -> str | None:
    if not is_token(scope_type):
        return "Give one scope type or a list of them, as in ['http', 'websocket']."
    near = [] if scope_type in _SCOPE_TYPES else get_close_matches(scope_type, _SCOPE_TYPES, n=1)
    return f"Did you mean {near[0]!r}?" if near else None


_FAULTS: dict[str, Callable[[str], str | None]] = {
    "path": path_fault,
    "exact_path": path_fault,
    "host": host_fault,
    "scope_type": _scope_type_fault,
}


Pair: TypeAlias = tuple[Test, Test]
"""Whether a request may match, and whether it surely does."""


def _by_paths(paths: PathPrefixes | ExactPaths) -> Pair:
    return paths.may_cover, paths.surely_covers


def _by_host(patterns: tuple[str, ...]) -> Pair:
    hosts = HostPatterns(patterns)
    return hosts.may_name, hosts.surely_names


def _by_method(methods: tuple[str, ...]) -> Pair:
    others = KNOWN_METHODS.difference(methods)

    def may_be(scope: Scope) -> bool:
        # The handshake of a websocket is a GET.
        method = scope.get("method", "GET")
        # Some servers hand a method on as it was written, and Django puts it in capital letters.
        return method in methods or (method not in others and method.upper() in methods)

    def surely_is(scope: Scope) -> bool:
        return scope.get("method", "GET") in methods

    return may_be, surely_is


def _by_function(when: Test) -> Pair:
    test = decider("Layer", "when", when, "the scope", hint=_WHEN_HINT)
    return test, test


_MAKERS: dict[str, Callable[[Any], Pair]] = {
    "method": _by_method,
    "exact_path": lambda paths: _by_paths(ExactPaths(paths)),
    "path": lambda paths: _by_paths(PathPrefixes(paths)),
    "host": _by_host,
    "when": _by_function,
}


def _all_of(tests: list[Test]) -> Test:
    test, *others = tests
    if not others:
        return test
    rest = _all_of(others)
    return lambda scope: test(scope) and rest(scope)


def _none_of(tests: list[Test]) -> Test:
    match = _all_of(tests)
    return lambda scope: not match(scope)
