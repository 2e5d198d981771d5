from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core.formats import clock_seconds
from hackathon.base.core.mail import compose, in_french
from submissions.models import Seal
from submissions.seals import rules


def seal_mail(seal: Seal, *, to: User) -> EmailMessage:
    edition, department = seal.edition, seal.department
    # A seal of all departments has its totals; one of a department lists teams, to be counted.
    counts = seal.manifest if department is None else rules.counts_of(seal.manifest)
    with in_french(edition.zone):
        whose = department.name if department else _("tous les départements")
        subject = _("Scellé de {time} · {what} · {edition}").format(
            time=clock_seconds(seal.as_of),
            what=f"{seal.subject} · {whose}" if seal.subject else whose,
            edition=edition.name,
        )
        context = {
            "name": to.display_name,
            "seal": seal,
            "teams": counts["teams"],
            "deposits": counts["deposits"],
            "departments": [] if department else seal.manifest["departments"],
            "edition": edition,
            "url": settings.SITE_URL + reverse("submissions:public-seals"),
        }
        return compose(subject, "submissions/seals/email/seal", context, to=to.email)
