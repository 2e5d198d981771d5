import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hackathon.editions.models import Department, Edition
from teams.enums import HELD_STATES, OPEN_STATES, HelpKind, HelpState, ReceiptMails

# Without the letters and digits that are mistaken for one another when read aloud.
JOIN_CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
JOIN_CODE_LENGTH = 6
# Of a call for help: both fit on a line of a telephone.
NOTE_LENGTH = 160
PLACE_LENGTH = 60


def new_join_code() -> str:
    """About 30 random bits."""
    return "".join(secrets.choice(JOIN_CODE_ALPHABET) for _ in range(JOIN_CODE_LENGTH))


class TeamQuerySet(models.QuerySet["Team"]):
    def present(self) -> "TeamQuerySet":
        """Those whom juries read."""
        return self.filter(absent_at=None)


class Team(models.Model):
    # The fields that a captain or an organizer edits: forms, service and admin follow this list.
    EDITABLE = ("name", "project", "room", "floor")

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="teams", verbose_name=_("édition")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="teams", verbose_name=_("département")
    )
    name = models.CharField(_("nom de l’équipe"), max_length=60)
    room = models.CharField(_("salle"), max_length=40, blank=True)
    floor = models.SmallIntegerField(
        _("étage"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-5), MaxValueValidator(60)],
        help_text=_("0 pour le rez-de-chaussée"),
    )
    project = models.CharField(
        _("titre du projet"),
        max_length=160,
        blank=True,
        help_text=_("C’est ainsi que le jury et l’écran le nomment."),
    )
    join_code = models.CharField(
        _("code d’équipe"), max_length=12, unique=True, default=new_join_code, editable=False
    )
    registered_at = models.DateTimeField(_("inscrite"))
    # No jury reads an absent team, and it misses in none of their counts.
    absent_at = models.DateTimeField(_("absente depuis"), null=True, blank=True, editable=False)
    absent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("constaté par"),
    )
    # The organizer who goes to the team.
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("qui y va"),
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("équipe")
        constraints = [
            models.UniqueConstraint("edition", Lower("name"), name="team_name_in_edition"),
            models.CheckConstraint(
                condition=Q(absent_at=None, absent_by=None)
                | Q(absent_at__isnull=False, absent_by__isnull=False),
                name="team_absent_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def spoken_code(self) -> str:
        """« KX4-P9T »"""
        half = len(self.join_code) // 2
        return f"{self.join_code[:half]}-{self.join_code[half:]}"


class Membership(models.Model):
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("édition")
    )
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("équipe")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("personne"),
    )
    is_captain = models.BooleanField(_("capitaine"), default=False)
    joined_at = models.DateTimeField(_("entrée dans l’équipe"))
    receipt_mails = models.CharField(
        _("vos e-mails de reçu"),
        max_length=6,
        choices=ReceiptMails,
        default=ReceiptMails.DIGEST,
    )

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


class Removal(models.Model):
    """A person was removed from a team. Their pages show it until they join a team again."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="removals")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="removals"
    )
    team_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="removal_once_per_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ← {self.team_name}"


class TeamNote(models.Model):
    """Of the organizers: nobody else may read it."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="notes", verbose_name=_("équipe")
    )
    text = models.CharField(_("note"), max_length=300)
    written_at = models.DateTimeField(_("écrite"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("écrite par"),
    )

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name = _("note sur une équipe")
        verbose_name_plural = _("notes sur les équipes")

    def __str__(self) -> str:
        return f"{self.team_id} {self.pk}"


class Student(models.Model):
    """Who takes part in an edition by the lists of the school, also without a team."""

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="students", verbose_name=_("édition")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="studies",
        verbose_name=_("personne"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="students",
        verbose_name=_("département"),
    )
    # Of the school. It stays when the address changes.
    number = models.CharField(_("numéro étudiant"), max_length=40, blank=True)
    programme = models.CharField(_("formation"), max_length=120, blank=True)
    group = models.CharField(_("groupe"), max_length=120, blank=True)
    invited_at = models.DateTimeField(_("invité le"), null=True, blank=True)  # the last time

    class Meta:
        ordering = ["user__name", "user__email"]
        verbose_name = _("étudiant")
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="student_once_per_edition"),
            models.UniqueConstraint(
                fields=["edition", "number"],
                condition=~Q(number=""),
                name="student_number_in_edition",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.edition_id}"


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
