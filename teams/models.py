"""Teams and who is in them."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hackathon.editions.models import Department, Edition

# Without the letters and digits that are mistaken for one another when read aloud.
JOIN_CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
JOIN_CODE_LENGTH = 6


def new_join_code() -> str:
    """A code that can be read out across a room and not be guessed (30 bits)."""
    return "".join(secrets.choice(JOIN_CODE_ALPHABET) for _ in range(JOIN_CODE_LENGTH))


class Team(models.Model):
    """A team: one window of the building, on its floor, in its room."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="teams")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(_("nom de l’équipe"), max_length=60)
    room = models.CharField(_("salle"), max_length=20, blank=True)
    floor = models.SmallIntegerField(_("étage"), null=True, blank=True)
    project = models.CharField(_("titre du projet"), max_length=160, blank=True)
    join_code = models.CharField(max_length=12, unique=True, default=new_join_code, editable=False)
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        verbose_name = _("équipe")
        constraints = [
            models.UniqueConstraint("edition", Lower("name"), name="team_name_in_edition"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def spoken_code(self) -> str:
        """The join code in two halves, as it is shown and read out: « KX4-P9T »."""
        half = len(self.join_code) // 2
        return f"{self.join_code[:half]}-{self.join_code[half:]}"


class Membership(models.Model):
    """A student's place in a team. One team per student and edition; one captain per team."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    is_captain = models.BooleanField(_("capitaine"), default=False)
    joined_at = models.DateTimeField()

    class Meta:
        ordering = ["-is_captain", "joined_at"]
        verbose_name = _("membre")
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="membership_one_per_edition"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(is_captain=True), name="membership_one_captain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.team_id}"
