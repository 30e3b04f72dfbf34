"""``manage.py asgi_stack``: show the stack of the settings, compare it with a snapshot, suggest one."""

import json
from difflib import unified_diff
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from asgi_stack.django.counterpart import Proxies
from asgi_stack.django.listing import as_json, as_text
from asgi_stack.django.resolved import ResolvedStack
from asgi_stack.django.resolving import resolve_stack
from asgi_stack.django.suggestion import suggest
from asgi_stack.errors import described

__all__ = ["Command"]


class Command(BaseCommand):
    """Shows the stack of the settings, outermost first, or what it might be."""

    help = "Show the stack that ASGI_STACK declares, outermost first; 'suggest' one from other settings."
    # The checks of this package would build every layer a second time.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "action",
            nargs="?",
            choices=["show", "suggest"],
            default="show",
            help="'show' the stack (the default), or 'suggest' one that does at the edge what MIDDLEWARE, "
            "SECURE_*, ALLOWED_HOSTS, CORS_* and CSRF_TRUSTED_ORIGINS do now.",
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")
        parser.add_argument(
            "--trusted",
            action="append",
            metavar="ADDRESS",
            help="An address or network of your proxies, for 'suggest'.",
        )
        parser.add_argument(
            "--hops", type=int, help="How many entries your proxies append to X-Forwarded-For, for 'suggest'."
        )
        snapshot = parser.add_mutually_exclusive_group()
        snapshot.add_argument(
            "--check", metavar="FILE", help="Fail, with the difference, unless FILE holds it."
        )
        snapshot.add_argument("--write", metavar="FILE", help="Write it to FILE, for --check.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked for.

        Raises:
            CommandError: where there is no usable stack, or it is not the one of the snapshot.
        """
        if options["action"] == "suggest":
            self._suggest(options)
            return
        resolved = _resolved()
        if options["check"]:
            _compare(Path(options["check"]), as_json(resolved))
        elif options["write"]:
            Path(options["write"]).write_text(as_json(resolved), encoding="utf-8")
        else:
            self._print(as_json(resolved) if options["format"] == "json" else as_text(resolved))

    def _suggest(self, options: dict[str, Any]) -> None:
        if options["check"] or options["write"]:
            raise CommandError("A snapshot is of the stack that there is: leave 'suggest' out.")
        suggestion = suggest(Proxies(options["trusted"] or (), options["hops"]))
        if options["format"] == "json":
            self._print(json.dumps(suggestion.as_data(), indent=2, ensure_ascii=False, default=str) + "\n")
        else:
            self._print(suggestion.as_text())

    def _print(self, text: str) -> None:
        self.stdout.write(text, ending="")


def _resolved() -> ResolvedStack:
    try:
        resolved = resolve_stack()
    except ImproperlyConfigured as error:
        raise CommandError(str(error)) from error
    if resolved.faults:
        faults = "\n".join(f"  {where}: {described(error)}" for where, error in resolved.faults)
        raise CommandError(f"The stack cannot be built.\n{faults}") from resolved.faults[0][1]
    return resolved


def _compare(file: Path, now: str) -> None:
    try:
        then = file.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(
            f"{file} cannot be read: {error.strerror}. Make it with --write {file}."
        ) from error
    lines = unified_diff(
        then.splitlines(), now.splitlines(), fromfile=str(file), tofile="ASGI_STACK", lineterm=""
    )
    if difference := "\n".join(lines):
        raise CommandError(
            f"The stack is not the one in {file}. If it should be: --write {file}\n{difference}"
        )
