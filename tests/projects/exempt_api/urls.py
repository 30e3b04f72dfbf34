"""The usual pages, some of them csrf_exempt."""

from django.views.decorators.csrf import csrf_exempt

from tests.projects.common import api, replaced

ROUTES = ["api/", "api/items/", "api/items/<int:pk>/", "ping/<uuid:code>/", "hooks/payment/"]
urlpatterns = replaced(dict.fromkeys(ROUTES, csrf_exempt(api)))
