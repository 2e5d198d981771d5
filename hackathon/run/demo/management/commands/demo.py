import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hackathon.base.core import clock
from hackathon.base.core.failures import is_served_by_sqlite
from hackathon.event.editions.models import Edition
from hackathon.run.demo import build
from hackathon.run.demo.day import DemoPhase

TEAMS_AT_LEAST = 60
LARGE_PHASES = (DemoPhase.REGISTRATION, DemoPhase.RUNNING, DemoPhase.LAST_MINUTES)
ROLES_SHOWN = ("organizer", "student", "juror", "president", "client", "helper", "admin")


def _create(phase: DemoPhase, size: int, *, at: datetime) -> Edition:
    if is_served_by_sqlite():
        raise CommandError(
            "The site is running, and its database (SQLite) lets one program write at a time: for "
            "half a minute people would get errors. Stop the site, run this again, start the site."
        )
    return build.create(phase, size, at=at)


class Command(BaseCommand):
    help = "Make the demo edition: 60 teams, 400 students, the day of 2020 moved to now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--phase", choices=DemoPhase.values, default=DemoPhase.RUNNING)
        parser.add_argument(
            "--teams", type=int, default=0, metavar="N", help="a large edition, before the juries"
        )
        parser.add_argument("--json", action="store_true", help="accounts as JSON on the last line")
        parser.add_argument(
            "--if-empty", action="store_true", help="only where there is no edition at all"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at, phase, size = clock.now(), DemoPhase(options["phase"]), options["teams"]
        if size and (size < TEAMS_AT_LEAST or phase not in LARGE_PHASES):
            phases = ", ".join(large.value for large in LARGE_PHASES)
            raise CommandError(f"--teams is at least {TEAMS_AT_LEAST}, with --phase {phases}.")
        if options["if_empty"]:
            edition = Edition.objects.current()
            if edition is not None and not edition.slug.startswith(build.SLUG):
                return
            if edition is None and Edition.objects.exists():
                return
            edition = edition or _create(phase, size, at=at)
        else:
            edition = build.show_existing(phase, size, at=at) or _create(phase, size, at=at)
        accounts = build.accounts_of(edition)
        if options["json"]:
            self.stdout.write(json.dumps({"edition": edition.slug, "accounts": accounts}))
            return
        self.stdout.write(f"{edition.name} ({edition.slug})")
        for role in ROLES_SHOWN:
            account = next(a for a in accounts if a["role"] == role)
            self.stdout.write(f"  {role:<10} {account['email']:<40} {account['password']}")
