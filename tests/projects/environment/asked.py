"""Suggested in development, served in production."""

DEVELOPMENT = {"HOSTS": "localhost", "SSL": "off", "HSTS": "0", "ORIGINS": "http://localhost:3000"}
PRODUCTION = {
    "HOSTS": "testserver,shop.example",
    "SSL": "on",
    "HSTS": "3600",
    "ORIGINS": "https://app.example",
}
BASE_URL = "https://testserver"
ASKED = {
    "by http": ("GET", "http://testserver/about/", {}, b""),
    "a known origin": ("GET", "/api/items/", {"origin": "https://app.example"}, b""),
    "the origin of development": ("GET", "/api/items/", {"origin": "http://localhost:3000"}, b""),
}
