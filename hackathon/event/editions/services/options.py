"""Which extras an edition uses."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import extras, journal
from hackathon.base.live.messages import refresh_all_rights
from hackathon.event.editions import live
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.guard import lock_for
from hackathon.event.editions.signals import extras_chosen


@transaction.atomic
def choose(*, edition: Edition, names: Collection[str], by: User, at: datetime) -> Edition:
    """Of the installed ones; what is stored about others, and in all of them, stays. Raises
    `Refused`.
    """
    edition = lock_for(by, edition.pk)
    installed = extras.installed()
    before = edition.extras
    others = [name for name in before if name not in installed]
    edition.extras = [*(name for name in installed if name in names), *others]
    on = [name for name in edition.extras if name not in before]
    off = [name for name in before if name not in edition.extras]
    if not on and not off:
        return edition
    edition.save(update_fields=["extras"])
    extras_chosen.send(Edition, edition=edition, before=before, at=at)
    journal.record("edition.options_chosen", edition, by=by, at=at, on=on, off=off)
    live.edition_changed(edition, changed=["extras"], at=at)
    if edition.is_current:
        refresh_all_rights()
    return edition
