from django.urls import include, path

from hackathon.event.imports import views

app_name = "imports"

of_one_edition = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.preview, name="preview"),
    path("<int:pk>/annuler/", views.undo, name="undo"),
]

urlpatterns = [
    path("organisation/editions/<slug:slug>/equipes/completer/", views.complete, name="complete"),
    path("organisation/editions/<slug:slug>/importer/", include(of_one_edition)),
]
