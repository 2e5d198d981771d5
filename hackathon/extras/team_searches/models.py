from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department, Edition
from teams.models import Team

LINE_LENGTH = 140

SKILLS_LENGTH = 80


class Search(models.Model):
    """Of a person without a team who looks for one. Deleted when they join a team."""

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="searches", verbose_name=_("édition")
    )
    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, related_name="+", verbose_name=_("département")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="searches",
        verbose_name=_("personne"),
    )
    text = models.CharField(_("ce que je cherche"), max_length=LINE_LENGTH)
    skills = models.CharField(_("ce que je sais faire"), max_length=SKILLS_LENGTH, blank=True)
    written_at = models.DateTimeField(_("écrite"))

    class Meta:
        db_table = "teams_search"
        ordering = ["-written_at", "-pk"]
        verbose_name = _("recherche d’équipe")
        verbose_name_plural = _("recherches d’équipe")
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="search_once_per_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.department_id}"


class Wanted(models.Model):
    """Which members the captain of a team looks for."""

    team = models.OneToOneField(
        Team, on_delete=models.CASCADE, related_name="wanted", verbose_name=_("équipe")
    )
    text = models.CharField(_("qui nous cherchons"), max_length=LINE_LENGTH)
    written_at = models.DateTimeField(_("écrite"))

    class Meta:
        db_table = "teams_wanted"
        ordering = ["-written_at", "-pk"]
        verbose_name = _("membres cherchés")

    def __str__(self) -> str:
        return str(self.team_id)


class Invitation(models.Model):
    """Of a team to a person who looks for one. They join only by accepting it."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("équipe")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="invitations",
        verbose_name=_("personne"),
    )
    invited_at = models.DateTimeField(_("invitée"))
    # A refused invitation stays, so that the team does not repeat it.
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "teams_invitation"
        ordering = ["-invited_at", "-pk"]
        verbose_name = _("invitation")
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="invitation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} → {self.user_id}"
