from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry
from hackathon.base.core.forms import InstantField
from hackathon.run.journal.selectors import Wanted


class JournalFilterForm(forms.Form):
    """In the address of the page. What is not valid is ignored."""

    q = forms.CharField(
        label=_("Personne ou équipe"),
        max_length=80,
        required=False,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    group = forms.ChoiceField(label=_("Acte"), required=False)
    since = InstantField(label=_("De"), required=False)
    until = InstantField(label=_("À"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="journal_%s")
        groups = [(key, group.label) for key, group in registry.groups.items()]
        cast(forms.ChoiceField, self.fields["group"]).choices = [("", _("Tous")), *groups]
        self.is_valid()

    @property
    def wanted(self) -> Wanted:
        values = self.cleaned_data
        return Wanted(
            text=values.get("q", "").strip(),
            group=values.get("group", ""),
            since=values.get("since"),
            until=values.get("until"),
        )
