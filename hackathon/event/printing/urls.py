from django.urls import path

from hackathon.event.printing import views

app_name = "printing"

urlpatterns = [
    path("organisation/editions/<slug:slug>/imprimer/", views.index, name="index"),
    path("organisation/editions/<slug:slug>/imprimer/equipes.pdf", views.teams, name="teams"),
    path("organisation/editions/<slug:slug>/imprimer/etages.pdf", views.floors, name="floors"),
]
