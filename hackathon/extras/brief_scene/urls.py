from django.urls import path

from hackathon.extras.brief_scene import views

app_name = "brief_scene"

urlpatterns = [
    path("organisation/editions/<slug:slug>/projecteurs/sujet/", views.edit, name="edit"),
    path("projection/<str:key>/etat/", views.report, name="report"),
    path("projection/<str:key>/paquet/<uuid:pk>/", views.package, name="package"),
    path("salle-prete/<str:key>/", views.room_ready, name="room-ready"),
]
