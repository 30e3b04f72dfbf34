"""`IPFilterMiddleware`: Django has no such thing."""

from asgi_stack import box
from asgi_stack.django.counterpart import Counterpart

__all__ = ["COUNTERPART"]

COUNTERPART = Counterpart(
    layer=box.IP_FILTER, told={"SECURE_PROXY_SSL_HEADER": "", "USE_X_FORWARDED_HOST": ""}
)
