from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department, Edition
from teams.enums import HELD_STATES, OPEN_STATES, HelpKind, HelpState
from teams.models.team import Team

# Of a call for help: both fit on a line of a telephone.
NOTE_LENGTH = 160

PLACE_LENGTH = 60


class Duty(models.Model):
    """Jurors answer calls without a row here: see `signals.duties_asked`."""

    edition = models.ForeignKey(
        Edition, on_delete=models.CASCADE, related_name="duties", verbose_name=_("édition")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duties",
        verbose_name=_("département"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="duties",
        verbose_name=_("personne"),
    )
    kind = models.CharField(_("répond comme"), max_length=10, choices=HelpKind)

    class Meta:
        ordering = ["user__name", "user__email", "kind"]
        verbose_name = _("personne qui aide")
        verbose_name_plural = _("personnes qui aident")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "user", "kind"], name="duty_once_per_department"
            ),
            models.UniqueConstraint(
                fields=["edition", "user", "kind"],
                condition=Q(department__isnull=True),
                name="duty_once_for_all",
            ),
            models.CheckConstraint(
                condition=~Q(kind=HelpKind.TECHNICAL) | Q(department__isnull=True),
                name="duty_technical_is_for_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} @ {self.department_id or 'tous'}"


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def open(self) -> "HelpRequestQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def of_queue(self, call: "HelpRequest") -> "HelpRequestQuerySet":
        """There is one queue for each kind and department, but only one for technical help."""
        waiting = self.filter(state=HelpState.WAITING, kind=call.kind)
        if call.kind == HelpKind.TECHNICAL:
            return waiting.filter(team__edition=call.team.edition_id)
        return waiting.filter(team__department=call.team.department_id)

    def before(self, call: "HelpRequest") -> "HelpRequestQuerySet":
        at = call.requested_at
        return self.filter(Q(requested_at__lt=at) | Q(requested_at=at, pk__lt=call.pk))

    def after(self, call: "HelpRequest") -> "HelpRequestQuerySet":
        at = call.requested_at
        return self.filter(Q(requested_at__gt=at) | Q(requested_at=at, pk__gt=call.pk))


class HelpRequest(models.Model):
    """Its place in the queue is computed, never stored."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="help_requests", verbose_name=_("équipe")
    )
    kind = models.CharField(_("qui"), max_length=10, choices=HelpKind)
    note = models.CharField(_("à quel sujet"), max_length=NOTE_LENGTH, blank=True)
    place = models.CharField(_("où"), max_length=PLACE_LENGTH, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=HelpState, default=HelpState.WAITING)
    requested_at = models.DateTimeField(_("appel"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("appelé par"),
    )
    claimed_at = models.DateTimeField(_("pris en charge"), null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pris en charge par"),
    )
    closed_at = models.DateTimeField(_("clos"), null=True, blank=True)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        ordering = ["requested_at", "pk"]
        verbose_name = _("demande d’aide")
        verbose_name_plural = _("demandes d’aide")
        constraints = [
            models.UniqueConstraint(
                fields=["team"], condition=Q(state__in=OPEN_STATES), name="help_one_open_per_team"
            ),
            models.CheckConstraint(
                condition=Q(claimed_at__isnull=True, claimed_by__isnull=True)
                | Q(claimed_at__isnull=False, claimed_by__isnull=False),
                name="help_claimed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state=HelpState.WAITING, claimed_at__isnull=True)
                | Q(state__in=[*HELD_STATES, HelpState.DONE], claimed_at__isnull=False)
                | Q(state=HelpState.WITHDRAWN),
                name="help_held_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, closed_at__isnull=True)
                | Q(state__in=[HelpState.DONE, HelpState.WITHDRAWN], closed_at__isnull=False),
                name="help_closed_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} → {self.kind}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_held(self) -> bool:
        return self.state in HELD_STATES

    @property
    def where(self) -> str:
        return self.place or self.team.room

    @property
    def floor(self) -> int | None:
        """The team's floor; None if the team has typed a place other than its room."""
        return None if self.place and self.team.room else self.team.floor
