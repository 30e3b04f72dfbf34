"""``manage.py asgi_stack``."""
