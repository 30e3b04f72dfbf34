"""Options, checked on the line where they are written: one function for each kind of value.

Each takes the owner (an object, or what reports call it), the name of the option and what was given, and
returns that in the one form in which owners keep it. What it cannot use is an `OptionError`, which names all
three and ends with what would work.
"""

from asgi_stack.options.functions import (
    answered,
    async_function,
    clock_function,
    decided,
    decider,
    function,
    predicate,
)
from asgi_stack.options.lists import entries, field_names, http_methods, network, networks, strings, tokens
from asgi_stack.options.numbers import seconds, whole_number
from asgi_stack.options.places import hosts, one_host, one_path, paths
from asgi_stack.options.values import choice, field_name, field_value, flag, instance, mapping, text

__all__ = [
    "answered",
    "async_function",
    "choice",
    "clock_function",
    "decided",
    "decider",
    "entries",
    "field_name",
    "field_names",
    "field_value",
    "flag",
    "function",
    "hosts",
    "http_methods",
    "instance",
    "mapping",
    "network",
    "networks",
    "one_host",
    "one_path",
    "paths",
    "predicate",
    "seconds",
    "strings",
    "text",
    "tokens",
    "whole_number",
]
