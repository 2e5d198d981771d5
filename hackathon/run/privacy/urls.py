from django.urls import include, path

from hackathon.run.privacy.views import anonymisation, erasure, own, public

app_name = "privacy"

of_one_edition = [
    path("", anonymisation.index, name="index"),
    path("demandes/<int:pk>/", erasure.answer, name="answer"),
    path("registre.pdf", public.register_sheet, name="register"),
]

urlpatterns = [
    path("donnees/", public.kept, name="kept"),
    path("compte/donnees/", own.data, name="own"),
    path("compte/donnees/telecharger/", own.download, name="download"),
    path("compte/accords/", own.agreed, name="consents"),
    path("compte/accords/<str:kind>/<int:pk>/retirer/", own.withdraw, name="withdraw-consent"),
    path("compte/supprimer/", erasure.own, name="own-erasure"),
    path("compte/effacement/demander/", erasure.ask, name="ask"),
    path("compte/effacement/retirer/", erasure.withdraw, name="withdraw"),
    path("organisation/editions/<slug:slug>/donnees/", include(of_one_edition)),
]
