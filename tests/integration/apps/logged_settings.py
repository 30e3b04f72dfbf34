"""How docs/middleware/request-id.md has the servers log, for all of them at once."""

from typing import Any

LOGGERS = [
    "uvicorn.access",
    "uvicorn.error",
    "granian.access",
    "_granian",
    "gunicorn.access",
    "gunicorn.error",
]
LOGGERS += ["hypercorn.access", "hypercorn.error", "daphne.server"]
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "asgi_stack.middleware.RequestIDFilter"}},
    "formatters": {"line": {"format": "[{request_id}] {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "line"}
    },
    "loggers": {name: {"handlers": ["console"], "level": "INFO", "propagate": False} for name in LOGGERS},
}
