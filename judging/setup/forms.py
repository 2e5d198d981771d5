from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import ClassVar
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.errors import RefusalCode
from hackathon.base.core.forms import AddressField
from hackathon.base.core.tables import MultilineField, RowForm
from judging.enums import JurorKind, Method
from judging.errors import JudgingRefusal
from judging.models import Criterion, Juror, JuryRules, Recusal
from judging.plan.forms import PairForm


class CriterionForm(forms.ModelForm):
    class Meta:
        model = Criterion
        fields: ClassVar[tuple[str, ...]] = ("name", "weight", "scale", "guidance")
        widgets = {"guidance": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "weight": gettext_lazy("Une note de coefficient 3 compte trois fois."),
            "guidance": gettext_lazy(
                "Ce que le juré lit sous le critère : à quoi reconnaître un 16."
            ),
        }


class EditCriterionForm(EditingForm, CriterionForm):
    pass


class CriterionRow(RowForm, CriterionForm):
    guidance = MultilineField(
        label=gettext_lazy("Repères pour noter"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 1}),
    )


class JurorForm(forms.Form):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {JudgingRefusal.JUROR_IN_TEAM: "email"}

    email = AddressField(label=gettext_lazy("Adresse e-mail"), max_length=254)
    name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        max_length=120,
        help_text=gettext_lazy("Sert si l’adresse n’a pas encore de compte."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Qualité"), choices=JurorKind.choices, initial=JurorKind.TEACHER
    )
    is_president = forms.BooleanField(label=gettext_lazy("Préside le jury"), required=False)


class SeatForm(EditingForm):
    kind = forms.ChoiceField(label=gettext_lazy("Qualité"), choices=JurorKind.choices)
    is_president = forms.BooleanField(label=gettext_lazy("Préside le jury"), required=False)


READINGS_MAX = 30
REASON_CHARS = Recusal._meta.get_field("reason").max_length


class RulesForm(forms.Form):
    """Once scoring has begun only `readings` may change."""

    method = forms.ChoiceField(
        label=gettext_lazy("Méthode du classement"),
        choices=Method.choices,
        widget=forms.RadioSelect,
    )
    readings = forms.IntegerField(
        label=gettext_lazy("Lectures par équipe"),
        min_value=1,
        max_value=READINGS_MAX,
        help_text=gettext_lazy("Combien de jurés notent chaque équipe : 3 suffisent d’ordinaire."),
    )
    separation = forms.IntegerField(
        label=gettext_lazy("Seuil qui départage, en %"),
        min_value=50,
        max_value=99,
        help_text=gettext_lazy(
            "Deux équipes sont ex æquo tant que leur ordre n’est pas sûr à ce point : 80 convient."
        ),
    )

    def __init__(self, rules: JuryRules, data: QueryDict | None = None, *, begun: bool) -> None:
        super().__init__(
            data,
            initial={
                "method": rules.method,
                "readings": rules.readings,
                "separation": round(100 * rules.separation),
            },
        )
        self.fields["method"].disabled = self.fields["separation"].disabled = begun

    def clean_separation(self) -> Decimal:
        return Decimal(self.cleaned_data["separation"]) / 100


class AmendForm(CriterionForm):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {JudgingRefusal.MARKS_ABOVE_SCALE: "scale"}

    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=REASON_CHARS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Gardé dans le journal, avec votre nom, avant et après."),
    )


class RecusalForm(PairForm):
    reason = forms.CharField(label=gettext_lazy("Motif"), max_length=REASON_CHARS)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=REASON_CHARS,
        help_text=gettext_lazy(
            "Lu par l’organisation et la présidence du jury, par personne d’autre."
        ),
    )


class BadgesForm(forms.Form):
    jurors = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Pour qui"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choisissez au moins un juré.")},
    )
    replace = forms.BooleanField(
        required=False,
        label=gettext_lazy("Annuler les badges déjà imprimés de ces jurés"),
        help_text=gettext_lazy(
            "Pour un badge perdu : les anciens badges et codes ne servent plus, et ce qui est"
            " ouvert à leur nom se ferme. Aucune note n’est perdue. Sinon, tout reste valable."
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, jurors: Sequence[Juror], with_badge: Collection[int], data: QueryDict | None = None
    ) -> None:
        without = [juror.pk for juror in jurors if juror.pk not in with_badge]
        super().__init__(data, initial={"jurors": without, "key": uuid4()})
        self.by_pk = {juror.pk: juror for juror in jurors}
        self.has_badges = bool(with_badge)
        field = self.fields["jurors"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [
            (
                juror.pk,
                _("{name} (a un badge)").format(name=juror.user.display_name)
                if juror.pk in with_badge
                else juror.user.display_name,
            )
            for juror in jurors
        ]

    @property
    def chosen(self) -> list[Juror]:
        return [self.by_pk[pk] for pk in self.cleaned_data["jurors"]]
