"""Control room, projector, announcements, and the start page of each role."""

from django.urls import path

from hackathon.dashboard.views import (
    announcements,
    ceremony,
    control,
    packages,
    public,
    questions,
    queue,
    screens,
)

app_name = "dashboard"

urlpatterns = [
    path("accueil/", public.start, name="start"),
    path("facade/", public.facade, name="facade"),
    path("ecran/", screens.screen, name="screen"),
    path("ecran/scene/", screens.stage, name="scene"),
    path("ecran/veille.js", screens.watch, name="screen-watch"),
    path("ceremonie/", ceremony.screen, name="ceremony"),
    path("ceremonie/scene/", ceremony.scene, name="ceremony-scene"),
    path("ceremonie/veille.js", ceremony.watch, name="ceremony-watch"),
    path("ceremonie/telecommande/", ceremony.remote, name="remote"),
    path("annonces/", announcements.index, name="announcements"),
    path("annonces/nouvelle/", announcements.new, name="announce"),
    path("annonces/<int:pk>/", announcements.edit, name="announcement"),
    path("annonces/<int:pk>/retirer/", announcements.withdraw, name="announcement-withdraw"),
    path("annonces/<int:pk>/portee/", announcements.reach, name="announcement-reach"),
    path("questions/", questions.index, name="questions"),
    path("questions/poser/", questions.ask, name="ask"),
    path("questions/file/", queue.index, name="queue"),
    path("questions/<int:pk>/", queue.question, name="question"),
    path("questions/<int:pk>/prendre/", queue.take, name="question-take"),
    path("questions/<int:pk>/rendre/", queue.release, name="question-release"),
    path("questions/<int:pk>/clore/", queue.close, name="question-close"),
    path("questions/<int:pk>/publier/", queue.publish, name="question-publish"),
    path("questions/<int:pk>/depublier/", queue.unpublish, name="question-unpublish"),
    path("paquets/", packages.index, name="packages"),
    path("paquets/<uuid:pk>/", packages.content, name="package"),
    path("paquets/<uuid:pk>/cle/", packages.key, name="package-key"),
    path("lu/", announcements.read, name="read"),
    path("compteurs/", announcements.counts, name="counts"),
    path("pilotage/", control.control, name="control"),
    path("pilotage/blocs/<slug:name>/", control.block, name="block"),
    path("pilotage/equipes/<int:pk>/", control.team, name="team"),
    path("pilotage/horaires/", control.move, name="move"),
    path("pilotage/ecran/", screens.choose, name="screen-choose"),
    path("pilotage/delai/", control.extension, name="extension"),
    path("pilotage/prevenir/", control.warn, name="warn"),
]
