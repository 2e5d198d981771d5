"""Forms of the set-up. Instants are in the active time zone: views activate the edition's."""

from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from hackathon.base.core import extras
from hackathon.base.core.editing import EditingForm
from hackathon.base.core.forms import InstantField, model_fields
from hackathon.base.core.instants import EARLIEST, LATEST, NO_YEAR
from hackathon.base.core.tables import MultilineField, RowForm
from hackathon.event.editions import pasted, rules
from hackathon.event.editions.enums import (
    OF_DEPARTMENTS,
    STORED_MILESTONES,
    USUALLY_CLONED,
    ClonedPart,
    LatePolicy,
    Options,
)
from hackathon.event.editions.models import Department, Edition, Milestone, validate_timezone

IDENTITY = (
    "name",
    "slug",
    "school",
    "client",
    "number",
    "story",
    "place",
    "contact",
    "timezone",
    "team_size_min",
    "team_size_max",
    "winners_min",
    "winners_max",
    "shares_marks",
    "is_graded",
    "jury_reads_decision",
)
NEW_EDITION = ("name", "slug", "school", "client", "timezone")
SLUG_HELP = _(
    "Par exemple 2027, pour /editions/2027/, où le palmarès restera. Vide : elle est tirée du nom."
)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(help_text: Any) -> forms.DateField:
    bounds = [
        MinValueValidator(EARLIEST.date() + timedelta(days=400), NO_YEAR),
        MaxValueValidator(LATEST.date() - timedelta(days=400), NO_YEAR),
    ]
    return forms.DateField(
        label=_("Jour"), widget=DateInput(), help_text=help_text, validators=bounds
    )


class SluggedForm(forms.Form):
    """A name, and a slug that is made from it when left empty."""

    name = forms.CharField(label=_("Nom"), max_length=120)
    slug = forms.SlugField(label=_("Adresse"), required=False, help_text=SLUG_HELP)

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name", ""))[:50]


class CreateForm(SluggedForm):
    school = forms.CharField(label=_("Établissement"), max_length=120, required=False)
    client = forms.CharField(
        label=_("Client"),
        max_length=120,
        required=False,
        help_text=_("Pour qui les équipes travaillent. Peut attendre."),
    )
    day = day_field(_("Lancement à 8:30, rendu à 23:00 : chaque heure se change ensuite."))
    timezone = forms.CharField(
        label=_("Fuseau horaire"), initial="Europe/Paris", validators=[validate_timezone]
    )
    usual_milestones = forms.BooleanField(
        label=_("Ajouter les étapes habituelles (sujets à 10:00, repas, mi-parcours, pizzas…)"),
        required=False,
        initial=True,
    )

    options = forms.ChoiceField(
        label=_("Options"),
        choices=Options.choices,
        initial=Options.ALL,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Elles se changent à tout moment, sans rien perdre."),
    )

    def edition_fields(self, *, at: datetime) -> dict[str, Any]:
        """For `editions.create`."""
        data = {name: self.cleaned_data[name] for name in NEW_EDITION}
        day, zone = self.cleaned_data["day"], ZoneInfo(data["timezone"])
        usual = self.cleaned_data["usual_milestones"]
        milestones = rules.usual_moments(day, zone) if usual else []
        essential = self.cleaned_data["options"] == Options.ESSENTIAL
        data["extras"] = [] if essential else extras.installed()
        return {**data, **rules.usual_instants(day, zone, at=at), "milestones": milestones}


