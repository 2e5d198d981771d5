from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Edition
from hackathon.event.imports.enums import ImportKind


class Import(models.Model):
    """A file that was uploaded, and what came of it."""

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="imports", verbose_name=_("édition")
    )
    kind = models.CharField(_("contenu"), max_length=10, choices=ImportKind)
    filename = models.CharField(_("fichier"), max_length=255, blank=True)
    content = models.BinaryField(null=True)  # its cells until it is applied: see `drafts`
    # How the file is read: sheet, mapping, department, answers.
    options = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("par"),
    )
    uploaded_at = models.DateTimeField(_("envoyé"))
    applied_at = models.DateTimeField(_("appliqué"), null=True)
    counts = models.JSONField(default=dict)
    # What an undo needs: see `undo.Record`.
    record = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField(_("annulé"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("importation")
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(applied_at__isnull=False),
                name="import_undone_was_applied",
            ),
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(content__isnull=True),
                name="import_applied_keeps_no_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class ColumnMapping(models.Model):
    """A column that an organizer mapped by hand, for the next file with this title."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="column_mappings")
    kind = models.CharField(max_length=10, choices=ImportKind)
    title = models.CharField(max_length=120)  # see `headers.normal`
    field = models.CharField(max_length=12)  # one of `Field`

    class Meta:
        verbose_name = _("colonne reconnue")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind", "title"], name="column_mapping_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} → {self.field}"
