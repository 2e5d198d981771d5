import logging
from argparse import SUPPRESS, ArgumentParser
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
from django.core.management.base import BaseCommand, CommandError

from hackathon.base.core import clock
from hackathon.extras.trial_runs import services
from hackathon.extras.trial_runs.background import WITHIN_SECONDS
from hackathon.extras.trial_runs.demo import people
from hackathon.extras.trial_runs.demo.people import CannotRehearse
from hackathon.extras.trial_runs.event import DEFAULT_BYTES
from hackathon.extras.trial_runs.outcome import Outcome
from hackathon.extras.trial_runs.run import Order, rehearse


class Command(BaseCommand):
    help = (
        "A whole event at a higher speed, by clients over the network against the site at URL, "
        "in an edition of its own. Run it where `manage.py` has the settings of that site. "
        "The exit code is 1 if the site is not ready."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", nargs="?", help="https://ccd.example.org, as people open it")
        parser.add_argument("--minutes", type=float, default=5.0, help="how long the event lasts")
        parser.add_argument("--teams", type=int, default=60, help="6 people each")
        parser.add_argument(
            "--bytes", type=int, default=DEFAULT_BYTES, help="the median size of files"
        )
        parser.add_argument(
            "--line", type=int, default=0, help="bytes per second of each upload; 0: no limit"
        )
        parser.add_argument(
            "--only-end",
            action="store_true",
            help="the last minutes before the deadline, without the juries",
        )
        parser.add_argument(
            "--within",
            type=float,
            default=WITHIN_SECONDS,
            help="seconds that seals, inspections and mails may take",
        )
        parser.add_argument("--report", type=Path, default=Path("rehearsal.html"))
        parser.add_argument("--hide", default="", metavar="SLUG", help="the edition shown now")
        parser.add_argument("--insecure", action="store_true", help="take any certificate")
        parser.add_argument("--keep", action="store_true", help="remove it later, with --clean")
        parser.add_argument("--small", type=int, help=SUPPRESS)  # of the page « Petite répétition »
        parser.add_argument(
            "--clean", action="store_true", help="only remove what rehearsals have left"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for each request
        if options["clean"]:
            self._clean()
            return
        if options["small"] is not None:
            services.run(options["small"])
            return
        if not options["url"]:
            raise CommandError("Say the URL of the site, or --clean.")
        try:
            people.check_possible(clock.now(), options["hide"])
        except CannotRehearse as error:
            raise CommandError(str(error)) from None
        _require_answer(options["url"], verify=not options["insecure"])
        try:
            outcome = self._rehearse(options)
        finally:
            if not options["keep"]:
                self._clean()
        self.stdout.write(outcome.verdict)
        if not outcome.is_good:
            raise SystemExit(1)

    def _rehearse(self, options: dict[str, Any]) -> Outcome:
        names = [field.name for field in fields(Order)]
        result = rehearse(Order(**{name: options[name] for name in names}), self._say)
        options["report"].write_text(result.html)
        outcome = result.outcome
        for name, value in result.facts.items():
            self.stdout.write(f"  {name:<28} {value}")
        for title in ("lost", "wrongly_marked", "saturated", "trouble"):
            for line in getattr(outcome, title)[:10]:
                self.stdout.write(f"  {title}: {line}")
        for route, count in outcome.server_errors.most_common(10):
            self.stdout.write(f"  error: {count} × {route}")
        for route, count in outcome.broken_off.most_common(10):
            self.stdout.write(f"  broken off by late clients: {count} × {route}")
        for finding in outcome.findings:
            self.stdout.write(f"  {'ok' if finding.is_good else 'FAILED':<6}  {finding.title}")
            if not finding.is_good:
                self.stdout.write(f"          {finding.problem}\n          → {finding.remedy}")
        self.stdout.write(f"  Report: {options['report']}")
        return outcome

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def _clean(self) -> None:
        removed = people.clean(clock.now())
        counts = ", ".join(f"{count} {name}" for name, count in removed.items())
        self.stdout.write(f"Removed: {counts}.")


def _require_answer(url: str, *, verify: bool) -> None:
    """A name that this machine does not know, or a host that the site refuses, would otherwise be
    a rehearsal without clients.
    """
    try:
        answer = httpx.get(f"{url.rstrip('/')}/", verify=verify, timeout=30, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CommandError(f"{url} does not answer: {error}") from None
    if answer.is_error:
        raise CommandError(f"{url} answers {answer.status_code}: is that the name of the site?")