class CloneForm(SluggedForm):
    day = day_field(_("Chaque heure garde sa place dans la journée."))
    parts = forms.MultipleChoiceField(
        label=_("À reprendre"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, data: Any = None, *, source: Edition) -> None:
        super().__init__(data)
        of_extras = extras.cloned(source)
        parts = cast(forms.MultipleChoiceField, self.fields["parts"])
        parts.choices = [*ClonedPart.choices, *of_extras.items()]
        parts.initial = [*sorted(USUALLY_CLONED), *of_extras]

    def clean_parts(self) -> list[str]:
        parts: list[str] = self.cleaned_data["parts"]
        needing = [part for part in parts if part in OF_DEPARTMENTS]
        if needing and ClonedPart.DEPARTMENTS not in parts:
            raise forms.ValidationError(
                _("« %(part)s » : cochez aussi les départements."),
                params={"part": ClonedPart(needing[0]).label},
            )
        return parts


class OptionsForm(forms.Form):
    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data)
        self.fields["extras"] = forms.MultipleChoiceField(
            choices=[(extra.name, extra.label) for extra in extras.with_switch()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.rows = [(extra, extra.name in edition.extras) for extra in extras.with_switch()]


class IdentityForm(EditingForm):
    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data, initial={name: getattr(edition, name) for name in IDENTITY})
        self.fields.update(model_fields(Edition, IDENTITY))
        self.fields["slug"].help_text = _(
            "Par exemple 2027, pour /editions/2027/, où le palmarès restera. "
            "Elle ne change plus une fois les résultats publiés."
        )
        self.fields["client"].help_text = _(
            "Secret jusqu’à l’instant écrit sur la page du client, sinon jusqu’au premier sujet."
        )
        self.fields["number"].help_text = _("9 pour « neuvième édition ».")
        self.fields["story"].help_text = _(
            "Sur l’accueil : d’où vient cette journée, ce qui s’y passe. En Markdown."
        )
        self.fields["place"].help_text = _("Sur l’accueil. Par exemple : bâtiment et adresse.")
        self.fields["contact"].help_text = _(
            "Une adresse e-mail ou un téléphone de l’organisation. Tout le monde les voit."
        )
        self.fields["timezone"].help_text = _(
            "Les instants ne bougent pas : seules les heures affichées changent."
        )
        self.fields["shares_marks"].help_text = _(
            "À l’adresse du palmarès, sans jamais dire qui a donné quelle note. Dites-le aux jurys "
            "avant qu’ils notent."
        )
        self.fields["is_graded"].help_text = _(
            "Après la publication, l’organisation télécharge les notes pour Moodle et ScoDoc."
        )
        self.fields["jury_reads_decision"].help_text = _(
            "Sinon, seule la présidence les lit jusqu’à la publication."
        )


class ScheduleForm(forms.Form):
    registration_opens_at = InstantField(
        label=_("Ouverture des inscriptions"),
        help_text=_("À partir de là, les équipes s’inscrivent et se rejoignent."),
    )
    registration_closes_at = InstantField(
        label=_("Clôture des inscriptions"),
        help_text=_("Ensuite, seule l’organisation change les équipes."),
    )
    starts_at = InstantField(
        label=_("Lancement"), help_text=_("Le compte à rebours commence et les dépôts s’ouvrent.")
    )
    deadline_at = InstantField(
        label=_("Heure limite"),
        help_text=_(
            "Un dépôt entièrement reçu à cette seconde est à l’heure. Tous les écrans suivent."
        ),
    )
    grace_seconds = forms.IntegerField(
        label=_("Marge, en secondes"),
        min_value=0,
        max_value=24 * 3600,
        help_text=_(
            "Temps laissé à un envoi commencé avant l’heure limite pour se terminer. "
            "600 font dix minutes, 0 n’en laisse aucune."
        ),
    )
    late_policy = forms.ChoiceField(
        label=_("Après la marge"),
        choices=LatePolicy.choices,
        widget=forms.RadioSelect(),
        help_text=_("Un dépôt en retard ne remplace jamais un dépôt à l’heure."),
    )
    judging_opens_at = InstantField(
        label=_("Ouverture de la notation"),
        help_text=_(
            "Les jurys peuvent noter. Si l’heure limite recule au-delà, "
            "cette ouverture recule d’autant."
        ),
    )

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data, initial={name: getattr(edition, name) for name in self.base_fields})

    def moved(self) -> dict[str, Any]:
        """The changed values. An unchanged instant keeps its fraction of a second."""
        return {name: value for name, value in self.cleaned_data.items() if self._changed(name)}

    def _changed(self, name: str) -> bool:
        before, after = self.initial[name], self.cleaned_data[name]
        if isinstance(before, datetime):
            before = before.replace(microsecond=0)
        return before != after


