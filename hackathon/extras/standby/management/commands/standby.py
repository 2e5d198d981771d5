import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from hackathon.base.core import clock
from hackathon.base.core.errors import Refused
from hackathon.extras.standby import boots, selectors, services

REFUSED = 3


class Command(BaseCommand):
    """Exit code of `may-serve`: 3 if this server must not serve."""

    help = "The second server: who serves, what is on both. See docs/operations/standby.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        state = acts.add_parser("state", help="who serves, and how far the copy is")
        state.add_argument("--json", action="store_true")
        take_over = acts.add_parser("take-over", help="from now on this server serves")
        take_over.add_argument("--server", required=True, help="its CCD_SERVER_NAME")
        strict = acts.add_parser("strict", help="deposits wait for the second server, or not")
        strict.add_argument("choice", choices=["on", "off"])
        may_serve = acts.add_parser("may-serve", help="asks, unless it goes on")
        may_serve.add_argument("--alone", action="store_true", help="it is off: do not wait for it")
        files = acts.add_parser("files", help="all files of before this instant are on both")
        files.add_argument("--until", type=_instant, help="default: read from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        act = options["act"].replace("-", "_")
        getattr(self, f"_{act}")(options)

    def _state(self, options: dict[str, Any]) -> None:
        found = asdict(selectors.state(at=clock.now()))
        if options["json"]:
            self.stdout.write(json.dumps(found, default=datetime.isoformat))
            return
        for name, value in found.items():
            self.stdout.write(f"{name}: {value}")

    def _take_over(self, options: dict[str, Any]) -> None:
        standby = services.take_over(server=options["server"], at=clock.now())
        if standby.server == settings.SERVER_NAME:
            boots.note()
        self.stdout.write(f"« {standby.server} » serves (epoch {standby.epoch}).")

    def _strict(self, options: dict[str, Any]) -> None:
        try:
            services.set_strict(options["choice"] == "on", by=None, at=clock.now())
        except Refused as refused:
            raise CommandError(
                f"{refused.refusal} As a superuser of PostgreSQL: ALTER SYSTEM SET "
                f"synchronous_standby_names = '{selectors.NAME}'; SELECT pg_reload_conf();"
            ) from refused
        self.stdout.write(f"strict: {options['choice']}")

    def _may_serve(self, options: dict[str, Any]) -> None:
        if refusal := services.start_refusal(alone=options["alone"]):
            self.stderr.write(refusal)
            raise SystemExit(REFUSED)
        boots.note()
        self.stdout.write("This server may serve.")

    def _files(self, options: dict[str, Any]) -> None:
        """From standard input: one instant a line, until it ends. So no process starts for each."""
        instants = [options["until"]] if options["until"] else map(_instant, sys.stdin)
        for until in instants:
            services.note_copies(files_until=until, at=clock.now())


def _instant(text: str) -> datetime:
    """Raises `ValueError`. With a zone."""
    found = parse_datetime(text.strip())
    if found is None or found.tzinfo is None:
        raise ValueError(f"{text.strip()!r} is no instant: 2026-12-01T22:59:20+01:00")
    return found
