"""The dotted paths of the middleware in the box, for whoever names a class without importing it.

An order, a check and a setting name it so. A path that is written out there could be misspelt, and would then
mean nobody, without a word. Those of the second list are yet to come; their places are known already.
"""


def path_to(name: str) -> str:
    """Return the path of the class of this name."""
    return f"asgi_stack.middleware.{name}"


BASIC_AUTH = path_to("BasicAuthMiddleware")
CORS = path_to("CORSMiddleware")
CROSS_ORIGIN_PROTECTION = path_to("CrossOriginProtectionMiddleware")
DRAIN = path_to("DrainMiddleware")
ERROR_BOUNDARY = path_to("ErrorBoundaryMiddleware")
HEALTH = path_to("HealthMiddleware")
HTTPS_REDIRECT = path_to("HTTPSRedirectMiddleware")
IP_FILTER = path_to("IPFilterMiddleware")
MAINTENANCE = path_to("MaintenanceMiddleware")
PROXY_HEADERS = path_to("ProxyHeadersMiddleware")
REQUEST_GUARD = path_to("RequestGuardMiddleware")
REQUEST_ID = path_to("RequestIDMiddleware")
SECURITY_HEADERS = path_to("SecurityHeadersMiddleware")
SERVER_TIMING = path_to("ServerTimingMiddleware")
TRUSTED_HOST = path_to("TrustedHostMiddleware")

ACCESS_LOG = path_to("AccessLogMiddleware")
COMPRESSION = path_to("CompressionMiddleware")
CONCURRENCY_LIMIT = path_to("ConcurrencyLimitMiddleware")
RATE_LIMIT = path_to("RateLimitMiddleware")
