from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.errors import RefusalCode
from hackathon.base.core.forms import InstantField
from hackathon.event.editions.models import Edition
from hackathon.extras.gallery import rules, selectors
from hackathon.extras.gallery.enums import Opening
from hackathon.extras.gallery.errors import GalleryRefusal
from hackathon.extras.gallery.models import SENTENCE_LENGTH
from teams.enums import Circle


class FilterForm(forms.Form):
    q = forms.CharField(
        label=_("Équipe, projet ou mot de la phrase"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    department = forms.ChoiceField(label=_("Département"), required=False)

    def __init__(self, data: Any, *, edition: Edition) -> None:
        super().__init__(data)
        choices = edition.departments.values_list("code", "name")
        self.fields["department"].choices = [("", _("tous")), *choices]  # type: ignore[attr-defined]


class CircleForm(forms.Form):
    circle = forms.TypedChoiceField(
        choices=[choice for choice in Circle.choices if choice[0] != Circle.UNANSWERED],
        coerce=int,
    )


class SentenceForm(EditingForm):
    text = forms.CharField(
        label=_("Une phrase sur le projet"),
        max_length=SENTENCE_LENGTH,
        required=False,
        help_text=_("Ce que c’est et pour qui. Elle est sous le nom de l’équipe, dans la galerie."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class GalleryForm(EditingForm):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {GalleryRefusal.NO_INSTANT: "opens_at"}

    opening = forms.ChoiceField(
        label=_("La galerie ouvre"), choices=Opening.choices, widget=forms.RadioSelect
    )
    opens_at = InstantField(
        label=_("Heure choisie"),
        required=False,
        help_text=_("Jamais avant que toutes les équipes aient fini de rendre."),
    )
    shown = forms.TypedMultipleChoiceField(
        label=_("Ce qu’elle montre"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Parmi ce que les équipes rendent. Un fichier qu’un navigateur n’affiche pas, comme une"
            " archive, n’y est jamais. Ce qui se rend après l’heure limite y paraît avec les"
            " résultats."
        ),
    )

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        gallery = selectors.gallery_of(edition)
        asked, chosen = selectors.deliverables_of(edition), selectors.choices_in(edition)
        shown = [d.pk for d in asked if rules.is_shown(d, chosen.get(d.pk))]
        initial = {"opening": gallery.opening, "opens_at": gallery.opens_at, "shown": shown}
        super().__init__(data, initial=initial)
        self.fields["shown"].choices = [  # type: ignore[attr-defined]
            (d.pk, f"{d.department.code} · {d.name}") for d in asked
        ]


class GuestForm(forms.Form):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {
        GalleryRefusal.GUEST_TAKEN: "name",
        GalleryRefusal.GUEST_PAST: "ends_at",
    }

    name = forms.CharField(
        label=_("Pour qui"), max_length=80, help_text=_("« Ville de Nancy », « Mme Martin »")
    )
    ends_at = InstantField(label=_("Jusqu’à"))
