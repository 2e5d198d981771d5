from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Edition
from hackathon.extras.witness.enums import Subject


class Stamp(models.Model):
    """A time stamp (RFC 3161) of `authority`, an address, on the 64 characters of `digest`.

    `response` is the answer of the authority, null until one was verified; `stamped_at` is then
    the instant in it, by the clock of the authority. `next_at`: when it is asked again.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="stamps")
    subject = models.CharField(_("objet"), max_length=8, choices=Subject)
    digest = models.CharField(_("empreinte"), max_length=64)
    authority = models.CharField(_("autorité"), max_length=300)
    attempts = models.PositiveIntegerField(_("essais"), default=0)
    next_at = models.DateTimeField(_("prochain essai"), null=True)
    error = models.CharField(_("dernière erreur"), max_length=120, blank=True)
    response = models.BinaryField(_("jeton"), null=True)
    stamped_at = models.DateTimeField(_("horodaté"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("horodatage")
        verbose_name_plural = _("horodatages")
        constraints = [
            models.UniqueConstraint(fields=["digest", "authority"], name="stamp_once"),
            models.CheckConstraint(
                condition=Q(response=None, stamped_at=None, next_at__isnull=False)
                | Q(response__isnull=False, stamped_at__isnull=False, next_at=None),
                name="stamp_granted_or_awaited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.host}"

    @property
    def host(self) -> str:
        return self.authority.partition("://")[2].partition("/")[0]
