"""Decision 44: what is stored of a secret vote. No row has an instant, and none both a voter and a
team.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from judging.models import Favourite


class Tally(models.Model):
    """While the vote can take votes; deleted as it is closed.

    One row for all teams: of one for each team, the place in the table, or the transaction that
    wrote it last, would tell for whom the last voter was.
    """

    favourite = models.OneToOneField(Favourite, on_delete=models.CASCADE, related_name="tally")
    votes = models.JSONField(default=dict)  # by id of the team

    class Meta:
        verbose_name = _("voix du coup de cœur")

    def __str__(self) -> str:
        return str(self.favourite_id)  # not the votes: this is written to logs and error pages


class HasVoted(models.Model):
    """Deleted as the vote is closed. `voter` is an HMAC of the account or badge, with the secret
    key of the site: without the key the row does not say who it is.
    """

    voter = models.CharField(max_length=64, primary_key=True)
    favourite = models.ForeignKey(Favourite, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("personne qui a voté")

    def __str__(self) -> str:
        return str(self.favourite_id)


class HallBadge(models.Model):
    """A printed code for a person without an account. Whose it is, nothing says."""

    favourite = models.ForeignKey(Favourite, on_delete=models.CASCADE, related_name="badges")
    number = models.PositiveIntegerField(_("numéro"))
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of its code
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("badge de la salle")
        constraints = [
            models.UniqueConstraint(fields=["favourite", "number"], name="hallbadge_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.favourite_id} {self.number}"
