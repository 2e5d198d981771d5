import io
import json
import os
from contextlib import redirect_stdout


def prepare() -> list[tuple[str, int]]:
    """Fills the database of the environment. Returns (token, deliverable id) of each team."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from hackathon.base.accounts.models import User
    from hackathon.base.accounts.tokens import services as tokens
    from submissions.enums import DeliverableKind as Kind
    from submissions.models import Deliverable
    from teams.models import Membership

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    output = io.StringIO()
    with redirect_stdout(output):
        call_command("demo", "--phase", "running", "--json")
    accounts = json.loads(output.getvalue().splitlines()[-1])["accounts"]
    Deliverable.objects.filter(kind=Kind.FILE).update(formats=[], max_bytes=1_000_000_000)
    people = []
    for account in accounts:
        if account["role"] == "student":
            user = User.objects.get(email=account["email"])
            membership = Membership.objects.filter(user=user).first()
            if membership is None:  # a student without a team
                continue
            team = membership.team
            deliverables = Deliverable.objects.filter(department=team.department, kind=Kind.FILE)
            token = tokens.create_for_command(user, at=timezone.now())
            people.append((token, deliverables[0].pk))
    return people


def sessions() -> list[str]:
    """Session keys of all members of teams: first a captain of each team."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from teams.models import Membership

    keys = []
    for membership in Membership.objects.order_by("-is_captain", "pk").select_related("user"):
        session = SessionStore()
        session[SESSION_KEY] = str(membership.user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = membership.user.get_session_auth_hash()
        session.create()
        keys.append(str(session.session_key))
    return keys
