from django.urls import path

from hackathon.control_room import views

app_name = "control_room"

urlpatterns = [
    path("pilotage/", views.control, name="control"),
    path("pilotage/blocs/<slug:name>/", views.block, name="block"),
    path("pilotage/equipes/<int:pk>/", views.team, name="team"),
    path("pilotage/horaires/", views.move, name="move"),
    path("pilotage/inscriptions/", views.freeze, name="freeze"),
    path("pilotage/delai/", views.extension, name="extension"),
    path("pilotage/prevenir/", views.warn, name="warn"),
]
