from django.urls import path

from hackathon.day.control_room import team_views, views

app_name = "control_room"

urlpatterns = [
    path("pilotage/", views.control, name="control"),
    path("pilotage/blocs/", views.blocks, name="blocks"),
    path("pilotage/equipes/<int:pk>/", views.team, name="team"),
    path("pilotage/horaires/", views.move, name="move"),
    path("pilotage/inscriptions/", views.freeze, name="freeze"),
    path("pilotage/delai/", views.extension, name="extension"),
    path("organisation/equipes/<int:pk>/fiche/", team_views.sheet, name="sheet"),
    path(
        "organisation/editions/<slug:slug>/equipes/actes/",
        team_views.act_on_teams,
        name="act-on-teams",
    ),
    path("pilotage/signalements/<int:pk>/clore/", views.close_flag, name="flag-close"),
    path("pilotage/prevenir/", views.warn, name="warn"),
]
