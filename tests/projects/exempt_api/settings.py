"""An API and web hooks without CSRF, among pages with it."""

from tests.projects.common import BASE

globals().update(BASE)
ROOT_URLCONF = "exempt_api.urls"
