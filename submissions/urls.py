from django.urls import include, path

from hackathon.event.editions.views.setup import for_desk, not_for_readers, of_shown_edition
from submissions.archives import views as archives
from submissions.deliverables import views as deliverables
from submissions.deposits import views as deposits
from submissions.extensions import views as extensions
from submissions.receipts import views as receipts
from submissions.seals import views as seals

app_name = "submissions"

of_one_edition = [
    path("delais/", extensions.extensions, name="extensions"),
    path("depots/", archives.index, name="archives"),
    path("depots.zip", archives.everything, name="archive"),
    path("livrables/", deliverables.table, name="deliverables-table"),
    path("scelles/", seals.seals, name="seals"),
]

urlpatterns = [
    path("rendu/", deposits.deposits, name="deposits"),
    path("rendu/etat/", deposits.status, name="status"),
    path("rendu/depots.zip", archives.own, name="archive-own"),
    path("rendu/<int:pk>/", deposits.deposit, name="deposit"),
    path("depots/<int:pk>/contenu/", deposits.content, name="content"),
    path("depots/<int:pk>/apercu/", deposits.thumbnail, name="thumbnail"),
    path("depots/<int:pk>/recu/", receipts.receipt, name="receipt"),
    path("depots/<int:pk>/recu.pdf", receipts.printed, name="receipt-pdf"),
    path("recus/", receipts.search, name="receipt-search"),
    path("recus/<str:code>/", receipts.check, name="receipt-check"),
    path(
        "organisation/departements/<int:pk>/livrables/",
        deliverables.deliverables,
        name="deliverables",
    ),
    path(
        "organisation/departements/<int:pk>/livrables/nouveau/",
        deliverables.create,
        name="deliverable-create",
    ),
    path("organisation/livrables/<int:pk>/", deliverables.edit, name="deliverable-edit"),
    path(
        "organisation/livrables/<int:pk>/deplacer/",
        deliverables.move,
        name="deliverable-move",
    ),
    path(
        "organisation/livrables/<int:pk>/supprimer/",
        deliverables.delete,
        name="deliverable-delete",
    ),
    path("organisation/equipes/<int:pk>/depot/", deposits.enter, name="entry"),
    path("organisation/equipes/<int:pk>/depots.zip", archives.team, name="archive-team"),
    path(
        "organisation/departements/<int:pk>/depots.zip",
        archives.department,
        name="archive-department",
    ),
    path("organisation/editions/<slug:slug>/", include(of_one_edition)),
    path("organisation/depots/", of_shown_edition("submissions:archives"), name="archives"),
    path(
        "organisation/depots.zip",
        not_for_readers(of_shown_edition("submissions:archive")),
        name="archive",
    ),
    path("scelle/", seals.public, name="public-seals"),
    path("scelle/<int:pk>/manifeste.json", seals.manifest, name="seal-manifest"),
    path("organisation/scelles/", of_shown_edition("submissions:seals"), name="seals"),
    path("organisation/scelles/<int:pk>/", seals.seal, name="seal"),
    path(
        "organisation/delais/",
        for_desk(of_shown_edition("submissions:extensions")),
        name="extensions",
    ),
    path("organisation/delais/<int:pk>/retirer/", extensions.revoke, name="extension-revoke"),
]
