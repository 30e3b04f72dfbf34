"""The header fields by which a site restricts what browsers do with it, and the values that they know."""

from typing import NamedTuple

from asgi_stack.grammar.field import is_field_value

__all__ = ["FIELDS", "fault_of"]


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
