"""What the organizers say, who has read it, and how far it went."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hackathon.core import live, markdown
from hackathon.editions.models import Edition

ANNOUNCEMENT_MAX_CHARS = 4000


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Reads of announcements. Nobody but organizers goes around `published`."""

    def published(self, at: datetime) -> "AnnouncementQuerySet":
        """Those whose instant has come, and which were not withdrawn."""
        return self.filter(published_at__lte=at, withdrawn_at=None)

    def pending(self, at: datetime) -> "AnnouncementQuerySet":
        """Those that wait for their instant."""
        return self.filter(published_at__gt=at, told_at=None, withdrawn_at=None)

    def untold(self, at: datetime) -> "AnnouncementQuerySet":
        """Those that pages show by the clock, and of which open pages have not been told."""
        return self.filter(published_at__lte=at, told_at=None, withdrawn_at=None)


class Announcement(models.Model):
    """A word from the organizers. `audience` is a name of `core.live`: everyone, a department…

    Before `published_at` it exists for the organizers only. `told_at` is when open pages were told:
    it decides nothing but whether they still have to be.
    """

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="announcements", verbose_name=_("édition")
    )
    audience = models.CharField(_("à qui"), max_length=40)
    audience_label = models.CharField(_("à qui, en mots"), max_length=120)
    body = models.TextField(_("message (Markdown)"), max_length=ANNOUNCEMENT_MAX_CHARS)
    pinned = models.BooleanField(_("épinglée"), default=False)
    by_mail = models.BooleanField(_("aussi par e-mail"), default=False)
    published_at = models.DateTimeField(_("parution"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("par")
    )
    told_at = models.DateTimeField(_("dite sur les pages"), null=True, blank=True)
    revision = models.PositiveSmallIntegerField(_("révision"), default=0)
    corrected_at = models.DateTimeField(_("corrigée"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("retirée"), null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        verbose_name = _("annonce")
        indexes = [
            models.Index(
                fields=["published_at"],
                condition=Q(told_at=None, withdrawn_at=None),
                name="announcement_untold",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(told_at__gte=F("published_at")),
                name="announcement_not_told_early",
            ),
            models.CheckConstraint(
                condition=Q(revision=0, corrected_at=None)
                | Q(revision__gt=0, corrected_at__isnull=False),
                name="announcement_corrected_has_instant",
            ),
        ]

    @property
    def label(self) -> str:
        """To whom, in words: everybody in the reader's language, others by their names."""
        return str(_("Tout le monde")) if self.audience == live.EVERYONE else self.audience_label

    @property
    def html(self) -> SafeString:
        """The body as sanitised HTML."""
        return markdown.render(self.body)

    @property
    def stamp(self) -> str:
        """What a `ReadMark` holds once this text was read; a corrected text has another one."""
        return f"a{self.pk}-{self.revision}"

    def __str__(self) -> str:
        return f"{self.audience_label} {self.published_at:%H:%M}"


class ReadMark(models.Model):
    """Somebody has read something: an announcement or an answer, in one wording (`stamp`)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="read_marks"
    )
    stamp = models.CharField(max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "stamp"], name="readmark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.stamp}"


class AnnouncementMail(models.Model):
    """The copy of one wording for one person. Its row is written before the mail leaves, so that
    two workers never send the same one.
    """

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="mails")
    revision = models.PositiveSmallIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "revision", "user"], name="announcementmail_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id}-{self.revision} → {self.user_id}"


class AnnouncementReach(models.Model):
    """On how many open pages of one process an announcement arrived, as those pages said.

    `in_five_seconds` is part of `in_a_minute`; later ones (laptops that wake up) are not counted.
    """

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="reach")
    process = models.CharField(max_length=32)
    in_five_seconds = models.PositiveIntegerField(default=0)
    in_a_minute = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "process"], name="announcementreach_once"
            ),
            models.CheckConstraint(
                condition=Q(in_five_seconds__lte=F("in_a_minute")),
                name="announcementreach_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} @ {self.process}"
