"""What an organizer types in the control room. Shape only; the services decide."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from hackathon.announcements import audiences
from hackathon.announcements.models import ANNOUNCEMENT_MAX_CHARS, Announcement
from hackathon.core.forms import LocalDateTimeInput
from hackathon.editions.models import Edition
from hackathon.editions.rules import EARLIEST, LATEST


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
