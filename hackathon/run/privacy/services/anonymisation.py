"""Raises `Refused`."""

from datetime import datetime

from django.db import connection, transaction

from hackathon.base.accounts import services as accounts
from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.event.editions import live
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.guard import lock_for
from hackathon.run.privacy import rules, selectors
from hackathon.run.privacy.models import Anonymisation
from hackathon.run.privacy.services import effects, facts
from submissions.receipts import services as receipts
from submissions.seals.services import wait_for_deposits


@transaction.atomic
def plan(
    *, edition: Edition, due_at: datetime, with_pictures: bool, by: User, at: datetime
) -> None:
    edition = lock_for(by, edition.pk)
    planned = selectors.anonymisation_of(edition)
    check(rules.date_refusal(edition, due_at, done=planned.done_at is not None))
    Anonymisation.objects.update_or_create(
        edition=edition, defaults={"due_at": due_at, "with_pictures": with_pictures}
    )
    journal.record("anonymisation.planned", edition, by=by, at=at, due_at=due_at.isoformat())


def anonymise(edition_pk: int, *, at: datetime) -> Anonymisation:
    """All in one transaction; files afterwards. Interrupted, it can be begun again."""
    with transaction.atomic():
        edition = Edition.objects.select_for_update().get(pk=edition_pk)
        wait_for_deposits(edition)
        anonymisation = selectors.anonymisation_of(edition)
        done = anonymisation.done_at is not None
        check(rules.run_refusal(edition, chosen=anonymisation.due_at, done=done, at=at))
        people = selectors.people_in(edition)
        gone = [user.pk for user in people.gone]
        nameless = accounts.make_nameless(len(people.staying), at=at)
        stand_ins = {user.pk: n.pk for user, n in zip(people.staying, nameless, strict=True)}
        genuine = receipts.genuine_in(edition)
        changed = effects.anonymise(edition, stand_ins, with_pictures=anonymisation.with_pictures)
        of_accounts = effects.erase_all(people.gone)
        accounts.close_accounts(gone, at=at)
        receipts.sign_again(genuine)
        facts.forget_edition(edition, stand_ins, gone)
        facts.forget_messages(edition)
        rows = changed.rows + of_accounts.rows
        anonymisation.done_at, anonymisation.counts = at, {**rows, "accounts": len(gone)}
        anonymisation.files = [*changed.files, *of_accounts.files]
        anonymisation.save()
        journal.record(
            "anonymisation.done",
            edition,
            by=None,
            at=at,
            accounts=len(gone),
            rows=sum(rows.values()),
        )
        # No page and no process shows a name that it has rendered before.
        live.edition_changed(edition, changed=["organizers"], at=at)
    clean(anonymisation, at=at)
    return anonymisation


def clean(anonymisation: Anonymisation, *, at: datetime) -> None:
    """What the transaction can't undo. Can be run again."""
    for where, name in anonymisation.files:
        effects.remove_file(where, name)
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            # What was deleted is still in the free pages of the file, and in its backups.
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    anonymisation.files, anonymisation.cleaned_at = [], at
    anonymisation.save(update_fields=["files", "cleaned_at"])
