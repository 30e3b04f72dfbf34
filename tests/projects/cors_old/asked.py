"""What pages of other origins may read."""

ORIGINS = {
    "a known origin": "https://app.example",
    "a strange origin": "https://evil.example",
    "an origin of the pattern": "https://pr-7.preview.example",
    "an origin that goes on behind the pattern": "https://pr-7.preview.example.evil.example",
}
ASKED = {
    f"{title}, {path}": ("GET", path, {"origin": origin}, b"")
    for title, origin in ORIGINS.items()
    for path in ("/api/items/", "/about/")
}
ASKED |= {
    f"a preflight of {title}": (
        "OPTIONS",
        "/api/items/",
        {
            "origin": origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "x-csrftoken",
        },
        b"",
    )
    for title, origin in ORIGINS.items()
}
