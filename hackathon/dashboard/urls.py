"""Control room, projector, announcements, and the start page of each role."""

from django.urls import path

from hackathon.dashboard import views

app_name = "dashboard"

urlpatterns = [
    path("accueil/", views.start, name="start"),
]
