from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hackathon.base.core import markdown
from hackathon.base.live.audiences import EVERYONE, team_audience
from hackathon.event.editions.models import Edition
from teams.models import Team

ANNOUNCEMENT_MAX_CHARS = 4000
SEVERAL_TEAMS = "teams"  # as `audience`: those of `Announcement.teams`


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Only organizers may read announcements that are not in `published`."""

    def published(self, at: datetime) -> "AnnouncementQuerySet":
        return self.filter(published_at__lte=at, withdrawn_at=None)

    def pending(self, at: datetime) -> "AnnouncementQuerySet":
        return self.filter(published_at__gt=at, pushed_at=None, withdrawn_at=None)

    def unpushed(self, at: datetime) -> "AnnouncementQuerySet":
        """Published, but not sent to open pages yet."""
        return self.filter(published_at__lte=at, pushed_at=None, withdrawn_at=None)

    def mails_due(self, at: datetime) -> "AnnouncementQuerySet":
        return self.filter(mails_at__lte=at, withdrawn_at=None)


class Announcement(models.Model):
    """Only organizers see it before `published_at`. `pushed_at`: when it was sent to open pages.
    `mails_at`: until when its e-mails wait; null: none waits.
    """

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="announcements", verbose_name=_("édition")
    )
    audience = models.CharField(_("à qui"), max_length=40)
    audience_label = models.CharField(_("à qui, en mots"), max_length=120)
    teams = models.ManyToManyField(Team, related_name="+", blank=True, verbose_name=_("équipes"))
    body = models.TextField(_("message (Markdown)"), max_length=ANNOUNCEMENT_MAX_CHARS)
    pinned = models.BooleanField(_("épinglée"), default=False)
    by_mail = models.BooleanField(_("aussi par e-mail"), default=False)
    published_at = models.DateTimeField(_("parution"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("par")
    )
    pushed_at = models.DateTimeField(_("dite sur les pages"), null=True, blank=True)
    mails_at = models.DateTimeField(_("départ des e-mails"), null=True, blank=True)
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
                condition=Q(pushed_at=None, withdrawn_at=None),
                name="announcement_unpushed",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(pushed_at=None) | Q(pushed_at__gte=F("published_at")),
                name="announcement_not_pushed_early",
            ),
            models.CheckConstraint(
                condition=Q(revision=0, corrected_at=None)
                | Q(revision__gt=0, corrected_at__isnull=False),
                name="announcement_corrected_has_instant",
            ),
        ]

    @property
    def label(self) -> str:
        if self.audience == EVERYONE:
            return str(_("Tout le monde"))
        number, _space, _teams = self.audience_label.partition(" ")
        if self.audience == SEVERAL_TEAMS and number.isdecimal():  # in the language of its author
            return ngettext("%(n)s équipe", "%(n)s équipes", int(number)) % {"n": number}
        return self.audience_label

    @property
    def audiences(self) -> list[str]:
        """Of `live.audiences`. One query for several teams."""
        if self.audience != SEVERAL_TEAMS:
            return [self.audience]
        return [team_audience(pk) for pk in self.teams.values_list("pk", flat=True)]

    @property
    def html(self) -> SafeString:
        return markdown.render(self.body)

    @property
    def stamp(self) -> str:
        """The id of this revision, for `ReadMark`."""
        return f"a{self.pk}-{self.revision}"

    def __str__(self) -> str:
        return f"{self.audience_label} {self.published_at:%H:%M}"


class ReadMark(models.Model):
    """The user has read one text: of an announcement, an answer, a publication or a brief."""

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
    """Committed before the e-mail is sent, so that two workers never send the same one."""

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
    """Confirmations by pages of one web process. `in_a_minute` includes `in_five_seconds`."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="reach")
    process = models.CharField(max_length=32)
    in_five_seconds = models.PositiveIntegerField(default=0)
    in_a_minute = models.PositiveIntegerField(default=0)
    # Primary keys of the teams one of whose pages confirmed it, whenever.
    teams = models.JSONField(default=list)

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
