from django.urls import include, path

from hackathon.event.editions.views.setup import for_desk, of_shown_edition
from hackathon.event.people import views

app_name = "people"

of_one_edition = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/code/", views.send_code, name="send-code"),
    path("<int:pk>/actif/", views.set_active, name="set-active"),
    path("<int:pk>/organisation/retirer/", views.remove_organizer, name="organizer-remove"),
    path("appels/<int:pk>/retirer/", views.remove_duty, name="duty-remove"),
]

urlpatterns = [
    path("organisation/editions/<slug:slug>/personnes/", include(of_one_edition)),
    path("organisation/editions/<slug:slug>/accueil/", views.desk, name="desk"),
    path("organisation/accueil/", for_desk(of_shown_edition("people:desk")), name="desk"),
]
