"""Stack: layers, outermost first, and the application that they make together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias

from asgi_stack.applications import name_of
from asgi_stack.composing.building import build
from asgi_stack.composing.editing import Target, find_layer
from asgi_stack.composing.explanation import Explanation, explain
from asgi_stack.composing.group import Group
from asgi_stack.composing.importing import import_path
from asgi_stack.composing.innermost import leads_to_django
from asgi_stack.composing.layer import Layer
from asgi_stack.composing.masking import Outline
from asgi_stack.errors import ConfigurationError, StackError
from asgi_stack.grammar.django_routing import with_script_name
from asgi_stack.heads.unread import UNREAD_BODY_KEY, USUAL, UnreadBody
from asgi_stack.lifespan import Context, Lifespan, Passage, check_context
from asgi_stack.options import entries, seconds, whole_number
from asgi_stack.types import ASGIApp, MiddlewareFactory, Receive, Scope, Send

__all__ = ["Stack", "StackedApplication"]

Entry: TypeAlias = Layer[...] | MiddlewareFactory[[]]


class Stack:
    """Middleware listed outermost first: the first entry sees a request first and its response last.

    A stack is immutable. Two stacks are equal when their layers and contexts are.

    Arguments:
        layers: each a `Layer`, or a middleware factory that needs no options.
        lifespan: the project's own contexts: callables without arguments that return an async context
            manager. They are entered in order, after those of the layers, before the first request.
        lifespan_timeout: seconds that each context may take to enter, and again to leave; None for no limit.
        unread_body_limit: bytes of a request's body that are read and dropped before a layer answers in the
            application's place. Without that a proxy that is still sending says 502. Beyond it the answer is
            sent at once and the connection closed; 0 reads nothing.
        unread_body_timeout: seconds that this may take.

    Raises:
        ConfigurationError: naming every entry that is not a layer.
        OptionError: for another argument that cannot be used.
    """

    __slots__ = ("_layers", "_lifespan", "_lifespan_timeout", "_unread_body")

    def __init__(
        self,
        layers: Iterable[Entry] = (),
        *,
        lifespan: Iterable[Callable[[], AbstractAsyncContextManager[Mapping[str, Any] | None]]] = (),
        lifespan_timeout: float | None = None,
        unread_body_limit: int = USUAL.limit,
        unread_body_timeout: float = USUAL.timeout,
    ) -> None:
        self._layers = _as_layers(layers)
        self._lifespan = self._as_contexts(lifespan)
        if lifespan_timeout is not None:
            hint = "None is no limit."
            seconds(self, "lifespan_timeout", lifespan_timeout, least=_SHORTEST, hint=hint)
        self._lifespan_timeout = lifespan_timeout
        whole_number(self, "unread_body_limit", unread_body_limit, what="whole bytes")
        seconds(self, "unread_body_timeout", unread_body_timeout, least=_SHORTEST)
        self._unread_body = UnreadBody(unread_body_limit, float(unread_body_timeout))

    def wrap(self, application: ASGIApp) -> "StackedApplication":
        """Return *application* with every layer around it.

        Dotted paths are imported and layers constructed here and now, innermost first.

        Raises:
            ConfigurationError: listing every layer that cannot be made, or stands where it or another layer
                says that it must not, by position and name.
        """
        built = build(self._layers, application)
        own = [Context(f"lifespan context {name_of(enter)}", enter) for enter in self._lifespan]
        passage = Passage(built.outermost, built.passed, built.arrival)
        lifespan = Lifespan(passage, [*built.contexts, *own], self._lifespan_timeout)
        return StackedApplication(self, application, built.outermost, lifespan, self._unread_body)

    def insert_outside(self, target: Target, *layers: Entry) -> "Stack":
        """Return a stack with *layers*, outermost first, just outside of *target*.

        A target is a class or function that makes a layer, a dotted path, or a name that `Layer.named` gave.

        Raises:
            TargetError: where the stack holds no such layer, or several; the text lists what it holds.
        """
        index = find_layer(self._layers, target)
        return self._with(self._layers[:index], layers, self._layers[index:])

    def insert_inside(self, target: Target, *layers: Entry) -> "Stack":
        """Return a stack with *layers*, outermost first, just inside of *target*.

        Raises:
            TargetError: as for `insert_outside`.
        """
        index = find_layer(self._layers, target) + 1
        return self._with(self._layers[:index], layers, self._layers[index:])

    def replace(self, target: Target, *layers: Entry) -> "Stack":
        """Return a stack with *layers* in the place of *target*.

        Raises:
            TargetError: as for `insert_outside`.
        """
        index = find_layer(self._layers, target)
        return self._with(self._layers[:index], layers, self._layers[index + 1 :])

    def without(self, *targets: Target) -> "Stack":
        """Return a stack without the layers that *targets* name.

        Raises:
            TargetError: as for `insert_outside`.
        """
        gone = {find_layer(self._layers, target) for target in targets}
        return self._with([layer for index, layer in enumerate(self._layers) if index not in gone])

    def explain(self, scope: Scope) -> Explanation:
        """Tell which layers would act on a request with this scope, and why each other one would not.

        It looks at conditions and scope types alone: what a layer passes inward is not worked out.

        Raises:
            ImportPathError: where the path of a layer leads nowhere.
        """
        return explain(self._layers, scope)

    def linted(self, **options: Any) -> "Stack":
        """Return a stack with a `asgi_stack.testing.lint.Lint` between every two layers, and at both ends.

        A violation of the ASGI specification then names the layer that committed it, and the rule. It is for
        tests: nothing is fused any more, and each message is checked on every boundary.

        Arguments:
            options: of each Lint: ``mode``, ``ignore``, ``violations``.
        """
        # Found by name, because a served stack never loads the test kit.
        lint = import_path("asgi_stack.testing.lint.Lint")
        outer, layers = "the server", list[Layer[...]]()
        for layer in self._layers:
            layers += [Layer(lint, name=layer.name, outer=outer, **options), layer]
            outer = layer.name
        return self._with([*layers, Layer(lint, name="the application", outer=outer, **options)])

    def __iter__(self) -> Iterator[Layer[...]]:
        return iter(self._layers)

    def __len__(self) -> int:
        return len(self._layers)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Stack) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        lines = "".join(f"    {layer!r},\n" for layer in self._layers)
        options = f", lifespan=[{', '.join(map(name_of, self._lifespan))}]" if self._lifespan else ""
        if self._lifespan_timeout is not None:
            options += f", lifespan_timeout={self._lifespan_timeout!r}"
        for name, value in self._unread_body.changes().items():
            options += f", unread_body_{name}={value!r}"
        return f"Stack([\n{lines}]{options})" if lines else f"Stack([]{options})"

    def _as_contexts(self, lifespan: Iterable[Any]) -> tuple[Any, ...]:
        hint = "Give a list of functions, as in lifespan=[...]."
        contexts = tuple(entries(self, "lifespan", lifespan, hint=hint))
        for context in contexts:
            check_context(self, context)
        return contexts

    def _key(self) -> tuple[object, ...]:
        return self._layers, self._lifespan, self._lifespan_timeout, self._unread_body

    def _with(self, *parts: Iterable[Entry]) -> "Stack":
        layers = [entry for part in parts for entry in part]
        return Stack(
            layers,
            lifespan=self._lifespan,
            lifespan_timeout=self._lifespan_timeout,
            unread_body_limit=self._unread_body.limit,
            unread_body_timeout=self._unread_body.timeout,
        )


class StackedApplication:
    """An application with a stack around it: what `Stack.wrap` returns and an ASGI server serves."""

    __slots__ = (
        "_leads_to_django",
        "_lifespan",
        "_outermost",
        "_plans",
        "_unread_body",
        "application",
        "stack",
    )

    _asgi_single_callable = True

    stack: Stack
    """The stack that it was made by."""

    application: ASGIApp
    """The application that was wrapped."""

    def __init__(
        self,
        stack: Stack,
        application: ASGIApp,
        outermost: ASGIApp,
        lifespan: Lifespan,
        unread_body: UnreadBody,
    ) -> None:
        self.stack = stack
        self.application = application
        # As a group it is run by the frame of this object, and needs none of its own.
        self._outermost = outermost if isinstance(outermost, Group) else Group((), outermost)
        self._plans = self._outermost.plans
        self._lifespan = lifespan
        # Replies know the usual bounds by themselves, so that the scope is copied for other ones only.
        self._unread_body = unread_body if unread_body.changes() else None
        self._leads_to_django = leads_to_django(application)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one scope; a lifespan also enters and leaves the contexts of the stack."""
        if scope["type"] == "lifespan":
            await self._lifespan.serve(scope, receive, send)
            return
        if self._lifespan.touches_requests:
            scope = self._lifespan.touch(scope)
        if self._unread_body is not None:
            scope = {**scope, UNREAD_BODY_KEY: self._unread_body}
        if self._leads_to_django and scope["type"] == "http":
            # Every layer goes by what Django will go by, which is not always what the server says.
            scope = with_script_name(scope)
        app, scope, send = self._plans[scope["type"]](scope, send)
        await app(scope, receive, send)

    def __repr__(self) -> str:
        return f"{self.stack!r}.wrap({name_of(self.application)})"


# A limit of no time at all would let nothing happen in it.
_SHORTEST = 0.001


def _as_layers(given: Iterable[Any]) -> tuple[Layer[...], ...]:
    layers: list[Layer[...]] = []
    faults: list[tuple[str, Exception]] = []
    hint = "Give a list of layers, as in Stack([...])."
    # Whatever it is may hold the options of layers, secrets among them.
    found = entries("Stack", "layers", given, hint=hint, shown=Outline(given))
    for position, entry in enumerate(found, 1):
        try:
            layers.append(entry if isinstance(entry, Layer) else Layer(entry))
        except StackError as error:
            faults.append((f"layer {position}", error))
    if faults:
        raise ConfigurationError(faults) from faults[0][1]
    return tuple(layers)
