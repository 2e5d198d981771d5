from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.codes import spoken_code
from submissions.enums import Health
from submissions.models.deliverable import Deliverable
from submissions.storage import deposits_storage
from teams.models import Team


def previews_storage() -> Storage:
    return storages["previews"]


class Submission(models.Model):
    """Never changed and never deleted. Links and texts are measured as UTF-8 bytes."""

    deliverable = models.ForeignKey(
        Deliverable,
        on_delete=models.PROTECT,
        related_name="submissions",
        verbose_name=_("livrable"),
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("équipe")
    )
    version = models.PositiveIntegerField(_("version"))
    # The punctuality is computed from these two instants.
    begun_at = models.DateTimeField(_("début de l’envoi"))
    # When the last byte was durable.
    received_at = models.DateTimeField(_("réception"), db_index=True)
    # When the server knew the digest and size of these bytes before they came (`hand_ins.Claim`).
    announced_at = models.DateTimeField(
        _("compte à"), null=True, editable=False, db_column="promised_at"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("déposé par"),
    )
    size = models.PositiveBigIntegerField(_("taille (octets)"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    file = models.FileField(_("fichier"), storage=deposits_storage, max_length=100, blank=True)
    filename = models.CharField(_("nom du fichier"), max_length=255, blank=True)
    content_type = models.CharField(_("type de contenu"), max_length=120, blank=True)
    url = models.URLField(_("adresse"), max_length=2000, blank=True)
    text = models.TextField(_("texte"), blank=True)
    # Why the organizer `submitted_by` entered it for the team; empty: the team handed it in.
    entry_reason = models.CharField(_("raison"), max_length=300, blank=True)

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
            models.CheckConstraint(
                condition=Q(announced_at=None) | Q(received_at__gte=models.F("announced_at")),
                name="submission_promised_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id}/{self.deliverable_id} v{self.version}"

    @property
    def is_broken(self) -> bool:
        """Needs `select_related("inspection")`."""
        inspection = getattr(self, "inspection", None)
        return inspection is not None and inspection.health == Health.BROKEN

    @property
    def is_opened(self) -> bool:
        """By its inspection, which has ended. Needs `select_related("inspection")`."""
        inspection = getattr(self, "inspection", None)
        return inspection is not None and inspection.health not in (Health.PENDING, Health.BROKEN)


class Receipt(models.Model):
    """`signature` covers the submission, so that a change in the database is detected."""

    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, related_name="receipt", verbose_name=_("dépôt")
    )
    code = models.CharField(_("code"), max_length=16, unique=True)
    signature = models.CharField(_("signature"), max_length=64)
    # When the mails to all recipients had been sent.
    mailed_at = models.DateTimeField(_("envoyé par e-mail"), null=True, editable=False)
    # When it was put into the digest of the members who get no mail of their own.
    digested_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("reçu d’un dépôt")
        verbose_name_plural = _("reçus des dépôts")

    def __str__(self) -> str:
        return self.code

    @property
    def spoken_code(self) -> str:
        """« K7QM2-XRD4P »"""
        return spoken_code(self.code)


class Inspection(models.Model):
    """It helps the team, and no rule depends on it."""

    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, related_name="inspection"
    )
    health = models.CharField(max_length=8, choices=Health, default=Health.PENDING)
    findings = models.JSONField(default=list)  # of {"code": …, …}
    facts = models.JSONField(default=dict)  # type, pages, width, height, seconds, entries, plays
    thumbnail = models.FileField(storage=previews_storage, max_length=100, blank=True)
    # Of an archive: what the jury sees of it, as JSON. In a file, because lists read all rows.
    contents = models.FileField(storage=previews_storage, max_length=100, blank=True)
    inspected_at = models.DateTimeField(null=True)
    # Of a video that not every browser plays: H.264, 480 lines. The submission stays what counts.
    reading_copy = models.FileField(storage=previews_storage, max_length=100, blank=True)
    reading_copy_bytes = models.PositiveBigIntegerField(default=0)
    copied_at = models.DateTimeField(null=True)  # also when it could not be made

    class Meta:
        verbose_name = _("vérification")

    def __str__(self) -> str:
        return f"{self.submission_id} {self.health}"
