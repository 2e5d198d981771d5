"""Mail of the site as a whole. Always in French: it leaves before its reader chose a language."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hackathon.accounts.models import User
from hackathon.announcements.models import Announcement


def announcement_mail(announcement: Announcement, *, to: User) -> EmailMultiAlternatives:
    """The copy of one person; nobody else's address is in it."""
    edition = announcement.edition
    with translation.override(settings.LANGUAGE_CODE), timezone.override(edition.zone):
        subject = _("Annonce corrigée") if announcement.revision else _("Annonce")
        context = {
            "announcement": announcement,
            "edition": edition,
            "reader": to,
            "address": settings.SITE_URL + reverse("announcements:list"),
        }
        text = render_to_string("announcements/email/announcement.txt", context)
        html = render_to_string("announcements/email/announcement.html", context)
    mail = EmailMultiAlternatives(
        " ".join(f"{subject} · {announcement.label} · {edition.name}".split()),
        text.strip() + "\n",
        to=[to.email],
    )
    mail.extra_headers["Auto-Submitted"] = "auto-generated"  # no out-of-office in return
    mail.attach_alternative(html, "text/html")
    return mail
