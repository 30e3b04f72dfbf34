"""Composing: layers become a stack, and a stack around an application becomes one application.

It works at start-up; what of it runs at a request is the plan that a group made then.
"""

from asgi_stack.composing.explanation import Explanation, Verdict
from asgi_stack.composing.layer import Layer
from asgi_stack.composing.stack import Stack, StackedApplication

__all__ = ["Explanation", "Layer", "Stack", "StackedApplication", "Verdict"]
