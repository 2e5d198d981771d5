from django.urls import path

from hackathon.day.questions.views import asking, canned, queue

app_name = "questions"

urlpatterns = [
    path("questions/", asking.index, name="list"),
    path("questions/poser/", asking.ask, name="ask"),
    path("questions/file/", queue.index, name="queue"),
    path("questions/<int:pk>/", queue.question, name="detail"),
    path("questions/<int:pk>/prendre/", queue.take, name="take"),
    path("questions/<int:pk>/rendre/", queue.release, name="release"),
    path("questions/<int:pk>/clore/", queue.close, name="close"),
    path("questions/<int:pk>/publier/", queue.publish, name="publish"),
    path("questions/<int:pk>/depublier/", queue.unpublish, name="unpublish"),
    path("organisation/editions/<slug:slug>/reponses/", canned.index, name="canned"),
    path("organisation/editions/<slug:slug>/reponses/<int:pk>/", canned.index, name="canned-edit"),
    path(
        "organisation/editions/<slug:slug>/reponses/<int:pk>/supprimer/",
        canned.delete,
        name="canned-delete",
    ),
]
