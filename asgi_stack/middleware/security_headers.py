"""Adds the header fields that make a browser more careful with a response."""

from collections.abc import Iterable, Mapping
from typing import ClassVar, TypedDict, cast

from asgi_stack import box
from asgi_stack.base import HeaderMiddleware
from asgi_stack.errors import OptionError
from asgi_stack.grammar.browser_policy import (
    FIELDS,
    endpoint_fault,
    endpoints_named,
    fault_of,
    reporting_endpoints,
)
from asgi_stack.grammar.path_prefixes import PathPrefixes, path_fault, without_end
from asgi_stack.heads import Field, Lines, RequestHead, ResponseHead, ResponseHook
from asgi_stack.options import field_names, flag, mapping, whole_number
from asgi_stack.order import Order, Place
from asgi_stack.types import ASGIApp

__all__ = ["PathHeaders", "SecurityHeadersMiddleware"]

_YEAR = 31_536_000
_LONGEST_AGE = 2**31 - 1


class PathHeaders(TypedDict, total=False):
    """What the option ``paths`` may change for one path; None leaves a field out."""

    nosniff: bool
    frame_options: str | None
    referrer_policy: str | None
    cross_origin_opener_policy: str | None
    cross_origin_embedder_policy: str | None
    cross_origin_resource_policy: str | None
    permissions_policy: str | None
    content_security_policy: str | None
    content_security_policy_report_only: str | None
    reporting_endpoints: Mapping[str, str | None] | None


