"""Decision 7 explains the waiting times and the locks that make seals complete."""

from datetime import datetime

from django.db import transaction

from hackathon.base.core import commitments, journal
from hackathon.base.core.background import enqueue
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import organizers_of
from submissions import live
from submissions.models import Seal
from submissions.seals import leaves, rules, selectors
from submissions.seals.rules import DueSeal
from submissions.seals.tasks import mail_seal
from submissions.signals import seal_made
from teams.models import Team


def make_due(edition: Edition, *, at: datetime) -> list[Seal]:
    """Returns the new seals over all departments. Concurrent workers make each seal once."""
    made = []
    for due in selectors.seals_to_make(edition, at=at):
        if rules.is_settled(due, unfinished=0, at=at) and (seal := _make(edition, due, at=at)):
            made.append(seal)
    return made


@transaction.atomic
def _make(edition: Edition, due: DueSeal, *, at: datetime) -> Seal | None:
    """Locks the edition and its teams. None if the seal cannot be made now or exists already."""
    # Read again under the lock: another worker may have made the seal, or the deadline has moved.
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
    former = selectors.former_seals(edition, due)
    manifests = [
        rules.with_changes(manifest, former.get(manifest["department"]))
        for manifest in selectors.manifests(edition, due, extensions_at=due.as_of)
    ]
    common = {"edition": edition, "moment": due.moment, "as_of": due.as_of, "due_at": due.due_at}
    common["made_at"] = at
    parts = [
        Seal.objects.create(
            department=departments[m["department"]],
            manifest=m,
            digest=leaves.digest_of(m),
            **common,
        )
        for m in manifests
    ]
    over_all = rules.manifest_over_all(edition, due, manifests, former.get(None))
    digest = leaves.digest_of(over_all, manifests)
    seal = Seal.objects.create(manifest=over_all, digest=digest, **common)
    _publish(seal, parts, due, at=at)
    return seal


def wait_for_deposits(edition: Edition | None = None) -> None:
    """Locks the teams of the edition (None: all teams) until the transaction ends."""
    # In the order of the primary keys, to avoid deadlocks.
    teams = Team.objects.order_by("pk").select_for_update(no_key=True)
    if edition is not None:
        teams = teams.filter(edition=edition)
    list(teams.values_list("pk"))


def _publish(seal: Seal, parts: list[Seal], due: DueSeal, *, at: datetime) -> None:
    edition = seal.edition
    journal.record(
        "seal.made",
        seal,
        by=None,
        at=at,
        edition=edition.pk,
        moment=seal.moment,
        as_of=seal.as_of.isoformat(),
        due_at=seal.due_at and seal.due_at.isoformat(),
        digest=seal.digest,
        departments={part.manifest["department"]: part.digest for part in parts},
    )
    live.seal_made(seal, at=at)
    digests = [seal.digest, *(part.digest for part in parts)]
    commitments.made.send(Seal, edition=edition, digests=digests, at=at)
    if not rules.is_mailed(due, at=at):
        return
    for organizer in organizers_of(edition):
        enqueue(mail_seal, seal.pk, organizer.pk)
    seal_made.send(Seal, over_all=seal, departments=parts)
