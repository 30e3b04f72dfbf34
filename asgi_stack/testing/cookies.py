"""The cookies of a test client: names and values, and when they are dropped."""

import time
from email.utils import mktime_tz, parsedate_tz

from asgi_stack.testing.headers import Headers

__all__ = ["Cookies"]


class Cookies(dict[str, str]):
    """The cookies that a client holds, by name; a test may read and change them.

    Unlike a browser's they belong to no host and no path: every request gets all of them.
    """

    def header(self) -> str:
        """Return the value of a ``cookie`` header."""
        return "; ".join(f"{name}={value}" for name, value in self.items())

    def keep(self, headers: Headers) -> None:
        """Follow every ``set-cookie`` in *headers*: keep the cookie, or drop it where it has expired.

        RFC 6265 section 5.2.
        """
        for name, value in headers.raw:
            if name.lower() == b"set-cookie":
                self._keep_one(value.decode("latin-1"))

    def _keep_one(self, line: str) -> None:
        pair, *attributes = line.split(";")
        name, _, value = (part.strip() for part in pair.partition("="))
        if _has_expired(attributes):
            self.pop(name, None)
        else:
            self[name] = value


def _has_expired(attributes: list[str]) -> bool:
    pairs = [attribute.partition("=") for attribute in attributes]
    values = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if (age := values.get("max-age", "")).lstrip("-").isdecimal():
        # RFC 6265 section 5.3: max-age goes over expires.
        return age.startswith("-") or not age.strip("0")
    date = parsedate_tz(values.get("expires", ""))
    return date is not None and mktime_tz(date) <= time.time()
