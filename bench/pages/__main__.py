"""`python -m bench.pages`: the processor time of pages of the demo edition (test client, SQLite, so
that the queries are in it too). `--profile NAME` prints where the time of one page goes.
"""

import argparse
import cProfile
import io
import json
import os
import pstats
import statistics
import tempfile
import time
from contextlib import redirect_stdout
from typing import Any

REQUESTS = 40
BLOCKS = "/pilotage/blocs/?parts="
AFTER_HAND_IN = ("wrong", "windows", "figures", "deposits", "silent", "uploads", "checks")


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.pages")
    options.add_argument("--teams", type=int, default=60)
    options.add_argument("--phase", default="running")
    options.add_argument("--requests", type=int, default=REQUESTS)
    options.add_argument("--profile", help="the name of a page")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as data:
        os.environ["CCD_DATA_DIR"] = data
        os.environ["DJANGO_SETTINGS_MODULE"] = "hackathon.settings"
        import django

        django.setup()
        pages = prepare(chosen.teams, chosen.phase)
        if chosen.profile:
            profile(pages[chosen.profile], chosen.requests)
            return
        print("| page | CPU, nothing new | queries | CPU after a message | queries | kB |")
        print("|---|---|---|---|---|---|")
        for name, (browser, address) in pages.items():
            print(f"| {name} | {measured(browser, address, chosen.requests)} |", flush=True)


def prepare(teams: int, phase: str) -> dict[str, tuple[Any, str]]:
    """By name: a test client that is signed in, and the address."""
    from django.core.management import call_command
    from django.test import Client

    from hackathon.base.accounts.models import User

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    output = io.StringIO()
    with redirect_stdout(output):
        call_command("demo", "--phase", phase, "--teams", str(teams), "--json")
    demo = json.loads(output.getvalue().splitlines()[-1])
    emails: dict[str, str] = {}
    for account in demo["accounts"]:
        emails.setdefault(account["role"], account["email"])

    def browser(role: str) -> Client:
        client = Client(SERVER_NAME="localhost")
        if role:
            client.force_login(
                User.objects.get(email=emails[role]),
                backend="allauth.account.auth_backends.AuthenticationBackend",
            )
        return client

    student, organizer, juror = browser("student"), browser("organizer"), browser("juror")
    return {
        "home, signed out": (browser(""), "/"),
        "home": (student, "/"),
        "hand-in": (student, "/rendu/"),
        "hand-in, part": (student, "/rendu/etat/"),
        "team": (student, "/equipe/"),
        "announcements": (student, "/annonces/"),
        "briefs": (student, "/sujets/"),
        "questions": (student, "/questions/"),
        "winners": (student, "/palmares/"),
        "jury": (juror, "/jury/"),
        "control room": (organizer, "/pilotage/"),
        "control room, after an inspection": (
            organizer,
            f"{BLOCKS}block-wrong,block-checks",
        ),
        "control room, after a hand-in": (
            organizer,
            f"{BLOCKS}{','.join(f'block-{name}' for name in AFTER_HAND_IN)}",
        ),
        "teams": (organizer, "/organisation/equipes/"),
        "projector": (browser(""), "/ecran/"),
    }


def measured(browser: Any, address: str, requests: int) -> str:
    from django.conf import settings
    from django.db import connection

    queries: list[str] = []

    def count(execute: Any, sql: str, *others: Any) -> Any:
        queries.append(sql)
        return execute(sql, *others)

    answer = browser.get(address, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    address = _address(answer)
    figures = []
    for settings.FRAGMENTS_CACHED in (True, False):
        browser.get(address)  # fills what is kept
        with connection.execute_wrapper(count):
            queries.clear()
            browser.get(address)
        times = []
        for _ in range(requests):
            began = time.process_time()
            browser.get(address)
            times.append(1000 * (time.process_time() - began))
        figures.append(f"{statistics.median(times):.1f} ms | {len(queries)}")
    return f"{' | '.join(figures)} | {len(answer.content) / 1000:.0f}"


def _address(answer: Any) -> str:
    """Where the redirects lead, with the query."""
    path, query = answer.request["PATH_INFO"], answer.request["QUERY_STRING"]
    return f"{path}?{query}" if query else path


def profile(page: tuple[Any, str], requests: int) -> None:
    browser, address = page
    address = _address(browser.get(address, follow=True))
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(requests):
        browser.get(address)
    profiler.disable()
    for order in ("cumulative", "tottime"):
        pstats.Stats(profiler).sort_stats(order).print_stats(70)


if __name__ == "__main__":
    main()
