"""The smallest Django project that tests in this process need; the one that is served is in examples/."""

SECRET_KEY = "not-a-secret"
ALLOWED_HOSTS = ["testserver", "localhost", "example.com"]
ROOT_URLCONF = "tests.project.urls"
INSTALLED_APPS = ["asgi_stack.django"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
USE_TZ = True
ASGI_STACK: list[object] = []
