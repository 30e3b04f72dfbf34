"""Pages that other sites embed, and policies of views."""

from tests.projects.common import BASE

globals().update(BASE)
MIDDLEWARE = [*BASE["MIDDLEWARE"], "django.middleware.csp.ContentSecurityPolicyMiddleware"]
ROOT_URLCONF = "embedded.urls"
SECURE_CSP = {"default-src": ["'self'"]}
X_FRAME_OPTIONS = "SAMEORIGIN"
