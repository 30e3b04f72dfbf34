"""What comes through the proxy, by https and by http."""

WAY = {"extra": {"client": ("172.17.0.9", 1)}}
BASE_URL = "http://10.1.2.3:8000"
FIELDS = {
    "x-forwarded-proto": "https",
    "x-forwarded-host": "testserver",
    "x-forwarded-for": "203.0.113.9",
}
ASKED = {"by http": ("GET", "/about/", {"x-forwarded-proto": "http"}, b"")}
