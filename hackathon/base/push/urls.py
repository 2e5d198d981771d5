from django.urls import path

from hackathon.base.push import views

app_name = "push"

urlpatterns = [
    path("marche/", views.subscribe, name="subscribe"),
    path("arret/", views.unsubscribe, name="unsubscribe"),
]
