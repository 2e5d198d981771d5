from django.urls import path

from hackathon.extras.rounds import views

app_name = "rounds"

urlpatterns = [
    path("ronde/", views.index, name="index"),
    path("ronde/equipes/<int:pk>/vue/", views.see, name="see"),
    path("ronde/equipes/<int:pk>/pas-vue/", views.unsee, name="unsee"),
    path("ronde/vues/", views.synchronise, name="synchronise"),
    path("ronde/ou-en-sont-les-equipes/", views.answers, name="answers"),
    path("pilotage/ou-en-etes-vous/", views.ask, name="ask"),
    path("pilotage/ou-en-etes-vous/<int:pk>/annuler/", views.cancel, name="cancel"),
    path("equipe/ou-en-etes-vous/", views.answer, name="answer"),
]
