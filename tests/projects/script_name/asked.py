"""Asked as a proxy hands it on: with the prefix, and without."""

from tests.projects.common import CODE

BASE_URL = "https://testserver"
OTHER = {"origin": "https://bank.example", "sec-fetch-site": "cross-site", "content-type": "application/json"}
ASKED = {
    "a hook": ("POST", "/shop/hooks/payment/", OTHER, b"{}"),
    "a hook without the prefix": ("POST", "/hooks/payment/", OTHER, b"{}"),
    "a page": ("POST", "/shop/items/", OTHER, b"{}"),
    "a page by https": ("GET", "/shop/about/", {}, b""),
    **{
        f"by http: {path}": ("GET", f"http://testserver{path}", {}, b"")
        for path in ("/shop/healthz", "/healthz", f"/shop/ping/{CODE}/", "/shop/about/", "/about/")
    },
}
