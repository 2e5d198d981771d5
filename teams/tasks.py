"""Tasks do nothing if their rows are gone. A task that runs twice sends its e-mail twice."""

from smtplib import SMTPException

from celery import shared_task
from django.utils.translation import gettext as _

from hackathon.core.mail import compose, in_french
from teams.models import Membership, Student


@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=5, retry_backoff_max=30, max_retries=4
)
def invite_student(student_pk: int, sign_in_url: str) -> None:
    """In French: a task does not know the language of the reader."""
    student = Student.objects.select_related("user", "edition").filter(pk=student_pk).first()
    if student is None:
        return
    edition = student.edition
    places = Membership.objects.select_related("team__department")
    place = places.filter(edition=edition, user=student.user).first()
    with in_french(edition.zone):
        subject = _("Votre place à {edition}").format(edition=edition.name)
        if place is not None:
            subject = _("Votre équipe : {team} · {edition}").format(
                team=place.team.name, edition=edition.name
            )
        context = {
            "student": student,
            "edition": edition,
            "team": place and place.team,
            "sign_in_url": sign_in_url,
        }
        message = compose(subject, "teams/email/invitation", context, to=student.user.email)
    message.send()
