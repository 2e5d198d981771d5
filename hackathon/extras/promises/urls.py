from django.urls import path

from hackathon.event.editions.views.setup import of_shown_edition
from hackathon.extras.promises import views

app_name = "promises"

urlpatterns = [
    path("engagement/<str:key>/<str:promised>/", views.promise, name="promise"),
    path("organisation/editions/<slug:slug>/engagements/", views.desk, name="desk"),
    path("organisation/editions/<slug:slug>/engagements/fin/", views.end, name="end"),
    path("organisation/engagements/", of_shown_edition("promises:desk"), name="desk"),
]
