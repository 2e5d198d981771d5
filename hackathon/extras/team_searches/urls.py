from django.urls import path

from hackathon.extras.team_searches import views

app_name = "team_searches"

urlpatterns = [
    path("equipe/recherches/", views.index, name="index"),
    path("equipe/recherches/miennes/", views.own, name="own"),
    path("equipe/recherches/<int:pk>/retirer/", views.remove, name="remove"),
    path("equipe/recherches/<int:pk>/inviter/", views.invite, name="invite"),
    path("organisation/recherches/<int:pk>/retirer/", views.remove_wanted, name="remove-wanted"),
    path("equipe/invitations/<int:pk>/", views.answer, name="invitation"),
]
