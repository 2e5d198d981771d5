from django.urls import path

from hackathon.extras.passages import views

app_name = "passages"

urlpatterns = [
    path("organisation/editions/<slug:slug>/passages/", views.index, name="index"),
    path("ceremonie/passages/", views.order, name="order"),
    path("passage/", views.own, name="own"),
    path("passage/<str:token>/", views.speaker, name="speaker"),
    path("projection/<str:key>/supports/", views.decks, name="decks"),
    path("projection/<str:key>/supports/<int:pk>/", views.deck, name="deck"),
]
