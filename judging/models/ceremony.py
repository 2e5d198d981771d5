import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.editions.models import Department, Edition
from hackathon.partners.models import Partner
from judging.enums import Anchor, PassagePhase

MINUTES = [MinValueValidator(1), MaxValueValidator(60)]


def passage_token() -> str:
    return secrets.token_urlsafe(12)


class Ceremony(models.Model):
    """Exists only while the ceremony runs. `step` is counted from 0 (`ceremony.steps`)."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="ceremony")
    step = models.PositiveSmallIntegerField(default=0)
    is_blank = models.BooleanField(_("écran noir"), default=False)
    is_rehearsal = models.BooleanField(_("répétition"), default=True)  # placeholder teams
    moved_at = models.DateTimeField()
    # When a screen after the pause for deliberation was first shown: from then on people outside of
    # a jury may know its winners. Stays if the remote goes back.
    resumed_at = models.DateTimeField(null=True, blank=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("cérémonie")

    def __str__(self) -> str:
        return f"Cérémonie {self.edition_id}"


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
    # Of the draw that made the order (`ceremony.draw`); empty: no draw, or set by hand since.
    seed = models.CharField(max_length=64, blank=True)
    word = models.CharField(max_length=60, blank=True)

    class Meta:
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
    team_key = models.CharField(max_length=30)  # `ceremony.steps.Key`
    page = models.PositiveSmallIntegerField(default=1)
    phase = models.CharField(max_length=9, choices=PassagePhase, default=PassagePhase.SPEAKING)
    phase_at = models.DateTimeField()  # when the phase began
    changes = models.PositiveIntegerField(default=0)  # of page or phase
    token = models.CharField(max_length=32, unique=True, default=passage_token)

    class Meta:
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


class CeremonyMessage(models.Model):
    """A slide of the organizers. `anchor` and `department` say after which steps it comes."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="ceremony_messages")
    anchor = models.CharField(_("moment"), max_length=9, choices=Anchor)
    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    title = models.CharField(_("titre"), max_length=80)
    text = models.TextField(_("texte"), max_length=600, blank=True)
    partner = models.ForeignKey(
        Partner, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("message de la cérémonie")
        constraints = [
            models.CheckConstraint(
                condition=Q(anchor__in=("opening", "finale"), department=None)
                | Q(
                    anchor__in=("title", "nominees", "passages", "prizes"),
                    department__isnull=False,
                ),
                name="ceremonymessage_anchor",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def moment(self) -> str:
        """Anchor and department as one key."""
        return f"{self.anchor}-{self.department_id}" if self.department_id else self.anchor
