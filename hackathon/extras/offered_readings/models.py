from django.db import models
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department


class Offering(models.Model):
    """A jury whose jurors, when they have finished, are offered one more reading."""

    department = models.OneToOneField(
        Department, on_delete=models.CASCADE, related_name="+", verbose_name=_("département")
    )

    class Meta:
        db_table = "judging_offering"
        verbose_name = _("jury qui propose des lectures")
        verbose_name_plural = _("jurys qui proposent des lectures")

    def __str__(self) -> str:
        return str(self.department_id)