class SecurityHeadersMiddleware(HeaderMiddleware):
    """Adds security header fields to every response that does not carry them already.

    By default those of Django's ``SecurityMiddleware`` and ``XFrameOptionsMiddleware``. What the
    application sets itself stays. A 304 gets none but HSTS: they would overwrite those of the response
    that a cache has stored (RFC 9111, section 3.2).

    Arguments:
        hsts_max_age: seconds for which browsers must use https; 0 ends it, None sends nothing. Sent over
            https and wss only (RFC 6797, section 7.2).
        hsts_include_subdomains: the same for every subdomain.
        hsts_preload: permits browsers to build the site into their list; needs subdomains and a year.
        nosniff: ``x-content-type-options: nosniff``.
        frame_options: ``"DENY"`` or ``"SAMEORIGIN"``.
        referrer_policy: one policy, or several in one string with commas.
        cross_origin_opener_policy: as the specification of HTML names them.
        cross_origin_embedder_policy: likewise.
        cross_origin_resource_policy: as the Fetch specification names them.
        permissions_policy: a structured field, as in ``"camera=(), geolocation=(self)"``.
        content_security_policy: a fixed policy; one with a nonce is the application's to set.
        content_security_policy_report_only: the same, only reported.
        reporting_endpoints: where the reports of policies with ``report-to`` go, by name, as in
            ``{"csp": "/reports"}``; None as the address of one that the application or a proxy declares.
        remove: names of response fields to take out, as in ``remove=["server", "x-powered-by"]``.
        paths: other values for all paths below a prefix, the longest of which counts, as in
            ``paths={"/embed": {"frame_options": None}}``. Where applications may read a path in different
            ways, and one of them leads to another prefix, the values above count.

    Raises:
        OptionError: for a value that browsers do not know or no header can hold, and for a contradiction.
    """

    __slots__ = ("_default", "_hooks_at", "_paths")

    order: ClassVar[Order] = Order(
        outside_of={box.ERROR_BOUNDARY: "its page would go out without these fields"},
        place=Place.FIELDS,
    )

    def __init__(
        self,
        app: ASGIApp,
        *,
        hsts_max_age: int | None = None,
        hsts_include_subdomains: bool = False,
        hsts_preload: bool = False,
        nosniff: bool = True,
        frame_options: str | None = "DENY",
        referrer_policy: str | None = "same-origin",
        cross_origin_opener_policy: str | None = "same-origin",
        cross_origin_embedder_policy: str | None = None,
        cross_origin_resource_policy: str | None = None,
        permissions_policy: str | None = None,
        content_security_policy: str | None = None,
        content_security_policy_report_only: str | None = None,
        reporting_endpoints: Mapping[str, str | None] | None = None,
        remove: Iterable[str] = (),
        paths: Mapping[str, PathHeaders] | None = None,
    ) -> None:
        super().__init__(app)
        options: PathHeaders = {
            "nosniff": nosniff,
            "frame_options": frame_options,
            "referrer_policy": referrer_policy,
            "cross_origin_opener_policy": cross_origin_opener_policy,
            "cross_origin_embedder_policy": cross_origin_embedder_policy,
            "cross_origin_resource_policy": cross_origin_resource_policy,
            "permissions_policy": permissions_policy,
            "content_security_policy": content_security_policy,
            "content_security_policy_report_only": content_security_policy_report_only,
            "reporting_endpoints": reporting_endpoints,
        }
        hsts = self._hsts(hsts_max_age, hsts_include_subdomains, hsts_preload)
        names = field_names(self, "remove", remove, example=["server", "x-powered-by"])
        removed = [name.encode("ascii") for name in names]
        self._default = _Hooks(self._lines(options), hsts, removed)
        self._hooks_at = self._by_path({} if paths is None else paths, options, hsts, removed)
        self._paths = PathPrefixes(self._hooks_at)

    def on_request(self, request: RequestHead) -> ResponseHook:
        """Choose the hook that adds the fields: by path, and by whether the scheme is a secure one."""
        hooks = self._default
        if self._hooks_at and (prefix := self._paths.surely_longest(request.scope)):
            hooks = self._hooks_at[prefix]
        return hooks.secure if request.scope.get("scheme") in _SECURE else hooks.plain

    def _lines(self, options: PathHeaders, path: str | None = None) -> list[Field]:
        nosniff = flag(self, _named("nosniff", path), options.get("nosniff"))
        lines = [(b"x-content-type-options", b"nosniff")] if nosniff else []
        endpoints = self._endpoints(options.get("reporting_endpoints"), path)
        for option, field in FIELDS.items():
            value = options.get(option)
            if value is None:
                continue
            if fault := fault_of(option, value) or _undeclared(option, cast(str, value), endpoints):
                raise OptionError(self, _named(option, path), value, fault)
            lines.append((field.name, cast(str, value).encode("latin-1")))
        declared = reporting_endpoints(endpoints)
        return [*lines, (b"reporting-endpoints", declared)] if declared else lines

    def _endpoints(
        self, given: Mapping[str, str | None] | None, path: str | None
    ) -> Mapping[str, str | None]:
        option = _named("reporting_endpoints", path)
        hint = "Give names and addresses, as in reporting_endpoints={'csp': 'https://example.com/reports'}."
        endpoints = mapping(self, option, {} if given is None else given, hint=hint)
        for name, address in endpoints.items():
            if fault := endpoint_fault(name, address):
                raise OptionError(self, f"{option}[{name!r}]", address, fault)
        return endpoints

    def _hsts(self, max_age: int | None, include_subdomains: bool, preload: bool) -> list[Field]:
        flag(self, "hsts_include_subdomains", include_subdomains)
        flag(self, "hsts_preload", preload)
        if max_age is None:
            if include_subdomains or preload:
                hint = "It changes hsts_max_age: give that too, as in hsts_max_age=31536000."
                option = "hsts_include_subdomains" if include_subdomains else "hsts_preload"
                raise OptionError(self, option, True, hint)
            return []
        hint = "A year is hsts_max_age=31536000."
        whole_number(self, "hsts_max_age", max_age, most=_LONGEST_AGE, what="whole seconds", hint=hint)
        if preload and not (include_subdomains and max_age >= _YEAR):
            hint = f"It needs hsts_include_subdomains=True and hsts_max_age={_YEAR} or more."
            raise OptionError(self, "hsts_preload", preload, hint)
        value = b"max-age=%d" % max_age
        value += b"; includeSubDomains" * include_subdomains + b"; preload" * preload
        return [(b"strict-transport-security", value)]

    def _by_path(
        self,
        paths: Mapping[str, PathHeaders],
        defaults: PathHeaders,
        hsts: list[Field],
        removed: list[bytes],
    ) -> dict[str, "_Hooks"]:
        made: dict[str, _Hooks] = {}
        hint = "Give the options to change by path, as in paths={'/embed': {'frame_options': None}}."
        for prefix, changes in mapping(self, "paths", paths, hint=hint).items():
            fault = path_fault(prefix)
            if fault is None and without_end(prefix) in made:
                fault = f"{without_end(prefix)!r} is there already."
            if fault:
                raise OptionError(self, "paths", prefix, fault)
            where = f"paths[{prefix!r}]"
            if unknown := mapping(self, where, changes, hint=hint).keys() - defaults.keys():
                known = f"Under {prefix!r} only these may change: {', '.join(defaults)}."
                raise OptionError(self, where, sorted(unknown, key=repr), known)
            lines = self._lines(cast(PathHeaders, {**defaults, **changes}), prefix)
            made[without_end(prefix)] = _Hooks(lines, hsts, removed)
        return made


_SECURE = frozenset({"https", "wss"})


def _named(option: str, path: str | None) -> str:
    return option if path is None else f"paths[{path!r}][{option!r}]"


def _undeclared(option: str, value: str, endpoints: Mapping[str, str | None]) -> str | None:
    for name in endpoints_named(option, value):
        if name not in endpoints:
            return (
                f"Nobody declares the endpoint {name!r}, and browsers that know report-to send nothing to "
                f"report-uri. Give its address, as in reporting_endpoints={{{name!r}: '/reports'}}, or None "
                "in the place of the address where the application or a proxy declares it."
            )
    return None


class _Hooks:
    """The two response hooks of one set of fields, prepared once."""

    __slots__ = ("plain", "secure")

    def __init__(self, lines: list[Field], hsts: list[Field], removed: list[bytes]) -> None:
        self.plain = _hook(Lines(lines), Lines(()), removed)
        self.secure = _hook(Lines([*lines, *hsts]), Lines(hsts), removed)


def _hook(lines: Lines, lines_of_a_304: Lines, removed: list[bytes]) -> ResponseHook:
    def add_lines(response: ResponseHead) -> None:
        headers = response.headers
        for name in removed:
            headers.remove(name)
        headers.set_defaults(lines_of_a_304 if response.message.get("status") == 304 else lines)

    return add_lines
