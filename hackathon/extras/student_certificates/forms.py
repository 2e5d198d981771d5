from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Edition
from teams.models import Membership


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        name = obj.user.display_name
        names = dict.fromkeys(filter(None, (obj.certificate_name or name, name)))
        return f"{' / '.join(names)} ({obj.team.name})"


class NameForm(forms.Form):
    member = MemberField(label=_("Qui"), queryset=Membership.objects.none())
    name = forms.CharField(
        label=_("Nom sur les attestations"),
        max_length=Membership._meta.get_field("certificate_name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data)
        members = Membership.objects.filter(edition=edition).order_by("user__name", "pk")
        member = cast(forms.ModelChoiceField, self.fields["member"])
        member.queryset = members.select_related("user", "team", "edition")
