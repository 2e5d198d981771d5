"""Pages of this app."""

from django.urls import path

from judging.views import archives, deliberation, public, results, setup, sheets

app_name = "judging"

JURY = "organisation/departements/<int:pk>/jury/"

urlpatterns = [
    path("jury/", sheets.index, name="index"),
    path("jury/depots/<int:pk>/contenu/", sheets.content, name="content"),
    path("jury/depots/<int:pk>/apercu/", sheets.thumbnail, name="thumbnail"),
    path("jury/<str:code>/equipes/<int:team_pk>/", sheets.sheet, name="sheet"),
    path("jury/<str:code>/equipes/<int:team_pk>/depots.zip", archives.team, name="archive-team"),
    path("jury/<str:code>/depots.zip", archives.department, name="archive"),
    path("jury/<str:code>/deliberation/", deliberation.detail, name="deliberation"),
    path("jury/<str:code>/deliberation/verrouiller/", deliberation.lock, name="lock"),
    path("palmares/", public.palmares, name="palmares"),
    path("palmares/mon-equipe/", public.own_team, name="own-team"),
    path("palmares/images/<int:team_pk>/", public.picture, name="winner-picture"),
    path("enveloppes/", public.envelopes, name="envelopes"),
    path("enveloppes/<str:code>.txt", public.envelope, name="envelope"),
    path("organisation/resultats/", results.publish, name="publish"),
    path(JURY, setup.overview, name="setup"),
    path(f"{JURY}criteres/nouveau/", setup.create_criterion, name="criterion-create"),
    path(f"{JURY}criteres/<int:criterion_pk>/", setup.edit_criterion, name="criterion"),
    path(
        f"{JURY}criteres/<int:criterion_pk>/supprimer/",
        setup.delete_criterion,
        name="criterion-delete",
    ),
    path(f"{JURY}jures/nouveau/", setup.appoint, name="juror-create"),
    path(f"{JURY}jures/<int:juror_pk>/", setup.edit_juror, name="juror"),
    path(f"{JURY}jures/<int:juror_pk>/retirer/", setup.dismiss, name="juror-dismiss"),
]
