from django.urls import path

from teams.views import calls, duties, organizers, student, students

app_name = "teams"

urlpatterns = [
    path("equipe/", student.mine, name="mine"),
    path("equipe/inscrire/", student.register, name="register"),
    path("equipe/rejoindre/", student.find, name="find"),
    path("equipe/rejoindre/<str:code>/", student.join, name="join"),
    path("equipe/quitter/", student.leave, name="leave"),
    path("equipe/capitaine/", student.pass_captaincy, name="pass-captaincy"),
    path("equipe/e-mails/", student.mails, name="mails"),
    path("equipe/code/", student.renew_code, name="renew-code"),
    path("equipe/modifier/", student.edit, name="edit"),
    path("equipe/membres/<int:pk>/retirer/", student.remove, name="remove"),
    path("equipe/aide/", calls.card, name="help"),
    path("equipe/aide/<int:pk>/retirer/", calls.withdraw, name="help-withdraw"),
    path("appels/", calls.queue, name="queue"),
    path("appels/<int:pk>/prendre/", calls.claim, name="help-claim"),
    path("appels/<int:pk>/en-route/", calls.start, name="help-start"),
    path("appels/<int:pk>/terminer/", calls.finish, name="help-finish"),
    path("appels/<int:pk>/rendre/", calls.release, name="help-release"),
    path("organisation/appels/", duties.index, name="duties"),
    path("organisation/appels/<int:pk>/retirer/", duties.remove, name="duty-remove"),
    path("organisation/editions/<slug:slug>/etudiants/", students.index, name="students"),
    path("organisation/equipes/", organizers.index, name="list"),
    path("organisation/equipes/inscrire/", organizers.enter, name="enter"),
    path("organisation/equipes/<int:pk>/", organizers.team, name="organized"),
    path("organisation/equipes/<int:pk>/salle/", organizers.room, name="room"),
    path("organisation/equipes/<int:pk>/membres/", organizers.add_member, name="add-member"),
    path("organisation/membres/<int:pk>/code-d-entree/", organizers.entry_code, name="entry-code"),
    path("organisation/equipes/<int:pk>/supprimer/", organizers.dissolve, name="dissolve"),
]
