from django.urls import include, path

from hackathon.extras.letters.views import organizers, president, team

app_name = "letters"

of_one_edition = [
    path("", organizers.index, name="setup"),
    path("<int:pk>/", organizers.sentences, name="sentences"),
]

urlpatterns = [
    path("jury/<str:code>/lettres/", president.overview, name="index"),
    path("jury/<str:code>/lettres/phrases/<int:pk>/", president.edit, name="remark"),
    path("palmares/mon-equipe/lettre/", team.letter, name="own"),
    path("palmares/mon-equipe/lettre.pdf", team.letter_file, name="own-pdf"),
    path("organisation/editions/<slug:slug>/lettres/", include(of_one_edition)),
]
