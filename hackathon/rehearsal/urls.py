from django.urls import path

from hackathon.rehearsal import views

app_name = "rehearsal"

urlpatterns = [
    path("organisation/editions/<slug:slug>/repetition/", views.small, name="small"),
    path(
        "organisation/editions/<slug:slug>/repetition/<int:pk>/rapport.html",
        views.report,
        name="report",
    ),
]
