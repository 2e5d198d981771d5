from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.errors import RefusalCode
from hackathon.base.live.audiences import EVERYONE
from hackathon.day.questions.enums import Addressee, PublishTo, Topic
from hackathon.day.questions.errors import QuestionRefusal
from hackathon.day.questions.models import ANSWER_MAX_CHARS, QUESTION_MAX_CHARS, Question
from hackathon.day.questions.rules import Answerer


class QuestionForm(forms.Form):
    DRAFT = "question"  # the name of what the browser keeps until it is sent
    to = forms.ChoiceField(
        label=_("À qui"),
        choices=Addressee.choices,
        initial=Addressee.ORGANIZERS,
        widget=forms.RadioSelect,
    )
    topic = forms.ChoiceField(
        label=_("À propos de"), choices=Topic.choices, initial=Topic.OTHER, required=False
    )
    body = forms.CharField(
        label=_("Votre question"),
        max_length=QUESTION_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 5, "data-draft": DRAFT}),
        help_text=_(
            "Une seule à la fois. Si la réponse est publiée, personne ne saura qui a demandé."
        ),
    )

    def clean_topic(self) -> str:
        return self.cleaned_data["topic"] or Topic.OTHER


class DuplicateForm(forms.Form):
    duplicate_of = forms.ChoiceField(label=_("Déjà répondu ici"), required=False)

    def __init__(self, data: Any = None, *, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        field: Any = self.fields["duplicate_of"]
        field.choices = [("", _("Non : close sans réponse")), *choices]


class PublishingForm(forms.Form):
    wording = forms.CharField(
        label=_("La question, telle que les autres la liront"),
        max_length=QUESTION_MAX_CHARS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sans rien qui dise qui a demandé."),
    )
    names_nobody = forms.BooleanField(
        label=_("Ce mot ne désigne pas l’équipe"), required=False, widget=forms.HiddenInput
    )

    # For `core.views.accepted`.
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {QuestionRefusal.NAMES_TEAM: "names_nobody"}

    def add_error(self, field: str | None, error: Any) -> None:
        """If the text names the team, show the checkbox that confirms it, and the error on top."""
        if field == "names_nobody":
            self.fields[field].widget = forms.CheckboxInput()
            field = None
        super().add_error(field, error)


class AnswerForm(PublishingForm):
    """`publish_to` is the value of the button."""

    text = forms.CharField(
        label=_("Réponse"),
        max_length=ANSWER_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    publish_to = forms.ChoiceField(
        choices=[("", ""), *PublishTo.choices], required=False, widget=forms.HiddenInput
    )
    field_order = ["text", "wording", "names_nobody", "publish_to"]

    def __init__(self, data: Any = None, *, question: Question, who: Answerer) -> None:
        super().__init__(data, initial={"wording": question.body, "text": question.answer})
        self.may_publish_to_all = who.organizer


class PublicationForm(PublishingForm):
    to = forms.ChoiceField(label=_("Pour qui"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("La réponse, telle que les autres la liront"),
        max_length=ANSWER_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    field_order = ["to", "wording", "names_nobody", "text"]

    def __init__(self, data: Any = None, *, question: Question, who: Answerer) -> None:
        initial = {"to": PublishTo.DEPARTMENT, "wording": question.body, "text": question.answer}
        publication = getattr(question, "publication", None)
        if publication is not None:
            for_all = publication.audience == EVERYONE
            initial = {
                "to": PublishTo.EVERYONE if for_all else PublishTo.DEPARTMENT,
                "wording": publication.wording,
                "text": publication.answer,
            }
        super().__init__(data, initial=initial)
        field: Any = self.fields["to"]
        field.choices = PublishTo.choices if who.organizer else PublishTo.choices[:1]


class CannedAnswerForm(EditingForm):
    text = forms.CharField(label=_("Réponse"), max_length=300)
