from django import forms


class SubscriptionForm(forms.Form):
    """What a browser gives to `js/notify.js`."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=90)
    auth = forms.CharField(max_length=30)
