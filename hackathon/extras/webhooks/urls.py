from django.urls import path

from hackathon.extras.webhooks import views

app_name = "webhooks"
ALL = "organisation/editions/<slug:slug>/webhooks/"
ONE = f"{ALL}<int:pk>/"

urlpatterns = [
    path(ALL, views.index, name="index"),
    path(ONE, views.detail, name="detail"),
    path(f"{ONE}essayer/", views.test, name="test"),
    path(f"{ONE}remettre-en-marche/", views.enable, name="enable"),
    path(f"{ONE}supprimer/", views.delete, name="delete"),
    path(f"{ONE}envois/<uuid:delivery_pk>/", views.send_again, name="send-again"),
]
