"""Tasks do nothing if their rows are gone. A task that runs twice sends its e-mail twice."""

from typing import Any

from django.utils.translation import gettext_lazy

from hackathon.base.core.mail import compose, in_french
from hackathon.base.core.mail_tasks import mail_task
from judging.models import Juror
from submissions.models import Seal
from submissions.seals.emails import seal_mail


@mail_task(gettext_lazy("Invitation d’un juré"), max_retries=6)
def invite_juror(juror_pk: int, sign_in_url: str) -> None:
    juror = Juror.objects.select_related("user", "department__edition").filter(pk=juror_pk).first()
    if juror is None:
        return
    subject = gettext_lazy("Vous êtes du jury « {department} » · {edition}")
    mail_juror(juror, subject, "judging/setup/email/invitation", sign_in_url=sign_in_url)


@mail_task(gettext_lazy("Rappel à un juré"), max_retries=6)
def remind_juror(juror_pk: int, left: int, list_url: str) -> None:
    """`left`: how many sheets."""
    if juror := seated_juror(juror_pk):
        subject = gettext_lazy("Jury {department} : fiches à terminer")
        template = "judging/deliberation/email/reminder"
        mail_juror(juror, subject, template, left=left, list_url=list_url)


def seated_juror(juror_pk: int) -> Juror | None:
    seats = Juror.objects.seated().select_related("user", "department__edition")
    return seats.filter(pk=juror_pk).first()


def mail_juror(juror: Juror, subject: Any, template: str, **context: Any) -> None:
    """In French: a task does not know the language of the reader."""
    edition = juror.department.edition
    with in_french(edition.zone):
        text = str(subject).format(department=juror.department.name, edition=edition.name)
        context |= {"juror": juror, "edition": edition}
        message = compose(text, template, context, to=juror.user.email)
    message.send()


@mail_task(gettext_lazy("Scellé, pour le jury"), max_retries=6)
def mail_seal(seal_pk: int, juror_pk: int) -> None:
    juror = Juror.objects.select_related("user").filter(pk=juror_pk).first()
    seals = Seal.objects.select_related("edition", "department")
    seal = seals.filter(pk=seal_pk, department=juror.department_id).first() if juror else None
    if juror is not None and seal is not None:
        seal_mail(seal, to=juror.user).send()
