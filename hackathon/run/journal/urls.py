from django.urls import path

from hackathon.run.journal import views

app_name = "journal"

urlpatterns = [
    path("pilotage/journal/", views.current, name="current"),
    path("organisation/editions/<slug:slug>/journal/", views.index, name="index"),
]
