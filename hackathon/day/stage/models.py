import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department, Edition


class ScreenChoice(models.Model):
    """The row of a department has priority over the row without one. No row means `Scene.AUTO`, and
    so does a scene of an extra that is off or not installed.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="screen_choices")
    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    scene = models.CharField(_("scène"), max_length=15)
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = [F("department").asc(nulls_first=True)]
        verbose_name = _("scène de l’écran")
        verbose_name_plural = _("scènes des écrans")
        constraints = [
            models.UniqueConstraint(
                fields=["edition"], condition=Q(department=None), name="screenchoice_one_for_all"
            ),
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(department__isnull=False),
                name="screenchoice_one_a_department",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.department_id or 'all'} {self.scene}"


KEY_BYTES = 24


def new_key() -> str:
    """For an address that nobody can guess."""
    return secrets.token_urlsafe(KEY_BYTES)


class Projector(models.Model):
    """A computer in an amphitheatre. Who has `key` is this projector, and `ready_key` gives no
    other right than to say that the room is ready.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="projectors")
    name = models.CharField(_("nom"), max_length=60)
    room = models.CharField(_("salle"), max_length=60, blank=True)
    key = models.CharField(max_length=43, unique=True, default=new_key, editable=False)
    ready_key = models.CharField(max_length=43, unique=True, default=new_key, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # What an extra knows of it: of its room, and what its page has reported last.
    ready_at = models.DateTimeField(null=True, editable=False)
    reported_at = models.DateTimeField(null=True, editable=False)
    package = models.UUIDField(null=True, editable=False)  # that it has whole
    has_key = models.BooleanField(default=False, editable=False)
    clock_error_ms = models.PositiveIntegerField(null=True, editable=False)
    known_instant = models.DateTimeField(null=True, editable=False)
    # What its page says every minute: whether its browser has muted its last film, and how many of
    # the decks that nominees may show it has, of how many.
    said_at = models.DateTimeField(null=True, editable=False)
    is_muted = models.BooleanField(default=False, editable=False)
    decks_stored = models.PositiveSmallIntegerField(null=True, editable=False)
    decks_wanted = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("projecteur")
        constraints = [
            models.UniqueConstraint(fields=["edition", "name"], name="projector_name_in_edition")
        ]

    def __str__(self) -> str:
        return self.name
