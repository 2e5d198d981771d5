"""Background work of the juries. Ids in; quiet when what they name is gone."""

from smtplib import SMTPException

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from judging.models import Juror
from submissions.models import Seal
from submissions.seals import emails as seal_mail


@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=5, retry_backoff_max=60, max_retries=4
)
def invite_juror(juror_pk: int, sign_in_url: str) -> None:
    """Tell somebody that they sit in a jury and how to come in. Run twice, it is mailed twice.

    Always in French: the mail leaves from a background thread, before its reader chose a language.
    """
    juror = Juror.objects.select_related("user", "department__edition").filter(pk=juror_pk).first()
    if juror is None:
        return
    edition = juror.department.edition
    with translation.override(settings.LANGUAGE_CODE), timezone.override(edition.zone):
        subject = _("Vous êtes du jury « {department} » · {edition}").format(
            department=juror.department.name, edition=edition.name
        )
        body = render_to_string(
            "judging/email/invitation.txt",
            {"juror": juror, "edition": edition, "sign_in_url": sign_in_url},
        )
    send_mail(subject, body, None, [juror.user.email])


@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=5, retry_backoff_max=60, max_retries=4
)
def mail_seal(seal_pk: int, juror_pk: int) -> None:
    """Send the seal of their department to a juror. Run twice, it is mailed twice."""
    juror = Juror.objects.select_related("user").filter(pk=juror_pk).first()
    seals = Seal.objects.select_related("edition", "department")
    seal = seals.filter(pk=seal_pk, department=juror.department_id).first() if juror else None
    if juror is not None and seal is not None:
        seal_mail.send(seal, juror.user)
