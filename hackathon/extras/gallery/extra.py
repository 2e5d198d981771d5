from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Entry, Extra, Page, Part, Place, Section, registry
from hackathon.extras.gallery import api, parts
from hackathon.extras.gallery.demo import fill

registry.add(
    Extra(
        "gallery",
        _("Galerie"),
        _("On regarde ce que les équipes ont rendu, si tous leurs membres le veulent."),
        (Concerns.EVERYBODY,),
        pages=(Page("gallery:settings", _("Galerie"), section=Section.AFTER),),
        published=(Page("gallery:public-index", _("Galerie"), "photo"),),
        entries=(Entry("gallery:own-index", _("Galerie"), "photo", parts.is_in_navigation),),
        parts=(Part(Place.TEAM, parts.own_gallery),),
        about_teams=parts.about_teams,
        api={
            "gallery": api.Gallery,
            "gallery/submissions/<int:pk>/content": api.GalleryContent,
        },
        demo=fill,
    )
)
