from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from hackathon.base.core import markdown
from hackathon.base.live.audiences import team_audience
from hackathon.day.questions.enums import Addressee, QuestionState, Topic
from hackathon.event.editions.models import Department, Edition

QUESTION_MAX_CHARS = 1000
ANSWER_MAX_CHARS = 4000
SETTLED = (QuestionState.ANSWERED, QuestionState.CLOSED)


class Question(models.Model):
    """Only the members of the team and the organizers may know which team asked: not the client,
    who answers and also judges, nor the readers of the published answer.
    """

    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="questions",
        verbose_name=_("département"),
    )
    team_pk = models.PositiveBigIntegerField(_("numéro de l’équipe"))
    team_label = models.CharField(_("équipe, en mots"), max_length=120)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("posée par"),
    )
    asked_at = models.DateTimeField(_("posée"))
    to = models.CharField(_("à qui"), max_length=12, choices=Addressee)
    topic = models.CharField(_("à propos de"), max_length=12, choices=Topic, default=Topic.OTHER)
    body = models.TextField(_("question"), validators=[MaxLengthValidator(QUESTION_MAX_CHARS)])
    state = models.CharField(
        _("état"), max_length=10, choices=QuestionState, default=QuestionState.OPEN
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("prise par"),
    )
    answer = models.TextField(
        _("réponse"), blank=True, validators=[MaxLengthValidator(ANSWER_MAX_CHARS)]
    )
    settled_at = models.DateTimeField(_("réglée"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("réglée par"),
    )
    revision = models.PositiveSmallIntegerField(_("révision"), default=0)
    duplicate_of = models.ForeignKey(
        "Publication",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("doublon de"),
    )

    class Meta:
        ordering = ["asked_at", "id"]
        verbose_name = _("question")
        indexes = [models.Index(fields=["team_pk", "asked_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=QuestionState.TAKEN) | Q(taken_by__isnull=False),
                name="question_taken_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SETTLED, settled_at__isnull=False, settled_by__isnull=False)
                | Q(~Q(state__in=SETTLED), settled_at=None, settled_by=None),
                name="question_settled_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state=QuestionState.ANSWERED) ^ Q(answer=""),
                name="question_answered_has_answer",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | Q(state=QuestionState.CLOSED),
                name="question_duplicate_is_closed",
            ),
        ]

    @property
    def audience(self) -> str:
        return team_audience(self.team_pk)

    @property
    def answer_html(self) -> SafeString:
        return markdown.render(self.answer)

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    @property
    def stamp(self) -> str:
        return f"q{self.pk}-{self.revision}"

    def __str__(self) -> str:
        # Neither the team nor the text: it is written to logs and error pages.
        return f"Question {self.pk}"


class Publication(models.Model):
    """Its own wording, primary key and instant reveal neither who asked nor when."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="publication")
    audience = models.CharField(max_length=40)
    wording = models.TextField(validators=[MaxLengthValidator(QUESTION_MAX_CHARS)])
    answer = models.TextField(validators=[MaxLengthValidator(ANSWER_MAX_CHARS)])
    published_at = models.DateTimeField()
    revision = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-published_at", "-id"]
        verbose_name = _("réponse publiée")
        verbose_name_plural = _("réponses publiées")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("published_at")),
                name="publication_withdrawn_after",
            ),
        ]

    @property
    def answer_html(self) -> SafeString:
        return markdown.render(self.answer)

    @property
    def stamp(self) -> str:
        return f"p{self.pk}-{self.revision}"

    def __str__(self) -> str:
        return f"Réponse publiée {self.pk}"


class CannedAnswer(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="canned_answers")
    text = models.CharField(_("réponse"), max_length=300)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("réponse toute prête")
        verbose_name_plural = _("réponses toutes prêtes")

    def __str__(self) -> str:
        return self.text
