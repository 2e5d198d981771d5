"""Pages of the account that allauth does not have."""

from django.urls import URLPattern

app_name = "accounts"

urlpatterns: list[URLPattern] = []
