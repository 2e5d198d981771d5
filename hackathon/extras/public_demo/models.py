from django.db import models
from django.db.models import Q


class PublicDemo(models.Model):
    """What the site shows while it is a public demonstration. One row, which survives each reset.

    `edition_pk`, `made_at`: the edition that was made last. `resetting_at`: since when a reset
    waits or runs. `moment`: the `DemoPhase` of the edition.
    """

    edition_pk = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(null=True)
    resetting_at = models.DateTimeField(null=True)
    moment = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="public_demo_only_one")]

    def __str__(self) -> str:
        return f"{self.moment} {self.made_at}"
