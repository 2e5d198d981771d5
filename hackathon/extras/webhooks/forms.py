from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode
from hackathon.extras.webhooks.enums import Form, Topic
from hackathon.extras.webhooks.errors import WebhookRefusal


class WebhookForm(forms.Form):
    REFUSAL_FIELDS: dict[RefusalCode, str] = {WebhookRefusal.ADDRESS: "url"}

    name = forms.CharField(label=_("Nom"), max_length=60, help_text=_("« Canal des profs »"))
    url = forms.CharField(
        label=_("Adresse"),
        max_length=500,
        help_text=_("Mattermost ou Slack la donne : « webhook entrant »."),
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    form = forms.ChoiceField(label=_("Forme"), choices=Form.choices, initial=Form.CHAT)
    topics = forms.MultipleChoiceField(
        label=_("Ce qui est envoyé"), choices=Topic.choices, widget=forms.CheckboxSelectMultiple
    )
