"""The stack of the settings as a table, and as JSON."""

import json
from collections import Counter
from typing import Any

from asgi_stack.composing.targets import path_of, unwrapped
from asgi_stack.django.declared import lines_of, settings_module
from asgi_stack.django.describing import describe_options
from asgi_stack.django.resolved import ResolvedLayer, ResolvedStack

__all__ = ["as_data", "as_json", "as_text"]


def as_data(resolved: ResolvedStack) -> dict[str, Any]:
    """Return what the stack is, as JSON can hold it. Lines of files are no part of it: they move."""
    sizes = Counter(layer.group for layer in resolved.layers)
    return {
        "settings": settings_module(),
        "layers": [_layer_data(layer, sizes[layer.group] > 1) for layer in resolved.layers],
        "lifespan": [*resolved.contexts],
    }


def as_json(resolved: ResolvedStack) -> str:
    """Return the same as text, with a newline at its end: a snapshot."""
    return json.dumps(as_data(resolved), indent=2, ensure_ascii=False) + "\n"


def as_text(resolved: ResolvedStack) -> str:
    """Return the stack for a reader: one block for each layer, outermost first."""
    data, lines = as_data(resolved), lines_of("ASGI_STACK")
    blocks = [f"ASGI_STACK of {data['settings']}, outermost first\n"]
    for index, layer in enumerate(data["layers"]):
        where = f", {lines[index]}" if len(lines) == len(data["layers"]) else ""
        blocks.append(f"{index + 1:>3}  {layer['name']}\n" + _indented(_details(layer, where)))
    if not data["layers"]:
        blocks.append("     no layers\n")
    if data["lifespan"]:
        blocks.append("Contexts, in the order in which they are entered\n" + _indented(data["lifespan"]))
    return "\n".join(blocks)


def _layer_data(found: ResolvedLayer, is_fused: bool) -> dict[str, Any]:
    layer = found.layer
    return {
        "name": layer.name,
        "factory": path_of(unwrapped(found.factory)) if found.factory else layer.factory_name,
        "options": describe_options(layer.options, found.factory or layer.factory_name),
        "conditions": [repr(clause) for clause in layer.clauses],
        "enabled": found.is_enabled,
        "fused": found.group if is_fused and found.group else None,
        "declared": f"ASGI_STACK[{found.index}]",
    }


def _details(layer: dict[str, Any], where: str) -> list[str]:
    details = [f"{name} = {value}" for name, value in layer["options"].items()]
    details += layer["conditions"]
    if not layer["enabled"]:
        details.append("not enabled: it is absent")
    if layer["fused"]:
        details.append(f"fused, in group {layer['fused']}")
    if "." not in layer["name"]:
        details.append(f"is {layer['factory']}")
    return [*details, f"from {layer['declared']}{where}"]


def _indented(lines: list[str]) -> str:
    return "".join(f"       {line}\n" for line in lines)
