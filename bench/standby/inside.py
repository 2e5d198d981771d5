"""What the drill does with the database of the machine that serves, in its namespace:
`python -m bench.standby.inside cast TEAMS`, which prints one person of each team, and
`python -m bench.standby.inside deadline SECONDS`, which moves the deadline to so many from now.
"""

import json
import os
import sys
from dataclasses import asdict
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")
django.setup()

from hackathon.base.accounts.models import User  # noqa: E402
from hackathon.base.core import clock  # noqa: E402
from hackathon.event.editions.models import Edition  # noqa: E402
from hackathon.event.editions.services import schedule  # noqa: E402
from hackathon.extras.trial_runs.demo import people  # noqa: E402
from hackathon.extras.trial_runs.demo.people import DOMAIN, Plan  # noqa: E402

GRACE = timedelta(minutes=10)


def cast(teams: int) -> None:
    now = clock.now()
    plan = Plan(now + timedelta(hours=1), timedelta(hours=1), only_end=True)
    made = people.prepare(plan, teams=teams, at=now)
    begins_at = clock.now() + timedelta(seconds=1)
    people.set_schedule(made.edition, Plan(begins_at, plan.length, only_end=True), at=clock.now())
    one_of_each = {person.team: person for person in made.students}
    print(json.dumps([asdict(person) for person in one_of_each.values()]))


def deadline(seconds: int) -> None:
    edition, at = Edition.objects.current(), clock.now()
    assert edition is not None
    deadline_at = at + timedelta(seconds=seconds)
    instants = {
        "deadline_at": deadline_at,
        "grace_seconds": round(GRACE.total_seconds()),
        "judging_opens_at": deadline_at + GRACE + timedelta(minutes=1),
    }
    root = User.objects.get(email=f"direction@{DOMAIN}")
    schedule.move(edition=edition, instants=instants, by=root, at=at)
    print(deadline_at.timestamp())


if __name__ == "__main__":
    {"cast": cast, "deadline": deadline}[sys.argv[1]](int(sys.argv[2]))
