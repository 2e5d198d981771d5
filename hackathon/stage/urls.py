from django.urls import path

from hackathon.stage.views import ceremony, projector

app_name = "stage"

urlpatterns = [
    path("ecran/", projector.screen, name="projector"),
    path("ecran/scene/", projector.stage, name="scene"),
    path("ecran/veille.js", projector.watch, name="projector-watch"),
    path("pilotage/ecran/", projector.choose, name="choose"),
    path("ceremonie/", ceremony.screen, name="ceremony"),
    path("ceremonie/scene/", ceremony.scene, name="ceremony-scene"),
    path("ceremonie/veille.js", projector.watch, name="ceremony-watch"),
    path("ceremonie/telecommande/", ceremony.remote, name="remote"),
]
