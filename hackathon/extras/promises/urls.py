from django.urls import path

from hackathon.event.editions.views.setup import of_shown_edition
from hackathon.extras.promises import views

app_name = "promises"

urlpatterns = [
    path("engagement/<str:key>/<str:promised>/", views.promise, name="promise"),
    path("organisation/editions/<slug:slug>/engagements/", views.desk, name="desk"),
    path("organisation/editions/<slug:slug>/engagements/fin/", views.end, name="end"),
    path(
        "organisation/editions/<slug:slug>/engagements/<int:pk>/annuler/", views.void, name="void"
    ),
    path("rendu/engagements/<int:pk>/annuler/", views.not_ours, name="not-ours"),
    path("rendu/engagements/carre/", views.renew_key, name="renew-key"),
    path("organisation/engagements/", of_shown_edition("promises:desk"), name="desk"),
]
