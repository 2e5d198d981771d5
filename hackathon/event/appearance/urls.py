from django.urls import path

from hackathon.event.appearance import views

app_name = "appearance"

urlpatterns = [
    path("organisation/editions/<slug:slug>/apparence/", views.edit, name="edit"),
    path("apparence/<str:theme>/<str:colors>.css", views.stylesheet, name="stylesheet"),
    path("apparence/<str:digest>/<int:size>.png", views.logo, name="logo"),
]
