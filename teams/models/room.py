from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Edition
from teams.models.team import Team

PLACES_MAX = 2000


class Room(models.Model):
    """What organizers may fill. A team names its room by text, which may be of no `Room`."""

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="rooms", verbose_name=_("édition")
    )
    name = models.CharField(_("salle"), max_length=Team._meta.get_field("room").max_length)
    floor = models.SmallIntegerField(_("étage"), null=True, blank=True)
    places = models.PositiveSmallIntegerField(
        _("places"), validators=[MinValueValidator(1), MaxValueValidator(PLACES_MAX)]
    )
    position = models.PositiveSmallIntegerField(_("ordre"))

    class Meta:
        ordering = ["position"]
        verbose_name = _("salle")
        constraints = [
            models.UniqueConstraint("edition", Lower("name"), name="room_name_in_edition"),
            models.CheckConstraint(
                condition=models.Q(places__range=(1, PLACES_MAX)), name="room_has_places"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Placement(models.Model):
    """Teams that got a room at once, so that it can be undone.

    `changes`: for each team `{"team", "name", "before": [room, floor], "after": [room, floor]}`.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="placements")
    at = models.DateTimeField()
    changes = models.JSONField()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("placement")

    def __str__(self) -> str:
        return f"{self.edition_id} {self.at}"
