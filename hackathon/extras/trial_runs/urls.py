from django.urls import path

from hackathon.extras.trial_runs import views

app_name = "trial_runs"

urlpatterns = [
    path("organisation/editions/<slug:slug>/repetition/", views.small, name="small"),
    path(
        "organisation/editions/<slug:slug>/repetition/<int:pk>/rapport.html",
        views.report,
        name="report",
    ),
]
