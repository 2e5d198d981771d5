"""Decision 44: what is stored of a secret vote. No row has an instant, and none both a voter and a
team. `Tally` and `HasVoted` are unlogged tables of PostgreSQL: in no WAL, and so on no second
server. After a crash both are empty, and everybody votes again.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Edition
from teams.models import Team


class Favourite(models.Model):
    """The prize that the hall gives by a secret vote; no row: there is none."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="favourite")
    title = models.CharField(_("nom du prix"), max_length=80)
    # Without presentations the vote is about all teams.
    only_presented = models.BooleanField(_("équipes passées sur scène"), default=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    candidates = models.JSONField(default=list)  # ids of teams, as the vote opened
    closed_at = models.DateTimeField(null=True, blank=True)
    voters = models.PositiveIntegerField(default=0)  # once it is closed
    # Secret until the ceremony shows them, or the results are published.
    winners = models.ManyToManyField(Team, related_name="+")

    class Meta:
        db_table = "judging_favourite"  # where it was, so that no row had to move
        verbose_name = _("coup de cœur")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(opened_at__isnull=False),
                name="favourite_closed_after_it_opened",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None

    def shown_winners(self) -> list[Team]:
        """By name; none before it is closed. For their step, and once the results are public."""
        return list(self.winners.order_by("name")) if self.closed_at else []


class Tally(models.Model):
    """From the first vote on; deleted as the vote is closed.

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
