from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition, Milestone


class Dish(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="dishes")
    name = models.CharField(_("plat"), max_length=60)
    description = models.CharField(_("ce qu’il y a dedans"), max_length=160, blank=True)
    labels = models.CharField(
        _("étiquettes"),
        max_length=80,
        blank=True,
        help_text=_("Séparées par des virgules : végétarien, sans porc."),
    )
    pizzeria = models.CharField(_("pizzeria"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("plat")
        constraints = [
            models.UniqueConstraint("edition", Lower("name"), name="dish_name_in_edition"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label_list(self) -> list[str]:
        return [label.strip() for label in self.labels.split(",") if label.strip()]


class MealPlan(models.Model):
    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="meal_plan")
    # The hour of delivery is that of the milestone, so that it moves with the calendar.
    milestone = models.ForeignKey(Milestone, on_delete=models.SET_NULL, null=True, related_name="+")
    closes_at = models.DateTimeField()
    default_dish = models.ForeignKey(
        Dish, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("repas d’une édition")

    def __str__(self) -> str:
        return str(self.edition_id)


class Meal(models.Model):
    """Of a person who has chosen or has been served. Without a row, they get the default dish."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="meals")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="meals")
    dish = models.ForeignKey(
        Dish, on_delete=models.RESTRICT, null=True, blank=True, related_name="meals"
    )
    chosen_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    served_at = models.DateTimeField(null=True, blank=True)
    served_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The instant of the latest tick, made or taken back, by the clock of the phone. Earlier ticks
    # that arrive later change nothing.
    ticked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("repas")
        verbose_name_plural = _("repas")
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="meal_once_per_edition"),
            models.CheckConstraint(
                condition=Q(dish=None, chosen_by=None)
                | Q(dish__isnull=False, chosen_by__isnull=False),
                name="meal_chosen_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(served_at=None, served_by=None)
                | Q(served_at__isnull=False, served_by__isnull=False, ticked_at__isnull=False),
                name="meal_served_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.edition_id}"


class DietaryNeeds(models.Model):
    """Health data, with the person's consent. For them and the organizers; deleted after the event
    (`rules.needs_kept_until`). In no message, journal, log, export or answer of the API.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="dietary_needs")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="dietary_needs")
    text = models.CharField(max_length=300)
    consented_at = models.DateTimeField()

    class Meta:
        verbose_name = _("besoins alimentaires")
        verbose_name_plural = _("besoins alimentaires")
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="needs_once_per_edition"),
            models.CheckConstraint(condition=~Q(text=""), name="needs_not_empty"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
