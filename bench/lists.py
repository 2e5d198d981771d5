"""`python -m bench.lists`: the lists of organizers of a demo edition of 1,200 teams (test client,
SQLite), and the check of a file of the school.
"""

import argparse
import io
import os
import statistics
import tempfile
import time
from contextlib import redirect_stdout
from typing import Any

import django

ROWS = 2_000
NAMES = (
    "control_room:control",
    "teams:list",
    "teams:students",
    "people:index",
    "imports:index",
    "journal:index",
    "submissions:archives",
    "submissions:extensions",
    "submissions:seals",
    "announcements:list",
    "questions:queue",
    "teams:queue",
    "judging:publish",
    "printing:index",
    "meals:index",
    "meals:people",
    "meals:order",
    "meals:handout",
    "operations:preflight",
    "setup:edition",
)


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.lists")
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--teams", type=int, default=1200)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="ccd-bench-") as data:
        os.environ["CCD_DATA_DIR"] = data
        os.environ["DJANGO_SETTINGS_MODULE"] = "hackathon.settings"
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        with redirect_stdout(io.StringIO()):
            call_command("demo", "--teams", str(chosen.teams))
        measure(chosen.rounds)


def measure(rounds: int) -> None:
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    from hackathon.editions.models import Edition

    edition = Edition.objects.current()
    assert edition is not None
    organizer = edition.organizers.order_by("pk").first()
    assert organizer is not None
    browser = Client(headers={"host": "localhost"})
    browser.force_login(organizer)
    print(f"{edition.teams.count()} teams, {edition.students.count()} students")
    print("| page | p50 | slowest | queries | size |\n|---|---|---|---|---|")
    team, department = edition.teams.order_by("pk").last(), edition.departments.first()
    assert team is not None
    assert department is not None
    pages = [("teams:list, page 2", reverse("teams:list", args=[edition.slug]) + "?page=2")]
    pages += [("control_room:sheet", reverse("control_room:sheet", args=[team.pk]))]
    for name in ("judging:setup", "judging:plan", "judging:progress"):
        pages.append((name, reverse(name, args=[department.pk])))
    for name in NAMES:
        try:
            pages.append((name, reverse(name, args=[edition.slug])))
        except NoReverseMatch:
            pages.append((name, reverse(name)))
    for name, address in pages:
        print(_measured(browser, name, address, rounds))
    print(f"\nCheck of a file with {ROWS} students: {_import_seconds(edition.slug):.1f} s")


def _import_seconds(slug: str) -> float:
    """CPU seconds; nothing is written."""
    from django.core.management import call_command

    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        lines = (f"Nom{n};Zoé;zoe{n}@example.org;{n}" for n in range(ROWS))
        file.write("\n".join(["nom;prenom;mail;code_nip", *lines]))
        file.flush()
        began = time.process_time()
        call_command("import", "students", file.name, edition=slug, check=True, verbosity=0)
        return time.process_time() - began


def _measured(browser: Any, name: str, address: str, rounds: int) -> str:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    answer = browser.get(address)  # fills the caches of the process
    assert answer.status_code == 200, (address, answer.status_code)
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        browser.get(address)
        seconds.append(time.perf_counter() - began)
    with CaptureQueriesContext(connection) as captured:
        browser.get(address)
    p50, slowest = (round(1000 * found) for found in (statistics.median(seconds), max(seconds)))
    kilobytes = len(answer.content) // 1000
    return f"| {name} | {p50} ms | {slowest} ms | {len(captured)} | {kilobytes} kB |"


if __name__ == "__main__":
    main()
