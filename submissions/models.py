"""What is asked, what was received, and who was given more time."""

import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.editions.models import Department
from submissions.enums import Kind
from teams.models import Team

MEGABYTE = 1_000_000
TEXT_MAX_CHARS = 20_000


class Deliverable(models.Model):
    """One thing that a department's teams must hand in."""

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="deliverables"
    )
    name = models.CharField(_("nom"), max_length=120)
    description = models.TextField(_("précisions"), blank=True)
    kind = models.CharField(_("nature"), max_length=4, choices=Kind)
    formats = models.JSONField(_("formats acceptés"), default=list, blank=True)
    max_bytes = models.PositiveBigIntegerField(
        _("taille maximale (octets)"), default=100 * MEGABYTE, validators=[MinValueValidator(1)]
    )
    required = models.BooleanField(_("obligatoire"), default=True)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("livrable")

    def __str__(self) -> str:
        return self.name


def deposits_storage() -> Storage:
    """Where received files live; a setting, hence looked up when used."""
    return storages["deposits"]


def deposit_key(instance: "Submission", filename: str) -> str:
    """An opaque storage key: nothing a student typed becomes a path."""
    key = uuid.uuid4().hex
    return f"{key[:2]}/{key}"


class Submission(models.Model):
    """One received version of one deliverable. Never changed, never deleted by the program.

    `begun_at` is when the transfer began, `received_at` when its last byte was durably stored; the
    mark (on time, in grace, late) and which version counts are computed from them (`rules`).
    For a link or a text, `size` and `sha256` are those of its UTF-8 bytes.
    """

    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.PROTECT, related_name="submissions"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveIntegerField()
    begun_at = models.DateTimeField()
    received_at = models.DateTimeField(db_index=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(
        storage=deposits_storage, upload_to=deposit_key, max_length=100, blank=True
    )
    filename = models.CharField(max_length=255, blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["-version"]
        verbose_name = _("dépôt")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "deliverable", "version"], name="submission_version_once"
            ),
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(url="") & Q(text=""))
                | (Q(file="") & Q(url="") & ~Q(text=""))
                | (~Q(file="") & ~Q(filename="") & Q(url="") & Q(text="")),
                name="submission_one_content",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="submission_version_from_one"),
            models.CheckConstraint(
                condition=Q(received_at__gte=models.F("begun_at")), name="submission_begun_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id}/{self.deliverable_id} v{self.version}"


class Extension(models.Model):
    """A delay granted to one team or one department. It adds to the deadline, wherever that moves.

    A mistaken one is revoked, not deleted: the jury can read who had what.
    """

    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="extensions"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="extensions"
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(24 * 60)]
    )
    reason = models.CharField(_("raison"), max_length=300)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-granted_at"]
        verbose_name = _("délai accordé")
        verbose_name_plural = _("délais accordés")
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=True) ^ Q(department__isnull=True),
                name="extension_one_target",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="extension_adds_time"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="extension_revoked_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"+{self.minutes} min"

    @property
    def concerned(self) -> Department:
        """The department it is for, or the one of the team it is for."""
        # One of the two is set: `extension_one_target`.
        return self.team.department if self.team else self.department  # type: ignore[return-value]
