"""The usual pages, some of them csrf_exempt."""

from django.views.decorators.csrf import csrf_exempt

from tests.projects.common import api, replaced

urlpatterns = replaced(dict.fromkeys(["api/items/", "hooks/payment/"], csrf_exempt(api)))
