"""The events of the lifespan protocol."""

from typing import Any, ClassVar

from asgi_stack.testing.lint.blame import Blame
from asgi_stack.testing.lint.judge import Handlers, Judge
from asgi_stack.testing.lint.shapes import Key, check_event, check_extra, shape
from asgi_stack.testing.lint.values import is_str

__all__ = ["LifespanJudge"]

_COMPLETE = shape("lifespan complete")
_FAILED = {
    "startup": shape("lifespan.startup.failed", Key("message", "LS7", "a str", is_str, "")),
    "shutdown": shape("lifespan.shutdown.failed", Key("message", "LS10", "a str", is_str, "")),
}


class LifespanJudge(Judge):
    """Start-up and shutdown: the phases that began, and those that were answered."""

    __slots__ = ("_answered", "_begun")

    defined = True

    def __init__(self, scope: dict[str, Any], blame: Blame) -> None:
        super().__init__(scope, blame)
        self._begun: list[str] = []
        self._answered: list[str] = []

    def begin(self, event: dict[str, Any]) -> None:
        """Judge ``lifespan.startup`` and ``lifespan.shutdown``."""
        kind = event["type"]
        phase = kind.removeprefix("lifespan.")
        expected = "shutdown" if self._begun else "startup"
        if phase != expected or phase in self._begun:
            self.blame.server("LS5", f"{kind} was received after {self._begun or 'nothing'}.", kind)
        self._begun.append(phase)
        check_extra(_COMPLETE.known, event, self.blame.server)

    def complete(self, message: dict[str, Any]) -> None:
        """Judge ``lifespan.startup.complete`` and ``lifespan.shutdown.complete``."""
        self._answer(message["type"])
        check_extra(_COMPLETE.known, message, self.blame.application)

    def failed(self, message: dict[str, Any]) -> None:
        """Judge ``lifespan.startup.failed`` and ``lifespan.shutdown.failed``."""
        declared = _FAILED[self._answer(message["type"])]
        check_event(declared, message, self.blame.application)

    def end(self) -> None:
        """Judge whether every phase that began was answered."""
        for phase in self._begun:
            if phase not in self._answered:
                text = f"the application returned without having answered lifespan.{phase}."
                self.blame.application("LS14", text, f"end {phase}")

    def _answer(self, kind: str) -> str:
        phase = kind.split(".")[1]
        if phase not in self._begun:
            self.blame.application("LS14", f"{kind} was sent ahead of lifespan.{phase}.", kind)
        elif phase in self._answered:
            self.blame.application("LS14", f"{kind} was sent after another answer.", kind)
        self._answered.append(phase)
        return phase

    on_receive: ClassVar[Handlers] = {"lifespan.startup": begin, "lifespan.shutdown": begin}
    on_send: ClassVar[Handlers] = {
        "lifespan.startup.complete": complete,
        "lifespan.startup.failed": failed,
        "lifespan.shutdown.complete": complete,
        "lifespan.shutdown.failed": failed,
    }
