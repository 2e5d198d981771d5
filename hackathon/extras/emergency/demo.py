"""A notice, two people who answer, and a call of this morning that is over."""

from datetime import timedelta

from hackathon.base.core.background import skip_tasks
from hackathon.base.push.tasks import notify
from hackathon.extras.emergency import services
from hackathon.extras.emergency.tasks import mail_emergency
from hackathon.run.demo.build import Made
from teams.models import Duty

TEXT = """Poste de sécurité, hall d’entrée : 03 83 00 00 01
Infirmerie, rez-de-chaussée, salle 012 : 03 83 00 00 02
Cellule d’écoute de l’université : 03 83 00 00 03
Hors de l’organisation : la direction de l’IUT, 03 83 00 00 04"""
CALLED = "2020-02-13T11:20"


def fill(made: Made) -> None:
    edition, day, by = made.edition, made.day, made.organizer
    helper = Duty.objects.filter(edition=edition, department=None).select_related("user").first()
    services.save_notice(
        edition=edition,
        text=TEXT,
        first=by,
        second=helper.user if helper else None,
        by=by,
        at=day.registration_opens_at,
    )
    if not day.has_deposits:
        return
    student, at = made.teams[4].memberships.get(is_captain=True).user, day.at(CALLED)
    with skip_tasks(notify, mail_emergency):
        emergency = services.call(
            edition=edition, text="Un malaise dans le couloir", by=student, at=at
        )
        services.take(emergency=emergency, by=by, at=at + timedelta(seconds=40))
        services.close(emergency=emergency, by=by, at=at + timedelta(minutes=25))
