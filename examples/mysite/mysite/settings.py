"""Settings of the example: those of a new project, and at the end the ASGI stack."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

# Only an example: a real project keeps its key secret and turns debug off in production.
SECRET_KEY = "django-insecure-example-of-asgi-stack-not-for-production-0123456789"
DEBUG = True
ALLOWED_HOSTS = []

# Application definition

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "asgi_stack.django",
    "pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "mysite.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

WSGI_APPLICATION = "mysite.wsgi.application"
ASGI_APPLICATION = "mysite.asgi.application"

# Database

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "db.sqlite3",
    }
}

# Password validation

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Internationalisation

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Static files

STATIC_URL = "static/"

# The ASGI stack around Django, outermost first: the first layer sees a request first and its response last.

ASGI_STACK = [
    "asgi_stack.middleware.RequestIDMiddleware",
    "asgi_stack.middleware.ServerTimingMiddleware",
    "asgi_stack.middleware.SecurityHeadersMiddleware",
    (
        "asgi_stack.middleware.TrustedHostMiddleware",
        {"allowed_hosts": ["localhost", ".localhost", "127.0.0.1", "[::1]"]},
    ),
    "asgi_stack.middleware.ErrorBoundaryMiddleware",
    "pages.uptime.UptimeMiddleware",
    # Django's own, for development: in production a web server serves these files.
    *(["django.contrib.staticfiles.handlers.ASGIStaticFilesHandler"] if DEBUG else []),
]
