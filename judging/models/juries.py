from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department
from judging.enums import JurorKind, Method, ReadingKind
from judging.scales import SCALES, Scale
from teams.models import Membership, Team


class JurorQuerySet(models.QuerySet["Juror"]):
    def counted(self) -> "JurorQuerySet":
        """Jurors whose finished sheets count: those in no team of the department."""
        in_team = Membership.objects.filter(
            user=OuterRef("user"), team__department=OuterRef("department")
        )
        return self.exclude(Exists(in_team))

    def seated(self) -> "JurorQuerySet":
        """Counted jurors who have not left."""
        return self.counted().filter(left_at__isnull=True)

    def never_came(self) -> "JurorQuerySet":
        """Jurors who have not signed in, by badge or otherwise, since they got the seat."""
        return self.filter(Q(user__last_login=None) | Q(user__last_login__lt=F("seated_at")))


class Juror(models.Model):
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="jurors", verbose_name=_("département")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="juries",
        verbose_name=_("personne"),
    )
    kind = models.CharField(
        _("qualité"), max_length=10, choices=JurorKind, default=JurorKind.TEACHER
    )
    is_president = models.BooleanField(_("préside le jury"), default=False)
    seated_at = models.DateTimeField(_("nommé"), null=True)  # None: not known
    left_at = models.DateTimeField(_("a quitté le jury"), null=True, blank=True)
    paused_until = models.DateTimeField(_("en pause jusqu’à"), null=True, blank=True)
    # The last time that the juror was asked to finish the sheets that are left.
    reminded_at = models.DateTimeField(_("rappel envoyé"), null=True, blank=True)
    # The juror's own order of teams, best first, by their ids; nobody else reads it.
    own_order = models.JSONField(_("ordre personnel"), default=list, blank=True)

    objects = JurorQuerySet.as_manager()

    class Meta:
        ordering = ["-is_president", "user__name"]
        verbose_name = _("juré")
        constraints = [
            models.UniqueConstraint(fields=["department", "user"], name="juror_once_per_jury"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.department_id}"


class Badge(models.Model):
    """For sign-in on a shared tablet. Several can be valid; token and PIN are stored hashed."""

    juror = models.ForeignKey(Juror, on_delete=models.CASCADE, related_name="badges")
    # Of the request that printed it: a repeated request prints the same badge.
    key = models.UUIDField()
    digest = models.CharField(_("badge (haché)"), max_length=64, unique=True)
    pin = models.CharField(_("code (haché)"), max_length=128)
    issued_at = models.DateTimeField(_("imprimé"))
    voided_at = models.DateTimeField(_("annulé"), null=True, blank=True)

    class Meta:
        ordering = ["issued_at", "pk"]
        verbose_name = _("badge")
        constraints = [
            models.UniqueConstraint(fields=["juror", "key"], name="badge_once_per_request"),
        ]

    def __str__(self) -> str:
        return f"Badge {self.pk}"


class JuryRules(models.Model):
    """A department without a row uses the defaults."""

    department = models.OneToOneField(
        Department,
        on_delete=models.PROTECT,
        related_name="jury_rules",
        verbose_name=_("département"),
    )
    method = models.CharField(
        _("méthode"), max_length=12, choices=Method, default=Method.HARMONISED
    )
    readings = models.PositiveSmallIntegerField(
        _("lectures par équipe"), default=3, validators=[MinValueValidator(1)]
    )
    separation = models.DecimalField(
        _("probabilité qui départage"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.80"),
        validators=[MinValueValidator(Decimal("0.50")), MaxValueValidator(Decimal("0.99"))],
    )
    seed = models.PositiveIntegerField(_("graine du tirage"), default=1)  # same seed, same plan
    # In two acts: nominations first, and the winners once the jury has heard the nominees.
    hears_nominees = models.BooleanField(_("décide après avoir entendu les nommés"), default=False)

    class Meta:
        verbose_name = _("règles du jury")
        verbose_name_plural = _("règles des jurys")
        constraints = [
            models.CheckConstraint(condition=Q(readings__gte=1), name="jury_reads_each_team"),
            models.CheckConstraint(
                condition=Q(separation__gte=Decimal("0.5"), separation__lte=Decimal("0.99")),
                name="jury_separation_is_likely",
            ),
        ]

    def __str__(self) -> str:
        return f"Règles {self.department_id}"


class Criterion(models.Model):
    """`scale` is a key of `SCALES`."""

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="criteria", verbose_name=_("département")
    )
    name = models.CharField(_("critère"), max_length=120)
    guidance = models.TextField(_("repères pour noter"), blank=True)
    weight = models.PositiveSmallIntegerField(
        _("coefficient"), default=1, validators=[MinValueValidator(1)]
    )
    scale = models.PositiveSmallIntegerField(
        _("noté sur"), default=20, choices=[(key, scale.label) for key, scale in SCALES.items()]
    )
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("critère")
        verbose_name_plural = _("critères")
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1), name="criterion_weighs"),
            models.CheckConstraint(
                condition=Q(scale__in=list(SCALES)), name="criterion_scale_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def mark_scale(self) -> Scale:
        return SCALES[self.scale]


class Recusal(models.Model):
    """Their sheet of the team is kept and does not count."""

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="recusals")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="recusals")
    reason = models.CharField(_("motif"), max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("déport")
        constraints = [
            models.UniqueConstraint(fields=["juror", "team"], name="recusal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} ≠ {self.team_id}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def planned_in(self, department_pk: int) -> "AssignmentQuerySet":
        return self.filter(juror__department=department_pk, kind=ReadingKind.PLANNED)


class Assignment(models.Model):
    """In a department without planned assignments every juror reads every team."""

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="assignments")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="assignments")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(
        _("pourquoi"), max_length=8, choices=ReadingKind, default=ReadingKind.PLANNED
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("affectation")
        constraints = [
            models.UniqueConstraint(fields=["juror", "team"], name="assignment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} : {self.team_id}"
