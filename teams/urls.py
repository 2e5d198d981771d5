from django.urls import include, path

from hackathon.event.editions.views.setup import of_shown_edition
from teams.views import acts, calls, duties, organizers, rooms, student, students

app_name = "teams"

of_one_edition = [
    path("etudiants/", students.index, name="students"),
    path("etudiants/<int:pk>/retirer/", students.take_off, name="student-take-off"),
    path("equipes/", organizers.index, name="list"),
    path("equipes/inscrire/", organizers.enter, name="enter"),
    path("salles/", rooms.index, name="rooms"),
    path("salles/placement/", rooms.placement, name="placement"),
    path("salles/placement/<int:pk>/annuler/", rooms.undo, name="placement-undo"),
]

of_one_team = [
    path("", organizers.team, name="organized"),
    path("salle/", organizers.room, name="room"),
    path("membres/", organizers.add_member, name="add-member"),
    path("supprimer/", organizers.dissolve, name="dissolve"),
    *(
        path(act.path, acts.act_at_desk if act.at_desk else acts.act, {"name": name}, name=name)
        for name, act in acts.ACTS.items()
    ),
    path("absence/", acts.presence, name="absence"),
    path("visite/", acts.visit, name="visit"),
    path("notes/", acts.note, name="note"),
    path("notes/<int:note_pk>/supprimer/", acts.delete_note, name="note-delete"),
]

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
    path("organisation/editions/<slug:slug>/", include(of_one_edition)),
    path("organisation/equipes/", of_shown_edition("teams:list"), name="list"),
    path("organisation/equipes/inscrire/", of_shown_edition("teams:enter"), name="enter"),
    path("organisation/equipes/<int:pk>/", include(of_one_team)),
    path("organisation/membres/<int:pk>/code-d-entree/", organizers.entry_code, name="entry-code"),
]
