"""Which settings of Django say what the options of `SecurityHeadersMiddleware` say."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.conf import settings

__all__ = [
    "CSP",
    "FRAMES",
    "OF_PACKAGES",
    "OPTIONS",
    "POLICIES",
    "REFERRER",
    "SECURITY",
    "Said",
    "fixed_policies",
]

SECURITY = "django.middleware.security.SecurityMiddleware"
FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"
CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"
"""Of Django 6.0 and later."""
REFERRER = "django_referrer_policy.middleware.ReferrerPolicyMiddleware"


class Said(NamedTuple):
    """A setting, what it means as the value of an option, and the entry of ``MIDDLEWARE`` that reads it."""

    setting: str
    convert: Callable[[Any], Any]
    read_by: str


def _or_none(value: Any) -> Any:
    return value or None


def _upper(value: Any) -> Any:
    return value.upper() or None if isinstance(value, str) else value


def _joined(value: Any) -> Any:
    is_list = hasattr(value, "__iter__") and not isinstance(value, str)
    return (", ".join(map(str, value)) if is_list else value) or None


OPTIONS: Mapping[str, Said] = {
    "hsts_max_age": Said("SECURE_HSTS_SECONDS", _or_none, SECURITY),
    "hsts_include_subdomains": Said("SECURE_HSTS_INCLUDE_SUBDOMAINS", bool, SECURITY),
    "hsts_preload": Said("SECURE_HSTS_PRELOAD", bool, SECURITY),
    "nosniff": Said("SECURE_CONTENT_TYPE_NOSNIFF", bool, SECURITY),
    "frame_options": Said("X_FRAME_OPTIONS", _upper, FRAMES),
    "referrer_policy": Said("SECURE_REFERRER_POLICY", _joined, SECURITY),
    "cross_origin_opener_policy": Said("SECURE_CROSS_ORIGIN_OPENER_POLICY", _or_none, SECURITY),
}
"""By option."""

POLICIES: Mapping[str, str] = {
    "content_security_policy": "SECURE_CSP",
    "content_security_policy_report_only": "SECURE_CSP_REPORT_ONLY",
}
"""The setting of each option for a policy. Layers do not take it by themselves: views may have their own."""

_DJANGO_CSP = "csp.middleware.CSPMiddleware"

OF_PACKAGES: Mapping[str, tuple[str, str]] = {
    "CONTENT_SECURITY_POLICY": ("content_security_policy", _DJANGO_CSP),
    "CONTENT_SECURITY_POLICY_REPORT_ONLY": ("content_security_policy_report_only", _DJANGO_CSP),
    "PERMISSIONS_POLICY": ("permissions_policy", "django_permissions_policy.PermissionsPolicyMiddleware"),
    "REFERRER_POLICY": ("referrer_policy", REFERRER),
}
"""Settings of packages that say what an option says, with the entry of ``MIDDLEWARE`` that reads each."""


def fixed_policies() -> dict[str, str] | None:
    """Return the policies of the settings by option; None where one has a nonce, and differs each time."""
    from django.utils import csp  # Django 5.2 has no such module

    policies = {option: csp.build_policy(getattr(settings, name)) for option, name in POLICIES.items()}
    with_nonces = [csp.build_policy(getattr(settings, name), "nonce") for name in POLICIES.values()]
    if with_nonces != [*policies.values()]:
        return None
    return {option: policy for option, policy in policies.items() if policy}
