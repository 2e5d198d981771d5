"""Sealing: what counts at an instant is written down once, with its digest, and made known.

Why nothing slips between. A deposit takes its instant (`received_at`) when its last byte is
durable, then takes its team's lock, is written, and commits with the lock. A seal of an instant T

1. is made at T + `rules.SETTLE` at the earliest: longer than a request may wait for a connection or
   for SQLite's write lock before it fails. So whatever arrived by T either has its team's lock, or
   is there, or was answered with an error, or is a resumable transfer that goes on later;
2. takes the lock of every team of the edition and reads after that: whoever had a lock has
   committed, and whoever gets it next has an instant after T (SQLite: its one write lock does it);
3. then looks whether a resumable transfer that was whole by T is no submission yet (its process
   died in between; it will come in with that old instant), and lets go of everything to try again
   later if so, for `rules.PATIENCE` at most: a transfer that can never end must not hold it up.

It reads only what was received by T, the delays as they stood at T and the deadline that it is the
seal of, so a worker that comes late makes the same seal. What comes in with an old instant after
all this (a machine that was frozen for minutes, a deposit that an organizer enters) is not in it,
and that is what `audit.seals` shows.
"""

from datetime import datetime

from django.db import transaction

from hackathon.core import journal
from hackathon.core.background import enqueue
from hackathon.editions.models import Edition
from hackathon.editions.selectors import organizers_of
from submissions import live
from submissions.models import Seal
from submissions.seals import rules, selectors
from submissions.seals.rules import DueSeal
from submissions.seals.tasks import mail_seal
from submissions.signals import seal_made
from teams.models import Team


def make_due(edition: Edition, *, at: datetime) -> list[Seal]:
    """Make every seal of the edition that is due and settled at `at`; gives those over all.

    Twice, or by two workers at once, each is made once.
    """
    made = []
    for due in selectors.seals_to_make(edition, at=at):
        if rules.is_settled(due, unfinished=0, at=at) and (seal := _make(edition, due, at=at)):
            made.append(seal)
    return made


@transaction.atomic
def _make(edition: Edition, due: DueSeal, *, at: datetime) -> Seal | None:
    """The seals of one instant. None if there is nothing to seal, or not now, or not any more."""
    # Read again: another worker may have made it, or the deadline moved. Its lock is what makes two
    # workers come one after the other; a deadline that moves waits as well.
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    if due not in selectors.seals_to_make(edition, at=at):
        return None
    wait_for_deposits(edition)
    unfinished = selectors.unfinished_by(edition, due.as_of)
    if not rules.is_settled(due, unfinished=len(unfinished), at=at):
        return None
    departments = {d.code: d for d in edition.departments.all()}
    if not departments:
        return None
    manifests = selectors.manifests(edition, due, delays_at=due.as_of)
    common = {"edition": edition, "moment": due.moment, "as_of": due.as_of, "made_at": at}
    parts = [
        Seal.objects.create(
            department=departments[m["department"]],
            manifest=m,
            digest=rules.digest_of(m),
            **common,
        )
        for m in manifests
    ]
    whole = rules.manifest_over_all(edition, due, manifests)
    seal = Seal.objects.create(manifest=whole, digest=rules.digest_of(whole), **common)
    _tell(seal, parts, due, at=at)
    return seal


def wait_for_deposits(edition: Edition | None = None) -> None:
    """Return when every deposit that was being written has been, and let none be written until the
    open transaction ends. The locks are taken in one order, so that two who wait don't block.
    """
    teams = Team.objects.order_by("pk").select_for_update(no_key=True)
    if edition is not None:
        teams = teams.filter(edition=edition)
    list(teams.values_list("pk"))


def _tell(seal: Seal, parts: list[Seal], due: DueSeal, *, at: datetime) -> None:
    edition = seal.edition
    journal.record(
        "seal.made",
        seal,
        by=None,
        at=at,
        edition=edition.pk,
        moment=seal.moment,
        as_of=seal.as_of.isoformat(),
        digest=seal.digest,
        departments={part.manifest["department"]: part.digest for part in parts},
    )
    live.seal_made(seal, at=at)
    if not rules.is_news(due, at=at):
        return
    for organizer in organizers_of(edition):
        enqueue(mail_seal, seal.pk, organizer.pk)
    seal_made.send(Seal, over_all=seal, departments=parts)
