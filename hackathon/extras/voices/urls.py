from django.urls import path

from hackathon.extras.voices import views

app_name = "voices"

urlpatterns = [
    path("avis/", views.own, name="own"),
    path("avis/phrase/", views.sign, name="sign"),
    path("organisation/editions/<slug:slug>/avis/", views.index, name="index"),
    path("organisation/editions/<slug:slug>/avis/<int:pk>/", views.decide, name="decide"),
]
