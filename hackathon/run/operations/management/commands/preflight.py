import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from hackathon.base.core import clock
from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.preflight import Line, Severity, checks, line_of
from hackathon.event.editions.models import Edition
from hackathon.event.imports.errors import ImportRefusal
from hackathon.run.operations.preflight import mail_connection


class Command(BaseCommand):
    """Exit code 1 if something would spoil the day."""

    help = "What is missing before the day, and how to mend it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--edition", default="", help="its slug; else the one that is shown")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["edition"]
        edition = Edition.objects.filter(slug=slug).first() if slug else Edition.objects.current()
        if edition is None:
            with translation.override(settings.LANGUAGE_CODE):
                self._refuse(refuse(ImportRefusal.EDITION_UNKNOWN), as_json=options["json"])
            raise SystemExit(1)
        at = clock.now()
        with translation.override(settings.LANGUAGE_CODE), timezone.override(edition.zone):
            lines = [*checks(edition, at=at), line_of(mail_connection, edition, at=at)]
            self._write(edition, lines, as_json=options["json"])
        if any(line.is_blocking for line in lines):
            raise SystemExit(1)

    def _refuse(self, refusal: Refusal, *, as_json: bool) -> None:
        """As `manage.py import` does."""
        if as_json:
            error = {"code": refusal.code.value, "message": str(refusal)}
            body = {"edition": None, "ok": False, "lines": [], "errors": [error]}
            self.stdout.write(json.dumps(body, ensure_ascii=False))
        else:
            self.stderr.write(str(refusal))

    def _write(self, edition: Edition, lines: list[Line], *, as_json: bool) -> None:
        if as_json:
            ok = not any(line.is_blocking for line in lines)
            described = [_described(line) for line in lines]
            body = {"edition": edition.slug, "ok": ok, "lines": described, "errors": []}
            self.stdout.write(json.dumps(body, ensure_ascii=False))
            return
        for line in lines:
            mark = "ok" if line.is_ok else line.severity.value
            self.stdout.write(f"[{mark}] {line.title}")
            for problem in line.problems:
                link = f" → {problem.remedy}: {settings.SITE_URL}{problem.url}"
                self.stdout.write(f"    {problem.text}{link if problem.url else ''}")


def _described(line: Line) -> dict[str, Any]:
    blocking = line.severity == Severity.BLOCKER
    return {
        "code": line.code,
        "topic": line.topic.value,
        "severity": line.severity.value,
        "title": line.title,
        "ok": line.is_ok,
        "spoils_the_day": blocking and not line.is_ok,
        "problems": [
            {
                "text": problem.text,
                "url": f"{settings.SITE_URL}{problem.url}" if problem.url else "",
                "remedy": problem.remedy,
            }
            for problem in line.problems
        ],
    }
