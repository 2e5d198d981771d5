import sys
from argparse import ArgumentParser, FileType
from datetime import datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hackathon.base.core.typography import plain_letters
from hackathon.event.editions.models import Edition
from hackathon.run.operations import trace
from teams.models import Team


class Command(BaseCommand):
    help = "What happened to a team's deposits around an instant, from journal, rows and logs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--team", required=True, help="its name, or its number")
        parser.add_argument(
            "--at",
            required=True,
            help="22:59:40 (of the day of the deadline), or 2027-02-11T22:59:40",
        )
        parser.add_argument("--edition", metavar="SLUG", help="the one that is shown, if not given")
        parser.add_argument("--around", type=int, default=300, help="seconds before and after")
        parser.add_argument(
            "--logs",
            type=FileType("r"),
            nargs="*",
            default=[],
            help="files with the JSON lines of the processes; - is standard input",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["edition"]
        edition = Edition.objects.filter(slug=slug).first() if slug else Edition.objects.current()
        if edition is None:
            raise CommandError("There is no such edition.")
        team = _team(edition, options["team"])
        at = _instant(edition, options["at"])
        lines = (line for file in options["logs"] for line in file)
        events = trace.of_team(team, at=at, around=timedelta(seconds=options["around"]), logs=lines)
        self.stdout.write(f"{team.name} ({team.pk}), {at.astimezone(edition.zone):%d/%m/%Y %X}")
        for event in events:
            local = event.at.astimezone(edition.zone)
            self.stdout.write(f"{local:%H:%M:%S.%f}  {event.source:<10}  {event.text}")
        if not events:
            self.stdout.write("Nothing: no request of this team or its members is known.")
            sys.exit(1)


def _team(edition: Edition, named: str) -> Team:
    teams = Team.objects.filter(edition=edition)
    team = next((team for team in teams if _typed(team.name) == _typed(named)), None)
    if team is None and named.isdecimal():
        team = teams.filter(pk=int(named)).first()
    if team is None:
        raise CommandError(f"{edition.slug} has no team {named}.")
    return team


def _typed(name: str) -> str:
    """As a keyboard has it: without accents, with a straight apostrophe."""
    return plain_letters(name).replace("’", "'").casefold()


def _instant(edition: Edition, text: str) -> datetime:
    """Without a date: of the day of the deadline. Without a zone: in that of the edition."""
    try:
        if "T" in text or " " in text:
            at = datetime.fromisoformat(text)
        else:
            day = edition.deadline_at.astimezone(edition.zone).date()
            at = datetime.combine(day, time.fromisoformat(text))
    except ValueError as error:
        raise CommandError(f"--at: {error}") from error
    return at if at.tzinfo else at.replace(tzinfo=edition.zone)
