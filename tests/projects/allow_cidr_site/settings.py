"""Probes by the address of the pod, let in by django-allow-cidr."""

from tests.projects.common import BASE

globals().update(BASE)
MIDDLEWARE = ["allow_cidr.middleware.AllowCIDRMiddleware", *BASE["MIDDLEWARE"]]
ALLOWED_CIDR_NETS = ["10.0.0.0/8"]
ROOT_URLCONF = "allow_cidr_site.urls"
