"""Callbacks that other sites have a browser send, and an API for apps."""

OTHER = {
    "origin": "https://idp.example",
    "sec-fetch-site": "cross-site",
    "content-type": "application/x-www-form-urlencoded",
}
ASKED = {
    f"from another site: {path}": ("POST", path, OTHER, b"a=1")
    for path in (
        "/accounts/saml/acme/acs/",
        "/accounts/oidc/acme/login/callback/",
        "/accounts/login/",
        "/_allauth/app/v1/auth/login",
        "/_allauth/browser/v1/auth/login",
    )
}
