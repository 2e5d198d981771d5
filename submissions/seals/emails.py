"""A seal by mail: whoever keeps the message can tell later whether the seal was replaced."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hackathon.accounts.models import User
from hackathon.core.formats import clock_seconds
from submissions.models import Seal
from submissions.seals import rules


def send(seal: Seal, to: User) -> None:
    """Mail a seal, over all or of one department, with its whole digest.

    Always in French: it leaves from a background thread, before its reader chose a language.
    """
    edition, department = seal.edition, seal.department
    counts = seal.manifest if department is None else rules.counts_of(seal.manifest)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(edition.zone):
        subject = _("Scellé de {time} · {what} · {edition}").format(
            time=clock_seconds(seal.as_of),
            what=department.name if department else _("tous les départements"),
            edition=edition.name,
        )
        body = render_to_string(
            "submissions/email/seal.txt",
            {
                "name": to.display_name,
                "seal": seal,
                "teams": counts["teams"],
                "deposits": counts["deposits"],
                "departments": [] if department else seal.manifest["departments"],
                "edition": edition,
                "url": settings.SITE_URL + reverse("submissions:public-seals"),
            },
        )
    send_mail(subject, body, None, [to.email])
