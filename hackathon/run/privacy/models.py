from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Edition

ANSWER_LENGTH = 1000


class ErasureRequest(models.Model):
    """Of a person who can't delete their account alone yet. With an `answer`: it was refused."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="erasure_requests",
        verbose_name=_("personne"),
    )
    asked_at = models.DateTimeField(_("demandé le"))
    settled_at = models.DateTimeField(_("réglé le"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("réglé par"),
    )
    answer = models.CharField(_("votre réponse"), max_length=ANSWER_LENGTH, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("demande d’effacement")
        verbose_name_plural = _("demandes d’effacement")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(settled_at=None), name="erasure_one_open_request"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, answer="")
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="erasure_settled_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.asked_at:%Y-%m-%d}"


class Anonymisation(models.Model):
    """Of an edition whose organizers chose a date, or which is anonymised already."""

    edition = models.OneToOneField(
        Edition, on_delete=models.CASCADE, related_name="anonymisation", verbose_name=_("édition")
    )
    # None: `rules.usual_date`.
    due_at = models.DateTimeField(_("à partir du"), null=True, blank=True)
    with_pictures = models.BooleanField(_("avec les aperçus des travaux"), default=False)
    done_at = models.DateTimeField(null=True, editable=False)
    # Rows that it changed, by the code of their subject.
    counts = models.JSONField(default=dict, editable=False)
    # Files that no row names any more, as [field, name]. They are deleted by `cleaned_at`.
    files = models.JSONField(default=list, editable=False)
    cleaned_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("anonymisation")

    def __str__(self) -> str:
        return str(self.edition_id)
