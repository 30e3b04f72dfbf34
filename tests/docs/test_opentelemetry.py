"""What docs/recipes/opentelemetry.md says of the packages for Django and for log records, seen in them."""

import json
import os
import subprocess
import sys
import textwrap
from typing import Any

import pytest

# A client that leaves while the view is at work; both instruments look at the same request.
LEFT = """
    import asyncio, json

    from django.conf import settings

    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], LOGGING_CONFIG=None)

    from opentelemetry import metrics
    from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader

    reader = InMemoryMetricReader()
    metrics.set_meter_provider(MeterProvider([reader]))
    DjangoInstrumentor().instrument()

    import django

    django.setup()

    from django.core.asgi import get_asgi_application
    from django.urls import path

    from asgi_stack import Layer, Stack
    from asgi_stack.testing import ASGIClient

    async def slow(request):
        await asyncio.Event().wait()

    urlpatterns = [path("slow/", slow)]
    layer = Layer(OpenTelemetryMiddleware, exclude_spans=["receive", "send"])
    application = Stack([layer]).wrap(get_asgi_application())

    async def leave():
        client = ASGIClient(application, raise_errors="connected", ignore={"C11"})
        async with client.stream("GET", "/slow/") as exchange:
            await asyncio.sleep(0.1)
            await exchange.disconnect()

    asyncio.run(leave())
    found = {}
    for resource in reader.get_metrics_data().resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                points = [getattr(p, "value", getattr(p, "count", 0)) for p in metric.data.data_points]
                found.setdefault(scope.scope.name.rpartition(".")[2], {})[metric.name] = sum(points)
    print(json.dumps(found))
"""
RECORD = """
    import json, logging

    from opentelemetry.instrumentation.logging import LoggingInstrumentor
    from opentelemetry.sdk.trace import TracerProvider

    LoggingInstrumentor().instrument(OPTIONS)
    make = logging.getLogRecordFactory()
    with TracerProvider().get_tracer("here").start_as_current_span("a") as span:
        record = make("a", logging.INFO, "a.py", 1, "text", (), None)
    print(json.dumps([getattr(record, "otelTraceID", None), f"{span.get_span_context().trace_id:032x}"]))
"""


def output_of(code: str, **environment: str) -> Any:
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def left() -> Any:
    return output_of(LEFT, OTEL_SEMCONV_STABILITY_OPT_IN="http")


def test_djangos_instrument_alone_counts_a_client_that_left_as_active_for_ever(left: Any) -> None:
    assert left["django"] == {"http.server.active_requests": 1}


def test_the_layer_counts_it_as_gone_and_knows_how_long_it_stayed(left: Any) -> None:
    assert left["asgi"]["http.server.active_requests"] == 0
    assert left["asgi"]["http.server.request.duration"] == 1


@pytest.mark.parametrize(
    ("options", "has_ids"),
    [("", False), ("inject_trace_context=True", True), ("set_logging_format=True", True)],
)
def test_which_argument_puts_ids_on_records(options: str, has_ids: bool) -> None:
    on_record, of_span = output_of(RECORD.replace("OPTIONS", options))

    assert (on_record == of_span) is has_ids
