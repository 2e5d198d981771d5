from django.urls import include, path

from hackathon.extras.meals.views import handout, organizers, student

app_name = "meals"

of_one_edition = [
    path("", organizers.index, name="index"),
    path("plats/", organizers.dishes, name="dishes"),
    path("personnes/", organizers.people, name="people"),
    path("commande/", organizers.order, name="order"),
    path("<str:name>.pdf", organizers.sheet, name="sheet"),
]

urlpatterns = [
    path("repas/", student.own, name="own"),
    path("repas/choisir/", student.choose, name="choose"),
    path("repas/besoins/", student.needs, name="needs"),
    path("repas/carte/", student.card, name="card"),
    path("repas/distribution/", handout.index, name="handout"),
    path("repas/distribution/hors-ligne.js", handout.worker, name="worker"),
    path("repas/distribution/envoi/", handout.synchronise, name="synchronise"),
    path("organisation/editions/<slug:slug>/repas/", include(of_one_edition)),
]
