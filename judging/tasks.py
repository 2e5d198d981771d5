"""Tasks do nothing if their rows are gone. A task that runs twice sends its e-mail twice."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.core.mail import compose, in_french
from hackathon.core.mail_tasks import mail_task
from judging.models import Juror
from submissions.models import Seal
from submissions.seals.emails import seal_mail


@mail_task(gettext_lazy("Invitation d’un juré"), max_retries=6)
def invite_juror(juror_pk: int, sign_in_url: str) -> None:
    """In French: a task does not know the language of the reader."""
    juror = Juror.objects.select_related("user", "department__edition").filter(pk=juror_pk).first()
    if juror is None:
        return
    edition = juror.department.edition
    with in_french(edition.zone):
        subject = _("Vous êtes du jury « {department} » · {edition}").format(
            department=juror.department.name, edition=edition.name
        )
        context = {"juror": juror, "edition": edition, "sign_in_url": sign_in_url}
        message = compose(subject, "judging/setup/email/invitation", context, to=juror.user.email)
    message.send()


@mail_task(gettext_lazy("Rappel à un juré"), max_retries=6)
def remind_juror(juror_pk: int, left: int, list_url: str) -> None:
    """`left`: how many sheets. In French, as invitations."""
    seats = Juror.objects.seated().select_related("user", "department__edition")
    juror = seats.filter(pk=juror_pk).first()
    if juror is None:
        return
    with in_french(juror.department.edition.zone):
        subject = _("Jury {department} : fiches à terminer").format(
            department=juror.department.name
        )
        context = {"juror": juror, "left": left, "list_url": list_url}
        message = compose(
            subject, "judging/deliberation/email/reminder", context, to=juror.user.email
        )
    message.send()


@mail_task(gettext_lazy("Scellé, pour le jury"), max_retries=6)
def mail_seal(seal_pk: int, juror_pk: int) -> None:
    juror = Juror.objects.select_related("user").filter(pk=juror_pk).first()
    seals = Seal.objects.select_related("edition", "department")
    seal = seals.filter(pk=seal_pk, department=juror.department_id).first() if juror else None
    if juror is not None and seal is not None:
        seal_mail(seal, to=juror.user).send()
