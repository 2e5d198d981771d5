from django.urls import include, path

from hackathon.event.editions.views import briefs, editions, parts

app_name = "editions"

of_one_edition = [
    path("calendrier/", editions.calendar, name="schedule"),
    path("calendrier/annuler/<int:entry>/", editions.undo_move, name="move-undo"),
    path("decaler/", parts.move_day, name="day-move"),
    path("departements/", parts.department_list, name="departments"),
    path("departements/<int:pk>/", parts.department_list, name="department"),
    path("departements/<int:pk>/supprimer/", parts.delete_department, name="department-delete"),
    path("dupliquer/", editions.clone, name="clone"),
    path("etapes/", parts.milestones, name="milestones"),
    path("etapes/<int:pk>/", parts.milestones, name="milestone"),
    path("etapes/<int:pk>/supprimer/", parts.delete_milestone, name="milestone-delete"),
    path("identite/", editions.identity, name="identity"),
    path("options/", editions.options, name="options"),
    path("pieces/<uuid:pk>/retirer/", parts.detach, name="attachment-remove"),
    path("sujets/", parts.brief_table, name="brief-table"),
    path("sujets/<int:pk>/", parts.brief, name="brief-edit"),
    path("sujets/versions/<int:pk>/reprendre/", parts.restore, name="brief-restore"),
]

urlpatterns = [
    path("sujets/", briefs.index, name="briefs"),
    path("sujets/<str:code>/", briefs.detail, name="brief"),
    path("sujets/<str:code>/pdf/", briefs.printed, name="brief-pdf"),
    path("sujets/pieces/<uuid:pk>/", briefs.attachment, name="attachment"),
    path("organisation/", editions.index, name="list"),
    path("organisation/editions/nouvelle/", editions.create, name="create"),
    path("organisation/editions/<slug:slug>/", include(of_one_edition)),
]
