"""The usual pages, some of them embedded, one without a policy."""

from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from tests.projects.common import page, replaced


@method_decorator(xframe_options_exempt, name="dispatch")
class Widget(View):
    def get(self, request, pk):
        return page(request)


urlpatterns = replaced(
    {
        "embed/": xframe_options_exempt(page),
        "embed/<int:pk>/": Widget.as_view(),
        "about/": csp_override({})(page),
    }
)
