"""Shape of what is typed and sent. What is allowed, the rules say."""

import re
from mimetypes import guess_type
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from hackathon.editions.models import Department, Edition
from submissions.enums import Kind
from submissions.models import MEGABYTE, TEXT_MAX_CHARS, Deliverable
from submissions.rules import EXTENSION_MAX_MINUTES, accepted_endings
from teams.models import Team

SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
FORMAT = re.compile(r"^[a-z0-9]+(\.[a-z0-9]+)*$")


class DepositForm(forms.Form):
    """One deliverable's own form: a file, a link or a text, named as in the API."""

    def __init__(self, deliverable: Deliverable, *args: Any, initial: str = "", **kwargs: Any):
        kwargs["auto_id"] = f"deliverable-{deliverable.pk}-%s"
        super().__init__(*args, **kwargs)
        self.deliverable = deliverable
        if deliverable.kind == Kind.FILE:
            self.fields["file"] = _file_field(deliverable)
        elif deliverable.kind == Kind.LINK:
            self.fields["url"] = _link_field(initial)
        else:
            self.fields["text"] = _text_field(initial)

    def clean_url(self) -> str:
        """« exemple.org » as people write it, with the https that browsers leave out."""
        url = self.cleaned_data["url"]
        return url if not url or SCHEME.match(url) else f"https://{url}"

    def clean_text(self) -> str:
        """As it was typed; a browser sends two characters for one end of line."""
        return self.cleaned_data["text"].replace("\r\n", "\n")

    @property
    def content(self) -> dict[str, Any]:
        """What `services.deposits.deposit` takes: one of `file`, `url`, `text`."""
        return dict(self.cleaned_data)


class EntryForm(DepositForm):
    """What an organizer enters for a team: the same, and why."""

    def __init__(self, deliverable: Deliverable, *args: Any, **kwargs: Any):
        super().__init__(deliverable, *args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label=_("Pourquoi vous déposez à sa place"),
            max_length=300,
            help_text=_("L’équipe et le jury le liront. Par exemple : clé USB apportée à 23:04."),
        )


def _file_field(deliverable: Deliverable) -> forms.FileField:
    attrs = {"data-max-bytes": str(deliverable.max_bytes)}
    if deliverable.formats:
        attrs["accept"] = ",".join(_accepted(accepted_endings(deliverable)))
    return forms.FileField(
        label=_("Fichier"),
        allow_empty_file=True,  # the rule says more about it than the field would
        widget=forms.FileInput(attrs=attrs),
        error_messages={"required": _("Choisissez d’abord un fichier.")},
    )


def _accepted(endings: list[str]) -> list[str]:
    """Extensions, and for pictures and films their type too: it makes a phone offer its own.

    The very type and not `image/*`: a phone then turns its own kind of picture into that one.
    """
    types = (guess_type(f"x.{name}")[0] or "" for name in endings)
    pictures = [kind for kind in types if kind.startswith(("image/", "video/"))]
    return [*(f".{name}" for name in endings), *dict.fromkeys(pictures)]


def _link_field(initial: str) -> forms.CharField:
    return forms.CharField(
        label=_("Adresse"),
        initial=initial,
        # Not type="url": browsers then refuse « exemple.org » in words of their own.
        widget=forms.TextInput(
            attrs={
                "inputmode": "url",
                "autocapitalize": "none",
                "autocomplete": "off",
                "spellcheck": "false",
                "placeholder": "https://",
            }
        ),
        error_messages={"required": _("Écrivez l’adresse avant de l’envoyer.")},
    )


def _text_field(initial: str) -> forms.CharField:
    return forms.CharField(
        label=_("Texte"),
        initial=initial,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "data-max-chars": str(TEXT_MAX_CHARS)}),
        error_messages={"required": _("Écrivez le texte avant de l’envoyer.")},
    )


# ---------------------------------------------------------------- organizers


