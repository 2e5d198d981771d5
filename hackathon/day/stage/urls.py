from django.urls import include, path

from hackathon.day.stage.views import ceremony, projector, projectors

app_name = "stage"

of_one_edition = [
    path("projecteurs/", projectors.projectors, name="projectors"),
    path("projecteurs/<int:pk>/", projectors.projectors, name="projector-edit"),
    path("projecteurs/<int:pk>/nouvelles-adresses/", projectors.renew, name="projector-renew"),
    path("projecteurs/<int:pk>/retirer/", projectors.remove, name="projector-remove"),
]

urlpatterns = [
    path("ecran/", projector.screen, name="projector"),
    path("ecran/scene/", projector.stage, name="scene"),
    path("ecran/veille.js", projector.watch, name="projector-watch"),
    path("projection/<str:key>/", projector.projection, name="projection"),
    path("projection/<str:key>/scene/", projector.stage, name="projection-scene"),
    path("projection/<str:key>/veille.js", projector.watch, name="projection-watch"),
    path("pilotage/ecran/", projector.choose, name="choose"),
    path("ceremonie/", ceremony.screen, name="ceremony"),
    path("ceremonie/scene/", ceremony.scene, name="ceremony-scene"),
    path("ceremonie/veille.js", projector.watch, name="ceremony-watch"),
    path("ceremonie/telecommande/", ceremony.remote, name="remote"),
    path("organisation/editions/<slug:slug>/", include(of_one_edition)),
]
