"""`ProxyHeadersMiddleware`, and what Django believes of proxies."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec

from django.core.checks import CheckMessage, Warning

from asgi_stack import box
from asgi_stack.django import reading
from asgi_stack.django.counterpart import Counterpart, Duplicate, Proxies, Translation
from asgi_stack.django.proxies import PROXY_SETTINGS, UVICORNS
from asgi_stack.django.resolved import ResolvedStack
from asgi_stack.django.wanted import wanted_fields
from asgi_stack.grammar.client_fields import CLIENT_FIELDS, FORWARDED_FIELDS

__all__ = ["COUNTERPART"]

PROTO = ("HTTP_X_FORWARDED_PROTO", "https")

TWICE = Duplicate(
    id="asgi_stack.W004",
    layers=[UVICORNS],
    settings=PROXY_SETTINGS,
    effect="Django would believe these fields from anybody, the layer from your proxies alone",
    keep=lambda: "Keep the layer; take the settings out. Name in its option parts what your proxy sends.",
)


def _suggest(proxies: Proxies) -> Translation | None:
    used = reading.with_value(*PROXY_SETTINGS)
    if not used:
        return None
    field = reading.setting("SECURE_PROXY_SSL_HEADER")
    if field and tuple(field) != PROTO:
        return Translation(
            left_out=f"SECURE_PROXY_SSL_HEADER is {field!r}, and the layer reads {PROTO!r} alone."
        )
    if not proxies.options:
        return Translation(
            left_out=(
                f"{' and '.join(used)}: requests come through a proxy, and no setting says which. Run this "
                "again with --trusted and its addresses, or with --hops and the number of entries that the "
                "proxies append to X-Forwarded-For, where nobody reaches the application but through them."
            )
        )
    parts = ["for", "proto"] if field else ["for"]
    parts += ["host"] if "USE_X_FORWARDED_HOST" in used else []
    parts += ["port"] if "USE_X_FORWARDED_PORT" in used else []
    kept = sorted({name for _, name in wanted_fields()})
    options = {**proxies.options, "parts": parts, **({"keep": kept} if kept else {})}
    notes = [
        "ProxyHeadersMiddleware: parts are what your proxies set, or take out, in every request.",
        "REMOTE_ADDR is the client's address then, where it was the proxy's.",
    ]
    notes += [
        f"{name}: was {reading.setting(name)!r} now; look again where it is not." for name in _moving(used)
    ]
    return Translation(options=options, superfluous=reading.set_by_project(*used), notes=notes)


def _moving(names: Sequence[str]) -> list[str]:
    return [name for name in names if reading.may_change(name)]


def _two_layers(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    if resolved.find(box.PROXY_HEADERS) and resolved.find(UVICORNS):
        yield Warning(
            f"Both {box.PROXY_HEADERS} and {UVICORNS} are in ASGI_STACK: the inner one takes the client for "
            "the proxy.",
            hint="Keep the first, which looks at every hop; take uvicorn's out.",
            id="asgi_stack.W014",
        )


def _uvicorn(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    if resolved.find(box.PROXY_HEADERS) and find_spec("uvicorn"):
        yield Warning(
            "uvicorn believes X-Forwarded-For and X-Forwarded-Proto from 127.0.0.1 by itself, so the layer "
            "ProxyHeadersMiddleware would take the client for the proxy.",
            hint="Start it as 'uvicorn --no-proxy-headers ...', then add this id to SILENCED_SYSTEM_CHECKS.",
            id="asgi_stack.W015",
        )


def _wanted_inside(resolved: ResolvedStack) -> Iterator[CheckMessage]:
    layer = resolved.find(box.PROXY_HEADERS)
    if layer is None:
        return
    taken = FORWARDED_FIELDS.union(CLIENT_FIELDS, layer.strings("strip") or ())
    taken = taken.difference(name.lower() for name in layer.strings("keep") or ())
    wanted = {setting: field for setting, field in wanted_fields() if field in taken}
    if wanted:
        fields = [*dict.fromkeys(wanted.values())]
        given = ", ".join(f"{setting} = {reading.setting(setting)!r}" for setting in wanted)
        yield Warning(
            f"Read for the client: {', '.join(fields)}, by {given}. The layer "
            "ProxyHeadersMiddleware takes it away, so that everybody is refused, or all clients are one.",
            hint=(
                "Take the setting out: REMOTE_ADDR is the client's address behind the layer. Or have the "
                f"layer hand the field on, from trusted proxies alone: keep={fields!r}."
            ),
            id="asgi_stack.W020",
        )


COUNTERPART = Counterpart(
    layer=box.PROXY_HEADERS,
    suggest=_suggest,
    duplicates=[TWICE],
    checks=[_two_layers],
    deployed=[_uvicorn, _wanted_inside],
)
