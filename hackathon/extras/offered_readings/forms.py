from django import forms


class OfferForm(forms.Form):
    """The answer to an offered reading. `team` is the one that the page showed."""

    team = forms.IntegerField(min_value=1)
    decline = forms.BooleanField(required=False)
