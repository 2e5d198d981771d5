from django.urls import path

from hackathon.extras.standby import views

app_name = "standby"

urlpatterns = [
    path(
        "organisation/editions/<slug:slug>/verification/second-serveur/",
        views.strict,
        name="strict",
    ),
]
