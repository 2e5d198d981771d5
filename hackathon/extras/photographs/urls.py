from django.urls import include, path

from hackathon.extras.photographs.views import organizers, pages

app_name = "photographs"

of_one_edition = [
    path("", organizers.index, name="index"),
    path("pas-de-photo.pdf", organizers.sheet, name="sheet"),
    path("<uuid:pk>/", organizers.edit, name="edit"),
    path("<uuid:pk>/supprimer/", organizers.remove, name="remove"),
    path("<uuid:pk>/grande/", organizers.picture, {"size": "large"}, name="large"),
    path("<uuid:pk>/petite/", organizers.picture, {"size": "small"}, name="small"),
]
public = [
    path("", pages.index, name="public-index"),
    path("<uuid:pk>/grande/", pages.picture, {"size": "large"}, name="public-large"),
    path("<uuid:pk>/petite/", pages.picture, {"size": "small"}, name="public-small"),
]

urlpatterns = [
    path("equipe/photos/", pages.answer, name="answer"),
    path("editions/<slug:slug>/photos/", include(public)),
    path("organisation/editions/<slug:slug>/photos/", include(of_one_edition)),
]
