"""The names of header fields that nearly every request consists of."""

__all__ = ["USUAL_NAMES"]

USUAL_NAMES = frozenset(
    b"""
    accept accept-charset accept-encoding accept-language access-control-request-headers
    access-control-request-method authorization cache-control connection content-encoding content-language
    content-length content-type cookie date dnt expect forwarded from host if-match if-modified-since
    if-none-match if-range if-unmodified-since keep-alive last-event-id max-forwards origin pragma prefer
    priority proxy-authorization purpose range referer save-data te trailer transfer-encoding upgrade
    upgrade-insecure-requests user-agent via
    sec-ch-ua sec-ch-ua-arch sec-ch-ua-full-version-list sec-ch-ua-mobile sec-ch-ua-model sec-ch-ua-platform
    sec-ch-ua-platform-version sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-storage-access
    sec-fetch-user sec-gpc sec-purpose sec-websocket-extensions sec-websocket-key sec-websocket-protocol
    sec-websocket-version
    baggage traceparent tracestate x-correlation-id x-request-id x-csrf-token x-csrftoken x-requested-with
    x-forwarded-by x-forwarded-for x-forwarded-host x-forwarded-port x-forwarded-prefix x-forwarded-proto
    x-forwarded-scheme x-forwarded-server x-forwarded-ssl x-original-forwarded-for x-real-ip x-scheme
    cdn-loop cf-connecting-ip cf-ipcountry cf-ray cf-visitor fastly-client-ip true-client-ip x-amzn-trace-id
    x-azure-clientip x-azure-ref x-cloud-trace-context x-envoy-external-address
    """.split()
)
"""Fields of browsers, proxies, content networks and frameworks, all in lower case.

A request that has no others is known to be so: to look each name up takes half as long as to ask the letters.
"""
