from django.urls import path

from hackathon.day.announcements import views

app_name = "announcements"

urlpatterns = [
    path("annonces/", views.index, name="list"),
    path("annonces/nouvelle/", views.new, name="new"),
    path("annonces/<int:pk>/", views.edit, name="edit"),
    path("annonces/<int:pk>/retirer/", views.withdraw, name="withdraw"),
    path("annonces/<int:pk>/portee/", views.reach, name="reach"),
    path("lu/", views.read, name="read"),
]
