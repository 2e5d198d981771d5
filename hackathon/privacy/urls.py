from django.urls import include, path

from hackathon.privacy.views import own, public

app_name = "privacy"

of_one_edition = [
    path("registre.pdf", public.register_sheet, name="register"),
]

urlpatterns = [
    path("donnees/", public.kept, name="kept"),
    path("compte/donnees/", own.data, name="own"),
    path("compte/donnees/telecharger/", own.download, name="download"),
    path("compte/accords/", own.agreed, name="consents"),
    path("compte/accords/<str:kind>/<int:pk>/retirer/", own.withdraw, name="withdraw-consent"),
    path("organisation/editions/<slug:slug>/donnees/", include(of_one_edition)),
]
