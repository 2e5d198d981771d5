import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from hackathon.core import clock
from hackathon.demo import build
from hackathon.demo.day import DemoPhase
from hackathon.editions.models import Edition

ROLES_SHOWN = ("organizer", "student", "juror", "president", "client", "helper", "admin")


class Command(BaseCommand):
    help = "Make the demo edition: 60 teams, 400 students, the day of 2020 moved to now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--phase", choices=DemoPhase.values, default=DemoPhase.RUNNING)
        parser.add_argument("--json", action="store_true", help="accounts as JSON on the last line")
        parser.add_argument(
            "--if-empty", action="store_true", help="only where there is no edition at all"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        if options["if_empty"]:
            edition = Edition.objects.current()
            if edition is not None and not edition.slug.startswith(build.SLUG):
                return
            if edition is None and Edition.objects.exists():
                return
            edition = edition or build.create(DemoPhase(options["phase"]), at=at)
        else:
            phase = DemoPhase(options["phase"])
            edition = build.show_existing(phase, at=at) or build.create(phase, at=at)
        accounts = build.accounts_of(edition)
        if options["json"]:
            self.stdout.write(json.dumps({"edition": edition.slug, "accounts": accounts}))
            return
        self.stdout.write(f"{edition.name} ({edition.slug})")
        for role in ROLES_SHOWN:
            account = next(a for a in accounts if a["role"] == role)
            self.stdout.write(f"  {role:<10} {account['email']:<40} {account['password']}")
