from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import DELETE, HELP, STAFF, Reader, registry
from hackathon.day.announcements.models import (
    Announcement,
    AnnouncementMail,
    AnnouncementReach,
    ReadMark,
)
from hackathon.event.editions.models import Brief, brief_stamp


def announcement_marks_in(edition: Any) -> QuerySet[ReadMark]:
    """Those of questions and publications are declared by their app."""
    revisions = Announcement.objects.filter(edition=edition).values_list("pk", "revision")
    stamps = [f"a{pk}-{n}" for pk, revision in revisions for n in range(revision + 1)]
    briefs = Brief.objects.filter(department__edition=edition).annotate(texts=Count("versions"))
    texts = briefs.values_list("pk", "texts")
    stamps += [brief_stamp(pk, n) for pk, newest in texts for n in range(newest + 1)]
    return ReadMark.objects.filter(stamp__in=stamps)


registry.declare(
    ReadMark,
    "user stamp",
    HELP,
    _("Quelles annonces et quel sujet vous avez lus"),
    edition=announcement_marks_in,
    readers=(Reader.YOU,),
)
registry.declare(
    AnnouncementMail,
    "user",
    HELP,
    _("Quelles annonces vous ont été envoyées par e-mail"),
    beside="claimed_at sent_at",
    edition="announcement__edition",
    readers=(Reader.ORGANIZERS,),
)
registry.declare(
    Announcement,
    "published_by body",
    STAFF,
    _("Les annonces que vous publiez"),
    beside="published_at",
    owner="published_by",
    anonymise=DELETE,
    because=_("Ceux à qui l’annonce s’adresse la lisent encore."),
    readers=(Reader.EVERYONE,),
)
registry.not_personal("a group, or teams by key", Announcement, only="audience audience_label")
registry.not_personal("a process, and teams by key", AnnouncementReach)
