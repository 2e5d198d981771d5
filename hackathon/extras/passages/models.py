import secrets

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department
from hackathon.extras.passages.enums import PassagePhase
from judging.models import Ceremony

MINUTES = [MinValueValidator(1), MaxValueValidator(60)]


def new_token() -> str:
    return secrets.token_urlsafe(12)


class PassagePlan(models.Model):
    """The nominees of this department present their work on stage. No row: they do not."""

    department = models.OneToOneField(
        Department, on_delete=models.CASCADE, related_name="passage_plan"
    )
    speaking_minutes = models.PositiveSmallIntegerField(
        _("minutes pour parler"), default=3, validators=MINUTES
    )
    questions_minutes = models.PositiveSmallIntegerField(
        _("minutes de questions"), default=2, validators=MINUTES
    )
    # Ids of teams. Nominees that are not in it come after these, by name.
    order = models.JSONField(default=list, blank=True)
    # Of the draw that made the order (`rules.drawn_order`); empty: no draw, or set by hand since.
    seed = models.CharField(max_length=64, blank=True)
    word = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "judging_passageplan"  # where it was, so that no row had to move
        verbose_name = _("passages d’un département")
        constraints = [
            models.CheckConstraint(
                condition=Q(speaking_minutes__range=(1, 60), questions_minutes__range=(1, 60)),
                name="passageplan_minutes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.speaking_minutes}+{self.questions_minutes}"


class Passage(models.Model):
    """A nominee that has been on stage in this ceremony; deleted when its step is taken back."""

    ceremony = models.ForeignKey(Ceremony, on_delete=models.CASCADE, related_name="passages")
    team_key = models.CharField(max_length=30)  # `judging.ceremony.steps.Key`
    page = models.PositiveSmallIntegerField(default=1)
    phase = models.CharField(max_length=9, choices=PassagePhase, default=PassagePhase.SPEAKING)
    phase_at = models.DateTimeField()  # when the phase began
    changes = models.PositiveIntegerField(default=0)  # of page or phase
    token = models.CharField(max_length=32, unique=True, default=new_token)

    class Meta:
        db_table = "judging_passage"
        verbose_name = _("passage")
        constraints = [
            models.UniqueConstraint(fields=["ceremony", "team_key"], name="passage_once"),
            models.CheckConstraint(condition=Q(page__gte=1), name="passage_page_from_one"),
            models.CheckConstraint(
                condition=Q(phase__in=PassagePhase.values), name="passage_known_phase"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ceremony_id} {self.team_key} {self.phase} {self.page}"
