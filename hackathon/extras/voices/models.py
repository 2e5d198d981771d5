"""What is stored of the answers: see `docs/voices.md`. No row has an instant, or an answer beside
its person.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Edition
from teams.models import Membership

# As an organizer would type them: they are stored, and in no catalogue.
PROPOSED = ("Comment était la journée ?", "Qu’est-ce qui était le mieux ?", "Que faut-il changer ?")


class Survey(models.Model):
    """`answers`: by question, sorted, of `people`, who come in whole batches."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="survey")
    scale = models.CharField(_("question, de 1 à 5"), max_length=120, default=PROPOSED[0])
    first = models.CharField(_("question"), max_length=120, blank=True, default=PROPOSED[1])
    second = models.CharField(_("autre question"), max_length=120, blank=True, default=PROPOSED[2])
    people = models.PositiveIntegerField(default=0)
    answers = models.JSONField(_("réponses"), default=dict)

    def __str__(self) -> str:
        return str(self.edition_id)  # not the answers: this is written to logs and error pages


class Ballot(models.Model):
    """An HMAC of each who has answered, and the answers of the batch that is not whole. One row,
    sorted: the order of several would tell who was the last. Unlogged, as in decision 44.
    """

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="ballot")
    voters = models.JSONField(_("personnes qui ont répondu"), default=list)
    answers = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.survey_id)


class Sentence(models.Model):
    """Signed, apart from the answers. Public once an organizer has accepted this text."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="sentence")
    text = models.CharField(_("phrase signée"), max_length=140)
    accepted_at = models.DateTimeField(_("acceptée"), null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def first_name(self) -> str:
        """Empty without a name: an address is not shown."""
        return next(iter(self.membership.user.name.split()), "")
