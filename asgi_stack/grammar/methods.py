"""The methods of HTTP (RFC 9110, section 9.3; RFC 5789)."""

__all__ = ["KNOWN_METHODS"]

KNOWN_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
"""Those that everybody knows. Names of methods are case-sensitive."""
