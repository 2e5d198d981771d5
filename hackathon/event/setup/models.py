from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SetupCode(models.Model):
    """Proves once that somebody may set up this installation. `digest` is that of the code."""

    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("code d’installation")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="setup_code_only_one")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M:%S}"
