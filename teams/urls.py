"""Pages of this app."""

from django.urls import path

from teams.views import organizers, student

app_name = "teams"

urlpatterns = [
    path("equipe/", student.mine, name="mine"),
    path("equipe/inscrire/", student.register, name="register"),
    path("equipe/rejoindre/", student.join, name="join"),
    path("equipe/rejoindre/<str:code>/", student.join, name="join"),
    path("equipe/quitter/", student.leave, name="leave"),
    path("equipe/capitaine/", student.pass_captaincy, name="pass-captaincy"),
    path("equipe/modifier/", student.edit, name="edit"),
    path("equipe/membres/<int:pk>/retirer/", student.remove, name="remove"),
    path("organisation/equipes/", organizers.index, name="list"),
    path("organisation/equipes/inscrire/", organizers.enter, name="enter"),
    path("organisation/equipes/<int:pk>/salle/", organizers.room, name="room"),
    path("organisation/equipes/<int:pk>/membres/", organizers.add_member, name="add-member"),
    path("organisation/equipes/<int:pk>/supprimer/", organizers.dissolve, name="dissolve"),
]
