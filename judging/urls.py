from django.urls import include, path

from hackathon.event.editions.views.setup import of_shown_edition
from judging.ceremony.views import editions, hearing, program, public, publication
from judging.deliberation.views import (
    decision,
    hearings,
    minutes,
    pairs,
    progress_report,
    signing,
)
from judging.plan import views as plan
from judging.scoring.views import archives, handover, preview, sheets, tablet
from judging.setup.views import amendments, criteria, juries, overview, recusals, seats

app_name = "judging"

JURY = "organisation/departements/<int:pk>/jury/"
MARKS, HEARD = {"export": minutes.MARKS}, {"export": minutes.HEARD}

# Public for good once the results are: these addresses never change.
of_one_edition = [
    path("", editions.detail, name="edition"),
    path("enveloppes/", editions.envelopes, name="edition-envelopes"),
    path("enveloppes/<str:code>.txt", editions.envelope, name="edition-envelope"),
    path("scelle/", editions.seals, name="edition-seals"),
    path("scelle/<int:pk>.json", editions.seal, name="edition-seal"),
    path("presse/", editions.press, name="press"),
    path("presse.txt", editions.press_text, name="press-text"),
]

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
    path("jury/depots/<int:pk>/copie/", sheets.copy, name="copy"),
    path("jury/<str:code>/equipes/<int:team_pk>/", sheets.sheet, name="sheet"),
    path("jury/<str:code>/equipes/<int:team_pk>/depots.zip", archives.team, name="archive-team"),
    path("jury/<str:code>/depots.zip", archives.department, name="archive"),
    path("jury/<str:code>/equipes/<int:team_pk>/deport/", recusals.recuse, name="recuse"),
    path("jury/<str:code>/comparer/", sheets.compare, name="compare"),
    path("jury/<str:code>/deports/", recusals.mine, name="my-recusals"),
    path(
        "jury/<str:code>/deports/<int:recusal_pk>/retirer/",
        recusals.withdraw_own,
        name="my-recusal-withdraw",
    ),
    path("jury/<str:code>/criteres/", amendments.overview, name="amend-criteria"),
    path("jury/<str:code>/criteres/<int:criterion_pk>/", amendments.amend, name="amend-criterion"),
    path("jury/<str:code>/deliberation/", decision.detail, name="deliberation"),
    path("jury/<str:code>/deliberation/verrouiller/", decision.lock, name="lock"),
    path("jury/<str:code>/deliberation/ouvrir/", decision.open_to_sign, name="open-to-sign"),
    path("jury/<str:code>/deliberation/rouvrir/", decision.reopen, name="reopen"),
    path(
        "jury/<str:code>/deliberation/secondes-lectures/",
        progress_report.second_readings,
        name="second-readings",
    ),
    path("jury/<str:code>/deliberation/comparer/", pairs.detail, name="pair"),
    path("jury/<str:code>/deliberation/proces-verbal.pdf", minutes.pdf, name="minutes"),
    path("jury/<str:code>/deliberation/notes.csv", minutes.table, MARKS, name="marks"),
    path("jury/<str:code>/deliberation/passages.csv", minutes.table, HEARD, name="heard-marks"),
    path("jury/<str:code>/passages/", hearing.hearing, name="hearing"),
    path("jury/<str:code>/passages/notes/", hearing.synchronise, name="hearing-marks"),
    path("jury/<str:code>/suivi/", progress_report.detail, name="progress-report"),
    path("jury/<str:code>/signer/", signing.sign, name="sign"),
    path("rendu/vu-par-le-jury/", preview.preview, name="preview"),
    path("rendu/vu-par-le-jury/<int:pk>/contenu/", preview.content, name="preview-content"),
    path("rendu/vu-par-le-jury/<int:pk>/copie/", preview.copy, name="preview-copy"),
    path("palmares/", public.palmares, name="palmares"),
    path("palmares/mon-equipe/", public.own_team, name="own-team"),
    path("palmares/mon-equipe/accord/", public.consent, name="comparison-consent"),
    path("palmares/images/<int:team_pk>/", public.picture, name="winner-picture"),
    path("enveloppes/", public.envelopes, name="envelopes"),
    path("enveloppes/<str:code>.txt", public.envelope, name="envelope"),
    path("editions/", editions.index, name="editions"),
    path("editions/<slug:slug>/", include(of_one_edition)),
    path("organisation/resultats/", of_shown_edition("judging:publish"), name="publish"),
    path("organisation/editions/<slug:slug>/resultats/", publication.publish, name="publish"),
    path(
        "organisation/departements/<int:pk>/resultats/",
        publication.department,
        name="department-results",
    ),
    path("organisation/editions/<slug:slug>/ceremonie/", program.overview, name="program"),
    path(
        "organisation/editions/<slug:slug>/ceremonie/messages/<int:pk>/",
        program.overview,
        name="message",
    ),
    path(
        "organisation/editions/<slug:slug>/ceremonie/messages/<int:pk>/supprimer/",
        program.delete,
        name="message-delete",
    ),
    path("organisation/editions/<slug:slug>/criteres/", criteria.table, name="criteria-table"),
    path(
        "organisation/editions/<slug:slug>/criteres-des-passages/",
        hearings.criteria_table,
        name="heard-criteria",
    ),
    path("organisation/editions/<slug:slug>/jurys/", juries.overview, name="juries"),
    path("organisation/editions/<slug:slug>/jurys/inviter/", juries.invite, name="juries-invite"),
    path("organisation/editions/<slug:slug>/jurys/plans/", juries.plan, name="juries-plan"),
    path("organisation/editions/<slug:slug>/jurys/badges/", juries.badges, name="juries-badges"),
    path(JURY, overview.overview, name="setup"),
    path(f"{JURY}criteres/nouveau/", criteria.create, name="criterion-create"),
    path(f"{JURY}criteres/<int:criterion_pk>/", criteria.edit, name="criterion"),
    path(
        f"{JURY}criteres/<int:criterion_pk>/supprimer/",
        criteria.delete,
        name="criterion-delete",
    ),
    path(f"{JURY}criteres/<int:criterion_pk>/ordre/", criteria.move, name="criterion-move"),
    path(f"{JURY}jures/nouveau/", seats.appoint, name="juror-create"),
    path(f"{JURY}jures/inviter/", seats.invite, name="jurors-invite"),
    path(f"{JURY}jures/<int:juror_pk>/", seats.edit_juror, name="juror"),
    path(f"{JURY}jures/<int:juror_pk>/retirer/", seats.dismiss, name="juror-dismiss"),
    path(
        f"{JURY}jures/<int:juror_pk>/badges/<int:badge_pk>/annuler/",
        seats.void_badge,
        name="badge-void",
    ),
    path(f"{JURY}jures/<int:juror_pk>/depart/", seats.leave, name="juror-leave"),
    path(f"{JURY}jures/<int:juror_pk>/retour/", seats.come_back, name="juror-return"),
    path(f"{JURY}avancement/", progress_report.of_department, name="progress"),
    path(f"{JURY}proces-verbal.pdf", minutes.pdf_of_department, name="department-minutes"),
    path(f"{JURY}comparer/", pairs.of_department, name="department-pair"),
    path(f"{JURY}notes.csv", minutes.table_of_department, MARKS, name="department-marks"),
    path(
        f"{JURY}passages.csv",
        minutes.table_of_department,
        HEARD,
        name="department-heard-marks",
    ),
    path(f"{JURY}badges/", seats.badges, name="badges"),
    path(f"{JURY}deports/nouveau/", recusals.create, name="recusal-create"),
    path(f"{JURY}deports/<int:recusal_pk>/retirer/", recusals.withdraw, name="recusal-withdraw"),
    path(f"{JURY}lectures/", plan.overview, name="plan"),
    path(f"{JURY}lectures/changer/", plan.change, name="plan-change"),
]