class DayForm(forms.Form):
    to = InstantField(
        label=_("Nouveau lancement"),
        help_text=_("Toutes les autres heures à venir bougent d’autant."),
    )


class MilestoneForm(EditingForm):
    kind = forms.ChoiceField(label=_("Nature"), choices=STORED_MILESTONES)
    label = forms.CharField(label=_("Intitulé"), max_length=120)
    milestone_at = InstantField(label=_("Heure"))

    def __init__(
        self, data: Any = None, *, edition: Edition, milestone: Milestone | None = None
    ) -> None:
        initial: dict[str, Any] = {"milestone_at": edition.starts_at}
        if milestone is not None:
            initial = {
                "kind": milestone.kind,
                "label": milestone.label,
                "milestone_at": milestone.at,
            }
        super().__init__(data, initial=initial)


def clean_department_code(typed: str) -> str:
    """In capitals, checked by the validators of the model."""
    code = typed.upper()
    for validate in Department._meta.get_field("code").validators:
        validate(code)
    return code


class DepartmentsForm(forms.Form):
    """Several at once. `rows`: code and name."""

    departments = forms.CharField(
        label=_("Un département par ligne : son code, puis son nom"),
        widget=forms.Textarea(
            attrs={"rows": 6, "spellcheck": "false", "placeholder": "INFO Informatique"}
        ),
        help_text=_(
            "Le code est court, sans espace : INFO, GEA-2. Il sert d’adresse au sujet. "
            "Deux colonnes d’un tableur se collent telles quelles, dans un ordre ou dans l’autre."
        ),
    )
    rows: list[tuple[str, str]]

    def clean_departments(self) -> str:
        text, self.rows, errors = self.cleaned_data["departments"], [], []
        for number, line in enumerate(text.splitlines(), start=1):
            line = line.strip(" ;,\t")
            if not line:
                continue
            try:
                code, name = pasted.department(line)
                name = Department._meta.get_field("name").clean(name, None)
                self.rows.append((clean_department_code(code), name))
            except forms.ValidationError as error:
                errors += [_("Ligne {n} : {why}").format(n=number, why=m) for m in error.messages]
        if errors:
            raise forms.ValidationError(errors)
        return text


class DepartmentForm(EditingForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Court, sans espace : INFO, GEA-2. Il sert d’adresse au sujet."),
    )
    name = forms.CharField(label=_("Nom"), max_length=120)

    position = forms.IntegerField(
        label=_("Ordre"),
        min_value=0,
        max_value=999,
        required=False,
        help_text=_("Vide : à la fin."),
    )

    def clean_code(self) -> str:
        return clean_department_code(self.cleaned_data["code"])


class FileInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if files else []


class FilesField(forms.FileField):
    widget = FileInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(FilesField, self).clean(file) for file in data or []]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class BriefForm(EditingForm):
    title = forms.CharField(label=_("Titre"), max_length=160)
    body = forms.CharField(
        label=_("Texte"),
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("En Markdown : **gras**, listes avec « - », titres avec « ## », liens."),
    )
    published_at = InstantField(
        label=_("Instant de publication"),
        help_text=_(
            "Avant lui, le sujet n’existe que pour l’organisation. À lui, il paraît de lui-même."
        ),
    )
    attachments = FilesField(
        label=_("Ajouter des pièces jointes"),
        required=False,
        help_text=_("Plusieurs à la fois si besoin ; aussi secrètes que le sujet."),
    )


class BriefRow(RowForm, forms.Form):
    title = forms.CharField(label=_("Titre"), max_length=160)
    published_at = InstantField(label=_("Instant de publication"))
    body = MultilineField(label=_("Texte"), widget=forms.Textarea(attrs={"rows": 3}))
    attachments = FilesField(label=_("Ajouter des pièces jointes"), required=False)


def launch_on(day: date, like: datetime, zone: ZoneInfo) -> datetime:
    """On `day`, at the local time of `like` in `zone`."""
    return timezone.make_aware(
        datetime.combine(day, like.astimezone(zone).time().replace(fold=0)), zone
    )
