"""Browsers on other origins send to what takes it, and to what does not."""

from tests.projects.common import CODE

OTHER = {"origin": "https://bank.example", "sec-fetch-site": "cross-site", "content-type": "application/json"}
ASKED = {
    f"from another origin to {path}": ("POST", path, OTHER, b"{}")
    for path in ("/api/", "/api/items/", "/api/items/7/", f"/ping/{CODE}/", "/hooks/payment/", "/items/")
}
