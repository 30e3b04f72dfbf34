"""Asks a project what everybody would, and prints each answer: ``python -m tests.projects.drive shop``.

Asked is Django's own application, unless the project has an ``asgi.py``.
"""

import asyncio
import json
import logging
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import django

from tests.projects.common import CRAWL

FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}
# Not compared: what is another one each time.
MOVING = {"date", "csrftoken", "sessionid"}


def application_of(name: str) -> Any:
    from django.core.asgi import get_asgi_application

    module = f"{name}.asgi"
    return import_module(module).application if find_spec(module) else get_asgi_application()


def shown(answer: Any) -> list[Any]:
    """Status, fields and body, in a form that can be compared."""
    pairs = ((name.decode().lower(), value.decode("latin-1")) for name, value in answer.headers.raw)
    fields = sorted(f"{name}: {_value(name, value)}" for name, value in pairs)
    return [
        answer.status,
        [line for line in fields if line.partition(":")[0] not in MOVING],
        answer.content.decode(),
    ]


def _value(name: str, value: str) -> str:
    if name == "set-cookie":
        return value.partition("=")[0] + ";" + value.partition(";")[2].partition("expires")[0]
    return ", ".join(sorted({each.strip().lower() for each in value.split(",")})) if name == "vary" else value


async def answers(application: Any, project: Any) -> dict[str, Any]:
    from asgi_stack.testing import ASGIClient

    way = {"lint": False, "raise_errors": False, **getattr(project, "WAY", {})}
    fields = getattr(project, "FIELDS", {})
    base = getattr(project, "BASE_URL", "http://testserver")

    async def ask(method: str, url: str, headers: Any = (), body: bytes = b"", base_url: str = base) -> Any:
        client = ASGIClient(application, base_url=base_url, **way)
        return await client.request(method, url, headers={**fields, **dict(headers)}, content=body)

    found = {url: shown(await ask("GET", url)) for url in CRAWL}
    found["api post"] = shown(await ask("POST", "/api/items/", JSON, b"{}"))
    found["a probe of the pod"] = shown(await ask("GET", "/healthz", base_url="http://10.0.0.7"))
    found["another host"] = shown(await ask("GET", "/about/", base_url="http://evil.example"))
    preflight = {"origin": "https://app.example", "access-control-request-method": "POST"}
    found["a preflight"] = shown(await ask("OPTIONS", "/api/items/", preflight))
    found |= {
        f"log-in: {step}": answer for step, answer in (await log_in(application, way, fields, base)).items()
    }
    for title, (method, url, headers, body) in getattr(project, "ASKED", {}).items():
        found[title] = shown(await ask(method, url, headers, body))
    return found


async def log_in(application: Any, way: Any, fields: Any, base: str) -> dict[str, Any]:
    from asgi_stack.testing import ASGIClient

    client = ASGIClient(application, base_url=base, **way)
    page = await client.get("/login/", headers=fields)
    form = f"user=ada&csrfmiddlewaretoken={page.content.decode()}".encode()
    same = {**fields, **FORM, "origin": base, "sec-fetch-site": "same-origin", "referer": f"{base}/login/"}
    sent = await client.post("/login/", content=form, headers=same)
    account = await client.get("/account/", headers=fields)
    stranger = {**same, "origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    forged = await client.post("/login/", content=form, headers=stranger)
    page = shown(page)
    return {"page": page[:2], "form": shown(sent), "account": shown(account), "forged": [shown(forged)[0]]}


def main(name: str) -> None:
    django.setup()
    logging.disable()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    application, project = application_of(name), import_module(f"{name}.asked")
    found = asyncio.run(answers(application, project))
    found |= asyncio.run(project.more(application)) if hasattr(project, "more") else {}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
