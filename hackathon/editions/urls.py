"""Pages of this app."""

from django.urls import URLPattern

app_name = "editions"

urlpatterns: list[URLPattern] = []
