from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core.mail import compose, in_french
from hackathon.day.announcements.models import Announcement


def announcement_mail(announcement: Announcement, *, to: User) -> EmailMessage:
    edition = announcement.edition
    with in_french(edition.zone):
        kind = _("Annonce corrigée") if announcement.revision else _("Annonce")
        context = {
            "announcement": announcement,
            "edition": edition,
            "reader": to,
            "address": settings.SITE_URL + reverse("announcements:list"),
        }
        return compose(
            f"{kind} · {announcement.label} · {edition.name}",
            "announcements/email/announcement",
            context,
            to=to.email,
            html=True,
        )
