from django.urls import include, path

from hackathon.extras.favourite import views

app_name = "favourite"

of_one_edition = [
    path("", views.index, name="index"),
    path("ouvrir/", views.act, {"name": "open"}, name="open"),
    path("fermer/", views.act, {"name": "close"}, name="close"),
    path("badges/", views.act, {"name": "badges"}, name="badges"),
    path("badges/annuler/", views.act, {"name": "revoke"}, name="revoke"),
]

urlpatterns = [
    path("coup-de-coeur/", views.vote, name="vote"),
    path("coup-de-coeur/badge/", views.badge, name="badge"),
    path("organisation/editions/<slug:slug>/coup-de-coeur/", include(of_one_edition)),
]
