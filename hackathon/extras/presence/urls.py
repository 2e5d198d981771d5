from django.urls import include, path

from hackathon.extras.presence.views import organizers, room, student

app_name = "presence"

of_one_edition = [
    path("", organizers.index, name="index"),
    path("moments/", organizers.moments, name="moments"),
    path("personnes/", organizers.people, name="people"),
    path("absences/", organizers.absences, name="absences"),
    path("codes.pdf", organizers.codes, name="codes"),
]

urlpatterns = [
    path("presence/", room.index, name="list"),
    path("presence/hors-ligne.js", room.worker, name="worker"),
    path("presence/envoi/", room.synchronise, name="synchronise"),
    path("presence/batiment/", room.building, name="building"),
    path("presence/moi/", student.own, name="own"),
    path("presence/carte/", student.card, name="card"),
    path("organisation/editions/<slug:slug>/presence/", include(of_one_edition)),
]
