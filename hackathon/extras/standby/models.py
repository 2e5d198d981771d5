from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Standby(models.Model):
    """Which of the two servers serves, and what is on both. One row, replicated with the rest.

    `server`: the `CCD_SERVER_NAME` of the one that serves; empty: there was never a second one.
    `epoch`: how often it has changed. `strict`: a deposit is acknowledged once it is on both.
    `files_until`, `database_until`: what was stored before this instant is on both.
    """

    server = models.CharField(_("serveur"), max_length=60, blank=True)
    epoch = models.PositiveIntegerField(_("époque"), default=0)
    strict = models.BooleanField(_("strict"), default=False)
    files_until = models.DateTimeField(_("fichiers copiés jusqu’à"), null=True, blank=True)
    database_until = models.DateTimeField(_("base copiée jusqu’à"), null=True, blank=True)

    class Meta:
        verbose_name = _("second serveur")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="standby_only_one")]

    def __str__(self) -> str:
        return f"{self.server} {self.epoch}"
