from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.errors import RefusalCode
from hackathon.base.core.forms import InstantField
from hackathon.base.live.audiences import EVERYONE
from hackathon.day.announcements import audiences
from hackathon.day.announcements.errors import AnnouncementRefusal
from hackathon.day.announcements.models import ANNOUNCEMENT_MAX_CHARS, Announcement
from hackathon.event.editions.models import Edition


class AnnouncementForm(forms.Form):
    """The cleaned `audience` is an audience of `live.audiences`."""

    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {AnnouncementRefusal.PAST: "publish_at"}

    audience = forms.ChoiceField(label=_("Pour qui"))
    body = forms.CharField(
        label=_("Message"),
        max_length=ANNOUNCEMENT_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Court : il s’affiche aussitôt sur leurs écrans. **gras** et liens possibles."),
    )
    publish_at = InstantField(
        label=_("Paraît à"),
        required=False,
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
        initial: dict[str, Any] = {"audience": audience or EVERYONE}
        if announcement is not None:
            codes = audiences.department_codes(edition)
            initial = {
                "audience": audiences.written(announcement.audience, codes),
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
    def shows_options(self) -> bool:
        """The optional fields are collapsed unless one of them has a value or an error."""
        names = ("publish_at", "pinned", "by_mail")
        return any(self[name].value() or self[name].errors for name in names)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "audience" in cleaned:
            audience, label = audiences.resolve(self.edition, cleaned["audience"])
            cleaned |= {"audience": audience, "audience_label": label}
        return cleaned


class CorrectionForm(EditingForm):
    body = forms.CharField(
        label=_("Message"),
        max_length=ANNOUNCEMENT_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Le nouveau texte remplace l’ancien partout, et redevient « non lu »."),
    )
    pinned = forms.BooleanField(label=_("Épingler en haut des listes"), required=False)
    by_mail = forms.BooleanField(label=_("Envoyer la correction par e-mail"), required=False)
