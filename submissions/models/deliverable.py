from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department
from submissions.enums import DeliverableKind

MEGABYTE = 1_000_000
TEXT_MAX_CHARS = 20_000


class Deliverable(models.Model):
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="deliverables",
        verbose_name=_("département"),
    )
    name = models.CharField(_("nom"), max_length=120)
    description = models.TextField(_("précisions"), blank=True)
    kind = models.CharField(_("nature"), max_length=4, choices=DeliverableKind)
    formats = models.JSONField(_("formats acceptés"), default=list, blank=True)
    max_bytes = models.PositiveBigIntegerField(
        _("taille maximale (octets)"), default=100 * MEGABYTE, validators=[MinValueValidator(1)]
    )
    required = models.BooleanField(_("obligatoire"), default=True)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    # Null: when the edition opens, and the edition's deadline.
    opens_at = models.DateTimeField(_("ouverture"), null=True, blank=True)
    due_at = models.DateTimeField(_("heure limite"), null=True, blank=True)
    # Without a deadline of its own a deliverable has the edition's grace, whatever this says.
    has_grace = models.BooleanField(_("avec la marge de l’édition"), default=True)
    is_deck = models.BooleanField(_("à projeter"), default=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("livrable")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(due_at=None) | Q(due_at__gt=F("opens_at")),
                name="deliverable_opens_before_due",
            ),
            models.UniqueConstraint(
                fields=["department"], condition=Q(is_deck=True), name="deliverable_one_deck"
            ),
        ]

    def __str__(self) -> str:
        return self.name
