"""What an organizer types in the control room. Shape only; the services decide."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.core.errors import Refusal
from hackathon.core.forms import LocalDateTimeInput
from hackathon.core.live import EVERYONE
from hackathon.core.templatetags.components import clock_time, day_time
from hackathon.dashboard import audiences
from hackathon.dashboard.services import MILESTONE
from hackathon.editions.enums import Addressee, PublishTo, Scene, Topic
from hackathon.editions.errors import QuestionRefusal
from hackathon.editions.models import Announcement, Department, Edition, Question
from hackathon.editions.models.announcement import ANNOUNCEMENT_MAX_CHARS
from hackathon.editions.models.question import ANSWER_MAX_CHARS, QUESTION_MAX_CHARS
from hackathon.editions.rules import EARLIEST, LATEST, Moment
from hackathon.editions.rules.questions import Answerer

QUICK_MINUTES = (5, 10, 15)
DEADLINE = "deadline_at"
INSTANTS = (
    DEADLINE,
    "starts_at",
    "registration_opens_at",
    "registration_closes_at",
    "judging_opens_at",
)


class MoveForm(forms.Form):
    """One instant of the day and where it goes. `quick` is a deadline ready to be pressed.

    The buttons carry the instant itself, not the minutes: pressed twice, or by two people at
    once, the deadline moves once.
    """

    instant = forms.ChoiceField(label=_("Ce qui change"))
    to = forms.DateTimeField(label=_("Nouvelle heure"), widget=LocalDateTimeInput())
    quick = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, edition: Edition, moments: Sequence[Moment], chosen: str = ""
    ) -> None:
        at = {name: getattr(edition, name) for name in INSTANTS}
        labels = {name: _label(name) for name in INSTANTS}
        for moment in moments:
            if moment.milestone_pk is not None:
                at[f"{MILESTONE}{moment.milestone_pk}"] = moment.at
                labels[f"{MILESTONE}{moment.milestone_pk}"] = moment.label
        chosen = chosen if chosen in at else DEADLINE
        super().__init__(data, initial={"instant": chosen, "to": at[chosen]})
        choices = [(name, f"{_first_up(labels[name])} · {day_time(at[name])}") for name in at]
        self._field("instant").choices = choices
        self.quick_choices = [
            {"minutes": minutes, "at": at[DEADLINE] + timedelta(minutes=minutes)}
            for minutes in QUICK_MINUTES
        ]

    def clean(self) -> dict[str, Any]:
        """The instant, and `to` from the field or from the button."""
        cleaned = super().clean() or {}
        if pressed := cleaned.get("quick"):
            self.errors.clear()  # whatever the fields hold, a button was pressed
            cleaned |= {"instant": DEADLINE, "to": _instant(pressed)}
        return cleaned

    def _field(self, name: str) -> Any:
        return self.fields[name]


class SceneForm(forms.Form):
    """A scene and the projectors that it is for: all, or those of one department.

    Which scenes there are, and when, the service says. « follow » gives a department's projectors
    back to what all the others show.
    """

    FOLLOW = "follow"
    department_code = forms.ChoiceField(label=_("Quels écrans"), required=False)
    scene = forms.CharField()

    def __init__(self, data: Any = None, *, edition: Edition, department: str = "") -> None:
        super().__init__(data, initial={"department_code": department})
        self._departments = {d.code: d for d in edition.departments.all()}
        field: Any = self.fields["department_code"]
        names = [(code, department.name) for code, department in self._departments.items()]
        field.choices = [("", _("Tous les écrans")), *names]

    @property
    def department(self) -> Department | None:
        """Whose projectors; None: all."""
        return self._departments.get(self.cleaned_data["department_code"])

    @property
    def follows_others(self) -> bool:
        """Whether a department's own choice is given up."""
        return self.department is not None and self.cleaned_data["scene"] == self.FOLLOW

    def said(self) -> str:
        """What to say when it is done."""
        where = self.department.name if self.department else gettext("tous les écrans")
        if self.follows_others:
            return gettext("Comme partout : %(where)s.") % {"where": where}
        scene = Scene(self.cleaned_data["scene"]).label
        return gettext("%(scene)s : %(where)s.") % {"scene": scene, "where": where}


class ExtensionForm(forms.Form):
    """More time for a team or a department."""

    target = forms.ChoiceField(label=_("Pour qui"))
    minutes = forms.IntegerField(
        label=_("Minutes en plus de l’heure limite"), min_value=1, max_value=24 * 60, initial=10
    )
    reason = forms.CharField(
        label=_("Raison"),
        max_length=300,
        help_text=_("Le jury la lira : « panne du Wi-Fi en salle 208 »."),
    )

    def __init__(self, data: Any = None, *, edition: Edition, target: str = "") -> None:
        super().__init__(data, initial={"target": target})
        self.edition = edition
        field: Any = self.fields["target"]
        field.choices = [("", _("Choisir…")), *audiences.choices(edition, everyone=False)]

    def clean_target(self) -> Any:
        """The department or team itself."""
        return audiences.find(self.edition, self.cleaned_data["target"])


