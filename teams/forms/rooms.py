import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from teams.floors import floor_number
from teams.models import PLACES_MAX, Room
from teams.placement import Place, key_of

COLUMNS = re.compile(r"[\t;|]")
TITLES = re.compile(r"\D*(place|capacit|effectif|nombre|nb)\D*", re.IGNORECASE)
NAME_MAX = Room._meta.get_field("name").max_length or 0


class RoomsForm(EditingForm):
    """All rooms as lines of text, so that the columns of a spreadsheet can be pasted."""

    rooms = forms.CharField(
        label=_("Une salle par ligne : son nom, son étage, son nombre de places"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(
            attrs={"rows": 10, "spellcheck": "false", "placeholder": "B12 ; 1 ; 30"}
        ),
        help_text=_(
            "Séparés par « ; », « | » ou une tabulation. L’étage peut manquer. Les colonnes d’un"
            " tableur se collent telles quelles. Les salles se remplissent dans cet ordre."
        ),
    )

    def __init__(self, data: Any = None, *, places: Iterable[Place]) -> None:
        super().__init__(data, initial={"rooms": _text(places)})

    @property
    def places(self) -> list[Place]:
        """Read from what is saved in the end, which can be what somebody else has stored."""
        return _read(self.cleaned_data["rooms"])

    def clean_rooms(self) -> str:
        return _text(_read(self.cleaned_data["rooms"]))


class PlacementForm(forms.Form):
    """Of a proposal. In an address, `moves` alone asks for one that moves placed teams too."""

    moves = forms.BooleanField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, widget=forms.HiddenInput)


def _text(places: Iterable[Place]) -> str:
    lines = (
        f"{place.name} ; {'' if place.floor is None else place.floor} ; {place.places}"
        for place in places
    )
    return "\n".join(lines)


def _read(text: str) -> list[Place]:
    """Raises `ValidationError` with each line that is wrong."""
    places: dict[str, Place] = {}
    errors: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in COLUMNS.split(line)]
        while len(cells) > 3 and not cells[-1]:  # empty columns beside the table
            cells.pop()
        if not any(cells) or (number == 1 and TITLES.fullmatch(cells[-1])):
            continue
        try:
            place = _place(cells)
            if key_of(place.name) in places:
                twice = gettext("« {room} » y est deux fois.")
                raise forms.ValidationError(twice.format(room=place.name))
            places[key_of(place.name)] = place
        except forms.ValidationError as error:
            why = " ".join(error.messages)
            errors.append(gettext("Ligne {n} : {why}").format(n=number, why=why))
    if errors:
        raise forms.ValidationError(errors)
    return list(places.values())


def _place(cells: list[str]) -> Place:
    if len(cells) not in (2, 3):
        text = gettext("il faut la salle, l’étage et les places, séparés par « ; » : B12 ; 1 ; 30")
        raise forms.ValidationError(text)
    name, floor, places = " ".join(cells[0].split()), "".join(cells[1:-1]), cells[-1]
    if not name or len(name) > NAME_MAX:
        text = gettext("le nom de la salle manque, ou dépasse {max} caractères.")
        raise forms.ValidationError(text.format(max=NAME_MAX))
    try:
        number = floor_number(floor)
    except ValueError:
        text = gettext("« {floor} » n’est pas un étage : écrivez RDC, 1 ou -1.")
        raise forms.ValidationError(text.format(floor=floor)) from None
    if not re.fullmatch(r"[0-9]{1,4}", places) or not 1 <= int(places) <= PLACES_MAX:
        text = gettext("« {places} » n’est pas un nombre de places de 1 à {max}.")
        raise forms.ValidationError(text.format(places=places, max=PLACES_MAX))
    return Place(name, number, int(places))