class FormatsField(forms.CharField):
    """« PDF, .zip tar.gz » as a list of extensions without their dot."""

    def prepare_value(self, value: Any) -> Any:
        """The list as people write it."""
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """In lower case, each once."""
        words = re.split(r"[\s,;]+", (super().to_python(value) or "").lower())
        found = [word.lstrip(".") for word in words if word.strip(".")]
        if wrong := [name for name in found if not FORMAT.match(name)]:
            raise forms.ValidationError(
                _("« %(name)s » n’est pas une extension : écrivez par exemple pdf, zip."),
                params={"name": wrong[0]},
            )
        return list(dict.fromkeys(found))


class DeliverableForm(forms.Form):
    """One deliverable, as organizers think of it: megabytes, and extensions in a line."""

    name = forms.CharField(label=_("Nom"), max_length=120)
    description = forms.CharField(
        label=_("Précisions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce que les équipes liront sous le nom."),
    )
    kind = forms.ChoiceField(
        label=_("Nature"), choices=Kind, widget=forms.RadioSelect, initial=Kind.FILE
    )
    formats = FormatsField(
        label=_("Formats acceptés"),
        required=False,
        help_text=_(
            "Extensions séparées par des virgules : pdf, zip. Vide : tous. Fichiers seuls."
        ),
    )
    max_megabytes = forms.DecimalField(
        label=_("Taille maximale (Mo)"),
        initial=100,
        min_value=0,
        max_digits=8,
        decimal_places=3,
        max_value=20_000,
        help_text=_("Pour les fichiers."),
    )
    required = forms.BooleanField(label=_("Obligatoire"), required=False, initial=True)

    @classmethod
    def initial_of(cls, deliverable: Deliverable) -> dict[str, Any]:
        """The form's values of a stored deliverable."""
        return {
            "name": deliverable.name,
            "description": deliverable.description,
            "kind": deliverable.kind,
            "formats": deliverable.formats,
            "max_megabytes": f"{deliverable.max_bytes / MEGABYTE:g}",
            "required": deliverable.required,
        }

    def clean_max_megabytes(self) -> int:
        """In bytes."""
        size = int(self.cleaned_data["max_megabytes"] * MEGABYTE)
        if size < 1:
            raise forms.ValidationError(_("Donnez une taille plus grande que zéro."))
        return size

    @property
    def values(self) -> dict[str, Any]:
        """What `services.deliverables.save` takes."""
        values = dict(self.cleaned_data)
        values["max_bytes"] = values.pop("max_megabytes")
        if values["kind"] != Kind.FILE:
            values["formats"] = []
        return values


class ExtensionForm(forms.Form):
    """A delay for one department or one team of `edition`, chosen in one list.

    `initial={"target": "team:12"}` (or `department:3`) chooses beforehand.
    """

    target = forms.ChoiceField(label=_("Pour qui"))
    minutes = forms.IntegerField(
        label=_("Minutes en plus"),
        initial=10,
        validators=[MinValueValidator(1), MaxValueValidator(EXTENSION_MAX_MINUTES)],
        widget=forms.NumberInput(
            attrs={"min": 1, "max": EXTENSION_MAX_MINUTES, "inputmode": "numeric"}
        ),
    )
    reason = forms.CharField(
        label=_("Raison"),
        max_length=300,
        help_text=_("L’équipe et le jury la lisent."),
    )

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.departments = {d.pk: d for d in Department.objects.filter(edition=edition)}
        teams = Team.objects.filter(edition=edition).select_related("department")
        self.teams = {team.pk: team for team in teams.order_by("name")}
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Choisissez une équipe ou un département")),
            (
                _("Départements"),
                [(f"department:{d.pk}", d.name) for d in self.departments.values()],
            ),
            (_("Équipes"), [(f"team:{t.pk}", _in_words(t)) for t in self.teams.values()]),
        ]

    @property
    def granted(self) -> dict[str, Any]:
        """What `services.extensions.grant` takes: `team`, `department`, `minutes`, `reason`."""
        kind, _colon, pk = self.cleaned_data["target"].partition(":")
        return {
            "team": self.teams[int(pk)] if kind == "team" else None,
            "department": self.departments[int(pk)] if kind == "department" else None,
            "minutes": self.cleaned_data["minutes"],
            "reason": self.cleaned_data["reason"],
        }


def _in_words(team: Team) -> str:
    place = _("salle %(room)s") % {"room": team.room} if team.room else team.department.code
    return f"{team.name} · {place}"
