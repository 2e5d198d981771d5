from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts.models import User
from hackathon.base.core.editing import EditingForm
from hackathon.base.core.forms import model_fields
from hackathon.event.editions.models import Edition
from hackathon.extras.emergency import selectors
from hackathon.extras.emergency.errors import EmergencyRefusal
from hackathon.extras.emergency.models import NOTICE_LENGTH, Emergency, SafetyNotice


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.display_name


def _person(label: Any) -> PersonField:
    return PersonField(
        label=label,
        queryset=User.objects.none(),
        empty_label=_("Pas encore"),
        required=False,
    )


class NoticeForm(EditingForm):
    REFUSAL_FIELDS = {
        EmergencyRefusal.SAME_PERSON: "second",
        EmergencyRefusal.NOT_AVAILABLE: "first",
    }

    locals().update(model_fields(SafetyNotice, ("text",)))
    first = _person(_("Première personne prévenue"))
    second = _person(_("Seconde personne prévenue"))

    def __init__(self, data: Any = None, *, edition: Edition, notice: SafetyNotice | None) -> None:
        initial = {
            "text": notice.text if notice else "",
            "first": notice and notice.first_id,
            "second": notice and notice.second_id,
        }
        super().__init__(data, initial=initial)
        people = selectors.candidates(edition)
        for name in ("first", "second"):
            cast(PersonField, self.fields[name]).queryset = people
        self.fields["text"].widget.attrs |= {"rows": 5, "maxlength": NOTICE_LENGTH}


class CallForm(forms.Form):
    locals().update(model_fields(Emergency, ("text",)))

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        text = self.fields["text"]
        text.label = _("Où êtes-vous, et que se passe-t-il ?")
        text.widget.attrs |= {"autocomplete": "off"}
