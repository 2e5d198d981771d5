"""Pages of this app."""

from django.urls import path

from judging.ceremony.views import public
from judging.ceremony.views import publication as results
from judging.deliberation.views import decision as deliberation
from judging.deliberation.views import following, minutes, signing
from judging.plan import views as plans
from judging.scoring.views import archives, handover, sheets, tablet
from judging.setup.views import amendments as amending
from judging.setup.views import overview as setup
from judging.setup.views import recusals, seats

app_name = "judging"

JURY = "organisation/departements/<int:pk>/jury/"

urlpatterns = [
    path("jury/", sheets.index, name="index"),
    path("jury/sw.js", tablet.worker, name="worker"),
    path("jury/manifest.webmanifest", tablet.manifest, name="manifest"),
    path("jury/hors-connexion/", tablet.kit, name="kit"),
    path("jury/synchroniser/", tablet.synchronise, name="synchronise"),
    path("jury/scelles/", tablet.sealed, name="sealed"),
    path("jury/changer/", handover.change, name="handover"),
    path("jury/badge/", handover.badge, name="badge"),
    path("jury/depots/<int:pk>/contenu/", sheets.content, name="content"),
    path("jury/depots/<int:pk>/apercu/", sheets.thumbnail, name="thumbnail"),
    path("jury/<str:code>/equipes/<int:team_pk>/", sheets.sheet, name="sheet"),
    path("jury/<str:code>/equipes/<int:team_pk>/depots.zip", archives.team, name="archive-team"),
    path("jury/<str:code>/depots.zip", archives.department, name="archive"),
    path("jury/<str:code>/equipes/<int:team_pk>/deport/", recusals.recuse, name="recuse"),
    path("jury/<str:code>/deports/", recusals.mine, name="my-recusals"),
    path(
        "jury/<str:code>/deports/<int:recusal_pk>/retirer/",
        recusals.withdraw_own,
        name="my-recusal-withdraw",
    ),
    path("jury/<str:code>/criteres/", amending.overview, name="amend-criteria"),
    path("jury/<str:code>/criteres/<int:criterion_pk>/", amending.amend, name="amend-criterion"),
    path("jury/<str:code>/deliberation/", deliberation.detail, name="deliberation"),
    path("jury/<str:code>/deliberation/verrouiller/", deliberation.lock, name="lock"),
    path("jury/<str:code>/deliberation/ouvrir/", deliberation.open_to_sign, name="open-to-sign"),
    path("jury/<str:code>/deliberation/rouvrir/", deliberation.reopen, name="reopen"),
    path(
        "jury/<str:code>/deliberation/secondes-lectures/",
        following.second_readings,
        name="second-readings",
    ),
    path("jury/<str:code>/deliberation/proces-verbal.pdf", minutes.pdf, name="minutes"),
    path("jury/<str:code>/deliberation/notes.csv", minutes.marks, name="marks"),
    path("jury/<str:code>/suivi/", following.detail, name="following"),
    path("jury/<str:code>/signer/", signing.sign, name="sign"),
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
    path(f"{JURY}criteres/<int:criterion_pk>/ordre/", setup.move_criterion, name="criterion-move"),
    path(f"{JURY}jures/nouveau/", seats.appoint, name="juror-create"),
    path(f"{JURY}jures/liste/", seats.appoint_all, name="jurors-create"),
    path(f"{JURY}jures/<int:juror_pk>/", seats.edit_juror, name="juror"),
    path(f"{JURY}jures/<int:juror_pk>/retirer/", seats.dismiss, name="juror-dismiss"),
    path(f"{JURY}jures/<int:juror_pk>/depart/", seats.leave, name="juror-leave"),
    path(f"{JURY}jures/<int:juror_pk>/retour/", seats.come_back, name="juror-return"),
    path(f"{JURY}badges/", seats.badges, name="badges"),
    path(f"{JURY}deports/nouveau/", recusals.create, name="recusal-create"),
    path(f"{JURY}deports/<int:recusal_pk>/retirer/", recusals.withdraw, name="recusal-withdraw"),
    path(f"{JURY}lectures/", plans.overview, name="plan"),
    path(f"{JURY}lectures/changer/", plans.change, name="plan-change"),
]