class AnnouncementForm(forms.Form):
    """A word for everyone, a department or a team, now or at an instant."""

    audience = forms.ChoiceField(label=_("Pour qui"))
    body = forms.CharField(
        label=_("Message"),
        max_length=ANNOUNCEMENT_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Court : il s’affiche aussitôt sur leurs écrans. **gras** et liens possibles."),
    )
    publish_at = forms.DateTimeField(
        label=_("Paraît à"),
        required=False,
        widget=LocalDateTimeInput(),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
        help_text=_("Vide : tout de suite. Avant cette heure, seule l’organisation la voit."),
    )
    pinned = forms.BooleanField(label=_("Épingler en haut des listes"), required=False)
    by_mail = forms.BooleanField(label=_("Envoyer aussi par e-mail"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        edition: Edition,
        audience: str = "",
        announcement: Announcement | None = None,
    ) -> None:
        initial: dict[str, Any] = {"audience": audience or audiences.EVERYONE}
        if announcement is not None:
            departments = {d.pk: d for d in edition.departments.all()}
            initial = {
                "audience": audiences.spoken(announcement.audience, departments),
                "body": announcement.body,
                "publish_at": announcement.published_at,
                "pinned": announcement.pinned,
                "by_mail": announcement.by_mail,
            }
        super().__init__(data, initial=initial)
        self.edition = edition
        field: Any = self.fields["audience"]
        field.choices = audiences.choices(edition)

    @property
    def opens_more(self) -> bool:
        """Whether what is seldom needed is used, or has a mistake."""
        names = ("publish_at", "pinned", "by_mail")
        return any(self[name].value() or self[name].errors for name in names)

    def said(self) -> dict[str, Any]:
        """What the services take of it."""
        given = {
            name: self.cleaned_data[name] for name in ("body", "publish_at", "pinned", "by_mail")
        }
        audience, label = self.cleaned_data["audience"]
        return given | {"audience": audience, "audience_label": label}

    def clean_audience(self) -> tuple[str, str]:
        """The audience of `core.live` and its label."""
        return audiences.resolve(self.edition, self.cleaned_data["audience"])


class CorrectionForm(forms.Form):
    """Another text for what people may have read already."""

    body = forms.CharField(
        label=_("Message"),
        max_length=ANNOUNCEMENT_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Le nouveau texte remplace l’ancien partout, et redevient « non lu »."),
    )
    pinned = forms.BooleanField(label=_("Épingler en haut des listes"), required=False)
    by_mail = forms.BooleanField(label=_("Envoyer la correction par e-mail"), required=False)

    def __init__(self, data: Any = None, *, announcement: Announcement) -> None:
        initial = {"body": announcement.body, "pinned": announcement.pinned}
        super().__init__(data, initial=initial)


class QuestionForm(forms.Form):
    """What a team asks."""

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
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Une seule à la fois. Si la réponse est publiée, personne ne saura qui a demandé."
        ),
    )

    def clean_topic(self) -> str:
        """What it is about; nothing chosen is something else."""
        return self.cleaned_data["topic"] or Topic.OTHER


class DuplicateForm(forms.Form):
    """The answer that is published already, or none."""

    duplicate_of = forms.ChoiceField(label=_("Déjà répondu ici"), required=False)

    def __init__(self, data: Any = None, *, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        field: Any = self.fields["duplicate_of"]
        field.choices = [("", _("Non : close sans réponse")), *choices]


class PublishingForm(forms.Form):
    """What both forms with words for others share."""

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

    def refused(self, refusal: Refusal) -> None:
        """Say why not; for a name that is found in the text, offer to say that it is none."""
        self.add_error(None, str(refusal))
        if refusal.code == QuestionRefusal.NAMES_TEAM:
            self.fields["names_nobody"].widget = forms.CheckboxInput()


class AnswerForm(PublishingForm):
    """The answer to a team, and how it is published with the same tap."""

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

    def said(self) -> dict[str, Any]:
        """What the service takes of it."""
        return dict(self.cleaned_data)


class PublicationForm(PublishingForm):
    """An answer that was given, in the words that others read."""

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

    def said(self) -> dict[str, Any]:
        """What the service takes of it."""
        return dict(self.cleaned_data)


class WarnForm(forms.Form):
    """What the teams that have handed in nothing are told."""

    body = forms.CharField(
        label=_("Message"),
        max_length=ANNOUNCEMENT_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def reminder(edition: Edition) -> str:
    """What one would write to them anyway."""
    return str(
        _(
            "Nous n’avons encore rien reçu de votre équipe. Déposez maintenant une première "
            "version : vous pourrez la remplacer jusqu’à %(time)s."
        )
        % {"time": clock_time(edition.deadline_at)}
    )


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValidationError(_("Heure illisible : rechargez la page.")) from error
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _label(name: str) -> str:
    return str(Edition._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _first_up(label: str) -> str:
    return label[:1].upper() + label[1:]
