"""asgi_stack for a Django project: the stack is declared in settings and put around Django's application.

In ``asgi.py``, in the place of Django's own function of the same name::

    from asgi_stack.django import get_asgi_application

    application = get_asgi_application()
"""

from asgi_stack.django.application import get_asgi_application, get_stack

__all__ = ["get_asgi_application", "get_stack"]
