"""An edition two hours before its deadline, and a client of the API for its organizer."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen

from tests.browser.site import ADMIN, Site

PASSWORD = "une-longue-phrase-de-passe"
SET_UP = f"""
from datetime import timedelta
from django.contrib.auth.hashers import make_password
from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.event.editions.models import Department, Edition
from judging.models import Juror
from submissions.models import Deliverable
from teams.models import Membership, Team
now, hashed = clock.now(), make_password("{PASSWORD}")
edition = Edition.objects.create(
    slug="ccd", name="CCD", is_current=True,
    registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(hours=1),
    starts_at=now - timedelta(hours=2), deadline_at=now + timedelta(hours=2),
    judging_opens_at=now + timedelta(hours=3),
)
infocom = Department.objects.create(edition=edition, code="INFOCOM", name="Info-Com")
team = Team.objects.create(edition=edition, department=infocom, name="Com’unik", registered_at=now)
people = {{}}
for name in ("ada", "dan", "max"):
    people[name] = User.objects.create(
        email=f"{{name}}@example.org", password=hashed, name=name.title()
    )
    people[name].emailaddress_set.create(
        email=f"{{name}}@example.org", verified=True, primary=True
    )
Membership.objects.create(
    edition=edition, team=team, user=people["ada"], is_captain=True, joined_at=now
)
Juror.objects.create(department=infocom, user=people["dan"], kind="teacher")
Deliverable.objects.create(department=infocom, name="Pitch", kind="text", position=0)
"""


class Organizer:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.token = site.manage("token", ADMIN[0]).strip().splitlines()[-1]

    def ask(self, method: str, path: str, **body: Any) -> Any:
        request = Request(
            self.site.url + path,
            data=json.dumps(body).encode() if body else None,
            method=method,
            headers={"Authorization": f"Token {self.token}", "Content-Type": "application/json"},
        )
        with urlopen(request) as response:
            return json.load(response)

    def end_in(self, **delta: float) -> datetime:
        """Moves the deadline to `delta` from now; returns it."""
        deadline = datetime.now(UTC) + timedelta(**delta)
        self.end_at(deadline)
        return deadline

    def end_at(self, deadline: datetime) -> None:
        self.ask("PATCH", "/api/v1/edition/", deadline_at=deadline.isoformat())

    def announce(self, body: str) -> None:
        self.ask("POST", "/api/v1/announcements/", audience="everyone", body=body)
