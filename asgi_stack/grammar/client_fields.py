"""The fields by which proxies and networks say who asks, besides ``forwarded`` and its kin."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["CLIENT_FIELDS", "FORWARDED_FIELDS"]

FORWARDED_FIELDS = frozenset(
    {
        "forwarded",
        "x-forwarded-by",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-prefix",
        "x-forwarded-proto",
        "x-forwarded-protocol",
        "x-forwarded-scheme",
        "x-forwarded-server",
        "x-forwarded-ssl",
    }
)
"""``forwarded`` and its kin."""

CLIENT_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "ali-cdn-real-ip": "Alibaba Cloud CDN",
        "cdn-src-ip": "Alibaba Cloud and Baidu CDNs",
        "cf-connecting-ip": "Cloudflare",
        "cf-connecting-ipv6": "Cloudflare",
        "cf-pseudo-ipv4": "Cloudflare",
        "client-ip": "Microsoft IIS and older proxies; believed by django-ipware",
        "cloudfront-viewer-address": "Amazon CloudFront",
        "do-connecting-ip": "DigitalOcean",
        "fastly-client-ip": "Fastly",
        "fly-client-ip": "Fly.io",
        "forwarded-for": "older proxies; believed by django-ipware",
        "incap-client-ip": "Imperva",
        "proxy-client-ip": "Oracle WebLogic",
        "remote-addr": "PHP and CGI programs' name for the client",
        "remote-ip": "older proxies",
        "true-client-ip": "Akamai and Cloudflare",
        "wl-proxy-client-ip": "Oracle WebLogic",
        "x-appengine-user-ip": "Google App Engine",
        "x-azure-clientip": "Azure Front Door",
        "x-azure-socketip": "Azure Front Door",
        "x-client-ip": "Amazon EC2, Heroku and others; believed by django-ipware",
        "x-cluster-client-ip": "Rackspace and Riverbed; believed by django-ipware",
        "x-coming-from": "older proxies",
        "x-envoy-external-address": "Envoy",
        "x-forwarded": "older proxies; believed by django-ipware",
        "x-forwarded-client-cert": "Envoy, for the client's certificate",
        "x-nf-client-connection-ip": "Netlify",
        "x-original-forwarded-for": "Kubernetes' ingress-nginx",
        "x-original-remote-addr": "older proxies",
        "x-proxyuser-ip": "Google's proxies",
        "x-real-ip": "nginx, by custom; believed by django-ipware",
        "x-remote-addr": "older proxies",
        "x-remote-ip": "older proxies",
        "x-sucuri-clientip": "Sucuri",
        "x-true-client-ip": "Akamai and others",
        "x-vercel-forwarded-for": "Vercel",
        "x-vercel-proxied-for": "Vercel",
    }
)
"""Whose each one is, by its lower-case name."""
