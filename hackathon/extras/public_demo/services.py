"""Who visitors are, and when everything they did is erased."""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import check, refuse
from hackathon.event.editions.models import Edition
from hackathon.extras.public_demo import rules, selectors, tasks
from hackathon.extras.public_demo.enums import Role
from hackathon.extras.public_demo.errors import PublicDemoRefusal
from hackathon.extras.public_demo.models import PublicDemo
from hackathon.run.demo.day import DemoPhase
from hackathon.run.demo.people import DOMAIN

logger = logging.getLogger(__name__)

ORGANIZERS = 200  # accounts; afterwards visitors share them


@transaction.atomic
def account_for(role: Role, mine: Mapping[str, int], *, at: datetime) -> User | None:
    """`mine`: accounts that this visitor had before, by role. Each organizer has their own, so that
    an edition of their own is theirs.
    """
    demo = _locked()
    found = selectors.accounts_of(role, demo.edition_pk)
    user = found.filter(pk=mine.get(role, 0)).first()
    edition = Edition.objects.filter(pk=demo.edition_pk or 0).first()
    visitors = User.objects.filter(email__startswith="visite-").count()
    if user is None and role == Role.ORGANIZER and edition and visitors < ORGANIZERS:
        number = visitors + 1
        user = User(email=f"visite-{number}@{DOMAIN}", name=f"Visite {number}")
        user.set_unusable_password()
        user.save()
        edition.organizers.add(user)
    user = user or found.first()
    if user is not None:
        user.last_login = at  # the next visitor gets another account
        user.save(update_fields=["last_login"])
    return user


@transaction.atomic
def ask_for_reset(moment: str, *, at: datetime) -> None:
    """Raises `Refused`."""
    demo = _locked()
    if moment not in DemoPhase.values:
        check(refuse(PublicDemoRefusal.UNKNOWN_MOMENT))
    check(rules.reset_refusal(demo, at=at))
    if not rules.is_resetting(demo, at=at):
        _begin(demo, moment, at=at)


@transaction.atomic
def reset_if_due(*, at: datetime) -> None:
    demo = _locked()
    if not rules.is_due(demo, at=at) or rules.is_resetting(demo, at=at):
        return
    if demo.made_at is None and not selectors.is_only_demo():
        logger.error("CCD_PUBLIC_DEMO needs a database of its own: this one was not touched.")
        return
    _begin(demo, DemoPhase.RUNNING, at=at)


def _begin(demo: PublicDemo, moment: str, *, at: datetime) -> None:
    demo.resetting_at, demo.moment = at, moment
    demo.save()
    enqueue(tasks.reset)


def _locked() -> PublicDemo:
    return PublicDemo.objects.select_for_update().get_or_create(pk=1)[0]
