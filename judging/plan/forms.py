from collections.abc import Iterable, Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from judging.models import Juror
from teams.models import Team


class PairForm(forms.Form):
    juror = forms.TypedChoiceField(label=gettext_lazy("Juré"))
    team = forms.TypedChoiceField(label=gettext_lazy("Équipe"))

    def __init__(
        self, jurors: Iterable[Juror], teams: Iterable[Team], data: QueryDict | None = None
    ) -> None:
        super().__init__(data)
        self._offer("juror", {juror.pk: juror for juror in jurors})
        self._offer("team", {team.pk: team for team in teams})

    def _offer(self, name: str, offered: Mapping[int, Juror | Team]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "…"), *((pk, _name_of(thing)) for pk, thing in offered.items())]
        field.coerce = lambda pk: offered[int(pk)]


def _name_of(thing: Juror | Team) -> str:
    return thing.user.display_name if isinstance(thing, Juror) else thing.name
