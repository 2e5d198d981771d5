from collections.abc import Callable

from django.urls import URLPattern, include, path

from hackathon.extras.gallery.enums import Way
from hackathon.extras.gallery.views import organizers, pages, student
from hackathon.extras.gallery.views.pages import View

app_name = "gallery"


def _pages(way: Way, entered: Callable[[View], View]) -> list[URLPattern]:
    views: dict[str, tuple[str, View]] = {
        "index": ("", pages.index),
        "work": ("equipes/<int:pk>/", pages.work),
        "content": ("depots/<int:pk>/contenu/", pages.content),
        "copy": ("depots/<int:pk>/copie/", pages.copy),
        "thumbnail": ("depots/<int:pk>/apercu/", pages.thumbnail),
    }
    return [
        path(address, entered(view), name=f"{way}-{name}")
        for name, (address, view) in views.items()
    ]


of_one_edition = [
    path("", organizers.settings, name="settings"),
    path("invitations/", organizers.invite, name="invite"),
    path("invitations/<int:pk>/retirer/", organizers.withdraw, name="withdraw"),
]

urlpatterns = [
    path("galerie/", include(_pages(Way.PARTICIPANT, pages.participant))),
    path("galerie/mon-choix/", student.choose, name="choose"),
    path("galerie/ma-carte/", student.card, name="card"),
    path("galerie/phrase/", student.sentence, name="sentence"),
    path("galerie/invitation/<str:key>/", include(_pages(Way.GUEST, pages.guest))),
    # Public for good once the results are: these addresses never change.
    path("editions/<slug:slug>/galerie/", include(_pages(Way.PUBLIC, pages.public))),
    path("organisation/editions/<slug:slug>/galerie/", include(of_one_edition)),
]
