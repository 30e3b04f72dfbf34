"""`Lint`: the ASGI specification as a middleware."""

from collections.abc import Iterable
from typing import Any, Literal

from asgi_stack.options import choice, instance, strings, text
from asgi_stack.testing.lint.blame import Blame, LintOptions, blame_var
from asgi_stack.testing.lint.checked_call import CheckedCall
from asgi_stack.testing.lint.errors import Violation
from asgi_stack.testing.lint.rules import RULES
from asgi_stack.testing.lint.values import is_dict, shown
from asgi_stack.types import ASGIApp, Receive, Scope, Send

__all__ = ["Lint", "id_fault"]


class Lint:
    """Holds an application, and the server around it, to the ASGI specification; for tests, not for serving.

    What passes is not changed: the application gets the very scope and the very events, and so does the
    server. Exceptions and cancellation pass. The rules are in `RULES`; `SHOULD` has those that are no "must".

    *mode* ``"raise"`` raises a `LintError` where the fault happens: out of the application's ``send`` or
    ``receive``, or out of the call for a bad scope. An application that swallows it is found out when it
    returns. Mode ``"collect"`` only keeps them, one of each kind for a connection, in `violations`.

    *ignore* names rules by id. *name* is the party inside, *outer* the one outside, for the texts. Several
    ``Lint`` around one connection charge a fault to the first party that committed it; give them one list as
    *violations* to have all faults in one place.

    Raises:
        OptionError: for a mode or a rule id that does not exist.
    """

    __slots__ = ("app", "options")

    # asgiref takes an object for ASGI 2 where it cannot tell.
    _asgi_single_callable = True

    def __init__(
        self,
        app: ASGIApp,
        *,
        mode: Literal["raise", "collect"] = "raise",
        ignore: Iterable[str] = frozenset(),
        name: str | None = None,
        outer: str = "the server",
        violations: list[Violation] | None = None,
    ) -> None:
        mode = choice(self, "mode", mode, ("raise", "collect"))
        what = "a set of ids of rules"
        ignored = strings(self, "ignore", ignore, example=["H1"], what=what, fault=id_fault)
        hint = "Give what reports call it, as in name='the application'."
        name = _name_of(app) if name is None else text(self, "name", name, fits=str.isprintable, hint=hint)
        outer = text(self, "outer", outer, fits=str.isprintable, hint=hint.replace("name=", "outer="))
        hint = "Give the list that is to hold them."
        kept: list[Violation] = [] if violations is None else violations
        instance(self, "violations", kept, list, hint=hint)
        self.app = app
        self.options = LintOptions(mode, frozenset(ignored), name, outer, kept)

    @property
    def violations(self) -> list[Violation]:
        """What was found, in mode "collect"; the last one in mode "raise"."""
        return self.options.violations

    def __repr__(self) -> str:
        return f"Lint({self.options.name}, mode={self.options.mode!r})"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:
        """Call the application and check what passes; gives what it gives.

        Raises:
            LintError: in mode ``"raise"``, at the first fault.
        """
        around = blame_var.get()
        blame = Blame(self.options, scope, around)
        if blame.outermost is None:
            blame_var.set(blame)
        try:
            if not is_dict(scope):
                blame.server("C2", f"the scope is {shown(scope)}; it must be a dict.", "scope")
                return await self.app(scope, receive, send)
            call = CheckedCall(blame, scope, receive, send)
            try:
                result = await self.app(scope, call.receive, call.send)
            finally:
                call.over = True
            call.end()
            return result
        finally:
            if blame.outermost is None:
                blame.open = False
                # Not reset(): a coroutine that is thrown away may be closed in another context.
                blame_var.set(around)


def id_fault(rule: str) -> str | None:
    """Say what is wrong with the id of a rule; None if nothing is."""
    return None if rule in RULES else "Give ids of asgi_stack.testing.lint.RULES."


def _name_of(app: object) -> str:
    return getattr(app, "__qualname__", None) or type(app).__name__
