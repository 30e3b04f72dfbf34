"""The usual pages, and those of an account."""

from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from tests.projects.common import URLS, api

app, browser = csrf_exempt(api), api
urlpatterns = [
    *URLS,
    path("accounts/", include([
        path("login/", api),
        path("saml/<slug:organization>/acs/", csrf_exempt(api)),
        path("saml/<slug:organization>/acs/finish/", api),
        re_path(r"^oidc/(?P<provider>[\w-]+)/login/callback/$", csrf_exempt(api)),
        path("oidc/<str:provider>/login/", api),
    ])),
    path("_allauth/", include([
        path("app/v1/auth/login", app),
        path("app/v1/auth/session", app),
        path("browser/v1/auth/login", browser),
        path("browser/v1/auth/session", browser),
    ])),
]  # fmt: skip
