from django.db import models
from django.utils.translation import gettext_lazy as _

from hackathon.event.appearance.enums import PictureKind
from hackathon.event.editions.models import Edition


class Picture(models.Model):
    """A PNG that we drew (`drawing`). In the database: backups, copies and clones have it."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="pictures")
    kind = models.CharField(max_length=10, choices=PictureKind)
    digest = models.CharField(max_length=16, db_index=True)  # of the content, in addresses
    content = models.BinaryField()

    class Meta:
        verbose_name = _("image")
        constraints = [
            models.UniqueConstraint("edition", "kind", name="picture_one_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(kind__in=PictureKind.values), name="picture_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest}"
