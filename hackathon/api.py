"""Addresses of the API, for other programs. They change only with a version."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from hackathon.dashboard import api as dashboard
from hackathon.editions import api as editions

app_name = "api"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("v1/announcements/", dashboard.Announcements.as_view(), name="announcements"),
    path("v1/edition/", editions.EditionView.as_view(), name="edition"),
    path("v1/live/", dashboard.Live.as_view(), name="live"),
]
