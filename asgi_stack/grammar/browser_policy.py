"""The header fields by which a site restricts what browsers do with it, and the values that they know."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from asgi_stack.grammar.field import is_field_value

__all__ = ["FIELDS", "endpoint_fault", "endpoints_named", "fault_of", "reporting_endpoints"]


class _Field(NamedTuple):
    name: bytes
    values: frozenset[str] | None = None
    hint: str = ""


_CSP_HINT = "Give the whole policy as one line, as in \"default-src 'self'\"."
_PERMISSIONS_HINT = "Write it as a structured field, as in 'camera=(), geolocation=(self)'."

FIELDS = {
    "frame_options": _Field(
        b"x-frame-options",
        frozenset({"deny", "sameorigin"}),
        "Give 'DENY' or 'SAMEORIGIN'; to allow other sites use the policy frame-ancestors.",
    ),
    "referrer_policy": _Field(
        b"referrer-policy",
        frozenset(
            {
                "no-referrer",
                "no-referrer-when-downgrade",
                "origin",
                "origin-when-cross-origin",
                "same-origin",
                "strict-origin",
                "strict-origin-when-cross-origin",
                "unsafe-url",
            }
        ),
        "Give a policy such as 'same-origin', or several in one string, separated by commas.",
    ),
    "cross_origin_opener_policy": _Field(
        b"cross-origin-opener-policy",
        frozenset({"same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none"}),
        "Give 'same-origin', 'same-origin-allow-popups', 'noopener-allow-popups' or 'unsafe-none'.",
    ),
    "cross_origin_embedder_policy": _Field(
        b"cross-origin-embedder-policy",
        frozenset({"require-corp", "credentialless", "unsafe-none"}),
        "Give 'require-corp', 'credentialless' or 'unsafe-none'.",
    ),
    "cross_origin_resource_policy": _Field(
        b"cross-origin-resource-policy",
        frozenset({"same-origin", "same-site", "cross-origin"}),
        "Give 'same-origin', 'same-site' or 'cross-origin'.",
    ),
    "permissions_policy": _Field(b"permissions-policy", hint=_PERMISSIONS_HINT),
    "content_security_policy": _Field(b"content-security-policy", hint=_CSP_HINT),
    "content_security_policy_report_only": _Field(b"content-security-policy-report-only", hint=_CSP_HINT),
}
"""By the name of the option that holds the value."""


def fault_of(option: str, value: object) -> str | None:
    """Return what would work where *value* is no value of this field; None where it is one."""
    field = FIELDS[option]
    if not isinstance(value, str) or not value or not is_field_value(value):
        return f"{field.hint} No line breaks, control characters or characters outside of Latin-1."
    if option == "permissions_policy" and "=" not in value:
        return field.hint
    if field.values is None or _values(option, value) <= field.values:
        return None
    return field.hint


def _values(option: str, value: str) -> set[str]:
    if option == "referrer_policy":
        return {each.strip() for each in value.lower().split(",")}
    if option == "frame_options":
        return {value.lower()}
    # These are structured fields: case-sensitive, and parameters (report-to) may follow.
    return {value.partition(";")[0].strip()}


# RFC 9651, section 3.1.2: the key of a dictionary. The address stands in a string: section 3.3.3.
_ENDPOINT = re.compile(r"[a-z*][a-z0-9_.*-]*")
_ADDRESS = re.compile(r"(?:https://[!#-[\]-~]+|/(?:[!#-.0-[\]-~][!#-[\]-~]*)?)")
_PARAMETER = re.compile(r';\s*report-to\s*=\s*(?:"([^"]*)"|([^\s;,]+))', re.IGNORECASE)


def endpoint_fault(name: object, address: object) -> str | None:
    """Say what is wrong with an endpoint for reports; None if nothing is. No address: another's."""
    if not isinstance(name, str) or not _ENDPOINT.fullmatch(name):
        return "Name an endpoint in lower-case letters, digits, '_', '-' and '.', as in 'csp'."
    if address is None or (isinstance(address, str) and _ADDRESS.fullmatch(address)):
        return None
    return "Give an address that begins with 'https://' or with '/', or None where somebody else declares it."


def reporting_endpoints(endpoints: Mapping[str, str | None]) -> bytes:
    """Render ``reporting-endpoints`` (Reporting API, section 3.2); empty where none is declared here."""
    given = (f'{name}="{address}"' for name, address in endpoints.items() if address is not None)
    return ", ".join(given).encode("ascii")


def endpoints_named(option: str, value: str) -> list[str]:
    """Return the endpoints that a policy sends its reports to by ``report-to``."""
    if not option.startswith("content_security_policy"):
        return [quoted or bare for quoted, bare in _PARAMETER.findall(value)]
    # Several policies may stand in one field, with commas between them (CSP 3, section 2.2).
    directives = [directive.split() for directive in value.replace(",", ";").split(";")]
    return [words[1] for words in directives if len(words) > 1 and words[0].lower() == "report-to"]
