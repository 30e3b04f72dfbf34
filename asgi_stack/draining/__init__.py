"""Draining: a process that is about to stop says so, and what would go on for ever ends.

It works between the wish to stop and the stop; the checks of readiness, which say so, too.
"""

from asgi_stack.draining.drain import Drain

__all__ = ["Drain"]
