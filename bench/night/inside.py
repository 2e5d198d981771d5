"""Runs inside of a checkout of the project, which may be another one than this: prepares its data.

    python -P inside.py < lines of JSON

Each line is `[command, arguments]`; the answer is a line of JSON on standard output.
"""

import io
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")

import django

django.setup()

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.utils import timezone

from hackathon.base.accounts.models import User
from hackathon.base.core.received_files import received_file
from hackathon.day.stage import services as screens
from hackathon.day.stage.projectors import services as projectors
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import briefs, schedule
from hackathon.extras.brief_scene import services as brief_scene
from submissions.models import Deliverable, Submission
from teams.models import Membership


def make() -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return {}


def demo(phase: str) -> dict[str, Any]:
    """The demo edition in this phase, shown; its people with sessions of their own."""
    output = io.StringIO()
    with redirect_stdout(output):
        call_command("demo", "--phase", phase, "--json")
    accounts = json.loads(output.getvalue().splitlines()[-1])["accounts"]
    edition = _edition()
    Deliverable.objects.filter(department__edition=edition, kind="file").update(formats=[])
    return {
        "organizer": _visitor(edition.organizers.get(), "organizer"),
        "students": _students(edition),
        "jurors": [
            _visitor(User.objects.get(email=account["email"]), "juror")
            for account in accounts
            if account["role"] in ("juror", "president")
        ],
        "projectors": list(edition.projectors.values_list("key", flat=True)),
        "deadline_at": edition.deadline_at.isoformat(),
    }


def hide_briefs(seconds: int, megabytes: int) -> dict[str, Any]:
    """Moves the publication of the briefs, which have attachments, to `seconds` from now. Four
    projectors wait for it.
    """
    edition, now = _edition(), timezone.now()
    at = (now + timedelta(seconds=seconds)).replace(microsecond=0)
    by = edition.organizers.get()
    for department in edition.departments.all():
        briefs.save(
            department=department,
            title=f"Le sujet de la nuit {department.code}",
            body="* un site qui tient la nuit",
            published_at=at,
            attachments=[received_file(os.urandom(megabytes * 1_000_000), "annexe.zip")],
            by=by,
            at=now,
        )
    milestone = edition.milestones.get(kind="briefs")
    schedule.save_milestone(
        edition=edition,
        milestone=milestone,
        kind=milestone.kind,
        label=milestone.label,
        milestone_at=at,
        by=by,
        at=now,
    )
    for name in ("Amphi Nord", "Amphi Sud"):
        projectors.save(edition=edition, name=name, room="", by=by, at=now)
    screens.choose(edition=edition, scene="brief", by=by, at=now)
    brief_scene.pack(edition.pk, at=now)
    keys = list(edition.projectors.values_list("key", flat=True))
    return {"at": at.isoformat(), "projectors": keys}


def _edition() -> Edition:
    edition = Edition.objects.current()
    assert edition is not None
    return edition


def _students(edition: Edition) -> list[dict[str, Any]]:
    received = set(
        Submission.objects.filter(team__edition=edition).values_list("team", "deliverable")
    )
    required: dict[int, list[int]] = {}
    # What is due at the edition's deadline.
    for deliverable in Deliverable.objects.filter(
        department__edition=edition, kind="file", required=True, opens_at=None, due_at=None
    ):
        required.setdefault(deliverable.department_id, []).append(deliverable.pk)
    found = []
    for membership in Membership.objects.filter(edition=edition).select_related(
        "user", "team__department"
    ):
        team = membership.team
        missing = [
            pk for pk in required.get(team.department_id, []) if (team.pk, pk) not in received
        ]
        asked = (missing or required.get(team.department_id, []))[:1]
        found.append(
            {
                **_visitor(membership.user, "student"),
                "team": team.pk,
                "code": team.department.code,
                "deliverables": [(pk, "file", "zip", 0) for pk in asked],
            }
        )
    return found


def _visitor(user: User, role: str) -> dict[str, Any]:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    # Publication asks for a proof of the last minutes.
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
    session.create()
    return {"role": role, "user": user.pk, "session": str(session.session_key)}


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    "make": make,
    "demo": demo,
    "hide_briefs": hide_briefs,
}


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        name, arguments = json.loads(line)
        print(json.dumps(COMMANDS[name](**arguments)), file=answers, flush=True)


if __name__ == "__main__":
    main()
