import asyncio
import logging
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from hackathon.core import clock
from hackathon.rehearsal import people, report
from hackathon.rehearsal.event import DEFAULT_BYTES, Event, verified
from hackathon.rehearsal.outcome import Outcome, outcome_of
from hackathon.rehearsal.people import CannotRehearse, Plan

PREPARATION = timedelta(hours=1)  # never so long
BEFORE_BEGIN = timedelta(seconds=2)


class Command(BaseCommand):
    help = (
        "A whole event at a higher speed, by clients over the network against the site at URL, "
        "in an edition of its own. Run it where `manage.py` has the settings of that site. "
        "The exit code is 1 if the site is not ready."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", nargs="?", help="https://ccd.example.org, as people open it")
        parser.add_argument("--minutes", type=float, default=5.0, help="how long the event lasts")
        parser.add_argument("--teams", type=int, default=60, help="at most 60")
        parser.add_argument(
            "--bytes", type=int, default=DEFAULT_BYTES, help="the median size of files"
        )
        parser.add_argument("--report", type=Path, default=Path("rehearsal.html"))
        parser.add_argument("--hide", default="", metavar="SLUG", help="the edition shown now")
        parser.add_argument("--insecure", action="store_true", help="take any certificate")
        parser.add_argument("--keep", action="store_true", help="remove it later, with --clean")
        parser.add_argument(
            "--clean", action="store_true", help="only remove what rehearsals have left"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for each request
        if options["clean"]:
            self._clean()
            return
        if not options["url"]:
            raise CommandError("Say the URL of the site, or --clean.")
        try:
            people.check_possible(clock.now(), options["hide"])
        except CannotRehearse as error:
            raise CommandError(str(error)) from None
        try:
            outcome = self._rehearse(options)
        finally:
            if not options["keep"]:
                self._clean()
        self.stdout.write(outcome.verdict)
        if not outcome.is_good:
            raise SystemExit(1)

    def _rehearse(self, options: dict[str, Any]) -> Outcome:
        now, length = clock.now(), timedelta(minutes=options["minutes"])
        cast = people.prepare(Plan(now + PREPARATION, length), teams=options["teams"], at=now)
        plan = Plan(clock.now() + BEFORE_BEGIN, length)
        people.set_schedule(cast.edition, plan, at=clock.now())
        connection.close()  # the server may restart during the rehearsal
        self._say(plan, "It begins.")
        url = options["url"].rstrip("/")
        tls = verified(url, insecure=options["insecure"])
        event = Event(url, cast, plan, tls, size=options["bytes"])
        asyncio.run(event.run(lambda sentence: self._say(plan, sentence)))
        outcome = outcome_of(cast.edition, event.notes)
        facts = self._facts(options, event, outcome, len(cast.students), len(cast.jurors))
        report.write(options["report"], plan, event.notes, outcome, facts)
        for name, value in facts.items():
            self.stdout.write(f"  {name:<28} {value}")
        for title in ("lost", "wrongly_marked", "saturated", "trouble"):
            for line in getattr(outcome, title)[:10]:
                self.stdout.write(f"  {title}: {line}")
        for route, count in outcome.server_errors.most_common(10):
            self.stdout.write(f"  error: {count} × {route}")
        self.stdout.write(f"  Report: {options['report']}")
        return outcome

    def _say(self, plan: Plan, sentence: str) -> None:
        seconds = (clock.now() - plan.begins_at).total_seconds()
        self.stdout.write(f"{seconds:6.1f} s  {sentence}")
        self.stdout.flush()

    def _facts(
        self, options: dict[str, Any], event: Event, outcome: Outcome, students: int, jurors: int
    ) -> dict[str, Any]:
        notes = event.notes
        marks = ", ".join(f"{count} {name}" for name, count in sorted(outcome.marks.items()))
        return {
            "Length": f"{options['minutes']:g} minutes",
            "Students, jurors": f"{students}, {jurors}",
            "Requests": outcome.requests,
            "Deposits sent": f"{outcome.sent}, {outcome.cuts} of them with a line that was cut",
            "Deposits received": f"{outcome.received} ({marks})",
            "Deposits refused": outcome.refused,
            "Time of a deposit, p95": f"{outcome.uploads_p95:.1f} s",
            "Pages, p50 and p95": f"{outcome.pages_p50:.0f} and {outcome.pages_p95:.0f} ms",
            "Messages seen, p99": f"{outcome.messages}, {outcome.messages_p99:.0f} ms",
            "Marks of jurors": f"{notes.marks}, {notes.marks_refused} of them refused",
            "Sockets that broke": notes.socket_losses,
            "Lag of the clients, p95": f"{outcome.lag_p95:.0f} ms",
        }

    def _clean(self) -> None:
        removed = people.clean(clock.now())
        counts = ", ".join(f"{count} {name}" for name, count in removed.items())
        self.stdout.write(f"Removed: {counts}.")
