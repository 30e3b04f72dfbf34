"""The text of the page that the figures are put into."""

PAGE = """\
# Benchmarks

What the stack costs, beside what else could do the same. `make bench` measures it and writes this page.

Every figure is a ratio of things that were timed in the same run, so that it means the same on a slow machine
and on a fast one. Each round times every subject once, in an order that changes, and what a subject *adds* is
its time less that of the inner application in the same round. Each process gives the ratio of two medians
over its rounds ({rounds} rounds in all for (b)); shown is the median of {processes} processes, and as the
spread the lowest and the highest of them. No network and no server take part.

Python {python}, {packages}.

![Cost of layers, and of one policy in five forms](benchmarks.svg)

## In short

Each figure compares with the least that can be written for the purpose: one function by hand, a layer that
does nothing, the smallest driver. Where it says "to", it is what the one adds divided by what the other adds.

{summary}

## (a) Layers, 0 to 16

Each layer sets one constant header. The unit is what one layer adds that does nothing at all: an
`async def __call__` that awaits the inner application. The first row is the frame that every stack has: it
copies the response's head and lower-cases its names.

{layers}

Of the layers 2 to 16, each adds this much in the stack, by the method that writes its header:

{writers}

## (b) An edge policy

Proxy headers, request id, server timing, five security headers, host check, https redirect, CORS: in this
order, outermost first, for a request that a browser's script makes, with 18 header lines, and that is let in.
All forms give the same response; a test compares them.

- **By hand**: one parse, one copy of the scope, one wrapped `send`; the same checks, the same header lines.
- **The stack and the nest**: the package's own seven classes.
- **By a user**: seven classes on `HeaderMiddleware` with the calls that
  [Writing middleware](writing-middleware.md) shows first, and no thought of speed.
- **The neighbours**: Starlette's `TrustedHostMiddleware`, `HTTPSRedirectMiddleware` and `CORSMiddleware`,
  uvicorn's `ProxyHeadersMiddleware`, `CorrelationIdMiddleware` of asgi-correlation-id. Security headers and
  server timing one writes oneself there: once in pure ASGI, the quickest form that Starlette documents, and
  once as `BaseHTTPMiddleware`, the form in which Starlette's and FastAPI's documentation begins. They check
  less than the others: none of them takes out what a client forwards by itself.

The unit is what the function by hand adds.

{policy}

Separate layers cannot come down to 1: each is called by itself, on the way in and on the way out, and each
sees what the one outside of it has made of the request. These are the pieces, for layers that a user has
written, in the same unit.

{pieces}

The full edge: proxy headers, request id, security headers, request guard, host check, https redirect, CORS, a
filter of addresses and cross-origin protection, nine of the package's classes. The unit is again what a
function by hand adds that does all that.

{edge}

## (c) The same policy in Django's MIDDLEWARE

Whole requests through Django's `ASGIHandler` to an `async` view: with an empty `MIDDLEWARE`; with a request
id, `SecurityMiddleware`, `CorsMiddleware`, `CommonMiddleware` and `XFrameOptionsMiddleware`; and with an
empty `MIDDLEWARE` in the stack of seven of (b). The request id is a class on Django's `MiddlewareMixin`, as
public packages such as django-log-request-id write theirs. Each round times one request of each kind, so that
every difference is one of neighbours in time. The function by hand of (b) around the same view is the least
that the policy can cost there: Django's threads leave nothing in the processor's caches.

{django}

## (d) A refusal

The same project with its full `MIDDLEWARE`, asked for a host that is not allowed: refused by Django, by the
stack around it, and by the function by hand of (b) around it. Django reads the body, makes a request and
takes threads before it looks at the host.

{refusal}

## (e) The test client

One small GET through `asgi_stack.testing.ASGIClient`, as a multiple of the bare application: the same request
by the smallest driver there can be, which gives the application a copy of a ready scope, a `receive`, a
`send` that appends to a list, and a task of its own, as any client must. It builds no scope from an address,
has no time limit, keeps no cookies, makes no response to look at, and sees to no error.

{client}

## (f) Conditions and routers

The unit is the same as in (a). A condition is weighed against the same stack without it, or without its layer
where the request goes past that; a router against the page alone. A router that takes a prefix from the path
copies the scope, and one that goes by the host looks at every header line, because there must not be a second
`Host`: both cost more than a frame, whoever does it. Functions that were written by hand for this very page
show how much: they do that, and no more. Beyond them `PathRouter` sees to many prefixes, to a slash that came
encoded and to a `root_path` that is there already, and `HostRouter` to ports, wildcards and any letter case.

{composing}
"""
