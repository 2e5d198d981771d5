"""Control room, projector, announcements, and the start page of each role."""

from django.urls import path

from hackathon.dashboard.views import announcements, control, public

app_name = "dashboard"

urlpatterns = [
    path("accueil/", public.start, name="start"),
    path("facade/", public.facade, name="facade"),
    path("ecran/", public.screen, name="screen"),
    path("ecran/scene/", public.scene, name="scene"),
    path("ecran/annonce/", public.banner, name="banner"),
    path("annonces/", announcements.index, name="announcements"),
    path("annonces/nouvelle/", announcements.new, name="announce"),
    path("annonces/<int:pk>/", announcements.edit, name="announcement"),
    path("annonces/<int:pk>/retirer/", announcements.withdraw, name="announcement-withdraw"),
    path("annonces/<int:pk>/portee/", announcements.reach, name="announcement-reach"),
    path("lu/", announcements.read, name="read"),
    path("compteurs/", announcements.counts, name="counts"),
    path("pilotage/", control.control, name="control"),
    path("pilotage/blocs/<slug:name>/", control.block, name="block"),
    path("pilotage/equipes/<int:pk>/", control.team, name="team"),
    path("pilotage/horaires/", control.move, name="move"),
    path("pilotage/delai/", control.extension, name="extension"),
    path("pilotage/prevenir/", control.warn, name="warn"),
]
