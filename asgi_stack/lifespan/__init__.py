"""Lifespan: contexts are entered before the first request and left after the last.

It works when a server starts and stops (ASGI lifespan specification 2.0).
"""

from asgi_stack.lifespan.contexts import Context, check_context
from asgi_stack.lifespan.lifespan import Lifespan
from asgi_stack.lifespan.passage import Arrival, Passage, Passed

__all__ = ["Arrival", "Context", "Lifespan", "Passage", "Passed", "check_context"]
