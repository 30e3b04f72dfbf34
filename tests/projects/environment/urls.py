"""The usual pages."""

from tests.projects.common import URLS

urlpatterns = URLS
