"""Services raise `Refused`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.base.core.tables import Row
from hackathon.event.editions.enums import MilestoneKind
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import local_delay, shifted
from hackathon.event.editions.services.guard import lock_for
from hackathon.extras.running_order import live, rules, selectors
from hackathon.extras.running_order.models import Step

FIELDS = ("at", "title", "who", "place")


@transaction.atomic
def save_rows(edition: Edition, rows: Sequence[Row], *, by: User, at: datetime) -> None:
    edition = lock_for(by, edition.pk)
    for row in rows:
        stored = Step.objects.filter(edition=edition, pk=row.pk or 0).first()
        if row.values is None:
            if stored is not None:
                journal.record("step.deleted", stored, by=by, at=at, title=stored.title)
                stored.delete()
            continue
        step = stored or Step(edition=edition)
        before = journal.state(step, FIELDS) if stored else {}
        for name, value in row.values_for(stored).items():
            setattr(step, name, value)
        step.save()
        changes = journal.changes(before, step)
        journal.record("step.saved", step, by=by, at=at, title=step.title, changes=changes)
    if rows:
        live.steps_changed(edition, at=at)


@transaction.atomic
def propose(edition: Edition, *, by: User, at: datetime) -> list[Step]:
    """From the instants of the edition. The lock lets one of two do it."""
    edition = lock_for(by, edition.pk)
    check(rules.proposing_refusal(edition.steps.count()))
    made = Step.objects.bulk_create(
        Step(edition=edition, at=when, title=title) for when, title in _usual(edition)
    )
    journal.record("steps.proposed", edition, by=by, at=at, count=len(made))
    live.steps_changed(edition, at=at)
    return made


def _usual(edition: Edition) -> list[tuple[datetime, str]]:
    start, end = edition.starts_at, edition.deadline_at
    found = [
        (start - timedelta(hours=1), _("Ouvrir le bâtiment, allumer les écrans")),
        (start - timedelta(minutes=30), _("Tenir la table d’accueil")),
        (start, _("Lancement : dire les règles et les numéros d’urgence")),
        (end - timedelta(hours=1), _("Passer voir les équipes qui n’ont rien rendu")),
        (end, _("Heure limite : laisser finir les envois commencés")),
        (end + timedelta(minutes=15), _("Vérifier le scellé, libérer les salles")),
        (edition.judging_opens_at, _("Ouvrir les jurys")),
    ]
    before = {
        MilestoneKind.BRIEFS: (15, _("Vérifier les projecteurs avant le sujet")),
        MilestoneKind.MEAL: (15, _("Recevoir les repas")),
        MilestoneKind.VISITS: (10, _("Accueillir le client")),
        MilestoneKind.AWARDS: (60, _("Répéter la cérémonie")),
    }
    for milestone in edition.milestones.all():
        minutes, title = before.get(MilestoneKind(milestone.kind), (0, milestone.label))
        found.append((milestone.at - timedelta(minutes=minutes), title))
    return sorted(found, key=lambda line: line[0])


@transaction.atomic
def tick(*, step: Step, done: bool, by: User, at: datetime) -> Step:
    """Of two who tick at once the first one is named. The caller has the right (`selectors`)."""
    step = Step.objects.select_for_update(of=("self",)).select_related("edition").get(pk=step.pk)
    if done == (step.done_at is not None):
        return step
    step.done_at, step.done_by = (at, by) if done else (None, None)
    step.save(update_fields=["done_at", "done_by"])
    act = "step.done" if done else "step.undone"
    journal.record(act, step, by=by, at=at, title=step.title)
    live.steps_changed(step.edition, at=at)
    return step


def copy(*, source: Edition, to: Edition) -> None:
    """Moved to the new day, nothing done."""
    delay = local_delay(source.starts_at, to.starts_at, source.zone)
    Step.objects.bulk_create(
        Step(
            edition=to,
            at=shifted(step.at, delay, source.zone),
            title=step.title,
            who=step.who,
            place=step.place,
        )
        for step in selectors.steps_of(source)
    )
