"""`python -m bench.ranking`: the president's pages (test client, SQLite); a ranking, a plan alone.

The last line of the output has the figures as JSON.
"""

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from datetime import timedelta
from decimal import Decimal

TEAMS, JURORS, SHEETS, CRITERIA = 60, 25, 200, 5
PAGES = {"deliberation": "/jury/BENCH/deliberation/", "progress-report": "/jury/BENCH/suivi/"}


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.ranking")
    options.add_argument("--requests", type=int, default=60)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as data:
        os.environ["CCD_DATA_DIR"] = data
        os.environ["DJANGO_SETTINGS_MODULE"] = "hackathon.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        figures = {
            "pages": pages(prepare(), chosen.requests),
            "rank": rank_alone(),
            "plan": plan_alone(),
        }
    for name, times in figures["pages"].items():
        print(f"{name:14} p50 {times['p50']:5.0f} ms   p95 {times['p95']:5.0f} ms")
    print(f"rank(), 2,000 teams and 10,000 sheets: {figures['rank']:.2f} s")
    print(f"solve(), 60 teams and 25 jurors: {figures['plan']:.2f} s")
    print(json.dumps(figures))


def prepare() -> object:
    """Creates an edition with one large jury. Returns the president."""
    from django.utils import timezone

    from hackathon.accounts.models import User
    from hackathon.editions.models import Department, Edition
    from judging.enums import SheetState
    from judging.models import Criterion, Juror, Score, ScoreSheet
    from teams.models import Team

    rng = random.Random(1)  # noqa: S311 - the same marks each time
    now = timezone.now()
    edition = Edition.objects.create(
        slug="bench",
        name="Bench",
        is_current=True,
        registration_opens_at=now - timedelta(days=9),
        registration_closes_at=now - timedelta(days=3),
        starts_at=now - timedelta(days=2),
        deadline_at=now - timedelta(hours=9),
        judging_opens_at=now - timedelta(hours=8),
    )
    department = Department.objects.create(edition=edition, code="BENCH", name="Bench")
    criteria = [
        Criterion.objects.create(department=department, name=f"Critère {n}", weight=n + 1)
        for n in range(CRITERIA)
    ]
    teams = [
        Team.objects.create(
            edition=edition, department=department, name=f"Équipe {n}", registered_at=now
        )
        for n in range(TEAMS)
    ]
    jurors = [
        Juror.objects.create(
            department=department,
            user=User.objects.create(email=f"j{n}@example.org", name=f"Juré {n}"),
            is_president=n == 0,
        )
        for n in range(JURORS)
    ]
    severity = [rng.gauss(0, 1) for _ in jurors]
    level = [rng.gauss(12, 2) for _ in teams]
    pairs = [(t, (t + k * 7 + t // JURORS) % JURORS) for k in range(4) for t in range(TEAMS)]
    for team, juror in pairs[:SHEETS]:
        sheet = ScoreSheet.objects.create(
            juror=jurors[juror],
            team=teams[team],
            state=SheetState.FINAL,
            comment="Un vrai marché, bien étudié." if team % 3 == 0 else "",
            changed_at=now,
            finished_at=now,
        )
        Score.objects.bulk_create(
            Score(
                sheet=sheet,
                criterion=criterion,
                value=Decimal(
                    round(2 * max(0, min(20, level[team] + severity[juror] + rng.gauss(0, 1.4))))
                )
                / 2,
                changed_at=now,
            )
            for criterion in criteria
        )
    return jurors[0].user


def pages(president: object, requests: int) -> dict[str, dict[str, float]]:
    """Milliseconds for each page: median and 95th percentile."""
    from django.test import Client

    browser = Client(SERVER_NAME="localhost")
    browser.force_login(president, backend="allauth.account.auth_backends.AuthenticationBackend")
    found = {}
    for name, address in PAGES.items():
        for _ in range(3):
            assert browser.get(address).status_code == 200
        times = []
        for _ in range(requests):
            begun = time.perf_counter()
            browser.get(address)
            times.append(1000 * (time.perf_counter() - begun))
        parts = statistics.quantiles(times, n=20)
        found[name] = {"p50": statistics.median(times), "p95": parts[18]}
    return found


def rank_alone() -> float:
    """Seconds to rank 2,000 teams with 10,000 sheets of 400 jurors."""
    from judging.ranking.standings import Total, rank

    rng = random.Random(2)  # noqa: S311 - the same marks each time
    sheets = [
        Total(j, t, round(2 * rng.gauss(12, 2)) / 2)
        for t in range(2000)
        for j in rng.sample(range(400), 5)
    ]
    begun = time.perf_counter()
    rank(sheets)
    return time.perf_counter() - begun


def plan_alone() -> float:
    """CPU seconds to plan who reads whom, in a jury of 60 teams and 25 jurors."""
    from judging.plan.assignment import Problem, solve

    begun = time.process_time()
    solve(Problem([f"t{n}" for n in range(TEAMS)], [f"j{n}" for n in range(JURORS)]))
    return time.process_time() - begun


if __name__ == "__main__":
    main()
